"""Nothing of a person leaves the kluis when a blocking dbt test, the gate or the audit refuses what it saw.

Two nights, one after the other: in both a dbt test finds a planted provision twice, Great Expectations finds a planted
person in a table, and judging another table raises with one (tests.making.failing). In the first the audit raises too.
"""

import re
import shutil
from pathlib import Path

import polars as pl
import pytest

from assets.ground.state import recall
from assets.intake.keys import load_keys
from assets.publication import ledger
from assets.record.records import store_rows
from orchestration.report import BLOCKED, NOTHING
from tests.making.failing import FOUND, RAISED
from tests.making.leaks import CANARY, NUMBERS, needles, search
from tests.making.nights import FIRST, GEMEENTE, SECOND, Nights, copied
from tests.privacy.test_leaks import Run, run

TESTED = "monitor_bijzondere_bijstand"
KEPT = {TESTED, FOUND, RAISED}
# Of each refusal: which rule it was, and what to do.
REFUSED = {
    TESTED: (r"test sleutel_uniek_voorziening_bijzondere_bijstand_\w+ faalt \(warn\)", "zoek de rijen in kluis.duckdb"),
    FOUND: (r"verwachting GX-40-geen-bsn-gebiedsnaam niet waar", "herstel het model of de beveiliging"),
    RAISED: (r"de poort faalde \(ValueError in gate.py:\d+\)", "draai opnieuw, en meld deze regel"),
}


@pytest.fixture(scope="module")
def refused(first_night: Nights, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The night in which the audit raises too."""
    nights = copied(first_night, tmp_path_factory.mktemp("leaks") / "refused")
    bron = nights.folder / "kluis" / "bron"
    events = sorted((bron / "bus_bijzondere_bijstand").rglob("2022-06-*.parquet"))[-1]
    person = load_keys(nights.settings.key_file).pseudonym(GEMEENTE, "bsn", NUMBERS[0])
    planted = {"persoon": person, "registratienummer": CANARY, "statistiekcode": "12"}
    frame = pl.read_parquet(events)
    event = frame.head(1).with_columns(pl.lit(value).alias(name) for name, value in planted.items())
    # With a digest of its own, and a record that names it: else it would be read again from landing.
    place = f"bron/{events.parent.relative_to(bron)}/{events.name[:10]}"
    stored = store_rows(nights.settings.kluis, place, pl.concat([frame, event, event]))
    for record in (nights.folder / "kluis" / "leveringen" / "bus").rglob("*.json"):
        record.write_text(record.read_text().replace(events.name, Path(stored).name))
    return run(nights, "-m", "tests.making.failing", "audit")


@pytest.fixture(scope="module")
def partly(refused: Run, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The night after it, in which the audit is sound; its folder also holds what the first night wrote."""
    nights = copied(refused.nights, tmp_path_factory.mktemp("leaks") / "partly")
    return run(nights, "-m", "tests.making.failing")


def tables(nights: Nights) -> dict[str, bytes]:
    return {file.stem: file.read_bytes() for file in nights.latest.glob("monitor_*.parquet")}


def test_an_audit_that_raises_publishes_nothing(refused: Run, first_night: Nights):
    assert refused.code == NOTHING, refused.text
    message = r"Gepubliceerd: niets \(de audit faalde \(ValueError in audit.py:\d+\): draai opnieuw, en meld deze regel"
    assert re.search(message, refused.text), refused.text
    assert refused.nights.latest.name == FIRST
    assert tables(refused.nights) == tables(first_night)
    assert ledger.names(refused.nights.settings.kluis) == [FIRST]


def test_what_a_test_or_the_gate_refuses_keeps_its_table(partly: Run, first_night: Nights):
    assert partly.code == BLOCKED, partly.text
    assert partly.nights.latest.name == SECOND
    old, new = tables(first_night), tables(partly.nights)
    same = {name for name in old if old[name] == new[name]}
    assert same & {"monitor_wmo", *KEPT} == KEPT
    entries = ledger.current(partly.nights.settings.kluis)
    assert set(entries.filter(pl.col("sluiting") > pl.date(2022, 6, 20)).get_column("tabel")).isdisjoint(KEPT)


@pytest.mark.parametrize("table", REFUSED)
def test_each_refusal_names_its_rule_and_what_to_do(refused: Run, partly: Run, table: str):
    rule, remedy = REFUSED[table]
    for night in (refused, partly):
        assert re.search(f"Let op: {table} blijft als in de vorige editie: {rule}: .*{remedy}", night.text), night.text


def test_what_could_not_be_judged_is_judged_again(partly: Run):
    """All that the first night judged is remembered, also what it refused; only of RAISED there was no verdict."""
    memory = recall(partly.nights.settings.work, "geheugen/vrijgave")
    assert RAISED.removeprefix("monitor_") not in memory
    assert memory[FOUND.removeprefix("monitor_")]["gebroken"]
    assert recall(partly.nights.settings.work, "toestand/vrijgave")["overgeslagen"] is False


def test_they_leak_nothing(refused: Run, partly: Run):
    wanted = needles(load_keys(refused.nights.settings.key_file))
    # What the second night wrote over: the states of the steps.
    assert search(refused.nights.settings.work / "toestand", wanted) == []
    assert wanted.search(refused.text) is None
    assert partly.leaks(wanted) == []


PLACES = (
    "publicatie/laatste/csv/monitor_wmo.csv",
    "dagster/history/runs/index.db",
    "werk/dbt/run_results.json",
    "werk/dbt/dbt.log",
    "werk/toestand/vrijgave.json",
)


@pytest.mark.parametrize("place", PLACES)
def test_what_is_planted_where_they_write_is_found(partly: Run, tmp_path: Path, place: str):
    """The files that these nights wrote themselves, and a planted person after what is in them."""
    wanted = needles(load_keys(partly.nights.settings.key_file))
    nights = Nights(tmp_path)
    file = tmp_path / place
    file.parent.mkdir(parents=True)
    shutil.copyfile(partly.nights.folder / place, file)
    assert Run(nights, partly.code, "").leaks(wanted) == []
    with file.open("ab") as end:
        end.write(f"\n{NUMBERS[0]}\n".encode())
    assert Run(nights, partly.code, "").leaks(wanted) != []


def test_what_is_planted_in_what_they_tell_is_found(partly: Run, tmp_path: Path):
    wanted = needles(load_keys(partly.nights.settings.key_file))
    assert Run(Nights(tmp_path), partly.code, partly.text + CANARY).leaks(wanted) == ["standard output or error"]
