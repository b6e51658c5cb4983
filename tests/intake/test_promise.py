"""levering.json is from outside: the fields of the guide are read, strictly; nothing else is used or kept."""

import json
from pathlib import Path

import pytest

from assets.intake.asset import _messages
from assets.intake.pulled import KEPT
from assets.record.delivery_record import load_records
from tests.intake.test_intake import everything_in
from tests.making.town import WEERT, Town, bsn
from tests.making.zaaksysteem import BRON, night, sqlite_system
from tests.making.zaaksysteem import connect as connect_database
from tests.sources.test_pull_rest import Source, connect, landed, on, source  # noqa: F401  source: a fixture

CANARY = "Kanariepiet"
DAY = "2021-02-05"


def delivered(town: Town, content: str | bytes) -> None:
    town.brp([{"bsn": number} for number in range(3)], DAY)
    folder = town.folder / "landing" / WEERT / "brp" / DAY
    (folder / "levering.json").write_bytes(content.encode() if isinstance(content, str) else content)
    import os

    os.utime(folder / "levering.json", (1_600_000_000, 1_600_000_000))


WRONG: dict[str, object] = {
    "a list": [],
    "text": CANARY,
    "a number": 12,
    "nothing": None,
    "records that are no number": {"records": float("nan")},
    "records as text": {"records": "3"},
    "records as a fraction": {"records": 3.5},
    "records as yes": {"records": True},
    "fewer than no records": {"records": -1},
    "records as an object": {"records": {CANARY: 1}},
    "files as an object": {"bestanden": {"naam": CANARY}},
    "files as text": {"bestanden": CANARY},
    "files that are none": {"bestanden": None},
    "a file as text": {"bestanden": [CANARY]},
    "a file without a name": {"bestanden": [{"sha256": "0" * 64}]},
    "a file with no name": {"bestanden": [{"naam": ""}]},
    "a name that is a number": {"bestanden": [{"naam": 7}]},
    "a sha256 of another kind": {"bestanden": [{"naam": "brp.csv", "sha256": CANARY}]},
    "a sha256 that is a list": {"bestanden": [{"naam": "brp.csv", "sha256": ["0" * 64]}]},
    "a period as text": {"periode": "2021-01"},
    "a period with one end": {"periode": {"van": "2021-01-01"}},
    "a day that does not exist": {"periode": {"van": "2021-02-30", "tot": "2021-03-01"}},
    "a day as a number": {"periode": {"van": 20210101, "tot": 20210131}},
    "a day with a time": {"periode": {"van": "2021-01-01T10:00:00", "tot": "2021-01-31"}},
    "a period of long ago": {"periode": {"van": "0201-01-01", "tot": "2021-01-31"}},
    "more records than can be": {"records": 10**30},
    "a period backwards": {"periode": {"van": "2021-02-01", "tot": "2021-01-01"}},
    "a period far ahead": {"periode": {"van": "2021-01-01", "tot": "2031-01-31"}},
    "a period without end": {"periode": {"van": "2021-01-01", "tot": "9999-12-31"}},
}


