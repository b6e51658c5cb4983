"""Records that break the contract: copies of good records with one thing wrong, delivered beside the good one.

The good record stays, so that no figure depends on them. Faults that are no uitval are made where the data are.
"""

import numpy as np
import polars as pl

# A delivery with more uitval than this is too near the 5% at which it would be refused.
MOST = 0.04


def broken_copies(
    rng: np.random.Generator,
    records: pl.DataFrame,
    faults_pct: float,
    june_31: tuple[str, pl.Expr],
    code: tuple[str, str],
) -> pl.DataFrame:
    """About `faults_pct` in a hundred records, copied, each with one fault.

    In turn: a BSN (as number) that fails the elfproef, a sentinel BSN, 31 June in a date column (column and value), and
    a code that is in no list (column and value).
    """
    count = int(min(records.height * faults_pct / 100 + 0.5, records.height * MOST))
    copies = records[np.sort(rng.permutation(records.height)[:count])]
    kind = pl.int_range(pl.len()) % 4
    bsn = pl.col("bsn")
    sentinel = pl.when(pl.int_range(pl.len()) % 8 < 4).then(999_999_999).otherwise(111_111_110)
    return copies.with_columns(
        # Any other last digit fails.
        pl.when(kind == 0)
        .then(bsn // 10 * 10 + (bsn + 1) % 10)
        .when(kind == 1)
        .then(sentinel)
        .otherwise(bsn)
        .alias("bsn"),
        pl.when(kind == 2).then(june_31[1]).otherwise(june_31[0]).alias(june_31[0]),
        pl.when(kind == 3).then(pl.lit(code[1])).otherwise(code[0]).alias(code[0]),
    )
