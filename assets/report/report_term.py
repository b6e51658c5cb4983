"""How long an op-orde-rapport is kept: 90 days after it was written, of a delivery that was accepted.

The newest of each leverancier stays, and so does that of a delivery that still asks something of its owner.
"""

from assets.ground.zones import Zone
from assets.record.delivery_record import ACCEPTED
from assets.record.records import Outcome
from assets.report.owner_report import report_folder

KEEP_DAYS = 90


def remove_old_reports(kluis: Zone, outcome: Outcome, now: float) -> None:
    """Removes what is over its term; `now`: seconds since 1970."""
    newest = {record.leverancier: record.key for record in outcome.records}
    asking = {record.key for record in outcome.records if record.toestand != ACCEPTED}
    kept = {report_folder(outcome.bron, key) for key in {*newest.values(), *asking, *outcome.left_out}}
    written: dict[str, float] = {}
    for file in kluis.files(f"rapporten/{outcome.bron}"):
        folder = file.path.rpartition("/")[0]
        written[folder] = max(written.get(folder, 0), file.modified)
    for folder, when in written.items():
        if folder not in kept and now - when > KEEP_DAYS * 24 * 3600:
            kluis.remove(folder)
