"""Workbooks that are refused, with a message that says what to do; and workbooks through the registration step."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from openpyxl import Workbook

from assets.readers.names import month_of, year_in
from assets.registrations.declaration import registrations
from tests.making.desk import CANARY, Desk
from tests.making.town import Town, bsn, period_of
from tests.making.workbooks import FIRST, HEADER, SECOND, fill, plain, rezipped, saved, sheet
from validations.language.delivery import DeliveryError


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def two_sheets() -> bytes:
    book = plain()
    book.create_sheet("legenda", 1)
    fill(book.create_sheet(CANARY), HEADER, FIRST)
    return saved(book)


def empty_book() -> bytes:
    return saved(Workbook())


def hidden_only() -> bytes:
    book = plain()
    book.create_sheet("leeg")
    book.worksheets[0].sheet_state = "hidden"
    return saved(book)


def renamed_csv() -> bytes:
    return f"{';'.join(HEADER)}\n{CANARY};{bsn(2)}\n".encode()


def halved() -> bytes:
    """A sound zip of parts that break off."""
    return rezipped(saved(plain()), lambda _part, text: text[: len(text) // 2])


def locked() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600


def bomb() -> bytes:
    def heavy(part: str, text: str) -> str:
        return text + " " * 30_000_000 if part == "xl/styles.xml" else text

    return saved(plain(), heavy)


def far_cell() -> bytes:
    """A few bytes that would take terabytes: the rectangle up to the last cell of a sheet."""

    def far(part: str, text: str) -> str:
        cell = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
        return text.replace("</sheetData>", cell) if part.startswith("xl/worksheets/") else text

    return saved(plain(), far)


def with_entity() -> bytes:
    def entity(part: str, text: str) -> str:
        return f'<!DOCTYPE x [<!ENTITY a "{CANARY}">]>{text}' if part == "xl/worksheets/sheet1.xml" else text

    return saved(plain(), entity)


def counted_from_1904() -> bytes:
    def mac(part: str, text: str) -> str:
        return text.replace("<workbookPr", '<workbookPr date1904="1"') if part == "xl/workbook.xml" else text

    return saved(plain(), mac)


@pytest.mark.parametrize(
    ("rule_id", "line", "words", "make"),
    [
        ("LEV-01", None, "", bytes),
        ("LEV-03", 1, "Ontbreekt: datum_einde.", lambda: saved(sheet([*HEADER[:4], CANARY, HEADER[5]], SECOND)[0])),
        ("LEV-03", 2, "Dubbel: bsn.", lambda: saved(sheet([CANARY], [*HEADER, "Burgerservicenummer"], FIRST)[0])),
        ("LEV-10", None, "", bomb),
        ("LEV-10", None, "te ver", far_cell),
        ("LEV-50", None, "wachtwoord", locked),
        ("LEV-50", None, "(.xls)", lambda: locked().replace("Package".encode("utf-16-le"), b"\0" * 14)),
        ("LEV-50", None, "geen werkmap", renamed_csv),
        ("LEV-50", None, "beschadigd", lambda: saved(plain())[:-900]),
        ("LEV-50", None, "beschadigd", halved),
        ("LEV-50", None, "DOCTYPE", with_entity),
        ("LEV-50", None, "1904", counted_from_1904),
        ("LEV-51", None, "", lambda: saved(sheet(["naam", "school"], [CANARY, "De Linde"])[0])),
        ("LEV-51", None, "", empty_book),
        ("LEV-51", None, "verborgen", hidden_only),
        ("LEV-52", None, "Blad 1 en 3.", two_sheets),
    ],
    ids=lambda value: "" if callable(value) else str(value),
)
def test_a_workbook_that_cannot_be_sure_is_refused(
    desk: Desk, rule_id: str, line: int | None, words: str, make: Callable[[], bytes]
):
    error = desk.refused("leerlingenvervoer", {"leerlingen.xlsx": make()})
    assert (error.rule_id, error.file, error.line) == (rule_id, "leerlingen.xlsx", line)
    assert words in error.detail


def test_another_kind_of_file_is_refused(desk: Desk):
    assert desk.refused("leerlingenvervoer", {"leerlingen.xls": "x"}).rule_id == "LEV-08"


# --- the registration step ---


def test_notices_reach_the_owner_and_cost_no_row(tmp_path: Path):
    """Hidden and total rows are told; nothing is refused, and the number of records is that of the pupils."""
    book, on = sheet(["titel"], HEADER, FIRST, SECOND, ["Totaal", 2])
    on.row_dimensions[3].hidden = True
    town = Town(tmp_path)
    town.deliver("leerlingenvervoer", "2021-10-05", {"leerlingen.xlsx": saved(book)}, promise={"records": 2})
    outcome = town.take_in("leerlingenvervoer")
    record = outcome.records[0]
    assert (outcome.state, record.rijen, record.uitval) == ("in_orde", 2, 0)
    assert record.per_regel == {"LEV-53": 1, "LEV-54": 1}
    assert period_of(record) == ["2021-08-01", "2022-07-31"]
    assert record.gemeenten == {"GM0988": 2}


def test_a_workbook_for_several_gemeenten_must_say_whose_each_row_is(tmp_path: Path):
    town = Town(tmp_path)
    town.deliver("leerlingenvervoer", "2021-10-05", {"lijst.xlsx": saved(plain())}, leverancier="WGR-Noord")
    assert [fault.regel_id for fault in town.take_in("leerlingenvervoer").records[0].fouten] == ["LEV-03"]
    rows = [[*HEADER, "gemeente"], [*FIRST, 988], [*SECOND, "GM0988"]]
    town.deliver("leerlingenvervoer", "2021-10-06", {"lijst.xlsx": saved(sheet(*rows)[0])}, leverancier="WGR-Noord")
    assert town.take_in("leerlingenvervoer").records[1].gemeenten == {"GM0988": 2}


POLICY = ["relatienr", "bsn", "pakket", "ingangsdatum", "einddatum", "rol"]
INSURED = [7001, bsn(1), "Compact", date(2019, 1, 1), None, "Hoofdverzekerde"]


@pytest.mark.parametrize(
    ("name", "rows", "year"),
    [
        ("polissen_2020.xlsx", [POLICY, INSURED], 2020),
        ("polissen.xlsx", [POLICY, INSURED], 2021),
        ("polissen_2021-01-15.xlsx", [POLICY, INSURED], 2021),
        ("polissen_2020.xlsx", [[*POLICY, "contractjaar"], [*INSURED, 2022]], 2022),
    ],
)
def test_the_year_of_a_contract(tmp_path: Path, name: str, rows: list[list], year: int):
    """Its own column, else the file name, else the day of the delivery."""
    town = Town(tmp_path)
    town.deliver("collectieve_zorgverzekering", "2021-01-20", {name: saved(sheet(*rows)[0])})
    outcome = town.take_in("collectieve_zorgverzekering")
    assert outcome.state == "in_orde"
    assert period_of(outcome.records[0]) == [f"{year}-01-01", f"{year}-12-31"]


def test_a_list_of_many_rows_of_one_year_is_judged(tmp_path: Path):
    """A rule over a column in which all years are the same, of the file name and of the delivery."""
    town = Town(tmp_path)
    rows = [[*INSURED[:1], bsn(n), *INSURED[2:5], "kind"] for n in range(2, 9)]
    town.deliver("collectieve_zorgverzekering", "2021-12-05", {"polissen_2021.xlsx": saved(sheet(POLICY, *rows)[0])})
    outcome = town.take_in("collectieve_zorgverzekering")
    assert (outcome.state, outcome.records[0].rijen) == ("in_orde", 7)


@pytest.mark.parametrize(
    ("name", "year"),
    [
        ("lijst 2021.xlsx", "2021"),
        ("20210115.xlsx", None),
        ("2021-01.xlsx", None),
        # The day or year of sending is not what it is about.
        ("15-01-2022 lijst 2021.xlsx", "2021"),
        ("15-01-2022 lijst.xlsx", None),
        ("lijst_2021_05012022_101112.xlsx", "2021"),
        ("lijst 2021, verzonden in 2022.xlsx", "2021"),
        ("lijst opgehaald 2022.xlsx", None),
        ("85039NED 1923.xlsx", None),
    ],
)
def test_the_year_in_a_file_name(name: str, year: str | None):
    assert year_in(name) == year


def test_two_years_in_the_name_of_a_list_are_refused_unless_its_rows_tell(desk: Desk):
    bron, name = "collectieve_zorgverzekering", "polissen 2020-2021.xlsx"
    assert "2020 en 2021" in desk.refused(bron, {name: saved(sheet(POLICY, INSURED)[0])}).detail
    content = saved(sheet([*POLICY, "contractjaar"], [*INSURED, 2021])[0])
    assert desk.read(bron, {name: content}).frames[bron]["polisjaar"].to_list() == ["2021"]


def test_two_years_in_a_file_name_are_refused_with_both():
    with pytest.raises(DeliveryError, match="2020 en 2021"):
        year_in("2020-2021.xlsx")


@pytest.mark.parametrize(
    ("names", "month"),
    [
        (["vve_202102.csv"], "2021-02"),
        (["vve-2021-02.csv", "pz_202102.csv"], "2021-02"),
        (["vve_202102_verzonden_2021-03-05.csv"], "2021-02"),
        (["vve 05-03-2021.csv"], None),
        (["vve_2021.csv"], None),
        (["vve_202113.csv"], None),
        (["vve_20210205.csv"], None),
    ],
)
def test_the_month_in_file_names(names: list[str], month: str | None):
    found = month_of(pl.DataFrame({"bestand": names}))
    assert (f"{found[0]:%Y-%m}" if found else None) == month


def test_two_months_in_file_names_are_refused_with_both_unless_the_period_was_promised():
    names = pl.DataFrame({"bestand": ["vve_202102.csv", "vve_202103.csv"]})
    with pytest.raises(DeliveryError, match="2021-02 en 2021-03"):
        month_of(names)
    promised = (date(2021, 1, 1), date(2021, 3, 31))
    assert registrations()["wet_oke"].period_of({"wet_oke": names}, promised) == promised
