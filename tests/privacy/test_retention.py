"""`meerdoen bewaar`: what is over its term goes from landing and kluis; what the months kept need, stays."""

import json
import shutil
from collections.abc import Callable
from copy import copy
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest

from assets.ground.settings import Settings
from assets.intake.keys import load_keys
from assets.privacy.retention import cutoff
from assets.record.delivery_record import load_records
from orchestration import cli
from tests.making.nights import GEMEENTE, SECOND, Nights, environment
from tests.making.town import Town, bsn, w301

pytest_plugins = ("tests.making.s3",)

STAND = "2022-07-20"


def test_the_term_is_in_whole_months():
    assert cutoff(date(2022, 7, 20), 25) == date(2020, 6, 1)
    assert cutoff(date(2022, 1, 31), 12) == date(2021, 1, 1)
    assert cutoff(date(2022, 12, 1), 1) == date(2022, 11, 1)


@pytest.fixture
def old(town: Town) -> Town:
    """Deliveries before and after the term of a year: persons 0 and 1 once had help, only that of 0 goes on."""
    town.settings.landing.write("demo.json", json.dumps({"stand": STAND}).encode())
    town.gebieden(2019)
    for day in ("2021-01-05", "2021-03-05"):
        town.brp([{"bsn": number} for number in range(3)], day)
    town.bus(2020, 12, [{"bsn": 0}], "2021-01-20")
    town.bus(2021, 4, [{"bsn": 0}], "2021-05-20")
    town.bus(2022, 5, [{"bsn": 0}], "2022-06-20")
    town.wmo([w301(0, 1, "2020-01-01"), w301(1, 2, "2020-01-01", "2020-06-01", identificatie="2")], "2021-02-10")
    town.wmo([w301(1, 3, "2020-02-01", "2020-06-01", identificatie="3")], "2021-03-10")
    town.wmo([w301(2, 4, "2022-02-01", identificatie="4")], "2022-05-10")
    for bron in ("gebieden", "brp", "bus", "wmo"):
        town.take_in(bron, STAND)
    built(town)
    return town


def built(town: Town) -> None:
    """The spells as a night makes them."""
    key = load_keys(town.settings.key_file)
    rows = [(0, None), (1, "2020-06-01"), (2, None)]
    with town.settings.kluis.writing("kluis.duckdb") as file:
        file.unlink()
        with duckdb.connect(str(file)) as connection:
            connection.execute("create schema mart")
            connection.execute("create table mart.voorziening_wmo(persoon text, einddatum date)")
            for number, end in rows:
                connection.execute(
                    "insert into mart.voorziening_wmo values (?, ?)", [key.pseudonym("GM0988", "bsn", bsn(number)), end]
                )


def run(town: Town, *arguments: str, months: int = 12) -> int:
    with environment(town.environment()):
        return cli.main(["bewaar", "--maanden", str(months), *arguments])


def content(folder: Path) -> dict[Path, bytes]:
    return {
        file: file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file() and file.name not in ("privacylog.json", ".slot", "formaat.json")
    }


@pytest.mark.parametrize("arguments", [(), ("--proef",)])
def test_a_trial_tells_and_changes_nothing(old: Town, arguments: tuple[str, ...], capsys: pytest.CaptureFixture):
    before = content(old.folder)
    assert run(old, *arguments) == 0
    assert content(old.folder) == before
    printed = capsys.readouterr().out
    assert "wmo GM0988/2021-02-10; berichten over voorzieningen die nog tellen blijven in de kluis" in printed
    assert "--verwijder" in printed


def test_what_is_over_its_term_goes_and_what_is_needed_stays(old: Town):
    assert run(old, "--verwijder") == 0
    landing = old.folder / "landing"
    left = {str(path.relative_to(landing)) for path in landing.glob("*/*/*") if path.is_dir()}
    assert left == {
        "NL/gebieden/2019-01-02",  # no persons
        "GM0988/brp/2021-03-05",  # the newest of the whole
        "GM0988/bus/2021-05-20",  # a stock of April 2021: flows of the quarter from July 2021 begin in it
        "GM0988/bus/2022-06-20",
        "GM0988/wmo/2022-05-10",
    }
    keys = {bron: set(load_records(old.settings.kluis, bron)) for bron in ("brp", "bus", "wmo")}
    assert keys == {
        "brp": {"GM0988/2021-03-05"},
        "bus": {"GM0988/2021-05-20", "GM0988/2022-06-20"},
        "wmo": {"GM0988/2021-02-10", "GM0988/2022-05-10"},
    }
    uitval = {path.stem for path in (old.folder / "kluis" / "uitval").rglob("*.parquet")}
    assert not uitval & {"2021-01-05", "2021-01-20", "2021-02-10", "2021-03-10"}


def test_the_same_goes_from_s3(old: Town, on_s3: Callable[[Settings], Settings]):
    there = copy(old)
    there.settings = on_s3(old.settings)
    assert [run(town, "--verwijder") for town in (old, there)] == [0, 0]
    for name in ("landing", "kluis"):
        folder, s3 = (getattr(town.settings, name) for town in (old, there))
        files = [file.path for file in folder.files("")]
        assert [file.path for file in s3.files("")] == files
        # The day and time of a removal stand in the log.
        different = [path for path in files if s3.read(path) != folder.read(path)]
        assert different in ([], ["privacylog.json"])


