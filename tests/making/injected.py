"""A child of this process in which strace makes one system call fail, or kills it there: Python's own and native ones.

The process that forks must never have used polars itself: its threads would be lacking in the child.
"""

import ctypes
import json
import os
import re
import shutil
import signal
import subprocess
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from typing import NamedTuple

# Writes, renames and syncs; and what else changes a disk.
CALLS = (
    *("write", "pwrite64", "writev", "copy_file_range", "sendfile", "ftruncate", "fallocate"),
    *("rename", "renameat", "renameat2", "fsync", "fdatasync", "symlink", "symlinkat"),
)
OTHER_CALLS = ("mkdir", "mkdirat", "unlink", "unlinkat", "rmdir", "chmod", "fchmodat")
FAULTS = {"kill": "signal=KILL", "EIO": "error=EIO", "ENOSPC": "error=ENOSPC"}
# A full disk makes only these calls fail.
TAKES_ROOM = ("write", "pwrite64", "writev", "copy_file_range", "sendfile", "fallocate", "mkdir", "rename", "symlink")


class Point(NamedTuple):
    """A call in the folder that did something: the how manieth of its name on a file."""

    call: str
    number: int
    file: str


@dataclass(frozen=True)
class Ended:
    """How a child ended: what it told, None when it was killed; its calls in the folder; whether the fault came."""

    result: object
    points: list[Point]
    came: bool


def cannot_trace() -> str | None:
    """Why no process can be traced here; None where one can."""
    if not shutil.which("strace"):
        return "strace is not installed (apt-get install strace)"
    done = subprocess.run(["strace", "-f", "-qq", "-o", os.devnull, "true"], capture_output=True, check=False)
    return None if done.returncode == 0 else "strace may trace nothing here (ptrace is not allowed)"


def child(do: Callable[[], object], folder: Path) -> object:
    """Runs `do` in a child and gives what it tells."""
    pid, go = _forked(do, folder)
    os.write(go, b"1")
    os.close(go)
    os.waitpid(pid, 0)
    return _result(folder)


def traced(do: Callable[[], object], folder: Path, fault: str = "", point: Point | None = None) -> Ended:
    """Runs `do` in a child, traced; with a fault at a point. Its calls outside the folder are no points."""
    log, (pid, go) = folder.with_suffix(".strace"), _forked(do, folder)
    command = ["strace", "-f", "-qq", "-y", "-s", "0", "-o", str(log), "-e", f"trace={','.join(CALLS + OTHER_CALLS)}"]
    if point:
        # The fault is bound to a file: strace counts by thread, and libraries write to wake up theirs.
        command += ["-e", f"inject={point.call}:{FAULTS[fault]}:when={point.number}", "-P", f"{folder}/{point.file}"]
    tracer = subprocess.Popen([*command, "-p", str(pid)])
    while "TracerPid:\t0" in Path(f"/proc/{pid}/status").read_text():
        if tracer.poll() is not None:
            os.kill(pid, signal.SIGKILL)
            raise OSError("strace cannot trace a child")
        time.sleep(0.001)
    os.write(go, b"1")
    os.close(go)
    _, status = os.waitpid(pid, 0)
    tracer.wait()
    killed = os.WIFSIGNALED(status)
    text = log.read_text(errors="replace")
    return Ended(None if killed else _result(folder), list(_points(text, folder)), killed or "(INJECTED)" in text)


def _forked(do: Callable[[], object], folder: Path) -> tuple[int, int]:
    """The number of a child that waits, and the pipe to which to write that it may go."""
    answer = folder.with_suffix(".json")
    answer.unlink(missing_ok=True)
    heard, go = os.pipe()
    if not (pid := os.fork()):
        _run(do, heard, answer)
    os.close(heard)
    return pid, go


def _result(folder: Path) -> object:
    result = json.loads(folder.with_suffix(".json").read_text())
    if isinstance(result, dict) and "gaf" in result:
        raise AssertionError(result["gaf"])
    return result


def _run(do: Callable[[], object], heard: int, answer: Path) -> None:
    import tempfile

    import duckdb

    # Without root only its own parents may trace a process, and strace is a sibling.
    ctypes.CDLL(None).prctl(0x59616D61, ctypes.c_long(-1), 0, 0, 0)
    # The same names and the same thread in each try.
    tempfile._name_sequence = (f"{number:08d}" for number in count())  # pyright: ignore[reportAttributeAccessIssue]
    duckdb.connect = partial(duckdb.connect, config={"threads": 1})
    os.read(heard, 1)
    try:
        result = do()
    except BaseException:
        result = {"gaf": traceback.format_exc()}
    answer.write_text(json.dumps(result))
    os._exit(0)


def _points(text: str, folder: Path) -> Iterator[Point]:
    by_file = Counter()
    for line in text.splitlines():
        called = re.match(rf"\d+ +(\w+)\(.*?{re.escape(str(folder))}/([^\"> ]*).*?(?:= (\S+)|$)", line)
        if called:
            call, file, gave = called.groups()
            by_file[call, file] += 1
            # What failed without us (it is there already, it is gone), or wrote nothing, changes nothing.
            if gave != "-1" and not (gave == "0" and call in ("write", "sendfile")):
                yield Point(call, by_file[call, file], file)
