"""Files of CBS load as they are, of any year: kerncijfers of StatLine and kwb, area tables, boundaries."""

import io
import json
import zipfile
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from tests.making.desk import Desk
from tests.making.town import Town
from validations.contracts.gebieden import ADDRESSES
from validations.contracts.gebieden import NAMES as NAMES_OF_AREAS
from validations.contracts.kerncijfers import CONTRACT
from validations.contracts.wia import CONTRACT as WIA
from validations.language.judge import judge

CASES = Path(__file__).parents[3] / "shared" / "cases"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def figures(desk: Desk, name: str, content: str | bytes, *columns: str) -> list[tuple]:
    result = desk.read("kerncijfers", {name: content})
    assert result.faults == []
    good = judge(CONTRACT, result.frames["kerncijfers"].with_columns(leverancier=pl.lit("NL"))).good
    return good.select("jaar", "gemeentecode", "code", *columns).rows()


@pytest.mark.skipif(not CASES.exists(), reason="../shared is absent")
def test_the_case_of_statline_is_read(tmp_path: Path):
    town = Town(tmp_path, ("GM0034",))
    content = (CASES / "kerncijfers_statline.csv").read_bytes()
    town.deliver("kerncijfers", "2026-01-05", {"kerncijfers.csv": content}, leverancier="NL")
    outcome = town.take_in("kerncijfers")
    record = outcome.records[0]
    assert (outcome.state, record.rijen, record.uitval) == ("in_orde", content.count(b"\n") - 1, 0)
    frame = pl.read_parquet(tmp_path / "kluis" / record.tabellen["kerncijfers"])
    first = frame.filter(pl.col("code") == "GM0034").select("jaar", "a_inw", "a_65_oo", "a_hh", "a_wmo_t").row(0)
    assert first[:4] == (2025, 229574, 32510, 98394)


def statline(first: int, *rows: str) -> str:
    names = ("AantalInwoners", "k_65JaarOfOuder", "PersonenPerSoortUitkeringAO", "WmoClienten")
    numbered = [f"{name}_{number}" for number, name in enumerate(names, first)]
    header = ["ID", "WijkenEnBuurten", "Gemeentenaam_1", "SoortRegio_2", "Codering_3", *numbered]
    return "\ufeff" + "\r\n".join([";".join(f'"{cell}"' for cell in header), *rows, ""])


@pytest.mark.parametrize(("year", "first"), [(2015, 5), (2021, 5), (2022, 12), (2023, 80), (2024, 83)])
def test_statline_of_any_year_is_read(desk: Desk, year: int, first: int):
    content = statline(
        first,
        '0;"NL00      ";"Nederland";"Land      ";"NL00      ";  17475415;   3400000;    800000;   1300000',
        '1;"GM0988    ";"Weert     ";"Gemeente  ";"GM0988    ";     50107;         .;      1900;         x',
        '2;"WK098801  ";"Weert     ";"Wijk      ";"WK098801  ";      6460;         -;         0;     1230*',
    )
    rows = figures(desk, f"Kerncijfers_wijken_en_buurten_{year}_05012026_101112.csv", content, *FIGURES)
    assert rows == [
        (year, "GM0988", "GM0988", 50107, None, 1900, None),
        (year, "GM0988", "WK098801", 6460, None, 0, 1230),
    ]


FIGURES = ("a_inw", "a_65_oo", "a_soz_ao", "a_wmo_t")
KWB = [
    ["gwb_code_10", "gwb_code_8", "regio", "gm_naam", "recs", "gwb_code", "ind_wbi", *FIGURES],
    ["NL00", "0", "Nederland", "Nederland", "Land", "NL00", ".", 17475415, 3400000, 800000, 1300000],
    ["GM0988    ", "0988", "Weert", "Weert", "Gemeente", "GM0988", ".", 50107, ".", 1900, "."],
    ["WK098801  ", "098801", "Wijk 01 Boshoven", "Weert", "Wijk", "WK098801", "1", 6460, 1275, 0, "."],
]
RIGHT = [("GM0988", "GM0988", 50107, None, 1900, None), ("GM0988", "WK098801", 6460, 1275, 0, None)]


def workbook(rows: list[list]) -> bytes:
    book, buffer = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet.title = "KWB"
    for row in rows:
        sheet.append(row)
    book.create_sheet("Toelichting").append(["Bron: CBS"])
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("name", ["kwb-2020", "kwb_2022", "kwb2023", "2024_kwb"])
@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_the_kwb_file_of_any_year_is_read(desk: Desk, name: str, form: str):
    text = "\n".join(";".join(map(str, row)) for row in KWB)
    rows = figures(desk, f"{name}.{form}", workbook(KWB) if form == "xlsx" else text, *FIGURES)
    year = next(int(part) for part in name.replace("_", "-").replace("kwb", "-").split("-") if part)
    assert rows == [(year, *row) for row in RIGHT]


