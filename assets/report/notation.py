"""Numbers, shares, days and sizes of a delivery as Dutch writes them. Knows nothing of a page."""

from datetime import date

from assets.record.delivery_record import Version
from validations.language.texts import with_points


def rows(count: int, one: str, more: str) -> str:
    """`1 rij telt`, `2 rijen tellen`."""
    return f"1 rij {one}" if count == 1 else f"{number(count)} rijen {more}"


def number(count: int | None) -> str:
    """A count with points between thousands; `onbekend` for none."""
    return "onbekend" if count is None else with_points(count)


def percent(share: float | None) -> str:
    """A share in whole percents; `onbekend` for none."""
    if share is None:
        return "onbekend"
    return "minder dan 1%" if 0 < share < 1 else f"{share:.0f}%"


def change(now: int | None, then: int | None) -> str:
    """The difference between two counts, in number and percent; nothing when one is missing."""
    if now is None or then is None:
        return ""
    if now == then:
        return "gelijk"
    share = f" ({100 * (now - then) / then:+.1f}%)".replace(".", ",") if then else ""
    return f"{'+' if now > then else '-'}{number(abs(now - then))}{share}"


def day(written: date | str) -> str:
    """A day (jjjj-mm-dd) as dd-mm-jjjj."""
    year, month, day_of_month = str(written).split("-")
    return f"{day_of_month}-{month}-{year}"


def size(count: int) -> str:
    """A size in bytes, kB, MB or GB."""
    for limit, name in ((10**9, "GB"), (10**6, "MB"), (10**3, "kB")):
        if count >= limit:
            return f"{count / limit:.1f} {name}".replace(".", ",")
    return f"{count} bytes"


def uitval_share(record: Version) -> float:
    """The percentage of the rows of a delivery that were refused."""
    judged = record.rijen + record.uitval
    return 100 * record.uitval / judged if judged else 0.0
