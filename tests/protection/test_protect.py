"""Protection within tables: the 10-5 rule, the primary rules, dense rows, and no small count narrowed by sums."""

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.ground.declared import BREAKDOWN
from assets.ground.indicatoren import not_every_month
from assets.protection.bounds import FAR, Rules, propagate, tighten
from assets.protection.cells import KEY
from assets.protection.protect import protect, repair, show_again, system_of
from assets.protection.public import entries_of
from assets.protection.sdc import FILE, UnsafeSettingsError, load_sdc, rounded
from tests.making.figures import CLIENTS, areas, figures, residents, supply
from tests.making.publishing import NOTHING, STAND, cells, naive, night, published

SDC = load_sdc()
PUBLIC_KEY = [name for name in KEY[1:] if name != BREAKDOWN]


@pytest.mark.parametrize(("count", "shown"), [(0, None), (9, None), (10, 10), (12, 10), (13, 15), (17, 15), (18, 20)])
def test_ten_five(count: int, shown: int | None):
    assert pl.select(rounded(pl.lit(count), 5, 10)).item() == shown


def test_ten_five_is_the_rule_of_the_ons_for_every_count_up_to_750():
    """ptable_10_5_rule: under 10 nothing, else the nearest multiple of 5; 5 being odd there are no ties."""
    counts = pl.DataFrame({"n": range(1, 751)}).with_columns(rounded(pl.col("n"), 5, 10).alias("shown"))
    for n, shown in counts.iter_rows():
        nearest = min((abs(five - n), five) for five in range(0, 760, 5))[1]
        assert shown == (None if n < 10 else nearest)


def table(clients: dict = CLIENTS) -> pl.DataFrame:
    return published(figures(clients), areas(), residents())


def test_every_cell_of_the_grid_has_its_row_and_nothing_else():
    public = table()
    # The regimes of the Wajong are figures of that table only.
    cells = SDC.cells().filter(~pl.col("indicator").str.contains("wajong"))
    grid = cells.join(areas().select("gebiedsniveau", "gebiedscode"), on="gebiedsniveau")
    assert public.select(PUBLIC_KEY).is_unique().all()
    for month in public.get_column("peildatum").unique():
        apart = [name for name, months in not_every_month().items() if month.month % months]
        wanted = grid.filter(~pl.col("indicator").is_in(apart))
        assert public.filter(pl.col("peildatum") == month).height == wanted.height
    assert "instroom" not in public.get_column("indicator")
    buurten = public.filter(pl.col("gebiedsniveau") == "buurt")
    assert buurten.get_column("leeftijdsgroep").unique().to_list() == ["totaal"]


def test_statuses_and_values_agree():
    exact = figures().select(*PUBLIC_KEY, "aantal", "status")
    public = table().join(exact, on=PUBLIC_KEY, how="left", maintain_order="left")
    shown = pl.col("publicatiestatus") == "gepubliceerd"
    assert public.filter(shown & (pl.col("aantal") < 10)).is_empty()
    assert public.filter(shown & ((pl.col("waarde") - pl.col("aantal")).abs() > 2)).is_empty()
    assert public.filter(~shown & pl.col("waarde").is_not_null()).is_empty()
    below = public.filter(pl.col("publicatiestatus") == "kleiner_dan_drempel")
    assert below.height > 20
    assert below.filter((pl.col("aantal") >= 10) | (pl.col("status") != "geleverd")).is_empty()
    assert public.filter(pl.col("status") == "nvt").get_column("publicatiestatus").unique().to_list() == ["nvt"]


def test_a_rate_comes_from_the_published_figures_only():
    rated = table().filter(pl.col("per_1000").is_not_null())
    assert rated.height > 20
    for value, base, rate in rated.select("waarde", "noemer", "per_1000").iter_rows():
        assert base % 5 == 0
        assert rate == pytest.approx(1000 * value / base, abs=0.0501)
        assert rate == round(rate, 1)


def test_noemer_and_presence_do_not_depend_on_the_count():
    other = CLIENTS | {"BU09990103": (0, 0, 0, 0, 0), "BU09990302": (3, 3, 3, 3, 3)}
    changed = figures(other).drop("noemer").join(figures().select(*PUBLIC_KEY, "noemer"), on=PUBLIC_KEY, how="left")
    public = published(changed, areas(), residents())
    assert public.select(*PUBLIC_KEY, "noemer").equals(table().select(*PUBLIC_KEY, "noemer"))


def test_the_order_of_rows_is_irrelevant():
    shuffled = figures().sample(fraction=1, shuffle=True, seed=5)
    assert published(shuffled, areas(), residents()).equals(table())


# --- primary rules ---


