"""The attack on one set of tables about to be published: which small counts can a reader narrow down too far.

Propagation tells what the rules one by one leave; moves (moves.py) prove most of it possible, many figures at once; a
linear program over the figures around each (solve.py) decides about what is left. All linked tables together.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from validations import progress
from validations.disclosure.links import Rules, link
from validations.disclosure.moves import FAR_OFF, Groups, Moves, Table, search
from validations.disclosure.proof import Asked, Proof
from validations.disclosure.reader import KEY, STATUSES, bounds_of, read
from validations.disclosure.solve import SLACK, Program, components, propagate
from validations.disclosure.targets import targets

ROUNDS = 2  # in which moves are looked for over every distance
PARTS, FEW = 6, 500  # a round goes in parts, unless it is small: what one proves need not be looked for in the next
AT_ONCE = 50  # of so few figures all distances are searched together
NEAR = (60, 250, 1000)  # figures in the program around one figure
FAR_AND_WIDE = (5000, 10**9)
MOVES = {"zet": pl.Int64, "cijfer": pl.UInt64, "verschil": pl.Int64}
Bounds = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Outcome:
    """What the attack found. All but `cells` and `moves` may leave the kluis.

    `attacked`: targets (targets.py); `exact`, `narrow`: how many were recovered, or left less than was asked;
    `narrowest`: the fewest steps left of a count under its threshold, the asked width when all have it, None when
    nothing was attacked; `infeasible`: figures whose bounds or rules the truth breaks; `cells`: KEY, lo
    and hi of what is broken; `moves`: MOVES, the legal tables that prove of all others as many values as asked.
    """

    attacked: int
    exact: int
    narrow: int
    narrowest: int | None
    infeasible: int
    findings: tuple[str, ...]
    seconds: float
    cells: pl.DataFrame
    moves: pl.DataFrame

    @property
    def safe(self) -> bool:
        """Whether nothing was found."""
        return not (self.exact or self.narrow or self.infeasible or self.findings)

    def without(self, known: pl.DataFrame) -> "Outcome":
        """The same, without what a reader could tell before as well: `known` has the broken figures of then (cells)."""
        told = self.cells.join(known, on=KEY, suffix="_toen")
        told = told.filter(pl.col("lo") <= pl.col("lo_toen"), pl.col("hi") >= pl.col("hi_toen"))
        cells = self.cells.join(told, on=KEY, how="anti")
        exact = cells.filter(pl.col("lo") >= pl.col("hi")).height
        return replace(self, exact=exact, narrow=cells.height - exact, cells=cells)


def attack(
    published: pl.DataFrame,
    areas: pl.DataFrame,
    residents: pl.DataFrame,
    truth: pl.DataFrame,
    linked: pl.DataFrame,
    *,
    width: int = 4,
    hidden_from: int | pl.Expr = 0,
    moves: pl.DataFrame | None = None,
) -> Outcome:
    """Attacks `published` (columns KEY, gebiedsniveau, waarde, noemer, per_1000, publicatiestatus, ruimte, drempel).

    `drempel`: the threshold that each figure was set with (null: not known, read as 10); `areas`: dim_gebied, and
    streets; `residents`: gebiedscode, peildatum, leeftijdsgroep, inwoners; `truth`: KEY, aantal, and where known
    `onder` and `ruim` (targets.py); `linked`: gemeentecode, peildatum, tabel of what counts together in monitor_totaal;
    `hidden_from`: the least count that is ever called `onderdrukt`; `moves`: what an earlier attack found
    (Outcome.moves), tried first.
    """
    reader = Attack(published, areas, residents, truth, linked, width=width, hidden_from=hidden_from)
    return reader.attack(reader.told, reader.proof(reader.told, moves))


class Attack:
    """What a reader knows of some tables. Protection tries what to hide in them: then only the bounds change.

    `told`: the bounds (low, high) of `figures` as published.
    """

    def __init__(
        self,
        published: pl.DataFrame,
        areas: pl.DataFrame,
        residents: pl.DataFrame,
        truth: pl.DataFrame,
        linked: pl.DataFrame,
        *,
        width: int = 4,
        hidden_from: int | pl.Expr = 0,
    ):
        self._start, self._width = time.perf_counter(), width
        cells, self.findings = read(published, areas, residents, truth, hidden_from)
        not_applicable = published.filter(pl.col("publicatiestatus") == STATUSES[3]).select(KEY)
        self.figures, self._rules = link(cells, areas, linked, not_applicable)
        low, high, self._real, most = (
            self.figures.get_column(name).to_numpy() for name in ("low", "high", "telling", "inwoners")
        )
        self.told = low, high
        self._table = Table(self._rules, self._real)
        # Figures that no rules tie to each other, whatever is told.
        self._apart = components(self._rules, np.ones(len(low), bool))
        self._last: tuple[Bounds, Bounds] | None = None
        # No more is asked than what residents and rules leave when nothing at all is published.
        blank = propagate(self._rules, np.zeros(len(low), np.int64), np.maximum(most, self._real))
        steps, down = targets(self.figures, published, truth, width)
        need = np.minimum(np.where(down, self._real, blank[1]) - blank[0], steps)
        self._asked, self._small = Asked(steps > 0, need, down), self.figures.get_column("gevoelig").to_numpy()

    def proof(self, told: Bounds, moves: pl.DataFrame | None = None) -> Proof:
        """What earlier moves (MOVES) prove of what is told now: each is tried by every rule."""
        proof = Proof(self._table, self._asked, *told)
        if moves is not None and not self._wrong(told).any():
            proof.add(self._moves(moves))
        return proof

    def attack(self, told: Bounds, proof: Proof, *, hasty: bool = False) -> Outcome:
        """What can be found from some bounds. `proof` holds moves that are legal in them, and gets more.

        `hasty`: what takes long to prove is left open, and counted as found.
        """
        wrong, findings, target = self._wrong(told), list(self.findings), self._asked.target
        least, utmost = self._propagated(told)
        broken = target & (np.where(self._asked.down, self._real, utmost) - least < self._asked.need)
        if wrong.any():
            tables = self.figures.filter(pl.Series(wrong)).get_column("tabel").unique().sort().to_list()
            findings += [f"{table}: de telling past niet in wat de lezer weet" for table in tables]
        else:
            wanted = np.flatnonzero(target & ~broken)
            ends = self.prove(proof, wanted, (least, utmost), hasty=hasty)
            left = proof.open(wanted)
            least, utmost = least.copy(), utmost.copy()
            broken[left], least[left] = True, ends[0][left]
            utmost[left] = np.where(self._asked.down[left], utmost[left], ends[1][left])
        steps = np.clip(utmost - least, 0, self._width)
        asked = self._small & target & (broken | (self._asked.need == self._width))
        return Outcome(
            attacked=int(target.sum()),
            exact=int((broken & (utmost <= least)).sum()),
            narrow=int((broken & (utmost > least)).sum()),
            narrowest=int(steps[asked].min(initial=self._width)) if target.any() else None,
            infeasible=int(wrong.sum()),
            findings=tuple(findings),
            seconds=round(time.perf_counter() - self._start, 2),
            cells=self.figures.select(KEY)
            .with_columns(pl.Series("lo", least), pl.Series("hi", utmost))
            .filter(pl.Series(broken)),
            moves=self.named(proof),
        )

    def prove(self, proof: Proof, wanted: np.ndarray, bounds: Bounds, *, hasty: bool) -> Bounds:
        """Looks for what is still to be proven of some figures: by moves, then by programs. `bounds`: propagated.

        Returns the least and the most of each figure of which too little is proven: what a program over all that it
        depends on leaves, or where that is enough for half persons, or `hasty`, what was reached.
        """
        said, sizes = {}, NEAR if hasty else (*NEAR, *FAR_AND_WIDE)
        if len(proof.open(wanted)):
            groups = self._groups(bounds)
            self._by_moves(proof, wanted, bounds, groups, tell=True)
            for figure in proof.open(wanted).tolist():
                _tell(proof, wanted)
                if len(proof.open(np.array([figure]))):
                    said[figure] = self._by_programs(proof, figure, bounds, groups.table.rules, sizes)
        # Ends are cut at what was asked: how far a proof goes beyond it is a matter of chance.
        low, high = proof.ends()
        low, high = np.maximum(low, self._real - self._asked.need), np.minimum(high, self._real + self._asked.need)
        for figure, ends in said.items():
            if ends and not hasty:
                low[figure], high[figure] = ends
        return low, high

    def may_tell(self, proof: Proof, around: tuple[Bounds, Groups], figure: int, told: tuple[int, int]) -> bool:
        """Whether all that is proven stays so when a figure is told more closely; if not, `proof` is as it was.

        Tries no more than programs of NEAR: a figure whose proof takes longer is not told.
        """
        before = int(proof.low[figure]), int(proof.high[figure])
        wanted = proof.change(figure, *told)
        (low, high), groups = around
        # What was told since `around` counts as well.
        bounds = np.maximum(low, proof.low), np.minimum(high, proof.high)
        groups.within(bounds)
        self._by_moves(proof, wanted, bounds, groups, rounds=1)
        for other in proof.open(wanted):
            if len(proof.open(other[None])):
                self._by_programs(proof, int(other), bounds, groups.table.rules, NEAR)
            if len(proof.open(other[None])):
                proof.change(figure, *before)
                return False
        return True

    def around(self, told: Bounds) -> tuple[Bounds, Groups]:
        """What the rules one by one leave of some bounds, and which figures depend on each other then."""
        bounds = self._propagated(told)
        return bounds, self._groups(bounds)

    def _groups(self, bounds: Bounds) -> Groups:
        rules = self._rules.binding(*bounds)
        return Groups(Table(rules, self._real), bounds, components(rules, bounds[0] < bounds[1]))

    def _by_moves(
        self,
        proof: Proof,
        wanted: np.ndarray,
        bounds: Bounds,
        groups: Groups,
        *,
        rounds: int = ROUNDS,
        tell: bool = False,
    ) -> None:
        """Step by step away from the truth, up and down in turn; of few figures all steps at once, in `rounds` rounds.

        A search costs by the changes that it makes one after another, hardly by how many run together.
        """
        down, up = bounds[0] - self._real, bounds[1] - self._real
        need = self._asked.need
        for seed in range(rounds):
            rng = np.random.default_rng(seed)
            steps = np.arange(1, int(need[wanted].max(initial=0)) + 1)
            steps = np.c_[steps, -steps].ravel()
            for some in [steps] if len(proof.open(wanted)) <= AT_ONCE else steps[:, None]:
                left = rng.permutation(proof.open(wanted))
                for part in np.array_split(left, min(PARTS, 1 + len(left) // FEW)):
                    if tell:
                        _tell(proof, wanted)
                    cells = proof.open(part)
                    cells, offset = np.repeat(cells, len(some)), np.tile(some, len(cells))
                    one_way = self._asked.down[cells]
                    offsets = np.where(one_way, -need[cells], offset)
                    may = np.where(one_way, offset == -1, np.abs(offset) <= need[cells])
                    may &= (down[cells] <= offsets) & (offsets <= up[cells])
                    may &= ~proof.has(cells, offsets) & (np.abs(offsets) <= FAR_OFF)
                    if may.any():
                        proof.add(search(groups, (cells[may], offsets[may]), seed))

    def _by_programs(
        self, proof: Proof, figure: int, bounds: Bounds, rules: Rules, sizes: tuple[int, ...]
    ) -> tuple[int, int] | None:
        """Value by value, in a program over what is near, and over more while that leaves too little.

        `rules`: those that can be broken within the bounds. Returns the ends that the last program left, where these
        were too near.
        """
        real, need, down = int(self._real[figure]), int(self._asked.need[figure]), bool(self._asked.down[figure])
        one, ends = np.array([figure]), None
        for near in _around(rules, bounds[0] < bounds[1], figure, sizes):
            if not len(proof.open(one)):
                return None
            program = Program(rules, bounds, self._real, near)
            low = max(int(np.ceil(program.end(figure, -1) - SLACK)), real - need)
            high = real if down else min(int(np.floor(program.end(figure, 1) + SLACK)), real + need)
            ends = (low, high) if high - low < need else None
            if ends:
                continue
            for value in [real - need] if down else sorted(range(low, high + 1), key=lambda value: abs(value - real)):
                if not len(proof.open(one)):
                    return None
                table = None if proof.has(one, value - real)[0] else program.table(figure, value)
                if table is not None:
                    delta = table.astype(np.int64) - self._real[near]
                    cell = np.flatnonzero(delta)
                    proof.add(Moves(np.zeros(len(cell), np.int64), near[cell], delta[cell], 1))
        return ends

    def _propagated(self, told: Bounds) -> Bounds:
        """What the rules one by one leave of some bounds; anew only where something changed since last asked."""
        if self._last is None:
            self._last = told, propagate(self._rules, *told)
        before, (low, high) = self._last
        changed = np.flatnonzero((before[0] != told[0]) | (before[1] != told[1]))
        if len(changed):
            depend = np.flatnonzero(np.isin(self._apart, self._apart[changed]))
            low, high = low.copy(), high.copy()
            low[depend], high[depend] = told[0][depend], told[1][depend]
            self._last = told, propagate(self._rules.holding(depend), low, high)
        return self._last[1]

    def _wrong(self, told: Bounds) -> np.ndarray:
        """The figures whose bounds or rules the truth breaks."""
        sums, rules = self._table.sums, self._rules
        wrong = (self._real < told[0]) | (self._real > told[1])
        wrong[rules.cell[((sums < 0) | (rules.equal & (sums > 0)))[rules.row]]] = True
        return wrong

    def heard(self, published: pl.DataFrame, hidden_from: int | pl.Expr) -> Bounds:
        """The bounds of the same figures when they are published otherwise; of what is not in `published` as told."""
        known = self.figures.select(*KEY, "cel", "inwoners").join(published, on=KEY)
        known = known.select("cel", *bounds_of(hidden_from))
        low, high = self.told[0].copy(), self.told[1].copy()
        place = known.get_column("cel").to_numpy()
        low[place], high[place] = known.get_column("low").to_numpy(), known.get_column("high").to_numpy()
        return low, high

    def named(self, proof: Proof) -> pl.DataFrame:
        """The moves of a proof, with figures by what they are: MOVES."""
        names, moves = self.figures.select(pl.struct(KEY).hash()).to_series(), proof.moves
        return pl.DataFrame({"zet": moves.move, "cijfer": names.gather(moves.cell), "verschil": moves.delta}, MOVES)

    def _moves(self, frame: pl.DataFrame) -> Moves:
        """Moves of an earlier attack; those with a figure that is not there fall away."""
        names = self.figures.select(pl.struct(KEY).hash().alias("cijfer"), cel=pl.int_range(pl.len(), dtype=pl.Int64))
        known = frame.join(names.unique("cijfer"), on="cijfer", how="left", maintain_order="left")
        known = known.filter(pl.col("cel").is_not_null().all().over("zet")).sort("zet", maintain_order=True)
        numbers = known.get_column("zet").rle_id().cast(pl.Int64).to_numpy()
        return Moves(
            numbers,
            known.get_column("cel").to_numpy(),
            known.get_column("verschil").to_numpy(),
            len(np.unique(numbers)),
        )


def _tell(proof: Proof, wanted: np.ndarray) -> None:
    progress.count(len(wanted) - len(proof.open(wanted)), len(wanted))


def _around(rules: Rules, free: np.ndarray, figure: int, sizes: tuple[int, ...]) -> Iterator[np.ndarray]:
    """The free figures around one: what shares a rule with it, with those, and so on while they are few."""
    reached = np.array([figure])
    for most in sizes:
        before, whole = reached, False
        while True:
            held = rules.holding(reached)
            wider = np.union1d(reached, held.cell[free[held.cell]])
            whole = len(wider) == len(reached)
            if not whole and len(wider) > most > NEAR[-1]:
                # Too many share a rule: those that most rules tie to these come in.
                new, ties = np.unique(held.cell[free[held.cell]], return_counts=True)
                outside = np.setdiff1d(new, reached, assume_unique=True)
                ties = ties[np.searchsorted(new, outside)]
                reached = np.union1d(reached, outside[np.argsort(-ties, kind="stable")[: most - len(reached)]])
            if whole or len(wider) > most:
                break
            reached = wider
        if len(reached) > len(before) or whole:
            yield reached
        if whole:
            return
