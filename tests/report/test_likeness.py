"""'Lijkt dit op uw gemeente?': a delivery beside the last one and CBS, in good Dutch, with whom to ask."""

import json
from pathlib import Path

import pytest

from assets.intake.acceptance import agree_to
from assets.report.contacts import NOBODY, whom_to_ask
from tests.making.town import Town, bsn, w301, w305
from tests.report.test_owner_report import page

JANUARY, FEBRUARY = "2021-01-05", "2021-02-05"


def people(count: int, born: str = "19800101", **changes: object) -> list[dict]:
    return [{"bsn": number, "geboortedatum": born} | changes for number in range(count)]


@pytest.fixture
def compared(town: Town) -> str:
    """The report on 80 residents after 40, with areas and CBS there."""
    town.gebieden(2020)
    header = (
        "jaar,gm_code,code,naam,a_inw,a_00_14,a_15_24,a_25_44,a_45_64,a_65_oo,a_hh,a_soz_wb,a_soz_ao,a_soz_ow,a_wmo_t"
    )
    rows = ["2020,GM0988,GM0988,Weert,95,11,12,13,14,45,9,,,,", "2020,GM0988,WK098801,Wijk 01,55,,,,,,,,,,"]
    town.deliver("kerncijfers", "2021-01-02", {"k.csv": "\n".join([header, *rows])}, leverancier="NL")
    for bron in ("gebieden", "kerncijfers"):
        assert town.take_in(bron).state == "in_orde"
    wijk = {"postcode": "6001AA", "huisnummer": "1"}
    town.brp(people(40, **wijk), JANUARY)
    town.brp([*people(40, **wijk), *({"bsn": 40 + n, "geboortedatum": "20150101"} | wijk for n in range(40))], FEBRUARY)
    town.take_in("brp")
    (held,) = [record for record in town.take_in("brp").records if record.toestand != "aanvaard"]
    assert "meerdoen akkoord brp GM0988 2021-02-05" in page(town, "brp", FEBRUARY)
    agree_to(town.settings.kluis, held)
    town.take_in("brp")
    return page(town, "brp", FEBRUARY)


def test_residents_stand_beside_last_time_and_cbs(compared: str):
    assert "Levering van Weert (GM0988)" in compared
    assert "naast het CBS over 2020" in compared
    assert "Weert (GM0988) 80 40 +40 (+100,0%) Let op 95" in compared
    assert "0 tot 15 jaar 40 0 +40 Let op 11" in compared
    assert "25 tot 45 jaar 40 40 gelijk 13" in compared
    assert "Wijk 01 (WK098801) 80 40 +40 (+100,0%) Let op 55" in compared


def test_few_rows_are_no_reason_to_look(town: Town):
    town.brp(people(3, straatnaam="Dorp"), JANUARY)
    town.brp(people(3, straatnaam=""), FEBRUARY)
    town.take_in("brp")
    assert "Let op" not in page(town, "brp", FEBRUARY)


def test_empty_fields_are_told_by_kind_of_message(town: Town):
    sound = [w301(n, n, "2021-01-04") for n in range(40)] + [w305(n, n, "2021-01-04") for n in range(40)]
    town.wmo(sound, JANUARY)
    town.take_in("wmo")
    report = page(town, "wmo", JANUARY)
    assert "einddatum (bericht 301) 100%" not in report
    assert "begindatum (bericht 301)" not in report, "a 301 never has one"
    assert "Aantal naar categorie" in report


def test_one_row_is_one_row(town: Town):
    town.brp([*people(30), {"bsn": bsn(41), "geslacht": "X"}], JANUARY)
    town.take_in("brp")
    report = page(town, "brp", JANUARY)
    assert "1 rij (3%) telt niet mee, tot u haar herstelt" in report
    assert "1 rijen" not in report


def test_no_path_stands_in_a_report_and_somebody_to_ask_does(town: Town):
    contacts = {"algemeen": {"naam": "Team Monitor", "email": "monitor@voorbeeld.nl"}, "brp": {"naam": "Burgerzaken"}}
    town.settings.contacts_file.write_text(json.dumps(contacts))
    town.brp(people(3), JANUARY)
    town.deliver("wmo", JANUARY, {"a.csv": "x"})
    town.take_in("brp")
    town.take_in("wmo")
    assert "Neem contact op met Burgerzaken." in page(town, "brp", JANUARY)
    assert "Neem contact op met Team Monitor, monitor@voorbeeld.nl." in page(town, "wmo", JANUARY)
    for bron in ("brp", "wmo"):
        assert "docs/" not in page(town, bron, JANUARY)
        assert "BRON LEVERANCIER" not in page(town, bron, JANUARY)


@pytest.mark.parametrize("content", ["{", "[]", '{"algemeen": 5}', '{"algemeen": {"naam": 5}}'])
def test_a_damaged_file_of_contacts_stops_nothing(tmp_path: Path, content: str):
    file = tmp_path / "contacten.json"
    assert whom_to_ask(file, "brp") == NOBODY
    file.write_text(content)
    assert whom_to_ask(file, "brp").startswith(NOBODY)
    assert "niet te lezen" in whom_to_ask(file, "brp")
