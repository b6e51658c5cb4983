"""How CBS writes, in any of its files: what it does not show, and names of columns that differ per year.

Knows no registration.
"""

import re
from collections.abc import Mapping, Sequence

import polars as pl

from assets.readers.names import years_in
from validations.language.delivery import DeliveryError

# CBS, "Verklaring van tekens": `.` unknown, unreliable or secret, `x` secret, `-` none, `*` and `**` provisional. A
# figure that is not shown is never 0 here; a mark behind a figure (`1230*`) only says that it is provisional.
NOT_SHOWN = r"^(?:\.|[-–−]|[xX]|\*{1,2})$"  # noqa: RUF001  dashes as CBS prints them
# StatLine puts a number behind the name of a column, another one each year: AantalInwoners_5.
_NUMBERED = re.compile(r"_\d+$")
# The day of its table of addresses: pc6hnr20250801_gwb.csv is of 2025.
_OF_ADDRESSES = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})0801(?![0-9])")
# The zip in which somebody sent it on tells nothing of what CBS put in it.
_SENT_ON = re.compile(r"(?:levering|geleverd)[ _.-]*(?:op|in)?[ _.-]*(?:19|20)[0-9]{2}(?![0-9])", re.IGNORECASE)
_IN_HEADING = re.compile(r"(?:19|20)[0-9]{2}")


def shown(column: pl.Expr) -> pl.Expr:
    """The text of a figure; none where CBS shows none."""
    text = column.str.strip_chars()
    text = pl.when(~text.str.contains(NOT_SHOWN)).then(text)
    return text.str.replace(r"\*{1,2}$", "").str.strip_chars().str.replace(r"^(-?\d+)\.0$", "$1").replace("", None)


def columns_of(headings: Sequence[str], names: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """The headings that hold each field: those of the first of its `names` that is there, with any number behind it.

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


def year_of_file(name: str, headings: Sequence[str] = ()) -> str | None:
    """The year that the headings tell, else the name of the file, else that of the zip or folder it is in.

    Raises DeliveryError LEV-03 for two years, and for headings and a name that tell different ones.
    """
    of_headings = {year for heading in headings for year in _IN_HEADING.findall(heading)}
    parts = (years_in(_OF_ADDRESSES.sub(r"\1", _SENT_ON.sub(" ", part))) for part in reversed(name.split("/")))
    named: set[str] = next(filter(None, parts), set())
    years_named = of_headings or named
    if len(years_named) > 1 or (named and not years_named <= named):
        years = " en ".join(sorted(years_named | named))
        raise DeliveryError("LEV-03", name, 1 if of_headings else None, f"Kolomkop en bestandsnaam noemen {years}.")
    return next(iter(years_named), None)