def test_messages_on_spells_that_count_stay_in_the_kluis_and_cover_no_earlier_month(old: Town):
    assert run(old, "--verwijder") == 0
    (file,) = (old.folder / "kluis" / "bron" / "wmo" / "GM0988").glob("2021-02-10-*.parquet")
    person = load_keys(old.settings.key_file).pseudonym("GM0988", "bsn", bsn(0))
    assert pl.read_parquet(file).get_column("persoon").to_list() == [person]
    overview = pl.read_parquet(old.folder / "kluis" / "bron" / "leveringen_wmo.parquet")
    paths = {old.folder / "kluis" / path for path in overview.get_column("bestand").drop_nulls()}
    assert file in paths
    assert all(path.exists() for path in paths)
    row = overview.filter(pl.col("leverdatum") == date(2021, 2, 10)).row(0, named=True)
    assert (row["periode_van"], row["periode_tot"]) == (date(2021, 4, 1), date(2021, 2, 10))
    after = old.take_in("wmo", STAND)
    assert after.read_now == []
    assert file.exists()
    assert run(old, "--verwijder") == 0
    assert file.exists()


def test_when_the_spell_has_ended_long_ago_its_messages_go_too(old: Town):
    assert run(old, "--verwijder") == 0
    with duckdb.connect(str(old.folder / "kluis" / "kluis.duckdb")) as connection:
        connection.execute("update mart.voorziening_wmo set einddatum = '2021-03-31' where einddatum is null")
    assert run(old, "--verwijder") == 0
    assert set(load_records(old.settings.kluis, "wmo")) == {"GM0988/2022-05-10"}


def test_without_spells_nothing_is_removed(old: Town, capsys: pytest.CaptureFixture):
    old.settings.kluis.remove("kluis.duckdb")
    before = content(old.folder)
    assert run(old, "--verwijder") == 2
    assert "meerdoen refresh" in capsys.readouterr().out
    assert content(old.folder) == before


def test_a_delivery_that_was_never_read_goes_too(old: Town):
    folder = old.deliver("brp", "2019-01-05", {"brp.csv": "x"}, leverancier="GM0047")
    assert run(old, "--verwijder") == 0
    assert not folder.exists()


def test_reports_for_who_asked_go_after_a_month(old: Town):
    import os

    for number in (1, 2):
        old.settings.kluis.write(f"inzage/{number}.txt", b"x")
    os.utime(old.folder / "kluis" / "inzage" / "1.txt", (1_600_000_000, 1_600_000_000))
    assert run(old, "--verwijder") == 0
    assert [file.name for file in (old.folder / "kluis" / "inzage").iterdir()] == ["2.txt"]


@pytest.mark.parametrize("months", ["0", "-1", "veel"])
def test_an_odd_term_is_refused(old: Town, months: str):
    with pytest.raises(SystemExit), environment(old.environment()):
        cli.main(["bewaar", "--maanden", months])


def test_a_removal_is_logged(old: Town):
    assert run(old, "--verwijder") == 0
    (entry,) = json.loads((old.folder / "kluis" / "privacylog.json").read_text())
    assert entry["soort"].startswith("bewaar 12 maanden")


def test_the_figures_of_the_months_kept_are_the_same_after_a_removal(nights: Nights):
    """A whole night after it: every month that is kept has the figures that it had.

    But for figures of a longer time before it: the half-year, and what ended in twelve months (in the kluis only).
    """
    kluis = nights.folder / "kluis" / "kluis.duckdb"
    months_kept = "select * from mart.wijkcijfers where peildatum >= '2022-05-31'"
    query = f"{months_kept} and indicator not in ('gebruik_halfjaar', 'duur_mediaan_maanden') order by all"
    longer = f"select * from ({months_kept}) where indicator = 'gebruik_halfjaar' and status = 'geleverd'"
    landing = nights.folder / "landing"
    aside = nights.folder / "aside"
    shutil.copytree(nights.folder, aside, symlinks=True)
    kept = Nights(aside)
    assert kept.night(SECOND) == 0
    # The demo's own day is after its last month: 2022-07-20, so two months back is from May on.
    assert nights.run("bewaar", "--maanden", "2", "--verwijder") == 0
    assert not (landing / GEMEENTE / "wmo" / "2022-01-10").exists()
    assert (landing / GEMEENTE / "brp" / "2022-06-05").exists()
    assert nights.night(SECOND) == 0
    with (
        duckdb.connect(str(kluis), read_only=True) as after,
        duckdb.connect(str(aside / "kluis" / "kluis.duckdb"), read_only=True) as before,
    ):
        found, wanted = after.sql(query).pl(), before.sql(query).pl()
        whole, left = before.sql(longer).pl(), after.sql(longer).pl()
        months = after.execute("select min(peildatum) from mart.dekking where regeling = 'wmo'").fetchone()
    assert found.height > 100
    assert found.equals(wanted)
    assert months == (date(2022, 2, 28),)
    # It began in January: no figure of less than all of it, only where a delivery of before is still needed.
    assert 0 < left.height < whole.height
    assert left.join(whole, on=whole.columns, how="anti", nulls_equal=True).is_empty()
