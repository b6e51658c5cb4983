"""Whole nights that are killed, have no room left, meet another night, or find a kluis of before: the long forms.

Failure at each write of a publication is in test_crash.py; a killed dbt in test_dbt_proof.py; a killed lock in
test_interrupt.py.
"""

import io
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from contextlib import redirect_stdout, suppress
from pathlib import Path

import polars as pl
import pytest

from assets.ground.failures import FULL
from assets.ground.settings import PROJECT
from assets.protection.public import in_grid
from assets.publication import edition, ledger
from tests.making.nights import FIRST, SECOND, Nights, copied
from tests.making.small_disk import small_disk

pytestmark = pytest.mark.lang
pytest_plugins = ("tests.making.s3",)

# The commit of which a kluis is read: the last without a number of its format.
BEFORE = "bd7b354"
# What is there when a part of the night has begun, and how many seconds into it the process is killed.
MOMENTS = {
    "registraties": ("toestand/run.json", (2, 5, 8, 11, 14, 17)),
    "dbt": ("toestand/wmo.json", (6, 10, 14, 18, 22, 26, 30, 35)),
    "beveiliging": ("toestand/monitor_*.json", (0, 1, 2, 3, 5, 7)),
    "poort": ("toestand/beveiliging_samen.json", (0, 1, 2, 3)),
    "wissel": ("toestand/vrijgave.json", (0, 0.1, 0.3, 0.6, 1, 2)),
}


