"""What the publication kept and is damaged: a ledger stops it and says so; editions and their pointer are put right."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from hashlib import sha256
from pathlib import Path

import duckdb
import polars as pl
import pytest

from assets.ground.settings import DamagedError
from assets.publication import edition, ledger
from assets.publication.sound import ledger_fault, put_right
from assets.publication.tables import ORIGIN
from orchestration import cli
from tests.making.nights import FIRST as NIGHT
from tests.making.nights import Nights, environment
from tests.making.town import WEERT, Town

FIRST, SECOND = date(2022, 6, 20), date(2022, 7, 20)
REASON = "Een levering telde niet mee."


def close(town: Town, day: date) -> None:
    """A close of one figure, and the edition that shows it."""
    settings, number = town.settings, day.month
    row = {
        **dict.fromkeys(ledger.ENTRY),
        **{"tabel": "monitor_wmo", "gemeentecode": WEERT, "gebiedscode": WEERT, "peildatum": day, "waarde": number},
    }
    entries = pl.DataFrame([row], schema=ledger.ENTRY)
    ledger.append(settings.kluis, day, entries, pl.DataFrame(schema=ORIGIN), {"stand": str(day)})
    publish(town, str(day))


def publish(town: Town, name: str) -> None:
    settings, file = town.settings, town.folder / "tabel.parquet"
    file.write_text(name)
    withdrawn = [{"editie": entry["editie"]} for entry in ledger.withdrawals(settings.kluis)]
    about = {"stand": name[:10], "grootboek": ledger.names(settings.kluis), "ingetrokken": withdrawn}
    edition.publish(settings.publicatie, name, {"monitor_wmo.parquet": file}, about)


@pytest.fixture
def kept(town: Town) -> Town:
    """Two closes, of which the second was withdrawn and made anew."""
    close(town, FIRST)
    close(town, SECOND)
    gone = {"editie": str(SECOND), "toelichting": REASON, "sluitingen": [str(SECOND)], "edities": [str(SECOND)]}
    ledger.withdraw(town.settings.kluis, SECOND, gone)
    publish(town, f"{SECOND}-2")
    assert ledger_fault(town.settings) == ""
    return town


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def other_figures(file: Path) -> None:
    pl.read_parquet(file).with_columns(waarde=pl.lit(99, pl.Int64)).write_parquet(file)


def tampered(file: Path) -> None:
    file.write_text(json.dumps(json.loads(file.read_text()) | {"toelichting": "\x1b[2J<script> 999990019"}))


LEDGER: dict[str, Callable[[Path], None]] = {
    "2022-06-20.parquet": cut,
    "2022-06-20.herkomst.parquet": cut,
    "2022-06-20.audit.json": cut,
    "2022-07-20.ingetrokken.json": cut,
    "2022-07-20.parquet": Path.unlink,
    "2022-07-20.herkomst.parquet": Path.unlink,
    "2022-07-20.audit.json": Path.unlink,
}


def damage(folder: Path) -> dict[str, Callable[[], object]]:
    """Ways in which the ledger in a folder can be damaged, by what is told of it."""
    ways: dict[str, Callable[[], object]] = {}
    for name, how in LEDGER.items():
        ways[f"{name} {how.__name__}"] = lambda name=name, how=how: how(folder / name)
    return ways | {
        "other figures": lambda: other_figures(folder / "2022-06-20.parquet"),
        "a reason of nobody": lambda: tampered(folder / "2022-07-20.ingetrokken.json"),
        "no withdrawal": (folder / "2022-07-20.ingetrokken.json").unlink,
        "an older copy": lambda: [file.unlink() for file in folder.glob("2022-07-20*")],
        "lost": lambda: shutil.rmtree(folder),
    }


@pytest.mark.parametrize("way", damage(Path()))
def test_a_ledger_that_is_damaged_or_behind_is_told_with_the_remedy(kept: Town, way: str):
    damage(kept.folder / "kluis" / "grootboek")[way]()
    fault = ledger_fault(kept.settings)
    assert "grootboek/" in fault
    assert "zet het terug uit de nieuwste kopie van de kluis" in fault
    assert "999990019" not in fault
    assert "\x1b" not in fault


@pytest.mark.parametrize("way", damage(Path()))
@pytest.mark.parametrize("command", [["status"], ["herstel", str(SECOND)], ["herkomst", "bcdfghjklmnpqrst"]])
def test_no_command_gives_a_traceback_or_builds_on_a_damaged_ledger(
    kept: Town, capsys: pytest.CaptureFixture, way: str, command: list[str]
):
    ledger_folder = kept.folder / "kluis" / "grootboek"
    damage(ledger_folder)[way]()
    before = sorted(path.name for path in ledger_folder.glob("*"))
    with environment(kept.environment()):
        assert cli.main(command) in (1, 2)
    printed = capsys.readouterr().out
    assert "Traceback" not in printed
    assert "999990019" not in printed
    assert sorted(path.name for path in ledger_folder.glob("*")) == before
    if command[0] != "herkomst":
        assert "grootboek" in printed


def test_a_ledger_of_before_its_digests_is_read_and_a_public_edition_needs_one(kept: Town):
    folder = kept.folder / "kluis" / "grootboek"
    for file in folder.glob("*.audit.json"):
        file.write_text("{}")
    for file in (kept.folder / "publicatie").glob("*/manifest.json"):
        file.write_text(
            json.dumps({name: value for name, value in json.loads(file.read_text()).items() if name != "grootboek"})
        )
    assert ledger_fault(kept.settings) == ""
    cut(folder / "2022-06-20.parquet")
    assert "2022-06-20.parquet" in ledger_fault(kept.settings)
    shutil.rmtree(folder)
    assert "2022-07-20-2" in ledger_fault(kept.settings)


def pointer(town: Town, name: object) -> None:
    town.settings.publicatie.write("laatste.json", json.dumps({"editie": name}).encode())


def copied(link: Path) -> None:
    there = link.resolve()
    link.unlink()
    shutil.copytree(there, link)
    (link / "manifest.json").write_text("{}")


NEWEST = f"{SECOND}-2"
POINTERS: dict[str, tuple[Callable[[Town, Path], object], str]] = {
    "cut pointer": (lambda _town, zone: cut(zone / "laatste.json"), NEWEST),
    "another path": (lambda town, _zone: pointer(town, "../.."), NEWEST),
    "no name": (lambda town, _zone: pointer(town, ["2022-07-20-2"]), NEWEST),
    "no edition of that name": (lambda town, _zone: pointer(town, "2031-01-01"), NEWEST),
    "no link": (lambda _town, zone: (zone / "laatste").unlink(), NEWEST),
    "a link to nothing": (lambda _town, zone: (zone / NEWEST).rename(zone / "elders"), str(FIRST)),
    "a link to another": (
        lambda _town, zone: [(zone / "laatste").unlink(), (zone / "laatste").symlink_to("..")],
        NEWEST,
    ),
    "a folder": (lambda _town, zone: copied(zone / "laatste"), NEWEST),
    "cut manifest": (lambda _town, zone: cut(zone / NEWEST / "manifest.json"), str(FIRST)),
}


@pytest.mark.parametrize("way", POINTERS)
def test_a_pointer_that_leads_nowhere_is_told_and_put_right_to_no_withdrawn_edition(
    kept: Town, capsys: pytest.CaptureFixture, way: str
):
    zone, (break_it, wanted) = kept.folder / "publicatie", POINTERS[way]
    assert put_right(kept.settings) is None
    break_it(kept, zone)
    with environment(kept.environment()):
        assert cli.main(["status"]) == 1
    printed = capsys.readouterr().out
    assert "laatste of laatste.json is beschadigd of wijst nergens naar" in printed
    assert ".." not in printed
    assert wanted in str(put_right(kept.settings))
    assert edition.in_place(kept.settings.publicatie)
    assert (zone / "laatste").readlink() == Path(wanted)


def test_status_names_withdrawn_editions(kept: Town, capsys: pytest.CaptureFixture):
    with environment(kept.environment()):
        cli.main(["status"])
    assert f"ingetrokken: {SECOND}, op {SECOND}: {REASON}" in capsys.readouterr().out


def digests(folder: Path) -> dict[str, str]:
    return {str(file.relative_to(folder)): sha256(file.read_bytes()).hexdigest() for file in folder.rglob("*.parquet")}


def tables(folder: Path) -> dict[str, list]:
    """The rows of each table, but for the edition that they name: a table that was made anew is of its own edition."""
    return {file.name: pl.read_parquet(file).drop("editie", strict=False).rows() for file in folder.glob("*.parquet")}


def test_a_night_on_a_damaged_ledger_publishes_nothing_and_one_after_it_goes_on(
    nights: Nights, capsys: pytest.CaptureFixture
):
    """With it a history of runs that cannot be opened: it is set aside, and that stops nothing."""
    file, before = nights.folder / "kluis" / "grootboek" / f"{NIGHT}.parquet", digests(nights.folder / "publicatie")
    content = file.read_bytes()
    cut(file)
    (nights.folder / "dagster" / "history" / "runs.db").write_bytes(b"{kapot")
    (nights.folder / "dagster" / "dagster.yaml").write_text("{kapot: [")
    assert nights.night("2022-07-20") == 2
    shown = capsys.readouterr().out
    assert "dagster.yaml en history niet te lezen; dat staat nu in de map onleesbaar-" in shown
    assert (
        f"Gepubliceerd: niets (grootboek/{NIGHT}.parquet in de kluis is beschadigd; er komt niets naar buiten" in shown
    )
    assert shown.count("blijven als in de vorige editie") == 1
    assert digests(nights.folder / "publicatie") == before
    assert "  brp: " in shown
    file.write_bytes(content)
    assert nights.night("2022-07-20") == 0
    assert "Gepubliceerd: editie 2022-07-20" in capsys.readouterr().out


def test_what_was_damaged_is_made_anew_by_a_night_with_nothing_new(nights: Nights, capsys: pytest.CaptureFixture):
    """A cut Parquet, CSV and database in the newest edition, `laatste` to nowhere, and a cut database in the kluis."""
    zone, kluis = nights.folder / "publicatie", nights.folder / "kluis" / "kluis.duckdb"
    before, counted = tables(zone / NIGHT), rows_of(kluis)
    cut(zone / NIGHT / "monitor_wmo.parquet")
    cut(zone / NIGHT / "csv" / "monitor_wwb.csv")
    (zone / NIGHT / "meerdoen.duckdb").unlink()
    (zone / "laatste").unlink()
    (zone / "laatste").symlink_to("2001-01-01")
    written_in(kluis)
    assert nights.run("status") == 1
    assert "kluis.duckdb is beschadigd, beschreven of weg" in capsys.readouterr().out
    cut(kluis)
    assert nights.run("status") == 1
    printed = capsys.readouterr().out
    assert "3 van de bestanden van die editie zijn beschadigd of weg" in printed
    assert "kluis.duckdb is beschadigd, beschreven of weg" in printed
    assert nights.night(NIGHT) == 0
    assert "laatste wees nergens naar of was beschadigd" in capsys.readouterr().out
    assert nights.latest.name == f"{NIGHT}-2"
    assert edition.damaged(nights.settings.publicatie, f"{NIGHT}-2") == []
    assert tables(nights.latest) == before
    assert rows_of(kluis) == counted


def written_in(database: Path) -> None:
    """What an analyst wrote whose process was killed: it stands beside the database, and DuckDB reads it along."""
    write = (
        "import duckdb, os, sys; c = duckdb.connect(sys.argv[1])"
        "; c.execute('create table mart.mijn (x int)'); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", write, str(database)], check=False)
    assert "mart.mijn" in rows_of(database)


def rows_of(database: Path) -> dict[str, int]:
    with duckdb.connect(str(database), read_only=True) as connection:
        names = connection.execute("select schema_name || '.' || table_name from duckdb_tables()").fetchall()
        return {name: len(connection.table(name)) for (name,) in names}


def test_an_edition_that_is_lost_is_made_anew_from_the_ledger(nights: Nights):
    zone = nights.folder / "publicatie"
    before = tables(zone / NIGHT)
    shutil.rmtree(zone / NIGHT)
    assert nights.night(NIGHT) == 0
    assert tables(nights.latest) == before


def test_a_damaged_file_raises_words_and_no_text_of_a_library(kept: Town):
    cut(kept.folder / "kluis" / "grootboek" / "2022-06-20.parquet")
    with pytest.raises(DamagedError, match=r"^grootboek/2022-06-20.parquet in de kluis is beschadigd"):
        ledger.current(kept.settings.kluis)
