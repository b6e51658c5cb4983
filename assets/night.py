"""The resource that every step of a run shares: where things are, what time it is, and the lock on the kluis.

The clock is read once and is the same for every step: the run tag `meerdoen/stand`, else the demo's own day, else the
day on which the run was made.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import dagster as dg
from pydantic import PrivateAttr

from assets.publication import edition
from assets.settings import TIMEZONE, Settings, private_folder
from assets.slot import slot

STAND_TAG = "meerdoen/stand"


class Night(dg.ConfigurableResource):
    """Settings, clock and lock of one run."""

    _settings: Settings = PrivateAttr()
    _stand: date = PrivateAttr()
    _run_id: str = PrivateAttr()
    _rebuild: bool = PrivateAttr()

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
        newest = edition.manifest(self._settings.publicatie, edition.latest(self._settings.publicatie))
        self._rebuild = str(self._stand) < newest.get("stand", "")
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
    def rebuild(self) -> bool:
        """Whether a later edition is public: then what this run makes is kept beside, and nothing becomes public."""
        return self._rebuild

    @property
    def known_until(self) -> date:
        """Up to which close the ledger counts: that of an earlier night which is rebuilt is made anew."""
        return self._stand - timedelta(days=1) if self._rebuild else self._stand

    @property
    def before(self) -> str | None:
        """The edition that was the latest before this run, or before the night that is rebuilt."""
        publicatie = self._settings.publicatie
        return edition.latest_before(publicatie, self._stand) if self._rebuild else edition.latest(publicatie)

    @property
    def edition(self) -> str:
        """The name of the edition that this run makes, or that the night made which it rebuilds."""
        publicatie = self._settings.publicatie
        there = edition.of_day(publicatie, self._stand) if self._rebuild else []
        return there[-1] if there else edition.next_name(publicatie, self._stand)

    @property
    def run_id(self) -> str:
        """The id of the Dagster run."""
        return self._run_id
