"""A plugin of dbt-duckdb, loaded in the process of dbt (profiles.yml): no error of the database shows a value.

DuckDB puts what it could not convert, or the double key, in its message; dbt would write that to its log, to
run_results.json and, through Dagster, to the event log. What cannot hold a value (a missing column or file) keeps its
text.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt_common.exceptions import DbtRuntimeError

# Raised before a row is read, or about a file or memory.
WITHOUT_VALUES = (
    duckdb.BinderException,
    duckdb.CatalogException,
    duckdb.ParserException,
    duckdb.IOException,
    duckdb.OutOfMemoryException,
)
_original = DuckDBConnectionManager.exception_handler


@contextmanager
def exception_handler(self: DuckDBConnectionManager, sql: str, connection_name: str = "master") -> Iterator[None]:
    """The library's own, which sees and logs an error only after its text was made safe."""
    with _original(self, sql, connection_name):
        try:
            yield
        except DbtRuntimeError:
            raise
        except Exception as error:
            name = type(error).__name__
            text = str(error) if isinstance(error, WITHOUT_VALUES) else "de tekst kan een gegeven bevatten"
            raise RuntimeError(f"{name}: {text}") from None


DuckDBConnectionManager.exception_handler = exception_handler


class Plugin(BasePlugin):
    """Loading it is all it does."""
