"""Traps of BUS: benefits that vanish, return or are replaced, couples, codes. Each function is one small gemeente."""

from tests.dbt_project.reference.facts import allocated, benefit, lives
from tests.dbt_project.reference.village import Village

MONTHS = tuple(f"{year}-{month:02d}" for year in (2021, 2022) for month in range(1, 13))[:15]


def residents(v: Village, number: int) -> None:
    for person in range(1, number + 1):
        v.live(lives(person, v.at("0101", person % 10)))


def stocks(v: Village, months: tuple[str, ...], *always) -> None:
    """Somebody who is always there (person 9), so that every month has a delivery."""
    for month in months:
        v.bus(month, benefit(9, "B9", "2020-01-01"), *always)


def gone_without_an_end_date(v: Village) -> None:
    """Ends on the last day of the last month that had it, and what ends on the day does not count on it."""
    residents(v, 9)
    v.bus("2021-01", benefit(1, "B1", "2020-05-01"), benefit(9, "B9", "2020-01-01"))
    v.bus("2021-02", benefit(1, "B1", "2020-05-01"), benefit(9, "B9", "2020-01-01"))
    stocks(v, ("2021-03", "2021-04"))
    v.expect("wwb", "2021-01", clienten=2)
    v.expect("wwb", "2021-02", clienten=1, gebruik=2, uitstroom=1)
    v.expect("wwb", "2021-03", clienten=1, gebruik=1, uitstroom=0)


def gone_after_its_own_end_date(v: Village) -> None:
    """An end date in the future, told by the last month that had the record, holds when the record goes."""
    residents(v, 9)
    v.bus("2021-01", benefit(1, "B1", "2020-05-01", "2021-03-15"), benefit(9, "B9", "2020-01-01"))
    stocks(v, ("2021-02", "2021-03"))
    v.expect("wwb", "2021-02", clienten=2)
    v.expect("wwb", "2021-03", clienten=1, gebruik=2)


def back_within_one_delivered_month(v: Village) -> None:
    """Absent once is the same spell, also over a month that was not delivered; with another start it is another."""
    residents(v, 9)
    nine = benefit(9, "B9", "2020-01-01")
    v.bus("2021-01", nine, benefit(1, "B1", "2020-05-01"), benefit(2, "B2", "2020-05-01"))
    v.bus("2021-02", nine)
    v.bus("2021-03", nine, benefit(1, "B1", "2020-05-01"), benefit(2, "B2", "2021-03-01"))
    v.bus("2021-04", nine)
    v.bus("2021-06", nine, benefit(1, "B1", "2020-05-01"), benefit(2, "B2", "2021-03-01"))
    v.expect("wwb", "2021-01", clienten=2)  # the first of 2 ended on the day
    v.expect("wwb", "2021-02", clienten=2, gebruik=2)
    v.expect("wwb", "2021-03", clienten=3, voorzieningen=3)
    v.expect("wwb", "2021-04", clienten=3)
    v.expect("wwb", "2021-05", clienten="niet_geleverd", instroom="niet_geleverd")
    v.expect("wwb", "2021-06", clienten=3, instroom="niet_geleverd", instroom_kwartaal=0)
    v.expect("wwb", "2021-07", clienten="niet_geleverd", instroom="niet_geleverd")


def back_after_two_delivered_months(v: Village) -> None:
    """A new spell from the first of the month in which it is back."""
    residents(v, 9)
    nine = benefit(9, "B9", "2020-01-01")
    v.bus("2021-01", nine, benefit(1, "B1", "2020-05-01"))
    stocks(v, ("2021-02", "2021-03"))
    v.bus("2021-04", nine, benefit(1, "B1", "2020-05-01"))
    v.bus("2021-05", nine, benefit(1, "B1", "2020-05-01", "2021-05-10"))
    v.expect("wwb", "2021-01", clienten=1, gebruik=2)
    v.expect("wwb", "2021-02", clienten=1, gebruik=1)
    v.expect("wwb", "2021-03", clienten=1, gebruik=1)
    v.expect("wwb", "2021-04", clienten=2, instroom=1)
    v.expect("wwb", "2021-05", clienten=1, gebruik=2, uitstroom=1)


