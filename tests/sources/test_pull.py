"""Pulling a case system: what changed, whole dossiers, nothing by halves, and every fault a blocked registration.

On SQLite and on a real PostgreSQL, where the monitor reads with a role that may only read.
"""

import json
import stat
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from assets.record.delivery_record import Fault, load_records
from assets.registrations.declaration import Connection
from assets.registrations.schuldhulpverlening import TABLES
from assets.sources import database as pull_database
from assets.sources.database import _reading
from tests.making.postgres import Server, postgres  # noqa: F401  a fixture
from tests.making.town import WEERT, Town, bsn
from tests.making.zaaksysteem import (
    BRON,
    READER,
    READER_PASSWORD,
    VANAF,
    CaseSystem,
    clock,
    connect,
    messages_of,
    night,
    sqlite_system,
)

MONDAY, TUESDAY, WEDNESDAY = "2021-03-01", "2021-03-02", "2021-03-03"


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long was waited between tries, without waiting."""
    found: list[float] = []
    monkeypatch.setattr("tenacity.nap.time.sleep", found.append)
    return found


def postgres_system(server: Server, name: str) -> CaseSystem:
    server.execute("postgres", f"drop database if exists {name} with (force)", f"create database {name}")
    make = (
        f"do $$ begin create role {READER} login password '{READER_PASSWORD}'; exception when others then null; end $$"
    )
    server.execute(name, make)
    system = CaseSystem(server.url(name, READER, READER_PASSWORD), lambda statement: server.execute(name, statement))
    server.execute(name, f"grant select on all tables in schema public to {READER}")
    return system


@pytest.fixture
def on_postgres(request: pytest.FixtureRequest) -> CaseSystem:
    return postgres_system(request.getfixturevalue("postgres"), f"zaak_{abs(hash(request.node.name))}")


@pytest.fixture(params=["sqlite", "postgresql"])
def system(request: pytest.FixtureRequest, tmp_path: Path) -> CaseSystem:
    if request.param == "sqlite":
        return sqlite_system(tmp_path / "bron" / "zaak.sqlite")
    return request.getfixturevalue("on_postgres")


def pulled(town: Town, day: str) -> dict[str, pl.DataFrame]:
    """The tables of a delivery, as they lie in landing; none when there is none."""
    folder = town.folder / "landing" / WEERT / BRON / day
    return {f.stem: pl.read_csv(f, separator=";", infer_schema=False) for f in sorted(folder.glob("*.csv"))}


def dossiers(town: Town, day: str) -> list[str]:
    return pulled(town, day)["schuldhulptraject"]["schuldhulptraject_id"].to_list()


def only_deliveries(town: Town, *days: str) -> None:
    """Landing holds these deliveries and nothing else, hidden or not."""
    folder = town.folder / "landing" / WEERT / BRON
    assert sorted(path.name for path in folder.iterdir()) == list(days)


def test_the_first_pull_is_a_delivery_of_all_dossiers(town: Town, system: CaseSystem):
    system.dossier("T1", 1, 2)
    system.dossier("T2", 3, totaalschuldbedragbijaanvang=1234.5)
    system.step("uitstroom", "T2")
    connect(town, system)
    outcome = night(town, MONDAY)
    assert (outcome.state, outcome.records[0].rijen, outcome.records[0].uitval) == ("in_orde", 8, 0)
    found = pulled(town, MONDAY)
    assert set(found) == set(TABLES)
    assert found["client"]["bsn"].to_list() == [bsn(1), bsn(2), bsn(3)]
    assert [name for name, frame in found.items() if frame.columns != list(TABLES[name])] == []
    folder = town.folder / "landing" / WEERT / BRON / MONDAY
    manifest = json.loads((folder / "levering.json").read_text())
    assert manifest["periode"] == {"van": VANAF, "tot": "2021-02-28"}
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}
    only_deliveries(town, MONDAY)
    persons = pl.read_parquet(town.folder / "kluis" / outcome.accepted[0].tabellen["schuldhulp_client"])
    assert persons["persoon"].n_unique() == 3
    assert bsn(1) not in persons["persoon"].to_list()
    messages_of(outcome)


def test_the_two_databases_deliver_the_same_bytes(town: Town, tmp_path: Path, on_postgres: CaseSystem):
    other = Town(tmp_path / "other")
    for system, where in ((on_postgres, town), (sqlite_system(tmp_path / "bron" / "zaak.sqlite"), other)):
        system.dossier("T1", 1, 2, einddatum="2020-11-30", toekenningsdatum="2020-05-01")
        system.step("schuldregeling", "T1")
        connect(where, system)
        assert night(where, MONDAY).state == "in_orde"
    for name in TABLES:
        if name != "schuldhulptraject":  # the two write an amount and a time in another form
            drop = "gewijzigd_op"
            assert pulled(town, MONDAY)[name].drop(drop).equals(pulled(other, MONDAY)[name].drop(drop)), name


def test_without_change_nothing_is_written(town: Town, system: CaseSystem):
    system.dossier("T1", 1)
    connect(town, system)
    night(town, MONDAY)
    outcome = night(town, TUESDAY)
    assert (outcome.state, outcome.read_now) == ("in_orde", [])
    only_deliveries(town, MONDAY)


def test_what_changed_comes_with_its_whole_dossier(town: Town, system: CaseSystem):
    system.dossier("T1", 1)
    system.dossier("T2", 2, changed="2020-12-02 00:00:00")
    connect(town, system)
    night(town, MONDAY)
    system.step("uitstroom", "T1", "2021-03-01 22:00:00")
    system.dossier("T3", 3, changed="2021-03-01 23:00:00")
    assert night(town, TUESDAY).state == "in_orde"
    assert dossiers(town, TUESDAY) == ["T1", "T3"]
    assert pulled(town, TUESDAY)["client"].height == 2
    manifest = json.loads((town.folder / "landing" / WEERT / BRON / TUESDAY / "levering.json").read_text())
    # It goes on where the last one ended, so no day is missing between them.
    assert manifest["periode"] == {"van": MONDAY, "tot": MONDAY}
    # How far it came is kept in the kluis: in landing it would be from outside.
    assert "23:00:00" not in json.dumps(manifest)
    good = load_records(town.settings.kluis, BRON)[f"{WEERT}/{TUESDAY}"].goed
    mark = (good and good.gehaald_tot) or ["", ""]
    assert (mark[0][11:], mark[1]) == ("23:00:00", "T3")


def test_of_dossiers_written_at_one_moment_the_last_number_is_the_mark(town: Town, system: CaseSystem):
    system.dossier("T1", 1)
    connect(town, system)
    night(town, MONDAY)
    system.dossier("T2", 2)
    night(town, TUESDAY)
    assert dossiers(town, TUESDAY) == ["T2"]


def test_a_blocked_pull_does_not_move_the_mark(town: Town, system: CaseSystem):
    system.dossier("T1", 1)
    connect(town, system)
    night(town, MONDAY)
    system.put("schuldhulptraject", "2021-03-01 22:00:00", schuldhulptraject_id="T2", startdatum=None)
    outcome = night(town, TUESDAY)
    assert (outcome.state, outcome.blocked[0].fouten[0].regel_id) == ("geblokkeerd", "LEV-13")
    system.execute("update schuldhulptraject set startdatum = '2021-01-01' where schuldhulptraject_id = 'T2'")
    assert night(town, WEDNESDAY).state == "in_orde"
    assert dossiers(town, WEDNESDAY) == ["T2"]


def test_a_second_run_on_a_day_pulls_nothing_again(town: Town, system: CaseSystem):
    system.dossier("T1", 1)
    connect(town, system)
    night(town, MONDAY)
    before = pulled(town, MONDAY)
    system.dossier("T2", 2, changed="2021-03-01 05:00:00")
    assert night(town, MONDAY).state == "in_orde"
    assert all(frame.equals(before[name]) for name, frame in pulled(town, MONDAY).items())
    night(town, TUESDAY)
    assert dossiers(town, TUESDAY) == ["T2"]


def test_a_run_over_an_earlier_day_pulls_nothing(town: Town, system: CaseSystem):
    system.dossier("T1", 1)
    connect(town, system)
    clock(town, TUESDAY)
    assert town.take_in(BRON, MONDAY).state == "niet_geleverd"
    assert town.take_in(BRON, WEDNESDAY).state == "niet_geleverd"
    assert not (town.folder / "landing" / WEERT).exists()
    assert town.take_in(BRON, TUESDAY).state == "in_orde"


DRIFT = {
    "client.bsn ontbreekt; client.burgerservicenummer is nieuw": "alter table client rename column bsn to "
    "burgerservicenummer",
    "intake.kleur is nieuw": "alter table intake add column kleur varchar(10)",
    "tabel uitstroom ontbreekt": "drop table uitstroom",
    "client.huisnummer is tekst en was geheel getal": "alter table client drop column huisnummer;"
    "alter table client add column huisnummer varchar(10)",
}


@pytest.mark.parametrize("difference", DRIFT)
def test_drift_of_the_tables_is_told_by_column(town: Town, system: CaseSystem, difference: str, waits: list[float]):
    system.dossier("T1", 1)
    connect(town, system)
    night(town, MONDAY)
    for statement in DRIFT[difference].split(";"):
        system.execute(statement)
    outcome = night(town, TUESDAY)
    assert outcome.state == "geblokkeerd"
    assert (
        f"LEV-31: De tabellen van de bron zijn niet die van de afspraak; er is niets gehaald. {difference}."
        in messages_of(outcome)
    )
    assert (len(outcome.accepted), waits) == (1, [])
    only_deliveries(town, MONDAY)


def test_every_difference_is_told_at_once(town: Town, system: CaseSystem):
    for statement in ";".join(DRIFT.values()).split(";"):
        system.execute(statement)
    connect(town, system)
    assert messages_of(night(town, MONDAY)).count("ontbreekt") >= 2 * 2


def test_a_source_that_is_away_is_asked_again_and_then_blocks(town: Town, system: CaseSystem, waits: list[float]):
    system.dossier("T1", 1)
    connect(town, system)
    night(town, MONDAY)
    away = {"sqlite": "sqlite:///weg.sqlite", "postgr": f"postgresql://{READER}:{READER_PASSWORD}@127.0.0.1:1/x"}
    connect(town, away[system.url[:6]])
    outcome = night(town, TUESDAY)
    assert (outcome.state, waits) == ("geblokkeerd", [3.0, 6.0])
    assert "LEV-30: De bron is onbereikbaar" in messages_of(outcome)
    assert "de volgende run probeert het opnieuw" in messages_of(outcome)
    only_deliveries(town, MONDAY)
    # The failure is told of that day and not kept: the next one starts afresh.
    assert set(load_records(town.settings.kluis, BRON)) == {f"{WEERT}/{MONDAY}"}
    connect(town, system)
    assert night(town, WEDNESDAY).state == "in_orde"


def test_a_wrong_password_is_told_without_it(town: Town, on_postgres: CaseSystem, waits: list[float]):
    connect(town, on_postgres.url.replace(READER_PASSWORD, "Lezer-geheim-78"))
    text = messages_of(night(town, MONDAY))
    assert "LEV-30" in text
    assert "Lezer-geheim-78" not in text
    assert len(waits) == 2


def test_a_source_that_is_too_slow_blocks(
    town: Town, on_postgres: CaseSystem, request: pytest.FixtureRequest, waits: list[float], monkeypatch
):
    import psycopg

    on_postgres.dossier("T1", 1)
    connect(town, on_postgres)
    monkeypatch.setattr(pull_database, "TIMEOUT_SECONDS", 1)
    server: Server = request.getfixturevalue("postgres")
    database = on_postgres.url.rsplit("/", 1)[-1]
    with psycopg.connect(server.url(database).replace("+psycopg", "")) as holder:
        holder.execute("lock table intake in access exclusive mode")
        outcome = night(town, MONDAY)
    assert "LEV-30" in messages_of(outcome)
    assert "(QueryCanceled)" in messages_of(outcome)
    assert len(waits) == 2
    only_deliveries(town)


def gone_half_way(monkeypatch: pytest.MonkeyPatch, server: Server, database: str, times: int) -> Callable[[], int]:
    """The server ends the monitor's session when the second table is written, the first `times` times."""
    written, ended = pull_database._to_csv, []

    def end_then_write(result, file: Path) -> int:
        if file.name == "client.csv" and len(ended) < times:
            ended.append(1)
            server.execute(
                "postgres", f"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{database}'"
            )
        return written(result, file)

    monkeypatch.setattr(pull_database, "_to_csv", end_then_write)
    return lambda: len(ended)


