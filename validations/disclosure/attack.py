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

# How many wijken are free together, and whether of one month: most figures are proven with few. Flows tie all
# quarter-ends to each other, and a program of all of them takes a hundred times as long as one of a month.
FIRST = ((1, False), (3, True), (3, False), (9, True))
THEN = ((27, True), (27, False))
NEAR = (1500, 5000)  # figures in the program around one figure
TOGETHER = 400  # figures in one program


@dataclass(frozen=True)
class Outcome:
    """What the attack found. All but `cells` may leave the kluis.

    `attacked`: sensitive figures (true count 1 or more, but under its threshold); `exact`, `narrow`: how many were
    recovered, or left fewer values than the width; `narrowest`: the least width left, the asked width when all have it,
    None when nothing was attacked; `infeasible`: figures whose bounds or rules the truth breaks; `cells`: KEY, lo and
    hi of what is broken; `proven`: KEY, lo and hi of all sensitive figures, as far as legal tables were found.
    """

    attacked: int
    exact: int
    narrow: int
    narrowest: int | None
    infeasible: int
    findings: tuple[str, ...]
    seconds: float
    cells: pl.DataFrame
    proven: pl.DataFrame

    @property
    def safe(self) -> bool:
        """Whether nothing was found."""
        return not (self.exact or self.narrow or self.infeasible or self.findings)


def attack(
    published: pl.DataFrame,
    areas: pl.DataFrame,
    residents: pl.DataFrame,
    truth: pl.DataFrame,
    linked: pl.DataFrame,
    *,
    width: int = 4,
    hidden_from: int | pl.Expr = 0,
    proofs: dict[bytes, np.ndarray] | None = None,
    proven: pl.DataFrame | None = None,
    hasty: bool = False,
) -> Outcome:
    """Attacks `published` (columns KEY, gebiedsniveau, waarde, noemer, per_1000, publicatiestatus, ruimte, drempel).

    `drempel`: the threshold that each figure was set with (null: not known, read as 10); `areas`: dim_gebied, and
    streets; `residents`: gebiedscode, peildatum, leeftijdsgroep, inwoners; `truth`: KEY, aantal; `linked`:
    gemeentecode, peildatum, tabel of what counts together in monitor_totaal; `hidden_from`: the least count that is
    ever called `onderdrukt`; `proofs`: of earlier attacks, and added to: a group of figures about which nothing changed
    is not tried again; `proven`: what an attack on tables that told all of this, or more, proved (each of its legal
    tables is one here); `hasty`: what takes long to prove is left open, and counted as found.
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
    found = Witnesses(real, need, sensitive)
    if wrong.any():
        tables = cells.filter(pl.Series(wrong)).get_column("tabel").unique().sort().to_list()
        findings += [f"{table}: de telling past niet in wat de lezer weet" for table in tables]
    else:
        found.sensitive = sensitive & (utmost - least >= need)
        doubtful = found.open(np.arange(len(real)))
        if proven is not None:
            found.add(np.arange(len(real)), *_known(cells, proven, real))
        least, utmost = _by_programs(
            cells, rules, (least, utmost), found, {} if proofs is None else proofs, doubtful=doubtful, hasty=hasty
        )
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
        proven=cells.select(KEY)
        .with_columns(pl.Series("lo", found.low), pl.Series("hi", found.high))
        .filter(pl.Series(sensitive)),
    )


def _known(cells: pl.DataFrame, proven: pl.DataFrame, real: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What was proven before of each figure; the truth where nothing was."""
    known = cells.select(KEY).join(proven, on=KEY, how="left", maintain_order="left")
    low, high = (known.get_column(name).fill_null(pl.Series(real)).to_numpy() for name in ("lo", "hi"))
    return low, high


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
    *,
    doubtful: np.ndarray,
    hasty: bool,
) -> tuple[np.ndarray, np.ndarray]:
    """Bounds after the linear programs: those of propagation where they are wide enough, the exact ones elsewhere.

    `doubtful`: the figures that propagation does not decide about, whatever was proven of them before; `hasty`: without
    the programs of a whole gemeente; what is left then has the bounds that were proven.
    """
    least, utmost, real = bounds[0].copy(), bounds[1].copy(), proven.truth
    if not len(doubtful):
        return least, utmost
    loose = least < utmost
    group = components(rules, loose)
    asked = loose & np.isin(group, group[doubtful])
    new = []
    for figures, name in list(_named(rules, group, asked, real, (least, utmost, proven.need, proven.sensitive))):
        if name in proofs:
            asked[figures] = False
            proven.low[figures], proven.high[figures], least[figures], utmost[figures] = proofs[name]
        else:
            new.append((figures, name))
    told = (least, utmost)
    companies = _Companies(cells, group, asked)
    for figures, along in companies.of(FIRST, proven):
        proven.widen(Program(rules, told, real, figures, along))
    for figures in _near_open(rules, asked, proven):
        proven.widen(Program(rules, told, real, figures), singly=True)
    for figures, along in companies.of(() if hasty else THEN, proven):
        proven.widen(Program(rules, told, real, figures, along))
    for figures in _batches(np.zeros(len(group), int), group, asked, proven, 0):
        if not hasty:
            proven.widen(Program(rules, (least, utmost), real, figures), singly=True)
        # Each was tried by itself, so what was reached is all there is.
        left = figures[proven.open(figures)]
        least[left] = np.ceil(proven.low[left] - SLACK)
        utmost[left] = np.floor(proven.high[left] + SLACK)
    for figures, name in () if hasty else new:
        proofs[name] = np.array([proven.low[figures], proven.high[figures], least[figures], utmost[figures]])
    return least, utmost


