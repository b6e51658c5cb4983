"""Reads the code lists in `dbt_project/seeds/codelijsten.csv`: the one place for contracts and dbt alike."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from validations.language import seeds


@dataclass(frozen=True)
class Code:
    """One code of a list, with the days between which it is valid (None: no limit)."""

    code: str
    description: str
    valid_from: date | None
    valid_to: date | None


@cache
def codes(codelist: str) -> tuple[Code, ...]:
    """The codes of one list, in the order of the seed. Raises KeyError for a list that is not there."""
    found = tuple(
        Code(row["code"], row["omschrijving"], _day(row["geldig_van"]), _day(row["geldig_tot"]))
        for row in seeds.rows("codelijsten.csv")
        if row["codelijst"] == codelist
    )
    if not found:
        raise KeyError(f"no code list {codelist} in codelijsten.csv")
    return found


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
