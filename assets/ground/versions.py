"""Versions of our own code: a hash of all that a result is really made of, and of nothing else.

Begins at a name (a declaration, a step) and follows every name of ours that it uses, from module to module; the files
that they name (sdc.yml, the seeds) count by what they say. Comments, docstrings, the types of arguments, and code that
is not reached change no version. What is only handed in (zones, settings, the night) is not followed: it carries
figures and makes none. Another Python may give other versions. Nothing of data is here, nor of dbt models
(orchestration/dbt/versions.py).
"""

import ast
import csv
import json
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml

from assets.ground.settings import PROJECT, work_folder
from assets.ground.state import files_fingerprint, fingerprint, recall, remember

ROOMS = ("assets", "validations")
MEMORY = "geheugen/versies"
# What reads and judges a delivery, once its registration is declared.
JUDGE = "assets.intake.step:Intake"
# What counts of a delivery does not depend on these: where files are, how a source is asked, how faults are worded.
NO_ROWS = (
    *("assets.ground.zones", "assets.ground.durable", "assets.ground.failures", "assets.intake.pull"),
    "validations.language.delivery",
)
# Nor do figures depend on these: how deliveries came in (contracts tell), where files are, what is told of the work.
NO_FIGURES = (
    *("assets.intake", "assets.record", "assets.report", "assets.readers", "assets.sources"),
    *("assets.ground.zones", "assets.ground.durable", "assets.ground.state", "assets.ground.versions"),
    *("validations.contracts", "validations.language", "validations.progress", "validations.gate.listed"),
)
# The steps from exact figures to public ones: each table, all together, the edition.
CANDIDATE = "assets.publication.candidate:_candidate"
TOGETHER = "assets.publication.together:_secure"
EDITION = "assets.publication.publish:_publish"
AUDIT, ATTACK = "assets.publication.audit:_attack", "validations.disclosure.attack:Attack"
GATE = "validations.gate.suites:judge_table"
SEEDS = Path("dbt_project", "seeds")
# Only the lists of this file that the code names count, and only what contracts read of them (codelists.Code).
CODE_LISTS, CODE = "codelijsten.csv", ("codelijst", "code", "omschrijving", "geldig_van", "geldig_tot")


@cache
def contract_version(bron: str) -> str:
    """Changes when a delivery would be read or judged otherwise: by declaration, reader, contract or code lists."""
    return _known(f"contract {bron}", lambda: _here().contract_version(bron))


@cache
def code_version(*begins: str) -> str:
    """Changes when the code that makes figures does; or when the code reached from `begins` (`module:name`) does."""
    return _known(f"code {' '.join(begins)}", lambda: _here().code_version(*begins))


@cache
def _here() -> "Checkout":
    return Checkout(PROJECT)


def _known(name: str, make: Callable[[], str]) -> str:
    """The version that an earlier run made of the very same files, else a new one: parsing all code takes a second."""
    kept = recall(work_folder(), MEMORY)
    if kept.get("bestanden") != _files():
        kept = {"bestanden": _files()}
    if name not in kept:
        remember(work_folder(), MEMORY, kept := kept | {name: make()})
    return kept[name]


@cache
def _files() -> str:
    """All that a version can be made of."""
    return fingerprint(sys.version, files_fingerprint(*(PROJECT / room for room in ROOMS), PROJECT / SEEDS))


class Name(NamedTuple):
    """A name at the top of a module; without a name the module as a whole."""

    module: str
    name: str


class Definition(NamedTuple):
    """What a name is, in one form; the names of ours that it uses, and the texts in it."""

    form: str
    uses: frozenset[Name]
    texts: frozenset[str]


