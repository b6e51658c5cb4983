"""What a reader learns from two editions together: a figure of a closed month that changed for less than it may.

One edition by itself is in attack.py.
"""

import time

import polars as pl

from validations.disclosure.attack import MOVES, Outcome
from validations.disclosure.reader import KEY, STATUSES

LEAST_CHANGE = 5
SHOWN, BELOW, HIDDEN, *WITHOUT_FIGURE = STATUSES


def differences(before: pl.DataFrame, now: pl.DataFrame, basis: pl.DataFrame, truth: pl.DataFrame) -> Outcome:
    """Compares an earlier public edition with what is about to be published; `attacked` counts the figures in both.

    `before`, `now`: KEY, waarde, publicatiestatus; `basis`: KEY, aantal when each figure of `before` was set; `truth`:
    KEY, aantal now. What had no figure may become anything, what is shown may be hidden; any other change needs a true
    one of at least LEAST_CHANGE. `cells`: KEY of the changes that were not allowed.
    """
    start = time.perf_counter()
    columns = [*KEY, "waarde", "publicatiestatus"]
    both = (
        before.select(*columns)
        .join(now.select(*columns, pl.lit(True).alias("er")), on=KEY, how="left", suffix="_nu")
        .join(basis.select(*KEY, pl.col("aantal").alias("toen")), on=KEY, how="left")
        .join(truth.select(*KEY, pl.col("aantal").alias("telling")), on=KEY, how="left")
        .filter(~pl.col("publicatiestatus").is_in(WITHOUT_FIGURE))
    )
    old, new = pl.col("publicatiestatus"), pl.col("publicatiestatus_nu")
    changed = old.ne_missing(new) | pl.col("waarde").ne_missing(pl.col("waarde_nu"))
    hiding = (old == SHOWN) & new.is_in([BELOW, HIDDEN])
    enough = ((pl.col("telling") - pl.col("toen")).abs() >= LEAST_CHANGE).fill_null(False)
    gone = both.filter(pl.col("er").is_null())
    slight = both.filter(pl.col("er").is_not_null(), changed, ~hiding.fill_null(False), ~enough)
    texts = {"een openbaar cijfer is verdwenen": gone, "een openbaar cijfer is gewijzigd zonder reden": slight}
    found = [
        f"{table}: {text}" for text, rows in texts.items() for table in rows.get_column("tabel").unique().to_list()
    ]
    return Outcome(
        attacked=both.height,
        exact=0,
        narrow=0,
        narrowest=None,
        infeasible=0,
        findings=tuple(sorted(found)),
        seconds=round(time.perf_counter() - start, 2),
        cells=pl.concat([gone, slight]).select(KEY),
        moves=pl.DataFrame(schema=MOVES),
    )
