"""What happens to a delivery while it is read, and a hundred deliveries in one night.

That it grows or is touched is in test_intake.py; that landing grows after a night began, in test_sensors.py.
"""

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from assets.intake import step
from assets.registrations.declaration import registrations
from tests.making.town import WEERT, Town, brp_csv

FIRST, SECOND = "2021-02-05", "2021-03-05"
LATER = 1_600_000_100


def replaced(folder: Path) -> None:
    file = folder / "brp.csv"
    file.write_bytes(file.read_bytes()[::-1])
    os.utime(file, (LATER, LATER))


def removed(folder: Path) -> None:
    shutil.rmtree(folder)


def moved_over(folder: Path) -> None:
    """As a tool for uploads puts a new file in the place of an old one."""
    new = folder.parent / "brp.csv.part"
    new.write_text(brp_csv([{"bsn": number} for number in range(9)]))
    os.utime(new, (LATER, LATER))
    new.replace(folder / "brp.csv")


def doubled(folder: Path) -> None:
    """The same delivery once more, in the folder of another day."""
    shutil.copytree(folder, folder.with_name("2021-03-06"))


HAPPENS = {"replaced": replaced, "removed": removed, "moved over": moved_over, "doubled": doubled}
MOMENTS = ("hash", "read")


@pytest.fixture
def two(town: Town) -> Town:
    """A delivery that was read, and one that is there for this night."""
    town.brp([{"bsn": number} for number in range(4)], FIRST)
    town.take_in("brp")
    town.brp([{"bsn": number} for number in range(5)], SECOND)
    return town


def meanwhile(patch: pytest.MonkeyPatch, moment: str, happens: Callable[[], None]) -> None:
    """Lets something happen just before the files are hashed, or read."""
    registration = registrations()["brp"]
    hashed, read = step.hash_files, registration.read

    def hash_files(landing, delivery, before):
        if str(delivery.leverdatum) == SECOND:
            happens()
        return hashed(landing, delivery, before)

    def reading(files):
        happens()
        return read(files)

    if moment == "hash":
        patch.setattr(step, "hash_files", hash_files)
    else:
        patch.setitem(registrations(), "brp", replace(registration, read=reading))


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("what", HAPPENS)
def test_what_changes_while_it_is_read_is_refused_and_read_the_next_night(
    two: Town, what: str, moment: str, monkeypatch: pytest.MonkeyPatch
):
    folder, done = two.folder / "landing" / WEERT / "brp" / SECOND, []

    def happens() -> None:
        if not done:
            done.append(HAPPENS[what](folder))

    with monkeypatch.context() as patch:
        meanwhile(patch, moment, happens)
        outcome = two.take_in("brp")
    assert done
    notice = {str(record.leverdatum): [fault.regel_id for fault in record.fouten] for record in outcome.records}
    counts = {str(version.leverdatum): version.rijen for version in outcome.accepted}
    assert counts[FIRST] == 4
    if what == "doubled":
        # What is there when a night begins is whole, and counts. The other is of the next night.
        assert (notice[SECOND], counts[SECOND]) == ([], 5)
        again = two.take_in("brp")
        assert {str(version.leverdatum): version.rijen for version in again.accepted}["2021-03-06"] == 5
        assert [notice.regel_id for notice in again.records[-1].meldingen] == ["LEV-19"]
        return
    assert SECOND not in counts
    if (what, moment) == ("removed", "hash"):
        assert outcome.left_out == {f"{WEERT}/{SECOND}": "LEV-24"}
    else:
        assert notice[SECOND] == ["LEV-16"]
    again = {str(version.leverdatum): version.rijen for version in two.take_in("brp").accepted}
    assert again == ({FIRST: 4, SECOND: 9} if what == "moved over" else {FIRST: 4})


def test_a_hundred_deliveries_at_once_are_each_told_and_the_newest_counts(town: Town):
    days = [str(date(2021, 2, 5) + timedelta(days=number)) for number in range(100)]
    for number, day in enumerate(days):
        # One in ten cannot be read.
        town.deliver("brp", day, {"brp.csv": "x" if number % 10 == 3 else brp_csv([{"bsn": n} for n in range(5)])})
    outcome = town.take_in("brp")
    assert sorted(str(record.leverdatum) for record in outcome.records) == days
    refused = {str(record.leverdatum) for record in outcome.records if record.toestand != "aanvaard"}
    assert refused == set(days[3::10])
    assert all(record.fouten for record in outcome.records if record.toestand != "aanvaard")
    assert max(str(version.leverdatum) for version in outcome.accepted) == days[-1]
    assert town.take_in("brp").read_now == []
