"""Nothing of a person leaves the kluis: every byte that a run writes elsewhere is searched, whatever goes wrong in it.

Outside the kluis: the publication zone, the home of Dagster (events, metadata, compute logs), standard output and
error, and of the work folder all but the database of dbt and the copy of the kluis, which are of the same zone.
"""

import io
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
import duckdb
import polars as pl
import pytest

from assets.intake.deliveries import find_deliveries
from assets.intake.keys import load_keys
from assets.privacy.rights import person_places, read_again
from assets.record.delivery_record import load_records
from assets.registrations.declaration import registrations
from tests.making.leaks import (
    CANARY,
    NUMBERS,
    PERSONAL,
    delivered,
    everything,
    holds,
    layers,
    needles,
    search,
    words,
)
from tests.making.nights import LAST, OF_LONG_AGO, SECOND, Nights, copied, environment, newest_delivery
from tests.making.town import Town

ROOT = Path(__file__).parents[2]
# Those of them that number their persons; the CJG counts contacts and names nobody.
NUMBERED = [
    bron for bron in PERSONAL if any(f.person for c in registrations()[bron].contracts.values() for f in c.fields)
]
REFUSING = {"leerplicht", "vsv", "oggz"}
# What may be told of a run, by name. A new name is a line here, and with it a decision.
METADATA = {
    *("rijen", "uitval", "uitval_pct", "leveringen", "nu_gelezen", "overgeslagen", "weggelaten"),
    *("toestand", "wacht", "reden", "eigenaar", "overtredingen", "dagster/column_schema"),
    *("leverdatum_leeftijd_dagen", "status", "gepubliceerd", "onderdrukt", "niet_geleverd", "verwachtingen"),
    *("vrijgegeven", "editie", "nieuw", "fout", "regelingen", "problemen"),
    # How many figures were set, tried and hidden in a close; none of them is a figure.
    *("sluiting", "rondes", "aangevallen", "extra_onderdrukt", "teruggevallen", "smalste", "seconden", "stand"),
    *("al_bekend", "verzwegen"),
    # How many tests of dbt in a check failed, and the state of each by its name.
    *("gefaald", "toetsen"),
    # The day of a night that was made anew, and whether its tables are those of then.
    *("herbouw", "vergeleken"),
}
TELLING = ("ASSET_MATERIALIZATION", "ASSET_OBSERVATION", "ASSET_CHECK_EVALUATION", "STEP_FAILURE", "STEP_OUTPUT")
# Ids of rules and expectations, and the place of the report of one supplier within the kluis.
RULE = re.compile(r"[A-Z]{2,5}-\d{2}[a-z0-9_-]*|rapport_[\w-]+")


@dataclass(frozen=True)
class Run:
    """A night that was run as a program: where, with which exit code, and what it printed."""

    nights: Nights
    code: int
    text: str

    @property
    def outside(self) -> list[Path]:
        folder = self.nights.folder
        return [folder / "publicatie", folder / "dagster", folder / "werk"]

    def texts(self) -> Iterator[tuple[str, str]]:
        work = self.nights.settings.work
        # Of the secure zone (docs/beheer.md): the database of dbt, what it spills, and the copy of an S3 kluis.
        own = (work / "kluis.duckdb", work / "kluis.duckdb.wal", work / "spill", work / "kluis")
        for root in self.outside:
            yield from everything(root, own)
        yield "standard output or error", self.text

    def leaks(self, wanted: re.Pattern) -> list[str]:
        return [where for where, text in self.texts() if holds(text, wanted)]


def run(nights: Nights, *program: str) -> Run:
    """One night as a program of its own, with the network guard on it and on what it starts."""
    environment = os.environ | nights.environment()
    environment |= {"PYTHONPATH": str(ROOT / "tests" / "guard"), "MEERDOEN_NETWACHT": str(nights.folder / "netwacht")}
    command = [sys.executable, *program, "refresh", "--stand", SECOND]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    return Run(nights, done.returncode, done.stdout + done.stderr)


