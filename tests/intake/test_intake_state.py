"""When a delivery is read, waits, is refused, held or left out; and which rows count meanwhile."""

import json
import os
import shutil
from dataclasses import replace
from types import SimpleNamespace

import dagster as dg
import polars as pl
import pytest

from assets.ground.settings import DamagedError
from assets.intake import step
from assets.intake.acceptance import agree_to
from assets.intake.asset import STATE_CHECK, registration_assets
from assets.readers import Fault, ReadResult, SourceFile
from assets.record.records import Outcome
from assets.registrations.declaration import registrations
from orchestration.night import STAND_TAG, night_resource
from tests.making.nights import environment
from tests.making.town import Town, brp_csv, bsn, period_of, w305
from validations.language.delivery import RULES

QUIET_SINCE = 1_600_000_000  # town.deliver dates its files so
MANIFEST = "GM0988/brp/2021-02-05/levering.json"


def persons(count: int, **changes: object) -> list[dict]:
    return [{"bsn": number} | changes for number in range(count)]


def states(outcome: Outcome) -> dict[str, str]:
    return {str(record.leverdatum): record.toestand for record in outcome.records}


def faults(outcome: Outcome) -> list[str]:
    return [fault.regel_id for record in outcome.records for fault in record.fouten]


def counted(town: Town, outcome: Outcome) -> int:
    """How many good rows count, as they lie in the kluis."""
    files = [town.folder / "kluis" / path for version in outcome.accepted for path in version.tabellen.values()]
    return sum(pl.read_parquet(file).height for file in files)


def no_reading(_files: list[SourceFile]) -> ReadResult:
    raise AssertionError("the delivery was read again")


# --- new, unchanged and changed deliveries ---


def test_an_unchanged_delivery_is_neither_read_nor_judged_again(town: Town, monkeypatch: pytest.MonkeyPatch):
    town.brp(persons(3), "2021-02-05")
    first = town.take_in("brp")
    files = {path: path.stat().st_mtime_ns for path in (town.folder / "kluis").rglob("*")}
    monkeypatch.setitem(registrations(), "brp", replace(registrations()["brp"], read=no_reading))
    monkeypatch.setattr(step, "judge", no_reading)
    again = town.take_in("brp")
    assert (len(first.read_now), len(again.read_now)) == (1, 0)
    assert (again.records, again.data_version, again.state) == (first.records, first.data_version, "in_orde")
    assert files == {path: path.stat().st_mtime_ns for path in (town.folder / "kluis").rglob("*")}


def test_a_refused_delivery_that_did_not_change_is_not_read_again(town: Town, monkeypatch: pytest.MonkeyPatch):
    town.brp(persons(3, geslacht="X"), "2021-02-05")
    assert town.take_in("brp").state == "geblokkeerd"
    monkeypatch.setitem(registrations(), "brp", replace(registrations()["brp"], read=no_reading))
    assert faults(town.take_in("brp")) == ["LEV-13"]


def test_a_delivery_copied_again_with_the_same_content_is_not_read_again(town: Town, monkeypatch: pytest.MonkeyPatch):
    town.brp(persons(3), "2021-02-05")
    town.take_in("brp")
    os.utime(town.folder / "landing/GM0988/brp/2021-02-05/brp.csv", (QUIET_SINCE + 60, QUIET_SINCE + 60))
    monkeypatch.setitem(registrations(), "brp", replace(registrations()["brp"], read=no_reading))
    assert town.take_in("brp").read_now == []


def test_changed_content_is_read_again_and_the_old_rows_go(town: Town):
    town.brp(persons(3), "2021-02-05")
    first = town.take_in("brp")
    town.brp(persons(4), "2021-02-05")
    again = town.take_in("brp")
    assert [record.rijen for record in again.read_now] == [4]
    assert again.data_version != first.data_version
    assert len(list((town.folder / "kluis/bron/brp/GM0988").iterdir())) == 1


