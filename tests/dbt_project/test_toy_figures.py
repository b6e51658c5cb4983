"""A new indicator takes three files, a new table over regelingen four: toy ones are added to a copy of the project."""

from pathlib import Path

import duckdb
import polars as pl
import pytest

from tests.making.toys import Copy

# Its name ends like a flow and begins like a month's use: only the columns say what it is.
INDICATOR = (
    "gebruik_kwartaal,Gebruik in het kwartaal,Unieke personen met een voorziening in het kwartaal,,personen,nee,"
    "gebruik,3,,3,wijk,,ja,vanaf 10; afgerond op 5,periode,\n"
)
INDICATOR_FILES = {
    "dbt_project/seeds/indicatoren.csv",
    "assets/protection/sdc.yml",
    "validations/disclosure/links.py",
}
TABLE_FILES = {
    "dbt_project/models/marts/wijkcijfers_samen.sql",
    "dbt_project/models/marts/_wijkcijfers.yml",
    "assets/protection/sdc.yml",
    "assets/ground/declared.py",
}
MODEL = """-- The persons of all regelingen once, without streets.
with

totaal as (
    select * from {{ ref('wijkcijfers_totaal') }}
    where gebiedsniveau <> 'straat'
),

final as (
    select * from totaal
)

select * from final
"""
DECLARED = """SAMEN = Counted(
    name="samen",
    naam="Unieke personen over alle regelingen",
    models=(*TOTAAL.models, "wijkcijfers_samen"),
    grid="rooster_samen",
    over_a_set=True,
    law={**(TOTAAL.law or {}), "regeling": "samen"},
)
"""
NIGHT = """
import sys
from pathlib import Path
from assets.demo.make import DemoOptions, make_demo
from tests.making.nights import GEMEENTE, Nights
nights = Nights(Path(sys.argv[1]))
make_demo(nights.settings, DemoOptions((GEMEENTE,), inwoners=4000, tot="2022-06", maanden=7, seed=3), lambda _: None)
sys.exit(nights.night("2022-07-20"))
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """The copy with both added."""
    copy = Copy(tmp_path_factory.mktemp("toy"))
    copy.put("dbt_project/seeds/indicatoren.csv", INDICATOR, before="gebruik_halfjaar,")
    sdc = copy.root / "assets/protection/sdc.yml"
    for level in ("gemeente", "wijk"):
        head = f"\n  {level}:\n    clienten: leeftijd\n    gebruik: totaal\n"
        assert sdc.read_text().count(head) == 1
        sdc.write_text(sdc.read_text().replace(head, head + "    gebruik_kwartaal: totaal\n"))
    copy.put(
        "validations/disclosure/links.py", '"gebruik_kwartaal": 3, ', before='"gebruik_halfjaar": 6, "gebruik_jaar"'
    )
    assert copy.touched | {"assets/protection/sdc.yml"} == INDICATOR_FILES
    copy.touched.clear()
    copy.add("dbt_project/models/marts/wijkcijfers_samen.sql", MODEL)
    own = "  - <<: *wijkcijfers\n    name: wijkcijfers_samen\n    data_tests: [*sleutel, *status, *telt_op]\n"
    copy.put("dbt_project/models/marts/_wijkcijfers.yml", own, before="  - name: wijkcijfers\n")
    grid = "rooster_samen: {gemeente: {clienten: totaal}, wijk: {clienten: totaal}}\n"
    copy.put("assets/protection/sdc.yml", grid, before="# Per regeling wat bijna altijd")
    copy.put("assets/ground/declared.py", DECLARED, before="# Tables over regelingen, beside one")
    declared = copy.root / "assets/ground/declared.py"
    declared.write_text(declared.read_text().replace("REGELINGEN = (TOTAAL, ", "REGELINGEN = (TOTAAL, SAMEN, "))
    assert copy.touched == TABLE_FILES
    return copy


def test_the_attackers_list_is_held_against_the_seed_there_too(project: Copy):
    printed = project.python("-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/dbt_project/test_indicators.py")
    assert " passed" in printed


@pytest.fixture(scope="module")
def town(project: Copy) -> Path:
    """A small demo and its first night, all in order."""
    folder = project.root / "plaats"
    project.python("-c", NIGHT, str(folder))
    return folder


@pytest.fixture(scope="module")
def latest(town: Path) -> Path:
    return (town / "publicatie" / "laatste").resolve()


@pytest.mark.lang
def test_the_toy_indicator_is_counted_protected_judged_and_published(town: Path, latest: Path):
    with duckdb.connect(str(town / "kluis" / "kluis.duckdb"), read_only=True) as kluis:
        exact = kluis.sql("select * from mart.wijkcijfers_wmo where indicator like 'gebruik%'").pl()
    three = exact.filter(pl.col("indicator") == "gebruik_kwartaal")
    assert three.get_column("peildatum").dt.month().unique().sort().to_list() == [3, 6, 12]
    # The first quarter began before the monitor did.
    known = three.filter(pl.col("status") == "geleverd")
    assert known.get_column("peildatum").dt.month().unique().sort().to_list() == [3, 6]
    key = ["gebiedscode", "peildatum"]
    month = exact.filter(pl.col("indicator") == "gebruik").select(*key, maand="aantal")
    both = known.join(month, on=key)
    assert both.height == known.height > 4
    assert both.filter(pl.col("aantal") < pl.col("maand")).is_empty()
    assert both.filter(pl.col("aantal") > pl.col("maand")).height > 0
    cells = pl.read_parquet(town / "werk" / "kandidaat" / "monitor_wmo.parquet")
    assert cells.filter(pl.col("indicator") == "gebruik_kwartaal", "in_rooster").height > 4
    public = pl.read_parquet(latest / "monitor_wmo.parquet").filter(pl.col("indicator") == "gebruik_kwartaal")
    shown = public.filter(pl.col("publicatiestatus") == "gepubliceerd")
    assert shown.height > 0
    assert (shown.get_column("waarde") % 5 == 0).all()
    words = pl.read_parquet(latest / "dim_indicator.parquet").filter(pl.col("indicator") == "gebruik_kwartaal")
    assert "wmo" in words.get_column("regeling")


@pytest.mark.lang
def test_the_toy_table_is_protected_judged_and_published_with_its_words(latest: Path):
    public = pl.read_parquet(latest / "monitor_samen.parquet")
    assert public.filter(pl.col("publicatiestatus") == "gepubliceerd", pl.col("per_1000").is_not_null()).height > 4
    origin = pl.read_parquet(latest / "monitor_herkomst.parquet").filter(pl.col("tabel") == "monitor_samen")
    assert origin.get_column("unieset").null_count() == 0
    assert origin.height > 0
    described = pl.read_parquet(latest / "dim_indicator.parquet").filter(pl.col("regeling") == "samen")
    assert described.get_column("noemer").to_list() == ["inwoners"]
    with duckdb.connect(str(latest / "meerdoen.duckdb"), read_only=True) as edition:
        words = dict(edition.execute("select table_name, comment from duckdb_tables()").fetchall())
    assert words["monitor_samen"].startswith("Unieke personen over alle regelingen")
