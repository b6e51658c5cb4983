"""The attacker on whole gemeenten: able to succeed, and no sabotage escapes it. By hand: test_attack_by_hand.py."""

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from assets.ground.declared import FIGURES
from assets.protection.sdc import load_sdc
from tests.making import publishing
from tests.validations.disclosure.gemeente import Gemeente, gemeente
from tests.validations.disclosure.trial import UNLINKED, attacked, candidate, exact, linked
from validations.disclosure.attack import attack
from validations.disclosure.editions import differences
from validations.disclosure.reader import KEY

SDC = load_sdc()
GRID = SDC.cells()
DAY = date(2022, 3, 31)


def protection(figures: pl.DataFrame, areas: pl.DataFrame, residents: pl.DataFrame) -> pl.DataFrame:
    return publishing.published(figures, areas, residents)


def primary_only(figures: pl.DataFrame, _: pl.DataFrame, __: pl.DataFrame) -> pl.DataFrame:
    """What must not be done: exact counts, those under the threshold hidden."""
    shown = pl.col("aantal") >= 10
    status = pl.when(pl.col("status") != "geleverd").then("status").when(shown).then(pl.lit("gepubliceerd"))
    return FIGURES.of(
        figures.join(GRID, on=["gebiedsniveau", "indicator", "leeftijdsgroep"], how="semi").with_columns(
            status.otherwise(pl.lit("kleiner_dan_drempel")).alias("publicatiestatus"),
            pl.when(shown).then("aantal").alias("waarde"),
            pl.lit(None).alias("per_1000"),
            pl.lit(None).alias("noemer"),
            *(pl.lit("x").alias(name) for name in ("editie", "cijferstatus")),
        )
    )


