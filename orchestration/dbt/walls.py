"""What the database that dbt runs can reach: `bron/` of the kluis, the seeds, and the work folder; nothing else.

A plugin of dbt-duckdb, loaded in the process of dbt (profiles.yml): `config_options` would close the database before
it is open, and `settings` are set again for every cursor, which a locked configuration refuses.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dbt.adapters.duckdb.plugins import BasePlugin
from duckdb import DuckDBPyConnection

from assets.ground.sql import sql_text

# The process id of the night, in the environment of its dbt.
NIGHT = "MEERDOEN_NACHT"
SEEDS = Path(__file__).parents[2] / "dbt_project" / "seeds"


class Plugin(BasePlugin):
    """Closes the database to all but its own folders, for good; and to a dbt whose night is gone."""

    def initialize(self, plugin_config: dict[str, Any]) -> None:
        """Before the database is opened for the first time: the next night would find it locked."""
        del plugin_config
        ends_with_its_night()

    def configure_connection(self, conn: DuckDBPyConnection) -> None:
        """Sets what can be reached, and locks it."""
        ends_with_its_night()
        assert self.creds is not None
        folders = [SEEDS, Path(self.creds.path).absolute().parent]
        if kluis := os.environ.get("MEERDOEN_BRON"):
            folders.append(Path(kluis).absolute() / "bron")
        conn.execute(f"set allowed_directories = [{', '.join(map(sql_text, folders))}]")
        conn.execute("set enable_external_access = false")
        conn.execute("set lock_configuration = true")


@contextmanager
def of_this_night() -> Iterator[None]:
    """Tells each dbt that begins in the block which process it belongs to, and nothing that begins after it."""
    os.environ[NIGHT] = str(os.getpid())
    try:
        yield
    finally:
        del os.environ[NIGHT]


def ends_with_its_night() -> None:
    """Raises when the process that began this dbt is not there any more; a dbt that somebody runs by hand has none."""
    begun_by = os.environ.get(NIGHT)
    if begun_by and os.getppid() != int(begun_by):
        raise RuntimeError("de nacht die deze dbt begon is er niet meer")


class BronChangedError(Exception):
    """Something under bron/ changed while dbt ran: it may read there and never write."""

    def __init__(self) -> None:
        super().__init__(
            "Onder bron/ van de kluis veranderde iets terwijl dbt liep; er is niets gepubliceerd. Zoek in dbt_project "
            "welk model schrijft, zet bron/ terug uit een kopie en draai opnieuw."
        )


@contextmanager
def unchanged(folder: Path) -> Iterator[None]:
    """Raises BronChangedError when a file under the folder came, went or changed during the block.

    A folder that DuckDB may read it may write as well.
    """
    before = _files(folder)
    yield
    if _files(folder) != before:
        raise BronChangedError


def _files(folder: Path) -> dict[str, tuple[int, int, int]]:
    found = ((file, file.lstat()) for file in folder.rglob("*") if not file.is_dir())
    return {str(file): (state.st_size, state.st_mtime_ns, state.st_ino) for file, state in found}
