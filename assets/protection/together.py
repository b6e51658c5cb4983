"""All tables of the next edition together, with the ledger, tried by the attacker until it fails.

Can only hide more than the rules of each table did (protect.py). What the attacker finds is hidden; what cannot be
hidden loses a level of detail; what is left unsafe is not released.
"""

from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl

from assets.protection.cells import ENTRY, HIDDEN, KEY, PUBLISHED
from assets.protection.close import touched
from assets.protection.over_closes import MONTH, chains, closes, in_order, narrowed, with_told
from assets.protection.protect import System, decided, show_again, system_of
from assets.protection.public import entries_of, with_entries
from assets.protection.rules import LINKED
from assets.protection.sdc import Sdc
from assets.protection.seen import attack_today, seen_today
from validations import progress

ROUNDS = 20
# In this many rounds what takes long to prove counts as found: figures hidden for it without need are shown again. On
# the default demo that ends after 11 rounds in 13 u with 95 figures hidden; with 4 rounds it took over ten minutes.
HASTY = 12
# Showing again is tried for this many figures, the largest first; then the rest stays hidden.
TRIED = 2_000
NO_UNIONS = pl.DataFrame(schema={"beurt": pl.Int32, **LINKED})


def secure(
    cells: pl.DataFrame,
    history: pl.DataFrame,
    areas: pl.DataFrame,
    *,
    linked: pl.DataFrame,
    sdc: Sdc,
    stand: date,
    unions: pl.DataFrame = NO_UNIONS,
) -> tuple[pl.DataFrame, dict, pl.DataFrame]:
    """`cells` (protect.decided) of all tables with what the attacker needs hidden as well; what was done; its moves.

    `history`: the ledger (over_closes.in_order); `linked`: mart.read_linked; `unions`: that of earlier runs
    (ledger.unions). What is set now can also tell of an earlier close: where it gives away a
    count of then, its status tells nothing (`verzwegen`).
    """
    history, hushed = in_order(history), cells.select(KEY).clear()
    while True:
        quiet = cells.join(hushed.with_columns(zwijgt=True), on=KEY, how="left").with_columns(
            reden=pl.when("zwijgt").then(pl.lit("stil")).otherwise("reden"),
            publicatiestatus=pl.when("zwijgt").then(pl.lit(HIDDEN)).otherwise("publicatiestatus"),
        )
        made, told, moves = _secure_today(quiet.drop("zwijgt"), history, areas, linked=linked, sdc=sdc, stand=stand)
        more = _given_away(made, history, areas, unions=unions, sdc=sdc, stand=stand, moves=moves)
        more = more.join(hushed, on=KEY, how="anti")
        if more.is_empty():
            return made, told | {"verzwegen": hushed.height}, moves
        hushed = pl.concat([hushed, more])


def _given_away(
    cells: pl.DataFrame,
    history: pl.DataFrame,
    areas: pl.DataFrame,
    *,
    unions: pl.DataFrame,
    sdc: Sdc,
    stand: date,
    moves: pl.DataFrame,
) -> pl.DataFrame:
    """KEY of what is set now and must tell nothing, as with it a count of an earlier close can be told."""
    now = touched(cells)
    public = with_entries(history.select(list(ENTRY)), entries_of(now, sdc, stand))
    told = chains(public, history, now, stand)
    closer = narrowed(told)
    months = closer.select(MONTH).unique()
    found = [closer.select(KEY).clear()]
    if months.is_empty():
        return found[0]
    for figures, truth, linked, day in closes(told, now, unions, months):
        progress.doing(f"de sluiting van {day}, bewezen verborgen:")
        outcome = attack_today(figures, truth, areas, linked=linked, sdc=sdc, stand=day, moves=moves)
        own = closer.join(outcome.cells, on=KEY, how="semi")
        # The figures that tell of the count itself, where there are any; else all that tell of its month.
        found.append(own.select(KEY) if own.height else closer.join(outcome.cells, on=MONTH, how="semi").select(KEY))
    return pl.concat(found).unique()


