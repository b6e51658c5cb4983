"""Use in a half-year and in a year, as CBS counts Wmo and youth care: day by day, from the last back."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from tests.dbt_project.reference.days import first_of_month, month_end
from tests.dbt_project.reference.people import Spot

if TYPE_CHECKING:
    from tests.dbt_project.reference.measures import Clients, Month

PERIODS = {"gebruik_halfjaar": 6, "gebruik_jaar": 12}


def in_periods(clients: "Clients", month: "Month") -> Iterator[tuple[str, str, dict[int, Spot]]]:
    """Of each period that ends with the month: its indicator, status, and who used it and where each counts."""
    for indicator, length in PERIODS.items():
        if month.end.month % length == 0:
            months = _months(month.end, length)
            status = "geleverd" if set(months) <= month.covered else "niet_geleverd"
            if months[0] < month.first:
                status = "nvt"
            yield indicator, status, _users(clients, month, months)


def _months(end: date, length: int) -> list[date]:
    return [month_end(end.year, end.month - back) for back in reversed(range(length))]


def _users(clients: "Clients", month: "Month", months: list[date]) -> dict[int, Spot]:
    """Who had a day of it, where each was counted on the last day here on or after the first day of use."""
    first_use: dict[int, date] = {}
    for spell in clients.spells:
        for end in months:
            if spell.touches(end):
                day = max(spell.begin, first_of_month(end))
                first_use[spell.person] = min(day, first_use.get(spell.person, day))
    users = {}
    for person, first in first_use.items():
        day = month.end
        while day >= max(first, first_of_month(months[0])):
            spot = clients.place(person, day, month.indeling)
            if isinstance(spot, Spot):
                users[person] = spot
                break
            day -= timedelta(days=1)
    return users
