"""Reads the code lists in `dbt_project/seeds/codelijsten.csv`: the one place for contracts and dbt alike."""

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

SEED = Path(__file__).parents[2] / "dbt_project" / "seeds" / "codelijsten.csv"


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
    with SEED.open(encoding="utf-8") as file:
        found = tuple(
            Code(row["code"], row["omschrijving"], _day(row["geldig_van"]), _day(row["geldig_tot"]))
            for row in csv.DictReader(file)
            if row["codelijst"] == codelist
        )
    if not found:
        raise KeyError(f"no code list {codelist} in {SEED.name}")
    return found


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
