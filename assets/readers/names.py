"""What the names of files tell: the month or the year that a delivery is about. Knows no registration.

A day in a name (20260105, 05-01-2026) tells when the file was made or sent, and so does a year behind a word that says
so: neither is what it is about. Two years or months are two readings.
"""

import calendar
import re
from datetime import date

import polars as pl

from validations.language.delivery import DeliveryError

_DAY = re.compile(
    r"(?<![0-9])(?:(?:19|20)[0-9]{2}([-_.]?)(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12][0-9]|3[01])"
    r"|(?:0?[1-9]|[12][0-9]|3[01])([-_.]?)(?:0?[1-9]|1[0-2])\2(?:19|20)[0-9]{2})(?![0-9])"
)
_SENT = re.compile(
    r"(?:verzonden|verstuurd|(?:op)?gehaald|(?:ge)?download(?:ed)?|export(?:ed)?|aangemaakt|ontvangen)"
    r"[ _.-]*(?:op|in|dd)?[ _.-]*(?:19|20)[0-9]{2}(?![0-9])",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<![0-9])(?:199[5-9]|20[0-9]{2})(?![0-9]|-[0-9]{2}(?![0-9]))")


def years_in(name: str) -> set[str]:
    """The years that a name is about; the year of a day or month, or of sending, is not one of them."""
    return set(_YEAR.findall(_SENT.sub(" ", _DAY.sub(" ", name))))


def year_in(name: str) -> str | None:
    """The one year that a name is about. Raises DeliveryError LEV-03 when there are two."""
    found = sorted(years_in(name))
    if len(found) > 1:
        raise DeliveryError("LEV-03", name, None, f"De naam noemt twee jaren: {found[0]} en {found[1]}.")
    return found[0] if found else None


def month_of(frame: pl.DataFrame) -> tuple[date, date] | None:
    """The first and last day of the month in the names of the files (jjjjmm or jjjj-mm) that the rows came from.

    None when no name has a month. Raises DeliveryError LEV-03 when they have more than one.
    """
    names = frame.get_column("bestand").unique()
    months = {
        found
        for name in names
        for found in re.findall(r"(?<![0-9])(20[0-9]{2})-?(0[1-9]|1[0-2])(?![0-9])", _DAY.sub(" ", name))
    }
    if not months:
        return None
    if len(months) > 1:
        first, second, *_ = sorted("-".join(month) for month in months)
        raise DeliveryError("LEV-03", detail=f"De bestandsnamen noemen twee maanden: {first} en {second}.")
    year, month = (int(part) for part in months.pop())
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
