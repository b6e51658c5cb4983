"""What checks and tables tell in Dagster: the broken rule in words, its owner, its report; what columns mean."""

import json
import os
import subprocess
from collections import Counter
from types import SimpleNamespace
from typing import Any

import dagster as dg
from dagster_dbt.asset_utils import build_dbt_specs

from assets.ground.settings import work_folder
from assets.intake.asset import _check_results, _reports
from assets.registrations.declaration import registrations
from orchestration.dbt.build import _asked, _results, build_dbt_assets, selection
from orchestration.dbt.checks import by_model, check_spec, family_of, model_of, rule_of
from orchestration.dbt.project import DBT_DIR, MANIFEST, dbt_environment, dbt_executable
from orchestration.dbt.translator import Translator
from orchestration.definitions import defs
from tests.making.town import Town

# Tables whose columns stand in a contract, a yml or the code; of the others dbt tells them when they are built.
WHOLE = (
    "monitor_",
    "wijkcijfers_",
    "voorziening_",
    "uitval_",
    *(t.name for r in registrations().values() for t in r.tables),
)


def results(town: Town, bron: str) -> dict:
    outcome = town.take_in(bron)
    registration = registrations()[bron]
    reports = _reports(town.settings.kluis, outcome)
    return {r.check_name: r for r in _check_results(registration, registration.tables[0], outcome, reports)}


def test_a_blocked_delivery_names_rule_owner_and_report(town: Town):
    town.deliver("brp", "2021-01-05", {"brp.csv": ""})
    check = results(town, "brp")["levering_in_orde"]
    owner = registrations()["brp"].owner
    assert not check.passed
    assert "LEV-" in check.description
    assert check.description.endswith(f"Eigenaar: {owner}.")
    assert check.metadata["eigenaar"].value == owner
    assert any("rapport.html" in str(value.value) for value in check.metadata.values())


def test_a_delivery_with_too_many_broken_rows_names_the_rule_that_broke_most(town: Town):
    town.brp([{"bsn": 1}, {"bsn": 2, "geslacht": "X"}, {"bsn": 3, "geslacht": "X"}], "2021-01-05")
    check = results(town, "brp")["levering_in_orde"]
    rule = next(rule for rule in registrations()["brp"].contracts["brp"].rules if rule.id == "BRP-07")
    assert not check.passed
    assert check.metadata["overtredingen"].value == 1
    assert f"2 van 3 rijen (67%). Het vaakst: BRP-07: {rule.message}" in check.description


def test_a_broken_rule_is_told_in_words_with_its_count(town: Town):
    town.brp([*({"bsn": n} for n in range(100)), {"bsn": 101, "geslacht": "X"}], "2021-01-05")
    found = results(town, "brp")
    rule = next(rule for rule in registrations()["brp"].contracts["brp"].rules if rule.id == "BRP-07")
    check = found["regels_waarden"]
    assert not check.passed
    assert check.description == f"BRP-07: {rule.message}"
    assert check.metadata["BRP-07"].value == check.metadata["overtredingen"].value == 1
    assert found["levering_in_orde"].passed
    assert found["levering_in_orde"].description is None


def test_a_clean_delivery_gives_zeros_to_plot(town: Town):
    town.brp([{"bsn": n} for n in range(100)], "2021-01-05")
    found = results(town, "brp")
    assert set(found) == {"levering_in_orde", "regels_waarden", "regels_samenhang"}
    assert {check.metadata["overtredingen"].value for check in found.values()} == {0}
    assert all(check.passed for check in found.values())


MODELS = build_dbt_assets()
MADE = json.loads(MANIFEST.read_text(encoding="utf-8"))
OF_MODEL = {unique_id.split(".")[-1]: tests for unique_id, tests in by_model(MADE).items()}


def judged(model: str, family: str, outcomes: dict[str, str]) -> Any:
    """The check of a family, with the outcome of each kind of test that is not a pass; empty: it has none."""
    spec = next(s for s in MODELS.check_specs if s.key == dg.AssetCheckKey(dg.AssetKey(model), family))
    tests = [MADE["nodes"][test] for test in spec.metadata["toetsen"]]
    statuses = {t["unique_id"]: outcomes.get(t["test_metadata"]["name"], "pass") for t in tests}
    found = {test: {"status": status, "rijen": 2 * (status == "warn")} for test, status in statuses.items() if status}
    context = SimpleNamespace(
        assets_def=MODELS, selected_asset_check_keys={spec.key}, selected_asset_keys={dg.AssetKey(model)}
    )
    (made,) = _results(context, {"invoer": "x", "gebouwd": {model: "x"}, "modellen": {}, "tests": found}, False, {})  # pyright: ignore[reportArgumentType]
    return next(iter(made.check_results or []))


def test_a_family_is_red_with_the_words_of_what_failed_in_it_and_its_owner():
    check = judged("wijkcijfers_wmo", "aansluiting", {"stand_sluit_aan": "warn"})
    assert (check.passed, check.severity) == (False, dg.AssetCheckSeverity.ERROR)
    assert check.description == (
        "De vorige stand van een maand is de stand die de maand ervoor had. Eigenaar: team:monitor."
    )
    assert (check.metadata["gefaald"].value, check.metadata["rijen"].value) == (1, 2)
    statuses = check.metadata["toetsen"].value
    assert sorted(statuses.values()) == ["pass", "pass", "pass", "warn"]
    passed = judged("wijkcijfers_wmo", "aansluiting", {})
    assert (passed.passed, passed.description) == (True, None)
    # What a model rejects is for the owner of the delivery.
    person = judged("uitval_jeugdzorg", "waarden", {"voorwaarde": "warn"})
    assert person.metadata["eigenaar"].value == registrations()["jeugdzorg"].owner


