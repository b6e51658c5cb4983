"""What the closes together tell of one figure, by the rule of when a figure changes. Among figures: links.py.

A reader knows (design.md section 8) that a figure is set anew at a close when the true count differs by `verschil` or
more (`revisie_min`, 5) from the one that it was set on, and else stays. Let `b_1 … b_k` be the counts that the entries
of one figure were set on, `W_i` what entry i says of `b_i` by itself (`window`), and `g` the `verschil` of an entry.

    a first figure            nothing of what was before: from `nvt` or `niet_geleverd` to a figure is no change
    shown, then hidden since the threshold was raised above what it could be
                              nothing: it had to go, whatever the count is now
    any other new entry       |b_i - b_(i-1)| >= g
    no new entry at a close   |n - b_k| < g for the count n of that close (the `ruimte` of reader.py)

So of `10, then kleiner_dan_drempel` the first was 10..12 and the second at most 12 - 5 = 7; of `10, then 15` the second
is at least 15; of `kleiner_dan_drempel, then 10` the first was at most 7. The possible values of b_i are those of W_i
that its neighbours do not rule out. A neighbour with m..M possible rules out M-g+1 .. m+g-1, and nothing else about it
matters: so one pass onwards and one back give the exact least and most of each b_i (test_lock.py enumerates all).

The attacker is told of each entry when it was set, also where an edition shows no difference (hidden, then hidden).
"""

import numpy as np
import polars as pl

from validations.disclosure.reader import FAR, HALF, KEY, STATUSES

SHOWN, BELOW, HIDDEN, *WITHOUT_FIGURE = STATUSES
LEAST_CHANGE = 5  # of entries from before it was kept; no settings allow less


def told(entries: pl.DataFrame) -> pl.DataFrame:
    """`entries` with `van` and `tot`: the least and the most that the count behind each can be, by all of its figure.

    Columns KEY, beurt (their order), publicatiestatus, waarde, drempel, vanaf (the least count that is called
    `onderdrukt` here: 0 when it tells nothing), verschil (null: LEAST_CHANGE). Sorted by KEY and beurt.
    """
    known = entries.sort(*KEY, "beurt").with_columns(window())
    figure = known.select(pl.struct(KEY).rle_id()).to_series().to_numpy()
    low, high = (known.get_column(name).to_numpy().astype(np.int64) for name in ("van", "tot"))
    first = np.r_[True, figure[1:] != figure[:-1]][: len(figure)]
    apart = known.select(_apart()).to_series().to_numpy().astype(np.int64)
    apart[first] = 0
    nth = np.arange(len(figure)) - np.maximum.accumulate(np.where(first, np.arange(len(figure)), 0))
    onward, back = (low.copy(), high.copy()), (low.copy(), high.copy())
    for place in range(1, int(nth.max(initial=0)) + 1):
        here = np.flatnonzero((nth == place) & (apart > 0))
        for bounds, before in zip(onward, _without(low, high, here, [(onward, here - 1, apart[here])]), strict=True):
            bounds[here] = before
    for place in range(int(nth.max(initial=0)), 0, -1):
        after = np.flatnonzero((nth == place) & (apart > 0))
        here = after - 1
        for bounds, behind in zip(back, _without(low, high, here, [(back, after, apart[after])]), strict=True):
            bounds[here] = behind
    everyone = np.arange(len(figure))
    sides = [(onward, everyone - 1, apart), (back, np.minimum(everyone + 1, len(figure) - 1), np.r_[apart[1:], 0])]
    low, high = _without(low, high, everyone, sides) if len(figure) else (low, high)
    return known.with_columns(pl.Series("van", low, pl.Int64), pl.Series("tot", high, pl.Int64))


def window() -> tuple[pl.Expr, pl.Expr]:
    """`van` and `tot` of an entry by itself."""
    shown, below = pl.col("publicatiestatus") == SHOWN, pl.col("publicatiestatus") == BELOW
    hidden = pl.col("publicatiestatus") == HIDDEN
    least = pl.when(shown).then(_least_shown()).when(hidden).then("vanaf").otherwise(0)
    most = pl.when(shown).then(pl.col("waarde") + HALF).when(below).then(pl.col("drempel") - 1).otherwise(FAR)
    return least.cast(pl.Int64).alias("van"), most.cast(pl.Int64).alias("tot")


def _least_shown() -> pl.Expr:
    return pl.max_horizontal(pl.col("waarde") - HALF, "drempel")


def _apart() -> pl.Expr:
    """The least distance between the count of an entry and that of the entry before it; 0: it is not known."""
    before = pl.col("publicatiestatus").shift()
    had_to_go = (before == SHOWN) & (_least_shown().shift() < pl.col("drempel"))
    nothing = before.is_in(WITHOUT_FIGURE) | pl.col("publicatiestatus").is_in(WITHOUT_FIGURE) | had_to_go
    return pl.when(nothing.fill_null(True)).then(0).otherwise(pl.col("verschil").fill_null(LEAST_CHANGE))


def _without(
    low: np.ndarray, high: np.ndarray, here: np.ndarray, sides: list[tuple[tuple, np.ndarray, np.ndarray]]
) -> tuple[np.ndarray, np.ndarray]:
    """The least and the most of entries `here` that no neighbour rules out.

    `sides`: the least and the most of all entries, which of them is the neighbour, and how far apart (0: not).
    """
    least, most = low[here].copy(), high[here].copy()
    # What one side pushes up, the other may push up again.
    for _ in range(2 * len(sides)):
        for (lowest, highest), beside, apart in sides:
            floor, ceiling = highest[beside] - apart, lowest[beside] + apart
            least = np.where((apart > 0) & (least > floor) & (least < ceiling), ceiling, least)
            most = np.where((apart > 0) & (most > floor) & (most < ceiling), floor, most)
    return least, most
