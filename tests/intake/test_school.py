"""vsv, leerplicht, cjg and oggz as they arrive: read, pseudonymised and stored; replaced; and refused when broken."""

import hmac
import json
from base64 import b64decode
from pathlib import Path

import polars as pl
import pytest

from assets.readers import Fault
from assets.record.records import Outcome
from tests.making.desk import CANARY, Desk
from tests.making.school_town import cjg_files, leerplicht_files, oggz_files, vsv_files
from tests.making.town import WEERT, Town, bsn, period_of

PUPIL = "100000023"
LEFT = {"persoon": 1, "datum_uitschrijving": "2021-01-12"}
MONTH = {
    "A01": [LEFT, {"persoon": PUPIL, "datum_uitschrijving": "2021-01-13"}],
    "A05": [{"persoon": person} for person in (1, 2, 3)],
    "A07": [{"persoon": 2, "datum_startkwalificatie": "2020-11-30"}],
}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def good(town: Town, outcome: Outcome, table: str) -> pl.DataFrame:
    """The good rows that count, of all deliveries together."""
    files = [town.folder / "kluis" / version.tabellen[table] for version in outcome.accepted]
    return pl.concat([pl.read_parquet(file) for file in files])


def pseudonym(town: Town, domain: str, value: str) -> str:
    key = b64decode(json.loads(town.settings.key_file.read_text())[WEERT]["monitor"])
    return hmac.digest(key, f"meerdoen|v1|{domain}|{value}".encode(), "sha256").hex()


# --- vsv ---


def test_the_reports_of_a_month_are_one_delivery_of_that_month(town: Town):
    town.deliver("vsv", "2021-02-10", vsv_files("2021-01", MONTH) | {"A04_202101.csv": "wat dan ook\n"})
    outcome = town.take_in("vsv")
    assert (outcome.state, outcome.records[0].uitval) == ("in_orde", 0)
    assert period_of(outcome.records[0]) == ["2021-01-01", "2021-01-31"]
    rows = good(town, outcome, "vsv")
    assert rows.group_by("rapport").len().sort("rapport").rows() == [("A01", 2), ("A05", 3), ("A07", 1)]
    # A BSN and an onderwijsnummer are numbers of different domains; neither is stored, nor what is not needed.
    left = rows.filter(pl.col("rapport") == "A01").select("persoon", "onderwijsnummer_persoon").rows()
    assert left == [
        (pseudonym(town, "bsn", bsn(1)), None),
        (None, pseudonym(town, "onderwijsnummer", PUPIL)),
    ]
    assert not {"bsn", "onderwijsnummer", "geboortedatum", "postcode", "geslacht"} & set(rows.columns)


def test_an_onderwijsnummer_has_no_elfproef_and_a_bsn_has(town: Town):
    fails = "999900007"
    many = [{"persoon": person} for person in range(3, 40)]
    rows = {"A01": [LEFT | {"persoon": fails}], "A05": [*many, {"persoon": 2, "bsn": fails}]}
    town.deliver("vsv", "2021-02-10", vsv_files("2021-01", rows))
    outcome = town.take_in("vsv")
    assert (outcome.state, outcome.records[0].per_regel) == ("in_orde", {"VSV-04": 1})


def test_a_later_delivery_of_the_month_replaces_the_earlier(town: Town):
    town.deliver("vsv", "2021-02-10", vsv_files("2021-01", MONTH))
    town.deliver("vsv", "2021-02-12", vsv_files("2021-01", MONTH | {"A01": [LEFT]}))
    outcome = town.take_in("vsv")
    assert [record.toestand for record in outcome.records] == ["aanvaard", "aanvaard"]
    assert {tuple(period_of(record)) for record in outcome.records} == {("2021-01-01", "2021-01-31")}


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        ({"A02_202101.csv": None}, "Ontbreekt: A02"),
        ({"A02_202101.csv": None, "A02_202102.csv": "x"}, "Lever elk rapport één keer"),
        ({"rapport.csv": "x"}, "Verwacht: een naam als A01_202110.csv"),
        ({"A03_202101.csv": "x"}, "Verwacht: een naam als A01_202110.csv"),
    ],
)
def test_a_month_with_a_report_missing_or_of_another_month_is_refused(desk: Desk, broken: dict, message: str):
    files = {name: text for name, text in (vsv_files("2021-01", MONTH) | broken).items() if text is not None}
    error = desk.refused("vsv", files)
    assert error.rule_id == "LEV-08"
    assert message in error.detail


def test_a_report_with_the_columns_of_another_is_refused(desk: Desk):
    files = vsv_files("2021-01", MONTH)
    error = desk.refused("vsv", files | {"A02_202101.csv": files["A01_202101.csv"]})
    assert (error.rule_id, error.file) == ("LEV-03", "A02_202101.csv")


