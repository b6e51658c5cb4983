"""What has two readings, or is half of it, is refused with both told, and never read as one of them or as a whole."""

import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from assets.readers import Fault, ReadResult
from assets.readers.forms import in_one_form
from tests.making.desk import Desk
from tests.making.supply import service
from tests.making.town import Town, brp_csv, bsn, w301, w305
from tests.making.workbooks import FIRST, HEADER, SECOND, fill, plain, saved, sheet
from tests.readers.test_cbs_files import address_table
from tests.validations.contract_cases import CASES
from validations.contracts import brp, cjg, doorbraakprojecten
from validations.language.contract import DECIMAL
from validations.language.judge import NOTHING, judge


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


# --- dates and amounts ---


@pytest.mark.parametrize(
    ("texts", "read"),
    [
        (("11-06-2022", "11-07-2022"), ("2022-06-11", "2022-07-11")),
        # Month first, as it turns out: then the others are too.
        (("11-06-2022", "11-16-2022"), ("11-06-2022", "11-16-2022")),
        # One that cannot be, among many that say that the day is first, is a mistake of that row.
        (("11-06-2022", "11-16-2022", *["25-06-2022"] * 10), ("2022-06-11", "2022-16-11", *["2022-06-25"] * 10)),
        # Slashes are American as well as Dutch.
        (("11/06/2022", "25/06/2022"), ("11/06/2022", "25/06/2022")),
    ],
)
def test_days_are_read_day_first_only_where_the_column_says_so(texts: tuple, read: tuple):
    frame = pl.DataFrame({"datum_contact": texts})
    assert in_one_form(frame, cjg.CONTRACT)["datum_contact"].to_list() == [*read]


def begin(desk: Desk, *days: object) -> ReadResult:
    rows = [[f"LV-{n}", bsn(n), "2021/22", day, None, "eigen"] for n, day in enumerate(days, 1)]
    return desk.read("leerlingenvervoer", {"leerlingen.xlsx": saved(sheet(HEADER, *rows)[0])})


@pytest.mark.parametrize(
    ("days", "read"),
    [
        (("06/09/2021", "25/09/2021"), ["2021-09-06", "2021-09-25"]),
        (("06/09/2021", "1-9-2021"), ["2021-09-06", "2021-09-01"]),
        (("06/09/2021", "09/09/2021"), [None, "2021-09-09"]),
        (("9/6/2021", "9/16/2021"), [None, "2021-16-09"]),
        (("9-6-2021", "9-16-2021"), [None, "2021-16-09"]),
        # Excel in Dutch made a day of what it could, and left the rest of an American list as text.
        ((date(2021, 6, 9), "9/16/2021"), [None, "2021-16-09"]),
    ],
)
def test_a_typed_day_has_one_reading_or_is_a_fault(desk: Desk, days: tuple, read: list):
    result = begin(desk, *days)
    assert result.frames["leerlingenvervoer"]["datum_begin"].to_list() == [day for day in read if day]
    places = [f"Sheet!D{row}" for row, day in enumerate(read, 2) if not day]
    assert [(fault.rule_id, fault.place) for fault in result.faults] == [("LEV-62", place) for place in places]


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("1,250", None),
        ("€ 12,500", None),
        ("1.250", None),
        ("0,125", "0,125"),
        ("1250,125", "1250,125"),
        (1.255, "1,2550"),
    ],
)
def test_a_comma_before_three_digits_has_two_readings_too(desk: Desk, cell: object, amount: str | None):
    book = saved(sheet([*HEADER, "kosten_jaar"], [*FIRST, cell])[0])
    result = desk.read("leerlingenvervoer", {"leerlingen.xlsx": book})
    assert [fault.rule_id for fault in result.faults] == ([] if amount else ["LEV-62"])
    assert result.frames["leerlingenvervoer"]["kosten_jaar"].to_list() == ([amount] if amount else [])


