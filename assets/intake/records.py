"""What is remembered of every delivery, as JSON in the kluis: `leveringen/<bron>/<leverancier>/<leverdatum>.json`.

A record tells what the delivery held (counts by rule, never a value) and, under `goed`, the version whose rows count.
The registration step writes records, and under `samen` what dbt found beside other deliveries is kept; dbt, reports and
status read them, through `bron/leveringen_<bron>.parquet`.
"""

import copy
import hashlib
import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from assets.intake.registration import Registration
from assets.zones import Zone
from validations.contracts.delivery import DeliveryError

ACCEPTED, BLOCKED, HELD = "aanvaard", "geblokkeerd", "vastgehouden"

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
    "sha256": pl.String,
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
    records: list[dict] = field(default_factory=list)
    read_now: list[dict] = field(default_factory=list)
    # Why a delivery was not read, as LEV- rule, by leverancier/leverdatum.
    left_out: dict[str, str] = field(default_factory=dict)
    strange: list[str] = field(default_factory=list)
    # Why the zones could not be reached at all; then there are no records.
    unreachable: str | None = None

    @property
    def accepted(self) -> list[dict]:
        """The versions whose rows count: of each delivery the current one, or the last good one before it."""
        return [record["goed"] for record in self.records if record["goed"]]

    @property
    def blocked(self) -> list[dict]:
        """The deliveries that stop this registration: the newest of a leverancier, when it is not accepted."""
        newest = {record["leverancier"]: record for record in self.records}
        return [record for record in newest.values() if record["toestand"] != ACCEPTED]

    @property
    def state(self) -> str:
        """`geblokkeerd` when a newest delivery is not in order, else `in_orde`; `niet_geleverd` without deliveries."""
        if self.blocked or self.unreachable:
            return BLOCKED
        return "in_orde" if self.records else "niet_geleverd"

    @property
    def data_version(self) -> str:
        """Changes when the rows that count do: by content, contract, key or objections."""
        parts = [
            f"{good['leverancier']}/{good['leverdatum']} {good['inhoud']} {good['contract']} {good.get('bezwaren', '')}"
            for good in self.accepted
        ]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def new_record(bron: str, leverancier: str, leverdatum: date) -> dict:
    """The record of a delivery of which nothing is known yet."""
    return {
        "bron": bron,
        "leverancier": leverancier,
        "leverdatum": str(leverdatum),
        "inhoud": "",
        "contract": "",
        "bestanden": [],
        "toestand": "gelezen",
        "fouten": [],
        "records": 0,
        "rijen": 0,
        "uitval": 0,
        "elders": 0,
        "weggelaten": 0,
        "per_regel": {},
        "gemeenten": {},
        "periode": None,
        "watermerk": None,
        "tabellen": {},
        "per_tabel": {},
        "leeg": {},
        "kenmerk": "",
        "meldingen": [],
        "samen": {},
        "bezwaren": "",
        "goed": None,
    }


def refused(record: dict, error: DeliveryError) -> dict:
    """The record as blocked, with its fault."""
    fault = {"regel_id": error.rule_id, "bestand": error.file, "regel": error.line, "toelichting": error.detail}
    return record | {"toestand": BLOCKED, "fouten": [fault]}


def load_records(kluis: Zone, bron: str) -> dict[str, dict]:
    """Every record of a bron, by leverancier/leverdatum."""
    files = kluis.files(f"leveringen/{bron}")
    return {
        file.path.removeprefix(f"leveringen/{bron}/").removesuffix(".json"): json.loads(kluis.read(file.path))
        for file in files
    }


def save_record(kluis: Zone, record: dict, before: dict | None) -> None:
    """Writes a record when it changed."""
    if record != before:
        path = f"leveringen/{record['bron']}/{record['leverancier']}/{record['leverdatum']}.json"
        kluis.write(path, json.dumps(record, indent=1, sort_keys=True).encode())


def change_rows(kluis: Zone, record: dict, change: Callable[[pl.DataFrame], pl.DataFrame]) -> dict:
    """The record after `change` was made to every table that it stored; changed tables get a new file.

    Nothing refers to the old files once the record is saved: then call `remove_unreferenced`. `rijen` stays what was
    delivered; `gemeenten` (which the overview tells) becomes what is left, a gemeente without rows included.
    """
    changed = copy.deepcopy(record)
    done: dict[str, tuple[str, dict[str, int]]] = {}
    for version in (changed, changed["goed"]):
        for table, path in (version or {"tabellen": {}})["tabellen"].items():
            if path not in done:
                done[path] = _changed_file(kluis, path, change)
            version["tabellen"][table], gone = done[path]
            for code, count in gone.items():
                version["gemeenten"][code] -= count
    return changed


