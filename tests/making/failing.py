"""The command line with a gate that fails and would tell who it saw: `python -m tests.making.failing [audit] …`.

Great Expectations finds a planted person in one table; judging another raises with one; and with `audit` so does the
attack on all tables together. With `bron` none of that happens: a file comes under bron/ of the kluis while dbt runs.
"""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from assets.publication import audit
from orchestration.dbt.walls import unchanged
from tests.making.leaks import CANARY, NUMBERS
from validations.gate import suites

SECRET = f"{CANARY} {NUMBERS[0]}"
FOUND, RAISED = "monitor_wsw", "monitor_wwb"
_judge_table = suites.judge_table


def judge_table(file: Path, grid: suites.Grid) -> list[suites.Judgement]:
    """The judgement of the gate, had the table been written with a person in it, or had it raised with one."""
    if file.stem == RAISED:
        raise ValueError(SECRET)
    if file.stem != FOUND:
        return _judge_table(file, grid)
    # What is planted lies nowhere that is searched.
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / file.name
        pl.read_parquet(file).with_columns(gebiedsnaam=pl.lit(SECRET)).write_parquet(copy)
        return _judge_table(copy, grid)


def attack_today(*_arguments: object, **_options: object) -> None:
    """The attack of the audit, had it raised with a person in its text."""
    raise ValueError(SECRET)


@contextmanager
def written(folder: Path) -> Iterator[None]:
    """The wall around what dbt may read, had a model written there."""
    with unchanged(folder):
        (folder / "vreemd.parquet").write_bytes(b"van een model")
        yield


def main(arguments: list[str]) -> int:
    """Runs the command line with what fails."""
    from orchestration import cli
    from orchestration.dbt import build

    what, rest = (arguments[0], arguments[1:]) if arguments[0] in ("audit", "bron") else ("", arguments)
    if what == "bron":
        build.unchanged = written
        return cli.main(rest)
    suites.judge_table = judge_table
    if what == "audit":
        audit.attack_today = attack_today
    return cli.main(rest)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
