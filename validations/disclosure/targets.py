"""What the attack tries to find out: how much must stay possible of which hidden figures.

Three kinds of target. A count under its threshold, 1 or more: `width` steps between the least and the most that is
possible. A count hidden because nearly a whole group has it: a count must stay possible that the rules for groups do
not hide (one under `onder`), so that a reader cannot tell that nearly all have it. A count hidden for one address, few
households or few residents: `ruim` steps. Why each was hidden is a secret of the kluis and comes with the truth.
What stays possible is sought in solve.py.
"""

import numpy as np
import polars as pl

from validations.disclosure.reader import KEY, STATUSES

KEPT_APART = {"onder": pl.Int64, "ruim": pl.Int64}


def targets(
    cells: pl.DataFrame, published: pl.DataFrame, truth: pl.DataFrame, width: int
) -> tuple[np.ndarray, np.ndarray]:
    """How many steps must stay possible for each of `cells` (KEY, telling, gevoelig), and whether down from the truth.

    0: no target. `truth` (KEY) may have `onder` and `ruim`; they count for what is `onderdrukt`.
    """
    absent = [pl.lit(None, dtype).alias(name) for name, dtype in KEPT_APART.items() if name not in truth.columns]
    hidden = published.filter(pl.col("publicatiestatus") == STATUSES[2]).select(KEY)
    apart = truth.with_columns(absent).select(*KEY, *KEPT_APART).join(hidden, on=KEY, how="semi")
    known = cells.select(*KEY, "telling", "gevoelig").join(apart, on=KEY, how="left", maintain_order="left")
    lower = (pl.col("telling") - pl.col("onder") + 1).clip(0).fill_null(0)
    wider = pl.col("ruim").fill_null(0)
    asked = known.select(
        steps=pl.when("gevoelig").then(pl.lit(width)).otherwise(pl.max_horizontal(lower, wider)),
        down=~pl.col("gevoelig") & (lower > 0),
    )
    return asked.get_column("steps").to_numpy().astype(np.int64), asked.get_column("down").to_numpy()