@pytest.mark.parametrize(
    ("text", "sound"),
    [("1,250", False), ("1.250", False), ("-12,500", False), ("0,125", True), ("1250,125", True), ("1,25", True)],
)
def test_such_an_amount_is_refused_in_any_format(text: str, sound: bool):
    assert pl.Series([text]).str.contains(DECIMAL.pattern or "").item() == sound


# --- a word or sign for nothing ---


@pytest.mark.parametrize(
    "sign", ["NULL", "null", "(null)", r"\N", "n.v.t.", "nvt", "-", "--", ".", "?", "#N/B", "#REF!"]
)
def test_a_sign_for_nothing_is_no_value(sign: str, tmp_path: Path):
    """As a household it made one of all who have none."""
    town = Town(tmp_path)
    rows = [{"bsn": n, "huishouden_id": "H1"} for n in range(1, 30)] + [{"bsn": 30, "huishouden_id": sign}]
    town.deliver("brp", "2021-01-05", {"brp.csv": brp_csv(rows)})
    (record,) = town.take_in("brp").records
    assert (record.rijen, record.per_regel) == (29, {NOTHING: 1})
    found = pl.read_csv(tmp_path / "kluis/rapporten/brp/GM0988/2021-01-05/rapport.csv", separator=";")
    assert found.select("regel", "kolom").rows() == [(31, "huishouden_id")]


@pytest.mark.parametrize("sign", ["NULL", "onbekend", "000", "-"])
@pytest.mark.parametrize(("name", "column"), [("oggz", "code"), ("wet_oke", "kindnummer")])
def test_a_sign_for_nothing_is_no_person(name: str, column: str, sign: str):
    case = CASES[name]
    (row,) = [row for row in case.sound if row.get(column)][:1]
    found = case.judge([row | {column: sign, "bsn": None}]).uitval
    assert (NOTHING, column) in found.select("regel_id", "kolom").rows()


@pytest.mark.parametrize(("text", "sound"), [("1.250", False), ("12.500", False), ("0.125", True), ("1.25", True)])
def test_a_number_by_hand_in_yaml_has_one_reading(text: str, sound: bool):
    assert pl.Series([text]).str.contains(doorbraakprojecten.NUMBER.pattern or "").item() == sound


def test_a_cell_of_which_the_contract_tells_is_told_once():
    names = [field.name for field in brp.CONTRACT.fields]
    texts = dict.fromkeys(names, pl.String)
    row = dict(zip(names, brp_csv([{"bsn": 1}]).splitlines()[1].split(";"), strict=True))
    rows = [{name: value or None for name, value in row.items()} | {"datum_einde_adres": "NULL"}]
    frame = pl.DataFrame(rows, schema=texts)
    frame = frame.with_columns(
        bestand=pl.lit("brp.csv"), regel=2, leverdatum=date(2022, 1, 1), leverancier=pl.lit("GM0988")
    )
    assert judge(brp.CONTRACT, frame).uitval["regel_id"].to_list() == ["BRP-19"]


# --- messages ---


def start(change: tuple[str, str]) -> str:
    return w305(1, 101, "2021-01-04").replace(*change)


CLIENT = (
    "<w:Client>" + w305(1, 101, "2021-01-04").partition("<w:Client>")[2].partition("</w:Client>")[0] + "</w:Client>"
)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("</w:Begindatum>", "</w:Begindatum><w:Begindatum>2021-02-01</w:Begindatum>"), "Begindatum"),
        (("</w:Bsn>", f"</w:Bsn><w:Bsn>{bsn(2)}</w:Bsn>"), "Bsn"),
        (("</w:Client>", "</w:Client>" + CLIENT.replace(bsn(1), bsn(2))), "Client"),
        (("</w:Afzender>", "</w:Afzender><w:Afzender>0946</w:Afzender>"), "Afzender"),
        ((">101<", ">1<w:x/>01<"), "ToewijzingNummer bevat tekst en elementen"),
    ],
)
def test_what_a_message_says_twice_is_refused_and_named(desk: Desk, change: tuple[str, str], message: str):
    result = desk.read("wmo", {"a.xml": start(change), "b.xml": w301(1, 101, "2021-01-04")})
    (fault,) = result.faults
    assert (fault.file, fault.rule_id) == ("a.xml", "LEV-63")
    assert (fault.place or "").startswith(message)
    assert bsn(2) not in (fault.place or "")
    assert result.frames["wmo"]["bestand"].to_list() == ["b.xml"]


