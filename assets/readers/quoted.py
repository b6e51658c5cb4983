"""Reads CSV in which a quoted field may hold anything, line ends too: answers to a survey form, and what was pulled.

Some columns of a survey are never taken over: an open question may hold anything; its text is dropped here, and reaches
no frame. Quotes must be as RFC 4180 has them; CSV that people make is read in delimited.py.
"""

import csv
import io
from collections.abc import Iterator, Mapping

import polars as pl

from assets.readers.files import decode
from assets.readers.heads import find_head
from validations.language.delivery import DeliveryError

# csv's own limit is 131,072 characters; members() bounds a file.
LONGEST = 2**31 - 1


def read_quoted(name: str, content: bytes, columns: Mapping[str, str], dropped: tuple[str, ...] = ()) -> pl.DataFrame:
    """The columns of one file as text, plus bestand and regel (the line on which a record ends, the header being 1).

    `columns` maps a name in the header to that in the contract; `dropped` may be in the header and goes nowhere. Any
    other column refuses the delivery, as it may hold what was never agreed. Raises DeliveryError.
    """
    text = decode(name, content, long_lines=True)
    csv.field_size_limit(LONGEST)
    head = find_head(name, text, columns, dropped=dropped)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=head.separator, strict=True)
    places = [head.names.index(column) for column in columns]
    found = []
    for row in _rows(name, reader):
        if reader.line_num <= head.line or not any(part.strip() for part in row):
            continue
        if len(row) != head.width or any(part.strip() for part in row[len(head.names) :]):
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
