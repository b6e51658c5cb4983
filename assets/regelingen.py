"""What the seed regelingen.csv says of how a regeling is counted; the one place for assets and dbt alike.

What a telwijze means is in dbt_project (design.md section 6); here only what the publication must know of it.
"""

import csv
from functools import cache

from assets.settings import PROJECT

# The table of unique persons and households over the regelingen that count together.
UNION = "totaal"
SEED = PROJECT / "dbt_project" / "seeds" / "regelingen.csv"
# The model that the figures are counted from: provisions of persons, or what was delivered without persons.
COUNTED_FROM = {"aggregaat": (), "aanbod": ("aanbod",)}


@cache
def telwijzen() -> dict[str, str]:
    """The telwijze of each regeling."""
    with SEED.open(encoding="utf-8") as file:
        return {row["regeling"]: row["telwijze"] for row in csv.DictReader(file)}


@cache
def own_provisions() -> dict[str, str]:
    """Of each regeling whose clients have provisions of their own: `een` each, or `minstens_een`."""
    with SEED.open(encoding="utf-8") as file:
        found = {row["regeling"]: row["eigen_voorziening"] for row in csv.DictReader(file)}
    return {regeling: how for regeling, how in found.items() if how in ("een", "minstens_een")}


@cache
def for_some_ages() -> frozenset[str]:
    """The regelingen whose law is not for all ages: who is outside them counts at age `onbekend`."""
    with SEED.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return frozenset(row["regeling"] for row in rows if row["leeftijd_van"] or row["leeftijd_tot"])


@cache
def linked() -> tuple[str, ...]:
    """The regelingen whose persons can count together: told apart over registrations, with a begin and an end."""
    with SEED.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return tuple(row["regeling"] for row in rows if row["koppelbaar"] == "ja" and row["telwijze"] == "periode")


def own_models(regeling: str) -> list[str]:
    """The mart models of a regeling, or of UNION, that its published table rests on."""
    if regeling == UNION:
        return ["unie", "straat", *(f"voorziening_{part}" for part in linked()), f"wijkcijfers_{UNION}"]
    kinds = (*COUNTED_FROM.get(telwijzen()[regeling], ("voorziening",)), "wijkcijfers")
    return [f"{kind}_{regeling}" for kind in kinds]


def counts_persons(regeling: str) -> bool:
    """Whether its figures count persons, households or provisions of persons; supply counts services and places."""
    return telwijzen().get(regeling) != "aanbod"


def adds_up(regeling: str) -> bool:
    """Whether areas and ages add up to their total: aggregates were rounded one by one before they came."""
    return telwijzen().get(regeling) not in COUNTED_FROM
