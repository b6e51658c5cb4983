"""Workbooks as people make them: every habit is read as meant, or refused with a message that says what to do."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path

import polars as pl
import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from assets.readers import Fault, ReadResult
from assets.readers.names import month_of, year_in
from tests.desk import CANARY, Desk
from tests.town import Town, bsn

HEADER = ["beschikkingnr", "bsn", "schooljaar", "datum_begin", "datum_einde", "vervoersoort"]
FIRST = ["LV-1", int(bsn(1)), "2021/22", date(2021, 8, 1), date(2022, 7, 31), "aangepast"]
SECOND = ["LV-2", bsn(2), "2021/22", date(2021, 9, 6), None, "eigen"]
READ = {
    "LV-1": (bsn(1), "2021/22", "2021-08-01", "2022-07-31", "aangepast"),
    "LV-2": (bsn(2), "2021/22", "2021-09-06", None, "eigen"),
}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


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


def read(desk: Desk, content: bytes, name: str = "leerlingen.xlsx") -> ReadResult:
    return desk.read("leerlingenvervoer", {name: content})


def rows_of(result: ReadResult) -> dict[str, tuple]:
    frame = result.frames["leerlingenvervoer"]
    return {row[0]: row[1:] for row in frame.select(HEADER).rows()}


def lines_of(result: ReadResult) -> list[int]:
    return result.frames["leerlingenvervoer"]["regel"].to_list()


def plain() -> Workbook:
    return sheet(HEADER, FIRST, SECOND)[0]


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
    assert (result.faults, result.notices) == ([], [])


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
    assert result.notices == [Fault("leerlingen.xlsx", 5, "LEV-34")]


def test_a_pupil_without_a_number_is_no_total(desk: Desk):
    result = read(desk, saved(sheet(HEADER, FIRST, ["LV-2", None, *SECOND[2:]], [None, bsn(3), *SECOND[2:]])[0]))
    assert lines_of(result) == [2, 3, 4]


def test_a_hidden_row_is_read_and_told(desk: Desk):
    book, on = sheet(["titel"], HEADER, FIRST, SECOND)
    on.row_dimensions[1].hidden = True
    on.row_dimensions[4].hidden = True
    result = read(desk, saved(book))
    assert rows_of(result) == READ
    assert result.notices == [Fault("leerlingen.xlsx", 4, "LEV-33")]


def test_a_hidden_sheet_of_last_year_is_not_read_and_told(desk: Desk):
    book = plain()
    old = book.create_sheet("2020-2021", 0)
    fill(old, HEADER, ["LV-9", bsn(3), "2020/21", date(2020, 8, 1), None, "eigen"])
    old.sheet_state = "hidden"
    result = read(desk, saved(book))
    assert rows_of(result) == READ
    assert result.notices == [Fault("leerlingen.xlsx", None, "LEV-35")]


def test_the_lock_file_that_excel_leaves_is_no_workbook(desk: Desk):
    result = desk.read("leerlingenvervoer", {"~$leerlingen.xlsx": b"x" * 165, "leerlingen.xlsx": saved(plain())})
    assert rows_of(result) == READ


def test_a_workbook_in_a_zip_is_read(desk: Desk):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("leerlingen.xlsx", saved(plain()))
    assert rows_of(desk.read("leerlingenvervoer", {"lijst.zip": packed.getvalue()})) == READ


# --- refused ---


def two_sheets() -> bytes:
    book = plain()
    book.create_sheet("legenda", 1)
    fill(book.create_sheet(CANARY), HEADER, FIRST)
    return saved(book)


def empty_book() -> bytes:
    return saved(Workbook())


def hidden_only() -> bytes:
    book = plain()
    book.create_sheet("leeg")
    book.worksheets[0].sheet_state = "hidden"
    return saved(book)


def renamed_csv() -> bytes:
    return f"{';'.join(HEADER)}\n{CANARY};{bsn(2)}\n".encode()


def halved() -> bytes:
    """A sound zip of parts that break off."""
    return rezipped(saved(plain()), lambda _part, text: text[: len(text) // 2])


def locked() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600


def bomb() -> bytes:
    def heavy(part: str, text: str) -> str:
        return text + " " * 30_000_000 if part == "xl/styles.xml" else text

    return saved(plain(), heavy)


def far_cell() -> bytes:
    """A few bytes that would take terabytes: the rectangle up to the last cell of a sheet."""

    def far(part: str, text: str) -> str:
        cell = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
        return text.replace("</sheetData>", cell) if part.startswith("xl/worksheets/") else text

    return saved(plain(), far)


def with_entity() -> bytes:
    def entity(part: str, text: str) -> str:
        return f'<!DOCTYPE x [<!ENTITY a "{CANARY}">]>{text}' if part == "xl/worksheets/sheet1.xml" else text

    return saved(plain(), entity)


def counted_from_1904() -> bytes:
    def mac(part: str, text: str) -> str:
        return text.replace("<workbookPr", '<workbookPr date1904="1"') if part == "xl/workbook.xml" else text

    return saved(plain(), mac)


@pytest.mark.parametrize(
    ("rule_id", "line", "words", "make"),
    [
        ("LEV-01", None, "", bytes),
        ("LEV-03", 1, "Ontbreekt: datum_einde.", lambda: saved(sheet([*HEADER[:4], CANARY, HEADER[5]], SECOND)[0])),
        ("LEV-03", 2, "Dubbel: bsn.", lambda: saved(sheet([CANARY], [*HEADER, "Burgerservicenummer"], FIRST)[0])),
        ("LEV-10", None, "", bomb),
        ("LEV-10", None, "te ver", far_cell),
        ("LEV-30", None, "wachtwoord", locked),
        ("LEV-30", None, "(.xls)", lambda: locked().replace("Package".encode("utf-16-le"), b"\0" * 14)),
        ("LEV-30", None, "geen werkmap", renamed_csv),
        ("LEV-30", None, "beschadigd", lambda: saved(plain())[:-900]),
        ("LEV-30", None, "beschadigd", halved),
        ("LEV-30", None, "DOCTYPE", with_entity),
        ("LEV-30", None, "1904", counted_from_1904),
        ("LEV-31", None, "", lambda: saved(sheet(["naam", "school"], [CANARY, "De Linde"])[0])),
        ("LEV-31", None, "", empty_book),
        ("LEV-31", None, "verborgen", hidden_only),
        ("LEV-32", None, "Blad 1 en 3.", two_sheets),
    ],
    ids=lambda value: "" if callable(value) else str(value),
)
def test_a_workbook_that_cannot_be_sure_is_refused(
    desk: Desk, rule_id: str, line: int | None, words: str, make: Callable[[], bytes]
):
    error = desk.refused("leerlingenvervoer", {"leerlingen.xlsx": make()})
    assert (error.rule_id, error.file, error.line) == (rule_id, "leerlingen.xlsx", line)
    assert words in error.detail


def test_another_kind_of_file_is_refused(desk: Desk):
    assert desk.refused("leerlingenvervoer", {"leerlingen.xls": "x"}).rule_id == "LEV-08"


# --- the registration step ---


def test_notices_reach_the_owner_and_cost_no_row(tmp_path: Path):
    """Hidden and total rows are told; nothing is refused, and the number of records is that of the pupils."""
    book, on = sheet(["titel"], HEADER, FIRST, SECOND, ["Totaal", 2])
    on.row_dimensions[3].hidden = True
    town = Town(tmp_path)
    town.deliver("leerlingenvervoer", "2021-10-05", {"leerlingen.xlsx": saved(book)}, promise={"records": 2})
    outcome = town.take_in("leerlingenvervoer")
    record = outcome.records[0]
    assert (outcome.state, record["rijen"], record["uitval"]) == ("in_orde", 2, 0)
    assert record["per_regel"] == {"LEV-33": 1, "LEV-34": 1}
    assert record["periode"] == ["2021-08-01", "2022-07-31"]
    assert record["gemeenten"] == {"GM0988": 2}


def test_a_workbook_for_several_gemeenten_must_say_whose_each_row_is(tmp_path: Path):
    town = Town(tmp_path)
    town.deliver("leerlingenvervoer", "2021-10-05", {"lijst.xlsx": saved(plain())}, leverancier="WGR-Noord")
    assert [fault["regel_id"] for fault in town.take_in("leerlingenvervoer").records[0]["fouten"]] == ["LEV-03"]
    rows = [[*HEADER, "gemeente"], [*FIRST, 988], [*SECOND, "GM0988"]]
    town.deliver("leerlingenvervoer", "2021-10-06", {"lijst.xlsx": saved(sheet(*rows)[0])}, leverancier="WGR-Noord")
    assert town.take_in("leerlingenvervoer").records[1]["gemeenten"] == {"GM0988": 2}


POLICY = ["relatienr", "bsn", "pakket", "ingangsdatum", "einddatum", "rol"]
INSURED = [7001, bsn(1), "Compact", date(2019, 1, 1), None, "Hoofdverzekerde"]


@pytest.mark.parametrize(
    ("name", "rows", "year"),
    [
        ("polissen_2020.xlsx", [POLICY, INSURED], 2020),
        ("polissen.xlsx", [POLICY, INSURED], 2021),
        ("polissen_2021-01-15.xlsx", [POLICY, INSURED], 2021),
        ("polissen_2020.xlsx", [[*POLICY, "contractjaar"], [*INSURED, 2022]], 2022),
    ],
)
def test_the_year_of_a_contract(tmp_path: Path, name: str, rows: list[list], year: int):
    """Its own column, else the file name, else the day of the delivery."""
    town = Town(tmp_path)
    town.deliver("collectieve_zorgverzekering", "2021-01-20", {name: saved(sheet(*rows)[0])})
    outcome = town.take_in("collectieve_zorgverzekering")
    assert outcome.state == "in_orde"
    assert outcome.records[0]["periode"] == [f"{year}-01-01", f"{year}-12-31"]


def test_a_list_of_many_rows_of_one_year_is_judged(tmp_path: Path):
    """A rule over a column in which all years are the same, of the file name and of the delivery."""
    town = Town(tmp_path)
    rows = [[*INSURED[:1], bsn(n), *INSURED[2:5], "kind"] for n in range(2, 9)]
    town.deliver("collectieve_zorgverzekering", "2021-12-05", {"polissen_2021.xlsx": saved(sheet(POLICY, *rows)[0])})
    outcome = town.take_in("collectieve_zorgverzekering")
    assert (outcome.state, outcome.records[0]["rijen"]) == ("in_orde", 7)


@pytest.mark.parametrize(
    ("name", "year"),
    [("lijst 2021.xlsx", "2021"), ("2020-2021.xlsx", None), ("20210115.xlsx", None), ("2021-01.xlsx", None)],
)
def test_the_year_in_a_file_name(name: str, year: str | None):
    assert year_in(name) == year


@pytest.mark.parametrize(
    ("names", "month"),
    [
        (["vve_202102.csv"], "2021-02"),
        (["vve-2021-02.csv", "pz_202102.csv"], "2021-02"),
        (["vve_202102.csv", "vve_202103.csv"], None),
        (["vve_2021.csv"], None),
        (["vve_202113.csv"], None),
        (["vve_20210205.csv"], None),
    ],
)
def test_the_month_in_file_names(names: list[str], month: str | None):
    found = month_of(pl.DataFrame({"bestand": names}))
    assert (f"{found[0]:%Y-%m}" if found else None) == month
