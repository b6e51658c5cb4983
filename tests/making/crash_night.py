"""A night in this process, from the database that dbt leaves to the edition: what tests/making/crash.py lets fail."""

import uuid
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb

from assets.ground.failures import told_of
from assets.ground.settings import PROJECT, Settings
from assets.ground.state import begin, forget, recall, remember
from assets.privacy.places import remove_leftovers
from assets.publication import edition
from assets.publication.audit import judge_edition
from assets.publication.candidate import _candidate
from assets.publication.kluis import copy_database
from assets.publication.publish import _broken_off, _publish
from assets.publication.steps import IN_ORDER, KEPT
from assets.publication.together import _secure
from tests.making.closes import Closes
from tests.validations.disclosure.gemeente import Gemeente, gemeente

DAYS = (date(2022, 4, 30), date(2022, 5, 31), date(2022, 6, 30))
FIRST, SECOND = date(2022, 6, 20), date(2022, 7, 20)
SEEDS = PROJECT / "dbt_project" / "seeds"


def town(night: int) -> Gemeente:
    return gemeente(3, 400, 2, DAYS, linked=0, night=night)


class World(Closes):
    """A gemeente whose night goes through the steps of publication as `nacht` does; each catches its faults."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.night = replace(self.night, settings=Settings.within(folder))

    def begin(self, stand: date) -> None:
        """What a run does before its first step (orchestration/night.py)."""
        self.night = replace(self.night, run_id=str(uuid.uuid4()))
        begin(self.work, self.night.run_id)
        remove_leftovers(self.night.settings)
        self.resume(stand)

    def resume(self, stand: date) -> None:
        """What each step is told of the night."""
        publicatie = self.night.settings.publicatie
        before, name = edition.latest(publicatie), edition.next_name(publicatie, stand)
        self.night = replace(self.night, stand=stand, before=before, edition=name)

    def mart(self, known: Gemeente) -> None:
        """The database as dbt leaves it."""
        self._mart(known)
        with duckdb.connect(str(self.work / "kluis.duckdb")) as connection:
            for name in ("regelingen", "indicatoren", "wetswijzigingen"):
                connection.execute(
                    f"create or replace table mart.{name} as select * from read_csv('{SEEDS / name}.csv', header=true)"
                )

    def models(self) -> None:
        remember(self.work, "toestand/dbt", {"modellen": {"peilmaand": "success"}, "invoer": "een"})
        with self.night.settings.kluis.writing("kluis.duckdb") as target:
            copy_database(self.work / "kluis.duckdb", target)

    def protect(self, regelingen: list[str]) -> None:
        """`monitor_<regeling>`."""
        for regeling in regelingen:
            try:
                result = {"toestand": IN_ORDER, "reden": "", **_candidate(self.night, regeling)}
            except Exception as error:
                result = {"toestand": KEPT, "reden": told_of(error)}
            remember(self.work, f"toestand/monitor_{regeling}", result)

    def together(self, regelingen: list[str]) -> None:
        """`beveiliging_samen`."""
        try:
            result = _secure(self.night, regelingen)
        except Exception as error:
            result = {"fout": told_of(error), "inhoud": "", "tabellen": []}
            forget(self.work, "geheugen/samen")
        remember(self.work, "toestand/beveiliging_samen", result)

    def release(self, regelingen: list[str]) -> None:
        """`vrijgave`: its audit; what Great Expectations says of a table does not matter here."""
        fault = recall(self.work, "toestand/beveiliging_samen").get("fout")
        state = {
            r: fault or recall(self.work, f"toestand/monitor_{r}").get("reden", "niet gemaakt") for r in regelingen
        }
        verdicts = {regeling: {"vrij": not reason, "reden": reason} for regeling, reason in state.items()}
        result = judge_edition(self.night, [r for r in regelingen if verdicts[r]["vrij"]])
        remember(self.work, "toestand/vrijgave", {"oordeel": verdicts, "audit": result})

    def make_public(self, regelingen: list[str]) -> None:
        """`publicatie`."""
        try:
            result = _publish(self.night, regelingen)
        except Exception as error:
            result = _broken_off(self.night, told_of(error)).state
        remember(self.work, "toestand/publicatie", result)

    def whole_night(self, known: Gemeente, stand: date) -> None:
        regelingen = list(known.figures)
        self.begin(stand)
        self.mart(known)
        self.models()
        self.protect(regelingen)
        self.together(regelingen)
        self.release(regelingen)
        self.make_public(regelingen)
