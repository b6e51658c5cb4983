"""monitor_totaal of a gemeente with three registrations, over nights: a newcomer, and deliveries that go."""

import shutil
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest

from assets.demo.make import make_demo
from tests.making.nights import FIRST, GEMEENTE, OPTIONS, SECOND, Nights, copied

THREE, NEW = ("brp", "wmo", "bus", "collectieve_zorgverzekering"), "jeugdzorg"
AT_FIRST, SINCE = "collectieve_zorgverzekering, wmo, wwb", "collectieve_zorgverzekering, jeugdzorg, wmo, wwb"
MAY, JUNE = date(2022, 5, 31), date(2022, 6, 30)


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Nights:
    """A gemeente that delivers three registrations, after its first night."""
    nights = Nights(tmp_path_factory.mktemp("few") / "few")
    make_demo(nights.settings, OPTIONS, lambda _line: None)
    nights.settings.sources_file.unlink()
    own = nights.folder / "landing" / GEMEENTE
    shutil.move(own / NEW, nights.folder / NEW)
    shutil.rmtree(nights.folder / "landing/NL/kerncijfers")
    # Bodies that deliver for several gemeenten too.
    for folder in (nights.folder / "landing").glob("*/*/"):
        if folder.parent.name != "NL" and folder.name not in THREE:
            shutil.rmtree(folder)
    assert nights.night(FIRST) == 0
    return nights


@pytest.fixture(scope="module")
def grown(few: Nights, tmp_path_factory: pytest.TempPathFactory) -> Nights:
    """The same after the second night, before which a fourth was delivered, of all months."""
    nights = copied(few, tmp_path_factory.mktemp("grown") / "grown")
    shutil.move(nights.folder / NEW, nights.folder / "landing" / GEMEENTE / NEW)
    assert nights.night(SECOND) == 0
    return nights


def total(nights: Nights) -> pl.DataFrame:
    return pl.read_parquet(nights.latest / "monitor_totaal.parquet")


def counts(nights: Nights) -> dict[date, int | None]:
    """The published clients of the gemeente, by month."""
    whole = (pl.col("gebiedsniveau") == "gemeente") & (pl.col("leeftijdsgroep") == "totaal")
    rows = total(nights).filter(whole, pl.col("indicator") == "clienten").sort("peildatum")
    return dict(rows.select("peildatum", "waarde").iter_rows())


def sets(nights: Nights) -> dict[date, set[str]]:
    """The sets that monitor_herkomst tells, by month."""
    origins = pl.read_parquet(nights.latest / "monitor_herkomst.parquet").drop_nulls("unieset")
    grouped = origins.group_by("peildatum").agg(pl.col("unieset").unique()).sort("peildatum")
    return {day: set(names) for day, names in grouped.iter_rows()}


def test_three_registrations_have_a_total(few: Nights, capsys: pytest.CaptureFixture):
    found = counts(few)
    assert len(found) >= 6
    assert all(found.values())
    assert sets(few) == {day: {AT_FIRST} for day in found}
    few.run("status")
    assert f"{GEMEENTE} monitor_totaal {min(found):%Y-%m} t/m 2022-05: {AT_FIRST}\n" in capsys.readouterr().out


def test_without_kerncijfers_nothing_stands_beside_ours(few: Nights):
    with duckdb.connect(str(few.folder / "kluis" / "kluis.duckdb"), read_only=True) as kluis:
        assert kluis.sql("select count(*) from mart.cbs_naast_ons").fetchall() == [(0,)]


def test_a_newcomer_is_a_break_and_changes_no_earlier_month(few: Nights, grown: Nights, capsys: pytest.CaptureFixture):
    before, after = total(few), total(grown)
    shown = [name for name in before.columns if name not in ("editie", "cijferstatus")]
    assert after.filter(pl.col("peildatum") <= MAY).select(shown).equals(before.select(shown))
    assert (counts(grown)[JUNE] or 0) > (counts(few)[MAY] or 0)
    months = sets(grown)
    assert {day for day, counted in months.items() if counted == {AT_FIRST}} == set(counts(few))
    assert months[JUNE] == {SINCE}
    assert (
        not pl.read_parquet(grown.latest / "monitor_jeugdzorg.parquet")
        .filter(pl.col("peildatum") == MAY, pl.col("waarde").is_not_null())
        .is_empty()
    )
    grown.run("status")
    assert f"{GEMEENTE} monitor_totaal 2022-06: {SINCE}; breuk: een andere set\n" in capsys.readouterr().out


def test_public_months_keep_their_set_after_a_removal(grown: Nights, tmp_path: Path, capsys: pytest.CaptureFixture):
    nights = copied(grown, tmp_path / "kept")
    before = nights.table("monitor_totaal")
    assert nights.run("bewaar", "--maanden", "2", "--verwijder") == 0
    # One of the three is gone altogether.
    shutil.rmtree(nights.folder / "landing" / GEMEENTE / "bus")
    for place in ("leveringen/bus", "bron/bus_wwb", "bron/bus_bijzondere_bijstand"):
        shutil.rmtree(nights.folder / "kluis" / place, ignore_errors=True)
    nights.night("2022-07-21")
    assert nights.table("monitor_totaal") == before
    with duckdb.connect(str(nights.folder / "kluis" / "kluis.duckdb"), read_only=True) as kluis:
        query = "select string_agg(regeling, ', ' order by regeling) from mart.unie where peildatum = ?"
        found = [kluis.execute(query, [day]).fetchone() for day in (MAY, JUNE)]
    assert found == [(AT_FIRST,), (SINCE,)]
    nights.run("status")
    assert f"2022-06: {SINCE}; breuk: een andere set; niet geleverd: niet gedekt door wwb" in capsys.readouterr().out
