"""Pulls a source that must be asked for its data (database, REST) into landing, as a delivery like any other.

One delivery a day for each connection, whole or not at all; reading, judging and keeping it is for step.py. Connections
are in a file outside the checkout (docs/beheer.md). How a kind of source is asked is in a module of its own.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from assets.ground.failures import class_and_line
from assets.ground.names import is_leverancier, outline
from assets.ground.settings import Settings
from assets.intake.deliveries import hash_folder
from assets.intake.keys import Keys
from assets.intake.promise import MANIFEST
from assets.intake.pulled import remember_pull
from assets.record.delivery_record import Record, new_record, refused
from assets.record.register import add_asked
from assets.registrations.declaration import Connection, Pulled, Registration
from validations.language.delivery import DeliveryError

# The waits take some ten seconds together: a source that is away longer is asked again the next night.
TRIES, WAIT_SECONDS = 3, 3.0
UNREACHABLE, UNUSABLE, OUR_FAULT, NO_PART, NO_NAME = "LEV-30", "LEV-32", "LEV-17", "LEV-25", "LEV-28"
LINKED = "LEV-26"
# The file of connections, by leverancier and bron; only those of the bron that is asked are looked at.
SOURCES, CONNECTION = TypeAdapter(dict[str, dict[str, Any]]), TypeAdapter(Connection)


@dataclass(frozen=True)
class Since:
    """Where the last accepted pull ended: its watermark, and the day it was made."""

    watermark: list[str]
    day: date


def pull(
    registration: Registration, settings: Settings, stand: date, records: dict[str, Record], keys: Keys
) -> tuple[list[Record], dict[str, str]]:
    """Asks every connection of a registration for what changed since its last accepted pull, and puts it in landing.

    Gives a blocked record for each that failed, and the rule for each that was not asked, by leverancier/day. `records`
    are those of all deliveries so far; `keys` say who takes part. A run over an earlier day asks nothing: a source can
    only tell of now.
    """
    if registration.pull is None or stand != settings.today():
        return [], {}
    failed, not_asked = [], {}
    # A source tells a stock anew every month; of a registration that accumulates it tells only what changed.
    stock = registration.semantics == "stand"
    try:
        connections = read_connections(settings.sources_file, registration.bron, stock=stock)
    except DeliveryError as error:
        return [refused(new_record(registration.bron, settings.sources_file.name, stand), error)], {}
    for rank, (leverancier, connection) in enumerate(connections.items(), 1):
        if not is_leverancier(leverancier):
            not_asked[f"{outline(leverancier)} (verbinding {rank})/{stand}"] = NO_NAME
            continue
        if not keys.lets_in(leverancier):
            # No record of a resident may come in that no night will read.
            not_asked[f"{leverancier}/{stand}"] = NO_PART
            continue
        place = f"{leverancier}/{registration.bron}/{stand}"
        if settings.landing.link(place):
            # The pulled files would be written behind the link.
            failed.append(refused(new_record(registration.bron, leverancier, stand), DeliveryError(LINKED)))
            continue
        if settings.landing.names(place):
            continue
        since = _since(records, leverancier)
        known = since is not None and (not stock or f"{since.day:%Y-%m}" == f"{stand:%Y-%m}")
        ask = partial(registration.pull, connection, since.watermark if since and known else None)
        try:
            with settings.landing.writing_folder(place) as folder:
                pulled = _patiently(partial(ask, folder))
                if pulled:
                    # The watermark comes before the delivery: without one the next pull only asks more than it needs.
                    remember_pull(settings.kluis, place, pulled.watermark, folder)
                    _promise(folder, registration.owner, pulled, None if stock else _days(since, connection, stand))
            add_asked(settings.kluis, registration.bron, leverancier, stand)
        except DeliveryError as error:
            failed.append(refused(new_record(registration.bron, leverancier, stand), error))
    return failed, not_asked


def read_connections(path: Path, bron: str, *, stock: bool = False) -> dict[str, Connection]:
    """The connections of a bron by leverancier: `{"GM0988": {"<bron>": {"url": …, "vanaf": …}}}`; none without a file.

    A stock has no `vanaf`. Raises DeliveryError when others can read the file (it holds passwords), or when it
    is no such JSON.
    """
    if not path.is_file():
        return {}
    if path.stat().st_mode & 0o077:
        raise DeliveryError(UNUSABLE, path.name, detail=f"Het is leesbaar voor anderen; doe eerst: chmod 600 {path}.")
    try:
        own = {
            code: sources[bron] for code, sources in SOURCES.validate_json(path.read_bytes()).items() if bron in sources
        }
        found = {code: CONNECTION.validate_python({**source, "map": path.parent}) for code, source in own.items()}
        usable = stock or all(connection.vanaf for connection in found.values())
    except (ValueError, TypeError):
        # The text of the library repeats what it read.
        usable, found = False, {}
    if not usable:
        raise DeliveryError(
            UNUSABLE, path.name, detail='Verwacht: {"GM0988": {"<bron>": {"url": "…", "vanaf": "jjjj-mm-dd"}}}.'
        )
    return found


def _since(records: dict[str, Record], leverancier: str) -> Since | None:
    """The newest watermark that was accepted; None before the first."""
    good = [record.goed for record in records.values() if record.leverancier == leverancier and record.goed]
    found = [Since(g.gehaald_tot, g.leverdatum) for g in good if g.gehaald_tot]
    return max(found, key=lambda since: since.day, default=None)


def _days(since: Since | None, connection: Connection, stand: date) -> tuple[date | None, date]:
    """A pull holds all that changed since the last one, so it is about every day since."""
    return since.day if since else connection.vanaf, stand - timedelta(days=1)


def _promise(folder: Path, owner: str, pulled: Pulled, period: tuple[date | None, date] | None) -> None:
    """Writes levering.json beside what was pulled."""
    manifest = {
        "bronhouder": owner,
        "records": pulled.records,
        "periode": {"van": str(period[0]), "tot": str(period[1])} if period else None,
        "bestanden": [{"naam": file.naam, "sha256": file.sha256} for file in hash_folder(folder)],
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1, sort_keys=True), encoding="utf-8")


def _patiently(ask: Callable[[], Pulled | None]) -> Pulled | None:
    """Asks again, ever later, while the source is away. Raises DeliveryError, whatever happened."""
    from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_exponential

    away = retry_if_exception(lambda error: isinstance(error, DeliveryError) and error.rule_id == UNREACHABLE)
    wait, stop = wait_exponential(multiplier=WAIT_SECONDS), stop_after_attempt(TRIES)
    try:
        return Retrying(retry=away, wait=wait, stop=stop, reraise=True)(ask)
    except DeliveryError:
        raise
    except Exception as error:
        # The text of a library may hold a password or a value. Its class and our own line say enough.
        raise DeliveryError(OUR_FAULT, detail=f"({class_and_line(error)})") from None
