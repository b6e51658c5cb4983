"""Makes the debt counselling of a gemeente and the database of its case system, from which the monitor pulls it.

SQLite, one file per gemeente beside the file of connections; a few rows break the contract. Nobody counts running
trajecten: ten per thousand households is a plausible figure, no measured one, and poor households have most of them.
"""

import json
import sqlite3
from pathlib import Path

import numpy as np
import polars as pl

from assets.demo.delivery import Sender
from assets.demo.facts import Gemeente
from assets.demo.households import CHILD, PARTNER
from assets.demo.population import UNKNOWN
from assets.demo.provisions import choose, make_spells, pick
from assets.demo.timeline import NEVER, YEAR, Timeline, iso
from assets.registrations.schuldhulpverlening import TABLES

PER_1000_HOUSEHOLDS = 10
OUTFLOW, LONGEST = 0.045, 1_500
# How much likelier a poor household (bijstand) has a traject than another.
POOR = 15.0
# The share of couples with a traject in which both are clients; the share that comes back after an outflow.
TOGETHER, AGAIN = 0.6, 0.12
REFUSED = 0.05
REASONS = {"AFGEROND": 50, "INGETROKKEN": 15, "VOLDOET_NIET": 12, "NIETVERSCHENEN": 8, "ZELF": 8, "NIET_PASSEND": 4}
SOLUTIONS = {"SCHULDBEMIDDELING": 5, "SANERINGSKREDIET": 3, "BETALINGSREGELING": 2, "0_AANBOD": 1, "HERFINANCIERING": 1}
TYPES = {
    "tekst": "VARCHAR(255)",
    "datum": "DATE",
    "tijdstip": "TIMESTAMP",
    "geheel getal": "INTEGER",
    "bedrag": "DECIMAL(10,2)",
    "ja/nee": "BOOLEAN",
}