def reasons(made: pl.DataFrame, area: str, age: str = "totaal", indicator: str = "clienten") -> set[str | None]:
    own = (pl.col("gebiedscode") == area) & (pl.col("leeftijdsgroep") == age) & (pl.col("indicator") == indicator)
    return set(made.filter(own).get_column("reden"))


def with_residents(area: str, number: int) -> pl.DataFrame:
    own = (pl.col("gebiedscode") == area) & (pl.col("leeftijdsgroep") == "totaal")
    return residents().with_columns(inwoners=pl.when(own).then(number).otherwise("inwoners"))


@pytest.mark.parametrize(("number", "reason"), [(49, "inwoners_min"), (50, "rest"), (145, "groep"), (146, None)])
def test_few_residents_nearly_all_of_them_and_a_small_rest_are_hidden(number: int, reason: str | None):
    """BU09990201 has 131 clients."""
    counted = {49: {"BU09990201": (0, 0, 0, 20, 20)}, 50: {"BU09990201": (0, 0, 0, 20, 21)}}.get(number, {})
    made = cells(figures(CLIENTS | counted), areas(), with_residents("BU09990201", number))
    assert reasons(made, "BU09990201") == {reason}


def test_an_area_of_few_residents_tells_nothing_of_its_count():
    for clients in ((0, 0, 0, 0, 3), (0, 0, 0, 20, 20)):
        public = published(figures(CLIENTS | {"BU09990201": clients}), areas(), with_residents("BU09990201", 49))
        own = public.filter(pl.col("gebiedscode") == "BU09990201")
        assert set(own.get_column("publicatiestatus")) == {"onderdrukt"}


@pytest.mark.parametrize(
    ("households", "address", "reason"), [(3, 10, None), (2, 10, "huishoudens"), (40, 66, "adres"), (40, 65, None)]
)
def test_few_households_and_an_institution_are_hidden(households: int, address: int, reason: str | None):
    """BU09990201 has 131 clients: 66 at one address are more than half."""
    own = (pl.col("gebiedscode") == "BU09990201") & (pl.col("indicator") == "clienten")
    behind = figures().with_columns(
        huishoudens=pl.when(own).then(households).otherwise(99), grootste_adres=pl.when(own).then(address).otherwise(1)
    )
    assert reasons(cells(behind, areas(), residents()), "BU09990201") == {reason}


def test_a_regeling_that_is_extra_sensitive_has_its_own_threshold_and_levels(tmp_path: Path):
    file = changed_settings(tmp_path, {"extra_gevoelig": {"wmo": {"drempel": 15, "niveaus": ["gemeente", "wijk"]}}})
    made = cells(figures(), areas(), residents(), sdc=load_sdc(file))
    assert set(made.get_column("gebiedsniveau")) == {"gemeente", "wijk"}
    shown = made.filter(pl.col("reden").is_null(), pl.col("status") == "geleverd")
    assert shown.height > 5
    assert shown.filter(pl.col("aantal") < 15).is_empty()
    other = cells(figures(), areas(), residents(), sdc=load_sdc(file), regeling="wwb")
    assert "buurt" in other.get_column("gebiedsniveau")


# --- repair ---


def bounds_of(made: pl.DataFrame) -> pl.DataFrame:
    """What a reader deduces from decided cells, rule by rule."""
    system = system_of(made, SDC)
    system.shown = (made.get_column("publicatiestatus") == "gepubliceerd").to_numpy()
    low, high = propagate(system.rules, *system.bounds())
    return made.with_columns(pl.Series("laag", low[: made.height]), pl.Series("hoog", high[: made.height]))


def narrow(made: pl.DataFrame) -> pl.DataFrame:
    small = bounds_of(made).filter(pl.col("aantal").is_between(1, 9), pl.col("status") == "geleverd")
    return small.filter(pl.col("hoog") - pl.col("laag") < 4)


def test_the_truth_is_within_what_a_reader_deduces_and_no_small_count_is_narrow():
    made = protect(cells(figures(), areas(), residents()), SDC)
    known = bounds_of(made).filter(pl.col("status") == "geleverd")
    assert known.filter((pl.col("aantal") < pl.col("laag")) | (pl.col("aantal") > pl.col("hoog"))).is_empty()
    assert narrow(made).is_empty()


# A wijk of which all buurten but one are shown, and the last is as big as its total allows.
SQUEEZED = CLIENTS | {
    "BU09990201": (0, 0, 0, 0, 12),
    "BU09990202": (0, 0, 0, 0, 12),
    "BU09990203": (0, 0, 0, 0, 9),
}


