"""A message or object that says a thing twice, or an answer that is half there, is refused and named."""

import json
from pathlib import Path

import pytest

from tests.making.desk import Desk
from tests.making.supply import service
from tests.making.town import bsn, w301, w305
from tests.readers.test_cbs_files import address_table
from tests.readers.test_national_files import SURFACE, boundaries


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


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
