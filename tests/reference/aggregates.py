"""Regelingen that come as aggregates: the cells as delivered, at the peildata of the source, nothing added up."""

from collections.abc import Iterator
from datetime import date

from tests.reference.areas import Indeling
from tests.reference.facts import AggregateDelivery, Facts

AGGREGATES = ("wia",)


def counting(facts: Facts, peildatum: date) -> dict[str, AggregateDelivery]:
    """By gemeente the delivery of a peildatum that counts: the newest."""
    return {d.gemeente: d for d in facts.of(AggregateDelivery) if d.peildatum == peildatum}


def peildata(facts: Facts) -> set[date]:
    """The days that the source has figures of, of any gemeente."""
    return {d.peildatum for d in facts.of(AggregateDelivery)}


def aggregate_counts(
    facts: Facts, gemeente: str, peildatum: date, indeling: Indeling, ages: tuple[str, ...]
) -> Iterator[tuple[str, str, str, str, str, int | None]]:
    """Level, area, name, age, status and count of every cell of one gemeente and day."""
    deliveries = counting(facts, peildatum)
    used = {age for delivery in deliveries.values() for _, age, _ in delivery.cells}
    told = {(area, age): count for area, age, count in deliveries[gemeente].cells} if gemeente in deliveries else {}
    for (level, area), name in indeling.areas().items():
        for age in ages:
            count = told.get((area, age))
            if age != "totaal" and age not in used:
                yield level, area, name, age, "nvt", None
            else:
                yield level, area, name, age, "niet_geleverd" if count is None else "geleverd", count
