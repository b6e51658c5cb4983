"""What is remembered of a delivery: `Record`, kept in the kluis as `leveringen/<bron>/<folder>/<leverdatum>.json`.

Only this module reads and writes that file; a field is called as in it. A record tells of the delivery as it lies there
now, and under `goed` the version whose rows count; never a value of a delivery. The folder of a leverancier is in our
own words (`names.folder_of`). Which deliveries a step found, and where rows lie, is in records.py.
"""

from collections.abc import Collection
from dataclasses import field, replace
from datetime import date
from typing import Any, Literal

from pydantic import TypeAdapter
from pydantic.dataclasses import dataclass

from assets.ground.names import place_of
from assets.ground.settings import DamagedError
from assets.ground.zones import Zone
from assets.record.kept import STRICT, read_kept, write_kept
from validations.language.delivery import RULES, DeliveryError

READ, ACCEPTED, BLOCKED, HELD = "gelezen", "aanvaard", "geblokkeerd", "vastgehouden"
REMEDY = (
    "verwijder dit bestand, dan leest de volgende nacht de levering opnieuw"
    " uit landing (ligt zij daar niet meer, zet het dan terug uit een kopie)"
)
# Fields that earlier software also kept, in any version of a delivery or in one whose rows count: they mean nothing.
OF_BEFORE = ("watermerk",)
OF_BEFORE_IN_GOOD = (*OF_BEFORE, "bestanden", "goed", "meldingen", "naast_cbs", "samen", "toestand")


@dataclass(frozen=True, config=STRICT)
class StoredFile:
    """A file of a delivery: its name without numbers that can be a BSN, and what tells whether it changed."""

    naam: str
    grootte: int
    merk: str
    sha256: str


@dataclass(frozen=True, config=STRICT)
class Fault:
    """Why a delivery as a whole is not in order, or (`meldingen`) what its owner should know of it."""

    regel_id: str
    toelichting: str = ""
    bestand: str = ""
    regel: int | None = None


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Version:
    """A delivery as it was read once: what it was made of and what it held."""

    bron: str
    leverancier: str
    leverdatum: date
    # Hash of its files; version of all that read it; of who was left out; equal for the same files under other names.
    inhoud: str = ""
    contract: str = ""
    bezwaren: str = ""
    kenmerk: str = ""
    fouten: tuple[Fault, ...] = ()
    records: int = 0
    rijen: int = 0
    uitval: int = 0
    # Rows of gemeenten that do not take part, and rows that the reader left out.
    elders: int = 0
    weggelaten: int = 0
    # Files that no reader took, and whether the delivery is a whole (then it waits for them).
    niet_gelezen: tuple[str, ...] = ()
    heel: bool = False
    per_regel: dict[str, int] = field(default_factory=dict)
    gemeenten: dict[str, int] = field(default_factory=dict)
    periode: tuple[date, date] | None = None
    # How far a pull came; the next one goes on from there.
    gehaald_tot: list[str] | None = None
    # Where the good rows lie, by table, and how many were delivered.
    tabellen: dict[str, str] = field(default_factory=dict)
    per_tabel: dict[str, int] = field(default_factory=dict)
    # How often each field is empty, in percent; the rows of which it tells; counts by category, age and wijk.
    leeg: dict[str, dict[str, float | None]] = field(default_factory=dict)
    leeg_van: dict[str, int] = field(default_factory=dict)
    verdeling: dict[str, dict[str, int]] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """What a delivery is known by: leverancier/leverdatum."""
        return f"{self.leverancier}/{self.leverdatum}"


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Record(Version):
    """A delivery as it lies there now, what became of it, and the version whose rows count (none: never accepted)."""

    bestanden: tuple[StoredFile, ...]
    toestand: Literal["gelezen", "aanvaard", "geblokkeerd", "vastgehouden"]
    goed: Version | None
    meldingen: tuple[Fault, ...] = ()
    # What shows only beside other deliveries (rows by rule), and beside CBS (beside.py).
    samen: dict[str, int] = field(default_factory=dict)
    naast_cbs: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    @property
    def versions(self) -> tuple[Version, ...]:
        """The delivery as it lies there, and the version whose rows count."""
        return (self, self.goed) if self.goed else (self,)


_KEPT: TypeAdapter[Record | None] = TypeAdapter(Record)
_COUNTS = tuple(Version.__dataclass_fields__)


def new_record(bron: str, leverancier: str, leverdatum: date) -> Record:
    """The record of a delivery of which nothing is known yet."""
    return Record(bron=bron, leverancier=leverancier, leverdatum=leverdatum, bestanden=(), toestand=READ, goed=None)


def refused(record: Record, error: DeliveryError, state: Literal["geblokkeerd", "vastgehouden"] = BLOCKED) -> Record:
    """The record as blocked (or held), with its fault."""
    return replace(record, toestand=state, fouten=(Fault(error.rule_id, error.detail, error.file, error.line),))


def accepted(record: Record) -> Record:
    """The record as accepted: its version counts from now on."""
    now = replace(record, toestand=ACCEPTED, fouten=())
    return replace(now, goed=Version(**{name: getattr(now, name) for name in _COUNTS}))


def load_records(kluis: Zone, bron: str) -> dict[str, Record]:
    """Every record of a bron, by leverancier/leverdatum. Raises DamagedError."""
    records = [load_record(kluis, file.path) for file in kluis.files(f"leveringen/{bron}")]
    return {record.key: record for record in records}


def load_record(kluis: Zone, path: str) -> Record:
    """A record as this version or one before it wrote it. Raises DamagedError."""
    record = read_kept(kluis, path, _KEPT, None, remedy=REMEDY, as_of_today=_as_of_today)
    if record is None or record.toestand == READ or not all(fault.regel_id in RULES for fault in record.fouten):
        raise DamagedError(f"{path} in de kluis is beschadigd; {REMEDY}")
    return record


def _as_of_today(content: dict) -> dict:
    """A record as an earlier version wrote it, in the form of today."""
    now = {name: value for name, value in content.items() if name not in OF_BEFORE}
    if good := now["goed"]:
        now["goed"] = {name: value for name, value in good.items() if name not in OF_BEFORE_IN_GOOD}
    return now


def save_record(kluis: Zone, record: Record, before: Record | None) -> None:
    """Writes a record when it changed."""
    if record != before:
        write_kept(kluis, record_path(record.bron, record.key), _KEPT, record)


def record_path(bron: str, key: str) -> str:
    """Where in the kluis the record of a delivery lies."""
    return f"leveringen/{bron}/{place_of(key)}.json"


def forget_links(kluis: Zone, known: dict[str, Record], there: Collection[str]) -> None:
    """Takes out the records of links that are gone from landing and were never a delivery: nobody can mend them."""
    for key, record in list(known.items()):
        linked = [fault.regel_id for fault in record.fouten] == ["LEV-26"]
        if linked and not record.goed and key not in there:
            kluis.remove(record_path(record.bron, key))
            del known[key]
