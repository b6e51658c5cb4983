"""The ledger: every figure that became public, with the exact count it was set on, and the close that set it.

Append-only Parquet in the kluis, one file per close: `grootboek/<stand>.parquet`; where those figures came from,
`grootboek/<stand>.herkomst.parquet`; and what the audit of that close found. A figure as it is public now is the last
entry of its key. What was once public cannot be taken back, so nothing here is ever changed or removed.
"""

import io
import json
from datetime import date

import polars as pl

from assets.intake.records import write_parquet
from assets.publication.cells import FIGURE, KEY
from assets.publication.sdc import STREET
from assets.zones import Zone

FOLDER = "grootboek"
ENTRY = {
    **FIGURE,
    "publicatiestatus": pl.String,
    "waarde": pl.Int64,
    "noemer": pl.Int64,
    # What the figure was set on; stays in the kluis.
    "aantal": pl.Int64,
    "inwoners": pl.Int64,
    "drempel": pl.Int64,
    "reden": pl.String,
    "sluiting": pl.Date,
}
ORIGIN = ["tabel", "gemeentecode", "peildatum"]


def names(kluis: Zone, until: date | None = None) -> list[str]:
    """The closes in the ledger, oldest first; `until`: no later ones."""
    found = [file.name.removesuffix(".parquet") for file in kluis.files(FOLDER) if file.name.count(".") == 1]
    known = [name for name in found if until is None or name[:10] <= str(until)]
    return sorted(known, key=lambda name: (name[:10], int(name[11:] or 1)))


def current(kluis: Zone, until: date | None = None) -> pl.DataFrame:
    """Every figure as it is public now, or was on a day: ENTRY, one row per key."""
    rows = pl.concat([pl.DataFrame(schema=ENTRY), *_read(kluis, "", until)])
    return rows.unique(KEY, keep="last", maintain_order=True).sort(KEY)


def origin(kluis: Zone, new: pl.DataFrame, until: date | None = None) -> pl.DataFrame:
    """Where those figures came from: rows of monitor_herkomst, of the last close of each table, gemeente and month.

    `new`: the rows of this run, which come after all others.
    """
    frames = [*_read(kluis, ".herkomst", until), new]
    rows = pl.concat([frame.with_columns(nummer=pl.lit(number)) for number, frame in enumerate(frames)])
    return rows.filter(pl.col("nummer") == pl.col("nummer").max().over(ORIGIN)).drop("nummer")


def keep_areas(kluis: Zone, until: date) -> None:
    """Writes `bron/indeling.parquet`: in the areas of which year each month was published; and `bron/straten.parquet`.

    The models hold to them. A month in the areas of two years could be subtracted: what lies between would be a small
    new area.
    """
    known, month = current(kluis, until), ["gemeentecode", "peildatum", "indelingsjaar"]
    write_parquet(kluis, "bron/indeling.parquet", known.select(month).unique().sort(month))
    street = ["gemeentecode", "indelingsjaar", "gebiedscode", "gebiedsnaam", "ouder_code"]
    streets = known.filter(pl.col("gebiedsniveau") == STREET).select(street)
    write_parquet(kluis, "bron/straten.parquet", streets.unique().sort(street))


def last_audit(kluis: Zone, until: date) -> dict:
    """What the audit of the last close found; empty when there was none."""
    wanted = names(kluis, until)
    return json.loads(kluis.read(f"{FOLDER}/{wanted[-1]}.audit.json")) if wanted else {}


def append(kluis: Zone, stand: date, entries: pl.DataFrame, origins: pl.DataFrame, audit: dict) -> None:
    """Adds the figures that a run sets, under a name that no close has yet: the ledger is never rewritten."""
    taken, name, number = set(names(kluis)), str(stand), 1
    while name in taken:
        number += 1
        name = f"{stand}-{number}"
    kluis.write(f"{FOLDER}/{name}.audit.json", json.dumps(audit, indent=1, sort_keys=True).encode())
    for tail, frame in ((".herkomst", origins), ("", entries.select(list(ENTRY)).sort(KEY))):
        buffer = io.BytesIO()
        frame.write_parquet(buffer, compression="zstd")
        kluis.write(f"{FOLDER}/{name}{tail}.parquet", buffer.getvalue())


def _read(kluis: Zone, tail: str, until: date | None) -> list[pl.DataFrame]:
    paths = [f"{FOLDER}/{name}{tail}.parquet" for name in names(kluis, until)]
    return [pl.read_parquet(io.BytesIO(kluis.read(path))) for path in paths]
