"""Reads delimited text (CSV): UTF-8, one header line, every value as text, an empty field as none."""

from collections.abc import Mapping

import polars as pl

from assets.readers.files import decode
from validations.contracts.delivery import DeliveryError


def read_delimited(
    name: str,
    content: bytes,
    columns: Mapping[str, str],
    separators: str = ";",
    *,
    extra_allowed: bool = False,
) -> pl.DataFrame:
    """The columns of one file as text, plus bestand and regel (line in the file, the header being 1).

    `columns` maps a name in the header to the name in the contract. With more than one separator the one that splits
    the header into all columns is taken. Order is free; a missing column is refused, and an unknown one too, unless
    `extra_allowed`. Raises DeliveryError.
    """
    text = decode(name, content)
    header = text.split("\n", 1)[0].rstrip("\r")
    splits = {mark: [part.strip().strip('"') for part in header.split(mark)] for mark in separators}
    separator = max(splits, key=lambda mark: len(set(splits[mark]) & set(columns)))
    names = splits[separator]
    missing = [column for column in columns if column not in names]
    extra = [part for part in names if part not in columns]
    if missing or len(set(names)) != len(names) or (extra and not extra_allowed):
        told = (
            f"Ontbreekt: {', '.join(missing)}." if missing else f"Niet bekend of dubbel: {len(extra) or 1} kolom(men)."
        )
        raise DeliveryError("LEV-03", name, 1, told)
    try:
        frame = pl.read_csv(
            text.encode(),
            separator=separator,
            has_header=False,
            skip_rows=1,
            new_columns=names,
            schema=dict.fromkeys(names, pl.String),
            null_values="",
            truncate_ragged_lines=False,
            raise_if_empty=False,
        )
    except pl.exceptions.PolarsError:
        raise DeliveryError("LEV-04", name, _ragged_line(text, separator, len(names))) from None
    lines = text.count("\n") + (not text.endswith("\n")) - 1
    blank = sum(not line.strip() for line in text.splitlines()[1:]) if frame.height != lines else 0
    if frame.height != lines - blank:
        raise DeliveryError("LEV-05", name)
    return frame.select(
        *(pl.col(source).str.strip_chars().replace("", None).alias(target) for source, target in columns.items()),
        pl.lit(name).alias("bestand"),
        pl.int_range(2, pl.len() + 2, dtype=pl.Int64).alias("regel"),
    )


def _ragged_line(text: str, separator: str, width: int) -> int | None:
    """The first line with another number of fields than the header, counting no quotes; None when that is not it."""
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and '"' not in line and line.count(separator) != width - 1:
            return number
    return None