def test_what_a_message_says_twice_alike_is_one_value(desk: Desk):
    again = ("</w:Begindatum>", "</w:Begindatum><w:Begindatum>2021-01-04</w:Begindatum>")
    result = desk.read("wmo", {"a.xml": start(again)})
    assert (result.faults, result.frames["wmo"]["begindatum"].to_list()) == ([], ["2021-01-04"])


# --- half an answer ---


def hsds(*services: dict, **about: object) -> str:
    return json.dumps({**about, "contents": services})


ONE, OTHER = service("d1", ("6001AA", 1)), service("d2", ("6001AA", 2))


@pytest.mark.parametrize(
    ("pages", "message"),
    [
        ([hsds(ONE, total_items=300)], "1 objecten van 300"),
        ([hsds(ONE, total_pages=3, page_number=1)], "1 pagina's van 3"),
        ([hsds(ONE, page_number=1), hsds(OTHER, page_number=3)], "Een pagina ontbreekt"),
        ([hsds(ONE, total_items=2, page_number=1), hsds(ONE, total_items=2, page_number=1)], "Een pagina ontbreekt"),
        ([hsds(ONE, last_page=False)], "De laatste pagina ontbreekt"),
    ],
)
def test_pages_that_tell_of_more_are_refused(desk: Desk, pages: list[str], message: str):
    error = desk.refused("aanbod", {f"services-{n:04d}.json": page for n, page in enumerate(pages, 1)})
    assert error.rule_id == "LEV-65"
    assert message in error.detail


def test_all_pages_of_a_list_are_read(desk: Desk):
    pages = [hsds(one, total_items=2, total_pages=2, page_number=n) for n, one in enumerate((ONE, OTHER), 1)]
    empty = hsds(total_items=0, total_pages=0, page_number=1, last_page=True)
    files = {"services-0001.json": pages[0], "services-0002.json": pages[1], "locations-0001.json": empty}
    assert desk.read("aanbod", files).frames["aanbod"].height == 2


def test_a_location_with_two_visiting_addresses_has_two_readings(desk: Desk):
    addresses = [{"address_1": f"Plein {n}", "postal_code": "6001AA", "address_type": "physical"} for n in (1, 2)]
    places = [{"id": "l", "location": {"id": "p", "addresses": addresses}}]
    result = desk.read("aanbod", {"services-0001.json": hsds(ONE | {"service_at_locations": places})})
    assert [(fault.line, fault.rule_id) for fault in result.faults] == [(1, "LEV-63")]


def test_a_field_that_an_object_has_twice_is_refused(desk: Desk):
    twice = hsds(ONE).replace('"status": "active"', '"status": "active", "status": "inactive"')
    assert desk.refused("aanbod", {"services-0001.json": twice}).rule_id == "LEV-46"
    shapes = boundaries(SURFACE).replace('"wijkcode": "WK098801"', '"wijkcode": "WK098801", "wijkcode": "WK098802"')
    assert desk.refused("gebieden", address_table(2025) | {"w_2025.geojson": shapes}).rule_id == "LEV-46"


@pytest.mark.parametrize(
    ("text", "record"),
    [
        ('[{"a": "b"}, {"a": "c', 2),
        ('[{"a": "b"}, {"a":', 2),
        ('[{"a": "b"}, {"a": "c"', 2),
        ('[{"a": "b"}', 1),
        ('[{"a": "b"},', 2),
    ],
)
def test_a_list_that_is_cut_is_refused_and_says_so(desk: Desk, text: str, record: int):
    error = desk.refused("leerplicht", {"verzuim.json": text.replace('"a"', '"brin"')})
    assert (error.rule_id, error.line) == ("LEV-45", record)
    assert "breekt hier af" in error.detail


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


