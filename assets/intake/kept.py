"""The small JSON files that the intake keeps in the kluis: reading one, or saying which is damaged and what to do.

A damaged file is never read as an empty one: an objection would be forgotten, or an agreement.
"""

import json
from typing import Any

from assets.settings import DamagedError
from assets.zones import Zone

COPY = "zet het terug uit een kopie van de kluis"


def read_kept(kluis: Zone, path: str, empty: Any, remedy: str = COPY) -> Any:
    """What a file holds, of the type of `empty`; `empty` when it is not there. Raises DamagedError."""
    if not kluis.exists(path):
        return empty
    try:
        content = json.loads(kluis.read(path))
    except (ValueError, RecursionError):
        content = None
    items = content.values() if isinstance(content, dict) else content
    if type(content) is not type(empty) or not all(isinstance(item, dict) for item in items or ()):
        raise DamagedError(f"{path} in de kluis is beschadigd; {remedy}")
    return content
