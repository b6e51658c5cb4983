"""What is durable is on the disk before it has its name, and the name is on the disk before the next step."""

import base64
import json
import os
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from assets.ground.zones import Zone
from assets.intake.keys import load_keys, make_keys, replace_keys
from assets.protection.cells import ENTRY
from assets.publication import edition, ledger
from assets.publication.tables import ORIGIN

DAY = date(2023, 1, 20)


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What was synced (`sync`, by its inode) and renamed (`inode` to `name`), in order."""
    made: list[tuple[str, str]] = []
    sync, replace = os.fsync, os.replace

    def fsync(handle: int) -> None:
        made.append(("sync", str(os.fstat(handle).st_ino)))
        sync(handle)

    def renamed(new: Path, target: Path) -> None:
        inside = new.rglob("*") if new.is_dir() and not new.is_symlink() else []
        for one in (new, *inside):
            made.append(("link" if one.is_symlink() else "names", str(one.lstat().st_ino)))
        replace(new, target)
        made.append(("in", str(Path(target).parent.stat().st_ino)))

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "replace", renamed)
    return made


def proven(done: list[tuple[str, str]]) -> int:
    """The number of renames, each of what was synced before, in a folder that was synced at once."""
    renames = 0
    for place, (what, inode) in enumerate(done):
        if what == "names":
            assert ("sync", inode) in done[:place]
        if what == "in":
            renames += 1
            assert done[place + 1] == ("sync", inode)
    return renames


def test_a_file_of_a_zone(tmp_path: Path, done: list):
    zone = Zone(str(tmp_path / "kluis"), private=True)
    zone.write("leveringen/wmo/een.json", b"{}")
    assert proven(done) == 1
    # The folders that were made for it.
    for folder in (tmp_path, tmp_path / "kluis", tmp_path / "kluis" / "leveringen"):
        assert ("sync", str(folder.stat().st_ino)) in done


def test_what_is_removed_stays_away(tmp_path: Path, done: list):
    zone = Zone(str(tmp_path / "kluis"), private=True)
    zone.write("bezwaren.json", b"[]")
    done.clear()
    zone.remove("bezwaren.json")
    assert done == [("sync", str((tmp_path / "kluis").stat().st_ino))]


def test_ledger_edition_pointer_and_withdrawal(tmp_path: Path, done: list):
    kluis, publicatie = Zone(str(tmp_path / "kluis"), private=True), Zone(str(tmp_path / "publicatie"))
    ledger.append(kluis, DAY, pl.DataFrame(schema=ENTRY), pl.DataFrame(schema=ORIGIN), {})
    ledger.withdraw(kluis, DAY, {"editie": "x", "edities": [], "sluitingen": []})
    assert proven(done) == 4
    file = tmp_path / "tabel.parquet"
    file.write_text("een")
    edition.publish(publicatie, str(DAY), {"csv/tabel.csv": file, file.name: file}, {})
    # The edition, laatste.json and laatste.
    assert proven(done) == 7
    edition.point_back(publicatie, None)
    assert done[-1] == ("sync", str((tmp_path / "publicatie").stat().st_ino))


def test_the_key_file(tmp_path: Path, done: list):
    path = tmp_path / "sleutels.json"
    make_keys(path, ["GM0988"])
    keys, old = load_keys(path), path.open("rb")
    with old:
        replace_keys(path, keys.renewed(["GM0988"]), ["GM0988"])
        # What bore its name is destroyed after the new one is there for good.
        assert set(old.read()) == {0}
    assert proven(done) == 2
    assert len(base64.b64decode(json.loads(path.read_text())["GM0988"]["monitor"])) == 32
