"""`meerdoen sleutel`: keys are made, checked and changed; a change re-pseudonymises, and loses nothing unasked."""

import json
import shutil
from pathlib import Path

import polars as pl
import pytest

from assets.intake.keys import load_keys
from assets.intake.objections import object_to, objections
from orchestration import cli
from tests.making.leaks import delivered, search
from tests.making.nights import FIRST, GEMEENTE, Nights, environment
from tests.making.town import Town, bsn, w301

TODAY = "2022-03-20"


@pytest.fixture
def two(tmp_path: Path) -> Town:
    """Two gemeenten with a BRP; the first also has Wmo messages of somebody whom its BRP does not know."""
    town = Town(tmp_path, ("GM0988", "GM0946"))
    town.brp([{"bsn": number} for number in range(3)], "2022-02-05")
    town.brp([{"bsn": number, "gemeentecode": "0946"} for number in range(3)], "2022-02-05", leverancier="GM0946")
    town.wmo([w301(0, 1, "2022-01-01"), w301(7, 2, "2022-01-01", identificatie="2")], "2022-02-10")
    take_in(town)
    return town


def take_in(town: Town) -> None:
    for bron in ("brp", "wmo"):
        town.take_in(bron, TODAY)


def run(town: Town, *arguments: str) -> int:
    with environment(town.environment()):
        return cli.main(["sleutel", *arguments])


def persons(town: Town, table: str, gemeente: str) -> set[str]:
    files = (town.folder / "kluis" / "bron" / table / gemeente).glob("*.parquet")
    return {person for file in files for person in pl.read_parquet(file).get_column("persoon")}


def pseudonym(town: Town, number: int, gemeente: str = "GM0988") -> str:
    return load_keys(town.settings.key_file).pseudonym(gemeente, "bsn", bsn(number))


def test_a_key_is_made_once(town: Town, capsys: pytest.CaptureFixture):
    before = town.settings.key_file.read_text()
    assert run(town, "maak", "GM0988", "GM0946") == 0
    printed = capsys.readouterr().out
    assert "GM0988: had al een sleutel" in printed
    assert "GM0946: sleutel gemaakt" in printed
    content = json.loads(town.settings.key_file.read_text())
    assert content["GM0988"] == json.loads(before)["GM0988"]
    assert content["GM0946"]["monitor"] not in printed


def test_a_first_key_is_made_without_a_key_file(town: Town):
    town.settings.key_file.unlink()
    assert run(town, "maak", "GM0988") == 0
    assert town.settings.key_file.stat().st_mode & 0o777 == 0o600


def test_a_key_is_not_added_to_a_file_that_others_can_read(town: Town, capsys: pytest.CaptureFixture):
    town.settings.key_file.chmod(0o644)
    assert run(town, "maak", "GM0946") == 2
    assert "chmod 600" in capsys.readouterr().out


def test_check_tells_of_gemeenten_without_key_and_of_faults(two: Town, capsys: pytest.CaptureFixture):
    assert run(two, "controleer") == 0
    assert "GM0946: sleutel in orde." in capsys.readouterr().out
    two.deliver("brp", "2022-02-05", {"brp.csv": "x"}, leverancier="GM0047")
    assert run(two, "controleer") == 0
    assert "meerdoen sleutel maak GM0047" in capsys.readouterr().out
    content = json.loads(two.settings.key_file.read_text())
    two.settings.key_file.write_text(json.dumps(content | {"GM0946": content["GM0988"]}))
    assert run(two, "controleer") == 2
    assert "GM0946 en GM0988 hebben dezelfde sleutel" in capsys.readouterr().out
    two.settings.key_file.unlink()
    assert run(two, "controleer") == 2


def test_a_key_file_in_a_zone_is_a_fault(two: Town, capsys: pytest.CaptureFixture):
    inside = two.folder / "kluis" / "sleutels.json"
    shutil.copy(two.settings.key_file, inside)
    with environment(two.environment() | {"MEERDOEN_SLEUTEL_BESTAND": str(inside)}):
        assert cli.main(["sleutel", "controleer"]) == 2
    assert "ligt in de zone kluis" in capsys.readouterr().out