def _changed_file(kluis: Zone, path: str, change: Callable[[pl.DataFrame], pl.DataFrame]) -> tuple[str, dict[str, int]]:
    """The file with the changed rows, and how many went by gemeente; the same file when nothing changed."""
    before = pl.read_parquet(io.BytesIO(kluis.read(path)))
    after = change(before)
    if after.equals(before):
        return path, {}
    content = hashlib.sha256(after.hash_rows(seed=1).to_numpy().tobytes()).hexdigest()
    # <folder>/<leverdatum>-<version>.parquet; a leverdatum has ten characters.
    folder, _, name = path.rpartition("/")
    new = f"{folder}/{name[:10]}-{content[:8]}.parquet"
    write_parquet(kluis, new, after)
    gone = before.join(after, on="rij", how="anti").get_column("gemeentecode").drop_nulls().value_counts()
    return new, dict(gone.iter_rows())


def remove_unreferenced(kluis: Zone, registration: Registration, records: list[dict]) -> None:
    """Removes good rows of versions that no record refers to any more."""
    versions = records + [record["goed"] for record in records if record["goed"]]
    kept = {path for version in versions for path in version["tabellen"].values()}
    for table in registration.tables:
        for file in kluis.files(f"bron/{table.name}"):
            if file.name != "contract.parquet" and file.path not in kept:
                kluis.remove(file.path)


def settle(kluis: Zone, registration: Registration, before: dict[str, dict], after: dict[str, dict]) -> None:
    """Puts records (by leverancier/leverdatum) in the place of those before, with overview and files."""
    for key, record in after.items():
        save_record(kluis, record, before.get(key))
    for key in before.keys() - after.keys():
        kluis.remove(f"leveringen/{registration.bron}/{key}.json")
    records = [after[key] for key in sorted(after)]
    write_overview(kluis, registration, Outcome(registration.bron, records))
    remove_unreferenced(kluis, registration, records)


def write_overview(kluis: Zone, registration: Registration, outcome: Outcome) -> None:
    """Writes `bron/leveringen_<bron>.parquet`: OVERVIEW rows per good version, and one per delivery not in order."""
    rows = []
    fixed = {
        "bron": registration.bron,
        "semantiek": registration.semantics,
        "cadans_dagen": registration.cadence_days,
        "respijt_dagen": registration.grace_days,
    }
    semantics = {table.name: table.semantics for table in registration.tables}
    for record in outcome.records:
        if record["goed"]:
            for table, path in record["goed"]["tabellen"].items():
                of_table = {
                    "tabel": table,
                    "bestand": path,
                    "semantiek": semantics.get(table) or registration.semantics,
                }
                rows += [
                    fixed | _row(record["goed"], ACCEPTED, code, count) | of_table
                    for code, count in record["goed"]["gemeenten"].items()
                ]
        if record["toestand"] != ACCEPTED:
            rows.append(fixed | _row(record, record["toestand"], record["leverancier"], record["rijen"]))
    frame = pl.DataFrame(rows, schema=OVERVIEW)
    write_parquet(kluis, f"bron/leveringen_{registration.bron}.parquet", frame)


def _row(version: dict, state: str, gemeente: str, count: int) -> dict:
    rules = version["per_regel"] | {fault["regel_id"]: 1 for fault in version["fouten"]}
    period = version["periode"]
    return {
        "leverancier": version["leverancier"],
        "leverdatum": date.fromisoformat(version["leverdatum"]),
        "gemeentecode": gemeente,
        "toestand": state,
        "periode_van": date.fromisoformat(period[0]) if period else None,
        "periode_tot": date.fromisoformat(period[1]) if period else None,
        "rijen": count,
        "uitval": version["uitval"],
        "regels": " ".join(sorted(rules)),
        "sha256": version["inhoud"],
        # The version of the contract alone: the mark of the keys behind it is nobody's business.
        "contractversie": version["contract"][:16],
    }


def write_parquet(zone: Zone, path: str, frame: pl.DataFrame) -> None:
    """Writes a frame as Parquet, only when its bytes differ from what is there."""
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd", compression_level=1)
    write_changed(zone, path, buffer.getvalue())


def write_changed(zone: Zone, path: str, content: bytes) -> None:
    """Writes a file, only when its bytes differ from what is there."""
    if not zone.exists(path) or zone.read(path) != content:
        zone.write(path, content)
