"""The cells of a table: what could be published of a regeling, with all that decides whether it may be.

From the exact mart; exact counts are in it, so it stays in the work folder and the kluis.
"""

from collections.abc import Mapping

import polars as pl

from assets.ground.declared import BETWEEN, BREAKDOWN, counted
from assets.ground.indicatoren import stock_then
from assets.protection.sdc import AGES, Sdc, load_sdc, rounded

PUBLISHED, BELOW, HIDDEN, NVT, NOT_DELIVERED = (
    "gepubliceerd",
    "kleiner_dan_drempel",
    "onderdrukt",
    "nvt",
    "niet_geleverd",
)
# Reasons to hide that tell nothing of the count: few residents, its status would tell too much.
SILENT = ("inwoners_min", "stil")
KEY = ["tabel", "gemeentecode", "gebiedscode", "indelingsjaar", "peildatum", "leeftijdsgroep", BREAKDOWN, "indicator"]
# What a grid of sdc.yml says its rows are of.
GRID_PLACE = ["gemeentecode", "gebiedsniveau", "indicator", "leeftijdsgroep"]
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
    BREAKDOWN: pl.String,
    "indicator": pl.String,
    "eenheid": pl.String,
}
CELLS = {
    **FIGURE,
    "status": pl.String,
    "aantal": pl.Int64,
    "noemer": pl.Int64,
    # What the noemer counts (rates.py); null where there is no rate.
    "noemer_naam": pl.String,
    "inwoners": pl.Int64,
    # How many households stand behind the count, and how many of its persons live at its most common address.
    "huishoudens": pl.Int64,
    "grootste_adres": pl.Int64,
    "vorig": pl.Int64,
    # Whether areas and ages add up to their total: aggregates were rounded one by one before they came.
    "telt_op": pl.Boolean,
    # Whether the settings of today publish it; what was public, and is not now, stays known to those who saw it.
    "in_rooster": pl.Boolean,
    "drempel": pl.Int64,
    "reden": pl.String,
    # For a count hidden for a group, an address or few households: a count under `onder` must stay possible, and `ruim`
    # steps between the least and the most that is possible.
    "onder": pl.Int64,
    "ruim": pl.Int64,
    "waarde": pl.Int64,
}
# What the ledger keeps of each figure that was set at a close.
ENTRY = {
    **FIGURE,
    "publicatiestatus": pl.String,
    "waarde": pl.Int64,
    "noemer": pl.Int64,
    # What it was divided by; none in a ledger of schema version 1 (rates.py).
    "noemer_naam": pl.String,
    # What the figure was set on; stays in the kluis.
    "aantal": pl.Int64,
    "inwoners": pl.Int64,
    "drempel": pl.Int64,
    "reden": pl.String,
    # See CELLS. A ledger from before these columns has none: then nothing more is asked of its figures.
    "onder": pl.Int64,
    "ruim": pl.Int64,
    # The least by which the count differed, where this replaces an earlier figure (`revisie_min` of then).
    "verschil": pl.Int64,
    "sluiting": pl.Date,
}
# The steps that must stay possible for a count hidden for an address, few households or few residents
# (docs/beveiliging.md).
WIDE = 10


def settings_of(regeling: str, gemeenten: list[str]) -> dict[str, Sdc]:
    """The settings of each gemeente for a regeling; supply counts no persons and has its own."""
    found = {gemeente: load_sdc(gemeente=gemeente) for gemeente in gemeenten}
    return found if counted()[regeling].persons else {code: sdc.without_persons() for code, sdc in found.items()}


