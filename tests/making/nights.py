"""Whole nights for tests: a small demo gemeente, run once per session up to its last month but one, then copied.

The last month is still to come: a test can break a delivery of it and run the next night. What was delivered to it, by
registration, is here too.
"""

import io
import os
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from assets.demo.facts import HISTORIC
from assets.demo.make import DemoOptions, make_demo
from assets.intake.pull import read_connections
from assets.registrations.declaration import registrations
from orchestration import cli
from tests.making.town import Town

GEMEENTE = "GM0946"
FIRST, SECOND = "2022-06-20", "2022-07-20"
OPTIONS = DemoOptions(gemeenten=(GEMEENTE,), inwoners=4000, tot="2022-06", maanden=7, seed=3)
# The last deliveries, by bron: made after the first night and before the second.
LAST = {"brp": "2022-07-05", "wmo": "2022-07-10", "bus": "2022-07-20"}
# Registrations that ended before these months: the demo of years ago delivers them.
OF_LONG_AGO = ("awbz",)


class Nights(Town):
    """A town with demo deliveries, on which whole nights are run."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, (GEMEENTE,))

    def run(self, *arguments: str) -> int:
        """Runs the command line in this process, for this town."""
        with environment(self.environment()):
            return cli.main(list(arguments))

    def night(self, stand: str) -> int:
        return self.run("refresh", "--stand", stand)

    @property
    def latest(self) -> Path:
        return (self.folder / "publicatie" / "laatste").resolve()

    def table(self, name: str) -> bytes:
        return (self.latest / f"{name}.parquet").read_bytes()


@contextmanager
def environment(variables: dict[str, str]) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        patch.delenv("MEERDOEN_CONFIG", raising=False)
        yield


def build(folder: Path) -> Nights:
    """The demo of OPTIONS with its first night done."""
    nights = Nights(folder)
    make_demo(nights.settings, OPTIONS, lambda _line: None)
    assert nights.night(FIRST) == 0
    return nights


def copied(base: Nights, folder: Path) -> Nights:
    shutil.copytree(base.folder, folder, symlinks=True, dirs_exist_ok=True)
    os.utime(folder)
    return Nights(folder)


def newest_delivery(first_night: Nights, bron: str) -> tuple[str, str, dict[str, bytes]]:
    """The newest delivery of the demo, or what a pull writes: who delivered it, when, and its files."""
    registration, landing = registrations()[bron], first_night.folder / "landing"
    if bron in OF_LONG_AGO:
        landing = historic(first_night)
    if registration.pull and not any(landing.glob(f"*/{bron}/*")):
        ((gemeente, connection),) = read_connections(first_night.settings.sources_file, bron).items()
        landing = first_night.folder / "gehaald"
        folder = landing / gemeente / bron / SECOND
        if not folder.exists():
            folder.mkdir(parents=True)
            registration.pull(connection, None, folder)
    folder = sorted(landing.glob(f"*/{bron}/*"))[-1]
    files = sorted(file for file in folder.iterdir() if file.name != "levering.json")
    return folder.parts[-3], folder.name, {file.name: file.read_bytes() for file in files}


def corrected(town: Town, bron: str, until: str) -> None:
    """The newest delivery up to a day is sent again, without the last of its records."""
    found = (town.folder / "landing").glob(f"*/{bron}/*")
    folder = max((one for one in found if one.name <= until), key=lambda one: one.name)
    files = {file.name: file.read_bytes() for file in folder.iterdir() if file.name != "levering.json"}
    (folder / "levering.json").unlink(missing_ok=True)
    name, content = sorted(files.items())[0]
    if name.endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(folder / name, "w") as new:
            for member in old.namelist()[:-1]:
                new.writestr(member, old.read(member))
        files[name] = (folder / name).read_bytes()
    else:
        files[name] = b"".join(content.splitlines(keepends=True)[:-1])
    town.deliver(bron, folder.name, files, leverancier=folder.parts[-3])


def historic(first_night: Nights) -> Path:
    """The landing of a demo of years ago, made once, as if it were of the gemeente of these nights."""
    town = Town(first_night.folder / "historisch", (GEMEENTE,))
    landing = town.folder / "landing"
    made = landing / HISTORIC
    if not made.with_name(GEMEENTE).exists():
        make_demo(town.settings, DemoOptions(gemeenten=(HISTORIC,), inwoners=2000, tot="2015-02", maanden=4, seed=3))
        for file in made.rglob("*.csv"):
            file.write_bytes(file.read_bytes().replace(HISTORIC[2:].encode(), GEMEENTE[2:].encode()))
        made.rename(made.with_name(GEMEENTE))
    return landing
