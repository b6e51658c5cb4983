"""`kluis`: the database for analysts inside, with exact counts; what is published is in publish.py.

It is a copy of what dbt built, in which tables, views and macros say in a comment what they hold: a model and its
columns in the words of dbt_project, the columns of staging in those of the contract.
"""

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
    """Copies schemas staging and mart into a fresh file that DuckDB 1.x opens, with all that they say of themselves.

    Views stay views and macros macros; the views on Parquet (schema bron) stay behind.
    """
    target.unlink(missing_ok=True)
    # A view reads tables, never a variable of ours that has the same name.
    with duckdb.connect(config={"python_enable_replacements": False}) as connection:
        connection.execute(f"attach {sql_text(source)} as bron (read_only)")
        connection.execute(f"attach {sql_text(target)} as kluis (storage_version 'v0.10.0')")
        connection.execute("use kluis")
        for (schema,) in _there(connection, "select distinct schema_name from duckdb_tables() where {} order by all"):
            connection.execute(f"create schema {sql_name(schema)}")
        tables = "select schema_name, table_name from duckdb_tables() where {} order by all"
        for schema, table in _there(connection, tables):
            here, there = sql_name(schema, table), sql_name("bron", schema, table)
            connection.execute(f"create table {here} as select * from {there}")  # noqa: S608  quoted; cannot be bound
        _make(connection, [*_views(connection), *_macros(connection)])
        connection.begin()
        for statement in _comments(connection):
            connection.execute(statement)
        connection.commit()


def _make(connection: duckdb.DuckDBPyConnection, statements: list[str]) -> None:
    """Runs each when what it reads is there: a view or macro may read another. Raises when that is not copied."""
    while statements:
        later = []
        for statement in statements:
            try:
                connection.execute(statement)
            except duckdb.CatalogException:
                later.append(statement)
        if later == statements:
            connection.execute(later[0])
        statements = later


def _there(connection: duckdb.DuckDBPyConnection, query: str) -> list[tuple]:
    """What a query finds in the schemas that are copied; `{}` is the condition that says so."""
    ours = "database_name = 'bron' and schema_name in ('staging', 'mart') and not internal"
    return connection.execute(query.format(ours)).fetchall()


def _views(connection: duckdb.DuckDBPyConnection) -> list[str]:
    return [sql for (sql,) in _there(connection, "select sql from duckdb_views() where {} order by all")]


def _macros(connection: duckdb.DuckDBPyConnection) -> list[str]:
    query = (
        "select schema_name, function_name, function_type, parameters, macro_definition"
        " from duckdb_functions() where {} order by all"
    )
    return [
        f"create macro {sql_name(schema, name)}({', '.join(map(sql_name, parameters))})"
        f" as {'table ' if kind == 'table_macro' else ''}{definition}"
        for schema, name, kind, parameters, definition in _there(connection, query)
    ]


def _comments(connection: duckdb.DuckDBPyConnection) -> list[str]:
    relations = (
        ("table", "select schema_name, table_name, comment from duckdb_tables() where {} order by all"),
        ("view", "select schema_name, view_name, comment from duckdb_views() where {} order by all"),
    )
    found = [
        f"comment on {kind} {sql_name(schema, name)} is {sql_text(words)}"
        for kind, query in relations
        for schema, name, words in _there(connection, query)
        if words
    ]
    columns = "select schema_name, table_name, column_name, comment from duckdb_columns() where {} order by all"
    staging = words_of_staging()
    for schema, table, column, comment in _there(connection, columns):
        if words := comment or staging.get(table, {}).get(column):
            found.append(f"comment on column {sql_name(schema, table, column)} is {sql_text(words)}")
    return found
