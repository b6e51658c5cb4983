"""The file that tells where sources are that must be asked: who is asked, and what an unusable file tells."""

import json
from pathlib import Path

import pytest

from assets.intake import pull
from tests.making.town import WEERT, Town
from tests.making.zaaksysteem import BRON, VANAF, CaseSystem, connect, messages_of, night, sqlite_system

MONDAY = "2021-03-01"


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pull, "WAIT_SECONDS", 0)


@pytest.fixture
def system(tmp_path: Path) -> CaseSystem:
    system = sqlite_system(tmp_path / "bron" / "zaak.sqlite")
    system.dossier("T1", 1)
    return system


def test_without_a_connection_nothing_happens(town: Town):
    assert night(town, MONDAY).state == "niet_geleverd"
    connect(town, "sqlite:///weg.sqlite", leverancier="GM0946")
    known = json.loads(town.settings.sources_file.read_text())
    known["GM0946"] = {"iets_anders": {}}
    town.settings.sources_file.write_text(json.dumps(known))
    outcome = night(town, MONDAY)
    assert (outcome.state, outcome.records) == ("niet_geleverd", [])


def one(url: str, vanaf: str = VANAF) -> str:
    return json.dumps({WEERT: {BRON: {"url": url, "vanaf": vanaf}}})


@pytest.mark.parametrize(
    ("content", "mode"),
    [
        ("{", 0o600),
        ('{"GM0988": {"schuldhulpverlening": {"url": "sqlite:///x"}}}', 0o600),
        (one("sqlite:///x", "gisteren"), 0o600),
        ('{"GM0988": {"schuldhulpverlening": {"url": 5, "vanaf": "2021-01-01"}}}', 0o600),
        ('{"GM0988": {"schuldhulpverlening": {"url": "sqlite:///x", "vanaf": 20210101}}}', 0o600),
        ('{"GM0988": {"schuldhulpverlening": "sqlite:///x"}}', 0o600),
        ('{"GM0988": ' + "[" * 100_000, 0o600),
        (one("oracle://x:Lezer-geheim-77@127.0.0.1/y"), 0o600),
        (one("Lezer-geheim-77"), 0o600),
        ('["GM0988"]', 0o600),
        ("{}", 0o644),
    ],
)
def test_unusable_connections_are_told_and_block(town: Town, content: str, mode: int):
    town.settings.sources_file.write_text(content)
    town.settings.sources_file.chmod(mode)
    outcome = night(town, MONDAY)
    assert outcome.state == "geblokkeerd"
    assert "LEV-32" in messages_of(outcome)


def test_a_connection_shows_no_address_and_no_token(tmp_path: Path):
    file = tmp_path / "bronnen.json"
    secret = {"url": "https://lezer:geheim@bron.example", "token": 12345678, "iets": "anders"}
    file.write_text(json.dumps({WEERT: {BRON: secret, "aanbod": "niet gevraagd"}}))
    file.chmod(0o600)
    (connection,) = pull.read_connections(file, BRON, stock=True).values()
    assert (connection.url, connection.token, connection.map) == (secret["url"], "12345678", tmp_path)
    assert "geheim" not in repr(connection)
    assert "1234" not in repr(connection)


def test_two_gemeenten_fail_apart(tmp_path: Path, system: CaseSystem):
    town = Town(tmp_path, (WEERT, "GM0946"))
    connect(town, system)
    connect(town, "sqlite:///weg.sqlite", leverancier="GM0946")
    outcome = night(town, MONDAY)
    assert [record.leverancier for record in outcome.blocked] == ["GM0946"]
    assert [good.leverancier for good in outcome.accepted] == [WEERT]


def test_a_gemeente_without_a_key_is_not_asked(town: Town, system: CaseSystem):
    connect(town, system)
    connect(town, system, leverancier="GM0047")
    outcome = night(town, MONDAY)
    assert (outcome.state, outcome.left_out) == ("in_orde", {f"GM0047/{MONDAY}": "LEV-25"})
    assert not (town.folder / "landing" / "GM0047").exists()
    assert "hoort niet bij deze monitor" in messages_of(outcome)
