"""How far a pull came: its watermark, kept in the kluis as `gehaald.json`, for the delivery of that content alone.

In landing it would be from outside: whoever can write there would choose what a source is asked. What earlier versions
kept under `watermerk` in a record came from there, and is not used: the next pull asks everything anew.
"""

import json
from pathlib import Path

from assets.intake.deliveries import Delivery, content_hash, hash_folder
from assets.intake.kept import read_kept
from assets.zones import Zone

KEPT = "gehaald.json"


def remember_pull(kluis: Zone, place: str, watermark: list[str] | None, folder: Path) -> None:
    """Keeps the watermark of what was pulled into a local folder, for `place` in landing.

    Only of the last pull of each connection: what was read before has it in its record.
    """
    connection, day = place.rsplit("/", 1)
    kept = {"leverdatum": day, "inhoud": content_hash(hash_folder(folder)), "gehaald_tot": watermark}
    kluis.write(KEPT, json.dumps(_known(kluis) | {connection: kept}, indent=1, sort_keys=True).encode())


def pulled_until(kluis: Zone, delivery: Delivery, content: str, before: dict | None) -> list[str] | None:
    """The watermark of a delivery with that content, when it is as a pull wrote it; it stays with its record."""
    if before and before["inhoud"] == content and before.get("gehaald_tot"):
        return before["gehaald_tot"]
    kept = _known(kluis).get(f"{delivery.leverancier}/{delivery.bron}", {})
    ours = (kept.get("leverdatum"), kept.get("inhoud")) == (str(delivery.leverdatum), content)
    return kept["gehaald_tot"] if ours else None


def _known(kluis: Zone) -> dict[str, dict]:
    return read_kept(kluis, KEPT, {}, "verwijder het; de volgende nacht vraagt de bronnen alles opnieuw")
