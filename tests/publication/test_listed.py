"""An edition holds only listed files, tables and columns, and can be given to a web server as it is."""

import shutil
from pathlib import Path

import duckdb
import polars as pl
import pytest

from assets.ground.declared import tables
from assets.publication import publish
from tests.making.nights import FIRST, SECOND, Nights
from validations.gate.listed import unlisted

LISTED = {name: table.columns for name, table in tables().items() if name != "monitor_totaal_straat"}


@pytest.fixture
def edition(first_night: Nights, tmp_path: Path) -> Path:
    folder = tmp_path / "editie"
    shutil.copytree(first_night.latest, folder)
    (folder / "manifest.json").unlink()
    return folder


def test_a_sound_edition_is_wholly_listed(edition: Path):
    assert unlisted(edition, LISTED) == []


def extra_column(edition: Path) -> None:
    file = edition / "monitor_wmo.parquet"
    pl.read_parquet(file).with_columns(aantal=pl.lit(3)).write_parquet(file)


def extra_csv_column(edition: Path) -> None:
    file = edition / "csv" / "monitor_wmo.csv"
    pl.DataFrame({"editie": ["x"], "persoon": ["y"]}).write_csv(file, separator=";", include_bom=True)


def in_database(sql: str):
    def change(edition: Path) -> None:
        with duckdb.connect(str(edition / "meerdoen.duckdb")) as connection:
            connection.execute(sql)

    return change


BREAKS = {
    "monitor_wmo.parquet: kolom aantal": extra_column,
    "csv/monitor_wmo.csv: kolom persoon": extra_csv_column,
    "extra.parquet: staat niet": lambda e: pl.DataFrame({"a": [1]}).write_parquet(e / "extra.parquet"),
    "voorziening_wmo.parquet: staat niet": lambda e: shutil.copy(
        e / "dim_gebied.parquet", e / "voorziening_wmo.parquet"
    ),
    "monitor_totaal_straat.parquet: staat niet": lambda e: shutil.copy(
        e / "monitor_totaal.parquet", e / "monitor_totaal_straat.parquet"
    ),
    "csv/monitor_wmo.parquet: staat niet": lambda e: shutil.copy(e / "monitor_wmo.parquet", e / "csv"),
    ".verborgen: staat niet": lambda e: (e / ".verborgen").write_text("x"),
    "besloten: een map": lambda e: (e / "besloten").mkdir(),
    "link.parquet: een verwijzing": lambda e: (e / "link.parquet").symlink_to("/etc/hostname"),
    "meerdoen.duckdb monitor.persoon: staat niet": in_database("create table monitor.persoon(a int)"),
    "meerdoen.duckdb main.uit: staat niet": in_database("create view main.uit as select 1 as a"),
    "meerdoen.duckdb monitor.monitor_wwb: kolom n": in_database("alter table monitor.monitor_wwb add column n int"),
}


@pytest.mark.parametrize("message", BREAKS)
def test_what_is_not_listed_is_seen(edition: Path, message: str):
    BREAKS[message](edition)
    found = unlisted(edition, LISTED)
    assert len(found) == 1
    assert found[0].startswith(message)


def test_a_regeling_that_is_not_of_the_monitor_is_not_listed(edition: Path):
    assert {
        line.split(":")[0]
        for line in unlisted(edition, {name: LISTED[name] for name in LISTED if name != "monitor_bijzondere_bijstand"})
    } == {
        "csv/monitor_bijzondere_bijstand.csv",
        "meerdoen.duckdb monitor.monitor_bijzondere_bijstand",
        "monitor_bijzondere_bijstand.parquet",
    }


def test_something_unlisted_means_no_switch(
    nights: Nights, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
):
    real = publish._other_tables

    def leaking(*arguments) -> dict[str, pl.DataFrame]:
        tables = real(*arguments)
        return tables | {"dim_gebied": tables["dim_gebied"].with_columns(persoon=pl.lit("x"))}

    monkeypatch.setattr(publish, "_other_tables", leaking)
    assert nights.night(SECOND) == 2
    assert nights.latest.name == FIRST
    assert "kolom persoon staat niet op de lijst" in capsys.readouterr().out


def test_the_publication_zone_can_be_served_as_it_is(first_night: Nights):
    zone = first_night.folder / "publicatie"
    paths = [zone, *zone.rglob("*")]
    assert len(paths) > 15
    for path in paths:
        assert not path.name.startswith(".")
        assert path.resolve().is_relative_to(zone.resolve())
        if not path.is_symlink():
            assert path.stat().st_mode & 0o777 == (0o755 if path.is_dir() else 0o644), path


def test_what_is_private_is_of_its_owner_alone(first_night: Nights):
    """Also kluis.duckdb; the work folder with the database of dbt; and the home of Dagster."""
    kluis, work = first_night.folder / "kluis", first_night.folder / "werk"
    assert (kluis / "kluis.duckdb").exists()
    for path in (kluis, *kluis.rglob("*")):
        assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600), path
    for folder in (work, first_night.folder / "dagster"):
        assert folder.stat().st_mode & 0o777 == 0o700, folder
