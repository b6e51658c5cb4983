"""The resource that every step of a run shares: where things are, what time it is, and the lock on the kluis.

The clock is read once and is the same for every step: the run tag `meerdoen/stand`, else the demo's own day, else the
day on which the run was made.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from zoneinfo import ZoneInfo

import dagster as dg
from pydantic import PrivateAttr

from assets.settings import TIMEZONE, Settings, private_folder
from assets.slot import slot

STAND_TAG = "meerdoen/stand"


class Night(dg.ConfigurableResource):
    """Settings, clock and lock of one run."""

    _settings: Settings = PrivateAttr()
    _stand: date = PrivateAttr()
    _run_id: str = PrivateAttr()

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["Night"]:
        """Reads the clock and takes the lock. Raises BusyError when another run holds it."""
        self._settings = Settings.from_environment()
        # The work folder holds the database of dbt: it is of the same zone as the kluis.
        for folder in filter(None, (self._settings.work, self._settings.kluis.folder)):
            private_folder(folder)
        run = context.run
        self._run_id = run.run_id if run else ""
        self._stand = self._clock(run.tags.get(STAND_TAG) if run else None, context)
        with slot(self._settings.kluis):
            yield self

    def _clock(self, given: str | None, context: dg.InitResourceContext) -> date:
        if given:
            return date.fromisoformat(given)
        record = context.instance.get_run_record_by_id(self._run_id) if context.instance else None
        if record is None or self._settings.demo():
            return self._settings.today()
        return datetime.fromtimestamp(record.create_timestamp.timestamp(), ZoneInfo(TIMEZONE)).date()

    @property
    def settings(self) -> Settings:
        """The zones and files of this installation."""
        return self._settings

    @property
    def stand(self) -> date:
        """The day of the run: deliveries up to and including it count, and months that ended before it."""
        return self._stand

    @property
    def run_id(self) -> str:
        """The id of the Dagster run."""
        return self._run_id