@pytest.mark.parametrize(("times", "state"), [(1, "in_orde"), (9, "geblokkeerd")])
def test_a_source_that_goes_half_way_leaves_nothing_by_halves(
    town: Town, on_postgres: CaseSystem, request, waits: list[float], monkeypatch, times: int, state: str
):
    for number in range(40):
        on_postgres.dossier(f"T{number}", number)
    connect(town, on_postgres)
    database = on_postgres.url.rsplit("/", 1)[-1]
    ended = gone_half_way(monkeypatch, request.getfixturevalue("postgres"), database, times)
    outcome = night(town, MONDAY)
    assert (outcome.state, ended(), len(waits)) == (state, min(times, 3), min(times, 2))
    messages_of(outcome)
    if state == "in_orde":
        assert len(dossiers(town, MONDAY)) == 40
    only_deliveries(town, *([MONDAY] if state == "in_orde" else []))


def test_what_a_killed_run_left_is_taken_away(town: Town, system: CaseSystem):
    system.dossier("T1", 1)
    connect(town, system)
    left = town.folder / "landing" / WEERT / BRON / ".nieuw"
    left.mkdir(parents=True)
    (left / "oud.csv").write_text("half")
    assert night(town, MONDAY).state == "in_orde"
    only_deliveries(town, MONDAY)
    assert "oud" not in pulled(town, MONDAY)


