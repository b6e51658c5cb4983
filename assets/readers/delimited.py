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
    lines = _lines(name, text, separator, len(names))
    try:
        frame = pl.read_csv(
            text.encode(),
            separator=separator,
            has_header=False,
            skip_rows=1,
            new_columns=names,
            schema=dict.fromkeys(names, pl.String),
            null_values="",
            raise_if_empty=False,
        )
    except pl.exceptions.PolarsError:
        raise DeliveryError("LEV-04", name) from None
    if frame.height != lines.height:
        raise DeliveryError("LEV-05", name)
    return frame.select(
        *(pl.col(source).str.strip_chars().replace("", None).alias(target) for source, target in columns.items()),
        pl.lit(name).alias("bestand"),
        lines.get_column("regel"),
    ).filter(lines.get_column("lijn") != "")


def _lines(name: str, text: str, separator: str, width: int) -> pl.DataFrame:
    """The lines below the header: regel and lijn ("" where blank). polars pads a short line in silence: refused here.

    Raises DeliveryError with the first line on which a quote stays open (a field that runs on), or that has another
    number of fields than the header.
    """
    # Split by polars: a list of Python strings takes ten times the memory, and the address table has 8 million lines.
    lines = pl.Series("lijn", [text.removesuffix("\n")]).str.split("\n").explode().to_frame()
    lines = lines.with_row_index("regel", offset=1)
    lines = lines.select(pl.col("regel").cast(pl.Int64), pl.col("lijn").str.strip_chars())
    unquoted = pl.col("lijn")
    if '"' in text:
        open_quote = lines.filter(unquoted.str.count_matches('"', literal=True) % 2 == 1)
        if open_quote.height:
            raise DeliveryError("LEV-05", name, open_quote.item(0, "regel"))
        unquoted = unquoted.str.replace_all('"[^"]*"', "")
    lines = lines.slice(1)
    ragged = lines.filter(pl.col("lijn") != "", unquoted.str.count_matches(separator, literal=True) != width - 1)
    if ragged.height:
        raise DeliveryError("LEV-04", name, ragged.item(0, "regel"))
    return lines
