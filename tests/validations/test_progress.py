"""Long work says what it does: a bar on a terminal, elsewhere a line at times; and one line per cause at the end."""

import io
import os
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from assets.intake.asset import _messages
from tests.making.town import Town, bsn, w301
from tests.validations.disclosure.gemeente import gemeente
from tests.validations.disclosure.secured import close
from validations import progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def drawn(out: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> str:
    """What is said of the second of three steps, while it is at 3 of 4 figures."""
    monkeypatch.setattr(progress, "EVERY_SECONDS", 0.02)
    monkeypatch.setattr(progress, "BLINK_SECONDS", 0.02)
    monkeypatch.setenv("COLUMNS", "200")
    with progress.shown(3, out):
        for name in ("brp", "beveiliging_samen"):
            progress.step(name)
        progress.doing("ronde 1, bewezen verborgen:")
        progress.count(3000, 4000)
        until = time.monotonic() + 20
        while "3.000" not in out.getvalue() and time.monotonic() < until:
            time.sleep(0.01)
    return out.getvalue()


LINE = "stap 2 van 3, beveiliging_samen, ronde 1, bewezen verborgen: 3.000 van 4.000, 0:00"


def test_a_terminal_shows_a_bar_of_what_is_done_and_clears_it(monkeypatch: pytest.MonkeyPatch):
    shown = drawn(Terminal(), monkeypatch)
    assert f"\r[###############.....] {LINE}\x1b[K" in shown
    assert shown.endswith("\r\x1b[K")
    assert "%" not in shown


def test_elsewhere_it_is_a_line_without_marks(monkeypatch: pytest.MonkeyPatch):
    shown = drawn(io.StringIO(), monkeypatch)
    assert f"{LINE}\n" in shown
    assert "\r" not in shown
    assert "\x1b" not in shown


def test_short_work_says_nothing_and_a_reader_that_went_away_stops_nothing():
    out = io.StringIO()
    with progress.shown(3, out):
        progress.step("brp")
    assert out.getvalue() == ""
    out.close()
    with progress.shown(3, out):
        progress.step("brp")
    assert not progress.is_shown()


def test_protection_and_attack_count_what_they_prove(monkeypatch: pytest.MonkeyPatch):
    said, counts = [], []
    monkeypatch.setattr(progress, "doing", lambda what, total=0: said.append((what, total)))
    monkeypatch.setattr(progress, "count", lambda done, total: counts.append((done, total)))
    close(gemeente(1, 1500, 4), date(2022, 4, 15))
    assert said[0] == ("ronde 1, bewezen verborgen:", 0)
    assert "tonen wat onnodig verborgen is:" in dict(said)
    assert len(counts) > 5
    assert all(0 <= done <= total for done, total in counts)


def test_installing_counts_the_packages_of_a_lock(tmp_path: Path):
    """As `make` calls it, with a lock of what is there already."""
    lock = tmp_path / "klein.lock"
    lock.write_text("", encoding="utf-8")
    command = [sys.executable, "-m", "orchestration.installing", str(lock)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | {"PIP_NO_INDEX": "1"})
    assert done.returncode == 0, done.stderr
    lock.write_text("bestaat-niet==1.0 --hash=sha256:" + "0" * 64 + "\n", encoding="utf-8")
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | {"PIP_NO_INDEX": "1"})
    assert done.returncode == 1
    assert "bestaat-niet" in done.stderr


def test_expected_repeats_are_one_line_per_registration_that_leads_to_the_reports(town: Town):
    """The same messages in three months: two repeats, told once."""
    for day in ("2021-02-10", "2021-03-10", "2021-04-10"):
        town.wmo([w301(bsn(1), 1, "2021-01-01")], day)
    lines = [line for line in _messages(town.take_in("wmo")) if "LEV-19" in line]
    assert len(lines) == 1
    assert lines[0].startswith("wmo 2 leveringen: LEV-19: ")
    assert lines[0].endswith("Zie hun rapporten: rapporten/wmo/.")


def test_a_single_repeat_names_its_delivery(town: Town):
    for day in ("2021-02-10", "2021-03-10"):
        town.wmo([w301(bsn(1), 1, "2021-01-01")], day)
    lines = [line for line in _messages(town.take_in("wmo")) if "LEV-19" in line]
    assert lines == [line for line in lines if line.startswith("wmo GM0988/2021-03-10: LEV-19: ")]
    assert lines[0].endswith("De eerdere levering is die van 2021-02-10.")