# --- sheets and totals ---


@pytest.mark.parametrize(
    ("rows", "state", "rule_id"),
    [
        ([["naam", "aantal"], ["eigen", 12]], "visible", "LEV-60"),
        ([["oud"], [bsn(3)]], "hidden", "LEV-60"),
        # Records without their heading, and mutations under two of the headings.
        ([["LV-2", bsn(3), "2021/22"]], "visible", "LEV-56"),
        ([["bsn", "einddatum", "opmerking"], [None, date(2022, 1, 1), "verhuisd"]], "visible", "LEV-56"),
    ],
)
def test_a_sheet_that_is_not_read_is_told(desk: Desk, rows: list[list], state: str, rule_id: str):
    book = plain()
    beside = book.create_sheet("Deel 2")
    beside.sheet_state = state
    fill(beside, *rows)
    result = desk.read("leerlingenvervoer", {"leerlingen.xlsx": saved(book)})
    assert result.frames["leerlingenvervoer"].height == 2
    assert result.notices == [Fault("leerlingen.xlsx, blad Deel 2", None, rule_id)]


def test_a_sheet_that_may_hold_records_holds_a_stock(tmp_path: Path):
    town, book = Town(tmp_path), plain()
    fill(book.create_sheet("Deel 2"), ["LV-2", bsn(3), "2021/22"])
    town.deliver("leerlingenvervoer", "2021-10-05", {"leerlingen.xlsx": saved(book)})
    (record,) = town.take_in("leerlingenvervoer").records
    assert (record.toestand, record.fouten[0].regel_id) == ("vastgehouden", "LEV-56")
    page = (tmp_path / "kluis/rapporten/leerlingenvervoer/GM0988/2021-10-05/rapport.html").read_text(encoding="utf-8")
    assert "Nee: een blad is niet gelezen." in page
    assert "leerlingen.xlsx, blad Deel 2" in page
    # The command is filled in wherever it stands, and what is to be done is told once.
    assert "BRON LEVERANCIER" not in page
    assert page.count("akkoord leerlingenvervoer GM0988 2021-10-05") == 3


def test_a_total_that_names_a_person_has_two_readings(desk: Desk):
    book = saved(sheet(HEADER, FIRST, ["Totaal", *SECOND[1:]], ["Eindtotaal", 2])[0])
    result = desk.read("leerlingenvervoer", {"leerlingen.xlsx": book})
    assert result.frames["leerlingenvervoer"]["beschikkingnr"].to_list() == ["LV-1"]
    assert result.faults == [Fault("leerlingen.xlsx", 3, "LEV-69")]
    assert result.notices == [Fault("leerlingen.xlsx", 4, "LEV-54")]


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ([*HEADER[:4], "datum eind", "vervoersoort"], "datum eind gevonden, datum_einde verwacht"),
        ([*HEADER[:4], "tot", "vervoersoort"], "Ontbreekt: datum_einde."),
    ],
)
def test_a_renamed_column_of_a_workbook_is_named(desk: Desk, header: list, message: str):
    error = desk.refused("leerlingenvervoer", {"leerlingen.xlsx": saved(sheet(header, FIRST)[0])})
    assert error.rule_id == "LEV-03"
    assert message in error.detail


def test_a_renamed_column_that_may_be_absent_is_told(desk: Desk):
    book = saved(sheet([*HEADER, "kosten_jaar_eur", "naam"], [*FIRST, 950, "x"])[0])
    result = desk.read("leerlingenvervoer", {"leerlingen.xlsx": book})
    assert [(notice.rule_id, notice.place) for notice in result.notices] == [
        ("LEV-59", "kosten_jaar_eur gevonden, kosten_jaar verwacht")
    ]
