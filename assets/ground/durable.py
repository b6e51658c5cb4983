"""Gives a written file its name, so that it is there, and whole, also after the power went.

A rename alone is not enough: the name can be on the disk before the bytes are. Every file of a zone and the key file
get their name here. Files in the work folder need not: all of them can be deleted.
"""

import os
from pathlib import Path


def take_place(new: Path, target: Path) -> None:
    """Renames a file or a link over `target`, or a folder to a name that is free, in the same file system.

    Returns when the bytes, and the name, are on the disk.
    """
    if not new.is_symlink():
        for inside in sorted(new.rglob("*"), reverse=True) if new.is_dir() else []:
            sync(inside)
        sync(new)
    os.replace(new, target)  # noqa: PTH105  Path.replace does the same; this one is what a test makes fail
    sync(target.parent)


def make_folders(folder: Path, mode: int) -> None:
    """Makes a folder and those above it that are not there, all with that mode (`mkdir` gives it to the last only)."""
    if not folder.is_dir():
        make_folders(folder.parent, mode)
        folder.mkdir(mode=mode, exist_ok=True)
        sync(folder.parent)


def sync(path: Path) -> None:
    """Returns when a file, or the names in a folder, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
