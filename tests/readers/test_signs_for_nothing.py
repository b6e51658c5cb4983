"""A word or sign for nothing is no value and no person."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from tests.making.town import Town, brp_csv
from tests.validations.contract_cases import CASES
from validations.contracts import brp, doorbraakprojecten
from validations.language.judge import NOTHING, judge


@pytest.mark.parametrize(
    "sign", ["NULL", "null", "(null)", r"\N", "n.v.t.", "nvt", "-", "--", ".", "?", "#N/B", "#REF!"]
)
def test_a_sign_for_nothing_is_no_value(sign: str, tmp_path: Path):
    """As a household it made one of all who have none."""
    town = Town(tmp_path)
    rows = [{"bsn": n, "huishouden_id": "H1"} for n in range(1, 30)] + [{"bsn": 30, "huishouden_id": sign}]
    town.deliver("brp", "2021-01-05", {"brp.csv": brp_csv(rows)})
    (record,) = town.take_in("brp").records
    assert (record.rijen, record.per_regel) == (29, {NOTHING: 1})
    found = pl.read_csv(tmp_path / "kluis/rapporten/brp/GM0988/2021-01-05/rapport.csv", separator=";")
    assert found.select("regel", "kolom").rows() == [(31, "huishouden_id")]


@pytest.mark.parametrize("sign", ["NULL", "onbekend", "000", "-"])
@pytest.mark.parametrize(("name", "column"), [("oggz", "code"), ("wet_oke", "kindnummer")])
def test_a_sign_for_nothing_is_no_person(name: str, column: str, sign: str):
    case = CASES[name]
    (row,) = [row for row in case.sound if row.get(column)][:1]
    found = case.judge([row | {column: sign, "bsn": None}]).uitval
    assert (NOTHING, column) in found.select("regel_id", "kolom").rows()


@pytest.mark.parametrize(("text", "sound"), [("1.250", False), ("12.500", False), ("0.125", True), ("1.25", True)])
def test_a_number_by_hand_in_yaml_has_one_reading(text: str, sound: bool):
    assert pl.Series([text]).str.contains(doorbraakprojecten.NUMBER.pattern or "").item() == sound


def test_a_cell_of_which_the_contract_tells_is_told_once():
    names = [field.name for field in brp.CONTRACT.fields]
    texts = dict.fromkeys(names, pl.String)
    row = dict(zip(names, brp_csv([{"bsn": 1}]).splitlines()[1].split(";"), strict=True))
    rows = [{name: value or None for name, value in row.items()} | {"datum_einde_adres": "NULL"}]
    frame = pl.DataFrame(rows, schema=texts)
    frame = frame.with_columns(
        bestand=pl.lit("brp.csv"), regel=2, leverdatum=date(2022, 1, 1), leverancier=pl.lit("GM0988")
    )
    assert judge(brp.CONTRACT, frame).uitval["regel_id"].to_list() == ["BRP-19"]
