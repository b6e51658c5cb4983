"""The months of a demo and the days that follow from them: month ends, deliveries, the calibration day, its "today".

Days are counted from 1970-01-01, as numpy and polars do. No clock is read here.
"""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import polars as pl

# Later than anything that happens: an end that is not there. Turned into nothing when a delivery is written.
NEVER = 2_000_000
YEAR = 365.25
# Ten years is more than any monitor shows; the years are those in which the laws of the demo were in force.
MOST_MONTHS, EARLIEST, LATEST = 120, 2013, 2035


def day(value: date) -> int:
    """The number of a day."""
    return (value - date(1970, 1, 1)).days


def as_date(number: int) -> date:
    """The date of a day number."""
    return date(1970, 1, 1) + timedelta(days=int(number))


def yyyymmdd(column: pl.Expr) -> pl.Expr:
    """Day numbers as the number jjjjmmdd; none where the day never comes."""
    known = pl.when(column < NEVER).then(column).cast(pl.Date)
    return known.dt.year() * 10_000 + known.dt.month().cast(pl.Int32) * 100 + known.dt.day().cast(pl.Int32)


def iso(column: pl.Expr) -> pl.Expr:
    """Day numbers as text jjjj-mm-dd; none where the day never comes."""
    return pl.when(column < NEVER).then(column).cast(pl.Date).dt.to_string("iso")


@dataclass(frozen=True)
class Timeline:
    """`count` months up to and including the month that starts on `last_month`."""

    last_month: date
    count: int

    @classmethod
    def parse(cls, tot: str, maanden: int) -> "Timeline":
        """From the last peilmaand (`2022-12`) and the number of months. Raises ValueError."""
        if not 1 <= maanden <= MOST_MONTHS:
            raise ValueError(f"--maanden is een getal van 1 tot en met {MOST_MONTHS}.")
        try:
            last = date.fromisoformat(f"{tot}-01")
        except ValueError:
            raise ValueError("--tot is een maand, geschreven als jjjj-mm.") from None
        if not EARLIEST <= last.year <= LATEST:
            raise ValueError(f"--tot is een maand van {EARLIEST} tot en met {LATEST}.")
        return cls(last, maanden)

    @cached_property
    def months(self) -> list[date]:
        """The first day of each month."""
        last = self.last_month.year * 12 + self.last_month.month - 1
        return [date(number // 12, number % 12 + 1, 1) for number in range(last - self.count + 1, last + 1)]

    @cached_property
    def peildata(self) -> list[date]:
        """The last day of each month."""
        return [month.replace(day=calendar.monthrange(month.year, month.month)[1]) for month in self.months]

    def deliveries(self, day_of_month: int) -> list[date]:
        """That day of the month after each month."""
        return [(peildatum + timedelta(days=1)).replace(day=day_of_month) for peildatum in self.peildata]

    @property
    def stand(self) -> date:
        """The demo's own today: every delivery has arrived."""
        return self.deliveries(20)[-1]

    @property
    def start(self) -> int:
        """The first day of the first month."""
        return day(self.months[0])

    @property
    def end(self) -> int:
        """The day up to which things happen."""
        return day(self.stand)

    @property
    def calibration(self) -> int:
        """The day on which the figures of CBS hold: 2021-12-31, or when that is no month end here, the last one."""
        wanted = date(2021, 12, 31)
        return day(wanted if wanted in self.peildata else self.peildata[-1])
