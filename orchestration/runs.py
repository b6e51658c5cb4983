"""A night of the command line as a run of Dagster, in this process: it shows where those of the schedule do.

`execute_in_process` makes a run without an origin, and Dagster's home groups runs by their origin: it would say that
there are none. Uses private names of Dagster, wrapped here and tested in the browser (tests/nights/test_ui.py).
"""

from collections.abc import Mapping

import dagster as dg
from dagster._core.definitions.job_base import InMemoryJob
from dagster._core.execution.api import execute_run_iterator
from dagster._core.remote_origin import RemoteJobOrigin, RemoteRepositoryOrigin
from dagster._core.workspace.load import location_origins_from_yaml_paths

from assets.ground.failures import FULL, REMEDY, WORDS
from assets.ground.settings import PROJECT
from orchestration import interrupt
from orchestration.definitions import defs

REPOSITORY, GATE = "__repository__", "publicatiepoort"
# Errors of ours whose text says in Dutch what is wrong and what to do, and holds nothing of a delivery.
IN_WORDS = ("BronChangedError", "DamagedError", "FormatError", "KeyFileError", "SwitchLostError", "UnsafeSettingsError")


def origin(job_name: str) -> RemoteJobOrigin:
    """Where the webserver and the daemon find a job: by workspace.yaml."""
    (location,) = location_origins_from_yaml_paths([str(PROJECT / "workspace.yaml")])
    return RemoteJobOrigin(RemoteRepositoryOrigin(location, REPOSITORY), job_name)


def execute(
    instance: dg.DagsterInstance,
    job_name: str,
    run_id: str | None = None,
    tags: Mapping[str, str] | None = None,
    assets: set[dg.AssetKey] | None = None,
) -> bool:
    """Runs a job, or some assets of it; whether it succeeded. A signal ends it as called off, with no exception."""
    job = defs.resolve_job_def(job_name)
    if assets:
        job = job.get_subset(asset_selection=assets)
    made_by = origin(job_name)
    run = instance.create_run_for_job(
        job,
        run_id=run_id,
        run_config={"loggers": {"console": {}}},
        tags={**job.run_tags, ".dagster/repository": made_by.repository_origin.get_label(), **(tags or {})},
        asset_selection=assets,
        remote_job_origin=made_by,
    )
    try:
        for _event in execute_run_iterator(InMemoryJob(job), run, instance):
            pass
    finally:
        if interrupt.received:
            instance.report_run_canceled(run, interrupt.message())
    ended = instance.get_run_by_id(run.run_id)
    return ended is not None and ended.is_success


def broke_off(instance: dg.DagsterInstance, run_id: str) -> str:
    """At which step a run broke off and on what, in Dutch; empty when no step did. No text but of IN_WORDS.

    The gate at the end raises when something is not in order, and that is told by the report.
    """
    for record in instance.all_logs(run_id, of_type=dg.DagsterEventType.STEP_FAILURE):
        event = record.get_dagster_event()
        if event.step_key == GATE:
            continue
        chain, error = [], event.step_failure_data.error
        while error:
            chain, error = [*chain, error], error.cause
        # Our exception is the innermost; around it are those of Dagster.
        what = chain[-1].cls_name if chain else "onbekend"
        if what in IN_WORDS:
            return f"de nacht brak af bij stap {event.step_key}: {chain[-1].message.partition(': ')[2].strip()}"
        full = f"; {FULL}: {REMEDY}" if any(WORDS.search(one.message) for one in chain) else ""
        return f"de nacht brak af bij stap {event.step_key} ({what}); wat daarna komt is niet gedaan{full}"
    return ""
