"""A delivery is read when it is complete and of a day that counts; else it waits, or is left out and reported."""

import json
from dataclasses import replace
from types import SimpleNamespace

import polars as pl
import pytest

from assets.intake import step
from assets.registrations.declaration import registrations
from tests.making.outcomes import counted, faults, no_reading, persons, states
from tests.making.town import Town, brp_csv, bsn, period_of

QUIET_SINCE = 1_600_000_000  # town.deliver dates its files so
MANIFEST = "GM0988/brp/2021-02-05/levering.json"


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
