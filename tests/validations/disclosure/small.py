"""Tables so small that every legal one can be written down: what attack and programs find is held against that."""

from collections.abc import Callable
from itertools import product

import numpy as np

from validations.disclosure.links import Rules

# Rules, the truth, which figures are inside, and how values of these complete to tables.
Case = tuple[Rules, np.ndarray, list[int], Callable[[tuple[int, ...]], list[list[int]]]]


def rules_of(*rules: tuple[list[int], list[int], bool]) -> Rules:
    rows = [(i, c, s) for i, (plus, minus, _) in enumerate(rules) for cs, s in ((plus, 1), (minus, -1)) for c in cs]
    row, cell, coef = (np.array(column) for column in zip(*rows, strict=True))
    return Rules(row, cell, coef, np.array([equal for _, _, equal in rules]))


def two_way(rows: int, columns: int) -> Rules:
    """Rules of a table with its totals in the last row and column; figure i, j is i * columns + j."""
    at = np.arange(rows * columns).reshape(rows, columns)
    across = [([int(at[i, -1])], at[i, :-1].tolist(), True) for i in range(rows)]
    return rules_of(*across, *(([int(at[-1, j])], at[:-1, j].tolist(), True) for j in range(columns)))


def square(rng: np.random.Generator) -> Case:
    """A table of two rows and columns with its totals; what is inside, and how that completes."""
    a, b, c, d = rng.integers(0, 6, 4)

    def complete(values: tuple[int, ...]) -> list[list[int]]:
        a, b, c, d = values
        return [[a, b, a + b, c, d, c + d, a + c, b + d, a + b + c + d]]

    return two_way(3, 3), np.array(complete((a, b, c, d))[0]), [0, 1, 3, 4], complete


def linked(rng: np.random.Generator) -> Case:
    """Two areas and their sum, of two regelingen and their unique persons; the second counts for at most two units."""
    sums = [([3 * t + 2], [3 * t, 3 * t + 1], True) for t in range(3)]
    least = [([6 + i], [t * 3 + i], False) for t in range(2) for i in range(3)]
    rules = rules_of(*sums, *least, *(([i, 3 + i], [6 + i], False) for i in range(3)))
    parts = rng.integers(0, 5, (2, 2))
    unique = np.array([rng.integers(max(column), sum(column) + 1) for column in parts.T])

    def complete(values: tuple[int, ...]) -> list[list[int]]:
        a, b, c, d, e, f = values
        return [[a, b, a + b, c, d, c + d, e, f, e + f]]

    return rules, np.array(complete((*parts[0], *parts[1], *unique))[0]), [0, 1, 3, 4, 6, 7], complete


def weighted(rng: np.random.Generator) -> Case:
    """Persons (0) in one, two or three regelingen (1, 2, 3), and how many regelingen that is together (4)."""
    one, two, three = rng.integers(0, 5, 3)
    rules = Rules(
        np.array([0, 0, 0, 0, 1, 1, 1, 1]),
        np.array([0, 1, 2, 3, 1, 2, 3, 4]),
        np.array([1, -1, -1, -1, 1, 2, 3, -1]),
        np.array([True, True]),
    )

    def complete(values: tuple[int, ...]) -> list[list[int]]:
        a, b, c = values
        return [[a + b + c, a, b, c, a + 2 * b + 3 * c]]

    return rules, np.array(complete((one, two, three))[0]), [1, 2, 3], complete


def enumerated(rules: Rules, low: np.ndarray, high: np.ndarray, inner: list[int], outer) -> list[set[int]]:
    """The values of each figure over all whole tables; `outer` completes the inner figures."""
    tables = []
    for values in product(*(range(low[i], high[i] + 1) for i in inner)):
        tables += outer(values)
    legal = np.array(tables)
    legal = legal[((legal >= low) & (legal <= high)).all(1)]
    sums = np.zeros((len(legal), len(rules.equal)), int)
    np.add.at(sums.T, rules.row, (legal[:, rules.cell] * rules.coef).T)
    legal = legal[(np.where(rules.equal, sums == 0, sums >= 0)).all(1)]
    return [set(column.tolist()) for column in legal.T]


def shown_or_hidden(rng: np.random.Generator, truth: np.ndarray, threshold: int) -> tuple[np.ndarray, np.ndarray]:
    """Bounds of a small threshold: hidden 0..threshold-1, shown one off at most."""
    near = truth + rng.integers(-1, 1, len(truth))
    low = np.where(truth < threshold, 0, np.maximum(near, threshold))
    return low, np.where(truth < threshold, threshold - 1, near + 1)
