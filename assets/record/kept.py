"""The small JSON files that the intake keeps in the kluis: reading one, or saying which is damaged and what to do.

A damaged file is never read as an empty one: an objection would be forgotten, or an agreement. Nor is one in which a
later version wrote what this one does not know: rewritten here, that would be lost.
"""

import json
from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import ConfigDict, TypeAdapter, ValidationError

from assets.ground.settings import DamagedError
from assets.ground.zones import Zone

T = TypeVar("T")
COPY = "zet het terug uit een kopie van de kluis"
# Of every dataclass that is kept: each field of its own kind, and no other.
STRICT = ConfigDict(strict=True, extra="forbid")
UNKNOWN_FIELD = "unexpected_keyword_argument"


def read_kept(
    kluis: Zone,
    path: str,
    kind: TypeAdapter[T],
    empty: T,
    *,
    remedy: str = COPY,
    as_of_today: Callable[[Any], Any] = lambda content: content,
) -> T:
    """What a file holds; `empty` when it is not there. Raises DamagedError.

    `as_of_today`: makes the form of today of what an earlier version wrote.
    """
    if not kluis.exists(path):
        return empty
    try:
        # As JSON, in which a day is a text.
        return kind.validate_json(json.dumps(as_of_today(json.loads(kluis.read(path)))))
    except ValidationError as error:
        if {one["type"] for one in error.errors()} == {UNKNOWN_FIELD}:
            raise DamagedError(
                f"{path} in de kluis heeft velden die deze versie van de monitor niet kent; werk de monitor bij"
            ) from None
    except (ValueError, KeyError, AttributeError, TypeError, RecursionError):
        pass
    raise DamagedError(f"{path} in de kluis is beschadigd; {remedy}")


def write_kept(kluis: Zone, path: str, kind: TypeAdapter[T], content: T) -> None:
    """Writes a file, as `read_kept` reads it."""
    plain = kind.dump_python(content, mode="json")
    kluis.write(path, json.dumps(plain, indent=1, sort_keys=True).encode())