def test_what_is_public_without_a_figure_tells_nothing_until_the_next_close():
    """Delivered by now, between two closes; a reader still sees `niet_geleverd`."""
    late = figures().with_columns(status=pl.lit("niet_geleverd"), aantal=pl.lit(None, pl.Int64))
    first = date(2022, 6, 20)
    known = night(NOTHING, cells(late, areas(), residents(), stand=first), first)
    made = cells(figures(), areas(), residents(), known=known, stand=date(2022, 7, 10))
    assert not made.get_column("vers").any()
    assert (made.get_column("status") == "geleverd").sum() > 100
    system = system_of(made, SDC)
    low, high = (bound[: made.height] for bound in system.bounds())
    assert ((low <= system.count) & (system.count <= high)).all()


def test_repair_hides_what_would_narrow_a_small_count():
    made = cells(figures(SQUEEZED), areas(), residents())
    assert narrow(naive(made)).height > 0
    repaired = protect(made, SDC)
    assert repaired.filter(pl.col("reden") == "secundair").height > 0
    assert narrow(repaired).is_empty()


def test_nothing_is_hidden_without_need():
    """Each figure that repair hid, shown again by itself, narrows a small count."""
    made = protect(cells(figures(SQUEEZED), areas(), residents()), SDC)
    hidden = made.with_row_index("plaats").filter(pl.col("reden") == "secundair").get_column("plaats").to_list()
    assert hidden
    for place in hidden:
        again = made.with_row_index("plaats").with_columns(
            publicatiestatus=pl.when(pl.col("plaats") == place)
            .then(pl.lit("gepubliceerd"))
            .otherwise("publicatiestatus")
        )
        assert narrow(again).height > 0


def test_what_cannot_be_repaired_nearby_tells_less_and_then_loses_a_level_of_detail():
    made = cells(figures(SQUEEZED), areas(), residents())
    system = system_of(made, SDC)
    place = made.with_row_index("i").filter(pl.col("gebiedsniveau") == "buurt", pl.col("reden") == "drempel")["i"][0]
    system.rules = Rules()
    assert system.hide_near([place])
    assert (system.silent[place], system.fallen) == (True, set())
    assert system.hide_near([place])
    (lost,) = system.fallen
    assert lost[1] == 2
    own = system.month == system.month[place]
    assert not system.shown[own & (system.level == 2)].any()
    assert system.shown[own & (system.level < 2)].any()


# --- bounds ---


def rules_of(*rules: tuple[list[int], list[int], bool]) -> Rules:
    found = Rules()
    for plus, minus, equal in rules:
        cell = np.array(plus + minus)
        found.add(np.zeros(len(cell)), cell, np.array([1] * len(plus) + [-1] * len(minus)), equal=equal)
    return found


def test_propagation_finds_what_a_sum_gives_away():
    low, high = propagate(rules_of(([0], [1, 2], True)), np.array([20, 15, 0]), np.array([20, 15, FAR]))
    assert (low[2], high[2]) == (5, 5)
    low, high = propagate(rules_of(([0], [1], False)), np.array([0, 7]), np.array([9, FAR]))
    assert (low.tolist(), high.tolist()) == ([7, 7], [9, 9])


@settings(max_examples=60, deadline=None, database=None)
@given(st.data())
def test_knowing_one_cell_more_gives_the_same_bounds_as_starting_again(data: st.DataObject):
    """`tighten` from propagated bounds is `propagate` with that cell known."""
    truth = data.draw(st.lists(st.integers(0, 30), min_size=5, max_size=8))
    size = len(truth)
    sums = data.draw(st.lists(st.sets(st.integers(0, size - 1), min_size=1, max_size=3), min_size=1, max_size=4))
    values = [*truth, *(sum(truth[i] for i in part) for part in sums)]
    rules = rules_of(*(([size + number], sorted(part), True) for number, part in enumerate(sums)))
    low = np.array([max(v - data.draw(st.integers(0, 6)), 0) for v in values])
    high = np.array([v + data.draw(st.integers(0, 6)) for v in values])
    low, high = propagate(rules, low, high)
    cell = data.draw(st.integers(0, len(values) - 1))
    known = (max(int(low[cell]), values[cell] - 1), min(int(high[cell]), values[cell] + 1))
    again_low, again_high = low.copy(), high.copy()
    again_low[cell], again_high[cell] = known
    again_low, again_high = propagate(rules, again_low, again_high)
    for other, (lo, hi) in tighten(rules, low, high, cell, known).items():
        low[other], high[other] = lo, hi
    assert (low.tolist(), high.tolist()) == (again_low.tolist(), again_high.tolist())


