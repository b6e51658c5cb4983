"""`meerdoen toets`: the owner of a registration sees, before sending, what the monitor will say of a delivery.

The same reader, contract and report as at night, on the owner's own machine: random keys that nobody keeps, a kluis
that goes with the run, nothing left but the report. Imports nothing of Dagster, dbt or DuckDB, and nothing that only
Linux has. What shows only beside other deliveries (volume, contradictions) is not seen here.
"""

import os
import secrets
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from assets.ground.settings import Settings
from assets.intake.keys import Keys
from assets.intake.promise import MANIFEST
from assets.intake.step import take_in
from assets.readers import ReadResult, SourceFile
from assets.record.delivery_record import ACCEPTED, Record
from assets.registrations.declaration import Registration, registrations
from assets.report.owner_report import report_folder
from validations.language.contract import MUNICIPALITY
from validations.language.delivery import DeliveryError

IN_ORDER, REMARKS, NOT_IN_ORDER = 0, 1, 2
REPORTS = ("rapport.html", "rapport.csv")


class TrialError(Exception):
    """The delivery cannot be tried as it was asked; the text, in Dutch, says what to do."""


@dataclass(frozen=True)
class Trial:
    """What became of it: IN_ORDER, REMARKS or NOT_IN_ORDER, the registration, its record and where the report lies."""

    outcome: int
    registration: Registration
    record: Record
    report: Path


def trial(path: Path, target: Path, *, bron: str | None = None, gemeente: str | None = None) -> Trial:
    """Tries one delivery: a file, or a folder with all of its files. The report comes in the folder `target`.

    `bron`: which registration, when its form does not tell; `gemeente`: whose it is, when no row tells.
    Raises TrialError.
    """
    files = _files(path)
    chosen, read = _recognised(files, path, bron)
    owner, codes = _whose(chosen, read, gemeente)
    with tempfile.TemporaryDirectory(prefix="meerdoen-toets-") as place:
        folder = Path(place)
        settings = Settings.within(folder)
        today = settings.today()
        for file in files:
            copy = folder / "landing" / owner / chosen.bron / str(today) / file.name
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file.path, copy)
            # An old time tells that this is no upload that goes on.
            os.utime(copy, (0, 0))
        outcome = take_in(chosen, settings, Keys({code: secrets.token_bytes(32) for code in codes}), today)
        record = outcome.records[-1]
        target.mkdir(parents=True, exist_ok=True)
        for name in REPORTS:
            content = settings.kluis.read(f"{report_folder(chosen.bron, record.key)}/{name}")
            (target / name).write_bytes(content)
    return Trial(_outcome(record), chosen, record, target / REPORTS[0])


def _outcome(record: Record) -> int:
    if record.toestand != ACCEPTED:
        return NOT_IN_ORDER
    return REMARKS if record.uitval or record.meldingen or record.niet_gelezen else IN_ORDER


def _files(path: Path) -> list[SourceFile]:
    if path.is_file():
        return [SourceFile(path.name, path)]
    if not path.is_dir():
        raise TrialError("Er is geen map of bestand met die naam. Geef de map van één levering, of één bestand.")
    inside = sorted(file for file in path.rglob("*") if file.is_file() and not file.is_symlink())
    found = [SourceFile(file.relative_to(path).as_posix(), file) for file in inside]
    if not [file for file in found if file.path.name != MANIFEST]:
        raise TrialError("In die map ligt geen bestand. Geef de map van één levering, of één bestand.")
    return found


def _recognised(files: list[SourceFile], path: Path, bron: str | None) -> tuple[Registration, ReadResult | None]:
    """The registration, and what its reader made of the files (None: nothing)."""
    known = registrations()
    data = [file for file in files if file.path.name != MANIFEST]
    if bron and bron not in known:
        raise TrialError(f"Die registratie is er niet. Kies een van: {', '.join(known)}.")
    if bron:
        return known[bron], _read(known[bron], data)
    results = {name: _read(registration, data) for name, registration in known.items()}
    rows = {name: sum(frame.height for frame in result.frames.values()) for name, result in results.items() if result}
    likely = [name for name, count in rows.items() if count and count == max(rows.values())]
    # In landing, and often at the owner's, a folder is called after the registration.
    named = [name for name in likely or known if name in (part.lower() for part in path.absolute().parts)]
    if len(named or likely) != 1:
        which = " of ".join(likely) if likely else "zij past bij geen van alle"
        example = likely[0] if likely else "brp"
        raise TrialError(
            f"Aan de vorm is de registratie niet te zien: {which}. Noem haar met --bron, zoals --bron {example}."
        )
    (chosen,) = named or likely
    return known[chosen], results[chosen]


def _read(registration: Registration, files: list[SourceFile]) -> ReadResult | None:
    try:
        return registration.read_whole(files)
    except DeliveryError:
        return None
    # A reader meets files of other registrations here; the report tells what it makes of its own.
    except (Exception, pl.exceptions.PanicException):
        return None


def _whose(registration: Registration, read: ReadResult | None, gemeente: str | None) -> tuple[str, list[str]]:
    """The leverancier in whose name it is tried, and the gemeenten that take part."""
    codes = _codes(read)
    if registration.national:
        return "NL", sorted({*codes, *([gemeente] if gemeente else [])}) or ["GM0000"]
    if gemeente:
        return gemeente, [gemeente]
    if len(codes) == 1:
        return codes[0], codes
    if codes:
        return "Toets", codes
    raise TrialError("In de levering staat geen gemeentecode. Zeg van welke gemeente zij is, zoals --gemeente GM0988.")


def _codes(read: ReadResult | None) -> list[str]:
    frames = read.frames.values() if read else []
    columns = [frame["gemeentecode"].cast(pl.String) for frame in frames if "gemeentecode" in frame.columns]
    if not columns:
        return []
    found = pl.concat(columns).drop_nulls().str.strip_chars().unique()
    sound = found.filter(found.str.contains(str(MUNICIPALITY.pattern)))
    return sorted({f"GM{code.removeprefix('GM').zfill(4)}" for code in sound})
