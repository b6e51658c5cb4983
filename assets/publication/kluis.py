"""`kluis`: the database for analysts inside, with exact counts; what is published is in publish.py.

It is a copy of what dbt built, in which tables, views and macros say in a comment what they hold: a model and its
columns in the words of dbt_project, the columns of staging in those of the contract.
"""

import shutil
from pathlib import Path

import dagster as dg
import duckdb

from assets.ground.declared import counted
from assets.ground.night import Night
from assets.ground.sql import sql_name, sql_text
from assets.ground.state import recall, remember
from assets.ground.zones import Zone
from assets.privacy.places import REBUILT, SETTLED, WAL
from assets.publication.steps import mark_of
from assets.registrations.declaration import words_of_staging

# The views over all regelingen, which no table of the edition rests on.
OVERVIEWS = ("wijkcijfers", "voorziening", "actief", "uitval")
# What analysts get; `bron` has views on Parquet that they cannot reach.
SCHEMAS = ("staging", "mart")


def kluis_asset(regelingen: list[str]) -> dg.AssetsDefinition:
    """`kluis`: the database for analysts inside, replaced in the kluis when all models were built anew."""

    @dg.asset(
        name="kluis",
        group_name="monitor",
        deps=[*OVERVIEWS, *(model for regeling in regelingen for model in counted()[regeling].models)],
        description="kluis.duckdb: exacte cijfers en voorzieningen (schema's staging en mart), voor analisten binnen.",
        owners=["team:monitor"],
        tags={"laag": "kluis", "avg": "pseudoniem"},
        kinds={"duckdb"},
    )
    def kluis(night: dg.ResourceParam[Night]) -> dg.MaterializeResult:
        settings = night.settings
        # What this run built, or proved to be as an earlier one built it whole.
        built = recall(settings.work, "toestand/dbt").get("invoer")
        forgotten = recall(settings.work, SETTLED).get("merk", "")
        there = recall(settings.work, "geheugen/kluis")
        place = f"{REBUILT}/{night.stand}/kluis.duckdb" if night.rebuild else "kluis.duckdb"
        now = {"invoer": built, "plaats": place, "bestand": mark_of_database(settings.kluis, place)}
        known = now.items() <= there.items()
        # A build that is not whole never takes the place of one that is.
        skip = built is None or known
        if not skip:
            # What somebody wrote in the old one would be read as part of the new.
            settings.kluis.remove(f"{place}{WAL}")
            with settings.kluis.writing(place) as target:
                copy_database(settings.work / "kluis.duckdb", target)
            written = {"bestand": mark_of_database(settings.kluis, place), "bezwaren": forgotten}
            remember(settings.work, "geheugen/kluis", now | written)
        if there.get("bezwaren", "") != forgotten:
            if built is None:
                # The database that would stay holds somebody who is forgotten.
                settings.kluis.remove(place)
                settings.kluis.remove(f"{place}{WAL}")
            settings.kluis.remove_old_versions()
        shown = {"overgeslagen": skip, "toestand": "vorige" if built is None else "in_orde"}
        return dg.MaterializeResult(data_version=dg.DataVersion(built or "vorige"), metadata=shown)

    return kluis


def mark_of_database(kluis: Zone, place: str) -> str | None:
    """The mark of a database in the kluis; None where what somebody wrote in it still stands beside it."""
    return None if kluis.exists(f"{place}{WAL}") else mark_of(kluis, place)


def copy_database(source: Path, target: Path) -> None:
    """Copies the file that dbt built, and takes out what is not for analysts: schemas staging and mart stay.

    The columns of staging get the words of the contract. Raises when a view reads what does not stay. Any DuckDB 1.x
    opens the copy, as dbt builds in such a storage version (dbt_project/profiles.yml).
    """
    for end in ("", WAL):
        if (file := source.with_name(source.name + end)).exists():
            shutil.copyfile(file, target.with_name(target.name + end))
    # A view reads tables, never a variable of ours that has the same name.
    with duckdb.connect(config={"python_enable_replacements": False}) as connection:
        connection.execute(f"attach {sql_text(target)} as kluis")
        connection.execute("use kluis")
        connection.begin()
        for (schema,) in _there(connection, "select schema_name from duckdb_schemas() where {} order by all"):
            if schema not in SCHEMAS:
                connection.execute(f"drop schema {sql_name(schema)} cascade")
        for statement in _words(connection):
            connection.execute(statement)
        for view in _there(connection, "select schema_name, view_name from duckdb_views() where {} order by all"):
            connection.execute(f"describe {sql_name(*view)}")
        connection.commit()


def _there(connection: duckdb.DuckDBPyConnection, query: str) -> list[tuple]:
    """What a query finds in the copy; `{}` is the condition that says so."""
    return connection.execute(query.format("database_name = 'kluis' and not internal")).fetchall()


def _words(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Comments in the words of the contract, on the columns that dbt gave none."""
    columns = "select schema_name, table_name, column_name from duckdb_columns() where {} and comment is null"
    words = words_of_staging()
    return [
        f"comment on column {sql_name(schema, table, column)} is {sql_text(words[table][column])}"
        for schema, table, column in _there(connection, f"{columns} order by all")
        if schema == "staging" and column in words.get(table, {})
    ]
