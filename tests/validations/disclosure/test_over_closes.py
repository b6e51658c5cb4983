"""Several closes after each other: what they tell together is found by the audit, and protection leaves nothing of it.

Of one figure by itself: test_lock.py. Nights are run as in test_audit.py (tests/making/closes.py).
"""

import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from assets.ground.state import recall
from assets.protection import together
from assets.protection.cells import BELOW, HIDDEN, KEY, PUBLISHED
from assets.protection.sdc import load_sdc, settings_mark
from assets.publication import ledger
from tests.making.closes import Closes
from tests.protection.test_protect import changed_settings
from tests.validations.disclosure.counting import SCHEMA
from tests.validations.disclosure.gemeente import Gemeente, gemeente
from tests.validations.disclosure.test_attack_by_hand import place
from tests.validations.disclosure.trial import UNLINKED
from validations.disclosure.attack import attack

DAYS = (date(2022, 3, 31), date(2022, 4, 30), date(2022, 5, 31), date(2022, 6, 30))
CLOSES = (date(2022, 5, 20), date(2022, 6, 20), date(2022, 7, 20))

# --- by hand: three wijken and their gemeente, clients only ---

WIJKEN = ("WK099901", "WK099902", "WK099903")


def village(*clients: int) -> Gemeente:
    """The clients of the three wijken on 30 April."""
    levels = [("GM0999", "gemeente", None, sum(clients))]
    levels += [(code, "wijk", "GM0999", count) for code, count in zip(WIJKEN, clients, strict=True)]
    schema = {"gebiedscode": pl.String, "gebiedsniveau": pl.String, "ouder_code": pl.String, "aantal": pl.Int64}
    rows = pl.DataFrame(levels, schema=schema, orient="row").with_columns(
        gemeentecode=pl.lit("GM0999"), gebiedsnaam="gebiedscode", indelingsjaar=pl.lit(2022, pl.Int32)
    )
    figures = rows.with_columns(
        peildatum=pl.lit(DAYS[1]),
        leeftijdsgroep=pl.lit("totaal"),
        uitsplitsing=pl.lit(""),
        indicator=pl.lit("clienten"),
        eenheid=pl.lit("personen"),
        status=pl.lit("geleverd"),
        noemer=pl.lit(500),
        huishoudens=pl.lit(99),
        grootste_adres=pl.lit(1),
    )
    residents = figures.select("gebiedscode", "peildatum", "leeftijdsgroep", inwoners=pl.lit(500))
    return Gemeente({"wmo": figures.select(pl.col(n).cast(t) for n, t in SCHEMA.items())}, rows, residents)


def of(made: Closes) -> dict[str, tuple[str, int | None]]:
    """What is public of each area."""
    rows = made.known.filter(pl.col("peildatum") == DAYS[1])
    return {code: (status, value) for code, status, value in rows.select("gebiedscode", *SHOWS).iter_rows()}


SHOWS = ("publicatiestatus", "waarde")
HUSHED = ((7, 17, 16), (12, 17, 16))  # 4..9 by the sums of the first close; shown as 10 at the second, it was at most 7
FALLEN = ((10, 17, 17), (5, 22, 12))  # first 10, then hidden, so at most 7; 4..9 by the sums of the second close


def run(folder: Path, *known: Gemeente) -> Closes:
    """Closes after each other; each is safe, and public but for the last."""
    made = Closes(folder)
    for number, town in enumerate(known):
        made.compute(town, CLOSES[number])
        if number < len(known) - 1:
            assert made.audit()["reden"] == ""
            made.publish()
    return made


def test_what_would_tell_of_an_earlier_close_tells_nothing(tmp_path: Path):
    made = run(tmp_path, *(village(*clients) for clients in HUSHED))
    assert of(made)["WK099901"] == (BELOW, None)
    assert made.audit()["reden"] == ""
    assert recall(made.work, "toestand/beveiliging_samen")["verzwegen"] == 1
    made.publish()
    assert of(made)["WK099901"] == (HIDDEN, None)
    assert of(made)["GM0999"] == (PUBLISHED, 45)


