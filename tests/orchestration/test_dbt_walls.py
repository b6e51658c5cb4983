"""The database that dbt runs reaches its own folders only, and what it may read it is seen not to write."""

import os
import subprocess
from pathlib import Path
from types import SimpleNamespace

import duckdb
import polars as pl
import pytest

from assets.ground.sql import sql_text
from orchestration.dbt.project import DBT_DIR, dbt_executable
from orchestration.dbt.walls import (
    NIGHT,
    SEEDS,
    BronChangedError,
    Plugin,
    ends_with_its_night,
    of_this_night,
    unchanged,
)

FOLDER = "kluis van 't Zand"


@pytest.fixture
def kluis(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A kluis with good rows in bron/ and a file beside it, under a path with a quote; the work folder is beside it."""
    kluis = tmp_path / FOLDER
    for folder in (kluis / "bron" / "brp", tmp_path / "werk"):
        folder.mkdir(parents=True)
    pl.DataFrame({"a": [1]}).write_parquet(kluis / "bron" / "brp" / "contract.parquet")
    (kluis / "bezwaren.json").write_text("[]")
    monkeypatch.setenv("MEERDOEN_BRON", str(kluis))
    return kluis


@pytest.fixture
def connection(kluis: Path):
    work = kluis.parent / "werk"
    options: dict[str, str | bool | int | float | list[str]] = {
        "temp_directory": str(work / "spill"),
        "memory_limit": "100MB",
        "threads": "1",
    }
    with duckdb.connect(str(work / "kluis.duckdb"), config=options) as connection:
        credentials = SimpleNamespace(path=str(work / "kluis.duckdb"))
        Plugin("muren", {}, credentials).configure_connection(connection)  # pyright: ignore[reportArgumentType]
        yield connection.cursor()


def test_its_own_folders_are_read_and_it_spills(connection: duckdb.DuckDBPyConnection, kluis: Path):
    bron, seed = kluis / "bron" / "brp" / "contract.parquet", next(SEEDS.glob("*.csv"))
    assert connection.execute(f"select * from {sql_text(bron)}").fetchall() == [(1,)]
    assert connection.execute(f"select count(*) > 0 from read_csv({sql_text(seed)})").fetchall() == [(True,)]
    connection.execute("create table groot as select range as i, md5(range::varchar) as t from range(3000000)")
    ranked = "select t, row_number() over (order by t) as n from groot order by t desc"
    assert connection.execute(f"select count(*), sum(n) > 0 from ({ranked})").fetchall() == [(3000000, True)]
    assert (kluis.parent / "werk" / "spill").is_dir()


@pytest.mark.parametrize(
    "statement",
    [
        "select * from read_text('{kluis}/bezwaren.json')",
        "select * from glob('/etc/*')",
        "select * from read_text('/etc/hostname')",
        "copy (select 1) to '{kluis}/eruit.csv'",
        "copy (select 1) to '{kluis}/bron/../eruit.csv'",
        "attach '{kluis}/eruit.duckdb' as eruit",
        "export database '{kluis}/eruit'",
        "set enable_external_access = true",
        "set allowed_directories = ['/']",
        "set lock_configuration = false",
        "install httpfs",
    ],
)
def test_nothing_else_is_reached_and_the_walls_stay(connection: duckdb.DuckDBPyConnection, kluis: Path, statement: str):
    before = sorted(kluis.parent.rglob("*"))
    with pytest.raises((duckdb.PermissionException, duckdb.InvalidInputException)):
        connection.execute(statement.format(kluis=str(kluis).replace("'", "''")))
    assert sorted(kluis.parent.rglob("*")) == before


def test_a_query_of_dbt_itself_that_reads_elsewhere_fails(kluis: Path):
    """Through profiles.yml: the plugin is loaded by dbt, for every connection."""
    environment = os.environ | {"MEERDOEN_WERK": str(kluis.parent / "werk"), "DBT_PROFILES_DIR": str(DBT_DIR)}
    elsewhere = sql_text(kluis / "bezwaren.json")
    query = ["show", "--inline", f"select content as gelezen from read_text({elsewhere})"]
    where = ["--project-dir", str(DBT_DIR), "--target-path", str(kluis.parent / "target")]
    done = subprocess.run(
        [dbt_executable(), *query, *where], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode
    assert "PermissionException" in done.stdout
    assert "gelezen" not in done.stdout


def test_a_change_under_bron_is_told(kluis: Path):
    with unchanged(kluis / "bron"):
        pass
    file = kluis / "bron" / "brp" / "contract.parquet"
    for change in (lambda: file.write_bytes(file.read_bytes()), (kluis / "bron" / "x").touch, file.unlink):
        with pytest.raises(BronChangedError, match="er is niets gepubliceerd"), unchanged(kluis / "bron"):
            change()


def test_a_dbt_whose_night_is_gone_opens_no_database(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv(NIGHT, raising=False)
    ends_with_its_night()
    monkeypatch.setenv(NIGHT, str(os.getppid()))
    ends_with_its_night()
    # Another parent than the one that began it.
    monkeypatch.setenv(NIGHT, str(os.getpid()))
    with pytest.raises(RuntimeError, match="de nacht die deze dbt begon is er niet meer"):
        ends_with_its_night()


def test_what_begins_after_a_night_belongs_to_none(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv(NIGHT, raising=False)
    with of_this_night():
        assert os.environ[NIGHT] == str(os.getpid())
    assert NIGHT not in os.environ