class Checkout:
    """The code in a folder, parsed as far as it is asked for."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._modules: dict[str, Module | None] = {}
        self._files: dict[Path, list[dict[str, str]] | str | None] = {}

    def contract_version(self, bron: str) -> str:
        """As the function of that name."""
        return self._version((f"assets.registrations.{bron}:REGISTRATION", JUDGE), NO_ROWS)

    def code_version(self, *begins: str) -> str:
        """As the function of that name."""
        return self._version(begins or (CANDIDATE, TOGETHER, EDITION), NO_FIGURES)

    def reached(self, begins: tuple[str, ...], without: tuple[str, ...] = ()) -> dict[Name, Definition]:
        """Every name that is reached, and what it is. Raises LookupError for a begin that is not there."""
        todo = [Name(*begin.split(":")) for begin in begins]
        for begin in todo:
            if (module := self._module(begin.module)) is None or begin.name not in module.own:
                raise LookupError(f"no {begin.name} in {begin.module}")
        found: dict[Name, Definition] = {}
        while todo:
            name = todo.pop()
            module = None if name in found or name.module.startswith(without) else self._module(name.module)
            if module is None:
                continue
            if name.name in module.own:
                found[name] = module.definition(name.name)
                todo += found[name].uses
            elif name.name in module.imported:
                todo.append(module.imported[name.name])
            elif not name.name:
                todo += [Name(name.module, own) for own in module.own]
        return found

    def _version(self, begins: tuple[str, ...], without: tuple[str, ...]) -> str:
        reached = self.reached(begins, without)
        texts = frozenset().union(*(definition.texts for definition in reached.values()))
        folders = {SEEDS, *(Path(*name.module.split(".")[:-1]) for name in reached)}
        forms = (f"{name} {definition.form}" for name, definition in sorted(reached.items()))
        return fingerprint(*forms, *self._named(folders, texts))

    def _named(self, folders: set[Path], texts: frozenset[str]) -> Iterator[str]:
        """What the files say that the code names."""
        for name in sorted(text for text in texts if text.endswith((".csv", ".yml"))):
            for file in sorted(self.root / folder / name for folder in folders):
                said = self._said(file)
                if file.name == CODE_LISTS and isinstance(said, list):
                    said = [[row[part] for part in CODE] for row in said if row["codelijst"] in texts]
                if said is not None:
                    yield f"{name} {said}"

    def _said(self, file: Path) -> list[dict[str, str]] | str | None:
        """What a file says, without its comments; None where there is none."""
        if file not in self._files:
            text = file.read_text(encoding="utf-8-sig") if file.is_file() else None
            if text is None:
                self._files[file] = None
            elif file.suffix == ".yml":
                self._files[file] = json.dumps(yaml.safe_load(text), default=str)
            else:
                self._files[file] = list(csv.DictReader(text.splitlines()))
        return self._files[file]

    def _module(self, name: str) -> "Module | None":
        """A module of ours; None for one of others, or for what is no module."""
        if name not in self._modules:
            path = self.root.joinpath(*name.split("."))
            files = (path.with_suffix(".py"), path / "__init__.py") if name.split(".")[0] in ROOMS else ()
            file = next(filter(Path.is_file, files), None)
            self._modules[name] = Module(name, file.read_text(encoding="utf-8"), self) if file else None
        return self._modules[name]

    def is_module(self, name: str) -> bool:
        """Whether that is a module of ours."""
        path = self.root.joinpath(*name.split("."))
        return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


class Module:
    """One module. `own`: the statements that define each name at its top; `imported`: where it has others from."""

    def __init__(self, name: str, text: str, checkout: Checkout) -> None:
        self.name = name
        self.own: dict[str, list[ast.stmt]] = {}
        self.imported: dict[str, Name] = {}
        self._definitions: dict[str, Definition] = {}
        tree = _Bare().visit(ast.parse(text))
        for statement in tree.body:
            for bound in _bound(statement):
                self.own.setdefault(bound, []).append(statement)
        # Imports inside functions, which import late, count too.
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] in ROOMS:
                for alias in node.names:
                    whole = f"{node.module}.{alias.name}"
                    found = Name(whole, "") if checkout.is_module(whole) else Name(node.module, alias.name)
                    self.imported[alias.asname or alias.name] = found

    def definition(self, name: str) -> Definition:
        """What one of its own names is."""
        if name not in self._definitions:
            statements = self.own[name]
            nodes = [node for statement in statements for node in ast.walk(statement)]
            texts = (node.value for node in nodes if isinstance(node, ast.Constant))
            self._definitions[name] = Definition(
                fingerprint(*map(ast.dump, statements)),
                frozenset(self._used(nodes)),
                frozenset(text for text in texts if isinstance(text, str)),
            )
        return self._definitions[name]

    def _used(self, nodes: list[ast.AST]) -> Iterator[Name]:
        """The names of ours among some nodes, which stand outside in: `ledger.current` comes before `ledger`."""
        of_module: set[int] = set()
        for node in nodes:
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                known = self.imported.get(node.value.id)
                if known and not known.name:
                    of_module.add(id(node.value))
                    yield Name(known.module, node.attr)
            elif isinstance(node, ast.Name) and id(node) not in of_module:
                if node.id in self.own:
                    yield Name(self.name, node.id)
                elif node.id in self.imported:
                    yield self.imported[node.id]


class _Bare(ast.NodeTransformer):
    """Takes out what changes no result: docstrings, and the types of arguments and results."""

    def generic_visit(self, node: ast.AST) -> ast.AST:
        """Docstrings go."""
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and isinstance(body[0], ast.Expr):
            first = body[0].value
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                del body[0]
        return super().generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """The type of a result goes."""
        node.returns = None
        return self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        """The type of an argument goes."""
        node.annotation = None
        return node


def _bound(statement: ast.stmt) -> set[str]:
    """The names that a statement at the top of a module defines."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return {statement.name}
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    return {node.id for target in targets if target for node in ast.walk(target) if isinstance(node, ast.Name)}
