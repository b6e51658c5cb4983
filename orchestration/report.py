"""The end report of a run on the command line: plain Dutch words, record numbers, never a value of a delivery."""

from assets.ground.night import CLOCK, MENDED
from assets.ground.settings import Settings
from assets.ground.state import recall
from assets.privacy.places import REBUILT
from assets.registrations.declaration import registrations
from validations.language.texts import with_points

IN_ORDER, BLOCKED, NOTHING, BUSY = 0, 1, 2, 3


def say(text: str = "") -> None:
    """Prints one line."""
    print(text, flush=True)  # noqa: T201  this is the command line


def report(settings: Settings, success: bool) -> int:
    """Says what was read, what fell out, what was published and where; gives the exit code of the run."""
    states = {bron: recall(settings.work, f"toestand/{bron}") for bron in registrations()}
    _read(states)
    _warnings(settings, states)
    published = _published(settings)
    say("Bekijk de nacht in Dagster: make ui, daarna http://127.0.0.1:3000")
    if not published:
        return NOTHING
    return IN_ORDER if success and not recall(settings.work, CLOCK).get("meldingen") else BLOCKED


def _read(states: dict[str, dict]) -> None:
    new = {bron: state for bron, state in states.items() if state.get("gelezen")}
    if not new:
        say("Gelezen: niets nieuws; er waren geen nieuwe of gewijzigde leveringen.")
        return
    total = {name: sum(state[name] for state in new.values()) for name in ("gelezen", "rijen", "uitval")}
    say(f"Gelezen: {_counts(total)}.")
    for bron, state in new.items():
        say(f"  {bron}: {_counts(state)}")


def _counts(state: dict) -> str:
    good, uitval = with_points(state["rijen"]), with_points(state["uitval"])
    return f"{state['gelezen']} leveringen, {good} goede rijen, {uitval} rijen uitval"


def _warnings(settings: Settings, states: dict[str, dict]) -> None:
    others = (CLOCK, MENDED, "toestand/op_orde_rapporten")
    for state in (*(recall(settings.work, name) for name in others), *states.values()):
        for line in state.get("meldingen", []):
            say(f"Let op: {line}")
    if broken := recall(settings.work, "toestand/dbt").get("fout"):
        say(f"Let op: {broken}. Wat niet is gebouwd, blijft als in de vorige editie; draai opnieuw.")
    for line in stayed(settings):
        say(f"Let op: {line}")


def stayed(settings: Settings) -> list[str]:
    """The tables that stay as they were in the previous edition, one line per reason."""
    by_reason: dict[str, list[str]] = {}
    for regeling, verdict in recall(settings.work, "toestand/vrijgave").get("oordeel", {}).items():
        if not verdict["vrij"]:
            by_reason.setdefault(verdict["reden"], []).append(f"monitor_{regeling}")
    return [
        f"{', '.join(tables)} {'blijft' if len(tables) == 1 else 'blijven'} als in de vorige editie: {reason}"
        for reason, tables in by_reason.items()
    ]


def after_the_switch(fault: str) -> str:
    """What is told when an edition is public and the step that published it broke off."""
    return f"daarna brak de publicatie af ({fault}); de volgende nacht maakt haar af: meerdoen refresh"


def _published(settings: Settings) -> bool:
    result = recall(settings.work, "toestand/publicatie")
    if result.get("fout") and result.get("nieuw"):
        say(f"Gepubliceerd: editie {result['editie']}; {after_the_switch(result['fout'])}.")
        return True
    if not result.get("editie") or result.get("fout"):
        say(f"Gepubliceerd: niets ({result.get('fout') or 'de publicatie is niet bereikt'}).")
        return False
    if day := result.get("herbouw"):
        place = f"{settings.kluis.url}/{REBUILT}/{day}"
        say(f"Opnieuw gemaakt: de nacht van {day}, {result['vergeleken']}. Er is niets gepubliceerd.")
        say(f"  tabellen: {place}/editie; exacte cijfers, alleen voor analisten binnen: {place}/kluis.duckdb")
        return True
    if result["nieuw"]:
        say(f"Gepubliceerd: editie {result['editie']}, {result['regelingen']} regelingen in orde.")
    else:
        say(f"Gepubliceerd: niets nieuws; editie {result['editie']} klopt nog.")
    folder = settings.publicatie.folder
    where = folder / "laatste" if folder else f"{settings.publicatie.url}/laatste"
    say(f"  tabellen: {where} (Parquet, csv/ en meerdoen.duckdb)")
    say(f"  exacte cijfers, alleen voor analisten binnen: {settings.kluis.url}/kluis.duckdb")
    return True
