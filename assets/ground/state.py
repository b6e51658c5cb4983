"""What the steps of a night tell each other and the next night: small JSON files in the local work folder.

`toestand/` is of the present run; `geheugen/` outlives it and lets an unchanged step be skipped: it names the bytes of
the files that it tells of. All can be deleted: the next night then computes everything anew.
"""

import json
import shutil
from hashlib import file_digest, sha256
from pathlib import Path

RUN = "toestand/run"


def begin(work: Path, run_id: str) -> None:
    """Takes away what another run told in `toestand/`: a step that fails or is left out tells nothing in this one."""
    if recall(work, RUN).get("run_id") != run_id:
        shutil.rmtree(work / "toestand", ignore_errors=True)
        remember(work, RUN, {"run_id": run_id})


def remember(work: Path, name: str, content: dict) -> None:
    """Keeps `content` under `name`."""
    file = work / f"{name}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_suffix(".nieuw")
    new.write_text(json.dumps(content, indent=1, sort_keys=True, default=str), encoding="utf-8")
    new.replace(file)


def recall(work: Path, name: str) -> dict:
    """What was kept under `name`; empty when nothing was, or when it cannot be read."""
    try:
        return json.loads((work / f"{name}.json").read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}


def forget(work: Path, name: str) -> None:
    """Takes away what was kept under `name`."""
    (work / f"{name}.json").unlink(missing_ok=True)


def content_of(*files: Path) -> dict[str, str]:
    """A hash of the content of each file by name; empty where there is none.

    A memory of files holds for these bytes only: a step that was killed may have written half of them, or others.
    """
    return {file.name: _hash(file) if file.exists() else "" for file in files}


def _hash(file: Path) -> str:
    with file.open("rb") as handle:
        return file_digest(handle, "blake2b").hexdigest()[:32]


def fingerprint(*parts: object) -> str:
    """A short hash of anything that prints the same when it is the same."""
    return sha256("\n".join(str(part) for part in parts).encode()).hexdigest()[:16]


def files_fingerprint(*folders: Path) -> str:
    """A hash of the source files (py, sql, yml, csv) under some folders, by name and content."""
    files = sorted(f for folder in folders for f in folder.rglob("*") if f.suffix in (".py", ".sql", ".yml", ".csv"))
    return fingerprint(*(f"{file.name} {sha256(file.read_bytes()).hexdigest()}" for file in files))
