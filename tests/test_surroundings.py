"""Where the monitor is put: a folder with a space in its name, a terminal that is not UTF-8; and its licence."""

import io
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from orchestration import cli
from orchestration.report import say

ROOT = Path(__file__).parents[1]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """As much of a checkout as `make ui` needs, with a `dagster` that ends at once."""
    folder = tmp_path / "map met spatie"
    (folder / ".venv" / "bin").mkdir(parents=True)
    for name in ("Makefile", "dagster.yaml", "requirements.lock", "pyproject.toml"):
        shutil.copyfile(ROOT / name, folder / name)
    dagster = folder / ".venv" / "bin" / "dagster"
    dagster.write_text('#!/bin/sh\necho "$DAGSTER_HOME"\n', encoding="utf-8")
    dagster.chmod(0o755)
    (folder / ".venv" / "bin" / ".ready").touch()
    return folder


def make_ui(folder: Path) -> str:
    surroundings = {"PATH": "/usr/local/bin:/usr/bin:/bin"}
    done = subprocess.run(["make", "ui"], cwd=folder, env=surroundings, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_ui_opens_in_a_folder_with_a_space_and_keeps_its_settings(checkout: Path):
    home = checkout / "data" / "dagster"
    assert make_ui(checkout).strip() == str(home)
    assert (home / "dagster.yaml").read_bytes() == (ROOT / "dagster.yaml").read_bytes()
    assert home.stat().st_mode & 0o777 == 0o700
    own = home / "dagster.yaml"
    own.write_text("# van de beheerder\n", encoding="utf-8")
    make_ui(checkout)
    assert own.read_text(encoding="utf-8") == "# van de beheerder\n"


@pytest.mark.parametrize("encoding", ["latin-1", "ascii"])
def test_a_terminal_that_is_not_utf8_gets_question_marks(monkeypatch: pytest.MonkeyPatch, encoding: str):
    shown = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(shown, encoding=encoding))
    assert cli.main(["herkomst", "x"]) == 64
    say("De monitor wordt geladen …")
    assert shown.getvalue().endswith(b"De monitor wordt geladen ?\n")


def test_there_is_a_licence():
    about = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert about["license"] == "EUPL-1.2"
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").lstrip().startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2\n")
