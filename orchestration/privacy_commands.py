"""The commands about keys, terms and rights: `sleutel`, `bewaar`, `inzage`, `vergeet`.

A person number is asked for or read from standard input, never an argument: arguments are in the list of processes.
Nothing here prints a number, a pseudonym, or how much is stored of somebody.
"""

import getpass
import sys
import time
from collections.abc import Callable

from assets.ground.failures import told_of
from assets.ground.names import GEMEENTE
from assets.ground.settings import DamagedError, Settings
from assets.ground.slot import BusyError, slot
from assets.ground.zones import Zone
from assets.intake.heal import heal
from assets.intake.keys import KeyFileError, load_keys, make_keys
from assets.intake.objections import object_to
from assets.privacy.places import (
    DATABASE,
    REBUILT,
    outdated,
    own_temporary_folder,
    remove_copies,
    remove_leftovers,
    remove_reports_of,
)
from assets.privacy.retention import NotBuiltError, carry_out, plan
from assets.privacy.rights import access_report, erase_uitval, is_bsn, log, pseudonyms
from assets.privacy.rotation import rotate
from assets.registrations.declaration import registrations
from orchestration.report import BUSY, IN_ORDER, NOTHING, say


def _guarded(work: Callable[[Settings], int]) -> int:
    """Does the work while no run is busy. What goes wrong is told without the text of a library."""
    settings = Settings.from_environment()
    try:
        with slot(settings.kluis):
            remove_leftovers(settings)
            with own_temporary_folder(settings):
                for registration in registrations().values():
                    heal(settings.kluis, registration)
                return work(settings)
    except (KeyFileError, NotBuiltError, DamagedError) as error:
        say(str(error))
        return NOTHING
    except BusyError as error:
        say(str(error))
        return BUSY
    except Exception as error:
        say(f"Mislukt ({told_of(error)}). Meld dit aan de beheerder van de monitor.")
        return NOTHING


def key_make(gemeenten: list[str]) -> int:
    """Makes a key for each gemeente that has none."""

    def work(settings: Settings) -> int:
        if settings.key_file.exists():
            load_keys(settings.key_file)
        new = make_keys(settings.key_file, gemeenten)
        for code in gemeenten:
            say(f"{code}: {'sleutel gemaakt' if code in new else 'had al een sleutel; die blijft'}.")
        if new:
            log(settings.kluis, "sleutel maak", new, getpass.getuser())
            say("Bewaar een kopie van het sleutelbestand apart van elke kopie van de gegevens.")
        return IN_ORDER

    return _guarded(work)


def key_check() -> int:
    """Tells whether the key file can be used, and which gemeenten lie in landing without a key."""
    settings = Settings.from_environment()
    try:
        keys = load_keys(settings.key_file)
    except KeyFileError as error:
        say(str(error))
        return NOTHING
    wrong = []
    for zone in (settings.landing, settings.kluis, settings.publicatie):
        if zone.folder is not None and settings.key_file.resolve().is_relative_to(zone.folder.resolve()):
            wrong.append(f"Het sleutelbestand ligt in de zone {zone.folder.name}. Leg het ergens anders.")
    wrong += [
        f"{' en '.join(pair)} hebben dezelfde sleutel. Doe: meerdoen sleutel wissel {pair[-1]}" for pair in keys.same()
    ]
    # Other names are no codes, and are not repeated here: they may hold anything.
    there = [name for name in settings.landing.names() if GEMEENTE.fullmatch(name)]
    for code in keys.gemeenten:
        say(f"{code}: sleutel in orde{'' if code in there else '; nog geen leveringen'}.")
    for code in sorted(set(there) - set(keys.gemeenten)):
        say(f"{code}: leveringen zonder sleutel. Hoort zij erbij: meerdoen sleutel maak {code}")
    for line in wrong:
        say(line)
    return NOTHING if wrong else IN_ORDER


def key_change(gemeenten: list[str], accept_loss: bool) -> int:
    """Gives gemeenten a new key."""

    def work(settings: Settings) -> int:
        unknown = sorted(set(gemeenten) - set(load_keys(settings.key_file).gemeenten))
        if unknown:
            say(f"Geen sleutel van {', '.join(unknown)}. Er is niets veranderd.")
            return NOTHING
        loss = rotate(settings, gemeenten, accept_loss=accept_loss)
        for delivery in loss.deliveries:
            say(f"{delivery}: telt mee in de kluis, maar ligt niet meer zo in landing.")
        for number in loss.objections:
            say(f"Bezwaar {number}: deze persoon komt in landing niet meer voor.")
        if (loss.deliveries or loss.objections) and not accept_loss:
            say("Er is niets veranderd. Zet de leveringen terug, of aanvaard het verlies met --aanvaard-verlies:")
            say("wie nergens in landing staat, telt dan niet meer mee en moet opnieuw bezwaar maken.")
            return NOTHING
        _forget_versions(settings.kluis)
        log(settings.kluis, "sleutel wissel", gemeenten, getpass.getuser())
        say(f"Nieuwe sleutel voor {', '.join(gemeenten)}; de oude is vernietigd. Vernietig ook elke kopie ervan.")
        say("De volgende run leest alles opnieuw: meerdoen refresh")
        return IN_ORDER

    return _guarded(work)