def rounded_only(figures: pl.DataFrame, areas: pl.DataFrame, residents: pl.DataFrame) -> pl.DataFrame:
    """10-5 without any repair."""
    table = primary_only(figures, areas, residents)
    return table.with_columns((pl.col("waarde") + 2) // 5 * 5)


# --- whole gemeenten -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(40))
def test_primary_suppression_alone_is_broken(seed: int):
    town = gemeente(seed, 800 + 105 * seed, 6)
    outcome = attacked(town, candidate(town, primary_only))
    assert outcome.attacked > 100
    assert outcome.exact > 0
    assert not outcome.infeasible


@pytest.mark.parametrize("seed", range(4))
def test_what_a_reader_is_said_to_know_is_true(seed: int):
    """Nothing that the rules claim is broken by persons who were only counted: months, quarters, moves, links."""
    days = (date(2021, 9, 30), date(2021, 10, 31), date(2021, 11, 30), date(2021, 12, 31), date(2022, 3, 31))
    town = gemeente(100 + seed, 6000, 5, days)
    outcome = attacked(town, candidate(town, protection))
    assert outcome.attacked > 400
    assert not outcome.infeasible
    assert not outcome.findings


def test_with_what_was_proven_before_an_attack_finds_what_it_finds_alone():
    """Rounded tables of two gemeenten, with a figure hidden and another shown between the attacks."""
    for seed in (5, 6):
        town = gemeente(seed, 1500)
        published = candidate(town, rounded_only)
        hidden = published.with_row_index("rij").with_columns(
            publicatiestatus=pl.when((pl.col("rij") % 97 == 0) & (pl.col("publicatiestatus") == "gepubliceerd"))
            .then(pl.lit("onderdrukt"))
            .otherwise("publicatiestatus")
        )
        hidden = hidden.with_columns(waarde=pl.when(pl.col("publicatiestatus") == "gepubliceerd").then("waarde")).drop(
            "rij"
        )
        moves = None
        for table in (published, hidden, published):
            alone, after = attacked(town, table), attacked(town, table, moves=moves)
            assert alone.narrow > 0
            assert after.cells.equals(alone.cells)
            moves = after.moves


def test_rounding_alone_is_broken_and_more_so_over_linked_tables():
    alone = joint = 0
    for seed in (5, 6, 17, 18):
        town = gemeente(seed, 800 + 100 * seed)
        published, truth = candidate(town, rounded_only), exact(town)
        alone += attack(published, town.areas, town.residents, truth, UNLINKED).narrow
        joint += attack(published, town.areas, town.residents, truth, linked(town)).narrow
    assert 0 < alone < joint


def test_an_attack_is_the_same_every_time():
    town = gemeente(3, 3000)
    published = candidate(town, primary_only)
    first, second = attacked(town, published), attacked(town, published.sample(fraction=1, shuffle=True, seed=1))
    assert first.cells.equals(second.cells)


def test_areas_that_kept_their_borders_are_followed_over_the_years():
    town = gemeente(5, 3000)
    earlier = pl.when(pl.col("peildatum").dt.year() == 2021).then(2021).otherwise("indelingsjaar").cast(pl.Int32)
    years = [town.areas, town.areas.with_columns(pl.lit(2021, pl.Int32).alias("indelingsjaar"))]
    figures = {name: frame.with_columns(earlier.alias("indelingsjaar")) for name, frame in town.figures.items()}
    renewed = replace(town, figures=figures, areas=pl.concat(years))
    outcomes = [attacked(each, candidate(each, primary_only)) for each in (town, renewed)]
    assert outcomes[0].exact == outcomes[1].exact > 0


# --- sabotage --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def town() -> Gemeente:
    return gemeente(21, 20000)


@pytest.fixture(scope="module")
def published(town: Gemeente) -> pl.DataFrame:
    return candidate(town, protection)


def changed(published: pl.DataFrame, row: int, **values) -> pl.DataFrame:
    here = pl.int_range(pl.len()) == row
    return published.with_columns(
        pl.when(here).then(pl.lit(value)).otherwise(name).cast(published.schema[name]).alias(name)
        for name, value in values.items()
    )


def picked(published: pl.DataFrame, town: Gemeente, rule: pl.Expr, count: int = 6) -> list[dict]:
    """Rows (with their number and `aantal`) that a sabotage can be done to."""
    rows = published.with_row_index("rij").join(exact(town).select(*KEY, "aantal"), on=KEY, how="left")
    found = rows.filter(rule).sort("rij").sample(count, seed=1)
    return found.to_dicts()


def test_nothing_is_found_in_what_was_not_sabotaged(town: Gemeente, published: pl.DataFrame):
    assert attacked(town, published).safe


SHOWN = pl.col("publicatiestatus") == "gepubliceerd"
UNEVEN = pl.col("aantal") % 5 != 0


@pytest.mark.parametrize("level", ["gemeente", "wijk", "buurt"])
def test_an_exact_value_is_seen(town: Gemeente, published: pl.DataFrame, level: str):
    for row in picked(published, town, SHOWN & UNEVEN & (pl.col("gebiedsniveau") == level)):
        outcome = attacked(town, changed(published, row["rij"], waarde=row["aantal"]))
        assert f"{row['tabel']}: een waarde die niet is afgerond" in outcome.findings


def test_a_small_value_is_seen(town: Gemeente, published: pl.DataFrame):
    for row in picked(published, town, pl.col("publicatiestatus") == "kleiner_dan_drempel"):
        sabotaged = changed(published, row["rij"], waarde=5, publicatiestatus="gepubliceerd")
        assert f"{row['tabel']}: een waarde onder de drempel" in attacked(town, sabotaged).findings
        assert not attacked(town, changed(published, row["rij"], waarde=row["aantal"])).safe


@pytest.mark.parametrize("status", ["onderdrukt_primair", "nul", None])
def test_a_status_that_tells_more_is_seen(town: Gemeente, published: pl.DataFrame, status: str | None):
    for row in picked(published, town, pl.col("publicatiestatus") == "kleiner_dan_drempel", 3):
        assert not attacked(town, changed(published, row["rij"], publicatiestatus=status)).safe


def test_a_rate_from_exact_counts_is_seen(town: Gemeente, published: pl.DataFrame):
    rated = SHOWN & UNEVEN & (pl.col("noemer") < 2000)
    for row in picked(published, town, rated):
        rate = round(1000 * row["aantal"] / row["noemer"], 1)
        outcome = attacked(town, changed(published, row["rij"], per_1000=rate))
        assert f"{row['tabel']}: een verhouding die niet uit waarde en noemer volgt" in outcome.findings


def test_a_rate_beside_a_hidden_count_gives_it_away(town: Gemeente, published: pl.DataFrame):
    small = (pl.col("publicatiestatus") == "kleiner_dan_drempel") & pl.col("aantal").is_between(1, 9)
    for row in picked(published, town, small & (pl.col("noemer") < 3000)):
        outcome = attacked(
            town, changed(published, row["rij"], per_1000=round(1000 * row["aantal"] / row["noemer"], 1))
        )
        assert outcome.exact + outcome.narrow > 0


def test_a_denominator_that_is_not_rounded_is_seen(town: Gemeente, published: pl.DataFrame):
    for row in picked(published, town, pl.col("noemer").is_not_null(), 3):
        sabotaged = changed(published, row["rij"], noemer=row["noemer"] + 1)
        assert f"{row['tabel']}: een noemer die niet is afgerond" in attacked(town, sabotaged).findings


def test_a_missing_row_is_seen(town: Gemeente, published: pl.DataFrame):
    for row in picked(published, town, pl.col("aantal") == 0):
        outcome = attacked(town, published.filter(pl.int_range(pl.len()) != row["rij"]))
        assert f"{row['tabel']}: een rij van het rooster ontbreekt" in outcome.findings
        assert not outcome.infeasible
    for row in picked(published, town, pl.col("aantal").is_between(1, 9), 2):
        assert attacked(town, published.filter(pl.int_range(pl.len()) != row["rij"])).infeasible


def test_a_second_indeling_of_one_month_is_seen(town: Gemeente, published: pl.DataFrame):
    again = published.filter(pl.col("peildatum") == DAY, pl.col("tabel") == "monitor_wmo")
    other = town.areas.with_columns(pl.lit(2021, pl.Int32).alias("indelingsjaar"))
    sabotaged = pl.concat([published, again.with_columns(pl.lit(2021, pl.Int32).alias("indelingsjaar"))])
    wider = Gemeente(town.figures, pl.concat([town.areas, other]), town.residents)
    assert "GM0999: twee indelingen van één maand" in attacked(wider, sabotaged).findings


def test_a_figure_that_is_told_twice_is_seen(town: Gemeente, published: pl.DataFrame):
    outcome = attacked(town, pl.concat([published, published.filter(pl.int_range(pl.len()) == 7)]))
    assert any("twee rijen" in text for text in outcome.findings)


# --- editions --------------------------------------------------------------------------------------------------------


def test_an_edition_that_did_not_change_tells_nothing(town: Gemeente, published: pl.DataFrame):
    outcome = differences(published, published, exact(town), exact(town))
    assert outcome.safe
    figured = published.filter(~pl.col("publicatiestatus").is_in(["nvt", "niet_geleverd"]))
    assert 0 < outcome.attacked == figured.height


@pytest.mark.parametrize(("change", "allowed"), [(1, False), (4, False), (-4, False), (5, True), (-5, True)])
def test_a_figure_changes_for_a_true_change_of_five(
    town: Gemeente, published: pl.DataFrame, change: int, allowed: bool
):
    row = picked(published, town, SHOWN & (pl.col("waarde") > 20), 1)[0]
    here = pl.int_range(pl.len()) == row["rij"]
    now = published.with_columns(pl.when(here).then(pl.col("waarde") + 5).otherwise("waarde").alias("waarde"))
    truth = exact(town).join(published.filter(here).select(*KEY, pl.lit(change).alias("erbij")), on=KEY, how="left")
    truth = truth.with_columns(pl.col("aantal") + pl.col("erbij").fill_null(0))
    outcome = differences(published, now, exact(town), truth)
    assert outcome.safe == allowed
    if not allowed:
        assert outcome.cells.height == 1
        assert outcome.findings == (f"{row['tabel']}: een openbaar cijfer is gewijzigd zonder reden",)


@pytest.mark.parametrize(
    ("before", "now", "allowed"),
    [
        ("gepubliceerd", "onderdrukt", True),
        ("gepubliceerd", "kleiner_dan_drempel", True),
        ("niet_geleverd", "gepubliceerd", True),
        ("niet_geleverd", "kleiner_dan_drempel", True),
        ("kleiner_dan_drempel", "onderdrukt", False),
        ("onderdrukt", "kleiner_dan_drempel", False),
        ("onderdrukt", "gepubliceerd", False),
        ("kleiner_dan_drempel", "gepubliceerd", False),
        ("gepubliceerd", None, False),
    ],
)
def test_a_status_changes_only_towards_hiding(town, published, before: str, now: str | None, allowed: bool):
    row = picked(published, town, SHOWN, 1)[0]["rij"]

    def as_status(status: str | None) -> pl.DataFrame:
        if status is None:
            return published.filter(pl.int_range(pl.len()) != row)
        value = 10 if status == "gepubliceerd" else None
        return changed(published, row, publicatiestatus=status, waarde=value)

    assert differences(as_status(before), as_status(now), exact(town), exact(town)).safe == allowed
