"""What the seed regelingen.csv says of how a regeling is counted; the one place for assets and dbt alike.

What a telwijze means is in dbt_project (design.md section 6); here only what the publication must know of it.
"""

import re
from functools import cache

from validations.language import seeds

# What a kind of help may be called: it is a value in published tables, where `totaal` is all of them; no number of a
# person fits in it.
SOORT, NO_SOORT = re.compile(r"(?!.*\d{3})[a-z][a-z0-9_]{0,49}"), ("totaal", "onbekend")


@cache
def rows() -> dict[str, dict[str, str]]:
    """The row of each regeling, by column; an empty cell is an empty text."""
    return seeds.by("regelingen.csv", "regeling")


@cache
def telwijzen() -> dict[str, str]:
    """The telwijze of each regeling."""
    return {regeling: row["telwijze"] for regeling, row in rows().items()}


@cache
def own_provisions() -> dict[str, str]:
    """For each regeling whose clients have provisions of their own: `een` each, or `minstens_een`."""
    found = {regeling: row["eigen_voorziening"] for regeling, row in rows().items()}
    return {regeling: how for regeling, how in found.items() if how in ("een", "minstens_een")}


@cache
def for_some_ages() -> frozenset[str]:
    """The regelingen whose law is not for all ages: a person outside them counts at age `onbekend`."""
    return frozenset(name for name, row in rows().items() if row["leeftijd_van"] or row["leeftijd_tot"])


@cache
def of_laws() -> dict[str, str]:
    """Of each of the three laws that households are counted by in combination its regeling: regeling -> law."""
    return {name: row["wet_combinatie"] for name, row in rows().items() if row["wet_combinatie"]}


@cache
def with_soorten() -> tuple[str, ...]:
    """The regelingen with provisions of different kinds (seed soorten.csv), and clients on a day.

    Raises ValueError for a kind that cannot be published under its name, without the name.
    """
    known = set()
    for place, row in enumerate(seeds.rows("soorten.csv"), start=1):
        if not SOORT.fullmatch(row["soort"]) or row["soort"] in NO_SOORT:
            raise ValueError(
                f"dbt_project/seeds/soorten.csv: row {place} has a soort that is no name of a-z, 0-9 and _"
            )
        known.add(row["regeling"])
    return tuple(name for name, row in rows().items() if name in known and row["telwijze"] == "periode")


@cache
def linked() -> tuple[str, ...]:
    """The regelingen whose persons can count together: told apart over registrations, with a begin and an end."""
    return tuple(name for name, row in rows().items() if row["koppelbaar"] == "ja" and row["telwijze"] == "periode")
