"""Editions: written whole, switched at once, named by date, and pruned."""

import json
from datetime import date
from pathlib import Path

import pytest

from assets.ground.zones import Zone
from assets.publication import edition

DAY = date(2023, 1, 20)


@pytest.fixture
def zone(tmp_path: Path) -> Zone:
    return Zone(str(tmp_path / "publicatie"))


def publish(zone: Zone, folder: Path, text: str, day: date = DAY) -> str:
    folder.mkdir(exist_ok=True)
    file = folder / "tabel.parquet"
    file.write_text(text)
    name = edition.next_name(zone, day)
    edition.publish(zone, name, {"tabel.parquet": file, "csv/tabel.csv": file}, {"stand": str(day)})
    return name


def test_readers_see_the_old_or_the_new_edition(zone: Zone, tmp_path: Path):
    assert edition.latest(zone) is None
    first = publish(zone, tmp_path / "werk", "een")
    assert zone.folder is not None
    with (zone.folder / "laatste" / "tabel.parquet").open() as reader:
        second = publish(zone, tmp_path / "werk", "twee")
        assert reader.read() == "een"
    assert (first, second) == ("2023-01-20", "2023-01-20-2")
    assert (zone.folder / "laatste" / "csv" / "tabel.csv").read_text() == "twee"
    assert (zone.folder / "laatste").readlink() == Path(second)
    assert edition.latest(zone) == second


def test_the_manifest_describes_every_file(zone: Zone, tmp_path: Path):
    name = publish(zone, tmp_path / "werk", "een")
    manifest = edition.manifest(zone, name)
    assert set(manifest["bestanden"]) == {"tabel.parquet", "csv/tabel.csv"}
    assert manifest["bestanden"]["tabel.parquet"]["bytes"] == 3
    assert manifest["stand"] == "2023-01-20"
    pointer = json.loads(zone.read("laatste.json"))
    assert pointer["editie"] == name


def test_a_write_that_fails_leaves_the_old_edition(zone: Zone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    first = publish(zone, tmp_path / "werk", "een")
    real = Path.write_bytes

    def full_disk(self: Path, content: bytes) -> int:
        if self.name == "manifest.json":
            raise OSError(28, "No space left on device")
        return real(self, content)

    monkeypatch.setattr(Path, "write_bytes", full_disk)
    with pytest.raises(OSError, match="No space left"):
        publish(zone, tmp_path / "werk", "twee")
    monkeypatch.undo()
    assert edition.latest(zone) == first
    # Nobody saw half of it.
    assert zone.names() == [first, "laatste", "laatste.json"]
    assert publish(zone, tmp_path / "werk", "drie") == "2023-01-20-2"


def test_laatste_follows_a_switch_that_was_cut_short(zone: Zone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    publish(zone, tmp_path / "werk", "een")
    with monkeypatch.context() as patch:
        patch.setattr(edition, "follow", lambda *_: (_ for _ in ()).throw(OSError(5, "kapot")))
        with pytest.raises(OSError, match="kapot"):
            publish(zone, tmp_path / "werk", "twee")
    assert zone.folder is not None
    assert (edition.latest(zone), (zone.folder / "laatste").readlink().name) == ("2023-01-20-2", "2023-01-20")
    edition.follow(zone, "2023-01-20-2")
    assert (zone.folder / "laatste" / "tabel.parquet").read_text() == "twee"


def test_what_was_never_finished_is_no_edition(zone: Zone, tmp_path: Path):
    first = publish(zone, tmp_path / "werk", "een")
    # As a run leaves it that is killed while it writes to S3.
    zone.write("2023-01-20-2/tabel.parquet", b"half")
    assert edition.editions(zone) == [first]
    assert edition.newest(zone) == first
    assert publish(zone, tmp_path / "werk", "drie") == "2023-01-20-3"


def test_the_newest_and_each_months_last_are_kept(zone: Zone, tmp_path: Path):
    names = [
        publish(zone, tmp_path / "werk", str(day), date(2023, month, day))
        for month in (1, 2, 3)
        for day in range(1, 21)
    ]
    kept = [name for name in zone.names() if name[0].isdigit()]
    assert kept == ["2023-01-20", *names[-30:]]
    assert edition.latest(zone) == "2023-03-20"
