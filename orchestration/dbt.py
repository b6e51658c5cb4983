"""dbt in Dagster: one step builds all models; every model and test is an asset or check whatever became of it.

What a model means is in dbt_project. A model that failed is materialised with `toestand = mislukt` and its regeling
keeps its tables of the previous edition: an output that is not yielded would make Dagster skip all that comes after it
and still call the run a success (stack.md section 10).
"""

import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import polars as pl
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, DbtCliResource, DbtProject, dbt_assets
from packaging.version import Version

from assets.ground.mart import mart, read, read_linked
from assets.ground.night import Night
from assets.ground.settings import PROJECT, Settings, work_folder
from assets.ground.state import content_of, files_fingerprint, fingerprint, recall, remember
from assets.intake.objections import objections
from assets.privacy.places import forget_at_close
from assets.publication import ledger
from assets.publication.kluis import OVERVIEWS
from assets.record.records import overviews
from assets.registrations.declaration import registrations, words_of_staging
from orchestration.dbt_checks import TESTS, by_model, check_result, check_spec, family_of, model_of
from orchestration.dbt_proof import clear, keep, proven, results_of
from orchestration.dbt_versions import model_versions, versions_in
from orchestration.dbt_walls import unchanged
from orchestration.logging import quiet
from validations import progress

DBT_DIR = PROJECT / "dbt_project"
MANIFEST = DBT_DIR / "target" / "manifest.json"
MONITOR = "team:monitor"
SOURCES = ("models", "macros", "seeds", "tests")
LAYERS = {"staging": "staging", "voorzieningen": "voorziening", "personen": "persoon", "actief": "actief"}
LAYERS |= {"tellingen": "telling", "marts": "mart", "seeds": "seed"}


def dbt_executable() -> str:
    """The dbt command of this environment, also when its bin folder is not on PATH."""
    return str(Path(sys.executable).with_name("dbt"))


def dbt_environment(work: Path) -> dict[str, str]:
    """What dbt needs to know of the installation, and its telemetry off."""
    return {
        "MEERDOEN_WERK": str(work),
        "DBT_PROFILES_DIR": str(DBT_DIR),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        # No node events come in quiet mode, and all outputs would be lost.
        "DBT_QUIET": "false",
    }


