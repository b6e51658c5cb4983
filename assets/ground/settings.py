"""Where an installation keeps its things and what time it is, read once from the environment at the start of a run.

Defaults lie under `data/` in the checkout. The variables MEERDOEN_ of an installation are read here only; what dbt gets
to read from its environment is set by orchestration/dbt/build.py.
"""

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from assets.ground import kluis_format
from assets.ground.zones import Zone

PROJECT = Path(__file__).parents[2]
TIMEZONE = "Europe/Amsterdam"
# What the demo says of itself in landing, and its field that says that not all deliveries are there yet.
DEMO, UNFINISHED = "demo.json", "onaf"


class DamagedError(Exception):
    """A file that the monitor kept is damaged; the text, in Dutch, names it and says what to do."""


class DemoError(Exception):
    """What the demo says of itself cannot be used; the text says what to do, and holds nothing of it."""


class PlaceError(Exception):
    """A file lies where a folder of this installation must be; the text, in Dutch, names the variable."""


def private_folder(folder: Path) -> None:
    """Makes a folder that its owner alone can enter, or closes it to others."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if folder.stat().st_mode & 0o077:
        folder.chmod(0o700)


def work_folder() -> Path:
    """The local work folder (MEERDOEN_WERK)."""
    return Path(os.environ.get("MEERDOEN_WERK", str(PROJECT / "data" / "werk"))).absolute()


def dagster_folder() -> Path:
    """The folder of the Dagster instance (DAGSTER_HOME)."""
    return Path(os.environ.get("DAGSTER_HOME") or PROJECT / "data" / "dagster").absolute()


def _require_folders(places: dict[str, Path | None]) -> None:
    """Raises PlaceError for the first variable that leads to a file, or through one."""
    for name, place in places.items():
        # A place that may not be entered raises when it is opened later.
        with suppress(OSError):
            if place and not next(one for one in (place, *place.parents) if one.exists()).is_dir():
                raise PlaceError(
                    f"{name} wijst naar een bestand, en moet een map zijn. Kies een andere map, of haal dat bestand"
                    " weg; daarna kan de opdracht opnieuw."
                )


@dataclass(frozen=True)
class Settings:
    """The zones, the local work folder, the key file and the file of connections of one installation."""

    landing: Zone
    kluis: Zone
    publicatie: Zone
    work: Path
    key_file: Path
    # Tells how to reach the sources that are asked for their data; holds passwords.
    sources_file: Path

    @property
    def contacts_file(self) -> Path:
        """Whom an owner can ask, in a file of its own beside that of the connections, which holds passwords."""
        return self.sources_file.with_name("contacten.json")

    @classmethod
    def from_environment(cls) -> "Settings":
        """Reads MEERDOEN_LANDING, _KLUIS, _PUBLICATIE (zones), _WERK, _SLEUTEL_BESTAND and _BRONNEN_BESTAND.

        Raises FormatError when a later version of the monitor wrote the kluis, PlaceError where a folder is a file.
        """
        data = PROJECT / "data"
        settings = cls(
            landing=Zone(os.environ.get("MEERDOEN_LANDING", str(data / "landing")), private=True),
            kluis=Zone(os.environ.get("MEERDOEN_KLUIS", str(data / "kluis")), private=True),
            publicatie=Zone(os.environ.get("MEERDOEN_PUBLICATIE", str(data / "publicatie"))),
            work=work_folder(),
            key_file=Path(os.environ.get("MEERDOEN_SLEUTEL_BESTAND", str(data / "sleutels.json"))).absolute(),
            sources_file=Path(os.environ.get("MEERDOEN_BRONNEN_BESTAND", str(data / "bronnen.json"))).absolute(),
        )
        zones = {"LANDING": settings.landing, "KLUIS": settings.kluis, "PUBLICATIE": settings.publicatie}
        _require_folders(
            {f"MEERDOEN_{name}": zone.folder for name, zone in zones.items()}
            | {"MEERDOEN_WERK": settings.work, "DAGSTER_HOME": dagster_folder()}
        )
        kluis_format.check(settings.kluis)
        return settings

    @classmethod
    def within(cls, folder: Path) -> "Settings":
        """Everything in one folder, and nothing of the environment: for a trial of one delivery, and for tests."""
        return cls(
            landing=Zone(str(folder / "landing"), private=True),
            kluis=Zone(str(folder / "kluis"), private=True),
            publicatie=Zone(str(folder / "publicatie")),
            work=folder / "werk",
            key_file=folder / "sleutels.json",
            sources_file=folder / "bronnen.json",
        )

    def demo(self) -> dict | None:
        """What the demo wrote of itself in landing (its stand and options); None for real deliveries.

        Raises DemoError when it is damaged.
        """
        place = self.landing.folder
        # Only a plain file is read: a pipe would never answer.
        there = (place / DEMO).is_file() if place else self.landing.exists(DEMO)
        if not there or self.landing.link(DEMO):
            return None
        try:
            about = json.loads(self.landing.read(DEMO))
            date.fromisoformat(about["stand"])
        except (ValueError, KeyError, TypeError, RecursionError):
            raise DemoError(
                f"{DEMO} in de landingszone is beschadigd. Zijn het leveringen van de demo, verwijder dan de mappen van"
                " landing en kluis en maak haar opnieuw; zijn het echte leveringen, verwijder dan alleen dat bestand."
            ) from None
        return about

    def unfinished_demo(self) -> bool:
        """Whether making the demo was interrupted: what lies in landing is then a part, and no delivery."""
        return bool((self.demo() or {}).get(UNFINISHED))

    def today(self) -> date:
        """The clock of a run that was not given one: the demo's own day, else today in the Netherlands."""
        demo = self.demo()
        return date.fromisoformat(demo["stand"]) if demo else datetime.now(ZoneInfo(TIMEZONE)).date()
