"""What the seed regelingen.csv says of how a regeling is counted; the one place for assets and dbt alike.

What a telwijze means is in dbt_project (design.md section 6); here only what the publication must know of it.
"""

import csv
from functools import cache

from assets.settings import PROJECT

SEED = PROJECT / "dbt_project" / "seeds" / "regelingen.csv"
# The model that the figures are counted from: provisions of persons, or what was delivered without persons.
COUNTED_FROM = {"aggregaat": (), "aanbod": ("aanbod",)}


@cache
def telwijzen() -> dict[str, str]:
    """The telwijze of each regeling."""
    with SEED.open(encoding="utf-8") as file:
        return {row["regeling"]: row["telwijze"] for row in csv.DictReader(file)}


def own_models(regeling: str) -> list[str]:
    """The mart models of a regeling that its published table rests on."""
    kinds = (*COUNTED_FROM.get(telwijzen()[regeling], ("voorziening",)), "wijkcijfers")
    return [f"{kind}_{regeling}" for kind in kinds]


def counts_persons(regeling: str) -> bool:
    """Whether its figures count persons, households or provisions of persons; supply counts services and places."""
    return telwijzen().get(regeling) != "aanbod"


def adds_up(regeling: str) -> bool:
    """Whether areas and ages add up to their total: aggregates were rounded one by one before they came."""
    return telwijzen().get(regeling) not in COUNTED_FROM
