"""The public table of a regeling, from what the ledger says is public: columns, rates and status, nothing exact."""

from datetime import date

import polars as pl

from assets.ground.declared import counted
from assets.ground.names import masked
from assets.protection.cells import ENTRY, KEY, PUBLISHED, settings_of, within
from assets.protection.sdc import Sdc, rounded


def entries_of(cells: pl.DataFrame, sdc: Sdc, stand: date) -> pl.DataFrame:
    """The ledger entries (ENTRY) of the cells that this run sets (protect.decided); the noemer rounded as published."""
    shown = pl.col("publicatiestatus") == PUBLISHED
    return (
        cells.filter("vers")
        .with_columns(
            waarde=pl.when(shown).then("waarde"),
            noemer=rounded(pl.col("noemer"), sdc.base, sdc.threshold),
            sluiting=pl.lit(stand),
        )
        .select(pl.col(name).cast(dtype) for name, dtype in ENTRY.items())
    )


def with_entries(known: pl.DataFrame, entries: pl.DataFrame) -> pl.DataFrame:
    """What is public after some entries: the last of each key."""
    return pl.concat([known, entries]).unique(KEY, keep="last", maintain_order=True).sort(KEY)


def in_grid(entries: pl.DataFrame) -> pl.DataFrame:
    """The rows that the settings of today still let be published."""
    gemeenten, there = entries.get_column("gemeentecode").unique().to_list(), entries.get_column("tabel").unique()
    grids = [
        sdc.cells(table.name).with_columns(tabel=pl.lit(table.table), gemeentecode=pl.lit(code))
        for table in counted().values()
        if table.table in there
        for code, sdc in settings_of(table.name, gemeenten).items()
    ]
    return within(entries, pl.concat(grids)).select(entries.columns) if grids else entries


def public_table(name: str, entries: pl.DataFrame, edition: str, newest: date | None) -> pl.DataFrame:
    """The table of that name in declared.py as readers get it, sorted by key.

    `newest`: the newest closed month of the edition.
    """
    final = pl.col("peildatum").dt.offset_by("3mo").dt.month_end() <= pl.lit(newest, pl.Date)
    table = (
        names_masked(entries)
        .sort(KEY)
        .with_columns(
            editie=pl.lit(edition),
            cijferstatus=pl.when(final).then(pl.lit("definitief")).otherwise(pl.lit("voorlopig")),
            per_1000=per_1000(),
        )
    )
    return counted()[name].figures.of(counted()[name].split(table))


def names_masked(areas: pl.DataFrame) -> pl.DataFrame:
    """The frame with names of areas as they may be public: a street may be called after what reads as a BSN."""
    names = areas.get_column("gebiedsnaam").unique().drop_nulls()
    return areas.with_columns(pl.col("gebiedsnaam").replace({n: masked(n) for n in names if masked(n) != n}))


def per_1000() -> pl.Expr:
    """The rate from the published count and the published denominator, to one decimal, in integers (no float ties)."""
    count, base = pl.col("waarde"), pl.col("noemer")
    return (((20_000 * count + base) // (2 * base)) / 10.0).round(1)
