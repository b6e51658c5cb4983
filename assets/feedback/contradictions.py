"""`op_orde_rapporten`: reports of deliveries once dbt has seen all of them together.

Some rows are sound by themselves and wrong beside other deliveries, such as a stop without allocation. dbt finds them;
here they are counted and told; and what CBS counts is told beside what was published. What a report looks like is in
owner_report.py, what the rules say in the contracts.
"""

from collections.abc import Callable
from contextlib import suppress

import dagster as dg

from assets.feedback.beside import BRON, MODEL, beside_cbs
from assets.ground.failures import told_of
from assets.ground.mart import mart
from assets.ground.night import Night
from assets.ground.settings import DamagedError, Settings
from assets.ground.sql import sql_name
from assets.ground.state import recall, remember
from assets.registrations.declaration import Registration, registrations
from assets.report.owner_report import tell_later

COUNTS = """
    select leverancier || '/' || leverdatum, regel_id, count(*)
    from {} group by all order by all
"""


def owner_reports_asset() -> dg.AssetsDefinition:
    """`op_orde_rapporten`: what shows only beside other deliveries, told in the reports of each of them."""
    asked = {r.contradictions: (r, "samen", _counts) for r in registrations().values() if r.contradictions}
    asked |= {MODEL: (registrations()[BRON], "naast_cbs", beside_cbs)}

    @dg.asset(
        name="op_orde_rapporten",
        group_name="monitor",
        # Beside CBS stands what is public by now.
        deps=[*asked, "publicatie"],
        description="Op-orde-rapporten, met wat pas blijkt als alle leveringen samen worden bekeken.",
        owners=["team:monitor"],
        tags={"laag": "kluis", "avg": "vertrouwelijk"},
        check_specs=[
            dg.AssetCheckSpec(
                "rapporten_bijgewerkt",
                asset="op_orde_rapporten",
                description="Elk rapport zegt wat er in de kluis staat.",
                metadata={"blokkeert": True},
            )
        ],
    )
    def op_orde_rapporten(context: dg.AssetExecutionContext, night: dg.ResourceParam[Night]) -> dg.MaterializeResult:
        problems = []
        for model, (registration, part, found_in) in asked.items():
            try:
                _tell(night, model, registration, part, found_in)
            except Exception as error:
                problems.append(
                    f"{registration.bron}: de op-orde-rapporten zijn niet bijgewerkt ({told_of(error)}); "
                    "de volgende run probeert het opnieuw."
                )
        for problem in problems:
            context.log.error(problem)
        remember(night.settings.work, "toestand/op_orde_rapporten", {"meldingen": problems})
        return dg.MaterializeResult(
            check_results=[
                dg.AssetCheckResult(
                    check_name="rapporten_bijgewerkt",
                    passed=not problems,
                    severity=dg.AssetCheckSeverity.ERROR,
                    description=" ".join(problems) or None,
                )
            ],
        )

    return op_orde_rapporten


def _tell(
    night: Night, model: str, registration: Registration, part: str, found_in: Callable[[Settings, str], dict]
) -> None:
    # A model that was not built holds what was so before. A night of the past says nothing of the reports of today.
    if night.rebuild or recall(night.settings.work, "toestand/dbt").get("modellen", {}).get(model) != "success":
        return
    told = found_in(night.settings, model)
    # A damaged record is told by the step of its registration.
    with suppress(DamagedError):
        tell_later(night.settings.kluis, registration, part, told, night.settings.contacts_file)


def _counts(settings: Settings, model: str) -> dict[str, dict[str, int]]:
    """How many rows by rule, by delivery."""
    counts: dict[str, dict[str, int]] = {}
    with mart(settings.work) as connection:
        for key, rule_id, count in connection.execute(COUNTS.format(sql_name("mart", model))).fetchall():
            counts.setdefault(key, {})[rule_id] = count
    return counts
