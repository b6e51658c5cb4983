"""What a reader can deduce: bounds on hidden counts, by propagation through the sums that the published tables obey.

Linear rules over non-negative integers: `sum(coefficient * cell) = 0`, or `>= 0`. Knows nothing of areas or months.
"""

from dataclasses import dataclass, field

import numpy as np

FAR = 10**9  # no count comes near; stands for "no upper bound"
MAX_ROUNDS = 200


@dataclass
class Rules:
    """Rules in coordinate form: entry i puts cell `cell[i]` in rule `rule[i]` with coefficient `coef[i]`."""

    rule: list[int] = field(default_factory=list)
    cell: list[int] = field(default_factory=list)
    coef: list[int] = field(default_factory=list)
    equal: list[bool] = field(default_factory=list)

    def add(self, plus: list[int], minus: list[int], *, equal: bool = True) -> None:
        """Adds `sum(plus) - sum(minus) = 0`, or `>= 0` when not equal."""
        number = len(self.equal)
        self.rule += [number] * (len(plus) + len(minus))
        self.cell += plus + minus
        self.coef += [1] * len(plus) + [-1] * len(minus)
        self.equal.append(equal)

    def arrays(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """rule, cell, coef, equal as arrays."""
        return np.array(self.rule, int), np.array(self.cell, int), np.array(self.coef, int), np.array(self.equal, bool)


def propagate(rules: Rules, low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The tightest bounds that each rule by itself forces, repeated until nothing changes. Shapes: (cells,), integers.

    Sound, not complete: the true interval is never wider than what comes out, it may be narrower.
    """
    rule, cell, coef, equal = rules.arrays()
    low, high = low.astype(np.int64), high.astype(np.int64)
    if not len(rule):
        return low, high
    count = len(equal)
    positive = coef > 0
    for _ in range(MAX_ROUNDS):
        least = np.where(positive, low[cell], -high[cell])
        most = np.where(positive, high[cell], -low[cell])
        sum_least = np.bincount(rule, least, count).astype(np.int64)
        sum_most = np.bincount(rule, most, count).astype(np.int64)
        # In a rule "= 0" or ">= 0" a term is at least minus the most that the others can be, and (for "= 0") at most
        # minus the least.
        term_low = -(sum_most[rule] - most)
        term_high = np.where(equal[rule], -(sum_least[rule] - least), FAR)
        new_low, new_high = low.copy(), high.copy()
        np.maximum.at(new_low, cell[positive], term_low[positive])
        np.minimum.at(new_high, cell[positive], term_high[positive])
        np.maximum.at(new_low, cell[~positive], -term_high[~positive])
        np.minimum.at(new_high, cell[~positive], -term_low[~positive])
        if np.array_equal(new_low, low) and np.array_equal(new_high, high):
            break
        low, high = new_low, new_high
    return low, high
