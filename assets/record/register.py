"""The register: which deliveries counted, by the identifier that an edition gives them; and when sources were asked.

In the kluis, under `herkomst/`: `<bron>.parquet` (REGISTER) has of each identifier the day, the files and their sha256,
as `sha256sum` gives it; `gevraagd_<bron>.json` the days on which a source answered. An identifier is an HMAC with a key
that never leaves the kluis, so that nobody can make it from what a delivery may have held or from its day; and it has
no digits, so that it is never taken for a person number. Nothing of rows is here.
"""

import hmac
import io
import json
import secrets
from contextlib import suppress
from datetime import date, timedelta
from typing import NamedTuple

import polars as pl
from pydantic import TypeAdapter

from assets.ground.names import masked
from assets.ground.settings import DamagedError
from assets.ground.zones import Zone
from assets.record.delivery_record import ACCEPTED, Record
from assets.record.kept import read_kept, write_kept

_ASKED = TypeAdapter(dict[str, list[date]])
FOLDER, KEY_FILE = "herkomst", "herkomst/sleutel"
LETTERS, LENGTH = "bcdfghjklmnpqrstvwxz", 16
# A row per file of a delivery. What a source told on several days (`reeks`) has one row: all up to that day.
REGISTER = {
    "levering": pl.String,
    "leverancier": pl.String,
    "leverdatum": pl.Date,
    "reeks": pl.Boolean,
    "bestand": pl.String,
    "sha256": pl.String,
}


class Named(NamedTuple):
    """What an edition may tell of a delivery: identifier and month; and up to which day its source told all."""

    levering: str
    levermaand: str
    gevraagd_tot: date | None = None


def add_asked(kluis: Zone, bron: str, leverancier: str, day: date) -> None:
    """Records that a source answered on a day, also when nothing had changed."""
    known = _asked(kluis, bron)
    days = sorted({*known.get(leverancier, []), day})
    write_kept(kluis, f"{FOLDER}/gevraagd_{bron}.json", _ASKED, known | {leverancier: days})


def last_asked(kluis: Zone, bron: str, until: date) -> dict[str, date]:
    """By leverancier the last day, up to and including `until`, on which its source answered."""
    days = {who: [day for day in days if day <= until] for who, days in _asked(kluis, bron).items()}
    return {who: max(of) for who, of in days.items() if of}


def registered(kluis: Zone, bron: str, records: list[Record], *, until: date, changes_only: bool) -> dict[str, Named]:
    """Adds the accepted versions of records to the register; gives what may be told of each, by leverancier/leverdatum.

    `changes_only`: each delivery of this bron holds what changed since the last. Then it tells not the deliveries, for
    these are of the days on which somebody's dossier changed, but the series of a leverancier up to the last month in
    which its source was asked.
    """
    key = _key(kluis)
    rows: list[tuple] = []
    names: dict[str, Named] = {}
    series: dict[str, list[tuple[date, str]]] = {}
    refused: list[tuple[str, date]] = []
    for record in records:
        good, day = record.goed, record.leverdatum
        who, content = record.leverancier, (good or record).inhoud
        name = _identifier(key, bron, who, str(day), content)
        names[f"{who}/{day}"] = Named(name, f"{day:%Y-%m}")
        if record.toestand != ACCEPTED:
            refused.append((who, day))
        if good:
            series.setdefault(who, []).append((day, content))
            files = record.bestanden if record.inhoud == content else []
            rows += [(name, who, day, False, masked(item.naam.rsplit("/", 1)[-1]), item.sha256) for item in files]
    if changes_only:
        for who, versions in series.items():
            newest = max(day for day, _ in versions)
            # What it told on the day of a refused delivery does not count, so neither does it tell of the time after.
            whole = min(
                (day - timedelta(days=1) for other, day in refused if other == who and day > newest), default=until
            )
            last = max(newest, last_asked(kluis, bron, min(until, whole)).get(who, newest))
            name = _identifier(key, bron, who, f"{last:%Y-%m}", *(f"{day} {content}" for day, content in versions))
            rows.append((name, who, newest, True, None, None))
            whole_months = last.replace(day=1) - timedelta(days=1)
            names |= {f"{who}/{day}": Named(name, f"{last:%Y-%m}", whole_months) for day, _ in versions}
    _add(kluis, bron, pl.DataFrame(rows, schema=REGISTER, orient="row"))
    return names


