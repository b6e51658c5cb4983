"""Every place that holds persons: each command reaches it, and what killed runs left too. Searched in every byte.

Places are planted as a night, a rebuild or a killed run leaves them; the long form makes that history with real nights.
"""

import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest

from assets.ground.settings import Settings
from assets.ground.zones import Zone
from assets.intake.keys import Keys, load_keys
from assets.intake.objections import object_to, objections
from assets.intake.step import take_in
from assets.privacy.places import NO_PERSONS, PERSONS, forget_at_close, outdated, own_temporary_folder, unlisted
from assets.privacy.rights import person_places, read_again
from assets.registrations.declaration import registrations
from orchestration import cli
from tests.making.leaks import everything
from tests.making.nights import FIRST, GEMEENTE, SECOND, Nights, environment
from tests.making.town import WEERT, Town, bsn
from validations.language.delivery import DeliveryError

pytest_plugins = ("tests.making.s3",)

TODAY, CLOSE, AFTER = "2022-02-20", "2022-03-15", "2022-08-15"
GONE = 1


@pytest.fixture
def served(tmp_path: Path) -> Town:
    """A town whose places are all filled: a night, a rebuild, a killed run, an S3 mirror, a report for who asked."""
    town = Town(tmp_path / "stad")
    rows = [{"bsn": number} for number in range(40)] + [{"bsn": GONE, "geslacht": "X", "straatnaam": "Geweigerd"}]
    town.brp(rows, "2022-02-05")
    town.settings.landing.write("demo.json", json.dumps({"stand": TODAY}).encode())
    town.take_in("brp", TODAY)
    with environment(town.environment()), pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdin", io.StringIO(bsn(GONE) + "\n"))
        assert cli.main(["inzage"]) == 0
    fill(town, sorted(pseudonyms(town)))
    return town


def pseudonyms(town: Town) -> set[str]:
    keys = load_keys(town.settings.key_file)
    return {keys.pseudonym(WEERT, "bsn", bsn(number)) for number in range(40)}


def database(file: Path, persons: list[str]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(file)) as connection:
        connection.execute("create schema if not exists mart")
        connection.execute("create table mart.bewoning (persoon text, straat text)")
        connection.executemany("insert into mart.bewoning values (?, 'Dorpsstraat')", [[person] for person in persons])


KILLED = """
import duckdb, os, sys
connection = duckdb.connect(sys.argv[1])
connection.execute("create table mart.half (persoon text)")
connection.executemany("insert into mart.half values (?)", [[person] for person in sys.argv[2:]])
os._exit(9)
"""


def fill(town: Town, persons: list[str]) -> None:
    """What a night, a rebuild and a killed run leave."""
    kluis, work = town.folder / "kluis", town.folder / "werk"
    for place in (kluis, kluis / "herbouw" / "2022-01-20", work):
        database(place / "kluis.duckdb", persons)
    killed = [sys.executable, "-c", KILLED, str(work / "kluis.duckdb"), *persons]
    assert subprocess.run(killed, check=False).returncode == 9
    assert (work / "kluis.duckdb.wal").stat().st_size > 1000
    frame = pl.DataFrame({"persoon": persons})
    text = "\n".join(persons).encode()
    for file, content in {
        work / "spill" / "duckdb_temp_storage_DEFAULT-0.tmp": text,
        work / "tmp" / "tmpabc" / "kluis.duckdb": text,
        work / "tmp1234" / "tabel.csv": text,
        work / "geheugen" / "dbt.nieuw": text,
        kluis / ".tmpxyz": text,
        kluis / "bron" / "brp" / WEERT / ".k2j4h5": text,
        kluis / "herbouw" / "2022-01-20" / ".nieuw" / "kluis.duckdb": text,
        town.folder / "landing" / WEERT / "aanbod" / ".nieuw" / "services-0001.json": text,
    }.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    mirror = work / "kluis" / "bron" / "brp" / WEERT
    mirror.mkdir(parents=True)
    frame.write_parquet(mirror / "2022-02-05-00000000.parquet")


def where(town: Town, wanted: set[str]) -> list[str]:
    """Where a person is found in kluis, work folder or Dagster's, in all layers; and in what a pull left in landing."""
    roots = [town.folder / name for name in ("kluis", "werk", "dagster", "landing/GM0988/aanbod")]
    return [place for root in roots for place, text in everything(root) if any(person in text for person in wanted)]


def run(town: Town, *arguments: str, typed: str = "") -> int:
    with environment(town.environment()), pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdin", io.StringIO(typed + "\n"))
        return cli.main(list(arguments))


def test_the_search_finds_every_place(served: Town):
    found = " ".join(where(served, pseudonyms(served)))
    for place in ("bron/brp", "herbouw", "kluis.duckdb", "spill", "tmp1234", ".k2j4h5", "inzage", "kluis.duckdb.wal"):
        assert place in found, place


