"""The sensors: `dode_runs` ends dead runs, `nieuwe_leveringen` starts a night when a delivery came.

Both look at what is there and remember little: what a night has read stands in its records in the kluis.
"""

import json
import time

import dagster as dg

from assets.ground.names import masked
from assets.ground.settings import Settings
from assets.ground.slot import holder
from assets.ground.state import fingerprint
from assets.intake.deliveries import Delivery, find_deliveries
from assets.intake.keys import Keys, load_keys
from assets.intake.step import PASSING
from assets.record.delivery_record import Record, load_records
from assets.registrations.declaration import registrations
from orchestration.dead_runs import make_way
from orchestration.jobs import NIGHT_JOB


@dg.sensor(
    name="dode_runs",
    description="Beëindigt runs waarvan het proces er niet meer is, en laat van wachtende nachten alleen de nieuwste.",
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
)
def clean_up(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    """Asks for no run; makes room for the ones that wait."""
    return dg.SkipReason(
        "; ".join(make_way(context.instance, Settings.from_environment())) or "Er was niets op te ruimen."
    )


@dg.sensor(name="nieuwe_leveringen", job_name=NIGHT_JOB, minimum_interval_seconds=300)
def new_deliveries(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    """Starts a night for complete deliveries that no night has read, once for each state in which they lie there.

    The cursor: `gezien`, what was seen unread, by place; `keer`, how many nights were asked for, which makes the
    run_key of each another, and the same when the daemon looks again at what it did not finish.
    """
    settings = Settings.from_environment()
    there = unread(settings, load_keys(settings.key_file), time.time())
    # A night that goes on reads them, or has just pulled them: what it leaves is seen after it.
    if holder(settings.kluis) is not None:
        return dg.SkipReason("Er loopt een run op de kluis; daarna wordt er weer gekeken.")
    before = json.loads(context.cursor) if context.cursor and context.cursor.startswith("{") else None
    # A delivery that was refused is no news at the first look.
    seen = before["gezien"] if before else {place: mark for place, (mark, read) in there.items() if read}
    times = before["keer"] if before else 0
    marks = {place: mark for place, (mark, _) in there.items()}
    new = sorted(place for place, mark in marks.items() if seen.get(place) != mark)
    cursor = json.dumps({"gezien": marks, "keer": times + bool(new)}, sort_keys=True)
    if not new:
        return dg.SensorResult(skip_reason="Geen nieuwe leveringen.", cursor=cursor)
    key = f"{times + 1}-{fingerprint(*(f'{place} {marks[place]}' for place in new))}"
    return dg.SensorResult(run_requests=[dg.RunRequest(run_key=key)], cursor=cursor)


def unread(settings: Settings, keys: Keys, now: float) -> dict[str, tuple[str, bool]]:
    """Complete deliveries up to today, of those who take part, that no night read as they lie there.

    Place (leverancier/bron/leverdatum) -> a mark of its files and promise, and whether it was read and refused for what
    may pass while its files stay the same (a levering.json that was mended).
    """
    found = {}
    for bron in registrations():
        records = load_records(settings.kluis, bron)
        for delivery in find_deliveries(settings.landing, bron)[0]:
            complete = delivery.promise is not None or delivery.linked or delivery.quiet(now)
            if not complete or delivery.leverdatum > settings.today() or not keys.lets_in(delivery.leverancier):
                continue
            record = records.get(delivery.key)
            read = record is not None and _as_read(record) == _as_it_lies(delivery)
            passing = record is not None and any(fault.regel_id in PASSING for fault in record.fouten)
            if not read or passing:
                found[_place(delivery)] = (fingerprint(*delivery.listing(), delivery.promise), read)
    return found


def _as_read(record: Record) -> list[tuple[str, int, str]]:
    return sorted((file.naam, file.grootte, file.merk) for file in record.bestanden)


def _as_it_lies(delivery: Delivery) -> list[tuple[str, int, str]]:
    """As a record remembers files: by their name within the delivery, without numbers that can be a BSN."""
    folder = f"{_place(delivery)}/"
    return sorted((masked(file.path.removeprefix(folder)), file.size, file.mark) for file in delivery.files)


def _place(delivery: Delivery) -> str:
    return f"{delivery.leverancier}/{delivery.bron}/{delivery.leverdatum}"
