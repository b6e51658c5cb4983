"""A registration step with its zones on a real S3 server does what it does on folders."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from assets.ground.settings import Settings
from assets.intake.deliveries import find_deliveries
from assets.intake.keys import load_keys
from assets.intake.step import take_in
from assets.record.records import Outcome
from assets.registrations.declaration import registrations
from tests.making.town import Town, brp_csv, w301, w305

pytest_plugins = ("tests.making.s3",)


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
