"""The monthly close and the ledger: what is set when, and that nothing public changes for a small change."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from assets.ground.declared import BREAKDOWN
from assets.ground.zones import Zone
from assets.protection.cells import ENTRY, KEY
from assets.protection.close import closing_months, is_due, set_now
from assets.publication import ledger
from assets.publication.tables import ORIGIN
from tests.making.figures import CLIENTS, areas, figures, residents
from tests.making.publishing import NOTHING, cells, night


@pytest.mark.parametrize(
    ("stand", "last", "due"),
    [
        ("2022-07-03", None, True),
        ("2022-07-14", "2022-06-15", False),
        ("2022-07-15", "2022-06-15", True),
        ("2022-07-16", "2022-07-15", False),
        ("2022-08-03", "2022-06-20", True),
        ("2022-07-20", "2022-06-30", True),
        ("2022-07-10", "2022-07-03", False),
        ("2023-01-15", "2022-12-15", True),
        ("2022-06-01", "2022-07-15", False),
    ],
)
def test_a_close_is_the_first_night_on_or_after_the_fifteenth(stand: str, last: str | None, due: bool):
    assert is_due(date.fromisoformat(stand), date.fromisoformat(last) if last else None) is due


def test_a_first_night_closes_all_months_that_ended_before_this_month():
    until, due = closing_months(NOTHING, ["GM0999"], date(2022, 7, 3))
    assert (until, due) == ({"GM0999": date(2022, 6, 30)}, True)
    made = cells(figures(), areas(), residents(), stand=date(2022, 5, 20))
    assert made.get_column("peildatum").max() == date(2022, 4, 30)
    assert made.get_column("vers").all()


FIRST, BETWEEN, NEXT = date(2022, 6, 20), date(2022, 7, 10), date(2022, 7, 20)


def known_after_first() -> pl.DataFrame:
    return night(NOTHING, cells(figures(), areas(), residents(), stand=FIRST), FIRST)


def run(clients: dict, stand: date, known: pl.DataFrame) -> pl.DataFrame:
    return night(known, cells(figures(clients), areas(), residents(), known=known, stand=stand), stand)


def changed(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """The public figures of closed months that differ."""
    public = ["waarde", "publicatiestatus", "noemer"]
    both = before.join(after, on=KEY, suffix="_na")
    return both.filter(pl.any_horizontal(pl.col(c).ne_missing(pl.col(f"{c}_na")) for c in public))


def plus(number: int) -> dict:
    """A buurt of 131 clients with some more."""
    return CLIENTS | {"BU09990201": (4, 11, 25, 31, 60 + number)}


def test_between_closes_nothing_changes_and_no_month_is_added():
    known = known_after_first()
    assert run(plus(50), BETWEEN, known).equals(known)
    assert known.get_column("peildatum").max() == date(2022, 5, 31)


@pytest.mark.parametrize("due", [False, True])
def test_an_indicator_that_is_new_waits_for_a_close_where_the_gemeente_is_public(due: bool):
    """So the gate expects it no sooner. What a withdrawn edition showed is set at once."""
    by = ["gemeentecode", "indicator"]
    known = pl.DataFrame([("GM0001", "clienten")], by, orient="row")
    seen = pl.DataFrame([("GM0001", "gebruik")], by, orient="row")
    rows = [("GM0001", "clienten"), ("GM0001", "gebruik"), ("GM0001", "nieuw"), ("GM0002", "nieuw")]
    now = set_now(pl.DataFrame(rows, by, orient="row"), known, seen, due=due)
    assert sorted(now.rows()) == [row for row in rows if due or row != ("GM0001", "nieuw")]


@pytest.mark.parametrize(("number", "changes"), [(1, False), (4, False), (-4, False), (5, True), (-5, True)])
def test_at_a_close_a_figure_changes_only_for_a_true_change_of_five(number: int, changes: bool):
    known = known_after_first()
    after = run(plus(number), NEXT, known)
    assert after.get_column("peildatum").max() == date(2022, 6, 30)
    moved = changed(known, after)
    own = moved.filter(pl.col("gebiedscode") == "BU09990201", pl.col("indicator") == "clienten")
    assert (own.height > 0) is changes
    assert moved.filter((pl.col("aantal") - pl.col("aantal_na")).abs() < 5).is_empty()


def test_small_changes_do_not_add_up_unseen():
    """A figure is held against the count it was set on, not against that of the night before."""
    known = known_after_first()
    for number, stand in ((3, date(2022, 7, 20)), (4, date(2022, 8, 20)), (6, date(2022, 9, 20))):
        after = run(plus(number), stand, known)
        own = changed(known, after).filter(pl.col("gebiedscode") == "BU09990201", pl.col("indicator") == "clienten")
        assert (own.height > 0) is (number >= 5)
        known = after


def test_from_not_delivered_to_a_figure_is_a_first_publication_at_the_next_close():
    absent = pl.col("peildatum") == date(2022, 5, 31)
    late = figures().with_columns(
        status=pl.when(absent).then(pl.lit("niet_geleverd")).otherwise("status"),
        aantal=pl.when(absent).then(None).otherwise("aantal"),
    )
    known = night(NOTHING, cells(late, areas(), residents(), stand=FIRST), FIRST)
    may = pl.col("peildatum") == date(2022, 5, 31)
    assert set(known.filter(may).get_column("publicatiestatus")) == {"niet_geleverd"}
    assert run(CLIENTS, BETWEEN, known).equals(known)
    after = run(CLIENTS, NEXT, known)
    assert "gepubliceerd" in after.filter(may).get_column("publicatiestatus")
    assert changed(known, after).filter(~may).is_empty()


def test_a_withdrawn_delivery_takes_no_public_figure_back():
    known = known_after_first()
    gone = figures().with_columns(status=pl.lit("niet_geleverd"), aantal=pl.lit(None, pl.Int64))
    after = night(known, cells(gone, areas(), residents(), known=known, stand=NEXT), NEXT)
    assert changed(known, after).is_empty()


def test_a_month_keeps_the_areas_in_which_it_was_published():
    known = known_after_first()
    year = pl.lit(2023, pl.Int32)
    redrawn = figures().with_columns(indelingsjaar=year)
    made = cells(redrawn, areas().with_columns(indelingsjaar=year), residents(), known=known, stand=NEXT)
    assert set(made.get_column("peildatum")) == {date(2022, 6, 30)}


def test_a_gemeente_that_joins_later_closes_its_months_at_once():
    other = figures().with_columns(
        gemeentecode=pl.lit("GM0998"), gebiedscode=pl.col("gebiedscode").str.replace("0999", "0998")
    )
    both = pl.concat([figures(), other])
    place = areas().with_columns(
        gemeentecode=pl.lit("GM0998"),
        gebiedscode=pl.col("gebiedscode").str.replace("0999", "0998"),
        ouder_code=pl.col("ouder_code").str.replace("0999", "0998"),
    )
    known = known_after_first()
    made = cells(both, pl.concat([areas(), place]), residents(), known=known, stand=BETWEEN)
    assert set(made.filter("vers").get_column("gemeentecode")) == {"GM0998"}
    assert made.filter("vers").get_column("peildatum").max() == date(2022, 5, 31)


# --- the ledger ---


@pytest.fixture
def kluis(tmp_path: Path) -> Zone:
    return Zone(str(tmp_path / "kluis"), private=True)


NO_ORIGIN = pl.DataFrame(schema=ORIGIN)
AUDIT = {"stand": "2022-06-20", "aangevallen": 12, "smalste": 4}


def origin(month: str, leverdatum: str) -> pl.DataFrame:
    values = {"tabel": "monitor_wmo", "gemeentecode": "GM0999", "peildatum": date.fromisoformat(month)}
    values |= {"levering": leverdatum, "levermaand": leverdatum[:7]}
    return pl.DataFrame([values], schema=ORIGIN)


def test_the_ledger_gives_the_last_entry_of_each_figure_as_of_a_day(kluis: Zone):
    first = known_after_first()
    ledger.append(kluis, FIRST, first, origin("2022-05-31", "2022-06-10"), AUDIT)
    second = run(plus(9), NEXT, first)
    new = second.filter(pl.col("sluiting") == NEXT)
    ledger.append(kluis, NEXT, new, origin("2022-06-30", "2022-07-10"), AUDIT)
    assert ledger.names(kluis) == ["2022-06-20", "2022-07-20"]
    assert ledger.current(kluis).equals(second.select(list(ENTRY)))
    assert ledger.current(kluis, date(2022, 7, 19)).equals(first.select(list(ENTRY)))
    assert ledger.origin(kluis, NO_ORIGIN).get_column("levermaand").to_list() == ["2022-06", "2022-07"]
    assert ledger.origin(kluis, NO_ORIGIN, date(2022, 7, 1)).height == 1


def test_the_origin_of_a_month_is_that_of_the_run_that_set_it_last(kluis: Zone):
    ledger.append(kluis, FIRST, NOTHING, origin("2022-05-31", "2022-06-10"), AUDIT)
    rows = ledger.origin(kluis, origin("2022-05-31", "2022-07-10"))
    assert rows.get_column("levermaand").to_list() == ["2022-07"]


def test_what_a_close_wrote_of_before_there_were_identifiers_is_told_with_them(kluis: Zone):
    old = origin("2022-05-31", "2022-06-10").drop("levering", "levermaand")
    old = old.with_columns(leverdatum=date(2022, 6, 10), sha256=pl.lit("0" * 64))
    ledger.append(kluis, FIRST, NOTHING, old, AUDIT)
    rows = ledger.origin(kluis, origin("2022-06-30", "2022-07-10"))
    assert rows.columns == list(ORIGIN)
    first, second = rows.sort("peildatum").select("levering", "levermaand").rows()
    assert (first[1], second) == ("2022-06", ("2022-07-10", "2022-07"))
    assert len(first[0]) == 16


def test_the_ledger_is_never_rewritten(kluis: Zone):
    ledger.append(kluis, FIRST, known_after_first(), NO_ORIGIN, AUDIT)
    files = {file.path: kluis.read(file.path) for file in kluis.files("grootboek")}
    ledger.append(kluis, FIRST, NOTHING, NO_ORIGIN, AUDIT)
    assert ledger.names(kluis) == ["2022-06-20", "2022-06-20-2"]
    assert {path: kluis.read(path) for path in files} == files
    assert ledger.current(kluis).height == known_after_first().height
    assert ledger.last_audit(kluis, FIRST) == AUDIT
    assert ledger.last_audit(kluis, date(2022, 6, 19)) == {}


def test_a_ledger_from_before_tables_had_key_columns_of_their_own_is_read_as_it_was(tmp_path: Path):
    kluis, rows = Zone(str(tmp_path)), known_after_first()
    ledger.append(kluis, FIRST, rows, pl.DataFrame(schema=ORIGIN), {})
    file = tmp_path / "grootboek" / f"{FIRST}.parquet"
    old = pl.read_parquet(file)
    old.drop(BREAKDOWN).write_parquet(file)
    assert ledger.current(kluis).equals(old.select(list(ENTRY)).sort(KEY))
    assert ledger.every(kluis).get_column(BREAKDOWN).unique().to_list() == [""]
