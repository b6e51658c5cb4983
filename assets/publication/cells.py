"""The cells of a table: what could be published of a regeling, with all that decides whether it may be.

From the exact mart; exact counts are in it, so it stays in the work folder and the kluis.
"""

from collections.abc import Mapping

import polars as pl

from assets.publication.sdc import AGES, Sdc, load_sdc, rounded
from assets.regelingen import adds_up, counts_persons

PUBLISHED, BELOW, HIDDEN, NVT, NOT_DELIVERED = (
    "gepubliceerd",
    "kleiner_dan_drempel",
    "onderdrukt",
    "nvt",
    "niet_geleverd",
)
# Reasons to hide that tell nothing of the count: few residents, its status would tell too much, settings of today.
SILENT = ("inwoners_min", "stil", "beleid")
KEY = ["tabel", "gemeentecode", "gebiedscode", "indelingsjaar", "peildatum", "leeftijdsgroep", "indicator"]
# Which figure it is; the ledger begins with the same columns.
FIGURE = {
    "tabel": pl.String,
    "gemeentecode": pl.String,
    "gebiedsniveau": pl.String,
    "gebiedscode": pl.String,
    "gebiedsnaam": pl.String,
    "ouder_code": pl.String,
    "indelingsjaar": pl.Int32,
    "peildatum": pl.Date,
    "leeftijdsgroep": pl.String,
    "indicator": pl.String,
    "eenheid": pl.String,
}
CELLS = {
    **FIGURE,
    "status": pl.String,
    "aantal": pl.Int64,
    "noemer": pl.Int64,
    "inwoners": pl.Int64,
    # How many households stand behind the count, and how many of its persons live at its most common address.
    "huishoudens": pl.Int64,
    "grootste_adres": pl.Int64,
    "vorig": pl.Int64,
    # Whether areas and ages add up to their total: aggregates were rounded one by one before they came.
    "telt_op": pl.Boolean,
    "drempel": pl.Int64,
    "reden": pl.String,
    "waarde": pl.Int64,
}


def settings_of(regeling: str, gemeenten: list[str]) -> dict[str, Sdc]:
    """The settings of each gemeente for a regeling; supply counts no persons and has its own."""
    found = {gemeente: load_sdc(gemeente=gemeente) for gemeente in gemeenten}
    return found if counts_persons(regeling) else {code: sdc.without_persons() for code, sdc in found.items()}


def cells_of(
    regeling: str, figures: pl.DataFrame, areas: pl.DataFrame, residents: pl.DataFrame, sdcs: Mapping[str, Sdc]
) -> pl.DataFrame:
    """The grid cells of a regeling: CELLS, sorted by KEY.

    `figures`: wijkcijfers_<regeling>; `areas`: gebied (for ouder_code); `residents`: gebiedscode, peildatum,
    leeftijdsgroep, inwoners, which any reader can look up at the CBS; `sdcs`: the settings of each gemeente.
    `reden`: why a delivered count is not shown by itself (null: it may be); `waarde`: what it would be shown as.
    """
    if not sdcs:
        return pl.DataFrame(schema=CELLS)
    grids = pl.concat([_grid(code, regeling, sdc) for code, sdc in sdcs.items()])
    before = figures.filter(pl.col("indicator") == "stand_vorig_kwartaal", pl.col("status") == "geleverd").select(
        "gebiedscode",
        "indelingsjaar",
        "peildatum",
        indicator=pl.lit("clienten"),
        leeftijdsgroep=pl.lit(AGES[0]),
        vorig="aantal",
    )
    base = next(iter(sdcs.values())).base
    cells = (
        figures.join(grids, on=["gemeentecode", "gebiedsniveau", "indicator", "leeftijdsgroep"])
        .join(
            areas.select("gebiedscode", "indelingsjaar", "ouder_code"), on=["gebiedscode", "indelingsjaar"], how="left"
        )
        .join(residents, on=["gebiedscode", "peildatum", "leeftijdsgroep"], how="left")
        .join(before, on=["gebiedscode", "indelingsjaar", "peildatum", "indicator", "leeftijdsgroep"], how="left")
        .with_columns(tabel=pl.lit(f"monitor_{regeling}"), telt_op=pl.lit(adds_up(regeling)))
    )
    # Of `onbekend` nobody can look up the residents.
    cells = cells.with_columns(inwoners=pl.when(~pl.col("gebiedscode").str.ends_with("onbekend")).then("inwoners"))
    absent = [
        pl.lit(None, CELLS[name]).alias(name) for name in ("huishoudens", "grootste_adres") if name not in cells.columns
    ]
    return (
        cells.with_columns(absent)
        .with_columns(reden=_reason(), waarde=rounded(pl.col("aantal"), base, pl.col("drempel")))
        .select(pl.col(name).cast(dtype) for name, dtype in CELLS.items())
        .sort(KEY)
    )


def _grid(gemeente: str, regeling: str, sdc: Sdc) -> pl.DataFrame:
    residents = pl.col("gebiedsniveau").replace_strict(sdc.residents_min, default=0, return_dtype=pl.Int64)
    return sdc.cells(regeling).with_columns(
        gemeentecode=pl.lit(gemeente),
        drempel=pl.lit(sdc.threshold_of(regeling), pl.Int64),
        groep_max=pl.lit(sdc.group_max),
        huishoudens_min=pl.lit(sdc.households_min),
        adres_max=pl.lit(sdc.address_max),
        inwoners_min=residents,
    )


def _reason() -> pl.Expr:
    """The first primary rule that a delivered count breaks.

    Few residents come first: then the status tells nothing of the count. `rest`: all but a few of a group have it.
    """
    count, threshold = pl.col("aantal"), pl.col("drempel")
    group = (
        pl.when(pl.col("eenheid") == "huishoudens")
        .then("noemer")
        .when(pl.col("eenheid") == "personen")
        .then("inwoners")
    )
    return (
        pl.when(pl.col("status") != "geleverd")
        .then(None)
        .when(pl.col("inwoners") < pl.col("inwoners_min"))
        .then(pl.lit("inwoners_min"))
        .when(count < threshold)
        .then(pl.lit("drempel"))
        .when(count >= pl.col("groep_max") * group)
        .then(pl.lit("groep"))
        .when(group - count < threshold)
        .then(pl.lit("rest"))
        .when(pl.col("huishoudens") < pl.col("huishoudens_min"))
        .then(pl.lit("huishoudens"))
        .when(pl.col("grootste_adres") > pl.col("adres_max") * count)
        .then(pl.lit("adres"))
    )


def status_of(reason: pl.Expr) -> pl.Expr:
    """The public status of a delivered cell; why it is hidden is told only when its count is under the threshold."""
    return (
        pl.when(reason.is_null())
        .then(pl.lit(PUBLISHED))
        .when(reason == "drempel")
        .then(pl.lit(BELOW))
        .otherwise(pl.lit(HIDDEN))
    )
