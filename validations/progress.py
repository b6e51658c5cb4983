"""What long work is doing now, for those who wait for it: a bar on a terminal, elsewhere a line every 15 seconds.

In the lowest room, so that attack, protection and installation can all tell (stdlib only). Tells steps, rounds and how
many of how many; never what is counted in them.
"""

import shutil
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TextIO

from validations.language.texts import with_points

EVERY_SECONDS, BLINK_SECONDS = 15, 0.5
BAR = 20


@dataclass
class _Now:
    """What is being done: step `number` of `steps` (0: not known), in it `what`, of which `done` of `total`."""

    steps: int = 0
    number: int = 0
    step: str = ""
    since: float = 0
    what: str = ""
    done: int = 0
    total: int = 0


_now = _Now()
_shown: list[TextIO] = []


def step(name: str) -> None:
    """A step begins."""
    _now.number, _now.step, _now.since = _now.number + 1, name, time.monotonic()
    doing("")


def doing(what: str, total: int = 0) -> None:
    """Something begins within the step; `total`: how many of it there are."""
    _now.what, _now.done, _now.total = what, 0, total


def count(done: int, total: int) -> None:
    """How far it is."""
    _now.done, _now.total = done, total


def is_shown() -> bool:
    """Whether somebody is told: the command line is."""
    return bool(_shown)


@contextmanager
def shown(steps: int = 0, out: TextIO | None = None) -> Iterator[None]:
    """Tells, within the block, what is being done; `out`: where (standard output as it is now)."""
    global _now
    _now, over, to = _Now(steps, step="voorbereiden", since=time.monotonic()), threading.Event(), out or sys.stdout
    teller = threading.Thread(target=_tell, args=(to, over), daemon=True)
    _shown.append(to)
    teller.start()
    try:
        yield
    finally:
        over.set()
        teller.join()
        _shown.pop()


def _tell(out: TextIO, over: threading.Event) -> None:
    # A reader that went away is no fault here: the code that writes what matters tells of it.
    with suppress(OSError, ValueError):
        bar = out.isatty()
        while not over.wait(BLINK_SECONDS if bar else EVERY_SECONDS):
            line = _line(bar=bar)
            width = shutil.get_terminal_size().columns - 1
            out.write(f"\r{line[:width]}\x1b[K" if bar else f"{line}\n")
            out.flush()
        if bar:
            out.write("\r\x1b[K")
            out.flush()


def _line(*, bar: bool) -> str:
    now = _now
    minutes, seconds = divmod(int(time.monotonic() - now.since), 60)
    place = f"stap {now.number} van {now.steps}" if now.steps and now.number else ""
    share = f"{with_points(now.done)} van {with_points(now.total)}" if now.total else ""
    text = ", ".join(filter(None, (place, now.step, f"{now.what} {share}".strip(), f"{minutes}:{seconds:02d}")))
    if not (bar and now.total):
        return text
    full = BAR * min(now.done, now.total) // now.total
    return f"[{'#' * full}{'.' * (BAR - full)}] {text}"
