"""What was read is not read again: new, unchanged and changed deliveries."""

import os
from dataclasses import replace

import pytest

from assets.intake import step
from assets.registrations.declaration import registrations
from tests.making.outcomes import counted, faults, no_reading, persons
from tests.making.town import Town, brp_csv

QUIET_SINCE = 1_600_000_000  # town.deliver dates its files so


def test_an_unchanged_delivery_is_neither_read_nor_judged_again(town: Town, monkeypatch: pytest.MonkeyPatch):
    town.brp(persons(3), "2021-02-05")
    first = town.take_in("brp")
    files = {path: path.stat().st_mtime_ns for path in (town.folder / "kluis").rglob("*")}
    monkeypatch.setitem(registrations(), "brp", replace(registrations()["brp"], read=no_reading))
    monkeypatch.setattr(step, "judge", no_reading)
    again = town.take_in("brp")
    assert (len(first.read_now), len(again.read_now)) == (1, 0)
    assert (again.records, again.data_version, again.state) == (first.records, first.data_version, "in_orde")
    assert files == {path: path.stat().st_mtime_ns for path in (town.folder / "kluis").rglob("*")}


def test_a_refused_delivery_that_did_not_change_is_not_read_again(town: Town, monkeypatch: pytest.MonkeyPatch):
    town.brp(persons(3, geslacht="X"), "2021-02-05")
    assert town.take_in("brp").state == "geblokkeerd"
    monkeypatch.setitem(registrations(), "brp", replace(registrations()["brp"], read=no_reading))
    assert faults(town.take_in("brp")) == ["LEV-13"]


def test_a_delivery_copied_again_with_the_same_content_is_not_read_again(town: Town, monkeypatch: pytest.MonkeyPatch):
    town.brp(persons(3), "2021-02-05")
    town.take_in("brp")
    os.utime(town.folder / "landing/GM0988/brp/2021-02-05/brp.csv", (QUIET_SINCE + 60, QUIET_SINCE + 60))
    monkeypatch.setitem(registrations(), "brp", replace(registrations()["brp"], read=no_reading))
    assert town.take_in("brp").read_now == []


def test_changed_content_is_read_again_and_the_old_rows_go(town: Town):
    town.brp(persons(3), "2021-02-05")
    first = town.take_in("brp")
    town.brp(persons(4), "2021-02-05")
    again = town.take_in("brp")
    assert [record.rijen for record in again.read_now] == [4]
    assert again.data_version != first.data_version
    assert len(list((town.folder / "kluis/bron/brp/GM0988").iterdir())) == 1


def test_a_new_contract_version_reads_again(town: Town, monkeypatch: pytest.MonkeyPatch):
    town.brp(persons(3), "2021-02-05")
    town.take_in("brp")
    monkeypatch.setattr(step, "contract_version", lambda _bron: "een andere versie")
    again = town.take_in("brp")
    assert (len(again.read_now), again.state, counted(town, again)) == (1, "in_orde", 3)


def test_a_new_key_reads_again_and_gives_other_pseudonyms(town: Town):
    town.brp(persons(3), "2021-02-05")
    old = town.take_in("brp")
    town.settings.key_file.unlink()
    new = Town(town.folder).take_in("brp")
    assert len(new.read_now) == 1
    assert new.data_version != old.data_version


def test_a_delivery_that_was_removed_from_landing_keeps_counting(town: Town):
    folder = town.deliver("brp", "2021-02-05", {"brp.csv": brp_csv(persons(3))})
    town.take_in("brp")
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()
    again = town.take_in("brp")
    assert (again.state, counted(town, again)) == ("in_orde", 3)
