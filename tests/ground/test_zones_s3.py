"""Zones, slot, intake and editions do the same on a folder and on a real S3 server (SeaweedFS)."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from hashlib import sha256
from pathlib import Path

import fsspec
import polars as pl
import pytest

from assets.ground.settings import PROJECT, Settings
from assets.ground.slot import NAME, BusyError, holder, slot
from assets.ground.zones import Zone
from assets.intake.deliveries import find_deliveries
from assets.intake.keys import load_keys
from assets.intake.step import take_in
from assets.publication import edition
from assets.record.records import Outcome
from assets.registrations.declaration import registrations
from tests.making.town import Town, brp_csv, w301, w305

pytest_plugins = ("tests.making.s3",)


@pytest.fixture
def s3(s3_url: str) -> Zone:
    return Zone(f"{s3_url}/een/zone", private=True)


@pytest.fixture(params=["folder", "s3"])
def zone(request: pytest.FixtureRequest, tmp_path: Path) -> Zone:
    return Zone(str(tmp_path / "zone"), private=True) if request.param == "folder" else request.getfixturevalue("s3")


# --- zones ---


def test_an_empty_zone_holds_nothing_and_says_so(zone: Zone):
    assert (zone.names(), zone.names("a"), zone.files("a"), zone.exists("a")) == ([], [], [], False)
    with pytest.raises(FileNotFoundError):
        zone.read("a")
    zone.remove("a")


def test_what_is_written_is_read_listed_and_removed(zone: Zone):
    for path, content in {"a/b.txt": b"een", "a/c/d.txt": b"twee", "ab/d.txt": b"drie", "a/.h": b"verborgen"}.items():
        zone.write(path, content)
    assert (zone.names(), zone.names("a")) == (["a", "ab"], ["b.txt", "c"])
    assert [(file.path, file.name, file.size) for file in zone.files("a")] == [
        ("a/b.txt", "b.txt", 3),
        ("a/c/d.txt", "d.txt", 4),
    ]
    assert zone.read("a/c/d.txt") == b"twee"
    assert [zone.exists(path) for path in ("a", "a/b.txt", "a/x.txt", "x")] == [True, True, False, False]
    zone.remove("a")
    # Not of the folder itself: SeaweedFS keeps an empty one for a while.
    left = [zone.exists(path) for path in ("a/b.txt", "a/.h", "a/c/d.txt", "ab/d.txt")]
    assert (zone.files("a"), left) == ([], [False, False, False, True])
    zone.remove("ab/d.txt")
    assert zone.files("") == []


@pytest.mark.parametrize("odd", ["*", "a?", "[ab]", "{a,b}", "a**"])
def test_a_name_with_marks_of_a_pattern_takes_no_neighbour_along(zone: Zone, odd: str):
    kept = ["ab/c.txt", "a/c.txt", "b/c.txt", "abc.txt"]
    for path in [f"{odd}/c.txt", f"{odd}/d/e.txt", *kept]:
        zone.write(path, b"x")
    zone.remove(f"{odd}/d/e.txt")
    assert zone.exists(f"{odd}/c.txt")
    zone.remove(odd)
    assert sorted(file.path for file in zone.files("")) == sorted(kept)


def test_a_file_has_the_time_at_which_it_was_written_and_a_mark_that_changes(zone: Zone):
    start = time.time()
    zone.write("a.txt", b"een")
    first = zone.files("")[0]
    # S3 tells whole seconds.
    assert start - 2 < first.modified < time.time() + 2
    zone.write("a.txt", b"ander")
    assert zone.files("")[0].mark != first.mark


def test_while_a_file_is_written_readers_see_the_old_one(zone: Zone):
    zone.write("a/b.txt", b"oud")
    with zone.writing("a/b.txt") as file:
        file.write_bytes(b"nieuw")
        assert (zone.read("a/b.txt"), zone.names("a"), len(zone.files("a"))) == (b"oud", ["b.txt"], 1)
    assert zone.read("a/b.txt") == b"nieuw"


@pytest.mark.parametrize("before", [None, b"oud"])
def test_nothing_changes_in_the_zone_when_writing_fails(zone: Zone, before: bytes | None):
    if before:
        zone.write("a/b.txt", before)

    def fail() -> None:
        with zone.writing("a/b.txt") as file:
            file.write_bytes(b"half")
            raise RuntimeError("halverwege")

    with pytest.raises(RuntimeError, match="halverwege"):
        fail()
    assert zone.exists("a/b.txt") == bool(before)
    assert not before or zone.read("a/b.txt") == before
    assert [found.name for found in zone.files("")] == (["b.txt"] if before else [])


def test_a_file_can_be_read_as_a_local_path(zone: Zone):
    zone.write("a/b.csv", b"x")
    with zone.local("a/b.csv") as path:
        assert (path.name, path.read_bytes()) == ("b.csv", b"x")


def test_what_another_process_writes_is_seen_at_once(zone: Zone):
    zone.write("a/b.txt", b"x")
    zone.names("a")
    other = fsspec.filesystem(zone.fs.protocol[0], skip_instance_cache=True)
    zone.fs.ls(f"{zone.root}/a")
    other.pipe_file(f"{zone.root}/a/c.txt", b"y")
    assert zone.exists("a/c.txt")
    zone.fs.ls(f"{zone.root}/a")
    other.rm(f"{zone.root}/a/c.txt")
    assert not zone.exists("a/c.txt")


def test_an_object_that_stands_for_a_folder_is_no_file(s3: Zone):
    s3.write("a/b.txt", b"x")
    s3.fs.touch(f"{s3.root}/a/")
    s3.fs.touch(f"{s3.root}/leeg/")
    assert [file.path for file in s3.files("")] == ["a/b.txt"]
    assert s3.files("leeg") == []
    assert s3.names("a") == ["b.txt"]


def test_a_conditional_put_gives_way_to_another_writer(s3: Zone):
    assert s3.mark("a") is None
    assert s3.put_if("a", b"een", None)
    assert not s3.put_if("a", b"twee", None)
    mark = s3.mark("a")
    s3.write("a", b"van een ander")
    assert not s3.put_if("a", b"drie", mark)
    assert s3.put_if("a", b"vier", s3.mark("a"))
    assert s3.read("a") == b"vier"


# --- the slot ---


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


# --- a registration step with its zones on S3 ---


@pytest.fixture
def towns(tmp_path: Path, on_s3: Callable[[Settings], Settings]) -> tuple[Town, Town]:
    """One town on folders and one with the same deliveries and keys on S3."""
    here, there = Town(tmp_path), Town(tmp_path)
    persons = [{"bsn": number} for number in range(30)]
    here.deliver("brp", "2021-02-05", {"brp.csv": brp_csv([*persons, {"bsn": "x"}])}, promise={"records": 31})
    here.wmo([w301(1, 1, "2021-01-01"), w305(1, 1, "2021-01-04")], "2021-02-05", promise={"records": 2})
    there.settings = on_s3(here.settings)
    return here, there


def taken_in(town: Town, bron: str) -> Outcome:
    return take_in(registrations()[bron], town.settings, load_keys(town.settings.key_file), date(2021, 3, 1))


def parquet(town: Town, path: str) -> pl.DataFrame:
    with town.settings.kluis.local(path) as file:
        return pl.read_parquet(file)


@pytest.mark.parametrize("bron", ["brp", "wmo"])
def test_a_registration_step_gives_the_same_on_s3_as_on_folders(towns: tuple[Town, Town], bron: str):
    here, there = (taken_in(town, bron) for town in towns)
    assert there.state == here.state == "in_orde"
    assert there.data_version == here.data_version
    assert there.accepted == here.accepted
    for path in (*here.accepted[0].tabellen.values(), f"uitval/{bron}/GM0988/2021-02-05.parquet"):
        assert parquet(towns[0], path).equals(parquet(towns[1], path))
    files = [[file.path for file in town.settings.kluis.files("")] for town in towns]
    assert files[0] == files[1]


def test_an_unchanged_delivery_on_s3_is_not_read_again_and_a_changed_one_is(towns: tuple[Town, Town]):
    there = towns[1]
    taken_in(there, "brp")
    assert taken_in(there, "brp").read_now == []
    there.settings.landing.write("GM0988/brp/2021-02-05/brp.csv", brp_csv([{"bsn": 3}]).encode())
    waiting = taken_in(there, "brp")
    assert waiting.left_out == {"GM0988/2021-02-05": "LEV-24"}, "levering.json promises other content"
    there.settings.landing.write("GM0988/brp/2021-02-05/levering.json", b'{"records": 1}')
    assert [record.rijen for record in taken_in(there, "brp").read_now] == [1]
    assert len(there.settings.kluis.files("bron/brp/GM0988")) == 1


def test_a_folder_without_files_is_no_delivery_on_s3(towns: tuple[Town, Town]):
    landing = towns[1].settings.landing
    landing.fs.touch(f"{landing.root}/GM0988/brp/2021-03-05/")
    assert landing.names("GM0988/brp") == ["2021-02-05", "2021-03-05"]
    deliveries, strange = find_deliveries(landing, "brp")
    assert ([delivery.key for delivery in deliveries], strange) == (["GM0988/2021-02-05"], {})


# --- editions ---


def tables(folder: Path, *names: str, content: str = "inhoud") -> dict[str, Path]:
    made = {}
    for name in names:
        made[f"monitor/{name}"] = folder / name
        made[f"monitor/{name}"].write_text(f"{content} van {name}")
    return made


def test_an_edition_has_a_manifest_and_becomes_the_latest(zone: Zone, tmp_path: Path):
    files = tables(tmp_path, "a.csv", "b.csv")
    edition.publish(zone, "2021-03-15", files, {"schema": 1})
    manifest = edition.manifest(zone, "2021-03-15")
    assert (manifest["editie"], manifest["schema"], edition.latest(zone)) == ("2021-03-15", 1, "2021-03-15")
    for path, file in files.items():
        assert manifest["bestanden"][path] == {
            "sha256": sha256(file.read_bytes()).hexdigest(),
            "bytes": file.stat().st_size,
        }
        assert zone.read(f"2021-03-15/{path}") == zone.read(f"laatste/{path}") == file.read_bytes()
    pointer = json.loads(zone.read("laatste.json"))
    assert pointer["manifest_sha256"] == sha256(zone.read("2021-03-15/manifest.json")).hexdigest()


def test_the_next_edition_is_switched_to_and_the_old_one_stays(zone: Zone, tmp_path: Path):
    edition.publish(zone, "2021-03-15", tables(tmp_path, "a.csv", content="oud"), {})
    name = edition.next_name(zone, date(2021, 3, 15))
    edition.publish(zone, name, tables(tmp_path, "a.csv", content="nieuw"), {})
    assert (name, edition.latest(zone)) == ("2021-03-15-2", "2021-03-15-2")
    assert zone.read("laatste/monitor/a.csv") == b"nieuw van a.csv"
    assert zone.read("2021-03-15/monitor/a.csv") == b"oud van a.csv"


@pytest.mark.parametrize("first", [True, False])
def test_a_switch_that_another_writer_made_in_between_is_lost(
    s3: Zone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first: bool
):
    if not first:
        edition.publish(s3, "2021-02-15", tables(tmp_path, "a.csv", content="oud"), {})
    real = edition._switch

    def switch(zone: Zone, *rest) -> None:
        zone.write("laatste.json", b'{"editie": "van een ander"}')
        real(zone, *rest)

    monkeypatch.setattr(edition, "_switch", switch)
    with pytest.raises(edition.SwitchLostError):
        edition.publish(s3, "2021-03-15", tables(tmp_path, "a.csv", content="nieuw"), {})
    assert json.loads(s3.read("laatste.json")) == {"editie": "van een ander"}
    with suppress(FileNotFoundError):
        assert s3.read("laatste/monitor/a.csv") == b"oud van a.csv"
    assert first != s3.exists("laatste")


def test_a_folder_is_written_whole_or_not_at_all(s3_url: str):
    zone = Zone(s3_url)
    # Half of it written, then something fails.
    with suppress(RuntimeError), zone.writing_folder("a/b") as folder:
        (folder / "een.csv").write_text("1")
        raise RuntimeError
    with zone.writing_folder("a/leeg"):
        pass
    assert zone.files("a") == []
    with zone.writing_folder("a/b") as folder:
        (folder / "een.csv").write_text("1")
        (folder / "twee.csv").write_text("2")
    assert [file.path for file in zone.files("a")] == ["a/b/een.csv", "a/b/twee.csv"]
