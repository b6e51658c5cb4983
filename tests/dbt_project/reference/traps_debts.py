"""Traps of schuldhulpverlening and of aggregates. Each function is one small gemeente."""

from datetime import date

from tests.dbt_project.reference.facts import dossier, lives
from tests.dbt_project.reference.village import Village

FIRST = (date(2021, 1, 1), date(2021, 3, 31))
SECOND = (date(2021, 4, 5), date(2021, 7, 4))


def two_partners(v: Village) -> None:
    """Both are persons of one provision: together, apart, and one of them gone."""
    v.live(
        lives(1, v.at("0101"), household="1"),
        lives(2, v.at("0101"), household="1"),
        lives(3, v.at("0102")),
        lives(4, v.at("0202")),
        lives(5, v.at("AF01")),
        lives(6, v.at("AF01", 1), tot="2021-02-10"),
    )
    v.debts(
        dossier("A", 1, 2, begin="2020-10-01"),
        dossier("B", 3, 4, begin="2020-11-01", end="2021-03-31"),
        dossier("C", 5, 6, begin="2021-01-15"),
    )
    v.expect("schuldhulpverlening", "2021-01", clienten=6, huishoudens=5, voorzieningen=3)
    v.expect("schuldhulpverlening", "2021-01", "0101", clienten=2, huishoudens=1, voorzieningen=1)
    v.expect("schuldhulpverlening", "2021-01", "0102", clienten=1, voorzieningen=1)
    v.expect("schuldhulpverlening", "2021-01", "0202", clienten=1, voorzieningen=0)
    v.expect("schuldhulpverlening", "2021-02", clienten=5, voorzieningen=3, signaal_vertrokken=1, uitstroom=1)
    v.expect("schuldhulpverlening", "2021-03", clienten=3, gebruik=5, voorzieningen=2)
    v.expect_noemer("schuldhulpverlening", "2021-01", 5, of="huishoudens")
    v.expect_noemer("schuldhulpverlening", "2021-01", 1, "0101", of="huishoudens")
    v.expect_noemer("schuldhulpverlening", "2021-01", None)
    v.expect_noemer("schuldhulpverlening", "2021-01", None, of="voorzieningen")


def applied_again(v: Village) -> None:
    """A new application is a new traject of the same person: after the first one, and beside it."""
    v.live(lives(1, v.at("0101")), lives(2, v.at("0101", 1)))
    v.debts(
        dossier("A", 1, begin="2020-10-01", outflow="2021-01-20"),
        dossier("B", 1, begin="2021-03-05"),
        dossier("C", 2, begin="2020-10-01", end="2021-04-30"),
        dossier("D", 2, begin="2021-02-01"),
    )
    v.expect("schuldhulpverlening", "2021-01", clienten=1, gebruik=2, voorzieningen=1)
    v.expect("schuldhulpverlening", "2021-02", clienten=1, gebruik=1, voorzieningen=2)
    v.expect("schuldhulpverlening", "2021-03", clienten=2, instroom=1, voorzieningen=3)
    v.expect("schuldhulpverlening", "2021-04", clienten=2, uitstroom=0, voorzieningen=2)


def changed_by_a_later_pull(v: Village) -> None:
    """The newest version of a dossier says all: an end that moved, a partner who is not in it any more, none at all."""
    v.live(*(lives(n, v.at("0101", n)) for n in range(1, 6)))
    v.debts(
        dossier("A", 1, begin="2020-10-01", outflow="2021-01-20"),
        dossier("B", 2, 3, begin="2020-10-01"),
        dossier("C", 4, begin="2020-10-01"),
        dossier("E", 5, begin="2020-10-01"),
        on_day="2021-04-05",
        period=FIRST,
    )
    v.debts(
        dossier("A", 1, begin="2020-10-01"),
        dossier("B", 2, begin="2020-10-01", outflow="2021-05-20"),
        dossier("C", 4, begin="2020-10-01", refused=True),
        dossier("D", 4, begin="2021-06-01"),
        on_day="2021-07-05",
        period=SECOND,
    )
    v.expect("schuldhulpverlening", "2021-01", clienten=3, voorzieningen=3)
    v.expect("schuldhulpverlening", "2021-04", clienten=3)
    v.expect("schuldhulpverlening", "2021-05", clienten=2, gebruik=3, uitstroom=1)
    v.expect("schuldhulpverlening", "2021-06", clienten=3, instroom=1, voorzieningen=3)
    v.expect("schuldhulpverlening", "2021-07", clienten="niet_geleverd")
    v.expect("schuldhulpverlening", "2022-03", clienten="niet_geleverd", instroom_kwartaal="niet_geleverd")


def refused_and_without_dates(v: Village) -> None:
    """Refused is no provision unless granted after all; a phase without a date takes nothing away."""
    v.live(*(lives(n, v.at("0201", n)) for n in range(1, 6)))
    v.debts(
        dossier("A", 1, begin="2020-10-01", refused=True),
        dossier("B", 2, begin="2020-10-01", refused=True, granted="2021-02-01"),
        dossier("C", 3, begin="2020-10-01", dateless=True),
        dossier("D", 4, begin="2020-10-01", end="2021-06-30", outflow="2021-02-28"),
        dossier("E", 5, begin="2020-10-01", end="2021-02-27", outflow="2021-06-30"),
    )
    v.expect("schuldhulpverlening", "2021-01", clienten=4, voorzieningen=4)
    v.expect("schuldhulpverlening", "2021-02", clienten=2, gebruik=4)
    v.expect("schuldhulpverlening", "2021-03", clienten=2, gebruik=2)


