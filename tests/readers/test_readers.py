"""CSV, fixed width and XML: every sound form is read, the rest refused by rule, file and line; no value is told."""

from pathlib import Path

import pytest

from assets.readers import Fault, xml_messages
from assets.readers.fixed_width import read_fixed_width
from tests.making.desk import CANARY, Desk
from tests.making.town import BRP_HEADER, brp_csv, bsn, bus_line, w301, w305, w307
from validations.contracts.bus import CONTRACT as BUS
from validations.contracts.bus import LAYOUTS
from validations.language.delivery import RULES, DeliveryError

GOOD = brp_csv([{"bsn": 1}]).splitlines()[1]
SECRET = brp_csv([{"bsn": 2, "straatnaam": CANARY}]).splitlines()[1]
DOCTYPE = f'<!DOCTYPE x [<!ENTITY a "{CANARY}">]>'
EXTERNAL = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
LAUGHS = "<!DOCTYPE x [<!ENTITY a0 'ha'>" + "".join(
    f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10)
) + "]>"  # fmt: skip


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


# --- CSV ---


def text(*lines: str, end: str = "\n") -> str:
    return "".join(line + end for line in lines)


SWAPPED = [";".join(reversed(line.split(";"))) for line in (BRP_HEADER, GOOD)]


@pytest.mark.parametrize(
    "content",
    [
        text(BRP_HEADER, GOOD),
        text(BRP_HEADER, GOOD, end="\r\n"),
        f"{BRP_HEADER}\n{GOOD}",
        b"\xef\xbb\xbf" + text(BRP_HEADER, GOOD).encode(),
        text(*SWAPPED),
        text(BRP_HEADER, GOOD.replace("Dorpsstraat", '"Dorpsstraat"')),
        text('"' + BRP_HEADER.replace(";", '";"') + '"', '"' + GOOD.replace(";", '";"') + '"'),
        text(BRP_HEADER, GOOD.replace("Dorpsstraat", "  Dorpsstraat ")),
        text(BRP_HEADER, GOOD, "", "  ", end="\r\n"),
    ],
    ids=["plain", "crlf", "no end", "bom", "order", "quotes", "all quoted", "spaces", "blank lines"],
)
def test_every_sound_form_of_csv_gives_the_same_row(desk: Desk, content: str | bytes):
    frame = desk.read("brp", {"brp.csv": content}).frames["brp"]
    assert frame.rows(named=True) == [
        dict(zip(BRP_HEADER.split(";"), (part or None for part in GOOD.split(";")), strict=True))
        | {"bestand": "brp.csv", "regel": 2}
    ]


@pytest.mark.parametrize(
    ("street", "value"),
    [
        ("=1+1", "=1+1"),
        ('"Plein; zuid"', "Plein; zuid"),
        ('"Plein ""1944"""', 'Plein "1944"'),
        ("Plein\u2028Zuid\x85", "Plein\u2028Zuid"),
        ("NULL", "NULL"),
        ("1e5", "1e5"),
        ("", None),
        ('""', None),
    ],
)
def test_a_value_is_taken_as_text(desk: Desk, street: str, value: str | None):
    content = text(BRP_HEADER, GOOD.replace("Dorpsstraat", street), GOOD)
    frame = desk.read("brp", {"brp.csv": content}).frames["brp"]
    assert frame.select("straatnaam", "regel").rows() == [(value, 2), ("Dorpsstraat", 3)]


def test_a_line_number_counts_blank_lines_too(desk: Desk):
    frame = desk.read("brp", {"brp.csv": text(BRP_HEADER, GOOD, "", GOOD)}).frames["brp"]
    assert frame["regel"].to_list() == [2, 4]


def test_a_header_alone_has_no_rows(desk: Desk):
    assert desk.read("brp", {"brp.csv": BRP_HEADER}).frames["brp"].is_empty()


def test_files_of_one_delivery_are_read_in_order_of_name(desk: Desk):
    frame = desk.read("brp", {"b.csv": text(BRP_HEADER, SECRET), "a.csv": text(BRP_HEADER, GOOD)}).frames["brp"]
    assert frame["bestand"].to_list() == ["a.csv", "b.csv"]


