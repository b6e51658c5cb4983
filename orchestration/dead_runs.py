"""A run whose process is gone is ended, so that it does not stop the schedule; and of nights that wait, one runs.

Dagster itself never notices that a process was killed: its run stays STARTED, and with one run at a time nothing starts
any more (dagster #4319). The lock on the kluis proves which run lives (assets/ground/slot.py). Called before each night
of the command line, by the schedule before it asks for a night, and every minute by the sensor `dode_runs`.
"""

import time

import dagster as dg
from dagster import DagsterRunStatus as Status

from assets.ground.settings import Settings
from assets.ground.slot import holder, holds
from orchestration.jobs import NIGHT_JOB, TIDY_JOB
from orchestration.night import STAND_TAG

# The tag that names the starter of a run that Dagster did not launch.
BY, COMMAND_LINE = "meerdoen/door", "opdrachtregel"
# A run that was launched loads the code before it takes the lock.
STARTS_WITHIN_SECONDS = 180
# The job that takes no lock is done in seconds.
UNLOCKED_SECONDS = 3600
# A run that ends well gives the lock back just before it says so.
ENDS_WITHIN_SECONDS = 3
GONE = (
    "Beëindigd: het proces van deze run is er niet meer (gedood, of de machine viel uit). Er is niets half"
    " gepubliceerd; de volgende nacht leest wat nieuw is."
)
SURPLUS = "Afgelast: er wacht al een latere nacht, en die leest alles."


def make_way(instance: dg.DagsterInstance, settings: Settings) -> list[str]:
    """Ends the dead runs and calls off all waiting nights but the newest; tells what it did, in Dutch."""
    # Before a dead run makes room: else the oldest night would start.
    return [*_call_off(instance), *_end_dead(instance, settings)]


def dead_runs(instance: dg.DagsterInstance, settings: Settings) -> list[dg.DagsterRun]:
    """The runs that are going on, if one believes the instance, and do not hold the lock."""
    beginning = [Status.NOT_STARTED, Status.STARTING]
    going_on = [*beginning, Status.STARTED, Status.CANCELING]
    records = instance.get_run_records(dg.RunsFilter(statuses=going_on))
    alive, ours = holder(settings.kluis), holds(settings.kluis)
    found = []
    for record in records:
        run, age = record.dagster_run, time.time() - record.update_timestamp.timestamp()
        if run.job_name == TIDY_JOB:
            lives = age < UNLOCKED_SECONDS
        elif BY in run.tags:
            # A run of the command line is made under the lock, which bears its id.
            lives = run.run_id == alive
        else:
            # While we hold the lock, a run that says it started cannot hold it, however young.
            begins = age < STARTS_WITHIN_SECONDS and (not ours or run.status in beginning)
            lives = run.run_id == alive or begins
        if not lives:
            found.append(run)
    return found


def _end_dead(instance: dg.DagsterInstance, settings: Settings) -> list[str]:
    found = dead_runs(instance, settings)
    if found:
        time.sleep(ENDS_WITHIN_SECONDS)
        still = {run.run_id for run in dead_runs(instance, settings)}
        found = [run for run in found if run.run_id in still]
    for run in found:
        instance.report_run_failed(run, GONE)
    return [f"run {run.run_id[:8]} ({run.job_name}) is beëindigd: zijn proces is er niet meer" for run in found]


def _call_off(instance: dg.DagsterInstance) -> list[str]:
    """Calls off all whole nights but the newest; a night of a given day is somebody's wish, and stays."""
    waiting = instance.get_runs(dg.RunsFilter(job_name=NIGHT_JOB, statuses=[Status.QUEUED]))
    alike = [run for run in waiting if STAND_TAG not in run.tags and not run.asset_selection]
    for run in alike[1:]:
        instance.report_run_canceled(run, SURPLUS)
    return [f"run {run.run_id[:8]} ({NIGHT_JOB}) is afgelast: er wacht een latere" for run in alike[1:]]
