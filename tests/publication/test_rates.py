"""What each figure is divided by, and what months get that were closed with another denominator."""

import re
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from assets.ground import regelingen
from assets.ground.declared import OVER_REGELINGEN, TOTAAL
from assets.ground.settings import PROJECT
from assets.protection.cells import ENTRY
from assets.protection.public import per_1000, public_table
from assets.protection.sdc import load_sdc
from assets.publication import edition, ledger, publish, tables
from assets.publication.rates import VERSION_1, divided_as_now, of_tables
from assets.registrations.declaration import registrations
from tests.making.closes import Closes
from tests.making.crash_night import FIRST, SECOND, World
from tests.making.crash_night import town as crash_town
from tests.making.verhouding import verhouding
from tests.validations.disclosure.gemeente import gemeente
from validations.language.seeds import FOLDER

SDC = load_sdc()
BY_HOUSEHOLDS = ("bijzondere_bijstand", "collectieve_zorgverzekering", "schuldhulpverlening")
WITHOUT = ("cjg", "maatschappelijke_dienstverlening")
CLOSED, NEXT = date(2022, 6, 20), date(2022, 7, 20)
MONTH = date(2022, 5, 31)


def rates() -> pl.DataFrame:
    """As assets.publication.rates.denominators reads them."""
    return of_tables(verhouding()).select("indicator", tabel=pl.format("monitor_{}", "regeling"), noemer_naam="noemer")


# --- which rates there are ---


def test_a_regeling_has_the_rates_that_the_seed_gives_it_and_a_reason_for_each_other():
    made = of_tables(verhouding())
    by_unit = {(row["regeling"], row["eenheid"]): row["noemer"] for row in made.iter_rows(named=True) if row["noemer"]}
    laws = regelingen.rows()
    for regeling, law in laws.items():
        persons = None if regeling in (*BY_HOUSEHOLDS, *WITHOUT) else law["noemer"]
        assert by_unit.get((regeling, "personen")) == persons, regeling
    assert {law["noemer"] for name, law in laws.items() if name in BY_HOUSEHOLDS} == {"huishoudens"}
    assert laws["wwb"]["noemer"] == "inwoners_15_plus"
    assert {unit for _, unit in by_unit} == {"personen", "huishoudens"}
    assert {noemer for (_, unit), noemer in by_unit.items() if unit == "huishoudens"} == {"huishoudens"}
    assert "huishoudens" not in {noemer for (_, unit), noemer in by_unit.items() if unit == "personen"}
    assert set(made.get_column("regeling")) == {*laws, *(table.name for table in OVER_REGELINGEN)}
    assert made.filter(pl.col("noemer").is_null() == pl.col("geen_verhouding").is_null()).is_empty()


def test_dim_indicator_names_what_the_tables_are_divided_by_or_why_they_are_not():
    indicators, laws = pl.read_csv(FOLDER / "indicatoren.csv"), pl.read_csv(FOLDER / "regelingen.csv")
    words = tables.dim_indicator(
        indicators, laws, of_tables(verhouding()), registrations(), same_as=SDC.same_as, grids={}
    )
    key = ["regeling", "indicator", "noemer", "geen_verhouding"]
    assert words.select(key).join(of_tables(verhouding()), on=key, how="semi", nulls_equal=True).height == words.height
    assert words.filter(pl.col("noemer").is_null() == pl.col("geen_verhouding").is_null()).is_empty()
    provisions = words.filter(pl.col("indicator") == "voorzieningen")
    assert provisions.height > 10
    assert provisions.get_column("noemer").null_count() == provisions.height


# --- what was closed with another denominator ---


def entry(tabel: str, indicator: str, noemer: int | None, **other) -> dict:
    unit = indicator if indicator in ("huishoudens", "voorzieningen") else "personen"
    return dict.fromkeys(ENTRY) | {
        "tabel": f"monitor_{tabel}",
        "gemeentecode": "GM0999",
        "gebiedsniveau": "wijk",
        "gebiedscode": "WK099901",
        "indelingsjaar": 2022,
        "peildatum": MONTH,
        "leeftijdsgroep": "totaal",
        "uitsplitsing": "",
        "indicator": indicator,
        "eenheid": unit,
        "publicatiestatus": "gepubliceerd",
        "waarde": 40,
        "noemer": noemer,
        "sluiting": CLOSED,
        **other,
    }


