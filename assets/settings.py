"""Where an installation keeps its things and what time it is, read once from the environment at the start of a run.

Defaults lie under `data/` in the checkout. Nothing else in the project reads MEERDOEN_ variables.
"""

import json
import os
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from assets.zones import Zone

PROJECT = Path(__file__).parents[1]
TIMEZONE = "Europe/Amsterdam"


@dataclass(frozen=True)
class Settings:
    """The zones, the local work folder, the key file and the file of connections of one installation."""

    landing: Zone
    kluis: Zone
    publicatie: Zone
    work: Path
    key_file: Path
    # How sources are reached that are asked for their data; holds passwords.
    sources_file: Path

    @classmethod
    def from_environment(cls) -> "Settings":
        """Reads MEERDOEN_LANDING, _KLUIS, _PUBLICATIE (zones), _WERK, _SLEUTEL_BESTAND and _BRONNEN_BESTAND."""
        data = PROJECT / "data"
        return cls(
            landing=Zone(os.environ.get("MEERDOEN_LANDING", str(data / "landing")), private=True),
            kluis=Zone(os.environ.get("MEERDOEN_KLUIS", str(data / "kluis")), private=True),
            publicatie=Zone(os.environ.get("MEERDOEN_PUBLICATIE", str(data / "publicatie"))),
            work=Path(os.environ.get("MEERDOEN_WERK", str(data / "werk"))).absolute(),
            key_file=Path(os.environ.get("MEERDOEN_SLEUTEL_BESTAND", str(data / "sleutels.json"))).absolute(),
            sources_file=Path(os.environ.get("MEERDOEN_BRONNEN_BESTAND", str(data / "bronnen.json"))).absolute(),
        )

    def demo(self) -> dict | None:
        """What the demo wrote of itself in landing (its stand and options); None for real deliveries."""
        return json.loads(self.landing.read("demo.json")) if self.landing.exists("demo.json") else None

    def today(self) -> date:
        """The clock of a run that was not given one: the demo's own day, else today in the Netherlands."""
        demo = self.demo()
        return date.fromisoformat(demo["stand"]) if demo else datetime.now(ZoneInfo(TIMEZONE)).date()
