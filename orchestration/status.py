"""`meerdoen status`: the last night, the next one, and per gemeente what is late, blocked or held, and why. Reads only.

What cannot be read is told, and stops nothing else from being told: there is no traceback.
"""

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import polars as pl

from assets.ground.names import is_leverancier, masked, outline
from assets.ground.night import CLOCK
from assets.ground.settings import TIMEZONE, DamagedError, DemoError, Settings, dagster_folder
from assets.ground.state import recall
from assets.intake.keys import KeyFileError, load_keys
from assets.privacy.places import DATABASE
from assets.publication import edition, ledger, sound, union_sets
from assets.publication.kluis import mark_of_database
from assets.record.delivery_record import ACCEPTED, load_records
from assets.record.records import overviews
from assets.record.register import last_asked
from assets.registrations.declaration import registrations
from assets.report.owner_report import report_folder
from orchestration import clock
from orchestration.home import broken
from orchestration.report import BLOCKED, IN_ORDER, after_the_switch, say, stayed
from validations.language.delivery import RULES

# What Dagster calls the end of a run.
ENDED = {"SUCCESS": "geslaagd", "FAILURE": "mislukt", "CANCELED": "afgebroken", "QUEUED": "wacht", "CANCELING": "stopt"}
GOOD = {"SUCCESS", "QUEUED", "STARTING", "STARTED", "NOT_STARTED"}
# The daemon says every half minute that it lives.
DAEMON_SECONDS = 300
# The longest piece of a record that is repeated here; its report has all of it.
LONGEST = 300


class Line(NamedTuple):
    """One line to say, and whether it tells that something is not in order."""

    text: str
    wrong: bool = False


def status() -> int:
    """Says how things stand; BLOCKED when something is not in order."""
    settings = Settings.from_environment()
    wrong = 0
    for part in (_edition, _ledger, _database, _runs, _clock, _tables, _together, _deliveries, _late):
        for line in _lines_of(part, settings):
            say(line.text)
            wrong += line.wrong
    say(f"Niet in orde: {wrong} {'punt' if wrong == 1 else 'punten'}; zie hierboven." if wrong else "Alles is in orde.")
    return BLOCKED if wrong else IN_ORDER


def _lines_of(part: Callable[..., Iterator[Line]], *arguments: object) -> Iterator[Line]:
    """The lines of a part; where it raises, what could not be read. Its text is withheld: it may hold a value."""
    try:
        yield from part(*arguments)
    except (KeyFileError, DemoError) as error:
        yield Line(str(error), wrong=True)
    except Exception as error:
        # A registration is called by its own name.
        what = arguments[-1] if isinstance(arguments[-1], str) else (part.__doc__ or "").partition(":")[0]
        yield Line(f"{what}: niet te lezen ({type(error).__name__}); zie docs/beheer.md, bij wat te doen.", wrong=True)


def _edition(settings: Settings) -> Iterator[Line]:
    """Editie: the latest, and why the last night brought none."""
    publicatie = settings.publicatie
    name = edition.latest(publicatie)
    yield Line(f"Editie: {name or 'nog geen'}")
    if not edition.in_place(publicatie):
        what = f"laatste of {edition.POINTER} is beschadigd of wijst nergens naar; de volgende nacht zet het goed"
        yield Line(f"  {what}: meerdoen refresh", wrong=True)
    if name and (damaged := edition.damaged(publicatie, name)):
        what = "is beschadigd of weg" if len(damaged) == 1 else "zijn beschadigd of weg"
        again = "de volgende nacht maakt een nieuwe editie"
        yield Line(f"  {len(damaged)} van de bestanden van die editie {what}; {again}: meerdoen refresh", wrong=True)
    last_night = recall(settings.work, "toestand/publicatie")
    if fault := last_night.get("fout"):
        broke = after_the_switch(fault) if last_night.get("nieuw") else f"de laatste nacht publiceerde niets: {fault}"
        yield Line(f"  {broke}", wrong=True)


