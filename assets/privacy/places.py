"""Every place that holds persons: the one list that `inzage`, `vergeet`, `bewaar` and `sleutel wissel` walk.

Landing is not on it: it is the sources' own, and `bewaar` alone removes from it. Dagster's folder and the publication
zone hold no persons; tests/making/leaks.py searches them. A place that is new belongs in PERSONS or in NO_PERSONS: a
test finds what is in neither.
"""

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from assets.ground.settings import Settings, private_folder
from assets.ground.state import recall, remember
from assets.ground.zones import UNDER_WAY, Zone
from assets.intake.objections import Objections
from assets.report.report_term import KEEP_DAYS

# REBUILT: where an earlier night is made anew, by its day: its edition and its kluis.duckdb.
ACCESS, REBUILT, DATABASE = "inzage", "herbouw", "kluis.duckdb"
# What was written in a database whose writer was gone before it came into the file: DuckDB reads it along.
WAL = ".wal"
# The list of objections that the copies were last made under.
SETTLED = "geheugen/bezwaren"
# The term of a report of `inzage`, which is for the person who asked, and of a rebuild, made to look something up.
DAYS = 31


@dataclass(frozen=True)
class Place:
    """A file or folder in the kluis or the work folder; `holds` and `term` in Dutch, for who asks and for the docs.

    `copy`: made of the other places, so that it may go at any time: a night makes it anew, or somebody asks again.
    `days`: after so many it goes by itself.
    """

    zone: Literal["kluis", "werk"]
    path: str
    holds: str
    term: str
    copy: bool = False
    days: int | None = None


PERSONS = (
    Place("kluis", "bron", "goede regels van leveringen", "bewaartermijn"),
    Place("kluis", "uitval", "plaats en regel van geweigerde rijen", "met de levering"),
    Place(
        "kluis",
        "rapporten",
        "plaats en regel van geweigerde rijen, voor de bronhouder",
        f"{KEEP_DAYS} dagen",
    ),
    Place("kluis", "bezwaren.json", "wie bezwaar maakte, als code", "tot het bezwaar wordt ingetrokken"),
    Place("kluis", DATABASE, "voorzieningen, adressen, exacte cijfers", "elke nacht opnieuw", copy=True),
    Place("kluis", f"{DATABASE}{WAL}", "wat een analist er zelf in schreef", "elke nacht opnieuw", copy=True),
    Place("kluis", REBUILT, "hetzelfde, van een eerdere nacht", f"{DAYS} dagen", copy=True, days=DAYS),
    Place("kluis", ACCESS, "wat voor iemand is uitgeschreven", f"{DAYS} dagen", days=DAYS),
    Place("werk", DATABASE, "de database in aanbouw", "elke nacht opnieuw", copy=True),
    Place("werk", f"{DATABASE}{WAL}", "wat een gestopte run nog moest wegschrijven", "tot de volgende run", copy=True),
    Place("werk", "spill", "wat niet in het geheugen paste", "tot de volgende run", copy=True),
    Place("werk", "kluis", "kopie van bron, als de kluis op S3 staat", "elke nacht opnieuw", copy=True),
    Place("werk", "tmp", "bestanden onderweg van of naar S3", "tot de opdracht klaar is"),
)
# Counts, names of files, settings and logs: nothing of one person.
NO_PERSONS = {
    "kluis": (
        ".slot",
        "akkoord.json",
        "besloten",
        "formaat.json",
        "gehaald.json",
        "grootboek",
        "herkomst",
        "leveringen",
        "privacylog.json",
    ),
    "werk": ("aanval.parquet", "dbt", "dbt.log", "geheugen", "kandidaat", "toestand", "vrij"),
}


def unlisted(settings: Settings) -> list[str]:
    """What lies in the kluis or the work folder and is on neither list, as `zone/name`."""
    kluis = {path.name for path in settings.kluis.folder.iterdir()} if settings.kluis.folder else settings.kluis.names()
    there = {"kluis": kluis, "werk": {path.name for path in settings.work.glob("*")}}
    known = {(place.zone, place.path) for place in PERSONS} | {
        (z, name) for z, names in NO_PERSONS.items() for name in names
    }
    return sorted(f"{zone}/{name}" for zone, names in there.items() for name in names if (zone, name) not in known)