def keep(months: int, really: bool) -> int:
    """Tells what is over its term, and removes it when `really`."""

    def work(settings: Settings) -> int:
        stand = settings.today()
        removals = plan(settings, stand, months)
        for one in removals:
            stays = "; berichten over voorzieningen die nog tellen blijven in de kluis" if one.partly else ""
            say(f"{one.bron} {one.key}{'' if one.in_landing else ' (alleen in de kluis)'}{stays}")
        over = outdated(settings.kluis, time.time())
        for path in over:
            say(f"{path}: ouder dan zijn eigen termijn.")
        if not removals:
            say(f"Niets is ouder dan {months} maanden en kan weg.")
        elif not really:
            say(f"Proef: dit is ouder dan {months} maanden en kan weg. Verwijderen: meerdoen bewaar --verwijder")
        if really:
            carry_out(settings, removals, stand, months)
            for path in over:
                settings.kluis.remove(path)
            remove_copies(settings, but=(DATABASE, REBUILT))
            _forget_versions(settings.kluis)
            _forget_versions(settings.landing)
            log(settings.kluis, f"bewaar {months} maanden, {len(removals)} leveringen", [], getpass.getuser())
            if removals:
                say(f"Verwijderd: {len(removals)} leveringen. De cijfers volgen in de volgende run: meerdoen refresh")
        return IN_ORDER

    return _guarded(work)


def access(gemeenten: list[str], arguments: list[str]) -> int:
    """Writes what is stored of one person to the kluis."""

    def work(settings: Settings, persons: dict[str, str], _bsn: str) -> None:
        number = log(settings.kluis, "inzage", sorted(persons), getpass.getuser())
        path = access_report(settings, persons, number, settings.today())
        say(f"Verzoek {number}: {settings.kluis.url}/{path}. Geef het alleen aan de persoon zelf; na een maand")
        say("ruimt meerdoen bewaar het op.")

    return _for_person(gemeenten, arguments, work)


def forget(gemeenten: list[str], arguments: list[str]) -> int:
    """Puts one person on the list of objections and removes what points to rejected rows."""

    def work(settings: Settings, persons: dict[str, str], bsn: str) -> None:
        number = log(settings.kluis, "vergeet", sorted(persons), getpass.getuser())
        object_to(settings.kluis, persons, number, settings.today())
        remove_reports_of(settings.kluis, frozenset(persons.values()))
        for delivery in erase_uitval(settings, bsn):
            say(f"{delivery}: kan niet opnieuw worden gelezen; de uitval ervan is ongemoeid.")
        _forget_versions(settings.kluis)
        say(f"Verzoek {number}: vastgelegd. Verwijzingen in de uitval zijn weg. Vanaf de eerstvolgende")
        say("maandafsluiting (de 15e) wordt niets meer van deze persoon bewaard of geteld.")
        say("De leveringen zelf zijn van de bronhouders; meld het ook daar.")

    return _for_person(gemeenten, arguments, work)


def _forget_versions(zone: Zone) -> None:
    """Destroys what a versioned bucket still holds of what was replaced or removed; says so when it may not."""
    if not zone.remove_old_versions():
        say(f"Let op: {zone.url} bewaart oude versies en liet ze niet verwijderen. Verwijder ze in de opslag zelf.")


def _for_person(
    gemeenten: list[str], arguments: list[str], work: Callable[[Settings, dict[str, str], str], None]
) -> int:
    if arguments:
        say("Geef het nummer niet op de opdrachtregel: anderen kunnen het daar zien. Er is niets gedaan.")
        return NOTHING
    # The question comes before the lock: a person who thinks about it must not keep a night waiting.
    bsn = _asked()
    if not is_bsn(bsn):
        say("Dat is geen burgerservicenummer (negen cijfers, elfproef). Er is niets gedaan.")
        return NOTHING

    def guarded(settings: Settings) -> int:
        keys = load_keys(settings.key_file)
        unknown = sorted(set(gemeenten) - set(keys.gemeenten))
        if unknown:
            say(f"Geen sleutel van {', '.join(unknown)}. Er is niets gedaan.")
            return NOTHING
        work(settings, pseudonyms(keys, bsn, gemeenten or keys.gemeenten), bsn)
        return IN_ORDER

    return _guarded(guarded)


def _asked() -> str:
    if sys.stdin.isatty():
        return getpass.getpass("Burgerservicenummer (onzichtbaar): ").strip()
    return sys.stdin.readline().strip()
