"""What is remembered of every delivery, as JSON in the kluis: `leveringen/<bron>/<folder>/<leverdatum>.json`.

The folder of a leverancier is in our own words (`names.folder_of`); its name is in the record.

A record tells what the delivery held (counts by rule, never a value) and, under `goed`, the version whose rows count.
The registration step writes records, and under `samen` what dbt found beside other deliveries is kept; dbt, reports and
status read them, through `bron/leveringen_<bron>.parquet`.
"""

import copy
import hashlib
import io
import json
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from assets.intake.register import registered
from assets.intake.registration import Registration
from assets.names import place_of
from assets.settings import DamagedError
from assets.zones import Zone
from validations.contracts.delivery import RULES, DeliveryError

STATES = ACCEPTED, BLOCKED, HELD = "aanvaard", "geblokkeerd", "vastgehouden"
# A rule that fewer rows broke is not told outside (docs/beveiliging.md).
LEAST_BROKEN = 10

# So many characters of its sha256 has a file of good rows in its name.
DIGEST = 16
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
    # Of these alone it may be told outside that they were broken.
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
    records: list[dict] = field(default_factory=list)
    read_now: list[dict] = field(default_factory=list)
    # Those whose content was never accepted before: not one that is read anew because code or key changed.
    accepted_now: list[dict] = field(default_factory=list)
    # Why a delivery was not read, as LEV- rule, by leverancier/leverdatum.
    left_out: dict[str, str] = field(default_factory=dict)
    # Which rule a folder breaks that holds no delivery, by its outline.
    strange: dict[str, str] = field(default_factory=dict)
    # Why nothing could be looked at (a zone that is away, a damaged record), in words; then there are no records.
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
        # Files that no reader took, and whether the delivery is a whole (then it waits for them).
        "niet_gelezen": [],
        "heel": False,
        "per_regel": {},
        "gemeenten": {},
        "periode": None,
        "gehaald_tot": None,
        "tabellen": {},
        "per_tabel": {},
        "leeg": {},
        # Rows of which `leeg` tells, and counts by category, age and wijk (likeness.py).
        "leeg_van": {},
        "verdeling": {},
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


def key_of(record: dict) -> str:
    """What a delivery is known by: leverancier/leverdatum."""
    return f"{record['leverancier']}/{record['leverdatum']}"


def load_records(kluis: Zone, bron: str) -> dict[str, dict]:
    """Every record of a bron, by leverancier/leverdatum. Raises DamagedError."""
    records = [_load(kluis, file.path) for file in kluis.files(f"leveringen/{bron}")]
    return {key_of(record): record for record in records}


def _load(kluis: Zone, path: str) -> dict:
    try:
        record = json.loads(kluis.read(path))
        sound = record.keys() >= {"leverancier", "leverdatum", "toestand", "goed", "fouten", "bestanden"}
        sound = sound and record["toestand"] in STATES and isinstance(record["leverancier"], str)
        sound = sound and bool(date.fromisoformat(record["leverdatum"])) and all(map(_is_fault, record["fouten"]))
    except (ValueError, AttributeError, TypeError, RecursionError):
        sound, record = False, {}
    if not sound:
        raise DamagedError(
            f"{path} in de kluis is beschadigd; verwijder dit bestand, dan leest de volgende nacht de levering opnieuw"
            " uit landing (ligt zij daar niet meer, zet het dan terug uit een kopie)"
        )
    return record


def _is_fault(fault: dict) -> bool:
    return fault["regel_id"] in RULES and isinstance(fault["toelichting"], str)


def save_record(kluis: Zone, record: dict, before: dict | None) -> None:
    """Writes a record when it changed."""
    if record != before:
        kluis.write(record_path(record["bron"], key_of(record)), json.dumps(record, indent=1, sort_keys=True).encode())


def record_path(bron: str, key: str) -> str:
    """Where in the kluis the record of a delivery lies."""
    return f"leveringen/{bron}/{place_of(key)}.json"


def forget_links(kluis: Zone, known: dict[str, dict], there: Collection[str]) -> None:
    """Takes out the records of links that are gone from landing and were never a delivery: nobody can mend them."""
    for key, record in list(known.items()):
        linked = [fault["regel_id"] for fault in record["fouten"]] == ["LEV-26"]
        if linked and not record["goed"] and key not in there:
            kluis.remove(record_path(record["bron"], key))
            del known[key]


