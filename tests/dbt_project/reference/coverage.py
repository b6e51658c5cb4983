"""Which months a gemeente delivered of a regeling, and from when to when the figures run."""

from datetime import date, timedelta

from tests.dbt_project.reference.aggregates import AGGREGATES
from tests.dbt_project.reference.days import month_ends
from tests.dbt_project.reference.facts import AggregateDelivery, DebtDelivery, Facts, MessageDelivery
from tests.dbt_project.reference.facts_school import LeerplichtDelivery
from tests.dbt_project.reference.spells import bij_months, bus_stocks, wsw_months
from tests.dbt_project.reference.spells_school import cjg_months, oggz_months, vsv_months
from tests.dbt_project.reference.stocks import STOCKS as FULL_STOCKS
from tests.dbt_project.reference.stocks import stock_months

STOCKS = {"vsv": vsv_months, "cjg": cjg_months, "oggz": oggz_months, "wsw": wsw_months}
MESSAGES = {"leerplicht": LeerplichtDelivery, "schuldhulpverlening": DebtDelivery}
# The cadence and grace of what accumulates (messages, pulls of dossiers), in days.
REACH = timedelta(days=31 + 15)
LONG_AGO = date(2000, 1, 31)


def covered(facts: Facts, gemeente: str, regeling: str) -> set[date]:
    """The month-ends that the deliveries of a regeling cover."""
    if regeling in AGGREGATES:
        return {d.peildatum for d in facts.of(AggregateDelivery, gemeente) if d.regeling == regeling}
    if regeling in FULL_STOCKS:
        return stock_months(facts, gemeente, regeling)
    if regeling == "jeugdzorg":
        return by_messages(facts, gemeente, regeling) | bij_months(facts, gemeente)
    if regeling == "wmo" or regeling in MESSAGES:
        return by_messages(facts, gemeente, regeling)
    return set(STOCKS.get(regeling, bus_stocks)(facts, gemeente))


def by_messages(facts: Facts, gemeente: str, regeling: str) -> set[date]:
    """The month-ends that what accumulates covers."""
    found = set()
    for delivery in facts.of(MESSAGES.get(regeling, MessageDelivery), gemeente):
        if isinstance(delivery, MessageDelivery) and delivery.regeling != regeling:
            continue
        for month in month_ends(LONG_AGO, facts.stand):
            first, last = delivery.period or (delivery.leverdatum - REACH, delivery.leverdatum)
            # What was delivered cannot tell of a month that had not ended then.
            if first <= month <= last and month < delivery.leverdatum:
                found.add(month)
    return found


def months(facts: Facts, regelingen: tuple[str, ...]) -> list[date]:
    """From the first covered month of any regeling and gemeente to the last month-end before the stand."""
    first = min(month for g in facts.gemeenten for r in regelingen for month in covered(facts, g, r))
    return month_ends(first, facts.stand)
