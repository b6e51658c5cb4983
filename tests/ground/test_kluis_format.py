"""The number of the format of a kluis: given at first use, and a higher one is left alone by every command."""

import json
from io import StringIO
from pathlib import Path

import dagster as dg
import pytest

from assets.ground import kluis_format
from assets.ground.kluis_format import FORMAT, FormatError
from assets.ground.night import Night
from assets.ground.settings import Settings
from assets.ground.slot import slot
from orchestration import cli
from orchestration.night import night_resource
from tests.making.nights import environment
from tests.making.town import Town, bsn

# Every command that opens the kluis, as it is typed.
COMMANDS = (
    "demo --inwoners 100",
    "refresh",
    "status",
    "herstel 2022-07-15",
    "akkoord wmo GM0988 2022-07-15",
    "herkomst hqzrcwbkvmxtgdnf",
    "herkomst monitor_wwb GM0988 2021-01",
    "sleutel wissel GM0988",
    "bewaar",
    "inzage",
    "vergeet",
)


def numbered(town: Town, content: bytes) -> dict[Path, bytes]:
    """Gives the kluis that number, and tells all that lies there."""
    town.settings.kluis.write(kluis_format.NAME, content)
    return {path: path.read_bytes() for path in town.folder.rglob("*") if path.is_file()}


def test_a_kluis_gets_its_number_at_first_use_and_keeps_it(town: Town):
    kluis = town.settings.kluis
    kluis_format.check(kluis)
    assert not kluis.exists(kluis_format.NAME)
    with slot(kluis):
        assert json.loads(kluis.read(kluis_format.NAME)) == {"formaat": FORMAT}
    # What else a later version says of it stays.
    kluis.write(kluis_format.NAME, b'{"formaat": 1, "meer": 1}')
    with slot(kluis):
        assert b"meer" in kluis.read(kluis_format.NAME)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_higher_number_is_left_alone(
    town: Town, command: str, capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    town.brp([{"bsn": 1}], "2021-02-05")
    before = numbered(town, b'{"formaat": 2}')
    monkeypatch.setattr("sys.stdin", StringIO(bsn(1)))
    with environment(town.environment()):
        assert cli.main(command.split()) == 2
    printed = capsys.readouterr().out
    assert "formaat 2; deze versie kent 1" in printed
    assert "Werk de monitor bij" in printed
    assert {path: path.read_bytes() for path in town.folder.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"{}", b'{"formaat": "1"}', b'{"formaat": 0}', b'{"formaat": true}']
)
def test_a_damaged_number_says_what_to_do(town: Town, content: bytes, capsys: pytest.CaptureFixture):
    numbered(town, content)
    with environment(town.environment()):
        assert cli.main(["status"]) == 2
    assert "formaat.json in de kluis is beschadigd" in capsys.readouterr().out


def test_a_run_of_the_schedule_does_not_begin(town: Town):
    numbered(town, b'{"formaat": 2}')
    with environment(town.environment()), pytest.raises(FormatError, match="formaat 2"):
        Settings.from_environment()

    @dg.asset
    def step(night: dg.ResourceParam[Night]) -> None:
        raise AssertionError(night)

    with environment(town.environment()):
        outcome = dg.materialize([step], resources={"night": night_resource}, raise_on_error=False)
    assert not outcome.success
    assert "formaat 2" in str(outcome.all_events)
    assert not (town.folder / "kluis" / ".slot").exists()


def test_a_kluis_that_is_away_is_no_higher_number(town: Town, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("assets.ground.zones.Zone.read", lambda *_: (_ for _ in ()).throw(ConnectionError("x")))
    kluis_format.check(town.settings.kluis)
