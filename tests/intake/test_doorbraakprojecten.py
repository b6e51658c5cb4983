"""Doorbraakprojecten: YAML that cannot hurt, versions, registration before the start, the eleven of Weert."""

from pathlib import Path

import duckdb
import polars as pl
import pytest
import yaml

from assets.demo.doorbraak import weert
from assets.demo.make import DemoOptions, make_demo
from assets.record.records import Outcome
from tests.making.desk import CANARY, Desk
from tests.making.nights import environment
from tests.making.supply import page, service
from tests.making.town import WEERT, Town
from validations.language.codelists import codes

PROJECT = {
    "project_code": "P-1",
    "naam": "Samen",
    "startdatum": "2022-03-01",
    "einddatum_plan": "2023-02-28",
    "schotten": ["wmo", "wwb"],
    "partners": ["Punt Welzijn", "Bibliocenter"],
    "uitkomst_indicator": "clienten",
    "doel_regeling": "wmo",
    "gebieden": ["WK098801"],
    "vergelijkingsgebieden": ["WK098802", "WK0988AF"],
    "minimaal_effect": "-2.5",
}


def deliver(town: Town, day: str, *projects: dict) -> Outcome:
    town.deliver("doorbraakprojecten", day, {"projecten.yaml": yaml.safe_dump(list(projects), sort_keys=False)})
    return town.take_in("doorbraakprojecten")


def stored(town: Town, outcome: Outcome) -> pl.DataFrame:
    kluis = town.folder / "kluis"
    return pl.concat([pl.read_parquet(kluis / good.tabellen["doorbraakprojecten"]) for good in outcome.accepted])


def test_a_project_by_itself_and_a_list_are_read(town: Town):
    files = {"een.yaml": yaml.safe_dump(PROJECT), "meer.yaml": "- project_code: P-2\n- {project_code: P-3}\n"}
    town.deliver("doorbraakprojecten", "2022-02-01", files)
    outcome = town.take_in("doorbraakprojecten")
    assert outcome.state == "in_orde"
    rows = stored(town, outcome).sort("project_code")
    assert rows["project_code"].to_list() == ["P-1", "P-2", "P-3"]
    first = rows.row(0, named=True)
    assert (first["schotten"], first["partners"]) == ("wmo wwb", "Punt Welzijn; Bibliocenter")
    assert (first["minimaal_effect"], str(first["startdatum"]), first["gemeentecode"]) == (-2.5, "2022-03-01", WEERT)
    # What stands as ~, null or nothing is not known.
    empty = "- {project_code: P-4, naam: ~, thema: null, schotten: [], startdatum: }\n"
    town.deliver("doorbraakprojecten", "2022-02-02", {"leeg.yaml": empty})
    row = stored(town, town.take_in("doorbraakprojecten")).filter(pl.col("project_code") == "P-4").row(0, named=True)
    assert [row[name] for name in ("naam", "thema", "schotten", "startdatum")] == [None] * 4


BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (f"project_code: !!python/object/apply:os.system ['echo {CANARY}']\n", "LEV-43"),
        ("project_code: !eigen P-1\n", "LEV-43"),
        (BOMB, "LEV-43"),
        ("project_code: &naam P-1\n", "LEV-43"),
        (f"project_code: P-1\nnaam: {CANARY}\nnaam: Twee\n", "LEV-43"),
        (f"project_code: '{CANARY}\n", "LEV-43"),
        ("project_code: P-1\n---\nproject_code: P-2\n", "LEV-43"),
        ("[" * 50_000, "LEV-44"),
        ("project_code: [[[[[[x]]]]]]\n", "LEV-44"),
        ("naam: " + "x" * 2**20 + "\n", "LEV-44"),
        (f"project_code: P-1\ndeelnemers: [{CANARY}]\n", "LEV-03"),
        (f"project_code: P-1\nnaam: {{voor: {CANARY}}}\n", "LEV-03"),
        (f"- {CANARY}\n", "LEV-03"),
        ("", "LEV-01"),
    ],
)
def test_yaml_that_is_not_safe_or_no_project_is_refused_without_a_word_of_it(tmp_path: Path, text: str, rule: str):
    assert Desk(tmp_path).refused("doorbraakprojecten", {"projecten.yaml": text}).rule_id == rule


