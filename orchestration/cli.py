"""The command line `meerdoen`. Its top imports only argparse: help must come at once."""

import argparse

EXIT_CODES = (
    "Afloop: 0 in orde; 1 gepubliceerd, maar iets is geblokkeerd; 2 niets gepubliceerd; 3 er loopt al een run;"
    " 64 de opdracht is verkeerd getypt; 130 afgebroken met Ctrl-C; 143 gestopt (SIGTERM)."
)


def main(arguments: list[str] | None = None) -> int:
    """Runs one command and returns its exit code."""
    import io
    import os
    import sys
    from importlib.util import find_spec

    # A terminal that is not UTF-8 shows a question mark for what it does not have; files are UTF-8 everywhere.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    os.environ.setdefault("PYTHONUTF8", "1")
    options = _parser().parse_args(arguments)
    # Before polars is imported. Its threads spin while they wait: on frames of some ten thousand rows that costs 5 s of
    # CPU in a night of the default demo, and wins no time.
    os.environ.setdefault("POLARS_MAX_THREADS", "1")
    from orchestration import interrupt

    try:
        with interrupt.raises_at_signals():
            return options.command(options)
    except KeyboardInterrupt:
        from orchestration.report import say

        say(interrupt.message(night=options.command is _refresh))
        return interrupt.exit_code()
    except ModuleNotFoundError:
        if find_spec("dagster"):
            raise
        # The wheel for owners of registrations: what a night needs is not there.
        print("Hier is alleen `meerdoen toets` geïnstalleerd; een nacht draait bij de gemeente.")  # noqa: T201  as above
        return 64
    except BrokenPipeError:
        # The reader of the output has gone (`meerdoen status | head`). Exits as a shell would; nothing is left to say.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 141
    except Exception as error:
        if not (text := _in_words(error)):
            raise
        from orchestration.report import NOTHING, say

        say(text)
        return NOTHING


def _in_words(error: Exception) -> str:
    """What stopped a command, in Dutch, with what to do; empty for what nobody foresaw."""
    from assets.ground.failures import FULL, REMEDY, no_room
    from assets.ground.kluis_format import FormatError
    from assets.ground.settings import DamagedError, DemoError, PlaceError

    if isinstance(error, (DemoError, DamagedError, FormatError, PlaceError)):
        return str(error)
    if isinstance(error, (ConnectionError, PermissionError)):
        return (
            f"Een zone is onbereikbaar ({type(error).__name__}). Kijk of de map of S3 er is, en of adres en rechten"
            " kloppen (MEERDOEN_LANDING, MEERDOEN_KLUIS, MEERDOEN_PUBLICATIE, AWS_…). Daarna kan de opdracht opnieuw."
        )
    if no_room(error):
        return f"Gestopt: {FULL}. Er is niets half gepubliceerd; {REMEDY}. Daarna kan de opdracht opnieuw."
    return ""


