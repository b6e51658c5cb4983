"""The dbt project as Dagster sees it: where it is, the command, its environment, and its manifest.

Which assets follow from it is in translator.py, building its models in build.py.
"""

import fcntl
import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

from assets.ground.settings import PROJECT, work_folder
from assets.ground.state import files_fingerprint, fingerprint

DBT_DIR = PROJECT / "dbt_project"
MANIFEST = DBT_DIR / "target" / "manifest.json"
PARSED = MANIFEST.parent / "nieuw" / "partial_parse.msgpack"
SOURCES = ("models", "macros", "seeds", "tests")


def dbt_executable() -> str:
    """The dbt command of this environment, also when its bin folder is not on PATH."""
    return str(Path(sys.executable).with_name("dbt"))


def dbt_environment(work: Path) -> dict[str, str]:
    """What dbt needs to know of the installation, and its telemetry off."""
    return {
        "MEERDOEN_WERK": str(work),
        "DBT_PROFILES_DIR": str(DBT_DIR),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        # No node events come in quiet mode, and all outputs would be lost.
        "DBT_QUIET": "false",
    }


def ensure_manifest() -> None:
    """Builds the manifest when it is missing or older than the project (4 s); a code location loads it in 0.1 s.

    When two processes ask at once, one builds it and the other waits; a reader sees the old one or the new one.
    """
    MANIFEST.parent.mkdir(exist_ok=True)
    with (MANIFEST.parent / ".slot").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        stamp = MANIFEST.with_name("bron.txt")
        now = files_fingerprint(*(DBT_DIR / name for name in SOURCES)) + fingerprint(
            (DBT_DIR / "dbt_project.yml").read_text()
        )
        if MANIFEST.exists() and stamp.exists() and stamp.read_text() == now:
            return
        new = MANIFEST.parent / "nieuw"
        environment = os.environ | dbt_environment(work_folder())
        command = [dbt_executable(), "--quiet", "parse", "--project-dir", str(DBT_DIR), "--target-path", str(new)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode:
            raise RuntimeError(f"dbt parse failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
        (new / MANIFEST.name).replace(MANIFEST)
        stamp.write_text(now)


def manifest() -> dict[str, Any]:
    """What dbt told of the project: its models, tests and macros."""
    return _read(MANIFEST, MANIFEST.stat().st_mtime_ns)


@cache
def _read(file: Path, _as_of: int) -> dict[str, Any]:
    return json.loads(file.read_text(encoding="utf-8"))


if __name__ == "__main__":
    ensure_manifest()
