"""How a run comes by its Night: the clock is read once, the lock taken, what is half is put right, leftovers go.

The clock is the same for every step: the run tag `meerdoen/stand`, else the demo's own day, else the day on which the
run was made.
"""

import time
from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

import dagster as dg

from assets.ground.night import CLOCK, MENDED, Night
from assets.ground.settings import TIMEZONE, Settings, private_folder
from assets.ground.slot import slot
from assets.ground.state import begin, remember
from assets.privacy.places import outdated, own_temporary_folder, remove_leftovers
from assets.publication import edition, ledger, sound
from orchestration import clock
from orchestration.interrupt import ends_in_time

STAND_TAG = "meerdoen/stand"


@dg.resource
def night_resource(context: dg.InitResourceContext) -> Iterator[Night]:
    """The Night of a run, for as long as it holds the lock. Raises BusyError when another run holds it."""
    settings = Settings.from_environment()
    if settings.unfinished_demo():
        raise dg.Failure("In de landingszone ligt een demo die niet af is: meerdoen demo", allow_retries=False)
    # The work folder holds the database of dbt: it is of the same zone as the kluis.
    for folder in filter(None, (settings.work, settings.kluis.folder)):
        private_folder(folder)
    run = context.run
    run_id = run.run_id if run else ""
    given = run.tags.get(STAND_TAG) if run else None
    stand = _given(settings, given) if given else _clock(settings, context, run_id)
    with slot(settings.kluis, run_id), ends_in_time(context.instance, run):
        begin(settings.work, run_id)
        # First of all: what a night builds on.
        ledger_fault = sound.ledger_fault(settings)
        mended = None if ledger_fault else sound.put_right(settings)
        back = None if given or ledger_fault else clock.went_back(settings, stand)
        remember(settings.work, CLOCK, {"meldingen": [back] if back else []})
        remember(settings.work, MENDED, {"meldingen": [mended] if mended else []})
        for line in filter(None, (ledger_fault, mended, back)):
            if context.log:
                context.log.warning(line)
        remove_leftovers(settings)
        for path in outdated(settings.kluis, time.time()):
            settings.kluis.remove(path)
        with own_temporary_folder(settings):
            yield _night(settings, stand, ledger_fault, run_id)


def _given(settings: Settings, given: str) -> date:
    try:
        stand = date.fromisoformat(given)
    except ValueError:
        raise dg.Failure(f"De tag {STAND_TAG} is geen dag (jjjj-mm-dd).", allow_retries=False) from None
    if why := clock.impossible(settings, stand):
        raise dg.Failure(why, allow_retries=False)
    return stand


def _clock(settings: Settings, context: dg.InitResourceContext, run_id: str) -> date:
    record = context.instance.get_run_record_by_id(run_id) if context.instance else None
    if record is None or settings.demo():
        return settings.today()
    return datetime.fromtimestamp(record.create_timestamp.timestamp(), ZoneInfo(TIMEZONE)).date()


def _night(settings: Settings, stand: date, ledger_fault: str, run_id: str) -> Night:
    """The night of a day, beside what is public now."""
    publicatie = settings.publicatie
    newest = edition.manifest(publicatie, edition.latest(publicatie)).get("stand", "")
    rebuild = str(stand) < newest
    there = edition.of_day(publicatie, stand) if rebuild else []
    return Night(
        settings=settings,
        stand=stand,
        forgotten_on=max(stand, date.fromisoformat(newest or str(stand))),
        edition=there[-1] if there else edition.next_name(publicatie, stand),
        before=_before(settings, stand, ledger_fault, rebuild=rebuild),
        rebuild=rebuild,
        ledger_fault=ledger_fault,
        run_id=run_id,
    )


def _before(settings: Settings, stand: date, ledger_fault: str, *, rebuild: bool) -> str | None:
    publicatie, kluis = settings.publicatie, settings.kluis
    latest = edition.latest(publicatie)
    if ledger_fault:
        # Nobody knows what was withdrawn, and nothing is published on top of it.
        return latest
    if rebuild:
        return edition.newest(publicatie, ledger.taken_back(kluis, stand), stand)
    gone = ledger.taken_back(kluis)
    # A withdrawal that was cut short has not switched back yet.
    return edition.newest(publicatie, gone) if latest in gone else latest