def test_shown_it_is_found_in_the_earlier_close(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(together, "_given_away", lambda cells, *_, **__: cells.select(KEY).clear())
    made = run(tmp_path, *(village(*clients) for clients in HUSHED))
    assert made.audit()["reden"].startswith("de audit vond 1 van 3 stelsels onveilig")


def test_ten_and_then_hidden_is_at_most_seven(tmp_path: Path):
    made = run(tmp_path, *(village(*clients) for clients in FALLEN))
    assert made.audit()["reden"] == ""
    made.publish()
    assert of(made)["WK099901"] == (BELOW, None)
    assert of(made)["WK099903"] == (HIDDEN, None)  # the smallest beside it


def test_protection_that_does_not_know_of_the_lock_is_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    nothing = {name: pl.lit(None, pl.Int64) for name in ("van", "tot")}
    monkeypatch.setattr(together, "with_told", lambda public, *_: public.with_columns(**nothing))
    made = run(tmp_path, *(village(*clients) for clients in FALLEN))
    assert made.audit()["reden"].startswith("de audit vond 1 van 3 stelsels onveilig")


def test_a_larger_step_tells_more_and_its_status_less(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """With a `revisie_min` of 10 "10, then kleiner_dan_drempel" would leave 0 to 2."""
    with_settings(monkeypatch, changed_settings(tmp_path, {"revisie_min": 10}))
    made = run(tmp_path, village(12, 40, 40), village(2, 40, 40))
    assert made.audit()["reden"] == ""
    made.publish()
    assert of(made)["WK099901"] == (HIDDEN, None)
    assert made.known.filter(pl.col("gebiedscode") == "WK099901").get_column("reden").to_list() == ["stil"]


def with_settings(monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    monkeypatch.setattr(load_sdc, "__defaults__", (file, None))
    monkeypatch.setattr(settings_mark, "__defaults__", (file,))


def test_the_attack_takes_what_other_closes_tell():
    figures = place(("wmo", "G", 26, 25, 0), ("wmo", "A", 19, None, 0), ("wmo", "B", 7, None, 0))
    status = pl.when(pl.col("gebiedscode") == "WK099901").then(pl.lit(HIDDEN)).otherwise("publicatiestatus")
    published, areas, residents, truth = figures
    own = pl.col("gebiedscode") == "WK099902"
    for low, high, room, found in ((0, 9, 0, []), (0, 7, 0, []), (4, 7, 0, [(4, 7)]), (4, 7, 1, [])):
        told = published.with_columns(
            publicatiestatus=status, van=pl.when(own).then(low), tot=pl.when(own).then(high), ruimte=pl.lit(room)
        )
        assert attack(told, areas, residents, truth, UNLINKED).cells.select("lo", "hi").rows() == found


# --- by hand: clients by age of youth care, which alone counts together ---


def by_age(youth: tuple[int | None, ...], unique: tuple[int, ...], total: int) -> Gemeente:
    """On 30 April clients of 0-14, 15-24 and 25-44 (None: `nvt`) of jeugdzorg and in all; `total` of them."""
    whole = village(total, 0, 0)
    areas = whole.areas.filter(pl.col("gebiedsniveau") == "gemeente")
    row = whole.figures["wmo"].filter(pl.col("gebiedsniveau") == "gemeente")

    def table(counts: tuple[int | None, ...]) -> pl.DataFrame:
        groups = zip(("totaal", "0-14", "15-24", "25-44"), (total, *counts), strict=True)
        return pl.concat(
            row.with_columns(
                leeftijdsgroep=pl.lit(group),
                aantal=pl.lit(count, pl.Int64),
                status=pl.lit("nvt" if count is None else "geleverd"),
            )
            for group, count in [
                *groups,
                ("45-64", None if None in counts else 0),
                ("65+", None if None in counts else 0),
            ]
        )

    figures = {"jeugdzorg": table(youth), "totaal": table(unique)}
    residents = figures["totaal"].select("gebiedscode", "peildatum", "leeftijdsgroep", inwoners=pl.lit(500))
    return Gemeente(figures, areas, residents, counted=("jeugdzorg",))


def test_a_law_whose_ages_are_known_later_says_nothing_untrue_of_any_close(tmp_path: Path):
    """Who is of another age goes to `onbekend`; the figures of then stay, and hold nobody."""
    made = run(
        tmp_path,
        by_age((40, 30, 12), (40, 30, 12), 82),
        # Of the 42 under 25, 22 are older than the law is for.
        by_age((50, 20, None), (50, 42, 12), 104),
        by_age((60, 10, None), (60, 32, 20), 112),
    )
    assert made.audit()["reden"] == ""
    made.publish()
    jeugd = made.known.filter(pl.col("tabel") == "monitor_jeugdzorg", pl.col("indicator") == "clienten")
    told = {age: (status, value) for age, status, value in jeugd.select("leeftijdsgroep", *SHOWS).iter_rows()}
    assert told["15-24"] == (PUBLISHED, 10)
    assert told["25-44"] == (PUBLISHED, 10)


# --- what really happens between closes ---


def town(number: int, **changes) -> Gemeente:
    """The gemeente as it is known at a close: everywhere a few clients came or went."""
    return gemeente(7, 1300, 3, DAYS, night=number, apart=True, **changes)


def late(known: Gemeente, number: int) -> Gemeente:
    """April of wwb comes after the first close."""
    absent = (pl.col("peildatum") == DAYS[1]) & pl.lit(number == 0)
    wwb = known.figures["wwb"].with_columns(
        status=pl.when(absent).then(pl.lit("niet_geleverd")).otherwise("status"),
        aantal=pl.when(~absent).then("aantal"),
    )
    # What is over all regelingen waits for it.
    total = known.figures["totaal"].with_columns(
        status=pl.when(absent).then(pl.lit("niet_geleverd")).otherwise("status"),
        aantal=pl.when(~absent).then("aantal"),
    )
    return replace(known, figures=known.figures | {"wwb": wwb, "totaal": total})


SCENARIOS = {
    "a late delivery": lambda number: late(town(number), number),
    "households that lived elsewhere": lambda number: town(number, moved=8 * number),
    "persons who were forgotten": lambda number: town(number, forgotten=6 * number),
    "another union set": lambda number: town(number, linked=3 if number != 1 else 2),
    "a smaller union set": lambda number: town(number, linked=3 - min(number, 1)),
}


@pytest.mark.parametrize("known", SCENARIOS.values(), ids=SCENARIOS)
def test_every_close_is_safe_and_tries_those_before_it(known, tmp_path: Path):
    made, tried = Closes(tmp_path), []
    for number, stand in enumerate(CLOSES):
        made.compute(known(number), stand)
        told = made.audit()
        assert (told["reden"], told["smalste"]) == ("", load_sdc().width)
        assert recall(made.work, "toestand/beveiliging_samen")["al_bekend"] == 0
        tried.append(told["aangevallen"])
        made.publish()
    assert tried[0] > 50
    assert tried[2] > tried[1] > tried[0]
    every = ledger.every(made.night.settings.kluis)
    assert every.filter(pl.len().over(KEY) > 1).height > 20


@pytest.mark.parametrize("thresholds", [(10, 15, 15), (10, 15, 10), (15, 10, 10)])
def test_with_another_threshold_on_the_way(thresholds: tuple, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    made = Closes(tmp_path)
    for number, stand in enumerate(CLOSES):
        with_settings(monkeypatch, changed_settings(tmp_path, {"drempel": thresholds[number]}))
        made.compute(town(number), stand)
        assert made.audit()["reden"] == ""
        made.publish()


def test_two_runs_of_one_day_on_other_residents_are_two_systems(tmp_path: Path):
    """The first knew of wmo only; by the second, households turned out to live elsewhere."""
    made = Closes(tmp_path)
    first, second = town(0), town(0, moved=30)
    made.compute(replace(first, figures={"wmo": first.figures["wmo"]}, counted=()), CLOSES[0])
    made.publish()
    made.compute(second, CLOSES[0])
    assert made.audit()["reden"] == ""
    made.publish()
    assert ledger.names(made.night.settings.kluis) == ["2022-05-20", "2022-05-20-2"]
    made.compute(town(1, moved=30), CLOSES[1])
    assert made.audit()["reden"] == ""


# --- many gemeenten ---

SIZES = (800, 15_000)


def many(seed: int, folder: Path) -> tuple[int, int, int]:
    """Three closes of a gemeente with everything that happens; figures attacked, hidden to be silent, known before."""
    share = (seed * 37 % 100) / 100
    inhabitants = round(SIZES[0] * (SIZES[1] / SIZES[0]) ** share)
    made, attacked, silent = Closes(folder), 0, [0, 0]
    for number, stand in enumerate(CLOSES):
        known = gemeente(
            seed,
            inhabitants,
            3,
            DAYS,
            linked=3 if seed % 2 else 0,
            night=number,
            apart=seed % 3 == 0,
            moved=5 * number,
            forgotten=3 * number,
        )
        made.compute(late(known, number) if seed % 4 == 1 else known, stand)
        told = made.audit()
        assert (told["reden"], told["smalste"]) == ("", load_sdc().width), (seed, stand)
        attacked += told["aangevallen"]
        done = recall(made.work, "toestand/beveiliging_samen")
        silent = [silent[0] + done.get("verzwegen", 0), silent[1] + done.get("al_bekend", 0)]
        made.publish()
    return attacked, silent[0], silent[1]


@pytest.mark.parametrize("seed", range(500, 506))
def test_nobody_is_found_over_three_closes(seed: int, tmp_path: Path):
    attacked, _, known_before = many(seed, tmp_path)
    assert attacked > 200
    assert known_before == 0


@pytest.mark.lang
@pytest.mark.parametrize("seed", range(int(os.environ.get("MEERDOEN_GEMEENTEN", "200"))))
def test_nobody_is_found_over_three_closes_of_many_gemeenten(seed: int, tmp_path: Path):
    attacked, _, known_before = many(seed, tmp_path)
    assert attacked > 100
    assert known_before == 0
