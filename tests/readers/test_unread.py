"""Every file and member of a delivery is read, or told as not read, or is noise; so are other messages."""

import io
import zipfile
from pathlib import Path

import pytest

from assets.intake.acceptance import agree_to
from assets.readers import SourceFile
from assets.registrations.declaration import registrations
from assets.registrations.schuldhulpverlening import REGELING, TABLES
from tests.making.desk import Desk
from tests.making.town import Town, brp_csv, bsn, w301, w305
from validations.language.delivery import DeliveryError

MESSAGES: dict[str, str | bytes] = {"a.xml": w301(1, 101, "2021-01-04"), "b.xml": w305(1, 101, "2021-01-04")}

REPLY = w305(1, 101, "2021-01-04")


def zipped(files: dict[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def left(folder: Path, bron: str, files: dict[str, str | bytes]) -> list[tuple[str, str]]:
    sources = []
    for name, content in files.items():
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
        sources.append(SourceFile(name, folder / name))
    return [(notice.file, notice.rule_id) for notice in registrations()[bron].read_whole(sources).notices]


NOISE = ("__MACOSX/._a.xml", "__MACOSX/map/._.DS_Store", "._a.xml", ".DS_Store", "Thumbs.db", "desktop.ini")


@pytest.mark.parametrize("inside", [True, False])
def test_noise_of_systems_is_neither_read_nor_told(tmp_path: Path, inside: bool):
    noise: dict[str, str | bytes] = dict.fromkeys(NOISE, b"\x00\x05\x16\x07")
    if inside:
        assert left(tmp_path, "wmo", {"w.zip": zipped(MESSAGES | noise)}) == []
    else:
        loose = {name: content for name, content in noise.items() if "/" not in name}
        assert left(tmp_path, "wmo", MESSAGES | loose | {"~$b.xml": "x"}) == []


@pytest.mark.parametrize(
    ("name", "rule_id"),
    [
        ("rest.7z", "LEV-56"),
        ("rest.xlsx", "LEV-56"),
        ("rest.csv", "LEV-56"),
        ("rest.xml.gz", "LEV-56"),
        ("rest", "LEV-56"),
        ("leesmij.txt", "LEV-57"),
        ("README", "LEV-57"),
        ("brief.pdf", "LEV-57"),
    ],
)
@pytest.mark.parametrize("inside", [True, False])
def test_what_no_reader_asks_for_is_told(tmp_path: Path, name: str, rule_id: str, inside: bool):
    if inside:
        assert left(tmp_path, "wmo", {"w.zip": zipped(MESSAGES | {name: "x"})}) == [(f"w.zip/{name}", rule_id)]
    else:
        assert left(tmp_path, "wmo", MESSAGES | {name: "x"}) == [(name, rule_id)]


def test_a_name_with_a_number_of_a_person_is_masked(tmp_path: Path):
    ((file, _),) = left(tmp_path, "wmo", MESSAGES | {f"{bsn(3)}.dat": "x"})
    assert bsn(3) not in file


def test_an_explanation_beside_records_is_not_read_as_records(tmp_path: Path):
    """`.txt` is the form of the records too."""
    faults = left(tmp_path, "jeugdzorg", {"jw.xml": jw(), "leesmij.txt": "Dit zijn de berichten."})
    assert faults == [("leesmij.txt", "LEV-57")]


REPORT = b"\xef\xbb\xbfbestand;regel;regel_id;kolom;wat_er_mis_is;kenmerk\r\nbrp.csv;3;BRP-05;geboortedatum;x;\r\n"


@pytest.mark.parametrize("inside", [True, False])
@pytest.mark.parametrize("bron", ["brp", "wmo"])
def test_our_own_report_is_no_delivery_and_is_told(tmp_path: Path, desk_of: Desk, bron: str, inside: bool):
    data: dict[str, str | bytes] = MESSAGES if bron == "wmo" else {"brp.csv": brp_csv([{"bsn": 1}])}
    files: dict[str, str | bytes]
    files = {"w.zip": zipped(data | {"rapport (1).csv": REPORT})} if inside else data | {"rapport (1).csv": REPORT}
    assert left(tmp_path, bron, files) == [("w.zip/rapport (1).csv" if inside else "rapport (1).csv", "LEV-57")]
    assert desk_of.refused("brp", {"rapport.csv": REPORT}).rule_id == "LEV-08"


def test_records_that_are_called_an_explanation_are_read(desk_of: Desk):
    """What is left out by its name alone would make the persons in it disappear."""
    files = {"brp.csv": brp_csv([{"bsn": 1}]), "toelichting nieuwe inwoners.csv": brp_csv([{"bsn": 2}])}
    assert desk_of.read("brp", files).frames["brp"].height == 2


def jw() -> str:
    return w305(1, 101, "2021-01-04").replace("iwmo/3_2", "ijw/3_2").replace("wmo", "jw").replace(">418<", ">438<")


def test_a_stock_with_an_unread_file_waits_for_agreement_and_messages_do_not(town: Town):
    town.deliver("brp", "2021-01-05", {"brp.csv": brp_csv([{"bsn": 1}, {"bsn": 2}]), "brp_deel2.csv.gz": "x"})
    outcome = town.take_in("brp")
    (record,) = outcome.records
    assert (record.toestand, record.fouten[0].regel_id) == ("vastgehouden", "LEV-56")
    assert record.fouten[0].bestand == "brp_deel2.csv.gz"
    agree_to(town.settings.kluis, record)
    assert town.take_in("brp").records[0].toestand == "aanvaard"
    town.deliver("wmo", "2021-01-05", MESSAGES | {"rest.7z": "x"})
    (record,) = town.take_in("wmo").records
    assert (record.toestand, record.uitval, record.per_regel) == ("aanvaard", 0, {"LEV-56": 1})
    report = town.folder / "kluis/rapporten/wmo/GM0988/2021-01-05/rapport.html"
    page = report.read_text(encoding="utf-8")
    assert "Nee: een bestand is niet gelezen." in page
    assert "Ja: alle bestanden" not in page


@pytest.mark.parametrize(
    ("kind", "code"),
    [("302", "415"), ("306", "419"), ("308", "421"), ("315", "444"), ("323", "484"), ("325", "485"), ("317", "480")],
)
def test_other_messages_of_the_standard_are_told_and_left_out(town: Town, kind: str, code: str):
    other = REPLY.replace("wmo305", f"wmo{kind}").replace(">418<", f">{code}<")
    town.deliver("wmo", "2021-01-05", MESSAGES | {f"r{n}.xml": other for n in range(12)})
    (record,) = town.take_in("wmo").records
    assert (record.toestand, record.rijen, record.uitval) == ("aanvaard", 2, 0)
    assert record.per_regel == {"LEV-58": 12}


def test_a_delivery_of_other_messages_alone_is_sound(town: Town):
    town.deliver("wmo", "2021-01-05", {"r.xml": REPLY.replace("wmo305", "wmo306").replace(">418<", ">419<")})
    (record,) = town.take_in("wmo").records
    assert (record.toestand, record.rijen) == ("aanvaard", 0)


def test_a_message_of_another_version_or_code_is_still_uitval(desk_of: Desk):
    for change in (("iwmo/3_2", "iwmo/2_0"), (">418<", ">999<")):
        result = desk_of.read("wmo", {"a.xml": REPLY.replace(*change)})
        assert [fault.rule_id for fault in result.faults] == ["LEV-21"]


@pytest.fixture
def desk_of(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_a_zip_with_nothing_but_noise_holds_no_delivery(desk_of: Desk):
    with pytest.raises(DeliveryError) as caught:
        desk_of.read("wmo", {"w.zip": zipped(dict.fromkeys(NOISE, "x"))})
    assert caught.value.rule_id == "LEV-08"


def test_a_table_that_is_none_of_the_case_system_is_told_and_one_that_comes_twice_is_refused(desk_of: Desk):
    tables: dict[str, str | bytes] = {f"{name}.csv": ";".join(columns) + "\n" for name, columns in TABLES.items()}
    result = desk_of.read(REGELING, tables | {"schulden.csv": "a;b\n"})
    assert [(notice.file, notice.rule_id) for notice in result.notices] == [("schulden.csv", "LEV-56")]
    error = desk_of.refused(REGELING, tables | {"w.zip": zipped({"client.csv": tables["client.csv"]})})
    assert error.rule_id == "LEV-08"
