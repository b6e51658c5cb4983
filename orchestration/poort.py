"""`publicatiepoort`, the last step of every job: raises when a blocking check failed or was never asked.

Dagster shows a run with failed checks as a success (dagster #22964), and a run whose steps were skipped as well. The
event log of the run tells all three; dbt's manifest tells whether a test was left out. It has no dependencies and the
lowest priority, so that in one process it comes last whatever happened before. These reads use private names of
Dagster: they are wrapped here, and tested.
"""

from collections.abc import Mapping
from typing import Any

import dagster as dg
from dagster import DagsterEventType

from orchestration.dbt.checks import STATUSES, unasked
from orchestration.dbt.project import manifest as of_dbt

FAILED = (DagsterEventType.STEP_FAILURE, DagsterEventType.STEP_SKIPPED)


def problems(instance: dg.DagsterInstance, run_id: str, own_step: str, manifest: Mapping[str, Any]) -> list[str]:
    """What is not in order in a run: failed or skipped steps, blocking checks that failed, checks never evaluated.

    For each dbt model in the run also the tests that `manifest` has and no check evaluated.
    """
    events = [record.dagster_event for record in instance.all_logs(run_id) if record.dagster_event]
    found = [
        f"stap {event.step_key} is {'mislukt' if event.event_type is FAILED[0] else 'overgeslagen'}"
        for event in events
        if event.event_type in FAILED and event.step_key != own_step
    ]
    planned, evaluated = set(), set()
    models: set[str] = set()
    statuses: dict[str, str] = {}
    for event in events:
        if event.event_type is DagsterEventType.ASSET_CHECK_EVALUATION_PLANNED:
            data = event.asset_check_planned_data
            planned.add((data.asset_key.to_user_string(), data.check_name))
        elif event.event_type is DagsterEventType.ASSET_MATERIALIZATION_PLANNED:
            models.add(event.asset_materialization_planned_data.asset_key.to_user_string())
        elif event.event_type is DagsterEventType.ASSET_CHECK_EVALUATION:
            data = event.asset_check_evaluation_data
            name = (data.asset_key.to_user_string(), data.check_name)
            evaluated.add(name)
            by_test = data.metadata.get(STATUSES)
            if by_test and isinstance(by_test.value, Mapping):
                statuses |= {str(test): str(status) for test, status in by_test.value.items()}
            if not data.passed and data.severity is dg.AssetCheckSeverity.ERROR:
                why = f": {data.description}" if data.description else ""
                found.append(f"{name[0]}: {name[1]} faalt{why}")
    found += [f"{asset}: {check} is niet uitgevoerd" for asset, check in sorted(planned - evaluated)]
    return found + unasked(manifest, models, statuses)


@dg.asset(
    name="publicatiepoort",
    group_name="publicatie",
    description="Laatste stap van elke job: rood als een blokkerende controle faalde of niet is uitgevoerd.",
    owners=["team:monitor"],
    tags={"laag": "publicatie"},
    op_tags={"dagster/priority": "-1000"},
)
def publicatiepoort(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
    """Raises dg.Failure with every problem of this run."""
    found = problems(context.instance, context.run.run_id, "publicatiepoort", of_dbt())
    if found:
        raise dg.Failure("; ".join(found), metadata={"problemen": found[:50]}, allow_retries=False)
    return dg.MaterializeResult(metadata={"problemen": 0})
