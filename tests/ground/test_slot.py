"""One run at a time: the slot on a folder and on a real S3 server (SeaweedFS)."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from assets.ground.settings import PROJECT
from assets.ground.slot import NAME, BusyError, holder, slot
from assets.ground.zones import Zone

pytest_plugins = ("tests.making.s3",)


def lock(zone: Zone, seconds: float, holder: str = "een ander") -> None:
    """The lock of another process, which expires over so many seconds."""
    zone.write(NAME, json.dumps({"houder": holder, "tot": time.time() + seconds}).encode())


def test_the_slot_on_s3_is_there_while_it_is_held_and_released_after(s3: Zone):
    with slot(s3):
        assert json.loads(s3.read(NAME))["tot"] > time.time()
        with slot(s3):
            pass
        assert s3.exists(NAME), "a second time in the same process releases nothing"
    assert not s3.exists(NAME)
    with pytest.raises(RuntimeError), slot(s3):
        raise RuntimeError
    assert not s3.exists(NAME)


def test_the_slot_on_s3_of_another_is_busy_until_it_expires(s3: Zone):
    lock(s3, 60)
    with pytest.raises(BusyError, match="er is niets veranderd"), slot(s3):
        pass
    assert json.loads(s3.read(NAME))["houder"] == "een ander"
    lock(s3, -1)
    with slot(s3):
        assert json.loads(s3.read(NAME))["houder"] != "een ander"
    assert not s3.exists(NAME)


def test_of_two_that_take_over_an_expired_slot_one_is_busy(s3: Zone, monkeypatch: pytest.MonkeyPatch):
    lock(s3, -1)
    real = Zone.mark

    def slow_mark(zone: Zone, path: str) -> str | None:
        mark = real(zone, path)
        lock(zone, -1, "een derde")
        return mark

    monkeypatch.setattr(Zone, "mark", slow_mark)
    with pytest.raises(BusyError), slot(s3):
        pass
    assert json.loads(s3.read(NAME))["houder"] == "een derde"


@pytest.mark.parametrize("done", [False, True])
def test_a_slot_that_another_took_over_is_not_released_by_us(s3: Zone, done: bool):
    with slot(s3):
        lock(s3, 60)
        if done:
            s3.remove(NAME)
    assert s3.exists(NAME) != done


OTHER_PROCESS = """
import os, sys
from assets.ground.slot import BusyError, slot
from assets.ground.zones import Zone
try:
    with slot(Zone(sys.argv[1])):
        print("gekregen", flush=True)
        exec(sys.argv[2])
except BusyError as error:
    print(error)
"""


def try_slot(folder: Path, then: str = "") -> str:
    """What another process is told when it takes the slot of a folder; `then` is what it does with it."""
    done = subprocess.run(
        [sys.executable, "-c", OTHER_PROCESS, str(folder), then],
        capture_output=True,
        text=True,
        cwd=PROJECT,
        check=False,
    )
    return done.stdout.strip()


def test_the_slot_on_a_folder_is_busy_for_a_second_process_and_free_after(tmp_path: Path):
    with slot(Zone(str(tmp_path))):
        assert try_slot(tmp_path).startswith("Er loopt al een run op deze kluis.")
    assert try_slot(tmp_path) == "gekregen"


def test_a_process_that_dies_leaves_no_slot_behind(tmp_path: Path):
    assert try_slot(tmp_path, "os.kill(os.getpid(), 9)") == "gekregen"
    with slot(Zone(str(tmp_path))):
        pass


HOLDER = """
import sys, time
from assets.ground.slot import slot
from assets.ground.zones import Zone
with slot(Zone(sys.argv[1]), "een-run"):
    print("gekregen", flush=True)
    time.sleep(600)
"""


def test_the_slot_says_which_run_lives_and_is_free_at_once_when_its_process_was_killed(zone: Zone):
    assert holder(zone) is None
    command = [sys.executable, "-c", HOLDER, zone.url]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=PROJECT)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "gekregen\n"
        assert holder(zone) == "een-run"
        with pytest.raises(BusyError), slot(zone):
            pass
    finally:
        process.kill()
        process.wait()
    assert holder(zone) is None
    with slot(zone, "een ander"):
        assert holder(zone) == "een ander"
    assert holder(zone) is None


def test_a_slot_on_s3_of_another_machine_lives_until_it_expires(s3: Zone):
    here = {"machine": "een andere", "nummer": 1, "begin": "1"}
    for seconds, lives in ((60, True), (-1, False)):
        content = {"houder": "een ander", "run": "een-run", "tot": time.time() + seconds, "proces": here}
        s3.write(NAME, json.dumps(content).encode())
        assert holder(s3) == ("een-run" if lives else None)