def cells_of(
    regeling: str,
    figures: pl.DataFrame,
    areas: pl.DataFrame,
    residents: pl.DataFrame,
    sdcs: Mapping[str, Sdc],
    *,
    known: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """The grid cells of a regeling: CELLS, sorted by KEY.

    `figures`: wijkcijfers_<regeling> with BREAKDOWN; `areas`: gebied (for ouder_code); `residents`: gebiedscode,
    peildatum, leeftijdsgroep, inwoners, which any reader can look up at the CBS; `sdcs`: the settings of each gemeente;
    `known`: its ledger, for what was public and is not in the grid any more.
    `reden`: why a delivered count is not shown by itself (null: it may be); `waarde`: what it would be shown as.
    """
    if not sdcs:
        return pl.DataFrame(schema=CELLS)
    grids = pl.concat([_grid(code, regeling, sdc) for code, sdc in sdcs.items()])
    figures = figures.with_columns(tabel=pl.lit(f"monitor_{regeling}"))
    wanted = within(figures, grids).with_columns(in_rooster=pl.lit(True))
    if known is not None:
        wanted = pl.concat([wanted, _left(figures, wanted, known, grids)], how="diagonal")
    before = figures.filter(pl.col("indicator") == stock_then(), pl.col("status") == "geleverd").select(
        "gebiedscode",
        "indelingsjaar",
        "peildatum",
        BREAKDOWN,
        indicator=pl.lit("clienten"),
        leeftijdsgroep=pl.lit(AGES[0]),
        vorig="aantal",
    )
    base = next(iter(sdcs.values())).base
    cells = (
        wanted.join(
            areas.select("gebiedscode", "indelingsjaar", "ouder_code"), on=["gebiedscode", "indelingsjaar"], how="left"
        )
        .join(residents, on=["gebiedscode", "peildatum", "leeftijdsgroep"], how="left")
        .join(before, on=[name for name in before.columns if name != "vorig"], how="left")
        .with_columns(telt_op=pl.lit(counted()[regeling].adds_up))
    )
    # Nobody can look up the residents of `onbekend`.
    cells = cells.with_columns(inwoners=pl.when(~pl.col("gebiedscode").str.ends_with("onbekend")).then("inwoners"))
    may_lack = ("noemer_naam", "huishoudens", "grootste_adres")
    absent = [pl.lit(None, CELLS[name]).alias(name) for name in may_lack if name not in cells.columns]
    return (
        cells.with_columns(absent)
        .with_columns(reden=_reason(), waarde=rounded(pl.col("aantal"), base, pl.col("drempel")))
        .with_columns(onder=_under(), ruim=_wide())
        .with_columns(reden=pl.when(_status_tells()).then(pl.lit("stil")).otherwise("reden"))
        .select(pl.col(name).cast(dtype) for name, dtype in CELLS.items())
        .sort(KEY)
    )


def _grid(gemeente: str, regeling: str, sdc: Sdc) -> pl.DataFrame:
    residents = pl.col("gebiedsniveau").replace_strict(sdc.residents_min, default=0, return_dtype=pl.Int64)
    return sdc.cells(regeling).with_columns(
        gemeentecode=pl.lit(gemeente),
        groep_max=pl.lit(sdc.group_max),
        huishoudens_min=pl.lit(sdc.households_min),
        adres_max=pl.lit(sdc.address_max),
        inwoners_min=residents,
    )


def within(frame: pl.DataFrame, grids: pl.DataFrame) -> pl.DataFrame:
    """The rows of a frame that are in the grids of their gemeenten, with what these say of them.

    `grids`: Sdc.cells with gemeentecode; the frame has `peildatum`, BREAKDOWN and some of the columns that they share.
    """
    place = [name for name in ("tabel", *GRID_PLACE) if name in frame.columns and name in grids.columns]
    first = pl.col(BREAKDOWN).str.split(BETWEEN).list.first()
    named = pl.col("alleen").list.contains(pl.col(BREAKDOWN)) | pl.col("alleen").list.contains(first)
    month = pl.col("peildatum").dt.month() % pl.col("om_de") == 0
    return (
        frame.join(grids, on=place, maintain_order="left")
        .filter(pl.col("alleen").is_null() | named, month)
        .drop("alleen", "om_de")
    )


def _left(figures: pl.DataFrame, wanted: pl.DataFrame, known: pl.DataFrame, grids: pl.DataFrame) -> pl.DataFrame:
    """Figures that the ledger has beside the grid: never set again, so only the threshold matters."""
    thresholds = grids.group_by("gemeentecode").agg(pl.col("drempel").max())
    left = figures.join(known, on=KEY, how="semi").join(wanted, on=KEY, how="anti")
    return left.join(thresholds, on="gemeentecode").with_columns(in_rooster=pl.lit(False))


def _reason() -> pl.Expr:
    """The first primary rule that a delivered count breaks.

    Few residents come first: then the status tells nothing of the count. `rest`: all but a few of a group have it.
    """
    count, threshold, group = pl.col("aantal"), pl.col("drempel"), _group()
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


def _group() -> pl.Expr:
    """The group that the counted are a part of: the households or residents of the area and age group."""
    unit = pl.col("eenheid")
    return pl.when(unit == "huishoudens").then("noemer").when(unit == "personen").then("inwoners")


def _under() -> pl.Expr:
    """The least count that the rules for groups hide, where they hide this count: `groep` and `rest` of _reason."""
    group = _group()
    least = pl.min_horizontal((pl.col("groep_max") * group).ceil(), group - pl.col("drempel") + 1).cast(pl.Int64)
    return pl.when(pl.col("reden").is_not_null(), pl.col("aantal") >= pl.max_horizontal(least, "drempel")).then(least)


def _wide() -> pl.Expr:
    """WIDE, where a count of the threshold or more is hidden for an address, few households or few residents."""
    count = pl.col("aantal")
    few = (pl.col("huishoudens") < pl.col("huishoudens_min")) | (pl.col("grootste_adres") > pl.col("adres_max") * count)
    few = few.fill_null(False) | (pl.col("reden") == "inwoners_min")
    return pl.when(pl.col("reden").is_not_null(), count >= pl.col("drempel"), few).then(pl.lit(WIDE))


def _status_tells() -> pl.Expr:
    """Whether a status that says "at least the threshold" leaves too little: a small group, or few residents."""
    room = pl.col("inwoners") - pl.col("drempel")
    return ((pl.col("onder") <= pl.col("drempel")) | (pl.col("ruim") > room)) & (pl.col("reden") != "inwoners_min")


def status_of(reason: pl.Expr) -> pl.Expr:
    """The public status of a delivered cell; why it is hidden is told only when its count is under the threshold."""
    return (
        pl.when(reason.is_null())
        .then(pl.lit(PUBLISHED))
        .when(reason == "drempel")
        .then(pl.lit(BELOW))
        .otherwise(pl.lit(HIDDEN))
    )
