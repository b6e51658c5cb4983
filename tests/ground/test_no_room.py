"""A disk that is really full: each library is understood, each command says it in words, and no delivery is blamed."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import dagster as dg
import duckdb
import polars as pl
import pytest

from assets.ground.failures import FULL, REMEDY, WORDS, no_room, told_of
from assets.ground.kluis_format import FormatError
from assets.ground.settings import DamagedError
from assets.intake.keys import KeyFileError
from assets.protection.sdc import UnsafeSettingsError
from assets.publication.edition import SwitchLostError
from assets.record.delivery_record import load_records
from orchestration import cli
from orchestration.dbt.walls import BronChangedError
from orchestration.runs import GATE, IN_WORDS, broke_off
from tests.making.nights import environment
from tests.making.small_disk import fill, small_disk
from tests.making.town import Town, bsn, w301

FRAME = pl.DataFrame({"a": range(100_000)}).with_columns(b=pl.col("a").hash())


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    place = tmp_path_factory.mktemp("vol") / "schijf"
    place.mkdir()
    with small_disk(place, 64 * 1024):
        yield place


def sqlite(place: Path) -> None:
    connection = sqlite3.connect(place / "x.db")
    connection.execute("create table t (a)")
    connection.executemany("insert into t values (?)", [("x" * 1000,)] * 1000)
    connection.commit()


def sql(place: Path) -> None:
    """As Dagster writes its events."""
    import sqlalchemy

    with sqlalchemy.create_engine(f"sqlite:///{place / 'x.db'}").begin() as connection:
        connection.exec_driver_sql("create table t (a)")
        for _ in range(1000):
            connection.exec_driver_sql("insert into t values (?)", ("x" * 1000,))


def database(place: Path) -> None:
    with duckdb.connect(str(place / "x.duckdb")) as connection:
        connection.execute("create table t as select range a, hash(range) b from range(1000000)")


def copy(place: Path) -> None:
    duckdb.sql(f"copy (select range a, hash(range) b from range(1000000)) to '{place}/x.parquet'")


WRITES = (
    lambda place: (place / "x").write_bytes(bytes(200_000)),
    lambda place: FRAME.write_parquet(place / "x.parquet"),
    lambda place: FRAME.write_csv(place / "x.csv"),
    sqlite,
    sql,
    database,
    copy,
)


@pytest.mark.parametrize("write", WRITES)
def test_whatever_meets_a_full_disk_tells_it(full: Path, write: Callable[[Path], object]):
    for file in full.iterdir():
        file.unlink()
    with pytest.raises(Exception, match=WORDS) as raised:
        write(full)
    assert no_room(raised.value)
    assert told_of(raised.value).startswith(FULL)
    assert told_of(raised.value).endswith(REMEDY)


def test_another_fault_of_a_disk_is_not_a_full_one():
    assert not no_room(OSError(5, "Input/output error"))
    assert told_of(OSError(5, "Input/output error")) == "OSError"


def test_of_a_fault_of_sqlite_its_disk_tells_whether_it_is_full(full: Path, tmp_path: Path, monkeypatch):
    for home, full_up in ((full, True), (tmp_path, False)):
        monkeypatch.setenv("DAGSTER_HOME", str(home))
        assert no_room(sqlite3.OperationalError("disk I/O error")) is full_up


def test_what_came_of_a_full_disk_is_one_though_its_cause_is_hidden():
    def hide() -> None:
        try:
            raise OSError(28, "No space left on device")
        except OSError:
            raise ValueError("x") from None

    with pytest.raises(ValueError, match="x") as raised:
        hide()
    assert no_room(raised.value)


DEMO = ("demo", "--gemeenten", "GM0988", "--inwoners", "500", "--maanden", "2")
# Those that write something at once.
COMMANDS = (
    DEMO,
    ("refresh", "--stand", "2021-02-11"),
    ("bewaar", "--verwijder"),
    ("sleutel", "maak", "GM0946"),
    ("sleutel", "wissel", "GM0988"),
    ("herstel", "2021-02-11", "--reden", "fout"),
)


def test_every_command_says_that_a_disk_is_full(tmp_path: Path, capsys: pytest.CaptureFixture):
    place = tmp_path / "stad"
    place.mkdir()
    with small_disk(place, 256 * 1024):
        town, empty = Town(place), Town(place / "leeg")
        town.wmo([w301(bsn(1), 1, "2021-01-01")], "2021-02-10")
        fill(place)
        for command in COMMANDS:
            with environment((empty if command == DEMO else town).environment()):
                assert cli.main(list(command)) == 2
            assert FULL in capsys.readouterr().out
        with environment(town.environment()):
            assert cli.main(["status"]) == 0


def test_a_delivery_is_not_blamed_for_a_full_disk(town: Town, monkeypatch: pytest.MonkeyPatch):
    town.wmo([w301(bsn(1), 1, "2021-01-01")], "2021-02-10")

    def full(*_arguments: object) -> str:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("assets.intake.step.store_rows", full)
        with pytest.raises(OSError, match=FULL):
            town.take_in("wmo")
    assert load_records(town.settings.kluis, "wmo") == {}
    assert town.take_in("wmo").state == "in_orde"


@pytest.mark.parametrize(("number", "full"), [(28, True), (5, False)])
def test_a_night_that_breaks_off_says_at_which_step_and_never_the_text(number: int, full: bool):
    secret = bsn(1)

    @dg.op
    def stap() -> None:
        raise OSError(number, os.strerror(number), secret)

    @dg.op(name=GATE)
    def gate() -> None:
        raise dg.Failure("hiervan zegt het verslag")

    @dg.job
    def nacht() -> None:
        stap()
        gate()

    with dg.DagsterInstance.ephemeral() as instance:
        run = nacht.execute_in_process(instance=instance, raise_on_error=False)
        why = broke_off(instance, run.run_id)
    assert why.startswith("de nacht brak af bij stap stap (OSError); wat daarna komt is niet gedaan")
    assert (FULL in why) is full
    assert secret not in why


def test_an_error_of_ours_that_says_what_to_do_is_told_in_its_own_words():
    @dg.op
    def stap() -> None:
        raise BronChangedError

    @dg.job
    def nacht() -> None:
        stap()

    with dg.DagsterInstance.ephemeral() as instance:
        run = nacht.execute_in_process(instance=instance, raise_on_error=False)
        why = broke_off(instance, run.run_id)
    assert why == f"de nacht brak af bij stap stap: {BronChangedError()}"


def test_each_error_that_is_told_in_its_words_is_one_of_ours():
    ours = {error.__name__ for error in (BronChangedError, DamagedError, FormatError, KeyFileError)}
    assert ours | {SwitchLostError.__name__, UnsafeSettingsError.__name__} == set(IN_WORDS)
