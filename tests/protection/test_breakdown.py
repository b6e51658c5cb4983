"""Tables with key columns of their own: what is published of them, and that each value stands by itself."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from assets.ground.declared import BREAKDOWN, FIGURES, Column, Counted
from assets.protection.cells import within
from assets.protection.sdc import FILE, Sdc, UnsafeSettingsError, load_sdc

TABLE = Counted(
    "toy", "Toy", (), own_keys={"regeling": Column(pl.String, "De regeling"), "soort": Column(pl.String, "De soort")}
)
ROWS = pl.DataFrame({"regeling": ["wmo", "wmo", "wwb"], "soort": ["vervoer", "huur", "huur"]})


def test_own_key_columns_are_one_text_and_come_back():
    joined = TABLE.joined(ROWS)
    assert joined.columns == [BREAKDOWN]
    assert joined.get_column(BREAKDOWN).to_list() == ["wmo|vervoer", "wmo|huur", "wwb|huur"]
    assert TABLE.split(joined).select(ROWS.columns).equals(ROWS)
    plain = Counted("plain", "Plain", ())
    assert plain.joined(ROWS).get_column(BREAKDOWN).to_list() == [""] * 3
    assert plain.figures == FIGURES


def test_a_published_row_has_them_before_the_indicator():
    assert list(TABLE.figures.columns) == [
        *list(FIGURES.columns)[:8],
        *("regeling", "soort"),
        *list(FIGURES.columns)[8:],
    ]


def test_a_grid_takes_some_values_and_some_months():
    every, some = {"leeftijd": "totaal"}, {"leeftijd": "totaal", "alleen": ["wmo", "wwb|huur"], "om_de": 3}
    sdc = replace(load_sdc(), grids={"rooster": {"gemeente": {"clienten": every}, "wijk": {"clienten": some}}})
    grid = sdc.cells().with_columns(gemeentecode=pl.lit("GM0999"))
    values = ["wmo|vervoer", "wmo|huur", "wwb|huur", "wwb|vervoer", "ao|wmo"]
    rows = pl.DataFrame({BREAKDOWN: values}).join(
        pl.DataFrame({"gebiedsniveau": ["gemeente", "wijk"]})
        .join(pl.DataFrame({"peildatum": [date(2022, 5, 31), date(2022, 6, 30)]}), how="cross")
        .with_columns(gemeentecode=pl.lit("GM0999"), indicator=pl.lit("clienten")),
        how="cross",
    )
    found = within(rows, grid)
    assert found.filter(pl.col("gebiedsniveau") == "gemeente").height == 10
    wijk = found.filter(pl.col("gebiedsniveau") == "wijk")
    assert set(wijk.get_column("peildatum")) == {date(2022, 6, 30)}
    assert wijk.get_column(BREAKDOWN).to_list() == values[:3]


def published(sdc: Sdc, table: str, threshold: int) -> dict[str, set[str]]:
    """By level what a table is published of under a threshold."""
    own = sdc.cells(table).filter(pl.col("drempel") == threshold).explode("alleen")
    return {str(level): set(part.get_column("alleen")) for (level,), part in own.group_by("gebiedsniveau")}


def test_what_is_stricter_for_a_regeling_is_so_where_a_table_tells_of_it_apart():
    strict = replace(load_sdc(), extra_sensitive={"wmo": {"drempel": 15, "niveaus": ["gemeente"]}})
    assert published(strict, "soorten", 15) == {"gemeente": {"wmo"}}
    assert published(strict, "soorten", 10)["wijk"] == {"jeugdzorg", "wwb"}
    # Who has help of more than one law may have that of the Wmo.
    of_wmo = {"alleen_wmo", "wmo_jeugdwet", "wmo_participatiewet", "alle_drie"}
    assert published(strict, "combinaties", 15) == {"gemeente": of_wmo}
    others = {"alleen_jeugdwet", "alleen_participatiewet"}
    assert published(strict, "combinaties", 10) == {"gemeente": others | {"jeugdwet_participatiewet"}, "wijk": others}
    # Of no regeling apart is told here.
    assert strict.cells("stapeling").equals(load_sdc().cells("stapeling"))


@pytest.mark.parametrize("table", ["soorten", "combinaties", "stapeling"])
def test_a_table_over_regelingen_can_be_stricter_itself(table: str):
    strict = replace(load_sdc(), extra_sensitive={table: {"drempel": 15, "niveaus": ["gemeente"]}})
    usual = load_sdc().cells(table).filter(pl.col("gebiedsniveau") == "gemeente")
    assert strict.cells(table).equals(usual.with_columns(drempel=pl.lit(15, pl.Int64)))


def test_a_grid_can_name_one_value_of_a_regeling():
    one = {"gemeente": {"clienten": {"leeftijd": "totaal", "alleen": ["wmo|vervoer", "wwb"]}}}
    sdc = load_sdc()
    assert published(replace(sdc, grids=sdc.grids | {"rooster_soorten": one}), "soorten", 10) == {
        "gemeente": {"wmo|vervoer", "wwb"}
    }


@pytest.mark.parametrize(
    "said",
    [
        *("leeftijden", "[totaal]", "{alleen: [wmo]}", "{leeftijd: totaal, aleen: [wmo]}"),
        *("{leeftijd: totaal, alleen: wmo}", "{leeftijd: totaal, om_de: 5}"),
    ],
)
def test_a_grid_that_says_something_unknown_is_refused(said: str, tmp_path: Path):
    file = tmp_path / "sdc.yml"
    text = FILE.read_text(encoding="utf-8")
    assert text.count("    huishoudens: totaal\n") > 1
    file.write_text(text.replace("    huishoudens: totaal\n", f"    huishoudens: {said}\n", 1))
    with pytest.raises(UnsafeSettingsError, match="in een rooster staat"):
        load_sdc(file)
