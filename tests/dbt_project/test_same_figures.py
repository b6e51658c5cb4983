"""A change of the house leaves the figures as they were: one landing, refreshed by the commit before and by ours.

The commit before is MEERDOEN_VOOR (default BEFORE): name the one that your change begins at. What a change announces is
taken out of the comparison here, column by column, and put back with the next commit.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest

from assets.demo.facts import HISTORIC
from assets.ground.settings import PROJECT
from tests.making.nights import GEMEENTE, Nights, copied

pytestmark = pytest.mark.lang

# The last commit that announced other figures: tables over regelingen tie more together, so some are hidden since.
BEFORE = "e261b3c"
DEMOS = {
    "klein": ("--gemeenten", GEMEENTE, "--inwoners", "4000", "--tot", "2022-06", "--maanden", "7"),
    "historisch": ("--gemeenten", HISTORIC),
    "standaard": (),
}
# What says how the tables were made, not what they say; each kluis draws its own names of deliveries. The result of the
# audit names the version of the attack.
MADE_BY = ("levering", "run_id", "contractversie", "modelversie", "codeversie", "auditresultaat")
TABLES = ("voorziening_%", "wijkcijfers_%", "noemer", "gebied", "peilmaand", "bewoning")


def run(project: Path, nights: Nights, *arguments: str) -> None:
    environment = os.environ | nights.environment() | {"PYTHONPATH": str(project)}
    command = [sys.executable, "-m", "orchestration.cli", *arguments]
    done = subprocess.run(command, cwd=project, env=environment, timeout=1500, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout.decode()[-2000:]


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A checkout of the commit before."""
    folder = tmp_path_factory.mktemp("voor") / "project"
    commit = os.environ.get("MEERDOEN_VOOR", BEFORE)
    made = subprocess.run(["git", "worktree", "add", "--detach", str(folder), commit], cwd=PROJECT, check=False)
    if made.returncode:
        pytest.skip("this checkout does not have the commit before")
    yield folder
    subprocess.run(["git", "worktree", "remove", "--force", str(folder)], cwd=PROJECT, check=True)


def published(nights: Nights) -> dict[str, bytes | list[tuple]]:
    """Every published table: its bytes, or of one that says how it was made the rest of its rows."""
    found = {}
    for file in sorted(nights.latest.glob("*.parquet")):
        frame = pl.read_parquet(file)
        made_by = [name for name in MADE_BY if name in frame.columns]
        found[file.name] = sorted(map(str, frame.drop(made_by).rows())) if made_by else file.read_bytes()
    return found


def different(old: Path, new: Path) -> list[str]:
    """The tables of the mart that do not have the same rows; only columns that the old one had are compared."""
    with duckdb.connect() as connection:
        for name, folder in (("oud", old), ("nieuw", new)):
            connection.execute(f"attach '{folder / 'kluis.duckdb'}' as {name} (read_only)")
        which = " or ".join(f"table_name like '{pattern}'" for pattern in TABLES)
        tables = connection.execute(
            "select table_name, string_agg(column_name, ', ' order by column_index) from duckdb_columns()"
            f" where database_name = 'oud' and schema_name = 'mart' and ({which}) group by table_name order by all"
        ).fetchall()
        assert len(tables) > 35
        rows = "select count(*) from (select {0} from {1}.mart.{3} except all select {0} from {2}.mart.{3})"
        return [
            table
            for table, columns in tables
            if any(
                connection.execute(rows.format(columns, one, other, table)).fetchone() != (0,)
                for one, other in (("oud", "nieuw"), ("nieuw", "oud"))
            )
        ]


@pytest.mark.parametrize("demo", DEMOS)
def test_the_figures_are_those_of_the_commit_before(demo: str, before: Path, tmp_path: Path):
    old = Nights(tmp_path / "oud")
    run(before, old, "demo", *DEMOS[demo])
    new = copied(old, tmp_path / "nieuw")
    run(before, old, "refresh")
    run(PROJECT, new, "refresh")
    of_then, of_now = published(old), published(new)
    assert [name for name in of_then if of_now.get(name) != of_then[name]] == []
    assert different(old.folder / "kluis", new.folder / "kluis") == []
    # What is told apart is seen to be.
    with duckdb.connect(str(new.folder / "kluis" / "kluis.duckdb")) as connection:
        connection.execute("update mart.noemer set aantal = aantal + 1 where rowid = 0")
    assert different(old.folder / "kluis", new.folder / "kluis") == ["noemer"]
