"""`monitor_<regeling>`: the exact figures of a regeling, protected, as a candidate for the next edition.

Every step catches what its data can raise and is materialised all the same, with its state in metadata and a failed
ERROR check: a step that raises would take all that comes after it along.
"""

import json
from functools import cache
from pathlib import Path

import dagster as dg
import numpy as np
import polars as pl

from assets.ground.declared import BREAKDOWN, Counted, Table, counted
from assets.ground.mart import mart, read, read_areas
from assets.ground.night import Night
from assets.ground.settings import PROJECT
from assets.ground.state import content_of, fingerprint, recall, remember
from assets.ground.versions import CANDIDATE, code_version
from assets.protection.cells import ENTRY, KEY, cells_of, settings_of
from assets.protection.close import closing_months, fresh, touched
from assets.protection.protect import decided, protect
from assets.protection.public import entries_of, with_entries
from assets.protection.sdc import Sdc, load_sdc, settings_mark
from assets.publication import ledger, tables, union_sets
from assets.publication.rates import denominators
from assets.publication.steps import AGAIN, IN_ORDER, KEPT, Done, step_asset
from assets.registrations.declaration import Registration

MANIFEST = PROJECT / "dbt_project" / "target" / "manifest.json"


def monitor_asset(regeling: str, registration: Registration | None) -> dg.AssetsDefinition:
    """`monitor_<regeling>`: its exact figures protected, as a candidate for the next edition in the work folder.

    For a table over regelingen, which has no registration: the figures over all that count together.
    """
    table = counted()[regeling]
    name = table.table
    shown = "beveiligd: vanaf 10, afgerond op 5" if table.persons else "exact: zij tellen geen personen"

    def run(night: Night) -> Done:
        problem = _problem(night.settings.work, table, registration)
        return _kept(problem) if problem else _done(IN_ORDER, "", _candidate(night, regeling))

    return step_asset(
        name=name,
        check="bijgewerkt",
        holds="Registratie, modellen en beveiliging zijn in orde; anders blijft de vorige tabel.",
        run=run,
        broken=lambda _night, fault: _kept(f"beveiliging mislukt ({fault}): {AGAIN}"),
        group_name=regeling,
        deps=[*table.rests_on],
        description=f"De cijfers van {regeling}, {shown}. Kandidaat voor de editie.",
        owners=[registration.owner if registration else "team:monitor"],
        tags={"regeling": regeling, "laag": "monitor", "avg": "openbaar"},
        kinds={"parquet"},
        metadata={
            "regels": "assets/protection/sdc.yml",
            "dagster/column_schema": column_schema(table.figures),
            **(_links(registration) if registration else {}),
        },
    )


def _kept(problem: str) -> Done:
    """The table stays as in the previous edition."""
    return _done(KEPT, problem, {})


def _done(state: str, problem: str, result: dict) -> Done:
    result = {"toestand": state, "reden": problem, **result}
    shown = {key: value for key, value in result.items() if key != "inhoud"}
    return Done(result, problem, result.get("inhoud", "vorige"), shown)


def column_schema(table: Table) -> dg.TableSchema:
    """The columns of a published table, for Dagster."""
    columns = table.columns.items()
    return dg.TableSchema([dg.TableColumn(name, dtype.__name__.lower(), words) for name, (dtype, words) in columns])


def _links(registration: Registration) -> dict:
    return {
        "wet": dg.MetadataValue.url(registration.law_url),
        "leveringsgids": f"docs/leveringen/{registration.bron}.md",
    }


def _problem(work: Path, table: Counted, registration: Registration | None) -> str | None:
    """Why this regeling cannot be published anew: its registration is blocked, or a model or blocking test failed."""
    if registration:
        state = recall(work, f"toestand/{registration.bron}").get("toestand")
        if state in (None, "geblokkeerd"):
            return f"registratie {registration.bron} is {state or 'in deze run niet gelezen'}"
    dbt = recall(work, "toestand/dbt")
    if not dbt.get("modellen"):
        return dbt.get("fout") or "dbt is in deze run niet gedraaid"
    for model in [*table.rests_on, "peilmaand", "dekking", "bewoning"]:
        status = dbt["modellen"].get(model)
        if status != "success":
            return f"model {model} is niet gebouwd ({status})"
    for unique_id, name, model in _blocking(MANIFEST, MANIFEST.stat().st_mtime_ns):
        status = dbt.get("tests", {}).get(unique_id, {}).get("status", "niet uitgevoerd")
        if model in table.models and status != "pass":
            return f"test {name} faalt ({status}): zoek de rijen in kluis.duckdb, en herstel de levering of het model"
    return None


@cache
def _blocking(manifest: Path, _as_of: int) -> list[tuple[str, str, str]]:
    """The unique id, name and model of each test that blocks, by dbt's manifest."""
    nodes = json.loads(manifest.read_text(encoding="utf-8"))["nodes"].items()
    tests = ((i, node) for i, node in nodes if node["resource_type"] == "test")
    blocking = ((i, node) for i, node in tests if node["config"]["meta"].get("blokkeert"))
    return [(i, node["name"], (node.get("attached_node") or "").split(".")[-1]) for i, node in blocking]