def test_after_a_new_key_no_old_pseudonym_is_left(served: Town):
    object_to(served.settings.kluis, {WEERT: sorted(pseudonyms(served))[0]}, 9, date(2022, 2, 1))
    old = pseudonyms(served)
    assert run(served, "sleutel", "wissel", WEERT) == 0
    assert where(served, old) == []
    # The report for who asked is still of that person, under the new key.
    person = load_keys(served.settings.key_file).pseudonym(WEERT, "bsn", bsn(GONE))
    assert json.loads((served.folder / "kluis" / "inzage" / "1.json").read_text()) == {WEERT: person}


def test_who_is_forgotten_is_left_nowhere_but_in_the_list(served: Town):
    keys = load_keys(served.settings.key_file)
    person = keys.pseudonym(WEERT, "bsn", bsn(GONE))
    assert run(served, "vergeet", typed=bsn(GONE)) == 0
    assert not (served.folder / "kluis" / "inzage" / "1.txt").exists()
    # Asked for once more before the close: that report goes too.
    assert run(served, "inzage", typed=bsn(GONE)) == 0
    assert "Bezwaar 2 van" in (served.folder / "kluis" / "inzage" / "3.txt").read_text()
    served.take_in("brp", CLOSE)
    forget_at_close(served.settings, objections(served.settings.kluis, date.fromisoformat(CLOSE)))
    (served.folder / "kluis" / "kluis.duckdb").unlink()
    assert [place for place in where(served, {person}) if "bezwaren.json" not in place] == []
    (uitval,) = (served.folder / "kluis" / "uitval").rglob("*.parquet")
    assert pl.read_parquet(uitval).is_empty()
    # A rebuild of a night before the close brings nobody back.
    take_in(registrations()["brp"], served.settings, keys, date.fromisoformat(TODAY), date.fromisoformat(CLOSE))
    assert [place for place in where(served, {person}) if "bezwaren.json" not in place] == []


def test_a_rebuild_has_a_term_and_a_removal_takes_copies_and_leftovers(served: Town, capsys: pytest.CaptureFixture):
    kluis, work = served.folder / "kluis", served.folder / "werk"
    database(kluis / "herbouw" / "2022-02-01" / "kluis.duckdb", ["jong"])
    month_ago = time.time() - 32 * 24 * 3600
    for file in (kluis / "herbouw" / "2022-01-20").rglob("kluis.duckdb"):
        os.utime(file, (month_ago, month_ago))
    assert run(served, "bewaar") == 0
    assert "herbouw/2022-01-20: ouder dan zijn eigen termijn" in capsys.readouterr().out
    assert (kluis / "herbouw" / "2022-01-20").exists()
    assert run(served, "bewaar", "--verwijder") == 0
    assert [path.name for path in (kluis / "herbouw").iterdir()] == ["2022-02-01"]
    left = {place.split(":")[0].split("/")[0] for place in where(served, pseudonyms(served))}
    assert left == {"bron", "kluis.duckdb", "inzage"}
    assert not [path for path in work.rglob("*") if path.suffix in (".duckdb", ".wal", ".parquet", ".tmp")]


def test_access_reads_rebuilds_and_tells_every_place(served: Town):
    assert run(served, "inzage", typed=bsn(GONE)) == 0
    text = (served.folder / "kluis" / "inzage" / "2.txt").read_text()
    assert "== herbouw/2022-01-20 mart.bewoning ==" in text
    assert "== mart.bewoning ==" in text
    assert "Inzage 1, eerder." in text
    assert all(f"- {place.zone}/{place.path}: " in text for place in PERSONS)
    assert not any(person in text for person in pseudonyms(served))


def test_a_place_that_is_on_no_list_is_seen(first_night: Nights, served: Town):
    assert unlisted(first_night.settings) == []
    assert unlisted(served.settings) == ["kluis/.tmpxyz", "werk/tmp1234"]
    assert not {place.path for place in PERSONS} & {name for names in NO_PERSONS.values() for name in names} - {"kluis"}


def test_the_docs_name_every_place_and_term():
    docs = Path(__file__).parents[2] / "docs"
    text = (docs / "beheer.md").read_text(encoding="utf-8")
    assert [place.path for place in PERSONS if f"`{place.path}`" not in text] == []
    assert "herbouw" in (docs / "dpia.md").read_text(encoding="utf-8")


def test_temporary_files_of_a_command_lie_in_the_work_folder(town: Town):
    import tempfile

    before = tempfile.gettempdir()
    with own_temporary_folder(town.settings), tempfile.TemporaryDirectory() as folder:
        assert Path(folder).is_relative_to(town.settings.work / "tmp")
        assert (town.settings.work / "tmp").stat().st_mode & 0o777 == 0o700
    assert tempfile.gettempdir() == before
    assert not (town.settings.work / "tmp").exists()