def test_no_value_of_yaml_is_more_than_text(tmp_path: Path):
    text = "project_code: 0123\nstartdatum: 2022-03-01\nvervolg: no\nbudget_toegekend: 1_000\n"
    row = Desk(tmp_path).read("doorbraakprojecten", {"p.yaml": text}).frames["doorbraakprojecten"].row(0, named=True)
    found = [row[name] for name in ("project_code", "startdatum", "vervolg", "budget_toegekend")]
    assert found == ["0123", "2022-03-01", "no", "1_000"]


def test_a_project_is_registered_before_it_starts_or_was_so_before(town: Town):
    late = {"project_code": "P-2", "startdatum": "2022-01-31"}
    good = [{"project_code": f"P-{number}"} for number in range(10, 40)]
    assert deliver(town, "2022-02-01", PROJECT, late, *good).records[0].per_regel == {"DBP-27": 1}
    assert deliver(town, "2022-04-15", PROJECT | {"geregistreerd_op": "2022-02-01"}, *good).records[1].per_regel == {}
    assert deliver(town, "2022-07-15", PROJECT, *good).records[2].per_regel == {"DBP-27": 1}


def test_the_goals_that_a_project_may_have_are_indicators_of_the_monitor():
    seed = Path(__file__).parents[2] / "dbt_project" / "seeds" / "indicatoren.csv"
    known = {line.split(",")[0] for line in seed.read_text(encoding="utf-8").splitlines()}
    assert {code.code for code in codes("DBP_DOEL")} - {"extern"} <= known


# --- the eleven of Weert ---


def test_the_press_counts_seven_and_four_which_is_eleven():
    projects = weert()
    years = [project.get("startjaar") for project in projects]
    assert (years.count(2016), years.count(2018), years.count(None)) == (5, 2, 4)
    assert (
        sum(year is not None for year in years) + sum("naam" in project for project in projects) == len(projects) == 11
    )
    # What was not told is not there.
    assert {key for project in projects for key in project} == {"project_code", "startjaar", "naam", "partners"}


def test_the_demo_of_weert_holds_them_and_every_delivery_is_in_order(town: Town):
    make_demo(town.settings, DemoOptions(("GM0988",), inwoners=1500, tot="2022-12", maanden=24), lambda _line: None)
    outcome = town.take_in("doorbraakprojecten")
    assert (outcome.state, sum(record.uitval for record in outcome.records)) == ("in_orde", 0)
    last = pl.read_parquet(town.folder / "kluis" / outcome.accepted[-1].tabellen["doorbraakprojecten"])
    eleven = last.filter(pl.col("project_code").str.starts_with("WEERT-"))
    assert eleven.height == 11
    own = last.filter(pl.col("project_code") == "DEMO-GM0988").row(0, named=True)
    assert (str(own["einddatum"]), own["eindmeting"]) == ("2022-10-31", 60.1)
    assert own["vergelijkingsgebieden"].count("WK") == 11


# --- what is made of it ---


def test_the_newest_version_counts_and_who_came_late_shows_when_all_is_seen_together(town: Town):
    from orchestration import cli

    town.gebieden(2022)
    town.deliver("aanbod", "2022-03-28", {"services-0001.json": page(service("een"))})
    deliver(town, "2022-02-01", PROJECT)
    claimed = {"project_code": "P-2", "startdatum": "2022-02-15", "geregistreerd_op": "2022-01-01"}
    outcome = deliver(town, "2022-04-15", PROJECT | {"naam": "Samen sterk", "geregistreerd_op": "2022-02-01"}, claimed)
    assert outcome.state == "in_orde"
    with environment(town.environment()):
        assert cli.main(["refresh", "--stand", "2022-05-10"]) == 0
    with duckdb.connect(str(town.folder / "kluis" / "kluis.duckdb"), read_only=True) as kluis:
        rows = kluis.execute(
            "select project_code, naam, fase, cast(eerste_levering as varchar), tijdig_geregistreerd"
            " from mart.doorbraakproject order by 1"
        ).fetchall()
        late = kluis.execute("select regel_id, cast(leverdatum as varchar), rij from mart.uitval_doorbraakproject")
        assert late.fetchall() == [("DBP-51", "2022-04-15", 2)]
    assert rows == [
        ("P-1", "Samen sterk", "loopt", "2022-02-01", True),
        ("P-2", None, "loopt", "2022-04-15", False),
    ]