def test_a_new_contract_version_reads_again(town: Town, monkeypatch: pytest.MonkeyPatch):
    town.brp(persons(3), "2021-02-05")
    town.take_in("brp")
    monkeypatch.setattr(step, "contract_version", lambda _bron: "een andere versie")
    again = town.take_in("brp")
    assert (len(again.read_now), again.state, counted(town, again)) == (1, "in_orde", 3)


def test_a_new_key_reads_again_and_gives_other_pseudonyms(town: Town):
    town.brp(persons(3), "2021-02-05")
    old = town.take_in("brp")
    town.settings.key_file.unlink()
    new = Town(town.folder).take_in("brp")
    assert len(new.read_now) == 1
    assert new.data_version != old.data_version


def test_a_delivery_that_was_removed_from_landing_keeps_counting(town: Town):
    folder = town.deliver("brp", "2021-02-05", {"brp.csv": brp_csv(persons(3))})
    town.take_in("brp")
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()
    again = town.take_in("brp")
    assert (again.state, counted(town, again)) == ("in_orde", 3)


# --- refused: too much uitval ---


@pytest.mark.parametrize(
    ("good", "bad", "state"),
    [
        (190, 10, "in_orde"),
        (189, 10, "geblokkeerd"),
        # Two of sixteen are 12%: told, and no reason to lose a month.
        (14, 2, "in_orde"),
        (91, 9, "in_orde"),
        (2, 2, "in_orde"),
        (2, 3, "geblokkeerd"),
    ],
)
def test_more_than_5_percent_and_10_rows_of_uitval_or_more_than_half_blocks(
    town: Town, good: int, bad: int, state: str
):
    town.brp(persons(good) + [{"bsn": bsn(200 + number), "geslacht": "X"} for number in range(bad)], "2021-02-05")
    outcome = town.take_in("brp")
    assert (outcome.state, faults(outcome)) == (state, [] if state == "in_orde" else ["LEV-13"])


def test_the_message_names_the_rules_that_most_rows_broke_in_that_order(town: Town):
    broken = [{"geslacht": "X"}] * 4 + [{"postcode": "1"}] * 4 + [{"datum_aanvang_adres": "20210631"}] * 5
    broken += [{"huisnummer": "x"}] * 2
    town.brp([*persons(30), *({"bsn": bsn(200 + n)} | change for n, change in enumerate(broken))], "2021-02-05")
    (fault,) = town.take_in("brp").records[0].fouten
    words = {rule.id: rule.message for rule in registrations()["brp"].contracts["brp"].rules}
    first = " ".join(f"{rule_id}: {words[rule_id]}" for rule_id in ("BRP-18", "BRP-07", "BRP-11"))
    assert fault.toelichting == f"15 van 45 rijen (33%). Het vaakst: {first}"


def test_the_message_names_what_could_not_be_read_and_no_notice(town: Town, monkeypatch: pytest.MonkeyPatch):
    messages = [w305(n, n, "2021-01-04") for n in range(8)]
    town.wmo([*messages, *(message[:400] for message in (*messages, *messages[:2]))], "2021-02-05")
    wmo = registrations()["wmo"]

    def telling(files: list[SourceFile]) -> ReadResult:
        return replace(wmo.read(files), notices=[Fault("werkmap.xlsx", row, "LEV-53") for row in range(9)])

    monkeypatch.setitem(registrations(), "wmo", replace(wmo, read=telling))
    (fault,) = town.take_in("wmo").records[0].fouten
    assert fault.toelichting == f"10 van 18 rijen (56%). Het vaakst: LEV-20: {RULES['LEV-20'].message}"


def test_a_later_bad_upload_in_the_same_folder_keeps_the_last_good_rows(town: Town):
    town.brp(persons(3), "2021-02-05")
    first = town.take_in("brp")
    town.brp(persons(6, geslacht="X"), "2021-02-05")
    again = town.take_in("brp")
    assert (again.state, faults(again), counted(town, again)) == ("geblokkeerd", ["LEV-13"], 3)
    assert again.data_version == first.data_version
    town.brp(persons(5), "2021-02-05")
    repaired = town.take_in("brp")
    assert (repaired.state, counted(town, repaired)) == ("in_orde", 5)


