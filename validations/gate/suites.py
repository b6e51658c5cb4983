"""Great Expectations on a written table of an edition. Each expectation has a stable id and is seen to fail in tests.

Reads the Parquet file, not the frame it was made from. Great Expectations (270 MB, 5 s to import) is imported when a
table is judged; results hold counts, never values.
"""

import logging
import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path

COLUMNS = {
    "editie": "string",
    "gemeentecode": "string",
    "gebiedsniveau": "string",
    "gebiedscode": "string",
    "gebiedsnaam": "string",
    "indelingsjaar": "int32",
    "peildatum": "date32[day]",
    "leeftijdsgroep": "string",
    "indicator": "string",
    "eenheid": "string",
    "waarde": "int64",
    "noemer": "int64",
    "per_1000": "double",
    "publicatiestatus": "string",
    "cijferstatus": "string",
}
VALUES = {
    "gebiedsniveau": ["gemeente", "wijk", "buurt"],
    "leeftijdsgroep": ["totaal", "0-14", "15-24", "25-44", "45-64", "65+"],
    "eenheid": ["personen", "huishoudens", "voorzieningen"],
    "publicatiestatus": ["gepubliceerd", "kleiner_dan_drempel", "onderdrukt", "nvt", "niet_geleverd"],
    "cijferstatus": ["voorlopig", "definitief"],
}
NULLABLE = ("waarde", "noemer", "per_1000")
KEY = ["gemeentecode", "gebiedscode", "indelingsjaar", "peildatum", "leeftijdsgroep", "indicator"]
# Nine digits that stand by themselves have the shape of a BSN; a pseudonym is 64 hexadecimal characters.
BSN_SHAPE = r"(?<!\d)\d{9}(?!\d)|[0-9a-f]{32,}"


@dataclass(frozen=True)
class Grid:
    """What the table must hold, known without the counts: its rows, months and indicators."""

    rows: int
    months: list[date]
    indicators: list[str]
    threshold: int = 10
    base: int = 5


@dataclass(frozen=True)
class Judgement:
    """One expectation: its id, whether it held, and how many rows broke it (None: it is about the table)."""

    expectation: str
    held: bool
    broken: int | None


def judge_table(file: Path, grid: Grid) -> list[Judgement]:
    """Every expectation on one `monitor_<regeling>.parquet`. An unreadable file breaks one; nothing raises on data."""
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(file)
    except (OSError, ValueError):
        return [Judgement("GX-00-leesbaar", False, None)]
    schema = {field.name: str(field.type).replace("large_", "") for field in table.schema}
    judgements = [
        Judgement("GX-00-leesbaar", True, None),
        Judgement("GX-02-typen", all(schema.get(name) == dtype for name, dtype in COLUMNS.items()), None),
    ]
    return judgements + _expect(_with_derived(table.to_pandas()), grid)


def _with_derived(frame):
    """The frame with the columns that turn a rule over several columns into one over a single column."""
    import pandas as pd

    empty = pd.Series(index=frame.index, dtype="float64")
    value, base, rate = (pd.to_numeric(frame.get(name, empty), errors="coerce") for name in NULLABLE)
    published = frame.get("publicatiestatus", empty) == "gepubliceerd"
    day = pd.to_datetime(frame.get("peildatum", empty), errors="coerce")
    unknown = frame.get("gebiedscode", empty).astype(str).str.endswith("onbekend")
    return frame.assign(
        x_waarde_past_bij_status=value.notna() == published,
        x_rest_na_basis=value % 5,
        x_rate_zonder_cijfer=rate.notna() & (value.isna() | base.isna() | unknown),
        x_rate_ontbreekt=rate.isna() & value.notna() & base.notna() & (base > 0) & ~unknown,
        x_afwijking_rate=(rate - 1000 * value / base.where(base > 0)).abs(),
        x_maandeinde=day.isna() | day.dt.is_month_end,
        x_kwartaal=~frame.get("indicator", empty).astype(str).str.endswith("_kwartaal")
        | day.dt.month.isin([3, 6, 9, 12]),
    )


