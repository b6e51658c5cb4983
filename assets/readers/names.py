"""What the names of files tell: the month or the year that a delivery is about. Knows no registration."""

import calendar
import re
from datetime import date

import polars as pl


def year_in(name: str) -> str | None:
    """The year in a file name, when it names just one; that of a date or month is none."""
    found = set(re.findall(r"(?<![0-9])20[0-9]{2}(?![0-9]|-[0-9]{2}(?![0-9]))", name))
    return found.pop() if len(found) == 1 else None


def month_of(frame: pl.DataFrame) -> tuple[date, date] | None:
    """The first and last day of the month in the names of the files (jjjjmm or jjjj-mm) that the rows came from.

    None when a name has no month, or the names have more than one.
    """
    names = frame.get_column("bestand").unique()
    months = {
        found for name in names for found in re.findall(r"(?<![0-9])(20[0-9]{2})-?(0[1-9]|1[0-2])(?![0-9])", name)
    }
    if len(months) != 1:
        return None
    year, month = (int(part) for part in months.pop())
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
