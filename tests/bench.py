"""`make bench`: what a night costs, as a user would see it. No test: figures of one machine, to compare in one run.

Measures the demo of about 107,000 residents and 24 months, a whole night, nights in which nothing or little came, the
night in which a month more of all registrations came, loading the code location, and help. CPU seconds and peak memory
of the process and its children.
Then protection and attack (tests/validations/disclosure/bench.py), in u: of that demo, of two small gemeenten, of
larger ones.
"""

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.making.nights import corrected
from tests.making.town import Town
from tests.validations.disclosure.bench import first_close, u
from tests.validations.disclosure.bench import main as new_month

ROOT = Path(__file__).parents[1]
PYTHON = sys.executable
COMMAND = [PYTHON, "-m", "orchestration.cli"]
# The first night, which has 24 months, and that of a month later.
FIRST, LATER = "2023-01-20", "2023-02-20"


def measure(name: str, command: list[str], bar: str, environment: dict[str, str]) -> float:
    """Runs a command and prints its CPU seconds and peak memory beside the bar; gives the seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    peak = after.ru_maxrss // 1024
    state = "" if done.returncode == 0 else f"  exit {done.returncode}: {done.stderr[-300:]}"
    print(f"{name:<34}{cpu:>8.1f} s CPU{peak:>7} MB (highest so far)   bar: {bar}{state}")
    return cpu


def nights_of_little(town: Town, first: float, unit: float) -> None:
    """Nights after the first in which little came, with their bars in u or as a part of the first."""
    refresh, environment = [*COMMAND, "refresh", "--stand", FIRST], town.environment()
    nothing = measure("meerdoen refresh, nothing new", refresh, f"{12 * unit:.0f} s (12 u)", environment)
    corrected(town, "wmo", FIRST)
    measure("one delivery of wmo changed", refresh, f"{0.25 * first:.0f} s (25% of the first)", environment)
    some = min((town.folder / "landing").glob("GM*/cjg")).parent.name
    town.deliver("cjg", FIRST, {"cjg.csv": "leeg\n"}, leverancier=some)
    measure("one delivery blocked", refresh, f"{nothing + 4 * unit:.0f} s (4 u more)", environment)


def moved(here: Path, there: Path, after: str) -> None:
    """Moves the deliveries after a day from one landing zone to another."""
    for folder in [found for found in here.glob("*/*/*") if found.is_dir() and found.name > after]:
        target = there / folder.relative_to(here)
        target.parent.mkdir(parents=True, exist_ok=True)
        folder.rename(target)


@contextmanager
def other_demo(name: str, options: list[str], bar: str) -> Iterator[Path]:
    """Measures a demo and its first night; gives the work folder."""
    with tempfile.TemporaryDirectory() as folder:
        environment = Town(Path(folder)).environment()
        Path(environment["MEERDOEN_SLEUTEL_BESTAND"]).unlink()
        measure(f"meerdoen demo, {name}", [*COMMAND, "demo", *options], "none", environment)
        measure(f"meerdoen refresh, {name}", [*COMMAND, "refresh"], bar, environment)
        yield Path(environment["MEERDOEN_WERK"])


def main() -> None:
    """Prints the table."""
    print(f"u = {u():.2f} s CPU")
    with tempfile.TemporaryDirectory() as folder:
        town = Town(Path(folder))
        environment = town.environment()
        Path(environment["MEERDOEN_SLEUTEL_BESTAND"]).unlink()
        measure("meerdoen --help", [*COMMAND, "--help"], "0.5 s", environment)
        load = [PYTHON, "-c", "import orchestration.definitions"]
        subprocess.run(load, cwd=ROOT, env=os.environ | environment, check=True)
        measure("code location, manifest built", load, "5 s", environment)
        month_more = ["--tot", FIRST[:7], "--maanden", "25"]
        measure("meerdoen demo, and a month", [*COMMAND, "demo", *month_more], "none", environment)
        landing, later = town.folder / "landing", town.folder / "later"
        moved(landing, later, FIRST)
        refresh = [*COMMAND, "refresh", "--stand"]
        first = measure("meerdoen refresh", [*refresh, FIRST], "60 s, 1300 MB", environment)
        # Before a night with nothing new: after it nothing is set any more.
        first_close(Path(environment["MEERDOEN_WERK"]), "default demo", 18)
        nights_of_little(town, first, u())
        moved(later, landing, FIRST)
        measure("a month more of all", [*refresh, LATER], f"{0.3 * first:.0f} s (30% of the first)", environment)
    small = ["--gemeenten", "GM0988,GM0765", "--inwoners", "12000", "--maanden", "12"]
    with other_demo("small", small, "none") as work:
        first_close(work, "two gemeenten of 12,000 together", 20)
    with other_demo("500,000", ["--inwoners", "500000"], f"{5.5 * first:.0f} s (5.5 of the default)"):
        pass
    new_month()


if __name__ == "__main__":
    main()
