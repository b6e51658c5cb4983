"""Workbooks for tests, made with openpyxl: two pupils under a header, and the means to change the parts of a file."""

import io
import zipfile
from collections.abc import Callable
from datetime import date

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.making.town import bsn

HEADER = ["beschikkingnr", "bsn", "schooljaar", "datum_begin", "datum_einde", "vervoersoort"]
FIRST = ["LV-1", int(bsn(1)), "2021/22", date(2021, 8, 1), date(2022, 7, 31), "aangepast"]
SECOND = ["LV-2", bsn(2), "2021/22", date(2021, 9, 6), None, "eigen"]


def sheet(*rows: list, top: int = 1, left: int = 1) -> tuple[Workbook, Worksheet]:
    """A workbook of one sheet with these rows."""
    book = Workbook()
    first = book.active
    assert isinstance(first, Worksheet)
    fill(first, *rows, top=top, left=left)
    return book, first


def fill(on: Worksheet, *rows: list, top: int = 1, left: int = 1) -> None:
    for number, row in enumerate(rows, top):
        for column, value in enumerate(row, left):
            on.cell(number, column, value)


def saved(book: Workbook, change: Callable[[str, str], str] | None = None) -> bytes:
    """The bytes of a workbook; `change` may alter the text of each part (its path and text)."""
    buffer = io.BytesIO()
    book.save(buffer)
    if change is None:
        return buffer.getvalue()
    return rezipped(buffer.getvalue(), change)


def rezipped(content: bytes, change: Callable[[str, str], str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, change(part, old.read(part).decode()))
    return out.getvalue()


def plain() -> Workbook:
    return sheet(HEADER, FIRST, SECOND)[0]
