"""dbt in Dagster: one step builds all models; every model and test is an asset or check whatever became of it.

What a model means is in dbt_project. A model that failed is materialised with `toestand = mislukt` and its regeling
keeps its tables of the previous edition: an output that is not yielded would make Dagster skip all that comes after it
and still call the run a success (stack.md section 10).
"""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import nullcontext, suppress
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import polars as pl
from dagster_dbt import DbtCliResource, DbtProject, dbt_assets
from packaging.version import Version

from assets.ground.mart import mart, read, read_linked
from assets.ground.night import Night
from assets.ground.settings import Settings
from assets.ground.state import content_of, fingerprint, recall, remember
from assets.intake.objections import objections
from assets.privacy.places import forget_at_close
from assets.publication import ledger
from assets.record.records import overviews
from assets.registrations.declaration import words_of_staging
from orchestration.dbt import parts
from orchestration.dbt.checks import TESTS, check_result
from orchestration.dbt.project import DBT_DIR, MANIFEST, PARSED, dbt_environment, ensure_manifest, manifest
from orchestration.dbt.proof import begin, clear, keep, proven, results_of
from orchestration.dbt.translator import Translator
from orchestration.dbt.versions import model_versions, versions_in
from orchestration.dbt.walls import of_this_night, unchanged
from orchestration.logging import quiet
from validations import progress


class Dbt(DbtCliResource):
    """The library's resource, without the two seconds of `dbt --version` in every run."""

    @property
    def _cli_version(self) -> Version:
        from importlib.metadata import version

        return Version(version("dbt-core"))

    def _initialize_dbt_core_adapter(self, args: Sequence[str]) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """None: it would ask the database for numbers of rows, which we do not."""
        del args


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
            result = {"modellen": {}, "tests": {}, "fout": night.ledger_fault, "invoer": None, "gebouwd": {}}
            context.log.error(night.ledger_fault)
            remember(work, "toestand/dbt", result | {"overgeslagen": False})
            yield from _results(context, result, False, {})
            return
        if _all_of(context):
            # This comes before the first question of what was built: dbt replaces tables within its file, whose free
            # blocks would keep persons who are forgotten.
            forget_at_close(night.settings, objections(night.settings.kluis, night.forgotten_on))
        known = proven(work)
        made_from = _inputs(night, built=bool(known))
        wanted = {key.to_user_string() for key in context.selected_asset_keys}
        if not wanted <= known.get("modellen", {}).keys():
            known = {}
        skip = known.get("delen") == made_from
        kept = known if skip else _build(context, dbt, night, known, made_from)
        if kept["fout"]:
            context.log.error(f"{kept['fout']}: wat niet is gebouwd, blijft als in de vorige editie")
        result = {name: kept[name] for name in ("modellen", "tests", "fout", "invoer")}
        remember(work, "toestand/dbt", result | {"overgeslagen": skip, "versies": model_versions(DBT_DIR)})
        yield from _results(context, kept, skip, _built(work))

    return dbt_modellen


def _inputs(night: Night, *, built: bool) -> dict[str, Any]:
    """What models and tests depend on: the deliveries that count, the last month that ended, and all they are made of.

    `built`: whether the database is known to be whole.
    """
    kluis = night.settings.kluis
    ledger.keep_areas(kluis, night.known_until)
    ledger.keep_sets(kluis, night.known_until)
    published = _not_as_published(night, built=built)
    withdrawn = [entry["sluitingen"] for entry in ledger.withdrawals(kluis, night.known_until)]
    last_month_end = night.stand.replace(day=1)
    # The profile says in which version of storage the database is.
    made_with = [*sorted(versions_in(DBT_DIR).items()), (DBT_DIR / "profiles.yml").read_text()]
    return parts.inputs(overviews(kluis), made_with, last_month_end, published, withdrawn)


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


def _build(
    context: dg.AssetExecutionContext, dbt: Dbt, night: Night, known: dict[str, Any], made_from: dict[str, Any]
) -> dict[str, Any]:
    """What became of each node: `modellen` name -> status, `tests` unique id -> outcome; of `known` what stays.

    `heel`: whether all that was asked for was built in this run; `fout`: what is wrong with the build, in Dutch;
    `gebouwd`: what each model was made from when it was last built. What is whole is kept for the next night.
    """
    work, asked = night.settings.work, _asked(context)
    kept = _build_part(context, dbt, night, known, made_from)
    if not kept:
        kept = _run(dbt, night, clear(work), asked, everything=_all_of(context))
        known = {}
        # Made anew, now that there is a mart to hold against what is public.
        made_from = _inputs(night, built=True) if kept["heel"] else made_from
    if kept["heel"]:
        kept |= {"invoer": fingerprint(sorted(made_from.items())), "delen": made_from}
        new = kept.pop("nieuw", kept["modellen"])
        kept["gebouwd"] = known.get("gebouwd", {}) | dict.fromkeys(new, kept["invoer"])
        keep(work, kept | {"inhoud": parts.contents(work, manifest()) if _all_of(context) else {}})
    return kept


