"""What checks and tables tell in Dagster: the broken rule in words, its owner, its report; what columns mean."""

from types import SimpleNamespace

import dagster as dg

from assets.intake.asset import _check_results, _reports
from assets.intake.registration import registrations
from orchestration.dbt import _results, build_dbt_assets
from orchestration.definitions import defs
from tests.town import Town

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
    check = found[f"regels_{rule.family}"]
    assert not check.passed
    assert check.description == f"BRP-07: {rule.message}"
    assert check.metadata["BRP-07"].value == check.metadata["overtredingen"].value == 1
    assert found["levering_in_orde"].passed
    assert found["levering_in_orde"].description is None


def test_a_clean_delivery_gives_zeros_to_plot(town: Town):
    town.brp([{"bsn": n} for n in range(100)], "2021-01-05")
    found = results(town, "brp")
    assert len(found) > 5
    assert {check.metadata["overtredingen"].value for check in found.values()} == {0}
    assert all(check.passed for check in found.values())


def test_a_failed_test_of_dbt_names_rule_and_owner():
    models = build_dbt_assets()
    specs = {(spec.asset_key.to_user_string(), spec.name): spec for spec in models.check_specs}
    chosen = {
        ("wijkcijfers_wmo", "telt_op"): "warn",
        ("wijkcijfers_wmo", "sleutel_uniek"): "pass",
        ("uitval_jeugdzorg", "elke_regel_een_persoon"): "warn",
    }
    ids = {name: specs[name].metadata["dagster_dbt/unique_id"] for name in chosen}
    tests = {ids[name]: {"status": status, "rijen": 2} for name, status in chosen.items()}
    context = SimpleNamespace(
        assets_def=models,
        selected_asset_check_keys={specs[name].key for name in chosen},
        selected_asset_keys={dg.AssetKey(model) for model, _ in chosen},
    )
    made = list(_results(context, {"invoer": "x", "modellen": {}, "tests": tests}, False, {}))  # pyright: ignore[reportArgumentType]
    found = {(c.asset_key.path[0], c.check_name): c for r in made for c in r.check_results if c.asset_key}
    summed = found["wijkcijfers_wmo", "telt_op"]
    assert not summed.passed
    assert summed.severity is dg.AssetCheckSeverity.ERROR
    assert summed.description == (
        "Wijken en buurten tellen op tot de gemeente, leeftijden tot het totaal. Eigenaar: team:monitor."
    )
    assert found["wijkcijfers_wmo", "sleutel_uniek"].passed
    assert found["wijkcijfers_wmo", "sleutel_uniek"].description is None
    # What a model rejects is for the owner of the delivery.
    person = found["uitval_jeugdzorg", "elke_regel_een_persoon"]
    assert person.severity is dg.AssetCheckSeverity.WARN
    assert person.metadata["eigenaar"].value == registrations()["jeugdzorg"].owner


def test_every_test_of_dbt_says_what_it_holds():
    specs = list(build_dbt_assets().check_specs)
    assert len(specs) > 100
    untold = [spec.key.to_user_string() for spec in specs if not (spec.description or "").endswith(".")]
    assert untold == []


def test_every_declared_column_is_described():
    graph = defs.resolve_asset_graph()
    schemas = {key.path[-1]: graph.get(key).metadata.get("dagster/column_schema") for key in graph.get_all_asset_keys()}
    whole = {name: schema for name, schema in schemas.items() if name.startswith(WHOLE)}
    assert len(whole) > 50
    assert [name for name, schema in whole.items() if schema is None] == []
    columns = [(name, column) for name, schema in whole.items() if schema for column in schema.columns]
    untold = [f"{name}.{column.name}" for name, column in columns if not column.description]
    assert untold == []