def skipped_month(v: Village) -> None:
    """A month that was not delivered neither ends nor starts anything."""
    residents(v, 9)
    stocks(v, ("2021-01", "2021-03"), benefit(1, "B1", "2020-05-01"))
    stocks(v, ("2021-05",))
    v.expect("wwb", "2021-02", clienten="niet_geleverd", gebruik="niet_geleverd")
    v.expect("wwb", "2021-03", clienten=1, gebruik=2, uitstroom="niet_geleverd", stand_vorige="niet_geleverd")
    v.expect("wwb", "2021-05", clienten=1, gebruik=1)


def end_date_brought_forward(v: Village) -> None:
    """Only the record of the latest month says when it ends, however late an older month comes."""
    residents(v, 9)
    nine = benefit(9, "B9", "2020-01-01")
    v.bus("2021-02", nine, benefit(1, "B1", "2020-05-01"), benefit(2, "B2", "2020-05-01"))
    v.bus("2021-01", nine, benefit(1, "B1", "2020-05-01", "2021-01-20"), on_day="2021-03-25")
    v.bus("2021-03", nine, benefit(1, "B1", "2020-05-01"), benefit(2, "B2", "2020-05-01", "2021-02-10"))
    v.expect("wwb", "2021-01", clienten=3)
    v.expect("wwb", "2021-02", clienten=2, gebruik=3)
    v.expect("wwb", "2021-03", clienten=2, gebruik=2)


def replaced_month(v: Village) -> None:
    """The newest delivery of a month replaces the earlier; one after the stand does not."""
    residents(v, 9)
    nine = benefit(9, "B9", "2020-01-01")
    stocks(v, ("2021-01",), *(benefit(person, f"B{person}", "2020-05-01") for person in (1, 2, 3)))
    v.bus("2021-02", nine, benefit(1, "B1", "2020-05-01", "2021-02-10"), benefit(2, "B2", "2020-05-01"))
    v.bus("2021-02", nine, benefit(1, "B1", "2020-05-01"), benefit(3, "B3", "2020-05-01"), on_day="2021-04-02")
    v.bus("2021-02", nine, on_day="2022-04-11")
    v.expect("wwb", "2021-01", clienten=3)  # 2 is gone
    v.expect("wwb", "2021-02", clienten=3, gebruik=3)


def not_general_assistance(v: Village) -> None:
    """IOAW, IOAZ and Bbz are no clients; one who goes from general assistance to IOAW ends."""
    residents(v, 9)
    nine = benefit(9, "B9", "2020-01-01")
    others = [benefit(n, f"B{n}", "2020-05-01", code=code) for n, code in ((1, "02"), (2, "03"), (3, "14"))]
    v.bus("2021-01", nine, *others, benefit(4, "B4", "2020-05-01"))
    v.bus("2021-02", nine, *others, benefit(4, "B4", "2020-05-01"))
    v.bus("2021-03", nine, *others, benefit(4, "B4", "2020-05-01", code="02"))
    v.expect("wwb", "2021-01", clienten=2, gebruik=2)
    v.expect("wwb", "2021-02", clienten=1, gebruik=2)
    v.expect("wwb", "2021-03", clienten=1, gebruik=1, voorzieningen=1)
    v.expect("bijzondere_bijstand", "2021-01", gebruik=0)


