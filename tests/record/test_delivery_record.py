"""The record of a delivery: what an earlier version wrote is read, and what is damaged or of a later one says so."""

import json
from datetime import date

import pytest

from assets.ground.settings import DamagedError
from assets.intake.acceptance import Agreement, agreements
from assets.intake.objections import Objection, entries
from assets.record.delivery_record import Record, StoredFile, Version, load_records, save_record
from tests.making.town import Town

PLACE = "leveringen/brp/GM0988/2021-02-05.json"
# As commit d0a31bd wrote it, before a record was typed.
COUNTED = {
    "bezwaren": "",
    "bron": "brp",
    "contract": "40e835d3747b96bdcac48ed123778cdf",
    "elders": 0,
    "fouten": [],
    "gehaald_tot": None,
    "gemeenten": {"GM0988": 2},
    "heel": True,
    "inhoud": "820730ddcdb2cd715f88f069f3be08c274809e676da3029e7735c2db6af15bd8",
    "kenmerk": "7c3012855c87df3c0ecf3decaa088be787b4837227b3f0297f63c7998634c1c6",
    "leeg": {"brp": {"adres_id": 0.0, "datum_einde_adres": 33.3, "straatnaam": None}},
    "leeg_van": {"brp": 2},
    "leverancier": "GM0988",
    "leverdatum": "2021-02-05",
    "niet_gelezen": [],
    "per_regel": {"BRP-07": 1},
    "per_tabel": {"brp": 2},
    "periode": ["2021-01-01", "2021-01-31"],
    "records": 3,
    "rijen": 2,
    "tabellen": {"brp": "bron/brp/GM0988/2021-02-05-475737dc2cafb386.parquet"},
    "uitval": 1,
    "verdeling": {"geslacht": {"V": 2}},
    "weggelaten": 0,
}
BESIDE = {"tabellen": [{"jaar": 2021, "kolom": "a_inw", "rijen": [{"wat": "Weert", "cbs": 50, "ons": 45}], "rest": 0}]}
FAULT = {"regel_id": "LEV-14", "bestand": "", "regel": None, "toelichting": "Vorige levering 2, deze 60 records."}
WRITTEN = COUNTED | {
    "bestanden": [{"naam": "brp.csv", "grootte": 301, "merk": "1600000000.0", "sha256": "46ed8bd7"}],
    "toestand": "vastgehouden",
    "fouten": [FAULT],
    "meldingen": [{"regel_id": "LEV-19", "toelichting": "De eerdere levering is die van 2021-01-05."}],
    "samen": {"BRP-40": 2},
    "naast_cbs": BESIDE,
    # A version that was accepted again after it was told kept that too.
    "goed": COUNTED | {"naast_cbs": BESIDE},
}
NEWER = (
    "leeg_van",
    "verdeling",
    "weggelaten",
    "niet_gelezen",
    "heel",
    "gehaald_tot",
    "kenmerk",
    "bezwaren",
    "per_tabel",
)


def read(town: Town, content: object) -> Record:
    town.settings.kluis.write(PLACE, json.dumps(content).encode())
    return load_records(town.settings.kluis, "brp")["GM0988/2021-02-05"]


def test_a_record_of_before_it_was_typed_is_read_whole(town: Town):
    record = read(town, WRITTEN)
    assert (record.key, record.toestand, record.fouten[0].regel_id) == ("GM0988/2021-02-05", "vastgehouden", "LEV-14")
    assert record.bestanden == (StoredFile("brp.csv", 301, "1600000000.0", "46ed8bd7"),)
    assert isinstance(record.goed, Version)
    assert not isinstance(record.goed, Record), "no record holds an older copy of itself"
    assert (record.goed.rijen, record.goed.periode) == (2, (date(2021, 1, 1), date(2021, 1, 31)))
    # Written anew it says the same, and the software of before could read it.
    save_record(town.settings.kluis, record, None)
    again = json.loads(town.settings.kluis.read(PLACE))
    assert again["meldingen"] == [WRITTEN["meldingen"][0] | {"bestand": "", "regel": None}]
    assert again | {"meldingen": WRITTEN["meldingen"]} == WRITTEN | {"goed": COUNTED}
    assert load_records(town.settings.kluis, "brp")["GM0988/2021-02-05"] == record


def test_a_record_of_long_before_is_read(town: Town):
    old = {name: value for name, value in WRITTEN.items() if name not in (*NEWER, "samen", "naast_cbs")}
    counted = {name: value for name, value in COUNTED.items() if name not in NEWER}
    record = read(town, old | {"watermerk": None, "meldingen": [], "goed": counted | {"watermerk": ["a", "b"]}})
    assert (record.weggelaten, record.samen, record.rijen) == (0, {}, 2)
    assert record.goed is not None
    assert record.goed.gehaald_tot is None


def test_what_was_written_then_is_not_read_again(town: Town):
    """An unchanged delivery has the record of then: nothing is lost on the way, and nothing is done again."""
    town.brp([{"bsn": 1}, {"bsn": 2}], "2021-02-05")
    town.take_in("brp")
    written = json.loads(town.settings.kluis.read(PLACE))
    written["goed"]["naast_cbs"] = {}
    town.settings.kluis.write(PLACE, json.dumps(written).encode())
    assert town.take_in("brp").read_now == []


@pytest.mark.parametrize("where", ["record", "goed", "bestanden"])
def test_a_field_of_a_later_version_is_left_alone_and_told(town: Town, where: str):
    written = json.loads(json.dumps(WRITTEN))
    {"record": written, "goed": written["goed"], "bestanden": written["bestanden"][0]}[where]["later"] = "999990019"
    with pytest.raises(
        DamagedError, match=rf"^{PLACE} in de kluis heeft velden die deze versie .* werk de monitor bij$"
    ):
        read(town, written)
    assert json.loads(town.settings.kluis.read(PLACE)) == written


@pytest.mark.parametrize(
    "change",
    [
        {"toestand": "iets"},
        {"toestand": "gelezen"},
        {"rijen": "2"},
        {"leverdatum": "gisteren"},
        {"fouten": [FAULT | {"regel_id": "LEV-999"}]},
        {"goed": {"bron": "brp"}},
        {"bestanden": None, "later": 1},
        {"tabellen": {"brp": 5}},
    ],
)
def test_a_record_of_another_form_is_damaged(town: Town, change: dict):
    with pytest.raises(DamagedError, match="is beschadigd; verwijder dit bestand") as caught:
        read(town, WRITTEN | change)
    assert caught.value.__cause__ is None


def test_agreements_and_objections_of_before_are_read(town: Town):
    kluis, person = town.settings.kluis, "ab" * 32
    agreed = {"bron": "brp", "leverancier": "GM0988", "leverdatum": "2021-03-05", "inhoud": "820730"}
    kluis.write("akkoord.json", json.dumps([agreed], indent=1).encode())
    assert agreements(kluis) == (Agreement("brp", "GM0988", date(2021, 3, 5), "820730"),)
    objected = {"nummer": 1, "datum": "2021-03-05", "gemeentecode": "GM0988", "persoon": person}
    kluis.write("bezwaren.json", json.dumps([objected], indent=1).encode())
    assert entries(kluis) == (Objection(1, date(2021, 3, 5), "GM0988", person),)
    assert person not in repr(entries(kluis))
    kluis.write("bezwaren.json", json.dumps([objected | {"later": 1}]).encode())
    with pytest.raises(DamagedError, match="velden die deze versie van de monitor niet kent"):
        entries(kluis)