def test_a_change_gives_new_pseudonyms_to_one_gemeente_and_the_next_night_reads_all_anew(two: Town):
    old_keys, old = two.settings.key_file.read_text(), persons(two, "brp", "GM0988") | persons(two, "wmo", "GM0988")
    other = persons(two, "brp", "GM0946")
    assert run(two, "wissel", "GM0988") == 0
    at_once = persons(two, "brp", "GM0988") | persons(two, "wmo", "GM0988")
    assert not old & at_once
    assert at_once == {pseudonym(two, number) for number in (0, 1, 2, 7)}
    assert json.loads(two.settings.key_file.read_text())["GM0946"] == json.loads(old_keys)["GM0946"]
    outcome = two.take_in("brp", TODAY)
    assert len(outcome.read_now) == 2
    take_in(two)
    assert persons(two, "brp", "GM0988") == {pseudonym(two, number) for number in range(3)}
    assert persons(two, "brp", "GM0946") == other


def test_the_old_key_is_destroyed_also_where_its_file_lay(two: Town):
    old = json.loads(two.settings.key_file.read_text())["GM0988"]["monitor"]
    copy = two.folder / "zelfde"
    # A second name for the old file shows what becomes of its bytes.
    copy.hardlink_to(two.settings.key_file)
    assert run(two, "wissel", "GM0988") == 0
    assert not copy.read_bytes().strip(b"\0")
    assert old not in two.settings.key_file.read_text()
    assert two.settings.key_file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("how", ["gone", "changed"])
def test_a_change_is_refused_when_landing_lost_what_counts(two: Town, how: str, capsys: pytest.CaptureFixture):
    folder = two.folder / "landing" / "GM0988" / "wmo" / "2022-02-10"
    if how == "gone":
        shutil.rmtree(folder)
    else:
        next(folder.iterdir()).write_text("geen bericht")
    keys, before = two.settings.key_file.read_text(), persons(two, "wmo", "GM0988")
    assert run(two, "wissel", "GM0988") == 2
    assert "wmo GM0988/2022-02-10: telt mee in de kluis" in capsys.readouterr().out
    assert (two.settings.key_file.read_text(), persons(two, "wmo", "GM0988")) == (keys, before)
    # Of the other gemeente nothing is missing.
    assert run(two, "wissel", "GM0946") == 0


def test_an_accepted_loss_keeps_whoever_occurs_elsewhere_in_landing(two: Town):
    shutil.rmtree(two.folder / "landing" / "GM0988" / "wmo")
    assert run(two, "wissel", "GM0988", "--aanvaard-verlies") == 0
    take_in(two)
    assert persons(two, "wmo", "GM0988") == {pseudonym(two, 0)}


def test_an_objection_goes_over_to_the_new_key(two: Town, capsys: pytest.CaptureFixture):
    from datetime import date

    day, later = date(2022, 2, 1), date(2022, 3, 20)
    object_to(two.settings.kluis, {"GM0988": pseudonym(two, 1)}, 1, day)
    object_to(two.settings.kluis, {"GM0988": pseudonym(two, 30)}, 2, day)
    assert run(two, "wissel", "GM0988") == 2
    assert "Bezwaar 2" in capsys.readouterr().out
    assert run(two, "wissel", "GM0988", "--aanvaard-verlies") == 0
    assert objections(two.settings.kluis, later).persons == {pseudonym(two, 1)}
    take_in(two)
    assert pseudonym(two, 1) not in persons(two, "brp", "GM0988")


def test_no_key_of_a_gemeente_that_has_none_is_changed(two: Town, capsys: pytest.CaptureFixture):
    assert run(two, "wissel", "GM0047") == 2
    assert "Geen sleutel van GM0047" in capsys.readouterr().out


def test_after_a_change_a_night_gives_the_same_figures_and_no_old_pseudonym_is_left(nights: Nights):
    tables = ("monitor_wmo", "monitor_wwb", "monitor_bijzondere_bijstand")
    figures = [nights.table(name) for name in tables]
    old = [delivered(nights.settings, load_keys(nights.settings.key_file), bron) for bron in ("brp", "wmo", "bus")]
    kluis = nights.folder / "kluis"
    assert all(search(kluis, pattern) for pattern in old)
    assert nights.run("sleutel", "wissel", GEMEENTE) == 0
    assert nights.night(FIRST) == 0
    assert [nights.table(name) for name in tables] == figures
    assert [search(kluis, pattern) for pattern in old] == [[], [], []]
