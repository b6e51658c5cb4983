"""The demo of any Dutch gemeente, made from a file of CBS kerncijfers that is given with it."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from assets.demo.make import DemoOptions, make_demo
from assets.registrations.declaration import registrations
from tests.making.town import Town

# As StatLine gives it; what CBS keeps secret or does not know is a dot.
HEADER = (
    "ID;WijkenEnBuurten;Gemeentenaam_1;SoortRegio_2;Codering_3;AantalInwoners_5;k_0Tot15Jaar_8;k_65JaarOfOuder_12;"
    "HuishoudensTotaal_29;PersonenPerSoortUitkeringBijstand_74;WmoClienten_105"
)
ROWS = (
    "1;GM0106    ;Assen     ;Gemeente  ;GM0106    ;    2400;     400;     500;    1100;     110;     170",
    "2;WK010601  ;Assen     ;Wijk      ;WK010601  ;    1500;     250;     300;     700;      80;     120",
    "3;BU01060101;Assen     ;Buurt     ;BU01060101;    1000;     150;     200;     500;       .;       .",
    "4;BU01060102;Assen     ;Buurt     ;BU01060102;     500;     100;     100;     200;       .;       .",
    "5;WK010602  ;Assen     ;Wijk      ;WK010602  ;     900;     150;     200;     400;      30;      50",
    "6;WK010603  ;Assen     ;Wijk      ;WK010603  ;       .;       .;       .;       .;       .;       .",
    "8;GM0109    ;Elders    ;Gemeente  ;GM0109    ;    2400;     400;     500;    1100;     110;     170",
    "9;WK010901  ;Elders    ;Wijk      ;WK010901  ;     300;      50;      60;     140;      10;      20",
    "7;GM0107    ;Elders    ;Gemeente  ;GM0107    ;    2400;     400;     500;    1100;     110;     170",
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "Kerncijfers_wijken_en_buurten_2023.csv"
    path.write_text("\n".join([HEADER, *ROWS]), encoding="utf-8")
    return path


def made(folder: Path, file: Path | None, *gemeenten: str) -> Town:
    town = Town(folder / "stad", gemeenten)
    options = DemoOptions(gemeenten=gemeenten, tot="2021-12", maanden=6, fouten_pct=0, kerncijfers=file)
    make_demo(town.settings, options, lambda _line: None)
    return town


def test_it_has_the_residents_and_clients_of_the_file_and_is_accepted(file: Path, tmp_path: Path):
    town = made(tmp_path, file, "GM0106")
    for bron in registrations():
        outcome = town.take_in(bron, str(town.settings.today()))
        assert outcome.state == ("niet_geleverd" if bron == "awbz" else "in_orde"), bron
    wijken: Counter[str] = Counter()
    brp = sorted((town.folder / "landing/GM0106/brp").glob("*/*.csv"))[-1]
    postcodes = {}
    for areas in (town.folder / "landing/NL/gebieden").glob("2021*/pc6hnr*.csv"):
        with areas.open(encoding="utf-8-sig") as opened:
            postcodes |= {row["PC6"]: row["Wijk2021"].zfill(6) for row in csv.DictReader(opened, delimiter=";")}
    with brp.open(encoding="utf-8-sig") as opened:
        for row in csv.DictReader(opened, delimiter=";"):
            if not (row["datum_einde_adres"] or row["datum_overlijden"]) and row["postcode"] in postcodes:
                wijken[postcodes[row["postcode"]]] += 1
    assert wijken["010601"] == pytest.approx(1500, rel=0.06)
    assert wijken["010602"] == pytest.approx(900, rel=0.06)


def test_a_wijk_without_buurten_is_one_buurt_and_no_path_is_told(file: Path, tmp_path: Path):
    town = made(tmp_path, file, "GM0106")
    names = next((town.folder / "landing/NL/gebieden").glob("2021*/brt2021.csv")).read_text()
    assert {line.split(";")[0].zfill(8) for line in names.split()[1:] if ";" in line} == {
        "01060101",
        "01060102",
        "01060200",
        "01060300",
    }
    assert str(tmp_path) not in (town.folder / "landing" / "demo.json").read_text()


@pytest.mark.parametrize(
    ("gemeente", "given", "message"),
    [
        ("GM0106", False, "Twee wegen: kies uit GM0047.* of geef met --kerncijfers een bestand van het CBS"),
        ("GM0988", True, "GM0988 staat niet als gemeente in het bestand"),
        ("GM0107", True, "van GM0107 staan er geen wijken in het bestand"),
        ("GM0109", True, "de wijken van GM0109 hebben samen niet de inwoners van de gemeente"),
    ],
)
def test_a_gemeente_without_figures_is_told_with_the_way_out(
    gemeente: str, given: bool, message: str, file: Path, tmp_path: Path
):
    with pytest.raises(ValueError, match=message):
        made(tmp_path, file if given else None, gemeente)
    assert not (tmp_path / "stad" / "landing").exists() or not list((tmp_path / "stad" / "landing").iterdir())


def test_a_file_that_is_none_of_kerncijfers_is_told(tmp_path: Path):
    (tmp_path / "iets.csv").write_text("a;b\n1;2\n")
    for name, message in (("iets.csv", "--kerncijfers: .*kolom"), ("weg.csv", "dat bestand is er niet")):
        with pytest.raises(ValueError, match=message):
            made(tmp_path, tmp_path / name, "GM0106")
