"""The term of personal data: which deliveries, rows, uitval and records are older, and their removal.

Two questions only: is it older than the term, and do the months that are kept still need it. Editions, the ledger and
audits hold no personal data and stay. Reference data without persons (areas, kerncijfers) have no term.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import duckdb
import polars as pl

from assets.ground.settings import Settings
from assets.ground.sql import sql_name
from assets.intake.deliveries import find_deliveries
from assets.record.delivery_record import Record, load_records
from assets.record.records import change_rows, settle, uitval_path
from assets.record.register import forget_names
from assets.registrations.declaration import Registration, registrations

# The first quarter that is kept has flows since the quarter-end before it.
MONTHS_BEFORE = 3


class NotBuiltError(Exception):
    """There are no spells to tell which messages still count: no night ran, or none since a new key."""

    def __init__(self) -> None:
        super().__init__("De kluis heeft nog geen voorzieningen van deze sleutels. Draai eerst: meerdoen refresh")


@dataclass(frozen=True)
class Removal:
    """A delivery that is over its term. `partly`: its messages on spells that count stay in the kluis."""

    bron: str
    key: str
    in_landing: bool
    partly: bool


def cutoff(stand: date, months: int) -> date:
    """The first day of the first month that is kept: `months` whole months before the month of `stand`."""
    first = stand.year * 12 + stand.month - 1 - months
    return date(first // 12, first % 12 + 1, 1)


def plan(settings: Settings, stand: date, months: int) -> list[Removal]:
    """What is over its term on a day; changes nothing. Raises NotBuiltError."""
    found = []
    for bron, registration in registrations().items():
        if registration.national:
            continue
        records = load_records(settings.kluis, bron)
        landing = {delivery.key for delivery in find_deliveries(settings.landing, bron)[0]}
        needed = _needed(registration, records, cutoff(stand, months + MONTHS_BEFORE))
        old = [key for key in sorted(landing | records.keys()) if _day(key) < cutoff(stand, months)]
        for key in (key for key in old if key not in needed):
            kept, total = _kept_rows(settings, registration, records.get(key), stand, months)
            if key in landing or not kept or kept < total:
                found.append(Removal(bron, key, key in landing, kept > 0))
    return found


def carry_out(settings: Settings, removals: list[Removal], stand: date, months: int) -> None:
    """Removes what was planned: the delivery from landing; its rows, uitval and record from the kluis."""
    kluis = settings.kluis
    for bron in sorted({removal.bron for removal in removals}):
        registration, before = registrations()[bron], load_records(kluis, bron)
        after = dict(before)
        for removal in (removal for removal in removals if removal.bron == bron):
            record = after.pop(removal.key, None)
            if record and removal.partly:
                after[removal.key] = _left(settings, registration, record, stand, months)
            leverancier, leverdatum = removal.key.split("/")
            place = f"{leverancier}/{bron}/{leverdatum}"
            if settings.landing.link(place) in (None, place):
                settings.landing.remove(place)
            kluis.remove(uitval_path(bron, removal.key))
        settle(kluis, registration, before, after)
        forget_names(kluis, bron, [removal.key for removal in removals if removal.bron == bron])


def _day(key: str) -> date:
    return date.fromisoformat(key.split("/")[1])


def _needed(registration: Registration, records: dict[str, Record], since: date) -> set[str]:
    """The deliveries that stay, whatever their age: a stock of a month that counts, the newest of the whole."""
    good = {key: record.goed for key, record in records.items() if record.goed}
    if registration.semantics == "geheel":
        return set({version.leverancier: key for key, version in sorted(good.items())}.values())
    if registration.semantics == "stand":
        return {key for key, version in good.items() if (version.periode[1] if version.periode else _day(key)) >= since}
    return set()


def _counting(settings: Settings, registration: Registration, since: date) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """Keeps the messages of persons with a spell that runs, or ended since that day. Raises NotBuiltError."""
    if not settings.kluis.exists("kluis.duckdb"):
        raise NotBuiltError
    spells = " union ".join(
        # Quoted: a table cannot be bound.
        f"select persoon from {sql_name('mart', f'voorziening_{regeling}')} where einddatum is null or einddatum >= ?"  # noqa: S608
        for regeling in registration.regelingen
    )
    with settings.kluis.local("kluis.duckdb") as local, duckdb.connect(str(local), read_only=True) as connection:
        try:
            found = connection.execute(spells, [since] * len(registration.regelingen)).fetchall()
        except duckdb.CatalogException:
            raise NotBuiltError from None
    persons = pl.Series([person for (person,) in found], dtype=pl.String).implode()
    return lambda frame: frame.filter(pl.col("persoon").is_in(persons)) if "persoon" in frame.columns else frame.clear()


def _kept_rows(
    settings: Settings, registration: Registration, record: Record | None, stand: date, months: int
) -> tuple[int, int]:
    """How many rows of an old delivery still count, and how many it has. Only messages on spells that count do."""
    good = record and record.goed
    if registration.semantics != "berichten" or not good or not registration.regelingen:
        return 0, 0
    keep = _counting(settings, registration, cutoff(stand, months + MONTHS_BEFORE))
    frames = [pl.read_parquet(io.BytesIO(settings.kluis.read(path))) for path in good.tabellen.values()]
    return sum(keep(frame).height for frame in frames), sum(frame.height for frame in frames)


def _left(settings: Settings, registration: Registration, record: Record, stand: date, months: int) -> Record:
    """The record of an old delivery with only the rows that count.

    They cover no month before the first that counts: there they would count too few, and a month without its
    deliveries is `niet_geleverd`.
    """
    since = cutoff(stand, months + MONTHS_BEFORE)
    changed = change_rows(settings.kluis, record, _counting(settings, registration, since))
    good = changed.goed and replace(changed.goed, periode=(since, changed.leverdatum))
    return replace(changed, periode=(since, changed.leverdatum), goed=good)
