"""Propagation and programs against published answers and enumeration of all tables."""

import numpy as np
import pytest

from tests.validations.disclosure.small import enumerated, linked, shown_or_hidden, square, two_way, weighted
from validations.disclosure.links import Rules
from validations.disclosure.reader import FAR
from validations.disclosure.solve import SLACK, Program, propagate


def ends(rules: Rules, low: np.ndarray, high: np.ndarray, truth: np.ndarray) -> list[tuple[int, int]]:
    """The least and the most of each figure by linear programs alone, rounded to whole numbers within."""
    program = Program(rules, (low, high), truth, np.arange(len(truth)))
    return [
        (int(np.ceil(program.end(i, -1) - SLACK)), int(np.floor(program.end(i, 1) + SLACK))) for i in range(len(truth))
    ]


def values(rules: Rules, low: np.ndarray, high: np.ndarray, truth: np.ndarray) -> list[set[int]]:
    """The values of each figure for which a program gives a whole table."""
    program, found = Program(rules, (low, high), truth, np.arange(len(truth))), []
    for figure in range(len(truth)):
        asked = range(low[figure], high[figure] + 1)
        tables = {value: program.table(figure, value) for value in asked}
        assert all(table is None or legal(rules, low, high, table, figure, value) for value, table in tables.items())
        found.append({value for value, table in tables.items() if table is not None})
    return found


def legal(rules: Rules, low: np.ndarray, high: np.ndarray, table: np.ndarray, figure: int, value: int) -> bool:
    """Whether a table is one, with this value, in whole numbers."""
    sums = np.zeros(len(rules.equal))
    np.add.at(sums, rules.row, rules.coef * table[rules.cell])
    within = (table >= low).all() and (table <= high).all() and (table == np.round(table)).all()
    return bool(within and table[figure] == value and np.where(rules.equal, sums == 0, sums >= 0).all())


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
    assert ends(rules, low, high, truth)[WB] == answer
    by_rules = tuple(bound[WB] for bound in propagate(rules, low, high))
    assert by_rules[0] <= answer[0]
    assert by_rules[1] >= answer[1]


@pytest.mark.parametrize(("case", "times"), [(square, 150), (linked, 60), (weighted, 60)])
def test_programs_equal_enumeration(case, times: int):
    rng = np.random.default_rng(7)
    for _ in range(times):
        rules, truth, inner, complete = case(rng)
        low, high = shown_or_hidden(rng, truth, 4)
        answer = enumerated(rules, low, high, inner, complete)
        assert values(rules, low, high, truth) == answer
        least, most = propagate(rules, low, high)
        assert all(lo <= min(a) and max(a) <= hi for a, lo, hi in zip(answer, least, most, strict=True))
        outer = ends(rules, low, high, truth)
        assert all(lo <= min(a) and max(a) <= hi for a, (lo, hi) in zip(answer, outer, strict=True))
        if case is square:
            assert outer == [(min(found), max(found)) for found in answer]