# --- leerplicht, and JSON ---


def test_reports_of_absence_are_stored_with_a_pseudonym(town: Town):
    rows = [{"persoon": 1, "meldingsnummer": "M1"}, {"persoon": PUPIL, "meldingsnummer": "M2"}]
    town.deliver("leerplicht", "2021-02-10", leerplicht_files(rows))
    outcome = town.take_in("leerplicht")
    assert outcome.state == "in_orde"
    stored = good(town, outcome, "leerplicht")
    assert stored.select("meldingsnummer", "persoon", "onderwijsnummer_persoon").rows() == [
        ("M1", pseudonym(town, "bsn", bsn(1)), None),
        ("M2", None, pseudonym(town, "onderwijsnummer", PUPIL)),
    ]


def test_a_bad_record_is_uitval_under_its_place_in_the_list(town: Town):
    rows = [{"persoon": person, "meldingsnummer": f"M{person}"} for person in range(40)]
    rows[6] |= {"verzuimsoort": "SPIJBELEN"}
    town.deliver("leerplicht", "2021-02-10", leerplicht_files(rows))
    outcome = town.take_in("leerplicht")
    found = pl.read_parquet(town.folder / "kluis" / "uitval" / "leerplicht" / WEERT / "2021-02-10.parquet")
    assert outcome.state == "in_orde"
    assert found.drop("kenmerk").rows() == [("verzuim.json", 7, "LPL-13", "verzuimsoort")]


SOUND = json.dumps({"meldingsnummer": "M1", "bsn": bsn(2), "verzuimsoort": CANARY})
TWICE = SOUND[:-1] + f', "bsn": "{bsn(2)}"}}'


@pytest.mark.parametrize(
    ("rule_id", "line", "content"),
    [
        ("LEV-01", None, ""),
        ("LEV-02", 2, f"[\n{SOUND}]".replace(CANARY, CANARY + "ë").encode("cp1252")),
        ("LEV-02", 1, f"[{SOUND}]".encode("utf-16")),
        ("LEV-06", 1, f"[{SOUND}\x00]"),
        ("LEV-45", 1, SOUND),
        ("LEV-45", 1, f'"{CANARY}"'),
        ("LEV-45", 2, f"[{SOUND}, {SOUND[:40]}"),
        ("LEV-45", 2, f"[{SOUND}, "),
        ("LEV-45", 1, f"[{SOUND}"),
        ("LEV-45", 1, f"[{SOUND},]"),
        ("LEV-45", 1, f"[{SOUND} {SOUND}]"),
        ("LEV-45", 2, f"[{SOUND}, [{SOUND}]]"),
        ("LEV-45", 1, f"[{SOUND}] {SOUND}"),
        ("LEV-45", 1, f"[{SOUND.replace('M1', 'M1' + chr(10))}]"),
        ("LEV-45", 2, f'[{SOUND}, {{"bsn": 1{"0" * 6000}}}]'),
        ("LEV-46", 2, f"[{SOUND}, {TWICE}]"),
        ("LEV-46", 1, f'[{{"bsn": NaN, "status": "{CANARY}"}}]'),
        ("LEV-46", 2, f'[{SOUND}, {{"bsn": -Infinity}}]'),
        ("LEV-46", 2, f'[{SOUND}, {{"bsn": {"[" * 100_000}'),
        ("LEV-46", 1, "[" + '{"bsn": ' * 100_000),
        ("LEV-03", 2, f'[{SOUND}, {{"{CANARY}": "{bsn(2)}"}}]'),
    ],
)
def test_json_that_can_be_read_in_two_ways_or_none_is_refused(
    desk: Desk, rule_id: str, line: int | None, content: str | bytes
):
    error = desk.refused("leerplicht", {"verzuim.json": content})
    assert (error.rule_id, error.file, error.line) == (rule_id, "verzuim.json", line)


def test_values_of_json_become_text_and_others_are_faults(desk: Desk):
    records = [
        {"meldingsnummer": " M1 ", "bsn": 10000008, "status": None, "brin": ""},
        {"meldingsnummer": "M2", "bsn": [bsn(2)]},
        {"meldingsnummer": "M3", "bsn": True},
        {"meldingsnummer": "M4", "bsn": 1.5},
        {"meldingsnummer": "M5", "bsn": {"nummer": bsn(2)}},
        {},
    ]
    result = desk.read("leerplicht", {"verzuim.json": json.dumps(records)})
    columns = ("meldingsnummer", "bsn", "status", "brin", "bestand", "regel")
    assert result.frames["leerplicht"].select(columns).rows() == [
        ("M1", "10000008", None, None, "verzuim.json", 1),
        (None, None, None, None, "verzuim.json", 6),
    ]
    assert result.faults == [Fault("verzuim.json", number, "LEV-47") for number in (2, 3, 4, 5)]


