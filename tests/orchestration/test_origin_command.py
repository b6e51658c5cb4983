"""`meerdoen herkomst`: from an edition to the files of a delivery, and from a file to the figures that rest on it."""

from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest

from orchestration import cli
from tests.making.nights import GEMEENTE, Nights, environment
from tests.making.town import Town

UNKNOWN = ("b" * 16, "0" * 64)
# What was typed may hold a number of somebody.
TYPED = ("999900006", "monitor_999900006 GM0946 2022-05", "monitor_wmo GM0946", "monitor_wmo GM0946 mei")


def test_an_identifier_of_the_edition_leads_to_its_files_and_back(
    first_night: Nights, capsys: pytest.CaptureFixture, tmp_path: Path
):
    origin = pl.read_parquet(first_night.latest / "monitor_herkomst.parquet")
    row = origin.filter(tabel="monitor_wwb", bron="bus").sort("peildatum").row(-1, named=True)
    assert first_night.run("herkomst", row["levering"]) == 0
    printed = capsys.readouterr().out.splitlines()
    bron, who, day = printed[0].split(",")[0].split()
    assert (bron, who, day[:7]) == ("bus", GEMEENTE, row["levermaand"])
    digest, name = printed[1].split()
    file = first_night.folder / "landing" / who / bron / day / name
    assert sha256(file.read_bytes()).hexdigest() == digest
    assert any(line.startswith(f"  monitor_wwb {GEMEENTE}: ") for line in printed)

    # The same from the file, from its sha256, and, among others, from the published month.
    elsewhere = tmp_path / "elders.txt"
    elsewhere.write_bytes(file.read_bytes())
    for given in (digest, str(elsewhere)):
        assert first_night.run("herkomst", given) == 0
        assert capsys.readouterr().out.splitlines() == printed
    assert first_night.run("herkomst", "monitor_wwb", GEMEENTE, str(row["peildatum"])) == 0
    month = capsys.readouterr().out
    assert all(line in month for line in printed[:2])
    assert f"brp {GEMEENTE}" in month


@pytest.mark.parametrize("given", [*UNKNOWN, *TYPED, "n" * 300])
def test_what_is_not_known_is_told_without_what_was_typed(town: Town, given: str, capsys: pytest.CaptureFixture):
    with environment(town.environment()):
        code = cli.main(["herkomst", *given.split()])
    printed = capsys.readouterr()
    assert (code, printed.out[:16]) in {(2, "Niets gevonden: "), (64, "Geef één kenmerk")}
    assert "999900006" not in printed.out + printed.err


def test_a_damaged_ledger_is_told_without_a_traceback(nights: Nights, capsys: pytest.CaptureFixture):
    (file,) = (nights.folder / "kluis" / "grootboek").glob("*.herkomst.parquet")
    file.write_bytes(b"PAR1")
    assert nights.run("herkomst", "monitor_wwb", GEMEENTE, "2022-05") == 2
    assert "Traceback" not in (printed := capsys.readouterr().out)
    assert printed.startswith("Mislukt (")
