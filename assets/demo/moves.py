"""Where households live and when: an address on the calibration day, and at most one move on either side of it.

Knows households by number only, not who is in them (population.py).
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from assets.demo.timeline import NEVER, YEAR, Timeline

# The place of a residence outside the gemeente.
ELSEWHERE = -1
# Kinds of move, and the share of households per year that makes it: two change places within the gemeente; one goes
# and another comes; away and back at the same address.
SWAP, REPLACED, AWAY, STAY = range(4)
PER_YEAR = (0.06, 0.04, 0.004)


@dataclass(frozen=True)
class Moves:
    """`residences` (huishouden, adres, van, tot) of the households that are there on the calibration day.

    `came` and `left` (huishouden, adres, dag) are those of them that took the place of another, or gave it to one.
    """

    residences: pl.DataFrame
    came: pl.DataFrame
    left: pl.DataFrame


def make_moves(rng: np.random.Generator, homes: np.ndarray, fixed: np.ndarray, time: Timeline) -> Moves:
    """The moves of households that live at `homes` on the calibration day; `fixed` ones (institutions) never move."""
    count, never = len(homes), np.full(len(homes), NEVER)
    since = time.start - rng.integers(30, 9_000, count)
    frame = pl.DataFrame({"huishouden": np.arange(count), "thuis": homes, "sinds": since, "nooit": never})
    before, after = (
        frame.with_columns(_draw(rng, homes, fixed, first, last))
        for first, last in ((time.start, time.calibration), (time.calibration, time.end))
    )
    # A household that would not be back on the calibration day has not been away.
    before = before.with_columns(
        pl.when((pl.col("soort") == AWAY) & (pl.col("terug") > time.calibration))
        .then(pl.lit(STAY, pl.Int64))
        .otherwise("soort")
        .alias("soort")
    )
    base = frame.select(
        "huishouden",
        adres="thuis",
        van=before.select(_by_kind({SWAP: "dag", REPLACED: "dag", AWAY: "terug"}, "sinds")).to_series(),
        tot=after.select(_by_kind({SWAP: "dag", REPLACED: "dag", AWAY: "dag"}, "nooit")).to_series(),
    )
    parts = [
        base,
        _rows(before, SWAP, "ander", "sinds", "dag"),
        _rows(before, AWAY, "thuis", "sinds", "dag"),
        _rows(before, AWAY, None, "dag", "terug"),
        _rows(after, SWAP, "ander", "dag", "nooit"),
        _rows(after, AWAY, None, "dag", "terug"),
        _rows(after, AWAY, "thuis", "terug", "nooit"),
    ]
    came, left = (
        moved.filter(pl.col("soort") == REPLACED).select("huishouden", "dag", adres="thuis")
        for moved in (before, after)
    )
    return Moves(pl.concat(parts), came, left)


def _draw(rng: np.random.Generator, homes: np.ndarray, fixed: np.ndarray, first: int, last: int) -> list[pl.Series]:
    """What each household does after day `first` up to day `last`: soort, dag, terug (if away) and ander (address)."""
    count = len(homes)
    shares = 1 - np.exp(-np.cumsum(PER_YEAR) * (last - first) / YEAR)
    kind = np.where(fixed, STAY, np.searchsorted(shares, rng.random(count), side="right"))
    days = rng.integers(first + 1, last, count, endpoint=True)
    # Two households change places on one day, so that every address keeps one household.
    movers = rng.permutation(np.flatnonzero(kind == SWAP))
    half = len(movers) // 2
    one, two = movers[:half], movers[half : 2 * half]
    kind[movers[2 * half :]] = STAY
    days[two] = days[one]
    other = homes.copy()
    other[one], other[two] = homes[two], homes[one]
    back = days + rng.integers(40, 190, count)
    return [pl.Series(n, v) for n, v in (("soort", kind), ("dag", days), ("terug", back), ("ander", other))]


def _by_kind(columns: dict[int, str], otherwise: str) -> pl.Expr:
    found = pl.col(otherwise)
    for kind, column in columns.items():
        found = pl.when(pl.col("soort") == kind).then(column).otherwise(found)
    return found


def _rows(moved: pl.DataFrame, kind: int, address: str | None, van: str, tot: str) -> pl.DataFrame:
    place = pl.col(address) if address else pl.lit(ELSEWHERE, pl.Int64)
    return moved.filter(pl.col("soort") == kind).select("huishouden", adres=place, van=pl.col(van), tot=pl.col(tot))
