"""Great Expectations on a written table of an edition. Each expectation has a stable id and is seen to fail in tests.

Reads the Parquet file, not the frame it was made from. Great Expectations (270 MB, 5 s to import) is imported when a
table is judged; results hold counts, never values.
"""

import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

VALUES = {
    "leeftijdsgroep": ["totaal", "0-14", "15-24", "25-44", "45-64", "65+"],
    "eenheid": ["personen", "huishoudens", "voorzieningen", "diensten", "plaatsen"],
    "publicatiestatus": ["gepubliceerd", "kleiner_dan_drempel", "onderdrukt", "nvt", "niet_geleverd"],
    "cijferstatus": ["voorlopig", "definitief"],
}
NULLABLE = ("waarde", "noemer", "per_1000")
# The texts that no list or pattern closes: only these could hold a number.
OPEN_TEXTS = ("editie", "gemeentecode", "gebiedsnaam")
KEY = ["gemeentecode", "gebiedscode", "indelingsjaar", "peildatum", "leeftijdsgroep", "indicator"]
# Nine digits that stand by themselves have the shape of a BSN; a pseudonym is 64 hexadecimal characters.
BSN_SHAPE = r"(?<!\d)\d{9}(?!\d)|[0-9a-f]{32,}"


@dataclass(frozen=True)
class Grid:
    """What the table must hold, known without the counts: its rows, months and indicators.

    For supply `threshold` is 0 and `base` 1; `least_noemer` holds for every table, as denominators count persons.
    """

    rows: int
    months: list[date]
    indicators: list[str]
    # The columns, in order, and their polars types.
    columns: Mapping[str, Any]
    # The key columns that the table has beside KEY.
    own_keys: list[str] = field(default_factory=list)
    levels: tuple[str, ...] = ("gemeente", "wijk", "buurt")
    threshold: int = 10
    base: int = 5
    least_noemer: int = 10
    # The indicators that are not of every month, and how many months they are apart: 12 is December alone.
    months_apart: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Judgement:
    """One expectation: its id, whether it held, and how many rows broke it (None: not counted)."""

    expectation: str
    held: bool
    broken: int | None


def judge_table(file: Path, grid: Grid) -> list[Judgement]:
    """Every expectation on one `monitor_<regeling>.parquet`. An unreadable file breaks one; nothing raises on data."""
    try:
        frame = pl.read_parquet(file)
    except (OSError, pl.exceptions.PolarsError, pl.exceptions.PanicException):
        return [Judgement("GX-00-leesbaar", False, None)]
    judgements = [
        Judgement("GX-00-leesbaar", True, None),
        Judgement("GX-02-typen", frame.schema.items() >= grid.columns.items(), None),
    ]
    return judgements + _expect(_with_derived(frame, grid).to_pandas(), grid)


def _with_derived(frame: pl.DataFrame, grid: Grid) -> pl.DataFrame:
    """The frame with columns that turn a rule over several columns into one over a single column.

    A column that is missing or of another type is taken as empty here: GX-01 and GX-02 tell that.
    """
    sound = frame.select(
        (pl.col(name) if frame.schema.get(name) == dtype else pl.lit(None, dtype)).alias(name)
        for name, dtype in grid.columns.items()
    )
    value, base, rate, day = (pl.col(name) for name in ("waarde", "noemer", "per_1000", "peildatum"))
    unknown = pl.col("gebiedscode").str.ends_with("onbekend")
    derived = sound.select(
        x_waarde_past_bij_status=value.is_not_null() == (pl.col("publicatiestatus") == "gepubliceerd"),
        x_rest_na_basis=value % grid.base,
        x_rate_zonder_cijfer=rate.is_not_null() & (value.is_null() | base.is_null() | unknown),
        x_rate_ontbreekt=rate.is_null() & value.is_not_null() & (base > 0) & ~unknown,
        x_afwijking_rate=(rate - 1000 * value / base).abs(),
        x_maandeinde=day == day.dt.month_end(),
        x_periode=day.dt.month() % pl.col("indicator").replace_strict(grid.months_apart, default=1) == 0,
    )
    return frame.hstack(derived.with_columns(pl.selectors.boolean().fill_null(False)))