def now(*entries: dict) -> list[tuple]:
    """Noemer and rate of some entries as they are public today, in the order given; nothing else of them changes."""
    public = pl.DataFrame(list(entries), schema=ENTRY)
    made = divided_as_now(public, rates(), SDC)
    assert made.schema == pl.Schema(ENTRY)
    assert made.drop("noemer", "noemer_naam").equals(public.drop("noemer", "noemer_naam"))
    return made.select("noemer", per_1000()).rows()


def test_like_by_like_stays_as_it_was_and_the_rest_has_no_rate():
    assert now(
        entry("wmo", "clienten", 800),
        entry("wmo", "huishoudens", 400),
        entry("wmo", "voorzieningen", 800),
        entry("schuldhulpverlening", "clienten", 400),
        entry("schuldhulpverlening", "huishoudens", 400),
        entry("bijzondere_bijstand", "gebruik", 400),
        entry("cjg", "voorzieningen", 250),
        entry("wsw", "clienten", 500),
    ) == [(800, 50.0), (400, 100.0), (None, None), (None, None), (400, 100.0), (None, None), (None, None), (500, 80.0)]


def test_households_were_divided_by_households_before_it_was_said():
    assert now(entry("wmo", "huishoudens", 400)) == [(400, 100.0)]


def residents(everybody: int | None, children: int | None, tabel: str = "wmo", **other) -> list[dict]:
    return [
        entry(tabel, "clienten", everybody, **other),
        entry(tabel, "clienten", children, leeftijdsgroep="0-14", **other),
    ]


def test_wwb_gets_the_residents_of_15_and_over_that_are_public():
    old = entry("wwb", "clienten", 500)
    assert now(old, *residents(800, 160))[0] == (640, 62.5)
    # Its own of today stays, and an older month of the same place gets it.
    new = entry("wwb", "gebruik", 645, noemer_naam="inwoners_15_plus", sluiting=NEXT)
    assert now(old, new, *residents(800, 160))[:2] == [(645, 62.0), (645, 62.0)]
    # Of a denominator that was set twice the last is public.
    later = [row | {"tabel": "monitor_awbz", "sluiting": NEXT} for row in residents(900, 100)]
    assert now(old, *later, *residents(800, 160))[0] == (800, 50.0)


@pytest.mark.parametrize(
    "others",
    [
        [],
        residents(800, None),
        residents(None, 160),
        residents(800, 795),
        residents(800, 160, gebiedscode="WK099902"),
        residents(800, 160, peildatum=date(2022, 4, 30)),
        # Of a school year, or of those under 23: no residents of all ages.
        residents(800, 160, tabel="jeugdzorg"),
    ],
)
def test_without_the_residents_that_are_public_there_is_no_rate(others: list[dict]):
    assert now(entry("wwb", "clienten", 500), *others)[0] == (None, None)


def test_what_is_hidden_stays_hidden():
    hidden = entry("wwb", "clienten", 500, publicatiestatus="kleiner_dan_drempel", waarde=None)
    public = pl.DataFrame([hidden, *residents(800, 160)], schema=ENTRY)
    made = divided_as_now(public, rates(), SDC)
    row = (
        public_table("wmo", made, "editie", MONTH)
        .filter(pl.col("publicatiestatus") != "gepubliceerd")
        .row(0, named=True)
    )
    assert (row["waarde"], row["noemer"], row["per_1000"]) == (None, 640, None)


def test_version_1_names_every_table_of_then():
    laws = {f"monitor_{regeling}": row["noemer"] for regeling, row in regelingen.rows().items()}
    assert set(VERSION_1) == {*laws, TOTAAL.table}
    other = {table for table, noemer in laws.items() if VERSION_1[table] != noemer}
    assert other == {"monitor_wwb", *(f"monitor_{regeling}" for regeling in WITHOUT)}


# --- a ledger of before, and the close after it ---


def as_version_1(closes: Closes) -> None:
    """The ledger as it was written before it named denominators."""
    for file in (closes.work.parent / "kluis" / ledger.FOLDER).glob("????-??-??.parquet"):
        pl.read_parquet(file).drop("noemer_naam").write_parquet(file)