def couples(v: Village) -> None:
    """One benefit of two: together, apart, one unplaced, one died, one gone."""
    nine = benefit(9, "B9", "2020-01-01")
    v.live(
        lives(9, v.at("AF02")),
        lives(1, v.at("0101"), household="1"),
        lives(2, v.at("0101"), household="1"),
        lives(3, v.at("0202")),
        lives(4, v.at("0102")),
        lives(5, v.nowhere()),
        lives(6, v.at("AF01")),
        lives(7, v.at("0101", 1), died="2021-02-10"),
        lives(8, v.at("0201"), tot="2021-03-10"),
    )
    pairs = [benefit(n, f"P{(n + 1) // 2}", "2020-05-01" if n != 2 else "2020-09-01") for n in range(1, 9)]
    for month in ("2021-01", "2021-02", "2021-03"):
        v.bus(month, nine, *pairs)
    v.expect("wwb", "2021-01", clienten=9, huishoudens=8, voorzieningen=5)
    v.expect("wwb", "2021-01", "0101", clienten=3, huishoudens=2, voorzieningen=2)
    v.expect("wwb", "2021-01", "0102", clienten=1, voorzieningen=1)
    v.expect("wwb", "2021-01", "0202", clienten=1, voorzieningen=0)
    v.expect("wwb", "2021-01", "AF01", clienten=1, voorzieningen=1)
    v.expect("wwb", "2021-01", "onbekend", clienten=1, voorzieningen=0)
    v.expect("wwb", "2021-01", "02", clienten=2, voorzieningen=0)
    v.expect("wwb", "2021-02", "0101", voorzieningen=1)
    v.expect("wwb", "2021-02", "0201", clienten=1, voorzieningen=1)
    v.expect("wwb", "2021-02", clienten=8, voorzieningen=5, signaal_overleden=1)
    v.expect("wwb", "2021-03", clienten=7, voorzieningen=4, signaal_overleden=1, signaal_vertrokken=1)
    v.expect("wwb", "2021-03", "0201", clienten=0, voorzieningen=0)


def special_assistance(v: Village) -> None:
    """Periodic is a spell, once is an event; cluster j is nothing; stand and flows do not exist."""
    residents(v, 9)
    v.live(lives(10, v.at("AF01"), household="1"), lives(11, v.at("AF01"), household="1"))
    nine = benefit(9, "B9", "2020-01-01")
    v.bus(
        "2021-01",
        nine,
        benefit(1, "S1", "2020-11-01", code="11"),
        benefit(1, "S1", "2020-11-01", code="11", cluster="h"),
        benefit(2, "S2", "2021-01-10", code="12"),
        benefit(3, "S3", "2020-12-10", code="12"),  # paid before: on the first of January
        benefit(3, "S3", "2020-11-10", code="12"),  # and another
        benefit(4, "S4", "2020-11-01", code="11", cluster="j"),
        benefit(5, "S5", "2021-01-10", code="12", cluster="j"),
        benefit(6, "S6", "2020-11-01", "2021-01-31", code="11", cluster="m"),
        benefit(10, "S10", "2021-01-10", code="12"),
        benefit(11, "S10", "2021-01-10", code="12"),
    )
    v.bus("2021-02", nine, benefit(3, "S3", "2020-12-10", code="12"))
    v.bus("2021-03", nine, benefit(1, "S1", "2020-11-01", code="11"))
    v.expect("bijzondere_bijstand", "2021-01", gebruik=6, huishoudens=5, voorzieningen=7)
    v.expect("bijzondere_bijstand", "2021-01", "AF01", gebruik=2, huishoudens=1, voorzieningen=1)
    # In February once more for 3, and 1 runs on with its first provision, for it is back in March.
    v.expect("bijzondere_bijstand", "2021-02", gebruik=2, huishoudens=2, voorzieningen=2)
    v.expect("bijzondere_bijstand", "2021-03", gebruik=1, voorzieningen=1, clienten="nvt", instroom="nvt")
    v.expect("bijzondere_bijstand", "2021-03", signaal_overleden="nvt", stand_vorig_kwartaal="nvt")
    v.expect("bijzondere_bijstand", "2021-04", gebruik="niet_geleverd", clienten="nvt", verhuisd_in="nvt")
    v.expect("wwb", "2021-01", clienten=1)
    v.expect_noemer("bijzondere_bijstand", "2021-01", 10, of="huishoudens")
    v.expect_noemer("bijzondere_bijstand", "2021-01", 1, "AF01", of="huishoudens")
    for indicator in ("gebruik", "voorzieningen", "clienten"):
        v.expect_noemer("bijzondere_bijstand", "2021-01", None, of=indicator)
    v.expect_noemer("bijzondere_bijstand", "2021-04", None, age="65+")