def _build_part(
    context: dg.AssetExecutionContext, dbt: Dbt, night: Night, known: dict[str, Any], made_from: dict[str, Any]
) -> dict[str, Any]:
    """Builds what lies behind the deliveries that changed, in the database as it is; empty when all must be built.

    Empty too when something failed: a table of yesterday would stay in the place of a model that failed.
    """
    work = night.settings.work
    bronnen = parts.changed(known.get("delen", {}), made_from)
    if not bronnen or not known.get("inhoud") or not _all_of(context):
        return {}
    made = parts.behind(manifest(), bronnen)
    result = _run(dbt, night, begin(work), made | parts.asked_of(manifest(), made), everything=False)
    if not result["heel"] or parts.differing(known["inhoud"], parts.contents(work, manifest()), bronnen):
        context.log.info("Er is meer anders dan door de nieuwe leveringen, of er faalde iets: alles wordt gebouwd.")
        return {}
    merged = {name: known[name] | result[name] for name in ("modellen", "tests")}
    return result | merged | {"nieuw": list(result["modellen"])}


def _run(dbt: Dbt, night: Night, target: Path, asked: set[str], *, everything: bool) -> dict[str, Any]:
    """Runs dbt on the nodes that are asked for (`everything`: those of the project)."""
    settings = night.settings
    settings.work.mkdir(parents=True, exist_ok=True)
    only = [] if everything else selection(asked)
    if PARSED.exists() and not (target / PARSED.name).exists():
        # That of the manifest holds for a first build too, if it was made for the same work folder.
        target.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(PARSED, target / PARSED.name)
    with _as_local(settings) as kluis:
        os.environ.update(dbt_environment(settings.work) | {"MEERDOEN_STAND": str(night.stand), "MEERDOEN_BRON": kluis})
        with quiet(settings.work / "dbt.log"), unchanged(Path(kluis) / "bron"), of_this_night():
            invocation = dbt.cli(
                ["build", "--exclude-resource-type", "unit_test", *only],
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
    found, problem = results_of(target, invocation.process.wait(), ids, asked)
    models = {_name(i): r["status"] for i, r in found.items() if i.startswith(("model.", "seed."))}
    tests = {i: {"status": r["status"], "rijen": r["failures"]} for i, r in found.items() if i.startswith("test.")}
    hooks = [r["status"] for i, r in found.items() if i.startswith("operation.")]
    whole = not problem and all(status == "success" for status in [*models.values(), *hooks])
    return {"modellen": models, "tests": tests, "heel": whole, "fout": problem, "invoer": None, "gebouwd": {}}


def selection(asked: set[str]) -> list[str]:
    """How dbt is told to build some nodes, and nothing else. The selection of the library knows one test per check."""
    nodes = manifest()["nodes"]
    names = sorted(".".join(nodes[unique_id]["fqn"]) for unique_id in asked)
    return ["--indirect-selection", "empty", "--select", " ".join(names)]


def _all_of(context: dg.AssetExecutionContext) -> bool:
    return context.selected_asset_keys >= {spec.key for spec in context.assets_def.specs}


def _asked(context: dg.AssetExecutionContext) -> set[str]:
    """The unique ids of the models, seeds and tests of this step."""
    names = {key.to_user_string() for key in context.selected_asset_keys}
    specs = {spec.key: spec for spec in context.assets_def.check_specs}
    tests = {test for key in context.selected_asset_check_keys for test in specs[key].metadata[TESTS]}
    models = {i for i, node in manifest()["nodes"].items() if node["resource_type"] in ("model", "seed")}
    return tests | {i for i in models if _name(i) in names}


def _as_local(settings: Settings):
    """The Parquet of the kluis as a local folder: the kluis itself, or from S3 a copy in the work folder."""
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
            description = words.get(table, {}).get(name)
            columns.setdefault(table, []).append(dg.TableColumn(name, data_type, description))
    return {table: dg.TableSchema(found) for table, found in columns.items()}


def _results(
    context: dg.AssetExecutionContext, kept: dict, skipped: bool, built: dict[str, dg.TableSchema]
) -> Iterator[dg.MaterializeResult]:
    """Every selected model and check, whatever became of it."""
    checks: dict[dg.AssetKey, list[dg.AssetCheckResult]] = {}
    specs = {spec.key: spec for spec in context.assets_def.check_specs}
    nodes = manifest()["nodes"]
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
        made_from = kept["gebouwd"].get(name)
        yield dg.MaterializeResult(
            key,
            data_version=dg.DataVersion(fingerprint(made_from or context.run.run_id, status)),
            metadata={
                "toestand": "in_orde" if status == "success" else "mislukt",
                "status": status,
                "overgeslagen": skipped or made_from != kept["invoer"],
                **({"dagster/column_schema": built[name]} if name in built.keys() - declared else {}),
            },
            check_results=checks.get(key),
        )