def test_names_of_areas_are_those_of_the_file(desk: Desk):
    frame = desk.read("kerncijfers", {"kwb-2023.xlsx": workbook(KWB)}).frames["kerncijfers"]
    assert frame["naam"].to_list() == ["Nederland", "Weert", "Wijk 01 Boshoven"]


def test_what_the_file_does_not_have_is_told_and_unknown(desk: Desk):
    result = desk.read("kerncijfers", {"kwb-2023.xlsx": workbook(KWB)})
    beside, absent = result.notices
    assert (absent.file, absent.rule_id) == ("kwb-2023.xlsx", "LEV-59")
    assert "a_soz_wb" in (absent.place or "")
    assert (beside.file, beside.rule_id) == ("kwb-2023.xlsx, blad Toelichting", "LEV-60")
    assert result.frames["kerncijfers"]["a_soz_wb"].null_count() == 3


def test_a_table_of_several_years_has_each_figure_once(desk: Desk):
    header = "ID;Peildatum;Codering_3;AantalInwoners_5;WmoClienten_95;WmoClienten_89"
    rows = ["1;1-1-2024;GM0988;50107;;1230", "2;1-1-2023;GM0988;50100;1200;", "3;1-1-2022;GM0988;50000;1;2"]
    result = desk.read("kerncijfers", {"k.csv": "\n".join([header, *rows])})
    frame = result.frames["kerncijfers"]
    assert frame.select("jaar", "a_wmo_t").rows() == [("2024", "1230"), ("2023", "1200")]
    assert [(fault.line, fault.rule_id) for fault in result.faults] == [(4, "LEV-63")]


@pytest.mark.parametrize("content", ["ID;Codering_3;Mannen_6\n1;GM0988;5\n", "naam;inwoners\nWeert;5\n"])
def test_what_is_no_file_of_kerncijfers_is_refused(desk: Desk, content: str):
    assert desk.refused("kerncijfers", {"k2023.csv": content}).rule_id == "LEV-03"


def test_a_file_without_a_year_is_refused(desk: Desk):
    error = desk.refused("kerncijfers", {"kwb.csv": "gwb_code_10;regio;a_inw\nGM0988;Weert;5\n"})
    assert "jaar" in error.detail


# --- areas ---


def areas(desk: Desk, files: dict[str, str | bytes]) -> tuple[list[tuple], list[tuple]]:
    frames = desk.read("gebieden", files).frames
    addresses, names = judge(ADDRESSES, frames["adressen"]).good, judge(NAMES_OF_AREAS, frames["namen"]).good
    return (
        addresses.select("indelingsjaar", "postcode", "buurtcode").rows(),
        sorted(names.select("indelingsjaar", "code", "naam").rows()),
    )


def address_table(year: int) -> dict[str, str | bytes]:
    return {f"pc6hnr{year}0801_gwb.csv": f"PC6;Huisnummer;Buurt{year};Wijk{year};Gemeente{year}\n{ADDRESS}\n"}


ADDRESS = "6001AA;1;9880101;98801;988"
# Headers of name tables as CBS wrote them (registrations.md 20a and 23).
SPELLINGS = [
    (2012, "buurtcode2012;buurtnaam2012", "wijkcode2012;wijknaam2012", "Gemcode2012;Gemeentenaam2012"),
    (2019, "buurtcode2019;buurtnaam_2019", "Wijkcode2019;Wijknaam_2019K_NAAM", "Gemcode2019;Gemeentenaam2019"),
    (2021, "buurtcode2021;buurtnaam2021", "wijkcode2021;wijknaam2021", "Gemcode2021;Gemeentenaam2021"),
    (2023, "Buurt2023;buurtnaam2023", "Wijk2023;wijknaam2023", "Gemeente2023;Gemeentenaam2023"),
    (2024, "Buurt2024;Buurtnaam2024", "Wijk2024;Wijknaam2024", "Gemeente2024;Gemeentenaam2024"),
    (2025, "BU_CODE;BU_NAAM", "WK_CODE;WK_NAAM", "GM_CODE;GM_NAAM"),
]


@pytest.mark.parametrize(("year", "buurt", "wijk", "gemeente"), SPELLINGS)
@pytest.mark.parametrize("called", ["{}{}.csv", "{}_{}.csv", "{}-naam-{}.csv", "{}{}.xlsx"])
def test_name_tables_of_any_year_and_spelling(desk: Desk, year: int, buurt: str, wijk: str, gemeente: str, called: str):
    tables = {"brt": (buurt, "9880101;Vrakker"), "wijk": (wijk, "98801;Boshoven"), "gem": (gemeente, "988;Weert")}
    files = address_table(year)
    for kind, (header, row) in tables.items():
        rows = [header.split(";"), row.split(";")]
        name = called.format(kind, year)
        numbers = [[int(cell) if cell.isdigit() else cell for cell in cells] for cells in rows]
        files[name] = workbook(numbers) if called.endswith("xlsx") else "\n".join(map(";".join, rows))
    addresses, names = areas(desk, files)
    assert addresses == [(year, "6001AA", "BU09880101")]
    assert names == [(year, "BU09880101", "Vrakker"), (year, "GM0988", "Weert"), (year, "WK098801", "Boshoven")]


