"""The gate: a public figure is lost only for a cause that the data name; the causes one by one, and none at all."""

import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from assets.ground.declared import BREAKDOWN
from assets.ground.parquet import write_parquet
from assets.protection.cells import KEY
from assets.protection.public import with_entries
from assets.publication.gate import _verdicts
from assets.publication.tables import ORIGIN
from assets.publication.vanished import in_words, unexplained
from assets.record.records import OVERVIEW
from tests.making.closes import Closes
from tests.making.figures import areas, figures, residents
from tests.making.publishing import NOTHING, cells, night
from tests.validations.disclosure.gemeente import gemeente
from validations.gate import suites

STAND, MAY = date(2022, 6, 20), date(2022, 5, 31)


def known(regeling: str = "wmo") -> pl.DataFrame:
    """The ledger after a first close."""
    made = cells(figures(), areas(), residents(), stand=STAND, regeling=regeling)
    return night(NOTHING, made, STAND)


def delivery(bron: str, **values) -> dict:
    """A delivery that covers the months of the ledger."""
    row = {"bron": bron, "leverancier": "GM0999", "leverdatum": date(2022, 6, 10), "gemeentecode": "GM0999"}
    row |= {"toestand": "aanvaard", "semantiek": "berichten", "levering": "a", "periode_van": date(2021, 1, 1)}
    return row | {"cadans_dagen": 31, "respijt_dagen": 10} | values


def overview(*rows: dict) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=OVERVIEW)


BRP, WMO = delivery("brp", semantiek="geheel"), delivery("wmo")
BOTH = overview(BRP, WMO)


def origins(tabel: str = "monitor_wmo", unieset: str | None = None, deliveries: pl.DataFrame = BOTH) -> pl.DataFrame:
    rows = [
        {**row, "tabel": tabel, "peildatum": day, "unieset": unieset}
        for row in deliveries.select("gemeentecode", "bron", "leverancier", "levering").to_dicts()
        for day in known().get_column("peildatum").unique()
    ]
    return pl.DataFrame(rows, schema=ORIGIN)


def counted(status: str = "geleverd", of: str = "monitor_wmo", day: date = MAY) -> pl.DataFrame:
    """What a run counts: all as it was but of one month (`weg`: it has no rows of it)."""
    now = known().with_columns(tabel=pl.lit(of), status=pl.lit("geleverd")).select(*KEY, "status")
    if status == "weg":
        return now.filter(pl.col("peildatum") != day)
    return now.with_columns(status=pl.when(pl.col("peildatum") == day).then(pl.lit(status)).otherwise("status"))


def lost(now: pl.DataFrame, regeling: str = "wmo", **today) -> set[date]:
    """The months of which figures are lost without a cause."""
    table = known().with_columns(tabel=pl.lit(f"monitor_{regeling}"))
    options = {
        "written": table,
        "origins": origins(),
        "deliveries": BOTH,
        "first": date(2021, 1, 31),
    }
    return set(unexplained(regeling, table, now, **(options | today)).get_column("peildatum"))


def test_nothing_is_lost():
    assert lost(counted()) == set()


@pytest.mark.parametrize("status", ["weg", "niet_geleverd", "nvt"])
def test_a_figure_that_is_lost_while_its_month_is_covered_has_no_cause(status: str):
    assert lost(counted(status)) == {MAY}


def test_what_is_counted_but_not_written_has_no_cause():
    short = known().filter(pl.col("peildatum") != MAY)
    assert lost(counted(), written=short) == {MAY}
    silent = known().with_columns(publicatiestatus=pl.lit("niet_geleverd"))
    assert MAY in lost(counted(), written=silent)


def test_it_is_told_by_number_and_month():
    found = unexplained("wmo", known(), counted("weg"), known(), origins=origins(), deliveries=BOTH, first=None)
    number = known().filter(pl.col("peildatum") == MAY, ~pl.col("publicatiestatus").is_in(["nvt", "niet_geleverd"]))
    assert in_words(found).startswith(f"{number.height} openbare cijfers van 2022-05 zijn nu niet geteld")


OTHERWISE = {
    "withdrawn": overview(BRP),
    "blocked": overview(BRP, WMO | {"toestand": "geblokkeerd"}),
    "narrower": overview(BRP, WMO | {"periode_van": date(2022, 6, 1)}),
    "of before it ended": overview(BRP, WMO | {"leverdatum": date(2022, 5, 20)}),
    "replaced by a narrower one": overview(
        BRP,
        WMO | {"semantiek": "geheel"},
        WMO | {"semantiek": "geheel", "leverdatum": date(2022, 6, 12), "periode_van": date(2022, 6, 1)},
    ),
    "residents from later on": overview(BRP | {"periode_van": date(2022, 6, 1)}, WMO),
}


