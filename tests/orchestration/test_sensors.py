"""The sensor on new deliveries and the lock: a night for what no night has read, once, and for nothing else."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from assets.ground.slot import slot
from orchestration.sensors import new_deliveries
from tests.making.nights import environment
from tests.making.town import WEERT, Town, bsn, w301

FIRST, SECOND = "2021-02-10", "2021-03-10"


class Sensor:
    """The sensor as the daemon asks it: with the cursor of the last time, and no run_key twice."""

    def __init__(self) -> None:
        self.cursor: str | None = None
        self.keys: list[str] = []

    def fires(self) -> bool:
        with dg.build_sensor_context(cursor=self.cursor) as context:
            result = new_deliveries(context)
        if isinstance(result, dg.SkipReason):
            return False
        assert isinstance(result, dg.SensorResult)
        self.cursor = result.cursor
        keys = [request.run_key for request in result.run_requests or [] if request.run_key not in self.keys]
        self.keys += [key for key in keys if key]
        return bool(keys)


@pytest.fixture
def sensor(town: Town) -> Iterator[Sensor]:
    with environment(town.environment()):
        yield Sensor()


def deliver(town: Town, day: str, number: int = 1) -> Path:
    town.wmo([w301(bsn(number), number, "2021-01-01")], day)
    return town.folder / "landing" / WEERT / "wmo" / day


def test_it_fires_once_for_a_delivery_that_no_night_has_read(town: Town, sensor: Sensor):
    assert not sensor.fires()
    deliver(town, FIRST)
    assert sensor.fires()
    assert not sensor.fires()
    town.take_in("wmo")
    assert not sensor.fires()


def test_its_first_look_starts_nothing_when_a_night_has_read_all(town: Town, sensor: Sensor):
    deliver(town, FIRST)
    town.deliver("brp", FIRST, {"brp.csv": "kapot"})
    for bron in ("wmo", "brp"):
        town.take_in(bron)
    assert not sensor.fires()
    assert sensor.cursor
    assert not sensor.fires()


def test_its_first_look_starts_a_night_for_what_none_has_read(town: Town, sensor: Sensor):
    deliver(town, FIRST)
    town.take_in("wmo")
    deliver(town, SECOND, 2)
    assert sensor.fires()


def test_what_the_night_pulled_itself_starts_no_second_night(town: Town, sensor: Sensor):
    sensor.fires()
    with slot(town.settings.kluis, "een run"):
        deliver(town, FIRST)
        assert not sensor.fires()
        town.take_in("wmo")
    assert not sensor.fires()


def test_a_listing_of_before_that_comes_back_starts_a_night_again(town: Town, sensor: Sensor):
    folder = deliver(town, FIRST)
    assert sensor.fires()
    town.take_in("wmo")
    (file,) = folder.glob("*.xml")
    old, stat = file.read_bytes(), file.stat()
    file.write_bytes(old + b" ")
    os.utime(file, (1_600_000_100, 1_600_000_100))
    assert sensor.fires()
    town.take_in("wmo")
    file.write_bytes(old)
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert sensor.fires()
    assert len(set(sensor.keys)) == 3


def test_an_incomplete_one_one_to_come_and_one_without_key_start_nothing(town: Town, sensor: Sensor):
    town.deliver("wmo", FIRST, {"a.xml": "<x/>"}, quiet=False)
    deliver(town, "2999-01-01")
    town.deliver("wmo", FIRST, {"a.xml": "<x/>"}, leverancier="GM0047")
    assert not sensor.fires()


def test_a_promise_that_was_mended_starts_a_night(town: Town, sensor: Sensor):
    town.deliver("wmo", FIRST, {"a.xml": "<x/>"}, promise={"records": 5})
    folder = town.folder / "landing" / "GM0988" / "wmo" / FIRST
    promise = json.loads((folder / "levering.json").read_text())
    promise["bestanden"][0]["sha256"] = "0" * 64
    (folder / "levering.json").write_text(json.dumps(promise))
    os.utime(folder / "levering.json", (1_600_000_000, 1_600_000_000))
    assert town.take_in("wmo").records[0].fouten[0].regel_id == "LEV-12"
    assert not sensor.fires()
    (folder / "levering.json").write_text(json.dumps(promise | {"bestanden": []}))
    assert sensor.fires()
    assert not sensor.fires()


def test_a_registration_is_fresh_only_when_a_delivery_was_accepted(town: Town, monkeypatch: pytest.MonkeyPatch):
    deliver(town, FIRST)
    assert [str(record.leverdatum) for record in town.take_in("wmo").accepted_now] == [FIRST]
    assert town.take_in("wmo").accepted_now == []
    # Code or contract changed: all is read anew, and nothing is newer for it.
    monkeypatch.setattr("assets.intake.step.contract_version", lambda _bron: "een andere")
    again = town.take_in("wmo")
    assert len(again.read_now) == 1
    assert again.accepted_now == []
    deliver(town, SECOND, 2)
    assert [str(record.leverdatum) for record in town.take_in("wmo").accepted_now] == [SECOND]