def test_a_family_is_an_error_only_when_a_test_failed_that_blocks():
    # Ages of the law only warn; the status of a figure blocks; both are `waarden` of one model.
    ages = judged("wijkcijfers_wmo", "waarden", {"leeftijden_van_de_wet": "warn"})
    assert (ages.passed, ages.severity) == (False, dg.AssetCheckSeverity.WARN)
    both = judged("wijkcijfers_wmo", "waarden", {"leeftijden_van_de_wet": "warn", "status_en_aantal_passen": "warn"})
    assert both.severity is dg.AssetCheckSeverity.ERROR
    assert both.description == (
        "Geen cliënt is van een leeftijd waarvoor de wet niet geldt; wie dat wel is telt bij leeftijd onbekend. "
        "Alleen wat geleverd is heeft een aantal, en nooit onder 0. Eigenaar: team:monitor."
    )


def test_a_test_without_outcome_did_not_pass():
    lost = judged("wijkcijfers_wmo", "aansluiting", {"stand_klopt": ""})
    assert (lost.passed, lost.severity, lost.metadata["gefaald"].value) == (False, dg.AssetCheckSeverity.ERROR, 2)


def test_every_test_of_dbt_is_in_one_check():
    in_checks = Counter(test for spec in MODELS.check_specs for test in spec.metadata["toetsen"])
    tests = {unique_id for unique_id, node in MADE["nodes"].items() if node["resource_type"] == "test"}
    assert in_checks == dict.fromkeys(tests, 1)
    assert len(tests) >= 238
    rules = {rule.id for r in registrations().values() for t in r.tables for rule in r.contracts[t.contract].rules}
    graph = defs.resolve_asset_graph()
    asked = "\n".join(graph.get_check_spec(key).description or "" for key in graph.asset_check_keys)
    assert [rule for rule in sorted(rules) if f"- {rule} (" not in asked] == []


def test_there_are_few_enough_checks_to_look_at():
    assert len(defs.resolve_asset_graph().asset_check_keys) <= 250


def test_the_library_keeps_one_of_two_checks_with_one_name():
    """Why every test of a family gives the whole check: were each to give its own, one would be left."""

    class Naive(Translator):
        def get_asset_check_spec(self, asset_spec, manifest, unique_id, project):  # noqa: ARG002  of the library
            test = self.get_resource_props(manifest, unique_id)
            return check_spec(asset_spec, [test], set()) if model_of(test) == key else None

    key = "model.meerdoen.wijkcijfers_wmo"
    _, naive = build_dbt_specs(
        translator=Naive(), manifest=MADE, select="wijkcijfers_wmo", exclude="", selector="", io_manager_key=None,
        project=None,
    )  # fmt: skip
    kept = [test for spec in naive for test in spec.metadata["toetsen"]]
    assert len(kept) < len(OF_MODEL["wijkcijfers_wmo"])
    ours = [s for s in MODELS.check_specs if s.asset_key == dg.AssetKey("wijkcijfers_wmo")]
    assert sum(len(spec.metadata["toetsen"]) for spec in ours) == len(OF_MODEL["wijkcijfers_wmo"])


def test_selecting_one_check_runs_all_its_tests_and_no_model():
    check = dg.AssetCheckKey(dg.AssetKey("wijkcijfers_wmo"), "aansluiting")
    context = SimpleNamespace(assets_def=MODELS, selected_asset_keys=set(), selected_asset_check_keys={check})
    asked = _asked(context)  # pyright: ignore[reportArgumentType]
    listed = subprocess.run(
        [dbt_executable(), "--quiet", "ls", *selection(asked), "--output", "name", "--project-dir", str(DBT_DIR)],
        env=os.environ | dbt_environment(work_folder()), capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    family = [test["name"] for test in OF_MODEL["wijkcijfers_wmo"] if family_of(test) == "aansluiting"]
    assert len(family) == 4
    assert sorted(listed) == sorted(family)


def test_a_test_carries_the_name_of_its_model_and_has_its_own_compiled_file():
    tests = [(model, test) for model, tests in OF_MODEL.items() for test in tests]
    assert [test["name"] for model, test in tests if model not in test["name"]] == []
    assert len({test["name"] for _, test in tests}) == len({test["path"] for _, test in tests}) == len(tests)


def test_every_test_of_dbt_says_what_it_holds():
    tests = [test for tests in OF_MODEL.values() for test in tests]
    assert [test["name"] for test in tests if not rule_of(test).endswith(".")] == []


def test_every_declared_column_is_described():
    graph = defs.resolve_asset_graph()
    schemas = {key.path[-1]: graph.get(key).metadata.get("dagster/column_schema") for key in graph.get_all_asset_keys()}
    whole = {name: schema for name, schema in schemas.items() if name.startswith(WHOLE)}
    assert len(whole) > 50
    assert [name for name, schema in whole.items() if schema is None] == []
    columns = [(name, column) for name, schema in whole.items() if schema for column in schema.columns]
    untold = [f"{name}.{column.name}" for name, column in columns if not column.description]
    assert untold == []
