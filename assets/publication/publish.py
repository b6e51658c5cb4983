"""`publicatie`: the edition, written beside the old one and switched to at once; and `kluis`, for analysts inside.

Every step catches what its data can raise and is materialised all the same, with its state in metadata and a failed
ERROR check: a step that raises would take all that comes after it along.
"""

import shutil
import tempfile
from pathlib import Path

import dagster as dg
import duckdb
import polars as pl

from assets.intake.registration import registrations
from assets.night import Night
from assets.publication import edition, tables
from assets.publication.mart import mart, overviews, read
from assets.publication.steps import code_version, place_of, same_file, write_or_keep
from assets.state import recall, remember

SCHEMA_VERSION = "1"


def publication_asset(regelingen: list[str]) -> dg.AssetsDefinition:
    """`publicatie`: the edition, written beside the old one and switched to at once."""

    @dg.asset(
        name="publicatie",
        group_name="publicatie",
        deps=["vrijgave", "wijkcijfers", "regelingen", "indicatoren"],
        description="De editie: Parquet, CSV en DuckDB met manifest. Geen nieuwe editie als er niets veranderde.",
        owners=["team:monitor"],
        tags={"laag": "publicatie", "avg": "openbaar"},
        kinds={"parquet", "duckdb"},
        check_specs=[
            dg.AssetCheckSpec(
                "gepubliceerd",
                asset="publicatie",
                description="Er staat een editie die bij deze run hoort.",
                metadata={"blokkeert": True},
            )
        ],
    )
    def publicatie(context: dg.AssetExecutionContext, night: Night) -> dg.MaterializeResult:
        try:
            told = _publish(night, regelingen)
        except Exception as error:
            told = {"editie": edition.latest(night.settings.publicatie) or "", "nieuw": False, "fout": place_of(error)}
            context.log.error(f"publicatie mislukt: {told['fout']}; de vorige editie staat er nog")
        remember(night.settings.work, "toestand/publicatie", told)
        return dg.MaterializeResult(
            data_version=dg.DataVersion(told["editie"] or "geen"),
            metadata={**told, "overgeslagen": not told["nieuw"]},
            check_results=[
                dg.AssetCheckResult(
                    check_name="gepubliceerd",
                    passed=bool(told["editie"]) and not told["fout"],
                    severity=dg.AssetCheckSeverity.ERROR,
                    description=told["fout"] or None,
                )
            ],
        )

    return publicatie


def _publish(night: Night, regelingen: list[str]) -> dict:
    """Assembles the edition; publishes it when a table differs from the previous edition."""
    work, publicatie = night.settings.work, night.settings.publicatie
    before = edition.latest(publicatie)
    verdicts = recall(work, "toestand/vrijgave")["oordeel"]
    name = edition.next_name(publicatie, night.stand)
    with tempfile.TemporaryDirectory(dir=work) as folder:
        new = Path(folder)
        origins, changed, anew = [], False, []
        for regeling in regelingen:
            file = new / f"monitor_{regeling}.parquet"
            origin = new / f"herkomst_{regeling}.parquet"
            if verdicts[regeling]["vrij"]:
                shutil.copyfile(work / "kandidaat" / file.name, file)
                shutil.copyfile(work / "kandidaat" / origin.name, origin)
                changed |= not same_file(publicatie, before, file)
                anew.append(regeling)
            elif before and publicatie.exists(f"{before}/{file.name}"):
                with publicatie.local(f"{before}/{file.name}") as old:
                    shutil.copyfile(old, file)
                with publicatie.local(f"{before}/monitor_herkomst.parquet") as old:
                    pl.read_parquet(old).filter(pl.col("tabel") == file.stem).write_parquet(origin)
            if origin.exists():
                origins.append(pl.read_parquet(origin))
                origin.unlink()
        if not any(new.iterdir()):
            return {"editie": "", "nieuw": False, "fout": "geen enkele tabel is vrijgegeven", "regelingen": 0}
        for table, frame in _other_tables(night, origins).items():
            changed |= not write_or_keep(publicatie, before, f"{table}.parquet", frame, new / f"{table}.parquet")
        if before and not changed:
            return {"editie": before, "nieuw": False, "fout": "", "regelingen": len(anew)}
        rows = _write_forms(new)
        files = {str(file.relative_to(new)): file for file in sorted(new.rglob("*")) if file.is_file()}
        about = {
            "schema_versie": SCHEMA_VERSION,
            "code_versie": code_version(),
            "stand": str(night.stand),
            "rijen": rows,
        }
        edition.publish(publicatie, name, files, about)
    return {"editie": name, "nieuw": True, "fout": "", "regelingen": len(anew)}


