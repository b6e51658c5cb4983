"""What the checks of a registration tell in Dagster: the broken rule in words, its owner and its report."""

from assets.intake.asset import _check_results, _reports
from assets.intake.registration import registrations
from tests.town import Town


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


def test_a_broken_rule_is_told_in_words_with_its_count(town: Town):
    town.brp([*({"bsn": n} for n in range(100)), {"bsn": 101, "geslacht": "X"}], "2021-01-05")
    found = results(town, "brp")
    rule = next(rule for rule in registrations()["brp"].contracts["brp"].rules if rule.id == "BRP-07")
    check = found[f"regels_{rule.family}"]
    assert not check.passed
    assert check.description == f"BRP-07: {rule.message}"
    assert check.metadata["BRP-07"].value == 1
    assert found["levering_in_orde"].passed
    assert found["levering_in_orde"].description is None
