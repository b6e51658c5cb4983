"""Reads workbooks (XLSX) as people make them: titles above the header, merged cells, dates and numbers of both kinds.

Gives text, as every reader does; what it cannot be sure of it leaves as it stands, for the contract to judge. Values
come from calamine (a formula is its value, as Excel last kept it); openpyxl only tells what calamine cannot: merged
cells and hidden rows. Knows no registration.
"""

import io
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import polars as pl

from assets.ground.names import masked
from assets.readers import Fault, SourceFile
from assets.readers.cells import ERROR, NOT_COMPUTED, NUMBER, Cells, letters_of, read_cells, sheet_parts
from assets.readers.files import members, unzipped
from assets.readers.forms import DAY_FIRST, order
from assets.readers.heads import expected, nearest
from assets.readers.typed import TWO, TWO_READINGS, certain, value
from validations.language.contract import Field
from validations.language.delivery import DeliveryError
from validations.language.texts import passes_elfproef

# Far above any list that people keep, far below what fills memory: calamine holds every cell of the used rectangle.
MAX_UNPACKED = 256 * 2**20
MAX_CELLS = 20_000_000
# A header stands near the top: titles and explanations come before it.
HEADER_WITHIN = 50
# A row with totals; with the number of a person it may be a record.
PERSON = re.compile(r"[\d .]{8,12}")
TOTAL = re.compile(r"^(eind|sub)?\s*(totaal|totalen)\b", re.IGNORECASE)

# A cell without its value; a sheet that may hold records and was not read, and any other beside the one that was.
LOST, NOT_READ, BESIDE = "LEV-61", "LEV-56", "LEV-60"
TOTAL_OR_PERSON = "LEV-69"

Row = list[str | None]


@dataclass(frozen=True)
class _Loaded:
    """A sheet as it lies in the workbook: its rows from row 1 down."""

    number: int
    title: str
    visible: bool
    rows: list[Row]

    def of(self, workbook: str) -> str:
        """How its owner finds it."""
        return f"{workbook}, blad {masked(self.title)}"


@dataclass(frozen=True)
class _Sheet:
    """A sheet with the columns of the contract: its rows from row 1 down, the header's row, and field by column."""

    number: int
    title: str
    rows: list[Row]
    header: int
    columns: dict[int, str]
    hidden: frozenset[int]
    # Cells over several rows: first and last row, and column as in `rows`.
    merged: tuple[tuple[int, int, int], ...]

    def names(self) -> list[str]:
        return list(self.columns.values())


def read_workbooks(
    files: list[SourceFile], fields: tuple[Field, ...], optional: tuple[str, ...] = ()
) -> tuple[pl.DataFrame, list[Fault], list[Fault]]:
    """The rows of every workbook of a delivery, the cells that could not be read, and what its owner must know.

    From each workbook the one visible sheet with the columns of the contract: its fields as text, dates as jjjj-mm-dd,
    plus bestand and regel (the row as the owner sees it). A column is known by the field's name or one of its aliases,
    in any order; those of `optional` may be absent, and gemeentecode too (then the frame lacks it). Hidden rows are
    read like others and told. A row that names nobody (the identifying fields are empty, or it begins with "Totaal"
    and has no person's number) is left out and told. Raises DeliveryError.
    """
    read = [_workbook(name, content, fields, optional) for name, content in members(files, ".xlsx")]
    frame = pl.concat([frame for frame, *_ in read], how="diagonal")
    absent = [pl.lit(None, pl.String).alias(column) for column in optional if column not in frame.columns]
    faults = [fault for _, faults, _ in read for fault in faults]
    return frame.with_columns(absent), faults, [notice for *_, notices in read for notice in notices]


def read_sheet(name: str, content: bytes, is_header: Callable[[list[str]], bool]) -> tuple[pl.DataFrame, list[Fault]]:
    """Every column of the one visible sheet with a header, as text by heading, plus bestand and regel.

    Also gives the other sheets that hold something, as notices. For tables that others publish: nothing is guessed, and
    a cell that cannot be read refuses it. Raises DeliveryError.
    """
    _safe(name, content)
    sheets = _loaded(name, content)
    found = [
        (sheet, number)
        for sheet in sheets
        for number, row in enumerate(sheet.rows[:HEADER_WITHIN], 1)
        if sheet.visible and is_header([cell or "" for cell in row])
    ]
    if len(found) != 1:
        raise DeliveryError("LEV-52" if found else "LEV-51", name)
    sheet, header = found[0]
    title, rows = sheet.title, sheet.rows
    beside = [
        Fault(other.of(name), None, BESIDE) for other in sheets if other is not sheet and any(map(any, other.rows))
    ]
    headings = [heading or f"leeg {place}" for place, heading in enumerate(rows[header - 1])]
    if len(set(headings)) != len(headings):
        raise DeliveryError("LEV-03", name, header, "Een kolomkop komt twee keer voor.")
    kinds = read_cells(content, sheet_parts(content)[title]).kinds
    wrong = sorted(place for place, kind in kinds.items() if kind in (ERROR, NOT_COMPUTED))
    if wrong:
        row, column = wrong[0]
        raise DeliveryError(LOST, name, row, f"Cel {masked(title)}!{letters_of(column)}{row}.")
    below = [[*row, name, number] for number, row in enumerate(rows[header:], header + 1) if any(row)]
    schema = dict.fromkeys([*headings, "bestand"], pl.String) | {"regel": pl.Int64}
    return pl.DataFrame(below, schema=schema, orient="row"), beside


