"""The command line `meerdoen`. Its top imports only argparse: help must come at once."""

import argparse

EXIT_CODES = "Afloop: 0 in orde; 1 gepubliceerd, maar iets is geblokkeerd; 2 niets gepubliceerd; 3 er loopt al een run."


def main(arguments: list[str] | None = None) -> int:
    """Runs one command and returns its exit code."""
    import os

    options = _parser().parse_args(arguments)
    # Before polars is imported. Its threads spin while they wait: on frames of some ten thousand rows that costs 5 s of
    # CPU in a night of the default demo, and wins no time.
    os.environ.setdefault("POLARS_MAX_THREADS", "1")
    try:
        return options.command(options)
    except (ConnectionError, PermissionError) as error:
        from orchestration.report import NOTHING, say

        say(
            f"Een zone is onbereikbaar ({type(error).__name__}). Kijk of de map of S3 er is, en of adres en rechten"
            " kloppen (MEERDOEN_LANDING, MEERDOEN_KLUIS, MEERDOEN_PUBLICATIE, AWS_…). Daarna kan de opdracht opnieuw."
        )
        return NOTHING


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="meerdoen",
        description="De Mee(r)doen-monitor: van leveringen tot gepubliceerde wijkcijfers.",
        epilog=EXIT_CODES,
    )
    commands = parser.add_subparsers(title="opdrachten", required=True, metavar="OPDRACHT")

    demo = commands.add_parser("demo", help="maak leveringen van een verzonnen gemeente in de landingszone")
    demo.add_argument(
        "--gemeenten", default="GM0988,GM0946,GM0047,GM0765", metavar="GM0988,…", help="gemeentecodes, of historisch"
    )
    demo.add_argument("--inwoners", type=int, metavar="N", help="inwoners samen (standaard: zoveel als het CBS telt)")
    demo.add_argument("--tot", metavar="JJJJ-MM", help="laatste maand (standaard 2022-12; historisch: 2015-06)")
    demo.add_argument("--maanden", type=int, default=24, metavar="N", help="aantal maanden (standaard 24)")
    demo.add_argument("--seed", type=int, default=1, metavar="N", help="zelfde seed, zelfde leveringen (standaard 1)")
    demo.add_argument("--fouten", type=float, default=1.0, metavar="PCT", help="percentage fouten (standaard 1)")
    demo.add_argument("--als-leeg", action="store_true", help="doe niets als er al leveringen liggen")
    demo.set_defaults(command=_demo)

    refresh = commands.add_parser(
        "refresh", help="lees, toets, reken en publiceer; zoals elke nacht", epilog=EXIT_CODES
    )
    refresh.add_argument("--stand", type=_day, metavar="JJJJ-MM-DD", help="de klok van de run (standaard vandaag)")
    refresh.set_defaults(command=_refresh)

    status = commands.add_parser("status", help="wat er ligt, wat er mis is en wat er gepubliceerd is")
    status.set_defaults(command=_status)

    agree = commands.add_parser("akkoord", help="aanvaard een levering die wacht om haar sprong in omvang (LEV-14)")
    agree.add_argument("bron")
    agree.add_argument("leverancier", help="bijvoorbeeld GM0988")
    agree.add_argument("leverdatum", type=_day, help="JJJJ-MM-DD")
    agree.set_defaults(command=_agree)
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
    keep.add_argument("--maanden", type=_months, default=25, metavar="N", help="bewaartermijn (standaard 25)")
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
        # Only to refuse it without repeating it.
        person.add_argument("nummer", nargs="*", help=argparse.SUPPRESS)
        person.set_defaults(command=_access if name == "inzage" else _forget)


def _gemeente(text: str) -> str:
    if len(text) != 6 or not text.startswith("GM") or not text[2:].isdigit():
        raise argparse.ArgumentTypeError(f"{text} is geen gemeentecode (GM0988)")
    return text


def _months(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError("een geheel aantal maanden van 1 of meer")
    return int(text)


def _day(text: str) -> str:
    from datetime import date

    try:
        return str(date.fromisoformat(text))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is geen datum (jjjj-mm-dd)") from None


def _demo(options: argparse.Namespace) -> int:
    from orchestration.commands import demo

    return demo(options)


def _refresh(options: argparse.Namespace) -> int:
    from orchestration.commands import refresh

    return refresh(options.stand)


def _status(_options: argparse.Namespace) -> int:
    from orchestration.commands import status

    return status()


def _agree(options: argparse.Namespace) -> int:
    from orchestration.commands import agree

    return agree(options.bron, options.leverancier, options.leverdatum)


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
