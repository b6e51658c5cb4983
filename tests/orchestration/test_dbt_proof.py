"""What dbt left behind counts only when this run built it: after a kill, a fault or silence nothing old is new."""

import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from assets.ground.state import recall
from assets.publication.kluis import kluis_asset
from assets.registrations.declaration import registrations
from orchestration.dbt.build import Dbt, build_dbt_assets
from orchestration.dbt.project import DBT_DIR, dbt_executable
from orchestration.dbt.proof import clear, proven, results_of
from orchestration.night import night_resource
from tests.making.nights import environment
from tests.making.town import Town

MODELS = ["regelingen", "indicatoren", "stg_leveringen", "stg_brp", "stg_gebieden_namen"]
NOW, OTHER = "2026-11-28-nu", "2026-11-27-toen"
ASKED = {"model.meerdoen.a", "test.meerdoen.b"}


def written(folder: Path, invocation: str = NOW, ids: set[str] = ASKED) -> None:
    results = [{"unique_id": name, "status": "success", "failures": None} for name in sorted(ids)]
    (folder / "run_results.json").write_text(
        json.dumps({"metadata": {"invocation_id": invocation}, "results": results})
    )


def cut(folder: Path) -> None:
    written(folder)
    file = folder / "run_results.json"
    file.write_bytes(file.read_bytes()[:-20])


def other_kind(folder: Path) -> None:
    (folder / "run_results.json").write_text("[]")


