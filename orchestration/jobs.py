"""Jobs and the nightly schedule, derived from the registrations and regelingen."""

import dagster as dg

from assets.ground.settings import TIMEZONE, Settings

NIGHT_JOB = "nacht"
TIDY_JOB = "opruimen"


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


@dg.schedule(
    name="elke_nacht",
    job_name=NIGHT_JOB,
    cron_schedule="30 4 * * *",
    execution_timezone=TIMEZONE,
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
def every_night(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """Every night at half past four, outside the hour that daylight saving time skips or repeats.

    After days off Dagster makes up for the last night only; a run that died meanwhile does not keep it waiting.
    """
    from orchestration.dead_runs import make_way

    for line in make_way(context.instance, Settings.from_environment()):
        context.log.warning(line)
    return dg.RunRequest()


@dg.op(description="Verwijdert runs, gebeurtenissen en logboeken van Dagster na hun termijn.")
def verwijder_oude_runs(context: dg.OpExecutionContext) -> None:
    """Nights of the command line do the same; this is for an installation that only the schedule runs."""
    from datetime import UTC, datetime

    from orchestration.tidy import tidy

    context.log.info(f"{tidy(context.instance, datetime.now(UTC))} runs verwijderd")


@dg.job(name=TIDY_JOB, description="Wat Dagster van runs bewaart, 90 dagen; het nieuwste van elk onderdeel blijft.")
def tidy_job() -> None:
    """One step."""
    verwijder_oude_runs()


def build_tidy_schedule() -> dg.ScheduleDefinition:
    """Every morning, after the night."""
    return dg.ScheduleDefinition(
        name="elke_ochtend_opruimen",
        job=tidy_job,
        cron_schedule="0 6 * * *",
        execution_timezone=TIMEZONE,
        default_status=dg.DefaultScheduleStatus.RUNNING,
    )