@pytest.mark.parametrize(
    ("rule_id", "line", "content"),
    [
        ("LEV-01", None, ""),
        ("LEV-01", None, "\n \r\n"),
        ("LEV-02", 3, text(BRP_HEADER, GOOD).encode() + SECRET.replace("pie", "pië").encode("cp1252")),
        ("LEV-02", 1, text(BRP_HEADER, SECRET).encode("utf-16")),
        ("LEV-03", 1, text(*(line.rsplit(";", 1)[0] for line in (BRP_HEADER, SECRET)))),
        ("LEV-03", 1, text(BRP_HEADER + f";{CANARY}", SECRET + ";")),
        ("LEV-03", 1, text(BRP_HEADER.replace("bsn", CANARY), SECRET)),
        ("LEV-03", 1, text(BRP_HEADER + ";bsn", f"{SECRET};{bsn(2)}")),
        ("LEV-03", 1, text(BRP_HEADER, SECRET, end="\r")),
        ("LEV-03", 1, text(BRP_HEADER.replace(";", ","), SECRET.replace(";", ","))),
        ("LEV-04", 3, text(BRP_HEADER, GOOD, SECRET + ";", GOOD)),
        ("LEV-04", 4, text(BRP_HEADER, GOOD, "", SECRET.removesuffix(";"), GOOD)),
        ("LEV-04", 3, text(BRP_HEADER, GOOD, SECRET.replace(CANARY, f'"{CANARY}; 1";2'), GOOD)),
        ("LEV-05", 3, text(BRP_HEADER, GOOD, SECRET.replace(CANARY, f'"{CANARY}\nZuid"'), GOOD)),
        ("LEV-05", 2, text(BRP_HEADER, SECRET.replace(CANARY, f'"{CANARY}'), GOOD)),
        ("LEV-06", 3, text(BRP_HEADER, GOOD, SECRET.replace(CANARY, f"{CANARY}\x00"))),
        ("LEV-07", 3, text(BRP_HEADER, GOOD, SECRET.replace(CANARY, CANARY * 200_000), GOOD)),
    ],
    ids=lambda value: value if isinstance(value, str) and value in RULES else "",
)
def test_csv_that_cannot_be_read_is_refused(desk: Desk, rule_id: str, line: int | None, content: str | bytes):
    error = desk.refused("brp", {"brp.csv": content})
    assert (error.rule_id, error.file, error.line) == (rule_id, "brp.csv", line)
    place = f"brp.csv, regel {line}" if line else "brp.csv"
    assert str(error).startswith(f"{rule_id} ({place}): {RULES[rule_id].message}")
    assert str(error).endswith(RULES[rule_id].hint)


def test_a_missing_column_is_named(desk: Desk):
    assert "Ontbreekt: huisnummer." in str(desk.refused("brp", {"brp.csv": BRP_HEADER.replace("huisnummer", "nr")}))


def test_a_delivery_without_a_file_of_the_kind_is_refused(desk: Desk):
    assert desk.refused("brp", {f"{CANARY}.xlsx": "x"}).rule_id == "LEV-08"


def test_a_long_number_in_a_file_name_is_masked(desk: Desk):
    frame = desk.read("brp", {f"brp_{bsn(2)}_2021.csv": text(BRP_HEADER, GOOD)}).frames["brp"]
    assert frame["bestand"].to_list() == ["brp_*********_2021.csv"]
    assert desk.refused("brp", {f"brp_{bsn(2)}.csv": ""}).file == "brp_*********.csv"


# --- fixed width ---


@pytest.mark.parametrize(
    ("year", "absent"),
    [
        (2014, {"classificatie_bbz": "9", "betaalbaar_bedrag": "999999", "categoriaal": "9", "einddatum": "00000000"}),
        (2014, {"ontheffing": "9", "tegenprestatie": "9", "reden_beeindiging": "99"}),
        (2015, {"einddatum": "00000000", "classificatie_bbz": " ", "cluster": "", "reden_beeindiging": "  "}),
    ],
)
def test_a_fixed_width_record_is_cut_by_the_layout_of_its_year(desk: Desk, year: int, absent: dict[str, str]):
    filled = {"bsn": 3, "registratienummer": "A12", "huisvesting": "4", "soort_inkomsten": "98", "leefvorm": "2"}
    frame = desk.read("bus", {"bus.txt": bus_line(year, 3, filled | absent)}).frames["bus"]
    row = frame.rows(named=True)[0]
    assert {name: row[name] for name in filled} == filled | {"bsn": bsn(3)}
    assert [row[name] for name in absent] == [None] * len(absent)
    assert (row["statistiekjaar"], row["statistiekmaand"], row["aanvangsdatum"]) == (str(year), "03", f"{year}0301")


def test_a_code_that_meant_not_applicable_in_2013_is_a_value_in_2015(desk: Desk):
    frame = desk.read("bus", {"bus.txt": bus_line(2015, 3, {"bsn": 3, "reden_beeindiging": "99"})}).frames["bus"]
    assert frame["reden_beeindiging"].to_list() == ["99"]


