"""What is proven of each figure: the values that it takes in some legal table, each with a move that leads to it.

A reader cannot tell these tables apart, so each of these values stays possible. The ends of an interval do not do: two
whole tables four apart do not show that the three values between are possible.
"""

from dataclasses import dataclass

import numpy as np

from validations.disclosure.moves import Moves, Table, times

AWAY = 25  # values up to so far from the truth are kept one by one: in as many bits as a float holds exactly


@dataclass(frozen=True)
class Asked:
    """How many values other than the true one must stay possible of each figure (`need`), where it is a target.

    `down`: one value that lies at least `need` under the truth will do.
    """

    target: np.ndarray
    need: np.ndarray
    down: np.ndarray


class Proof:
    """The moves that are legal within `low` and `high`, and the values that they prove. Starts with the truth alone."""

    def __init__(self, table: Table, asked: Asked, low: np.ndarray, high: np.ndarray):
        self.table, self.asked, self.low, self.high = table, asked, low.copy(), high.copy()
        self.moves, self._least, self._most = Moves.none(), np.zeros(0, np.int64), np.zeros(0, np.int64)
        # Bit AWAY + d of `values`: the truth + d is possible. `lowest`: the least d.
        self.values = np.full(len(low), 1 << AWAY, np.int64)
        self.lowest = np.zeros(len(low), np.int64)

    def add(self, moves: Moves) -> None:
        """Takes up those of some moves that are legal."""
        moves = moves.smallest()
        least, most = times(self.table, self.low, self.high, moves)
        legal = np.flatnonzero(least < most)
        moves, least, most = moves.only(legal), least[legal], most[legal]
        self._record(moves, least, most)
        self.moves = self.moves.with_(moves)
        self._least, self._most = np.concatenate([self._least, least]), np.concatenate([self._most, most])

    def _record(self, moves: Moves, least: np.ndarray, most: np.ndarray) -> None:
        entries = np.flatnonzero(self.asked.target[moves.cell])
        cell, delta = moves.cell[entries], moves.delta[entries]
        first, last = least[moves.move[entries]], most[moves.move[entries]]
        np.minimum.at(self.lowest, cell, np.minimum(first * delta, last * delta))
        for number in range(max(-AWAY, int(first.min(initial=0))), min(AWAY, int(last.max(initial=0))) + 1):
            value = number * delta
            possible = (first <= number) & (number <= last) & (np.abs(value) <= AWAY)
            np.bitwise_or.at(self.values, cell[possible], np.left_shift(1, AWAY + value[possible]))

    def steps(self, cells: np.ndarray) -> np.ndarray:
        """How many other values are possible; of what is asked `down`, how far down."""
        return np.where(self.asked.down[cells], -self.lowest[cells], np.bitwise_count(self.values[cells]) - 1)

    def open(self, cells: np.ndarray) -> np.ndarray:
        """The targets among `cells` of which too little is proven."""
        cells = cells[self.asked.target[cells]]
        return cells[self.steps(cells) < self.asked.need[cells]]

    def has(self, cells: np.ndarray, offsets: np.ndarray | int) -> np.ndarray:
        """Whether the truth and so much is known to be possible; beyond AWAY that is not kept."""
        kept = np.abs(offsets) <= AWAY
        return kept & ((self.values[cells] >> (AWAY + np.clip(offsets, -AWAY, AWAY))) & 1 == 1)

    def ends(self) -> tuple[np.ndarray, np.ndarray]:
        """The least and the most that is proven of each figure, at most AWAY from the truth."""
        bits = self.values
        highest = np.frexp(bits.astype(float))[1] - 1 - AWAY
        lowest = np.frexp((bits & -bits).astype(float))[1] - 1 - AWAY
        return self.table.truth + np.minimum(lowest, self.lowest), self.table.truth + highest

    def change(self, cell: int, low: int, high: int) -> np.ndarray:
        """Gives a figure other bounds; returns the targets of which something else is proven now."""
        self.low[cell], self.high[cell] = low, high
        touched = np.unique(self.moves.move[self.moves.cell == cell])
        part = self.moves.only(touched)
        least, most = times(self.table, self.low, self.high, part)
        lost = (least != self._least[touched]) | (most != self._most[touched])
        self._least[touched], self._most[touched] = least, most
        known = np.zeros(len(self.values), bool)
        known[part.cell[lost[part.move]]] = True
        self.values[known], self.lowest[known] = 1 << AWAY, 0
        again = np.unique(self.moves.move[known[self.moves.cell]])
        self._record(self.moves.only(again), self._least[again], self._most[again])
        return np.flatnonzero(known & self.asked.target)

    def widen(self, low: np.ndarray, high: np.ndarray) -> None:
        """Gives all figures wider bounds: what was legal still is."""
        self.low, self.high = low.copy(), high.copy()
