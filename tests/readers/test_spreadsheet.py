"""Workbooks as people make them: every habit is read as meant, or refused with a message that says what to do."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path

import pytest
from openpyxl import Workbook

from assets.readers import Fault, ReadResult
from tests.making.desk import Desk
from tests.making.town import bsn
from tests.making.workbooks import FIRST, HEADER, SECOND, fill, plain, saved, sheet

READ = {
    "LV-1": (bsn(1), "2021/22", "2021-08-01", "2022-07-31", "aangepast"),
    "LV-2": (bsn(2), "2021/22", "2021-09-06", None, "eigen"),
}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def read(desk: Desk, content: bytes, name: str = "leerlingen.xlsx") -> ReadResult:
    return desk.read("leerlingenvervoer", {name: content})


def rows_of(result: ReadResult) -> dict[str, tuple]:
    frame = result.frames["leerlingenvervoer"]
    return {row[0]: row[1:] for row in frame.select(HEADER).rows()}


def lines_of(result: ReadResult) -> list[int]:
    return result.frames["leerlingenvervoer"]["regel"].to_list()


def with_titles() -> Workbook:
    book, on = sheet(["Leerlingenvervoer gemeente Weert"], ["stand 1 oktober", None, "BSN niet mailen"])
    on.merge_cells("A1:F1")
    fill(on, HEADER, FIRST, SECOND, top=5)
    return book


def header_over_two_rows() -> Workbook:
    """Cells of the header merged over two rows, with the dates side by side under one title."""
    over = ["beschikkingnr", "bsn", "schooljaar", "Periode", None, "vervoersoort"]
    book, on = sheet(over, [None, None, None, "begin", "einde"], FIRST, SECOND)
    for column in "ABCF":
        on.merge_cells(f"{column}1:{column}2")
    on.merge_cells("D1:E1")
    return book


def every_header_merged() -> Workbook:
    book, on = sheet(HEADER, [None] * 6, FIRST, SECOND)
    for column in "ABCDEF":
        on.merge_cells(f"{column}1:{column}2")
    return book


def merged_values() -> Workbook:
    """One school year in one cell over both pupils."""
    book, on = sheet(HEADER, FIRST, [*SECOND[:2], None, *SECOND[3:]], left=3, top=2)
    on.merge_cells("E3:E4")
    return book


def dates_as_text() -> Workbook:
    return sheet(
        HEADER, [*FIRST[:3], "1-8-2021", "31 juli 2022", FIRST[5]], [*SECOND[:3], "06/09/2021", " ", SECOND[5]]
    )[0]


def more_dates_as_text() -> Workbook:
    first = [*FIRST[:3], "01.08.2021", "2022-07-31", FIRST[5]]
    return sheet(HEADER, first, [*SECOND[:3], "6 sept. 2021", None, SECOND[5]])[0]


def dates_as_numbers() -> Workbook:
    """Day numbers of Excel without a date format, and jjjjmmdd."""
    return sheet(HEADER, [*FIRST[:3], 44409, 20220731, FIRST[5]], [*SECOND[:3], "44445", None, SECOND[5]])[0]


def dates_with_a_time() -> Workbook:
    first = [
        *FIRST[:3],
        datetime.combine(date(2021, 8, 1), time(9, 30)),
        datetime.combine(date(2022, 7, 31), time(23, 59, 59)),
        FIRST[5],
    ]
    return sheet(HEADER, first, SECOND)[0]


def numbers_as_text() -> Workbook:
    grouped = f"{bsn(1)[:3]}.{bsn(1)[3:6]}.{bsn(1)[6:]}"
    return sheet(HEADER, ["LV-1", grouped, *FIRST[2:]], ["LV-2", f" {bsn(2)[:4]} {bsn(2)[4:]}\xa0", *SECOND[2:]])[0]


def stray_spaces() -> Workbook:
    first = [" LV-1 ", FIRST[1], "2021/22 ", *FIRST[3:5], "\xa0Aangepast"]
    return sheet([f" {name}  " for name in HEADER], first, [*SECOND[:5], "EIGEN "])[0]


def words_of_people() -> Workbook:
    return sheet(
        HEADER, [*FIRST[:2], "2021-2022", *FIRST[3:5], "Taxi"], [*SECOND[:2], "2021/2022", *SECOND[3:5], "fiets"]
    )[0]


def other_headings() -> Workbook:
    names = ["Beschikking nr.", "Burgerservicenummer", "School-jaar", "Ingangsdatum", "T/m", "Soort\nvervoer"]
    return sheet(names, FIRST, SECOND)[0]


def another_order_and_more_columns() -> Workbook:
    rows = [["opmerking", *reversed(row)] for row in (HEADER, FIRST, SECOND)]
    rows[1][0] = "ouders bellen"
    return sheet(*rows)[0]


def empty_rows_and_columns() -> Workbook:
    header, first, second = ([*row[:2], None, *row[2:]] for row in (HEADER, FIRST, SECOND))
    return sheet([], header, first, [], [" "], second, left=4)[0]


def a_far_away_cell() -> Workbook:
    book, on = sheet(HEADER, FIRST, SECOND)
    on.cell(60_000, 30, " ")
    return book


def repeated_header() -> Workbook:
    return sheet(HEADER, FIRST, HEADER, SECOND)[0]


def a_legend() -> Workbook:
    book = plain()
    fill(book.create_sheet("legenda", 0), ["code", "betekenis"], ["aangepast", "taxi of bus"])
    book.create_sheet("Blad3")
    return book


def a_chart() -> Workbook:
    book = plain()
    book.create_chartsheet("grafiek")
    return book


@pytest.mark.parametrize(
    ("make", "lines"),
    [
        (plain, [2, 3]),
        (with_titles, [6, 7]),
        (header_over_two_rows, [3, 4]),
        (every_header_merged, [3, 4]),
        (merged_values, [3, 4]),
        (dates_as_text, [2, 3]),
        (more_dates_as_text, [2, 3]),
        (dates_as_numbers, [2, 3]),
        (dates_with_a_time, [2, 3]),
        (numbers_as_text, [2, 3]),
        (stray_spaces, [2, 3]),
        (words_of_people, [2, 3]),
        (other_headings, [2, 3]),
        (another_order_and_more_columns, [2, 3]),
        (empty_rows_and_columns, [3, 6]),
        (a_far_away_cell, [2, 3]),
        (repeated_header, [2, 4]),
        (a_legend, [2, 3]),
        (a_chart, [2, 3]),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_every_habit_gives_the_same_rows(desk: Desk, make: Callable[[], Workbook], lines: list[int]):
    result = read(desk, saved(make()))
    assert rows_of(result) == READ
    assert lines_of(result) == lines
    beside = [Fault("leerlingen.xlsx, blad legenda", None, "LEV-60")] if make is a_legend else []
    assert (result.faults, result.notices) == ([], beside)


def test_what_is_no_date_or_number_for_certain_stays_as_it_is(desk: Desk):
    first = [*FIRST[:3], "1-8-21", "31 juni 2022", FIRST[5]]
    result = read(desk, saved(sheet(HEADER, first, [*SECOND[:3], "na de vakantie", 12.5, SECOND[5]])[0]))
    found = [row[2:4] for row in rows_of(result).values()]
    assert found == [("1-8-21", "2022-06-31"), ("na de vakantie", "12.5")]


def test_a_school_year_that_excel_took_for_a_month(desk: Desk):
    result = read(desk, saved(sheet(HEADER, [*FIRST[:2], date(2011, 12, 1), *FIRST[3:]])[0]))
    assert result.frames["leerlingenvervoer"]["schooljaar"].to_list() == ["2011/12"]


def test_a_formula_is_its_value(desk: Desk):
    book = sheet(HEADER, [*FIRST[:2], '="2021/22"', *FIRST[3:]], SECOND)[0]

    def computed(_part: str, text: str) -> str:
        # As Excel saves it: openpyxl writes a formula without its value.
        return re.sub(r'(<c r="C2")[^>]*>(<f>.*?</f>)<v ?/?>(</v>)?', r'\1 t="str">\2<v>2021/22</v>', text)

    content = saved(book, computed)
    assert b"<f>" in zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")
    assert rows_of(read(desk, content)) == READ


TOTALS = (
    ["Totaal", 2],
    [None, None, "Totaal", None, None, "2 leerlingen"],
    ["Eindtotaal leerlingen:", None, None, 44409],
    [None, None, None, None, None, "lijst van afdeling onderwijs"],
)


@pytest.mark.parametrize("total", TOTALS, ids=["beside a count", "without a number", "with a word more", "a note"])
def test_a_row_that_names_nobody_is_left_out_and_told(desk: Desk, total: list):
    result = read(desk, saved(sheet(HEADER, FIRST, SECOND, [], total)[0]))
    assert rows_of(result) == READ
    assert result.notices == [Fault("leerlingen.xlsx", 5, "LEV-54")]


def test_a_pupil_without_a_number_is_no_total(desk: Desk):
    result = read(desk, saved(sheet(HEADER, FIRST, ["LV-2", None, *SECOND[2:]], [None, bsn(3), *SECOND[2:]])[0]))
    assert lines_of(result) == [2, 3, 4]


def test_a_hidden_row_is_read_and_told(desk: Desk):
    book, on = sheet(["titel"], HEADER, FIRST, SECOND)
    on.row_dimensions[1].hidden = True
    on.row_dimensions[4].hidden = True
    result = read(desk, saved(book))
    assert rows_of(result) == READ
    assert result.notices == [Fault("leerlingen.xlsx", 4, "LEV-53")]


def test_a_hidden_sheet_of_last_year_is_not_read_and_told(desk: Desk):
    book = plain()
    old = book.create_sheet("2020-2021", 0)
    fill(old, HEADER, ["LV-9", bsn(3), "2020/21", date(2020, 8, 1), None, "eigen"])
    old.sheet_state = "hidden"
    result = read(desk, saved(book))
    assert rows_of(result) == READ
    assert result.notices == [Fault("leerlingen.xlsx", None, "LEV-55")]


def test_the_lock_file_that_excel_leaves_is_no_workbook(desk: Desk):
    result = desk.read("leerlingenvervoer", {"~$leerlingen.xlsx": b"x" * 165, "leerlingen.xlsx": saved(plain())})
    assert rows_of(result) == READ


def test_a_workbook_in_a_zip_is_read(desk: Desk):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("leerlingen.xlsx", saved(plain()))
    assert rows_of(desk.read("leerlingenvervoer", {"lijst.zip": packed.getvalue()})) == READ
