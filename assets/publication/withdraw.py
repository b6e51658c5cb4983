"""Withdrawing an edition that turned out to be wrong: an entry in the ledger, and back to the last good edition.

The figures that it set count no more, nor those that later editions made on top of it; the next night sets them anew. A
figure that it finds to be the same keeps its form, for readers saw it; the rest was wrong, and binds nothing
(close.fresh). The edition stays where it is, for people who cited it.
"""

import re
from dataclasses import dataclass
from datetime import date

import polars as pl

from assets.ground.declared import CLOSED, counted
from assets.ground.settings import Settings
from assets.ground.zones import Zone
from assets.protection.public import in_grid, public_table
from assets.publication import edition, ledger

LONGEST = 200
NO_REASON = "Ingetrokken door de beheerder."
# The reason is published as it is, in tables, CSV and pages: only words that no spreadsheet or browser can execute.
PLAIN = re.compile(r"[A-Za-zÀ-ÿ0-9][A-Za-zÀ-ÿ0-9 .,:;()/'%-]*")
# A citizen service number, however it is split; a postcode; a pseudonym.
OF_A_PERSON = re.compile(r"\d(?:[ .-]?\d){7,}|\b\d{4} ?[A-Z]{2}\b|[0-9a-fA-F]{16,}")
DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}(?:-\d{1,2})?\b")


class WithdrawError(Exception):
    """An edition cannot be withdrawn; the text, in Dutch, says why and what to do."""


@dataclass(frozen=True)
class Withdrawn:
    """What a withdrawal did: to which edition `laatste` points now (None: none is left), and what else it was about.

    `along`: the editions after it, which were made on top of it; `figures`: how many count no more; `own`: whether it
    set figures itself, or showed only those of editions before it.
    """

    latest: str | None
    along: list[str]
    figures: int
    own: bool


def sound_reason(text: str | None) -> str:
    """The reason as it will be published. Raises WithdrawError, without the text."""
    reason = " ".join((text or NO_REASON).split())
    if len(reason) > LONGEST or not PLAIN.fullmatch(reason):
        raise WithdrawError(
            f"De reden wordt gepubliceerd: hoogstens {LONGEST} tekens, gewone woorden zonder <, >, =, @ of"
            " aanhalingstekens, en beginnend met een letter of cijfer. Er is niets ingetrokken."
        )
    if OF_A_PERSON.search(DATE.sub("", reason)):
        raise WithdrawError(
            "In de reden staat iets dat op een persoon kan wijzen (een lang nummer of een postcode); zij wordt"
            " gepubliceerd. Er is niets ingetrokken."
        )
    return reason


def withdraw(settings: Settings, name: str, reason: str, day: date) -> Withdrawn:
    """Withdraws an edition. Raises WithdrawError. Run again after it was cut short, it finishes the switch."""
    publicatie, kluis = settings.publicatie, settings.kluis
    kept = edition.editions(publicatie)
    if name not in kept:
        known = ", ".join(kept[-5:]) or "geen"
        raise WithdrawError(f"Die editie is er niet. De laatste edities: {known}. Er is niets ingetrokken.")
    earlier = next((entry for entry in ledger.withdrawals(kluis) if entry["editie"] == name), None)
    if earlier and edition.latest(publicatie) not in ledger.taken_back(kluis):
        raise WithdrawError(f"Editie {name} is al ingetrokken, op {earlier['dag']}. Er is niets veranderd.")
    place, gone = kept.index(name), ledger.taken_back(kluis)
    before = {close for one in kept[:place] for close in _listed(publicatie, kluis, one)}
    # Later closes set their figures on top of it: they moved what had changed since, or hid what it made narrow.
    closes = [close for close in ledger.names(kluis) if close not in before]
    along = [one for one in kept[place + 1 :] if one not in gone]
    figures = ledger.as_of(kluis, closes).height
    if not earlier:
        entry = {"editie": name, "toelichting": reason, "sluitingen": closes, "edities": [name, *along]}
        ledger.withdraw(kluis, day, entry)
    latest = edition.latest(publicatie)
    if latest in ledger.taken_back(kluis):
        good = [one for one in kept[:place] if one not in gone]
        latest = good[-1] if good else None
        edition.point_back(publicatie, latest)
    _closed(kluis, latest)
    return Withdrawn(latest, along, figures, own=not before.issuperset(_listed(publicatie, kluis, name)))


def _listed(publicatie: Zone, kluis: Zone, name: str) -> list[str]:
    """The closes that an edition shows; of one from before manifests told it, those up to its day."""
    manifest = edition.manifest(publicatie, name)
    listed = manifest.get("grootboek")
    return ledger.all_names(kluis, date.fromisoformat(manifest["stand"])) if listed is None else listed


def _closed(kluis: Zone, latest: str | None) -> None:
    """Puts the tables for wijkteams back to what counts still; the next night makes them anew."""
    known = ledger.current(kluis)
    newest = known.get_column("peildatum").max()
    for table, file in ((one, file) for one in counted().values() for file in one.files if file.closed):
        path = f"{CLOSED}/{file.name}.parquet"
        if not kluis.exists(path):
            continue
        rows = in_grid(known.filter(pl.col("tabel") == table.table, pl.col("gebiedsniveau").is_in(file.levels)))
        if latest is None or rows.is_empty():
            kluis.remove(path)
            continue
        frame = public_table(table.name, rows, latest, newest if isinstance(newest, date) else None)
        with kluis.writing(path) as target:
            frame.write_parquet(target, compression="zstd")
