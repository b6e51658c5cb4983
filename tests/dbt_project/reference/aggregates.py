"""Regelingen that come as aggregates: the cells as delivered, at the peildata of the source, nothing added up."""

from collections.abc import Iterator
from datetime import date

from tests.dbt_project.reference.areas import Indeling
from tests.dbt_project.reference.facts import AggregateDelivery, Facts

# The indicators of each, and since when they exist: a regime has no figures before its law.
AGGREGATES = {
    "wia": {"clienten": date.min},
    "wajong": {
        "clienten": date.min,
        "clienten_owajong": date(1998, 1, 1),
        "clienten_wajong_2010": date(2010, 1, 1),
        "clienten_wajong_2015": date(2015, 1, 1),
    },
}


def _of(facts: Facts, regeling: str) -> list[AggregateDelivery]:
    return [d for d in facts.of(AggregateDelivery) if d.regeling == regeling]


def peildata(facts: Facts, regeling: str) -> set[date]:
    """The days that the source has figures of, of any gemeente."""
    return {d.peildatum for d in _of(facts, regeling)}


def aggregate_counts(
    facts: Facts,
    regeling: str,
    indicator: str,
    gemeente: str,
    peildatum: date,
    indeling: Indeling,
    ages: tuple[str, ...],
) -> Iterator[tuple[str, str, str, str, str, int | None]]:
    """Level, area, name, age, status and count of every cell of one indicator, gemeente and day."""
    # By gemeente the newest delivery of the day counts.
    deliveries = {d.gemeente: d for d in _of(facts, regeling) if d.peildatum == peildatum}
    used = {age for d in deliveries.values() for of, _, age, _ in d.cells if of == indicator}
    own = deliveries[gemeente].cells if gemeente in deliveries else ()
    by_cell = {(area, age): count for of, area, age, count in own if of == indicator}
    for (level, area), name in indeling.areas().items():
        for age in ages:
            count = by_cell.get((area, age))
            if peildatum < AGGREGATES[regeling][indicator] or (age != "totaal" and age not in used):
                yield level, area, name, age, "nvt", None
            else:
                yield level, area, name, age, "niet_geleverd" if count is None else "geleverd", count
