"""Nothing that another run left is taken for today's: what a night reads and did not write itself is on one list.

TRUSTED says of each why it may be. Whole nights are watched by the kernel (strace): Python's calls and the native ones
of DuckDB, polars and dbt alike. Of a file that is read for a reason that no test holds, see the test that it names.
"""

import fnmatch
import re
import sys
from pathlib import Path

import pytest

from orchestration.dbt.project import DBT_DIR
from tests.making.injected import cannot_trace
from tests.making.nights import FIRST, SECOND, Nights
from tests.making.opened import read_from_before, read_of

SAME_BYTES = "only to see whether this run would write the same bytes; if not, it writes them"
# Path in the folders of an installation, or in the project -> why it may be read although an earlier run left it.
TRUSTED = {
    "sleutels.json": "the keys themselves; their mark is part of the version of every delivery",
    "bronnen.json": "how sources are reached: of the administrator",
    "zaaksysteem/*": "a source itself (of the demo: SQLite), asked anew each night",
    "landing/*": "what was received; a record counts for the sha256 of these bytes only",
    "kluis/.slot": "locked, never believed: the kernel knows who holds it",
    "kluis/formaat.json": "a number; damaged, or higher than ours, every command stops (test_kluis_format)",
    "kluis/leveringen/*.json": "of a delivery, by the sha256 of its files and the version of its contract",
    "kluis/bron/*/*/*-*.parquet": "good rows: the digest of the file is in its name (test_damaged)",
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
LATER = "2022-07-21"
# What these nights need not read: nobody agreed or objected, no delivery is replaced, no second pull brings anything,
# the attack may find nothing, and the command line empties toestand/ before it begins.
NOT_HERE = {
    *("kluis/akkoord.json", "kluis/bezwaren.json", "kluis/besloten/*", "kluis/uitval/*"),
    *("kluis/gehaald.json", "werk/aanval.parquet", "werk/toestand/run.json"),
}


def read_by_a_night(nights: Nights, stand: str) -> set[str]:
    """What a night read that it had not written itself: by installation folder, or `project/`."""
    command = [sys.executable, "-m", "orchestration.cli", "refresh", "--stand", stand]
    roots = {nights.folder: "", DBT_DIR: "project"}
    log = nights.folder.parent / "strace.log"
    read = read_from_before(command, nights.environment(), list(roots), log)
    inside = {
        str(file).replace(str(folder), name, 1).lstrip("/")
        for file in read
        for folder, name in roots.items()
        if file.is_relative_to(folder)
    }
    assert len(inside) > 50
    return inside


WHY = cannot_trace()


def reason(path: str) -> str | None:
    return next((pattern for pattern in TRUSTED if fnmatch.fnmatch(path, pattern)), None)


needs_strace = pytest.mark.skipif(bool(WHY), reason=WHY or "")


@needs_strace
@pytest.mark.lang
def test_no_night_reads_what_may_not_be_trusted_and_the_list_has_nothing_that_none_reads(nights: Nights):
    """One with nothing new, one with a month more, one a day later, and that again."""
    read = set().union(*(read_by_a_night(nights, stand) for stand in (FIRST, SECOND, LATER, LATER)))
    assert sorted(path for path in read if reason(path) is None) == []
    assert TRUSTED.keys() - {reason(path) for path in read} <= NOT_HERE


# What a program does with `oud`, left by another -> whether it reads what that left.
USES = {
    "open('oud').read(); open('oud', 'w').write('x')": True,
    "open('oud').read(); os.remove('oud')": True,
    "open('oud').read(); open('nieuw', 'w').close(); os.replace('nieuw', 'oud')": True,
    "open('oud', 'a').write('x'); open('oud').read()": True,
    "open('oud', 'r+').read()": True,
    "os.replace('oud', 'elders'); open('elders').read()": True,
    "subprocess.run(['cat', 'oud'])": True,
    "open('oud', 'w').write('x'); open('oud').read()": False,
    "open('nieuw', 'w').close(); os.replace('nieuw', 'oud'); open('oud').read()": False,
    "open('nieuw', 'w').close(); open('nieuw').read()": False,
    "open('oud', 'a').write('x')": False,
}


@needs_strace
@pytest.mark.parametrize("use", USES)
def test_what_a_program_reads_of_before_is_seen_though_it_writes_over_it(tmp_path: Path, use: str):
    folder = tmp_path / "map"
    folder.mkdir()
    (folder / "oud").write_text("oud")
    # By their whole paths, as our own code names files.
    program = re.sub(r"'(oud|nieuw|elders)'", rf"'{folder}/\1'", f"import os, subprocess; {use}")
    read = read_from_before([sys.executable, "-c", program], {}, [folder], tmp_path / "strace.log")
    assert bool(read) == USES[use]


def test_a_call_that_strace_cut_in_two_is_one():
    """And what is renamed over an old file is this run's own from then on."""
    lines = (
        '7 openat(AT_FDCWD</x>, "/x/oud", O_RDONLY|O_CLOEXEC <unfinished ...>',
        '8 rename("/x/nieuw", "/x/ander" <unfinished ...>',
        "7 <... openat resumed>)             = 4</x/oud>",
        "8 <... rename resumed>)             = 0",
        '7 openat(AT_FDCWD</x>, "/x/ander", O_RDONLY) = 4</x/ander>',
    )
    assert read_of(lines, {Path("/x/oud"), Path("/x/ander")}) == {Path("/x/oud")}
