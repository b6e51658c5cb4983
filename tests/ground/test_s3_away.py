"""An S3 on which nobody answers: every operation fails as a disk does, and says what to do; nothing is lost."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from operator import methodcaller
from pathlib import Path

import pytest

from assets.ground.zones import Zone
from orchestration import cli
from tests.making.town import Town


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The URL of an S3 on which nobody answers."""
    s3fs = pytest.importorskip("s3fs")
    options = {
        "ENDPOINT_URL": "http://127.0.0.1:9",
        "ACCESS_KEY_ID": "x",
        "SECRET_ACCESS_KEY": "x",
        "MAX_ATTEMPTS": "1",
    }
    for name, value in options.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    s3fs.S3FileSystem.clear_instance_cache()
    yield "s3://ergens/zone"
    s3fs.S3FileSystem.clear_instance_cache()


def put_folder(zone: Zone) -> None:
    with zone.writing_folder("a") as folder:
        (folder / "b.txt").write_text("x")


@pytest.mark.parametrize(
    "operation",
    [
        Zone.names,
        put_folder,
        *(
            methodcaller(name, *arguments)
            for name, *arguments in (
                ("exists", "a"),
                ("files", "a"),
                ("read", "a"),
                ("write", "a", b"x"),
                ("remove", "a"),
                ("mark", "a"),
                ("put_if", "a", b"x", None),
            )
        ),
    ],
)
def test_s3_that_is_away_fails_as_a_disk_does(away: str, operation: Callable[[Zone], object]):
    with pytest.raises(ConnectionError, match=r"^EndpointConnectionError$"):
        operation(Zone(away))


def test_a_command_says_that_s3_is_away(
    away: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
):
    for name, value in Town(tmp_path).environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("MEERDOEN_LANDING", away)
    assert cli.main(["refresh"]) == 2
    printed = capsys.readouterr()
    assert printed.out.startswith("Een zone is onbereikbaar (ConnectionError). Kijk of de map of S3 er is")
    assert "127.0.0.1" not in printed.out + printed.err


def test_a_registration_step_with_its_landing_away_keeps_what_it_has(tmp_path: Path, away: str):
    town = Town(tmp_path)
    town.brp([{"bsn": 1}], "2021-02-05")
    town.take_in("brp")
    kluis = town.settings.kluis
    before = {file.path: kluis.read(file.path) for file in kluis.files("")}
    town.settings = replace(town.settings, landing=Zone(away, private=True))
    with pytest.raises(OSError, match="EndpointConnectionError"):
        town.take_in("brp")
    assert {file.path: kluis.read(file.path) for file in kluis.files("")} == before
