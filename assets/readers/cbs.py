"""How CBS writes, in any of its files: what it does not show, and names of columns that differ per year.

Knows no registration.
"""

import re
from collections.abc import Mapping, Sequence

import polars as pl

# CBS, "Verklaring van tekens": `.` unknown, unreliable or secret, `x` secret, `-` none, `*` and `**` provisional. A
# figure that is not shown is never 0 here; a mark behind a figure (`1230*`) only says that it is provisional.
NOT_SHOWN = r"^(?:\.|[-–−]|[xX]|\*{1,2})$"  # noqa: RUF001  dashes as CBS prints them
# StatLine puts a number behind the name of a column, another one each year: AantalInwoners_5.
_NUMBERED = re.compile(r"_\d+$")
_YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?=[0-9]{4}(?:[^0-9]|$)|[^0-9]|$)")


def shown(column: pl.Expr) -> pl.Expr:
    """The text of a figure; none where CBS shows none."""
    text = column.str.strip_chars()
    text = pl.when(~text.str.contains(NOT_SHOWN)).then(text)
    return text.str.replace(r"\*{1,2}$", "").str.strip_chars().str.replace(r"^(-?\d+)\.0$", "$1").replace("", None)


def columns_of(headings: Sequence[str], names: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """By field the headings that hold it: those of the first of its `names` that is there, with any number behind it.

    A table of several years has a heading for each year, filled in the rows of that year only.
    """
    found: dict[str, list[str]] = {}
    for field, called in names.items():
        for name in called:
            same = [h for h in headings if name.casefold() in (h.casefold(), _NUMBERED.sub("", h).casefold())]
            if same:
                found[field] = same
                break
    return found


def year_of_file(name: str) -> str | None:
    """The year that the name of a file tells, else that of the zip it is in: pc6hnr20250801_gwb.csv, kwb-2023.xlsx."""
    for part in reversed(name.split("/")):
        if year := _YEAR.search(part):
            return year.group()
    return None
