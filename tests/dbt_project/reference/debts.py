"""Spells of schuldhulpverlening: dossiers as their newest pull tells them."""

from tests.dbt_project.reference.facts import DebtDelivery, Dossier, Facts
from tests.dbt_project.reference.spells import Spell


def newest_dossiers(facts: Facts, gemeente: str) -> list[Dossier]:
    """Each dossier once: what a later pull says of it replaces all that an earlier one said."""
    found: dict[str, Dossier] = {}
    for delivery in facts.of(DebtDelivery, gemeente):
        found |= {dossier.number: dossier for dossier in delivery.dossiers}
    return list(found.values())


def debt_spells(facts: Facts, gemeente: str) -> list[Spell]:
    """A spell for each person of each dossier; what was refused and never granted is none."""
    spells = []
    for dossier in newest_dossiers(facts, gemeente):
        end = min((day for day in (dossier.end, dossier.outflow) if day is not None), default=None)
        if (dossier.refused and dossier.granted is None) or (end is not None and end < dossier.begin):
            continue
        spells += [Spell(person, ("shv", dossier.number), dossier.begin, end) for person in dossier.persons]
    return spells


def debt_addresses(facts: Facts, gemeente: str) -> dict[int, tuple[str, int]]:
    """The address that the newest dossiers give of each person."""
    return {person: d.address for d in newest_dossiers(facts, gemeente) if d.address for person in d.persons}
