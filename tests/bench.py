"""`make bench`: what a night costs, as a user would see it. No test: figures of one machine, to compare in one run.

Measures the bars of the first issue: the demo of about 107,000 residents and 24 months, a whole night, the same night
with nothing new, loading the code location, and help. CPU seconds and peak memory of the process and its children.
Then protection and attack (tests/disclosure/bench.py), in u: of that demo, of two small gemeenten, of larger ones.
"""

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.disclosure.bench import first_close, u
from tests.disclosure.bench import main as new_month
from tests.town import Town

ROOT = Path(__file__).parents[1]
PYTHON = sys.executable
COMMAND = [PYTHON, "-m", "orchestration.cli"]


def measure(name: str, command: list[str], bar: str, environment: dict[str, str]) -> None:
    """Runs a command and prints its CPU seconds and peak memory beside the bar."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    peak = after.ru_maxrss // 1024
    state = "" if done.returncode == 0 else f"  exit {done.returncode}: {done.stderr[-300:]}"
    print(f"{name:<34}{cpu:>8.1f} s CPU{peak:>7} MB (highest so far)   bar: {bar}{state}")


def main() -> None:
    """Prints the table."""
    print(f"u = {u():.2f} s CPU")
    with tempfile.TemporaryDirectory() as folder:
        environment = Town(Path(folder)).environment()
        Path(environment["MEERDOEN_SLEUTEL_BESTAND"]).unlink()
        measure("meerdoen --help", [*COMMAND, "--help"], "0.5 s", environment)
        load = [PYTHON, "-c", "import orchestration.definitions"]
        subprocess.run(load, cwd=ROOT, env=os.environ | environment, check=True)
        measure("code location, manifest built", load, "5 s", environment)
        measure("meerdoen demo", [*COMMAND, "demo"], "none", environment)
        measure("meerdoen refresh", [*COMMAND, "refresh"], "60 s, 2000 MB", environment)
        # Before a night with nothing new: after it nothing is set any more.
        first_close(Path(environment["MEERDOEN_WERK"]), "default demo", 18)
        measure("meerdoen refresh, nothing new", [*COMMAND, "refresh"], "10 s", environment)
    with tempfile.TemporaryDirectory() as folder:
        environment = Town(Path(folder)).environment()
        Path(environment["MEERDOEN_SLEUTEL_BESTAND"]).unlink()
        small = ["--gemeenten", "GM0988,GM0765", "--inwoners", "12000", "--maanden", "12"]
        measure("meerdoen demo, small", [*COMMAND, "demo", *small], "none", environment)
        measure("meerdoen refresh, small", [*COMMAND, "refresh"], "none", environment)
        first_close(Path(environment["MEERDOEN_WERK"]), "two gemeenten of 12,000 together", 20)
    new_month()


if __name__ == "__main__":
    main()
