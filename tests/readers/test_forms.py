"""Habits of those who make text files: read as meant where that is certain, else refused by place and cause."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from assets.readers import Fault, ReadResult
from assets.readers.forms import in_one_form
from tests.making.desk import CANARY, Desk
from tests.making.town import BRP_HEADER, brp_csv, bus_line, w301
from validations.contracts import brp, cjg
from validations.language.contract import Contract

CASES = Path(__file__).parents[3] / "shared" / "cases"
GOOD = brp_csv([{"bsn": 1}]).splitlines()[1]
SECRET = brp_csv([{"bsn": 2, "straatnaam": CANARY}]).splitlines()[1]
MESSAGE = w301(1, 1, "2021-01-04")
ROW = dict(zip(BRP_HEADER.split(";"), (part or None for part in GOOD.split(";")), strict=True))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def csv(*lines: str, end: str = "\n") -> str:
    return "".join(line + end for line in lines)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (csv("sep=;", BRP_HEADER, GOOD), 3),
        (csv('"sep=;"', BRP_HEADER, GOOD, end="\r\n"), 3),
        (csv("sep=,", BRP_HEADER.replace(";", ","), GOOD.replace(";", ",")), 3),
        (csv("sep=\t", BRP_HEADER.replace(";", "\t"), GOOD.replace(";", "\t")), 3),
        (csv("", ";;;;;;;;;;;", BRP_HEADER, GOOD), 4),
        (csv(BRP_HEADER.upper(), GOOD), 2),
        (csv(BRP_HEADER.replace(";", " ; "), GOOD), 2),
        (csv(BRP_HEADER + ";;;", GOOD + ";;;"), 2),
        (csv(BRP_HEADER, ";;;;;;;;;;;", GOOD, ";;;;;;;;;;;", " "), 3),
        (csv(BRP_HEADER, GOOD) + "\x1a", 2),
        (csv(BRP_HEADER, GOOD, end="\r\n") + "\x1a\x1a\r\n", 2),
        ("\ufeff\ufeff" + csv(BRP_HEADER, GOOD), 2),
    ],
    ids=[
        "sep",
        "sep quoted",
        "sep comma",
        "sep tab",
        "blank before header",
        "capitals",
        "blanks",
        "empty columns",
        "rows of separators",
        "ctrl-z",
        "ctrl-z twice",
        "two boms",
    ],
)
def test_a_habit_of_csv_is_read_as_meant(desk: Desk, content: str, line: int):
    result = desk.read("brp", {"brp.csv": content})
    assert result.frames["brp"].rows(named=True) == [ROW | {"bestand": "brp.csv", "regel": line}]
    assert result.faults == []


@pytest.mark.parametrize(
    ("street", "read"),
    [
        ('"De Markt" 12', '"De Markt" 12'),
        ('Plein "1944"', 'Plein "1944"'),
        ('Buis 5" lang', 'Buis 5" lang'),
        (' "De Markt" ', "De Markt"),
        ('"Plein; ""zuid"""', 'Plein; "zuid"'),
    ],
)
def test_quotes_in_a_field_are_read_as_written(desk: Desk, street: str, read: str):
    content = csv(BRP_HEADER, GOOD, GOOD.replace("Dorpsstraat", street), GOOD)
    result = desk.read("brp", {"brp.csv": content})
    assert result.frames["brp"].select("straatnaam", "regel").rows() == [
        ("Dorpsstraat", 2),
        (read, 3),
        ("Dorpsstraat", 4),
    ]
    assert result.faults == []


