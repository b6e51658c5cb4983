"""Jobs, the nightly schedule, and the sensor on new deliveries. All derived from the registrations and regelingen."""

import dagster as dg

from assets.intake.deliveries import find_deliveries
from assets.intake.registration import registrations
from assets.settings import TIMEZONE, Settings
from assets.state import fingerprint

NIGHT_JOB = "nacht"


def build_jobs(regelingen: list[str]) -> list:
    """`nacht` (everything) and one job per regeling: from its delivery to its monitor table; publishes nothing."""
    night = dg.define_asset_job(
        NIGHT_JOB, selection=dg.AssetSelection.all(), description="Alles, van levering tot editie."
    )
    own = [
        dg.define_asset_job(
            regeling,
            selection=dg.AssetSelection.assets(f"monitor_{regeling}").upstream()
            | dg.AssetSelection.assets("publicatiepoort"),
            description=f"Van levering tot monitor_{regeling}; publiceert niets.",
        )
        for regeling in regelingen
    ]
    return [night, *own]


def build_schedule() -> dg.ScheduleDefinition:
    """Every night at half past four, outside the hour that daylight saving time skips or repeats."""
    return dg.ScheduleDefinition(
        name="elke_nacht",
        job_name=NIGHT_JOB,
        cron_schedule="30 4 * * *",
        execution_timezone=TIMEZONE,
        default_status=dg.DefaultScheduleStatus.RUNNING,
    )


@dg.sensor(name="nieuwe_leveringen", job_name=NIGHT_JOB, minimum_interval_seconds=300)
def new_deliveries(context: dg.SensorEvaluationContext) -> dg.SensorResult:
    """Starts a night when the landing zone holds complete deliveries that were not there the last time."""
    landing = Settings.from_environment().landing
    import time

    now = time.time()
    listing = [
        f"{delivery.bron}/{delivery.key} {delivery.listing()}"
        for bron in registrations()
        for delivery in find_deliveries(landing, bron)[0]
        if delivery.promise is not None or delivery.quiet(now)
    ]
    cursor = fingerprint(*listing)
    if cursor == context.cursor or not listing:
        return dg.SensorResult(cursor=cursor)
    return dg.SensorResult(run_requests=[dg.RunRequest(run_key=cursor)], cursor=cursor)
