"""A copy of the project to which a test adds something, file by file as docs/development.md says."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from assets.ground.settings import PROJECT

MADE = (".git", ".venv", "data", "target", "logs", "__pycache__", ".*_cache", ".hypothesis")


class Copy:
    """A checkout of its own in `root`; `touched` tells which files were added or changed."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "project"
        self.touched: set[str] = set()
        shutil.copytree(PROJECT, self.root, ignore=shutil.ignore_patterns(*MADE))

    def add(self, path: str, text: str) -> None:
        """A new file."""
        self.touched.add(path)
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def put(self, path: str, text: str, before: str = "") -> None:
        """Text before what stands in a file (once), or at its end."""
        self.touched.add(path)
        file = self.root / path
        was = file.read_text(encoding="utf-8")
        if before:
            assert was.count(before) == 1, f"{path} has changed: another place, please"
            file.write_text(was.replace(before, text + before), encoding="utf-8")
        else:
            file.write_text(was.rstrip("\n") + "\n" + text, encoding="utf-8")

    def python(self, *arguments: str) -> str:
        """What python prints there; it must succeed."""
        environment = os.environ | {"PYTHONPATH": str(self.root), "MEERDOEN_WERK": str(self.root / "werk")}
        command = [sys.executable, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, cwd=self.root, env=environment, check=False)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        return done.stdout