def _expectations(grid: Grid, columns: list[str]) -> list[tuple[str, Any]]:
    """Ids and expectations. `columns`: the columns of the frame, derived ones too."""
    import great_expectations.expectations as gxe

    def only(column: str, values: list) -> Any:
        return gxe.ExpectColumnValuesToBeInSet(column=column, value_set=values)

    derived = [name for name in columns if name.startswith("x_")]
    expectations: list[tuple[str, Any]] = [
        ("GX-01-kolommen", gxe.ExpectTableColumnsToMatchOrderedList(column_list=[*grid.columns, *derived])),
        ("GX-03-rijen", gxe.ExpectTableRowCountToEqual(value=grid.rows)),
        ("GX-04-sleutel", gxe.ExpectCompoundColumnsToBeUnique(column_list=[*KEY, *grid.own_keys])),
        ("GX-05-maanden", only("peildatum", grid.months)),
        ("GX-06-maandeinde", only("x_maandeinde", [True])),
        ("GX-07-periode", only("x_periode", [True])),
        ("GX-08-indicatoren", only("indicator", grid.indicators)),
        ("GX-09-cijfer-alleen-als-gepubliceerd", only("x_waarde_past_bij_status", [True])),
        ("GX-10-vanaf-drempel", gxe.ExpectColumnValuesToBeBetween(column="waarde", min_value=grid.threshold)),
        ("GX-11-vijftallen", only("x_rest_na_basis", [0])),
        ("GX-12-noemer", gxe.ExpectColumnValuesToBeBetween(column="noemer", min_value=grid.least_noemer)),
        ("GX-13-rate-alleen-bij-cijfer", only("x_rate_zonder_cijfer", [False])),
        ("GX-14-rate-uit-cijfer", gxe.ExpectColumnValuesToBeBetween(column="x_afwijking_rate", max_value=0.051)),
        ("GX-15-rate-aanwezig", only("x_rate_ontbreekt", [False])),
        ("GX-16-wijkcode", gxe.ExpectColumnValuesToMatchRegex(column="gebiedscode", regex=_AREA)),
    ]
    values = {"gebiedsniveau": list(grid.levels), **VALUES}
    expectations += [(f"GX-20-waarden-{name}", only(name, allowed)) for name, allowed in values.items()]
    expectations += [
        (f"GX-30-gevuld-{name}", gxe.ExpectColumnValuesToNotBeNull(column=name))
        for name in grid.columns
        if name not in NULLABLE
    ]
    expectations += [
        (f"GX-40-geen-bsn-{name}", gxe.ExpectColumnValuesToNotMatchRegex(column=name, regex=BSN_SHAPE))
        for name in OPEN_TEXTS
    ]
    return expectations


_AREA = (
    r"^(GM\d{4}|WK\d{4}([0-9A-Z]{2}|onbekend)|BU\d{4}([0-9A-Z]{4}|onbekend)"
    r"|ST\d{4}([0-9A-Z]{4}-(\d+|onbekend)|onbekend))$"
)


def _expect(frame, grid: Grid) -> list[Judgement]:
    os.environ["GX_ANALYTICS_ENABLED"] = "False"
    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("editie").add_dataframe_asset("tabel")
    batch = asset.add_batch_definition_whole_dataframe("alles").get_batch({"dataframe": frame})
    expectations = _expectations(grid, list(frame.columns))
    suite = gx.ExpectationSuite(name="monitor", expectations=[expectation for _, expectation in expectations])
    outcome = batch.validate(suite, result_format="BOOLEAN_ONLY")
    if not outcome.success:
        # Rows are counted only now: counting costs more than judging.
        outcome = batch.validate(suite, result_format={"result_format": "SUMMARY", "partial_unexpected_count": 0})
    judged = {}
    for result in outcome.results:
        judged[_same(result.expectation_config)] = (result.success, result.result.get("unexpected_count"))
    return [Judgement(name, *judged[_same(expectation.configuration)]) for name, expectation in expectations]


def _same(configuration) -> str:
    return f"{configuration.type} {sorted((k, str(v)) for k, v in configuration.kwargs.items() if k != 'batch_id')}"
