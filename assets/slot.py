"""One writer at a time: the lock of an installation, `.slot` in the kluis; for CLI and daemon alike.

On a folder flock, which the kernel releases when the process ends, however it ends. On S3 an object put only if it is
not there, with an expiry, because nobody releases it for a process that died.
"""

import fcntl
import json
import os
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from assets.zones import Zone

NAME = ".slot"
# Longer than any night; a lock that is older belongs to a process that died.
EXPIRES_SECONDS = 6 * 3600
_held: set[str] = set()


class BusyError(Exception):
    """Another run holds the lock."""

    def __init__(self) -> None:
        super().__init__("Er loopt al een run op deze kluis. Wacht tot die klaar is; er is niets veranderd.")


@contextmanager
def slot(kluis: Zone) -> Iterator[None]:
    """Holds the lock for the time of the block; a second time in the same process is free. Raises BusyError."""
    if kluis.url in _held:
        yield
        return
    with _flock(kluis) if kluis.folder is not None else _object(kluis):
        _held.add(kluis.url)
        try:
            yield
        finally:
            _held.discard(kluis.url)


@contextmanager
def _flock(kluis: Zone) -> Iterator[None]:
    assert kluis.folder is not None
    kluis.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(kluis.folder / NAME, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BusyError from None
        yield
    finally:
        os.close(handle)


@contextmanager
def _object(kluis: Zone) -> Iterator[None]:
    mine = uuid.uuid4().hex
    body = json.dumps({"houder": mine, "tot": time.time() + EXPIRES_SECONDS}).encode()
    if not kluis.put_if(NAME, body, None):
        mark = kluis.mark(NAME)
        expired = mark is not None and json.loads(kluis.read(NAME))["tot"] <= time.time()
        if not expired or not kluis.put_if(NAME, body, mark):
            raise BusyError
    try:
        yield
    finally:
        # Another may have taken over an expired lock, and have released it already.
        if kluis.exists(NAME) and json.loads(kluis.read(NAME))["houder"] == mine:
            kluis.remove(NAME)
