"""Traps of which regelingen count together in a gemeente and month. How they count is in traps_totals.py."""

from tests.dbt_project.reference.days import on
from tests.dbt_project.reference.facts import benefit, lives, record
from tests.dbt_project.reference.traps_totals import ALL, CZV, NOW, SINCE, helped
from tests.dbt_project.reference.village import EVERYTHING, Village


def three_registrations(v: Village) -> None:
    """Are enough: each counts from the first month that it covers, and is missed in a later one that it does not."""
    v.live(*(lives(n, v.at("0101", n)) for n in (1, 2, 3)))
    v.wmo(*helped(1))
    for year, on_day in (("2021", None), ("2022", NOW.on_day)):
        v.stock(CZV, year, record(2, "7002", SINCE), on_day=on_day)
    for month in ("2021-11", "2022-01"):
        v.bus(month, benefit(3, "B3", SINCE))
    v.expect(ALL, "2021-10", clienten=2, huishoudens=2)
    v.expect(ALL, "2021-11", clienten=3, huishoudens=3)
    v.expect(ALL, "2021-11", "0101-1", clienten=3)
    v.expect(ALL, "2021-12", clienten="niet_geleverd", huishoudens="niet_geleverd")
    v.expect(ALL, "2022-01", clienten=3)
    v.expect(ALL, "2022-02", clienten="niet_geleverd")
    v.expect("jeugdzorg", "2021-11", clienten="niet_geleverd")


def a_newcomer(v: Village) -> None:
    """Counts from its first month on, and empties none before it."""
    v.live(*(lives(n, v.at("0201", n)) for n in (1, 2)))
    v.wmo(*helped(1))
    v.jeugd(*helped(1, 2), period=(on("2021-12-01"), EVERYTHING[1]))
    for month in ("2021-10", "2021-11", "2021-12", "2022-01"):
        v.expect(ALL, month, clienten=1 if month < "2021-12" else 2)
        v.expect(ALL, month, "0202", clienten=0)
    v.expect("jeugdzorg", "2021-11", clienten="niet_geleverd")


def a_public_month_keeps_its_set(v: Village) -> None:
    """Also when a delivery since tells of it: that regeling counts from the first month that is not public yet."""
    v.live(*(lives(n, v.at("0201", n)) for n in (1, 2)))
    v.wmo(*helped(1))
    v.jeugd(*helped(2))
    for month in ("2021-10", "2021-11", "2021-12"):
        v.published(month, "wmo")
    for month, number in (("2021-09", 2), ("2021-10", 1), ("2021-12", 1), ("2022-01", 2)):
        v.expect(ALL, month, clienten=number, huishoudens=number)
        v.expect("jeugdzorg", month, clienten=1)


def deliveries_that_are_gone(v: Village) -> None:
    """What was public was delivered: it is missed from then on, and not before."""
    v.live(lives(1, v.at("0201")))
    v.wmo(*helped(1))
    v.published("2021-11", "wmo", "wwb")
    for month, number in (("2021-10", 1), ("2021-11", "niet_geleverd"), ("2021-12", "niet_geleverd")):
        v.expect("wmo", month, clienten=1)
        v.expect(ALL, month, clienten=number)


def nothing_that_counts_together(v: Village) -> None:
    """Residents, and a registration that is not linked: not delivered, which is not 0."""
    v.live(lives(1, v.at("0101")))
    v.aggregate("2021-12", "2022-02-10", {("", "totaal"): 40})
    for month in ("2021-11", "2021-12"):
        for area in ("", "01", "0101", "0101-1"):
            v.expect(ALL, month, area, clienten="niet_geleverd")
        v.expect_noemer(ALL, month, 1)


TRAPS = (
    three_registrations,
    a_newcomer,
    a_public_month_keeps_its_set,
    deliveries_that_are_gone,
    nothing_that_counts_together,
)
