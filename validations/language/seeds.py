"""Reads a seed of dbt_project as it stands: the one way for whoever must know what a seed says, beside dbt itself.

What its columns mean is in dbt_project/seeds/_seeds.yml. All is text here: who reads it knows what is a number.
"""

import csv
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "dbt_project" / "seeds"


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a seed (`regelingen.csv`) by column; an empty cell is an empty text.

    A spreadsheet puts a BOM before the first heading, which is no part of it. Raises ValueError where it wrote `;`,
    and for a line with more or fewer cells than there are headings.
    """
    with (FOLDER / name).open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if len(reader.fieldnames or ()) < 2:
            raise ValueError(f"dbt_project/seeds/{name} is not separated by commas")
        found = []
        for row in reader:
            # What is too many has no name, what is too few no text.
            if None in row or None in row.values():
                raise ValueError(f"dbt_project/seeds/{name} has another number of cells on line {reader.line_num}")
            found.append(row)
        return found


def by(name: str, key: str) -> dict[str, dict[str, str]]:
    """The rows of a seed by their key, in its order. Raises ValueError for a key that is there twice."""
    found: dict[str, dict[str, str]] = {}
    for row in rows(name):
        if row[key] in found:
            raise ValueError(f"dbt_project/seeds/{name} has {key} {row[key]} twice")
        found[row[key]] = row
    return found
