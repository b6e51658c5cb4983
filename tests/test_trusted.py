"""Nothing that another run left is taken for today's: what a night reads and did not write itself is on one list.

TRUSTED says of each why it may be. Whole nights are watched by the kernel (strace): Python's calls and the native ones
of DuckDB, polars and dbt alike. Of a file that is read for a reason that no test holds, see the test that it names.
"""

import fnmatch
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from orchestration.dbt import DBT_DIR
from tests.injected import cannot_trace
from tests.nights import FIRST, SECOND, Nights

SAME_BYTES = "only to see whether this run would write the same bytes; if not, it writes them"
# Path in the folders of an installation, or in the project -> why it may be read although an earlier run left it.
TRUSTED = {
    "sleutels.json": "the keys themselves; their mark is part of the version of every delivery",
    "bronnen.json": "how sources are reached: of the administrator",
    "bronnen/*": "a source itself (of the demo: SQLite), asked anew each night",
    "landing/*": "what was received; a record counts for the sha256 of these bytes only",
    "kluis/.slot": "locked, never believed: the kernel knows who holds it",
    "kluis/leveringen/*.json": "of a delivery, by the sha256 of its files and the version of its contract",
    "kluis/bron/*/*/*-*.parquet": "good rows: the digest of the file is in its name (test_intake_state)",
    "kluis/bron/*.parquet": SAME_BYTES,
    "kluis/uitval/*": SAME_BYTES,
    "kluis/rapporten/*": SAME_BYTES,
    "kluis/herkomst/*": "names that were given; nothing is computed from them, and what is damaged is set aside",
    "kluis/akkoord.json": "what somebody agreed to: damaged it blocks (test_kept)",
    "kluis/bezwaren.json": "who objected: damaged it blocks (test_kept)",
    "kluis/gehaald.json": "how far a pull came: damaged it blocks (test_kept)",
    "kluis/grootboek/*": "what became public; held against its digests and the editions first (test_sound)",
    "kluis/besloten/*": SAME_BYTES,
    "kluis/kluis.duckdb": "hashed, and made anew when it is not what the last whole build left (test_sound)",
    "publicatie/laatste.json": "the switch; damaged, the newest whole edition counts (test_sound)",
    "publicatie/*/manifest.json": "held against the sha256 in the switch (test_sound)",
    "publicatie/*": "files of the edition, held against the sha256 in its manifest (test_sound)",
    "werk/geheugen/*.json": "each names the bytes of the files that it tells of, and what they were made from",
    "werk/toestand/run.json": "whose run it is: of another one all of toestand/ goes (state.begin)",
    "werk/kandidaat/*.parquet": "named by its memory with a hash",
    "werk/vrij/*.parquet": "named by its memory with a hash",
    "werk/aanval.parquet": "named by its memory with a hash; each move in it is judged anew",
    "werk/kluis.duckdb": "named by the memory of dbt with a hash; built anew as a whole otherwise (test_dbt_proof)",
    "dagster/*": "runs, events and schedules: no figure depends on them",
    "project/target/*": "the manifest of the project, by the sha256 of its sources (test_manifest)",
    "project/*": "models, seeds and settings: code",
}
OPENED = re.compile(r"(?:open|openat|openat2|creat)\((.*)\) = \d+<(/[^>]*)>")
RENAMED = re.compile(r'(?:rename|renameat|renameat2)\(.*"([^"]*)"[^"]*\) = 0')
WRITES = ("O_WRONLY", "O_TRUNC", "O_CREAT", "O_EXCL")


def read_from_before(nights: Nights, stand: str) -> set[str]:
    """What a night opened that it had not written itself: by installation folder, or `project/`."""
    log = nights.folder.parent / "strace.log"
    calls = "trace=open,openat,openat2,creat,rename,renameat,renameat2"
    strace = ["strace", "-f", "--seccomp-bpf", "-y", "-s", "4096", "-e", calls, "-o", str(log)]
    command = [sys.executable, "-m", "orchestration.cli", "refresh", "--stand", stand]
    done = subprocess.run(
        [*strace, *command], env=os.environ | nights.environment(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    own, found = set(), set()
    for line in log.read_text(errors="replace").splitlines():
        if renamed := RENAMED.search(line):
            own.add(renamed.group(1))
        elif opened := OPENED.search(line):
            flags, path = opened.groups()
            if any(flag in flags for flag in WRITES) and "O_RDWR" not in flags:
                own.add(path)
            elif "O_DIRECTORY" not in flags and path not in own:
                found.add(path)
    inside = {
        path.replace(str(folder), name, 1).lstrip("/")
        for path in found - own
        for folder, name in ((nights.folder, ""), (DBT_DIR, "project"))
        if path.startswith(f"{folder}/") and Path(path).is_file()
    }
    assert len(inside) > 50
    return inside


WHY = cannot_trace()


def reason(path: str) -> str | None:
    return next((pattern for pattern in TRUSTED if fnmatch.fnmatch(path, pattern)), None)


needs_strace = pytest.mark.skipif(bool(WHY), reason=WHY or "")


@needs_strace
@pytest.mark.lang
def test_a_night_with_nothing_new_reads_only_what_may_be_trusted(nights: Nights):
    unknown = sorted(path for path in read_from_before(nights, FIRST) if reason(path) is None)
    assert unknown == []


@needs_strace
@pytest.mark.lang
def test_no_night_reads_anything_else_and_the_list_has_nothing_that_none_reads(nights: Nights):
    read = read_from_before(nights, FIRST) | read_from_before(nights, SECOND)
    assert sorted(path for path in read if reason(path) is None) == []
    # Lists of people and of S3 are empty in the demo.
    empty = {"kluis/akkoord.json", "kluis/bezwaren.json", "kluis/besloten/*"}
    assert TRUSTED.keys() - {reason(path) for path in read} <= empty