def find(kluis: Zone, bronnen: list[str], wanted: str) -> pl.DataFrame:
    """The deliveries with that identifier, or with a file of that sha256: REGISTER rows with their bron, by day."""
    found = [pl.DataFrame(schema={"bron": pl.String, **REGISTER})]
    for bron in bronnen:
        known = _read(kluis, bron)
        own = known.filter((pl.col("levering") == wanted) | (pl.col("sha256") == wanted))
        singles = known.filter(~pl.col("reeks"))
        for who, day in own.filter("reeks").select("leverancier", "leverdatum").iter_rows():
            found.append(_of(bron, singles.filter(pl.col("leverancier") == who, pl.col("leverdatum") <= day)))
        names = own.filter(~pl.col("reeks")).get_column("levering").unique().implode()
        found.append(_of(bron, singles.filter(pl.col("levering").is_in(names))))
    return pl.concat(found).unique().sort("bron", "leverancier", "leverdatum", "bestand")


def series_with(kluis: Zone, bron: str, leverancier: str, leverdatum: date) -> list[str]:
    """The identifiers of the series that a delivery is part of."""
    whose = (pl.col("leverancier") == leverancier) & (pl.col("leverdatum") >= leverdatum) & pl.col("reeks")
    return _read(kluis, bron).filter(whose).get_column("levering").to_list()


def forget_names(kluis: Zone, bron: str, keys: list[str]) -> None:
    """Takes the names of files from the register: of deliveries (leverancier/leverdatum) whose term is over.

    Day and sha256 stay, for what was published stays.
    """
    own = pl.format("{}/{}", "leverancier", pl.col("leverdatum").cast(pl.String)).is_in(pl.Series(keys).implode())
    known = _read(kluis, bron)
    _write(kluis, bron, known.with_columns(bestand=pl.when(own).then(None).otherwise("bestand")).unique())


def named_as_now(kluis: Zone, origins: pl.DataFrame) -> pl.DataFrame:
    """Rows of monitor_herkomst as written before there were identifiers (with `leverdatum`, `sha256`), with them."""
    if "sha256" not in origins.columns:
        return origins
    key, named = _key(kluis), ["bron", "leverancier", "leverdatum", "sha256"]
    known = origins.select(named).unique()
    names = [_identifier(key, *map(str, row)) for row in known.iter_rows()]
    known = known.with_columns(
        levering=pl.Series(names, dtype=pl.String), levermaand=pl.col("leverdatum").dt.strftime("%Y-%m")
    )
    return origins.join(known, on=named, nulls_equal=True).drop("leverdatum", "sha256")


def _key(kluis: Zone) -> bytes:
    """The key of this kluis. One that is lost or damaged is made anew: what was named stays in the register."""
    if kluis.exists(KEY_FILE) and len(key := kluis.read(KEY_FILE)) == 32:
        return key
    key = secrets.token_bytes(32)
    kluis.write(KEY_FILE, key)
    return key


def _identifier(key: bytes, *parts: str) -> str:
    number = int.from_bytes(hmac.digest(key, json.dumps(parts).encode(), "sha256"))
    name = ""
    for _ in range(LENGTH):
        number, rest = divmod(number, len(LETTERS))
        name += LETTERS[rest]
    return name


def _of(bron: str, rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select(pl.lit(bron).alias("bron"), *REGISTER)


def _asked(kluis: Zone, bron: str) -> dict[str, list[date]]:
    # A damaged file counts as empty: the deliveries tell their own days, and the next answer adds its day.
    with suppress(DamagedError):
        return read_kept(kluis, f"{FOLDER}/gevraagd_{bron}.json", _ASKED, {})
    return {}


def _read(kluis: Zone, bron: str) -> pl.DataFrame:
    path = f"{FOLDER}/{bron}.parquet"
    if not kluis.exists(path):
        return pl.DataFrame(schema=REGISTER)
    content = kluis.read(path)
    try:
        return pl.read_parquet(io.BytesIO(content))
    except pl.exceptions.PolarsError:
        # Kept for whoever can repair it; a new one is made from the deliveries that are still there.
        kluis.write(f"{path}.beschadigd", content)
        return pl.DataFrame(schema=REGISTER)


def _add(kluis: Zone, bron: str, rows: pl.DataFrame) -> None:
    known = _read(kluis, bron)
    # A name that was taken away with its term does not come back while its delivery still lies in the records.
    new = rows.join(known, on=["levering", "sha256"], how="anti", nulls_equal=True)
    if new.height:
        _write(kluis, bron, pl.concat([known, new]))


def _write(kluis: Zone, bron: str, rows: pl.DataFrame) -> None:
    buffer = io.BytesIO()
    rows.sort(pl.all()).write_parquet(buffer, compression="zstd")
    kluis.write(f"{FOLDER}/{bron}.parquet", buffer.getvalue())