@pytest.mark.parametrize("cause", OTHERWISE)
def test_a_month_that_no_delivery_covers_any_more_has_a_cause(cause: str):
    assert lost(counted("niet_geleverd"), deliveries=OTHERWISE[cause]) == set()


def test_areas_delivered_anew_are_a_cause():
    before = overview(BRP, WMO, delivery("gebieden", leverancier="NL", semantiek="geheel"))
    assert lost(counted("weg"), origins=origins(deliveries=before)) == set()
    assert lost(counted("weg"), origins=origins(deliveries=before), deliveries=before) == {MAY}


def test_an_aggregate_delivered_anew_is_a_cause_and_messages_are_not():
    wia = overview(BRP, WMO | {"bron": "wia", "semantiek": "stand"})
    anew = overview(BRP, WMO | {"bron": "wia", "semantiek": "stand", "levering": "b"})
    now = counted("niet_geleverd", "monitor_wia")
    told_by = origins("monitor_wia", deliveries=wia)
    assert lost(now, "wia", origins=told_by, deliveries=anew) == set()
    assert lost(now, "wia", origins=told_by, deliveries=wia) == {MAY}
    assert lost(counted("niet_geleverd"), deliveries=overview(BRP, WMO | {"levering": "b"})) == {MAY}


def test_what_became_nvt_by_law_or_as_the_first_quarter_has_a_cause():
    awbz = overview(BRP, WMO | {"bron": "awbz"})
    # The AWBZ ended in 2014.
    options = {"origins": origins("monitor_awbz", deliveries=awbz), "deliveries": awbz}
    assert lost(counted("nvt", "monitor_awbz"), "awbz", **options) == set()
    assert lost(counted("niet_geleverd", "monitor_awbz"), "awbz", **options) == {MAY}
    table = known().with_columns(indicator=pl.lit("instroom_kwartaal")).unique(KEY)
    now = table.with_columns(status=pl.lit("nvt")).select(*KEY, "status")
    options = {"written": table, "origins": origins(), "deliveries": BOTH}
    assert unexplained("wmo", table, now, **options, first=date(2022, 1, 31)).filter(peildatum=MAY).height > 0
    assert unexplained("wmo", table, now, **options, first=date(2022, 3, 31)).filter(peildatum=MAY).height == 0


@pytest.mark.parametrize(("indicator", "first_month"), [("gebruik_halfjaar", 1), ("gebruik_jaar", -5)])
def test_a_figure_of_a_period_needs_all_its_months(indicator: str, first_month: int):
    """That one of them is covered no more, or lies before the first of the monitor, is a cause."""
    june = date(2022, 6, 30)
    table = (
        known()
        .filter(peildatum=MAY, indicator="gebruik", leeftijdsgroep="totaal")
        .with_columns(indicator=pl.lit(indicator), peildatum=pl.lit(june))
        .unique(KEY)
    )
    year, month = 2022 + (first_month - 1) // 12, (first_month - 1) % 12 + 1
    options = {"written": table, "origins": origins()}

    def causes(status: str, begin: date, first: date | None) -> int:
        covering = overview(*(row | {"periode_van": begin, "leverdatum": date(2022, 7, 10)} for row in (BRP, WMO)))
        now = table.with_columns(status=pl.lit(status)).select(*KEY, "status")
        return table.height - unexplained("wmo", table, now, **options, deliveries=covering, first=first).height

    begin, a_month_later = date(year, month, 1), date(year, month, 2) + timedelta(days=31)
    assert causes("niet_geleverd", begin, None) == 0
    assert causes("niet_geleverd", a_month_later, None) == table.height > 0
    assert causes("nvt", begin, begin + timedelta(days=27)) == 0
    assert causes("nvt", begin, a_month_later) == table.height


@pytest.mark.parametrize(
    ("regeling", "of_no_law"),
    [
        ("jeugdzorg", {"25-44", "45-64", "65+"}),
        ("wwb", {"0-14"}),
        ("leerplicht", {"25-44", "45-64", "65+"}),
        ("wmo", set()),
    ],
)
def test_an_age_group_that_became_nvt_by_law_has_a_cause(regeling: str, of_no_law: set[str]):
    """Before the ages of a law were known every age group had figures."""
    table = known().filter(pl.col("peildatum") == MAY, pl.col("leeftijdsgroep") != "totaal")
    table = table.with_columns(tabel=pl.lit(f"monitor_{regeling}"))
    bus = overview(BRP, WMO | {"bron": "bus" if regeling == "wwb" else regeling})
    options = {"origins": origins(f"monitor_{regeling}", deliveries=bus), "deliveries": bus}
    had = set(table.get_column("leeftijdsgroep"))
    assert len(had) == 5
    for status in ("nvt", "niet_geleverd"):
        now = table.with_columns(status=pl.lit(status)).select(*KEY, "status")
        left = set(unexplained(regeling, table, now, written=table, first=None, **options)["leeftijdsgroep"])
        assert left == (had - of_no_law if status == "nvt" else had)


