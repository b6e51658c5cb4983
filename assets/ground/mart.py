"""Reads the mart that dbt built in the work folder."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import polars as pl

from assets.ground.sql import sql_name


@contextmanager
def mart(work: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to the database that dbt built. Raises duckdb.IOException when there is none."""
    connection = duckdb.connect(str(work / "kluis.duckdb"), read_only=True)
    try:
        yield connection
    finally:
        connection.close()


def read(connection: duckdb.DuckDBPyConnection, table: str) -> pl.DataFrame:
    """A table of schema mart as a frame."""
    return connection.sql(f"select * from {sql_name('mart', table)}").pl()  # noqa: S608  quoted; a table cannot be bound


def read_areas(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Every area that a table can have, streets included where they were built: the columns of dim_gebied.

    Only monitor_totaal has streets; it is not made where its models were not built (declared.py).
    """
    areas = read(connection, "gebied")
    streets = read(connection, "straat").select(areas.columns) if _built(connection, "straat") else areas.clear()
    return pl.concat([areas, streets])


def read_linked(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """The tables that count together in monitor_totaal: gemeentecode, peildatum, tabel; none where it is not made."""
    if not _built(connection, "unie"):
        return pl.DataFrame(schema={"gemeentecode": pl.String, "peildatum": pl.Date, "tabel": pl.String})
    return read(connection, "unie").select("gemeentecode", "peildatum", tabel=pl.format("monitor_{}", "regeling"))


def _built(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    found = connection.execute("select 1 from duckdb_tables() where schema_name = 'mart' and table_name = ?", [table])
    return bool(found.fetchall())
