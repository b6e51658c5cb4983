"""Reads fixed-width records: one record per line, fields side by side, a blank field as none."""

from collections.abc import Callable, Sequence

import polars as pl

from assets.readers import Fault
from assets.readers.files import decode
from validations.contracts.bus import Position
from validations.contracts.delivery import DeliveryError


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
    faults = [Fault(name, line, "LEV-22") for line in lines.filter(~fits).get_column("regel")]
    columns, start = [], 0
    for position in layout:
        value = pl.col("lijn").str.slice(start, position.length).str.strip_chars()
        empty = ["", *position.none]
        columns.append(pl.when(~value.is_in(empty)).then(value).alias(position.name))
        start += position.length
    return lines.filter(fits).select(*columns, pl.lit(name).alias("bestand"), "regel"), faults
