"""Bounds and linear programs over figures and rules; knows nothing of areas, months or statuses.

A solution of a program is a legal table: one widens the proven interval of many figures at once. The truth is the
first. Over linked persons a solution need not be whole; then a whole one is looked for, as a reader knows that nobody
is half a client. What is not proven by whole tables counts as broken.
"""

import numpy as np

from validations.disclosure.links import Rules
from validations.disclosure.reader import FAR

ROUNDS = 100
SLACK = 1e-6
NEARLY = 0.02  # for many goals at once a table this near to the best will do
NODES = 2000  # of branch and bound: an end that does not hang on the clock


def propagate(rules: Rules, low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The bounds that each rule by itself forces, repeated until nothing changes. Sound, not complete."""
    low, high = low.astype(np.int64), high.astype(np.int64)
    if not len(rules.row):
        return low, high
    row, cell, plus, count = rules.row, rules.cell, rules.coef > 0, len(rules.equal)
    order = np.argsort(cell, kind="stable")
    sorted_cells = cell[order]
    starts = np.flatnonzero(np.r_[True, sorted_cells[1:] != sorted_cells[:-1]])
    touched = sorted_cells[starts]
    both = rules.equal[row]
    for _ in range(ROUNDS):
        least = np.where(plus, low[cell], -high[cell])
        most = np.where(plus, high[cell], -low[cell])
        # What the others leave for this term: at least minus their most; in an equation at most minus their least.
        floor = most - np.bincount(row, most, count).astype(np.int64)[row]
        ceiling = np.where(both, least - np.bincount(row, least, count).astype(np.int64)[row], FAR)
        lower, upper = np.where(plus, floor, -ceiling), np.where(plus, ceiling, -floor)
        new_low = np.maximum(low[touched], np.maximum.reduceat(lower[order], starts))
        new_high = np.minimum(high[touched], np.minimum.reduceat(upper[order], starts))
        if (new_low == low[touched]).all() and (new_high == high[touched]).all():
            break
        low[touched], high[touched] = new_low, new_high
        if (low > high).any():
            break
    return low, high


def components(rules: Rules, free: np.ndarray) -> np.ndarray:
    """A number per figure: free figures with the same number depend on each other. Fixed figures connect nothing."""
    label = np.arange(len(free))
    keep = free[rules.cell]
    row, cell = rules.row[keep], rules.cell[keep]
    if not len(row):
        return label
    while True:
        lowest = np.full(len(rules.equal), len(free))
        np.minimum.at(lowest, row, label[cell])
        new = label.copy()
        np.minimum.at(new, cell, lowest[row])
        new = new[new]
        if (new == label).all():
            return label
        label = new


class Program:
    """A linear program over `figures` (sorted), all others at the truth.

    `bounds` (low, high), `truth`: of all figures. `same_as`: which of `figures` each moves along with.
    """

    def __init__(
        self,
        rules: Rules,
        bounds: tuple[np.ndarray, np.ndarray],
        truth: np.ndarray,
        figures: np.ndarray,
        same_as: np.ndarray | None = None,
    ):
        self.figures = figures
        stands_for = figures if same_as is None else same_as
        columns = np.unique(stands_for)
        self.column = np.searchsorted(columns, stands_for)
        self.offset = truth[self.figures] - truth[stands_for]
        self.low, self.high = np.full(len(columns), -FAR, float), np.full(len(columns), FAR, float)
        np.maximum.at(self.low, self.column, bounds[0][self.figures] - self.offset)
        np.minimum.at(self.high, self.column, bounds[1][self.figures] - self.offset)
        self._truth = truth[columns].astype(float)
        self._rows = _rows(rules.holding(figures), truth, figures, stands_for, columns)
        self._solver = _load(self._rows, self.low, self.high)
        self._whole = None

    def solve(self, wanted: np.ndarray, sign: int, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        """A legal table with the `wanted` (positions in `figures`) as large (sign 1) or small (-1) as goes.

        Each stays between its `low` and `high`, which hold the truth. Returns the values of `figures`.
        """
        import highspy

        column, offset = self.column[wanted], self.offset[wanted]
        cost = np.zeros(len(self.low))
        np.add.at(cost, column, -float(sign))
        least, most = self.low.copy(), self.high.copy()
        np.maximum.at(least, column, low - offset)
        np.minimum.at(most, column, high - offset)
        _aim(self._solver, cost, least, most)
        self._solver.run()
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            # From the last solution it sometimes loses its way; from the start it does not.
            self._solver.clearSolver()
            self._solver.run()
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise ArithmeticError("de aanval: een lineair programma is niet opgelost")
        values = np.array(self._solver.getSolution().col_value)
        if np.abs(values - np.round(values)).max(initial=0) > SLACK:
            values = self._solve_whole(cost, least, most, values)
        return np.round(values)[self.column] + self.offset

    def _solve_whole(self, cost: np.ndarray, least: np.ndarray, most: np.ndarray, broken: np.ndarray) -> np.ndarray:
        """The best table in whole numbers that is found soon; the truth when there is no better.

        First near the best table with `broken` numbers: most of that one is whole, and stays as it is. Enough when no
        whole table can be better, or for many goals at once nearly.
        """
        goals = np.count_nonzero(cost)
        bound = cost @ broken
        good = np.ceil(bound - SLACK) + SLACK if goals == 1 else bound + NEARLY * abs(bound)
        free = np.abs(broken - np.round(broken)) > SLACK
        for _ in range(2):
            fixed = np.round(broken)
            found = self._best_whole(cost, np.where(free, least, fixed), np.where(free, most, fixed))
            if found is not None and cost @ found <= good:
                return found
            free = self._and_beside(free)
        found = self._best_whole(cost, least, most, self._truth)
        return self._truth if found is None else found

    def _and_beside(self, columns: np.ndarray) -> np.ndarray:
        """With what shares a rule with one of `columns`."""
        begins, column, *_ = self._rows
        row = np.repeat(np.arange(len(begins)), np.diff(np.r_[begins, len(column)]))
        touched = np.isin(row, row[columns[column]])
        beside = columns.copy()
        beside[column[touched]] = True
        return beside

    def _best_whole(
        self, cost: np.ndarray, least: np.ndarray, most: np.ndarray, start_from: np.ndarray | None = None
    ) -> np.ndarray | None:
        """The best table in whole numbers within bounds that is found soon; None when none is found."""
        import highspy

        if self._whole is None:
            self._whole = _load(self._rows, self.low, self.high)
            index = np.arange(len(cost), dtype=np.int32)
            self._whole.changeColsIntegrality(len(cost), index, np.ones(len(cost), np.uint8))
            self._whole.setOptionValue("mip_abs_gap", 0.99)
            self._whole.setOptionValue("mip_max_nodes", NODES)
            # With presolve HiGHS 1.15 calls a worse table the best one (seen: 3 where a legal table has 4).
            self._whole.setOptionValue("presolve", "off")
        # For many at once nearly the best will do; for one it is its bound.
        self._whole.setOptionValue("mip_rel_gap", NEARLY if np.count_nonzero(cost) > 1 else 0.0)
        _aim(self._whole, cost, least, most)
        if start_from is not None:
            start = highspy.HighsSolution()
            start.col_value = start_from.tolist()
            self._whole.setSolution(start)
        self._whole.run()
        values = np.array(self._whole.getSolution().col_value)
        return values if len(values) and np.isfinite(self._whole.getInfo().mip_gap) else None


def _aim(solver, cost: np.ndarray, least: np.ndarray, most: np.ndarray) -> None:
    """Gives a solver another goal and other bounds."""
    index = np.arange(len(cost), dtype=np.int32)
    solver.changeColsCost(len(cost), index, cost)
    solver.changeColsBounds(len(cost), index, least, most)


def _rows(
    rules: Rules, truth: np.ndarray, figures: np.ndarray, target: np.ndarray, columns: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The rules over the columns, what is not free filled in: starts, columns, coefficients, lower and upper."""
    row, cell, coef = rules.row, rules.cell, rules.coef
    place = np.minimum(np.searchsorted(figures, cell), len(figures) - 1)
    is_free = figures[place] == cell
    stands_for = np.where(is_free, target[place], cell)
    fixed = np.where(is_free, truth[cell] - truth[stands_for], truth[cell])
    known = np.bincount(row, coef * fixed, len(rules.equal))
    row, column, coef = row[is_free], np.searchsorted(columns, stands_for[is_free]), coef[is_free]
    pairs, where = np.unique(row * len(columns) + column, return_inverse=True)
    total = np.bincount(where, coef, len(pairs))
    pairs, total = pairs[total != 0], total[total != 0]
    row, column = pairs // max(len(columns), 1), pairs % max(len(columns), 1)
    if not len(row):
        return np.zeros(0, int), column, total, np.zeros(0), np.zeros(0)
    starts = np.flatnonzero(np.r_[True, row[1:] != row[:-1]])
    numbers = row[starts]
    least = -known[numbers]
    equal = rules.equal[numbers]
    # Of rules with the same left side only the strictest says anything.
    mark = np.random.default_rng(0).integers(1, 2**40, len(columns))
    side = np.add.reduceat(total.astype(np.int64) * mark[column], starts)
    order = np.lexsort((-least, ~equal, side))
    first = np.r_[True, side[order][1:] != side[order][:-1]]
    chosen = np.sort(order[first])
    lengths = np.diff(np.r_[starts, len(row)])
    picked = np.repeat(np.isin(np.arange(len(starts)), chosen), lengths)
    begins = np.r_[0, np.cumsum(lengths[chosen])[:-1]]
    upper = np.where(equal[chosen], least[chosen], np.inf)
    return begins, column[picked], total[picked], least[chosen], upper


def _load(rows: tuple, low: np.ndarray, high: np.ndarray):
    """A silent HiGHS solver on one thread, holding the rules and bounds."""
    import highspy

    begins, column, coef, least, most = rows
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(low), len(least)
    model.col_cost_, model.col_lower_, model.col_upper_ = np.zeros(len(low)), low, high
    model.row_lower_, model.row_upper_ = least, most
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.r_[begins, len(column)].astype(np.int32)
    model.a_matrix_.index_, model.a_matrix_.value_ = column.astype(np.int32), coef.astype(float)
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("random_seed", 0)
    # Costs and bounds change, the last table stays legal: primal simplex goes on from it (dual: 100 times slower).
    solver.setOptionValue("simplex_strategy", 4)
    solver.passModel(model)
    return solver


class Witnesses:
    """The proven interval of every figure: the values it takes in some legal table. Starts from the truth."""

    def __init__(self, truth: np.ndarray, need: np.ndarray, sensitive: np.ndarray):
        self.truth, self.low, self.high = truth, truth.astype(float), truth.astype(float)
        self.need, self.sensitive = need, sensitive

    def open(self, figures: np.ndarray) -> np.ndarray:
        """Of `figures` the positions that are sensitive and not yet proven wide enough."""
        width = self.high[figures] - self.low[figures]
        return np.flatnonzero(self.sensitive[figures] & (width < self.need[figures] - SLACK))

    def add(self, figures: np.ndarray, low: np.ndarray, high: np.ndarray) -> None:
        """Takes up the values of figures in legal tables."""
        self.low[figures] = np.minimum(self.low[figures], low)
        self.high[figures] = np.maximum(self.high[figures], high)

    def widen(self, program: Program, rounds: int = 8, *, singly: bool = False) -> None:
        """Proves as many figures of a program as go at once; with `singly` the rest one by one."""
        for _ in range(rounds):
            left = len(self.open(program.figures))
            for direction in (1, -1):
                wanted = self.open(program.figures)
                if not len(wanted):
                    return
                self._push(program, wanted, direction)
            if len(self.open(program.figures)) == left:
                break
        for position in self.open(program.figures) if singly else ():
            for direction in (1, -1):
                if len(self.open(program.figures[[position]])):
                    self._push(program, np.array([position]), direction)

    def _push(self, program: Program, wanted: np.ndarray, direction: int) -> None:
        """One program: further than needed is of no use, and would take room from the others."""
        which = program.figures[wanted]
        low, high = np.full(len(which), -FAR, float), np.full(len(which), FAR, float)
        if direction == 1:
            high = np.maximum(self.low[which] + self.need[which], self.high[which])
        else:
            low = np.minimum(self.high[which] - self.need[which], self.low[which])
        values = program.solve(wanted, direction, low, high)
        self.add(program.figures, values, values)
