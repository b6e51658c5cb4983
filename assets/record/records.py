"""The records of a bron together: what a registration step found, where rows lie, and `bron/leveringen_<bron>.parquet`.

The registration step writes them, and under `samen` what dbt found beside other deliveries is kept; dbt, reports and
status read them. One record, as it is kept, is in delivery_record.py.
"""

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

import polars as pl

from assets.ground.names import place_of
from assets.ground.parquet import as_parquet, write_changed, write_parquet
from assets.ground.settings import DamagedError
from assets.ground.zones import Zone
from assets.record.delivery_record import ACCEPTED, BLOCKED, Record, Version, record_path, save_record
from assets.record.register import registered
from assets.registrations.declaration import Registration

V = TypeVar("V", bound=Version)
# A rule that fewer rows broke is not told outside (docs/beveiliging.md).
LEAST_BROKEN = 10

# The name of a file of good rows holds this many characters of its sha256.
DIGEST = 16
# What the registration steps know of every delivery.
OVERVIEW = {
    "bron": pl.String,
    "leverancier": pl.String,
    "leverdatum": pl.Date,
    "gemeentecode": pl.String,
    "toestand": pl.String,
    "periode_van": pl.Date,
    "periode_tot": pl.Date,
    "rijen": pl.Int64,
    "uitval": pl.Int64,
    "regels": pl.String,
    # Only of these rules may others hear that they were broken.
    "open_regels": pl.String,
    # Good rows of the whole delivery; `rijen` are those of one gemeente.
    "rijen_levering": pl.Int64,
    "levering": pl.String,
    "levermaand": pl.String,
    "gevraagd_tot": pl.Date,
    "contractversie": pl.String,
    "tabel": pl.String,
    "bestand": pl.String,
    "semantiek": pl.String,
    "cadans_dagen": pl.Int64,
    "respijt_dagen": pl.Int64,
}


@dataclass
class Outcome:
    """What a registration step found: a record per delivery, those read now, what was left out, and strange folders."""

    bron: str
    records: list[Record] = field(default_factory=list)
    read_now: list[Record] = field(default_factory=list)
    # Those whose content was never accepted before: not one that is read anew because code or key changed.
    accepted_now: list[Record] = field(default_factory=list)
    # Why a delivery was not read, as LEV- rule, by leverancier/leverdatum.
    left_out: dict[str, str] = field(default_factory=dict)
    # The rule that a folder without a delivery breaks, by its outline.
    strange: dict[str, str] = field(default_factory=dict)
    # Why nothing could be looked at (a zone that is away, a damaged record), in words; then there are no records.
    unreachable: str | None = None

    @property
    def accepted(self) -> list[Version]:
        """The versions whose rows count: of each delivery the current one, or the last good one before it."""
        return [record.goed for record in self.records if record.goed]

    @property
    def blocked(self) -> list[Record]:
        """The deliveries that stop this registration: the newest of a leverancier, when it is not accepted."""
        newest = {record.leverancier: record for record in self.records}
        return [record for record in newest.values() if record.toestand != ACCEPTED]

    @property
    def state(self) -> str:
        """`geblokkeerd` when a newest delivery is not in order, else `in_orde`; `niet_geleverd` without deliveries."""
        if self.blocked or self.unreachable:
            return BLOCKED
        return "in_orde" if self.records else "niet_geleverd"

    @property
    def data_version(self) -> str:
        """Changes when the rows that count do: by content, contract, key or objections."""
        parts = [f"{good.key} {good.inhoud} {good.contract} {good.bezwaren}" for good in self.accepted]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def uitval_path(bron: str, key: str) -> str:
    """Where in the kluis the uitval of a delivery lies."""
    return f"uitval/{bron}/{place_of(key)}.parquet"


def change_rows(kluis: Zone, record: Record, change: Callable[[pl.DataFrame], pl.DataFrame]) -> Record:
    """The record after `change` was made to every table that it stored; changed tables get a new file.

    Nothing refers to the old files once the record is saved: then call `remove_unreferenced`. `rijen` stays what was
    delivered; `gemeenten` (which the overview tells) becomes what is left, a gemeente without rows included.
    """
    done: dict[str, tuple[str, dict[str, int]]] = {}

    def changed(version: V) -> V:
        tables, left = {}, dict(version.gemeenten)
        for table, path in version.tabellen.items():
            if path not in done:
                done[path] = _changed_file(kluis, path, change)
            tables[table], gone = done[path]
            for code, count in gone.items():
                left[code] -= count
        return replace(version, tabellen=tables, gemeenten=left)

    return replace(changed(record), goed=record.goed and changed(record.goed))


def _changed_file(kluis: Zone, path: str, change: Callable[[pl.DataFrame], pl.DataFrame]) -> tuple[str, dict[str, int]]:
    """The file with the changed rows, and how many went by gemeente; the same file when nothing changed."""
    before = pl.read_parquet(io.BytesIO(kluis.read(path)))
    after = change(before)
    if after.equals(before):
        return path, {}
    # <folder>/<leverdatum>-<digest>.parquet; a leverdatum has ten characters.
    folder, _, name = path.rpartition("/")
    new = store_rows(kluis, f"{folder}/{name[:10]}", after)
    gone = before.join(after, on="rij", how="anti").get_column("gemeentecode").drop_nulls().value_counts()
    return new, dict(gone.iter_rows())


