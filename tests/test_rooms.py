"""The rooms of the project: who may import whom, what stays out of start-up, and lists that must be equal."""

import ast
import csv
import json
import re
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path

import pytest
import yaml

from assets.ground.declared import counted
from assets.ground.regelingen import linked, telwijzen
from assets.guides.delivery import FOLDER, guide
from assets.registrations.declaration import registrations
from orchestration.dbt.project import MANIFEST, ensure_manifest

ROOT = Path(__file__).parents[1]
ROOMS = ("orchestration", "assets", "validations")
SOURCES = [file for room in ROOMS for file in (ROOT / room).rglob("*.py")]


def imported(file: Path) -> set[str]:
    """Every module that a file imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def room_of(module: str) -> str:
    return module.split(".")[0]


FORBIDDEN = {
    "validations": {"assets", "orchestration"},
    "assets": {"orchestration"},
}

# Inside `assets`: what each room may import beside itself. The declaration of a registration lies among them, and is
# what rooms below may not see.
GROUND, DECLARATION = "ground", "registrations.declaration"
TAKES_IN = {GROUND, DECLARATION, "readers", "registrations", "sources", "record"}
UP_TO = {
    GROUND: set(),
    "readers": {GROUND},
    DECLARATION: {"readers", "registrations"},
    "sources": {DECLARATION},
    "registrations": {DECLARATION, "readers", "sources"},
    "protection": {GROUND},
    "record": {GROUND, DECLARATION},
    "report": {GROUND, DECLARATION, "record"},
    "intake": TAKES_IN | {"report"},
    "privacy": TAKES_IN | {"report", "intake"},
    "publication": TAKES_IN | {"protection", "privacy"},
    "feedback": TAKES_IN | {"report", "protection", "publication"},
    "guides": TAKES_IN | {"intake"},
    "demo": TAKES_IN | {"intake"},
}


def inner_room(module: str) -> str:
    """The room of a module of `assets`; the declaration is one by itself."""
    own = module.removeprefix("assets.")
    return DECLARATION if own.startswith(DECLARATION) else own.split(".")[0]


@pytest.mark.parametrize("file", SOURCES, ids=lambda file: str(file.relative_to(ROOT)))
def test_dependencies_go_one_way(file: Path):
    room = file.relative_to(ROOT).parts[0]
    assert not {module for module in imported(file) if room_of(module) in FORBIDDEN.get(room, set())}


@pytest.mark.parametrize(
    "file",
    [file for file in SOURCES if file.is_relative_to(ROOT / "assets")],
    ids=lambda file: str(file.relative_to(ROOT)),
)
def test_no_arrow_runs_back_up(file: Path):
    place = file.relative_to(ROOT).with_suffix("").parts
    if len(place) < 3:
        assert place == ("assets", "__init__")
        return
    room = inner_room(".".join(place))
    used = {inner_room(module) for module in imported(file) if module.startswith("assets.")}
    assert not used - {room} - UP_TO[room]


@pytest.mark.parametrize("file", SOURCES, ids=lambda file: str(file.relative_to(ROOT)))
def test_a_module_says_what_belongs_in_it_and_is_short(file: Path):
    text = file.read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(text))
    assert text.count("\n") <= 400


def test_a_wrong_import_would_be_seen(tmp_path: Path):
    file = tmp_path / "wrong.py"
    file.write_text("def f():\n    from orchestration.cli import main\n")
    assert "orchestration" in {room_of(module) for module in imported(file)}


def run_python(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT).stdout


def test_loading_the_code_location_imports_nothing_heavy():
    ensure_manifest()
    code = "import orchestration.definitions, sys; print([m for m in sys.modules])"
    loaded = {name.split(".")[0] for name in re.findall(r"'([^']+)'", run_python(code))}
    assert not loaded & {"pandas", "great_expectations", "pandera", "psycopg", "sqlalchemy"}


def test_the_top_of_the_command_line_imports_only_argparse():
    tree = ast.parse((ROOT / "orchestration" / "cli.py").read_text(encoding="utf-8"))
    top = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    assert [alias.name for node in top for alias in node.names] == ["argparse"]


OWN = ("voorziening_", "actief_", "stand_", "stroom_", "gebruik_", "duur_", "wijkcijfers_")


def test_the_lists_of_regelingen_are_equal():
    ensure_manifest()
    with (ROOT / "dbt_project/seeds/regelingen.csv").open(encoding="utf-8") as file:
        seed = {row["regeling"]: row["bron"] for row in csv.DictReader(file)}
    project = yaml.safe_load((ROOT / "dbt_project/dbt_project.yml").read_text(encoding="utf-8"))
    declared = {regeling: r.bron for r in registrations().values() for regeling in r.regelingen}
    nodes = json.loads(MANIFEST.read_text(encoding="utf-8"))["nodes"].values()
    models = {node["name"] for node in nodes if node["resource_type"] == "model"}
    assert seed == declared
    over = project["vars"]["regelingen"]
    assert set(over) == set(seed)
    own = {name for name in models if name.startswith(OWN)}
    wanted = {model for table in counted().values() for model in table.models}
    assert {regeling for regeling, parts in over.items() if "unie" in parts} == set(linked())
    running = {regeling for regeling, how in telwijzen().items() if how in ("periode", "schooljaar_cumulatief")}
    assert {regeling for regeling, parts in over.items() if "actief" in parts} == running
    persons = {node["name"] for node in nodes if "persoon" in node.get("columns", {})}
    of_persons = {regeling for regeling in seed if f"voorziening_{regeling}" in persons}
    assert {regeling for regeling, parts in over.items() if "voorziening" in parts} == of_persons
    assert persons >= {"voorziening", "actief"}
    assert own == {model for model in wanted if model.startswith(OWN)}
    assert wanted <= models
    assert set(telwijzen()) == set(seed)


def test_every_table_of_a_registration_is_a_dbt_source():
    nodes = json.loads(MANIFEST.read_text(encoding="utf-8"))["sources"].values()
    tables = {table.name for r in registrations().values() for table in r.tables}
    assert {node["name"] for node in nodes} - {"leveringen", "run", "indeling", "straten", "openbaar"} == tables


# Aggregates are as delivered: they do not add up, and there are no flows. Nor does supply over areas.
BLOCKING = {
    # stand_klopt of months, and of quarters.
    "periode": ["sleutel_uniek", "stand_klopt", "stand_klopt", "stand_sluit_aan", "telt_op"],
    "aggregaat": ["sleutel_uniek", "status_en_aantal_passen", "zoals_geleverd"],
    "aanbod": ["sleutel_uniek", "status_en_aantal_passen", "aanbod_klopt"],
}


def test_every_regeling_model_has_its_blocking_tests():
    nodes = json.loads(MANIFEST.read_text(encoding="utf-8"))["nodes"].values()
    tests = [node for node in nodes if node["resource_type"] == "test"]
    for regeling in {regeling for r in registrations().values() for regeling in r.regelingen}:
        own = Counter(
            node["test_metadata"]["name"]
            for node in tests
            if (node.get("attached_node") or "").endswith(f".wijkcijfers_{regeling}")
            and node["config"]["meta"].get("blokkeert")
        )
        assert own >= Counter(BLOCKING.get(telwijzen()[regeling], BLOCKING["periode"])), regeling
    assert {node["config"]["severity"] for node in tests} == {"warn"}


def test_indicator_codes_fit_swing():
    with (ROOT / "dbt_project/seeds/indicatoren.csv").open(encoding="utf-8") as file:
        codes = [row["indicator"] for row in csv.DictReader(file)]
    assert all(re.fullmatch(r"[a-z0-9_]{1,50}", code) for code in codes)
    assert len(set(codes)) == len(codes)


def test_workspace_and_project_name_the_same_module():
    workspace = yaml.safe_load((ROOT / "workspace.yaml").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    module = workspace["load_from"][0]["python_module"]["module_name"]
    assert module == project["tool"]["dg"]["project"]["code_location_target_module"] == "orchestration.definitions"


def pinned(lock: str) -> dict[str, str]:
    """Package (with its marker) -> version and hashes."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    found = re.findall(r"^([a-z0-9][^=\s]*)==(\S+)([^\n]*)\n((?: +--hash\S+(?: \\)?\n)+)", text, re.MULTILINE)
    return {name + marker.removesuffix(" \\"): version + hashes for name, version, marker, hashes in found}


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_has_hashes_and_names_no_download_host(lock: str):
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    assert len(pinned(lock)) == len(re.findall(r"^[^\s#]", text, re.MULTILINE)) > 100


def test_tests_and_checks_run_on_the_versions_that_a_night_runs_on():
    running, developing = pinned("requirements.lock"), pinned("requirements-dev.lock")
    assert running.items() <= developing.items()
    assert {"pytest", "ruff", "pyright[nodejs]", "uv"} <= developing.keys() - running.keys()


@pytest.mark.parametrize("bron", registrations())
def test_the_delivery_guide_follows_the_contract(bron: str):
    assert (FOLDER / f"{bron}.md").read_text(encoding="utf-8") == guide(registrations()[bron]), "run: make docs"
