"""Propagation and programs against published answers and enumeration of all tables."""

from itertools import product

import numpy as np
import pytest

from validations.disclosure.links import Rules
from validations.disclosure.reader import FAR
from validations.disclosure.solve import Program, propagate


def rules_of(*rules: tuple[list[int], list[int], bool]) -> Rules:
    rows = [(i, c, s) for i, (plus, minus, _) in enumerate(rules) for cs, s in ((plus, 1), (minus, -1)) for c in cs]
    row, cell, coef = (np.array(column) for column in zip(*rows, strict=True))
    return Rules(row, cell, coef, np.array([equal for _, _, equal in rules]))


def intervals(rules: Rules, low: np.ndarray, high: np.ndarray, truth: np.ndarray) -> list[tuple[int, int]]:
    """The least and the most of each figure by linear programs alone."""
    program = Program(rules, (low, high), truth, np.arange(len(truth)))
    any_low, any_high = np.array([-FAR]), np.array([FAR])
    return [
        tuple(round(program.solve(np.array([i]), sign, any_low, any_high)[i]) for sign in (-1, 1))  # pyright: ignore
        for i in range(len(truth))
    ]


# --- known answers ---------------------------------------------------------------------------------------------------

# sdcTable, tests/testthat/test-simpleheuristic.R: rows w, x, y, z and their total; columns a, b, c, d and their total.
TABLE = np.array(
    [
        [30, 47, 64, 89, 230],
        [90, 124, 5, 31, 250],
        [92, 100, 59, 85, 336],
        [800, 991, 651, 685, 3127],
        [1012, 1262, 779, 890, 3943],
    ]
)
HIDDEN = ["wa", "wb", "wc", "xa", "xc", "yb", "yd", "zb", "zd"]
WB = 1


def two_way(rows: int, columns: int) -> Rules:
    """Rules of a table with its totals in the last row and column; figure i, j is i * columns + j."""
    at = np.arange(rows * columns).reshape(rows, columns)
    across = [([int(at[i, -1])], at[i, :-1].tolist(), True) for i in range(rows)]
    return rules_of(*across, *(([int(at[-1, j])], at[:-1, j].tolist(), True) for j in range(columns)))


@pytest.mark.parametrize(("also", "answer"), [([], (47, 47)), (["xd"], (0, 78)), (["xb"], (0, 141))])
def test_the_vector_of_sdctable(also: list[str], answer: tuple[int, int]):
    table = TABLE.copy()
    table[-1] = table[:-1].sum(0)
    truth = table.ravel()
    low, high = truth.copy(), truth.copy()
    for name in HIDDEN + also:
        figure = "wxyz".index(name[0]) * 5 + "abcd".index(name[1])
        low[figure], high[figure] = 0, FAR
    rules = two_way(5, 5)
    assert intervals(rules, low, high, truth)[WB] == answer
    by_rules = tuple(bound[WB] for bound in propagate(rules, low, high))
    assert by_rules[0] <= answer[0]
    assert by_rules[1] >= answer[1]


def enumerated(rules: Rules, low: np.ndarray, high: np.ndarray, inner: list[int], outer) -> list[tuple[int, int]]:
    """The least and the most of each figure over all whole tables; `outer` completes the inner figures."""
    tables = []
    for values in product(*(range(low[i], high[i] + 1) for i in inner)):
        tables += outer(values)
    legal = np.array(tables)
    legal = legal[((legal >= low) & (legal <= high)).all(1)]
    sums = np.zeros((len(legal), len(rules.equal)), int)
    np.add.at(sums.T, rules.row, (legal[:, rules.cell] * rules.coef).T)
    legal = legal[(np.where(rules.equal, sums == 0, sums >= 0)).all(1)]
    return list(zip(legal.min(0).tolist(), legal.max(0).tolist(), strict=True))


def shown_or_hidden(rng: np.random.Generator, truth: np.ndarray, threshold: int) -> tuple[np.ndarray, np.ndarray]:
    """Bounds of a small threshold: hidden 0..threshold-1, shown one off at most."""
    near = truth + rng.integers(-1, 1, len(truth))
    low = np.where(truth < threshold, 0, np.maximum(near, threshold))
    return low, np.where(truth < threshold, threshold - 1, near + 1)


def test_linear_programs_equal_enumeration():
    rng, rules, compared = np.random.default_rng(7), two_way(3, 3), 0
    for _ in range(150):
        table = np.zeros((3, 3), int)
        table[:2, :2] = rng.integers(0, 6, (2, 2))
        table[:2, 2], table[2] = table[:2, :2].sum(1), 0
        table[2] = table.sum(0)
        truth = table.ravel()
        low, high = shown_or_hidden(rng, truth, 4)

        def complete(values: tuple[int, ...]) -> list[list[int]]:
            a, b, c, d = values
            return [[a, b, a + b, c, d, c + d, a + c, b + d, a + b + c + d]]

        answer = enumerated(rules, low, high, [0, 1, 3, 4], complete)
        assert intervals(rules, low, high, truth) == answer
        least, most = propagate(rules, low, high)
        assert all(lo <= a and b <= hi for (a, b), lo, hi in zip(answer, least, most, strict=True))
        compared += len(answer)
    assert compared == 1350


def test_linked_persons_equal_enumeration():
    """Two areas and their sum (figures 0..2, 3..5, 6..8) of two regelingen and their unique persons."""
    sums = [([3 * t + 2], [3 * t, 3 * t + 1], True) for t in range(3)]
    least = [([6 + i], [t * 3 + i], False) for t in range(2) for i in range(3)]
    rules = rules_of(*sums, *least, *(([i, 3 + i], [6 + i], False) for i in range(3)))
    rng = np.random.default_rng(11)
    for _ in range(60):
        parts = rng.integers(0, 5, (2, 2))
        unique = np.array([rng.integers(max(column), sum(column) + 1) for column in parts.T])
        truth = np.array([[*row, row.sum()] for row in (*parts, unique)]).ravel()
        low, high = shown_or_hidden(rng, truth, 4)

        def complete(values: tuple[int, ...]) -> list[list[int]]:
            a, b, c, d, e, f = values
            return [[a, b, a + b, c, d, c + d, e, f, e + f]]

        answer = enumerated(rules, low, high, [0, 1, 3, 4, 6, 7], complete)
        assert intervals(rules, low, high, truth) == answer
