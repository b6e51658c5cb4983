"""`meerdoen status`: what is not in order is told and gives exit code 1; nothing gives a traceback."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import date

import dagster as dg
import polars as pl
import pytest
from dagster import DagsterRunStatus as Status

from assets.ground.state import remember
from assets.publication import union_sets
from assets.record.delivery_record import save_record
from orchestration import cli
from orchestration.dead_runs import BY, COMMAND_LINE
from orchestration.home import dagster_home
from orchestration.jobs import NIGHT_JOB
from orchestration.report import report
from tests.making.nights import environment
from tests.making.town import WEERT, Town, bsn, w301


def status(town: Town, capsys: pytest.CaptureFixture) -> tuple[int, str]:
    with environment(town.environment()):
        code = cli.main(["status"])
    return code, capsys.readouterr().out


def run(town: Town, ended: Status, **tags: str) -> None:
    """A night that ended so."""
    with environment(town.environment()), dg.DagsterInstance.from_config(str(dagster_home())) as instance:
        job = dg.job(name=NIGHT_JOB)(lambda: None)
        instance.create_run_for_job(job, status=ended, tags=tags)


def test_before_the_first_night_all_is_in_order(town: Town, capsys: pytest.CaptureFixture):
    code, printed = status(town, capsys)
    assert code == 0
    assert "Editie: nog geen" in printed
    assert "Laatste nacht: nog geen" in printed
    assert "Alles is in orde." in printed


@pytest.mark.parametrize(
    ("ended", "word", "code"),
    [(Status.SUCCESS, "geslaagd", 0), (Status.FAILURE, "mislukt", 1), (Status.CANCELED, "afgebroken", 1)],
)
def test_the_last_night_and_its_outcome(town: Town, capsys: pytest.CaptureFixture, ended: Status, word: str, code: int):
    run(town, ended, **{BY: COMMAND_LINE})
    found, printed = status(town, capsys)
    assert found == code
    assert f"(opdrachtregel): {word}" in printed
    assert "Volgende nacht: geen; de planning loopt alleen zolang" in printed


@pytest.mark.parametrize("last_seen", [Status.STARTED, Status.NOT_STARTED])
def test_a_dead_run_is_told(
    town: Town, capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch, last_seen: Status
):
    run(town, last_seen)
    code, before = status(town, capsys)
    # It may have been made this second; one that says it started holds the lock, or is no more.
    assert (code, "afgebroken, of net begonnen" in before) == ((1, True) if last_seen is Status.STARTED else (0, False))
    monkeypatch.setattr("orchestration.dead_runs.STARTS_WITHIN_SECONDS", 0)
    code, printed = status(town, capsys)
    assert code == 1
    assert "is dood" in printed


@pytest.mark.parametrize("last_seen", [Status.STARTED, Status.NOT_STARTED])
def test_a_dead_run_of_the_command_line_is_told_at_once(town: Town, capsys: pytest.CaptureFixture, last_seen: Status):
    run(town, last_seen, **{BY: COMMAND_LINE})
    code, printed = status(town, capsys)
    assert code == 1
    assert "(opdrachtregel): afgebroken\n" in printed
    assert "is dood" in printed


def test_what_is_blocked_late_or_stayed_is_told_by_gemeente_with_the_reason(town: Town, capsys: pytest.CaptureFixture):
    town.wmo([w301(bsn(1), 1, "2021-01-01")], "2021-02-10")
    town.take_in("wmo")
    town.wmo([w301(bsn(n), n, "2021-01-01", categorie="99") for n in range(1, 5)], "2021-03-10")
    town.take_in("wmo")
    reason = "haar registratie is geblokkeerd"
    remember(town.settings.work, "toestand/vrijgave", {"oordeel": {"wmo": {"vrij": False, "reden": reason}}})
    remember(town.settings.work, "toestand/publicatie", {"fout": "OSError in publish.py:7"})
    code, printed = status(town, capsys)
    assert code == 1
    assert f"{WEERT} 2021-03-10 geblokkeerd: LEV-13" in printed
    assert f"{WEERT} wmo: te laat; verwacht voor" in printed
    assert "de laatste aanvaarde is van 2021-02-10" in printed
    assert f"monitor_wmo blijft als in de vorige editie: {reason}" in printed
    assert "publiceerde niets: OSError in publish.py:7" in printed
    assert "Niet in orde: 4 punten" in printed


def test_an_edition_that_is_public_though_its_step_broke_off_after_it_is_told_as_public(
    town: Town, capsys: pytest.CaptureFixture
):
    printed = {"editie": "2021-03-15", "nieuw": True, "fout": "OSError in edition.py:7"}
    remember(town.settings.work, "toestand/publicatie", printed)
    assert report(town.settings, success=False) == 1
    said = "daarna brak de publicatie af (OSError in edition.py:7)"
    assert f"Gepubliceerd: editie 2021-03-15; {said}" in capsys.readouterr().out
    code, printed = status(town, capsys)
    assert code == 1
    assert said in printed
    assert "publiceerde niets" not in printed


def test_which_regelingen_count_together_is_told_per_gemeente(town: Town, capsys: pytest.CaptureFixture):
    assert "monitor_totaal" not in status(town, capsys)[1]
    ends = [date(2022, 3, 31), date(2022, 4, 30), date(2022, 5, 31), date(2022, 6, 30)]
    counted = [(end, regeling, True) for end in ends for regeling in ("wmo", "wwb")]
    # A newcomer in May; in June no delivery of wwb.
    counted += [(ends[2], "jeugdzorg", True), (ends[3], "jeugdzorg", True)]
    rows = [(end, name, covered and (end, name) != (ends[3], "wwb")) for end, name, covered in counted]
    unie = pl.DataFrame(rows, ["peildatum", "regeling", "gedekt"], orient="row").sample(
        fraction=1, shuffle=True, seed=1
    )
    union_sets.keep(town.settings.work, unie.with_columns(gemeentecode=pl.lit(WEERT)))
    code, printed = status(town, capsys)
    assert code == 0
    assert [line for line in printed.splitlines() if "monitor_totaal" in line] == [
        f"{WEERT} monitor_totaal 2022-03 t/m 2022-04: wmo, wwb",
        f"{WEERT} monitor_totaal 2022-05: jeugdzorg, wmo, wwb; breuk: een andere set",
        f"{WEERT} monitor_totaal 2022-06: jeugdzorg, wmo, wwb; niet geleverd: niet gedekt door wwb",
    ]
    union_sets.keep(town.settings.work, unie.with_columns(gemeentecode=pl.lit("GM0946")))
    assert f"{WEERT} monitor_totaal: {union_sets.NONE_YET}" in status(town, capsys)[1]


DAMAGE = {
    "kluis/leveringen/wmo/GM0988/2021-02-10.json": "wmo: leveringen/wmo/GM0988/2021-02-10.json in de kluis is bes",
    "kluis/leveringen/oggz/GM0988/2021-02-10.json": "oggz: leveringen/oggz/GM0988/2021-02-10.json in de kluis is",
    "kluis/bron/leveringen_wmo.parquet": "Te laat: niet te lezen",
    "kluis/grootboek/2022-06-20.parquet": "Grootboek: grootboek/2022-06-20.audit.json in de kluis is beschadigd",
    "kluis/grootboek/2022-06-20.ingetrokken.json": "Grootboek: grootboek/2022-06-20.ingetrokken.json in de kluis is",
    "publicatie/laatste.json": "laatste of laatste.json is beschadigd of wijst nergens naar",
    "dagster/history/runs.db": "Runs: in DAGSTER_HOME is history niet te lezen",
    "dagster/history/runs/index.db": "Runs: in DAGSTER_HOME is history niet te lezen",
    "dagster/schedules/schedules.db": "Runs: in DAGSTER_HOME is schedules niet te lezen",
    "dagster/dagster.yaml": "Runs: in DAGSTER_HOME is dagster.yaml niet te lezen",
    "landing/demo.json": "demo.json in de landingszone is beschadigd",
    "sleutels.json": "sleutelbestand",
}
# These stop nothing of what status tells; what they hold is told by the command that needs it.
QUIET = (
    "kluis/.slot",
    "kluis/akkoord.json",
    "kluis/bezwaren.json",
    "kluis/gehaald.json",
    "kluis/privacylog.json",
    "kluis/herkomst/sleutel",
    "kluis/herkomst/wmo.parquet",
    "kluis/herkomst/gevraagd_wmo.json",
    "bronnen.json",
    "publicatie/2022-06-20/manifest.json",
    "werk/geheugen/kluis.json",
    "werk/geheugen/unie.json",
    "werk/toestand/klok.json",
    "werk/toestand/publicatie.json",
    "werk/toestand/vrijgave.json",
    "werk/toestand/wmo.json",
    "werk/kluis.duckdb",
)
# Sound JSON that is no record, or not of the kind that is expected.
DAMAGED = {"kluis/leveringen/oggz/GM0988/2021-02-10.json": b'{"leverancier": "GM0988", "leverdatum": "2021-02-10"}'}
CONTENTS = (b"", b"{kapot: [", b"\x00\xff", b"[]", b"7", b'{"a": {"b": "999990019"}}', b"[" * 100_000)


@pytest.mark.parametrize("file", [*DAMAGE, *QUIET])
def test_what_is_damaged_is_told_without_a_traceback(town: Town, capsys: pytest.CaptureFixture, file: str):
    town.wmo([w301(bsn(1), 1, "2021-01-01")], "2021-02-10")
    town.take_in("wmo")
    run(town, Status.SUCCESS)
    place = town.folder / file
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(DAMAGED.get(file, b"{kapot: ["))
    code, printed = status(town, capsys)
    assert code == 1
    assert DAMAGE.get(file, "") in printed
    assert "bus: 0 leveringen" in printed
    for content in CONTENTS:
        place.write_bytes(content)
        code, printed = status(town, capsys)
        assert code in (0, 1)
        assert "bus: 0 leveringen" in printed
        assert "999990019" not in printed


def test_what_a_record_in_the_kluis_says_is_shown_as_data(town: Town, capsys: pytest.CaptureFixture):
    town.wmo([w301(bsn(n), n, "2021-01-01", categorie="99") for n in range(1, 5)], "2021-03-10")
    (record,) = town.take_in("wmo").records
    fault = replace(record.fouten[0], toelichting=f"\x1b[2J{bsn(1)} " + "x" * 10_000)
    save_record(town.settings.kluis, replace(record, fouten=(fault,)), None)
    code, printed = status(town, capsys)
    assert code == 1
    assert "GM0988 2021-03-10 geblokkeerd: LEV-13" in printed
    assert "\x1b" not in printed
    assert bsn(1) not in printed
    assert "x" * 1000 not in printed


def test_a_reader_that_goes_away_gives_no_traceback(town: Town):
    command = [sys.executable, "-m", "orchestration.cli", "status"]
    process = subprocess.Popen(
        command, env=os.environ | town.environment(), text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert "Traceback" not in process.stderr.read()
    assert process.wait() == 141