def test_a_line_with_two_readings_is_one_fault_with_its_line(desk: Desk):
    content = csv(BRP_HEADER, GOOD, SECRET.replace(CANARY, f'"{CANARY}; oost" 12'), GOOD)
    result = desk.read("brp", {"brp.csv": content})
    assert result.frames["brp"]["regel"].to_list() == [2, 4]
    assert result.faults == [Fault("brp.csv", 3, "LEV-05")]


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (BRP_HEADER.replace("huisnummer", "huis nummer"), "huis nummer gevonden, huisnummer verwacht"),
        (BRP_HEADER.replace("huisnummer", CANARY), "Ontbreekt: huisnummer."),
        (BRP_HEADER.replace(";", ","), "Het scheidingsteken is een komma; verwacht: een puntkomma."),
        (BRP_HEADER.replace(";", "\t"), "Het scheidingsteken is een tab; verwacht: een puntkomma."),
    ],
)
def test_a_wrong_header_is_told_by_what_was_found_and_expected(desk: Desk, header: str, message: str):
    error = desk.refused("brp", {"brp.csv": csv(header, SECRET)})
    assert (error.rule_id, error.line) == ("LEV-03", 1)
    assert message in str(error)


def test_a_column_without_a_name_may_not_hold_anything(desk: Desk):
    error = desk.refused("brp", {"brp.csv": csv(BRP_HEADER + ";;", f"{SECRET};;{CANARY}")})
    assert error.rule_id == "LEV-04"
    assert "zonder naam" in str(error)


def test_fixed_width_may_end_as_dos_does(desk: Desk):
    line = bus_line(2021, 6, {"bsn": 1})
    plain = desk.read("bus", {"BUS202106.txt": f"{line}\r\n"}).frames["bus"]
    for end in ("\x1a", "\r\n\x1a", "\r\n\x1a\r\n"):
        assert desk.read("bus", {"BUS202106.txt": line + end}).frames["bus"].equals(plain)


def dates(contract: Contract, column: str, *texts: str | None) -> list[str | None]:
    return in_one_form(pl.DataFrame({column: texts}, schema={column: pl.String}), contract)[column].to_list()


@pytest.mark.parametrize(
    ("texts", "read"),
    [
        (("2019-02-14", None, "1948-09-04"), ["20190214", None, "19480904"]),
        (("14-02-2019", "04-09-1948"), ["20190214", "19480904"]),
        (("2019-02-14 00:00:00", "1948-09-04T00:00"), ["20190214", "19480904"]),
        (("1948-09-00", "1950-00-00"), ["19480900", "19500000"]),
        # What is no date at all is for the contract to tell.
        (("14-02-2019", "onbekend"), ["20190214", "onbekend"]),
        # Two forms in one column: which is meant is not known.
        (("14-02-2019", "2019-03-01"), ["14-02-2019", "2019-03-01"]),
        (("14-02-2019", "20190301"), ["14-02-2019", "20190301"]),
        # A time of the day: 30 or 31 October?
        (("2022-10-30 23:59:32",), ["2022-10-30 23:59:32"]),
    ],
)
def test_dates_are_read_in_another_form_where_a_column_has_it_throughout(texts: tuple, read: list):
    assert dates(brp.CONTRACT, "geboortedatum", *texts) == read


def test_dates_of_numbers_are_read_where_the_contract_asks_dashes():
    assert dates(cjg.CONTRACT, "datum_contact", "20221106", "20221108") == ["2022-11-06", "2022-11-08"]


@pytest.mark.skipif(not CASES.exists(), reason="../shared is absent")
@pytest.mark.parametrize(
    ("bron", "file", "name"),
    [
        ("cjg", "V2_lege_kolommen.csv", "cjg.csv"),
        ("brp", "V8_quote_in_veld.csv", "brp.csv"),
        ("bus", "F1_bus_ctrlz.txt", "BUS202206.txt"),
    ],
)
def test_the_cases_are_read_whole(desk: Desk, bron: str, file: str, name: str):
    content = (CASES / file).read_bytes()
    result = desk.read(bron, {name: content})
    (frame,) = result.frames.values()
    lines = [line for line in content.replace(b"\x1a", b"").splitlines() if line.strip()]
    assert frame.height == len(lines) - (bron != "bus")
    assert result.faults == []
    if bron == "brp":
        assert '"De Markt" 12' in frame["straatnaam"].to_list()


def wmo(desk: Desk, *messages: str | bytes) -> ReadResult:
    return desk.read("wmo", {f"{number}.xml": message for number, message in enumerate(messages, 1)})


