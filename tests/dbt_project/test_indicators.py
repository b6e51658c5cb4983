"""What a figure is stands in columns of indicatoren.csv: nothing is told by a part of its name, and the attacker's own
list says the same."""

import re

import pytest

from assets.ground.indicatoren import (
    flow_months,
    flows,
    indicatoren,
    moves,
    not_every_month,
    public_of,
    stock_then,
    uses,
)
from assets.ground.settings import PROJECT
from assets.protection.sdc import load_sdc
from validations.disclosure import links, reader
from validations.language import seeds


def test_the_attacker_keeps_the_same_list():
    assert {use.name: use.months for use in uses()} == links.USES
    assert list(links.USES) == [use.name for use in uses()]
    assert tuple(flow.name for flow in flows()) == links.FLOWS
    assert [flow.sign for flow in flows()] == [1, -1, 1, -1]
    assert {move for move in moves() if indicatoren()[move].public} == set(links.MOVED)
    assert flow_months() == links.QUARTER


def test_the_attacker_bounds_by_residents_who_is_placed_on_the_peildatum():
    """Who left is no resident any more; of the Wajong others count."""
    rows = seeds.by("indicatoren.csv", "indicator")
    here = [*public_of("stand"), *(use for use in uses() if use.months == 1), *(f for f in flows() if f.sign > 0)]
    persons = {known.name for known in here if rows[known.name]["eenheid"] in ("personen", "huishoudens")}
    assert persons - set(links.REGIMES) == set(reader.PERSONS)
    assert set(links.REGIMES) == {name for name, row in rows.items() if row["alleen_regeling"] == "wajong"}


def test_what_a_figure_is_counted_from_follows_from_its_columns():
    known = indicatoren()
    assert known["gebruik_jaar"].counted_from == tuple(range(1, 12))
    assert known["instroom_kwartaal"].counted_from == (3,)
    assert known["clienten"].counted_from == known["gebruik"].counted_from == ()
    assert stock_then() == "stand_vorig_kwartaal"
    assert not_every_month() == {
        name: one.every for name, one in known.items() if one.kind != "aanbod" and one.every in (3, 6, 12)
    }
    # Each period is whole ones of the one before: the rules between them count on it.
    assert all(longer.months % part.every == 0 for part, longer in zip(uses(), uses()[1:], strict=False))


def test_every_published_indicator_is_of_the_seed_and_public_there():
    sdc = load_sdc()
    shown = set(sdc.supply).union(*(level for grid in sdc.grids.values() for level in grid.values()))
    assert shown == {name for name, known in indicatoren().items() if known.public}


def test_no_rule_reads_a_part_of_the_name_of_an_indicator():
    read = re.compile(r"indicator\b[^\n]{0,40}(like '|starts_with|ends_with|startswith|endswith|str\.contains)")
    files = [*PROJECT.glob("dbt_project/*/**/*.sql"), *PROJECT.glob("dbt_project/models/**/*.yml")]
    files += [file for room in ("assets", "validations", "orchestration") for file in (PROJECT / room).rglob("*.py")]
    files = [file for file in files if "target" not in file.parts]
    assert len(files) > 200
    assert [file.name for file in files if read.search(file.read_text(encoding="utf-8"))] == []
    assert read.search("when indicatoren.indicator like '%_kwartaal'")
    assert read.search('pl.col("indicator").str.ends_with(end)')


@pytest.mark.parametrize(
    ("column", "value", "why"),
    [
        ("soort", "gebruk", "gebruik_jaar is of soort gebruk, which is none of stand, stroom"),
        ("maanden", "", "gebruik_jaar has no number as maanden"),
        ("om_de_maanden", "jaar", "gebruik_jaar has no number as om_de_maanden"),
        ("teken", "-", "gebruik_jaar has no number as teken"),
    ],
)
def test_an_indicator_that_does_not_say_what_it_is_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, column: str, value: str, why: str
):
    row = seeds.by("indicatoren.csv", "indicator")["gebruik_jaar"] | {column: value}
    monkeypatch.setattr(seeds, "rows", lambda _name: [row])
    with pytest.raises(ValueError, match=f"seeds/indicatoren.csv: {why}"):
        indicatoren.__wrapped__()
