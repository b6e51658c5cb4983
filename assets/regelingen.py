"""What the seed regelingen.csv says of how a regeling is counted; the one place for assets and dbt alike.

What a telwijze means is in dbt_project (design.md section 6); here only what the publication must know of it.
"""

import csv
from functools import cache

from assets.settings import PROJECT

SEED = PROJECT / "dbt_project" / "seeds" / "regelingen.csv"
# No persons were delivered, so there are no provisions of persons.
WITHOUT_PERSONS = ("aggregaat", "aanbod")


@cache
def telwijzen() -> dict[str, str]:
    """The telwijze of each regeling."""
    with SEED.open(encoding="utf-8") as file:
        return {row["regeling"]: row["telwijze"] for row in csv.DictReader(file)}


def own_models(regeling: str) -> list[str]:
    """The mart models of a regeling that its published table rests on."""
    models = [f"wijkcijfers_{regeling}"]
    return models if telwijzen()[regeling] in WITHOUT_PERSONS else [f"voorziening_{regeling}", *models]


def counts_persons(regeling: str) -> bool:
    """Whether its figures count persons, households or provisions of persons; supply counts services and places."""
    return telwijzen()[regeling] != "aanbod"