def test_the_layouts_are_those_of_the_regulation():
    names = {year: [position.name for position in layout] for year, layout in LAYOUTS.items()}
    assert {year: len(found) for year, found in names.items()} == {"2013": 34, "2015": 34}
    items = {"statistiekcode": (8, 8), "cluster": (18, 17), "bsn": (20, 18), "aanvangsdatum": (24, 22)}
    for name, (in_2013, in_2015) in (items | {"einddatum": (25, 23), "reden_beeindiging": (34, 34)}).items():
        assert (names["2013"].index(name) + 1, names["2015"].index(name) + 1) == (in_2013, in_2015), name
    assert {field.name for field in BUS.fields} <= set(names["2013"]) | set(names["2015"])


def test_a_line_of_another_length_is_a_fault_and_the_others_are_read(desk: Desk):
    line = bus_line(2015, 1, {"bsn": 1})
    lines = [line, line[:-1], "", line + "x", line + "\r", "   ", line]
    result = desk.read("bus", {"bus.txt": "\n".join(lines)})
    assert result.frames["bus"]["regel"].to_list() == [1, 5, 7]
    assert result.faults == [Fault("bus.txt", 2, "LEV-22"), Fault("bus.txt", 4, "LEV-22")]


@pytest.mark.parametrize("start", [f"{CANARY} ", "²²²²"])
def test_fixed_width_without_a_year_is_refused(desk: Desk, start: str):
    error = desk.refused("bus", {"bus.txt": start + bus_line(2015, 1, {"bsn": 2})})
    assert (error.rule_id, error.file, error.line) == ("LEV-22", "bus.txt", 1)


# --- XML messages ---


def test_the_three_messages_are_read(desk: Desk):
    messages: dict[str, str | bytes] = {
        "a.xml": w301(1, 101, "2021-01-01", "2021-12-31", adres=("6001AA", 7)),
        "b.xml": w305(1, 101, "2021-01-04"),
        "c.xml": w307(1, None, "2021-01-04", "2021-02-01", ingang="2021-01-01"),
    }
    result = desk.read("wmo", messages)
    columns = ("bericht", "gemeentecode", "aanbieder", "toewijzingnummer", "ingangsdatum", "begindatum", "einddatum")
    assert result.frames["wmo"].select(columns).rows() == [
        ("301", "0988", "42420001", "101", "2021-01-01", None, "2021-12-31"),
        ("305", "0988", "42420001", "101", None, "2021-01-04", None),
        ("307", "0988", "42420001", None, "2021-01-01", "2021-01-04", "2021-02-01"),
    ]
    assert result.frames["wmo"].select("bsn", "postcode", "huisnummer", "bestand").row(0) == (
        bsn(1),
        "6001AA",
        "7",
        "a.xml",
    )
    assert result.faults == []


def test_two_products_in_one_message_are_two_rows_with_their_own_line(desk: Desk):
    one = w305(1, 101, "2021-01-04")
    product = one[one.index("<w:StartProduct>") : one.index("</w:StartProducten>")]
    two = one.replace(product, product + "\n" + product.replace("101", "102"))
    frame = desk.read("wmo", {"b.xml": two}).frames["wmo"]
    assert frame.select("toewijzingnummer", "bsn", "regel").rows() == [("101", bsn(1), 2), ("102", bsn(1), 3)]


def contact(kind: str, address: str) -> str:
    return f"<w:Contact><w:Soort>{kind}</w:Soort>{address}</w:Contact>"


def address(postcode: str) -> str:
    return f"<w:Adres><i:Huis><i:Huisnummer>1</i:Huisnummer></i:Huis><i:Postcode>{postcode}</i:Postcode></w:Adres>"


@pytest.mark.parametrize(
    ("contacts", "postcode"),
    [
        (contact("03", address("6003AA")) + contact("01", address("6001AA")), "6001AA"),
        (contact("01", address("6001AA")) + contact("03", address("6003AA")), "6001AA"),
        (contact("04", address("6002AA")) + contact("03", address("6003AA")), "6003AA"),
        (contact("01", "<w:Emailadres>a@b.nl</w:Emailadres>") + contact("03", address("6003AA")), "6003AA"),
        (contact("04", address("6002AA")), None),
    ],
)
def test_the_brp_address_goes_before_the_address_of_stay(desk: Desk, contacts: str, postcode: str | None):
    message = w301(1, 1, "2021-01-01", adres=("6009ZZ", 9))
    start, end = message.index("<w:Contact>"), message.index("</w:Contactgegevens>")
    frame = desk.read("wmo", {"a.xml": message[:start] + contacts + message[end:]}).frames["wmo"]
    assert frame["postcode"].to_list() == [postcode]


