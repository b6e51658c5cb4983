"""The tests of dbt as checks in Dagster: one per model and family, which asks all its tests and names what failed.

dagster-dbt keeps one check of several that bear one name, and drops the tests of the others in silence. So every test
of a family gives the same check, which names them all, and `publicatiepoort` compares dbt's manifest with what was
evaluated. What a test asks is in dbt_project; which tests block is in their `meta`.
"""

from collections.abc import Mapping
from typing import Any

import dagster as dg

# The family of a kind of test: no two rows alike, figures that fit each other (areas and their parts, stocks and flows,
# tables over regelingen and those of each); any other kind asks something of single rows: `waarden`.
FAMILIES = {
    "sleutel_uniek": "sleutel",
    "unique": "sleutel",
    "telt_op": "aansluiting",
    "aanbod_klopt": "aansluiting",
    "stapeling_klopt": "aansluiting",
    "combinaties_kloppen": "aansluiting",
    "stand_klopt": "aansluiting",
    "stand_sluit_aan": "aansluiting",
}
# What the tests hold that dbt and every model have; the others tell it themselves (`description` in the yml).
RULES = {
    "not_null": "{column_name} is altijd gevuld.",
    "unique": "{column_name} komt niet twee keer voor.",
    "accepted_values": "{column_name} is een van: {values}.",
    "relationships": "{column_name} staat in {to}.",
    "sleutel_uniek": "Geen twee rijen met dezelfde {kolommen}.",
}
NOT_RUN = "niet uitgevoerd"
# In the metadata of a check: the unique ids of its tests; in that of its evaluation: the status of each by name.
TESTS, STATUSES = "toetsen", "toetsen"

Node = Mapping[str, Any]


def by_model(manifest: Mapping[str, Any]) -> dict[str, list[Node]]:
    """The data tests of each model or seed, by its unique id."""
    found: dict[str, list[Node]] = {}
    for _, node in sorted(manifest["nodes"].items()):
        if node["resource_type"] == "test":
            found.setdefault(model_of(node), []).append(node)
    return found


def model_of(test: Node) -> str:
    """The unique id of the model that a test is of; for a test that stands alone, the first model that it reads."""
    return test.get("attached_node") or next(iter(test["depends_on"]["nodes"]), "")


def family_of(test: Node) -> str:
    """The family of a test."""
    return FAMILIES.get(_kind(test), "waarden")


def rule_of(test: Node) -> str:
    """What a test holds, in Dutch: its description, or that of its kind."""
    if test["description"]:
        return test["description"]
    about = test.get("test_metadata", {}).get("kwargs", {})
    words = {name: ", ".join(value) if isinstance(value, list) else value for name, value in about.items()}
    return RULES[_kind(test)].format(**words) if _kind(test) in RULES else test["name"]


def blocks(test: Node) -> bool:
    """Whether a regeling keeps its tables of the previous edition when this fails."""
    return bool(test["config"]["meta"].get("blokkeert"))


def check_spec(asset: dg.AssetSpec, tests: list[Node], deps: set[dg.AssetKey]) -> dg.AssetCheckSpec:
    """The check of the tests of one family of one model."""
    asked = "\n".join(f"- {rule_of(test)}{' (blokkeert)' if blocks(test) else ''}" for test in tests)
    return dg.AssetCheckSpec(
        family_of(tests[0]),
        asset=asset.key,
        description=asked,
        additional_deps=deps,
        metadata={"eigenaar": asset.owners[0], TESTS: [test["unique_id"] for test in tests]},
    )


def check_result(spec: dg.AssetCheckSpec, tests: list[Node], outcomes: Mapping[str, dict]) -> dg.AssetCheckResult:
    """Red with what failed in it: ERROR when a test failed that blocks, else WARN. A test without outcome failed."""
    outcome_of = {
        test["unique_id"]: outcomes.get(test["unique_id"], {"status": NOT_RUN, "rijen": None}) for test in tests
    }
    failed = [test for test in tests if outcome_of[test["unique_id"]]["status"] != "pass"]
    owner = spec.metadata["eigenaar"]
    return dg.AssetCheckResult(
        check_name=spec.name,
        asset_key=spec.asset_key,
        passed=not failed,
        severity=dg.AssetCheckSeverity.ERROR if any(map(blocks, failed)) else dg.AssetCheckSeverity.WARN,
        description=f"{' '.join(map(rule_of, failed))} Eigenaar: {owner}." if failed else None,
        metadata={
            "gefaald": len(failed),
            "rijen": sum(outcome["rijen"] or 0 for outcome in outcome_of.values()),
            "eigenaar": owner,
            STATUSES: {test["name"]: outcome_of[test["unique_id"]]["status"] for test in tests},
        },
    )


def unasked(manifest: Mapping[str, Any], models: set[str], evaluated: Mapping[str, str]) -> list[str]:
    """What dbt's manifest asks of some models (by name) and nobody evaluated, a line per model.

    `evaluated`: the status of each test by name, as the checks of a run tell it.
    """
    found = []
    for unique_id, tests in by_model(manifest).items():
        model = unique_id.split(".")[-1]
        left = [test["name"] for test in tests if evaluated.get(test["name"], NOT_RUN) == NOT_RUN]
        if model in models and left:
            found.append(f"{model}: dbt vraagt meer dan is uitgevoerd: {', '.join(left)}")
    return found


def _kind(test: Node) -> str:
    return test.get("test_metadata", {}).get("name", "")