@pytest.fixture(scope="module")
def night(first_night: Nights, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Every delivery read anew, with values planted in all registrations about persons."""
    nights = copied(first_night, tmp_path_factory.mktemp("leaks") / "planted")
    nights.settings.kluis.remove("leveringen")
    for bron in OF_LONG_AGO:
        leverancier, leverdatum, files = newest_delivery(first_night, bron)
        nights.deliver(bron, leverdatum, files, leverancier=leverancier)
    return run(nights, "-m", "tests.making.leaks")


@pytest.fixture(scope="module")
def failed(first_night: Nights, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The database meets a value that it cannot convert, and would tell it."""
    nights = copied(first_night, tmp_path_factory.mktemp("leaks") / "failed")
    kluis = nights.folder / "kluis" / "bron"
    shutil.rmtree(nights.folder / "landing" / "GM0946" / "brp" / LAST["brp"])
    brp = sorted((kluis / "brp").rglob("2022-06-*.parquet"))[-1]
    # Under a name as of before a file of good rows told its own digest: else it would be read again from landing.
    other = brp.with_name("2022-06-05-oud.parquet")
    pl.read_parquet(brp).with_columns(huisnummer=pl.lit(f"{CANARY} {NUMBERS[0]}")).write_parquet(other)
    for record in (nights.folder / "kluis" / "leveringen" / "brp").rglob("*.json"):
        record.write_text(record.read_text().replace(brp.name, other.name))
    return run(nights, "-m", "orchestration.cli")


def keys_of(nights: Nights):
    return load_keys(nights.settings.key_file)


def test_the_planted_values_came_in(night: Run):
    assert night.code in (0, 1), night.text
    came = set()
    for bron in PERSONAL:
        kluis = night.nights.settings.kluis
        goods = [record.goed for record in load_records(kluis, bron).values() if record.goed]
        paths = [night.nights.folder / "kluis" / path for good in goods for path in good.tabellen.values()]
        wanted = needles(keys_of(night.nights))
        if any(holds(text, wanted) for path in paths for _, text in layers(path)):
            came.add(bron)
        assert sum(good.uitval for good in goods), bron
    # Who was born in 1943 is no pupil, and the OGGZ takes no BSN: their contracts refuse every planted row.
    assert set(NUMBERED) - came == REFUSING
    mart = night.nights.folder / "kluis" / "kluis.duckdb"
    with duckdb.connect(str(mart), read_only=True) as connection:
        persons = [keys_of(night.nights).pseudonym("GM0946", "bsn", NUMBERS[0])]
        assert connection.execute("select count(*) from mart.bewoning where persoon = ?", persons).fetchone() != (0,)


def test_a_night_leaks_nothing(night: Run):
    assert night.leaks(needles(keys_of(night.nights))) == []


@pytest.fixture(scope="module")
def said(night: Run) -> dict[str, str]:
    """The words of all that the night wrote outside the kluis."""
    found: dict[str, str] = defaultdict(str)
    for where, text in night.texts():
        found[where] += f" {words(text)}"
    return found


@pytest.mark.parametrize("bron", NUMBERED)
def test_nor_does_it_leak_who_was_delivered(night: Run, said: dict[str, str], bron: str):
    wanted = delivered(night.nights.settings, keys_of(night.nights), bron)
    assert [where for where, text in said.items() if holds(text, wanted)] == []


def test_a_number_or_pseudonym_is_found_among_words(night: Run):
    settings, keys = night.nights.settings, keys_of(night.nights)
    wanted = delivered(settings, keys, "brp")
    newest = find_deliveries(settings.landing, "brp")[0][-1]
    people = person_places(registrations()["brp"], read_again(settings.landing, registrations()["brp"], newest))
    gemeente, domain, number = people.select("gemeentecode", "domein", "nummer").row(0)
    assert holds(words(f"rij 7,{number};x"), wanted)
    assert holds(words(f'"p{keys.pseudonym(gemeente, domain, number)}z"'), wanted)
    assert not holds(words(f"rij 7, 1{number}"), wanted)


def test_a_failing_database_leaks_nothing(failed: Run):
    assert failed.code in (1, 2), failed.text
    log = (failed.nights.settings.work / "dbt" / "dbt.log").read_text()
    assert "de tekst kan een gegeven bevatten" in log
    assert failed.leaks(needles(keys_of(failed.nights))) == []


def test_metadata_is_what_the_list_allows(night: Run):
    assert told_in(night) - METADATA == set()


def told_in(night: Run) -> set[str]:
    """The names of all metadata in the events of a run, but for ids of rules and expectations."""
    names: set[str] = set()
    with (
        environment(night.nights.environment()),
        dg.DagsterInstance.from_config(night.nights.environment()["DAGSTER_HOME"]) as instance,
    ):
        for stored in instance.get_runs():
            for entry in instance.all_logs(stored.run_id):
                event = entry.dagster_event
                if event is None or event.event_type_value not in TELLING:
                    continue
                data = event.event_specific_data
                for part in (data, getattr(data, "materialization", None)):
                    names |= set(getattr(part, "metadata", None) or {})
    return {name for name in names if not RULE.fullmatch(name)}


def test_a_night_connects_to_nothing_outside(night: Run):
    lines = (night.nights.folder / "netwacht").read_text().splitlines()
    guarded = [line for line in lines if line.startswith("wacht")]
    assert any("tests.making.leaks" in line for line in guarded)
    assert any("/dbt build" in line or "dbt build" in line for line in guarded)
    assert [line for line in lines if not line.startswith("wacht")] == []


# --- the search itself ---


def in_zip(content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("binnen.txt", content)
    return buffer.getvalue()


def in_parquet(file: Path, text: str) -> None:
    pl.DataFrame({"kolom": ["niets"] * 50 + [text]}).write_parquet(file, compression="zstd")


def in_sqlite(file: Path, text: str) -> None:
    import sqlite3

    with sqlite3.connect(file) as connection:
        connection.execute("create table events(event text, body blob)")
        connection.execute("insert into events values ('x', ?)", [in_zip(text.encode())])


def in_duckdb(file: Path, text: str) -> None:
    with duckdb.connect(str(file)) as connection:
        connection.execute("create table t as select 'niets' as a from range(5000) union all select ?", [text])


PLACES: dict[str, Callable[[Path, str], object]] = {
    "publicatie/editie/csv/tabel.csv": lambda file, text: file.write_text(f"a;{text};b"),
    "publicatie/editie/tabel.parquet": in_parquet,
    "publicatie/editie/meerdoen.duckdb": in_duckdb,
    "dagster/history/runs.db": in_sqlite,
    "dagster/storage/run/compute_logs/stap.err": lambda file, text: file.write_text(f"Error: '{text}'\n"),
    "werk/dbt/run_results.json": lambda file, text: file.write_text(f'{{"message": "could not read {text}"}}'),
    "werk/dbt/dbt.log": lambda file, text: file.write_bytes(in_zip(in_zip(text.encode()))),
    "werk/geheugen/dbt.json": lambda file, text: file.write_bytes(text.encode("utf-16-le")),
    "werk/toestand/brp.json": lambda file, text: file.with_name(f"{text}.json").write_text("x"),
}


@pytest.mark.parametrize("place", PLACES)
def test_what_is_planted_in_a_place_is_found(place: str, tmp_path: Path):
    keys = load_keys(Town(tmp_path / "town").settings.key_file)
    wanted = needles(keys)
    file = tmp_path / "outside" / place
    file.parent.mkdir(parents=True)
    for text in (CANARY, NUMBERS[0], keys.pseudonym("GM0988", "bsn", NUMBERS[1]), "19430217", "1943-02-17", "9999ZX"):
        assert search(tmp_path / "outside", wanted) == []
        PLACES[place](file, text)
        assert search(tmp_path / "outside", wanted), text
        for made in file.parent.iterdir():
            made.unlink()


def test_what_only_looks_like_it_is_not_found(tmp_path: Path):
    wanted = needles(load_keys(Town(tmp_path / "town").settings.key_file))
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "hash").write_text(f"a{NUMBERS[0]}b 0119430217 {NUMBERS[0]}7 v1943-02-170")
    assert search(tmp_path / "outside", wanted) == []
