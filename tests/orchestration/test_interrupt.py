"""A night that is interrupted or killed: it ends within seconds, says so, and stops no later night."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import pytest
from dagster import DagsterRunStatus as Status

from assets.ground.slot import EXPIRES_SECONDS, holder, slot
from orchestration.dead_runs import BY, COMMAND_LINE, GONE, SURPLUS, make_way
from orchestration.home import dagster_home
from orchestration.jobs import NIGHT_JOB
from orchestration.night import STAND_TAG
from orchestration.runs import origin
from tests.making.nights import environment
from tests.making.town import Town, bsn, w301

STAND = "2021-02-11"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def town(town: Town) -> Town:
    town.wmo([w301(bsn(1), 1, "2021-01-01")], "2021-02-10")
    return town


@contextmanager
def stuck(town: Town, how: str) -> Iterator[subprocess.Popen]:
    """A night in a session of its own, in a step that does not end."""
    file = town.folder / "begonnen"
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.making.stuck", how, str(file), "refresh", "--stand", STAND],
        env=os.environ | town.environment(),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        wait_for(file.exists, 300, process)
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_for(true, seconds: float, process: subprocess.Popen | None = None) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert process is None or process.poll() is None, "the process ended"
        assert time.monotonic() < until, "it does not come"
        time.sleep(0.1)


@contextmanager
def instance_of(town: Town) -> Iterator[dg.DagsterInstance]:
    with environment(town.environment()), dg.DagsterInstance.from_config(str(dagster_home())) as instance:
        yield instance


@pytest.mark.parametrize(
    ("how", "number", "code", "words"),
    [
        ("lp", signal.SIGTERM, 143, "gestopt (SIGTERM)"),
        ("kind", signal.SIGINT, 130, "afgebroken (Ctrl-C)"),
    ],
)
def test_a_signal_ends_a_night_within_seconds_at_any_step(town: Town, how: str, number: int, code: int, words: str):
    with stuck(town, how) as process:
        process.send_signal(number)
        printed, _ = process.communicate(timeout=60)
    assert process.returncode == code
    assert words in printed
    assert "niets half" in printed
    assert "Traceback" not in printed
    assert holder(town.settings.kluis) is None
    assert not (town.folder / "begonnen.klaar").exists()
    if how == "kind":
        assert not Path(f"/proc/{(town.folder / 'begonnen').read_text()}").exists()
    with instance_of(town) as instance:
        assert [run.status for run in instance.get_runs()] == [Status.CANCELED]


def test_a_run_whose_process_was_killed_is_ended_by_the_next_night(town: Town):
    with stuck(town, "kind") as process:
        with instance_of(town) as instance:
            (run,) = instance.get_runs()
            assert holder(town.settings.kluis) == run.run_id
            # It lives: nothing is ended.
            assert make_way(instance, town.settings) == []
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    assert holder(town.settings.kluis) is None
    with instance_of(town) as instance:
        assert instance.get_runs()[0].status is Status.STARTED
        # Young as it is, it cannot be about to take the lock: the command line makes its run when it has it.
        (message,) = make_way(instance, town.settings)
        assert run.run_id[:8] in message
        ended = instance.get_run_by_id(run.run_id)
        assert ended is not None
        assert ended.status is Status.FAILURE
        assert any(GONE in event.message for event in instance.all_logs(run.run_id))


@pytest.mark.parametrize("by", [{BY: COMMAND_LINE}, {}])
def test_a_run_that_died_before_it_began_is_ended_by_the_next(town: Town, by: dict[str, str]):
    """Of the command line at once; one that Dagster launched may still be loading the code, and it is not known."""
    with instance_of(town) as instance:
        run = instance.create_run_for_job(dg.job(name=NIGHT_JOB)(lambda: None), tags=by)
        with slot(town.settings.kluis):
            assert len(make_way(instance, town.settings)) == len(by)
        ended = instance.get_run_by_id(run.run_id)
        assert ended is not None
        assert ended.status is (Status.FAILURE if by else Status.NOT_STARTED)


def test_of_a_run_that_was_launched_and_started_only_who_holds_the_lock_knows_that_it_died(town: Town):
    with instance_of(town) as instance:
        instance.create_run_for_job(dg.job(name=NIGHT_JOB)(lambda: None), status=Status.STARTED)
        assert make_way(instance, town.settings) == []
        with slot(town.settings.kluis):
            assert len(make_way(instance, town.settings)) == 1


def test_no_run_lasts_longer_than_the_lock_on_s3(town: Town):
    with instance_of(town) as instance:
        assert instance.run_monitoring_enabled
        assert instance.get_settings("run_monitoring")["max_runtime_seconds"] == EXPIRES_SECONDS


def test_of_nights_that_wait_the_newest_runs(town: Town):
    with instance_of(town) as instance:
        job, given = dg.job(name=NIGHT_JOB)(lambda: None), {STAND_TAG: STAND}
        queued = {"status": Status.QUEUED, "remote_job_origin": origin(NIGHT_JOB)}
        made = [instance.create_run_for_job(job, **queued, tags=tags) for tags in ({}, given, {}, {})]
        make_way(instance, town.settings)
        found = [instance.get_run_by_id(run.run_id) for run in made]
        assert [run.status for run in found if run] == [Status.CANCELED, Status.QUEUED, Status.CANCELED, Status.QUEUED]
        assert any(SURPLUS in event.message for event in instance.all_logs(made[0].run_id))