class _Companies:
    """Which figures are free together in one program: those of some wijken of a group, and what lies above them."""

    def __init__(self, cells: pl.DataFrame, group: np.ndarray, asked: np.ndarray):
        top = cells.get_column("gebiedsniveau").eq("gemeente").to_numpy()
        tops = np.flatnonzero(top & asked)
        self._tops = tops[np.argsort(group[tops], kind="stable")]
        self._below, self._group, self._parent = asked & ~top, group, _parents(cells)
        self._block, self._owner = _wijken(cells)
        self._months = cells.get_column("peildatum").rank("dense").to_numpy().astype(np.int64)

    def of(
        self, steps: tuple[tuple[int, bool], ...], proven: Witnesses
    ) -> Iterator[tuple[np.ndarray, np.ndarray | None]]:
        """Per step the figures with something open, and what each moves along with."""
        for span, monthly in steps:
            # In other company each time: a wijk without room among some has it among others.
            place = np.lexsort((np.random.default_rng(span).random(len(self._owner)), self._owner)).argsort()
            free = place[self._block] // span
            free = free * (self._months.max() + 1) + self._months if monthly else free
            for which in _batches(free, self._group, self._below, proven, 0 if steps == THEN else TOGETHER):
                figures = np.sort(np.concatenate([which, self._above(which, monthly=monthly)]))
                yield figures, _along(self._parent, figures, which) if span == 1 else None

    def _above(self, which: np.ndarray, *, monthly: bool) -> np.ndarray:
        """The figures of the gemeente in the groups of some figures, of their months only or of all."""
        sides = (np.searchsorted(self._group[self._tops], np.unique(self._group[which]), s) for s in ("left", "right"))
        above = self._tops[ranges(*sides)]
        return above[np.isin(self._months[above], self._months[which])] if monthly else above


def _near_open(rules: Rules, free: np.ndarray, proven: Witnesses) -> Iterator[np.ndarray]:
    """The free figures around each that is still open: what shares a rule with it, with those, while they are few."""
    figures = np.flatnonzero(free)
    for most in NEAR:
        for figure in figures[proven.open(figures)]:
            if len(proven.open(figure[None])):
                reached, wider = np.zeros(0, np.int64), figure[None]
                while len(reached) < len(wider) <= most:
                    reached, held = wider, rules.holding(wider)
                    wider = np.unique(held.cell[free[held.cell]])
                yield reached


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
    year = ["gemeentecode", "indelingsjaar"]
    buurten = cells.filter(pl.col("gebiedsniveau") == "buurt").select(
        *year, ouder_code="gebiedscode", wijk="ouder_code"
    )
    # A straat lies in a buurt, which lies in a wijk.
    known = cells.select(*year, "gebiedsniveau", "gebiedscode", "ouder_code")
    known = known.join(buurten.unique(), on=[*year, "ouder_code"], how="left", maintain_order="left")
    wijk = known.select(
        pl.when(pl.col("gebiedsniveau") == "wijk").then("gebiedscode").otherwise(pl.coalesce("wijk", "ouder_code"))
    ).to_series()
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