def _parser() -> argparse.ArgumentParser:
    from orchestration.arguments import Parser

    parser = Parser(
        version=True,
        prog="meerdoen",
        description="De Mee(r)doen-monitor: van leveringen tot gepubliceerde wijkcijfers.",
        epilog=EXIT_CODES,
    )
    commands = parser.add_subparsers(title="opdrachten", required=True, metavar="OPDRACHT")

    demo = commands.add_parser("demo", help="maak leveringen van een verzonnen gemeente in de landingszone")
    demo.add_argument(
        "--gemeenten",
        default="GM0988,GM0946,GM0047,GM0765",
        type=_gemeenten,
        metavar="GM0988,…",
        help="gemeentecodes, of historisch",
    )
    # The demo writes its options down: no person number is within these bounds.
    demo.add_argument(
        "--inwoners",
        type=_number(int, 1, 9_999_999),
        metavar="N",
        help="inwoners samen (standaard: zoveel als het CBS telt)",
    )
    demo.add_argument(
        "--tot", type=_month, metavar="JJJJ-MM", help="laatste maand (standaard 2022-12; historisch: 2015-06)"
    )
    demo.add_argument(
        "--maanden", type=_number(int, 1, 600), default=24, metavar="N", help="aantal maanden (standaard 24)"
    )
    demo.add_argument(
        "--seed",
        type=_number(int, 0, 999_999),
        default=1,
        metavar="N",
        help="zelfde seed, zelfde leveringen (standaard 1)",
    )
    demo.add_argument(
        "--fouten", type=_number(float, 0, 100), default=1.0, metavar="PCT", help="percentage fouten (standaard 1)"
    )
    demo.add_argument(
        "--kerncijfers",
        metavar="BESTAND",
        help="kerncijfers wijken en buurten van het CBS (CSV van StatLine, of kwb), voor de demo van elke gemeente",
    )
    demo.add_argument("--als-leeg", action="store_true", help="doe niets als er al leveringen liggen")
    demo.set_defaults(command=_demo)

    refresh = commands.add_parser(
        "refresh", help="lees, toets, reken en publiceer; zoals elke nacht", epilog=EXIT_CODES
    )
    refresh.add_argument("--stand", type=_day, metavar="JJJJ-MM-DD", help="de klok van de run (standaard vandaag)")
    refresh.add_argument("--zeker", action="store_true", help="ook als --stand ver na de nieuwste levering ligt")
    refresh.set_defaults(command=_refresh)

    status = commands.add_parser("status", help="de laatste en de volgende nacht, en wat er niet in orde is")
    status.set_defaults(command=_status)

    restore = commands.add_parser("herstel", help="trek een editie in die fout is; de volgende nacht maakt haar goed")
    restore.add_argument("editie", help="bijvoorbeeld 2026-07-15 (zie: meerdoen status)")
    restore.add_argument("--reden", metavar="TEKST", help="waarom; wordt gepubliceerd, dus niets over een persoon")
    restore.set_defaults(command=_restore)

    agree = commands.add_parser("akkoord", help="aanvaard een levering die wacht om haar sprong in omvang (LEV-14)")
    agree.add_argument("bron")
    agree.add_argument("leverancier", help="bijvoorbeeld GM0988")
    agree.add_argument("leverdatum", type=_day, help="JJJJ-MM-DD")
    agree.set_defaults(command=_agree)

    origin = commands.add_parser("herkomst", help="welke levering achter een kenmerk, bestand of cijfer zit, en terug")
    origin.add_argument("wat", nargs="+", help="kenmerk, sha256 of bestand; of tabel, gemeente en maand (JJJJ-MM)")
    origin.set_defaults(command=_origin)
    _add_privacy(commands)
    return parser


def _add_privacy(commands) -> None:
    key = commands.add_parser("sleutel", help="maak, controleer of wissel de sleutels van gemeenten")
    actions = key.add_subparsers(title="acties", required=True, metavar="ACTIE")
    make = actions.add_parser("maak", help="maak een sleutel voor een gemeente die er nog geen heeft")
    make.add_argument("gemeenten", nargs="+", type=_gemeente, metavar="GM0988")
    make.set_defaults(command=_key_make)
    actions.add_parser("controleer", help="is het sleutelbestand bruikbaar en volledig?").set_defaults(
        command=_key_check
    )
    change = actions.add_parser("wissel", help="geef een gemeente een nieuwe sleutel; de oude wordt vernietigd")
    change.add_argument("gemeenten", nargs="+", type=_gemeente, metavar="GM0988")
    change.add_argument("--aanvaard-verlies", action="store_true", help="ook als landing leveringen niet meer heeft")
    change.set_defaults(command=_key_change)

    keep = commands.add_parser(
        "bewaar", help="toon wat ouder is dan de bewaartermijn, en verwijder het met --verwijder"
    )
    keep.add_argument(
        "--maanden", type=_number(int, 1, 1200), default=25, metavar="N", help="bewaartermijn (standaard 25)"
    )
    way = keep.add_mutually_exclusive_group()
    way.add_argument("--proef", action="store_true", help="alleen tonen (standaard)")
    way.add_argument("--verwijder", action="store_true", help="echt verwijderen")
    keep.set_defaults(command=_keep)

    asks = "het burgerservicenummer komt van de standaardinvoer, of wordt gevraagd"
    for name, does in (
        ("inzage", "schrijf in de kluis wat van één persoon bewaard is"),
        ("vergeet", "leg bezwaar vast"),
    ):
        person = commands.add_parser(name, help=f"{does}; {asks}")
        person.add_argument(
            "--gemeente", dest="gemeenten", action="append", default=[], type=_gemeente, metavar="GM0988"
        )
        # This argument is there only to be refused without being repeated.
        person.add_argument("nummer", nargs="*", help=argparse.SUPPRESS)
        person.set_defaults(command=_access if name == "inzage" else _forget)

    trial = commands.add_parser(
        "toets", help="voor wie levert: bekijk vooraf, op deze computer, wat de monitor van een levering zal zeggen"
    )
    trial.add_argument("pad", metavar="MAP_OF_BESTAND", help="de map van één levering, of één bestand")
    trial.add_argument("--bron", metavar="BRON", help="de registratie, als de vorm haar niet zegt")
    trial.add_argument("--gemeente", type=_gemeente, metavar="GM0988", help="van wie, als geen rij het zegt")
    trial.add_argument("--rapport", default="toetsrapport", metavar="MAP", help="waar het rapport komt (toetsrapport)")
    trial.set_defaults(command=_trial)


