"""A kluis of an earlier version, with names of leveranciers in its paths, is healed by the next night."""

import html
import io
import json
import shutil
from pathlib import Path

import polars as pl
import pytest

from assets.ground.names import folder_of
from assets.intake.asset import _messages
from assets.record.delivery_record import load_records
from assets.record.records import uitval_path
from orchestration import cli
from tests.making.nights import environment
from tests.making.town import WEERT, Town, bsn

RMC, HOSTILE, PERSON = "RMC 's-Hertogenbosch", "x'); create table gekraakt as select 1;--", bsn(3)
DAY = "2021-02-05"
FILE = f"inwoners <{PERSON}>.csv"
TOPS = ("leveringen/brp", "uitval/brp", "rapporten/brp", "bron/brp")


def as_before(town: Town, leverancier: str, name: str) -> None:
    """Renames what the kluis holds of a leverancier to how the earlier version kept it, under another name."""
    kluis = town.folder / "kluis"
    for top in TOPS:
        (kluis / top / folder_of(leverancier)).rename(kluis / top / name)
    file = kluis / "leveringen/brp" / name / f"{DAY}.json"
    record = json.loads(file.read_text().replace(folder_of(leverancier), "@"))
    for version in (record, record["goed"]):
        version["leverancier"] = name
        version["tabellen"] = {table: path.replace("@", name) for table, path in version["tabellen"].items()}
    record["bestanden"][0]["naam"] = FILE
    file.write_text(json.dumps(record))
    for report in (kluis / "rapporten/brp" / name / DAY).iterdir():
        report.write_text(report.read_text() + f"<p>{html.escape(FILE)}</p>\n")


@pytest.fixture
def old(town: Town) -> Town:
    """A kluis with the deliveries of four leveranciers, that are no longer in landing."""
    for number, leverancier in enumerate((WEERT, RMC, "RMC Kwaad", "RMC Nummer")):
        town.brp([{"bsn": number}], DAY, leverancier=leverancier)
    town.take_in("brp")
    as_before(town, RMC, RMC)
    as_before(town, "RMC Kwaad", HOSTILE)
    as_before(town, "RMC Nummer", PERSON)
    shutil.rmtree(town.folder / "landing")
    return town


def names_in(folder: Path) -> str:
    return "\n".join(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_a_good_name_moves_and_a_name_that_none_can_have_goes(old: Town):
    kluis = old.folder / "kluis"
    before = pl.read_parquet(next((kluis / "bron/brp" / RMC).iterdir()))
    outcome = old.take_in("brp")
    assert {record.leverancier for record in outcome.records} == {WEERT, RMC}
    record = load_records(old.settings.kluis, "brp")[f"{RMC}/{DAY}"]
    assert record.goed
    for version in record.versions:
        stored = io.BytesIO(old.settings.kluis.read(version.tabellen["brp"]))
        assert pl.read_parquet(stored).equals(before)
    assert old.settings.kluis.exists(uitval_path("brp", f"{RMC}/{DAY}"))
    assert (kluis / "rapporten/brp" / folder_of(RMC) / DAY / "rapport.html").exists()
    overview = pl.read_parquet(kluis / "bron/leveringen_brp.parquet")
    assert set(overview["leverancier"]) == {WEERT, RMC}
    for name in (RMC, HOSTILE, PERSON, "gekraakt"):
        assert name not in names_in(kluis)
    kept = [file for top in ("leveringen", "rapporten") for file in (kluis / top).rglob("*.*") if file.is_file()]
    assert {file.suffix for file in kept} >= {".json", ".html", ".csv"}
    assert PERSON not in "".join(file.read_text() for file in kept)
    report = (kluis / "rapporten/brp" / folder_of(RMC) / DAY / "rapport.html").read_text()
    assert html.escape(FILE.replace(PERSON, "*********")) in report


def test_it_is_told_what_counts_no_longer_and_only_once(old: Town):
    outcome = old.take_in("brp")
    assert list(outcome.strange.values()) == ["LEV-29", "LEV-29"]
    assert "brp *********" in outcome.strange
    messages = "\n".join(_messages(outcome))
    assert "tellen niet meer mee" in messages
    assert PERSON not in messages
    assert "');" not in messages
    again = old.take_in("brp")
    assert (again.strange, again.read_now, again.state) == ({}, [], "in_orde")


def test_healing_that_was_broken_off_is_done_again(old: Town, monkeypatch: pytest.MonkeyPatch):
    from assets.ground.zones import Zone

    def broken(_zone: Zone, _path: str) -> None:
        raise OSError("weg")

    with monkeypatch.context() as patch:
        patch.setattr(Zone, "remove", broken)
        with pytest.raises(OSError, match="weg"):
            old.take_in("brp")
    assert {good.leverancier for good in old.take_in("brp").accepted} == {WEERT, RMC}


def test_the_commands_about_persons_find_a_healed_kluis(old: Town, capsys: pytest.CaptureFixture):
    with environment(old.environment()):
        cli.main(["bewaar"])
    assert "Mislukt" not in capsys.readouterr().out
    assert (old.folder / "kluis/leveringen/brp" / folder_of(RMC)).is_dir()
