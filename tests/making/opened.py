"""Which files a program read that it had not written itself, as the kernel saw it (strace): its children's too."""

import os
import re
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

CALLS = "trace=open,openat,openat2,creat,rename,renameat,renameat2"
UNFINISHED = re.compile(r"^(\d+) +(.*) <unfinished \.\.\.>$")
RESUMED = re.compile(r"^(\d+) +<\.\.\. \w+ resumed>(.*)$")
OPENED = re.compile(r"(open|openat|openat2|creat)\((.*)\) += \d+<(/[^>]*)>")
RENAMED = re.compile(r'(?:rename|renameat|renameat2)\(.*?"([^"]*)".*"([^"]*)"[^"]*\) += 0')


def read_from_before(command: list[str], environment: dict[str, str], folders: list[Path], log: Path) -> set[Path]:
    """Runs a program; the files in the folders that it read as they were before it, also what it later wrote over."""
    before = {file for folder in folders for file in folder.rglob("*") if file.is_file()}
    strace = ["strace", "-f", "--seccomp-bpf", "-y", "-s", "4096", "-e", CALLS, "-o", str(log)]
    done = subprocess.run(
        [*strace, *command], env=os.environ | environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    with log.open(errors="replace") as lines:
        return read_of(lines, before)


def read_of(lines: Iterable[str], before: set[Path]) -> set[Path]:
    """The files from before that were read, by the lines of strace."""
    before, own, found = set(before), set(), set()
    for line in _whole(lines):
        if renamed := RENAMED.search(line):
            source, target = map(Path, renamed.groups())
            if source in before and source not in own:
                # An old file under another name is an old file.
                before.add(target)
                own.discard(target)
            else:
                own.add(target)
        elif opened := OPENED.search(line):
            call, flags, path = opened.group(1), opened.group(2), Path(opened.group(3))
            if call == "creat" or "O_TRUNC" in flags or "O_EXCL" in flags:
                own.add(path)
            elif path in before and path not in own and "O_WRONLY" not in flags:
                found.add(path)
    return found


def _whole(lines: Iterable[str]) -> Iterator[str]:
    """The calls; strace cuts one in two when another thread comes between."""
    begun = {}
    for line in map(str.rstrip, lines):
        if cut := UNFINISHED.match(line):
            begun[cut.group(1)] = cut.group(2)
        elif end := RESUMED.match(line):
            yield begun.pop(end.group(1), "") + end.group(2)
        else:
            yield line
