"""Who has a provision from when to when, so that on the calibration day each wijk has as many clients as wanted.

The same for Wmo and bijstand. First the stock of that day is drawn; who came and went before and after it is drawn to
match, so that the stock changes smoothly. Knows nothing of allocations, benefits or messages.
"""

from collections.abc import Sequence

import numpy as np
import polars as pl

from assets.demo.timeline import Timeline

MONTH = 30.4


def choose(rng: np.random.Generator, weights: np.ndarray, count: int) -> np.ndarray:
    """`count` places drawn without return, by weight; fewer when fewer have a weight. In order of place."""
    # The smallest of exponential waiting times: a weighted draw without a loop (Efraimidis and Spirakis).
    waiting = rng.exponential(size=len(weights)) / np.maximum(weights, 1e-300)
    possible = int((weights > 0).sum())
    return np.sort(np.argsort(waiting, kind="stable")[: min(count, possible)])


def pick(rng: np.random.Generator, values: Sequence, weights: Sequence[float], count: int) -> np.ndarray:
    """`count` of the values, each as often as its weight says."""
    return np.asarray(values)[rng.choice(len(values), count, p=np.array(weights) / sum(weights))]


def make_spells(
    rng: np.random.Generator,
    units: pl.DataFrame,
    stock: np.ndarray,
    time: Timeline,
    *,
    monthly_outflow: float,
    longest: int,
) -> pl.DataFrame:
    """The spells (eenheid, van, tot) of the `units` in the `stock` (places), and of others before and after.

    units: wijk, gewicht, vanaf and uiterlijk (between which it can have a provision); eenheid is the place in it.
    `tot` is the last day; at `uiterlijk` (death, departure) every spell ends. One spell per unit, begun at most
    `longest` days before the calibration day or before its end.
    """
    mean = MONTH / monthly_outflow
    start, day, end = time.start, time.calibration, time.end
    weight, first, last, wijk = (units.get_column(c).to_numpy() for c in ("gewicht", "vanaf", "uiterlijk", "wijk"))
    van = np.maximum(day - (rng.exponential(mean, len(stock)) % longest).astype(int), first[stock])
    tot = np.minimum(day + 1 + rng.exponential(mean, len(stock)).astype(int), last[stock])
    came, went = int((van > start).sum()), int((tot <= end).sum())

    # Others, spread over the wijken as the stock is.
    free = weight.astype(float)
    free[stock] = 0
    free *= _per_wijk(wijk, wijk[stock])[wijk] / np.maximum(np.bincount(wijk + 1, free), 1e-300)[wijk + 1]
    before = choose(rng, np.where((first < day - 90) & (last > start + 1), free, 0), round(came * 1.1))
    earliest = np.maximum(start + 1, first[before] + 30)
    stop = np.where(last[before] <= day, last[before], rng.integers(np.minimum(earliest, day), day, endpoint=True))
    begin = np.maximum(stop - (rng.exponential(mean, len(before)) % longest).astype(int), first[before])

    free[before] = 0
    after = choose(rng, np.where((first < end - 30) & (last > day + 60), free, 0), round(went * 1.1))
    earliest = np.maximum(day + 1, first[after] + 14)
    enter = rng.integers(earliest, np.maximum(np.minimum(end, last[after] - 1), earliest), endpoint=True)
    leave = np.minimum(enter + 30 + rng.exponential(mean, len(after)).astype(int), last[after])

    return pl.DataFrame(
        {
            "eenheid": np.concatenate([stock, before, after]),
            "van": np.concatenate([van, begin, enter]),
            "tot": np.concatenate([tot, stop, leave]),
        }
    ).filter(pl.col("van") < pl.col("tot"))


def _per_wijk(wijk: np.ndarray, of_stock: np.ndarray) -> np.ndarray:
    """The size of the stock by wijk; that of strangers (-1) is the last."""
    sizes = np.bincount(of_stock + 1, minlength=int(wijk.max(initial=-1)) + 2)
    return np.roll(sizes, -1).astype(float)
