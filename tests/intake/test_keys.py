"""The key file is refused with a clear text when it cannot be used, and no key is ever shown or lost."""

import base64
import hmac
import json
from pathlib import Path

import polars as pl
import pytest

from assets.intake.keys import KeyFileError, Keys, load_keys, make_keys
from orchestration import cli
from tests.making.nights import environment
from tests.making.town import Town, bsn

KEY = bytes(range(32))
TEXT = base64.b64encode(KEY).decode()
GOOD = json.dumps({"GM0988": {"monitor": TEXT}})


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    return write(tmp_path / "sleutels.json", GOOD)


def write(path: Path, content: str, mode: int = 0o600) -> Path:
    path.write_text(content)
    path.chmod(mode)
    return path


def pseudonym(keys: Keys, gemeente: str, number: str, domain: str = "bsn") -> str:
    frame = pl.DataFrame({"gemeentecode": [gemeente], "nummer": [number]})
    return keys.pseudonymise(frame, "nummer", domain, "persoon").item(0, "persoon")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o644])
def test_a_key_file_that_others_can_reach_is_refused(key_file: Path, mode: int):
    key_file.chmod(mode)
    with pytest.raises(KeyFileError, match=r"chmod 600 sleutels\.json"):
        load_keys(key_file)


@pytest.mark.parametrize("place", ["weg.json", "."])
def test_a_missing_key_file_is_told_with_the_variable_that_points_to_it(tmp_path: Path, place: str):
    with pytest.raises(KeyFileError, match=r"ontbreekt.*MEERDOEN_SLEUTEL_BESTAND"):
        load_keys(tmp_path / place)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (json.dumps({"GM0988": {"monitor": TEXT[:41]}}), "onleesbaar"),
        (json.dumps({"GM0988": {"monitor": base64.b64encode(KEY[:31]).decode()}}), "32 bytes voor GM0988"),
        (json.dumps({"GM0988": {"monitor": TEXT}, "GM0946": {"monitor": ""}}), "32 bytes voor GM0946"),
        (json.dumps({"GM0988": {"monitor": f"!{TEXT}"}}), "onleesbaar"),
        (json.dumps({"GM0988": {"ander_doel": TEXT}}), "onleesbaar"),
        (json.dumps({"GM0988": TEXT}), "onleesbaar"),
        (json.dumps([TEXT]), "onleesbaar"),
        ("[" * 100_000, "onleesbaar"),
        (json.dumps({"GM0988": {"monitor": 7}}), "onleesbaar"),
        (GOOD[:-1], "onleesbaar"),
        ("", "onleesbaar"),
        ("{}", "geen sleutel"),
    ],
)
def test_a_key_file_that_cannot_be_used_is_refused_without_showing_a_key(tmp_path: Path, content: str, message: str):
    with pytest.raises(KeyFileError) as caught:
        load_keys(write(tmp_path / "sleutels.json", content))
    assert "sleutels.json" in str(caught.value)
    assert message in str(caught.value)
    assert TEXT[:12] not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("code", ["999990019", "\x1b[2JGM0988", "GM988", "x'); drop table", "", "NL", "GM0988\n"])
@pytest.mark.parametrize("key", [TEXT, ""])
def test_a_code_that_is_none_is_told_and_not_repeated(town: Town, capsys: pytest.CaptureFixture, code: str, key: str):
    town.settings.key_file.write_text(json.dumps({"GM0988": {"monitor": TEXT}, code: {"monitor": key}}))
    with environment(town.environment()):
        assert cli.main(["sleutel", "controleer"]) == 2
        assert cli.main(["status"]) == 1
    printed = capsys.readouterr().out
    assert printed.count("een naam die geen gemeentecode is") == 2
    assert not code or code not in printed
    assert "\x1b" not in printed


def test_an_error_says_what_a_sound_key_file_looks_like(tmp_path: Path):
    with pytest.raises(KeyFileError, match=r'Verwacht: \{"GM0988": \{"monitor": "<base64>"\}\}'):
        load_keys(write(tmp_path / "sleutels.json", "geen json"))


