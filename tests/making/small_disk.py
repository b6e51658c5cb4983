"""A disk that is really full: a small file system in memory, mounted in the place of a folder."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest


@contextmanager
def small_disk(place: Path, room: int) -> Iterator[Callable[[], object]]:
    """The folder on a disk of its own with so many bytes free; gives what makes room."""
    if os.geteuid() or not shutil.which("mount"):
        pytest.skip("only root can mount a small disk")
    kept = place.with_name(f"{place.name}.vol")
    place.rename(kept)
    place.mkdir(mode=0o700)
    used = sum(file.stat().st_blocks * 512 for file in kept.rglob("*") if not file.is_symlink())
    size = f"size={used + room}"
    if subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(place)], check=False).returncode:
        pytest.skip("no disk can be mounted here")
    try:
        shutil.copytree(kept, place, symlinks=True, dirs_exist_ok=True)
        yield lambda: subprocess.run(["mount", "-o", "remount,size=2g", str(place)], check=True)
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def fill(place: Path) -> None:
    """Takes the last room of the disk."""
    with suppress(OSError), (place / "vol").open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
