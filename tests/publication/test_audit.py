"""The audit of the written edition, on the truth of each earlier close: sound editions pass, what is not stops them."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import dagster as dg
import polars as pl
import pytest

from assets.ground.declared import BREAKDOWN
from assets.protection.cells import KEY, PUBLISHED
from assets.protection.public import per_1000
from assets.publication import audit, edition
from assets.publication.gate import gate_asset
from assets.publication.publish import _publish, _tables
from tests.making.closes import Closes
from tests.making.leaks import CANARY
from tests.validations.disclosure.gemeente import Gemeente, gemeente
from validations.gate import suites

DAYS = (date(2022, 3, 31), date(2022, 4, 30), date(2022, 5, 31), date(2022, 6, 30))
FIRST, SECOND, THIRD = date(2022, 5, 20), date(2022, 6, 20), date(2022, 7, 20)
REGELINGEN = ["wmo", "jeugdzorg"]


@cache
def town(*nights: int) -> Gemeente:
    """What is known on a night; with two numbers wmo on the one and jeugdzorg on the other."""
    known = [gemeente(3, 2000, 3, DAYS, linked=0, night=night).figures for night in nights]
    figures = dict(zip(REGELINGEN, (known[0]["wmo"], known[-1]["jeugdzorg"]), strict=True))
    return replace(gemeente(3, 2000, 3, DAYS, linked=0), figures=figures)


def only(known: Gemeente, regeling: str) -> Gemeente:
    return replace(known, figures={regeling: known.figures[regeling]})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two closes that are public."""
    made = Closes(folder := tmp_path_factory.mktemp("closes"))
    for night, stand in enumerate((FIRST, SECOND)):
        made.compute(town(night), stand)
        assert made.audit()["reden"] == ""
        made.publish()
    return folder


@pytest.fixture
def closes(folder: Path, tmp_path: Path) -> Closes:
    """Two closes that are public, and a third that is computed."""
    made = Closes(Path(shutil.copytree(folder, tmp_path / "own", symlinks=True)))
    made.compute(town(2), THIRD)
    return made


def rewrite(file: Path, change: Callable[[pl.DataFrame], pl.DataFrame]) -> None:
    change(pl.read_parquet(file)).write_parquet(file)


def test_sound_editions_pass_and_each_close_is_tried(closes: Closes, monkeypatch: pytest.MonkeyPatch):
    tried, attack_today = [], audit.attack_today

    def seen(*arguments, stand: date, **options):
        tried.append(stand)
        return attack_today(*arguments, stand=stand, **options)

    monkeypatch.setattr(audit, "attack_today", seen)
    found = closes.audit()
    assert (found["reden"], found["smalste"]) == ("", 4)
    assert tried == [THIRD, FIRST, SECOND]


PLACE = [name for name in KEY if name not in ("tabel", BREAKDOWN)]


def replaced(closes: Closes) -> None:
    """A figure of the first close is five more in the written table; the truth of today leaves room for both."""
    cells = pl.read_parquet(closes.work / "kandidaat" / "monitor_wmo.parquet")
    still = (pl.col("bekend_sluiting") == FIRST) & (pl.col("bekend_status") == PUBLISHED) & ~pl.col("vers")
    fits = pl.col("aantal").is_between(pl.col("bekend_waarde") - 1, pl.col("bekend_waarde") + 11)
    one = cells.filter(still, fits).head(1).select(*PLACE, pl.lit(5).alias("meer"))
    assert one.height == 1

    def change(table: pl.DataFrame) -> pl.DataFrame:
        more = table.join(one, on=PLACE, how="left", maintain_order="left").with_columns(
            waarde=pl.col("waarde") + pl.col("meer").fill_null(0)
        )
        return more.with_columns(per_1000=per_1000()).drop("meer")

    rewrite(closes.work / "vrij" / "monitor_wmo.parquet", change)


def test_an_old_value_that_was_replaced_is_found_on_the_truth_of_its_close(closes: Closes):
    closes.night = replace(closes.night, before=None)  # with no edition to compare with
    replaced(closes)
    reason = closes.audit()["reden"]
    assert reason == "de audit vond 1 van 3 stelsels onveilig; monitor_wmo: de telling past niet in wat de lezer weet"


def test_and_beside_the_edition_in_which_it_was_public(closes: Closes):
    replaced(closes)
    reason = closes.audit()["reden"]
    assert reason.startswith("de audit vond 2 van 4 stelsels onveilig")
    assert "monitor_wmo: een openbaar cijfer is gewijzigd zonder reden" in reason


# --- a second run on the day of a close: one table was not ready in the first ---


