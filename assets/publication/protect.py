"""Turns the exact figures of one regeling into publishable ones: 10-5, and repair of what sums would still give away.

A pure function of the exact figures and sdc.yml: no randomness, no clock. Protection over all regelingen together, the
revision lock and the audit are not here yet (design.md section 8); until then nothing of real persons is published.
"""

import numpy as np
import polars as pl

from assets.publication.bounds import FAR, Rules, propagate
from assets.publication.rules import build_rules, neighbours_of, smallest_near
from assets.publication.sdc import Sdc, rounded

PUBLISHED, BELOW, HIDDEN, NVT, NOT_DELIVERED = (
    "gepubliceerd",
    "kleiner_dan_drempel",
    "onderdrukt",
    "nvt",
    "niet_geleverd",
)
COLUMNS = {
    "editie": pl.String,
    "gemeentecode": pl.String,
    "gebiedsniveau": pl.String,
    "gebiedscode": pl.String,
    "gebiedsnaam": pl.String,
    "indelingsjaar": pl.Int32,
    "peildatum": pl.Date,
    "leeftijdsgroep": pl.String,
    "indicator": pl.String,
    "eenheid": pl.String,
    "waarde": pl.Int64,
    "noemer": pl.Int64,
    "per_1000": pl.Float64,
    "publicatiestatus": pl.String,
    "cijferstatus": pl.String,
}
KEY = ("gemeentecode", "gebiedscode", "indelingsjaar", "peildatum", "leeftijdsgroep", "indicator")


def protect(
    figures: pl.DataFrame,
    areas: pl.DataFrame,
    residents: pl.DataFrame,
    sdc: Sdc,
    edition: str,
    *,
    persons: bool = True,
) -> pl.DataFrame:
    """The table monitor_<regeling>: COLUMNS, dense, sorted by key; only cells of the grid.

    `figures`: wijkcijfers_<regeling> (exact `aantal` and `noemer`, `status`); `areas`: gebied (for ouder_code);
    `residents`: gebiedscode, peildatum, leeftijdsgroep, inwoners, which any reader can look up at the CBS.
    `persons`: False for supply, of which every figure is shown as it is; its denominators still count persons.
    """
    own = sdc if persons else sdc.without_persons()
    cells = (
        figures.join(own.cells(), on=["gebiedsniveau", "indicator", "leeftijdsgroep"], how="semi")
        .join(
            areas.select("gebiedscode", "indelingsjaar", "ouder_code"), on=["gebiedscode", "indelingsjaar"], how="left"
        )
        .join(residents, on=["gebiedscode", "peildatum", "leeftijdsgroep"], how="left")
        .sort(KEY)
        .with_columns(rounded(pl.col("aantal"), own).alias("waarde"))
    )
    shown = _repaired(cells, build_rules(cells, figures) if persons else (Rules(), cells.height), own)
    newest = cells.get_column("peildatum").max()
    status = (
        pl.when(pl.col("status") == "nvt")
        .then(pl.lit(NVT))
        .when(pl.col("status") == "niet_geleverd")
        .then(pl.lit(NOT_DELIVERED))
        .when(pl.col("aantal") < own.threshold)
        .then(pl.lit(BELOW))
        .when(pl.col("getoond"))
        .then(pl.lit(PUBLISHED))
        .otherwise(pl.lit(HIDDEN))
    )
    final = pl.col("peildatum").dt.offset_by("3mo").dt.month_end() <= newest
    return (
        cells.with_columns(pl.Series("getoond", shown))
        .with_columns(
            pl.lit(edition).alias("editie"),
            status.alias("publicatiestatus"),
            rounded(pl.col("noemer"), sdc).alias("noemer"),
            pl.when(final).then(pl.lit("definitief")).otherwise(pl.lit("voorlopig")).alias("cijferstatus"),
        )
        .with_columns(pl.when(pl.col("publicatiestatus") == PUBLISHED).then(pl.col("waarde")).alias("waarde"))
        .with_columns(per_1000().alias("per_1000"))
        .select(pl.col(name).cast(dtype) for name, dtype in COLUMNS.items())
    )


def per_1000() -> pl.Expr:
    """The rate from the published count and the published denominator, to one decimal, in integers (no float ties)."""
    count, base = pl.col("waarde"), pl.col("noemer")
    return (((20_000 * count + base) // (2 * base)) / 10.0).round(1)


def _repaired(cells: pl.DataFrame, built: tuple[Rules, int], sdc: Sdc) -> np.ndarray:
    """Which cells are shown: those of at least the threshold, less those that would narrow a small count too far."""
    rules, size = built
    count = cells.get_column("aantal").fill_null(0).to_numpy()
    value = cells.get_column("waarde").fill_null(0).to_numpy()
    delivered = (cells.get_column("status") == "geleverd").to_numpy()
    # No more clients than residents, where that is known: of `onbekend` it is not, and who is placed by the address
    # in a delivery is no resident.
    known = (pl.col("eenheid") == "personen") & (pl.col("inwoners") >= pl.col("aantal"))
    bound = pl.when(known, ~pl.col("gebiedscode").str.ends_with("onbekend")).then("inwoners").otherwise(FAR)
    most = cells.select(bound.alias("most")).get_column("most").to_numpy()
    shown = delivered & (count >= sdc.threshold)
    sensitive = delivered & (count < sdc.threshold)
    half = sdc.base // 2
    neighbours = neighbours_of(rules)
    low, high = np.zeros(size, int), np.full(size, FAR)
    high[: len(count)] = most
    # Where residents and rules alone leave less than the width, nothing that is published can take more away.
    low, high = propagate(rules, low, high)
    enough = np.minimum((high - low)[: len(count)], sdc.width)
    while True:
        # What repair hid is not under the threshold, and the reader knows it: its status would say so otherwise.
        least = np.where(
            shown, np.maximum(value - half, sdc.threshold), np.where(delivered & ~sensitive, sdc.threshold, 0)
        )
        utmost = np.where(shown, value + half, np.where(sensitive, sdc.threshold - 1, FAR))
        low, high = np.zeros(size, int), np.full(size, FAR)
        low[: len(count)], high[: len(count)] = least, np.minimum(utmost, most)
        low, high = propagate(rules, low, high)
        narrow = sensitive & ((high - low)[: len(count)] < enough)
        if not narrow.any():
            return shown
        hide = {smallest_near(cell, neighbours, shown, count) for cell in np.flatnonzero(narrow).tolist()} - {None}
        if not hide:
            raise ArithmeticError("protection cannot be repaired: no shown cell is left near a narrow one")
        shown[[cell for cell in hide if cell is not None]] = False
