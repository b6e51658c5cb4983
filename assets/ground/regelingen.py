"""What the seed regelingen.csv says of how a regeling is counted; the one place for assets and dbt alike.

What a telwijze means is in dbt_project (design.md section 6); here only what the publication must know of it.
"""

from functools import cache

from validations.language import seeds


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
    """The regelingen with provisions of different kinds (seed soorten.csv), and clients on a day."""
    known = {row["regeling"] for row in seeds.rows("soorten.csv")}
    return tuple(name for name, row in rows().items() if name in known and row["telwijze"] == "periode")


@cache
def linked() -> tuple[str, ...]:
    """The regelingen whose persons can count together: told apart over registrations, with a begin and an end."""
    return tuple(name for name, row in rows().items() if row["koppelbaar"] == "ja" and row["telwijze"] == "periode")