def not_in_the_brp(v: Village) -> None:
    """Placed by the address in the newest version of the dossier, else unknown."""
    v.live(lives(1, v.at("0101")))
    v.debts(dossier("A", 8, begin="2020-10-01", address=v.at("0101")), on_day="2021-04-05", period=FIRST)
    v.debts(
        dossier("A", 8, begin="2020-10-01", address=v.at("AF02")),
        dossier("B", 9, begin="2020-10-01"),
        dossier("C", 1, begin="2020-10-01", address=v.at("0202")),
        on_day="2021-07-05",
        period=SECOND,
    )
    v.expect("schuldhulpverlening", "2021-01", "AF02", clienten=1, huishoudens=1)
    v.expect("schuldhulpverlening", "2021-01", "0101", clienten=1)
    v.expect("schuldhulpverlening", "2021-01", "onbekend", clienten=1)
    v.expect("schuldhulpverlening", "2021-01", "AF02", "onbekend", clienten=1)


def totals_that_do_not_add_up(v: Village) -> None:
    """Explicit totals: the sum of wijken or ages is not the total, and nothing fills what was not told."""
    v.live(lives(1, v.at("0101"), born="19800101"), lives(2, v.at("0101", 1), born="19400101"))
    v.aggregate(
        "2021-03",
        "2021-05-10",
        {
            ("", "totaal"): 120,
            ("", "15-24"): 10,
            ("", "45-64"): 70,
            ("", "55-AOW"): 50,
            ("01", "totaal"): 90,
            ("02", "totaal"): 50,
            ("0101", "totaal"): 0,
            ("0102", "totaal"): None,
        },
    )
    v.expect("wia", "2021-03", clienten=120)
    v.expect("wia", "2021-03", age="15-24", clienten=10)
    v.expect("wia", "2021-03", age="45-64", clienten=70)
    v.expect("wia", "2021-03", age="0-14", clienten="nvt")
    v.expect("wia", "2021-03", age="onbekend", clienten="nvt")
    v.expect("wia", "2021-03", "01", clienten=90)
    v.expect("wia", "2021-03", "01", "15-24", clienten="niet_geleverd")
    v.expect("wia", "2021-03", "AF", clienten="niet_geleverd")
    v.expect("wia", "2021-03", "0101", clienten=0)
    v.expect("wia", "2021-03", "0102", clienten="niet_geleverd")
    v.expect("wia", "2021-03", "onbekend", clienten="niet_geleverd")
    v.expect_noemer("wia", "2021-03", 1)
    v.expect_noemer("wia", "2021-03", None, age="15-24")
    v.none("wia", "2021-04")
    v.none("wia", "2021-03", of="gebruik")


def a_peildatum_delivered_again(v: Village) -> None:
    """The later delivery of a peildatum replaces the whole earlier one; another gemeente's peildatum is none here."""
    v.live(lives(1, v.at("0101")))
    v.aggregate("2021-06", "2021-08-10", {("", "totaal"): 200, ("01", "totaal"): 100})
    v.aggregate("2021-06", "2021-09-10", {("", "totaal"): 210, ("02", "totaal"): 60})
    v.aggregate("2021-12", "2022-04-11", {("", "totaal"): 500})
    v.expect("wia", "2021-06", clienten=210)
    v.expect("wia", "2021-06", "01", clienten="niet_geleverd")
    v.expect("wia", "2021-06", "02", clienten=60)
    v.expect("wia", "2021-03", clienten="niet_geleverd")
    v.none("wia", "2021-12")


def three_regimes_that_stay_apart(v: Village) -> None:
    """Each regime of the Wajong beside the total of the source; what one does not tell is not made from the others."""
    v.live(lives(1, v.at("0101")))
    v.aggregate(
        "2021-09",
        "2021-10-18",
        {("", "totaal"): 130, ("", "25-44"): 90, ("01", "totaal"): 70},
        regeling="wajong",
        regimes={
            ("clienten_owajong", "", "totaal"): 80,
            ("clienten_owajong", "", "25-44"): 50,
            ("clienten_wajong_2010", "", "totaal"): 40,
            ("clienten_wajong_2015", "", "totaal"): None,
            ("clienten_owajong", "01", "totaal"): 40,
        },
    )
    v.expect("wajong", "2021-09", clienten=130, clienten_owajong=80, clienten_wajong_2010=40)
    v.expect("wajong", "2021-09", clienten_wajong_2015="niet_geleverd")
    v.expect("wajong", "2021-09", age="25-44", clienten=90, clienten_owajong=50, clienten_wajong_2010="nvt")
    v.expect("wajong", "2021-09", age="45-64", clienten="nvt", clienten_owajong="nvt")
    v.expect("wajong", "2021-09", "01", clienten=70, clienten_owajong=40, clienten_wajong_2010="niet_geleverd")
    v.expect("wajong", "2021-09", "0101", clienten="niet_geleverd", clienten_owajong="niet_geleverd")
    v.expect_noemer("wajong", "2021-09", 1, of="clienten_owajong")
    v.none("wajong", "2021-09", of="gebruik")
    v.none("wajong", "2021-10")


TRAPS = (
    two_partners,
    applied_again,
    changed_by_a_later_pull,
    refused_and_without_dates,
    not_in_the_brp,
    totals_that_do_not_add_up,
    a_peildatum_delivered_again,
    three_regimes_that_stay_apart,
)