def make_dossiers(rng: np.random.Generator, persons: pl.DataFrame, poor: pl.Series, time: Timeline) -> pl.DataFrame:
    """Every traject, oldest first: traject, persoon and tweede (-1: alone), van, tot, reden, geweigerd.

    `poor`: numbers of households. `tot` is the last day, NEVER while it runs.
    """
    units = _units(rng, persons, poor, time)
    households = persons.filter(pl.col("vast")).get_column("huishouden").n_unique()
    able = pl.when("hier").then("gewicht").otherwise(0)
    stock = choose(rng, units.select(able).to_series().to_numpy(), max(households * PER_1000_HOUSEHOLDS // 1000, 1))
    spells = make_spells(rng, units, stock, time, monthly_outflow=OUTFLOW, longest=LONGEST)
    # A client who comes back has a new traject.
    ended = spells.filter(pl.col("tot") < time.end - 150)
    back = ended[np.sort(rng.permutation(ended.height)[: round(ended.height * AGAIN)])].select(
        "eenheid", van=pl.col("tot") + pl.Series(rng.integers(20, 120, round(ended.height * AGAIN))), tot=pl.lit(NEVER)
    )
    spells = pl.concat([spells, back.cast(spells.schema)]).filter(pl.col("van") <= time.end)
    found = spells.hstack(units.select("persoon", "tweede", "uiterlijk")[spells.get_column("eenheid")])
    count = found.height
    return (
        found.with_columns(
            tot=pl.min_horizontal("tot", "uiterlijk"),
            reden=pl.Series(pick(rng, list(REASONS), list(REASONS.values()), count), dtype=pl.String),
            geweigerd=pl.Series(rng.random(count) < REFUSED),
        )
        .with_columns(tot=pl.when(pl.col("tot") > time.end).then(NEVER).otherwise("tot"))
        .filter(pl.col("van") < pl.col("tot"))
        .sort("van", "persoon")
        .with_columns(traject=pl.int_range(1, pl.len() + 1))
    )


def _units(rng: np.random.Generator, persons: pl.DataFrame, poor: pl.Series, time: Timeline) -> pl.DataFrame:
    """Everybody who can have a traject, and between which days: one adult or both partners of each household."""
    adults = persons.filter((pl.col("rol") != CHILD) & (pl.col("wijk") != UNKNOWN) & ~pl.col("instelling"))
    adults = adults.with_columns(
        begint=pl.max_horizontal("vanaf", pl.col("geboorte") + int(18 * YEAR) + 1),
        eindigt=pl.min_horizontal("overlijden", "vertrek"),
    )
    units = adults.group_by("huishouden", maintain_order=True).agg(
        pl.col("persoon").first(),
        pl.col("persoon").last().alias("ander"),
        pl.col("wijk").first(),
        pl.col("begint").max(),
        pl.col("eindigt").min(),
        pl.col("vast").all(),
        paar=(pl.len() == 2) & (pl.col("rol") == PARTNER).all(),
    )
    return units.select(
        "persoon",
        "wijk",
        tweede=pl.when("paar", pl.Series(rng.random(units.height) < TOGETHER)).then("ander").otherwise(-1),
        gewicht=pl.when(pl.col("huishouden").is_in(poor.implode())).then(POOR).otherwise(1.0),
        vanaf="begint",
        uiterlijk="eindigt",
        hier=pl.col("vast") & (pl.col("begint") < time.calibration - 30) & (pl.col("eindigt") > time.calibration),
    )


def write_database(
    rng: np.random.Generator, sources_file: Path, sender: Sender, dossiers: pl.DataFrame, who: pl.DataFrame
) -> None:
    """Writes the case system of one gemeente as it is on the demo's own today.

    who: persoon, bsn, postcode, huisnummer.
    """
    file = sources_file.parent / _file(sender.gemeente)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    database = sqlite3.connect(file)
    file.chmod(0o600)
    for name, columns in TABLES.items():
        described = ", ".join(f"{column} {TYPES[kind]}" for column, kind in columns.items())
        database.execute(f"create table {name} ({described})")
    for name, frame in _tables(rng, sender, dossiers, who).items():
        rows = frame.select(*TABLES[name]).rows()
        values = ", ".join("?" * len(TABLES[name]))
        database.executemany(f"insert into {name} values ({values})", rows)  # noqa: S608  names of TABLES, values bound
    database.commit()
    database.close()


def _file(gemeente: Gemeente) -> str:
    return f"zaaksysteem/{gemeente.code}.sqlite"


def write_connections(sources_file: Path, gemeenten: list[Gemeente], time: Timeline) -> None:
    """Writes how the monitor reaches the case systems: what `MEERDOEN_BRONNEN_BESTAND` points to."""
    known = json.loads(sources_file.read_text(encoding="utf-8")) if sources_file.is_file() else {}
    for gemeente in gemeenten:
        source = {"url": f"sqlite:///{_file(gemeente)}", "vanaf": str(time.months[0])}
        known[gemeente.code] = known.get(gemeente.code, {}) | {"schuldhulpverlening": source}
    sources_file.touch(mode=0o600)
    sources_file.write_text(json.dumps(known, indent=1, sort_keys=True), encoding="utf-8")


def _tables(
    rng: np.random.Generator, sender: Sender, dossiers: pl.DataFrame, who: pl.DataFrame
) -> dict[str, pl.DataFrame]:
    """The rows of every table, dates as text."""
    code, end = sender.gemeente.digits, sender.time.end
    number = pl.lit(code) + pl.col("traject").cast(pl.String).str.zfill(7)
    over = pl.col("tot") < NEVER
    frame = dossiers.with_columns(
        schuldhulptraject_id=number,
        # The last thing that happened in the dossier, up to today.
        gewijzigd=pl.min_horizontal(pl.when(over).then("tot").otherwise(pl.col("van") + 90), pl.lit(end)),
        begonnen=pl.min_horizontal(pl.col("van") + 21, pl.lit(end), "tot"),
        geregeld=pl.col("van") + 120,
    ).with_columns(gewijzigd_op=iso(pl.col("gewijzigd")) + pl.lit(" 12:00:00.000000"))
    count = frame.height
    trajecten = frame.with_columns(
        gemeentecode=pl.lit(code),
        startdatum=iso(pl.col("van")),
        einddatum=iso(pl.col("tot")),
        toekenningsdatum=iso(pl.when(~pl.col("geweigerd") & (pl.col("geregeld") < end)).then("geregeld")),
        totaalschuldbedragbijaanvang=pl.Series(rng.integers(4_000, 90_000, count)),
    )
    first, second = frame, frame.filter(pl.col("tweede") >= 0).with_columns(persoon="tweede")
    clienten = pl.concat([first, second]).join(who, on="persoon", maintain_order="left")
    clienten = clienten.with_columns(client_id=pl.lit(code) + pl.col("persoon").cast(pl.String).str.zfill(8))
    granted, arranged = (
        frame.filter(~pl.col("geweigerd")),
        frame.filter(~pl.col("geweigerd") & (pl.col("geregeld") < pl.min_horizontal("tot", pl.lit(end)))),
    )
    solved = arranged.with_columns(
        soort=pl.Series(pick(rng, list(SOLUTIONS), list(SOLUTIONS.values()), arranged.height), dtype=pl.String)
    )
    stabilised = _dated(granted, "stabilisatie", "begonnen")
    if sender.faults_pct:
        # Nobody noted when this phase began: it is uitval, and the traject counts all the same.
        place = pl.int_range(pl.len()) % max(int(300 / sender.faults_pct), 2) == 1
        stabilised = stabilised.with_columns(startdatum=pl.when(~place).then("startdatum"))
        clienten = pl.concat([clienten, _broken(clienten, sender.faults_pct)])
    return {
        "schuldhulptraject": trajecten,
        "client": clienten.with_columns(pl.col("bsn").cast(pl.String)),
        "aanmelding": _dated(frame, "aanmelding", "van").with_columns(crisisinterventie=pl.col("traject") % 9 == 0),
        "intake": _dated(frame, "intake", "begonnen").with_columns(
            beschikkingssoort=pl.when("geweigerd").then(pl.lit("AFGEWEZEN")).otherwise(pl.lit("TOEGEKEND"))
        ),
        "stabilisatie": stabilised,
        "schuldregeling": _dated(arranged, "schuldregeling", "geregeld").with_columns(
            datum="startdatum", dwangakkoord=pl.col("traject") % 11 == 0
        ),
        "oplossing": _dated(solved, "oplossing", "geregeld"),
        "uitstroom": _dated(frame.filter(over), "uitstroom", "tot").with_columns(datum="startdatum"),
    }


def _dated(frame: pl.DataFrame, table: str, day: str) -> pl.DataFrame:
    """The rows of a step that begins on a day."""
    return frame.with_columns(
        pl.col("schuldhulptraject_id").alias(f"{table}_id"),
        startdatum=iso(pl.col(day)),
        einddatum=pl.lit(None, pl.String),
    )


def _broken(clienten: pl.DataFrame, faults_pct: float) -> pl.DataFrame:
    """Copies of clients with a BSN that fails the elfproef, or a sentinel."""
    wrong = clienten.gather_every(max(int(100 / faults_pct), 20), 5)
    fails = pl.col("bsn") // 10 * 10 + (pl.col("bsn") + 1) % 10
    return wrong.with_columns(bsn=pl.when(pl.int_range(pl.len()) % 2 == 0).then(fails).otherwise(999_999_999))
