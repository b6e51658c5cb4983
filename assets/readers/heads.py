"""The header of delimited text, as programs and people write it: where it stands, what separates, which columns.

One step before every reader of delimited text. Certain habits are read as meant (`sep=;` above it, other capitals,
blanks around a name, empty columns on the right); what is not certain is refused with what was found and expected.
"""

import difflib
import re
from collections.abc import Collection
from dataclasses import dataclass

from validations.language.delivery import DeliveryError

# What a spreadsheet or database may have put between fields, and how an owner calls it.
SEPARATORS = {";": "een puntkomma", ",": "een komma", "\t": "een tab", "|": "een staand streepje"}
# Excel's own line that says what separates; some programs quote it or fill up the line.
_SEP_LINE = re.compile(r'^"?sep=(.)"?[;,\t|"]*$', re.IGNORECASE)
# The form of a text that can only be a heading: a line of data in its place is not shown.
_HEADING = re.compile(r"^[a-z][a-z _.-]{1,40}\d{0,2}$", re.IGNORECASE)
# A heading must be this much like a missing column to be named beside it: other headings may hold anything.
ALIKE = 0.75


@dataclass(frozen=True)
class Head:
    """A header: `names` in order (as the reader asks for them where they are known), and the `line` it stands on.

    `width`: how many fields a line has, with the empty columns on the right.
    """

    separator: str
    names: list[str]
    line: int
    width: int


def find_head(
    name: str,
    text: str,
    columns: Collection[str],
    separators: str = ";",
    *,
    extra_allowed: bool = False,
    dropped: Collection[str] = (),
) -> Head:
    """The header of a file that must have `columns`, and may have `dropped`. Raises DeliveryError LEV-03.

    With more than one of `separators` the one that finds most columns is taken; a line `sep=` decides.
    """
    header, line, declared = _header_line(text)
    splits = {one: _cells(header, one) for one in declared or separators}
    known = {_key(column): column for column in (*columns, *dropped)}
    separator = max(splits, key=lambda one: len({_key(cell) for cell in splits[one]} & known.keys()))
    cells = splits[separator]
    width = len(cells)
    while cells and not cells[-1]:
        cells.pop()
    names = [known.get(_key(cell), cell) for cell in cells]
    missing = [column for column in columns if column not in names]
    extra = [found for found in names if found not in columns and found not in dropped]
    if missing or len(set(names)) != len(names) or (extra and not extra_allowed):
        raise DeliveryError("LEV-03", name, line, _what_is_wrong(header, separator, missing, extra, columns))
    return Head(separator, names, line, width)


def headings(text: str, separators: str = ";,\t") -> tuple[str, list[str]]:
    """Separator and headings of a file whose columns are known only once they are read: those of CBS bear their year.

    The separator is the one that a line `sep=` tells, else the one that gives most headings.
    """
    header, _, declared = _header_line(text)
    splits = {one: _cells(header, one) for one in declared or separators}
    separator = max(splits, key=lambda one: len(splits[one]))
    return separator, splits[separator]


def _header_line(text: str) -> tuple[str, int, str]:
    """The first line that holds something, its number, and the separator that a line before it tells ("" if none)."""
    declared, place, number = "", 0, 0
    while True:
        end = text.find("\n", place)
        line = text[place : end if end >= 0 else len(text)].rstrip("\r")
        number += 1
        found = _SEP_LINE.match(line.strip(" "))
        if found and not declared:
            declared = found[1]
        elif line.strip(' ;,\t|"') or end < 0:
            return line, number, declared
        place = end + 1


def _cells(header: str, separator: str) -> list[str]:
    return [" ".join(part.strip().strip('"').split()) for part in header.split(separator)]


def _key(heading: str) -> str:
    return heading.casefold()


def _what_is_wrong(header: str, separator: str, missing: list[str], extra: list[str], columns: Collection[str]) -> str:
    """What is wrong with a header, in words. Of other headings only those that look like a missing column are shown."""
    keys = {_key(column) for column in columns}
    for other, called in SEPARATORS.items():
        found = {_key(cell) for cell in _cells(header, other)} & keys
        if other != separator and len(columns) > 1 and 2 * len(found) >= len(columns):
            return f"Het scheidingsteken is {called}; verwacht: {SEPARATORS.get(separator, 'een ander')}."
    if not missing:
        return f"Niet bekend of dubbel: {len(extra) or 1} kolom(men)."
    return f"Ontbreekt: {', '.join(expected(column, extra) for column in missing)}."


def expected(column: str, headings: list[str]) -> str:
    """A missing column, with the heading that looks like it where there is one."""
    found = nearest(column, headings)
    return f"{found} gevonden, {column} verwacht" if found else column


def nearest(column: str, headings: list[str]) -> str | None:
    """The heading that looks most like a column, when it can be shown."""
    near = difflib.get_close_matches(_plain(column), [_plain(heading) for heading in headings], 1, ALIKE)
    return next((one for one in headings if near and _plain(one) == near[0] and _HEADING.match(one)), None)


def _plain(heading: str) -> str:
    return re.sub(r"[^a-z]", "", heading.casefold())
