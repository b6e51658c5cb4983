"""What protection and attack of one new month cost: `python -m tests.disclosure.bench`.

One new quarter-end and the one before, all regelingen linked; `bescherm` holds the attacks of repair. CPU seconds of
all threads; MB: the most that the process held, making the gemeente included. The bars (disclosure.md B10) hold for
protection and attack together. The last columns: how much of what was counted is still shown at gemeente, wijk,
buurt and straat, and how many cells are hidden beyond the primary rules, in percent (B9: 99, 97, 95, 70 and at most 1).
"""

import resource
import subprocess
import sys
import time
from datetime import date

from tests.disclosure.gemeente import gemeente
from tests.disclosure.secured import attacked, close, use

BARS = {50_000: 15, 250_000: 75, 930_000: 240}
MEGABYTES = 2000
REGELINGEN = (4, 17)


def measure(inhabitants: int, regelingen: int) -> None:
    """Prints one line of the table."""
    town, stand = gemeente(1, inhabitants, regelingen), date(2022, 4, 20)
    start = time.process_time()
    ledger, made, _ = close(town, stand)
    middle = time.process_time()
    outcome = attacked(ledger, made, town, stand)
    end = time.process_time()
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    shown = use(made)
    held = end - start <= BARS.get(inhabitants, end) and megabytes <= MEGABYTES
    print(
        f"{inhabitants:>9,} {regelingen:>3} {outcome.attacked:>7,} {outcome.exact:>5} {outcome.narrow:>5}"
        f" {middle - start:>9.1f} {end - middle:>7.1f} {BARS.get(inhabitants, 0):>5} {megabytes:>6,}",
        "ja" if held else "nee",
        *(f"{shown[name]:>8.2f}" for name in ("gemeente", "wijk", "buurt", "straat", "extra")),
        flush=True,
    )


def main() -> None:
    """Every size in a process of its own, so that its memory is its own."""
    print("inwoners  reg  gevoel exact smal  bescherm   aanval   lat     MB gehaald gemeente wijk buurt straat extra")
    for inhabitants in BARS:
        for regelingen in REGELINGEN:
            subprocess.run(
                [sys.executable, "-m", "tests.disclosure.bench", str(inhabitants), str(regelingen)], check=True
            )


if __name__ == "__main__":
    measure(int(sys.argv[1]), int(sys.argv[2])) if len(sys.argv) > 2 else main()
