"""What the cells of a workbook are, which their values do not tell: an error, a formula that was never computed, text.

calamine gives an empty value for the first two, and the same text for the number 1.25 and for a typed `1.250`. This
reads the parts of the workbook themselves. Knows no registration and gives no value.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]  lxml has no stubs

ERROR, NOT_COMPUTED, TYPED, NUMBER = "fout", "formule", "tekst", "getal"
# A sheet without any of these has no such cells, and need not be read again.
_SIGNS = re.compile(rb"""<(?:\w+:)?f[ >/]|\bt=["']e["']""")
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_SAFE = {"resolve_entities": False, "no_network": True, "load_dtd": False}


@dataclass(frozen=True)
class Cells:
    """The cells of a sheet that hold something: kind by (row, column), both from 1; `left`: the first such column.

    A formula that was not computed holds nothing; an empty text that a formula gave is a text.
    """

    kinds: dict[tuple[int, int], str]

    @property
    def left(self) -> int:
        """The first column that holds a value: there the rectangle that calamine gives begins."""
        return min((column for (_, column), kind in self.kinds.items() if kind != NOT_COMPUTED), default=1)


def sheet_parts(content: bytes) -> dict[str, str]:
    """The part of the workbook that holds each sheet, by the title of the sheet."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        links = etree.fromstring(book.read("xl/_rels/workbook.xml.rels"), etree.XMLParser(**_SAFE))
        targets = {link.get("Id"): link.get("Target") for link in links}
        sheets = etree.fromstring(book.read("xl/workbook.xml"), etree.XMLParser(**_SAFE)).iter("{*}sheet")
        found = {sheet.get("name"): targets.get(_relation(sheet), "") for sheet in sheets}
    return {title: posixpath.normpath(posixpath.join("/xl", target)).lstrip("/") for title, target in found.items()}


def _relation(sheet) -> str | None:
    return next((value for name, value in sheet.attrib.items() if name.endswith("}id")), None)


def read_cells(content: bytes, part: str, *, always: bool = False) -> Cells:
    """The cells of a sheet; none when it has no formula and no error, unless they are `always` wanted."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        data = book.read(part)
    return Cells(dict(_cells(data)) if always or _SIGNS.search(data) else {})


def _cells(data: bytes) -> Iterator[tuple[tuple[int, int], str]]:
    row = column = 0
    for event, element in etree.iterparse(io.BytesIO(data), events=("start", "end"), tag=("{*}row", "{*}c"), **_SAFE):
        name = element.tag.rpartition("}")[2]
        if event == "start":
            if name == "row":
                row, column = int(element.get("r") or row + 1), 0
            continue
        if name == "row":
            element.clear()
            continue
        place = _PLACE.fullmatch(element.get("r") or "")
        column = _number(place[1]) if place else column + 1
        kind = _kind(element)
        if kind:
            yield (row, column), kind


def _kind(cell) -> str | None:
    parts = {part.tag.rpartition("}")[2]: part for part in cell}
    value, written = parts.get("v"), cell.get("t", "n")
    filled = value is not None and bool(value.text)
    if written == "e":
        return ERROR
    if "f" in parts and not filled and not (written == "str" and value is not None):
        return NOT_COMPUTED
    if written in ("s", "str", "inlineStr"):
        return TYPED if filled or "is" in parts or "f" in parts else None
    return NUMBER if filled else None


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def letters_of(column: int) -> str:
    """The letters of a column: 1 is A, 27 is AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
