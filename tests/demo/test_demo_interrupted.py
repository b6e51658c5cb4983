"""A demo that is interrupted poisons nothing: it says of itself that it is unfinished, and can be finished."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from assets.demo.make import WAITING
from assets.ground.settings import DEMO
from orchestration import cli
from tests.demo.test_demo import landing_hash
from tests.making.nights import environment
from tests.making.town import Town

OPTIONS = ["--gemeenten", "GM0765", "--inwoners", "1500", "--maanden", "3", "--tot", "2021-12"]


def run(town: Town, *arguments: str) -> int:
    with environment(town.environment()):
        return cli.main(list(arguments))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    town = Town(tmp_path_factory.mktemp("heel"), ("GM0765",))
    assert run(town, "demo", *OPTIONS) == 0
    assert not (town.folder / "landing" / WAITING).exists()
    return landing_hash(town.folder)


def interrupted_while_moving(town: Town, monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    """Ctrl-C after so many deliveries have come into landing."""
    real, moved = Path.replace, []

    def replace(self: Path, target: Path):
        if WAITING in self.parts and WAITING not in Path(target).parts:
            moved.append(self)
            if len(moved) > after:
                raise KeyboardInterrupt
        return real(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", replace)
        assert run(town, "demo", *OPTIONS) == 130


def test_a_demo_killed_while_it_is_made_leaves_no_delivery_and_is_finished_by_the_next(tmp_path: Path, whole, capsys):
    town = Town(tmp_path, ("GM0765",))
    command = [sys.executable, "-m", "orchestration.cli", "demo", *OPTIONS]
    running = subprocess.Popen(command, env=town.environment(), stdout=subprocess.DEVNULL)
    waiting, end = tmp_path / "landing" / WAITING, time.time() + 60
    while time.time() < end and not any(waiting.rglob("*.csv")):
        time.sleep(0.01)
    running.send_signal(signal.SIGKILL)
    assert running.wait() == -signal.SIGKILL
    assert town.settings.landing.names() == [DEMO]
    assert run(town, "refresh") == 2
    assert "meerdoen demo" in capsys.readouterr().out
    # Nothing of it came into landing yet, so another demo may take its place.
    assert run(town, "demo", "--als-leeg", *OPTIONS) == 0
    assert landing_hash(tmp_path) == whole


@pytest.mark.parametrize("after", [0, 5])
def test_a_demo_that_came_in_half_is_no_delivery_and_is_finished_by_the_next(
    tmp_path: Path, whole, monkeypatch: pytest.MonkeyPatch, capsys, after: int
):
    town = Town(tmp_path, ("GM0765",))
    interrupted_while_moving(town, monkeypatch, after)
    assert json.loads((tmp_path / "landing" / DEMO).read_text())["onaf"]
    assert run(town, "refresh") == 2
    assert "niet af" in capsys.readouterr().out
    if after:
        assert run(town, "demo", "--als-leeg", *OPTIONS, "--seed", "2") == 2
        assert "niet af" in capsys.readouterr().out
    assert run(town, "demo", "--als-leeg", *OPTIONS) == 0
    assert landing_hash(tmp_path) == whole


@pytest.mark.parametrize(
    "wrong",
    [
        ["--inwoners", "-5"],
        ["--inwoners", "0"],
        ["--maanden", "0"],
        ["--maanden", "100000"],
        ["--tot", "2021-13"],
        ["--tot", "0001-01"],
        ["--fouten", "-1"],
        ["--fouten", "nan"],
        ["--seed", "-1"],
        ["--gemeenten", "GM0001"],
        ["--gemeenten", ","],
        ["--gemeenten", "GM0765,GM0765"],
    ],
    ids=" ".join,
)
def test_odd_options_are_refused_in_dutch_before_anything_is_written(tmp_path: Path, capsys, wrong: list[str]):
    town = Town(tmp_path, ("GM0765",))
    before = sorted(tmp_path.rglob("*"))
    try:
        code = run(town, "demo", *OPTIONS, *wrong)
    except SystemExit as stopped:
        code = stopped.code
    assert code in (2, 64)
    printed = "".join(capsys.readouterr())
    assert wrong[0] in printed
    assert "-5" not in printed
    assert [
        path
        for path in sorted(tmp_path.rglob("*"))
        if path not in before and path.name not in (".slot", "formaat.json")
    ] in (
        [],
        [tmp_path / "kluis"],
    )
