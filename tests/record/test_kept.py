"""A damaged small file of the kluis is told by its name and what to do, and is never read as an empty one."""

import pytest

from orchestration import cli
from tests.making.nights import environment
from tests.making.town import Town

FILES = {"akkoord.json": "verwijder het en geef akkoord opnieuw", "bezwaren.json": "zet het terug uit een kopie"}


@pytest.mark.parametrize("damaged", ["", "{", "[1]", '{"a": 1}', "[" * 100_000])
@pytest.mark.parametrize("name", FILES)
def test_a_registration_says_which_file_is_damaged(town: Town, name: str, damaged: str):
    from assets.ground.settings import DamagedError

    town.brp([{"bsn": 1}], "2021-02-05")
    town.settings.kluis.write(name, damaged.encode())
    with pytest.raises(DamagedError, match=name) as caught:
        town.take_in("brp")
    assert FILES[name] in str(caught.value)


@pytest.mark.parametrize(
    ("name", "command"),
    [("akkoord.json", ["akkoord", "brp", "GM0988", "2021-03-05"]), ("bezwaren.json", ["status"])],
)
def test_a_command_gives_words_and_no_traceback(town: Town, capsys: pytest.CaptureFixture, name: str, command: list):
    town.brp([{"bsn": number} for number in range(1, 60)], "2021-02-05")
    town.take_in("brp")
    town.brp([{"bsn": number} for number in range(1, 6)], "2021-03-05")
    assert town.take_in("brp").state == "geblokkeerd"
    town.settings.kluis.write(name, b"{")
    with environment(town.environment()):
        code = cli.main(command)
    printed = capsys.readouterr().out
    assert code in (1, 2)
    assert name in printed or command == ["status"]
    assert "Traceback" not in printed
