"""Finds deliveries in the landing zone: which there are, whether they are complete, and what they promise.

Landing is `<leverancier>/<bron>/<leverdatum>/<files>`; a leverancier is a gemeente (GM0988), a body that delivers for
several, or NL. Reads names, sizes and `levering.json`; never changes or deletes anything.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import polars as pl

from assets.ground.names import is_leverancier, masked, outline
from assets.ground.zones import Entry, Zone
from assets.intake.promise import EARLIEST, MANIFEST, MAX_MANIFEST, Promise, read_promise
from assets.record.delivery_record import StoredFile
from validations.language.delivery import DeliveryError

# Without levering.json a delivery is complete when it has been still for this long (design.md section 5).
QUIET_SECONDS = 600
LINKED = "LEV-26"


@dataclass(frozen=True)
class Delivery:
    """One delivery: who, what, when, its files, and what its levering.json promises (None: there is none).

    `fault`: why it cannot be read, seen from its listing and levering.json alone.
    """

    leverancier: str
    bron: str
    leverdatum: date
    files: tuple[Entry, ...]
    promise: Promise | None
    fault: DeliveryError | None = None

    @property
    def linked(self) -> bool:
        """Whether it is a link or holds one; then it has no files."""
        return self.fault is not None and self.fault.rule_id == LINKED

    @property
    def key(self) -> str:
        """What it is known by: leverancier/leverdatum. Its place in the kluis is `names.place_of` it."""
        return f"{self.leverancier}/{self.leverdatum}"

    def quiet(self, now: float) -> bool:
        """Whether it was untouched for ten minutes."""
        return bool(self.files) and now - max(file.modified for file in self.files) >= QUIET_SECONDS

    def listing(self) -> list[tuple[str, int, str]]:
        """Path, size and mark of each file: what changes when an upload goes on."""
        return [(file.path, file.size, file.mark) for file in self.files]


def find_deliveries(landing: Zone, bron: str) -> tuple[list[Delivery], dict[str, str]]:
    """All deliveries of a bron, by leverancier and date; and the rule of each folder that is none, by its outline."""
    found, strange = [], {}
    for rank, leverancier in enumerate(landing.names(), 1):
        if link := landing.link(f"{leverancier}/{bron}"):
            strange[f"{outline(leverancier)} (map {rank} van landing){link[len(leverancier) :]}"] = LINKED
            continue
        if not is_leverancier(leverancier):
            if landing.names(f"{leverancier}/{bron}"):
                strange[f"{outline(leverancier)} (map {rank} van landing)/{bron}"] = "LEV-28"
            continue
        for place, name in enumerate(landing.names(f"{leverancier}/{bron}"), 1):
            folder = f"{leverancier}/{bron}/{name}"
            leverdatum = _day(name)
            if leverdatum is None:
                shown = outline(name)
                rule_id = LINKED if landing.link(folder) else "LEV-15"
                strange[f"{leverancier}/{bron}/{shown}{'' if shown == name else f' (map {place})'}"] = rule_id
                continue
            if links := landing.links(folder):
                fault = DeliveryError(LINKED, masked(links[0][len(folder) + 1 :]), detail=f"Aantal: {len(links)}.")
                found.append(Delivery(leverancier, bron, leverdatum, (), None, fault))
                continue
            files = landing.files(folder)
            if not files and landing.folder is None:
                # On S3 a folder is no more than its files, but some servers list one for a while after they are gone.
                continue
            manifest = next((file for file in files if file.name == MANIFEST), None)
            data = tuple(file for file in files if file.name != MANIFEST)
            found.append(Delivery(leverancier, bron, leverdatum, data, *_promise(landing, manifest)))
    return found, strange


def _day(name: str) -> date | None:
    """The day that a folder is called after; None when it is not written jjjj-mm-dd, or is before EARLIEST."""
    try:
        day = date.fromisoformat(name)
    except ValueError:
        return None
    # fromisoformat also reads 20210205 and 2021-W05-5.
    return day if str(day) == name and day >= EARLIEST else None


def _promise(landing: Zone, manifest: Entry | None) -> tuple[Promise | None, DeliveryError | None]:
    if manifest is None:
        return None, None
    try:
        return read_promise(landing.read(manifest.path) if manifest.size <= MAX_MANIFEST else b""), None
    except DeliveryError as error:
        return None, error


def hash_files(landing: Zone, delivery: Delivery, known: Iterable[StoredFile]) -> list[StoredFile]:
    """Name, size, mark and sha256 of each file; taken from `known` where size and mark are unchanged.

    `known`: as `for_record` gives them. A masked name tells too little: such a file is read again.
    """
    before = {(item.naam, item.grootte, item.merk): item.sha256 for item in known}
    folder = f"{delivery.leverancier}/{delivery.bron}/{delivery.leverdatum}/"
    result = []
    for file in delivery.files:
        name = file.path.removeprefix(folder)
        digest = before.get((name, file.size, file.mark)) if masked(name) == name else None
        if digest is None:
            with landing.local(file.path) as local, local.open("rb") as opened:
                digest = hashlib.file_digest(opened, "sha256").hexdigest()
        result.append(StoredFile(name, file.size, file.mark, digest))
    return result


def hash_folder(folder: Path) -> list[StoredFile]:
    """The files in a local folder that will be a delivery; they have no mark yet."""
    return [
        StoredFile(file.name, file.stat().st_size, "", hashlib.sha256(file.read_bytes()).hexdigest())
        for file in sorted(folder.iterdir())
    ]


def for_record(hashed: Iterable[StoredFile]) -> tuple[StoredFile, ...]:
    """The files of a delivery as they are remembered: their names hold no number that can be a BSN."""
    return tuple(replace(item, naam=masked(item.naam)) for item in hashed)


def content_hash(hashed: Iterable[StoredFile]) -> str:
    """One hash over the files of a delivery: their names within it and their content."""
    lines = [f"{item.naam.rsplit('/', 1)[-1]} {item.sha256}" for item in hashed]
    return hashlib.sha256("\n".join(sorted(lines)).encode(errors="surrogateescape")).hexdigest()


def with_gemeente(frame: pl.DataFrame, delivery: Delivery) -> pl.DataFrame:
    """The frame with a gemeentecode: its own, else the gemeente in whose folder it lies. Raises DeliveryError."""
    if "gemeentecode" in frame.columns:
        return frame
    if not delivery.leverancier.startswith("GM"):
        raise DeliveryError("LEV-03", detail="Ontbreekt: gemeentecode.")
    return frame.with_columns(pl.lit(delivery.leverancier).alias("gemeentecode"))