def _other_tables(night: Night, origins: list[pl.DataFrame]) -> dict[str, pl.DataFrame]:
    with mart(night.settings.work) as connection:
        laws, indicators = read(connection, "regelingen"), read(connection, "indicatoren")
        areas, changes = read(connection, "gebied"), read(connection, "wetswijzigingen")
    gemeenten = sorted(areas.get_column("gemeentecode").unique().to_list())
    return {
        "dim_regeling": tables.dim_regeling(laws, changes),
        "dim_gebied": tables.dim_gebied(areas),
        "dim_indicator": tables.dim_indicator(indicators, laws, registrations()),
        "monitor_kwaliteit": tables.monitor_kwaliteit(
            overviews(night.settings.kluis), gemeenten, registrations(), night.stand
        ),
        "monitor_herkomst": pl.concat(origins).sort("tabel", maintain_order=True),
    }


def _write_forms(folder: Path) -> dict[str, int]:
    """Beside the Parquet: CSV for a Dutch Excel, and one DuckDB file that any DuckDB 1.x opens. Rows by table."""
    (folder / "csv").mkdir()
    rows = {}
    with duckdb.connect() as connection:
        # A file may not be called after its schema, or DuckDB finds `monitor.x` ambiguous.
        connection.execute(f"attach '{folder / 'meerdoen.duckdb'}' as meerdoen (storage_version 'v0.10.0')")
        connection.execute("create schema meerdoen.monitor")
        for file in sorted(folder.glob("*.parquet")):
            frame = pl.read_parquet(file)
            rows[file.stem] = frame.height
            frame.write_csv(folder / "csv" / f"{file.stem}.csv", separator=";", include_bom=True, decimal_comma=True)
            connection.execute(f"create table meerdoen.monitor.{file.stem} as select * from read_parquet('{file}')")
        connection.execute("detach meerdoen")
    return rows


def kluis_asset(regelingen: list[str]) -> dg.AssetsDefinition:
    """`kluis`: the database for analysts inside, replaced in the kluis when the models were built anew."""

    @dg.asset(
        name="kluis",
        group_name="monitor",
        deps=["wijkcijfers", *(f"voorziening_{regeling}" for regeling in regelingen)],
        description="kluis.duckdb: exacte cijfers en voorzieningen (schema's staging en mart), voor analisten binnen.",
        owners=["team:monitor"],
        tags={"laag": "kluis", "avg": "pseudoniem"},
        kinds={"duckdb"},
    )
    def kluis(night: Night) -> dg.MaterializeResult:
        settings = night.settings
        built = recall(settings.work, "geheugen/dbt").get("invoer")
        there = recall(settings.work, "geheugen/kluis")
        skip = built is not None and there.get("invoer") == built and settings.kluis.exists("kluis.duckdb")
        if not skip:
            with settings.kluis.writing("kluis.duckdb") as target:
                _copy_database(settings.work / "kluis.duckdb", target)
            remember(settings.work, "geheugen/kluis", {"invoer": built})
        return dg.MaterializeResult(data_version=dg.DataVersion(built or "deels"), metadata={"overgeslagen": skip})

    return kluis


def _copy_database(source: Path, target: Path) -> None:
    """Copies the tables of staging and mart into a fresh file that DuckDB 1.x opens, without views on Parquet."""
    target.unlink(missing_ok=True)
    with duckdb.connect() as connection:
        connection.execute(f"attach '{source}' as bron (read_only)")
        connection.execute(f"attach '{target}' as kluis (storage_version 'v0.10.0')")
        found = connection.execute(
            "select table_schema, table_name from information_schema.tables"
            " where table_catalog = 'bron' and table_schema in ('staging', 'mart') order by 1, 2"
        ).fetchall()
        for schema in sorted({schema for schema, _ in found}):
            connection.execute(f"create schema kluis.{schema}")
        for schema, table in found:
            connection.execute(f"create table kluis.{schema}.{table} as select * from bron.{schema}.{table}")
