"""What the commands of `meerdoen` do. Prints Dutch, for the person at the keyboard; never a value of a delivery."""

import argparse
import contextlib
import io
import os
import shutil
import uuid
from datetime import UTC, date, datetime
from pathlib import Path

from assets.ground.settings import DEMO, Settings
from assets.ground.slot import BusyError, slot
from assets.intake.keys import KeyFileError, load_keys
from orchestration import clock, interrupt
from orchestration.arguments import USAGE
from orchestration.home import dagster_home
from orchestration.night import STAND_TAG
from orchestration.report import BUSY, IN_ORDER, NOTHING, report, say


def demo(options: argparse.Namespace) -> int:
    """Writes demo deliveries; refuses to mix them with real ones."""
    from assets.demo.make import make_demo, options_for

    settings = Settings.from_environment()
    there, unfinished = settings.demo(), settings.unfinished_demo()
    if options.als_leeg and settings.landing.names() and not unfinished:
        return IN_ORDER
    if settings.landing.names() and there is None:
        say("In de landingszone liggen leveringen die niet van de demo zijn; er is niets gemaakt.")
        return NOTHING
    gemeenten = tuple(code.strip() for code in options.gemeenten.split(",") if code.strip())
    wanted = options_for(
        gemeenten,
        options.tot,
        inwoners=options.inwoners,
        maanden=options.maanden,
        seed=options.seed,
        fouten_pct=options.fouten,
        kerncijfers=Path(options.kerncijfers) if options.kerncijfers else None,
    )
    # An unfinished demo may have nothing but its own mark there yet.
    begun = set(settings.landing.names()) != {DEMO}
    if there and begun and there.get("opties") != wanted.as_written():
        half = "een demo die niet af is" if unfinished else "al een demo"
        say(f"Er ligt {half}, met andere opties. Verwijder eerst de map van de landingszone en die van de kluis.")
        return NOTHING
    try:
        with slot(settings.kluis):
            make_demo(settings, wanted, say)
    except (ValueError, BusyError) as error:
        say(str(error))
        return BUSY if isinstance(error, BusyError) else NOTHING
    return IN_ORDER


def refresh(stand: str | None, *, sure: bool = False) -> int:
    """Runs the job `nacht` once, in this process. `sure`: a `stand` long after the newest delivery is meant."""
    settings = Settings.from_environment()
    run_id = str(uuid.uuid4())
    try:
        load_keys(settings.key_file)
        if not settings.landing.names():
            say("De landingszone is leeg. Zet er leveringen in, of maak een demo: meerdoen demo")
            return NOTHING
        if settings.unfinished_demo():
            say("In de landingszone ligt een demo die niet af is. Maak haar af met dezelfde opties: meerdoen demo")
            return NOTHING
        if stand and (doubt := clock.doubt(settings, date.fromisoformat(stand), sure=sure)):
            say(doubt)
            return USAGE
        with slot(settings.kluis, run_id):
            return _run_night(settings, run_id, stand)
    except KeyFileError as error:
        say(str(error))
        return NOTHING
    except BusyError as error:
        say(str(error))
        return BUSY


def _run_night(settings: Settings, run_id: str, stand: str | None) -> int:
    # Events of a step in one write instead of one each: two seconds less in a night on SQLite.
    os.environ.setdefault("DAGSTER_EVENT_BATCH_SIZE", "200")
    say("De monitor wordt geladen …")
    with contextlib.redirect_stderr(io.StringIO()):
        import dagster as dg
    home = dagster_home(lambda line: say(f"Let op: {line}"))
    from orchestration.dead_runs import BY, COMMAND_LINE, make_way
    from orchestration.definitions import defs
    from orchestration.jobs import NIGHT_JOB
    from orchestration.runs import broke_off, execute
    from orchestration.tidy import tidy
    from validations import progress

    tags = {BY: COMMAND_LINE}
    if stand:
        tags[STAND_TAG] = stand
    shutil.rmtree(settings.work / "toestand", ignore_errors=True)
    with dg.DagsterInstance.from_config(str(home)) as instance:
        for line in make_way(instance, settings):
            say(f"Let op: {line}")
        steps = len(defs.resolve_job_def(NIGHT_JOB).graph.nodes)
        with progress.shown(steps):
            success = execute(instance, NIGHT_JOB, run_id, tags)
        broke = "" if success else broke_off(instance, run_id)
        try:
            tidy(instance, datetime.now(UTC))
        except Exception as error:
            # Runs over their term may stay a night longer; the night itself stands.
            say(f"Let op: oude runs zijn niet opgeruimd ({type(error).__name__}); de volgende nacht probeert het.")
    if interrupt.received:
        raise KeyboardInterrupt
    if broke:
        say(f"Let op: {broke}.")
    return report(settings, success)


def restore(name: str, reason: str | None) -> int:
    """Withdraws an edition, and says what stands now and what to do."""
    from assets.publication.sound import ledger_fault
    from assets.publication.withdraw import WithdrawError, sound_reason, withdraw

    settings = Settings.from_environment()
    try:
        with slot(settings.kluis):
            if fault := ledger_fault(settings):
                say(f"{fault}. Er is niets ingetrokken.")
                return NOTHING
            done = withdraw(settings, name, sound_reason(reason), settings.today())
    except (WithdrawError, BusyError) as error:
        say(str(error))
        return BUSY if isinstance(error, BusyError) else NOTHING
    say(f"Editie {name} is ingetrokken; {done.figures} cijfers die zij zette tellen niet meer.")
    if done.along:
        say(f"  ook {', '.join(done.along)} steunde op haar en is geen laatste meer")
    if not done.own:
        say("  zij zette zelf geen cijfers: zit de fout in een eerdere editie, trek dan ook die in")
    if done.latest:
        say(f"laatste wijst nu naar editie {done.latest}.")
    else:
        say("Er is geen goede editie meer: laatste is weg tot de volgende run publiceert.")
    say("Herstel eerst de oorzaak, en draai dan: meerdoen refresh. De volgende editie noemt de ingetrokken editie.")
    return IN_ORDER


def agree(bron: str, leverancier: str, leverdatum: str) -> int:
    """Accepts a held delivery as it is now; a changed one must be agreed to again."""
    from assets.intake.acceptance import agree_to
    from assets.record.delivery_record import HELD, load_records
    from assets.registrations.declaration import registrations

    settings = Settings.from_environment()
    records = load_records(settings.kluis, bron) if bron in registrations() else {}
    record = records.get(f"{leverancier}/{date.fromisoformat(leverdatum)}")
    if record is None or record.toestand != HELD:
        say("Er wacht geen levering met die bron, leverancier en datum. Zie: meerdoen status")
        return NOTHING
    agree_to(settings.kluis, record)
    say("Akkoord vastgelegd; de volgende run gebruikt de levering: meerdoen refresh")
    return IN_ORDER
