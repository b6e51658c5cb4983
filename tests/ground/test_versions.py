"""Versions tell what a result was made with: each edit below changes these versions, and no other.

Of dbt the manifest is edited as `dbt parse` would have it; that it does so is seen once, with a real one.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from copy import deepcopy
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import yaml

from assets.ground.settings import PROJECT
from assets.ground.versions import (
    ATTACK,
    AUDIT,
    CANDIDATE,
    EDITION,
    GATE,
    JUDGE,
    NO_FIGURES,
    NO_ROWS,
    TOGETHER,
    Checkout,
    contract_version,
)
from assets.intake import step
from assets.registrations.declaration import registrations
from orchestration.dbt.project import MANIFEST, dbt_environment, dbt_executable, ensure_manifest
from orchestration.dbt.versions import plain, versions
from tests.making import crash_night
from tests.making.town import Town, w301

CONTRACTS, MODELS = ("wmo", "wia", "brp"), ("wijkcijfers_wmo", "wijkcijfers_wwb", "wijkcijfers_totaal", "bewoning")
CODE = {"cijfers": (), "samen": (TOGETHER,), "audit": (AUDIT,), "aanval": (ATTACK,), "poort": (GATE,)}
EVERY_CONTRACT = {f"contract {bron}" for bron in CONTRACTS}
EVERY_MODEL = {f"model {name}" for name in MODELS}
COUNTED = EVERY_MODEL - {"model bewoning"}
ATTACKED = {"cijfers", "samen", "audit", "aanval"}
TEXT = "\n# Beside the point.\n"

# What is edited: file, what stands there (empty: the end), what comes in its place; and what becomes another version.
EDITS: dict[str, tuple[str, str, str, set[str]]] = {
    "a comment in the guide": ("assets/guides/delivery.py", "", TEXT, set()),
    "the guide": ("assets/guides/delivery.py", "def main(", "EXTRA = 1\n\n\ndef main(", set()),
    "the owner's report": ("assets/report/owner_report.py", "", "\n\nEXTRA = 1\n", set()),
    "a page of the owner's report": ("assets/report/owner_report.html", "", "<!-- -->", set()),
    "the demo": ("assets/demo/wsw.py", "", "\n\nEXTRA = 1\n", set()),
    "the command line": ("orchestration/status.py", "", "\n\nEXTRA = 1\n", set()),
    "how zones are read": ("assets/ground/zones.py", "", "\n\nEXTRA = 1\n", set()),
    "how a source is asked": ("assets/sources/database.py", "", "\n\nEXTRA = 1\n", set()),
    "the words of a fault": ("validations/language/delivery.py", "Het bestand is leeg.", "Er staat niets in.", set()),
    "a comment in the step": ("assets/intake/step.py", "FEW = 10", "FEW = 10  # ten", set()),
    "when a jump holds a delivery": ("assets/intake/acceptance.py", "JUMP_FLOOR = 20", "JUMP_FLOOR = 21", set()),
    "when uitval blocks a delivery": ("assets/intake/step.py", "FEW = 10", "FEW = 11", EVERY_CONTRACT),
    "a docstring of the judge": ("validations/language/judge.py", "Judges `frame`", "Looks at `frame`", set()),
    "the judge": ("validations/language/judge.py", "LONGEST_SIGN = 9", "LONGEST_SIGN = 8", EVERY_CONTRACT),
    "a word of contracts that nobody uses": ("validations/language/contract.py", "", "\n\nEXTRA = 1\n", set()),
    "a word of contracts that some use": (
        *("validations/language/contract.py", r'r"^[1-9][0-9]{3} ?[A-Za-z]{2}$"', r'r"^[1-9][0-9]{3}[A-Za-z]{2}$"'),
        {"contract brp"},
    ),
    "a declaration": ("assets/registrations/wmo.py", "cadence_days=31", "cadence_days=30", {"contract wmo"}),
    "a comment in a declaration": ("assets/registrations/wmo.py", "", TEXT, set()),
    "a contract": ("validations/contracts/wmo.py", "Een levering bevat", "Elke levering bevat", {"contract wmo"}),
    "a contract of several": ("validations/contracts/aggregaat.py", "% 10 == 0", "% 5 == 0", {"contract wia"}),
    "a reader": ("assets/readers/xml_messages.py", 'ADDRESS = ("Soort", ', "ADDRESS = (", {"contract wmo"}),
    "a code list": (
        *("dbt_project/seeds/codelijsten.csv", "WMO020,01,Hulp bij het huishouden", "WMO020,01,Huishoudelijke hulp"),
        {"contract wmo", *COUNTED},
    ),
    "a code list that only dbt reads": (
        *("dbt_project/seeds/codelijsten.csv", "LIJN,0,", "LIJN,0,nieuw: "),
        COUNTED,
    ),
    "what a code counts as": (
        *("dbt_project/seeds/codelijsten.csv", "en WAZ,,,clienten,", "en WAZ,,,gebruik,"),
        COUNTED,
    ),
    "a law": (
        *("dbt_project/seeds/regelingen.csv", "awbz,AWBZ-indicaties,", "awbz,AWBZ,"),
        COUNTED | {"cijfers", "samen", "audit"},
    ),
    "what a figure is counted over": (
        *("dbt_project/seeds/indicatoren.csv", ",gebruik,6,,6,", ",gebruik,6,,12,"),
        COUNTED | {"cijfers", "samen"},
    ),
    "a macro": ("dbt_project/macros/stg_berichten.sql", "select", "select distinct", {"wmo", "totaal"}),
    "a macro that a macro calls": (
        "dbt_project/macros/dispatch/dates.sql",
        "last_day({{ day }})",
        "{{ day }}",
        COUNTED,
    ),
    "a comment in a macro": ("dbt_project/macros/stg_berichten.sql", "{#", "{# Beside the point.", set()),
    "what makes the sources": (
        "dbt_project/macros/dispatch/bron_views.sql",
        "union_by_name = true",
        "x = 1",
        EVERY_MODEL,
    ),
    "a model": ("dbt_project/models/voorzieningen/voorziening_wwb.sql", "= '01'", "= '02'", {"wwb", "totaal"}),
    "a comment in a model": ("dbt_project/models/voorzieningen/voorziening_wwb.sql", "-- A", "-- All a", set()),
    "a model that all rest on": ("dbt_project/models/marts/bewoning.sql", "concat(adres_id,", "concat(", EVERY_MODEL),
    "the macro that counts": ("dbt_project/macros/wijkcijfers.sql", "select", "select distinct", COUNTED),
    "a var": (
        "dbt_project/dbt_project.yml",
        "wwb: [voorziening, actief, unie]",
        "wwb: [voorziening, actief]",
        {"totaal"},
    ),
    "a comment among the vars": ("dbt_project/dbt_project.yml", "vars:", "# Beside the point.\nvars:", set()),
    "protection": ("assets/protection/protect.py", "TRIES = ", "TRIES = 1 + ", {"cijfers", "samen"}),
    "a comment in protection": ("assets/protection/protect.py", "", TEXT, set()),
    "the threshold": ("assets/protection/sdc.yml", "drempel: 10", "drempel: 15", {"cijfers", "samen", "audit"}),
    "a comment in sdc.yml": ("assets/protection/sdc.yml", "# Disclosure", "# The disclosure", set()),
    "the edition": ("assets/publication/publish.py", 'SCHEMA_VERSION = "', 'SCHEMA_VERSION = "9', {"cijfers"}),
    "the audit": ("assets/publication/audit.py", "today(public, cells), ", "today(public, cells.head()), ", {"audit"}),
    "the attacker": ("validations/disclosure/solve.py", "NODES = 2000", "NODES = 3000", ATTACKED),
    "a comment in the attacker": ("validations/disclosure/solve.py", "", TEXT, set()),
    "an expectation": ("validations/gate/suites.py", 'BSN_SHAPE = r"', 'BSN_SHAPE = r"x', {"poort"}),
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project without what is made from it."""
    folder = tmp_path_factory.mktemp("kopie")
    for room in ("assets", "validations", "orchestration", "dbt_project"):
        shutil.copytree(PROJECT / room, folder / room, ignore=shutil.ignore_patterns("target", "__pycache__", "logs"))
    return folder


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    ensure_manifest()
    return json.loads(MANIFEST.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def checkout(copy: Path) -> Checkout:
    return Checkout(copy)


@pytest.fixture(scope="module")
def before(checkout: Checkout, manifest: dict[str, Any]) -> dict[str, str]:
    return all_versions(checkout, manifest)


def all_versions(checkout: Checkout, manifest: dict[str, Any]) -> dict[str, str]:
    """Every version of the table, by its name there."""
    of_dbt = versions(manifest, vars_of(checkout.root))
    return {
        **{f"contract {bron}": checkout.contract_version(bron) for bron in CONTRACTS},
        **{f"model {name}": of_dbt[f"model.meerdoen.{name}"] for name in MODELS},
        **{name: checkout.code_version(*begins) for name, begins in CODE.items()},
    }


def vars_of(copy: Path) -> dict[str, Any]:
    return yaml.safe_load((copy / "dbt_project" / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]


@contextmanager
def edited(checkout: Checkout, path: str, old: str, new: str) -> Iterator[None]:
    """A file of the copy is another for a while; what is known of all others stays known."""
    file = checkout.root / path
    was = file.read_text(encoding="utf-8")
    assert old in was, f"{path} has changed: another edit, please"
    try:
        file.write_text(was.replace(old, new, 1) if old else was + new, encoding="utf-8")
        _forget(checkout, path)
        yield
    finally:
        file.write_text(was, encoding="utf-8")
        _forget(checkout, path)


def _forget(checkout: Checkout, path: str) -> None:
    checkout._modules.pop(path.removesuffix(".py").replace("/", "."), None)
    checkout._files.clear()


def parsed(manifest: dict[str, Any], copy: Path, path: str, old: str, new: str) -> dict[str, Any]:
    """The manifest as dbt would make it of the edited file."""
    if not path.startswith("dbt_project/"):
        return manifest
    own, found = path.removeprefix("dbt_project/"), deepcopy(manifest)
    for node in [*found["nodes"].values(), *found["macros"].values()]:
        if node["original_file_path"] != own or node["package_name"] != "meerdoen":
            continue
        if node["resource_type"] == "seed":
            node["checksum"]["checksum"] = sha256((copy / path).read_bytes()).hexdigest()
        code = "raw_code" if "raw_code" in node else "macro_sql"
        node[code] = node[code].replace(old, new, 1)
    return found


def named(expected: set[str]) -> set[str]:
    """Of a model of a regeling the table has the regeling alone."""
    return {f"model wijkcijfers_{name}" if f"model wijkcijfers_{name}" in EVERY_MODEL else name for name in expected}


@pytest.mark.parametrize("what", EDITS)
def test_an_edit_changes_the_versions_of_what_uses_it(
    what: str, checkout: Checkout, manifest: dict[str, Any], before: dict[str, str]
):
    path, old, new, expected = EDITS[what]
    with edited(checkout, path, old, new):
        after = all_versions(checkout, parsed(manifest, checkout.root, path, old, new))
    assert {name for name, version in after.items() if version != before[name]} == named(expected)


def test_a_checkout_elsewhere_has_the_same_versions(before: dict[str, str], manifest: dict[str, Any]):
    assert all_versions(Checkout(PROJECT), manifest) == before
    assert contract_version("wmo") == before["contract wmo"]


def test_dbt_parse_tells_of_an_edit_what_the_table_says(checkout: Checkout, tmp_path: Path, before: dict[str, str]):
    command = [dbt_executable(), "--quiet", "parse", "--project-dir", str(checkout.root / "dbt_project")]
    variables = os.environ | dbt_environment(tmp_path)
    with ExitStack() as stack:
        for what in ("a macro", "a comment in a model", "a var"):
            stack.enter_context(edited(checkout, *EDITS[what][:3]))
        subprocess.run([*command, "--target-path", str(tmp_path)], env=variables, check=True)
        after = all_versions(checkout, json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8")))
    assert {name for name, version in after.items() if version != before[name]} == named({"wmo", "totaal"})


def test_a_test_of_dbt_has_the_version_of_all_it_asks(copy: Path, manifest: dict[str, Any]):
    values, other = vars_of(copy), deepcopy(manifest)
    name, node = next((i, n) for i, n in other["nodes"].items() if n["resource_type"] == "test")
    node["test_metadata"]["kwargs"]["x"] = "y"
    now, then = versions(other, values), versions(manifest, values)
    assert {i for i in now if now[i] != then[i]} == {name}
    node["description"], node["config"]["meta"] = "In andere woorden", {"blokkeert": "?"}
    assert versions(other, values) == now


def test_what_looks_like_a_comment_in_a_text_stays():
    assert plain("select '--x' as a, \"/*b\" -- c\nfrom t {# d\n e #}\n\n  where '{#' = 'it''s -- so'") == (
        "select '--x' as a, \"/*b\"\nfrom t\nwhere '{#' = 'it''s -- so'"
    )


# --- nothing is left out ---


def test_the_lists_that_a_contract_names_are_in_its_version():
    wanted = """
import json, sys
from importlib import import_module
from validations.language import codelists
asked, codes = {}, codelists.codes
codelists.codes = lambda name: (asked.setdefault(bron, []).append(name), codes(name))[1]
for bron in sys.argv[1:]:
    for name in [name for name in sys.modules if name.startswith("validations.contracts.")]:
        del sys.modules[name]
    import_module(f"validations.contracts.{bron}")
print(json.dumps(asked))
"""
    command = [sys.executable, "-c", wanted, *registrations()]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
    asked = json.loads(done.stdout)
    checkout = Checkout(PROJECT)
    assert len(asked) > 10
    for bron, lists in asked.items():
        reached = checkout.reached((f"assets.registrations.{bron}:REGISTRATION",), NO_ROWS)
        texts = frozenset().union(*(definition.texts for definition in reached.values()))
        assert not set(lists) - texts, bron


def test_what_runs_while_a_delivery_is_judged_is_in_its_version(town: Town, monkeypatch: pytest.MonkeyPatch):
    # What is only handed in is not followed: the delivery and its files.
    handed_in = {("assets.intake.deliveries", "Delivery")}
    town.brp([{"bsn": number} for number in range(3)], "2021-02-05")
    town.wmo([w301(1, 1, "2021-01-01")], "2021-02-05")
    for bron in ("brp", "wmo"):
        reached = Checkout(PROJECT).reached((f"assets.registrations.{bron}:REGISTRATION", JUDGE), NO_ROWS)
        with traced(monkeypatch, step.Intake, "_judge") as ran:
            town.take_in(bron)
        ours = of_us(ran, NO_ROWS)
        assert len(ours) > 20
        assert ours - set(reached) - handed_in == set()


def test_what_runs_while_figures_are_made_is_in_the_version_of_the_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    reached = Checkout(PROJECT).reached((CANDIDATE, TOGETHER, EDITION), NO_FIGURES)
    with ExitStack() as stack:
        steps = ("_candidate", "_secure", "_publish")
        ran = [stack.enter_context(traced(monkeypatch, crash_night, name)) for name in steps]
        crash_night.World(tmp_path).whole_night(crash_night.town(0), crash_night.FIRST)
    ours = of_us(set().union(*ran), NO_FIGURES)
    assert len(ours) > 80
    # What is only handed in is not followed; nor is where it lies what versions are.
    handed = {("assets.ground.night", "Night"), ("assets.ground.settings", "work_folder")}
    assert ours - set(reached) - handed == set()


@contextmanager
def traced(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str) -> Iterator[set[tuple[str, str]]]:
    """The functions and classes, by module, that run in a function while this lasts."""
    ran: set[tuple[str, str]] = set()
    function = getattr(owner, name)

    def run(*arguments: Any) -> Any:
        sys.setprofile(lambda frame, *_: ran.add((str(frame.f_globals.get("__name__")), frame.f_code.co_qualname)))
        try:
            return function(*arguments)
        finally:
            sys.setprofile(None)

    with monkeypatch.context() as patched:
        patched.setattr(owner, name, run)
        yield ran


def of_us(ran: set[tuple[str, str]], without: tuple[str, ...]) -> set[tuple[str, str]]:
    """Of what ran the names at the top of modules of ours; what has none (a lambda) is of a name that is there."""
    ours = {(module, name.split(".")[0]) for module, name in ran if module.startswith(("assets.", "validations."))}
    return {
        (module, name) for module, name in ours if not module.startswith(without) and name[:2] not in ("<l", "<m", "__")
    }


# --- what did not change is not done again ---


def test_an_edit_of_one_contract_reads_that_registration_only(
    town: Town, checkout: Checkout, before: dict[str, str], monkeypatch: pytest.MonkeyPatch
):
    town.brp([{"bsn": number} for number in range(3)], "2021-02-05")
    town.wmo([w301(1, 1, "2021-01-01")], "2021-02-05")
    monkeypatch.setattr(step, "contract_version", checkout.contract_version)
    assert [len(town.take_in(bron).read_now) for bron in ("brp", "wmo")] == [1, 1]
    with edited(checkout, *EDITS["a comment in the guide"][:3]):
        assert [len(town.take_in(bron).read_now) for bron in ("brp", "wmo")] == [0, 0]
    with edited(checkout, *EDITS["a contract"][:3]):
        assert [len(town.take_in(bron).read_now) for bron in ("brp", "wmo")] == [0, 1]
    assert checkout.contract_version("brp") == before["contract brp"]
