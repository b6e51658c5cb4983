"""Whole nights, as the command line runs them: publication, nothing new, isolation, lock, and exit codes."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import polars as pl
import pytest

from assets.ground.slot import slot
from tests.making.nights import FIRST, GEMEENTE, LAST, SECOND, Nights
from tests.making.recomputed import faults, rows_of

MONITORS = ("monitor_wmo", "monitor_wwb", "monitor_bijzondere_bijstand")
SHARED = Path(__file__).parents[3] / "shared"


def break_last(nights: Nights, bron: str) -> None:
    """The delivery of the last month is cut off, and lies still."""
    folder = nights.folder / "landing" / GEMEENTE / bron / LAST[bron]
    (folder / "levering.json").unlink()
    for file in folder.iterdir():
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 3 + 7])
        os.utime(file, (1_600_000_000, 1_600_000_000))


def test_the_edition_has_its_tables_forms_and_manifest(first_night: Nights):
    edition = first_night.latest
    assert edition.name == FIRST
    manifest = json.loads((edition / "manifest.json").read_text())
    for table in (*MONITORS, "dim_regeling", "dim_gebied", "dim_indicator", "monitor_kwaliteit", "monitor_herkomst"):
        assert {f"{table}.parquet", f"csv/{table}.csv"} <= set(manifest["bestanden"])
    pointer = json.loads((first_night.folder / "publicatie" / "laatste.json").read_text())
    assert pointer["editie"] == FIRST
    assert (first_night.folder / "publicatie" / "laatste").readlink() == Path(FIRST)


def test_every_rate_is_what_dim_indicator_says(first_night: Nights):
    assert faults(first_night.latest) == []
    rated = rows_of(first_night.latest).drop_nulls("per_1000")
    units = {tuple(row) for row in rated.select("regeling", "eenheid").unique().iter_rows()}
    persons, households = ({r for r, u in units if u == unit} for unit in ("personen", "huishoudens"))
    assert {"wmo", "wwb", "oggz", "wia"} < persons
    assert {"wmo", "wwb", "bijzondere_bijstand", "collectieve_zorgverzekering"} < households
    by_households = {"bijzondere_bijstand", "collectieve_zorgverzekering", "schuldhulpverlening"}
    assert persons.isdisjoint({*by_households, "cjg", "maatschappelijke_dienstverlening"})
    assert set(rated.get_column("eenheid")) == {"personen", "huishoudens"}


OWN = pl.col("indicator") == "clienten"
SABOTAGE = {
    "wwb clienten: another rate": ("dim_indicator", pl.col("regeling") == "wwb", {"noemer": "inwoners"}),
    "wmo clienten: neither": ("dim_indicator", pl.col("regeling") == "wmo", {"noemer": None}),
    "wmo clienten: not of like": ("dim_indicator", OWN & (pl.col("regeling") == "wmo"), {"noemer": "huishoudens"}),
    "wmo voorzieningen: a denominator": ("monitor_wmo", pl.col("indicator") == "voorzieningen", {"noemer": 500}),
    "wwb gebruik: another rate": ("monitor_wwb", pl.col("indicator") == "gebruik", {"per_1000": 1.0}),
    "wwb huishoudens: another rate": ("monitor_wwb", pl.col("indicator") == "huishoudens", {"per_1000": None}),
    "inwoners: two numbers": ("monitor_wmo", OWN, {"noemer": 5555}),
}


@pytest.mark.parametrize("fault", SABOTAGE)
def test_a_rate_that_is_not_what_dim_indicator_says_is_seen(first_night: Nights, tmp_path: Path, fault: str):
    for file in first_night.latest.glob("*.parquet"):
        shutil.copy(file, tmp_path)
    table, rows, values = SABOTAGE[fault]
    file = tmp_path / f"{table}.parquet"
    changed = {name: pl.when(rows).then(pl.lit(value)).otherwise(name) for name, value in values.items()}
    pl.read_parquet(file).with_columns(**changed).write_parquet(file)
    assert any(found.startswith(fault) for found in faults(tmp_path))


@pytest.mark.skipif(not SHARED.exists(), reason="../shared is absent")
def test_the_public_contract_holds(first_night: Nights):
    command = [sys.executable, str(SHARED / "acceptance" / "check_publication.py"), str(first_night.latest)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_nothing_new_gives_no_new_edition_and_reads_nothing(nights: Nights, capsys: pytest.CaptureFixture):
    before = {file: file.stat().st_mtime_ns for file in (nights.folder / "publicatie").rglob("*") if file.is_file()}
    assert nights.night(FIRST) == 0
    printed = capsys.readouterr().out
    assert "niets nieuws" in printed
    assert {file: file.stat().st_mtime_ns for file in before} == before
    assert sorted(nights.settings.publicatie.names()) == [FIRST, "laatste", "laatste.json"]
    state = nights.settings.work / "toestand"
    skipped = [
        json.loads((state / f"{name}.json").read_text())["overgeslagen"] for name in ("dbt", "vrijgave", *MONITORS)
    ]
    assert all(skipped)


def test_a_new_month_gives_a_new_edition(nights: Nights):
    old = {name: nights.table(name) for name in MONITORS}
    assert nights.night(SECOND) == 0
    assert nights.latest.name == SECOND
    assert all(nights.table(name) != old[name] for name in MONITORS)
    assert (nights.folder / "publicatie" / FIRST / "monitor_wmo.parquet").exists()


BLOCKS = {"wmo": {"monitor_wmo"}, "bus": {"monitor_wwb", "monitor_bijzondere_bijstand"}, "brp": set()}


@pytest.mark.parametrize("bron", BLOCKS)
def test_a_broken_registration_stops_only_its_own_tables(nights: Nights, bron: str, capsys: pytest.CaptureFixture):
    old = {name: nights.table(name) for name in MONITORS}
    break_last(nights, bron)
    assert nights.night(SECOND) == 1
    for name in MONITORS:
        assert (nights.table(name) == old[name]) == (name in BLOCKS[bron]), name
    printed = capsys.readouterr().out
    assert f"Let op: {bron} {GEMEENTE} {LAST[bron]}: LEV-" in printed
    quality = pl.read_parquet(nights.latest / "monitor_kwaliteit.parquet").filter(pl.col("bron") == bron)
    assert quality.get_column("toestand").to_list() == ["geblokkeerd"]


@pytest.mark.parametrize("bron", ["gebieden", "kerncijfers"])
def test_a_broken_reference_stops_no_table(nights: Nights, bron: str):
    old = {name: nights.table(name) for name in MONITORS}
    nights.deliver(bron, "2022-07-19", {"leeg.csv": ""}, leverancier="NL")
    assert nights.night(SECOND) == 1
    assert all(nights.table(name) != old[name] for name in MONITORS)


def test_a_repaired_delivery_puts_things_right(nights: Nights):
    folder = nights.folder / "landing" / GEMEENTE / "wmo" / LAST["wmo"]
    kept = nights.folder / "aside"
    shutil.copytree(folder, kept)
    break_last(nights, "wmo")
    assert nights.night(SECOND) == 1
    shutil.rmtree(folder)
    shutil.copytree(kept, folder)
    assert nights.night(SECOND) == 0
    assert nights.latest.name == f"{SECOND}-2"


def test_without_key_file_nothing_happens(nights: Nights, capsys: pytest.CaptureFixture):
    nights.settings.key_file.unlink()
    assert nights.night(SECOND) == 2
    assert "sleutelbestand" in capsys.readouterr().out
    assert nights.latest.name == FIRST


def test_an_empty_landing_zone_is_told(nights: Nights, capsys: pytest.CaptureFixture):
    shutil.rmtree(nights.folder / "landing")
    assert nights.night(SECOND) == 2
    assert "landingszone is leeg" in capsys.readouterr().out


def test_a_second_run_is_refused_while_one_is_busy(nights: Nights, capsys: pytest.CaptureFixture):
    code = "import sys,time; from assets.ground.zones import Zone; from assets.ground.slot import slot\n"
    code += "with slot(Zone(sys.argv[1])): print('held', flush=True); time.sleep(60)"
    holder = subprocess.Popen([sys.executable, "-c", code, nights.settings.kluis.url], stdout=subprocess.PIPE)
    try:
        assert holder.stdout is not None
        holder.stdout.readline()
        assert nights.night(SECOND) == 3
        assert "Er loopt al een run" in capsys.readouterr().out
    finally:
        holder.kill()
        holder.wait()
    with slot(nights.settings.kluis):
        pass


def test_an_analyst_with_the_files_open_stops_nothing(nights: Nights):
    kluis = duckdb.connect(nights.settings.kluis.url + "/kluis.duckdb", read_only=True)
    edition = duckdb.connect(str(nights.latest / "meerdoen.duckdb"), read_only=True)
    before = kluis.execute("select max(peildatum) from mart.peilmaand").fetchone()
    assert nights.night(SECOND) == 0
    assert kluis.execute("select max(peildatum) from mart.peilmaand").fetchone() == before
    assert edition.execute("select count(*) from monitor.monitor_wmo").fetchone() != (0,)
    kluis.close()
    with duckdb.connect(nights.settings.kluis.url + "/kluis.duckdb", read_only=True) as new:
        assert new.execute("select max(peildatum) from mart.peilmaand").fetchone() != before
    edition.close()


def test_a_killed_night_loses_nothing(nights: Nights):
    command = [sys.executable, "-m", "orchestration.cli", "refresh", "--stand", SECOND]
    environment = os.environ | nights.environment()
    run = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    state = nights.settings.work / "dbt.log"
    state.unlink(missing_ok=True)
    deadline = time.monotonic() + 120
    while not state.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    run.kill()
    run.wait()
    assert nights.latest.name == FIRST
    assert nights.night(SECOND) == 0
    assert nights.latest.name == SECOND


def test_the_job_of_one_regeling_publishes_nothing(nights: Nights):
    import dagster as dg

    from orchestration.definitions import defs
    from tests.making.nights import environment

    with environment(nights.environment()):
        result = defs.resolve_job_def("wmo").execute_in_process(
            {"loggers": {"console": {}}}, tags={"meerdoen/stand": SECOND}, raise_on_error=False
        )
    assert result.success
    made = {event.asset_key.to_user_string() for event in result.get_asset_materialization_events() if event.asset_key}
    assert "monitor_wmo" in made
    assert dg.AssetKey("bus_wwb").to_user_string() not in made
    assert nights.latest.name == FIRST


def test_the_run_is_in_the_ui_under_its_code_location(first_night: Nights):
    import dagster as dg

    from tests.making.nights import environment

    with (
        environment(first_night.environment()),
        dg.DagsterInstance.from_config(first_night.environment()["DAGSTER_HOME"]) as instance,
    ):
        run = instance.get_runs()[0]
        assert run.tags[".dagster/repository"] == "__repository__@orchestration.definitions"
        assert run.is_success
