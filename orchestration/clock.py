"""The clock of a run: a day that cannot be right is refused, an odd one is asked about, one that goes back is told.

An edition of a day in the future would stop all publication until that day: no later night comes before it.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from assets.ground.settings import TIMEZONE, Settings
from assets.publication import edition, ledger

# Deliveries come monthly; a little more than that after the newest one, a day given by hand is soon a typing error.
FAR_DAYS = 40


def real_day() -> date:
    """Today in the Netherlands."""
    return datetime.now(ZoneInfo(TIMEZONE)).date()


def impossible(settings: Settings, stand: date) -> str | None:
    """Why a day that was given cannot be: it is still to come, and it is not the demo's own day. None: it can."""
    if stand <= max(real_day(), settings.today()):
        return None
    return (
        f"De stand {stand} ligt na vandaag ({real_day()}). Een nacht over een dag die nog komt legt de publicatie"
        " tot die dag stil; er is niets gedaan."
    )


def doubt(settings: Settings, stand: date, *, sure: bool) -> str | None:
    """Why a day given by hand is refused, or is asked about unless somebody is `sure`; None when it is in order."""
    newest = newest_delivery(settings)
    why = impossible(settings, stand)
    if why or sure or newest is None or (stand - newest).days <= FAR_DAYS:
        return why
    return (
        f"De stand {stand} ligt {(stand - newest).days} dagen na de nieuwste levering ({newest}). Is dat de bedoeling,"
        " geef dan ook --zeker; er is niets gedaan."
    )


def newest_delivery(settings: Settings) -> date | None:
    """The day of the newest delivery in landing, but for days that are still to come; None when there is none."""
    landing, last = settings.landing, str(max(real_day(), settings.today()))
    days = [
        name
        for leverancier in landing.names()
        if not landing.link(leverancier)
        for bron in landing.names(leverancier)
        if not landing.link(f"{leverancier}/{bron}")
        for name in landing.names(f"{leverancier}/{bron}")
        if name <= last
    ]
    for name in sorted(days, reverse=True):
        try:
            return date.fromisoformat(name)
        except ValueError:
            continue
    return None


def went_back(settings: Settings, stand: date) -> str | None:
    """What to tell when the clock stands before the newest edition or close; None when it does not."""
    closes = ledger.names(settings.kluis)
    newest = edition.manifest(settings.publicatie, edition.latest(settings.publicatie)).get("stand", "")
    newest = max(newest, closes[-1][:10] if closes else "")
    if str(stand) >= newest:
        return None
    return (
        f"de klok staat op {stand}, vóór de nieuwste editie of sluiting ({newest}): er komt niets nieuws naar buiten"
        " tot die dag. Zet de klok van de machine goed; is die editie verkeerd gedateerd, trek haar dan in:"
        " meerdoen herstel"
    )
