"""Ctrl-C and SIGTERM end a run within seconds, whatever it is doing: with what is open closed, or else like a kill.

Python raises at a signal only when its own code runs again: not while a linear program or a query goes on for an hour.
A thread hears the signal at once (`signal.set_wakeup_fd`); a run that has not ended by itself after GRACE_SECONDS is
marked as called off, its programs (dbt) are killed and the process ends. Every write stands a kill at any moment.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing import resource_tracker
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import dagster as dg

GRACE_SECONDS = 5
SIGNALS = {signal.SIGINT: "afgebroken (Ctrl-C)", signal.SIGTERM: "gestopt (SIGTERM)"}
# The signals that came since `raises_at_signals` began: tells the exit code.
received: list[int] = []


def message(*, night: bool = True) -> str:
    """What the person at the keyboard is told of the signal that came; for a night also how it leaves things."""
    whole = "Er is niets half geschreven of gepubliceerd. " if night else ""
    return f"De opdracht is {SIGNALS[_first()]}. {whole}Dezelfde opdracht kan opnieuw."


def exit_code() -> int:
    """As a shell tells it: 130 or 143."""
    return 128 + _first()


def _first() -> signal.Signals:
    # A library may raise KeyboardInterrupt by itself.
    return signal.Signals(received[0]) if received else signal.SIGINT


@contextmanager
def raises_at_signals() -> Iterator[None]:
    """Within the block both signals raise KeyboardInterrupt. Only in the main thread, where Python handles signals."""
    received.clear()
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, _frame: FrameType | None) -> None:
        received.append(number)
        raise KeyboardInterrupt

    before = {number: signal.signal(number, stop) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def ends_in_time(instance: dg.DagsterInstance | None, run: dg.DagsterRun | None) -> Iterator[None]:
    """Sees to it, within the block, that a signal ends the process within seconds, and `run` with it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard, bell = os.pipe()
    os.set_blocking(bell, False)
    over = threading.Event()
    before = signal.set_wakeup_fd(bell, warn_on_full_buffer=False)
    watch = threading.Thread(target=_watch, args=(heard, over, instance, run), daemon=True)
    watch.start()
    try:
        yield
    finally:
        over.set()
        signal.set_wakeup_fd(before)
        os.close(bell)
        watch.join()
        os.close(heard)
        if received:
            _kill_children()


def _watch(heard: int, over: threading.Event, instance: dg.DagsterInstance | None, run: dg.DagsterRun | None) -> None:
    # Other signals ring too; nothing to read: the block is over.
    while (number := os.read(heard, 1)) and number[0] not in SIGNALS:
        pass
    if not number:
        return
    received.append(number[0])
    if over.wait(GRACE_SECONDS):
        return
    # Whatever follows may wait for the one that does not end.
    last = threading.Timer(2 * GRACE_SECONDS, os._exit, [exit_code()])
    last.daemon = True
    last.start()
    with suppress(Exception):
        # Within a block that sends what is printed to a log, too.
        print(message(), file=sys.__stdout__, flush=True)
    _kill_children()
    if instance and run:
        with suppress(Exception):
            instance.report_run_canceled(run, message())
    os._exit(exit_code())


def _kill_children() -> None:
    """Ends the programs that this process started, and those that they did.

    Spares the one with which Python cleans up after this process: it ends by itself, and would be missed aloud.
    """
    # No public name; None when there is none.
    cleaner = getattr(resource_tracker._resource_tracker, "_pid", None)
    parents = {}
    for place in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parents[int(place.parent.name)] = int(place.read_text(errors="replace").rpartition(")")[2].split()[1])
    ours = {os.getpid()}
    while found := {child for child, parent in parents.items() if parent in ours} - ours:
        ours |= found
    for child in ours - {os.getpid(), cleaner}:
        with suppress(OSError):
            os.kill(child, signal.SIGKILL)
