"""The event log that keeps its connections open is the library's in all but speed; others see what it stores."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage

from assets.ground.settings import dagster_folder
from orchestration import event_log
from orchestration.event_log import EventLog
from orchestration.home import dagster_home


@dg.asset(check_specs=[dg.AssetCheckSpec("klopt", asset="nachtelijk")])
def nachtelijk():
    return dg.MaterializeResult(check_results=[dg.AssetCheckResult(check_name="klopt", passed=True)])


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "dagster"))
    return dagster_home()


@contextmanager
def of_library(home: Path, instance: dg.DagsterInstance) -> Iterator[SqliteEventLogStorage]:
    """What another process sees that opens the same files as Dagster itself does."""
    storage = SqliteEventLogStorage(str(home / "history" / "runs"))
    storage.register_instance(instance)
    yield storage
    storage.dispose()


def kinds(storage: SqliteEventLogStorage, run_id: str) -> list[str]:
    return [log.dagster_event.event_type_value for log in storage.get_logs_for_run(run_id) if log.dagster_event]


def test_the_instance_of_an_installation_has_it_and_others_read_the_same(home: Path):
    with dg.DagsterInstance.get() as instance:
        assert type(instance.event_log_storage) is EventLog
        runs = [dg.materialize([nachtelijk], instance=instance) for _ in range(2)]
        with of_library(home, instance) as other:
            for run in runs:
                ours = [event.event_type_value for event in run.all_events]
                assert kinds(other, run.run_id)[-len(ours) :] == ours
            assert other.get_asset_check_execution_history(dg.AssetCheckKey(dg.AssetKey("nachtelijk"), "klopt"), 5)
            (record,) = other.get_asset_records([dg.AssetKey("nachtelijk")])
            assert record.asset_entry.last_run_id == runs[-1].run_id


def test_a_run_that_began_or_ended_is_in_its_own_file_at_once(home: Path):
    with dg.DagsterInstance.get() as instance:
        run = dg.materialize([nachtelijk], instance=instance)
        shard = home / "history" / "runs" / f"{run.run_id}.db"
        # Nothing waits in the log beside it: the page of the run in the UI looks at the file itself.
        beside = shard.with_name(f"{shard.name}-wal")
        assert not beside.exists() or beside.stat().st_size == 0


def test_it_is_read_where_nothing_says_where_it_is(home: Path, monkeypatch: pytest.MonkeyPatch):
    """As `meerdoen status` in a terminal: DAGSTER_HOME is not set there, and the folder is that of the checkout."""
    with dg.DagsterInstance.get() as instance:
        run = dg.materialize([nachtelijk], instance=instance)
    monkeypatch.delenv("DAGSTER_HOME")
    monkeypatch.setattr("assets.ground.settings.PROJECT", home.parent / "checkout")
    (home.parent / "checkout" / "data").mkdir(parents=True)
    home.rename(home.parent / "checkout" / "data" / "dagster")
    with dg.DagsterInstance.from_config(str(dagster_folder())) as instance:
        assert kinds(instance.event_log_storage, run.run_id)  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(("seconds", "shown"), [(0.0, True), (3600.0, False)])
def test_while_a_run_goes_on_its_file_moves_along(
    home: Path, monkeypatch: pytest.MonkeyPatch, seconds: float, shown: bool
):
    monkeypatch.setattr(event_log, "SHOWN_SECONDS", seconds)
    with dg.DagsterInstance.get() as instance:
        storage = instance.event_log_storage
        run = dg.materialize([nachtelijk], instance=instance)
        (log, *_) = [log for log in storage.get_logs_for_run(run.run_id) if log.message]
        shard = home / "history" / "runs" / f"{run.run_id}.db"
        before = shard.stat().st_mtime_ns, shard.stat().st_size
        for _ in range(20):
            storage.store_event(log._replace(dagster_event=None))
        assert ((shard.stat().st_mtime_ns, shard.stat().st_size) != before) == shown


@pytest.mark.usefixtures("home")
def test_events_that_come_at_once_are_stored_once(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture):
    monkeypatch.setattr(event_log, "SHOWN_SECONDS", 0.0)
    # The databases are there already, so that making them opens nothing.
    with dg.DagsterInstance.get():
        pass
    with dg.DagsterInstance.get() as instance:
        job = dg.Definitions(assets=[nachtelijk]).resolve_implicit_global_asset_job_def()
        run = instance.create_run_for_job(job)
        planned = [kind for kind in kinds(instance.event_log_storage, run.run_id) if kind.endswith("_PLANNED")]  # pyright: ignore[reportArgumentType]
        assert sorted(planned) == ["ASSET_CHECK_EVALUATION_PLANNED", "ASSET_MATERIALIZATION_PLANNED"]
    assert "Exception" not in caplog.text