def _ledger(settings: Settings) -> Iterator[Line]:
    """Grootboek: whether it is whole, and which editions were withdrawn."""
    if fault := sound.ledger_fault(settings):
        yield Line(f"Grootboek: {fault}.", wrong=True)
        return
    for entry in ledger.withdrawals(settings.kluis):
        along = [name for name in entry["edities"] if name != entry["editie"]]
        more = f", met {', '.join(along)}" if along else ""
        yield Line(f"  ingetrokken: {entry['editie']}{more}, op {entry['dag']}: {entry['toelichting']}")


def _database(settings: Settings) -> Iterator[Line]:
    """kluis.duckdb: whether it is as the night left it."""
    there = recall(settings.work, "geheugen/kluis")
    if there and there.get("bestand") != mark_of_database(settings.kluis, there.get("plaats", DATABASE)):
        yield Line("kluis.duckdb is beschadigd, beschreven of weg; de volgende nacht maakt haar opnieuw", wrong=True)


def _runs(_settings: Settings) -> Iterator[Line]:
    """Runs: how the last night ended, which wait or died, and when the next one starts."""
    home = dagster_folder()
    if not (home / "dagster.yaml").exists():
        yield Line("Laatste nacht: nog geen")
        return
    if names := broken(home):
        what = f"Runs: in DAGSTER_HOME is {' en '.join(names)} niet te lezen"
        yield Line(f"{what}; meerdoen refresh zet dat opzij en gaat door", wrong=True)
        return
    import dagster as dg

    with dg.DagsterInstance.from_config(str(home)) as instance:
        yield from _lines_of(_last_night, _settings, instance)
        yield from _lines_of(_next_night, instance)


def _last_night(settings: Settings, instance) -> Iterator[Line]:
    """Laatste nacht: of the instance."""
    import dagster as dg

    from assets.ground.slot import holder
    from orchestration.dead_runs import BY, dead_runs
    from orchestration.jobs import NIGHT_JOB

    dead = {run.run_id for run in dead_runs(instance, settings)}
    for record in instance.get_run_records(dg.RunsFilter(job_name=NIGHT_JOB), limit=1):
        run, by = record.dagster_run, record.dagster_run.tags
        who = by.get(BY) or by.get("dagster/schedule_name") or by.get("dagster/sensor_name") or "Dagster"
        how = ENDED.get(run.status.value, "loopt")
        # A run takes the lock as soon as its steps begin, and the lock shows who lives.
        gone = run.run_id in dead or (run.status.value == "STARTED" and holder(settings.kluis) != run.run_id)
        if gone:
            how = (
                "afgebroken" if run.run_id in dead else "afgebroken, of net begonnen; over drie minuten is dat te zien"
            )
        yield Line(
            f"Laatste nacht: {_moment(record.create_timestamp.timestamp())} ({who}): {how}",
            wrong=gone or run.status.value not in GOOD,
        )
        break
    else:
        yield Line("Laatste nacht: nog geen")
    for run_id in sorted(dead):
        yield Line(f"  run {run_id[:8]} is dood: zijn proces is weg; de volgende nacht ruimt hem op", wrong=True)


def _next_night(instance) -> Iterator[Line]:
    """Volgende nacht: of the schedule, if its daemon lives."""
    from dagster._core.definitions.run_request import InstigatorType
    from dagster._utils.schedules import schedule_execution_time_iterator

    from orchestration.jobs import every_night

    beats = instance.get_daemon_heartbeats()
    alive = "SCHEDULER" in beats and time.time() - beats["SCHEDULER"].timestamp < DAEMON_SECONDS
    states = instance.all_instigator_state(instigator_type=InstigatorType.SCHEDULE)
    if any(state.instigator_name == every_night.name and not state.is_running for state in states):
        yield Line(f"Volgende nacht: geen; {every_night.name} staat uit in Dagster")
        return
    ticks = schedule_execution_time_iterator(time.time(), every_night.cron_schedule, every_night.execution_timezone)
    if alive:
        yield Line(f"Volgende nacht: {_moment(next(ticks).timestamp())} ({every_night.name})")
    else:
        yield Line("Volgende nacht: geen; de planning loopt alleen zolang make ui of dagster-daemon draait")


