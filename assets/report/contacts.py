"""Whom an owner can ask: `contacten.json` beside the file of connections, by bron, and `algemeen` for all others.

    {"algemeen": {"naam": "Team Monitor", "email": "monitor@voorbeeld.nl", "telefoon": "0495 000 000"}, "wmo": {…}}

It is read by people only, so it stands in reports as it is written; a file that cannot be read is said there too.
"""

import json
from pathlib import Path

GENERAL = "algemeen"
PARTS = ("naam", "email", "telefoon")
NOBODY = "de beheerder van de monitor"


def whom_to_ask(file: Path | None, bron: str) -> str:
    """Name, e-mail address and telephone number for the owner of a registration, in one line."""
    if file is None or not file.is_file():
        return NOBODY
    try:
        known = json.loads(file.read_text(encoding="utf-8"))
        contact = known.get(bron) or known.get(GENERAL) or {}
        told = [contact[part] for part in PARTS if contact.get(part)]
        sound = all(isinstance(part, str) and len(part) <= 100 for part in told)
    except (ValueError, AttributeError, TypeError, OSError):
        told, sound = [], False
    if not sound:
        return f"{NOBODY} (die kan {file.name} herstellen: het is niet te lezen)"
    return ", ".join(told) or NOBODY
