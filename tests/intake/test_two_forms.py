"""Wsw and jeugdzorg at the door: whose rows, what is never stored, one form a delivery, replacement, broken files."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.intake.test_intake import everything_in, faults, good_rows
from tests.making.desk import CANARY, Desk
from tests.making.town import Town, bij_line, bsn, period_of, w301, w307, wsw_line

NEDERWEERT = "GM0946"
JEUGD: dict[str, Any] = {"standaard": "ijw", "categorie": "45", "code": "45A01"}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def lines(*records: str) -> str:
    return "".join(f"{record}\n" for record in records)


# --- Wsw ---


def test_a_body_delivers_for_its_gemeenten_by_the_responsible_one_else_by_residence(tmp_path: Path):
    town = Town(tmp_path, ("GM0988", NEDERWEERT))
    records = [
        # Responsible, whatever the residence; else residence; else who pays.
        {"verantwoordelijke": "00988", "gemeente_inschrijving": "0946"},
        {"verantwoordelijke": "90001", "gemeente_inschrijving": "0946"},
        {"verantwoordelijke": "90001", "gemeente_inschrijving": "0000", "betalende_gemeente": "0988"},
        {"verantwoordelijke": "01640"},
        {"verantwoordelijke": "90001", "gemeente_inschrijving": "0363"},
    ]
    content = lines(*(wsw_line(2021, 1, record | {"bsn": number}) for number, record in enumerate(records)))
    town.deliver("wsw", "2021-07-20", {"wsw.txt": content}, leverancier="WGR-Risse")
    outcome = town.take_in("wsw")
    record = outcome.records[0]
    assert (outcome.state, record.elders, record.uitval) == ("in_orde", 2, 0)
    assert record.gemeenten == {NEDERWEERT: 1, "GM0988": 2}
    assert period_of(record) == ["2021-01-01", "2021-06-30"]
    assert good_rows(town, outcome, "wsw")["gemeentecode"].to_list() == ["GM0988", NEDERWEERT, "GM0988"]


def test_handicap_codes_are_never_stored_and_zeros_are_none(town: Town):
    codes = {"handicapcode_1": "771", "handicapcode_2": "772", "handicapcode_3": "773", "arbeidshandicap": "3"}
    town.deliver("wsw", "2021-07-20", {"wsw.txt": lines(wsw_line(2021, 1, {"bsn": 1} | codes))})
    outcome = town.take_in("wsw")
    frame = good_rows(town, outcome, "wsw")
    assert outcome.state == "in_orde"
    assert [name for name in frame.columns if "handicap" in name] == []
    assert frame.select("eind_dienstbetrekking", "begin_begeleid_werken", "reden_ontslag").row(0) == (None, None, None)
    stored = everything_in(town.folder / "kluis")
    assert [code for code in ("771", "772", "773") if f"{code}'" in stored or f" {code}," in stored] == []
    assert bsn(1) not in stored


def test_a_file_of_another_length_is_refused_by_line(town: Town):
    good = [wsw_line(2021, 1, {"bsn": number}) for number in range(3)]
    town.deliver("wsw", "2021-07-20", {"wsw.txt": lines(*good)})
    town.deliver("wsw", "2022-01-20", {"wsw.txt": lines(*(line[:-1] for line in good))})
    outcome = town.take_in("wsw")
    assert (outcome.state, faults(outcome)) == ("geblokkeerd", ["LEV-13"])
    assert outcome.records[1].per_regel == {"LEV-22": 3}
    assert good_rows(town, outcome, "wsw").height == 3, "the last good delivery still counts"


def test_the_name_of_another_half_year_in_one_file_is_uitval(town: Town):
    other = wsw_line(2020, 2, {"bsn": 40})
    town.deliver("wsw", "2021-07-20", {"wsw.txt": lines(*(wsw_line(2021, 1, {"bsn": n}) for n in range(30)), other)})
    assert town.take_in("wsw").records[0].per_regel == {"WSW-09": 1}


# --- jeugdzorg ---


def test_each_form_goes_to_its_own_table_under_its_own_semantics(town: Town):
    messages: dict[str, str | bytes] = {"a.xml": w301(1, 1, "2021-01-04", **JEUGD)}
    messages["b.xml"] = w307(1, 1, "2021-01-04", "2021-03-31", reden="31", **JEUGD)
    town.deliver("jeugdzorg", "2021-07-10", messages)
    town.deliver("jeugdzorg", "2021-07-20", {"bij.txt": lines(bij_line(2021, 1, {"bsn": 2}))})
    outcome = town.take_in("jeugdzorg")
    assert (outcome.state, [record.uitval for record in outcome.records]) == ("in_orde", [0, 0])
    stored = pl.read_parquet(town.folder / "kluis" / "bron" / "leveringen_jeugdzorg.parquet")
    assert stored.select("tabel", "semantiek", pl.col("periode_van").cast(pl.String), "rijen").rows() == [
        ("jeugdzorg_berichten", "berichten", None, 2),
        ("jeugdzorg_bij", "stand", "2021-01-01", 1),
    ]


@pytest.mark.parametrize("reason", ["19", "23"])
def test_an_end_reason_of_the_wmo_is_no_code_here(town: Town, reason: str):
    sound = {f"{n}.xml": w301(n, n, "2021-01-04", **JEUGD) for n in range(1, 31)}
    town.deliver(
        "jeugdzorg", "2021-07-10", sound | {"z.xml": w307(1, 1, "2021-01-04", "2021-03-31", reden=reason, **JEUGD)}
    )
    assert town.take_in("jeugdzorg").records[0].per_regel == {"JZ-27": 1}


def test_a_delivery_of_both_forms_is_refused(desk: Desk):
    files = {"a.xml": w301(1, 1, "2021-01-04", **JEUGD), "bij.txt": lines(bij_line(2021, 1, {"bsn": 2}))}
    assert desk.refused("jeugdzorg", files).rule_id == "LEV-08"
    assert desk.refused("jeugdzorg", {"leesmij.md": CANARY}).rule_id == "LEV-08"


def test_no_person_is_no_fault_and_no_person(town: Town):
    records = [{"bsn": 1}, {"bsn": "999999999"}, {"bsn": "000000000", "geboortedatum": "00000000"}]
    town.deliver("jeugdzorg", "2021-07-20", {"bij.txt": lines(*(bij_line(2021, 1, record) for record in records))})
    outcome = town.take_in("jeugdzorg")
    frame = good_rows(town, outcome, "jeugdzorg_bij")
    assert (outcome.state, outcome.records[0].uitval, frame.height) == ("in_orde", 0, 3)
    assert frame["persoon"].is_null().to_list() == [False, True, True]


def test_a_postcode_is_of_the_folder_and_a_region_must_name_the_gemeente(tmp_path: Path):
    town = Town(tmp_path, ("GM0988", NEDERWEERT))
    homes = ["6001AA", "0988", "6001AB"]
    content = lines(*(bij_line(2021, 1, {"bsn": n, "woonplaats": home}) for n, home in enumerate(homes)))
    town.deliver("jeugdzorg", "2021-07-20", {"bij.txt": content})
    named = lines(*(bij_line(2021, 1, {"bsn": n, "woonplaats": code}) for n, code in enumerate(["0988", "0946"] * 20)))
    one_postcode = named + lines(bij_line(2021, 1, {"bsn": 41, "woonplaats": "6001AA"}))
    town.deliver("jeugdzorg", "2021-07-21", {"bij.txt": one_postcode}, leverancier="regio")
    outcome = town.take_in("jeugdzorg")
    counts = {record.leverancier: (record.gemeenten, record.per_regel) for record in outcome.records}
    assert counts["GM0988"] == ({"GM0988": 3}, {})
    assert counts["regio"] == ({"GM0988": 20, NEDERWEERT: 20}, {"JZ-64": 1})


def test_of_youth_probation_only_what_is_counted_is_stored(town: Town):
    measure = {"hulpvorm": "", "aanvang_hulp": "", "aanvang_maatregel": "20210301", "einde_maatregel": "20210430"}
    kinds = {"11": "JB", "23": "JB", "31": "PJ", "41": "JR", "50": "JR", "63": "JR"}
    records = [
        {"bsn": number, "maatregel": code, "reden_maatregel": "43", "zorg_na_maatregel": "52"} | measure
        for number, code in enumerate(kinds)
    ]
    town.deliver("jeugdzorg", "2021-07-20", {"bij.txt": lines(*(bij_line(2021, 1, record) for record in records))})
    frame = good_rows(town, town.take_in("jeugdzorg"), "jeugdzorg_bij")
    assert frame["soort_maatregel"].to_list() == list(kinds.values())
    kept = {"maatregel", "reden_maatregel", "zorg_na_maatregel", "erkende_interventie", "machtiging"}
    assert kept & set(frame.columns) == set()


def test_a_later_delivery_of_a_half_year_replaces_the_earlier_and_a_broken_one_does_not(town: Town):
    first, second = bij_line(2021, 1, {"bsn": 1}), bij_line(2021, 1, {"bsn": 2})
    town.deliver("jeugdzorg", "2021-07-20", {"bij.txt": lines(first, second)})
    town.deliver("jeugdzorg", "2021-08-20", {"bij.txt": lines(first)[:-30]})
    outcome = town.take_in("jeugdzorg")
    assert (outcome.state, faults(outcome)) == ("geblokkeerd", ["LEV-18"])
    assert good_rows(town, outcome, "jeugdzorg_bij").height == 2
