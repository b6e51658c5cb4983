"""What the seed indicatoren.csv says of a figure, for assets and dbt alike: nothing is told by a part of its name.

What a column means is in dbt_project/seeds/_seeds.yml; here only what the publication must know. The attacker keeps a
list of its own (validations/disclosure), which a test holds against this one.
"""

from functools import cache
from typing import NamedTuple

from validations.language import seeds

# What `soort` may be.
KINDS = ("stand", "stroom", "verhuizing", "stand_toen", "gebruik", "duur", "signaal", "aanbod")


class Indicator(NamedTuple):
    """A figure: its kind, how many months it covers, its sign in the stock of now, and how many months apart it comes.

    `sign` is 1 or -1 for a figure that makes the stock of now from that of then, else 0.
    """

    name: str
    kind: str
    months: int
    sign: int
    every: int
    public: bool

    @property
    def counted_from(self) -> tuple[int, ...]:
        """How many months back the other months lie that it is counted from."""
        if self.kind in ("stroom", "verhuizing", "stand_toen"):
            return (self.months,)
        return tuple(range(1, self.months)) if self.kind == "gebruik" else ()


@cache
def indicatoren() -> dict[str, Indicator]:
    """Every indicator by name, in the order of the seed. Raises ValueError for one that does not say what it is."""
    return {name: _indicator(name, row) for name, row in seeds.by("indicatoren.csv", "indicator").items()}


def _indicator(name: str, row: dict[str, str]) -> Indicator:
    of = f"dbt_project/seeds/indicatoren.csv: {name}"
    if row["soort"] not in KINDS:
        raise ValueError(f"{of} is of soort {row['soort']}, which is none of {', '.join(KINDS)}")
    for column, may_be_empty in {"maanden": False, "teken": True, "om_de_maanden": False}.items():
        if not (row[column].removeprefix("-").isdecimal() or (may_be_empty and not row[column])):
            raise ValueError(f"{of} has no number as {column}")
    return Indicator(
        name=name,
        kind=row["soort"],
        months=int(row["maanden"]),
        sign=int(row["teken"] or 0),
        every=int(row["om_de_maanden"]),
        public=row["openbaar"] == "ja",
    )


def public_of(*kinds: str) -> list[Indicator]:
    """The public indicators of some kinds, in the order of the seed."""
    return [known for known in indicatoren().values() if known.public and known.kind in kinds]


def uses() -> list[Indicator]:
    """Public use of a period, the shortest first; each period is whole ones of the one before."""
    return sorted(public_of("gebruik"), key=lambda known: known.months)


def flows() -> list[Indicator]:
    """The public flows and moves; all are over the same number of months."""
    return public_of("stroom", "verhuizing")


def flow_months() -> int:
    """Over how many months the public flows are."""
    (months,) = {known.months for known in flows()}
    return months


def stock_then() -> str:
    """The indicator with the stock that the public flows begin at."""
    (name,) = (k.name for k in indicatoren().values() if k.kind == "stand_toen" and k.months == flow_months())
    return name


def moves() -> list[str]:
    """The indicators that do not add up to a larger area: a move within it is none of it."""
    return [known.name for known in indicatoren().values() if known.kind == "verhuizing"]


def not_every_month() -> dict[str, int]:
    """The indicators that are not of every month, and how many months they are apart."""
    return {known.name: known.every for known in indicatoren().values() if known.every > 1}
