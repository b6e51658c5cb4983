"""The rights of a person (AVG 15, 17, 21): what is stored of somebody, erasure, and the log of requests.

The list of objections is in intake/objections.py, for the registration step leaves those persons out. Nothing here
prints or logs a number, or changes a delivery: that is the source owner's.
"""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import duckdb
import polars as pl

from assets.ground.parquet import write_parquet
from assets.ground.settings import TIMEZONE, Settings
from assets.ground.sql import sql_name
from assets.ground.zones import Zone
from assets.intake.deliveries import Delivery, find_deliveries, with_gemeente
from assets.intake.keys import Keys
from assets.intake.objections import entries
from assets.privacy.places import ACCESS, DATABASE, PERSONS, access_reports, databases
from assets.readers import ReadResult, SourceFile
from assets.record.delivery_record import load_records
from assets.record.records import uitval_path
from assets.registrations.declaration import Registration, registrations
from validations.language.texts import passes_elfproef

LOG = "privacylog.json"


def log(kluis: Zone, kind: str, gemeenten: list[str], who: str) -> int:
    """Notes in the kluis that something was done with personal data, without saying of whom; gives its number."""
    entries = _list(kluis, LOG)
    number = max((entry["nummer"] for entry in entries), default=0) + 1
    now = datetime.now(ZoneInfo(TIMEZONE)).isoformat(timespec="seconds")
    entries.append({"nummer": number, "tijd": now, "soort": kind, "gemeenten": gemeenten, "door": who})
    kluis.write(LOG, json.dumps(entries, indent=1).encode())
    return number


def _list(kluis: Zone, name: str) -> list[dict]:
    return json.loads(kluis.read(name)) if kluis.exists(name) else []


def is_bsn(number: str) -> bool:
    """Nine digits that pass the elfproef."""
    return len(number) == 9 and passes_elfproef(number)


def pseudonyms(keys: Keys, bsn: str, gemeenten: list[str]) -> dict[str, str]:
    """The person in each gemeente. Numbers of other domains (onderwijsnummer, oggz) cannot be found from a BSN."""
    return {gemeente: keys.pseudonym(gemeente, "bsn", bsn) for gemeente in gemeenten}


def stored(settings: Settings, persons: set[str]) -> Iterator[tuple[str, pl.DataFrame]]:
    """Every row of a person in the kluis, by table: the good rows of each registration, then each database."""
    kluis = settings.kluis
    for bron, registration in registrations().items():
        versions = [record.goed for record in load_records(kluis, bron).values() if record.goed]
        for table in registration.tables:
            paths = [version.tabellen[table.name] for version in versions if table.name in version.tabellen]
            found = []
            for path in paths:
                with kluis.local(path) as local:
                    found.append(_rows_of(pl.read_parquet(local), persons))
            if sum(map(len, found)):
                yield f"bron.{table.name}", pl.concat(found, how="diagonal_relaxed")
    for path in databases(kluis):
        where = "" if path == DATABASE else f"{path.removesuffix(f'/{DATABASE}')} "
        with kluis.local(path) as local, duckdb.connect(str(local), read_only=True) as connection:
            # A view says again what a table says.
            with_person = (
                "select distinct schema_name, table_name from duckdb_columns() semi join duckdb_tables()"
                " using (schema_name, table_name)"
                " where column_name = 'persoon' or column_name like '%\\_persoon' escape '\\' order by all"
            )
            for schema, table in connection.execute(with_person).fetchall():
                query = f"select * from {sql_name(schema, table)}"  # noqa: S608  quoted; a table cannot be bound
                frame = _rows_of(connection.sql(query).pl(), persons)
                if len(frame):
                    yield f"{where}{schema}.{table}", frame


def _rows_of(frame: pl.DataFrame, persons: set[str]) -> pl.DataFrame:
    columns = [pl.col(name) for name in frame.columns if name == "persoon" or name.endswith("_persoon")]
    theirs = pl.Series(sorted(persons), dtype=pl.String).implode()
    return frame.filter(pl.any_horizontal(column.is_in(theirs) for column in columns)) if columns else frame.clear()


ACCESS_HEAD = """Inzage in de Mee(r)doen-monitor, verzoek {number}, {today}

Wat de monitor van u bewaart, en waarvoor: cijfers per wijk over hulp uit het sociaal domein. Nooit voor een besluit
over u. Uw burgerservicenummer is vervangen door een code; namen en gespreksverslagen worden niet bewaard.
Hieronder staat elke regel die nu over u gaat, met per regel uit welke levering zij komt. Klopt er iets niet, dan
herstelt de bron dat; de monitor neemt het bij de volgende levering over. Voor de hele levering vraagt u inzage bij de
bron. Wat onder een ander nummer is geleverd (onderwijsnummer, nummer van de GGD) is zo niet te vinden.

Waar het staat, en hoe lang:
{places}
"""