def test_only_the_newest_delivery_of_a_supplier_decides_over_the_state(town: Town):
    town.brp(persons(3, geslacht="X"), "2021-02-05")
    town.brp(persons(4), "2021-03-05")
    outcome = town.take_in("brp")
    assert states(outcome) == {"2021-02-05": "geblokkeerd", "2021-03-05": "aanvaard"}
    assert (outcome.state, outcome.blocked, counted(town, outcome)) == ("in_orde", [], 4)


@pytest.mark.parametrize(("content", "rule_id"), [("", "LEV-01"), (brp_csv([]), "LEV-01"), ("bsn;x\n1;2\n", "LEV-03")])
def test_what_a_reader_refuses_blocks_the_delivery(town: Town, content: str, rule_id: str):
    town.deliver("brp", "2021-02-05", {"brp.csv": content})
    outcome = town.take_in("brp")
    assert (outcome.state, faults(outcome), outcome.accepted) == ("geblokkeerd", [rule_id], [])


# --- held: a jump in volume ---


@pytest.mark.parametrize(
    ("before", "now", "state"),
    [
        (100, 120, "aanvaard"),
        (100, 121, "vastgehouden"),
        (100, 80, "aanvaard"),
        (100, 79, "vastgehouden"),
        (50, 69, "aanvaard"),
        (50, 70, "vastgehouden"),
    ],
)
def test_a_jump_of_more_than_20_percent_holds_a_delivery_of_some_size(town: Town, before: int, now: int, state: str):
    town.brp(persons(before), "2021-02-05")
    town.brp(persons(now), "2021-03-05")
    outcome = town.take_in("brp")
    assert states(outcome) == {"2021-02-05": "aanvaard", "2021-03-05": state}
    assert faults(outcome) == ([] if state == "aanvaard" else ["LEV-14"])
    assert counted(town, outcome) == (before + now if state == "aanvaard" else before)


def agree(town: Town, outcome: Outcome) -> None:
    agree_to(town.settings.kluis, outcome.blocked[0])


def test_an_agreement_releases_exactly_the_content_that_was_held(town: Town):
    town.brp(persons(100), "2021-02-05")
    town.brp(persons(150), "2021-03-05")
    agree(town, town.take_in("brp"))
    released = town.take_in("brp")
    assert (released.state, counted(town, released)) == ("in_orde", 250)
    assert [str(record.leverdatum) for record in released.read_now] == ["2021-03-05"]
    town.brp(persons(151), "2021-03-05")
    other = town.take_in("brp")
    assert (states(other)["2021-03-05"], counted(town, other)) == ("vastgehouden", 250)


def test_what_was_accepted_stays_so_when_an_earlier_delivery_is_replaced(town: Town):
    town.brp(persons(100), "2021-02-05")
    town.brp(persons(110), "2021-03-05")
    town.take_in("brp")
    town.brp(persons(60), "2021-02-05")
    outcome = town.take_in("brp")
    assert (outcome.state, counted(town, outcome)) == ("in_orde", 170)


def test_a_held_delivery_is_no_measure_for_the_next(town: Town):
    town.brp(persons(100), "2021-02-05")
    town.brp(persons(10), "2021-03-05")
    town.brp(persons(101), "2021-04-05")
    outcome = town.take_in("brp")
    assert list(states(outcome).values()) == ["aanvaard", "vastgehouden", "aanvaard"]
    assert outcome.state == "in_orde"


# --- waiting: is the delivery complete? ---


@pytest.mark.parametrize(("seconds", "state"), [(599, "niet_geleverd"), (600, "in_orde")])
def test_without_levering_json_a_delivery_waits_until_it_was_still_for_ten_minutes(
    town: Town, monkeypatch: pytest.MonkeyPatch, seconds: int, state: str
):
    town.brp(persons(3), "2021-02-05")
    monkeypatch.setattr(step, "time", SimpleNamespace(time=lambda: QUIET_SINCE + seconds))
    outcome = town.take_in("brp")
    assert outcome.state == state
    assert outcome.left_out == ({} if seconds >= 600 else {"GM0988/2021-02-05": "LEV-24"})


