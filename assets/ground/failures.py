"""What may be told of an exception that nobody foresaw: never its text, which may hold a figure or a value.

Tells its class and our own line; for a full disk the words for that and what to do, whatever met it: Python, SQLite,
DuckDB or polars. These do not tell which disk it is.
"""

import errno
import re
import shutil
import traceback
from collections.abc import Iterator
from pathlib import Path

from assets.ground.settings import PROJECT, dagster_folder

# The virtual environment lies in the project too.
ROOMS = tuple(str(PROJECT / room) for room in ("assets", "validations", "orchestration"))
NUMBERS = (errno.ENOSPC, errno.EDQUOT)
# The words of the system and of SQLite; DuckDB and polars repeat those of the system and have no number.
WORDS = re.compile(r"No space left on device|disk is full|Disk quota exceeded")
# SQLite may say no more than this where its log does not fit.
UNCLEAR, ROOM_FOR_SQLITE = "disk I/O error", 1024**2
FULL = "er is een schijf vol"
REMEDY = "maak ruimte bij landing, kluis, publicatie, werkmap en DAGSTER_HOME (df -h, df -i)"


class NoRoomError(OSError):
    """A disk was full, whatever raised."""

    def __init__(self) -> None:
        super().__init__(f"{FULL}; {REMEDY}")


def no_room(error: BaseException) -> bool:
    """Whether an exception, or what it came from, tells of a disk that is full."""
    return any(
        isinstance(one, NoRoomError)
        or getattr(one, "errno", None) in NUMBERS
        or WORDS.search(str(one))
        or (UNCLEAR in str(one) and _home_is_full())
        for one in _chain(error)
    )


def _home_is_full() -> bool:
    home = dagster_folder()
    return home.exists() and shutil.disk_usage(home).free < ROOM_FOR_SQLITE


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        # `from None` hides what it came from, and does not take it away.
        error = error.__cause__ or error.__context__


def class_and_line(error: BaseException) -> str:
    """Class and our own line."""
    ours = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(ROOMS)]
    name = type(error).__name__
    return f"{name} in {Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else name


def told_of(error: BaseException) -> str:
    """Class and our own line, and for a full disk what to do."""
    return f"{FULL}, {class_and_line(error)}; {REMEDY}" if no_room(error) else class_and_line(error)