def _expectations(grid: Grid, columns: list[str]) -> list[tuple[str, object]]:
    """Ids and expectations. `columns`: the columns of the frame, derived ones too."""
    import great_expectations.expectations as gxe

    def only(column: str, values: list) -> object:
        return gxe.ExpectColumnValuesToBeInSet(column=column, value_set=values)

    texts = [name for name, dtype in COLUMNS.items() if dtype == "string"]
    derived = [name for name in columns if name.startswith("x_")]
    expectations: list[tuple[str, object]] = [
        ("GX-01-kolommen", gxe.ExpectTableColumnsToMatchOrderedList(column_list=[*COLUMNS, *derived])),
        ("GX-03-rijen", gxe.ExpectTableRowCountToEqual(value=grid.rows)),
        ("GX-04-sleutel", gxe.ExpectCompoundColumnsToBeUnique(column_list=KEY)),
        ("GX-05-maanden", only("peildatum", grid.months)),
        ("GX-06-maandeinde", only("x_maandeinde", [True])),
        ("GX-07-kwartaal", only("x_kwartaal", [True])),
        ("GX-08-indicatoren", only("indicator", grid.indicators)),
        ("GX-09-cijfer-alleen-als-gepubliceerd", only("x_waarde_past_bij_status", [True])),
        ("GX-10-vanaf-drempel", gxe.ExpectColumnValuesToBeBetween(column="waarde", min_value=grid.threshold)),
        ("GX-11-vijftallen", only("x_rest_na_basis", [0])),
        ("GX-12-noemer", gxe.ExpectColumnValuesToBeBetween(column="noemer", min_value=grid.threshold)),
        ("GX-13-rate-alleen-bij-cijfer", only("x_rate_zonder_cijfer", [False])),
        ("GX-14-rate-uit-cijfer", gxe.ExpectColumnValuesToBeBetween(column="x_afwijking_rate", max_value=0.051)),
        ("GX-15-rate-aanwezig", only("x_rate_ontbreekt", [False])),
        ("GX-16-wijkcode", gxe.ExpectColumnValuesToMatchRegex(column="gebiedscode", regex=_AREA)),
    ]
    expectations += [(f"GX-20-waarden-{name}", only(name, values)) for name, values in VALUES.items()]
    expectations += [
        (f"GX-30-gevuld-{name}", gxe.ExpectColumnValuesToNotBeNull(column=name))
        for name in COLUMNS
        if name not in NULLABLE
    ]
    expectations += [
        (f"GX-40-geen-bsn-{name}", gxe.ExpectColumnValuesToNotMatchRegex(column=name, regex=BSN_SHAPE))
        for name in texts
    ]
    return expectations


_AREA = r"^(GM\d{4}|WK\d{4}([0-9A-Z]{2}|onbekend)|BU\d{4}([0-9A-Z]{4}|onbekend))$"


def _expect(frame, grid: Grid) -> list[Judgement]:
    os.environ["GX_ANALYTICS_ENABLED"] = "False"
    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    import great_expectations as gx

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    asset = context.data_sources.add_pandas("editie").add_dataframe_asset("tabel")
    batch = asset.add_batch_definition_whole_dataframe("alles").get_batch({"dataframe": frame})
    expectations = _expectations(grid, list(frame.columns))
    suite = gx.ExpectationSuite(name="monitor", expectations=[expectation for _, expectation in expectations])
    outcome = batch.validate(suite, result_format={"result_format": "SUMMARY", "partial_unexpected_count": 0})
    judged = {}
    for result in outcome.results:
        judged[_same(result.expectation_config)] = (result.success, result.result.get("unexpected_count"))
    return [Judgement(name, *judged[_same(expectation.configuration)]) for name, expectation in expectations]


def _same(configuration) -> str:
    return f"{configuration.type} {sorted((k, str(v)) for k, v in configuration.kwargs.items() if k != 'batch_id')}"
