"""A case system of schuldhulpverlening for tests: the agreed tables in PostgreSQL or SQLite, dossiers in them,
and the night in which the registration is asked and read.

Only what a test says about a dossier; every column that it does not name gets a sound default.
"""

import json
import sqlite3
from collections.abc import Callable
from datetime import date
from pathlib import Path

from assets.demo.schuldhulp import TYPES
from assets.intake.asset import _messages
from assets.record.records import Outcome
from assets.registrations.schuldhulpverlening import TABLES
from tests.making.town import WEERT, Town, bsn

BRON = "schuldhulpverlening"
READER, READER_PASSWORD = "monitor_lezer", "Lezer-geheim-77"
VANAF = "2020-01-01"
DEFAULTS = {
    "gemeentecode": "0988",
    "startdatum": "2020-03-01",
    "postcode": "6001AA",
    "huisnummer": 1,
    "datum": "2020-09-01",
    "reden": "AFGEROND",
    "beschikkingssoort": "TOEGEKEND",
    "crisisinterventie": False,
    "dwangakkoord": True,
}


class CaseSystem:
    """`execute` runs one statement as its owner; `url` is what the monitor reads with."""

    def __init__(self, url: str, execute: Callable[[str], None]) -> None:
        self.url, self.execute = url, execute
        for name, columns in TABLES.items():
            described = ", ".join(f"{column} {TYPES[kind]}" for column, kind in columns.items())
            execute(f"create table {name} ({described})")

    def put(self, table: str, changed: str = "2020-12-01 10:00:00", **values: object) -> None:
        """A row; `changed` is when it was written."""
        row = {name: DEFAULTS.get(name) for name in TABLES[table]} | values | {"gewijzigd_op": changed}
        assert set(row) == set(TABLES[table])
        self.execute(f"insert into {table} values ({', '.join(_literal(value) for value in row.values())})")

    def dossier(self, traject: str, *persons: int, changed: str = "2020-12-01 10:00:00", **values: object) -> None:
        """A traject with its clients and a first step."""
        self.put("schuldhulptraject", changed, schuldhulptraject_id=traject, **values)
        for person in persons:
            number = f"{traject}-{person}"
            self.put("client", changed, client_id=number, schuldhulptraject_id=traject, bsn=bsn(person))
        self.put("aanmelding", changed, aanmelding_id=f"a{traject}", schuldhulptraject_id=traject)

    def step(self, table: str, traject: str, changed: str = "2020-12-01 10:00:00", **values: object) -> None:
        """A row of a step."""
        self.put(table, changed, **{f"{table}_id": f"{table[0]}{traject}", "schuldhulptraject_id": traject} | values)


def _literal(value: object) -> str:
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool | int) else f"'{value}'"


def sqlite_system(file: Path) -> CaseSystem:
    """A case system in a file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    database = sqlite3.connect(file, isolation_level=None)
    return CaseSystem(f"sqlite:///{file}", lambda statement: database.execute(statement) and None)


def connect(town: Town, system: CaseSystem | str, leverancier: str = WEERT, **more: object) -> None:
    """Tells the monitor of a town where the case system is."""
    file = town.settings.sources_file
    known = json.loads(file.read_text()) if file.exists() else {}
    url = system if isinstance(system, str) else system.url
    known[leverancier] = {BRON: {"url": url, "vanaf": VANAF} | more}
    file.touch(mode=0o600)
    file.write_text(json.dumps(known))


def clock(town: Town, day: str) -> None:
    """Sets the day that it is for a town, as the demo does."""
    town.settings.landing.write("demo.json", json.dumps({"stand": str(date.fromisoformat(day))}).encode())


def night(town: Town, day: str) -> Outcome:
    """The registration step of a day."""
    clock(town, day)
    return town.take_in(BRON, day)


def messages_of(outcome: Outcome) -> str:
    """All that anybody gets to see or that is kept; it holds no password, host or number of a person."""
    text = " ".join(_messages(outcome)) + repr(outcome.records)
    for secret in (READER_PASSWORD, READER, "127.0.0.1", bsn(1), bsn(2)):
        assert secret not in text
    return text
