"""What the commands of `meerdoen` do. Prints Dutch, for the person at the keyboard; never a value of a delivery."""

import argparse
import contextlib
import io
import json
import os
import shutil
import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path

from assets.intake.keys import KeyFileError, load_keys
from assets.night import STAND_TAG
from assets.settings import PROJECT, Settings, private_folder
from assets.slot import BusyError, slot
from orchestration.report import BUSY, IN_ORDER, NOTHING, report, say

LOCATION = "__repository__@orchestration.definitions"


def demo(options: argparse.Namespace) -> int:
    """Writes demo deliveries; refuses to mix them with real ones."""
    from assets.demo.make import make_demo, options_for

    settings = Settings.from_environment()
    if options.als_leeg and settings.landing.names():
        return IN_ORDER
    there = settings.demo()
    if settings.landing.names() and there is None:
        say("In de landingszone liggen leveringen die niet van de demo zijn; er is niets gemaakt.")
        return NOTHING
    gemeenten = tuple(code.strip() for code in options.gemeenten.split(",") if code.strip())
    wanted = options_for(
        gemeenten,
        options.tot,
        inwoners=options.inwoners,
        maanden=options.maanden,
        seed=options.seed,
        fouten_pct=options.fouten,
    )
    if there and there["opties"] != json.loads(json.dumps(asdict(wanted))):
        say("Er ligt al een demo met andere opties. Verwijder eerst de map van de landingszone en die van de kluis.")
        return NOTHING
    try:
        with slot(settings.kluis):
            make_demo(settings, wanted, say)
    except (ValueError, BusyError) as error:
        say(str(error))
        return BUSY if isinstance(error, BusyError) else NOTHING
    return IN_ORDER


def refresh(stand: str | None) -> int:
    """Runs the job `nacht` once, in this process."""
    settings = Settings.from_environment()
    try:
        load_keys(settings.key_file)
        if not settings.landing.names():
            say("De landingszone is leeg. Zet er leveringen in, of maak een demo: meerdoen demo")
            return NOTHING
        with slot(settings.kluis):
            return _run_night(settings, stand)
    except KeyFileError as error:
        say(str(error))
        return NOTHING
    except BusyError as error:
        say(str(error))
        return BUSY


def _run_night(settings: Settings, stand: str | None) -> int:
    home = dagster_home()
    # Events of a step in one write instead of one each: two seconds less in a night on SQLite.
    os.environ.setdefault("DAGSTER_EVENT_BATCH_SIZE", "200")
    say("De monitor wordt geladen …")
    with contextlib.redirect_stderr(io.StringIO()):
        import dagster as dg
    from tqdm import tqdm

    from orchestration import logging as console
    from orchestration.definitions import defs
    from orchestration.jobs import NIGHT_JOB

    job = defs.resolve_job_def(NIGHT_JOB)
    tags = {".dagster/repository": LOCATION, "meerdoen/door": "opdrachtregel"}
    if stand:
        tags[STAND_TAG] = stand
    shutil.rmtree(settings.work / "toestand", ignore_errors=True)
    with tqdm(
        total=len(job.graph.nodes), unit="stap", file=sys.stdout, dynamic_ncols=True, leave=False, disable=None
    ) as bar:

        def tell(step: str) -> None:
            bar.set_description(step)
            bar.update()

        console.on_step.append(tell)
        try:
            with dg.DagsterInstance.from_config(str(home)) as instance:
                config = {"loggers": {"console": {}}}
                result = job.execute_in_process(config, instance=instance, tags=tags, raise_on_error=False)
        finally:
            console.on_step.clear()
    return report(settings, result.success)


def dagster_home() -> Path:
    """The folder of the Dagster instance, with our settings in it: DAGSTER_HOME, else data/dagster."""
    home = Path(os.environ.setdefault("DAGSTER_HOME", str(PROJECT / "data" / "dagster")))
    private_folder(home)
    if not (home / "dagster.yaml").exists():
        shutil.copyfile(PROJECT / "dagster.yaml", home / "dagster.yaml")
    return home


def status() -> int:
    """Per registration what lies in landing and what is wrong; and the latest edition. Reads only."""
    from assets.intake.owner_report import key_of, report_folder
    from assets.intake.records import load_records
    from assets.intake.registration import registrations
    from assets.publication import edition
    from assets.state import recall
    from validations.contracts.delivery import RULES

    settings = Settings.from_environment()
    latest = edition.latest(settings.publicatie)
    say(f"Editie: {latest or 'nog geen'}")
    for bron in registrations():
        records = load_records(settings.kluis, bron)
        newest = {record["leverancier"]: record for _, record in sorted(records.items())}
        wrong = [record for record in newest.values() if record["toestand"] != "aanvaard"]
        last = max((record["leverdatum"] for record in newest.values()), default=None)
        say(f"{bron}: {len(records)} leveringen, laatste {last or 'nooit'}{', niet in orde' if wrong else ''}")
        for record in wrong:
            for fault in record["fouten"]:
                told = f"{fault['regel_id']} {RULES[fault['regel_id']].message}"
                say(f"  {record['leverancier']} {record['leverdatum']}: {told}")
            say(f"    rapport: {settings.kluis.url}/{report_folder(bron, key_of(record))}/rapport.html")
        for key, rule_id in recall(settings.work, f"toestand/{bron}").get("wacht", {}).items():
            say(f"  {key.replace('/', ' ')}: {rule_id} {RULES[rule_id].message}")
    return IN_ORDER


def agree(bron: str, leverancier: str, leverdatum: str) -> int:
    """Accepts a held delivery as it is now; a changed one must be agreed to again."""
    from assets.intake.records import HELD, load_records
    from assets.intake.step import agreements

    settings = Settings.from_environment()
    record = load_records(settings.kluis, bron).get(f"{leverancier}/{date.fromisoformat(leverdatum)}")
    if record is None or record["toestand"] != HELD:
        say("Er wacht geen levering met die bron, leverancier en datum. Zie: meerdoen status")
        return NOTHING
    mark = {name: record[name] for name in ("bron", "leverancier", "leverdatum", "inhoud")}
    agreed = [*agreements(settings.kluis), mark]
    settings.kluis.write("akkoord.json", json.dumps(agreed, indent=1).encode())
    say("Akkoord vastgelegd; de volgende run gebruikt de levering: meerdoen refresh")
    return IN_ORDER
