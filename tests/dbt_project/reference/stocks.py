"""The registrations that deliver a full stock per period: AWBZ, leerlingenvervoer, zorgverzekering, wet OKE.

A period is a month, a school year or a calendar year; what is the same for all of them is in spells.py.
"""

from datetime import date

from tests.dbt_project.reference.days import month_ends
from tests.dbt_project.reference.facts import Facts, Record, StockDelivery
from tests.dbt_project.reference.spells import Spell, follow

STOCKS = ("awbz", "collectieve_zorgverzekering", "leerlingenvervoer", "wet_oke")
# The day from which and up to which a law gives figures.
LAWS: dict[str, tuple[date, date]] = {
    "awbz": (date(1968, 1, 1), date(2014, 12, 31)),
    "wet_oke": (date(2010, 8, 1), date.max),
}
LONG_AGO = date(2000, 1, 31)


def stock_deliveries(facts: Facts, gemeente: str, bron: str) -> dict[tuple[date, date], StockDelivery]:
    """The newest delivery of every period."""
    found = {d.period: d for d in facts.of(StockDelivery, gemeente) if d.bron == bron}
    return dict(sorted(found.items()))


def stock_months(facts: Facts, gemeente: str, bron: str) -> set[date]:
    """The month-ends in the delivered periods."""
    periods = stock_deliveries(facts, gemeente, bron)
    return {
        month for month in month_ends(LONG_AGO, facts.stand) if any(first <= month <= last for first, last in periods)
    }


def stock_spells(facts: Facts, gemeente: str, bron: str) -> list[Spell]:
    """Every record through the periods; of wet_oke only the placements."""
    deliveries = stock_deliveries(facts, gemeente, bron)
    stocks: dict[date, list[tuple[tuple, Record]]] = {}
    for (_, last), delivery in deliveries.items():
        stocks[last] = [
            ((bron, record.number, record.code if bron == "awbz" else "", _owner(bron, record)), record)
            for record in delivery.records
            if bron != "wet_oke" or record.code == "geplaatst"
        ]
    firsts = {last: first for first, last in deliveries}
    return follow(stocks, lambda last: firsts[last], lambda record: (record.code,))


def _owner(bron: str, record: Record) -> int | None:
    """A policy is shared; a child has a placement of its own at a centre."""
    return record.person if bron == "wet_oke" else None


def stock_addresses(facts: Facts, gemeente: str) -> dict[int, tuple[str, int]]:
    """The newest address that the lists of the insurer give of each person."""
    addresses = {}
    counted = stock_deliveries(facts, gemeente, "collectieve_zorgverzekering").values()
    for delivery in sorted(counted, key=lambda delivery: delivery.leverdatum):
        for record in sorted(delivery.records, key=lambda record: record.number):
            if record.address:
                addresses[record.person] = record.address
    return addresses
