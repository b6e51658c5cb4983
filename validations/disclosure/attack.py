"""The attack on one set of tables about to be published: which small counts can a reader narrow down too far.

Propagation, then per wijk one linear program after another over all linked tables at once (the other wijken at the
truth, so that every solution is a legal table of the whole gemeente), then over the whole gemeente for what is left.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
import polars as pl

from validations.disclosure.links import Rules, link, ranges
from validations.disclosure.reader import KEY, STATUSES, read
from validations.disclosure.solve import SLACK, Program, Witnesses, components, propagate

# How many wijken are free together, before the whole gemeente is: most figures are proven with few.
SPANS = (1, 3, 9, 27)
TOGETHER = 400  # figures in one program


@dataclass(frozen=True)
class Outcome:
    """What the attack found. All but `cells` may leave the kluis.

    `attacked`: sensitive figures (true count 1 or more, but under its threshold); `exact`, `narrow`: how many were
    recovered, or left fewer values than the width; `narrowest`: the least width left, the asked width when all have it,
    None when nothing was attacked; `infeasible`: figures whose bounds or rules the truth breaks; `cells`: KEY, lo and
    hi of what is broken.
    """

    attacked: int
    exact: int
    narrow: int
    narrowest: int | None
    infeasible: int
    findings: tuple[str, ...]
    seconds: float
    cells: pl.DataFrame

    @property
    def safe(self) -> bool:
        """Whether nothing was found."""
        return not (self.exact or self.narrow or self.infeasible or self.findings)


def attack(
    published: pl.DataFrame,
    areas: pl.DataFrame,
    residents: pl.DataFrame,
    truth: pl.DataFrame,
    linked: list[str],
    *,
    width: int = 4,
    hidden_from: int | pl.Expr = 0,
    proofs: dict[bytes, np.ndarray] | None = None,
) -> Outcome:
    """Attacks `published` (columns KEY, gebiedsniveau, waarde, noemer, per_1000, publicatiestatus, ruimte, drempel).

    `drempel`: the threshold that each figure was set with (null: not known, read as 10); `areas`: dim_gebied;
    `residents`: gebiedscode, peildatum, leeftijdsgroep, inwoners; `truth`: KEY, aantal; `linked`: the regelingen
    counted in monitor_totaal; `hidden_from`: the least count that is ever called `onderdrukt`; `proofs`: of earlier
    attacks, and added to: a group of figures about which nothing changed is not tried again.
    """
    start = time.perf_counter()
    cells, findings = read(published, areas, residents, truth, hidden_from)
    not_applicable = published.filter(pl.col("publicatiestatus") == STATUSES[3]).select(KEY)
    cells, rules = link(cells, areas, linked, not_applicable)
    low, high, real, most = (cells.get_column(name).to_numpy() for name in ("low", "high", "telling", "inwoners"))
    wrong = _wrong(rules, real) | (real < low) | (real > high)
    sensitive = cells.get_column("gevoelig").to_numpy()
    least, utmost = propagate(rules, low, high)
    # No more is asked than what residents and rules leave when nothing at all is published.
    blank = propagate(rules, np.zeros(len(real), np.int64), np.maximum(most, real))
    need = np.minimum(blank[1] - blank[0], width)
    if wrong.any():
        tables = cells.filter(pl.Series(wrong)).get_column("tabel").unique().sort().to_list()
        findings += [f"{table}: de telling past niet in wat de lezer weet" for table in tables]
    else:
        proven = Witnesses(real, need, sensitive & (utmost - least >= need))
        least, utmost = _by_programs(cells, rules, (least, utmost), proven, {} if proofs is None else proofs)
    steps = np.maximum(utmost - least, 0)
    broken = sensitive & (steps < need)
    return Outcome(
        attacked=int(sensitive.sum()),
        exact=int((broken & (steps == 0)).sum()),
        narrow=int((broken & (steps > 0)).sum()),
        narrowest=int(np.minimum(steps, width)[sensitive & (broken | (need == width))].min(initial=width))
        if sensitive.any()
        else None,
        infeasible=int(wrong.sum()),
        findings=tuple(findings),
        seconds=round(time.perf_counter() - start, 2),
        cells=cells.select(KEY).with_columns(pl.Series("lo", least), pl.Series("hi", utmost)).filter(pl.Series(broken)),
    )


def _wrong(rules: Rules, real: np.ndarray) -> np.ndarray:
    """The figures in rules that the truth breaks."""
    sums = np.bincount(rules.row, rules.coef * real[rules.cell], len(rules.equal))
    wrong = np.zeros(len(real), bool)
    wrong[rules.cell[((sums < 0) | (rules.equal & (sums > 0)))[rules.row]]] = True
    return wrong


def _by_programs(
    cells: pl.DataFrame,
    rules: Rules,
    bounds: tuple[np.ndarray, np.ndarray],
    proven: Witnesses,
    proofs: dict[bytes, np.ndarray],
) -> tuple[np.ndarray, np.ndarray]:
    """Bounds after the linear programs: those of propagation where they are wide enough, the exact ones elsewhere."""
    least, utmost, real = bounds[0].copy(), bounds[1].copy(), proven.truth
    still_open = proven.open(np.arange(len(real)))
    if not len(still_open):
        return least, utmost
    loose = least < utmost
    group = components(rules, loose)
    asked = loose & np.isin(group, group[still_open])
    new = []
    for figures, name in list(_named(rules, group, asked, real, (least, utmost, proven.need, proven.sensitive))):
        if name in proofs:
            asked[figures] = False
            proven.low[figures], proven.high[figures], least[figures], utmost[figures] = proofs[name]
        else:
            new.append((figures, name))
    top = cells.get_column("gebiedsniveau").eq("gemeente").to_numpy()
    tops = np.flatnonzero(top & asked)
    tops = tops[np.argsort(group[tops], kind="stable")]
    block, owner = _wijken(cells)
    parent = _parents(cells)
    for span in SPANS:
        # In other company each time: a wijk without room among some has it among others.
        place = np.lexsort((np.random.default_rng(span).random(len(owner)), owner)).argsort()
        last = span == SPANS[-1]
        for which in _batches(place[block] // span, group, asked & ~top, proven, 0 if last else TOGETHER):
            parts = np.unique(group[which])
            above = tops[ranges(*(np.searchsorted(group[tops], parts, side) for side in ("left", "right")))]
            figures = np.sort(np.concatenate([which, above]))
            along = _along(parent, figures, which) if span == 1 else None
            proven.widen(Program(rules, (least, utmost), real, figures, along), singly=last)
    for figures in _batches(np.zeros(len(group), int), group, asked, proven, 0):
        proven.widen(Program(rules, (least, utmost), real, figures), singly=True)
        # Each was tried by itself, so what was reached is all there is.
        left = figures[proven.open(figures)]
        least[left] = np.ceil(proven.low[left] - SLACK)
        utmost[left] = np.floor(proven.high[left] + SLACK)
    for figures, name in new:
        proofs[name] = np.array([proven.low[figures], proven.high[figures], least[figures], utmost[figures]])
    return least, utmost


def _named(
    rules: Rules, group: np.ndarray, asked: np.ndarray, real: np.ndarray, told: tuple[np.ndarray, ...]
) -> Iterator[tuple[np.ndarray, bytes]]:
    """The figures of each group of `asked`, and a name for all that decides about them.

    That is what each is and is `told` to be, and their rules with everything else filled in.
    """
    figures = np.flatnonzero(asked)
    figures = figures[np.argsort(group[figures], kind="stable")]
    within = np.zeros(len(group), np.int64)  # the place of a figure in its group
    firsts = np.flatnonzero(np.r_[True, np.diff(group[figures]) != 0])
    sizes = np.diff(np.r_[firsts, len(figures)])
    within[figures] = np.arange(len(figures)) - np.repeat(firsts, sizes)
    held = rules.holding(figures)
    free = asked[held.cell]
    rest = np.bincount(held.row, np.where(free, 0, held.coef * real[held.cell]), len(held.equal)).astype(np.int64)
    row, cell = held.row[free], held.cell[free]
    order = np.argsort(group[cell], kind="stable")
    row, cell, coef = row[order], cell[order], held.coef[free][order]
    terms = np.column_stack([within[cell], coef, held.equal[row], rest[row], np.r_[1, np.diff(row) != 0][: len(row)]])
    of_figure = np.column_stack([real, *told])[figures].astype(np.int64)
    numbers = group[figures[firsts]]
    begin, end = (np.searchsorted(group[cell], numbers, side) for side in ("left", "right"))
    for first, size, start, stop in zip(firsts, sizes, begin, end, strict=True):
        mark = blake2b(of_figure[first : first + size].tobytes())
        mark.update(terms[start:stop].tobytes())
        yield figures[first : first + size], mark.digest()


def _wijken(cells: pl.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Of each figure the number of its wijk, and of each such number that of its gemeente."""
    codes, level = cells.get_column("gebiedscode"), cells.get_column("gebiedsniveau")
    wijk = pl.select(pl.when(level == "wijk").then(codes).otherwise(cells.get_column("ouder_code"))).to_series()
    block = wijk.fill_null("").rank("dense").to_numpy().astype(np.int64)
    owner = np.zeros(block.max() + 1, np.int64)
    owner[block] = cells.get_column("gemeentecode").rank("dense").to_numpy()
    return block, owner


