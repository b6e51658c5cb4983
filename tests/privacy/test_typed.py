"""No command repeats what was typed, or keeps it, where a person number could stand: in no place, in no form."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestration import cli
from orchestration.arguments import USAGE
from tests.making.nights import environment
from tests.making.town import Town, bsn

NUMBER = bsn(7)
# As somebody may type it: bare, spaced, dotted, with a word, without its leading zero, a gemeente with it behind.
FORMS = (NUMBER, f"{NUMBER[:3]}.{NUMBER[3:]}", f"bsn {NUMBER}", f"GM{NUMBER}", f"-{NUMBER}", f"{NUMBER}\n")
COMMANDS = {
    "demo": ("--gemeenten", "--inwoners", "--tot", "--maanden", "--seed", "--fouten", "--als-leeg"),
    "refresh": ("--stand",),
    "status": (),
    "akkoord": (),
    "herstel": ("--reden",),
    "herkomst": (),
    "sleutel": (),
    "sleutel maak": (),
    "sleutel controleer": (),
    "sleutel wissel": ("--aanvaard-verlies",),
    "bewaar": ("--maanden", "--proef", "--verwijder"),
    "inzage": ("--gemeente",),
    "vergeet": ("--gemeente",),
}


def typed(form: str) -> Iterator[list[str]]:
    """The number in each place of each command: as argument, behind an option, joined to it, as option, as command."""
    yield [form]
    yield ["--help-niet", form]
    yield [f"--nummer={form}"]
    for command, options in COMMANDS.items():
        words = command.split()
        yield [*words, form]
        yield [*words, form, form, form, form]
        yield [*words, "wmo", form, "2022-01-01"]
        yield [*words, "wmo", "GM0988", form]
        yield [*words, "GM0988", form]
        for option in (*options, "--nummer", "--bsn"):
            yield [*words, option, form]
            yield [*words, f"{option}={form}"]
            yield [*words, f"{option[:5]}={form}"]
        yield [*words, f"--{form}"]
        yield [*words, f"-{form}"]
        yield [*words, "--", form]


def run(arguments: list[str]) -> int:
    try:
        return cli.main(arguments)
    except SystemExit as ended:
        return int(ended.code or 0)


@pytest.mark.parametrize("form", FORMS)
def test_a_number_is_repeated_nowhere(
    town: Town, form: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture
):
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    digits = NUMBER.lstrip("0")
    # Two ways of writing the same command give the same outcome; these do so much that a test of arguments may not.
    monkeypatch.setattr("orchestration.commands.refresh", lambda _stand: pytest.fail("a number became a day"))
    monkeypatch.setattr("orchestration.commands.demo", lambda _options: pytest.fail("a number became an option"))
    with environment(town.environment()):
        for arguments in typed(form):
            status = run(arguments)
            printed = "".join(capfd.readouterr()).replace(".", "")
            assert digits not in printed, arguments
            assert status in (2, USAGE), arguments
    assert not [file for file in town.folder.rglob("*") if digits in file.name or digits in text(file)]


def text(file: Path) -> str:
    return file.read_bytes().decode(errors="ignore") if file.is_file() else ""


def test_a_registration_that_does_not_exist_waits_for_no_agreement(town: Town):
    town.settings.kluis.write("leveringen/vreemd/GM0988/2022-01-01.json", b'{"toestand": "vastgehouden"}')
    with environment(town.environment()):
        assert run(["akkoord", "vreemd", "GM0988", "2022-01-01"]) == 2


def test_the_check_of_keys_repeats_no_name_that_is_no_code(town: Town, capsys: pytest.CaptureFixture):
    for name in ("GM0946", f"GM{NUMBER}", f"GM {NUMBER[:4]}.{NUMBER[4:]}", "GM0001\x1b[2J\nGM0002"):
        (town.folder / "landing" / name).mkdir(parents=True)
    with environment(town.environment()):
        assert run(["sleutel", "controleer"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "GM0988: sleutel in orde; nog geen leveringen.",
        "GM0946: leveringen zonder sleutel. Hoort zij erbij: meerdoen sleutel maak GM0946",
    ]
