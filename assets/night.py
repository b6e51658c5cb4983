"""The resource that every step of a run shares: where things are, what time it is, and the lock on the kluis.

The clock is read once and is the same for every step: the run tag `meerdoen/stand`, else the demo's own day, else the
day on which the run was made.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import dagster as dg
from pydantic import PrivateAttr

from assets import clock
from assets.interrupt import ends_in_time
from assets.privacy.places import outdated, own_temporary_folder, remove_leftovers
from assets.publication import edition, ledger, sound
from assets.settings import TIMEZONE, Settings, private_folder
from assets.slot import slot
from assets.state import begin, remember

STAND_TAG = "meerdoen/stand"
# What the end report and `status` are told of the clock.
CLOCK = "toestand/klok"
# What the end report is told of what was put right before the night began.
MENDED = "toestand/hersteld"


class Night(dg.ConfigurableResource):
    """Settings, clock and lock of one run."""

    _settings: Settings = PrivateAttr()
    _stand: date = PrivateAttr()
    _run_id: str = PrivateAttr()
    _rebuild: bool = PrivateAttr()
    _forgotten_on: date = PrivateAttr()
    _ledger_fault: str = PrivateAttr()

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["Night"]:
        """Reads the clock and takes the lock. Raises BusyError when another run holds it."""
        self._settings = Settings.from_environment()
        if self._settings.unfinished_demo():
            raise dg.Failure("In de landingszone ligt een demo die niet af is: meerdoen demo", allow_retries=False)
        # The work folder holds the database of dbt: it is of the same zone as the kluis.
        for folder in filter(None, (self._settings.work, self._settings.kluis.folder)):
            private_folder(folder)
        run = context.run
        self._run_id = run.run_id if run else ""
        given = run.tags.get(STAND_TAG) if run else None
        self._stand = self._given(given) if given else self._clock(context)
        with slot(self._settings.kluis, self._run_id), ends_in_time(context.instance, context.run):
            begin(self._settings.work, self._run_id)
            # First of all: what a night builds on.
            self._ledger_fault = sound.ledger_fault(self._settings)
            mended = None if self._ledger_fault else sound.put_right(self._settings)
            newest = edition.manifest(self._settings.publicatie, edition.latest(self._settings.publicatie))
            self._rebuild = str(self._stand) < newest.get("stand", "")
            self._forgotten_on = max(self._stand, date.fromisoformat(newest.get("stand", str(self._stand))))
            back = None if given or self._ledger_fault else clock.went_back(self._settings, self._stand)
            remember(self._settings.work, CLOCK, {"meldingen": [back] if back else []})
            remember(self._settings.work, MENDED, {"meldingen": [mended] if mended else []})
            for line in filter(None, (self._ledger_fault, mended, back)):
                if context.log:
                    context.log.warning(line)
            remove_leftovers(self._settings)
            for path in outdated(self._settings.kluis, time.time()):
                self._settings.kluis.remove(path)
            with own_temporary_folder(self._settings):
                yield self

    def _given(self, given: str) -> date:
        try:
            stand = date.fromisoformat(given)
        except ValueError:
            raise dg.Failure(f"De tag {STAND_TAG} is geen dag (jjjj-mm-dd).", allow_retries=False) from None
        if told := clock.impossible(self._settings, stand):
            raise dg.Failure(told, allow_retries=False)
        return stand

    def _clock(self, context: dg.InitResourceContext) -> date:
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
    def ledger_fault(self) -> str:
        """What is wrong with the ledger, in Dutch; then nothing is computed or published. Empty: nothing."""
        return self._ledger_fault

    @property
    def rebuild(self) -> bool:
        """Whether a later edition is public: then what this run makes is kept beside, and nothing becomes public."""
        return self._rebuild

    @property
    def forgotten_on(self) -> date:
        """The day by which objections count: a rebuild brings nobody back who was forgotten since."""
        return self._forgotten_on

    @property
    def known_until(self) -> date:
        """Up to which close the ledger counts: that of an earlier night which is rebuilt is made anew.

        Of any other night all that became public counts, and all that was withdrawn, whatever its clock.
        """
        return self._stand - timedelta(days=1) if self._rebuild else date.max

    @property
    def before(self) -> str | None:
        """The edition that was the latest good one before this run, or before the night that is rebuilt."""
        publicatie, kluis = self._settings.publicatie, self._settings.kluis
        if self._rebuild and not self._ledger_fault:
            return edition.newest(publicatie, ledger.taken_back(kluis, self._stand), self._stand)
        latest = edition.latest(publicatie)
        if self._ledger_fault:
            # Nobody knows what was withdrawn, and nothing is published on top of it.
            return latest
        gone = ledger.taken_back(kluis)
        # A withdrawal that was cut short has not switched back yet.
        return edition.newest(publicatie, gone) if latest in gone else latest

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