def _candidate(night: Night, regeling: str) -> dict:
    """Writes the cells that this run sets, protected, and their herkomst; or leaves them when nothing changed."""
    settings, table = night.settings, f"monitor_{regeling}"
    work, file = settings.work, settings.work / "kandidaat" / f"{table}.parquet"
    known = ledger.current(settings.kluis, night.known_until, table)
    seen = ledger.seen(settings.kluis, night.known_until).filter(pl.col("tabel") == table)
    with mart(work) as connection:
        figures, areas = counted()[regeling].joined(read(connection, f"wijkcijfers_{regeling}")), read_areas(connection)
        origin = (
            read(connection, "herkomst")
            .filter(pl.col("regeling").is_in(counted()[regeling].origins))
            .drop("regeling")
            .unique()
            .sort(pl.all())
        )
        residents = read(connection, "noemer").filter(pl.col("noemer") == "inwoners")
        rates = denominators(connection).filter(pl.col("tabel") == table).drop("tabel")
        if counted()[regeling].over_a_set and not night.rebuild:
            union_sets.keep(work, read(connection, "unie"))
    figures = figures.join(rates, on="indicator", how="left")
    residents = residents.select("gebiedscode", "peildatum", "leeftijdsgroep", inwoners="aantal")
    key = ["gemeentecode", "gebiedscode", "peildatum", "leeftijdsgroep", BREAKDOWN, "indicator"]
    gemeenten = figures.get_column("gemeentecode").unique().sort().to_list()
    until, due = closing_months(known, gemeenten, night.stand)
    model = _model_version(work, regeling)
    version = fingerprint(
        figures.sort(key).hash_rows(seed=1).to_list(),
        *(frame.hash_rows(seed=1).sort().to_list() for frame in (areas, residents)),
        origin.hash_rows(seed=1).to_list(),
        sorted(until.items()),
        model,
        code_version(CANDIDATE),
        settings_mark(),
        _mark(seen),
    )
    memory = recall(work, f"geheugen/{table}")
    origin_file = file.with_name(f"herkomst_{regeling}.parquet")
    same = memory.get("versie") == version and memory.get("bestanden") == content_of(file, origin_file)
    ledger_now = _mark(known)
    # The ledger has all that this table set the last time: nothing is new, and nothing is to be set any more.
    settled = same and ledger_now == memory["grootboek_na"]
    if not same or ledger_now != memory["grootboek"]:
        sdcs = settings_of(regeling, gemeenten)
        closed = pl.DataFrame(list(until.items()), {"gemeentecode": pl.String, "tot": pl.Date}, orient="row")
        open_now = figures.join(closed, on="gemeentecode").filter(pl.col("peildatum") <= pl.col("tot")).drop("tot")
        made = cells_of(regeling, open_now, areas, residents, sdcs, known=known)
        cells = fresh(made, known, _revision(sdcs), due=due, base=load_sdc().base, seen=seen)
        now = touched(cells)
        rest = cells.join(now, on=KEY, how="anti")
        cells = pl.concat([protect(now, load_sdc()), decided(rest, *np.zeros((2, rest.height), bool))]).sort(KEY)
        versions = {"modelversie": model, "codeversie": code_version(), "run_id": night.run_id}
        file.parent.mkdir(parents=True, exist_ok=True)
        cells.write_parquet(file)
        tables.monitor_herkomst(origin, regeling, versions).write_parquet(origin_file)
        counts = cells.filter("vers").get_column("publicatiestatus").value_counts()
        after = with_entries(known, entries_of(cells, load_sdc(), night.stand))
        memory = {"versie": version, "status": dict(counts.iter_rows()), "sluiting": due}
        memory |= {"grootboek": ledger_now, "grootboek_na": _mark(after)}
        memory["bestanden"] = content_of(file, origin_file)
        remember(work, f"geheugen/{table}", memory)
    shown = memory["status"]
    return {
        "inhoud": version,
        "overgeslagen": same and (settled or ledger_now == memory["grootboek"]),
        "sluiting": memory["sluiting"],
        "rijen": sum(shown.values()),
        "gepubliceerd": shown.get("gepubliceerd", 0),
        "onderdrukt": shown.get("onderdrukt", 0),
        "niet_geleverd": shown.get("niet_geleverd", 0),
    }


def _model_version(work: Path, regeling: str) -> str:
    """The version of the models that make its figures: its own, and those of its areas, noemers and rates."""
    versions = recall(work, "toestand/dbt").get("versies", {})
    return fingerprint(
        *(versions.get(model) for model in (f"wijkcijfers_{regeling}", "gebied", "noemer", "verhouding"))
    )


def _mark(known: pl.DataFrame) -> str:
    return fingerprint(known.select(list(ENTRY)).hash_rows(seed=1).to_list())


def _revision(sdcs: dict[str, Sdc]) -> int:
    """How much a count must have changed before its figure does; the strictest of all gemeenten."""
    return max((sdc.revision_min for sdc in sdcs.values()), default=5)
