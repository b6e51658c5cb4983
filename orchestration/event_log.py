"""The event log of Dagster in SQLite, which dagster.yaml names: the library's, with connections that stay open.

A night without news stores some thousand events. The library makes an engine, a connection and its SQL anew for each
of several statements, and waits for the disk at each: as much as all else together. Files and tables are the library's.
"""

import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from dagster import EventLogEntry
from dagster._core.events import EVENT_TYPE_TO_PIPELINE_RUN_STATUS
from dagster._core.storage.event_log.sqlite.sqlite_event_log import INDEX_SHARD_NAME, SqliteEventLogStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._serdes import ConfigurableClassData
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.event import listen
from sqlalchemy.pool import QueuePool

from assets.ground.settings import dagster_folder

# The page of a run in the UI follows the file of its events, which changes when it is closed.
SHOWN_SECONDS = 1.0


class EventLog(SqliteEventLogStorage):
    """Keeps one connection to the index of all runs, and one to the run that was asked for last."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._engines: dict[str, Engine] = {}
        self._shown = time.monotonic()
        self._tables: dict[str, bool] = {}
        super().__init__(base_dir, inst_data)

    @classmethod
    def config_type(cls) -> dict:
        """Nothing to choose."""
        return {}

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]) -> "EventLog":
        """Where the library keeps it: in DAGSTER_HOME."""
        del config_value
        return cls(str(dagster_folder() / "history" / "runs"), inst_data)

    def store_event(self, event: EventLogEntry) -> None:
        """Stores it; everybody sees the begin and end of a run at once, other events within a second or so."""
        super().store_event(event)
        turns = event.is_dagster_event and event.get_dagster_event().event_type in EVENT_TYPE_TO_PIPELINE_RUN_STATUS
        if turns or time.monotonic() - self._shown > SHOWN_SECONDS:
            with self._db_lock:
                self._engines[event.run_id].dispose()
            self._shown = time.monotonic()

    def has_table(self, table_name: str) -> bool:
        """Asked several times for each event; tables come with an upgrade of Dagster, not while it runs."""
        if not self._tables.get(table_name):
            self._tables[table_name] = super().has_table(table_name)
        return self._tables[table_name]

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock:
            if shard not in self._engines:
                for other in self._engines.keys() - {INDEX_SHARD_NAME} if shard != INDEX_SHARD_NAME else ():
                    self._engines.pop(other).dispose()
                self._engines[shard] = self._engine(shard)
            engine = self._engines[shard]
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            with engine.connect() as connection, connection.begin():
                yield connection

    def _engine(self, shard: str) -> Engine:
        about = {"timeout": SQLITE_BUSY_TIMEOUT_SECONDS, "check_same_thread": False}
        engine = create_engine(self.conn_string_for_shard(shard), poolclass=QueuePool, pool_size=1, connect_args=about)
        listen(engine, "connect", _no_wait)
        return engine


def _no_wait(connection: sqlite3.Connection, _record: object) -> None:
    """A commit does not wait for the disk: with a write-ahead log a power cut costs the last events, never the file."""
    connection.execute("pragma synchronous = normal")
