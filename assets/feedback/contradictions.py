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
from assets.ground.state import recall
from assets.publication.steps import Done, step_asset
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

    def run(night: Night) -> Done:
        problems = []
        for model, (registration, part, found_in) in asked.items():
            # Each for itself: the reports of one registration wait for no other.
            try:
                _tell(night, model, registration, part, found_in)
            except Exception as error:
                problems.append(f"{registration.bron}: {_not_told(told_of(error))}")
        return Done({"meldingen": problems}, " ".join(problems))

    return step_asset(
        name="op_orde_rapporten",
        check="rapporten_bijgewerkt",
        holds="Elk rapport zegt wat er in de kluis staat.",
        run=run,
        broken=lambda _night, fault: Done({"meldingen": [_not_told(fault)]}, _not_told(fault)),
        group_name="monitor",
        # The comparison with CBS shows what is public by now.
        deps=[*asked, "publicatie"],
        description="Op-orde-rapporten, met wat pas blijkt als alle leveringen samen worden bekeken.",
        owners=["team:monitor"],
        tags={"laag": "kluis", "avg": "vertrouwelijk"},
    )


def _not_told(fault: str) -> str:
    return f"de op-orde-rapporten zijn niet bijgewerkt ({fault}); de volgende run probeert het opnieuw."


def _tell(
    night: Night, model: str, registration: Registration, part: str, found_in: Callable[[Settings, str], dict]
) -> None:
    # A model that was not built holds what was so before. A night of the past says nothing of the reports of today.
    if night.rebuild or recall(night.settings.work, "toestand/dbt").get("modellen", {}).get(model) != "success":
        return
    by_delivery = found_in(night.settings, model)
    # The step of its registration reports a damaged record.
    with suppress(DamagedError):
        tell_later(night.settings.kluis, registration, part, by_delivery, night.settings.contacts_file)


def _counts(settings: Settings, model: str) -> dict[str, dict[str, int]]:
    """How many rows by rule, by delivery."""
    counts: dict[str, dict[str, int]] = {}
    with mart(settings.work) as connection:
        for key, rule_id, count in connection.execute(COUNTS.format(sql_name("mart", model))).fetchall():
            counts.setdefault(key, {})[rule_id] = count
    return counts