def _workbook(
    name: str, content: bytes, fields: tuple[Field, ...], optional: tuple[str, ...]
) -> tuple[pl.DataFrame, list[Fault], list[Fault]]:
    optional = (*optional, "gemeentecode")
    visible, covered, others = _sheets(name, content, fields, optional)
    if len(visible) != 1:
        numbers = " en ".join(str(sheet.number) for sheet in visible)
        detail = f"Blad {numbers}." if visible else "De kolommen staan alleen op een verborgen blad." if covered else ""
        raise DeliveryError("LEV-52" if visible else "LEV-51", name, detail=detail)
    sheet = visible[0]
    names = sheet.names()
    doubles = [column for column, count in Counter(names).items() if count > 1]
    missing = [field.name for field in fields if field.name not in {*names, *optional}]
    unknown = [cell for place, cell in enumerate(sheet.rows[sheet.header - 1]) if cell and place not in sheet.columns]
    if doubles or missing:
        absent = ", ".join(expected(column, unknown) for column in missing)
        wrong = f"Dubbel: {', '.join(doubles)}." if doubles else f"Ontbreekt: {absent}."
        raise DeliveryError("LEV-03", name, sheet.header, wrong)
    rows, faults, notices = _records(name, sheet, fields, _cells(content, sheet, fields))
    schema = dict.fromkeys(names, pl.String) | {"regel": pl.Int64}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    values = [value(field) for field in fields if field.name in names]
    notes = [Fault(name, None, "LEV-55")] if covered else []
    # A column that may be absent, and stands there under a name that is not known.
    renamed = [column for column in optional if column not in names and nearest(column, unknown)]
    notes += [Fault(name, sheet.header, "LEV-59", expected(column, unknown)) for column in renamed]
    notes += [
        Fault(other.of(name), None, NOT_READ if other.visible and _may_name_persons(other, fields) else BESIDE)
        for other in others
    ]
    return frame.select(*values, pl.lit(name).alias("bestand"), "regel"), faults, notes + notices


def _sheets(
    name: str, content: bytes, fields: tuple[Field, ...], optional: tuple[str, ...]
) -> tuple[list[_Sheet], list[_Sheet], list[_Loaded]]:
    """The visible and the hidden sheets with the columns of the contract, and others that hold something.

    Raises DeliveryError LEV-10 or LEV-50.
    """
    layout = _safe(name, content)
    loaded = _loaded(name, content)
    with _reading(name):
        of_sheet = _merged_and_hidden(content) if layout else {}
    found: tuple[list[_Sheet], list[_Sheet]] = ([], [])
    others = []
    for sheet in loaded:
        rows = sheet.rows
        merged, hidden = of_sheet.get(sheet.title, ((), frozenset()))
        for first, last, column in merged:
            # One cell over several rows holds for each of them.
            for row in rows[first : min(last, len(rows))]:
                if column < len(row) and row[column] is None:
                    row[column] = rows[first - 1][column]
        place = _header(rows, fields, optional)
        if place is not None:
            found[not sheet.visible].append(
                _Sheet(sheet.number, sheet.title, rows, place[0], place[1], hidden, tuple(merged))
            )
        elif any(any(row) for row in rows):
            others.append(sheet)
    return (*found, others)


def _may_name_persons(sheet: _Loaded, fields: tuple[Field, ...]) -> bool:
    """Whether a sheet without the columns of the contract can still hold records: by two headings, or by a number."""
    known = _known(fields)
    who = {field.name for field in fields if field.identifying}
    headed = ({known[_key(cell)] for cell in row if cell and _key(cell) in known} for row in sheet.rows[:HEADER_WITHIN])
    if any(len(found) > 1 and found & who for found in headed):
        return True
    return any(passes_elfproef(cell.removesuffix(".0")) for row in sheet.rows for cell in row if cell)


