"""Moves against enumeration of all tables: each value that is called possible is so, and no move outlives its rules."""

import numpy as np
import pytest

from tests.validations.disclosure.small import enumerated, linked, rules_of, shown_or_hidden, square, weighted
from validations.disclosure.links import Rules
from validations.disclosure.moves import Groups, Moves, Table, search, times
from validations.disclosure.proof import AWAY, Asked, Proof
from validations.disclosure.solve import components


def proven(rules: Rules, low: np.ndarray, high: np.ndarray, truth: np.ndarray) -> Proof:
    """What searches for every value within bounds prove."""
    everything = np.ones(len(truth), bool)
    asked = Asked(everything, np.full(len(truth), 9), ~everything)
    binding = rules.binding(low, high)
    groups = Groups(Table(binding, truth), (low, high), components(binding, low < high))
    proof = Proof(Table(rules, truth), asked, low, high)
    for offset in range(-9, 10):
        cells = np.flatnonzero((truth + offset >= low) & (truth + offset <= high)) if offset else np.zeros(0, int)
        for seed in range(2):
            proof.add(search(groups, (cells, np.full(len(cells), offset)), seed))
    return proof


def values(proof: Proof) -> list[set[int]]:
    """The values of each figure that are called possible."""
    away = range(-AWAY, AWAY + 1)
    truth = proof.table.truth.tolist()
    return [{t + d for d in away if int(bits) >> (AWAY + d) & 1} for t, bits in zip(truth, proof.values, strict=True)]


@pytest.mark.parametrize("case", [square, linked, weighted])
def test_what_is_proven_is_what_enumeration_finds(case):
    """Nothing that is not possible; and what is possible is found nearly always: what is not, programs decide about."""
    rng, found, there, gaps = np.random.default_rng(3), 0, 0, 0
    for _ in range(40):
        rules, truth, inner, complete = case(rng)
        low, high = shown_or_hidden(rng, truth, 4)
        if case is weighted:
            # Who has two regelingen is not told, all others are.
            low, high = truth.copy(), truth.copy()
            low[[0, 2, 4]], high[[0, 2, 4]] = 0, 30
        answer, claimed = enumerated(rules, low, high, inner, complete), values(proven(rules, low, high, truth))
        assert all(ours <= theirs for ours, theirs in zip(claimed, answer, strict=True))
        found, there = found + sum(map(len, claimed)), there + sum(map(len, answer))
        gaps += sum(len(theirs) <= max(theirs) - min(theirs) for theirs in answer)
    assert found >= 0.97 * there
    # Between two legal tables there need be none: the ends of an interval would have claimed too much.
    assert (gaps > 0) is (case is weighted)


def moved(*changes: tuple[int, int, int]) -> Moves:
    move, cell, delta = (np.array(column) for column in zip(*changes, strict=True))
    return Moves(move, cell, delta, int(move.max()) + 1)


def test_a_move_that_breaks_a_rule_or_a_bound_proves_nothing():
    """a + b = c, c >= d; all between 0 and 9."""
    rules = rules_of(([2], [0, 1], True), ([2], [3], False))
    truth, low, high = np.array([2, 3, 5, 4]), np.zeros(4, int), np.full(4, 9)
    moves = moved((0, 0, 1), (1, 0, 1), (1, 1, -1), (2, 0, -1), (2, 2, -1), (3, 3, 1), (4, 0, 1), (4, 1, 1), (4, 2, 1))
    least, most = times(Table(rules, truth), low, high, moves)
    # Alone; beside its opposite; down with the sum as far as d lets it; d up to c; a sum that does not fit.
    assert list(zip(least.tolist(), most.tolist(), strict=True)) == [(0, 0), (-2, 3), (-4, 1), (-4, 1), (0, 0)]
    asked = Asked(np.ones(4, bool), np.full(4, 4), np.zeros(4, bool))
    proof = Proof(Table(rules, truth), asked, low, high)
    proof.add(moves)
    assert values(proof)[0] == {0, 1, 2, 3, 4, 5, 6}
    assert not len(proof.open(np.arange(4)))


def test_what_is_told_more_closely_is_no_longer_proven_and_comes_back():
    rules = rules_of(([2], [0, 1], True))
    truth, low, high = np.array([2, 3, 5]), np.zeros(3, int), np.full(3, 9)
    proof = Proof(Table(rules, truth), Asked(np.ones(3, bool), np.full(3, 4), np.zeros(3, bool)), low, high)
    proof.add(moved((0, 0, 1), (0, 1, -1), (1, 0, 1), (1, 2, 1)))
    before = values(proof)
    assert proof.change(2, 5, 5).tolist() == [0, 2]
    assert values(proof)[2] == {5}
    assert values(proof)[0] == {0, 1, 2, 3, 4, 5}
    assert proof.change(1, 3, 4).tolist() == [0, 1]
    assert values(proof)[0] == {1, 2}
    proof.change(1, 0, 9)
    proof.change(2, 0, 9)
    assert values(proof) == before


def test_a_rule_that_nothing_within_the_bounds_can_break_ties_nothing():
    """a >= b, b >= c and c = d: where a is 8 or 9 and b at most 5, the first falls away; an equation always ties."""
    rules = rules_of(([0], [1], False), ([1], [2], False), ([2], [3], True))
    low, high = np.array([8, 0, 0, 0]), np.array([9, 5, 5, 5])
    left = rules.binding(low, high)
    assert (left.row.tolist(), left.cell.tolist(), left.equal.tolist()) == ([0, 0, 1, 1], [1, 2, 2, 3], [False, True])
    assert len(rules.binding(low - [4, 0, 0, 0], high).equal) == 3
    assert components(left, low < high)[0] != components(left, low < high)[1]
