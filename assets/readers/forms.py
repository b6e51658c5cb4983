"""The form of dates in a delivery: another than the contract asks is read where a column has it throughout.

One step after every reader and before the contract. What has two readings is left as it stands, for the contract to
refuse: a column with two forms, or with the month before the day, or a time of the day beside a date.
"""

import polars as pl

from validations.language.contract import DATE, DATE8, PARTIAL_DATE8, Contract, Kind

# A time stamp at midnight is a date; at another time of the day it can be one of two days.
_MIDNIGHT = r"(?:[T ]00:00(?::00(?:\.0+)?)?)?"
# Where year, month and day stand in a text. Day first: that is how dates are written in the Netherlands.
_FORMS = (
    rf"^(?<j>[0-9]{{4}})-(?<m>[0-9]{{2}})-(?<d>[0-9]{{2}}){_MIDNIGHT}$",
    rf"^(?<d>[0-9]{{2}})-(?<m>[0-9]{{2}})-(?<j>[0-9]{{4}}){_MIDNIGHT}$",
    r"^(?<j>[1-9][0-9]{3})(?<m>[0-9]{2})(?<d>[0-9]{2})$",
)
# Day and month as numbers, and how many rows must say that the day is first for one that cannot be to be a mistake.
_NUMBERS = r"^(?<d>[0-9]{1,2})[-/.](?<m>[0-9]{1,2})[-/.][0-9]{4}"
_MISTAKE = 10
DAY_FIRST, MONTH_FIRST = "dag eerst", "maand eerst"
_WRITTEN = {DATE: "${j}-${m}-${d}", DATE8: "${j}${m}${d}", PARTIAL_DATE8: "${j}${m}${d}"}


def in_one_form(frame: pl.DataFrame, contract: Contract) -> pl.DataFrame:
    """The frame with the dates of a column in the form of its kind, where all dates in it have one form."""
    columns = [
        _column(frame.get_column(field.name), field.kind)
        for field in contract.fields
        if field.kind in _WRITTEN and field.name in frame.columns
    ]
    return frame.with_columns(columns)


def _column(texts: pl.Series, kind: Kind) -> pl.Series:
    filled = texts.drop_nulls()
    if kind.pattern is None or filled.str.contains(kind.pattern).all():
        return texts
    found = [pattern for pattern in _FORMS if filled.str.contains(pattern).any()]
    certain = len(found) == 1 and order(filled) == DAY_FIRST
    return texts.str.replace(found[0], _WRITTEN[kind]) if certain else texts


def order(texts: pl.Series) -> str | None:
    """What comes first in the dates of a column, day or month, as its own dates tell; None: they do not tell.

    Between dashes and points the day is first unless a date cannot be so: that is how the Dutch write. Slashes are of
    both: another date of the column must tell, by a day over 12 or by its dashes.
    """
    parts = texts.str.extract_groups(_NUMBERS)
    days, months = ((parts.struct.field(name).cast(pl.Int32) > 12).sum() for name in ("d", "m"))
    if months and days < _MISTAKE * months:
        return MONTH_FIRST
    dates = texts.filter(parts.struct.field("d").is_not_null())
    return None if not days and dates.len() and dates.str.contains("/", literal=True).all() else DAY_FIRST