def test_names_relations_and_remarks_never_reach_the_frame(desk: Desk):
    relation = f"<w:Relaties><w:Relatie>{contact('01', address('6009ZZ'))}</w:Relatie></w:Relaties>"
    extra = f"<w:Naam><i:Voornamen>{CANARY}</i:Voornamen></w:Naam><w:Commentaar>{CANARY}</w:Commentaar>{relation}"
    message = w301(1, 1, "2021-01-01").replace("<w:ToegewezenProducten>", extra + "<w:ToegewezenProducten>")
    message = message.replace("</w:ToegewezenProduct>", f"<w:Commentaar>{CANARY}</w:Commentaar></w:ToegewezenProduct>")
    frame = desk.read("wmo", {"a.xml": message}).frames["wmo"]
    assert CANARY not in str(frame.rows())
    assert "6009ZZ" not in str(frame.rows())


def test_a_remark_of_xml_inside_a_value_does_not_cut_it(desk: Desk):
    message = w301(1, 1, "2021-01-01").replace(bsn(1), f"{bsn(1)[:4]}<!-- x -->{bsn(1)[4:]}")
    assert desk.read("wmo", {"a.xml": message}).frames["wmo"]["bsn"].to_list() == [bsn(1)]


SOUND = w305(1, 101, "2021-01-04")


@pytest.mark.parametrize(
    ("message", "fault"),
    [
        (SOUND[: len(SOUND) // 2], (2, "LEV-20")),
        (SOUND.replace("\n", "\n\n\n", 1).replace("</w:Client>", "</w:Klant>"), (4, "LEV-20")),
        ("", (1, "LEV-20")),
        (SOUND.replace("<w:StartProduct>", "<w:X>").replace("</w:StartProduct>", "</w:X>"), (2, "LEV-20")),
        (SOUND.replace("UTF-8", "FOO-8"), (1, "LEV-20")),
        (SOUND.replace("iwmo/3_2", "iwmo/3_1"), (2, "LEV-21")),
        (SOUND.replace("iwmo/3_2", "iwmo/2_0"), (2, "LEV-21")),
        (SOUND.replace("iwmo/3_2", "ijw/3_2"), (2, "LEV-21")),
        (SOUND.replace(">418<", ">999<"), (2, "LEV-21")),
        ("<Bericht/>", (1, "LEV-21")),
    ],
)
def test_a_message_that_is_broken_or_of_another_standard_is_a_fault_of_its_own(
    desk: Desk, message: str, fault: tuple[int, str]
):
    result = desk.read("wmo", {"a.xml": SOUND, "b.xml": message, "c.xml": SOUND})
    assert result.frames["wmo"]["bestand"].to_list() == ["a.xml", "c.xml"]
    assert result.faults == [Fault("b.xml", *fault)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
@pytest.mark.parametrize("doctype", [DOCTYPE, EXTERNAL, LAUGHS], ids=["internal", "external", "billion laughs"])
def test_a_doctype_is_refused_whatever_its_encoding(desk: Desk, doctype: str, encoding: str):
    entity = "&a9;" if doctype == LAUGHS else "&a;"
    message = SOUND.replace("?>\n", f"?>\n{doctype}").replace("UTF-8", encoding).replace(bsn(1), entity)
    error = desk.refused("wmo", {"a.xml": SOUND, "b.xml": message.encode(encoding)})
    assert (error.rule_id, error.file) == ("LEV-11", "b.xml")


def test_a_message_in_utf_16_is_read(desk: Desk):
    content = SOUND.replace("UTF-8", "UTF-16").encode("utf-16")
    assert desk.read("wmo", {"a.xml": content}).frames["wmo"]["bsn"].to_list() == [bsn(1)]


def test_a_fixed_width_file_that_breaks_off_in_its_last_line_is_refused():
    line = bus_line(2021, 1, {"bsn": 1})
    with pytest.raises(DeliveryError) as refused:
        read_fixed_width("bus.txt", f"{line}\n{line[:60]}".encode(), lambda _line: LAYOUTS["2015"])
    assert (refused.value.rule_id, refused.value.line) == ("LEV-18", 2)


def test_messages_that_become_a_frame_in_parts_are_all_there_and_in_order(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    files = {f"{number}.xml": w301(1, number, "2022-01-01") for number in range(1, 8)}
    monkeypatch.setattr(xml_messages, "PART", 2)
    numbers = desk.read("wmo", files).frames["wmo"].get_column("toewijzingnummer").to_list()
    assert numbers == [str(number) for number in range(1, 8)]