def ensure_manifest() -> None:
    """Builds the manifest when it is missing or older than the project (4 s); a code location loads it in 0.1 s.

    Of two processes at once one builds it and the other waits; who reads it sees the old one or the new one.
    """
    MANIFEST.parent.mkdir(exist_ok=True)
    with (MANIFEST.parent / ".slot").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        stamp = MANIFEST.with_name("bron.txt")
        now = files_fingerprint(*(DBT_DIR / name for name in SOURCES)) + fingerprint(
            (DBT_DIR / "dbt_project.yml").read_text()
        )
        if MANIFEST.exists() and stamp.exists() and stamp.read_text() == now:
            return
        new = MANIFEST.parent / "nieuw"
        environment = os.environ | dbt_environment(work_folder())
        command = [dbt_executable(), "--quiet", "parse", "--project-dir", str(DBT_DIR), "--target-path", str(new)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode:
            raise RuntimeError(f"dbt parse failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
        (new / MANIFEST.name).replace(MANIFEST)
        stamp.write_text(now)


@cache
def _regelingen_by_table() -> dict[str, str]:
    """The regeling of each table that feeds just one."""
    return {t.name: t.regeling for r in registrations().values() for t in r.tables if t.regeling}


def group_of(name: str, tables: Mapping[str, str], regelingen: list[str]) -> str:
    """The Dagster group of a dbt node: its regeling by the end of its name, or by its source; else `bronnen`.

    `stg_bus_wwb` -> wwb; `uitval_wmo` -> wmo; `wijkcijfers` -> monitor; `bewoning` -> bronnen.
    """
    bare = name.removeprefix("stg_")
    if bare in tables:
        return tables[bare]
    # The longest name first: a regeling may end in the name of another.
    for regeling in sorted(regelingen, key=len, reverse=True):
        if name.endswith(f"_{regeling}"):
            return regeling
    return "monitor" if name in (*OVERVIEWS, "cbs_naast_ons") else "bronnen"


class Translator(DagsterDbtTranslator):
    """Names, groups, tags and owners of dbt nodes as Dagster assets; rule and owner of dbt tests as asset checks."""

    def __init__(self) -> None:
        super().__init__(DagsterDbtTranslatorSettings(enable_code_references=False))
        self._versions = versions_in(DBT_DIR)
        self._tests = by_model(json.loads(MANIFEST.read_text(encoding="utf-8")))

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """The bare name: `wijkcijfers_wmo`, and for a source its table: `wmo`."""
        return dg.AssetKey(dbt_resource_props["name"])

    def get_asset_spec(self, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None) -> dg.AssetSpec:
        """The spec of the library, with our group, tags, owner and kinds."""
        spec = super().get_asset_spec(manifest, unique_id, project)
        props = self.get_resource_props(manifest, unique_id)
        if props["resource_type"] == "source":
            return spec
        regelingen = _regelingen(manifest)
        group = group_of(props["name"], _regelingen_by_table(), regelingen)
        tags = {"laag": LAYERS.get(props["fqn"][1], "seed"), "avg": "pseudoniem"}
        if group in regelingen:
            tags["regeling"] = group
        # What a model rejects is for the owner of the delivery to repair.
        owner = _owners().get(group, MONITOR) if props["name"].startswith("uitval_") else MONITOR
        about = {"owners": [owner], "tags": tags, "kinds": {"dbt", "duckdb"}, "code_version": self._versions[unique_id]}
        return spec.replace_attributes(group_name=group, **about)

    def get_asset_check_spec(
        self, asset_spec: dg.AssetSpec, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None
    ) -> dg.AssetCheckSpec | None:
        """The check of the family that the test is of; None where the library has the test at another model."""
        test = self.get_resource_props(manifest, unique_id)
        family = [other for other in self._tests[model_of(test)] if family_of(other) == family_of(test)]
        of_library = super().get_asset_check_spec
        specs = [of_library(asset_spec, manifest, other["unique_id"], project) for other in family]
        deps = {dep.asset_key for spec in specs if spec for dep in spec.additional_deps}
        return check_spec(asset_spec, family, deps) if all(specs) else None


@cache
def _owners() -> dict[str, str]:
    return {regeling: r.owner for r in registrations().values() for regeling in r.regelingen}


def _regelingen(manifest: Mapping[str, Any]) -> list[str]:
    names = (node["name"] for node in manifest["nodes"].values() if node["resource_type"] == "model")
    return [name.removeprefix("wijkcijfers_") for name in names if name.startswith("wijkcijfers_")]


class Dbt(DbtCliResource):
    """The library's resource, without the two seconds of `dbt --version` in every run."""

    @property
    def _cli_version(self) -> Version:
        from importlib.metadata import version

        return Version(version("dbt-core"))


def build_dbt_assets() -> dg.AssetsDefinition:
    """All models, seeds and tests, in one step."""
    ensure_manifest()

    @dbt_assets(
        manifest=MANIFEST, project=DbtProject(DBT_DIR), name="dbt_modellen", dagster_dbt_translator=Translator()
    )
    def dbt_modellen(
        context: dg.AssetExecutionContext, dbt: Dbt, night: dg.ResourceParam[Night]
    ) -> Iterator[dg.MaterializeResult]:
        work = night.settings.work
        if night.ledger_fault:
            # Nothing is built that nobody may publish: the areas of a month are those of the ledger.
            told = {"modellen": {}, "tests": {}, "fout": night.ledger_fault, "invoer": None}
            context.log.error(night.ledger_fault)
            remember(work, "toestand/dbt", told | {"overgeslagen": False})
            yield from _results(context, told, False, {})
            return
        if context.selected_asset_keys >= {spec.key for spec in context.assets_def.specs}:
            # Before the first question of what was built: dbt replaces tables within its file, whose free blocks would
            # keep who is forgotten.
            forget_at_close(night.settings, objections(night.settings.kluis, night.forgotten_on))
        kept = proven(work)
        inputs = _inputs(night, built=bool(kept))
        wanted = sorted(key.to_user_string() for key in context.selected_asset_keys)
        skip = kept.get("invoer") == inputs and set(wanted) <= set(kept.get("modellen", {}))
        if not skip:
            kept = _build(context, dbt, night)
            if kept["heel"]:
                kept["invoer"] = inputs
                keep(work, kept)
            if kept["fout"]:
                context.log.error(f"{kept['fout']}: wat niet is gebouwd, blijft als in de vorige editie")
        told = {name: kept[name] for name in ("modellen", "tests", "fout", "invoer")}
        remember(work, "toestand/dbt", told | {"overgeslagen": skip, "versies": model_versions(DBT_DIR)})
        yield from _results(context, kept, skip, _built(work))

    return dbt_modellen


def _inputs(night: Night, *, built: bool) -> str:
    """What models and tests depend on: the deliveries that count, the last month that ended, and all they are made of.

    `built`: whether the database is known to be whole.
    """
    kluis = night.settings.kluis
    ledger.keep_areas(kluis, night.known_until)
    ledger.keep_sets(kluis, night.known_until)
    published = _not_as_published(night, built=built)
    withdrawn = [entry["sluitingen"] for entry in ledger.withdrawals(kluis, night.known_until)]
    last_month_end = night.stand.replace(day=1)
    deliveries = sorted(map(str, overviews(kluis).iter_rows()))
    return fingerprint(sorted(versions_in(DBT_DIR).items()), last_month_end, published, withdrawn, *deliveries)


def _not_as_published(night: Night, *, built: bool) -> list:
    """The months that the mart has in other areas, or with another set, than they were published with."""
    with night.settings.kluis.local("bron/indeling.parquet") as file:
        areas = pl.read_parquet(file)
    with night.settings.kluis.local("bron/openbaar.parquet") as file:
        sets = pl.read_parquet(file).filter("in_totaal").drop("in_totaal")
    if built and not areas.is_empty():
        with mart(night.settings.work) as connection:
            months, counted = read(connection, "peilmaand"), read_linked(connection)
        counted = counted.with_columns(regeling=pl.col("tabel").str.strip_prefix("monitor_"))
        month = ["gemeentecode", "peildatum"]
        missing = sets.join(months, on=month, how="semi").join(counted, on=sets.columns, how="anti")
        added = counted.join(sets, on=month, how="semi").join(sets, on=sets.columns, how="anti")
        areas, sets = areas.join(months, on=areas.columns, how="anti"), pl.concat([missing, added.select(sets.columns)])
    return [areas.rows(), sets.rows()]


def _build(context: dg.AssetExecutionContext, dbt: Dbt, night: Night) -> dict:
    """Runs dbt and tells what became of each node: `modellen` name -> status, `tests` name -> outcome.

    `heel`: whether all that was asked for was built in this run; `fout`: what is wrong with the build, in Dutch.
    """
    settings = night.settings
    settings.work.mkdir(parents=True, exist_ok=True)
    target = clear(settings.work)
    with _as_local(settings) as kluis:
        os.environ.update(dbt_environment(settings.work) | {"MEERDOEN_STAND": str(night.stand), "MEERDOEN_BRON": kluis})
        with quiet(settings.work / "dbt.log"), unchanged(Path(kluis) / "bron"):
            invocation = dbt.cli(
                ["build", "--exclude-resource-type", "unit_test", *_selection(context)],
                raise_on_error=False,
                # One place for its artifacts; without it every run leaves a folder behind.
                target_path=target,
            )
            ids = set()
            progress.doing("modellen en tests:")
            for event in invocation.stream_raw_events():
                ids.add(event.raw_event["info"]["invocation_id"])
                about = event.raw_event.get("data", {})
                if about.keys() >= {"index", "total"}:
                    progress.count(int(about["index"]), int(about["total"]))
    found, problem = results_of(target, invocation.process.wait(), ids, _asked(context))
    models = {_name(i): r["status"] for i, r in found.items() if i.startswith(("model.", "seed."))}
    tests = {i: {"status": r["status"], "rijen": r["failures"]} for i, r in found.items() if i.startswith("test.")}
    hooks = [r["status"] for i, r in found.items() if i.startswith("operation.")]
    whole = not problem and all(status == "success" for status in [*models.values(), *hooks])
    return {"modellen": models, "tests": tests, "heel": whole, "fout": problem, "invoer": None}


def _selection(context: dg.AssetExecutionContext) -> list[str]:
    """What dbt is told to build: nothing in particular, or just these models and all tests of these checks.

    The library's own selection knows one test per check.
    """
    if context.selected_asset_keys >= {spec.key for spec in context.assets_def.specs}:
        return []
    nodes = json.loads(MANIFEST.read_text(encoding="utf-8"))["nodes"]
    names = [".".join(nodes[unique_id]["fqn"]) for unique_id in sorted(_asked(context))]
    return ["--indirect-selection", "empty", "--select", " ".join(names)]


def _asked(context: dg.AssetExecutionContext) -> set[str]:
    """The unique ids of the models, seeds and tests of this step."""
    nodes = json.loads(MANIFEST.read_text(encoding="utf-8"))["nodes"]
    names = {key.to_user_string() for key in context.selected_asset_keys}
    specs = {spec.key: spec for spec in context.assets_def.check_specs}
    tests = {test for key in context.selected_asset_check_keys for test in specs[key].metadata[TESTS]}
    return tests | {i for i, node in nodes.items() if node["resource_type"] in ("model", "seed") and _name(i) in names}


def _as_local(settings: Settings):
    """The Parquet of the kluis as a local folder: the kluis itself, or from S3 a copy in the work folder."""
    from contextlib import nullcontext

    if settings.kluis.folder is not None:
        return nullcontext(str(settings.kluis.folder))
    mirror = settings.work / "kluis"
    wanted = {file.path: file for file in settings.kluis.files("bron")}
    kept, new = recall(settings.work, "geheugen/spiegel"), {}
    for path, file in wanted.items():
        local = mirror / path
        # The mark of the object and the bytes of its copy: what was written again, or copied by half, is copied anew.
        if not local.exists() or kept.get(path) != [file.mark, content_of(local)[local.name]]:
            local.parent.mkdir(parents=True, exist_ok=True)
            local.write_bytes(settings.kluis.read(path))
        new[path] = [file.mark, content_of(local)[local.name]]
    for local in mirror.rglob("*.parquet"):
        if str(local.relative_to(mirror)) not in wanted:
            local.unlink()
    remember(settings.work, "geheugen/spiegel", new)
    return nullcontext(str(mirror))


def _name(unique_id: str) -> str:
    return unique_id.split(".")[2]


def _built(work: Path) -> dict[str, dg.TableSchema]:
    """The columns of every table as it was built; those of staging in the words of the contract it reads."""
    words = words_of_staging()
    columns: dict[str, list[dg.TableColumn]] = {}
    # A database that cannot be read is told by the steps that need it.
    with suppress(duckdb.Error), mart(work) as connection:
        rows = connection.execute(
            "select table_name, column_name, lower(data_type) from duckdb_columns()"
            " where schema_name in ('staging', 'mart') order by table_name, column_index"
        )
        for table, name, data_type in rows.fetchall():
            told = words.get(table, {}).get(name)
            columns.setdefault(table, []).append(dg.TableColumn(name, data_type, told))
    return {table: dg.TableSchema(found) for table, found in columns.items()}


def _results(
    context: dg.AssetExecutionContext, kept: dict, skipped: bool, built: dict[str, dg.TableSchema]
) -> Iterator[dg.MaterializeResult]:
    """Every selected model and check, whatever became of it."""
    checks: dict[dg.AssetKey, list[dg.AssetCheckResult]] = {}
    specs = {spec.key: spec for spec in context.assets_def.check_specs}
    nodes = json.loads(MANIFEST.read_text(encoding="utf-8"))["nodes"]
    for key in context.selected_asset_check_keys:
        tests = [nodes[test] for test in specs[key].metadata[TESTS]]
        checks.setdefault(key.asset_key, []).append(check_result(specs[key], tests, kept["tests"]))
    # What the yml declares whole stands with the asset itself.
    declared = {node["name"] for node in nodes.values() if node["config"].get("contract", {}).get("enforced")}
    # Dagster wants parents before children.
    parents = {node["name"]: {_name(i) for i in node["depends_on"].get("nodes", [])} for node in nodes.values()}
    for name in TopologicalSorter(parents).static_order():
        key = dg.AssetKey(name)
        if key not in context.selected_asset_keys:
            continue
        status = kept["modellen"].get(name, "niet gebouwd")
        yield dg.MaterializeResult(
            key,
            data_version=dg.DataVersion(fingerprint(kept["invoer"] or context.run.run_id, status)),
            metadata={
                "toestand": "in_orde" if status == "success" else "mislukt",
                "status": status,
                "overgeslagen": skipped,
                **({"dagster/column_schema": built[name]} if name in built.keys() - declared else {}),
            },
            check_results=checks.get(key),
        )


if __name__ == "__main__":
    ensure_manifest()