def test_narrower_settings_are_a_cause():
    table = known().with_columns(indicator=pl.lit("niet_in_het_rooster"))
    options = {"origins": origins(), "deliveries": BOTH, "first": None}
    assert unexplained("wmo", table, counted(), table.clear(), **options).is_empty()


def test_of_the_union_only_deliveries_of_the_set_that_was_published_are_a_cause():
    """Another set is none: a month that is public keeps its own."""
    wwb = delivery("bus")
    both = {"origins": origins("monitor_totaal", "wmo, wwb", overview(BRP, WMO, wwb))}
    now = counted("niet_geleverd", "monitor_totaal")
    assert lost(now, "totaal", **both, deliveries=overview(BRP, WMO, wwb)) == {MAY}
    assert lost(now, "totaal", **both, deliveries=overview(BRP, WMO)) == set()
    # Of jeugdzorg, which came later, that month needs none.
    assert lost(now, "totaal", origins=origins("monitor_totaal", "wmo"), deliveries=BOTH) == {MAY}


def test_of_kinds_of_help_each_regeling_has_its_own_causes():
    """Messages of jeugdzorg know a kind that its stock does not: `nvt` where the messages are gone."""
    youth, stock = delivery("jeugdzorg"), delivery("jeugdzorg", semantiek="stand", levering="b")
    before, other_route = overview(BRP, WMO, youth, stock), overview(BRP, WMO, stock)
    kinds = ("jeugdzorg|ggz", "wmo|vervoer")
    table = known().filter(pl.col("indicator") == "clienten", pl.col("leeftijdsgroep") == "totaal").drop(BREAKDOWN)
    table = table.join(pl.DataFrame({BREAKDOWN: kinds}), how="cross").with_columns(tabel=pl.lit("monitor_soorten"))

    def left(status: str, deliveries: pl.DataFrame) -> set[str]:
        may = pl.col("peildatum") == MAY
        now = table.select(*KEY, status=pl.when(may).then(pl.lit(status)).otherwise(pl.lit("geleverd")))
        options = {"origins": origins("monitor_soorten", deliveries=before), "deliveries": deliveries, "first": None}
        return set(unexplained("soorten", table, now, table, **options).get_column(BREAKDOWN))

    assert left("geleverd", before) == set()
    assert left("nvt", before) == left("niet_geleverd", before) == set(kinds)
    assert left("niet_geleverd", overview(BRP, youth)) == {"jeugdzorg|ggz"}
    assert left("nvt", other_route) == {"wmo|vervoer"}
    assert left("niet_geleverd", other_route) == set(kinds)


# --- in the gate, from the mart to the verdict ---

DAYS = (date(2022, 3, 31), date(2022, 4, 30), date(2022, 5, 31), date(2022, 6, 30))
TOWN = gemeente(3, 2000, 2, DAYS, linked=0)


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One close that is public, of deliveries that cover all months."""
    made = Closes(folder := tmp_path_factory.mktemp("vanished"))
    rows = [delivery(bron, leverdatum=date(2022, 7, 10)) for bron in ("brp", "wmo", "bus")]
    for row in rows:
        write_parquet(made.night.settings.kluis, f"bron/leveringen_{row['bron']}.parquet", overview(row))
    made.compute(TOWN, date(2022, 6, 20))
    made.publish()
    return folder


@pytest.mark.parametrize("status", ["geleverd", "niet_geleverd"])
def test_a_table_that_lost_figures_is_not_released_and_the_other_is(
    public: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: str
):
    monkeypatch.setattr(suites, "judge_table", lambda *_: [])
    closes = Closes(Path(shutil.copytree(public, tmp_path / "own", symlinks=True)))
    april = pl.col("peildatum") == DAYS[1]
    wrong = TOWN.figures["wmo"].with_columns(
        status=pl.when(april).then(pl.lit(status)).otherwise("status"),
        aantal=pl.when(april & pl.lit(status != "geleverd")).then(None).otherwise("aantal"),
    )
    closes.compute(replace(TOWN, figures=TOWN.figures | {"wmo": wrong}), date(2022, 7, 20))
    verdicts, _ = _verdicts(closes.night, ["wmo", "wwb"])
    sound = status == "geleverd"
    assert (verdicts["wmo"]["vrij"], verdicts["wwb"]["vrij"]) == (sound, True)
    assert ("openbare cijfers van 2022-04 zijn nu niet geteld" in verdicts["wmo"]["reden"]) is not sound
    # What was public stays: the ledger holds it, and the table is the one of the edition before.
    assert with_entries(closes.known, closes.known.clear()).equals(closes.known)