def test_outdated_goes_by_the_newest_file_of_a_rebuild(town: Town):
    for name in ("editie/a.parquet", "kluis.duckdb"):
        town.settings.kluis.write(f"herbouw/2022-01-20/{name}", b"x")
    os.utime(town.folder / "kluis/herbouw/2022-01-20/editie/a.parquet", (0, 0))
    assert outdated(town.settings.kluis, time.time()) == []
    assert outdated(town.settings.kluis, time.time() + 32 * 24 * 3600) == ["herbouw/2022-01-20"]


# --- on S3 ---


@pytest.fixture
def versioned(s3_url: str) -> Iterator[Zone]:
    """A zone in a bucket that keeps versions."""
    zone = Zone(s3_url.replace("s3://test/", "s3://versies/") + "/kluis", private=True)
    for operation, more in (
        ("create_bucket", {}),
        ("put_bucket_versioning", {"VersioningConfiguration": {"Status": "Enabled"}}),
    ):
        try:
            zone.fs.call_s3(operation, Bucket="versies", **more)
        except FileExistsError:
            continue
    yield zone
    zone.remove("")


def versions(zone: Zone) -> list[str]:
    page = zone.fs.call_s3("list_object_versions", Bucket="versies", Prefix=zone.root.partition("/")[2])
    return sorted(one["Key"].rsplit("/", 1)[-1] for one in page.get("Versions", []) + page.get("DeleteMarkers", []))


def test_old_versions_on_s3_are_destroyed(versioned: Zone):
    for content in (b"oud", b"ouder", b"nu"):
        versioned.write("bron/a.parquet", content)
    versioned.write("weg.parquet", b"weg")
    versioned.remove("weg.parquet")
    assert versions(versioned) == ["a.parquet"] * 3 + ["weg.parquet"] * 2
    assert versioned.remove_old_versions()
    assert versions(versioned) == ["a.parquet"]
    assert versioned.read("bron/a.parquet") == b"nu"


def test_a_bucket_without_versions_loses_nothing(town: Town, on_s3: Callable[[Settings], Settings]):
    town.settings.kluis.write("bron/a.parquet", b"nu")
    there = on_s3(town.settings).kluis
    assert there.remove_old_versions()
    assert there.read("bron/a.parquet") == b"nu"


def test_where_versions_may_not_be_removed_it_is_told(
    served: Town, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
):
    monkeypatch.setattr(Zone, "remove_old_versions", lambda _zone: False)
    assert run(served, "sleutel", "wissel", WEERT) == 0
    assert "bewaart oude versies" in capsys.readouterr().out


# --- with real nights ---


def everybody(nights: Nights, keys: Keys) -> set[str]:
    """The pseudonym of every person in landing."""
    from assets.intake.deliveries import find_deliveries

    found = set()
    for bron, registration in registrations().items():
        for delivery in find_deliveries(nights.settings.landing, bron)[0]:
            try:
                read = read_again(nights.settings.landing, registration, delivery)
            except DeliveryError:  # the refused one: nobody can be read from it
                continue
            places = person_places(registration, read)
            found |= set(places.select("gemeentecode", "domein", "nummer").unique().rows())
    return {keys.pseudonym(*one) for one in found if one[0] in keys.gemeenten}


@pytest.mark.lang
def test_a_whole_history_is_reached(nights: Nights):
    """Two closes, a rebuild, a refused delivery and a killed night; one is forgotten; then a new key."""
    nights.deliver("brp", "2022-07-06", {"brp.csv": "geen kolommen\n"}, leverancier=GEMEENTE)
    nights.night(SECOND)
    nights.night(FIRST)
    keys = load_keys(nights.settings.key_file)
    with duckdb.connect(str(nights.folder / "kluis" / "kluis.duckdb"), read_only=True) as connection:
        person = connection.execute("select persoon from mart.voorziening_wmo order by all").fetchall()[0][0]
    assert any("herbouw" in place for place in where(nights, {person}))
    # What `vergeet` records; the number of this person is not known here.
    object_to(nights.settings.kluis, {GEMEENTE: person}, 1, date.fromisoformat(SECOND))
    nights.night(AFTER)
    assert [place for place in where(nights, {person}) if "bezwaren.json" not in place] == []
    old = everybody(nights, keys)
    assert len(old) > 1000
    assert run(nights, "sleutel", "wissel", GEMEENTE) == 0
    hexes = {text for root in ("kluis", "werk", "dagster") for _, text in everything(nights.folder / root)}
    assert not [1 for text in hexes if any(one in old for one in words(text))]
    assert unlisted(nights.settings) == []


def words(text: str) -> set[str]:
    import re

    return set(re.findall(r"[0-9a-f]{64}", text))