def _loaded(name: str, content: bytes) -> list[_Loaded]:
    """Every sheet of a workbook. Raises DeliveryError LEV-50."""
    import fastexcel

    loaded = []
    with _reading(name):
        reader = fastexcel.read_excel(content)
        for number, title in enumerate(reader.sheet_names, 1):
            # Row 1 is the first row of the sheet, empty or not; columns begin at the first that holds anything.
            sheet = reader.load_sheet(title, header_row=None, skip_rows=0, dtypes="string")
            rows = [[_clean(cell) for cell in row] for row in sheet.to_polars().iter_rows()]
            loaded.append(_Loaded(number, title, sheet.visible == "visible", rows))
    return loaded


@contextmanager
def _reading(name: str) -> Iterator[None]:
    try:
        yield
    except BaseException as error:
        # A panic of the library is no Exception. Its text may hold a value of the delivery.
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        raise DeliveryError("LEV-50", name, detail="Het bestand is beschadigd.") from None


def _safe(name: str, content: bytes) -> bool:
    """Whether the workbook has merged cells or hidden rows. Raises DeliveryError for what no workbook should be."""
    _is_workbook(name, content)
    layout, size = False, 0
    try:
        for part, data in unzipped(name, io.BytesIO(content)):
            size += len(data)
            if size > MAX_UNPACKED:
                raise DeliveryError("LEV-10", name)
            # Without NUL bytes UTF-16 reads as ASCII here.
            plain = data.replace(b"\x00", b"")
            if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
                raise DeliveryError("LEV-50", name, detail="Er zit een DOCTYPE of entiteit in.")
            if part == "xl/workbook.xml" and re.search(rb"""date1904=["'](1|true)""", data):
                # Its day numbers mean other days, and nothing in a cell tells.
                detail = "De werkmap gebruikt het datumsysteem 1904; zet dat uit bij de opties van Excel."
                raise DeliveryError("LEV-50", name, detail=detail)
            if part.startswith("xl/worksheets/"):
                layout |= b"mergeCell" in data or b"hidden=" in data
                if _used(data) > MAX_CELLS:
                    raise DeliveryError("LEV-10", name, detail="Een cel staat te ver van de andere.")
    except DeliveryError as error:
        if error.rule_id != "LEV-09":
            raise
        raise DeliveryError("LEV-50", name, detail="Het bestand is beschadigd.") from None
    return layout


def _is_workbook(name: str, content: bytes) -> None:
    if not content:
        raise DeliveryError("LEV-01", name)
    if content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        # A workbook with a password lies in the same container as those of before 2007.
        locked = "EncryptedPackage".encode("utf-16-le") in content
        kind = "Het bestand heeft een wachtwoord." if locked else "Het is een werkmap van voor 2007 (.xls)."
        raise DeliveryError("LEV-50", name, detail=kind)
    if content[:2] != b"PK":
        raise DeliveryError("LEV-50", name, detail="Het is geen werkmap.")


def _used(sheet: bytes) -> int:
    """The size of the rectangle up to the furthest cell of a sheet: a cell far away makes a small file huge."""
    furthest = [0, 0]
    for letters, row in re.findall(rb"""\br=["']([A-Za-z]{1,3})([0-9]{1,7})["']""", sheet):
        column = 0
        for letter in letters.upper():
            column = column * 26 + letter - 64
        furthest = [max(furthest[0], column), max(furthest[1], int(row))]
    return furthest[0] * furthest[1]


def _merged_and_hidden(content: bytes) -> dict[str, tuple[list[tuple[int, int, int]], frozenset[int]]]:
    """By title of a sheet: merged cells over several rows (first and last row, column as calamine counts), hidden rows.

    Of cells merged side by side the first holds the value, as it does for calamine.
    """
    import openpyxl

    found = {}
    for sheet in openpyxl.load_workbook(io.BytesIO(content)).worksheets:
        filled = [cell.column for row in sheet.iter_rows() for cell in row if cell.value is not None]
        left = min(filled, default=1)
        over = [area for area in sheet.merged_cells.ranges if area.max_row > area.min_row]
        merged = [(area.min_row, area.max_row, area.min_col - left) for area in over if area.min_col >= left]
        hidden = frozenset(number for number, row in sheet.row_dimensions.items() if row.hidden)
        found[sheet.title] = (merged, hidden)
    return found


def _clean(cell: str | None) -> str | None:
    """Without spaces around and doubled ones (Excel's hard spaces too); an empty cell is none."""
    return " ".join(cell.split()) or None if cell else None


def _key(heading: str) -> str:
    """What is left of a heading for comparing: small letters and digits, without accents."""
    plain = unicodedata.normalize("NFKD", heading.lower())
    return re.sub(r"[^a-z0-9]", "", plain)


