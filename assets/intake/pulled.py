"""How far a pull came: its watermark, kept in the kluis as `gehaald.json`, for the delivery of that content alone.

In landing it would be from outside: whoever can write there would choose what a source is asked. What earlier versions
kept under `watermerk` in a record came from there, and is not used: the next pull asks everything anew.
"""

from datetime import date
from pathlib import Path

from pydantic import TypeAdapter
from pydantic.dataclasses import dataclass

from assets.ground.zones import Zone
from assets.intake.deliveries import Delivery, content_hash, hash_folder
from assets.record.delivery_record import Record
from assets.record.kept import STRICT, read_kept, write_kept

KEPT = "gehaald.json"


@dataclass(frozen=True, config=STRICT)
class Pulled:
    """What the last pull of a connection wrote, and how far it came."""

    leverdatum: date
    inhoud: str
    gehaald_tot: list[str] | None


_KEPT = TypeAdapter(dict[str, Pulled])


def remember_pull(kluis: Zone, place: str, watermark: list[str] | None, folder: Path) -> None:
    """Keeps the watermark of what was pulled into a local folder, for `place` in landing.

    Keeps only that of the last pull of each connection: a delivery read before has its own in its record.
    """
    connection, day = place.rsplit("/", 1)
    last = Pulled(date.fromisoformat(day), content_hash(hash_folder(folder)), watermark)
    write_kept(kluis, KEPT, _KEPT, _known(kluis) | {connection: last})


def pulled_until(kluis: Zone, delivery: Delivery, content: str, before: Record | None) -> list[str] | None:
    """The watermark of a delivery with that content, when it is as a pull wrote it; it stays with its record."""
    if before and before.inhoud == content and before.gehaald_tot:
        return before.gehaald_tot
    last = _known(kluis).get(f"{delivery.leverancier}/{delivery.bron}")
    ours = last and (last.leverdatum, last.inhoud) == (delivery.leverdatum, content)
    return last.gehaald_tot if last and ours else None


def _known(kluis: Zone) -> dict[str, Pulled]:
    return read_kept(kluis, KEPT, _KEPT, {}, remedy="verwijder het; de volgende nacht vraagt de bronnen alles opnieuw")
