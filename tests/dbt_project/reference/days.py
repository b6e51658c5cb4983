"""Days, months and ages."""

from calendar import monthrange
from datetime import date, timedelta


def on(text: str) -> date:
    """A date from JJJJ-MM-DD."""
    return date.fromisoformat(text)


def maybe(text: str | None) -> date | None:
    """A date from JJJJ-MM-DD; None stays None."""
    return on(text) if text else None


def month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def first_of_month(last: date) -> date:
    return last.replace(day=1)


def previous_month_end(last: date) -> date:
    return first_of_month(last) - timedelta(days=1)


def previous_quarter_end(last: date) -> date:
    return previous_month_end(previous_month_end(previous_month_end(last)))


def is_quarter_end(last: date) -> bool:
    return last.month % 3 == 0


def year_before(last: date) -> date:
    """The same month-end a year earlier."""
    return month_end(last.year - 1, last.month)


def month_ends(first: date, stand: date) -> list[date]:
    """Every month-end from `first` up to the last one before `stand`."""
    found = []
    last = first
    while last < stand:
        found.append(last)
        last = month_end(last.year + last.month // 12, last.month % 12 + 1)
    return found


def whole_months(begin: date, end: date) -> int:
    """Months completed between two days."""
    return (end.year - begin.year) * 12 + end.month - begin.month - (end.day < begin.day)


def birth(text: str) -> date:
    """A birth date jjjjmmdd; jjjjmm00 is the 1st of the month, jjjj0000 is 1 July."""
    year, month, number = int(text[:4]), int(text[4:6]), int(text[6:])
    if month == 0:
        return date(year, 7, 1)
    return date(year, month, number or 1)


def months_later(day: date, months: int) -> date:
    """The same day some months on, or the last of that month when it has no such day."""
    month = day.month - 1 + months
    last = month_end(day.year + month // 12, month % 12 + 1)
    return last.replace(day=min(day.day, last.day))


def age_group(born: date, on_day: date) -> str:
    """The CBS group of someone's age on a day; 29 February falls on 1 March in other years."""
    years = whole_months(born, on_day) // 12
    for last, group in ((14, "0-14"), (24, "15-24"), (44, "25-44"), (64, "45-64")):
        if years <= last:
            return group
    return "65+"