@pytest.mark.skipif(not CASES.exists(), reason="../shared is absent")
def test_the_case_of_areas_is_read(desk: Desk):
    files = {path.name: path.read_bytes() for path in (CASES / "gebieden_2025").iterdir()}
    addresses, names = areas(desk, dict(files))
    assert addresses == [(2025, "6001AA", "BU09880101"), (2025, "6001AB", "BU09880102")]
    assert names == [
        (2025, "BU09880101", "Boshoven-Noord"),
        (2025, "BU09880102", "Boshoven-Zuid"),
        (2025, "GM0988", "Weert"),
        (2025, "WK098801", "Boshoven"),
    ]


# --- boundaries ---

# Amersfoort and a point in Zuid-Limburg, RD New and WGS84, of the Kadaster (test values of RDNAPTRANS).
KNOWN = [((155000.0, 463000.0), (5.387203657, 52.155172897)), ((182260.45, 311480.67), (5.773795548, 50.792584916))]


def shape_file(position: tuple | list | None, code: str = "wijkcode", crs: str | None = None) -> str:
    geometry = None if position is None else {"type": "Polygon", "coordinates": [[position] * 4] if position else []}
    collection = {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "properties": {code: "WK098801 "}, "geometry": geometry}],
    }
    if crs:
        collection["crs"] = {"type": "name", "properties": {"name": crs}}
    return json.dumps(collection)


@pytest.mark.parametrize("code", ["wijkcode", "WK_CODE", "statcode", "gwb_code_10", "gwb_code", "Wijkcode"])
def test_the_code_of_a_boundary_may_have_another_name(desk: Desk, code: str):
    files = address_table(2025) | {"wijken_2025.geojson": shape_file([5.7, 51.25], code)}
    assert desk.read("gebieden", files).frames["kaart"]["code"].to_list() == ["WK098801"]


@pytest.mark.parametrize(("rd", "wgs84"), KNOWN)
@pytest.mark.parametrize("crs", [None, "urn:ogc:def:crs:EPSG::28992", "EPSG:28992"])
def test_rd_new_is_converted(desk: Desk, rd: tuple, wgs84: tuple, crs: str | None):
    files = address_table(2025) | {"wijken_2025.geojson": shape_file(rd, crs=crs)}
    (text,) = desk.read("gebieden", files).frames["kaart"]["geometrie"]
    point = json.loads(text)["coordinates"][0][0]
    # A metre is 0.00001 degree of latitude; without the grid of the Kadaster it is right to some 25 cm.
    assert point == pytest.approx(wgs84, abs=4e-6)


@pytest.mark.parametrize(
    ("position", "crs", "message"),
    [
        ([51.25, 5.7], None, "assen omgewisseld passen zij op lengte, breedte"),
        ([463000.0, 155000.0], None, "assen omgewisseld passen zij op x, y"),
        ([634500.0, 6650000.0], None, "geen van beide"),
        ([634500.0, 6650000.0], "EPSG:3857", "geen van beide"),
        ([5.7, 51.25], "urn:ogc:def:crs:EPSG::28992", "noemt een ander"),
        ([155000.0, 463000.0], "urn:ogc:def:crs:OGC:1.3:CRS84", "noemt een ander"),
        ([], None, "geen coördinaten"),
    ],
)
def test_boundaries_with_two_readings_are_refused_with_both(desk: Desk, position: list, crs: str | None, message: str):
    error = desk.refused("gebieden", address_table(2025) | {"w_2025.geojson": shape_file(position, crs=crs)})
    assert (error.rule_id, error.file) == ("LEV-64", "w_2025.geojson")
    assert message in error.detail
    assert "WGS84" in str(error)
    assert "RD New" in str(error)


def test_boundaries_in_a_zip_are_read(desk: Desk):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("kaart/wijken_2025.geojson", shape_file([5.7, 51.25]))
    frame = desk.read("gebieden", address_table(2025) | {"kaart.zip": buffer.getvalue()}).frames["kaart"]
    assert frame.select("indelingsjaar", "code").rows() == [("2025", "WK098801")]


@pytest.mark.parametrize("sign", [".", "         .", "x", "X", "-", "*", ""])
def test_in_aggregates_a_sign_is_no_number(desk: Desk, sign: str):
    names = [field.name for field in WIA.fields if field.name != "gemeentecode"]
    row = ";".join({"regio_code": "GM0988", "aantal": sign}.get(name, "1") for name in names)
    result = desk.read("wia", {"wia.csv": ";".join(names) + "\n" + row + "\n"})
    assert result.frames["wia"]["aantal"].to_list() == [None]