def test_a_delivery_that_is_replaced_now_counts_with_its_old_rows_while_it_waits(town: Town):
    town.brp(persons(3), "2021-02-05")
    town.take_in("brp")
    town.deliver("brp", "2021-02-05", {"brp.csv": brp_csv(persons(5))}, quiet=False)
    outcome = town.take_in("brp")
    assert (outcome.left_out, counted(town, outcome)) == ({"GM0988/2021-02-05": "LEV-24"}, 3)


def test_a_delivery_that_keeps_its_promise_need_not_wait(town: Town):
    files: dict[str, str | bytes] = {"brp.csv": brp_csv(persons(3))}
    town.deliver("brp", "2021-02-05", files, promise={"records": 3}, quiet=False)
    assert town.take_in("brp").state == "in_orde"


BROKEN_PROMISES = {
    "a file is missing": '{"bestanden": [{"naam": "weg.csv"}]}',
    "another sha256": '{"bestanden": [{"naam": "brp.csv", "sha256": "00"}]}',
    "another number of records": '{"records": 4}',
    "half written": '{"bestanden": [{"na',
    "no object": "[]",
    "no list of files": '{"bestanden": null}',
    "a file without a name": '{"bestanden": [{}]}',
    "a period that is none": '{"periode": {"van": "januari", "tot": "februari"}}',
    "a period without end": '{"periode": {"van": "2021-01-01"}}',
}


@pytest.mark.parametrize("manifest", BROKEN_PROMISES.values(), ids=BROKEN_PROMISES.keys())
def test_a_broken_promise_waits_while_fresh_blocks_when_quiet_and_is_forgotten_when_corrected(
    town: Town, manifest: str
):
    files: dict[str, str | bytes] = {"brp.csv": brp_csv(persons(3)), "levering.json": manifest}
    town.deliver("brp", "2021-02-05", files, quiet=False)
    fresh = town.take_in("brp")
    assert (fresh.state, fresh.left_out) == ("niet_geleverd", {"GM0988/2021-02-05": "LEV-24"})
    town.deliver("brp", "2021-02-05", files)
    quiet = town.take_in("brp")
    assert (quiet.state, faults(quiet), quiet.accepted) == ("geblokkeerd", ["LEV-12"], [])
    town.settings.landing.write(MANIFEST, b'{"records": 3, "periode": {"van": "2021-01-01", "tot": "2021-01-31"}}')
    corrected = town.take_in("brp")
    assert (corrected.state, counted(town, corrected)) == ("in_orde", 3)
    assert (period_of(corrected.records[0]), len(corrected.read_now)) == (["2021-01-01", "2021-01-31"], 1)


def test_the_promised_number_of_records_counts_uitval_and_rows_of_elsewhere_too(town: Town):
    rows = [*persons(30), {"bsn": 31, "geslacht": "X"}, {"bsn": 32, "gemeentecode": "0946"}]
    town.deliver("brp", "2021-02-05", {"brp.csv": brp_csv(rows)}, promise={"records": 32})
    assert town.take_in("brp").state == "in_orde"


def test_a_promised_file_name_is_told_without_long_numbers(town: Town):
    manifest = json.dumps({"bestanden": [{"naam": f"client_{bsn(1)}.csv"}]})
    town.deliver("brp", "2021-02-05", {"brp.csv": brp_csv(persons(3)), "levering.json": manifest})
    assert town.take_in("brp").records[0].fouten[0].bestand == "client_*********.csv"


# --- left out: no date, the future, the past ---


