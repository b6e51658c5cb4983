"""Bounds and linear programs over figures and rules; knows nothing of areas, months or statuses.

A program looks for a legal table in which one figure has a certain value, where no move was found soon (moves.py). Over
linked persons a solution need not be whole; then a whole one is looked for, as a reader knows that nobody is half a
client. What is not proven by whole tables counts as broken.
"""

import numpy as np

from validations.disclosure.links import Rules
from validations.disclosure.reader import FAR

ROUNDS = 100
SLACK = 1e-6
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
    size = np.abs(rules.coef)
    weighted = (size > 1).any()
    for _ in range(ROUNDS):
        least = np.where(plus, low[cell], -high[cell]) * size
        most = np.where(plus, high[cell], -low[cell]) * size
        # What the others leave for this term: at least minus their most; in an equation at most minus their least.
        floor = most - np.bincount(row, most, count).astype(np.int64)[row]
        ceiling = np.where(both, least - np.bincount(row, least, count).astype(np.int64)[row], FAR * size)
        if weighted:
            floor, ceiling = -(-floor // size), ceiling // size
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
    """A linear program over `figures` (sorted), all others at the truth. `bounds` (low, high), `truth`: of all."""

    def __init__(self, rules: Rules, bounds: tuple[np.ndarray, np.ndarray], truth: np.ndarray, figures: np.ndarray):
        self.figures = figures
        self._low, self._high = (bound[figures].astype(float) for bound in bounds)
        self._rows = _rows(rules.holding(figures), truth, figures)
        self._solver = _load(self._rows, self._low, self._high)

    def end(self, figure: int, sign: int) -> float:
        """The most (sign 1) or least (-1) that a figure can be, half persons allowed."""
        cost = np.zeros(len(self.figures))
        cost[np.searchsorted(self.figures, figure)] = -sign
        values = _solved(self._solver, cost, self._low, self._high)
        if values is None:
            raise ArithmeticError("de aanval: een lineair programma is niet opgelost")
        return -sign * float(cost @ values)

    def table(self, figure: int, value: int) -> np.ndarray | None:
        """The values of `figures` in a legal table where one has this value; None when none is found soon.

        A table in whole numbers is looked for near the one of the linear program first: most of that is whole.
        """
        low, high = self._low.copy(), self._high.copy()
        place = np.searchsorted(self.figures, figure)
        low[place] = high[place] = value
        values = _solved(self._solver, np.zeros(len(low)), low, high)
        if values is None:
            return None
        free = np.abs(values - np.round(values)) > SLACK
        if not free.any():
            return np.round(values)
        for _ in range(2):
            free = self._and_beside(free)
            fixed = np.round(values)
            found = self._whole(np.where(free, low, fixed), np.where(free, high, fixed))
            if found is not None:
                return found
        return self._whole(low, high)

    def _and_beside(self, columns: np.ndarray) -> np.ndarray:
        """These columns, and those that share a rule with one of them."""
        begins, column, *_ = self._rows
        row = np.repeat(np.arange(len(begins)), np.diff(np.r_[begins, len(column)]))
        beside = columns.copy()
        beside[column[np.isin(row, row[columns[column]])]] = True
        return beside

    def _whole(self, low: np.ndarray, high: np.ndarray) -> np.ndarray | None:
        """A table in whole numbers within bounds that is found soon: whichever, as nothing is asked to be the most."""
        import highspy

        solver = _load(self._rows, low, high)
        index = np.arange(len(low), dtype=np.int32)
        solver.changeColsIntegrality(len(low), index, np.ones(len(low), np.uint8))
        solver.setOptionValue("mip_max_nodes", NODES)
        solver.setOptionValue("mip_max_improving_sols", 1)
        solver.run()
        found = solver.getInfo().primal_solution_status == int(highspy.SolutionStatus.kSolutionStatusFeasible)
        return np.round(solver.getSolution().col_value) if found else None


def _solved(solver, cost: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray | None:
    """The best solution with another goal and other bounds; None when there is none. Raises ArithmeticError."""
    import highspy

    index = np.arange(len(cost), dtype=np.int32)
    solver.changeColsCost(len(cost), index, cost)
    solver.changeColsBounds(len(cost), index, low, high)
    solver.run()
    if solver.getModelStatus() == highspy.HighsModelStatus.kOptimal:
        return np.array(solver.getSolution().col_value)
    # From the last solution it sometimes loses its way; from the start it does not.
    solver.clearSolver()
    solver.run()
    if solver.getModelStatus() == highspy.HighsModelStatus.kOptimal:
        return np.array(solver.getSolution().col_value)
    if solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
        return None
    raise ArithmeticError("de aanval: een lineair programma is niet opgelost")


def _rows(
    rules: Rules, truth: np.ndarray, figures: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The rules over the figures, what is not free filled in: starts, columns, coefficients, lower and upper."""
    row, cell, coef = rules.row, rules.cell, rules.coef
    place = np.minimum(np.searchsorted(figures, cell), len(figures) - 1)
    free = figures[place] == cell
    known = np.bincount(row, np.where(free, 0, coef * truth[cell]), len(rules.equal))
    row, column, coef = row[free], place[free], coef[free]
    starts = np.flatnonzero(np.r_[True, np.diff(row) != 0][: len(row)])
    least = -known[row[starts]]
    return starts, column, coef, least, np.where(rules.equal[row[starts]], least, np.inf)


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
    # Started anew for each figure, with bounds that change: dual simplex.
    solver.setOptionValue("simplex_strategy", 1)
    solver.passModel(model)
    return solver
