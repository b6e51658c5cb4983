"""What stands in a cell of a workbook, in the form that its field asks where that is certain: amount, day or number.

Text in, text out; what is not certain stays as it is, for the contract to judge, or is TWO. Knows no registration.
"""

import re

import polars as pl

from assets.readers.forms import DAY_FIRST, MONTH_FIRST
from validations.language.contract import Field

# The rule of a cell that has two readings; also what `certain` gives for it.
TWO = "LEV-62"
# Excel counts days from here (its leap day of 1900 included); before 1927 and after 2119 a number is no day.
FIRST_DAY, DAYS = "1899-12-30", (10_000, 80_000)
MONTHS = ("jan", "feb", "maart", "apr", "mei", "juni", "juli", "aug", "sep", "okt", "nov", "dec")

# What stands around an amount, points that are surely those of thousands, and a mark that is not.
AROUND_AMOUNT = re.compile(r"^€ ?| ?(km|euro)$")
GROUPED = re.compile(r"[+-]?\d{1,3}((\.\d{3})+,\d{1,2}|(\.\d{3}){2,})")
TWO_READINGS = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}")
# A library that counts in seconds makes 23:59:32 of the day before, and one that counts in UTC 22:00 or 23:00; the last
# second is how some write the end of a day.
LATE = re.compile(r"\d{4}-\d\d-\d\d (?!23:59:59$)2[23]:")
# Day and month of a text, and of a date cell: whoever opens an American list has the month for the day in those.
NUMBERS = re.compile(r"(?P<d>\d{1,2})[-/.](?P<m>\d{1,2})[-/.]\d{4}")
DATE_CELL = re.compile(r"\d{4}-(?P<m>\d\d)-(?P<d>\d\d)\b.*")


def certain(cell: str | None, field: Field, *, typed: bool, order: str | None) -> str | None:
    """The text of a cell with an amount or a day in one reading; TWO where there are two."""
    if cell and field.kind.dtype.is_float():
        if not typed:
            amount = cell.replace(".", ",")
            # As a text it would have two readings; as a number it has one.
            return f"{amount}0" if TWO_READINGS.fullmatch(amount) else amount
        # An amount as text: "€ 1250", "6,5 km", "€ 1.250,-".
        amount = re.sub(r",-{1,2}$", ",00", AROUND_AMOUNT.sub("", cell))
        if GROUPED.fullmatch(amount):
            amount = amount.replace(".", "")
        return TWO if TWO_READINGS.fullmatch(amount) else amount
    if cell and field.kind.dtype is pl.Date and (LATE.match(cell) or _either(cell, order)):
        return TWO
    return cell


def _either(cell: str, order: str | None) -> bool:
    """Whether the day of a cell could be its month, in a column where that is not certain."""
    found = None if order == DAY_FIRST else NUMBERS.fullmatch(cell)
    if order == MONTH_FIRST:
        found = found or DATE_CELL.fullmatch(cell)
    return found is not None and int(found["d"]) != int(found["m"]) and max(int(found["d"]), int(found["m"])) <= 12


def value(field: Field) -> pl.Expr:
    """The text of a cell in the form that its field asks, where that is certain."""
    cell = pl.col(field.name)
    if field.person:
        # People write a number in groups: 123.456.789, 1234 56 789.
        return cell.str.replace_all(r"[ .]", "")
    if field.kind.dtype is pl.Date:
        return _day(cell)
    return cell


def _day(cell: pl.Expr) -> pl.Expr:
    """A date cell, a day number, or text with the day first, as jjjj-mm-dd; other text as it stands."""
    text = cell.str.to_lowercase().str.replace(r"^(\d{4}-\d\d-\d\d) \d\d:\d\d:\d\d(\.\d+)?$", "$1")
    for number, month in enumerate(MONTHS, 1):
        text = text.str.replace(rf"^(\d{{1,2}})[ -]{month[:3]}[a-z]*\.?[ -](\d{{4}})$", f"$1-{number}-$2")
    text = text.str.replace(r"^(\d{1,2}) mrt\.? (\d{4})$", "$1-3-$2")
    parts = text.str.extract_groups(r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$")
    dutch = pl.concat_str(
        parts.struct.field("3"),
        parts.struct.field("2").str.zfill(2),
        parts.struct.field("1").str.zfill(2),
        separator="-",
    )
    whole = text.str.replace(r"^((?:19|20)\d\d)(\d\d)(\d\d)$", "$1-$2-$3")
    number = text.str.replace(r"\.0$", "").cast(pl.Int32, strict=False)
    counted = pl.lit(FIRST_DAY).str.to_date() + pl.duration(days=number)
    counted = pl.when(number.is_between(*DAYS)).then(counted.dt.to_string("iso"))
    return pl.coalesce(counted, dutch, whole).alias(cell.meta.output_name())
