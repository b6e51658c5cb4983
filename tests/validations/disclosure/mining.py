"""Looks for relations between published indicators of one area and month: what holds in every row of some figures.

Knows nothing of the attack. A relation is `{name: weight}`, which adds up to 0 (equal) or to at least 0; a name is
(table, indicator, age group).
"""

from itertools import combinations
from typing import NamedTuple

import numpy as np
import polars as pl

PLACE = ["gemeentecode", "gebiedscode", "peildatum"]
NAME = ["tabel", "indicator", "leeftijdsgroep"]
WEIGHTS = (1, 2, -1, -2)
# Of what is hardly ever there anything seems true.
FEWEST = 10

Name = tuple[str, str, str]


class Relation(NamedTuple):
    """The sum of weight * figure is 0 when `equal`, else at least 0."""

    terms: frozenset[tuple[Name, int]]
    equal: bool

    def __str__(self) -> str:
        told = " ".join(f"{weight:+d} {'.'.join(name)}" for name, weight in sorted(self.terms))
        return f"{told} {'=' if self.equal else '>='} 0"


class Figures:
    """Exact figures (PLACE, NAME, aantal) as one column per name and one row per place; NaN where there is none."""

    def __init__(self, figures: pl.DataFrame) -> None:
        told = figures.drop_nulls("aantal").with_columns(naam=pl.concat_str(NAME, separator="|"))
        wide = told.pivot(on="naam", index=PLACE, values="aantal").sort(PLACE)
        self.names: list[Name] = [tuple(name.split("|")) for name in wide.columns[len(PLACE) :]]  # pyright: ignore[reportAttributeAccessIssue]
        self.place = {name: number for number, name in enumerate(self.names)}
        self.values = wide.drop(PLACE).cast(pl.Float64).to_numpy()

    def broken(self, relation: Relation) -> bool:
        """Whether some place is a counter-example; also of figures that are not there nothing is shown."""
        if not all(name in self.place for name, _ in relation.terms):
            return False
        total = sum(weight * self.values[:, self.place[name]] for name, weight in relation.terms)
        assert isinstance(total, np.ndarray)
        known = total[~np.isnan(total)]
        return bool((known != 0).any() if relation.equal else (known < 0).any())

    def frequent(self) -> list[int]:
        """The columns that are not zero in enough rows."""
        return np.flatnonzero(((self.values > 0) & ~np.isnan(self.values)).sum(0) >= FEWEST).tolist()


def mined(figures: Figures) -> set[Relation]:
    """What holds in all rows: a = w*b, a = v*b + w*c, a <= b and a <= 2b of all tables; a <= b + c of a table with any.

    What follows from a shorter one of these is left out.
    """
    found = _equal(figures) | _at_most(figures)
    return found | _at_most_a_sum(figures, found)


def _relation(figures: Figures, terms: dict[int, int], *, equal: bool) -> Relation:
    named = {figures.names[column]: weight for column, weight in terms.items()}
    # An equality said the other way round is the same.
    sign = -1 if equal and named[min(named)] < 0 else 1
    return Relation(frozenset((name, sign * weight) for name, weight in named.items()), equal)


def _equal(figures: Figures) -> set[Relation]:
    """Equalities by a random projection of the rows that all frequent columns have: equal sums meet in one number."""
    columns, found = figures.frequent(), set()
    # Flows and what one regeling has alone are there in fewer rows: each pattern of rows is tried by itself.
    for rows in {tuple(~np.isnan(figures.values[:, column])) for column in columns}:
        keep = np.array(rows)
        whole = [c for c in columns if not np.isnan(figures.values[keep, c]).any() and figures.values[keep, c].any()]
        cast = np.random.default_rng(1).integers(1, 2**40, keep.sum())
        mark = {c: int(figures.values[keep, c].astype(object) @ cast.astype(object)) for c in whole}
        by_mark: dict[int, list[int]] = {}
        for column, number in mark.items():
            by_mark.setdefault(number, []).append(column)
        found |= _multiples(figures, mark, by_mark) | _sums(figures, mark, by_mark)
    return found


def _multiples(figures: Figures, mark: dict[int, int], by_mark: dict[int, list[int]]) -> set[Relation]:
    return {
        _relation(figures, {other: 1, column: -weight}, equal=True)
        for column, number in mark.items()
        for weight in (1, 2, 3)
        for other in by_mark.get(weight * number, [])
        if other != column
    }


def _sums(figures: Figures, mark: dict[int, int], by_mark: dict[int, list[int]]) -> set[Relation]:
    return {
        _relation(figures, {other: 1, first: -v, second: -w}, equal=True)
        for first, second in combinations(mark, 2)
        if mark[first] != mark[second]
        for v in WEIGHTS
        for w in WEIGHTS
        for other in by_mark.get(v * mark[first] + w * mark[second], [])
        if other not in (first, second)
    }


def _at_most(figures: Figures) -> set[Relation]:
    values, found = figures.values, set()
    columns = figures.frequent()
    for column in columns:
        rest = values[:, columns] - values[:, [column]]
        twice = 2 * values[:, columns] - values[:, [column]]
        known = (~np.isnan(rest)).sum(0) >= FEWEST
        once = known & (np.nan_to_num(rest) >= 0).all(0)
        double = known & ~once & (np.nan_to_num(twice) >= 0).all(0)
        for weight, holds in ((1, once), (2, double)):
            for number in np.flatnonzero(holds):
                if columns[number] != column:
                    found.add(_relation(figures, {columns[number]: weight, column: -1}, equal=False))
    return found


def _at_most_a_sum(figures: Figures, found: set[Relation]) -> set[Relation]:
    """a <= b + c of one table, where neither a <= b nor a <= c."""
    by_table: dict[str, list[int]] = {}
    for column in figures.frequent():
        by_table.setdefault(figures.names[column][0], []).append(column)
    sums = set()
    for columns in by_table.values():
        for most in columns:
            rest = [c for c in columns if c != most]
            rest = [c for c in rest if _relation(figures, {c: 1, most: -1}, equal=False) not in found]
            for first, second in combinations(rest, 2):
                left = figures.values[:, first] + figures.values[:, second] - figures.values[:, most]
                known = left[~np.isnan(left)]
                if len(known) >= FEWEST and (known >= 0).all():
                    sums.add(_relation(figures, {first: 1, second: 1, most: -1}, equal=False))
    return sums


def planted(figures: pl.DataFrame, name: Name, parts: list[tuple[Name, int]]) -> pl.DataFrame:
    """The figures with one more, which is a weighted sum of others in every place."""
    keys = [pl.col(column) for column in PLACE]
    chosen = pl.concat(
        figures.filter(*(pl.col(c) == v for c, v in zip(NAME, part, strict=True))).select(
            *keys, aantal=weight * pl.col("aantal")
        )
        for part, weight in parts
    )
    made = chosen.group_by(PLACE).agg(pl.col("aantal").sum())
    more = made.with_columns(pl.lit(value).alias(column) for column, value in zip(NAME, name, strict=True))
    return pl.concat([figures, more.select(figures.columns)], how="vertical_relaxed")
