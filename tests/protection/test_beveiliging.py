"""docs/beveiliging.md is true to the code: it names every rule of the attack, every status, and tests that exist."""

import ast
import re
from pathlib import Path

import pytest

from assets.ground.declared import tables
from assets.protection.sdc import load_sdc
from validations.disclosure.reader import STATUSES

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "beveiliging.md").read_text(encoding="utf-8")


# The function that makes rules, by file.
MADE_IN = {"links": "link", "links_over": "over_regelingen"}


def rules_of_the_attack() -> set[str]:
    """The functions that make rules of the attack, but for what only shapes frames."""
    return set().union(*(made_in(file, name) for file, name in MADE_IN.items()))


def made_in(file: str, name: str) -> set[str]:
    """Those that a function of a file calls."""
    tree = ast.parse((ROOT / "validations" / "disclosure" / f"{file}.py").read_text(encoding="utf-8"))
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    called = {
        node.func.id
        for node in ast.walk(functions[name])
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    returns = {name: ast.unparse(node.returns) for name, node in functions.items() if node.returns}
    return {name for name in called & functions.keys() if "Entries" in returns.get(name, "")}


def test_every_kind_of_rule_is_named():
    rules = rules_of_the_attack()
    assert len(rules) >= 6
    assert {name for name in rules if f"`{name}`" not in PAGE} == set()


def test_every_regeling_with_rules_of_its_own_is_named():
    folder = ROOT / "validations" / "disclosure"
    source = "".join((folder / f"{file}.py").read_text(encoding="utf-8") for file in MADE_IN)
    names = set(re.findall(r'"monitor_([a-z_]+)"', source))
    assert {name for name in names if not re.search(rf"\b(monitor_)?{name}\b", PAGE)} == set()


def test_no_rule_is_named_that_is_not_there():
    named = set(re.findall(r"\| `(_[a-z_]+)` \|$", PAGE, flags=re.MULTILINE))
    assert named == rules_of_the_attack()


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_is_named(status: str):
    assert f"`{status}`" in PAGE


def test_the_numbers_are_those_of_the_settings():
    sdc = load_sdc()
    assert f"(`drempel`, {sdc.threshold})" in PAGE
    assert f"`b = {sdc.base}`" in PAGE
    assert f"(`breedte`, {sdc.width})" in PAGE


@pytest.mark.parametrize("table", ["monitor_kwaliteit", "monitor_herkomst"])
def test_every_column_about_a_delivery_that_is_no_version_is_named(table: str):
    versions = ("contractversie", "model", "modelversie", "codeversie", "run_id", "unieset")
    keys = ("tabel", "gemeentecode", "peildatum", "bron", "leverancier")
    about = [name for name in tables()[table].columns if name not in (*versions, *keys)]
    assert [name for name in about if f"`{name}`" not in PAGE] == []


def test_the_tests_that_it_names_exist():
    named = set(re.findall(r"`(tests/[a-z_/]+\.py)`", PAGE))
    assert len(named) > 5
    assert [name for name in named if not (ROOT / name).exists()] == []