def begun(nights: Nights, *program: str) -> subprocess.Popen:
    command = [sys.executable, "-m", *(program or ("orchestration.cli",)), "refresh", "--stand", SECOND]
    return subprocess.Popen(
        command,
        env=os.environ | nights.environment(),
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def killed(nights: Nights, part: str, seconds: float) -> bool:
    """Starts a night and kills all of it in a part; False: it had ended before."""
    shutil.rmtree(nights.settings.work / "toestand", ignore_errors=True)
    run, until = begun(nights), time.monotonic() + 900
    while not list(nights.settings.work.glob(MOMENTS[part][0])) and run.poll() is None:
        assert time.monotonic() < until
        time.sleep(0.02)
    time.sleep(seconds)
    alive = run.poll() is None
    with suppress(ProcessLookupError):
        os.killpg(run.pid, signal.SIGKILL)
    run.communicate()
    return alive


def status(nights: Nights) -> tuple[int, str]:
    heard = io.StringIO()
    with redirect_stdout(heard):
        code = nights.run("status")
    return code, heard.getvalue()


def tables(nights: Nights) -> dict[str, pl.DataFrame]:
    """What the latest edition says."""
    zone = nights.settings.publicatie
    name = edition.latest(zone)
    found = {}
    for file in zone.files(str(name)):
        if file.name.startswith("monitor_") and file.name.endswith(".parquet"):
            frame = pl.read_parquet(zone.read(file.path)).drop("editie", "run_id", "codeversie", strict=False)
            found[file.name] = frame.sort(pl.all())
    return found


def whole(nights: Nights, before: dict[str, bytes]) -> None:
    """No edition is half, and the ledger of before is there."""
    kluis, publicatie = nights.settings.kluis, nights.settings.publicatie
    assert edition.latest(publicatie) in edition.editions(publicatie)
    for name in edition.editions(publicatie):
        assert edition.damaged(publicatie, name) == []
    if publicatie.folder:
        shown = [name for name in publicatie.names() if name[:4].isdigit()]
        assert shown == edition.editions(publicatie)
    assert {path: kluis.read(path) for path in before} == before
    ledger.every(kluis)


def ledger_files(nights: Nights) -> dict[str, bytes]:
    return {file.path: nights.settings.kluis.read(file.path) for file in nights.settings.kluis.files("grootboek")}


@pytest.fixture(scope="module")
def undisturbed(first_night: Nights, tmp_path_factory: pytest.TempPathFactory) -> dict[str, pl.DataFrame]:
    nights = copied(first_night, tmp_path_factory.mktemp("undisturbed") / "copy")
    assert nights.night(SECOND) == 0
    return tables(nights)


@pytest.mark.parametrize("where", ["local", "s3"])
@pytest.mark.parametrize(("part", "seconds"), [(part, s) for part, (_, all_) in MOMENTS.items() for s in all_])
def test_after_a_kill_the_next_night_gives_the_tables_of_an_undisturbed_history(
    nights: Nights, undisturbed: dict, part: str, seconds: float, where: str, request: pytest.FixtureRequest
):
    if where == "s3":
        nights.settings = request.getfixturevalue("on_s3")(nights.settings)
    before = ledger_files(nights)
    if not killed(nights, part, seconds):
        pytest.xfail("the night had ended by then")
    whole(nights, before)
    assert edition.latest(nights.settings.publicatie) in (FIRST, SECOND)
    code, printed = status(nights)
    # Killed in its last moment a night can have told its outcome already.
    if code == 0:
        assert part == "wissel"
        assert str(edition.latest(nights.settings.publicatie)) == SECOND
    else:
        assert code == 1
        assert re.search(r"^Laatste nacht: .*: afgebroken|^  run \w{8} is dood", printed, re.MULTILINE), printed
    assert nights.night(SECOND) == 0
    whole(nights, before)
    now = tables(nights)
    assert now.keys() == undisturbed.keys()
    assert [name for name in now if not now[name].equals(undisturbed[name])] == []
    # As after an undisturbed night: nothing is out of order, and no run is dead.
    code, printed = status(nights)
    assert (code, str(edition.latest(nights.settings.publicatie))[:10]) == (0, SECOND), printed


# --- no room ---


@pytest.mark.parametrize("place", ["kluis", "werk", "dagster", "publicatie"])
def test_a_full_disk_is_told_and_the_next_night_with_room_puts_it_right(nights: Nights, undisturbed: dict, place: str):
    before = ledger_files(nights)
    with small_disk(nights.folder / place, 256 * 1024) as make_room:
        run = begun(nights)
        printed, _ = run.communicate(timeout=1200)
        print(printed)
        assert "Traceback" not in printed
        assert FULL in printed
        assert run.returncode in (1, 2)
        whole(nights, before)
        make_room()
        assert nights.night(SECOND) == 0
        now = tables(nights)
        assert [name for name in now if not now[name].equals(undisturbed[name])] == []
        code, printed = status(nights)
        assert code == 0, printed


# --- two at once, and a kluis of before ---


def test_of_two_nights_at_once_one_runs_and_the_other_is_told(nights: Nights, undisturbed: dict):
    runs = [begun(nights), begun(nights)]
    printed = [run.communicate(timeout=1200)[0] for run in runs]
    assert sorted(run.returncode for run in runs) == [0, 3]
    assert "Er loopt al een run op deze kluis" in printed[[run.returncode for run in runs].index(3)]
    now = tables(nights)
    assert [name for name in now if not now[name].equals(undisturbed[name])] == []


def test_what_changes_under_bron_while_dbt_runs_is_told_and_nothing_is_published(nights: Nights, undisturbed: dict):
    before = ledger_files(nights)
    run = begun(nights, "tests.making.failing", "bron")
    printed, _ = run.communicate(timeout=1200)
    assert run.returncode == 2, printed
    assert "Onder bron/ van de kluis veranderde iets terwijl dbt liep" in printed
    whole(nights, before)
    assert ledger_files(nights) == before
    assert nights.night(SECOND) == 0
    now = tables(nights)
    assert [name for name in now if not now[name].equals(undisturbed[name])] == []


def test_a_kluis_of_before_it_had_a_number_is_read(tmp_path: Path):
    """Written by the commit of then, read by ours: the figures that were public stay, and the next month comes."""
    old = tmp_path / "toen"
    made = subprocess.run(["git", "worktree", "add", "--detach", str(old), BEFORE], cwd=PROJECT, check=False)
    if made.returncode:
        pytest.skip("this checkout does not have the commit of then")
    try:
        nights = Nights(tmp_path / "stad")
        environment = os.environ | nights.environment() | {"PYTHONPATH": str(old)}
        options = ["--gemeenten", "GM0946", "--inwoners", "4000", "--tot", "2022-06", "--maanden", "7", "--seed", "3"]
        for arguments in (["demo", *options], ["refresh", "--stand", FIRST]):
            command = [sys.executable, "-m", "orchestration.cli", *arguments]
            subprocess.run(command, cwd=old, env=environment, check=True, timeout=1500)
        assert not nights.settings.kluis.exists("formaat.json")
        before, shown = ledger_files(nights), tables(nights)
        assert nights.night(SECOND) == 0
        whole(nights, before)
        assert nights.settings.kluis.exists("formaat.json")
        now = tables(nights)
        key = ["gemeentecode", "gebiedscode", "indelingsjaar", "peildatum", "leeftijdsgroep", "indicator"]
        for name in [name for name in shown if "peildatum" in shown[name].columns and "waarde" in shown[name].columns]:
            figures = shown[name].with_columns(tabel=pl.lit(name.removesuffix(".parquet")))
            # What sdc.yml of today no longer lets be published goes.
            published = in_grid(figures.filter(pl.col("publicatiestatus") == "gepubliceerd"))
            assert published.join(now[name], on=key, how="anti").is_empty(), name
    finally:
        subprocess.run(["git", "worktree", "remove", "--force", str(old)], cwd=PROJECT, check=True)
