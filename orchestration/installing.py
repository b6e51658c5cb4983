"""Installs a lock into the environment of this Python, and tells how far it is (`make monitor`, `make test`).

Runs before anything is installed: only the standard library, and progress.py.
"""

import subprocess
import sys
import threading
from pathlib import Path

from validations import progress

PIP = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--progress-bar", "off"]


def main(lock: str) -> int:
    """Installs the packages of a lock, with their hashes; gives the exit code of pip."""
    wanted = sum(line[:1].isalnum() for line in Path(lock).read_text(encoding="utf-8").splitlines())
    over, output, found = threading.Event(), [], 0
    with progress.shown():
        progress.doing("pakketten ophalen", wanted)
        pip = subprocess.Popen([*PIP, "--require-hashes", "-r", lock], stdout=subprocess.PIPE, text=True)  # noqa: S603
        assert pip.stdout is not None
        for line in pip.stdout:
            output.append(line)
            if line.startswith(("Collecting", "Requirement already")):
                found += 1
                progress.count(min(found, wanted), wanted)
            if line.startswith("Installing collected"):
                new = line.count(",") + 1
                progress.doing("pakketten uitpakken", new)
                threading.Thread(target=_unpacked, args=(new, over), daemon=True).start()
        code = pip.wait()
        over.set()
    if code:
        sys.stderr.write("".join(output[-20:]))
    return code


def _unpacked(new: int, over: threading.Event) -> None:
    """Pip says nothing while it unpacks: what is there tells."""
    before = _there()
    while not over.wait(1):
        progress.count(min(_there() - before, new), new)


def _there() -> int:
    (place,) = {Path(path) for path in sys.path if path.startswith(sys.prefix) and path.endswith("site-packages")}
    return len(list(place.glob("*.dist-info")))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
