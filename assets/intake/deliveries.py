"""Finds deliveries in the landing zone: which there are, whether they are complete, and what they promise.

Landing is `<leverancier>/<bron>/<leverdatum>/<files>`; a leverancier is a gemeente (GM0988), a body that delivers for
several, or NL. Reads names, sizes and `levering.json`; never changes or deletes anything.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import date

import polars as pl

from assets.readers.files import safe_name
from assets.zones import Entry, Zone
from validations.contracts.delivery import DeliveryError

# Without levering.json a delivery is complete when it has been still for this long (design.md section 5).
QUIET_SECONDS = 600
MANIFEST = "levering.json"
MAX_MANIFEST = 2**20


@dataclass(frozen=True)
class Delivery:
    """One delivery: who, what, when, its files, and what its levering.json promises (None: there is none)."""

    leverancier: str
    bron: str
    leverdatum: date
    files: tuple[Entry, ...]
    promise: dict | None

    @property
    def key(self) -> str:
        """Its place, in landing as in the kluis: leverancier/leverdatum."""
        return f"{self.leverancier}/{self.leverdatum}"

    def quiet(self, now: float) -> bool:
        """Whether it was untouched for ten minutes."""
        return bool(self.files) and now - max(file.modified for file in self.files) >= QUIET_SECONDS

    def listing(self) -> list[tuple[str, int, str]]:
        """Path, size and mark of each file: what changes when an upload goes on."""
        return [(file.path, file.size, file.mark) for file in self.files]


def find_deliveries(landing: Zone, bron: str) -> tuple[list[Delivery], list[str]]:
    """All deliveries of a bron, by leverancier and date; and the folders whose name is no date."""
    found, strange = [], []
    for leverancier in landing.names():
        for name in landing.names(f"{leverancier}/{bron}"):
            folder = f"{leverancier}/{bron}/{name}"
            leverdatum = _day(name)
            if leverdatum is None:
                strange.append(safe_name(folder))
                continue
            files = landing.files(folder)
            if not files and landing.folder is None:
                # On S3 a folder is no more than its files, but some servers list one for a while after they are gone.
                continue
            manifest = next((file for file in files if file.name == MANIFEST), None)
            data = tuple(file for file in files if file.name != MANIFEST)
            found.append(Delivery(leverancier, bron, leverdatum, data, _promise(landing, manifest)))
    return found, strange


def _day(name: str) -> date | None:
    """The day that a folder is called after; None when it is not written jjjj-mm-dd."""
    try:
        day = date.fromisoformat(name)
    except ValueError:
        return None
    # fromisoformat also reads 20210205 and 2021-W05-5.
    return day if str(day) == name else None


def _promise(landing: Zone, manifest: Entry | None) -> dict | None:
    if manifest is None:
        return None
    try:
        if manifest.size > MAX_MANIFEST:
            raise ValueError("no levering.json is this large")
        promise = json.loads(landing.read(manifest.path))
        [item["naam"] + item.get("sha256", "") for item in promise.get("bestanden", [])]
        if promise.get("periode"):
            [date.fromisoformat(promise["periode"][end]) for end in ("van", "tot")]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        # Half written, no JSON, or no days in it: it promises a file that cannot be there.
        return {"bestanden": [{"naam": f"leesbare {MANIFEST}", "sha256": ""}]}
    return promise


def hash_files(landing: Zone, delivery: Delivery, known: list[dict]) -> list[dict]:
    """Name, size, mark and sha256 of each file; taken from `known` where size and mark are unchanged."""
    before = {(item["naam"], item["grootte"], item["merk"]): item["sha256"] for item in known}
    result = []
    for file in delivery.files:
        digest = before.get((file.path, file.size, file.mark))
        if digest is None:
            with landing.local(file.path) as local, local.open("rb") as opened:
                digest = hashlib.file_digest(opened, "sha256").hexdigest()
        result.append({"naam": file.path, "grootte": file.size, "merk": file.mark, "sha256": digest})
    return result


def keep_promise(delivery: Delivery, hashed: list[dict], records: int | None = None) -> None:
    """Raises DeliveryError LEV-12 when the files or the number of records are not what levering.json promises."""
    if delivery.promise is None:
        return
    digests = {item["naam"].rsplit("/", 1)[-1]: item["sha256"] for item in hashed}
    for item in delivery.promise.get("bestanden", []):
        if item["naam"] not in digests:
            raise DeliveryError("LEV-12", safe_name(item["naam"]), detail="Het bestand ontbreekt.")
        if item.get("sha256") not in (None, digests[item["naam"]]):
            raise DeliveryError("LEV-12", safe_name(item["naam"]), detail="De sha256 klopt niet.")
    promised = delivery.promise.get("records")
    if records is not None and promised is not None and promised != records:
        raise DeliveryError("LEV-12", detail=f"Beloofd: {promised} records, gelezen: {records}.")


def content_hash(hashed: list[dict]) -> str:
    """One hash over the files of a delivery: their names within it and their content."""
    lines = [f"{item['naam'].rsplit('/', 1)[-1]} {item['sha256']}" for item in hashed]
    return hashlib.sha256("\n".join(sorted(lines)).encode(errors="surrogateescape")).hexdigest()


def with_gemeente(frame: pl.DataFrame, delivery: Delivery) -> pl.DataFrame:
    """The frame with a gemeentecode: its own, else the gemeente in whose folder it lies. Raises DeliveryError."""
    if "gemeentecode" in frame.columns:
        return frame
    if not delivery.leverancier.startswith("GM"):
        raise DeliveryError("LEV-03", detail="Ontbreekt: gemeentecode.")
    return frame.with_columns(pl.lit(delivery.leverancier).alias("gemeentecode"))