def _moment(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, ZoneInfo(TIMEZONE)):%Y-%m-%d %H:%M}"


def _clock(settings: Settings) -> Iterator[Line]:
    """Klok: whether it went back, now or in the last night."""
    # A damaged ledger cannot tell it, and its damage is told above.
    back = None if sound.ledger_fault(settings) else clock.went_back(settings, settings.today())
    lines = [back, *recall(settings.work, CLOCK).get("meldingen", [])]
    for line in dict.fromkeys(filter(None, lines)):
        yield Line(f"Let op: {line}", wrong=True)


def _tables(settings: Settings) -> Iterator[Line]:
    """Tabellen: those that stayed as they were in the previous edition, and why."""
    for line in stayed(settings):
        yield Line(line, wrong=True)


def _together(settings: Settings) -> Iterator[Line]:
    """Samen geteld: per gemeente which regelingen count together in monitor_totaal, as the last night knew it."""
    try:
        gemeenten = load_keys(settings.key_file).gemeenten
    except KeyFileError:
        return  # told once, of the key file itself
    for line in union_sets.lines(settings.work, gemeenten):
        yield Line(line)


def _deliveries(settings: Settings) -> Iterator[Line]:
    """Leveringen: per registration how many, and which wait or are not in order."""
    for bron in registrations():
        yield from _lines_of(_registration, settings, bron)


def _registration(settings: Settings, bron: str) -> Iterator[Line]:
    """Registratie: its deliveries."""
    try:
        records = load_records(settings.kluis, bron)
    except DamagedError as error:
        yield Line(f"{bron}: {error}", wrong=True)
        return
    newest = {record.leverancier: record for _, record in sorted(records.items())}
    wrong = [record for record in newest.values() if record.toestand != ACCEPTED]
    last = max((record.leverdatum for record in newest.values()), default=None)
    yield Line(f"{bron}: {len(records)} leveringen, laatste {last or 'nooit'}{', niet in orde' if wrong else ''}")
    for record in wrong:
        for fault in record.fouten:
            # What it says of itself is shown as data: no number of a person, no mark that moves the cursor.
            text = f"{fault.regel_id} {RULES[fault.regel_id].message} {masked(fault.toelichting)[:LONGEST]}"
            who = record.leverancier if is_leverancier(record.leverancier) else outline(record.leverancier)
            place = f"{who} {record.leverdatum} {record.toestand}"
            yield Line(f"  {place}: {text.rstrip()}", wrong=True)
        yield Line(f"    rapport: {settings.kluis.url}/{report_folder(bron, record.key)}/rapport.html")
    last_night = recall(settings.work, f"toestand/{bron}")
    for key, rule_id in last_night.get("wacht", {}).items():
        yield Line(f"  {key.replace('/', ' ')}: {rule_id} {RULES[rule_id].message}")
    for folder, rule_id in last_night.get("vreemd", {}).items():
        yield Line(f"  {folder}: {rule_id} {RULES[rule_id].message} {RULES[rule_id].hint}")


def _late(settings: Settings) -> Iterator[Line]:
    """Te laat: per gemeente, which registrations should have delivered by today."""
    today, deliveries = settings.today(), overviews(settings.kluis).filter(pl.col("toestand") == ACCEPTED)
    for gemeente in load_keys(settings.key_file).gemeenten:
        for bron, registration in registrations().items():
            own = deliveries.filter(pl.col("bron") == bron, pl.col("gemeentecode") == gemeente)
            if not own.height:
                continue
            # A source that is asked is as late as its last answer, also one that said that nothing changed.
            answered = last_asked(settings.kluis, bron, today)
            last, leverancier = max(own.select("leverdatum", "leverancier").iter_rows())
            last = max(last, answered.get(leverancier, last))
            expected = last + timedelta(days=registration.cadence_days + registration.grace_days)
            if today > expected:
                text = f"verwacht voor {expected}, de laatste aanvaarde is van {last}"
                yield Line(f"{gemeente} {bron}: te laat; {text}", wrong=True)