@pytest.mark.parametrize(
    "name", ["20210205", "2021-W05-5", "2021-02-31", "5-2-2021", "0001-01-01", "0021-02-05", "nieuw"]
)
def test_a_folder_that_is_not_called_after_a_day_is_left_out_and_reported(town: Town, name: str):
    town.brp(persons(3), "2021-02-05")
    town.brp(persons(4), name)
    outcome = town.take_in("brp")
    assert (states(outcome), outcome.state) == ({"2021-02-05": "aanvaard"}, "in_orde")
    assert outcome.strange == {f"GM0988/brp/{name}": "LEV-15"}


def test_a_delivery_dated_after_the_stand_is_left_out_and_reported(town: Town):
    town.brp(persons(3), "2021-02-05")
    town.brp(persons(4), "2021-02-06")
    outcome = town.take_in("brp", stand="2021-02-05")
    assert states(outcome) == {"2021-02-05": "aanvaard"}
    assert outcome.left_out == {"GM0988/2021-02-06": "LEV-15"}


def test_a_stand_in_the_past_uses_earlier_deliveries_and_loses_no_later_result(
    town: Town, monkeypatch: pytest.MonkeyPatch
):
    town.brp(persons(3), "2021-02-05")
    town.brp(persons(4), "2021-03-05")
    now = town.take_in("brp")
    past = town.take_in("brp", stand="2021-02-28")
    overview = pl.read_parquet(town.folder / "kluis/bron/leveringen_brp.parquet")
    assert overview["leverdatum"].cast(pl.String).to_list() == ["2021-02-05"]
    assert counted(town, past) == 3
    monkeypatch.setitem(registrations(), "brp", replace(registrations()["brp"], read=no_reading))
    again = town.take_in("brp")
    assert (again.records, counted(town, again)) == (now.records, 7)


# --- a record of ours that is damaged ---


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"5", b"\xff", b'{"leverancier": "GM0988"}', b"[" * 100_000])
def test_a_damaged_record_blocks_its_registration_and_is_told_with_a_remedy(town: Town, content: bytes):
    town.brp(persons(3), "2021-02-05")
    town.take_in("brp")
    overview = town.settings.kluis.read("bron/leveringen_brp.parquet")
    place = "leveringen/brp/GM0988/2021-02-05.json"
    town.settings.kluis.write(place, content)
    with environment(town.environment()), dg.DagsterInstance.ephemeral() as instance:
        step = [registration_assets(registrations()["brp"])]
        result = dg.materialize(
            step, resources={"night": night_resource}, instance=instance, tags={STAND_TAG: "2021-03-01"}
        )
    (check,) = [one for one in result.get_asset_check_evaluations() if one.check_name == STATE_CHECK]
    assert (result.success, check.passed) == (True, False)
    assert f"{place} in de kluis is beschadigd; verwijder dit bestand" in str(check.description)
    # What it had read counts on, and the remedy works.
    assert town.settings.kluis.read("bron/leveringen_brp.parquet") == overview
    town.settings.kluis.remove(place)
    assert town.take_in("brp").state == "in_orde"


@pytest.mark.parametrize("how", ["cut", "gone", "written over"])
def test_good_rows_that_are_damaged_are_read_again_from_landing(town: Town, how: str):
    town.brp(persons(3), "2021-02-05")
    outcome = town.take_in("brp")
    stored = town.folder / "kluis" / outcome.accepted[0].tabellen["brp"]
    content = stored.read_bytes()

    def damage() -> None:
        if how == "gone":
            stored.unlink()
        elif how == "cut":
            stored.write_bytes(content[:100])
        else:
            pl.read_parquet(stored).head(1).write_parquet(stored)

    damage()
    again = town.take_in("brp")
    assert (again.state, counted(town, again), stored.read_bytes()) == ("in_orde", 3, content)
    # No longer in landing: nothing is made up, and it is told what to do.
    shutil.rmtree(town.folder / "landing")
    assert town.take_in("brp").state == "in_orde"
    damage()
    with pytest.raises(DamagedError, match=r"^bron/brp/.* is beschadigd of weg, .* zet het terug uit een kopie"):
        town.take_in("brp")
