"""What DAGSTER_HOME keeps of runs: 90 days, and whatever tells the newest state of an asset or check.

Only runs, their events and their logs; what the kluis keeps of persons has a term of its own (`meerdoen bewaar`).
Dagster itself purges ticks of schedules and sensors (dagster.yaml), but never a run: 7.5 MB a night for a tiny demo.
"""

import sqlite3
from contextlib import closing, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import sqlalchemy as sa

# A quarter: long enough to look back over a close and the one before it.
KEEP_DAYS = 90


def tidy(instance: dg.DagsterInstance, now: datetime, days: int = KEEP_DAYS) -> int:
    """Removes the runs that ended more than `days` before `now`, with events and logs; gives how many.

    A run stays while it holds the newest materialisation of an asset or the newest evaluation of a check, and while it
    has not ended.
    """
    from dagster._core.storage.dagster_run import FINISHED_STATUSES

    before = dg.RunsFilter(statuses=list(FINISHED_STATUSES), updated_before=now - timedelta(days=days))
    old = [run.run_id for run in instance.get_runs(before)]
    if not old:
        return 0
    needed = _newest(instance)
    gone = [run_id for run_id in old if run_id not in needed]
    for run_id in gone:
        _remove(instance, run_id)
    if gone:
        _give_back_space(instance)
    return len(gone)


def _newest(instance: dg.DagsterInstance) -> set[str]:
    """The runs in which each asset was last materialised and each check last evaluated."""
    from dagster._core.storage.event_log.schema import AssetCheckExecutionsTable as Checks

    newest = (record.asset_entry.last_materialization_record for record in instance.get_asset_records())
    found = {record.run_id for record in newest if record}
    last = sa.select(sa.func.max(Checks.c.id)).group_by(Checks.c.asset_key, Checks.c.check_name)
    with _storage(instance).index_connection() as connection:
        found |= set(connection.execute(sa.select(Checks.c.run_id).where(Checks.c.id.in_(last))).scalars())
    return found


def _storage(instance: dg.DagsterInstance) -> Any:
    """The storage of events: SQLite and PostgreSQL share what is used here, but not the interface of the library."""
    return instance.event_log_storage


def _remove(instance: dg.DagsterInstance, run_id: str) -> None:
    from dagster._core.storage.event_log.schema import AssetCheckExecutionsTable as Checks

    instance.delete_run(run_id)
    # delete_run leaves the evaluations of its checks, its file of events, and its logs.
    storage = _storage(instance)
    with storage.index_connection() as connection:
        connection.execute(sa.delete(Checks).where(Checks.c.run_id == run_id))
    if hasattr(storage, "path_for_shard"):
        for tail in ("", "-wal", "-shm"):
            Path(storage.path_for_shard(run_id) + tail).unlink(missing_ok=True)
    with suppress(OSError):
        instance.compute_log_manager.delete_logs(prefix=[run_id])


def _give_back_space(instance: dg.DagsterInstance) -> None:
    """SQLite keeps the pages of removed rows in its file until it is told to rewrite it."""
    runs: Any = instance.run_storage
    for connect in (_storage(instance).index_connection, runs.connect):
        with connect() as connection:
            url = connection.engine.url
        if url.get_backend_name() == "sqlite" and url.database:
            # Not through the storage: it opens a transaction, in which SQLite cannot rewrite.
            with closing(sqlite3.connect(url.database)) as own:
                own.execute("vacuum")
                own.execute("pragma wal_checkpoint(truncate)")
