"""`refresh --stand` of an earlier day makes that night anew: the same rows and the same bytes, and switches nothing."""

from pathlib import Path

import duckdb
import polars as pl
import pytest

from tests.nights import FIRST, SECOND, Nights, copied

# The run that made a table is another one; all else is the same.
OF_THE_RUN = "run_id"


@pytest.fixture(scope="module")
def rebuilt(first_night: Nights, tmp_path_factory: pytest.TempPathFactory) -> tuple[Nights, Path, dict[Path, bytes]]:
    """Two nights, then the first one anew; where it is kept, and the public files before that."""
    nights = copied(first_night, tmp_path_factory.mktemp("rebuild") / "copy")
    kept = nights.folder / "eerste.duckdb"
    kept.write_bytes((nights.folder / "kluis" / "kluis.duckdb").read_bytes())
    assert nights.night(SECOND) == 0
    public = files(nights)
    assert nights.night(FIRST) == 0
    return nights, nights.folder / "kluis" / "herbouw" / FIRST, public


def files(nights: Nights) -> dict[Path, bytes]:
    zones = [nights.folder / "publicatie", nights.folder / "kluis" / "grootboek"]
    return {file: file.read_bytes() for zone in zones for file in zone.rglob("*") if file.is_file()}


def test_the_edition_has_the_bytes_of_that_night(rebuilt: tuple):
    nights, place, _ = rebuilt
    then = nights.folder / "publicatie" / FIRST
    tables = sorted(file.relative_to(then) for file in then.rglob("*.parquet")) + sorted(
        file.relative_to(then) for file in then.rglob("*.csv")
    )
    assert len(tables) >= 16
    for table in tables:
        if "herkomst" in table.name:
            continue
        assert (place / "editie" / table).read_bytes() == (then / table).read_bytes(), table
    old, new = (pl.read_parquet(folder / "monitor_herkomst.parquet") for folder in (then, place / "editie"))
    assert new.drop(OF_THE_RUN).equals(old.drop(OF_THE_RUN))


def test_the_mart_has_the_rows_of_that_night(rebuilt: tuple):
    nights, place, _ = rebuilt
    with duckdb.connect() as connection:
        connection.execute(f"attach '{nights.folder / 'eerste.duckdb'}' as toen (read_only)")
        connection.execute(f"attach '{place / 'kluis.duckdb'}' as nu (read_only)")
        found = connection.execute(
            "select table_schema || '.' || table_name from information_schema.tables where table_catalog = 'nu'"
        ).fetchall()
        assert len(found) > 15
        for (table,) in found:
            differ = (
                f"select count(*) from ((from toen.{table} except all from nu.{table})"
                f" union all (from nu.{table} except all from toen.{table}))"
            )
            row = connection.execute(differ).fetchone()
            assert row == (0,), table


def test_nothing_becomes_public_and_the_next_night_goes_on(rebuilt: tuple):
    nights, _, public = rebuilt
    assert files(nights) == public
    assert nights.latest.name == SECOND
    assert nights.night(SECOND) == 0
    assert files(nights) == public