def test_months_closed_before_keep_their_figures_and_get_the_rates_of_today(tmp_path: Path):
    made, names = Closes(tmp_path), ["wmo", "wwb", "schuldhulpverlening"]
    days = (date(2022, 4, 30), MONTH, date(2022, 6, 30))
    town = gemeente(3, 3000, 4, days)
    made.compute(town, CLOSED)
    made.publish()
    as_version_1(made)
    before = made.known
    assert before.get_column("noemer_naam").null_count() == before.height
    assert before.filter(pl.col("indicator") == "voorzieningen").get_column("noemer").count() > 0
    made.compute(town, NEXT)
    assert made.audit()["reden"] == ""
    files = {f"monitor_{name}": made.work / "vrij" / f"monitor_{name}.parquet" for name in names}
    shown = pl.concat([pl.read_parquet(file).with_columns(tabel=pl.lit(name)) for name, file in files.items()])
    key = ["tabel", "gebiedscode", "peildatum", "leeftijdsgroep", "indicator"]
    both = before.join(shown, on=key, suffix="_nu")
    assert both.height == before.filter(pl.col("tabel").is_in(list(files))).height
    assert both.filter(pl.col("waarde").ne_missing(pl.col("waarde_nu"))).is_empty()
    new = shown.filter(pl.col("peildatum") == date(2022, 6, 30))
    for rows in (shown, new):
        rated = rows.drop_nulls("per_1000")
        units = {(t.removeprefix("monitor_"), u) for t, u in rated.select("tabel", "eenheid").unique().rows()}
        assert units == {
            *(("wmo", "personen"), ("wmo", "huishoudens"), ("wwb", "personen"), ("wwb", "huishoudens")),
            ("schuldhulpverlening", "huishoudens"),
        }
        away = (pl.col("per_1000") - 1000 * pl.col("waarde") / pl.col("noemer")).abs() > 0.0501
        assert rated.filter(away).is_empty()
    # Of a month closed before: all residents less those under 15, as they are public.
    place = ["gebiedscode", "peildatum"]
    figures = shown.filter(pl.col("tabel") == "monitor_wmo", pl.col("indicator") == "clienten")
    ages = {
        name: figures.filter(pl.col("leeftijdsgroep") == name).select(*place, pl.col("noemer").alias(name))
        for name in ("totaal", "0-14")
    }
    adults = ages["totaal"].join(ages["0-14"], on=place).filter(pl.col("peildatum") < pl.date(2022, 6, 30))
    wwb = shown.filter(
        pl.col("tabel") == "monitor_wwb", pl.col("indicator") == "gebruik", pl.col("gebiedsniveau") != "buurt"
    ).join(adults, on=place)
    assert wwb.height > 6
    assert wwb.filter(pl.col("noemer").ne_missing(pl.col("totaal") - pl.col("0-14"))).is_empty()
    assert wwb.get_column("per_1000").count() > 3


def test_a_table_that_stays_is_made_anew_where_the_schema_is_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Else one edition would hold rates of two kinds. Without another schema it keeps its bytes."""
    made, anew = World(tmp_path), []
    made.whole_night(crash_town(0), FIRST)
    real = publish._from_ledger

    def from_ledger(*arguments) -> None:
        anew.append(arguments[1])
        real(*arguments)

    monkeypatch.setattr(publish, "_from_ledger", from_ledger)
    monkeypatch.setattr(made, "protect", lambda names: World.protect(made, [n for n in names if n != "wmo"]))
    first = pl.read_parquet(tmp_path / "publicatie" / str(FIRST) / "monitor_wmo.parquet")
    for schema, wanted in ((publish.SCHEMA_VERSION, []), ("999", ["wmo"])):
        monkeypatch.setattr(publish, "SCHEMA_VERSION", schema)
        anew.clear()
        made.whole_night(crash_town(1), SECOND)
        assert anew == wanted
        latest = edition.latest(made.night.settings.publicatie)
        assert edition.manifest(made.night.settings.publicatie, latest)["schema_versie"] == schema
        table = pl.read_parquet(tmp_path / "publicatie" / str(latest) / "monitor_wmo.parquet")
        assert table.drop("editie", "cijferstatus").equals(first.drop("editie", "cijferstatus"))


# --- the schema ---


def test_the_changelog_of_the_schema_tells_of_the_version_of_today():
    text = (PROJECT / "docs" / "schema.md").read_text(encoding="utf-8")
    versions = re.findall(r"^## Version (\d+)", text, re.MULTILINE)
    assert versions == [str(number) for number in range(int(publish.SCHEMA_VERSION), 0, -1)]
    newest = text.split("## Version ")[1]
    assert all(word in newest for word in ("geen_verhouding", "inwoners_15_plus", *BY_HOUSEHOLDS, *WITHOUT))
