"""The attack on one set of tables about to be published: which small counts can a reader narrow down too far.

Propagation, then per wijk one linear program after another over all linked tables at once (the other wijken at the
truth, so that every solution is a legal table of the whole gemeente), then over the whole gemeente for what is left.
"""

import time
from dataclasses import dataclass

import numpy as np
import polars as pl

from validations.disclosure.links import Rules, link
from validations.disclosure.reader import KEY, STATUSES, read
from validations.disclosure.solve import SLACK, Program, Witnesses, components, propagate

# How many wijken are free together, before the whole gemeente is: most figures are proven with few.
SPANS = (1, 3, 9, 27)


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
) -> Outcome:
    """Attacks `published` (columns KEY, gebiedsniveau, waarde, noemer, per_1000, publicatiestatus, ruimte, drempel).

    `drempel`: the threshold that each figure was set with (null: not known, read as 10); `areas`: dim_gebied;
    `residents`: gebiedscode, peildatum, leeftijdsgroep, inwoners; `truth`: KEY, aantal; `linked`: the regelingen
    counted in monitor_totaal; `hidden_from`: the least count that is ever called `onderdrukt`.
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
        least, utmost = _by_programs(cells, rules, (least, utmost), real, proven)
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
    cells: pl.DataFrame, rules: Rules, bounds: tuple[np.ndarray, np.ndarray], real: np.ndarray, proven: Witnesses
) -> tuple[np.ndarray, np.ndarray]:
    """Bounds after the linear programs: those of propagation where they are wide enough, the exact ones elsewhere."""
    least, utmost = bounds[0].copy(), bounds[1].copy()
    loose = least < utmost
    if not len(proven.open(np.arange(len(real)))):
        return least, utmost
    group = components(rules, loose)
    codes, level = cells.get_column("gebiedscode"), cells.get_column("gebiedsniveau")
    top = level.eq("gemeente").to_numpy()
    wijk = pl.select(pl.when(level == "wijk").then(codes).otherwise(cells.get_column("ouder_code"))).to_series()
    block = wijk.fill_null("").rank("dense").to_numpy().astype(np.int64)
    owner = np.zeros(block.max() + 1, np.int64)  # the gemeente of each block
    owner[block] = cells.get_column("gemeentecode").rank("dense").to_numpy()
    parent = _parents(cells)
    for span in SPANS:
        # In other company each time: a wijk without room among some has it among others.
        place = np.lexsort((np.random.default_rng(span).random(len(owner)), owner)).argsort()
        for part, which in _blocks(group, place[block] // span, loose & ~top):
            if len(proven.open(which)):
                free = top & loose & (group == part)
                free[which] = True
                program = Program(rules, (least, utmost), real, free, _along(parent, which) if span == 1 else None)
                proven.widen(program, singly=span == SPANS[-1])
    for part, which in _blocks(group, np.zeros(len(group), int), loose):
        left = which[proven.open(which)]
        if len(left):
            proven.widen(Program(rules, (least, utmost), real, loose & (group == part)), singly=True)
            # Each was tried by itself, so what was reached is all there is.
            left = left[proven.open(left)]
            least[left] = np.ceil(proven.low[left] - SLACK)
            utmost[left] = np.floor(proven.high[left] + SLACK)
    return least, utmost


def _along(parent: np.ndarray, which: np.ndarray) -> np.ndarray:
    """Each figure of the gemeente moves along with that of the only wijk that is free."""
    along = np.arange(len(parent))
    below = which[parent[which] >= 0]
    along[parent[below]] = below
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


def _blocks(group: np.ndarray, block: np.ndarray, member: np.ndarray) -> list[tuple[int, np.ndarray]]:
    """The members of each block in each group, with the number of the group."""
    members = np.flatnonzero(member)
    members = members[np.lexsort((block[members], group[members]))]
    other = (np.diff(group[members]) != 0) | (np.diff(block[members]) != 0)
    return [(int(group[part[0]]), part) for part in np.split(members, np.flatnonzero(other) + 1) if len(part)]