def test_json_on_one_long_line_with_a_bom_is_read(desk: Desk):
    rows = [{"persoon": number % 50, "meldingsnummer": f"M{number}"} for number in range(8_000)]
    text = str(leerplicht_files(rows)["verzuim.json"])
    assert len(text) > 1_000_000
    assert "\n" not in text
    assert (
        desk.read("leerplicht", {"verzuim.json": b"\xef\xbb\xbf" + text.encode()}).frames["leerplicht"].height == 8_000
    )


def test_an_empty_list_is_a_delivery_without_records(town: Town):
    town.deliver("leerplicht", "2021-02-10", {"verzuim.json": " [ ] \n"})
    outcome = town.take_in("leerplicht")
    assert [fault.regel_id for fault in outcome.records[0].fouten] == ["LEV-01"]


# --- cjg ---


def test_contacts_are_stored_without_a_person(town: Town):
    town.deliver("cjg", "2021-02-10", cjg_files([{}, {"postcode4": None}]))
    outcome = town.take_in("cjg")
    assert (outcome.state, period_of(outcome.records[0])) == ("in_orde", ["2021-01-01", "2021-01-31"])
    stored = good(town, outcome, "cjg")
    assert stored.select("postcode4").to_series().to_list() == ["6001", None]
    assert not [name for name in stored.columns if "persoon" in name or name in ("leeftijdscategorie", "lijn")]


@pytest.mark.parametrize("column", ["bsn", "bds_element", "postcode"])
def test_a_column_that_may_tell_who_it_is_refuses_the_delivery(desk: Desk, column: str):
    head, row, *_ = str(cjg_files([{}])["cjg.csv"]).split("\n")
    error = desk.refused("cjg", {"cjg.csv": f"{head};{column}\n{row};{CANARY}{bsn(2)}\n"})
    assert (error.rule_id, error.line) == ("LEV-03", 1)


def test_a_contact_under_a_number_that_may_be_a_bsn_is_uitval(town: Town):
    town.deliver("cjg", "2021-02-10", cjg_files([{"contactnr": bsn(2)}, *[{} for _ in range(40)]]))
    outcome = town.take_in("cjg")
    assert (outcome.state, outcome.records[0].per_regel) == ("in_orde", {"CJG-02": 1})


# --- oggz ---

HALF = ("2021-01-01", "2021-06-30")


def test_a_region_delivers_for_its_gemeenten_under_its_own_code(tmp_path: Path):
    town = Town(tmp_path, (WEERT, "GM0946"))
    files = oggz_files(*HALF, [{"code": "A17"}]) | oggz_files(*HALF, [{"code": "A17"}], "0946")
    # A gemeente that does not take part in this monitor.
    files |= oggz_files(*HALF, [{"code": "A18"}], "0363")
    town.deliver("oggz", "2021-07-15", files, leverancier="OGGZ-Limburg")
    outcome = town.take_in("oggz")
    record = outcome.records[0]
    assert (outcome.state, record.gemeenten, record.elders) == ("in_orde", {"GM0946": 1, WEERT: 1}, 1)
    stored = good(town, outcome, "oggz").sort("gemeentecode")
    assert stored["code_persoon"][1] == pseudonym(town, "oggz", "A17")
    assert stored["code_persoon"].n_unique() == 2, "one code, in two gemeenten"
    assert "A17" not in str(stored.rows())


def test_a_code_that_may_be_a_bsn_and_an_unknown_problem_are_uitval(town: Town):
    rows = [{"code": f"A{number}"} for number in range(50)]
    rows += [{"code": bsn(2)}, {"code": "B1", "problematiek": "psychisch|psychisch"}]
    town.deliver("oggz", "2021-07-15", oggz_files(*HALF, rows), leverancier="OGGZ-Limburg")
    outcome = town.take_in("oggz")
    assert (outcome.state, outcome.records[0].per_regel) == ("in_orde", {"OGZ-02": 1, "OGZ-16": 1})


def test_too_many_bad_reports_block_the_delivery(town: Town):
    town.deliver(
        "oggz",
        "2021-07-15",
        oggz_files(*HALF, [{"code": "A1"}, {"code": "A2", "trede": "9"}, {"code": "A3", "trede": "9"}]),
    )
    outcome = town.take_in("oggz")
    assert (outcome.state, outcome.records[0].fouten[0].regel_id) == ("geblokkeerd", "LEV-13")


def test_a_file_of_a_region_that_breaks_off_is_refused(desk: Desk):
    content = str(oggz_files(*HALF, [{"code": "A1"}])["oggz_0988.csv"])
    error = desk.refused("oggz", {"oggz.csv": content[:-12] + "\n"})
    assert (error.rule_id, error.line) == ("LEV-04", 2)
