"""The indeling of a month: which buurten and wijken a gemeente has, and where an address lies."""

from dataclasses import dataclass
from datetime import date

from tests.dbt_project.reference.facts import AreaDelivery, Facts


def unknown_buurt(gemeente: str) -> str:
    return f"BU{gemeente[2:]}onbekend"


def wijk_of(buurt: str) -> str:
    """The wijk of a buurt, also of the unknown one."""
    return "WK" + (buurt[2:] if buurt.endswith("onbekend") else buurt[2:8])


@dataclass(frozen=True)
class Indeling:
    """The areas of one gemeente in one year."""

    gemeente: str
    year: int
    buurt_at: dict[tuple[str, int], str]
    names: dict[str, str]

    def buurt(self, postcode: str, number: int) -> str:
        """The buurt of an address; the unknown one for an address that is not in the table of this gemeente."""
        as_in_table = postcode.replace(" ", "").upper()
        return self.buurt_at.get((as_in_table, number), unknown_buurt(self.gemeente))

    def areas(self) -> dict[tuple[str, str], str]:
        """The name of every area where an address lies, by (level, code), with the unknown wijk and buurt."""
        digits = self.gemeente[2:]
        found = {
            ("wijk", f"WK{digits}onbekend"): "Onbekend",
            ("buurt", unknown_buurt(self.gemeente)): "Onbekend",
        }
        found["gemeente", self.gemeente] = self.names[self.gemeente]
        for buurt in self.buurt_at.values():
            found["wijk", wijk_of(buurt)] = self.names[wijk_of(buurt)]
            found["buurt", buurt] = self.names[buurt]
        return found


def indeling_of(facts: Facts, gemeente: str, month: date) -> Indeling:
    """The indeling of the month's own year, else of the latest earlier year delivered, else of the earliest later."""
    by_year: dict[int, AreaDelivery] = {}
    for delivery in facts.of(AreaDelivery):
        by_year[delivery.year] = delivery  # a later delivery of a year replaces that year
    years = sorted(year for year, delivery in by_year.items() if _holds(delivery, gemeente))
    earlier = [year for year in years if year <= month.year]
    chosen = by_year[earlier[-1] if earlier else years[0]]
    places = {
        (place.postcode, place.number): place.buurt for place in chosen.places if place.buurt[2:6] == gemeente[2:]
    }
    return Indeling(gemeente, chosen.year, places, dict(chosen.names))


def _holds(delivery: AreaDelivery, gemeente: str) -> bool:
    return any(place.buurt[2:6] == gemeente[2:] for place in delivery.places)
