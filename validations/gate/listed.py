"""What an edition may hold: its declared files, tables and columns only. Anything else means no switch.

A new public table or column is declared (assets/ground/declared.py), and with it a decision. Reads what was
written; judges no values (suites.py does).
"""

from collections.abc import Collection, Mapping
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

DATABASE, SCHEMA = "meerdoen.duckdb", "monitor"


def unlisted(folder: Path, tables: Mapping[str, Collection[str]]) -> list[str]:
    """Everything in the folder of an edition that is not on the list, in Dutch; empty when it may be published.

    `tables`: the list, name -> columns.
    """
    found = []
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_symlink():
            found.append(f"{name}: een verwijzing")
        elif path.is_dir():
            found += [] if name == "csv" else [f"{name}: een map die niet op de lijst staat"]
        elif name == DATABASE:
            found += _database(path, tables)
        elif path.stem not in tables or name not in (f"{path.stem}.parquet", f"csv/{path.stem}.csv"):
            found.append(f"{name}: staat niet op de lijst")
        else:
            columns = pq.read_schema(path).names if path.suffix == ".parquet" else _header(path)
            found += _compared(name, columns, tables[path.stem])
    return found


def _header(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig") as file:
        return [part.strip('"') for part in file.readline().rstrip("\r\n").split(";")]


def _database(path: Path, tables: Mapping[str, Collection[str]]) -> list[str]:
    found = []
    with duckdb.connect(str(path), read_only=True) as connection:
        there = connection.execute(
            "select schema_name, table_name, list(column_name order by column_index) from duckdb_columns()"
            " where database_name = current_database() and not internal group by all order by all"
        ).fetchall()
    for schema, table, columns in there:
        name = f"{DATABASE} {schema}.{table}"
        if schema != SCHEMA or table not in tables:
            found.append(f"{name}: staat niet op de lijst")
        else:
            found += _compared(name, columns, tables[table])
    return found


def _compared(name: str, columns: list[str], allowed: Collection[str]) -> list[str]:
    return [f"{name}: kolom {column} staat niet op de lijst" for column in columns if column not in allowed]
