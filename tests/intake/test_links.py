"""A link in landing is no delivery: told by its own rule; nothing behind it is read, listed, written or removed."""

import os
import stat
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from assets.ground.state import remember
from assets.ground.zones import Zone
from assets.intake.asset import _messages, _state
from assets.privacy.retention import Removal, carry_out
from orchestration import cli
from orchestration.clock import newest_delivery
from tests.intake.test_intake import everything_in
from tests.making.nights import environment
from tests.making.town import WEERT, Town, brp_csv, w301

DAY, OTHER = "2021-02-05", "2021-03-05"
SECRET = "Kanariepiet"


@pytest.fixture(params=["folder", "url", "linked root"])
def served(request: pytest.FixtureRequest, tmp_path: Path) -> Town:
    """A town with one good delivery; its landing is a folder, a URL, or a link to a folder."""
    town = Town(tmp_path / "stad")
    landing = town.folder / "landing"
    if request.param == "linked root":
        (tmp_path / "schijf").mkdir()
        town.folder.mkdir(exist_ok=True)
        landing.symlink_to(tmp_path / "schijf")
    if request.param == "url":
        town.settings = replace(town.settings, landing=Zone(f"file://{landing}", private=True))
    town.brp([{"bsn": number} for number in range(3)], DAY)
    return town


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """What lies outside landing: a whole delivery, as a leverancier, a bron and a day."""
    folder = tmp_path / "buiten"
    place = folder / "brp" / OTHER
    place.mkdir(parents=True)
    (place / "brp.csv").write_text(brp_csv([{"bsn": number, "straatnaam": SECRET} for number in range(4)]))
    (folder / "levering.json").write_text("{}")
    (place / SECRET).write_text("x")
    for file in place.iterdir():
        os.utime(file, (1_600_000_000, 1_600_000_000))
    return folder


def link_of_day(landing: Path, outside: Path) -> None:
    (landing / WEERT / "brp" / OTHER).symlink_to(outside / "brp" / OTHER)


def link_of_bron(landing: Path, outside: Path) -> None:
    (landing / "GM0946").mkdir()
    (landing / "GM0946" / "brp").symlink_to(outside / "brp")


def link_of_leverancier(landing: Path, outside: Path) -> None:
    (landing / "GM0946").symlink_to(outside)


def day(landing: Path) -> Path:
    folder = landing / WEERT / "brp" / OTHER
    folder.mkdir()
    (folder / "brp.csv").write_text(brp_csv([{"bsn": number} for number in range(4)]))
    os.utime(folder / "brp.csv", (1_600_000_000, 1_600_000_000))
    return folder


def link_of_file(landing: Path, outside: Path) -> None:
    (day(landing) / "extra.csv").symlink_to(outside / "brp" / OTHER / "brp.csv")


def link_deep(landing: Path, outside: Path) -> None:
    folder = day(landing) / "a" / "b" / "c"
    folder.mkdir(parents=True)
    (folder / "d").symlink_to(outside)


def link_inside(landing: Path, _outside: Path) -> None:
    (day(landing) / "zelfde.csv").symlink_to("brp.csv")


def link_as_promise(landing: Path, outside: Path) -> None:
    (day(landing) / "levering.json").symlink_to(outside / "levering.json")


def dangling(landing: Path, outside: Path) -> None:
    (day(landing) / "weg.csv").symlink_to(outside / "er is niets")


def dangling_day(landing: Path, outside: Path) -> None:
    (landing / WEERT / "brp" / OTHER).symlink_to(outside / "er is niets")


def loop(landing: Path, _outside: Path) -> None:
    (day(landing) / "rond").symlink_to(".")


def loop_of_day(landing: Path, _outside: Path) -> None:
    (landing / WEERT / "brp" / OTHER).symlink_to(OTHER)


def loop_of_two(landing: Path, _outside: Path) -> None:
    folder = day(landing)
    (folder / "heen").symlink_to("terug")
    (folder / "terug").symlink_to("heen")


def hidden(landing: Path, outside: Path) -> None:
    (day(landing) / ".verborgen").symlink_to(outside)


def pipe(landing: Path, _outside: Path) -> None:
    os.mkfifo(day(landing) / "pijp.csv")


BLOCKS = [
    link_of_day,
    link_of_file,
    link_deep,
    link_inside,
    link_as_promise,
    dangling,
    dangling_day,
    loop,
    loop_of_day,
    loop_of_two,
    hidden,
    pipe,
]


