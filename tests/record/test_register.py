"""The register: an identifier that nobody can make, and the way back from it to a delivery, its day and its files."""

import subprocess
from datetime import date
from pathlib import Path

import dagster as dg
import polars as pl
import pytest

from assets.intake.asset import registration_assets
from assets.record.register import LETTERS, add_asked, find, last_asked, named_as_now
from assets.registrations.declaration import registrations
from orchestration.night import night_resource
from tests.intake.test_intake import persons
from tests.making.nights import environment
from tests.making.town import WEERT, Town
from tests.making.zaaksysteem import clock, connect, night, sqlite_system

PULLED = "schuldhulpverlening"


def overview(town: Town, bron: str) -> pl.DataFrame:
    return pl.read_parquet(town.folder / "kluis" / "bron" / f"leveringen_{bron}.parquet")


def test_an_identifier_stays_over_nights_and_is_another_in_another_kluis(town: Town, tmp_path: Path):
    towns = (town, Town(tmp_path / "elders"))
    for one in towns:
        one.bus(2021, 1, persons(30), "2021-02-05")
        one.bus(2021, 2, persons(30), "2021-03-05")
        one.take_in("bus")
    here, there = (overview(one, "bus")["levering"].unique(maintain_order=True).to_list() for one in towns)
    assert len({*here, *there}) == 4
    assert all(len(name) == 16 and set(name) <= set(LETTERS) for name in (*here, *there))
    register = (town.folder / "kluis/herkomst/bus.parquet").read_bytes()
    town.take_in("bus")
    assert overview(town, "bus")["levering"].unique(maintain_order=True).to_list() == here
    assert (town.folder / "kluis/herkomst/bus.parquet").read_bytes() == register


def test_an_identifier_leads_to_day_and_files_as_sha256sum_gives_them(town: Town):
    town.bus(2021, 1, persons(30), "2021-02-05")
    folder = town.folder / "landing" / WEERT / "bus" / "2021-02-05"
    town.take_in("bus")
    (name,) = overview(town, "bus")["levering"].unique()
    found = find(town.settings.kluis, ["bus"], name)
    assert found.select("bron", "leverancier", "leverdatum").unique().rows() == [("bus", WEERT, date(2021, 2, 5))]
    files = [file for file in sorted(folder.iterdir()) if file.name != "levering.json"]
    printed = subprocess.run(["sha256sum", *files], capture_output=True, text=True, check=True).stdout
    assert found["sha256"].to_list() == [line.split()[0] for line in printed.splitlines()]
    assert found["bestand"].to_list() == [file.name for file in files]
    assert find(town.settings.kluis, ["bus"], found["sha256"][0]).equals(found)
    assert find(town.settings.kluis, ["bus"], "b" * 16).is_empty()


def test_what_was_replaced_is_still_found(town: Town):
    town.bus(2021, 1, persons(30), "2021-02-05")
    town.take_in("bus")
    (old,) = overview(town, "bus")["levering"].unique()
    town.bus(2021, 1, persons(31), "2021-02-05")
    town.take_in("bus")
    (new,) = overview(town, "bus")["levering"].unique()
    then, now = (find(town.settings.kluis, ["bus"], name) for name in (old, new))
    assert old != new
    assert then["leverdatum"].to_list() == now["leverdatum"].to_list()
    assert then["sha256"].to_list() != now["sha256"].to_list()


@pytest.mark.parametrize("broken", ["sleutel", "bus.parquet"])
def test_what_is_damaged_is_made_anew(town: Town, broken: str):
    town.bus(2021, 1, persons(30), "2021-02-05")
    town.take_in("bus")
    (town.folder / "kluis/herkomst" / broken).write_bytes(b"")
    assert town.take_in("bus").state == "in_orde"
    (name,) = overview(town, "bus")["levering"].unique()
    assert find(town.settings.kluis, ["bus"], name).height == 1


