"""`refresh --stand` of an earlier day makes that night anew: the same rows and the same bytes, and switches nothing."""

import contextlib
import io
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest

from assets.ground.zones import Zone
from assets.publication.edition import publish
from assets.publication.publish import SCHEMA_VERSION, _compared
from tests.making.nights import FIRST, SECOND, Nights, copied

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
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        assert nights.night(FIRST) == 0
    (nights.folder / "verteld.txt").write_text(printed.getvalue())
    return nights, nights.folder / "kluis" / "herbouw" / FIRST, public


def test_it_says_what_was_made_where_and_whether_it_is_equal(rebuilt: tuple):
    nights, place, _ = rebuilt
    printed = (nights.folder / "verteld.txt").read_text()
    assert f"Opnieuw gemaakt: de nacht van {FIRST}, gelijk aan editie {FIRST}. Er is niets gepubliceerd." in printed
    assert f"{place}/editie" in printed
    assert "klopt nog" not in printed
    assert f"{place}/kluis.duckdb" in printed


@pytest.mark.parametrize(
    ("published", "printed"),
    [
        ({FIRST: {"monitor_wmo": b"x", "monitor_herkomst": b"toen"}}, f"gelijk aan editie {FIRST}"),
        ({FIRST: {"monitor_wmo": b"y"}, f"{FIRST}-2": {"monitor_wmo": b"x"}}, f"gelijk aan editie {FIRST}-2"),
        ({FIRST: {"monitor_wmo": b"y"}}, f"anders dan editie {FIRST} in monitor_wmo"),
        ({FIRST: {"monitor_wmo": b"x", "monitor_wia": b"x"}}, f"anders dan editie {FIRST} in monitor_wia"),
        ({SECOND: {"monitor_wmo": b"x"}}, f"van {FIRST} is er geen editie (meer) om haar mee te vergelijken"),
    ],
)
def test_a_night_made_anew_is_compared_with_the_last_edition_of_its_day(
    published: dict[str, dict[str, bytes]], printed: str, tmp_path: Path
):
    publicatie, new = Zone(str(tmp_path / "publicatie")), tmp_path / "nieuw"
    for name, tables in published.items():
        files = {f"{table}.parquet": tmp_path / name / f"{table}.parquet" for table in tables}
        for table, content in tables.items():
            files[f"{table}.parquet"].parent.mkdir(exist_ok=True)
            files[f"{table}.parquet"].write_bytes(content)
        publish(publicatie, name, files, {})
    new.mkdir()
    for table, content in {"monitor_wmo": b"x", "monitor_herkomst": b"nu"}.items():
        (new / f"{table}.parquet").write_bytes(content)
    assert _compared(publicatie, date.fromisoformat(FIRST), new) == printed


def test_of_an_edition_of_another_schema_it_says_so(tmp_path: Path):
    publicatie, file = Zone(str(tmp_path / "publicatie")), tmp_path / "monitor_wmo.parquet"
    file.write_bytes(b"toen")
    publish(publicatie, FIRST, {file.name: file}, {"schema_versie": "1"})
    new = tmp_path / "nieuw"
    new.mkdir()
    (new / file.name).write_bytes(b"nu")
    words = _compared(publicatie, date.fromisoformat(FIRST), new)
    assert words == f"anders dan editie {FIRST} in monitor_wmo (schema 1, nu {SCHEMA_VERSION}: zie docs/schema.md)"


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
