"""What every step of a run shares: where things are, what time it is, and which edition it builds on. Plain data.

How a run comes by it (clock, lock, what is put right first) is in orchestration/night.py.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from assets.ground.settings import Settings

# What the end report and `status` are told of the clock, and the end report of what was put right at the beginning.
CLOCK, MENDED = "toestand/klok", "toestand/hersteld"


@dataclass(frozen=True)
class Night:
    """One run.

    settings      the zones and files of this installation
    stand         its day: deliveries up to and including it count, and months that ended before it
    forgotten_on  the day by which objections count: a rebuild brings nobody back who was forgotten since
    edition       the name of the edition that it makes, or that the night made which it rebuilds
    before        the latest good edition before it, or before the night that it rebuilds
    rebuild       a later edition is public: what it makes is kept beside, and nothing becomes public
    ledger_fault  what is wrong with the ledger, in Dutch; then nothing is computed or published
    run_id        the id of the Dagster run
    """

    settings: Settings
    stand: date
    forgotten_on: date
    edition: str
    before: str | None = None
    rebuild: bool = False
    ledger_fault: str = ""
    run_id: str = ""

    @property
    def known_until(self) -> date:
        """The day up to which closes of the ledger count: a rebuild of an earlier night makes its own close anew.

        For any other night all that became public or was withdrawn counts, whatever its clock.
        """
        return self.stand - timedelta(days=1) if self.rebuild else date.max