def test_showing_again_keeps_what_repair_needs():
    made = cells(figures(SQUEEZED), areas(), residents())
    system = system_of(made, SDC)
    by_rule = system.shown.copy()
    repair(system)
    system.shown[:] = False
    show_again(system, np.flatnonzero(by_rule).tolist())
    assert system.shown.sum() > by_rule.sum() * 0.9
    assert not system.narrow(*propagate(system.rules, *system.bounds())).any()


# --- settings ---


def changed_settings(folder: Path, changes: dict[str, Any]) -> Path:
    content = yaml.safe_load(FILE.read_text(encoding="utf-8")) | changes
    file = folder / "sdc.yml"
    file.write_text(yaml.safe_dump(content))
    return file


@pytest.mark.parametrize(
    "changes",
    [
        {"drempel": 4},
        {"drempel": 12},
        {"breedte": 3},
        {"basis": 3},
        {"groep_max": 1.0},
        {"huishoudens_min": 2},
        {"adres_max": 1.0},
        {"revisie_min": 4},
        {"inwoners_min": {"buurt": -1}},
        {"inwoners_min": {"buurt": 50, "straat": 49}},
        {"inwoners_min": {"buurt": 50}},
        {"rooster_totaal": {"straat": {"clienten": "leeftijd"}}},
        {"rooster_totaal": {"straat": {"huishoudens": "totaal"}}},
        {"straat_openbaar": "nee"},
        {"extra_gevoelig": {"wmo": {"drempel": 4}}},
        {"extra_gevoelig": {"wmo": {"niveaus": ["straat"]}}},
        {"extra_gevoelig": {"wm0": {"drempel": 15}}},
        {"valt_samen": {"wm0": {"voorzieningen": "clienten"}}},
        {"rooster": {"straat": {"clienten": "totaal"}}},
        {"rooster": {"buurt": {"clienten": "leeftijd"}}},
        {"gemeenten": {"GM0988": {"drempel": 4}}},
        {"gemeenten": {"GM0988": {"basis": 10}}},
        {"gemeenten": {"GM0988": {"ruis": 1}}},
        {"ruis": 1},
    ],
    ids=str,
)
def test_settings_that_protect_too_little_are_refused(tmp_path: Path, changes: dict[str, Any]):
    with pytest.raises(UnsafeSettingsError):
        load_sdc(changed_settings(tmp_path, changes))


def test_a_gemeente_can_be_stricter_than_the_rest(tmp_path: Path):
    file = changed_settings(tmp_path, {"gemeenten": {"GM0988": {"drempel": 15}}})
    assert [load_sdc(file, gemeente=code).threshold for code in (None, "GM0946", "GM0988")] == [10, 10, 15]


def test_aggregates_are_not_held_to_sums_that_their_source_does_not_keep():
    """The gemeente is 100, its wijken 90 and 20, and the third was not told: each was rounded by itself."""
    told = {"GM0999": 100, "WK099901": 90, "WK099902": 20, "BU09990101": 0}
    clients = pl.col("indicator") == "clienten"
    figure = pl.col("gebiedscode").replace_strict(told, default=None, return_dtype=pl.Int64)
    aggregate = (
        figures()
        .filter(clients, pl.col("leeftijdsgroep") == "totaal")
        .with_columns(figure.alias("aantal"))
        .with_columns(
            pl.when(pl.col("aantal").is_null()).then(pl.lit("niet_geleverd")).otherwise("status").alias("status")
        )
    )
    made = protect(cells(aggregate, areas(), residents(), regeling="wia"), SDC)
    shown = dict(made.filter(pl.col("publicatiestatus") == "gepubliceerd").select("gebiedscode", "waarde").iter_rows())
    assert shown == {"GM0999": 100, "WK099901": 90, "WK099902": 20}
    statuses = dict(made.select("gebiedscode", "publicatiestatus").iter_rows())
    assert (statuses["BU09990101"], statuses["WK099903"]) == ("kleiner_dan_drempel", "niet_geleverd")


def test_supply_counts_no_persons_and_is_shown_as_it_is():
    regeling = "maatschappelijke_dienstverlening"
    made = cells(supply(), areas(), residents(), sdc=SDC.without_persons(), regeling=regeling)
    both = entries_of(protect(made, SDC), SDC, STAND).join(supply(), on=PUBLIC_KEY, suffix="_exact")
    assert both.height == supply().filter(pl.col("gebiedsniveau").is_in(["gemeente", "wijk", "buurt"])).height
    assert both.filter(pl.col("waarde") != pl.col("aantal_exact")).is_empty()
    assert set(both.get_column("publicatiestatus")) == {"gepubliceerd"}


def test_what_counts_persons_is_never_taken_for_supply():
    assert not {indicator for grid in SDC.grid.values() for indicator in grid} & set(SDC.supply)
