"""Boundaries and years of national files: closed surfaces, whole answers, one year."""

import json
from pathlib import Path

import pytest

from assets.readers import Fault, ReadResult
from tests.making.desk import Desk
from tests.readers.test_cbs_files import address_table


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


# --- boundaries ---


RING = [[5.7, 51.25], [5.8, 51.25], [5.8, 51.3], [5.7, 51.25]]
SURFACE = {"type": "Polygon", "coordinates": [RING]}


def boundaries(*shapes: dict, about: dict | None = None, **properties: str) -> str:
    features = [
        {"type": "Feature", "properties": {"wijkcode": f"WK09880{n}"} | properties, "geometry": shape}
        for n, shape in enumerate(shapes, 1)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features} | (about or {}))


def read_map(desk: Desk, *contents: str) -> ReadResult:
    return desk.read("gebieden", address_table(2025) | {f"w{n}_2025.geojson": text for n, text in enumerate(contents)})


@pytest.mark.parametrize(
    "shape",
    [
        {"type": "LineString", "coordinates": RING},
        {"type": "Point", "coordinates": [5.7, 51.25]},
        {"type": "GeometryCollection", "geometries": [SURFACE]},
        {"type": "Polygon", "coordinates": [RING[:3]]},
        {"type": "Polygon", "coordinates": [[RING[0], RING[1], RING[0]]]},
        {"type": "Polygon", "coordinates": [[RING]]},
        {"type": "MultiPolygon", "coordinates": [[RING], [RING[:-1]]]},
    ],
)
def test_what_is_no_closed_surface_is_no_boundary(desk: Desk, shape: dict):
    result = read_map(desk, boundaries(SURFACE, shape))
    assert result.frames["kaart"]["code"].to_list() == ["WK098801"]
    assert [(fault.line, fault.rule_id, fault.place) for fault in result.faults] == [(2, "LEV-66", "WK098802")]


@pytest.mark.parametrize("water", [{"water": "JA"}, {"H2O": "JA"}, {"WATER": "ja"}])
def test_the_water_of_an_area_is_not_its_boundary(desk: Desk, water: dict[str, str]):
    """It has the code of the land, and may come first."""
    result = read_map(
        desk,
        boundaries(SURFACE, about=None, **water),
        boundaries({"type": "MultiPolygon", "coordinates": [[RING]]}, water="NEE"),
    )
    assert result.frames["kaart"].select("code", "bestand").rows() == [("WK098801", "w1_2025.geojson")]
    water_left = Fault("w0_2025.geojson", 1, "LEV-67")
    assert (result.faults, result.notices) == ([], [water_left])


@pytest.mark.parametrize(
    ("about", "message"),
    [
        ({"numberMatched": 3000, "numberReturned": 1}, "1 gebieden van 3000"),
        ({"numberMatched": 3, "numberReturned": 3}, "1 gebieden van 3"),
        ({"totalFeatures": 30}, "1 gebieden van 30"),
        ({"exceededTransferLimit": True}, "zijn grens"),
        ({"links": [{"rel": "self", "href": "a"}, {"rel": "next", "href": "b"}]}, "volgende pagina"),
    ],
)
def test_an_answer_that_tells_of_more_is_refused(desk: Desk, about: dict, message: str):
    error = desk.refused("gebieden", address_table(2025) | {"w_2025.geojson": boundaries(SURFACE, about=about)})
    assert error.rule_id == "LEV-65"
    assert message in error.detail


def test_all_pages_of_an_answer_are_read(desk: Desk):
    first = {"numberMatched": 2, "links": [{"rel": "next", "href": "b"}]}
    second = {"numberMatched": 2, "links": [{"rel": "self", "href": "b"}]}
    pages = [boundaries(SURFACE, about=first), boundaries(SURFACE, about=second)]
    assert read_map(desk, *pages).frames["kaart"].height == 2


# --- years of national files ---


KWB = "gwb_code_10;regio;a_inw\nGM0988;Weert;50107\n"


@pytest.mark.parametrize(
    ("name", "year"),
    [
        ("kwb-2015.csv", "2015"),
        ("kwb_2023_verzonden_2026-01-05.csv", "2023"),
        ("20260105_kwb-2023.csv", "2023"),
        ("Kerncijfers_wijken_en_buurten_2021_05012026_101112.csv", "2021"),
        ("Kerncijfers 2021 opgehaald 2026.csv", "2021"),
        ("kwb20260105.csv", None),
        ("05-01-2026 kwb.csv", None),
        ("85039NED_UntypedDataSet_05012026_101112.csv", None),
        ("kwb-2022-2023.csv", None),
        ("kwb 2023 (definitief 2025).csv", None),
    ],
)
def test_the_year_of_a_national_file_is_that_of_its_content(desk: Desk, name: str, year: str | None):
    if year is None:
        assert desk.refused("kerncijfers", {name: KWB}).rule_id == "LEV-03"
    else:
        assert desk.read("kerncijfers", {name: KWB}).frames["kerncijfers"]["jaar"].to_list() == [year]


def test_a_column_with_the_year_decides(desk: Desk):
    content = "gwb_code_10;regio;a_inw;jaar\nGM0988;Weert;50107;2022\n"
    frame = desk.read("kerncijfers", {"kwb-2022-2023.csv": content}).frames["kerncijfers"]
    assert frame["jaar"].to_list() == ["2022"]


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("pc6hnr20250801_gwb.csv", "PC6;Huisnummer;Buurt2024;Wijk2024;Gemeente2024"),
        ("pc6hnr_gwb.csv", "PC6;Huisnummer;Buurt2024;Wijk2025;Gemeente2025"),
    ],
)
def test_two_years_of_one_table_are_refused_with_both(desk: Desk, name: str, header: str):
    error = desk.refused("gebieden", {name: f"{header}\n6001AA;1;9880101;98801;988\n"})
    assert (error.rule_id, error.detail) == ("LEV-03", "Kolomkop en bestandsnaam noemen 2024 en 2025.")


def test_names_of_three_levels_in_one_table_are_all_read(desk: Desk):
    header = "Buurt2025;buurtnaam2025;Wijk2025;wijknaam2025;Gemeente2025;Gemeentenaam2025"
    rows = ["9880101;Vrakker;98801;Boshoven;988;Weert", "9880102;Centrum;98801;Boshoven;988;Weert"]
    names = desk.read("gebieden", address_table(2025) | {"namen.csv": "\n".join([header, *rows])}).frames["namen"]
    assert names.select("code", "naam").rows() == [
        ("BU09880101", "Vrakker"),
        ("BU09880102", "Centrum"),
        ("WK098801", "Boshoven"),
        ("GM0988", "Weert"),
    ]
