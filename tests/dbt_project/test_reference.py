"""The mart holds what design.md section 6 says: figures by hand, an independent reference, and the mart, all equal.

Every trap is a small gemeente of its own; all of them go through one night of the real monitor (those with yearly
lists through one of their own), those of years ago through two.
"""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache

import pytest

from assets.ground.declared import TOTAAL
from assets.ground.regelingen import for_some_ages, linked
from tests.dbt_project.reference import (
    traps_areas,
    traps_bus,
    traps_debts,
    traps_half_years,
    traps_history,
    traps_people,
    traps_postcode,
    traps_school,
    traps_stacking,
    traps_stocks,
    traps_totals,
    traps_union,
    traps_wmo,
)
from tests.dbt_project.reference.facts import BusDelivery, DebtDelivery, Facts, StockDelivery
from tests.dbt_project.reference.measures import Cell, Key, figures
from tests.dbt_project.reference.real import differences, mart, not_accepted, run_night, summary, write
from tests.dbt_project.reference.village import Village, world
from tests.making.town import Town

NOW = [
    *(*traps_areas.TRAPS, *traps_people.TRAPS, *traps_wmo.TRAPS, *traps_bus.TRAPS),
    *(*traps_debts.TRAPS, *traps_half_years.TRAPS, *traps_stacking.TRAPS),
]
# Apart: the list of a school year brings months before all others.
YEARS = [*traps_stocks.TRAPS, *traps_totals.TRAPS, *traps_union.TRAPS]
THEN = [*traps_history.TRAPS, *traps_totals.THEN, *traps_stacking.THEN]
Cells = dict[Key, Cell]


def build(traps: list) -> dict[str, Village]:
    found = {}
    for index, trap in enumerate(traps, start=1):
        village = found[trap.__name__] = Village(index)
        trap(village)
    return found


SCHOOL = [*traps_school.TRAPS, *traps_postcode.TRAPS]
VILLAGES = {"now": build(NOW), "years": build(YEARS), "then": build(THEN), "school": build(SCHOOL)}
NAMES = [(when, name) for when, villages in VILLAGES.items() for name in villages]


@cache
def facts(when: str) -> Facts:
    villages = list(VILLAGES[when].values())
    if when == "school":
        return traps_school.school(villages)
    return traps_history.history(villages) if when == "then" else world(villages)


@cache
def reference(when: str) -> Cells:
    return figures(facts(when))


def in_town(when: str, folder) -> Town:
    town = Town(folder, facts(when).gemeenten)
    write(facts(when), town)
    return town


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Cells]:
    """The mart after a night over all villages; those of years ago had a night on an earlier stand first."""
    found = {}
    for when in ("now", "years", "school"):
        town = in_town(when, tmp_path_factory.mktemp(when))
        run_night(facts(when), town)
        refused = {
            f"{d.gemeente}/{d.leverdatum}"
            for d in facts(when).deliveries
            if isinstance(d, BusDelivery | StockDelivery) and d.broken
        }
        # A phase without a date is uitval of a delivery that counts.
        uitval = {
            f"{d.gemeente}/{d.leverdatum}"
            for d in facts(when).deliveries
            if isinstance(d, DebtDelivery) and any(dossier.dateless for dossier in d.dossiers)
        }
        assert {line.split(" ", 1)[1].split(":")[0] for line in not_accepted(town)} == refused | uitval
        found[when] = mart(town)
    then = in_town("then", tmp_path_factory.mktemp("toen"))
    earlier = traps_history.history(list(VILLAGES["then"].values()), traps_history.EARLIER_STAND)
    run_night(earlier, then)
    found["earlier"] = mart(then)
    run_night(facts("then"), then)
    assert not_accepted(then) == []
    return found | {"then": mart(then)}


@pytest.mark.parametrize(("when", "name"), NAMES)
def test_the_reference_says_what_the_hand_says(when: str, name: str):
    village = VILLAGES[when][name]
    assert village.expected
    assert village.wrong(reference(when)) == []


@pytest.mark.parametrize(("when", "name"), NAMES)
def test_the_mart_is_the_reference(when: str, name: str, real: dict[str, Cells]):
    gemeente = VILLAGES[when][name].gemeente
    wanted, got = (
        {k: c for k, c in cells.items() if k.gemeente == gemeente} for cells in (reference(when), real[when])
    )
    found = differences(wanted, got)
    assert not found, f"{len(found)} of {len(wanted)} cells differ\n{summary(found)}"


def test_the_mart_of_an_earlier_night_is_the_reference_of_that_night(real: dict[str, Cells]):
    earlier = traps_history.history(list(VILLAGES["then"].values()), traps_history.EARLIER_STAND)
    assert differences(figures(earlier), real["earlier"]) == []


def test_all_together_are_no_fewer_than_each_and_no_more_than_their_sum(real: dict[str, Cells]):
    """Who is of an age that a law is not for is `onbekend` there, and of his own age among all."""
    tried, some = 0, for_some_ages()

    def counts(key: Key, regelingen: Iterable[str]) -> list[int]:
        parts = [real["years"].get(replace(key, regeling=regeling)) for regeling in regelingen]
        return [part.aantal for part in parts if part and part.aantal is not None]

    for key, cell in real["years"].items():
        if key.regeling == TOTAAL.name and cell.aantal and key.level != "straat":
            unknown = key.age == "onbekend"
            outside = [] if unknown or key.age == "totaal" else counts(replace(key, age="onbekend"), some & {*linked()})
            most = sum(counts(key, linked())) + sum(outside)
            assert max(counts(key, [r for r in linked() if not (unknown and r in some)])) <= cell.aantal <= most, key
            tried += cell.aantal < most
    assert tried > 20


@pytest.mark.parametrize("when", VILLAGES)
def test_there_is_nothing_else_in_the_mart(when: str, real: dict[str, Cells]):
    assert {key.gemeente for key in real[when]} == set(facts(when).gemeenten)
