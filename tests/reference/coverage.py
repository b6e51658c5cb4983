"""Which months a gemeente delivered of a regeling, and from when to when the figures run."""

from datetime import date, timedelta

from tests.reference.days import month_ends
from tests.reference.facts import Facts, MessageDelivery
from tests.reference.spells import bij_months, bus_stocks, wsw_months

# The cadence and grace of messages, in days.
REACH = timedelta(days=31 + 15)
LONG_AGO = date(2000, 1, 31)


def covered(facts: Facts, gemeente: str, regeling: str) -> set[date]:
    """The month-ends that the deliveries of a regeling cover."""
    if regeling == "wsw":
        return wsw_months(facts, gemeente)
    if regeling == "jeugdzorg":
        return by_messages(facts, gemeente, regeling) | bij_months(facts, gemeente)
    return by_messages(facts, gemeente, regeling) if regeling == "wmo" else set(bus_stocks(facts, gemeente))


def by_messages(facts: Facts, gemeente: str, regeling: str) -> set[date]:
    """The month-ends that messages cover."""
    found = set()
    for delivery in facts.of(MessageDelivery, gemeente):
        if delivery.regeling != regeling:
            continue
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