def later(closes: Closes, *nights: int) -> None:
    """The first run published wmo; the second, on what is known by then, sets jeugdzorg anew too."""
    closes.compute(only(town(2), "wmo"), THIRD)
    assert closes.audit()["reden"] == ""
    closes.publish()
    closes.compute(town(*nights), THIRD)
    new = pl.read_parquet(closes.work / "vrij" / "grootboek.parquet")
    # It also sets figures anew that an earlier close had counted otherwise.
    assert set(new.get_column("tabel")) == {"monitor_jeugdzorg"}
    assert new.join(closes.known, on=KEY).filter(pl.col("aantal") != pl.col("aantal_right")).height > 0


@pytest.mark.parametrize("nights", [(2, 2), (3, 2)], ids=["wmo as it was", "wmo known better by now"])
def test_what_is_set_later_on_the_day_is_read_on_the_truth_of_then(closes: Closes, nights: tuple[int, int]):
    later(closes, *nights)
    assert closes.audit()["reden"] == ""
    closes.publish()
    assert edition.latest(closes.night.settings.publicatie) == f"{THIRD}-2"


def test_read_on_the_truth_before_it_would_stop_the_edition(closes: Closes):
    """As if the close of that day had set these figures on what an earlier one counted."""
    later(closes, 2)
    file = closes.work / "kandidaat" / "monitor_jeugdzorg.parquet"
    again = pl.col("vers") & pl.col("bekend_aantal").is_not_null()
    of_the_day = pl.when(again).then(pl.lit(THIRD)).otherwise("bekend_sluiting")
    rewrite(file, lambda cells: cells.with_columns(bekend_sluiting=of_the_day, vers=pl.col("vers") & ~again))
    reason = closes.audit()["reden"]
    assert "monitor_jeugdzorg: de telling past niet in wat de lezer weet" in reason


# --- what the gate does with it ---


def test_an_audit_that_raises_tells_no_value_and_is_tried_again(closes: Closes, monkeypatch: pytest.MonkeyPatch):
    with monkeypatch.context() as patch:

        def raising(*_arguments, **_options):
            raise ValueError(CANARY)

        patch.setattr(audit, "attack_today", raising)
        found = closes.audit()
    assert found["reden"].startswith("de audit faalde (ValueError in audit.py:")
    assert CANARY not in str(found)
    assert closes.audit()["reden"] == ""


@pytest.mark.parametrize("sound", [True, False])
def test_what_the_audit_finds_fails_the_check_and_publishes_nothing(
    closes: Closes, monkeypatch: pytest.MonkeyPatch, sound: bool
):
    monkeypatch.setattr(suites, "judge_table", lambda *_: [])
    if not sound:
        replaced(closes)
    result = dg.materialize([gate_asset(REGELINGEN)], resources={"night": closes.night})
    (check,) = [check for check in result.get_asset_check_evaluations() if check.check_name == "audit"]
    assert (check.passed, check.severity) == (sound, dg.AssetCheckSeverity.ERROR)
    if not sound:
        done = _publish(closes.night, REGELINGEN)
        assert done == {"editie": str(SECOND), "nieuw": False, "fout": check.description, "regelingen": 0}
        assert edition.latest(closes.night.settings.publicatie) == str(SECOND)
        assert closes.known.get_column("sluiting").max() == SECOND


# --- the previous edition was cut or written over since ---


def cut(closes: Closes, name: str) -> Path:
    file = closes.folder / "publicatie" / str(SECOND) / name
    file.write_bytes(file.read_bytes()[:-50])
    return file


def test_a_cut_table_of_the_previous_edition_stops_nothing_and_is_held_against_the_ledger(closes: Closes):
    cut(closes, "monitor_wmo.parquet")
    closes.compute(town(2), THIRD)
    assert closes.audit()["reden"] == ""
    replaced(closes)
    assert "monitor_wmo: een openbaar cijfer is gewijzigd zonder reden" in closes.audit()["reden"]


def test_a_table_that_stays_and_was_cut_is_made_again_from_the_ledger(closes: Closes, tmp_path: Path):
    file = closes.folder / "publicatie" / str(SECOND) / "monitor_wmo.parquet"
    public = pl.read_parquet(file)
    assert edition.damaged(closes.night.settings.publicatie, str(SECOND)) == []
    cut(closes, file.name)
    assert edition.damaged(closes.night.settings.publicatie, str(SECOND)) == [file.name]
    _tables(closes.night, ["wmo"], [], tmp_path)
    assert pl.read_parquet(tmp_path / file.name).equals(public)
