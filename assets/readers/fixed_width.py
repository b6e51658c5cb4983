"""Reads fixed-width records: one record per line, fields side by side, a blank field as none."""

import calendar
from collections.abc import Callable, Sequence
from datetime import date

import polars as pl

from assets.readers import Fault, SourceFile
from assets.readers.files import decode, members
from validations.language.contract import Contract, Position
from validations.language.delivery import DeliveryError


def read_records(
    files: list[SourceFile], contract: Contract, layout_of_line: Callable[[str, str], str]
) -> tuple[pl.DataFrame, list[Fault]]:
    """All records of a delivery: the fields of the contract, plus bestand and regel; what a layout has not, is none.

    `layout_of_line` gives the name of the layout, from the name and first line of a file. Raises DeliveryError.
    """
    names = [field.name for field in contract.fields]
    frames: list[pl.DataFrame] = []
    faults: list[Fault] = []
    for name, content in members(files, ".txt"):
        frame, wrong = read_fixed_width(
            name, content, lambda line, name=name: contract.layouts[layout_of_line(name, line)]
        )
        absent = [pl.lit(None, pl.String).alias(column) for column in names if column not in frame.columns]
        frames.append(frame.with_columns(absent).select(*names, "bestand", "regel"))
        faults += wrong
    return pl.concat(frames), faults


def read_fixed_width(
    name: str, content: bytes, layout_of_line: Callable[[str], Sequence[Position]]
) -> tuple[pl.DataFrame, list[Fault]]:
    """The records of one file as text, plus bestand and regel; and the lines that have another length than the layout.

    The first line tells the layout of the file. Lines may end in LF or CRLF, mixed too. Raises DeliveryError.
    """
    text = decode(name, content)
    # Not splitlines(): it also splits on characters that only look like a line end, such as U+2028.
    lines = pl.DataFrame({"lijn": text.split("\n")}).with_row_index("regel", offset=1)
    lines = lines.select(pl.col("regel").cast(pl.Int64), pl.col("lijn").str.strip_suffix("\r"))
    lines = lines.filter(pl.col("lijn").str.strip_chars() != "")
    layout = layout_of_line(lines.item(0, "lijn"))
    length = sum(position.length for position in layout)
    last = lines.row(-1, named=True)
    if len(last["lijn"]) < length and not text.endswith("\n"):
        raise DeliveryError("LEV-18", name, last["regel"])
    fits = pl.col("lijn").str.len_chars() == length
    wrong = lines.filter(~fits).select("regel", pl.col("lijn").str.len_chars()).iter_rows()
    faults = [Fault(name, line, "LEV-22", f"{found} tekens, verwacht {length}") for line, found in wrong]
    columns, start = [], 0
    for position in layout:
        value = pl.col("lijn").str.slice(start, position.length).str.strip_chars()
        empty = ["", *position.none]
        columns.append(pl.when(~value.is_in(empty)).then(value).alias(position.name))
        start += position.length
    return lines.filter(fits).select(*columns, pl.lit(name).alias("bestand"), "regel"), faults


def half_year(frame: pl.DataFrame, year: str, half: str) -> tuple[date, date] | None:
    """First and last day of the one half-year that the rows are about; None when there is not one."""
    found = frame.select(year, half).unique()
    if found.height != 1:
        return None
    in_year, number = found.row(0)
    last = number * 6
    return date(in_year, last - 5, 1), date(in_year, last, calendar.monthrange(in_year, last)[1])
