"""Access, objection and erasure for one person: from standard input, logged without a number, counted at the close."""

import io
import json
import shutil
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest

from assets.intake.keys import load_keys
from assets.intake.objections import applies
from assets.privacy.rights import is_bsn
from assets.record.delivery_record import load_records
from orchestration import cli
from tests.making.nights import environment
from tests.making.town import Town, bsn, w301

GONE = 2
TODAY = "2022-02-20"
FIRST_CLOSE = "2022-03-15"


@pytest.mark.parametrize(
    ("entry", "stand", "counts"),
    [
        ("2022-02-14", "2022-02-14", False),
        ("2022-02-14", "2022-02-15", True),
        ("2022-02-15", "2022-02-15", False),
        ("2022-02-15", "2022-03-14", False),
        ("2022-02-15", "2022-03-15", True),
        ("2022-12-31", "2023-01-14", False),
        ("2022-12-31", "2023-01-15", True),
        ("2022-01-31", "2022-02-15", True),
        ("2022-02-20", "2022-01-20", False),
    ],
)
def test_an_objection_counts_from_the_first_close_after_it(entry: str, stand: str, counts: bool):
    assert applies(date.fromisoformat(entry), date.fromisoformat(stand)) == counts


def test_a_number_must_pass_the_elfproef():
    assert is_bsn(bsn(0))
    assert not any(map(is_bsn, ["", "000000000", "123456789", bsn(0)[:-1], f"{bsn(0)}0", "٩٩٩٩٠٠٠٠٦"]))


@pytest.fixture
def served(town: Town) -> Town:
    """A town on its own day, with a delivery in which person GONE has a good and a rejected row."""
    town.settings.landing.write("demo.json", json.dumps({"stand": TODAY}).encode())
    people = [{"bsn": number, "straatnaam": f"Straat{number}"} for number in range(60)]
    people.append({"bsn": GONE, "adres": ("6002AA", 1), "geslacht": "X", "datum_aanvang_adres": "20100101"})
    people.append({"bsn": 5, "adres": ("6002AA", 1), "geslacht": "X", "datum_aanvang_adres": "20100101"})
    town.brp(people, "2022-02-05")
    town.wmo([w301(GONE, 1, "2022-01-01"), w301(3, 2, "2022-01-01", identificatie="2")], "2022-02-10")
    night(town, TODAY)
    return town


def night(town: Town, stand: str) -> None:
    for bron in ("brp", "wmo"):
        town.take_in(bron, stand)


def ask(town: Town, command: str, number: str, *arguments: str) -> int:
    with environment(town.environment()), pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdin", io.StringIO(number + "\n"))
        return cli.main([command, *arguments])


def there(town: Town, number: int = GONE) -> bool:
    """Whether a person is in the Parquet of the kluis."""
    person = load_keys(town.settings.key_file).pseudonym("GM0988", "bsn", bsn(number))
    files = [file for file in (town.folder / "kluis" / "bron").rglob("*.parquet") if "persoon" in pl.read_parquet(file)]
    return any(person in pl.read_parquet(file).get_column("persoon") for file in files)


def test_access_writes_every_row_as_dutch_text_in_the_kluis(served: Town, capsys: pytest.CaptureFixture):
    key = load_keys(served.settings.key_file)
    other = key.pseudonym("GM0988", "bsn", bsn(3))
    with duckdb.connect(str(served.folder / "kluis" / "kluis.duckdb")) as connection:
        connection.execute("create schema mart")
        connection.execute("create table mart.voorziening_wmo(persoon text, partner_persoon text, begindatum date)")
        connection.execute(
            "insert into mart.voorziening_wmo values (?, ?, '2022-01-01'), (?, null, '1999-09-09')",
            [key.pseudonym("GM0988", "bsn", bsn(GONE)), other, other],
        )
    assert ask(served, "inzage", bsn(GONE)) == 0
    printed = capsys.readouterr().out
    file = served.folder / "kluis" / "inzage" / "1.txt"
    text = file.read_text()
    for part in (
        "== bron.brp ==",
        "== bron.wmo ==",
        "== mart.voorziening_wmo ==",
        "Straat2",
        "persoon: u",
        "2022-01-01",
    ):
        assert part in text, part
    assert "partner_persoon: iemand anders" in text
    assert not any(part in text for part in ("Straat3", "1999-09-09", other))
    assert file.stat().st_mode & 0o777 == 0o600
    assert "inzage/1.txt" in printed
    assert "Straat2" not in printed
    assert bsn(GONE) not in printed


def test_access_of_somebody_unknown_says_so(served: Town):
    assert ask(served, "inzage", bsn(99)) == 0
    assert "Er is niets over u gevonden" in (served.folder / "kluis" / "inzage" / "1.txt").read_text()


