"""Sheets that are not read, totals and renamed columns of a workbook: told, or refused where there are two readings."""

from datetime import date
from pathlib import Path

import pytest

from assets.readers import Fault
from tests.making.desk import Desk
from tests.making.town import Town, bsn
from tests.making.workbooks import FIRST, HEADER, SECOND, fill, plain, saved, sheet


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.mark.parametrize(
    ("rows", "state", "rule_id"),
    [
        ([["naam", "aantal"], ["eigen", 12]], "visible", "LEV-60"),
        ([["oud"], [bsn(3)]], "hidden", "LEV-60"),
        # Records without their heading, and mutations under two of the headings.
        ([["LV-2", bsn(3), "2021/22"]], "visible", "LEV-56"),
        ([["bsn", "einddatum", "opmerking"], [None, date(2022, 1, 1), "verhuisd"]], "visible", "LEV-56"),
    ],
)
def test_a_sheet_that_is_not_read_is_told(desk: Desk, rows: list[list], state: str, rule_id: str):
    book = plain()
    beside = book.create_sheet("Deel 2")
    beside.sheet_state = state
    fill(beside, *rows)
    result = desk.read("leerlingenvervoer", {"leerlingen.xlsx": saved(book)})
    assert result.frames["leerlingenvervoer"].height == 2
    assert result.notices == [Fault("leerlingen.xlsx, blad Deel 2", None, rule_id)]


def test_a_sheet_that_may_hold_records_holds_a_stock(tmp_path: Path):
    town, book = Town(tmp_path), plain()
    fill(book.create_sheet("Deel 2"), ["LV-2", bsn(3), "2021/22"])
    town.deliver("leerlingenvervoer", "2021-10-05", {"leerlingen.xlsx": saved(book)})
    (record,) = town.take_in("leerlingenvervoer").records
    assert (record.toestand, record.fouten[0].regel_id) == ("vastgehouden", "LEV-56")
    page = (tmp_path / "kluis/rapporten/leerlingenvervoer/GM0988/2021-10-05/rapport.html").read_text(encoding="utf-8")
    assert "Nee: een blad is niet gelezen." in page
    assert "leerlingen.xlsx, blad Deel 2" in page
    # The command is filled in wherever it stands, and what is to be done is told once.
    assert "BRON LEVERANCIER" not in page
    assert page.count("akkoord leerlingenvervoer GM0988 2021-10-05") == 3


def test_a_total_that_names_a_person_has_two_readings(desk: Desk):
    book = saved(sheet(HEADER, FIRST, ["Totaal", *SECOND[1:]], ["Eindtotaal", 2])[0])
    result = desk.read("leerlingenvervoer", {"leerlingen.xlsx": book})
    assert result.frames["leerlingenvervoer"]["beschikkingnr"].to_list() == ["LV-1"]
    assert result.faults == [Fault("leerlingen.xlsx", 3, "LEV-69")]
    assert result.notices == [Fault("leerlingen.xlsx", 4, "LEV-54")]


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ([*HEADER[:4], "datum eind", "vervoersoort"], "datum eind gevonden, datum_einde verwacht"),
        ([*HEADER[:4], "tot", "vervoersoort"], "Ontbreekt: datum_einde."),
    ],
)
def test_a_renamed_column_of_a_workbook_is_named(desk: Desk, header: list, message: str):
    error = desk.refused("leerlingenvervoer", {"leerlingen.xlsx": saved(sheet(header, FIRST)[0])})
    assert error.rule_id == "LEV-03"
    assert message in error.detail


def test_a_renamed_column_that_may_be_absent_is_told(desk: Desk):
    book = saved(sheet([*HEADER, "kosten_jaar_eur", "naam"], [*FIRST, 950, "x"])[0])
    result = desk.read("leerlingenvervoer", {"leerlingen.xlsx": book})
    assert [(notice.rule_id, notice.place) for notice in result.notices] == [
        ("LEV-59", "kosten_jaar_eur gevonden, kosten_jaar verwacht")
    ]
