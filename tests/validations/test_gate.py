"""The gate reads the written Parquet: every expectation is seen to hold on a sound table and to fail on a bad one."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from assets.ground.declared import FIGURES
from assets.ground.indicatoren import not_every_month
from tests.making.figures import areas, figures, residents, supply
from tests.making.publishing import published
from validations.gate import suites
from validations.gate.suites import Grid, judge_table

COLUMNS = FIGURES.schema


@pytest.fixture(scope="module")
def table() -> pl.DataFrame:
    return published(figures(), areas(), residents())


@pytest.fixture(scope="module")
def grid(table: pl.DataFrame) -> Grid:
    months = sorted(table.get_column("peildatum").unique().to_list())
    indicators = sorted(table.get_column("indicator").unique().to_list())
    return Grid(table.height, months, indicators, COLUMNS, months_apart=not_every_month())


def broken(file: Path, frame: pl.DataFrame, grid: Grid) -> set[str]:
    frame.write_parquet(file)
    return {judgement.expectation for judgement in judge_table(file, grid) if not judgement.held}


def test_a_sound_table_passes(table: pl.DataFrame, grid: Grid, tmp_path: Path):
    file = tmp_path / "table.parquet"
    table.write_parquet(file)
    judgements = judge_table(file, grid)
    assert [j.expectation for j in judgements if not j.held] == []
    assert {j.expectation for j in judgements} == set(BREAKS)
    assert table.filter(pl.col("per_1000").is_not_null()).height > 10


def put(column: str, value: object, where: pl.Expr) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """A change of the first row where a condition holds."""

    def change(frame: pl.DataFrame) -> pl.DataFrame:
        row = frame.with_row_index().filter(where).get_column("index")[0]
        chosen = pl.int_range(pl.len()) == row
        literal = pl.lit(value, COLUMNS[column])
        return frame.with_columns(pl.when(chosen).then(literal).otherwise(pl.col(column)).alias(column))

    return change


ANY = pl.lit(True)
SHOWN = pl.col("publicatiestatus") == "gepubliceerd"
RATED = pl.col("per_1000").is_not_null()
QUARTER = pl.col("indicator") == "instroom_kwartaal"

BREAKS: Mapping[str, Callable[[pl.DataFrame], pl.DataFrame | None]] = (
    {
        "GX-00-leesbaar": lambda _frame: None,
        "GX-01-kolommen": lambda frame: frame.select(reversed(frame.columns)),
        "GX-02-typen": lambda frame: frame.with_columns(pl.col("waarde").cast(pl.Float64)),
        "GX-03-rijen": lambda frame: frame.head(-1),
        "GX-04-sleutel": lambda frame: pl.concat([frame.head(1), frame.head(-1)]),
        "GX-05-maanden": put("peildatum", date(2031, 1, 31), ANY),
        "GX-06-maandeinde": put("peildatum", date(2022, 6, 29), ANY),
        "GX-07-periode": put("peildatum", date(2022, 5, 31), QUARTER),
        "GX-08-indicatoren": put("indicator", "instroom", ANY),
        "GX-09-cijfer-alleen-als-gepubliceerd": put("waarde", 15, ~SHOWN),
        "GX-10-vanaf-drempel": put("waarde", 5, SHOWN),
        "GX-11-vijftallen": put("waarde", 13, SHOWN),
        "GX-12-noemer": put("noemer", 5, RATED),
        "GX-13-rate-alleen-bij-cijfer": put("per_1000", 1.0, ~SHOWN),
        "GX-14-rate-uit-cijfer": put("per_1000", 999.0, RATED),
        "GX-15-rate-aanwezig": put("per_1000", None, RATED),
        "GX-16-wijkcode": put("gebiedscode", "WK988", ANY),
        "GX-20-waarden-gebiedsniveau": put("gebiedsniveau", "straat", ANY),
        "GX-20-waarden-leeftijdsgroep": put("leeftijdsgroep", "onbekend", ANY),
        "GX-20-waarden-eenheid": put("eenheid", "euro", ANY),
        "GX-20-waarden-publicatiestatus": put("publicatiestatus", "onderdrukt_primair", ~SHOWN),
        "GX-20-waarden-cijferstatus": put("cijferstatus", "zeker", ANY),
    }
    | {f"GX-30-gevuld-{name}": put(name, None, ANY) for name in COLUMNS if name not in suites.NULLABLE}
    | {f"GX-40-geen-bsn-{name}": put(name, "zie 999900006", ANY) for name in suites.OPEN_TEXTS}
)


@pytest.mark.parametrize("column", [name for name, dtype in COLUMNS.items() if dtype == pl.String])
def test_a_person_number_is_refused_in_every_text(column: str, table: pl.DataFrame, grid: Grid, tmp_path: Path):
    """Of a text with a list or pattern by that; of any other by its shape."""
    assert broken(tmp_path / "table.parquet", put(column, "zie 999900006", ANY)(table), grid)


@pytest.mark.parametrize("expectation", BREAKS)
def test_each_expectation_is_seen_to_fail(expectation: str, table: pl.DataFrame, grid: Grid, tmp_path: Path):
    changed = BREAKS[expectation](table)
    file = tmp_path / "table.parquet"
    if changed is None:
        file.write_bytes(b"PAR1 no parquet")
        assert [(j.expectation, j.held) for j in judge_table(file, grid)] == [("GX-00-leesbaar", False)]
        return
    assert expectation in broken(file, changed, grid)


@pytest.mark.parametrize(("indicator", "month"), [("gebruik_halfjaar", 3), ("gebruik_jaar", 6)])
def test_a_half_year_and_a_year_stand_at_their_last_month(
    indicator: str, month: int, table: pl.DataFrame, grid: Grid, tmp_path: Path
):
    changed = table.with_columns(indicator=pl.lit(indicator), peildatum=pl.lit(date(2022, month, 28)))
    assert "GX-07-periode" in broken(tmp_path / "table.parquet", changed, grid)
    right = changed.with_columns(peildatum=pl.lit(date(2021, 12, 31)))
    assert "GX-07-periode" not in broken(tmp_path / "table.parquet", right, grid)


def test_a_pseudonym_is_refused_too(table: pl.DataFrame, grid: Grid, tmp_path: Path):
    changed = put("gebiedsnaam", "3f" * 32, ANY)(table)
    assert broken(tmp_path / "table.parquet", changed, grid) == {"GX-40-geen-bsn-gebiedsnaam"}


def test_supply_is_exact_and_from_0_but_its_denominators_are_protected(tmp_path: Path):
    table = published(supply(), areas(), residents(), regeling="maatschappelijke_dienstverlening")
    months = sorted(table.get_column("peildatum").unique().to_list())
    own = Grid(table.height, months, ["capaciteit", "diensten", "op_indicatie"], COLUMNS, threshold=0, base=1)
    file = tmp_path / "table.parquet"
    assert broken(file, table, own) == set()
    assert {0, 3} <= set(table.get_column("waarde").drop_nulls())
    assert "GX-10-vanaf-drempel" in broken(file, put("waarde", -1, SHOWN)(table), own)
    assert "GX-12-noemer" in broken(file, put("noemer", 5, RATED)(table), own)
    # The gate of persons would never let it through.
    persons = replace(own, threshold=10, base=5)
    assert broken(file, table, persons) == {"GX-10-vanaf-drempel", "GX-11-vijftallen"}
