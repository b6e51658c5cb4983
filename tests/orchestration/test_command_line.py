"""The command line as it is typed: Dutch throughout, an exit code of its own for what is typed wrongly, the clock."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from unittest.mock import ANY

import dagster as dg
import pytest

from assets.ground.night import CLOCK
from assets.ground.state import recall
from orchestration import cli, clock
from orchestration.arguments import USAGE
from orchestration.home import dagster_home
from orchestration.jobs import NIGHT_JOB
from orchestration.night import STAND_TAG
from orchestration.runs import execute
from tests.making.nights import environment
from tests.making.town import Town, bsn, w301

NEWEST = "2021-02-10"

ENGLISH = re.compile(
    r"usage|error|argument\b|option|invalid|required|expected|choose|show this|positional", re.IGNORECASE
)
# What may be typed wrongly in a command, and what the message must name.
WRONG = {
    "": "OPDRACHT",
    "frobnicate": "refresh",
    "refresh --stand": "--stand",
    "refresh --stand 2022-02-30": "jjjj-mm-dd",
    "refresh --stand 20220228": "jjjj-mm-dd",
    "refresh vandaag": "te veel",
    "refresh --zeker=ja": "--zeker",
    "demo --inwoners veel": "getal",
    "demo --frobnicate 3": "opdracht niet kent",
    "akkoord wmo": "leverancier, leverdatum",
    "bewaar --maanden 0": "maanden",
    "bewaar --proef --verwijder": "--proef",
    "sleutel": "ACTIE",
    "sleutel frobnicate": "controleer",
    "sleutel maak": "GM0988",
    "sleutel maak 0988": "gemeentecode",
}


@pytest.mark.parametrize("typed", WRONG)
def test_what_is_typed_wrongly_ends_with_64_and_is_told_in_dutch(typed: str, capsys: pytest.CaptureFixture):
    with pytest.raises(SystemExit) as ended:
        cli.main(typed.split())
    printed = capsys.readouterr().err
    assert ended.value.code == USAGE == 64
    assert WRONG[typed] in printed
    assert printed.startswith("gebruik: ")
    assert not ENGLISH.search(printed), printed


@pytest.mark.parametrize(
    "typed", ["{}", "refresh {}", "refresh --stand {}", "sleutel maak {}", "demo --seed x{}", "bewaar --proef={}"]
)
def test_what_is_typed_wrongly_is_not_repeated(typed: str, capsys: pytest.CaptureFixture):
    with pytest.raises(SystemExit):
        cli.main(typed.format(bsn(1)).split())
    assert bsn(1) not in "".join(capsys.readouterr())


@pytest.mark.parametrize("typed", ["--help", "refresh --help", "sleutel --help", "sleutel wissel --help", "inzage -h"])
def test_help_is_dutch_throughout(typed: str, capsys: pytest.CaptureFixture):
    with pytest.raises(SystemExit) as ended:
        cli.main(typed.split())
    printed = capsys.readouterr().out
    assert ended.value.code == 0
    assert not ENGLISH.search(printed), printed


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture):
    from importlib.metadata import version

    with pytest.raises(SystemExit) as ended:
        cli.main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"meerdoen {version('meerdoen')}\n"


@pytest.fixture
def started(town: Town, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str | None]]:
    """The days over which a night was started, for a town with deliveries up to NEWEST; no night is run."""
    town.wmo([w301(bsn(1), 1, "2021-01-01")], NEWEST)
    town.deliver("wmo", "2999-12-31", {"a.xml": "<x/>"})
    days: list[str | None] = []
    monkeypatch.setattr("orchestration.commands._run_night", lambda _s, _run, stand: days.append(stand) or 0)
    with environment(town.environment()):
        yield days


def test_a_day_that_is_still_to_come_is_refused(started: list, capsys: pytest.CaptureFixture):
    for day in (clock.real_day() + timedelta(days=1), date(2032, 12, 16)):
        assert cli.main(["refresh", "--stand", str(day), "--zeker"]) == USAGE
        assert f"De stand {day} ligt na vandaag" in capsys.readouterr().out
    assert started == []
    assert cli.main(["refresh", "--stand", str(clock.real_day()), "--zeker"]) == 0


def test_a_day_long_after_the_newest_delivery_is_asked_about(started: list, capsys: pytest.CaptureFixture):
    near, far = (str(date.fromisoformat(NEWEST) + timedelta(days=days)) for days in (40, 41))
    assert cli.main(["refresh", "--stand", far]) == USAGE
    printed = capsys.readouterr().out
    assert "41 dagen na de nieuwste levering" in printed
    assert "--zeker" in printed
    for arguments in (["--stand", near], ["--stand", "2021-01-01"], ["--stand", far, "--zeker"], []):
        assert cli.main(["refresh", *arguments]) == 0
    assert started == [near, "2021-01-01", far, None]


def test_the_demo_has_its_own_day(town: Town, started: list):
    town.settings.landing.write("demo.json", b'{"stand": "2999-06-01"}')
    assert cli.main(["refresh"]) == 0
    assert cli.main(["refresh", "--stand", "2999-06-01", "--zeker"]) == 0
    assert cli.main(["refresh", "--stand", "2999-06-02", "--zeker"]) == USAGE
    assert len(started) == 2


@pytest.mark.parametrize("content", ["", "{", "[]", "5", '{"stand": 5}', f'{{"stand": "{bsn(1)}"}}', "[" * 100_000])
@pytest.mark.parametrize("command", ["refresh", "demo", "status"])
def test_what_the_demo_says_of_itself_may_be_damaged(
    town: Town, started: list, command: str, content: str, capsys: pytest.CaptureFixture
):
    town.settings.landing.write("demo.json", content.encode())
    assert cli.main([command]) == (1 if command == "status" else 2)
    printed = "".join(capsys.readouterr())
    assert "demo.json in de landingszone is beschadigd" in printed
    assert bsn(1) not in printed
    assert started == []


def test_a_demo_may_say_nothing_of_its_options(town: Town, capsys: pytest.CaptureFixture):
    town.wmo([w301(bsn(1), 1, "2021-01-01")], NEWEST)
    town.settings.landing.write("demo.json", b'{"stand": "2021-01-01"}')
    with environment(town.environment()):
        assert cli.main(["demo"]) == 2
    assert "Er ligt al een demo, met andere opties" in capsys.readouterr().out


def one_step(town: Town, stand: str | None) -> tuple[bool, str]:
    """A run of one registration without deliveries, as the UI starts it: whether it succeeded, and all that it told."""
    with environment(town.environment()), dg.DagsterInstance.from_config(str(dagster_home())) as instance:
        tags = {STAND_TAG: stand} if stand else {}
        success = execute(instance, NIGHT_JOB, tags=tags, assets={dg.AssetKey("wsw")})
        (run, *_) = instance.get_runs()
        events = [entry.dagster_event for entry in instance.all_logs(run.run_id)]
        return success, f"{[event.event_specific_data for event in events if event]}"


@pytest.mark.parametrize(("stand", "message"), [("2999-01-01", "ligt na vandaag"), ("morgen", "is geen dag")])
def test_a_run_of_the_ui_over_an_impossible_day_fails_and_says_why(town: Town, stand: str, message: str):
    success, words = one_step(town, stand)
    assert not success
    assert message in words


def test_a_clock_that_went_back_is_told(town: Town, capsys: pytest.CaptureFixture):
    assert one_step(town, None) == (True, ANY)
    assert recall(town.settings.work, CLOCK)["meldingen"] == []
    town.settings.publicatie.write("laatste.json", b'{"editie": "2999-12-16"}')
    town.settings.publicatie.write(
        "2999-12-16/manifest.json", b'{"stand": "2999-12-16", "bestanden": {}, "grootboek": []}'
    )
    # A night over a day that was given is a rebuild, and meant.
    assert one_step(town, NEWEST)[0]
    assert recall(town.settings.work, CLOCK)["meldingen"] == []
    assert one_step(town, None)[0]
    (message,) = recall(town.settings.work, CLOCK)["meldingen"]
    assert "2999-12-16" in message
    with environment(town.environment()):
        assert cli.main(["status"]) == 1
    assert message in capsys.readouterr().out


@pytest.mark.parametrize("under", ["", "/daar/onder"])
@pytest.mark.parametrize(
    "name", ["MEERDOEN_LANDING", "MEERDOEN_KLUIS", "MEERDOEN_PUBLICATIE", "MEERDOEN_WERK", "DAGSTER_HOME"]
)
@pytest.mark.parametrize("command", ["refresh", "status"])
def test_a_file_where_a_folder_must_be_is_told_with_the_variable(
    town: Town, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture, name: str, under: str, command: str
):
    file = town.folder / "bestand"
    file.write_text("x")
    with environment(town.environment()):
        monkeypatch.setenv(name, f"{file}{under}")
        assert cli.main([command]) == 2
    assert capsys.readouterr().out.startswith(f"{name} wijst naar een bestand, en moet een map zijn.")
    assert file.read_text() == "x"
