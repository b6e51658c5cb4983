"""Who lives where: the newest BRP delivery of a gemeente, and the address in a message of who is not in it."""

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from tests.dbt_project.reference.areas import Indeling, unknown_buurt
from tests.dbt_project.reference.days import age_group, birth, months_later, whole_months
from tests.dbt_project.reference.facts import BrpDelivery, Facts, Residence

AGES = ("0-14", "15-24", "25-44", "45-64", "65+")
SEED = Path(__file__).parents[3] / "dbt_project" / "seeds" / "aow_leeftijd.csv"


@dataclass(frozen=True)
class Spot:
    """Where and as what a person counts on a day."""

    buurt: str
    age: str
    household: tuple


@dataclass(frozen=True)
class NotCounted:
    """Why a person does not count on a day: overleden or vertrokken."""

    reason: str


class People:
    """The residents of one gemeente through time."""

    def __init__(self, facts: Facts, gemeente: str) -> None:
        self.gemeente = gemeente
        deliveries = facts.of(BrpDelivery, gemeente)
        self.newest: date | None = deliveries[-1].leverdatum if deliveries else None
        self.residences: dict[int, list[Residence]] = {}
        for residence in deliveries[-1].residences if deliveries else ():
            if residence.gemeente in ("", gemeente):
                self.residences.setdefault(residence.person, []).append(residence)
        for periods in self.residences.values():
            periods.sort(key=lambda period: period.van)

    def died(self, person: int) -> date | None:
        return max((r.died for r in self.residences[person] if r.died), default=None)

    def home(self, person: int, on_day: date) -> Residence | None:
        """The address at the end of a day; an address ends at the latest where the next begins."""
        found = None
        for residence in self.residences[person]:
            if residence.van <= on_day:
                found = residence
        return found if found and (found.tot is None or found.tot > on_day) else None

    def find(
        self, person: int, on_day: date, indeling: Indeling, addresses: dict[int, tuple[str, int]]
    ) -> Spot | NotCounted:
        """Where a client counts at the end of a day. `told`: the addresses in the messages, for who is in no BRP."""
        if person not in self.residences:
            buurt = indeling.buurt(*addresses[person]) if person in addresses else unknown_buurt(self.gemeente)
            return Spot(buurt, "onbekend", (person,))
        died = self.died(person)
        if died and died <= on_day:
            return NotCounted("overleden")
        home = self.home(person, on_day)
        if home is None:
            return NotCounted("vertrokken")
        alone = (home.postcode, home.number, person, "alone")
        return Spot(
            indeling.buurt(home.postcode, home.number),
            age_group(birth(home.born), on_day),
            (home.postcode, home.number, home.household) if home.household else alone,
        )

    def elsewhere(self, person: int, on_day: date) -> Spot:
        """As what someone counts who left: nobody knows where, and with nobody."""
        born = birth(self.residences[person][-1].born)
        return Spot(unknown_buurt(self.gemeente), age_group(born, on_day), (person,))

    def age(self, person: int, on_day: date) -> int:
        return whole_months(birth(self.residences[person][-1].born), on_day) // 12

    def residents(self, on_day: date, indeling: Indeling) -> dict[int, Spot]:
        """Everyone who lives in the gemeente at the end of a day."""
        spots = {person: self.find(person, on_day, indeling, {}) for person in self.residences}
        return {person: spot for person, spot in spots.items() if isinstance(spot, Spot)}

    def aged(self, first: int, last: int, spots: dict[int, Spot], on_day: date) -> dict[int, Spot]:
        """Of some residents those who are between two ages on a day, both included; who lives here has been born."""
        years = {p: max(self.age(p, on_day), 0) for p in spots}
        return {p: spot for p, spot in spots.items() if first <= years[p] <= last}

    def between_15_and_aow(self, person: int, on_day: date) -> bool:
        born = birth(self.residences[person][-1].born)
        return whole_months(born, on_day) >= 15 * 12 and not _aow_reached(born, on_day)


def _aow_reached(born: date, on_day: date) -> bool:
    """Whether someone reached the AOW age of then, today or on an earlier day: who has it keeps it when it rises."""
    with SEED.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            age, van = int(row["jaren"]) * 12 + int(row["maanden"]), date.fromisoformat(row["geldig_van"])
            last = min(on_day, date.fromisoformat(row["geldig_tot"]))
            if van <= on_day and months_later(born, age) <= last:
                return True
    return False


def day_before(end: date, begin: date) -> date:
    """The day on which an ended spell is placed: the one before its end, but not before its begin."""
    return max(end - timedelta(days=1), begin)
