"""Names from outside: which may be of a leverancier, what its owner sees of a name, and what anybody else."""

import time

import polars as pl
import pytest

from assets.ground.names import folder_of, is_leverancier, is_own_folder, masked, outline, place_of
from assets.ground.spreadsheet import spreadsheet_csv
from assets.ground.sql import sql_name, sql_text
from assets.privacy.rights import is_bsn
from assets.protection.public import names_masked
from tests.making.hostile import HOSTILE, NUMBER, tells_a_number
from validations.language.texts import FORMULA, mask_person_numbers, passes_elfproef


@pytest.mark.parametrize(
    "name", ["GM0988", "NL", "RMC 's-Hertogenbosch", "St. Anna", "Fryslân-Noord", "Égalité", "A", "n" * 60]
)
def test_a_leverancier_is_a_code_or_a_name_of_letters(name: str):
    assert is_leverancier(name)
    assert is_own_folder(folder_of(name))
    assert folder_of(name) == name or not set(folder_of(name)) - set("L0123456789abcdef")


@pytest.mark.parametrize(
    "name",
    [
        *HOSTILE.values(),
        "",
        " ",
        "'",
        "GM098",
        "GM09881",
        "GM\u0660988",
        "gm0988",
        "GMabcd",
        "GM",
        "WGR 1",
        "n" * 61,
        "x.",
        " x",
        "x ",
        "-x",
        ".x",
        "RMC Noord\n",
        "RMC\u00a0Noord",
        "Cafe\u0301",
        "\u041cosk",
        "RMC_Noord",
        "a/b",
        "\udce9",
    ],
)
def test_anything_else_is_not(name: str):
    assert not is_leverancier(name)


def test_each_leverancier_has_a_folder_of_its_own():
    names = ["RMC Noord", "RMC noord", "RMC Noord-", "GM0988", "NL"]
    assert len({folder_of(name) for name in names}) == len(names)
    assert place_of("RMC 's-Hertogenbosch/2022-10-17") == folder_of("RMC 's-Hertogenbosch") + "/2022-10-17"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (f"brief_{NUMBER}.csv", "brief_*********.csv"),
        (f"{NUMBER[:4]}.{NUMBER[4:6]}.{NUMBER[6:]}.csv", "****.**.***.csv"),
        ("10000008.csv", "********.csv"),
        ("010000008.csv", "*********.csv"),
        (f"2022 {NUMBER}", "2022 *********"),
        ("\u0669\u0669\u0669\u0669\u0660\u0660\u0660\u0660\u0666", "*********"),
        # What is not seen parts no number, and each script has its own dots, dashes and digits.
        (f"{NUMBER[:3]}\t{NUMBER[3:6]}\n{NUMBER[6:]}", "***?***?***"),
        (f"{NUMBER[:3]}\u200b{NUMBER[3:6]}\u00ad{NUMBER[6:]}", "***?***?***"),
        (f"{NUMBER[:3]}\uff0e{NUMBER[3:6]}\uff0d{NUMBER[6:]}", "***\uff0e***\uff0d***"),
        (NUMBER.translate({48 + digit: "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit] for digit in range(10)}), "*********"),
        # Not a number that can be a BSN: the owner must find the file.
        ("brp_20210205.csv", "brp_20210205.csv"),
        ("999900007.csv", "999900007.csv"),
        (f"0{NUMBER}.csv", f"0{NUMBER}.csv"),
        ("20221017123456.zip", "20221017123456.zip"),
        ("000000000", "000000000"),
        ("naam\u202e\n.csv", "naam??.csv"),
    ],
)
def test_in_a_report_only_what_can_be_a_bsn_is_masked(name: str, message: str):
    assert masked(name) == masked(message) == message


def test_a_long_name_costs_no_more_than_its_length():
    began = time.process_time()
    assert masked("1." * 200_000) == "1." * 200_000
    assert time.process_time() - began < 60


@pytest.mark.parametrize("name", [*HOSTILE.values(), f"{NUMBER[:3]}_{NUMBER[3:6]}_{NUMBER[6:]}", "123456782"])
def test_elsewhere_of_a_strange_name_only_harmless_marks_are_shown(name: str):
    shown = outline(name)
    assert 0 < len(shown) <= 43
    assert not set(shown) & set('<>&"`;$|=+@{}[]()/\\%#\n\r\t,:')
    assert shown.isprintable()
    assert shown[0] not in "=+-@'. "
    assert not tells_a_number(shown)


def test_the_elfproef_stands_once():
    assert passes_elfproef(NUMBER)
    assert is_bsn(NUMBER)
    assert not any(
        map(
            passes_elfproef,
            ["", "000000000", "123456789", f"0{NUMBER}", "\u0669\u0669\u0669\u0669\u0660\u0660\u0660\u0660\u0666"],
        )
    )
    assert mask_person_numbers("niets") == "niets"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d"])
def test_no_text_in_a_csv_is_a_formula(start: str):
    text = spreadsheet_csv(pl.DataFrame({"naam": [f"{start}1", "Dorp", None], "getal": [-1, 2, None]})).decode(
        "utf-8-sig"
    )
    assert f"'{start}1" in text
    assert "-1" in text.replace(f"'{start}1", "")
    assert "\nDorp;2" in text
    assert pl.Series([f"{start}1"]).str.contains(FORMULA).all()


def test_what_cannot_be_bound_is_quoted():
    assert sql_text("O'Brien") == "'O''Brien'"
    assert sql_name("mart", 'x"y') == '"mart"."x""y"'


@pytest.mark.parametrize("name", HOSTILE.values())
def test_a_published_name_of_an_area_holds_no_number_and_no_hidden_mark(name: str):
    areas = pl.DataFrame({"gebiedsnaam": [name, "Dorpsstraat t/m Plein 1940-1945", None]})
    shown = names_masked(areas).get_column("gebiedsnaam").to_list()
    assert shown == [masked(name), "Dorpsstraat t/m Plein 1940-1945", None]
    assert not tells_a_number(shown[0])
    assert shown[0].replace(" ", "").isprintable()
