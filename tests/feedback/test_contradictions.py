"""What shows only beside other deliveries: told in the owner's report after dbt, and gone when it is repaired."""

import re
from pathlib import Path

import pytest

from assets.feedback import contradictions
from assets.ground.settings import PROJECT
from assets.registrations.declaration import registrations
from assets.report.owner_report import ONLY_TOGETHER, tell_later
from tests.making.desk import CANARY
from tests.making.nights import GEMEENTE, SECOND, Nights
from tests.making.town import WEERT, Town, bsn, w301, w305, w307
from tests.report.test_owner_report import FEBRUARY, JANUARY, findings, folder_of, page
from validations.language.contract import Contradiction


def told_by(bron: str, rule_id: str) -> Contradiction:
    contracts = registrations()[bron].contracts.values()
    return next(rule for contract in contracts for rule in contract.together if rule.id == rule_id)


def tell(town: Town, counts: dict[str, int]) -> None:
    tell_later(town.settings.kluis, registrations()["wmo"], "samen", {f"{WEERT}/{FEBRUARY}": counts})


def reports(town: Town) -> dict[Path, tuple[bytes, int]]:
    files = [file for file in (town.folder / "kluis/rapporten").rglob("*") if file.is_file()]
    return {file: (file.read_bytes(), file.stat().st_mtime_ns) for file in files}


@pytest.fixture
def two_months(town: Town) -> Town:
    for month, leverdatum in ((1, JANUARY), (2, FEBRUARY)):
        town.wmo([w305(n, n, f"2021-0{month}-04") for n in range(60)], leverdatum)
    town.take_in("wmo")
    return town


def test_what_shows_only_beside_other_deliveries_is_told_apart_and_goes_again(two_months: Town):
    own, before, files = folder_of(two_months, "wmo", FEBRUARY), page(two_months, "wmo", FEBRUARY), reports(two_months)
    tell(two_months, {"WMO-41": 2, "WMO-42": 3})
    report, rule = page(two_months, "wmo", FEBRUARY), told_by("wmo", "WMO-42")
    section = report.split(f"{ONLY_TOGETHER} Elk voor zich")[1].split("Lijkt dit op uw gemeente?")[0]
    assert f"{rule.message} 3 keer Wat te doen {rule.hint} Regelnummer WMO-42" in section
    assert section.index("WMO-42") < section.index("WMO-41")
    assert f"{rule.message} {rule.hint} (WMO-42, 3 keer)" in report.split("1. Techniek")[0]
    assert "Aanvaard, met opmerkingen" in report
    # It is no uitval, and no row is said to break the contract.
    for same in (
        "60 rijen tellen mee",
        "Uitval 0 0 gelijk",
        "Uitval is nu 0% van de rijen",
        "Geen: alle gelezen rijen",
    ):
        assert same in before
        assert same in report
    row = (None, None, "WMO-42", None, f"{rule.message} {ONLY_TOGETHER}: 3 keer.", rule.hint, None)
    assert findings(two_months, "wmo", FEBRUARY).row(0) == row
    written = reports(two_months)
    assert {file for file in files if written[file] != files[file]} == {own / "rapport.html", own / "rapport.csv"}
    tell(two_months, {"WMO-41": 2, "WMO-42": 3})
    assert two_months.take_in("wmo").read_now == []
    assert reports(two_months) == written
    tell(two_months, {})
    assert [content for content, _ in reports(two_months).values()] == [content for content, _ in files.values()]


def test_a_delivery_that_is_read_again_is_told_again_what_shows_only_beside_others(two_months: Town):
    tell(two_months, {"WMO-44": 1})
    report = page(two_months, "wmo", FEBRUARY)
    assert told_by("wmo", "WMO-44").message in report
    # With another key everything is read again.
    two_months.settings.key_file.unlink()
    again = Town(two_months.folder)
    assert len(again.take_in("wmo").read_now) == 2
    tell(again, {"WMO-44": 1})
    assert page(again, "wmo", FEBRUARY) == report


