"""The bars of disclosure control over the protection as it runs: nobody is found, and what is hidden had to be."""

import os
from dataclasses import replace
from datetime import date
from random import Random

import polars as pl
import pytest

from assets.protection.cells import HIDDEN, KEY
from assets.protection.public import entries_of, with_entries
from assets.protection.sdc import Sdc
from tests.making.publishing import NOTHING, naive
from tests.validations.disclosure.gemeente import DAYS, gemeente
from tests.validations.disclosure.secured import SDC, attacked, cells, close, use

STAND = date(2022, 4, 20)
# `make bench` tries larger ones; MEERDOEN_GEMEENTEN=1000 tries more of them.
SEEDS = range(int(os.environ.get("MEERDOEN_GEMEENTEN", "200")))


def town(seed: int):
    return gemeente(seed, Random(seed).randint(800, 5000), regelingen=4, linked=4 if seed % 2 else 0)


@pytest.fixture(scope="module")
def outcomes() -> list[tuple]:
    """For each made-up gemeente the attack on its public tables, and how much was hidden beyond the primary rules."""
    found = []
    for seed in SEEDS:
        here = town(seed)
        ledger, made, _ = close(here, STAND)
        extra = made.filter(pl.col("reden") == "secundair").height
        found.append((attacked(ledger, made, here, STAND), extra, made.height))
    return found


def test_nobody_is_found_in_any_gemeente(outcomes: list[tuple]):
    assert len(outcomes) >= 200
    assert sum(outcome.attacked for outcome, _, _ in outcomes) > 10_000
    assert [seed for seed, (outcome, _, _) in zip(SEEDS, outcomes, strict=True) if not outcome.safe] == []
    assert sum(outcome.exact + outcome.narrow + outcome.infeasible for outcome, _, _ in outcomes) == 0


def test_at_most_one_cell_in_a_hundred_is_hidden_beyond_the_primary_rules(outcomes: list[tuple]):
    assert sum(extra for _, extra, _ in outcomes) <= 0.01 * sum(size for _, _, size in outcomes)


def test_what_is_shown_is_still_of_use():
    """Of a gemeente of 20,000 with every regeling; the bars of disclosure.md B9 (`make bench` prints more sizes)."""
    _, made, _ = close(gemeente(1, 20_000, 17), STAND)
    shown = use(made)
    assert shown["gemeente"] >= 99
    assert shown["wijk"] >= 97
    assert shown["buurt"] >= 95
    assert shown["straat"] >= 70
    assert shown["extra"] <= 1
    # It can fail: nothing at buurt is of no use there.
    nothing = made.with_columns(
        publicatiestatus=pl.when(pl.col("gebiedsniveau") == "buurt").then(pl.lit("stil")).otherwise("publicatiestatus")
    )
    assert use(nothing)["buurt"] == 0


@pytest.mark.parametrize("seed", range(12))
def test_with_exact_counts_and_the_primary_rules_alone_somebody_is_found(seed: int):
    """The attack can succeed: small counts hidden, all others as they are."""
    here = gemeente(seed, 3_000, regelingen=4)
    made = shown_again(naive(cells(here)), pl.col("aantal") >= SDC.threshold)
    ledger = with_entries(NOTHING, entries_of(made.with_columns(waarde="aantal"), SDC, STAND))
    assert attacked(ledger, made, here, STAND).exact > 0


def shown_again(made: pl.DataFrame, where: pl.Expr) -> pl.DataFrame:
    """Cells with some of them shown, whatever protection decided."""
    shown = where & (pl.col("status") == "geleverd")
    return made.with_columns(publicatiestatus=pl.when(shown).then(pl.lit("gepubliceerd")).otherwise("publicatiestatus"))


def test_each_repaired_cell_shown_again_is_caught():
    tried = 0
    for seed in SEEDS:
        here = town(seed)
        _, made, _ = close(here, STAND)
        for key in made.filter(pl.col("reden") == "secundair").select(KEY).rows():
            here_again = pl.all_horizontal(pl.col(name) == value for name, value in zip(KEY, key, strict=True))
            again = shown_again(made, here_again)
            ledger = with_entries(NOTHING, entries_of(again, SDC, STAND))
            assert not attacked(ledger, made, here, STAND).safe, (seed, key)
            tried += 1
        if tried >= 60:
            break
    assert tried >= 20


# --- another threshold than 10 ---

SENSITIVE = {"wmo": {"drempel": 15, "niveaus": ["gemeente", "wijk"]}}
OTHERS = [replace(SDC, threshold=15), replace(SDC, extra_sensitive=SENSITIVE), replace(SDC, threshold=5)]


@pytest.mark.parametrize(
    ("own", "more"), [(OTHERS[0], True), (OTHERS[1], True), (OTHERS[2], False)], ids=["15", "wmo_15", "5"]
)
def test_nobody_is_found_with_another_threshold(own: Sdc, more: bool):
    tried = 0
    for seed in SEEDS[:6]:
        here = town(seed)
        ledger, made, _ = close(here, STAND, own=own)
        outcome = attacked(ledger, made, here, STAND)
        small = made.filter(pl.col("aantal") >= 1, pl.col("aantal") < pl.col("drempel"))
        assert outcome.safe, seed
        apart = pl.col("onder").is_not_null() | pl.col("ruim").is_not_null()
        assert outcome.attacked == small.height + made.filter(apart, pl.col("publicatiestatus") == HIDDEN).height
        tried += small.filter(pl.col("aantal") >= SDC.threshold).height
    assert (tried > 20) is more  # counts of 10..14 are attacked as well


def test_each_repaired_cell_shown_again_is_caught_at_a_threshold_of_fifteen():
    """Some of them give away no count under 10: an attacker that knows of no other threshold would miss those."""
    tried = above = 0
    for seed in SEEDS[:12]:
        here = town(seed)
        _, made, _ = close(here, STAND, own=OTHERS[0])
        for key in made.filter(pl.col("reden") == "secundair").select(KEY).rows():
            here_again = pl.all_horizontal(pl.col(name) == value for name, value in zip(KEY, key, strict=True))
            again = shown_again(made, here_again)
            outcome = attacked(with_entries(NOTHING, entries_of(again, SDC, STAND)), made, here, STAND)
            assert not outcome.safe, (seed, key)
            given_away = outcome.cells.join(made.select(*KEY, "aantal"), on=KEY).get_column("aantal")
            tried, above = tried + 1, above + bool(len(given_away) and (given_away >= SDC.threshold).all())
    assert tried >= 20
    assert above > 0


@pytest.mark.parametrize(("before", "after"), [(10, 15), (15, 10)])
def test_what_an_earlier_close_set_keeps_the_threshold_of_then(before: int, after: int):
    here = town(1)
    earlier = {name: figures.filter(pl.col("peildatum") == DAYS[0]) for name, figures in here.figures.items()}
    known, _, _ = close(replace(here, figures=earlier), date(2022, 1, 20), own=replace(SDC, threshold=before))
    ledger, made, _ = close(here, STAND, known, own=replace(SDC, threshold=after))
    outcome = attacked(ledger, made, here, STAND)
    assert outcome.attacked > 0
    assert outcome.safe
