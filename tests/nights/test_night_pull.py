"""Whole nights with a pulled source and with aggregates: what fails stops only its own table."""

import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import polars as pl
import pytest

from assets.demo.make import DemoOptions, make_demo
from tests.making.nights import GEMEENTE, SECOND, Nights

SHARED = Path(__file__).parents[3] / "shared"
REGELINGEN = ("wmo", "wwb", "bijzondere_bijstand", "schuldhulpverlening", "wia")


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assets.intake.pull.WAIT_SECONDS", 0)


def changed(nights: Nights, old: dict[str, bytes]) -> set[str]:
    return {name for name in REGELINGEN if nights.table(f"monitor_{name}") != old[name]}


def tables(nights: Nights) -> dict[str, bytes]:
    return {name: nights.table(f"monitor_{name}") for name in REGELINGEN}


def test_the_source_is_asked_on_the_day_of_the_demo_only(nights: Nights):
    folder = nights.folder / "landing" / GEMEENTE / "schuldhulpverlening"
    assert not folder.exists()
    before = pl.read_parquet(nights.latest / "monitor_schuldhulpverlening.parquet")
    assert set(before["publicatiestatus"]) == {"niet_geleverd", "nvt"}
    assert nights.night(SECOND) == 0
    assert [path.name for path in folder.iterdir()] == [SECOND]
    after = pl.read_parquet(nights.latest / "monitor_schuldhulpverlening.parquet")
    assert "gepubliceerd" in set(after["publicatiestatus"])
    if SHARED.exists():
        command = [sys.executable, str(SHARED / "acceptance" / "check_publication.py"), str(nights.latest)]
        done = subprocess.run(
            [*command, "--regelingen", ",".join(REGELINGEN)], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout


def test_a_source_that_is_away_stops_only_its_own_table(nights: Nights, capsys: pytest.CaptureFixture):
    old = tables(nights)
    database = nights.folder / "zaaksysteem" / f"{GEMEENTE}.sqlite"
    aside = database.rename(database.with_suffix(".weg"))
    assert nights.night(SECOND) == 1
    assert changed(nights, old) == set(REGELINGEN) - {"schuldhulpverlening"}
    printed = capsys.readouterr().out
    assert f"Let op: schuldhulpverlening {GEMEENTE} {SECOND}: LEV-30: De bron is onbereikbaar" in printed
    quality = pl.read_parquet(nights.latest / "monitor_kwaliteit.parquet").filter(bron="schuldhulpverlening")
    assert quality.select("toestand", "open_regels").rows() == [("geblokkeerd", "LEV-30")]
    aside.rename(database)
    assert nights.night(SECOND) == 0
    assert changed(nights, old) == set(REGELINGEN)


def test_broken_aggregates_stop_only_their_own_table(nights: Nights):
    old = tables(nights)
    nights.deliver("wia", "2022-07-19", {"ao.csv": "peildatum;regio_code\n2022-06-30;GM0946\n"}, leverancier="NL")
    assert nights.night(SECOND) == 1
    assert changed(nights, old) == set(REGELINGEN) - {"wia"}


def test_without_any_aggregate_there_is_an_empty_table(tmp_path: Path):
    nights = Nights(tmp_path)
    options = DemoOptions(gemeenten=(GEMEENTE,), inwoners=1500, tot="2022-06", maanden=2, seed=3)
    make_demo(nights.settings, options, lambda _line: None)
    shutil.rmtree(tmp_path / "landing" / "NL" / "wia")
    assert nights.run("refresh") == 0
    with duckdb.connect(str(nights.latest / "meerdoen.duckdb"), read_only=True) as edition:
        count = "select count(*) from monitor.monitor_"
        assert edition.execute(f"{count}wia").fetchone() == (0,)
        assert edition.execute(f"{count}schuldhulpverlening").fetchone() != (0,)
        state = edition.execute("select toestand from monitor.monitor_kwaliteit where bron = 'wia'").fetchall()
        assert state == [("niet_geleverd",)]