def uitval_path(bron: str, key: str) -> str:
    """Where in the kluis the uitval of a delivery lies."""
    return f"uitval/{bron}/{place_of(key)}.parquet"


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
    # <folder>/<leverdatum>-<digest>.parquet; a leverdatum has ten characters.
    folder, _, name = path.rpartition("/")
    new = store_rows(kluis, f"{folder}/{name[:10]}", after)
    gone = before.join(after, on="rij", how="anti").get_column("gemeentecode").drop_nulls().value_counts()
    return new, dict(gone.iter_rows())


def store_rows(kluis: Zone, place: str, rows: pl.DataFrame) -> str:
    """Writes good rows, and gives their path, which ends with the digest of the file: it says itself if it is whole."""
    content = _parquet(rows)
    path = f"{place}-{hashlib.sha256(content).hexdigest()[:DIGEST]}.parquet"
    write_changed(kluis, path, content)
    return path


def damaged_rows(kluis: Zone, record: dict) -> list[str]:
    """The files of good rows of a record that are gone, cut, or written over."""
    versions = [record, record["goed"] or {"tabellen": {}}]
    paths = sorted({path for version in versions for path in version["tabellen"].values()})
    return [path for path in paths if not _as_stored(kluis, path)]


def _as_stored(kluis: Zone, path: str) -> bool:
    told = path.rpartition("-")[2].removesuffix(".parquet")
    # Of before there were digests the name says nothing.
    return kluis.exists(path) and (len(told) != DIGEST or hashlib.sha256(kluis.read(path)).hexdigest().startswith(told))


def require_rows(kluis: Zone, record: dict) -> None:
    """Raises DamagedError when good rows that count cannot be read from landing again."""
    for path in damaged_rows(kluis, record)[:1]:
        raise DamagedError(
            f"{path} in de kluis is beschadigd of weg, en de levering ligt niet meer zo in landing; zet het terug uit"
            " een kopie van de kluis, of lever die levering opnieuw"
        )


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
        told = named[f"{record['leverancier']}/{record['leverdatum']}"]._asdict()
        if record["goed"]:
            for table, path in record["goed"]["tabellen"].items():
                of_table = {
                    "tabel": table,
                    "bestand": path,
                    "semantiek": semantics.get(table) or registration.semantics,
                }
                rows += [
                    fixed | _row(record["goed"], ACCEPTED, code, count, rows_told=not changes_only) | told | of_table
                    for code, count in record["goed"]["gemeenten"].items()
                ]
        if record["toestand"] != ACCEPTED:
            of_record = _row(
                record, record["toestand"], record["leverancier"], record["rijen"], rows_told=not changes_only
            )
            rows.append(fixed | of_record | told)
    frame = pl.DataFrame(rows, schema=OVERVIEW)
    write_parquet(kluis, f"bron/leveringen_{registration.bron}.parquet", frame)


def _row(version: dict, state: str, gemeente: str, count: int, *, rows_told: bool) -> dict:
    faults, period = {fault["regel_id"] for fault in version["fouten"]}, version["periode"]
    often = {rule_id for rule_id, broken in version["per_regel"].items() if rows_told and broken >= LEAST_BROKEN}
    return {
        "leverancier": version["leverancier"],
        "leverdatum": date.fromisoformat(version["leverdatum"]),
        "gemeentecode": gemeente,
        "toestand": state,
        "periode_van": date.fromisoformat(period[0]) if period else None,
        "periode_tot": date.fromisoformat(period[1]) if period else None,
        "rijen": count,
        "uitval": version["uitval"],
        "regels": " ".join(sorted(version["per_regel"].keys() | faults)),
        "open_regels": " ".join(sorted(often | faults)),
        "rijen_levering": version["rijen"],
        # The version of the contract alone: the mark of the keys behind it is nobody's business.
        "contractversie": version["contract"][:16],
    }


def write_parquet(zone: Zone, path: str, frame: pl.DataFrame) -> None:
    """Writes a frame as Parquet, only when its bytes differ from what is there."""
    write_changed(zone, path, _parquet(frame))


def _parquet(frame: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd", compression_level=1)
    return buffer.getvalue()


def write_changed(zone: Zone, path: str, content: bytes) -> None:
    """Writes a file, only when its bytes differ from what is there."""
    if not zone.exists(path) or zone.read(path) != content:
        zone.write(path, content)
