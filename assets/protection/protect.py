"""Hides what sums would still give away: figures that may be shown by themselves, but narrow a small count too far.

A pure function of the cells: no randomness, no clock. It can hide only what is set in this run; what is public already
stays known to who saw it. It knows the sums within bounds of each rule; what takes several rules at once is found by
the attacker (validations/disclosure), who tells `beveiliging_samen` (together.py) which cells are still too narrow.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import polars as pl

from assets.ground.declared import LEVELS, STREET
from assets.protection.bounds import FAR, Rules, propagate, tighten
from assets.protection.cells import BELOW, HIDDEN, NOT_DELIVERED, NVT, PUBLISHED, SILENT, status_of
from assets.protection.rules import build_rules, smallest_near
from assets.protection.sdc import Sdc

# When this many figures near a cell were hidden in vain, hiding more of them is not the cure.
TRIES = 3


@dataclass
class System:
    """The cells of one close as arrays, in the order of the frame; `shown` is what protection decides about.

    `usable`: set in this run, so that it can be hidden. `room`: how far the truth of today can lie from the truth that
    a figure of an earlier close was set on. `silent`: hidden with a status that tells nothing of its count. `month`:
    cells of one table, gemeente and month have the same number. `enough`: the steps that must stay between the least
    and the most of a `sensitive` cell; `under`: a count under it must stay possible (FAR: whatever).
    """

    rules: Rules
    size: int
    count: np.ndarray
    value: np.ndarray
    threshold: np.ndarray
    small: np.ndarray
    silent: np.ndarray
    room: np.ndarray
    most: np.ndarray
    sensitive: np.ndarray
    enough: np.ndarray
    under: np.ndarray
    usable: np.ndarray
    level: np.ndarray
    month: np.ndarray
    gemeente: np.ndarray
    shown: np.ndarray
    half: int
    # Which months lost a level of detail: (month, level).
    fallen: set[tuple[int, int]] = field(default_factory=set)
    tried: dict[int, int] = field(default_factory=dict)

    def bounds(self) -> tuple[np.ndarray, np.ndarray]:
        """What each cell tells by itself: a shown one its rounding, a hidden one whether it is under the threshold."""
        shown, small = self.shown, self.small & ~self.silent
        # A count that is hidden without being under the threshold is at least the threshold, and a reader knows that.
        low = np.where(shown, np.maximum(self.value - self.half, self.threshold), self.threshold)
        low = np.where((small | self.silent) & ~shown, 0, low)
        high = np.where(shown, self.value + self.half, np.where(small, self.threshold - 1, FAR))
        lows, highs = np.zeros(self.size, np.int64), np.full(self.size, FAR)
        count = len(self.count)
        lows[:count] = np.maximum(low - self.room, 0)
        highs[:count] = np.minimum(high + self.room, self.most)
        return lows, highs

    def narrow(self, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        """The sensitive cells of which too few values are left."""
        count = len(self.count)
        return self.sensitive & ((high - low)[:count] < self.enough) | (low[:count] >= self.under)

    def known_before(self) -> np.ndarray:
        """The cells that are too narrow whatever this run tells: even when all that it sets tells nothing."""
        quiet = replace(self, shown=self.shown & ~self.usable, silent=self.silent | self.usable)
        return quiet.narrow(*propagate(self.rules, *quiet.bounds()))

    def hide_near(self, cells: list[int]) -> bool:
        """Hides, for each of some narrow cells, the smallest figure near it.

        Where there is none, or it did not help a few times, the statuses around a cell tell too much, and its own no
        longer says that it is under the threshold; after that its month loses its finest level, and at last all that
        this run sets of its gemeente tells nothing. False: nothing is left, so it was known before this run.
        """
        done = False
        for cell in cells:
            free = self.usable & self.shown
            self.tried[cell] = self.tried.get(cell, 0) + 1
            helps = self.silent[cell] or self.tried[cell] <= TRIES
            near = smallest_near(cell, self.rules, free, self.count) if helps else None
            own = free & (self.month == self.month[cell])
            if near is not None:
                # Hides twice as many every time: those that turn out to be too many are shown again at the end.
                for _ in range(2 ** max(self.tried[cell] - TRIES - 1, 0)):
                    self.shown[near] = free[near] = False
                    near = smallest_near(cell, self.rules, free, self.count)
                    if near is None:
                        break
            elif self.usable[cell] and not self.silent[cell]:
                self.silent[cell] = True
            elif own.any():
                finest = self.level[own].max()
                self.shown[own & (self.level == finest)] = False
                self.fallen.add((int(self.month[cell]), int(finest)))
            elif not self.tell_nothing([cell]):
                continue
            done = True
        return done

    def tell_nothing(self, cells: list[int]) -> bool:
        """Hides all that this run sets of the gemeenten of some cells; no status tells anything. False: no change."""
        telling = self.usable & (self.shown | ~self.silent) & np.isin(self.gemeente, self.gemeente[cells])
        self.shown[telling], self.silent[telling] = False, True
        return bool(telling.any())


def system_of(cells: pl.DataFrame, sdc: Sdc, linked: pl.DataFrame | None = None) -> System:
    """The system of `cells` (close.fresh): what is set now by the primary rules, the rest as it is public."""
    rules, size = build_rules(cells, linked)
    delivered = pl.col("status") == "geleverd"
    old = ~pl.col("vers")
    # What is public without a figure tells nothing, also when it is delivered by now.
    untold = old & pl.col("bekend_status").is_in([NVT, NOT_DELIVERED])
    status = pl.when("vers").then(status_of(pl.col("reden"))).otherwise("bekend_status")
    # A count is at most the residents, where these are known: they are not for `onbekend`, and a person placed by the
    # address in a delivery is no resident.
    residents = (pl.col("eenheid") == "personen") & (pl.col("inwoners") >= pl.col("aantal"))
    few = (delivered & pl.col("aantal").is_between(1, pl.col("drempel") - 1)).fill_null(False)
    apart = (delivered & (status == HIDDEN)).fill_null(False)
    arrays = cells.select(
        count=pl.col("aantal").fill_null(0),
        value=pl.when("vers").then("waarde").otherwise("bekend_waarde").fill_null(0),
        threshold=pl.col("drempel"),
        shown=delivered & (status == PUBLISHED),
        small=delivered & (status == BELOW),
        silent=pl.when(old).then("bekend_reden").otherwise("reden").is_in(SILENT).fill_null(False)
        | ~delivered
        | untold.fill_null(False),
        room=pl.when(old).then(room_of(sdc)).otherwise(0),
        most=pl.when(residents & ~pl.col("gebiedscode").str.ends_with("onbekend")).then("inwoners").otherwise(FAR),
        # What readers saw already is no secret to keep, nor one to make (close.fresh).
        usable=pl.col("vers") & delivered & ~pl.col("vast"),
        sensitive=few | apart & pl.col("ruim").is_not_null(),
        level=pl.col("gebiedsniveau").replace_strict([*LEVELS, STREET], range(4), return_dtype=pl.Int64),
        month=pl.struct("tabel", "gemeentecode", "peildatum").rank("dense"),
        gemeente=pl.col("gemeentecode").rank("dense"),
        enough=pl.min_horizontal(pl.when(few).then(sdc.width).otherwise(pl.coalesce("ruim", 0)), "inwoners"),
        under=pl.when(apart).then("onder").fill_null(FAR),
    )
    parts: dict[str, Any] = {name: arrays.get_column(name).to_numpy().copy() for name in arrays.columns}
    return System(rules=rules, size=size, half=sdc.base // 2, **parts)


def room_of(sdc: Sdc) -> pl.Expr:
    """How far the truth of today can lie from that of a public figure: a larger change waits for the next close."""
    return pl.max_horizontal((pl.col("aantal") - pl.col("bekend_aantal")).abs(), pl.lit(sdc.revision_min - 1))


def repair(system: System) -> None:
    """Hides figures until no sensitive cell is too narrow for the rules one by one, but what was known before."""
    before = None
    while True:
        found = system.narrow(*propagate(system.rules, *system.bounds()))
        if found.any() and before is None:
            before = system.known_before()
        narrow = np.flatnonzero(found if before is None else found & ~before)
        if not len(narrow) or not system.hide_near(narrow.tolist()):
            return


def show_again(system: System, hidden: list[int], may: Callable[[int], bool] = lambda _cell: True) -> None:
    """Shows again what was hidden without need: the largest first, while no sensitive cell gets too narrow.

    `may` is asked last, with the cell shown: what takes more than one rule at once to find.
    """
    low, high = propagate(system.rules, *system.bounds())
    already = system.narrow(low, high)
    for cell in sorted(hidden, key=lambda cell: (-system.count[cell], cell)):
        value = int(system.value[cell])
        wanted = (
            max(value - system.half, int(system.threshold[cell]), int(low[cell])),
            min(value + system.half, int(high[cell])),
        )
        found = tighten(system.rules, low, high, cell, wanted)
        if any(
            other < len(system.count)
            and not already[other]
            and ((system.sensitive[other] and hi - lo < system.enough[other]) or lo >= system.under[other])
            for other, (lo, hi) in found.items()
        ):
            continue
        system.shown[cell] = True
        if not may(cell):
            system.shown[cell] = False
            continue
        for other, (lo, hi) in found.items():
            low[other], high[other] = lo, hi


def protect(cells: pl.DataFrame, sdc: Sdc) -> pl.DataFrame:
    """`cells` (close.fresh) with `publicatiestatus` and `reden`: what each shows after protection within the table."""
    system = system_of(cells, sdc)
    by_rule = system.shown.copy()
    repair(system)
    show_again(system, np.flatnonzero(by_rule & ~system.shown).tolist())
    return decided(cells, by_rule & ~system.shown, system.silent)


def decided(cells: pl.DataFrame, hidden: np.ndarray, silent: np.ndarray) -> pl.DataFrame:
    """`cells` with the public status of each: as it was, or by its reason.

    `hidden`: cells that protection hides as well; `silent`: whose status must not tell what their count is.
    """
    own = pl.when(pl.Series(hidden)).then(pl.lit("secundair")).otherwise("reden")
    reason = pl.when(pl.Series(silent) & ~own.is_in(SILENT)).then(pl.lit("stil")).otherwise(own)
    return cells.with_columns(reden=reason).with_columns(
        publicatiestatus=pl.when(~pl.col("vers"))
        .then("bekend_status")
        .when(pl.col("status") != "geleverd")
        .then("status")
        .otherwise(status_of(pl.col("reden")))
    )
