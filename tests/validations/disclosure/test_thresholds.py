"""Another threshold from one close to the next: the edition comes out, and what was public is read as it was set."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from assets.protection.cells import BELOW, KEY, PUBLISHED
from assets.protection.close import touched
from assets.protection.protect import system_of
from assets.protection.sdc import load_sdc, settings_mark
from assets.publication import audit, edition
from assets.publication.gate import _verdicts
from tests.making.closes import Closes
from tests.protection.test_protect import changed_settings
from tests.validations.disclosure.gemeente import Gemeente, gemeente

DAYS = (date(2022, 3, 31), date(2022, 4, 30), date(2022, 5, 31), date(2022, 6, 30))
CLOSES = (date(2022, 5, 20), date(2022, 6, 20), date(2022, 7, 20))
BETWEEN = date(2022, 7, 5)
CHANGES = [(10, 15), (15, 10)]


def town(seed: int, night: int) -> Gemeente:
    """Of the odd seeds the regelingen are linked."""
    return gemeente(seed, 1500 + 500 * seed, 3, DAYS, linked=3 if seed % 2 else 0, night=night)


@pytest.fixture
def closes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """`closes(threshold, town, stand)`: a night with that `drempel` in sdc.yml; gives what it is run on."""
    made = Closes(tmp_path)

    def night(threshold: int, known: Gemeente, stand: date) -> Closes:
        file = changed_settings(tmp_path, {"drempel": threshold})
        monkeypatch.setattr(load_sdc, "__defaults__", (file, None))
        monkeypatch.setattr(settings_mark, "__defaults__", (file,))
        made.compute(known, stand)
        return made

    return night


def candidates(made: Closes) -> pl.DataFrame:
    return touched(pl.concat(pl.read_parquet(file) for file in made.work.glob("kandidaat/monitor_*.parquet")))


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize(("before", "after"), CHANGES)
def test_the_edition_comes_out_and_old_figures_stay(closes, before: int, after: int, seed: int):
    for number, stand in enumerate(CLOSES[:2]):
        made = closes(before, town(seed, number), stand)
        assert made.audit()["reden"] == ""
        made.publish()
    old = made.known
    made = closes(after, town(seed, 2), CLOSES[2])
    told = made.audit()
    # No count was recovered, none is too narrow, today or on the truth of any earlier close.
    assert (told["reden"], told["smalste"]) == ("", load_sdc().width)
    assert told["aangevallen"] > 100
    made.publish()
    assert edition.latest(made.night.settings.publicatie) == str(CLOSES[2])
    both = made.known.join(old, on=KEY, how="left", suffix="_toen")
    newly = pl.col("sluiting") == CLOSES[2]
    assert set(both.filter(newly).get_column("drempel")) == {after}
    assert set(both.filter(~newly).get_column("drempel")) == {before}
    assert both.filter(newly, pl.col("waarde") < after).is_empty()
    moved = both.filter(
        pl.col("sluiting_toen").is_not_null(),
        pl.col("waarde").ne_missing(pl.col("waarde_toen"))
        | (pl.col("publicatiestatus") != pl.col("publicatiestatus_toen")),
    )
    truly = (pl.col("aantal") - pl.col("aantal_toen")).abs() >= 5
    forbidden = (
        # What was shown could be under it: a 15 goes whatever is behind it, or 13 and 14 would be told apart.
        (pl.col("publicatiestatus_toen") == PUBLISHED)
        & (pl.col("waarde_toen") - 2 < after)
        & pl.col("waarde").is_null()
    )
    assert moved.filter(~truly, ~forbidden).is_empty()
    assert (moved.filter(~truly, forbidden).height > 0) is (after > before)


@pytest.mark.parametrize("seed", range(2))
def test_between_closes_what_is_forbidden_goes_at_once_and_nothing_else_moves(closes, seed: int):
    """Also when other counts changed by five or more, which waits for the close."""
    closes(10, town(seed, 0), CLOSES[1]).publish()
    made = closes(15, town(seed, 2), BETWEEN)
    told = made.audit()
    assert (told["reden"], told["smalste"]) == ("", load_sdc().width)
    old = made.known
    made.publish()
    moved = made.known.filter(pl.col("sluiting") == BETWEEN).join(old, on=KEY, suffix="_toen")
    assert moved.height == old.filter(pl.col("waarde") <= 15).height > 0
    assert moved.filter(pl.col("aantal_toen") >= 15).height > 0
    assert moved.get_column("waarde").drop_nulls().is_empty()
    assert closes(15, town(seed, 3), CLOSES[2]).audit()["reden"] == ""


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize(("before", "after", "stand"), [*((*pair, CLOSES[2]) for pair in CHANGES), (10, 15, BETWEEN)])
def test_protection_reads_old_figures_as_they_were_set(closes, before: int, after: int, stand: date, seed: int):
    """With the threshold of then: with today's it would hold a count under 15 for one under 10."""
    closes(before, town(seed, 0), CLOSES[1]).publish()
    cells = candidates(closes(after, town(seed, 2), stand))
    assert cells.filter(~pl.col("vers"), pl.col("bekend_status") == BELOW).height > 10
    system = system_of(cells, load_sdc())
    low, high = system.bounds()
    delivered = (cells.get_column("status") == "geleverd").to_numpy()
    fits = (low[: len(cells)] <= system.count) & (system.count <= high[: len(cells)])
    assert fits[delivered].all()


def test_an_audit_with_the_threshold_of_today_would_stop_the_edition(closes, monkeypatch):
    """What was hidden under 15 is not under 10."""
    closes(15, town(1, 0), CLOSES[1]).publish()
    made = closes(10, town(1, 2), CLOSES[2])
    assert made.audit()["reden"] == ""
    known = made.known.with_columns(drempel=pl.lit(10, pl.Int64))
    monkeypatch.setattr(audit.ledger, "current", lambda *_: known)
    (made.work / "geheugen" / "audit.json").unlink()
    assert "onveilig" in made.audit()["reden"]


def test_the_gate_lets_through_what_can_only_stay(closes):
    """A month past its term is not counted any more, and a noemer is not set anew: both are from before 15."""
    then, here = (gemeente(14, 500, 2, DAYS, linked=0, night=night) for night in (0, 1))
    closes(10, then, CLOSES[1]).publish()
    gone = pl.col("peildatum") == DAYS[0]
    figures = {name: frame.filter(~gone) for name, frame in here.figures.items()}
    made = closes(15, Gemeente(figures, here.areas, here.residents), CLOSES[2])
    assert made.known.filter(gone, pl.col("waarde") == 10).height > 0
    assert made.known.filter(~gone, pl.col("noemer") == 10).height > 0
    verdicts, _ = _verdicts(made.night, list(figures))
    under = {"GX-10-vanaf-drempel", "GX-12-noemer"}
    assert [under & set(verdict["gebroken"]) for verdict in verdicts.values()] == [set()] * len(figures)
