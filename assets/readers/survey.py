"""Reads the answers to a survey form: CSV with semicolons, of which some columns are never taken over.

An open question may run over lines and hold anything: its text is dropped here, and reaches no frame.
"""

import csv
import io
from collections.abc import Iterator, Mapping

import polars as pl

from assets.readers.files import decode
from validations.contracts.delivery import DeliveryError


def read_survey(name: str, content: bytes, columns: Mapping[str, str], dropped: tuple[str, ...]) -> pl.DataFrame:
    """The columns of one file as text, plus bestand and regel (the line on which an answer ends, the header being 1).

    `columns` maps a name in the header to that in the contract; `dropped` may be in the header and goes nowhere. Any
    other column refuses the delivery, as it may hold what was never agreed. Raises DeliveryError.
    """
    reader = csv.reader(io.StringIO(decode(name, content, long_lines=True), newline=""), delimiter=";", strict=True)
    rows = _rows(name, reader)
    header = [part.strip() for part in next(rows)]
    missing = [column for column in columns if column not in header]
    unknown = len(set(header) - set(columns) - set(dropped))
    if missing or unknown or len(set(header)) != len(header):
        told = f"Ontbreekt: {', '.join(missing)}." if missing else f"Niet bekend of dubbel: {unknown or 1} kolom(men)."
        raise DeliveryError("LEV-03", name, 1, told)
    places = [header.index(column) for column in columns]
    found = []
    for row in rows:
        if not any(part.strip() for part in row):
            continue
        if len(row) != len(header):
            raise DeliveryError("LEV-04", name, reader.line_num)
        found.append([*(row[place].strip() or None for place in places), name, reader.line_num])
    schema = dict.fromkeys([*columns.values(), "bestand"], pl.String) | {"regel": pl.Int64}
    return pl.DataFrame(found, schema=schema, orient="row")


def _rows(name: str, reader: Iterator[list[str]]) -> Iterator[list[str]]:
    """The rows. Raises DeliveryError where a quote stays open; the text of csv's own error may hold a value."""
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise DeliveryError("LEV-05", name, reader.line_num) from None  # pyright: ignore[reportAttributeAccessIssue]
        yield row