def test_the_report_of_a_refused_version_does_not_tell_of_the_rows_that_count_still(two_months: Town):
    two_months.wmo([w305(n, 1000 + n, "2021-06-31") for n in range(60)], FEBRUARY)
    two_months.take_in("wmo")
    before = reports(two_months)
    assert "Niet in orde" in page(two_months, "wmo", FEBRUARY)
    tell(two_months, {"WMO-42": 3})
    assert reports(two_months) == before


def test_a_delivery_over_its_term_keeps_its_report(two_months: Town):
    before = reports(two_months)
    two_months.settings.kluis.remove(f"uitval/wmo/{WEERT}/{FEBRUARY}.parquet")
    tell(two_months, {"WMO-42": 3})
    assert reports(two_months) == before


def test_every_rule_that_dbt_asks_of_all_deliveries_together_has_its_words():
    """By the names in the SQL: of a model itself, and of the macro that messages share."""
    models = {file.stem: file.read_text() for file in (PROJECT / "dbt_project/models").rglob("uitval_*.sql")}
    shared = (PROJECT / "dbt_project/macros/spells_uit_berichten.sql").read_text().split("macro uitval_uit")[1]
    numbers = re.findall(r"then '(\d\d)'", shared)
    assert len(numbers) == 4
    asked = {}
    for name, sql in models.items():
        prefixes = re.findall(r"uitval_uit_berichten\('\w+', '(\w+)'\)", sql)
        asked[name] = {*re.findall(r"'([A-Z]+-\d\d)'", sql), *(f"{p}-{number}" for p in prefixes for number in numbers)}
    declared = {
        r.contradictions: {rule.id for contract in r.contracts.values() for rule in contract.together}
        for r in registrations().values()
        if r.contradictions
    }
    assert declared == asked
    assert all(r.contradictions or not c.together for r in registrations().values() for c in r.contracts.values())


def test_a_stop_without_allocation_is_told_until_the_allocation_comes(nights: Nights):
    july, august, rule = "2022-07-15", "2022-08-10", told_by("wmo", "WMO-42")
    stops = {
        f"{n}.xml": w307(bsn(n), 900_000_000 + n, "2022-07-01", "2022-07-08", gemeente=GEMEENTE[2:]) for n in range(3)
    }
    nights.deliver("wmo", july, stops, leverancier=GEMEENTE)
    assert nights.night(SECOND) == 0
    report = page(nights, "wmo", july, GEMEENTE)
    assert f"{rule.message} 3 keer Wat te doen {rule.hint}" in report.split(ONLY_TOGETHER)[1]
    texts = [file.read_text(encoding="utf-8-sig") for file in folder_of(nights, "wmo", july, GEMEENTE).iterdir()]
    assert not [n for n in range(3) if bsn(n) in "".join(texts) or str(900_000_000 + n) in "".join(texts)]
    others = {file: content for file, content in reports(nights).items() if july not in file.parts}
    starts = {f"{n}.xml": w301(bsn(n), 900_000_000 + n, "2022-07-01", gemeente=GEMEENTE[2:]) for n in range(3)}
    nights.deliver("wmo", august, starts, leverancier=GEMEENTE)
    assert nights.night(august) == 0
    assert "In orde" in page(nights, "wmo", july, GEMEENTE)
    assert ONLY_TOGETHER not in page(nights, "wmo", july, GEMEENTE)
    assert {file: content for file, content in reports(nights).items() if file in others} == others


def test_a_report_that_cannot_be_written_stops_nothing_else(nights: Nights, capsys: pytest.CaptureFixture, monkeypatch):
    def full(*_arguments: object) -> None:
        raise OSError(28, CANARY)

    monkeypatch.setattr(contradictions, "tell_later", full)
    assert nights.night(SECOND) == 1
    printed = capsys.readouterr().out
    assert nights.latest.name == SECOND
    assert "Let op: wmo: de op-orde-rapporten zijn niet bijgewerkt (er is een schijf vol, OSError" in printed
    assert CANARY not in printed
    monkeypatch.undo()
    assert nights.night(SECOND) == 0