def special_assistance_of_who_died_or_left(v: Village) -> None:
    """Placed as on the last day of the month."""
    v.live(
        lives(1, v.at("0101"), died="2021-01-20"),
        lives(2, v.at("0101", 1), tot="2021-01-20"),
        lives(3, v.at("0101", 2), tot="2021-01-20"),
        lives(3, v.at("0202"), "2021-01-20"),
    )
    v.bus("2021-01", *(benefit(n, f"S{n}", "2021-01-10", code="12") for n in (1, 2, 3, 4)))
    v.expect("bijzondere_bijstand", "2021-01", gebruik=2, huishoudens=2, voorzieningen=2)
    v.expect("bijzondere_bijstand", "2021-01", "0202", gebruik=1)
    v.expect("bijzondere_bijstand", "2021-01", "onbekend", gebruik=1, voorzieningen=1)


def refused_month(v: Village) -> None:
    """A delivery that cannot be read replaces nothing and covers nothing."""
    residents(v, 9)
    stocks(v, ("2021-01", "2021-02"), benefit(1, "B1", "2020-05-01"))
    v.bus("2021-02", benefit(9, "B9", "2020-01-01"), on_day="2021-04-10", broken=True)
    v.bus("2021-03", benefit(9, "B9", "2020-01-01"), broken=True)
    stocks(v, ("2021-04",), benefit(1, "B1", "2020-05-01"))
    v.expect("wwb", "2021-02", clienten=2)
    v.expect("wwb", "2021-03", clienten="niet_geleverd")
    v.expect("wwb", "2021-04", clienten=2)


def together_with_another(v: Village) -> None:
    """One body delivers for two gemeenten, of whom one is not in the last file; persons and benefits stay apart."""
    residents(v, 2)
    own = benefit(1, "B1", "2020-05-01")
    v.bus("2021-01", own, benefit(2, "B2", "2020-05-01"), by="WGR-Stad")
    v.bus("2021-02", own, by="WGR-Stad")
    v.expect("wwb", "2021-01", clienten=1, gebruik=2, voorzieningen=1)
    v.expect("wwb", "2021-02", clienten=1, gebruik=1)
    v.expect("wwb", "2021-03", clienten="niet_geleverd")


def together_and_longer(v: Village) -> None:
    residents(v, 4)
    both = (benefit(3, "B1", "2020-05-01"), benefit(4, "B2", "2020-05-01"))
    for month in ("2021-01", "2021-02", "2021-03"):
        v.bus(month, *both, by="WGR-Stad")
    v.expect("wwb", "2021-02", clienten=2, voorzieningen=2)
    v.expect("wwb", "2021-03", clienten=2, instroom=0)


def never_delivered_bus(v: Village) -> None:
    residents(v, 1)
    v.wmo(allocated(1, 1, "2021-01-05"))
    for month in ("2021-01", "2021-06"):
        v.expect("wwb", month, clienten="niet_geleverd", gebruik="niet_geleverd", signaal_overleden="niet_geleverd")
        v.expect("bijzondere_bijstand", month, gebruik="niet_geleverd", clienten="nvt")
        v.expect_noemer("wwb", month, 1)
    v.expect("wwb", "2021-06", instroom="niet_geleverd", instroom_kwartaal="niet_geleverd", verhuisd_in="nvt")
    v.expect("wmo", "2021-01", clienten=1)


def never_delivered_wmo(v: Village) -> None:
    residents(v, 9)
    stocks(v, MONTHS)
    v.expect("wmo", "2021-06", clienten="niet_geleverd")
    v.expect("wwb", "2021-06", clienten=1, stand_vorig_kwartaal=1)


TRAPS = (
    gone_without_an_end_date,
    gone_after_its_own_end_date,
    back_within_one_delivered_month,
    back_after_two_delivered_months,
    skipped_month,
    end_date_brought_forward,
    replaced_month,
    not_general_assistance,
    couples,
    special_assistance,
    special_assistance_of_who_died_or_left,
    refused_month,
    together_with_another,
    together_and_longer,
    never_delivered_bus,
    never_delivered_wmo,
)
