"""The union of the linked regelingen, as the regeling `totaal`: distinct persons and households, down to streets.

A street is a group of street names within a buurt, with some fifty residents.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

from tests.dbt_project.reference.areas import Indeling
from tests.dbt_project.reference.counts import _by_age, _households
from tests.dbt_project.reference.coverage import covered
from tests.dbt_project.reference.facts import Facts
from tests.dbt_project.reference.measures import (
    AGES,
    Cell,
    Clients,
    Key,
    Month,
)
from tests.dbt_project.reference.noemers import noemer_of, noemers_on
from tests.dbt_project.reference.people import People, Spot
from tests.dbt_project.reference.stacking import cells_of_households

TOTAL = "totaal"
# Linked by person, and counted by period.
UNION = (
    *("awbz", "collectieve_zorgverzekering", "jeugdzorg", "leerlingenvervoer", "schuldhulpverlening"),
    *("wet_oke", "wmo", "wsw", "wwb"),
)
SEED = Path(__file__).parents[3] / "dbt_project" / "seeds" / "regelingen.csv"
ENOUGH_RESIDENTS = 50
# A person, and the address that deliveries tell of who is in no BRP.
Placed = dict[tuple[int, tuple | None], Spot]


@cache
def _laws() -> dict[str, tuple[date, date]]:
    """From when to when the law of each regeling is in force."""
    with SEED.open(encoding="utf-8") as file:
        return {
            row["regeling"]: (
                date.fromisoformat(row["geldig_van"] or str(date.min)),
                date.fromisoformat(row["geldig_tot"] or str(date.max)),
            )
            for row in csv.DictReader(file)
        }


def counted_together(facts: Facts, gemeente: str, end: date, months_of: dict[str, set[date]]) -> list[str]:
    """The regelingen whose persons count once together on a peildatum; `months_of`: what each of them covers.

    Of a month that is public those of then; else those in force that were delivered of this month or an earlier one,
    also if those deliveries are gone and only what was public of it tells.
    """
    if (gemeente, end) in facts.public:
        return list(facts.public[gemeente, end])
    was_public = [(day, r) for (g, day), counted in facts.public.items() if g == gemeente for r in counted]
    begun = {r for day, r in was_public if day <= end}
    begun |= {r for r, months in months_of.items() if any(month <= end for month in months)}
    return [r for r in UNION if r in begun and _laws()[r][0] <= end <= _laws()[r][1]]


def cells_of_union(
    facts: Facts, linked: dict[str, Clients], indelingen: dict[date, Indeling]
) -> Iterator[tuple[Key, Cell]]:
    """Every cell of one gemeente, and of its households by what they lean on.

    `linked`: its clients of each regeling of the union, `indelingen`: of each month.
    """
    ends = sorted(indelingen)
    gemeente = indelingen[ends[0]].gemeente
    people = People(facts, gemeente)
    months_of = {regeling: covered(facts, gemeente, regeling) for regeling in UNION}
    streets: dict[int, Streets] = {}
    for end in ends:
        indeling = indelingen[end]
        if indeling.year not in streets:
            streets[indeling.year] = Streets(people, indeling, end)
        counted = counted_together(facts, gemeente, end, months_of)
        spans = [months_of[regeling] for regeling in counted]
        month = Month(end, ends[0], indeling, set.intersection(*spans) if spans else set())
        placed = _placed([linked[regeling] for regeling in counted], month)
        status = "geleverd" if end in month.covered else "niet_geleverd"
        clients = {regeling: _placed([linked[regeling]], month).values() for regeling in counted}
        yield from cells_of_households(people, month, clients)
        for row in (
            *_rows_of_areas(people, month, placed),
            *_rows_of_streets(people, month, placed, streets[indeling.year]),
        ):
            level, area, name, age, indicator, count, noemer = row
            unit = "huishoudens" if indicator == "huishoudens" else "personen"
            yield (
                Key(TOTAL, gemeente, level, area, end, age, indicator),
                Cell(status, count if status == "geleverd" else None, noemer, indeling.year, name, unit),
            )


def _placed(linked: list[Clients], month: Month) -> Placed:
    """Who counts under any regeling, once; who is in no BRP once at every place that is told of him."""
    found: Placed = {}
    for clients in linked:
        for person, spot in clients.active(month.end, month.indeling).items():
            if person in clients.people.residences:
                # Where he counts as a resident all regelingen agree; who left counts by one alone.
                found[person, None] = spot
                continue
            place = _normal(clients.addresses.get(person))
            found[person, place] = replace(spot, household=(person, place))
    return found


def _normal(address: tuple[str, int] | None) -> tuple:
    """An address as the table of addresses writes it; empty for none."""
    return (address[0].replace(" ", "").upper(), address[1]) if address else ()


Row = tuple[str, str, str, str, str, int, int | None]


def _rows_of_areas(people: People, month: Month, placed: Placed) -> Iterator[Row]:
    """Level, area, name, age, indicator, count and noemer, of gemeente, wijken and buurten."""
    noemers = noemers_on(people, month.end, month.indeling)
    residents, homes = (noemers.get(noemer_of(TOTAL, unit), {}) for unit in ("personen", "huishoudens"))
    spots = dict(enumerate(placed.values()))
    persons, households = _by_age(spots), _households(spots)
    for (level, area), name in month.indeling.areas().items():
        for age in (*AGES, "onbekend", "totaal"):
            yield level, area, name, age, "clienten", persons.get((area, age), 0), residents.get((area, age))
        total = (area, "totaal")
        yield level, area, name, "totaal", "huishoudens", households.get(total, 0), homes.get(total)


def _rows_of_streets(people: People, month: Month, placed: Placed, streets: "Streets") -> Iterator[Row]:
    """The same of streets, where only persons are counted."""
    residents = people.residents(month.end, month.indeling)
    clients = _by_street(people, month.end, placed, streets)
    living = _by_street(people, month.end, {(person, None): spot for person, spot in residents.items()}, streets)
    # As the other noemers: not for a month that the BRP does not reach.
    reached = people.newest is not None and month.end < people.newest
    for (level, buurt), _ in month.indeling.areas().items():
        if level == "buurt":
            for area, name in streets.of_buurt(buurt).items():
                noemer = living.get(area, 0) if reached and not area.endswith("onbekend") else None
                yield "straat", area, name, "totaal", "clienten", clients.get(area, 0), noemer


def _by_street(people: People, end: date, placed: Placed, streets: "Streets") -> dict[str, int]:
    counts: dict[str, int] = defaultdict(int)
    for (person, place), spot in placed.items():
        home = people.home(person, end) if place is None else None
        counts[streets.street(spot.buurt, home.street if home else "")] += 1
    return counts


class Streets:
    """The groups of street names of one gemeente, as its residents of one day make them."""

    def __init__(self, people: People, indeling: Indeling, on_day: date) -> None:
        living: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for person, spot in people.residents(on_day, indeling).items():
            home = people.home(person, on_day)
            if home and home.street and not spot.buurt.endswith("onbekend"):
                living[spot.buurt][home.street] += 1
        self.groups = {buurt: grouped(residents) for buurt, residents in living.items()}

    def street(self, buurt: str, name: str) -> str:
        """The code of the group of a name; a name that is new goes with the names before it."""
        groups = self.groups.get(buurt)
        if not name or not groups:
            return _unknown_street(buurt)
        return _street(buurt, max(1, sum(group[0] <= name for group in groups)))

    def of_buurt(self, buurt: str) -> dict[str, str]:
        """The name of every street of a buurt, by code, with the unknown one."""
        found = {_unknown_street(buurt): "Onbekend"}
        for rank, group in enumerate(self.groups.get(buurt, []), start=1):
            found[_street(buurt, rank)] = group[0] if len(group) == 1 else f"{group[0]} t/m {group[-1]}"
        return found


def grouped(residents: dict[str, int]) -> list[list[str]]:
    """Names in order, in groups of at least 50 residents; what is left over joins the last one."""
    groups: list[list[str]] = []
    names: list[str] = []
    for name in sorted(residents):
        names.append(name)
        if sum(residents[one] for one in names) >= ENOUGH_RESIDENTS:
            groups.append(names)
            names = []
    if names and groups:
        groups[-1] += names
    elif names:
        groups.append(names)
    return groups


def _street(buurt: str, rank: int) -> str:
    return f"ST{buurt[2:]}-{rank}"


def _unknown_street(buurt: str) -> str:
    """Of the unknown buurt there is no other."""
    return f"ST{buurt[2:]}" if buurt.endswith("onbekend") else f"ST{buurt[2:]}-onbekend"
