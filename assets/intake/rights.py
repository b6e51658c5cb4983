"""The rights of a person (AVG 15, 17, 21): the list of objections, what is stored of somebody, and erasure.

The list (`bezwaren.json` in the kluis) holds pseudonyms; the registration step leaves those persons out of what it
stores. Nothing here prints or logs a number, or changes a delivery: that is the source owner's.
"""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

import duckdb
import polars as pl

from assets.intake.deliveries import Delivery, find_deliveries, with_gemeente
from assets.intake.keys import Keys
from assets.intake.records import change_rows, load_records, write_parquet
from assets.intake.registration import Registration, registrations
from assets.readers import ReadResult, SourceFile
from assets.settings import TIMEZONE, Settings
from assets.zones import Zone

OBJECTIONS, LOG = "bezwaren.json", "privacylog.json"
# The day from which a close may run (design.md section 8, Rhythm).
CLOSE_DAY = 15


def applies(entry: date, stand: date) -> bool:
    """Whether an objection of day `entry` counts on `stand`: from the first close after it.

    A close runs in the first night on or after the 15th. Leaving one person out changes counts by one, so it must
    coincide with all other changes of a month. An entry of the 15th itself may come after that day's night: it waits.
    """
    close = entry.replace(day=CLOSE_DAY)
    if entry >= close:
        close = (close + timedelta(days=31)).replace(day=CLOSE_DAY)
    return stand >= close


@dataclass(frozen=True)
class Objections:
    """The pseudonyms that are left out. Its repr shows none."""

    persons: frozenset[str] = field(repr=False)

    @property
    def mark(self) -> str:
        """Changes when the list does; empty when nobody objected."""
        return sha256("|".join(sorted(self.persons)).encode()).hexdigest()[:16] if self.persons else ""

    def leave_out(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The frame without their rows; in the row of somebody else they are blanked (a partner)."""
        others = [pl.col(name) for name in frame.columns if name.endswith("_persoon")]
        objected = pl.Series(sorted(self.persons), dtype=pl.String).implode()
        if "persoon" in frame.columns:
            frame = frame.filter(~pl.col("persoon").is_in(objected).fill_null(False))
        return frame.with_columns(pl.when(~other.is_in(objected)).then(other) for other in others)

    def leave_out_of(self, kluis: Zone, record: dict) -> dict:
        """The record of a delivery after they were left out of the rows it stored under an earlier list."""
        versions = [version for version in (record, record["goed"]) if version]
        if all(version.get("bezwaren", "") == self.mark for version in versions):
            return {"bezwaren": self.mark} | record
        changed = change_rows(kluis, record, self.leave_out)
        for version in (changed, changed["goed"]):
            if version:
                version["bezwaren"] = self.mark
        return changed


def objections(kluis: Zone, stand: date) -> Objections:
    """Who is left out on a day."""
    entries = _list(kluis, OBJECTIONS)
    return Objections(frozenset(e["persoon"] for e in entries if applies(date.fromisoformat(e["datum"]), stand)))


def object_to(kluis: Zone, persons: dict[str, str], number: int, today: date) -> None:
    """Puts a person (gemeente -> pseudonym) on the list under the number of the request; who is on it stays as is."""
    entries = _list(kluis, OBJECTIONS)
    there = {entry["persoon"] for entry in entries}
    new = [
        {"nummer": number, "datum": str(today), "gemeentecode": gemeente, "persoon": person}
        for gemeente, person in sorted(persons.items())
        if person not in there
    ]
    kluis.write(OBJECTIONS, json.dumps(entries + new, indent=1).encode())


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
    if not (number.isascii() and number.isdigit() and len(number) == 9 and int(number)):
        return False
    return (
        sum(int(digit) * weight for digit, weight in zip(number, (9, 8, 7, 6, 5, 4, 3, 2, -1), strict=True)) % 11 == 0
    )


def pseudonyms(keys: Keys, bsn: str, gemeenten: list[str]) -> dict[str, str]:
    """The person in each gemeente. Numbers of other domains (onderwijsnummer, oggz) cannot be found from a BSN."""
    return {gemeente: keys.pseudonym(gemeente, "bsn", bsn) for gemeente in gemeenten}


def stored(settings: Settings, persons: set[str]) -> Iterator[tuple[str, pl.DataFrame]]:
    """Every row of a person in the kluis, by table: the good rows of each registration, then kluis.duckdb."""
    kluis = settings.kluis
    for bron, registration in registrations().items():
        versions = [record["goed"] for record in load_records(kluis, bron).values() if record["goed"]]
        for table in registration.tables:
            paths = [version["tabellen"][table.name] for version in versions if table.name in version["tabellen"]]
            found = []
            for path in paths:
                with kluis.local(path) as local:
                    found.append(_rows_of(pl.read_parquet(local), persons))
            if sum(map(len, found)):
                yield f"bron.{table.name}", pl.concat(found, how="diagonal_relaxed")
    if kluis.exists("kluis.duckdb"):
        with kluis.local("kluis.duckdb") as local, duckdb.connect(str(local), read_only=True) as connection:
            names = "select distinct table_schema || '.' || table_name from information_schema.columns"
            with_person = (
                f"{names} where column_name = 'persoon' or column_name like '%\\_persoon' escape '\\' order by 1"
            )
            for (table,) in connection.execute(with_person).fetchall():
                frame = _rows_of(connection.sql(f"select * from {table}").pl(), persons)
                if len(frame):
                    yield table, frame


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
"""


def access_report(settings: Settings, persons: dict[str, str], number: int, today: date) -> str:
    """Writes what is stored of a person as Dutch text, for that person to read, and gives its path in the kluis."""
    described = {
        f"bron.{table.name}": {f.stored_as: f.description for f in registration.contracts[table.contract].fields}
        for registration in registrations().values()
        for table in registration.tables
    }
    lines = [ACCESS_HEAD.format(number=number, today=today)]
    own = set(persons.values())
    for table, frame in stored(settings, own):
        lines.append(f"\n== {table} ==")
        for row in frame.iter_rows(named=True):
            lines.append("")
            for name, value in row.items():
                if value is not None:
                    meaning = described.get(table, {}).get(name)
                    lines.append(f"{name}{f' ({meaning})' if meaning else ''}: {_told(value, own)}")
    if len(lines) == 1:
        lines.append("Er is niets over u gevonden.")
    path = f"inzage/{number}.txt"
    settings.kluis.write(path, ("\n".join(lines) + "\n").encode())
    return path


def _told(value: object, own: set[str]) -> str:
    """A value for the reader: a pseudonym is `u`, or somebody else."""
    if isinstance(value, str) and len(value) == 64 and set(value) <= set("0123456789abcdef"):
        return "u" if value in own else "iemand anders"
    return str(value)


def erase_uitval(settings: Settings, bsn: str) -> list[str]:
    """Removes the lines that point to a person's rejected rows; gives the deliveries that could not be read again."""
    unread = []
    for registration in registrations().values():
        for delivery in find_deliveries(settings.landing, registration.bron)[0]:
            path = f"uitval/{delivery.bron}/{delivery.key}.parquet"
            if not settings.kluis.exists(path):
                continue
            try:
                result = read_again(settings.landing, registration, delivery)
            except Exception:
                # Of what cannot be read there are no rows of a person.
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