def _gemeente(text: str) -> str:
    if len(text) != 6 or not text.startswith("GM") or not (text.isascii() and text[2:].isdigit()):
        raise argparse.ArgumentTypeError("verwacht een gemeentecode, zoals GM0988")
    return text


def _gemeenten(text: str) -> str:
    return text if text == "historisch" else ",".join(_gemeente(code.strip()) for code in text.split(",") if code)


def _number(kind: type, least: int, most: int):
    """A number within bounds, as a type of an argument."""

    def within(text: str):
        try:
            if least <= kind(text) <= most:
                return kind(text)
        except ValueError:
            pass
        raise argparse.ArgumentTypeError(f"verwacht een getal van {least} tot en met {most}")

    return within


def _month(text: str) -> str:
    return _day(f"{text}-01")[:7]


def _day(text: str) -> str:
    from datetime import date

    try:
        # fromisoformat also reads 20210205 and 2021-W05-5.
        if str(date.fromisoformat(text)) == text:
            return text
    except ValueError:
        pass
    raise argparse.ArgumentTypeError("verwacht een dag die bestaat, geschreven als jjjj-mm-dd")


def _demo(options: argparse.Namespace) -> int:
    from orchestration.commands import demo

    return demo(options)


def _refresh(options: argparse.Namespace) -> int:
    from orchestration.commands import refresh

    return refresh(options.stand, sure=options.zeker)


def _status(_options: argparse.Namespace) -> int:
    from orchestration.status import status

    return status()


def _agree(options: argparse.Namespace) -> int:
    from orchestration.commands import agree

    return agree(options.bron, options.leverancier, options.leverdatum)


def _origin(options: argparse.Namespace) -> int:
    from orchestration.origin_command import origin

    return origin(options.wat)


def _restore(options: argparse.Namespace) -> int:
    from orchestration.commands import restore

    return restore(options.editie, options.reden)


def _trial(options: argparse.Namespace) -> int:
    from orchestration.trial_command import tried

    return tried(options)


def _key_make(options: argparse.Namespace) -> int:
    from orchestration.privacy_commands import key_make

    return key_make(options.gemeenten)


def _key_check(_options: argparse.Namespace) -> int:
    from orchestration.privacy_commands import key_check

    return key_check()


def _key_change(options: argparse.Namespace) -> int:
    from orchestration.privacy_commands import key_change

    return key_change(options.gemeenten, options.aanvaard_verlies)


def _keep(options: argparse.Namespace) -> int:
    from orchestration.privacy_commands import keep

    return keep(options.maanden, options.verwijder)


def _access(options: argparse.Namespace) -> int:
    from orchestration.privacy_commands import access

    return access(options.gemeenten, options.nummer)


def _forget(options: argparse.Namespace) -> int:
    from orchestration.privacy_commands import forget

    return forget(options.gemeenten, options.nummer)


if __name__ == "__main__":
    raise SystemExit(main())
