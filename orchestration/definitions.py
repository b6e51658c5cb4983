"""The code location: everything that Dagster knows of the monitor, gathered from `assets` and wired to dbt.

Imports stay cheap: Great Expectations, pandera and pandas are imported by the step that needs them.
"""

import dagster as dg

from assets.feedback.contradictions import owner_reports_asset
from assets.ground.declared import counted
from assets.ground.regelingen import telwijzen
from assets.intake.asset import registration_assets
from assets.publication.candidate import monitor_asset
from assets.publication.gate import gate_asset
from assets.publication.kluis import kluis_asset
from assets.publication.publish import publication_asset
from assets.publication.together import together_asset
from assets.registrations.declaration import registrations
from orchestration.dbt.build import Dbt, build_dbt_assets
from orchestration.dbt.project import DBT_DIR, dbt_executable
from orchestration.jobs import build_jobs, build_tidy_schedule, every_night, tidy_job
from orchestration.logging import console_logger
from orchestration.night import night_resource
from orchestration.poort import publicatiepoort
from orchestration.sensors import clean_up, new_deliveries

# Sources of dbt that no single step makes.
SHARED_SOURCES = {
    "leveringen": "Overzicht van alle leveringen en hun toestand; elke registratie houdt haar deel bij.",
    "run": "De stand (klok) van de run.",
    "indeling": "In de gebiedsindeling van welk jaar een maand is gepubliceerd.",
    "straten": "De straten van een jaar, zoals zij zijn gepubliceerd.",
    "openbaar": "Van welke regelingen een maand openbaar is, en welke samen telden.",
}


def build_defs() -> dg.Definitions:
    """All assets, checks, jobs, schedule and sensor."""
    dbt_models = build_dbt_assets()
    tables = list(counted())
    sources = {regeling: r for r in registrations().values() for regeling in r.regelingen}
    shared = [
        dg.AssetSpec(name, group_name="bronnen", description=text, owners=["team:monitor"], tags={"laag": "bron"})
        for name, text in SHARED_SOURCES.items()
    ]
    return dg.Definitions(
        assets=[
            *shared,
            *(registration_assets(registration) for registration in registrations().values()),
            dbt_models,
            *(monitor_asset(regeling, sources.get(regeling)) for regeling in tables),
            together_asset(tables),
            gate_asset(tables),
            kluis_asset(tables),
            owner_reports_asset(),
            publication_asset(tables),
            publicatiepoort,
        ],
        jobs=[*build_jobs(sorted(telwijzen())), tidy_job],
        schedules=[every_night, build_tidy_schedule()],
        sensors=[clean_up, new_deliveries],
        resources={"night": night_resource, "dbt": Dbt(project_dir=str(DBT_DIR), dbt_executable=dbt_executable())},
        # One process: 0.03 s per step instead of 3 to 9 (stack.md section 2).
        executor=dg.in_process_executor,
        loggers={"console": console_logger},
    )


defs = build_defs()
