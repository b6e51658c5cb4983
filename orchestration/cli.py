"""The command line `meerdoen`. Its top imports only argparse: help must come at once."""

import argparse

EXIT_CODES = "Afloop: 0 in orde; 1 gepubliceerd, maar iets is geblokkeerd; 2 niets gepubliceerd; 3 er loopt al een run."


def main(arguments: list[str] | None = None) -> int:
    """Runs one command and returns its exit code."""
    options = _parser().parse_args(arguments)
    return options.command(options)


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
    return parser


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


if __name__ == "__main__":
    raise SystemExit(main())
