"""Moves: small changes of the true table after which every rule still holds, so that a reader cannot rule them out.

Knows nothing of areas, months or statuses, like solve.py. How a move was found does not matter to what it proves:
`times` judges each one by every bound and rule that it touches, in whole numbers, and only what it allows counts.
"""

from dataclasses import dataclass

import numpy as np

from validations.disclosure.links import Rules, ranges

CHANGES = 80  # in one search: most that find a move have done so (seen: 98%)
CHANCE = 0.4  # how much chance weighs against what a change mends, in a search
PLACES = 30_000_000  # figures and rules of all searches that run together
FAR_OFF = 30_000  # no figure is changed by more


@dataclass(frozen=True)
class Moves:
    """Entry i: `move[i]` changes figure `cell[i]` by `delta[i]`; sorted by move, numbered from 0 to `count`."""

    move: np.ndarray
    cell: np.ndarray
    delta: np.ndarray
    count: int

    @staticmethod
    def none() -> "Moves":
        """No moves."""
        empty = np.zeros(0, np.int64)
        return Moves(empty, empty, empty, 0)

    def with_(self, other: "Moves") -> "Moves":
        """Both, those of `other` numbered on."""
        move = np.concatenate([self.move, other.move + self.count])
        cell, delta = np.concatenate([self.cell, other.cell]), np.concatenate([self.delta, other.delta])
        return Moves(move, cell, delta, self.count + other.count)

    def only(self, which: np.ndarray) -> "Moves":
        """The moves with these numbers (sorted), numbered anew."""
        entries = ranges(*(np.searchsorted(self.move, which, side) for side in ("left", "right")))
        return Moves(np.searchsorted(which, self.move[entries]), self.cell[entries], self.delta[entries], len(which))

    def smallest(self) -> "Moves":
        """Each divided by what all its changes have in common: made more times, it passes the values between."""
        common = np.zeros(self.count, np.int64)
        np.gcd.at(common, self.move, self.delta)
        return Moves(self.move, self.cell, self.delta // common[self.move], self.count)


class Table:
    """The truth and its rules, looked up by figure and by rule. The truth obeys all rules."""

    def __init__(self, rules: Rules, truth: np.ndarray):
        self.rules, self.truth = rules, truth.astype(np.int64)
        self._row_starts = np.searchsorted(rules.row, np.arange(len(rules.equal) + 1))
        order = np.argsort(rules.cell, kind="stable")
        self._row, self._coef = rules.row[order], rules.coef[order]
        self._cell_starts = np.searchsorted(rules.cell[order], np.arange(len(truth) + 1))
        sums = np.zeros(len(rules.equal), np.int64)
        np.add.at(sums, rules.row, rules.coef * self.truth[rules.cell])
        self.sums = sums

    def rules_of(self, cells: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The rules of each of some figures: position in `cells`, rule, coefficient."""
        begin, end = self._cell_starts[cells], self._cell_starts[cells + 1]
        entries = ranges(begin, end)
        return np.repeat(np.arange(len(cells)), end - begin), self._row[entries], self._coef[entries]

    def figures_of(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The figures of each of some rules: position in `rows`, figure, coefficient."""
        begin, end = self._row_starts[rows], self._row_starts[rows + 1]
        entries = ranges(begin, end)
        return np.repeat(np.arange(len(rows)), end - begin), self.rules.cell[entries], self.rules.coef[entries]


def times(table: Table, low: np.ndarray, high: np.ndarray, moves: Moves) -> tuple[np.ndarray, np.ndarray]:
    """How many times each move can be made from the truth, backwards and onwards: least <= 0 <= most.

    Every whole number of times between them gives a legal table too: bounds and rules are linear, and the truth obeys
    them. A move that breaks an equation can be made 0 times.
    """
    least, most = np.full(moves.count, -FAR_OFF), np.full(moves.count, FAR_OFF)
    truth, cell = table.truth, moves.cell
    _limit((least, most), moves.move, moves.delta, low[cell] - truth[cell], high[cell] - truth[cell])
    which, row, coef = table.rules_of(cell)
    touched, place = np.unique(moves.move[which] * len(table.rules.equal) + row, return_inverse=True)
    change = np.zeros(len(touched), np.int64)
    np.add.at(change, place, coef * moves.delta[which])
    move, row = (part[change != 0] for part in np.divmod(touched, max(len(table.rules.equal), 1)))
    equal = table.rules.equal[row]
    _limit((least, most), move, change[change != 0], -table.sums[row], np.where(equal, 0, np.iinfo(np.int64).max))
    least[move[equal]] = most[move[equal]] = 0
    return np.minimum(least, 0), np.maximum(most, 0)


def _limit(
    limits: tuple[np.ndarray, np.ndarray], move: np.ndarray, change: np.ndarray, down: np.ndarray, up: np.ndarray
) -> None:
    """Narrows limits (least, most) so that `down <= times * change <= up`, where down <= 0 <= up."""
    least, most = limits
    size = np.abs(change)
    np.minimum.at(most, move, np.where(change > 0, up, -down) // size)
    np.maximum.at(least, move, -(np.where(change > 0, -down, up) // size))


class Groups:
    """Which figures depend on each other (solve.components) within some bounds, and where each stands in its group."""

    def __init__(self, table: Table, bounds: tuple[np.ndarray, np.ndarray], label: np.ndarray):
        self.table, self.label = table, label
        self.within(bounds)
        self.place, self.sizes = _numbered(label, len(label))
        of_row = np.zeros(len(table.rules.equal), np.int64)
        entries = self.free[table.rules.cell]
        of_row[table.rules.row[entries]] = label[table.rules.cell[entries]]
        self.row_place, self.row_sizes = _numbered(of_row, len(label))

    def within(self, bounds: tuple[np.ndarray, np.ndarray]) -> None:
        """Takes other bounds, none of them wider."""
        self.down, self.up = (np.clip(bound - self.table.truth, -FAR_OFF, FAR_OFF) for bound in bounds)
        self.free = self.down < self.up


def _numbered(label: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """The place of each among those with the same label, and how many there are of each label."""
    order, sizes = np.argsort(label, kind="stable"), np.bincount(label, minlength=count)
    place = np.zeros(len(label), np.int64)
    place[order] = np.arange(len(label)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return place, sizes


def search(groups: Groups, goals: tuple[np.ndarray, np.ndarray], seed: int) -> Moves:
    """Moves that change each figure of `goals` by the offset beside it, where one is found soon.

    A search starts with that one change. While rules are broken, it chooses one of them by chance (seeded), and in it
    the change of one figure that mends most in all rules together.
    """
    cells, offsets = goals
    ends = np.cumsum(groups.sizes[groups.label[cells]] + groups.row_sizes[groups.label[cells]])
    found = Moves.none()
    for part in np.split(np.arange(len(cells)), np.flatnonzero(np.diff(ends // PLACES)) + 1):
        if len(part):
            found = found.with_(_Searches(groups, cells[part], offsets[part]).run(seed))
    return found


class _Searches:
    """Searches that run together; each with its own places in `delta` (per figure) and `change` (per rule)."""

    def __init__(self, groups: Groups, cells: np.ndarray, offsets: np.ndarray):
        self.groups, self.table, self.cells, self.offsets = groups, groups.table, cells, offsets
        sizes, row_sizes = groups.sizes[groups.label[cells]], groups.row_sizes[groups.label[cells]]
        self.base, self.row_base = np.cumsum(sizes) - sizes, np.cumsum(row_sizes) - row_sizes
        self.delta, self.change = np.zeros(sizes.sum(), np.int32), np.zeros(row_sizes.sum(), np.int32)
        self.log = []

    def run(self, seed: int) -> Moves:
        """The moves of the searches that ended with every rule whole."""
        rng, everyone = np.random.default_rng(seed), np.arange(len(self.cells))
        alive, whole = np.ones(len(everyone), bool), np.zeros(len(everyone), bool)
        touched = self._make(everyone, self.cells, self.offsets)
        for _ in range(CHANGES):
            touched = self._broken(*touched, alive)
            who, row, excess = touched
            busy = np.bincount(who, minlength=len(everyone)) > 0
            whole |= alive & ~busy
            alive &= busy
            if not len(who):
                break
            pick = _first_of_each(who, rng.random(len(who)))
            chosen = self._best(who[pick], row[pick], excess[pick], rng)
            alive[who[pick]] = False
            alive[chosen[0]] = True
            made = self._make(*chosen)
            touched = np.concatenate([who, made[0]]), np.concatenate([row, made[1]])
        who, cell = (np.concatenate(parts) for parts in zip(*self.log, strict=True))
        who, cell = np.divmod(np.unique(who * len(self.table.truth) + cell), len(self.table.truth))
        delta = self.delta[self.base[who] + self.groups.place[cell]].astype(np.int64)
        keep = whole[who] & (delta != 0)
        done, move = np.unique(who[keep], return_inverse=True)
        return Moves(move, cell[keep], delta[keep], len(done))

    def _make(self, who: np.ndarray, cell: np.ndarray, amount: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Makes one change in each of some searches; returns the rules that it touches."""
        self.log.append((who, cell))
        self.delta[self.base[who] + self.groups.place[cell]] += amount.astype(np.int32)
        place, row, coef = self.table.rules_of(cell)
        # A rule holds a figure once, so no place comes twice.
        self.change[self.row_base[who[place]] + self.groups.row_place[row]] += (coef * amount[place]).astype(np.int32)
        return who[place], row

    def _excess(self, row: np.ndarray, change: np.ndarray) -> np.ndarray:
        """By how much rules are broken after a change of their sums: 0 when they hold."""
        return np.where(self.table.rules.equal[row], change, np.minimum(change + self.table.sums[row], 0))

    def _broken(self, who: np.ndarray, row: np.ndarray, alive: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Of the rules that were touched in searches that go on, those that are broken, and by how much."""
        rows = len(self.table.rules.equal)
        who, row = np.divmod(np.unique(who * rows + row), max(rows, 1))
        excess = self._excess(row, self.change[self.row_base[who] + self.groups.row_place[row]].astype(np.int64))
        keep = (excess != 0) & alive[who]
        return who[keep], row[keep], excess[keep]

    def _best(
        self, who: np.ndarray, row: np.ndarray, excess: np.ndarray, rng: np.random.Generator
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The change that mends most, for one broken rule of each of some searches; none where nothing can."""
        place, cell, coef = self.table.figures_of(row)
        free = self.groups.free[cell]
        place, cell, coef = place[free], cell[free], coef[free]
        who, wanted = who[place], -excess[place]
        now = self.delta[self.base[who] + self.groups.place[cell]].astype(np.int64)
        amount = np.sign(wanted * coef) * (-(-np.abs(wanted) // np.abs(coef)))
        amount = np.clip(amount, self.groups.down[cell] - now, self.groups.up[cell] - now)
        # The goal itself stays as it is, and nothing is taken back: that would go round in circles.
        may = (amount * coef * wanted > 0) & (cell != self.cells[who]) & (now * amount >= 0)
        who, cell, amount = who[may], cell[may], amount[may]
        place, touched, coef = self.table.rules_of(cell)
        before = self.change[self.row_base[who[place]] + self.groups.row_place[touched]].astype(np.int64)
        after = before + coef * amount[place]
        worse = np.abs(self._excess(touched, after)) - np.abs(self._excess(touched, before))
        score = np.bincount(place, worse, len(cell)) / np.abs(self.offsets[who]) + rng.random(len(cell)) * CHANCE
        best = _first_of_each(who, score)
        return who[best], cell[best], amount[best]


def _first_of_each(who: np.ndarray, score: np.ndarray) -> np.ndarray:
    """Where the lowest score of each is; `who` is sorted."""
    starts = np.flatnonzero(np.r_[True, np.diff(who) != 0][: len(who)])
    if not len(starts):
        return starts
    lowest = np.repeat(np.minimum.reduceat(score, starts), np.diff(np.r_[starts, len(who)]))
    found = np.flatnonzero(score == lowest)
    return found[np.r_[True, np.diff(who[found]) != 0]]