def test_neither_repr_nor_str_of_keys_shows_one(key_file: Path):
    keys = load_keys(key_file)
    pseudonym(keys, "GM0988", bsn(0))
    for text in (repr(keys), str(keys), f"{keys}", keys.mark()):
        assert TEXT[:8] not in text
        assert repr(KEY)[2:12] not in text
        assert KEY.hex()[:8] not in text
        assert bsn(0) not in text


def test_made_keys_are_random_private_and_of_32_bytes(tmp_path: Path):
    path = tmp_path / "nieuw" / "sleutels.json"
    make_keys(path, ["GM0988", "GM0946"])
    assert path.stat().st_mode & 0o777 == 0o600
    made = [base64.b64decode(purposes["monitor"]) for purposes in json.loads(path.read_text()).values()]
    assert [len(key) for key in made] == [32, 32]
    assert made[0] != made[1]
    assert load_keys(path).gemeenten == ["GM0946", "GM0988"]


def test_making_keys_again_keeps_those_that_are_there(key_file: Path):
    make_keys(key_file, ["GM0988", "GM0946"])
    content = json.loads(key_file.read_text())
    assert content["GM0988"] == {"monitor": TEXT}
    assert set(content) == {"GM0988", "GM0946"}
    assert key_file.stat().st_mode & 0o777 == 0o600


def test_keys_survive_a_crash_while_new_ones_are_written(key_file: Path, monkeypatch: pytest.MonkeyPatch):
    def full(*_args: object, **_options: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(json, "dump", full)
    with pytest.raises(OSError, match="No space"):
        make_keys(key_file, ["GM0946"])
    assert key_file.read_text() == GOOD


def test_making_keys_closes_a_file_that_others_could_read(key_file: Path):
    key_file.chmod(0o644)
    make_keys(key_file, ["GM0946"])
    assert key_file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("domain", "number", "hashed"),
    [
        ("bsn", bsn(0), bsn(0)),
        ("bsn", "10000008", "010000008"),
        ("onderwijsnummer", "10000008", "10000008"),
        ("oggz", "R-12", "R-12"),
    ],
)
def test_a_pseudonym_is_the_hmac_of_the_design(key_file: Path, domain: str, number: str, hashed: str):
    expected = hmac.new(KEY, f"meerdoen|v1|{domain}|{hashed}".encode(), "sha256").hexdigest()
    assert pseudonym(load_keys(key_file), "GM0988", number, domain) == expected


def test_gemeenten_and_domains_give_one_person_different_pseudonyms(key_file: Path):
    make_keys(key_file, ["GM0946"])
    keys = load_keys(key_file)
    found = {pseudonym(keys, code, bsn(0), domain) for code in keys.gemeenten for domain in ("bsn", "kindnummer")}
    assert len(found) == 4


def test_pseudonymise_keeps_rows_and_order_and_drops_the_number(key_file: Path):
    make_keys(key_file, ["GM0946"])
    frame = pl.DataFrame(
        {
            "gemeentecode": ["GM0988", "GM0946", "GM0988", "GM0988"],
            "bsn": [bsn(0), bsn(0), None, bsn(0)],
            "rij": [1, 2, 3, 4],
        }
    )
    result = load_keys(key_file).pseudonymise(frame, "bsn", "bsn", "persoon")
    persons = result["persoon"].to_list()
    assert (result.columns, result["rij"].to_list()) == (["gemeentecode", "rij", "persoon"], [1, 2, 3, 4])
    assert persons[0] == persons[3] != persons[1]
    assert persons[2] is None


def test_the_mark_changes_with_a_key_and_with_a_gemeente_and_with_nothing_else(key_file: Path, tmp_path: Path):
    mark = load_keys(key_file).mark()
    assert load_keys(key_file).mark() == mark
    other = json.dumps({"GM0988": {"monitor": base64.b64encode(KEY[::-1]).decode()}})
    same_key = json.dumps({"GM0946": {"monitor": TEXT}})
    both = json.dumps({"GM0988": {"monitor": TEXT}, "GM0946": {"monitor": TEXT}})
    marks = [load_keys(write(tmp_path / "anders.json", content)).mark() for content in (other, same_key, both)]
    assert len({mark, *marks}) == 4
