"""One module per delivery format. A reader turns the files of a delivery into text frames; it judges nothing.

A reader raises DeliveryError for what it cannot read at all; a record that it cannot read goes into `faults`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl


@dataclass(frozen=True)
class SourceFile:
    """A file of a delivery, on local disk for as long as it is read.

    `taken`: what a reader got of it: its own name, or the path of a file in the zip that it is.
    """

    name: str
    path: Path
    taken: set[str] = field(default_factory=set, compare=False)


@dataclass(frozen=True)
class Fault:
    """A record that could not be read: file, line, and the LEV- rule that says why; by these a fault is known.

    `place`: where in that line, or what was found there, for its owner (`Blad1!F12`; never a value). `rows`: how many
    records it stands for: none where another fault of the same record counts already.
    """

    file: str
    line: int | None
    rule_id: str
    place: str | None = field(default=None, compare=False)
    rows: int = field(default=1, compare=False)


@dataclass(frozen=True)
class ReadResult:
    """Frames by contract: every field as text, plus bestand and regel; and the records that could not be read.

    A frame without gemeentecode is of the gemeente that delivers it. `left_out`: records that may not be stored.
    `notices`: what the owner must know although nothing was refused for it (a hidden row that was read).
    """

    frames: dict[str, pl.DataFrame]
    faults: list[Fault] = field(default_factory=list)
    left_out: int = 0
    notices: list[Fault] = field(default_factory=list)


Reader = Callable[[list[SourceFile]], ReadResult]
