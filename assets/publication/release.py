"""`vrijgave`, the gate: judges every candidate as it was written, before anyone can see it.

Every step catches what its data can raise and is materialised all the same, with its state in metadata and a failed
ERROR check: a step that raises would take all that comes after it along.
"""

import json
from pathlib import Path

import dagster as dg
import duckdb
import polars as pl

from assets.night import Night
from assets.publication.mart import mart, read
from assets.publication.sdc import Sdc, load_sdc
from assets.publication.steps import IN_ORDER, place_of
from assets.regelingen import counts_persons, telwijzen
from assets.settings import PROJECT
from assets.state import files_fingerprint, fingerprint, recall, remember


def release_asset(regelingen: list[str]) -> dg.AssetsDefinition:
    """`vrijgave`: judges every candidate as written, before anyone can see it."""

    @dg.asset(
        name="vrijgave",
        group_name="publicatie",
        deps=[f"monitor_{regeling}" for regeling in regelingen],
        description="De poort voor de editie: Great Expectations op de geschreven tabellen, per regeling.",
        owners=["team:monitor"],
        tags={"laag": "publicatie", "avg": "openbaar"},
        kinds={"greatexpectations"},
        check_specs=[
            dg.AssetCheckSpec(
                f"gx_{regeling}",
                asset="vrijgave",
                description=f"Alle verwachtingen op monitor_{regeling}.parquet; anders blijft de vorige tabel.",
                metadata={"blokkeert": True},
            )
            for regeling in regelingen
        ],
    )
    def vrijgave(night: Night) -> dg.MaterializeResult:
        work = night.settings.work
        verdicts, skipped = _verdicts(work, regelingen)
        remember(work, "toestand/vrijgave", {"oordeel": verdicts, "overgeslagen": skipped})
        results = []
        for regeling, verdict in verdicts.items():
            broken = {name: count if count is not None else -1 for name, count in verdict["gebroken"].items()}
            results.append(
                dg.AssetCheckResult(
                    check_name=f"gx_{regeling}",
                    passed=verdict["vrij"],
                    severity=dg.AssetCheckSeverity.ERROR,
                    description=verdict["reden"] or None,
                    metadata={"verwachtingen": verdict["verwachtingen"], **broken},
                )
            )
        return dg.MaterializeResult(
            data_version=dg.DataVersion(fingerprint(json.dumps(verdicts, sort_keys=True))),
            metadata={"vrijgegeven": sum(v["vrij"] for v in verdicts.values()), "overgeslagen": skipped},
            check_results=results,
        )

    return vrijgave


def _verdicts(work: Path, regelingen: list[str]) -> tuple[dict, bool]:
    """The verdict on each regeling, and whether all were already known: same file, same gate."""
    from validations.gate.suites import judge_table

    sdc = load_sdc()
    memory = recall(work, "geheugen/vrijgave")
    gate = files_fingerprint(PROJECT / "validations" / "gate")
    verdicts, skipped = {}, True
    for regeling in regelingen:
        state = recall(work, f"toestand/monitor_{regeling}")
        file = work / "kandidaat" / f"monitor_{regeling}.parquet"
        if state.get("toestand") != IN_ORDER:
            verdicts[regeling] = {"vrij": False, "reden": state.get("reden"), "verwachtingen": 0, "gebroken": {}}
            continue
        content = fingerprint(gate, sdc, file.read_bytes().hex() if file.exists() else "")
        verdict = memory.get(regeling, {})
        if verdict.get("inhoud") != content:
            skipped = False
            try:
                with mart(work) as connection:
                    grid = _grid(connection, sdc, regeling)
                judgements = judge_table(file, grid)
                broken = {j.expectation: j.broken for j in judgements if not j.held}
                reason = f"verwachting {', '.join(broken)} niet waar" if broken else ""
            except Exception as error:
                judgements, broken, reason = [], {"GX-99-uitgevoerd": None}, f"de poort faalde ({place_of(error)})"
            verdict = {
                "vrij": not broken,
                "reden": reason,
                "verwachtingen": len(judgements),
                "gebroken": broken,
                "inhoud": content,
            }
        verdicts[regeling] = verdict
    remember(work, "geheugen/vrijgave", verdicts)
    return verdicts, skipped


def _grid(connection: duckdb.DuckDBPyConnection, sdc: Sdc, regeling: str):
    """How many rows the grid has, and which months and indicators: from areas and months, not from the figures."""
    from validations.gate.suites import Grid

    telwijze = telwijzen()[regeling]
    own = sdc if counts_persons(regeling) else sdc.without_persons()
    months, areas = read(connection, "peilmaand"), read(connection, "gebied")
    if telwijze == "aggregaat":
        # Only the peildata that the source has of any gemeente.
        months = months.join(read(connection, "dekking").filter(regeling=regeling), on="peildatum", how="semi")
    known = read(connection, "indicatoren").filter(pl.col("telwijzen").str.split(" ").list.contains(telwijze))
    cells = own.cells().join(known, on="indicator", how="semi")
    cells = cells.with_columns(pl.col("indicator").str.ends_with("_kwartaal").alias("kwartaal"))
    rows = (
        months.select("gemeentecode", "peildatum", "indelingsjaar", "is_kwartaaleinde")
        .join(areas, on=["gemeentecode", "indelingsjaar"])
        .join(cells, on="gebiedsniveau")
        .filter(~pl.col("kwartaal") | pl.col("is_kwartaaleinde"))
        .height
    )
    return Grid(
        rows=rows,
        months=sorted(months.get_column("peildatum").unique().to_list()),
        indicators=sorted(cells.get_column("indicator").unique().to_list()),
        threshold=own.threshold,
        base=own.base,
        least_noemer=sdc.threshold,
    )
