"""Versions of dbt models, seeds and tests, from the manifest that is there already: of all that each is made of.

A model is its SQL, the macros that it calls and those that they call, the vars that these read, its declared columns,
and the same of every ancestor; a seed is its file. Comments, spaces at the ends of lines, descriptions and tags change
nothing. What makes the sources (on-run-start) is part of who reads a source; the data themselves are not. Versions of
our own code are in assets/ground/versions.py.
"""

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from assets.ground.state import fingerprint

# A text or quoted name first, so that what looks like a comment in it stays.
COMMENTS = re.compile(r"""('(?:[^']|'')*'|"[^"\n]*")|\{#.*?#\}|/\*.*?\*/|--[^\n]*""", re.DOTALL)
VARS = re.compile(r"""\bvar\(\s*['"](\w+)['"]""")
# The settings of a node that say what it is, not how it is shown or who is told.
NOT_TOLD = {"description", "docs", "group", "meta", "tags"}


def versions_in(project: Path) -> dict[str, str]:
    """The versions of a dbt project whose manifest is made."""
    files = (project / "target" / "manifest.json", project / "dbt_project.yml")
    return _versions_in(*files, tuple(file.stat().st_mtime_ns for file in files))


@cache
def _versions_in(manifest: Path, settings: Path, _as_of: tuple[int, ...]) -> dict[str, str]:
    values = yaml.safe_load(settings.read_text(encoding="utf-8")).get("vars", {})
    return versions(json.loads(manifest.read_text(encoding="utf-8")), values)


def model_versions(project: Path) -> dict[str, str]:
    """The versions of its models by name."""
    return {i.split(".")[2]: version for i, version in versions_in(project).items() if i.startswith("model.")}


def versions(manifest: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, str]:
    """The version of each model, seed and test by unique id. `values`: the vars of the project."""
    nodes, macros = manifest["nodes"], manifest["macros"]

    @cache
    def called(unique_id: str) -> frozenset[str]:
        """A macro, and all that it calls; one that calls itself calls nothing new."""
        found: set[str] = set()
        todo = [unique_id]
        while todo:
            macro = todo.pop()
            if macro not in found and macro in macros:
                found.add(macro)
                todo += macros[macro]["depends_on"]["macros"]
        return frozenset(found)

    @cache
    def text(macro: str) -> str:
        return plain(macros[macro]["macro_sql"])

    def code(node: Mapping[str, Any]) -> list[str]:
        """The SQL of a node, its macros and the vars that they read."""
        own = sorted(frozenset().union(*map(called, node["depends_on"]["macros"])))
        texts = [plain(node["raw_code"]), *(f"{macro} {text(macro)}" for macro in own)]
        read = sorted({name for part in texts for name in VARS.findall(part)})
        return [*texts, *(f"{name} {json.dumps(values.get(name), sort_keys=True)}" for name in read)]

    @cache
    def version(unique_id: str) -> str:
        node = nodes.get(unique_id)
        if node is None:
            return fingerprint(unique_id, sources)
        settings = {name: value for name, value in node["config"].items() if name not in NOT_TOLD}
        columns = {name: column["data_type"] for name, column in node["columns"].items()}
        asked = node.get("test_metadata", {})
        about = [json.dumps(part, sort_keys=True, default=str) for part in (settings, columns, asked)]
        if node["resource_type"] == "seed":
            return fingerprint(unique_id, node["checksum"]["checksum"], *about)
        parents = (version(parent) for parent in sorted(set(node["depends_on"]["nodes"])))
        return fingerprint(unique_id, *code(node), *about, *parents)

    hooks = [node for _, node in sorted(nodes.items()) if node["resource_type"] == "operation"]
    sources = fingerprint(*(part for hook in hooks for part in code(hook)))
    return {unique_id: version(unique_id) for unique_id, node in nodes.items() if node not in hooks}


def plain(sql: str) -> str:
    """SQL (or a macro) without its comments, and without space around its lines."""
    bare = COMMENTS.sub(lambda found: found.group(1) or "", sql)
    return "\n".join(line.strip() for line in bare.splitlines() if line.strip())
