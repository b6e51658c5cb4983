"""A delivery with too much uitval is refused, one with a jump in volume is held until somebody agrees."""

from dataclasses import replace

import pytest

from assets.intake.acceptance import agree_to
from assets.readers import Fault, ReadResult, SourceFile
from assets.record.records import Outcome
from assets.registrations.declaration import registrations
from tests.making.outcomes import counted, faults, persons, states
from tests.making.town import Town, brp_csv, bsn, w305
from validations.language.delivery import RULES

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