def store_rows(kluis: Zone, place: str, rows: pl.DataFrame) -> str:
    """Writes good rows, and gives their path, which ends with the digest of the file: it says itself if it is whole."""
    content = as_parquet(rows)
    path = f"{place}-{hashlib.sha256(content).hexdigest()[:DIGEST]}.parquet"
    write_changed(kluis, path, content)
    return path


def damaged_rows(kluis: Zone, record: Record) -> list[str]:
    """The files of good rows of a record that are gone, cut, or written over."""
    paths = sorted({path for version in record.versions for path in version.tabellen.values()})
    return [path for path in paths if not _as_stored(kluis, path)]


def _as_stored(kluis: Zone, path: str) -> bool:
    digest = path.rpartition("-")[2].removesuffix(".parquet")
    # A name from before there were digests says nothing.
    return kluis.exists(path) and (
        len(digest) != DIGEST or hashlib.sha256(kluis.read(path)).hexdigest().startswith(digest)
    )


def require_rows(kluis: Zone, record: Record) -> None:
    """Raises DamagedError when good rows that count cannot be read from landing again."""
    for path in damaged_rows(kluis, record)[:1]:
        raise DamagedError(
            f"{path} in de kluis is beschadigd of weg, en de levering ligt niet meer zo in landing; zet het terug uit"
            " een kopie van de kluis, of lever die levering opnieuw"
        )


def remove_unreferenced(kluis: Zone, registration: Registration, records: list[Record]) -> None:
    """Removes good rows of versions that no record refers to any more."""
    kept = {path for record in records for version in record.versions for path in version.tabellen.values()}
    for table in registration.tables:
        for file in kluis.files(f"bron/{table.name}"):
            if file.name != "contract.parquet" and file.path not in kept:
                kluis.remove(file.path)


def settle(kluis: Zone, registration: Registration, before: dict[str, Record], after: dict[str, Record]) -> None:
    """Puts records (by leverancier/leverdatum) in the place of those before, with overview and files."""
    for key, record in after.items():
        save_record(kluis, record, before.get(key))
    for key in before.keys() - after.keys():
        kluis.remove(record_path(registration.bron, key))
    records = [after[key] for key in sorted(after)]
    write_overview(kluis, registration, Outcome(registration.bron, records), date.max)
    remove_unreferenced(kluis, registration, records)


def write_overview(kluis: Zone, registration: Registration, outcome: Outcome, until: date) -> None:
    """Writes `bron/leveringen_<bron>.parquet`: OVERVIEW rows per good version, and one per delivery not in order.

    `until`: the day up to which it counts that a source was asked.
    """
    changes_only, rows = registration.pulls_changes, []
    named = registered(kluis, registration.bron, outcome.records, until=until, changes_only=changes_only)
    fixed = {
        "bron": registration.bron,
        "semantiek": registration.semantics,
        "cadans_dagen": registration.cadence_days,
        "respijt_dagen": registration.grace_days,
    }
    semantics = {table.name: table.semantics for table in registration.tables}
    for record in outcome.records:
        named_as = named[record.key]._asdict()
        if record.goed:
            for table, path in record.goed.tabellen.items():
                of_table = {
                    "tabel": table,
                    "bestand": path,
                    "semantiek": semantics.get(table) or registration.semantics,
                }
                rows += [
                    fixed | _row(record.goed, ACCEPTED, code, count, rows_told=not changes_only) | named_as | of_table
                    for code, count in record.goed.gemeenten.items()
                ]
        if record.toestand != ACCEPTED:
            of_record = _row(record, record.toestand, record.leverancier, record.rijen, rows_told=not changes_only)
            rows.append(fixed | of_record | named_as)
    frame = pl.DataFrame(rows, schema=OVERVIEW)
    write_parquet(kluis, f"bron/leveringen_{registration.bron}.parquet", frame)


def _row(version: Version, state: str, gemeente: str, count: int, *, rows_told: bool) -> dict:
    faults, period = {fault.regel_id for fault in version.fouten}, version.periode
    often = {rule_id for rule_id, broken in version.per_regel.items() if rows_told and broken >= LEAST_BROKEN}
    return {
        "leverancier": version.leverancier,
        "leverdatum": version.leverdatum,
        "gemeentecode": gemeente,
        "toestand": state,
        "periode_van": period[0] if period else None,
        "periode_tot": period[1] if period else None,
        "rijen": count,
        "uitval": version.uitval,
        "regels": " ".join(sorted(version.per_regel.keys() | faults)),
        "open_regels": " ".join(sorted(often | faults)),
        "rijen_levering": version.rijen,
        # The version of the contract alone: the mark of the keys behind it is nobody's business.
        "contractversie": version.contract[:16],
    }


def overviews(kluis: Zone) -> pl.DataFrame:
    """What the registration steps know of every delivery: OVERVIEW."""
    frames = [pl.DataFrame(schema=OVERVIEW)]
    for file in kluis.files("bron"):
        if file.name.startswith("leveringen_"):
            with kluis.local(file.path) as path:
                frames.append(pl.read_parquet(path))
    return pl.concat(frames)
