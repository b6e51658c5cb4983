"""What protection and attack cost: `python -m tests.validations.disclosure.bench`; in CPU seconds and in u.

u: the CPU seconds of a loop of thirty million additions on the same machine, as machines differ threefold. Of one new
month: one new quarter-end and the one before, 17 regelingen linked, with streets. `bescherm` holds the attacks of
repair; MB: the most that the process held, making the gemeente included. The bars hold for protection and attack
together. The last columns: how much of what was counted is still shown at gemeente, wijk, buurt and straat, and how
many cells are hidden beyond the primary rules, in percent (bars: 99, 97, 95, 70 and at most 1).
"""

import resource
import subprocess
import sys
import time
from datetime import date
from itertools import pairwise
from pathlib import Path

import polars as pl

from assets.ground.mart import mart, read_areas, read_linked
from assets.protection.close import touched
from assets.protection.protect import protect
from assets.protection.public import entries_of, with_entries
from assets.protection.seen import attack_today
from assets.protection.together import secure
from tests.making.publishing import NOTHING
from tests.validations.disclosure.gemeente import gemeente
from tests.validations.disclosure.secured import SDC, attacked, close, use

BARS = {50_000: 3, 250_000: 10, 930_000: 100}  # residents: u
MEGABYTES = 1000
REGELINGEN = 17


def u() -> float:
    """The CPU seconds of the loop that bars are told in, as a script runs it: in a function it takes half."""
    loop = compile("s = 0\nfor i in range(30_000_000): s += i", "u", "exec")
    start = time.process_time()
    exec(loop, {})
    return time.process_time() - start


def held(spent: float, bar: float, unit: float) -> str:
    """CPU seconds in u beside their bar."""
    return f"{spent / unit:6.1f} u, lat {bar:g} u: {'gehaald' if spent <= bar * unit else 'NIET GEHAALD'}"


def measure(inhabitants: int, regelingen: int) -> None:
    """Prints one line of the table of one new month."""
    town, stand, unit = gemeente(1, inhabitants, regelingen), date(2022, 4, 20), u()
    start = time.process_time()
    ledger, made, _ = close(town, stand)
    middle = time.process_time()
    outcome = attacked(ledger, made, town, stand)
    end = time.process_time()
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    shown = use(made)
    print(
        f"{inhabitants:>9,} {regelingen:>3} {outcome.attacked:>7,} {outcome.exact:>5} {outcome.narrow:>5}"
        f" {middle - start:>9.1f} {end - middle:>7.1f} {megabytes:>5,} MB"
        f" {held(end - start, BARS[inhabitants], unit)}{'' if megabytes <= MEGABYTES else ', te veel geheugen'}",
        *(f"{shown[name]:>7.2f}" for name in ("gemeente", "wijk", "buurt", "straat", "extra")),
        flush=True,
    )


def first_close(work: Path, name: str, bar: float) -> None:
    """Prints what the first close in a work folder cost: each table, all together, and the attack of the audit."""
    cells = pl.concat([pl.read_parquet(file) for file in sorted((work / "kandidaat").glob("monitor_*.parquet"))])
    cells = cells.with_columns(reden=pl.when(pl.col("reden") != "secundair").then("reden")).drop("publicatiestatus")
    with mart(work) as connection:
        areas, linked = read_areas(connection), read_linked(connection)
    stand, unit = date(2023, 1, 20), u()
    times = [time.process_time()]
    made = pl.concat([protect(touched(table), SDC) for table in cells.partition_by("tabel")])
    times.append(time.process_time())
    made, _, moves = secure(made, NOTHING, areas, linked=linked, sdc=SDC, stand=stand)
    times.append(time.process_time())
    ledger = with_entries(NOTHING, entries_of(made, SDC, stand))
    outcome = attack_today(ledger, made, areas, linked=linked, sdc=SDC, stand=stand, moves=moves)
    times.append(time.process_time())
    spent = [after - before for before, after in pairwise(times)]
    print(
        f"{name}: {made.height:,} cijfers, {outcome.attacked:,} aangevallen, "
        f"{outcome.exact} exact, {outcome.narrow} smal; "
        f"per tabel {spent[0]:.1f} s, samen {spent[1]:.1f} s, audit {spent[2]:.1f} s: {held(sum(spent), bar, unit)}",
        flush=True,
    )


def main() -> None:
    """Every size in a process of its own, so that its memory is its own."""
    print(
        "inwoners  reg  gevoel exact smal  bescherm   aanval     MB       u en lat     gemeente wijk buurt straat extra"
    )
    for inhabitants in BARS:
        command = [sys.executable, "-m", "tests.validations.disclosure.bench", str(inhabitants), str(REGELINGEN)]
        subprocess.run(command, check=True)


if __name__ == "__main__":
    measure(int(sys.argv[1]), int(sys.argv[2])) if len(sys.argv) > 2 else main()