def test_rows_of_before_there_were_identifiers_get_them(town: Town):
    town.bus(2021, 1, persons(30), "2021-02-05")
    good = town.take_in("bus").records[0].goed
    assert good
    row = {"bron": "bus", "leverancier": WEERT, "leverdatum": date(2021, 2, 5), "sha256": good.inhoud}
    now = named_as_now(town.settings.kluis, pl.DataFrame([row]))
    named = overview(town, "bus").select("bron", "leverancier", "levering", "levermaand").unique()
    assert now.equals(named)


def test_of_changes_days_are_told_by_no_identifier(town: Town, tmp_path: Path):
    """A dossier changed on 10 January or not: nothing that may be published is another."""
    system = sqlite_system(tmp_path / "bron" / "zaak.sqlite")
    system.dossier("T1", 1)
    connect(town, system)
    night(town, "2021-01-03")
    (first,) = named_by_day(town)
    night(town, "2021-01-20")
    assert named_by_day(town) == [first]
    system.dossier("T2", 2, changed="2021-01-20 10:00:00")
    night(town, "2021-01-21")
    (second,) = named_by_day(town)
    # The first night of a new month tells that it was asked, whether something changed or not.
    night(town, "2021-02-01")
    (third,) = named_by_day(town)
    assert [month for _, month, _ in (first, second, third)] == ["2021-01", "2021-01", "2021-02"]
    assert len({name for name, _, _ in (first, second, third)}) == 3
    assert overview(town, PULLED).select("regels", "open_regels").unique().rows() == [("", "")]
    days = {
        name: find(town.settings.kluis, [PULLED], name)["leverdatum"].unique(maintain_order=True).to_list()
        for name, _, _ in (first, second, third)
    }
    january = [date(2021, 1, 3), date(2021, 1, 21)]
    assert list(days.values()) == [january[:1], january, january]


def named_by_day(town: Town) -> list[tuple[str, str, date]]:
    return overview(town, PULLED).select("levering", "levermaand", "gevraagd_tot").unique().rows()


def test_a_source_that_had_nothing_new_covers_the_months_in_which_it_was_asked(town: Town, tmp_path: Path):
    system = sqlite_system(tmp_path / "bron" / "zaak.sqlite")
    system.dossier("T1", 1)
    connect(town, system)
    night(town, "2021-01-03")
    night(town, "2021-04-02")
    assert [until for _, _, until in named_by_day(town)] == [date(2021, 3, 31)]
    # What it tells in a delivery that is refused does not count: then it tells of no time after.
    system.put("schuldhulptraject", "2021-04-02 22:00:00", schuldhulptraject_id="T2", startdatum=None)
    night(town, "2021-05-02")
    night(town, "2021-06-02")
    (until,) = overview(town, PULLED).filter(toestand="aanvaard")["gevraagd_tot"].unique()
    assert until == date(2021, 3, 31)


def test_in_dagster_a_source_is_as_fresh_as_its_last_answer(town: Town, tmp_path: Path):
    system = sqlite_system(tmp_path / "bron" / "zaak.sqlite")
    system.dossier("T1", 1)
    connect(town, system)
    night(town, "2021-01-03")
    clock(town, "2021-01-04")
    asset = registration_assets(registrations()[PULLED])
    lines = []
    for url in (system.url, "sqlite:///weg.sqlite"):
        connect(town, url)
        with environment(town.environment()):
            result = dg.materialize([asset], resources={"night": night_resource}, raise_on_error=False)
        keys = [event.asset_key for event in result.get_asset_materialization_events()]
        lines.append({key.to_user_string() for key in keys if key})
        clock(town, "2021-01-05")
    assert [f"levering_{PULLED}" in keys for keys in lines] == [True, False]
    assert all("schuldhulp_client" in keys for keys in lines)


def test_of_a_rebuilt_night_counts_what_was_asked_until_then(town: Town):
    kluis = town.settings.kluis
    for day in (3, 20):
        add_asked(kluis, PULLED, WEERT, date(2021, 1, day))
    assert last_asked(kluis, PULLED, date(2021, 1, 19)) == {WEERT: date(2021, 1, 3)}
    assert last_asked(kluis, PULLED, date(2021, 1, 2)) == {}
    (town.folder / f"kluis/herkomst/gevraagd_{PULLED}.json").write_text("{")
    assert last_asked(kluis, PULLED, date(2021, 1, 19)) == {}