def test_the_monitor_cannot_write_in_the_source(town: Town, system: CaseSystem, request: pytest.FixtureRequest):
    import sqlalchemy as sa

    url = system.url
    if url.startswith("postgresql"):
        # Also when someone gave the monitor a user that may write.
        server: Server = request.getfixturevalue("postgres")
        url = server.url(url.rsplit("/", 1)[-1])
    connection = Connection(url, map=town.folder)
    with (
        pytest.raises(sa.exc.DBAPIError, match=r"read-?only"),  # pyright: ignore[reportAttributeAccessIssue]
        _reading(connection) as database,
    ):
        database.execution_options(stream_results=False).execute(sa.text("delete from client"))


def test_a_fault_of_the_monitor_itself_shows_no_value(town: Town, system: CaseSystem, monkeypatch):
    connect(town, system)
    system.dossier("T1", 1)

    def fail(*_: object) -> int:
        raise ValueError(f"cannot write {bsn(1)}")

    monkeypatch.setattr(pull_database, "_to_csv", fail)
    outcome = night(town, MONDAY)
    assert "LEV-17" in messages_of(outcome)
    assert "(ValueError in database.py:" in messages_of(outcome)


def test_a_delivery_without_a_table_is_refused(town: Town, tmp_path: Path):
    system = sqlite_system(tmp_path / "bron" / "zaak.sqlite")
    system.dossier("T1", 1)
    connect(town, system)
    night(town, MONDAY)
    folder = town.folder / "landing" / WEERT / BRON / MONDAY
    files = {file.name: file.read_text() for file in folder.glob("*.csv") if file.stem != "intake"}
    town.deliver(BRON, TUESDAY, files)
    outcome = town.take_in(BRON, TUESDAY)
    assert outcome.blocked[0].fouten[0] == Fault("LEV-08", "Ontbreekt: intake.csv.")
