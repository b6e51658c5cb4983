"""Closes of made-up figures through the publication as a night runs it, from the mart to the audit, without dbt.

Holds no figures (disclosure/gemeente.py) and no whole nights (nights.py).
"""

from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from assets.ground.declared import CLOSED, OVER_REGELINGEN, counted
from assets.ground.night import Night
from assets.ground.settings import Settings
from assets.ground.state import remember
from assets.ground.zones import Zone
from assets.publication import edition, ledger
from assets.publication.audit import judge_edition
from assets.publication.candidate import _candidate
from assets.publication.steps import IN_ORDER
from assets.publication.tables import ORIGIN
from assets.publication.together import _secure
from tests.making.verhouding import verhouding
from tests.validations.disclosure.gemeente import Gemeente
from tests.validations.disclosure.trial import linked

NO_ORIGIN = pl.DataFrame(schema=ORIGIN)


class Closes:
    """A gemeente and its zones in a folder, night after night."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.work = folder, folder / "werk"
        self.work.mkdir(exist_ok=True)
        settings = replace(Settings.within(folder), kluis=Zone(str(folder / "kluis")))
        self.night = Night(settings, date.min, date.min, "")

    @property
    def known(self) -> pl.DataFrame:
        """The ledger."""
        return ledger.current(self.night.settings.kluis)

    def compute(self, town: Gemeente, stand: date) -> None:
        """A night up to the gate: what is known of the gemeente, protected, as candidates and written tables."""
        before = edition.latest(self.night.settings.publicatie)
        self.night = replace(self.night, stand=stand, edition=str(stand), before=before)
        self._mart(town)
        remember(self.work, "toestand/dbt", {"modellen": {"peilmaand": "success"}})
        self._origins = _origins(town)
        for regeling in town.figures:
            state = _candidate(self.night, regeling)
            remember(self.work, f"toestand/monitor_{regeling}", {"toestand": IN_ORDER, **state})
        remember(self.work, "toestand/beveiliging_samen", _secure(self.night, list(town.figures)))
        self.ready = list(town.figures)

    def _mart(self, town: Gemeente) -> None:
        streets = town.areas.filter(pl.col("gebiedsniveau") == "straat")
        tables = {f"wijkcijfers_{name}": counted()[name].split(figures) for name, figures in town.figures.items()} | {
            "gebied": town.areas.filter(pl.col("gebiedsniveau") != "straat"),
            "straat": streets.with_columns(eerste_naam="gebiedsnaam"),
            "unie": linked(town).with_columns(regeling=pl.col("tabel").str.strip_prefix("monitor_"), gedekt=True),
            "noemer": town.residents.rename({"inwoners": "aantal"}).with_columns(noemer=pl.lit("inwoners")),
            "verhouding": verhouding(),
            "herkomst": NO_ORIGIN.with_columns(regeling=pl.lit("")).clear(),
            "peilmaand": pl.concat(town.figures.values()).select("gemeentecode", "peildatum", "indelingsjaar").unique(),
        }
        with duckdb.connect(str(self.work / "kluis.duckdb")) as connection:
            connection.execute("create schema if not exists mart")
            for name, frame in tables.items():
                connection.register("frame", frame.to_arrow())
                connection.execute(f"create or replace table mart.{name} as select * from frame")
                connection.unregister("frame")

    def audit(self) -> dict:
        """What the audit says of the written tables; a `reden` stops the edition (publish.py)."""
        return judge_edition(self.night, self.ready)

    def publish(self) -> None:
        """Makes them public as `publicatie` does, the ledger first."""
        settings, folder = self.night.settings, self.work / "vrij"
        ledger.append(
            settings.kluis,
            self.night.stand,
            pl.read_parquet(folder / "grootboek.parquet"),
            self._origins,
            {"stand": ""},
        )
        closed = {f"{file.name}.parquet" for table in counted().values() for file in table.files if file.closed}
        made = {file.name: file for file in folder.glob("monitor_*.parquet")}
        edition.keep_beside(settings.kluis, CLOSED, {name: made[name] for name in made.keys() & closed})
        written = {name: made[name] for name in made.keys() - closed}
        name = edition.next_name(settings.publicatie, self.night.stand)
        about = {"stand": str(self.night.stand), "grootboek": ledger.names(settings.kluis)}
        edition.publish(settings.publicatie, name, written, about)


def _origins(town: Gemeente) -> pl.DataFrame:
    """Rows of monitor_herkomst that say which regelingen count together in each month."""
    sets = (
        linked(town)
        .group_by("gemeentecode", "peildatum")
        .agg(unieset=pl.col("tabel").str.strip_prefix("monitor_").sort().str.join(", "))
    )
    over = [sets.with_columns(tabel=pl.lit(table.table)) for table in OVER_REGELINGEN if table.name in town.figures]
    return pl.concat([NO_ORIGIN, *over], how="diagonal")
