"""Cells of a workbook that hold no value, or two readings: told by sheet and cell, and never read as something else."""

from datetime import date, datetime, time
from pathlib import Path

import polars as pl
import pytest

from assets.readers import Fault, ReadResult
from assets.readers.cells import letters_of
from tests.making.desk import Desk
from tests.making.town import bsn
from tests.making.workbooks import FIRST, HEADER, SECOND, saved, sheet
from validations.contracts.leerlingenvervoer import CONTRACT
from validations.language.contract import DECIMAL

CASES = Path(__file__).parents[3] / "shared" / "cases"
COSTS = [*HEADER, "kosten_jaar"]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def read(desk: Desk, content: bytes) -> ReadResult:
    return desk.read("leerlingenvervoer", {"leerlingen.xlsx": content})


def numbers(result: ReadResult) -> list[str]:
    return result.frames["leerlingenvervoer"]["beschikkingnr"].to_list()


def lost_cells(result: ReadResult) -> list[tuple]:
    return [(fault.line, fault.rule_id, fault.place, fault.rows) for fault in result.faults]


def lost(cell: str, line: int, *, rows: int = 1) -> tuple:
    return (line, "LEV-61", f"Sheet!{cell}", rows)


@pytest.mark.parametrize(
    ("column", "value"),
    [(5, "=DATE(2022,10,31)"), (5, "#N/A"), (2, "=999900018"), (2, "#REF!"), (6, "=A1"), (5, "#VALUE!")],
)
def test_an_error_or_a_formula_that_was_not_computed_is_a_fault_of_its_cell(desk: Desk, column: int, value: str):
    broken = list(SECOND)
    broken[column - 1] = value
    result = read(desk, saved(sheet(HEADER, FIRST, broken)[0]))
    assert numbers(result) == ["LV-1"]
    assert lost_cells(result) == [lost(f"{letters_of(column)}3", 3)]
    assert result.notices == []


def test_two_such_cells_in_a_row_are_one_row(desk: Desk):
    broken = ["LV-2", "=1", "2021/22", "=2", None, "eigen"]
    result = read(desk, saved(sheet(HEADER, FIRST, broken)[0]))
    assert lost_cells(result) == [lost("B3", 3), lost("D3", 3, rows=0)]


def test_a_row_of_which_the_number_is_lost_is_no_row_that_names_nobody(desk: Desk):
    broken = ["=X1", "=999900018", None, None, None, None]
    result = read(desk, saved(sheet(HEADER, FIRST, broken)[0]))
    assert [fault.place for fault in result.faults] == ["Sheet!A3", "Sheet!B3"]
    assert result.notices == []


@pytest.mark.parametrize("computed", ["", "44865"])
def test_a_formula_with_a_stored_value_is_that_value(desk: Desk, computed: str):
    """An empty text that a formula gave is empty, as a cell without anything is."""
    row = ["LV-2", bsn(2), "2021/22", date(2021, 9, 6), "=IF(1=1;44865)", "eigen"]

    def stored(part: str, text: str) -> str:
        if part != "xl/worksheets/sheet1.xml":
            return text
        kind = ' t="str"' if not computed else ""
        text = text.replace('<c r="E3">', f'<c r="E3"{kind}>').replace("<v></v>", f"<v>{computed}</v>")
        return text.replace("<v />", f"<v>{computed}</v>")

    result = read(desk, saved(sheet(HEADER, FIRST, row)[0], stored))
    assert result.faults == []
    assert result.frames["leerlingenvervoer"]["datum_einde"].to_list()[1] == ("2022-10-31" if computed else None)


def test_a_cell_over_several_rows_is_lost_for_each_of_them(desk: Desk):
    book, on = sheet(HEADER, FIRST, SECOND, ["LV-3", bsn(3), *SECOND[2:]])
    on["E3"] = "=DATE(2022,10,31)"
    on.merge_cells("E3:E4")
    result = read(desk, saved(book))
    assert numbers(result) == ["LV-1"]
    assert [fault.place for fault in result.faults] == ["Sheet!E3", "Sheet!E4"]


def test_a_table_that_begins_further_on_is_told_by_its_own_cells(desk: Desk):
    book, on = sheet(HEADER, FIRST, SECOND, top=4, left=3)
    on["G6"] = "#N/A"
    result = read(desk, saved(book))
    assert lost_cells(result) == [lost("G6", 6)]


def test_a_lost_total_is_still_a_total(desk: Desk):
    result = read(desk, saved(sheet(HEADER, FIRST, SECOND, ["Totaal", "=SUM(B2:B3)"])[0]))
    assert result.faults == []
    assert result.notices == [Fault("leerlingen.xlsx", 4, "LEV-54")]


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        (1250, 1250.0),
        (1.255, 1.255),
        (1.25, 1.25),
        ("1250", 1250.0),
        ("€ 1250,50", 1250.5),
        ("1.250,00", 1250.0),
        ("€ 1.250,-", 1250.0),
        ("1.250.000", 1250000.0),
        ("12,5 km", 12.5),
        ("12.5", 12.5),
        ("1.250", None),
        ("€ 1.250", None),
    ],
)
def test_an_amount_has_one_reading_or_is_a_fault(desk: Desk, cell: object, amount: float | None):
    result = read(desk, saved(sheet(COSTS, [*FIRST, cell])[0]))
    if amount is None:
        assert lost_cells(result) == [(2, "LEV-62", "Sheet!G2", 1)]
        return
    assert result.faults == []
    (kind,) = (field.kind for field in CONTRACT.fields if field.name == "kosten_jaar")
    frame = result.frames["leerlingenvervoer"]
    assert kind.pattern is not None
    assert frame["kosten_jaar"].str.contains(kind.pattern).all()
    assert frame.select(kind.parse(pl.col("kosten_jaar"))).item() == amount


@pytest.mark.parametrize("text", ["1.250", "-12.500"])
def test_such_an_amount_is_refused_in_any_format(text: str):
    assert not pl.Series([text]).str.contains(DECIMAL.pattern or "").item()


def late(clock: time) -> datetime:
    return datetime.combine(date(2022, 10, 30), clock)


@pytest.mark.parametrize(
    ("value", "read_as"),
    [
        (late(time(23, 59, 32)), None),
        (late(time(22)), None),
        (date(2022, 10, 30), "2022-10-30"),
        (late(time(23, 59, 59)), "2022-10-30"),
        (late(time(9, 30)), "2022-10-30"),
    ],
)
def test_a_time_before_midnight_has_two_readings(desk: Desk, value: datetime, read_as: str | None):
    row = list(FIRST)
    row[4] = value
    result = read(desk, saved(sheet(HEADER, row)[0]))
    if read_as is None:
        assert lost_cells(result) == [(2, "LEV-62", "Sheet!E2", 1)]
    else:
        assert result.frames["leerlingenvervoer"]["datum_einde"].to_list() == [read_as]


@pytest.mark.skipif(not CASES.exists(), reason="../shared is absent")
def test_the_cases_of_workbooks(desk: Desk):
    result = read(desk, (CASES / "W1_formule_zonder_waarde.xlsx").read_bytes())
    assert {fault.rule_id for fault in result.faults} == {"LEV-61"}
    assert result.frames["leerlingenvervoer"].height + len(result.faults) == 30
    result = read(desk, (CASES / "W5_duizendpunt.xlsx").read_bytes())
    assert [(fault.line, fault.rule_id) for fault in result.faults] == [(2, "LEV-62"), (3, "LEV-62")]
    assert set(result.frames["leerlingenvervoer"]["kosten_jaar"]) <= {"1250,00", "1250", "1250,0", None}
