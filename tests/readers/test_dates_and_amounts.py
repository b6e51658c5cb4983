"""A day or an amount that has two readings is a fault, never one of them."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from assets.readers import ReadResult
from assets.readers.forms import in_one_form
from tests.making.desk import Desk
from tests.making.town import bsn
from tests.making.workbooks import FIRST, HEADER, saved, sheet
from validations.contracts import cjg
from validations.language.contract import DECIMAL


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.mark.parametrize(
    ("texts", "read"),
    [
        (("11-06-2022", "11-07-2022"), ("2022-06-11", "2022-07-11")),
        # Month first, as it turns out: then the others are too.
        (("11-06-2022", "11-16-2022"), ("11-06-2022", "11-16-2022")),
        # One that cannot be, among many that say that the day is first, is a mistake of that row.
        (("11-06-2022", "11-16-2022", *["25-06-2022"] * 10), ("2022-06-11", "2022-16-11", *["2022-06-25"] * 10)),
        # Slashes are American as well as Dutch.
        (("11/06/2022", "25/06/2022"), ("11/06/2022", "25/06/2022")),
    ],
)
def test_days_are_read_day_first_only_where_the_column_says_so(texts: tuple, read: tuple):
    frame = pl.DataFrame({"datum_contact": texts})
    assert in_one_form(frame, cjg.CONTRACT)["datum_contact"].to_list() == [*read]


def begin(desk: Desk, *days: object) -> ReadResult:
    rows = [[f"LV-{n}", bsn(n), "2021/22", day, None, "eigen"] for n, day in enumerate(days, 1)]
    return desk.read("leerlingenvervoer", {"leerlingen.xlsx": saved(sheet(HEADER, *rows)[0])})


@pytest.mark.parametrize(
    ("days", "read"),
    [
        (("06/09/2021", "25/09/2021"), ["2021-09-06", "2021-09-25"]),
        (("06/09/2021", "1-9-2021"), ["2021-09-06", "2021-09-01"]),
        (("06/09/2021", "09/09/2021"), [None, "2021-09-09"]),
        (("9/6/2021", "9/16/2021"), [None, "2021-16-09"]),
        (("9-6-2021", "9-16-2021"), [None, "2021-16-09"]),
        # Excel in Dutch made a day of what it could, and left the rest of an American list as text.
        ((date(2021, 6, 9), "9/16/2021"), [None, "2021-16-09"]),
    ],
)
def test_a_typed_day_has_one_reading_or_is_a_fault(desk: Desk, days: tuple, read: list):
    result = begin(desk, *days)
    assert result.frames["leerlingenvervoer"]["datum_begin"].to_list() == [day for day in read if day]
    places = [f"Sheet!D{row}" for row, day in enumerate(read, 2) if not day]
    assert [(fault.rule_id, fault.place) for fault in result.faults] == [("LEV-62", place) for place in places]


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("1,250", None),
        ("€ 12,500", None),
        ("1.250", None),
        ("0,125", "0,125"),
        ("1250,125", "1250,125"),
        (1.255, "1,2550"),
    ],
)
def test_a_comma_before_three_digits_has_two_readings_too(desk: Desk, cell: object, amount: str | None):
    book = saved(sheet([*HEADER, "kosten_jaar"], [*FIRST, cell])[0])
    result = desk.read("leerlingenvervoer", {"leerlingen.xlsx": book})
    assert [fault.rule_id for fault in result.faults] == ([] if amount else ["LEV-62"])
    assert result.frames["leerlingenvervoer"]["kosten_jaar"].to_list() == ([amount] if amount else [])


@pytest.mark.parametrize(
    ("text", "sound"),
    [("1,250", False), ("1.250", False), ("-12,500", False), ("0,125", True), ("1250,125", True), ("1,25", True)],
)
def test_such_an_amount_is_refused_in_any_format(text: str, sound: bool):
    assert pl.Series([text]).str.contains(DECIMAL.pattern or "").item() == sound
