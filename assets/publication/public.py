"""The public table of a regeling, from what the ledger says is public: columns, rates and status, nothing exact."""

from datetime import date

import polars as pl

from assets.names import masked
from assets.publication.cells import KEY, PUBLISHED, settings_of
from assets.publication.ledger import ENTRY
from assets.publication.rules import TOTAL
from assets.publication.sdc import LEVELS, STREET, Sdc, rounded

# Of monitor_totaal the streets are a file of their own: it stays in this folder of the kluis, for wijkteams.
STREETS, CLOSED = f"{TOTAL}_straat", "besloten"

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
DESCRIPTIONS = {
    "editie": "Editie waarin de tabel staat",
    "gemeentecode": "Gemeente, code van het CBS",
    "gebiedsniveau": "gemeente, wijk of buurt",
    "gebiedscode": "Gebied, code van het CBS",
    "gebiedsnaam": "Naam van het gebied",
    "indelingsjaar": "Jaar van de gebiedsindeling",
    "peildatum": "Laatste dag van de maand",
    "leeftijdsgroep": "Leeftijdsgroep van het CBS, of totaal",
    "indicator": "Wat er is geteld; zie dim_indicator",
    "eenheid": "Waarin is geteld: personen, huishoudens, voorzieningen, diensten of plaatsen",
    "waarde": "Het aantal, beveiligd; leeg tenzij publicatiestatus gepubliceerd is",
    "noemer": "Het aantal waarop per_1000 is berekend, beveiligd",
    "per_1000": "waarde per 1.000 van de noemer",
    "publicatiestatus": "gepubliceerd, kleiner_dan_drempel, onderdrukt, nvt of niet_geleverd",
    "cijferstatus": "voorlopig of definitief",
}


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
    """Without the rows that the settings of today no longer let be published at all."""
    gemeenten = entries.get_column("gemeentecode").unique().to_list()
    grids = [
        sdc.cells(regeling).with_columns(tabel=pl.lit(f"monitor_{regeling}"), gemeentecode=pl.lit(code))
        for regeling in entries.get_column("tabel").unique().str.strip_prefix("monitor_")
        for code, sdc in settings_of(regeling, gemeenten).items()
    ]
    keys = ["tabel", "gemeentecode", "gebiedsniveau", "indicator", "leeftijdsgroep"]
    return entries.join(pl.concat(grids), on=keys, how="semi") if grids else entries


def files_of(table: str) -> dict[str, tuple[str, ...]]:
    """The files (stems) that a table is written to, and the levels that each holds."""
    files: dict[str, tuple[str, ...]] = {table: LEVELS}
    return files | {STREETS: (STREET,)} if table == TOTAL else files


def public_table(entries: pl.DataFrame, edition: str, newest: date | None) -> pl.DataFrame:
    """One table as readers get it: COLUMNS, sorted by key. `newest`: the newest closed month of the edition."""
    final = pl.col("peildatum").dt.offset_by("3mo").dt.month_end() <= pl.lit(newest, pl.Date)
    return (
        names_masked(entries)
        .sort(KEY)
        .with_columns(
            editie=pl.lit(edition),
            cijferstatus=pl.when(final).then(pl.lit("definitief")).otherwise(pl.lit("voorlopig")),
            per_1000=per_1000(),
        )
        .select(pl.col(name).cast(dtype) for name, dtype in COLUMNS.items())
    )


def names_masked(areas: pl.DataFrame) -> pl.DataFrame:
    """The frame with names of areas as they may be public: a street may be called after what reads as a BSN."""
    names = areas.get_column("gebiedsnaam").unique().drop_nulls()
    return areas.with_columns(pl.col("gebiedsnaam").replace({n: masked(n) for n in names if masked(n) != n}))


def per_1000() -> pl.Expr:
    """The rate from the published count and the published denominator, to one decimal, in integers (no float ties)."""
    count, base = pl.col("waarde"), pl.col("noemer")
    return (((20_000 * count + base) // (2 * base)) / 10.0).round(1)
