""".ci/long: long forms run in their order while there is time; what is red, skipped or too slow fails the run."""

import shutil
import subprocess
from pathlib import Path

import pytest

from assets.ground.settings import PROJECT
from tests.test_faults import functions

LIST = ".ci/long.txt"
# Stands for pytest: says what it is asked for, and does what the name of the test says.
PYTEST = """#!/usr/bin/env bash
echo "ran $*"
case "$*" in
    *red*) echo "1 failed in 2s"; exit 1 ;;
    *slow*) exec sleep 60 ;;
    *absent*) echo "SKIPPED [1] tests/x.py:1: no chromium" ;;
    *strace*) echo "SKIPPED [1] tests/x.py:1: strace may trace nothing here" ;;
esac
echo "2 passed in 3s"
"""


def long_forms(folder: Path, gone_by: int, *lines: str) -> tuple[int, str]:
    shutil.copytree(PROJECT / ".ci", folder / ".ci")
    (folder / LIST).write_text("".join(f"{line}\n" for line in ("# seconds and test", *lines)))
    python = folder / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(PYTEST)
    python.chmod(0o755)
    done = subprocess.run([folder / ".ci" / "long", str(gone_by)], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_each_runs_while_there_is_time_and_what_was_not_run_is_said(tmp_path: Path):
    code, said = long_forms(tmp_path, 2200, "60 a.py::one", "300 b.py", "50 strace.py")
    assert code == 0
    first, second, third = said.splitlines()
    assert first == "2 passed in 3s: a.py::one"
    assert second.startswith("not run, for lack of time (220")
    assert second.endswith(": b.py")
    assert third == "2 passed in 3s: strace.py"


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("9 red.py", "-m lang red.py"),
        ("9 absent.py", "An unexpected skip"),
        ("1 slow.py", "red, or longer than 10 s: slow.py"),
    ],
)
def test_what_is_not_in_order_fails_the_run(tmp_path: Path, line: str, why: str):
    code, said = long_forms(tmp_path, 0, line, "9 after.py")
    assert code == 1
    assert why in said
    assert "after.py" not in said


def test_what_is_listed_is_a_long_form():
    listed = [line.split() for line in (PROJECT / LIST).read_text().splitlines() if not line.startswith("#")]
    assert listed
    long = {name for name, left_out in functions().items() if left_out}
    for seconds, test in listed:
        assert seconds.isdigit()
        file, _, name = test.partition("::")
        assert (PROJECT / file).is_file()
        names = {one.partition("::")[2] for one in long if one.startswith(f"{Path(file).stem[5:]}::")}
        assert {name.removeprefix("test_")} <= names if name else names, test