def test_erasure_takes_uitval_at_once_and_rows_at_the_close(served: Town):
    uitval = served.folder / "kluis" / "uitval" / "brp" / "GM0988" / "2022-02-05.parquet"
    landing = {file: file.read_bytes() for file in (served.folder / "landing").rglob("*") if file.is_file()}
    lines = pl.read_parquet(uitval).get_column("regel").to_list()
    assert len(lines) == 2
    assert ask(served, "vergeet", bsn(GONE)) == 0
    assert pl.read_parquet(uitval).get_column("regel").to_list() == [line for line in lines if line != lines[0]]
    night(served, "2022-03-14")
    assert there(served)
    night(served, FIRST_CLOSE)
    assert not there(served)
    assert there(served, 3)
    assert {file: file.read_bytes() for file in landing} == landing
    counts = [record.goed and record.goed.gemeenten for record in load_records(served.settings.kluis, "brp").values()]
    assert counts == [{"GM0988": 59}]


def test_an_objection_is_applied_to_rows_whose_delivery_is_gone(served: Town):
    assert ask(served, "vergeet", bsn(GONE)) == 0
    shutil.rmtree(served.folder / "landing" / "GM0988")
    night(served, "2022-03-14")
    assert there(served)
    night(served, FIRST_CLOSE)
    assert not there(served)
    assert there(served, 3)


def test_an_objection_holds_for_later_deliveries_and_can_be_withdrawn(served: Town):
    ask(served, "vergeet", bsn(GONE))
    served.brp([{"bsn": number} for number in range(60)], "2022-03-18")
    night(served, "2022-03-20")
    assert not there(served)
    served.settings.kluis.remove("bezwaren.json")
    night(served, "2022-03-21")
    assert there(served)


def test_a_second_request_changes_nothing(served: Town):
    ask(served, "vergeet", bsn(GONE))
    before = (served.folder / "kluis" / "bezwaren.json").read_bytes()
    ask(served, "vergeet", bsn(GONE))
    assert (served.folder / "kluis" / "bezwaren.json").read_bytes() == before


def test_a_partner_who_objected_is_blanked():
    from assets.intake.objections import Objections

    frame = pl.DataFrame({"persoon": ["a", "b", None], "partner_persoon": ["b", None, "c"]})
    left = Objections(frozenset("b")).leave_out(frame)
    assert left.rows() == [("a", None), (None, "c")]


def test_requests_are_logged_by_number_alone(served: Town):
    ask(served, "inzage", bsn(GONE))
    ask(served, "vergeet", bsn(GONE))
    text = (served.folder / "kluis" / "privacylog.json").read_text()
    assert [(entry["nummer"], entry["soort"]) for entry in json.loads(text)] == [(1, "inzage"), (2, "vergeet")]
    person = load_keys(served.settings.key_file).pseudonym("GM0988", "bsn", bsn(GONE))
    assert bsn(GONE) not in text
    assert person not in text
    assert bsn(GONE) not in (served.folder / "kluis" / "bezwaren.json").read_text()


@pytest.mark.parametrize("command", ["inzage", "vergeet"])
def test_a_number_on_the_command_line_is_refused_and_not_repeated(
    served: Town, command: str, capsys: pytest.CaptureFixture
):
    assert ask(served, command, "", bsn(GONE)) == 2
    printed = capsys.readouterr()
    assert "niet op de opdrachtregel" in printed.out
    assert bsn(GONE) not in printed.out + printed.err
    assert not (served.folder / "kluis" / "privacylog.json").exists()


@pytest.mark.parametrize("number", ["", "123456789", "Kanariepiet"])
def test_what_is_no_number_does_nothing(served: Town, number: str, capsys: pytest.CaptureFixture):
    assert ask(served, "vergeet", number) == 2
    assert not (served.folder / "kluis" / "bezwaren.json").exists()
    assert not number or number not in capsys.readouterr().out


def test_a_gemeente_without_key_is_refused(served: Town, capsys: pytest.CaptureFixture):
    assert ask(served, "vergeet", bsn(GONE), "--gemeente", "GM0047") == 2
    assert "Geen sleutel van GM0047" in capsys.readouterr().out


def test_what_goes_wrong_is_told_without_values(
    served: Town, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
):
    def full(*_args: object) -> None:
        raise ValueError(bsn(GONE))

    monkeypatch.setattr("orchestration.privacy_commands.object_to", full)
    assert ask(served, "vergeet", bsn(GONE)) == 2
    printed = capsys.readouterr()
    assert "Mislukt (ValueError" in printed.out
    assert bsn(GONE) not in printed.out + printed.err


def test_the_kluis_of_requests_is_of_its_owner_alone(served: Town):
    ask(served, "inzage", bsn(GONE))
    ask(served, "vergeet", bsn(GONE))
    for path in [served.folder / "kluis", *(served.folder / "kluis").rglob("*")]:
        assert path.stat().st_mode & 0o077 == 0, path


def test_folders_are_private_from_the_first_request_on(tmp_path: Path):
    town = Town(tmp_path / "nieuw")
    assert ask(town, "inzage", bsn(GONE)) == 0
    assert (town.folder / "kluis").stat().st_mode & 0o777 == 0o700