def _header(rows: list[Row], fields: tuple[Field, ...], optional: tuple[str, ...]) -> tuple[int, dict[int, str]] | None:
    """The row number of the header and the field of each known column; none when no row names half of what must be."""
    needed = {field.name for field in fields} - {*optional}
    known = _known(fields)
    best: tuple[int, dict[int, str]] | None = None
    for number, row in enumerate(rows[:HEADER_WITHIN], 1):
        found = {place: known[_key(cell)] for place, cell in enumerate(row) if cell and _key(cell) in known}
        # Of two rows with the same headings under each other (cells merged over both) the last is the header.
        better = best is None or len(found) > len(best[1]) or (found == best[1] and number == best[0] + 1)
        if 2 * len(needed & set(found.values())) >= len(needed) and better:
            best = (number, found)
    return best


def _known(fields: tuple[Field, ...]) -> dict[str, str]:
    """The field of each heading under which it may stand."""
    return {_key(heading): field.name for field in fields for heading in (field.name, *field.aliases)}


def _cells(content: bytes, sheet: _Sheet, fields: tuple[Field, ...]) -> Cells:
    """What the cells of a sheet are. Its numbers are looked up only where one could also be a typed text."""
    numeric = {field.name for field in fields if field.kind.dtype.is_float()}
    places = [place for place, name in sheet.columns.items() if name in numeric]
    doubtful = any(TWO_READINGS.match(row[place] or "") for row in sheet.rows[sheet.header :] for place in places)
    cells = read_cells(content, sheet_parts(content)[sheet.title], always=doubtful)
    left = cells.left
    # calamine ends with the last row that holds a value.
    beyond = max((row for row, _ in cells.kinds), default=0) - len(sheet.rows)
    sheet.rows.extend([None] * len(sheet.rows[0]) for _ in range(beyond))
    for first, last, place in sheet.merged:
        kind = cells.kinds.get((first, place + left))
        cells.kinds.update({(row, place + left): kind for row in range(first, last + 1) if kind})
    return cells


def _records(
    name: str, sheet: _Sheet, fields: tuple[Field, ...], cells: Cells
) -> tuple[list[list], list[Fault], list[Fault]]:
    """The rows below the header that name somebody, with their number; cells that cannot be read; and what to tell."""
    rows, faults, notices = [], [], []
    places, kinds = list(sheet.columns), {field.name: field for field in fields}
    who = [place for place, field in sheet.columns.items() if kinds[field].identifying]
    persons = [place for place, field in sheet.columns.items() if kinds[field].person]
    headings = [sheet.rows[sheet.header - 1][place] for place in places]
    left = cells.left
    orders = _orders(sheet, kinds)
    for number, row in enumerate(sheet.rows[sheet.header :], sheet.header + 1):
        values = [row[place] for place in places]
        wrong = {place: LOST for place in places if cells.kinds.get((number, place + left)) in (ERROR, NOT_COMPUTED)}
        # A header that is repeated, as for print, is no record.
        if not (any(values) or wrong) or values == headings:
            continue
        total = TOTAL.match(next((cell for cell in row if cell), ""))
        named = any(PERSON.fullmatch(row[place] or "") for place in persons)
        if total and named:
            faults.append(Fault(name, number, TOTAL_OR_PERSON))
            continue
        if total or not (wrong or any(row[place] for place in who)):
            notices.append(Fault(name, number, "LEV-54"))
            continue
        for place, field in sheet.columns.items():
            written = cells.kinds.get((number, place + left))
            typed = written != NUMBER
            row[place] = certain(row[place], kinds[field], typed=typed, order=orders.get(place, DAY_FIRST))
            if row[place] == TWO:
                wrong[place] = TWO
        if wrong:
            where = [(f"{masked(sheet.title)}!{letters_of(place + left)}{number}", wrong[place]) for place in wrong]
            faults += [Fault(name, number, rule, cell, rows=int(not count)) for count, (cell, rule) in enumerate(where)]
            continue
        if number in sheet.hidden:
            notices.append(Fault(name, number, "LEV-53"))
        rows.append([*(row[place] for place in places), number])
    return rows, faults, notices


def _orders(sheet: _Sheet, kinds: dict[str, Field]) -> dict[int, str | None]:
    """For each column of dates: whether its texts have the day first, or the month, or do not tell."""
    places = [place for place, name in sheet.columns.items() if kinds[name].kind.dtype is pl.Date]
    below = sheet.rows[sheet.header :]
    return {place: order(pl.Series([row[place] for row in below], dtype=pl.String)) for place in places}
