"""The number of the format in which a kluis is written: `formaat.json` at its root.

FORMAT goes up by one when this software writes what the software before it would read wrongly; then what lies in a
kluis of a lower number is rewritten here, under the lock. A kluis without a number is older than these numbers, and has
format 1.
"""

import json
from contextlib import suppress

from assets.ground.zones import Zone

NAME, FORMAT = "formaat.json", 1


class FormatError(Exception):
    """This software must leave the kluis alone; the text, in Dutch, says why and what to do."""


def check(kluis: Zone) -> None:
    """Raises FormatError when a later version wrote the kluis, or its number is damaged. Every command asks this."""
    # A kluis that is away raises when it is opened later.
    with suppress(OSError):
        _check(kluis)


def bear(kluis: Zone) -> None:
    """Checks, and gives a kluis that has no number that of today; call it with the lock."""
    try:
        _check(kluis)
    except FileNotFoundError:
        kluis.write(NAME, json.dumps({"formaat": FORMAT}).encode())


def _check(kluis: Zone) -> None:
    content = kluis.read(NAME)
    try:
        number = json.loads(content)["formaat"]
        sound = type(number) is int and number >= 1
    except (ValueError, KeyError, TypeError, RecursionError):
        number, sound = 0, False
    if not sound:
        raise FormatError(
            f"{NAME} in de kluis is beschadigd; er is niets gedaan. Zet het terug uit een kopie van de kluis. Is die er"
            " niet, en is deze kluis nooit door een nieuwere versie van de monitor gebruikt, verwijder het dan."
        )
    if number > FORMAT:
        raise FormatError(
            f"Een nieuwere versie van de monitor heeft deze kluis geschreven (formaat {number}; deze versie kent"
            f" {FORMAT}). Er is niets gedaan. Werk de monitor bij, of zet een kopie van de kluis van daarvoor terug."
        )
