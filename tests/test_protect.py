"""Protection within one regeling: the 10-5 rule, dense rows, and no small count narrowed by sums."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest
import yaml

from assets.publication.bounds import FAR, Rules, propagate
from assets.publication.protect import KEY, protect
from assets.publication.rules import build_rules
from assets.publication.sdc import FILE, UnsafeSettingsError, load_sdc, rounded
from tests.figures import CLIENTS, areas, figures, residents, supply

SDC = load_sdc()


@pytest.mark.parametrize(("count", "shown"), [(0, None), (9, None), (10, 10), (12, 10), (13, 15), (17, 15), (18, 20)])
def test_ten_five(count: int, shown: int | None):
    assert pl.select(rounded(pl.lit(count), SDC)).item() == shown


def test_ten_five_for_every_count_is_the_nearest_five():
    counts = pl.DataFrame({"n": range(751)}).with_columns(rounded(pl.col("n"), SDC).alias("shown"))
    for n, shown in counts.iter_rows():
        assert shown is None if n < 10 else (shown % 5 == 0 and abs(shown - n) <= 2)


def published(clients: dict = CLIENTS) -> pl.DataFrame:
    return protect(figures(clients), areas(), residents(), SDC, "2022-07-20")


def test_every_cell_of_the_grid_has_its_row_and_nothing_else():
    table = published()
    cells = SDC.cells().join(areas().select("gebiedsniveau", "gebiedscode"), on="gebiedsniveau")
    assert table.select(KEY).is_unique().all()
    for month in table.get_column("peildatum").unique():
        quarterly = pl.col("indicator").str.ends_with("_kwartaal")
        wanted = cells if month.month in (3, 6) else cells.filter(~quarterly)
        assert table.filter(pl.col("peildatum") == month).height == wanted.height
    assert "instroom" not in table.get_column("indicator")
    assert table.filter(pl.col("gebiedsniveau") == "buurt").get_column("leeftijdsgroep").unique().to_list() == [
        "totaal"
    ]


def test_statuses_and_values_agree():
    table = published().join(
        figures().select(*KEY, "aantal", "status"), on=list(KEY), how="left", maintain_order="left"
    )
    shown = pl.col("publicatiestatus") == "gepubliceerd"
    assert table.filter(shown & (pl.col("aantal") < 10)).is_empty()
    assert table.filter(shown & ((pl.col("waarde") - pl.col("aantal")).abs() > 2)).is_empty()
    assert table.filter(~shown & pl.col("waarde").is_not_null()).is_empty()
    below = pl.col("publicatiestatus") == "kleiner_dan_drempel"
    assert table.filter(below != ((pl.col("aantal") < 10) & (pl.col("status") == "geleverd"))).is_empty()
    assert table.filter(pl.col("status") == "nvt").get_column("publicatiestatus").unique().to_list() == ["nvt"]


def test_a_rate_comes_from_the_published_figures_only():
    rated = published().filter(pl.col("per_1000").is_not_null())
    assert rated.height > 20
    for value, base, rate in rated.select("waarde", "noemer", "per_1000").iter_rows():
        assert base % 5 == 0
        assert rate == pytest.approx(1000 * value / base, abs=0.0501)
        assert rate == round(rate, 1)


def test_noemer_and_presence_do_not_depend_on_the_count():
    other = CLIENTS | {"BU09990103": (0, 0, 0, 0, 0), "BU09990302": (3, 3, 3, 3, 3)}
    changed = figures(other).drop("noemer").join(figures().select(*KEY, "noemer"), on=list(KEY), how="left")
    table = protect(changed, areas(), residents(), SDC, "2022-07-20")
    assert table.select(*KEY, "noemer").equals(published().select(*KEY, "noemer"))


def test_the_order_of_rows_is_irrelevant():
    shuffled = figures().sample(fraction=1, shuffle=True, seed=5)
    assert protect(shuffled, areas(), residents(), SDC, "x").equals(protect(figures(), areas(), residents(), SDC, "x"))


def bounds_of(table: pl.DataFrame, clients: dict = CLIENTS) -> pl.DataFrame:
    """What a reader can deduce from a published table with the sums it obeys."""
    sure = figures(clients)
    cells = (
        sure.join(SDC.cells(), on=["gebiedsniveau", "indicator", "leeftijdsgroep"], how="semi")
        .join(areas().select("gebiedscode", "ouder_code"), on="gebiedscode", how="left")
        .sort(KEY)
    )
    joined = cells.join(
        table.select(*KEY, "waarde", "publicatiestatus"), on=list(KEY), how="left", maintain_order="left"
    )
    rules, size = build_rules(cells, sure)
    low, high = np.zeros(size, int), np.full(size, FAR)
    for index, (value, status) in enumerate(joined.select("waarde", "publicatiestatus").iter_rows()):
        if status == "gepubliceerd":
            low[index], high[index] = max(value - 2, 10), value + 2
        elif status == "kleiner_dan_drempel":
            high[index] = 9
        elif status == "onderdrukt":
            low[index] = 10
    low, high = propagate(rules, low, high)
    return joined.with_columns(pl.Series("laag", low[: cells.height]), pl.Series("hoog", high[: cells.height]))


def narrow(table: pl.DataFrame, clients: dict = CLIENTS) -> pl.DataFrame:
    known = bounds_of(table, clients).filter(pl.col("publicatiestatus") == "kleiner_dan_drempel")
    return known.filter(pl.col("hoog") - pl.col("laag") < 4)


def test_the_truth_is_within_what_a_reader_deduces_and_no_small_count_is_narrow():
    known = bounds_of(published()).filter(pl.col("status") == "geleverd")
    assert known.filter((pl.col("aantal") < pl.col("laag")) | (pl.col("aantal") > pl.col("hoog"))).is_empty()
    assert narrow(published()).is_empty()


def squeezed() -> dict[str, tuple[int, ...]]:
    """A wijk of which all buurten but one are shown, and the last is as big as its total allows."""
    return CLIENTS | {"BU09990201": (0, 0, 0, 0, 12), "BU09990202": (0, 0, 0, 0, 12), "BU09990203": (0, 0, 0, 0, 9)}


def test_repair_hides_what_would_narrow_a_small_count(monkeypatch: pytest.MonkeyPatch):
    with monkeypatch.context() as patch:
        patch.setattr(
            "assets.publication.protect._repaired", lambda cells, *_: (cells["aantal"] >= 10).fill_null(False)
        )
        naive = protect(figures(squeezed()), areas(), residents(), SDC, "x")
    repaired = protect(figures(squeezed()), areas(), residents(), SDC, "x")
    hidden = repaired.filter(pl.col("publicatiestatus") == "onderdrukt")
    assert naive.filter(pl.col("publicatiestatus") == "onderdrukt").is_empty()
    assert hidden.height > 0
    assert narrow(naive, squeezed()).height > 0
    assert narrow(repaired, squeezed()).is_empty()


def test_propagation_finds_what_a_sum_gives_away():
    rules = Rules()
    rules.add([0], [1, 2])
    low, high = propagate(rules, np.array([20, 15, 0]), np.array([20, 15, FAR]))
    assert (low[2], high[2]) == (5, 5)
    rules = Rules()
    rules.add([0], [1], equal=False)
    low, high = propagate(rules, np.array([0, 7]), np.array([9, FAR]))
    assert (low.tolist(), high.tolist()) == ([7, 7], [9, 9])


@pytest.mark.parametrize(
    ("setting", "value"),
    [("drempel", 4), ("breedte", 3), ("basis", 3), ("drempel", 12), ("rooster", {"straat": {"clienten": "totaal"}})],
)
def test_settings_that_protect_too_little_are_refused(tmp_path: Path, setting: str, value: object):
    content = yaml.safe_load(FILE.read_text(encoding="utf-8")) | {setting: value}
    file = tmp_path / "sdc.yml"
    file.write_text(yaml.safe_dump(content))
    with pytest.raises(UnsafeSettingsError):
        load_sdc(file)


def test_ages_per_buurt_are_refused(tmp_path: Path):
    content = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    content["rooster"]["buurt"]["clienten"] = "leeftijd"
    file = tmp_path / "sdc.yml"
    file.write_text(yaml.safe_dump(content))
    with pytest.raises(UnsafeSettingsError):
        load_sdc(file)


def test_supply_counts_no_persons_and_is_shown_as_it_is():
    table = protect(supply(), areas(), residents(), SDC, "2022-07-20", persons=False)
    both = table.join(supply(), on=KEY, suffix="_exact")
    assert both.height == table.height == 3 * 4 * areas().height
    assert both.filter(pl.col("waarde") != pl.col("aantal")).is_empty()
    assert set(table["publicatiestatus"]) == {"gepubliceerd"}
    # The denominators are residents, and rounded as everywhere.
    assert table.filter(pl.col("noemer") % 5 != 0).is_empty()


def test_what_counts_persons_is_never_taken_for_supply():
    assert protect(figures(), areas(), residents(), SDC, "2022-07-20", persons=False).is_empty()
    assert not {indicator for cells in SDC.grid.values() for indicator in cells} & set(SDC.supply)