def databases(kluis: Zone) -> list[str]:
    """Every database with persons in the kluis: of the last night, and those of rebuilds."""
    rebuilt = [file.path for file in kluis.files(REBUILT) if file.name == DATABASE]
    return [path for path in [DATABASE, *rebuilt] if kluis.exists(path)]


def remove_copies(settings: Settings, *, but: tuple[str, ...] = ()) -> None:
    """Removes every copy, whole files, so that nothing stays in free blocks; `but`: those of the kluis that stay."""
    for place in PERSONS:
        if place.copy and place.zone == "werk":
            _remove_local(settings.work / place.path)
        elif place.copy and place.path not in but:
            settings.kluis.remove(place.path)


def remove_leftovers(settings: Settings) -> None:
    """Removes what killed runs left: call it with the lock, and before anything is being written.

    On S3 there is none: a put is whole or not at all.
    """
    halves = [settings.work / "spill", settings.work / "tmp", *settings.work.glob("tmp*")]
    halves += settings.work.rglob("*.nieuw")
    if folder := settings.kluis.folder:
        halves += (hidden for hidden in folder.rglob(".*") if hidden.name != ".slot")
    if folder := settings.publicatie.folder:
        # Other hidden files belong to whoever serves the zone.
        halves += folder.glob(f"{UNDER_WAY}*")
    if folder := settings.landing.folder:
        # A killed pull leaves these; other hidden files belong to whoever uploads.
        pulled = folder.glob(f"*/*/{UNDER_WAY}")
        halves += (half for half in pulled if settings.landing.link(str(half.relative_to(folder))) is None)
    for half in halves:
        _remove_local(half)


@contextmanager
def own_temporary_folder(settings: Settings) -> Iterator[None]:
    """Temporary files of this process (copies of objects of S3 hold persons) lie in the work folder for a while."""
    before, folder = tempfile.tempdir, settings.work / "tmp"
    for private in (settings.work, folder):
        private_folder(private)
    tempfile.tempdir = str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = before
        _remove_local(folder)


def outdated(kluis: Zone, now: float) -> list[str]:
    """What is over its own term in days, by its folder or file in the kluis. `now`: seconds since 1970."""
    found = set()
    for place in (place for place in PERSONS if place.days):
        ages: dict[str, float] = {}
        for file in kluis.files(place.path):
            name = "/".join(file.path.split("/")[:2])
            ages[name] = max(ages.get(name, 0), file.modified)
        found |= {name for name, newest in ages.items() if now - newest > (place.days or 0) * 24 * 3600}
    return sorted(found)


def access_reports(kluis: Zone) -> Iterator[tuple[str, dict[str, str]]]:
    """Every report that was written out: its number, and who it is about (gemeente to pseudonym)."""
    for file in kluis.files(ACCESS):
        if file.name.endswith(".json"):
            yield file.name.removesuffix(".json"), json.loads(kluis.read(file.path))


def remove_reports_of(kluis: Zone, persons: frozenset[str]) -> None:
    """Removes the reports that were written for a person who is forgotten."""
    for number, about in list(access_reports(kluis)):
        if persons & set(about.values()):
            kluis.remove(f"{ACCESS}/{number}.txt")
            kluis.remove(f"{ACCESS}/{number}.json")


def forget_at_close(settings: Settings, objected: Objections) -> None:
    """Removes every copy in the first night with another list of objections; a night makes them without those persons.

    The database of the kluis is replaced by that night.
    """
    if recall(settings.work, SETTLED).get("merk", "") != objected.mark:
        remove_copies(settings, but=(DATABASE,))
        remove_reports_of(settings.kluis, objected.persons)
        remember(settings.work, SETTLED, {"merk": objected.mark})


def _remove_local(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
