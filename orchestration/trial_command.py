"""`meerdoen toets` on the command line: says what became of the delivery, and where the report lies.

Runs at the owner of a registration, without Dagster, dbt and DuckDB: imports nothing that imports them.
"""

import argparse
from pathlib import Path

USAGE = 64
VERDICTS = (
    "In orde: zo kan de levering verstuurd worden.",
    "Te gebruiken, met opmerkingen: het rapport zegt wat te herstellen valt.",
    "Niet in orde: de monitor zou deze levering niet gebruiken. Het rapport zegt wat te doen.",
)


def tried(options: argparse.Namespace) -> int:
    """Exit code 0, 1 or 2: in order, with remarks, not in order; USAGE when it could not be tried."""
    from assets.intake.toets import TrialError, trial

    try:
        done = trial(Path(options.pad), Path(options.rapport), bron=options.bron, gemeente=options.gemeente)
    except TrialError as error:
        _say(str(error))
        return USAGE
    except OSError as error:
        _say(f"Het rapport kon niet worden geschreven of de levering niet gelezen ({type(error).__name__}).")
        return USAGE
    record = done.record
    _say(f"{done.registration.title} ({done.registration.bron}): {VERDICTS[done.outcome]}")
    _say(f"{_rows(record.rijen, 'goede rij', 'goede rijen')}, {_rows(record.uitval, 'rij', 'rijen')} uitval.")
    words = dict(done.registration.rule_texts.select("regel_id", "wat_er_mis_is").iter_rows())
    for fault in record.fouten + record.meldingen:
        _say(f"  {fault.regel_id}: {words[fault.regel_id]} {fault.toelichting}".rstrip())
    for rule_id, count in record.per_regel.items():
        _say(f"  {rule_id} ({count} keer): {words[rule_id]}")
    _say(f"Rapport: {done.report} (open het in een browser)")
    return done.outcome


def _rows(count: int, one: str, more: str) -> str:
    from validations.language.texts import with_points

    return f"{with_points(count)} {one if count == 1 else more}"


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201  this is the command line