def _secure_today(
    cells: pl.DataFrame, history: pl.DataFrame, areas: pl.DataFrame, *, linked: pl.DataFrame, sdc: Sdc, stand: date
) -> tuple[pl.DataFrame, dict, pl.DataFrame]:
    """As `secure`, for what can be told of the counts of today.

    What could be told before this run (`al_bekend`) cannot be hidden by it. Raises ArithmeticError when the truth
    breaks a rule, or a figure has a form that no edition may have.
    """
    now = touched(cells)
    bare = now.with_columns(reden=pl.when((pl.col("reden") != "secundair") | pl.col("vast")).then("reden"))
    system = system_of(bare, sdc, linked)
    by_rule = system.shown.copy()
    heard = _Heard(bare, history, areas, linked=linked, sdc=sdc, stand=stand)
    system.shown &= (now.get_column("publicatiestatus") == PUBLISHED).to_numpy()
    first = system.shown.copy()
    reader, told = heard.reader, heard.told(system)
    proof = reader.proof(told)
    progress.doing("ronde 1, bewezen verborgen:")
    outcome = reader.attack(told, proof, hasty=True)
    before = outcome.cells.clear()
    if not outcome.safe and not system.usable[_places(bare, outcome.cells)].all():
        quiet = heard.told(replace(system, shown=system.shown & ~system.usable, silent=system.silent | system.usable))
        before = reader.attack(quiet, reader.proof(quiet)).cells
        outcome = outcome.without(before)
    rounds = 1
    while not outcome.safe:
        progress.doing(f"ronde {rounds + 1} van hoogstens {ROUNDS}, bewezen verborgen:")
        found = _places(bare, outcome.cells)
        if outcome.infeasible or outcome.findings or not found:
            raise ArithmeticError("the attacker finds what protection cannot hide")
        # After so many rounds nothing is tried any more: the gemeente tells nothing new at this close.
        if not (system.hide_near(found) if rounds < ROUNDS else system.tell_nothing(found)):
            # Nothing that is set now tells of what is still found, so it was known before. In haste more is found.
            outcome = reader.attack(told, proof).without(before)
            before = pl.concat([before, outcome.cells], how="vertical_relaxed").unique(KEY, keep="last")
            break
        rounds += 1
        # More is hidden than in the round before: all that was proven still is.
        told = heard.told(system)
        proof.widen(*told)
        outcome = reader.attack(told, proof, hasty=rounds <= HASTY).without(before)
    safe, asked, around = system.shown.copy(), 0, reader.around(told)

    hidden = np.flatnonzero(by_rule & ~safe).tolist()
    progress.doing("tonen wat onnodig verborgen is:", min(len(hidden), TRIED))

    def may(cell: int) -> bool:
        nonlocal asked
        asked += 1
        progress.count(min(asked, TRIED), min(len(hidden), TRIED))
        figure = int(heard.place[cell])
        shown = int(reader.told[0][figure]), int(reader.told[1][figure])
        return asked <= TRIED and reader.may_tell(proof, around, figure, shown)

    show_again(system, hidden, may)
    # Once more as a whole, each move judged anew.
    moves, told = reader.named(proof), heard.told(system)
    outcome = reader.attack(told, reader.proof(told, moves))
    if not outcome.without(before).safe:
        # Together they give away more than each did by itself: none of them is shown.
        system.shown, told = safe, heard.told(system)
        outcome = reader.attack(told, reader.proof(told, moves))
    decisions = decided(bare, by_rule & ~system.shown, system.silent).select(*KEY, "publicatiestatus", "reden")
    cells = cells.join(decisions, on=KEY, how="left", suffix="_nu").with_columns(
        publicatiestatus=pl.coalesce("publicatiestatus_nu", "publicatiestatus"),
        reden=pl.when(pl.col("publicatiestatus_nu").is_not_null()).then("reden_nu").otherwise("reden"),
    )
    done = {
        "rondes": rounds,
        "aangevallen": outcome.attacked,
        "extra_onderdrukt": int((first & ~system.shown).sum()),
        "al_bekend": before.height,
        "teruggevallen": len(system.fallen),
    }
    return cells.drop("publicatiestatus_nu", "reden_nu"), done, outcome.moves


class _Heard:
    """What a reader hears of the cells of a close: by the rules alone, and when protection hides them or their status.

    `place`: of each cell its figure for the attacker, or -1.
    """

    def __init__(
        self,
        bare: pl.DataFrame,
        history: pl.DataFrame,
        areas: pl.DataFrame,
        *,
        linked: pl.DataFrame,
        sdc: Sdc,
        stand: date,
    ):
        from validations.disclosure.attack import Attack

        nothing, everything = np.zeros(bare.height, bool), np.ones(bare.height, bool)
        known = history.select(list(ENTRY))

        def seen(hidden: np.ndarray, silent: np.ndarray) -> tuple[pl.DataFrame, dict]:
            tried = decided(bare, hidden, silent)
            public = with_told(with_entries(known, entries_of(tried, sdc, stand)), history, tried, stand)
            return seen_today(public, tried, linked=linked, sdc=sdc, stand=stand)

        by_rule, options = seen(nothing, nothing)
        self._by_rule = (decided(bare, nothing, nothing).get_column("publicatiestatus") == PUBLISHED).to_numpy()
        self.reader = Attack(by_rule, areas, **options)
        figures = self.reader.figures.select(*KEY, "cel")
        place = bare.select(KEY).join(figures, on=KEY, how="left", maintain_order="left").get_column("cel")
        self.place = place.cast(pl.Int64).fill_null(-1).to_numpy()
        self._hidden, self._silent = (
            self.reader.heard(seen(everything, silent)[0], options["hidden_from"]) for silent in (nothing, everything)
        )

    def told(self, system: System) -> tuple[np.ndarray, np.ndarray]:
        """The bounds of all figures for what is shown, hidden and silent now: as `decided` would make it public."""
        low, high = (bound.copy() for bound in self.reader.told)
        hidden = system.usable & ~system.shown & (self.place >= 0)
        for which, (lower, higher) in (
            (hidden & self._by_rule & ~system.silent, self._hidden),
            (hidden & system.silent, self._silent),
        ):
            cells = self.place[which]
            low[cells], high[cells] = lower[cells], higher[cells]
        return low, high


def _places(cells: pl.DataFrame, found: pl.DataFrame) -> list[int]:
    """Where the cells that the attacker found stand in `cells`."""
    places = cells.with_row_index("plaats").join(found.select(KEY), on=KEY, how="semi")
    return places.get_column("plaats").sort().to_list()
