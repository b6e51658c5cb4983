"""The steps of protection as tests call them: exact figures in; decided cells, entries and a public table out."""

from datetime import date

import numpy as np
import polars as pl

from assets.protection.cells import ENTRY, cells_of, settings_of
from assets.protection.close import closing_months, fresh, touched
from assets.protection.protect import decided, protect
from assets.protection.public import entries_of, public_table, with_entries
from assets.protection.sdc import Sdc, load_sdc

STAND = date(2022, 7, 20)
NOTHING = pl.DataFrame(schema=ENTRY)


def cells(
    figures: pl.DataFrame,
    areas: pl.DataFrame,
    residents: pl.DataFrame,
    *,
    known: pl.DataFrame = NOTHING,
    stand: date = STAND,
    sdc: Sdc | None = None,
    regeling: str = "wmo",
) -> pl.DataFrame:
    """The cells of a regeling in a run on `stand`, before protection (close.fresh)."""
    gemeenten = figures.get_column("gemeentecode").unique().to_list()
    sdcs = dict.fromkeys(gemeenten, sdc) if sdc else settings_of(regeling, gemeenten)
    known = known.filter(pl.col("tabel") == f"monitor_{regeling}")
    until, due = closing_months(known, gemeenten, stand)
    figures = figures.filter(pl.col("peildatum") <= max(until.values()))
    made = cells_of(regeling, figures, areas, residents, sdcs, known=known)
    return fresh(made, known, max(own.revision_min for own in sdcs.values()), due=due)


def naive(made: pl.DataFrame) -> pl.DataFrame:
    """Primary rules only: what protection would leave if it hid nothing more."""
    return decided(made, *np.zeros((2, made.height), bool))


def published(
    figures: pl.DataFrame, areas: pl.DataFrame, residents: pl.DataFrame, *, regeling: str = "wmo"
) -> pl.DataFrame:
    """The public table of a first close."""
    sdc = load_sdc()
    made = protect(cells(figures, areas, residents, regeling=regeling), sdc)
    entries = entries_of(made, sdc, STAND)
    newest = entries.get_column("peildatum").max()
    return public_table(regeling, entries, "2022-07-20", newest)  # pyright: ignore[reportArgumentType]


def night(known: pl.DataFrame, made: pl.DataFrame, stand: date) -> pl.DataFrame:
    """The ledger after a run: `known` with what it sets."""
    sdc = load_sdc()
    return with_entries(known, entries_of(protect(touched(made), sdc), sdc, stand))