def test_blank_lines_above_a_message_are_a_habit(desk: Desk):
    plain = wmo(desk, MESSAGE).frames["wmo"]
    assert wmo(desk, "\n\r\n  " + MESSAGE).frames["wmo"].drop("regel").equals(plain.drop("regel"))


@pytest.mark.parametrize(
    ("change", "line", "reason"),
    [
        (lambda text: text[: len(text) // 2], None, "het breekt hier af"),
        (lambda text: text.replace("</w:Client>", "</w:Klant>"), None, "een element sluit niet"),
        (lambda text: text + "nog iets", None, "na het einde"),
        (lambda text: text.replace("<w:Bsn>", "<w:Bsn>& "), None, "een & of <"),
        (lambda _text: "\n\n\nplatte tekst", 4, "het begint niet met een element"),
    ],
)
def test_a_broken_message_says_where_and_why(desk: Desk, change: Callable[[str], str], line: int | None, reason: str):
    (fault,) = wmo(desk, change(MESSAGE)).faults
    assert fault.rule_id == "LEV-20"
    assert reason in (fault.place or "")
    assert line is None or fault.line == line


def test_what_is_in_an_unreadable_file_is_counted(desk: Desk):
    """Many messages in one file, as some archives have them: so many records are lost, not one."""
    many = "".join(MESSAGE.replace('<?xml version="1.0" encoding="UTF-8"?>', "") for _ in range(20))
    (fault,) = wmo(desk, many).faults
    assert fault.rows == 20


def zipped(*, method: int = zipfile.ZIP_DEFLATED, flag: int = 0) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        archive.writestr("301.xml", MESSAGE)
    content = bytearray(buffer.getvalue())
    for sign, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(sign) + place] |= flag
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (zipped()[:-30], "beschadigd"),
        (zipped(flag=1), "wachtwoord"),
        (zipped().replace(b"\x08\x00", b"\x63\x00"), "manier die de monitor niet kent"),
    ],
    ids=["damaged", "encrypted", "unsupported"],
)
def test_a_zip_says_why_it_cannot_be_read(desk: Desk, content: bytes, message: str):
    error = desk.refused("wmo", {"w.zip": content})
    assert error.rule_id == "LEV-09"
    assert message in str(error)


def test_a_line_of_another_length_tells_both_lengths(desk: Desk):
    line = bus_line(2021, 6, {"bsn": 1})
    (fault,) = desk.read("bus", {"BUS202106.txt": f"{line}\n{line} \n"}).faults
    assert fault.place == f"{len(line) + 1} tekens, verwacht {len(line)}"


def test_a_comma_after_the_last_record_names_that_record(desk: Desk):
    error = desk.refused("leerplicht", {"verzuim.json": "[{}, {},]"})
    assert (error.rule_id, error.line) == ("LEV-45", 2)
    assert "komma" in str(error)


def service(addresses: list[dict], identifiers: list[dict]) -> str:
    organization = {"id": "o", "name": "Org", "organization_identifiers": identifiers}
    places = [{"id": "l", "location": {"id": "p", "addresses": addresses}}]
    return json.dumps({"contents": [{"id": "d", "organization": organization, "service_at_locations": places}]})


POSTAL = {"address_1": "Postbus 950", "postal_code": "6000AZ", "address_type": "postal"}
PHYSICAL = {"address_1": "Leeuwerikwal 51", "postal_code": "6006AC", "address_type": "physical"}


@pytest.mark.parametrize(
    ("addresses", "postcode"),
    [([POSTAL, PHYSICAL], "6006AC"), ([PHYSICAL, POSTAL], "6006AC"), ([POSTAL], None), ([], None)],
)
def test_a_po_box_places_no_service(desk: Desk, addresses: list[dict], postcode: str | None):
    frame = desk.read("aanbod", {"services-0001.json": service(addresses, [])}).frames["aanbod"]
    assert frame["postcode"].to_list() == [postcode]


def test_what_hsds_does_not_require_may_be_absent(desk: Desk):
    result = desk.read("aanbod", {"services-0001.json": service([], [{"id": "a", "identifier": "12345678"}])})
    assert result.faults == []
    assert result.frames["aanbod"]["kvk"].to_list() == [None]
