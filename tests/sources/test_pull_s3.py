"""A pull with its zones on a real S3 server: a delivery as on a folder, and nothing by halves."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from assets.ground.settings import Settings
from assets.ground.zones import Zone
from tests.making.town import WEERT, Town, bsn
from tests.making.zaaksysteem import BRON, CaseSystem, clock, connect, night, sqlite_system

pytest_plugins = ("tests.making.s3",)

MONDAY, TUESDAY = "2021-03-01", "2021-03-02"


@pytest.fixture
def system(tmp_path: Path) -> CaseSystem:
    system = sqlite_system(tmp_path / "bron" / "zaak.sqlite")
    system.dossier("T1", 1, 2)
    return system


@pytest.fixture
def there(tmp_path: Path, system: CaseSystem, on_s3: Callable[[Settings], Settings]) -> Town:
    """A town on S3 that knows the case system."""
    town = Town(tmp_path)
    town.settings = on_s3(town.settings)
    connect(town, system)
    return town


def in_landing(town: Town) -> dict[str, bytes]:
    landing = town.settings.landing
    return {file.path: landing.read(file.path) for file in landing.files(f"{WEERT}/{BRON}")}


def test_a_pull_on_s3_is_the_delivery_that_it_is_on_a_folder(there: Town, system: CaseSystem, tmp_path: Path):
    here = Town(tmp_path / "here")
    connect(here, system)
    for town in (here, there):
        outcome = night(town, MONDAY)
        assert (outcome.state, outcome.records[0].rijen) == ("in_orde", 4)
    assert in_landing(there) == in_landing(here)
    assert json.loads(there.settings.kluis.read("gehaald.json"))


def test_what_changed_comes_the_next_night_and_nothing_twice(there: Town, system: CaseSystem):
    night(there, MONDAY)
    before = in_landing(there)
    assert night(there, MONDAY).read_now == []
    system.dossier("T2", 3, changed="2021-03-01 12:00:00")
    assert night(there, TUESDAY).state == "in_orde"
    new = {path: content for path, content in in_landing(there).items() if path not in before}
    assert {path.split("/")[2] for path in new} == {TUESDAY}
    clients = new[f"{WEERT}/{BRON}/{TUESDAY}/client.csv"].decode()
    assert [bsn(number) in clients for number in (1, 2, 3)] == [False, False, True]


def test_a_pull_that_stops_half_way_leaves_nothing_and_is_asked_again(there: Town, monkeypatch: pytest.MonkeyPatch):
    put, puts = Zone(there.settings.landing.url).fs.put_file, []

    def broken(local: str, target: str) -> None:
        puts.append(target)
        if len(puts) == 3:
            raise OSError(5, "S3 is weg")
        put(local, target)

    clock(there, MONDAY)
    with monkeypatch.context() as patch:
        patch.setattr(there.settings.landing.fs, "put_file", broken)
        with pytest.raises(OSError, match="S3 is weg"):
            there.take_in(BRON, MONDAY)
    assert (len(puts), in_landing(there)) == (3, {})
    assert there.take_in(BRON, MONDAY).state == "in_orde"


def test_what_another_wrote_in_the_folder_stays(there: Town, monkeypatch: pytest.MonkeyPatch):
    landing = there.settings.landing
    landing.write("a/van een ander.csv", b"x")

    def broken(_local: str, _target: str) -> None:
        raise OSError(5, "S3 is weg")

    monkeypatch.setattr(landing.fs, "put_file", broken)
    with pytest.raises(OSError, match="S3 is weg"), landing.writing_folder("a") as folder:
        (folder / "een.csv").write_text("1")
    assert [file.path for file in landing.files("a")] == ["a/van een ander.csv"]