def access_report(settings: Settings, persons: dict[str, str], number: int, today: date) -> str:
    """Writes what is stored of a person as Dutch text, for that person to read, and gives its path in the kluis."""
    described = {
        f"bron.{table.name}": {f.stored_as: f.description for f in registration.contracts[table.contract].fields}
        for registration in registrations().values()
        for table in registration.tables
    }
    places = "\n".join(f"- {place.zone}/{place.path}: {place.holds} ({place.term})" for place in PERSONS)
    lines = [ACCESS_HEAD.format(number=number, today=today, places=places)]
    own = set(persons.values())
    lines += [f"Bezwaar {e.nummer} van {e.datum}." for e in entries(settings.kluis) if e.persoon in own]
    lines += [f"Inzage {number}, eerder." for number, who in access_reports(settings.kluis) if own & set(who.values())]
    found = len(lines)
    for table, frame in stored(settings, own):
        lines.append(f"\n== {table} ==")
        for row in frame.iter_rows(named=True):
            lines.append("")
            for name, value in row.items():
                if value is not None:
                    meaning = described.get(table, {}).get(name)
                    lines.append(f"{name}{f' ({meaning})' if meaning else ''}: {_as_text(value, own)}")
    if len(lines) == found:
        lines.append("Er is niets over u gevonden.")
    path = f"{ACCESS}/{number}.txt"
    # This names the person it is about, so that it goes when that person is forgotten.
    settings.kluis.write(f"{ACCESS}/{number}.json", json.dumps(persons, sort_keys=True).encode())
    settings.kluis.write(path, ("\n".join(lines) + "\n").encode())
    return path


def _as_text(value: object, own: set[str]) -> str:
    """A value for the reader: a pseudonym is `u`, or somebody else."""
    if isinstance(value, str) and len(value) == 64 and set(value) <= set("0123456789abcdef"):
        return "u" if value in own else "iemand anders"
    return str(value)


def erase_uitval(settings: Settings, bsn: str) -> list[str]:
    """Removes the lines that point to a person's rejected rows; gives the deliveries that could not be read again."""
    unread = []
    for registration in registrations().values():
        for delivery in find_deliveries(settings.landing, registration.bron)[0]:
            path = uitval_path(delivery.bron, delivery.key)
            if not settings.kluis.exists(path):
                continue
            try:
                result = read_again(settings.landing, registration, delivery)
            except Exception:
                # A delivery that cannot be read tells no rows of a person.
                unread.append(f"{delivery.bron} {delivery.key}")
                continue
            places = person_places(registration, result).filter(pl.col("nummer").str.zfill(9) == bsn)
            with settings.kluis.local(path) as local:
                before = pl.read_parquet(local)
            after = before.join(places, on=["bestand", "regel"], how="anti", maintain_order="left")
            write_parquet(settings.kluis, path, after)
    return unread


def read_again(landing: Zone, registration: Registration, delivery: Delivery) -> ReadResult:
    """What the reader makes of a delivery, rows with their gemeente. What the reader raises may tell a value."""
    with ExitStack() as stack:
        files = [SourceFile(file.name, stack.enter_context(landing.local(file.path))) for file in delivery.files]
        result = registration.read(files)
    frames = {name: with_gemeente(frame, delivery) for name, frame in result.frames.items()}
    return replace(result, frames=frames)


def person_places(registration: Registration, result: ReadResult) -> pl.DataFrame:
    """Every person number in a delivery: gemeentecode, domein, nummer, bestand, regel."""
    columns = ["gemeentecode", "domein", "nummer", "bestand", "regel"]
    found = [pl.DataFrame(schema=dict.fromkeys(columns[:4], pl.String) | {"regel": pl.Int64})]
    code = (pl.lit("GM") + pl.col("gemeentecode").str.strip_prefix("GM").str.zfill(4)).alias("gemeentecode")
    for name, frame in result.frames.items():
        for one in registration.contracts[name].fields:
            if one.person:
                number = pl.lit(one.person).alias("domein"), pl.col(one.name).alias("nummer")
                found.append(frame.select(code, *number, "bestand", "regel").drop_nulls("nummer"))
    return pl.concat(found)