@pytest.mark.parametrize("name", WRONG)
def test_a_field_of_another_kind_is_told_and_the_delivery_is_not_read(town: Town, name: str):
    delivered(town, json.dumps(WRONG[name]))
    outcome = town.take_in("brp")
    (fault,) = outcome.blocked[0].fouten
    assert (outcome.state, fault.regel_id, fault.bestand) == ("geblokkeerd", "LEV-12", "levering.json")
    # It names the field, but for what is no object at all.
    fields = WRONG[name]
    assert not isinstance(fields, dict) or all(field in fault.toelichting for field in fields)
    assert CANARY not in " ".join(_messages(outcome)) + everything_in(town.folder / "kluis")
    delivered(town, json.dumps({"records": 3}))
    assert town.take_in("brp").state == "in_orde"


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe{\x00}\x00", b"[" * 100_000, b" " * 2**21])
def test_what_is_no_json_is_told(town: Town, content: bytes):
    delivered(town, content)
    assert town.take_in("brp").blocked[0].fouten[0].regel_id == "LEV-12"


def test_a_field_that_comes_twice_has_two_readings(town: Town):
    delivered(town, b'{"records": 4, "records": 3}')
    (fault,) = town.take_in("brp").blocked[0].fouten
    assert (fault.regel_id, fault.toelichting) == ("LEV-12", "Een veld staat er twee keer in.")


def test_a_number_of_records_may_be_of_a_person(town: Town):
    delivered(town, json.dumps({"records": int(bsn(3))}))
    outcome = town.take_in("brp")
    assert "Beloofd: ********* records, gelezen: 3." in " ".join(_messages(outcome))
    assert bsn(3) not in " ".join(_messages(outcome)) + everything_in(town.folder / "kluis")


def test_other_fields_are_neither_used_nor_kept(town: Town):
    other = {"watermerk": [CANARY], "bronhouder": CANARY, "leverancier": "GM0946", "leverdatum": CANARY, "goed": CANARY}
    period = {"van": "2021-01-01", "tot": "2021-01-31", CANARY: CANARY}
    files = [{"naam": "brp.csv", CANARY: CANARY}]
    delivered(
        town, b"\xef\xbb\xbf" + json.dumps(other | {"records": 3, "periode": period, "bestanden": files}).encode()
    )
    outcome = town.take_in("brp")
    assert (outcome.state, outcome.records[0].rijen) == ("in_orde", 3)
    assert CANARY not in everything_in(town.folder / "kluis")


def spoil(town: Town, bron: str, day: str, watermark: list[str]) -> None:
    """Whoever can write in landing puts a watermark in a delivery that was pulled."""
    file = town.folder / "landing" / WEERT / bron / day / "levering.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"watermerk": watermark, "gehaald_tot": watermark}))


def test_a_delivered_watermark_reaches_no_url(town: Town, source: Source):  # noqa: F811
    connect(town, source)
    on(town, "2022-03-20")
    assert json.loads((town.folder / "kluis" / KEPT).read_text())
    spoil(town, "aanbod", "2022-03-20", ["0" * 64, f'"{CANARY}" ../../{CANARY}?x=-0001'])
    source.asked.clear()
    on(town, "2022-03-21")
    # The pull goes on from its own mark: the pages that it knows, with their ETags, and nothing of what was delivered.
    assert source.asked
    assert CANARY not in str(source.asked)
    assert list(landed(town)) == ["2022-03-20"]


def test_a_watermark_beside_a_delivery_by_hand_reaches_no_url(town: Town, source: Source):  # noqa: F811
    on(town, "2022-03-01")
    page = source.answer("/hsds/services", 1, None)[2]
    promise = {"watermerk": ["0" * 64, f"x ../{CANARY}-0001"], "gehaald_tot": ["0" * 64, f"x ../{CANARY}-0001"]}
    about = json.dumps(json.loads(page) | {"total_pages": 1, "total_items": 2})
    town.deliver("aanbod", "2022-03-10", {"services-0001.json": about}, promise=promise)
    connect(town, source)
    on(town, "2022-03-20")
    assert source.pages()[:1] == ["1"]
    assert CANARY not in str(source.asked)
    assert CANARY not in everything_in(town.folder / "kluis")


def test_a_delivered_watermark_reaches_no_sql(town: Town, tmp_path: Path):
    system = sqlite_system(tmp_path / "bron" / "zaak.sqlite")
    system.dossier("T1", 1)
    connect_database(town, system)
    night(town, "2021-03-01")
    spoil(town, BRON, "2021-03-01", ["9999-12-31 00:00:00", "' or 1=1; drop table client; --"])
    system.dossier("T2", 2, changed="2021-03-01 12:00:00")
    outcome = night(town, "2021-03-02")
    assert (outcome.state, [str(record.leverdatum) for record in outcome.read_now]) == ("in_orde", ["2021-03-02"])


def test_what_an_earlier_version_kept_is_not_asked_with(town: Town, source: Source):  # noqa: F811
    connect(town, source)
    on(town, "2022-03-20")
    (town.folder / "kluis" / KEPT).unlink()
    for file in (town.folder / "kluis" / "leveringen" / "aanbod").rglob("*.json"):
        record = json.loads(file.read_text())
        for version in (record, record["goed"]):
            del version["gehaald_tot"]
            version["watermerk"] = ["0" * 64, f"x {CANARY}-0001"]
        file.write_text(json.dumps(record))
    source.asked.clear()
    assert on(town, "2022-03-21").state == "in_orde"
    assert CANARY not in str(source.asked)
    # Asked anew, as a whole; from then on its own mark counts.
    assert list(landed(town)) == ["2022-03-20", "2022-03-21"]
    records = load_records(town.settings.kluis, "aanbod")
    good = records[f"{WEERT}/2022-03-21"].goed
    assert good
    assert good.gehaald_tot
