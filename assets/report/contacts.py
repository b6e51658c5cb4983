"""Whom an owner can ask: `contacten.json` beside the file of connections, by bron, and `algemeen` for all others.

    {"algemeen": {"naam": "Team Monitor", "email": "monitor@voorbeeld.nl", "telefoon": "0495 000 000"}, "wmo": {…}}

It is read by people only, so it stands in reports as it is written; a file that cannot be read is said there too.
"""

from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, Field, TypeAdapter

GENERAL = "algemeen"
Part = Annotated[str, Field(max_length=100)] | None
NOBODY = "de beheerder van de monitor"


class Contact(BaseModel):
    """A person or desk, each part as it is to be read."""

    naam: Part = None
    email: Part = None
    telefoon: Part = None


# Only the one that is asked for is looked at: a slip in another keeps nobody from an answer.
FILE, CONTACT = TypeAdapter(dict[str, Any]), TypeAdapter(Contact)


def whom_to_ask(file: Path | None, bron: str) -> str:
    """Name, e-mail address and telephone number for the owner of a registration, in one line."""
    if file is None or not file.is_file():
        return NOBODY
    try:
        known = FILE.validate_json(file.read_bytes())
        contact = CONTACT.validate_python(known.get(bron) or known.get(GENERAL) or {})
    except (ValueError, OSError):
        return f"{NOBODY} (die kan {file.name} herstellen: het is niet te lezen)"
    return ", ".join(filter(None, (contact.naam, contact.email, contact.telefoon))) or NOBODY
