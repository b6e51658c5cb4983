"""Counts by (area, age) of who is somewhere: persons and households, each in its gemeente, wijk and buurt."""

from collections import defaultdict

from tests.dbt_project.reference.areas import wijk_of
from tests.dbt_project.reference.people import Spot

Counts = dict[tuple[str, str], int]


def _areas(spot: Spot) -> tuple[str, str, str]:
    return ("GM" + spot.buurt[2:6], wijk_of(spot.buurt), spot.buurt)


def _persons(spots: dict[int, Spot]) -> Counts:
    counts: Counts = defaultdict(int)
    for spot in spots.values():
        for area in _areas(spot):
            counts[area, "totaal"] += 1
    return counts


def _by_age(spots: dict[int, Spot]) -> Counts:
    counts = _persons(spots)
    for spot in spots.values():
        for area in _areas(spot):
            counts[area, spot.age] = counts.get((area, spot.age), 0) + 1
    return counts


def _households(spots: dict[int, Spot]) -> Counts:
    found = {(area, spot.household) for spot in spots.values() for area in _areas(spot)}
    counts: Counts = defaultdict(int)
    for area, _ in found:
        counts[area, "totaal"] += 1
    return counts
