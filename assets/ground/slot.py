"""One writer at a time: the lock of an installation, `.slot` in the kluis; for CLI and daemon alike.

The lock says which run holds it, and proves that it lives. On a folder flock, which the kernel releases when the
process ends, however it ends. On S3 an object put only if it is not there; nobody releases it for a process that died,
so it expires, and at once when the process that put it is gone from this machine.
"""

import fcntl
import json
import os
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from assets.ground import kluis_format
from assets.ground.zones import Zone

NAME = ".slot"
# As long as the longest run (`max_runtime_seconds` in dagster.yaml).
EXPIRES_SECONDS = 12 * 3600
# A process that only looks holds the lock for a moment: that is no other run.
PATIENCE_SECONDS = 1.0
# What this process holds: url of the kluis -> id of the run, empty for a command that is no run.
_held: dict[str, str] = {}


class BusyError(Exception):
    """Another run holds the lock."""

    def __init__(self) -> None:
        super().__init__("Er loopt al een run op deze kluis. Wacht tot die klaar is; er is niets veranderd.")


@contextmanager
def slot(kluis: Zone, run: str = "") -> Iterator[None]:
    """Holds the lock for the time of the block; a second time in the same process is free. Raises BusyError.

    `run`: the id of the run for which it is held. Raises FormatError.
    """
    if kluis.url in _held:
        yield
        return
    with _flock(kluis, run) if kluis.folder is not None else _object(kluis, run):
        _held[kluis.url] = run
        try:
            kluis_format.bear(kluis)
            yield
        finally:
            del _held[kluis.url]


def holds(kluis: Zone) -> bool:
    """Whether this process holds the lock: then nobody else does, and none can get it."""
    return kluis.url in _held


def holder(kluis: Zone) -> str | None:
    """The id of the run that holds the lock, empty for a command that is no run; None when nobody does."""
    if kluis.url in _held:
        return _held[kluis.url]
    if kluis.folder is None:
        return None if (holder := _holder(kluis)) is None or _gone(holder) else holder.get("run", "")
    if not (file := kluis.folder / NAME).exists():
        return None
    handle = os.open(file, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return os.read(handle, 100).decode()
    finally:
        os.close(handle)
    return None


@contextmanager
def _flock(kluis: Zone, run: str) -> Iterator[None]:
    assert kluis.folder is not None
    kluis.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(kluis.folder / NAME, os.O_RDWR | os.O_CREAT, 0o600)
    until = time.monotonic() + PATIENCE_SECONDS
    try:
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise BusyError from None
            time.sleep(0.05)
        os.ftruncate(handle, 0)
        os.write(handle, run.encode())
        yield
    finally:
        os.close(handle)


@contextmanager
def _object(kluis: Zone, run: str) -> Iterator[None]:
    mine = uuid.uuid4().hex
    holder = {"houder": mine, "run": run, "tot": time.time() + EXPIRES_SECONDS, "proces": _process(os.getpid())}
    body = json.dumps(holder).encode()
    if not kluis.put_if(NAME, body, None):
        mark, there = kluis.mark(NAME), _holder(kluis)
        if (there and not _gone(there)) or not kluis.put_if(NAME, body, mark):
            raise BusyError
    try:
        yield
    finally:
        # Another may have taken over an expired lock, and have released it already.
        if (there := _holder(kluis)) and there["houder"] == mine:
            kluis.remove(NAME)


def _holder(kluis: Zone) -> dict | None:
    """What the object says of its holder; None when there is none."""
    with suppress(FileNotFoundError):
        return json.loads(kluis.read(NAME))
    return None


def _gone(holder: dict) -> bool:
    """Whether the lock expired, or its process ended: one of this machine that is not there, or is another by now."""
    if holder["tot"] <= time.time():
        return True
    process, here = holder.get("proces"), _process(os.getpid())
    if not process or not here or process["machine"] != here["machine"]:
        return False
    return _process(process["nummer"]) != process


def _process(number: int) -> dict | None:
    """A process of this machine (its boot and its container, whose numbers mean the same); None when it is not there.

    The system gives a number out again; with the time at which it started it means one process.
    """
    with suppress(OSError):
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        # The name of the program, in brackets, may hold anything: what comes after it is numbers.
        started = Path(f"/proc/{number}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        machine = f"{boot} {Path('/proc/self/ns/pid').readlink()}"
        return {"machine": machine, "nummer": number, "begin": started[19]}
    return None
