"""What a reader can deduce: bounds on hidden counts, by propagation through the sums that the published tables obey.

Linear rules over non-negative integers: `sum(coefficient * cell) = 0`, or `>= 0`. Knows nothing of areas or months.
"""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

FAR = 10**9  # no count comes near; stands for "no upper bound"
MAX_ROUNDS = 200


@dataclass
class Rules:
    """Rules in coordinate form: entry i puts cell `cell[i]` in rule `rule[i]` with coefficient `coef[i]` (1 or -1)."""

    _parts: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = field(default_factory=list)
    _equal: list[np.ndarray] = field(default_factory=list)
    count: int = 0

    def add(self, rule: np.ndarray, cell: np.ndarray, coef: np.ndarray, *, equal: bool) -> None:
        """Adds a batch of rules; `rule` numbers them within the batch, in any order and with any gaps."""
        found, within = np.unique(rule, return_inverse=True)
        self._parts.append((within + self.count, cell.astype(np.int64), coef.astype(np.int64)))
        self._equal.append(np.full(len(found), equal))
        self.count += len(found)

    @cached_property
    def arrays(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """rule, cell, coef, equal; entries in order of rule. Ask when all rules are added."""
        if not self._parts:
            none = np.zeros(0, np.int64)
            return none, none, none, np.zeros(0, bool)
        rule, cell, coef = (np.concatenate(parts) for parts in zip(*self._parts, strict=True))
        order = np.argsort(rule, kind="stable")
        return rule[order], cell[order], coef[order], np.concatenate(self._equal)

    @cached_property
    def _starts(self) -> np.ndarray:
        return np.searchsorted(self.arrays[0], np.arange(self.count + 1))

    @cached_property
    def _by_cell(self) -> tuple[np.ndarray, np.ndarray]:
        """Rules in order of cell, and where each cell begins."""
        rule, cell, _, _ = self.arrays
        order = np.argsort(cell, kind="stable")
        return rule[order], np.searchsorted(cell[order], np.arange(cell.max(initial=0) + 2))

    def of(self, cell: int) -> list[int]:
        """The rules that a cell stands in."""
        rules, starts = self._by_cell
        return rules[starts[cell] : starts[cell + 1]].tolist() if cell < len(starts) - 1 else []

    def within(self, rule: int) -> slice:
        """The entries of a rule."""
        return slice(self._starts[rule], self._starts[rule + 1])


def propagate(rules: Rules, low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The tightest bounds that each rule by itself forces, repeated until nothing changes. Shapes: (cells,), integers.

    Sound, not complete: the true interval is never wider than what comes out, it may be narrower.
    """
    rule, cell, coef, equal = rules.arrays
    low, high = low.astype(np.int64), high.astype(np.int64)
    if not len(rule):
        return low, high
    plus = coef > 0
    for _ in range(MAX_ROUNDS):
        least = np.where(plus, low[cell], -high[cell])
        most = np.where(plus, high[cell], -low[cell])
        sum_least = np.bincount(rule, least, rules.count).astype(np.int64)
        sum_most = np.bincount(rule, most, rules.count).astype(np.int64)
        # In a rule "= 0" or ">= 0" a term is at least minus the most that the others can be, and (for "= 0") at most
        # minus the least.
        term_low = -(sum_most[rule] - most)
        term_high = np.where(equal[rule], -(sum_least[rule] - least), FAR)
        new_low, new_high = low.copy(), high.copy()
        np.maximum.at(new_low, cell[plus], term_low[plus])
        np.minimum.at(new_high, cell[plus], term_high[plus])
        np.maximum.at(new_low, cell[~plus], -term_high[~plus])
        np.minimum.at(new_high, cell[~plus], -term_low[~plus])
        same = np.array_equal(new_low, low) and np.array_equal(new_high, high)
        low, high = new_low, new_high
        # A contradiction only grows: there is no truth behind these figures, and who asks sees it as narrow.
        if same or (low > high).any():
            break
    return low, high


def tighten(
    rules: Rules, low: np.ndarray, high: np.ndarray, cell: int, bounds: tuple[int, int]
) -> dict[int, tuple[int, int]]:
    """What changes when one more cell becomes known: new bounds by cell, from `low` and `high` already propagated.

    The same deduction as `propagate`, but only where it leads: most figures tell something of a few cells.
    """
    _, cells, coefs, equal = rules.arrays
    found = {cell: bounds}
    todo = list(rules.of(cell))
    for _ in range(20_000):
        if not todo:
            break
        rule = todo.pop()
        place = rules.within(rule)
        members, signs = cells[place].tolist(), coefs[place].tolist()
        bounded = [found.get(m, (int(low[m]), int(high[m]))) for m in members]
        terms = [(lo, hi) if sign > 0 else (-hi, -lo) for (lo, hi), sign in zip(bounded, signs, strict=True)]
        sum_least, sum_most = sum(t[0] for t in terms), sum(t[1] for t in terms)
        for member, sign, (lo, hi), (least, most) in zip(members, signs, bounded, terms, strict=True):
            term_low = -(sum_most - most)
            term_high = -(sum_least - least) if equal[rule] else FAR
            new = (max(lo, term_low), min(hi, term_high)) if sign > 0 else (max(lo, -term_high), min(hi, -term_low))
            if new != (lo, hi):
                found[member] = new
                todo += [other for other in rules.of(member) if other != rule]
    return found
