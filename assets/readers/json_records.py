"""Reads JSON: one list of flat objects, one object a record; every value as text. `regel` is the number of the record.

What could be read in two ways is refused: NaN, a field that comes twice, values in values.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from assets.readers import Fault
from assets.readers.files import decode
from validations.language.delivery import DeliveryError

BROKEN_OFF = "Het bestand breekt hier af; de export of de upload is niet af."
_SPACE = re.compile(r"[ \t\n\r]*")


def read_records(name: str, content: bytes, columns: Mapping[str, str]) -> tuple[pl.DataFrame, list[Fault]]:
    """The records of one file as text, plus bestand and regel (1 for the first record); and those with other values.

    `columns` maps a field of the objects to the name in the contract. A record may leave a field out, but a field that
    is not in `columns` refuses the delivery: it may hold what the monitor should never have. Raises DeliveryError.
    """
    rows, faults = [], []
    for number, record in _records(name, decode(name, content, long_lines=True)):
        if record.keys() - columns.keys():
            raise DeliveryError("LEV-03", name, number, "Een veld is niet bekend.")
        values = [record.get(field) for field in columns]
        # True is an int in Python.
        if all(value is None or type(value) in (str, int) for value in values):
            # JSON can write half a character (a lone surrogate), which no table can hold.
            texts = [
                None if value is None else str(value).encode("utf-8", "replace").decode().strip() or None
                for value in values
            ]
            rows.append([*texts, name, number])
        else:
            faults.append(Fault(name, number, "LEV-47"))
    schema = dict.fromkeys([*columns.values(), "bestand"], pl.String) | {"regel": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row"), faults


def _records(name: str, text: str) -> Iterator[tuple[int, dict]]:
    """Number and object of each record, read one by one so that a fault can name its record. Raises DeliveryError."""
    decoder = json.JSONDecoder(**STRICT)
    place, number = _skip(text, 0), 0
    if not text.startswith("[", place):
        raise DeliveryError("LEV-45", name, 1)
    place = _skip(text, place + 1)
    # An empty list is a delivery without records, which the intake refuses.
    open_list = not text.startswith("]", place)
    while open_list:
        number += 1
        try:
            record, place = decoder.raw_decode(text, place)
        except (TwiceOrNoNumberError, RecursionError):
            raise DeliveryError("LEV-46", name, number) from None
        except ValueError as error:
            # No JSON, or a number of thousands of digits.
            cut = isinstance(error, json.JSONDecodeError) and _is_cut(error, text)
            raise DeliveryError("LEV-45", name, number, BROKEN_OFF if cut else "") from None
        if not isinstance(record, dict):
            raise DeliveryError("LEV-45", name, number)
        yield number, record
        place = _skip(text, place)
        open_list = text.startswith(",", place)
        if not open_list and not text.startswith("]", place):
            raise DeliveryError("LEV-45", name, number, BROKEN_OFF if place == len(text) else "")
        place = _skip(text, place + 1) if open_list else place
        if open_list and text.startswith("]", place):
            raise DeliveryError("LEV-45", name, number, "Na dit record, het laatste, staat nog een komma.")
    if _skip(text, place + 1) != len(text):
        raise DeliveryError("LEV-45", name, number or 1, "Er staat iets na het einde van de lijst.")


def _is_cut(error: json.JSONDecodeError, text: str) -> bool:
    """Whether the text ends where more must follow: at its end, or in a string that does not close."""
    return error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string")


class TwiceOrNoNumberError(ValueError):
    """A field that comes twice, or a value that JSON does not have."""


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise TwiceOrNoNumberError
    return found


def _refuse(_constant: str) -> None:
    raise TwiceOrNoNumberError


# For json.loads and JSONDecoder: what could be read in two ways is no JSON.
STRICT: dict[str, Any] = {"object_pairs_hook": _once, "parse_constant": _refuse}


def _skip(text: str, place: int) -> int:
    found = _SPACE.match(text, place)
    return found.end() if found else place