FAULTS: dict[str, tuple[Callable[[Path], None], int, str]] = {
    "killed": (written, -9, "signaal 9"),
    "an exception in dbt": (written, 2, "code 2"),
    "nothing written": (lambda _folder: None, 0, "geen resultaten"),
    "cut off": (cut, 0, "onleesbaar"),
    "not of this kind": (other_kind, 1, "onleesbaar"),
    "of last night": (lambda folder: written(folder, OTHER), 0, "andere run"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_results_that_are_not_of_this_build_are_none(tmp_path: Path, fault: str):
    make, code, message = FAULTS[fault]
    make(tmp_path)
    found, problem = results_of(tmp_path, code, {NOW}, ASKED)
    assert found == {}
    assert message in problem


def test_results_of_this_build_count_and_what_lacks_is_told(tmp_path: Path):
    written(tmp_path)
    for code in (0, 1):
        found, problem = results_of(tmp_path, code, {NOW}, ASKED)
        assert (set(found), problem) == (ASKED, "")
    assert results_of(tmp_path, 0, set(), ASKED)[0] == {}
    found, problem = results_of(tmp_path, 0, {NOW}, ASKED | {"model.meerdoen.c"})
    assert set(found) == ASKED
    assert problem == "dbt liet 1 van de 3 modellen en tests weg"


# --- dbt for real, on a few models of a gemeente that delivered nothing but its areas ---


class Builds:
    """A town whose models are built by a dbt that can be told to fail."""

    def __init__(self, folder: Path) -> None:
        self.town = Town(folder)
        self.work = self.town.settings.work
        self.town.gebieden()
        for bron in registrations():
            self.town.take_in(bron)

    def run(self, dbt: str = dbt_executable()) -> dict[str, str]:
        """The state of each model after a run, and `kluis`; no failed run."""
        with environment(self.town.environment()), dg.DagsterInstance.ephemeral() as instance:
            result = dg.materialize(
                [build_dbt_assets(), kluis_asset([])],
                selection=[*MODELS, "kluis"],
                resources={"night": night_resource, "dbt": Dbt(project_dir=str(DBT_DIR), dbt_executable=dbt)},
                tags={"meerdoen/stand": "2022-06-20"},
                instance=instance,
            )
        checks = result.get_asset_check_evaluations()
        assert {check.passed for check in checks} == {not recall(self.work, "toestand/dbt")["fout"]}
        return {
            event.asset_key.path[0]: str(event.materialization.metadata["toestand"].value)
            for event in result.get_asset_materialization_events()
            if event.asset_key
        }

    @property
    def kluis(self) -> bytes:
        return (self.town.folder / "kluis" / "kluis.duckdb").read_bytes()


@pytest.fixture(scope="module")
def builds(tmp_path_factory: pytest.TempPathFactory) -> Builds:
    made = Builds(tmp_path_factory.mktemp("builds"))
    assert made.run() == dict.fromkeys([*MODELS, "kluis"], "in_orde")
    return made


def command(folder: Path, code: str) -> str:
    """A dbt of our own: real, but for what the code says."""
    script = folder / "dbt"
    script.write_text(f"#!{sys.executable}\n{code}")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    return str(script)


KILLED = """
import os, signal, sys
from dbt.cli.main import dbtRunner
finished = 0
def seen(event):
    global finished
    finished += event.info.name == "NodeFinished"
    if finished == 3:
        os.kill(os.getpid(), signal.SIGKILL)
dbtRunner(callbacks=[seen]).invoke(sys.argv[1:])
"""
LOST = dict.fromkeys(MODELS, "mislukt") | {"kluis": "vorige"}


def test_a_dbt_that_is_killed_half_way_built_nothing(builds: Builds, tmp_path: Path):
    kluis = builds.kluis
    # Something of another day, so that there is something to build.
    builds.town.brp([{"bsn": number} for number in range(100)], "2022-06-01")
    builds.town.take_in("brp")
    assert builds.run(command(tmp_path, KILLED)) == LOST
    assert recall(builds.work, "toestand/dbt")["fout"] == "dbt is gestopt door signaal 9"
    assert builds.kluis == kluis
    # It had begun: what lies there is half, and no later night takes it for whole.
    assert (builds.work / "kluis.duckdb").exists()
    assert proven(builds.work) == {}
    assert builds.run() == dict.fromkeys([*MODELS, "kluis"], "in_orde")
    assert proven(builds.work)["heel"]


@pytest.mark.parametrize("code", ["raise SystemExit(1)", "raise SystemExit(2)", "raise SystemExit(0)"])
def test_a_dbt_that_writes_nothing_built_nothing(builds: Builds, tmp_path: Path, code: str):
    (builds.work / "kluis.duckdb").unlink(missing_ok=True)
    assert builds.run(command(tmp_path, code)) == LOST
    assert not (builds.work / "dbt" / "run_results.json").exists()


def test_a_reader_of_the_work_database_stops_nothing(builds: Builds):
    builds.run()
    code = "import duckdb,sys; c = duckdb.connect(sys.argv[1], read_only=True); print(flush=True); sys.stdin.read()"
    reading = [sys.executable, "-c", code, str(builds.work / "kluis.duckdb")]
    reader = subprocess.Popen(reading, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert reader.stdout is not None
        reader.stdout.readline()
        (builds.work / "geheugen" / "dbt.json").unlink()
        assert builds.run() == dict.fromkeys([*MODELS, "kluis"], "in_orde")
    finally:
        reader.kill()
        reader.wait()


def test_a_database_that_is_not_as_it_was_left_is_built_anew(builds: Builds):
    if not proven(builds.work):
        builds.run()
    file = builds.work / "kluis.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute("delete from mart.regelingen")
    assert proven(builds.work) == {}
    builds.run()
    with duckdb.connect(str(file), read_only=True) as connection:
        assert connection.execute("select count(*) > 0 from mart.regelingen").fetchone() == (True,)


def test_what_dbt_read_of_the_project_serves_the_next_build_and_damaged_it_is_read_anew(builds: Builds):
    anew = ("UnableToPartialParse", "ParsedFileLoadFailed")
    parsed = builds.work / "dbt" / "partial_parse.msgpack"
    for damaged in (False, True):
        builds.run()
        if damaged:
            parsed.write_bytes(parsed.read_bytes()[:-1000])
        (builds.work / "geheugen" / "dbt.json").unlink()
        assert builds.run() == dict.fromkeys([*MODELS, "kluis"], "in_orde")
        log = (builds.work / "dbt" / "dbt.log").read_text()
        assert any(event in log for event in anew) is damaged


def test_all_that_was_built_before_is_gone_when_a_build_begins(tmp_path: Path):
    told = ("kluis.duckdb", "kluis.duckdb.wal", "dbt/run_results.json", "dbt/manifest.json", "geheugen/dbt.json")
    for name in (*told, "dbt/partial_parse.msgpack"):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text("{}")
    clear(tmp_path)
    # It tells of the project, not of a build.
    assert [name for _, _, files in os.walk(tmp_path) for name in files] == ["partial_parse.msgpack"]
