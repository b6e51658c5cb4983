"""Which months a gemeente delivered of a regeling, and from when to when the figures run."""

from datetime import date, timedelta

from tests.reference.days import month_ends
from tests.reference.facts import Facts, WmoDelivery
from tests.reference.spells import bus_stocks
from tests.reference.stocks import STOCKS, stock_months

# The cadence and grace of Wmo messages, in days.
REACH = timedelta(days=31 + 15)
LONG_AGO = date(2000, 1, 31)


def covered(facts: Facts, gemeente: str, regeling: str) -> set[date]:
    """The month-ends that the deliveries of a regeling cover."""
    if regeling in STOCKS:
        return stock_months(facts, gemeente, regeling)
    if regeling != "wmo":
        return set(bus_stocks(facts, gemeente))
    found = set()
    for delivery in facts.of(WmoDelivery, gemeente):
        for month in month_ends(LONG_AGO, facts.stand):
            first, last = delivery.period or (delivery.leverdatum - REACH, delivery.leverdatum)
            # Messages cannot tell of a month that had not ended when they were delivered.
            if first <= month <= last and month < delivery.leverdatum:
                found.add(month)
    return found


def months(facts: Facts, regelingen: tuple[str, ...]) -> list[date]:
    """From the first covered month of any regeling and gemeente to the last month-end before the stand."""
    first = min(month for g in facts.gemeenten for r in regelingen for month in covered(facts, g, r))
    return month_ends(first, facts.stand)
