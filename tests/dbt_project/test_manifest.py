"""The manifest of dbt: of two processes at once one builds it, and nobody reads half of it."""

import json
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from orchestration.dbt import project


def test_two_at_once_build_it_once_and_a_reader_sees_it_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    manifest = tmp_path / "target" / "manifest.json"
    manifest.parent.mkdir()
    manifest.write_text('{"nodes": "oud"}')
    monkeypatch.setattr(project, "MANIFEST", manifest)
    parses, seen, done = [], set(), threading.Event()

    def parse(command: list[str], **_named: object) -> SimpleNamespace:
        parses.append(command)
        new = Path(command[command.index("--target-path") + 1]) / "manifest.json"
        new.parent.mkdir(exist_ok=True)
        for part in ('{"nodes":', ' "nieuw"}'):
            with new.open("a") as file:
                file.write(part)
            time.sleep(0.1)
        return SimpleNamespace(returncode=0)

    def read() -> None:
        while not done.is_set():
            seen.add(json.loads(manifest.read_text())["nodes"])
            time.sleep(0.005)

    monkeypatch.setattr(project.subprocess, "run", parse)
    reader = threading.Thread(target=read)
    builders = [threading.Thread(target=project.ensure_manifest) for _ in range(3)]
    reader.start()
    for builder in builders:
        builder.start()
    for builder in builders:
        builder.join()
    time.sleep(0.05)
    done.set()
    reader.join()
    assert len(parses) == 1
    assert seen == {"oud", "nieuw"}
