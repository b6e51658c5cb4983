"""DAGSTER_HOME: the folder of the Dagster instance, with our settings; what cannot be opened in it is set aside.

It holds runs, events and schedules, and no figures: a night does not wait for somebody to repair it.
"""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

from assets.ground.settings import PROJECT, dagster_folder, private_folder

SETTINGS = "dagster.yaml"
# Folder -> the database in it that everything needs; those of single runs are read by nobody but the UI.
DATABASES = {"history": ("runs.db", "runs/index.db"), "schedules": ("schedules.db",)}


def dagster_home(tell: Callable[[str], None] = lambda _line: None) -> Path:
    """DAGSTER_HOME, else data/dagster, fit to be opened. `tell`: gets what was set aside, in Dutch."""
    home = dagster_folder()
    os.environ["DAGSTER_HOME"] = str(home)
    private_folder(home)
    if names := broken(home):
        # Within the folder: it may be a mount of its own.
        aside = home / f"onleesbaar-{datetime.now():%Y%m%d-%H%M%S}"  # noqa: DTZ005  a name for who looks at this machine
        private_folder(aside)
        for name in names:
            (home / name).rename(aside / name)
        tell(
            f"in DAGSTER_HOME was {' en '.join(names)} niet te lezen; dat staat nu in de map {aside.name}, en de nacht"
            " gaat door. De geschiedenis van runs begint opnieuw; de map kan weg als niemand haar herstelt."
        )
    if not (home / SETTINGS).exists():
        shutil.copyfile(PROJECT / SETTINGS, home / SETTINGS)
    return home


def broken(home: Path) -> list[str]:
    """What lies in the folder of the instance and cannot be opened."""
    return [*_broken_settings(home), *_broken_databases(home)]


def _broken_settings(home: Path) -> Iterator[str]:
    from dagster._core.instance.config import dagster_instance_config

    if (home / SETTINGS).exists():
        try:
            dagster_instance_config(str(home))
        except Exception:
            # YAML, Dagster's own checks, or a TypeError: whatever its settings raise, no run begins with them.
            yield SETTINGS


def _broken_databases(home: Path) -> Iterator[str]:
    for folder, names in DATABASES.items():
        if any(_broken(home / folder / name) for name in names):
            yield folder


def _broken(file: Path) -> bool:
    if not file.is_file():
        return False
    try:
        with closing(sqlite3.connect(file)) as connection:
            return connection.execute("pragma quick_check(1)").fetchone() != ("ok",)
    except sqlite3.OperationalError:
        # Locked, or the disk is full: that is no damage.
        return False
    except sqlite3.DatabaseError:
        return True