def _along(parent: np.ndarray, figures: np.ndarray, which: np.ndarray) -> np.ndarray:
    """What each of `figures` moves along with: that of the gemeente with that of the only wijk that is free."""
    along = figures.copy()
    below = which[parent[which] >= 0]
    place = np.searchsorted(figures, parent[below])
    free = figures[np.minimum(place, len(figures) - 1)] == parent[below]
    along[place[free]] = below[free]
    return along


def _parents(cells: pl.DataFrame) -> np.ndarray:
    """Of each figure of a wijk the same figure of the gemeente, or -1."""
    place = [name for name in KEY if name != "gebiedscode"]
    above = cells.filter(pl.col("gebiedsniveau") == "gemeente").select(*place, pl.col("cel").alias("boven"))
    wijken = cells.select("cel", "gebiedsniveau", *place).filter(pl.col("gebiedsniveau") == "wijk")
    found = wijken.join(above, on=place).filter(~pl.col("indicator").str.starts_with("verhuisd"))
    parent = np.full(cells.height, -1)
    parent[found.get_column("cel").to_numpy()] = found.get_column("boven").to_numpy()
    return parent


def _batches(
    block: np.ndarray, group: np.ndarray, member: np.ndarray, proven: Witnesses, most: int
) -> Iterator[np.ndarray]:
    """The members in each block of each group with something open; those of one block together, up to `most`.

    Groups do not depend on each other, so one program can hold several: most are small, and starting it costs more
    than solving it.
    """
    members = np.flatnonzero(member)
    if not len(members):
        return
    members = members[np.lexsort((group[members], block[members]))]
    other = np.flatnonzero((np.diff(group[members]) != 0) | (np.diff(block[members]) != 0)) + 1
    batch = []
    for part in np.split(members, other):
        if batch and (block[part[0]] != block[batch[0][0]] or sum(map(len, batch)) + len(part) > most):
            yield np.sort(np.concatenate(batch))
            batch = []
        if len(proven.open(part)):
            batch.append(part)
    if batch:
        yield np.sort(np.concatenate(batch))
