"""`meerdoen toets`: what an owner is told before sending is what the monitor would say, and nothing else is left."""

import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import pytest

from assets.demo.make import DemoOptions, make_demo
from assets.intake.toets import IN_ORDER, NOT_IN_ORDER, REMARKS, TrialError, trial
from assets.registrations.declaration import registrations
from orchestration import cli
from tests.making.nights import GEMEENTE, Nights
from tests.making.town import brp_csv, bsn

ROOT = Path(__file__).parents[2]
OPTIONS = DemoOptions(gemeenten=(GEMEENTE,), inwoners=1500, tot="2022-06", maanden=3, seed=3)
# Delivered in one form by one owner: only their folder or --bron tells which.
ALIKE = {"wia", "wajong"}
# What an owner's computer has not: no night runs there, and it may be a Windows.
ABSENT = (
    "dagster",
    "dbt",
    "duckdb",
    "great_expectations",
    "s3fs",
    "highspy",
    "psycopg",
    "sqlalchemy",
    "requests",
    "pyarrow",
)
NOT_ON_WINDOWS = ("fcntl", "resource", "pwd", "grp", "termios")


@pytest.fixture(scope="module")
def newest(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The newest delivery of each registration of a demo, in folders that do not tell which it is."""
    nights = Nights(tmp_path_factory.mktemp("toets"))
    make_demo(nights.settings, OPTIONS, lambda _line: None)
    found = {}
    for number, folder in enumerate(sorted((nights.folder / "landing").glob("*/*"))):
        if folder.is_dir():
            found[folder.name] = sorted(folder.iterdir())[-1].rename(nights.folder / f"levering {number}")
    return found


@pytest.fixture(autouse=True)
def nothing_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    place = tmp_path / "tijdelijk"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    yield
    assert list(place.iterdir()) == []


@pytest.mark.parametrize("bron", sorted(set(registrations()) - {"awbz", "schuldhulpverlening", "wsw"}))
def test_a_delivery_of_the_demo_is_recognised_by_its_form(bron: str, newest: dict[str, Path], tmp_path: Path):
    done = trial(newest[bron], tmp_path / "uit", bron=bron if bron in ALIKE else None, gemeente=GEMEENTE)
    assert done.registration.bron == bron
    assert done.outcome in (IN_ORDER, REMARKS)
    assert done.record.rijen
    assert sorted(file.name for file in (tmp_path / "uit").iterdir()) == ["rapport.csv", "rapport.html"]
    assert "aanvaard" in done.report.read_text(encoding="utf-8").lower()


def test_what_is_delivered_in_one_form_asks_which_unless_a_folder_tells(newest: dict[str, Path], tmp_path: Path):
    with pytest.raises(TrialError, match="wajong of wia"):
        trial(newest["wia"], tmp_path / "uit")
    named = tmp_path / "wia" / "2022"
    named.parent.mkdir()
    named.symlink_to(newest["wia"])
    assert trial(named, tmp_path / "uit").registration.bron == "wia"


def test_a_file_of_another_form_is_not_in_order_and_says_why(tmp_path: Path, capsys: pytest.CaptureFixture):
    file = tmp_path / "brp.csv"
    file.write_text(brp_csv([{"bsn": 1}]).replace("geboortedatum", "geboren_op"))
    assert (
        cli.main(["toets", str(file), "--bron", "brp", "--gemeente", GEMEENTE, "--rapport", str(tmp_path / "uit")])
        == NOT_IN_ORDER
    )
    shown = capsys.readouterr().out
    assert "LEV-03" in shown
    assert (
        bsn(1)
        not in shown + (tmp_path / "uit" / "rapport.html").read_text() + (tmp_path / "uit" / "rapport.csv").read_text()
    )


def test_rows_that_break_a_rule_are_remarks_or_too_many(tmp_path: Path):
    rows = [{"bsn": n} for n in range(40)]
    good, bad = tmp_path / "goed.csv", tmp_path / "fout.csv"
    good.write_text(brp_csv([*rows, {"bsn": 41, "geslacht": "X"}]))
    bad.write_text(brp_csv([*rows[:10], *({"bsn": n, "geslacht": "X"} for n in range(50, 75))]))
    outcomes = [trial(file, tmp_path / "uit", gemeente="GM0988").outcome for file in (good, bad)]
    assert outcomes == [REMARKS, NOT_IN_ORDER]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["weg"], "Er is geen map of bestand"),
        (["."], "ligt geen bestand"),
        (["iets.txt"], "past bij geen van alle"),
        (["iets.txt", "--bron", bsn(3)], "Die registratie is er niet"),
    ],
)
def test_what_cannot_be_tried_is_told_with_what_to_do(
    arguments: list[str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
):
    place = tmp_path / "hier"
    place.mkdir()
    monkeypatch.chdir(place)
    if arguments[0] == "iets.txt":
        Path("iets.txt").write_text("geen levering")
    assert cli.main(["toets", *arguments]) == 64
    printed = capsys.readouterr().out
    assert message in printed
    assert bsn(3) not in printed


def test_the_wheel_tries_a_delivery_on_a_computer_with_little(newest: dict[str, Path], tmp_path: Path):
    loose, report = tmp_path / "los", tmp_path / "uit"
    zipfile.ZipFile(built(tmp_path)).extractall(loose)
    program = [
        "import sys",
        # The checkout itself is installed here in a way that may be edited: not that one.
        "sys.meta_path[:] = [one for one in sys.meta_path if 'editable' not in repr(one)]",
        f"sys.path.insert(0, {str(loose)!r})",
        f"sys.modules.update(dict.fromkeys({ABSENT + NOT_ON_WINDOWS!r}))",
        "from orchestration import cli",
        f"assert cli.__file__.startswith({str(loose)!r})",
        f"sys.exit(cli.main(['toets', {str(newest['vsv'])!r}, '--rapport', {str(report)!r}]))",
    ]
    done = ran(program, tmp_path)
    assert done.returncode in (IN_ORDER, REMARKS), done.stdout + done.stderr[-2000:]
    assert (report / "rapport.html").exists()
    done = ran([*program[:-1], "sys.exit(cli.main(['refresh']))"], tmp_path)
    assert (done.returncode, done.stdout.startswith("Hier is alleen `meerdoen toets` geïnstalleerd")) == (64, True)


def ran(program: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "\n".join(program)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)


def built(folder: Path) -> Path:
    """The wheel, built from a copy: the build leaves files beside its source."""
    source = folder / "bron"
    for name in ("orchestration", "assets", "validations", "dbt_project/seeds"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    build = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--no-index", "-q"]
    subprocess.run([*build, "-w", str(folder), str(source)], check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    assert wheel.stat().st_size < 1_500_000
    return wheel