@pytest.mark.parametrize("place", [*BLOCKS, link_of_bron, link_of_leverancier])
def test_it_is_told_and_not_read(
    served: Town, outside: Path, place: Callable[[Path, Path], None], capsys: pytest.CaptureFixture
):
    served.take_in("brp")
    place(served.folder / "landing", outside)
    outcome = served.take_in("brp")
    messages = " ".join(_messages(outcome))
    assert "LEV-26" in messages
    assert outcome.state == ("geblokkeerd" if place in BLOCKS else "in_orde")
    # The good rows of before count on, and others are not touched.
    assert [(str(good.leverdatum), good.rijen) for good in outcome.accepted] == [(DAY, 3)]
    remember(served.settings.work, "toestand/brp", _state(outcome))
    with environment(served.environment()):
        cli.main(["status"])
    shown = capsys.readouterr().out
    assert "LEV-26" in shown
    assert SECRET not in messages + shown + everything_in(served.folder / "kluis")
    # Told once: the next night is of the same opinion, and does not read it anew.
    again = served.take_in("brp")
    assert (again.state, again.read_now) == (outcome.state, [])


@pytest.mark.parametrize("place", BLOCKS)
def test_without_it_the_delivery_is_read(served: Town, outside: Path, place: Callable[[Path, Path], None]):
    landing = served.folder / "landing"
    place(landing, outside)
    assert served.take_in("brp").state == "geblokkeerd"
    for path in [*landing.rglob("*"), *landing.rglob(".*")]:
        if path.is_symlink() or path.is_fifo():
            path.unlink()
    outcome = served.take_in("brp")
    assert outcome.state == "in_orde"
    assert [good.rijen for good in outcome.accepted][-1] in (3, 4)


def test_a_delivery_that_gets_a_link_keeps_its_last_good_rows(served: Town, outside: Path):
    served.take_in("brp")
    (served.folder / "landing" / WEERT / "brp" / DAY / "erbij.csv").symlink_to(outside)
    outcome = served.take_in("brp")
    assert (outcome.state, [good.rijen for good in outcome.accepted]) == ("geblokkeerd", [3])


@pytest.mark.parametrize("place", [link_of_day, link_of_bron, link_of_leverancier, link_of_file, dangling_day])
def test_a_removal_takes_the_link_and_nothing_behind_it(
    served: Town, outside: Path, place: Callable[[Path, Path], None]
):
    landing = served.folder / "landing"
    place(landing, outside)
    before = everything_in(outside)
    gone = [Removal("brp", f"{gemeente}/{OTHER}", in_landing=True, partly=False) for gemeente in (WEERT, "GM0946")]
    carry_out(served.settings, gone, date(2023, 1, 1), 12)
    assert everything_in(outside) == before
    assert not (landing / WEERT / "brp" / OTHER).is_symlink()


def test_what_lies_behind_a_link_is_not_the_newest_delivery(served: Town, outside: Path):
    landing = served.folder / "landing"
    link_of_leverancier(landing, outside)
    (landing / WEERT / "wmo").symlink_to(outside / "brp")
    (landing / "rond").symlink_to("rond")
    (landing / WEERT / "rond").symlink_to("rond")
    assert newest_delivery(served.settings) == date.fromisoformat(DAY)


def test_a_demo_that_is_a_link_tells_no_time(served: Town, outside: Path):
    (outside / "demo.json").write_text('{"stand": "1999-01-01"}')
    (served.folder / "landing" / "demo.json").symlink_to(outside / "demo.json")
    assert served.settings.demo() is None


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_a_demo_that_is_no_file_tells_no_time(town: Town, make: Callable[[Path], None]):
    (town.folder / "landing").mkdir()
    make(town.folder / "landing" / "demo.json")
    assert town.settings.demo() is None


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFSOCK])
def test_a_zip_with_a_link_in_it_is_refused(town: Town, kind: int):
    file = town.folder / "berichten.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("bericht.xml", w301(0, 1, "2021-01-01"))
        entry = zipfile.ZipInfo("verwijzing.txt")
        entry.external_attr = (kind | 0o777) << 16
        archive.writestr(entry, "/etc/passwd")
    town.deliver("wmo", DAY, {"berichten.zip": file.read_bytes()})
    outcome = town.take_in("wmo")
    assert outcome.blocked[0].fouten[0].regel_id == "LEV-26"
