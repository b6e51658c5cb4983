"""What DAGSTER_HOME keeps is bounded: runs leave no bytes and no files behind after their term."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest

from assets.ground.settings import PROJECT
from orchestration.tidy import KEEP_DAYS, tidy
from tests.making.nights import FIRST, Nights, environment

LATER = datetime.now(UTC) + timedelta(days=KEEP_DAYS + 1)


def size(folder: Path) -> tuple[int, int]:
    """Bytes and inodes of a folder."""
    found = [path for path in folder.rglob("*") if not path.name.endswith(("-wal", "-shm"))]
    return sum(path.stat().st_size for path in found if path.is_file()), len(found)


@dg.asset(check_specs=[dg.AssetCheckSpec("klopt", asset="nachtelijk")])
def nachtelijk() -> dg.MaterializeResult:
    return dg.MaterializeResult(check_results=[dg.AssetCheckResult(check_name="klopt", passed=True)])


@dg.asset
def eenmalig() -> None: ...


JOB = dg.define_asset_job("nacht", [nachtelijk])
ONCE = dg.define_asset_job("eens", [eenmalig])
DEFS = dg.Definitions(assets=[nachtelijk, eenmalig], jobs=[JOB, ONCE])


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dg.DagsterInstance]:
    """An instance as the monitor has it, on SQLite in a folder."""
    shutil.copyfile(PROJECT / "dagster.yaml", tmp_path / "dagster.yaml")
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    with dg.DagsterInstance.from_config(str(tmp_path)) as found:
        yield found


def run(instance: dg.DagsterInstance, job: str = "nacht") -> str:
    return DEFS.resolve_job_def(job).execute_in_process(instance=instance).run_id


def test_runs_over_their_term_leave_no_more_behind_than_one(instance: dg.DagsterInstance, tmp_path: Path):
    run(instance)
    tidy(instance, LATER)
    bytes_before, files_before = size(tmp_path)
    for _ in range(12):
        run(instance)
    assert size(tmp_path)[1] > files_before + 12
    assert tidy(instance, LATER) == 12
    bytes_after, files_after = size(tmp_path)
    # The newest run is another one than before; each has a folder for its logs.
    assert files_after <= files_before + 1
    assert bytes_after <= bytes_before * 1.1


def test_the_newest_of_each_asset_and_check_stays_whole(instance: dg.DagsterInstance):
    first, *_, last = run(instance, "eens"), run(instance), run(instance)
    assert tidy(instance, LATER) == 1
    assert {record.run_id for record in instance.get_runs()} == {first, last}
    for name in ("eenmalig", "nachtelijk"):
        event = instance.get_latest_materialization_event(dg.AssetKey(name))
        assert event is not None
        assert instance.all_logs(event.run_id)


def test_a_run_within_its_term_stays_and_so_does_one_that_has_not_ended(instance: dg.DagsterInstance):
    run(instance)
    run(instance)
    assert tidy(instance, datetime.now(UTC)) == 0
    running = instance.create_run_for_job(DEFS.resolve_job_def("nacht"), status=dg.DagsterRunStatus.STARTED)
    assert tidy(instance, LATER) == 1
    assert instance.get_run_by_id(running.run_id) is not None


@pytest.mark.lang
def test_forty_whole_nights_grow_no_further_than_their_term(nights: Nights):
    """The newest five are kept: the fortieth night leaves as much behind as the tenth, in every folder."""
    sizes, home = [], nights.folder / "dagster"
    for _ in range(40):
        assert nights.night(FIRST) == 0
        with environment(nights.environment()), dg.DagsterInstance.from_config(str(home)) as instance:
            runs = sorted(instance.get_run_records(), key=lambda record: record.update_timestamp)
            if len(runs) > 5:
                tidy(instance, runs[-5].update_timestamp + timedelta(seconds=1), days=0)
        sizes.append(size(nights.folder))
    assert sizes[-1][1] <= sizes[10][1] * 1.02
    assert sizes[-1][0] <= sizes[10][0] * 1.05
