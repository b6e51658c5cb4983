"""What is remembered of every delivery, as JSON in the kluis: `leveringen/<bron>/<leverancier>/<leverdatum>.json`.

A record tells what the delivery held (counts by rule, never a value) and, under `goed`, the version whose rows count.
The registration step writes records; dbt, reports and status read them, through `bron/leveringen_<bron>.parquet`.
"""

import hashlib
import io
import json
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from assets.intake.registration import Registration
from assets.zones import Zone

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
    left_out: list[str] = field(default_factory=list)
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
        """Changes when the rows that count do: by content, contract or key."""
        parts = [
            f"{good['leverancier']}/{good['leverdatum']} {good['inhoud']} {good['contract']}" for good in self.accepted
        ]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


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
        "contractversie": version["contract"],
    }


def write_parquet(zone: Zone, path: str, frame: pl.DataFrame) -> None:
    """Writes a frame as Parquet, only when its bytes differ from what is there."""
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd", compression_level=1)
    content = buffer.getvalue()
    if not zone.exists(path) or zone.read(path) != content:
        zone.write(path, content)
