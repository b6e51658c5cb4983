"""The mart gives every provision the kind of help and the line that the reference gives it, month by month."""

from collections import Counter

import duckdb
import pytest

from tests.dbt_project.reference import traps_kinds
from tests.dbt_project.reference.coverage import months
from tests.dbt_project.reference.facts import Facts
from tests.dbt_project.reference.measures import EVENTS, REGELINGEN, SPELLS, figures
from tests.dbt_project.reference.real import differences, mart, not_accepted, run_night, summary, write
from tests.dbt_project.reference.soorten import lijn_of, soort_of
from tests.dbt_project.reference.village import Village, world
from tests.making.town import Town

VILLAGES = {trap.__name__: Village(index) for index, trap in enumerate(traps_kinds.TRAPS, start=1)}
for trap in traps_kinds.TRAPS:
    trap(VILLAGES[trap.__name__])
FACTS = world(VILLAGES.values())


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    made = Town(tmp_path_factory.mktemp("soorten"), FACTS.gemeenten)
    write(FACTS, made)
    run_night(FACTS, made)
    assert not_accepted(made) == []
    return made


def kinds(facts: Facts) -> Counter:
    """How many provisions of a person count in a month, by regeling, gemeente, kind and line."""
    found: Counter = Counter()
    for gemeente in facts.gemeenten:
        for regeling, spells in SPELLS.items():
            for spell in spells(facts, gemeente):
                kind = soort_of(regeling, spell)
                for month in months(facts, REGELINGEN):
                    if spell.touches(month) if regeling in EVENTS else spell.active_on(month):
                        found[regeling, gemeente, month, kind, lijn_of(regeling, kind)] += 1
    return found


def kinds_of(town: Town) -> Counter:
    """The same in the mart, of each actief_<regeling>."""
    found: Counter = Counter()
    with duckdb.connect(str(town.settings.work / "kluis.duckdb"), read_only=True) as connection:
        for regeling in SPELLS:
            rows = connection.execute(
                f"""select gemeentecode, peildatum, soort, lijn, count(*) from mart.actief_{regeling}
                    where telt_mee group by all"""
            ).fetchall()
            found |= {(regeling, *row[:4]): row[4] for row in rows}
    return found


def test_every_provision_has_its_kind_and_line(town: Town):
    wanted, got = kinds(FACTS), kinds_of(town)
    missing, extra = wanted - got, got - wanted
    assert not missing, sorted(map(str, missing.items()))[:20]
    assert not extra, sorted(map(str, extra.items()))[:20]
    assert len({(regeling, kind) for regeling, _, _, kind, _ in got}) > 25


def test_the_figures_are_those_of_before(town: Town):
    """Who has two kinds is one client."""
    wanted = figures(FACTS)
    assert [line for village in VILLAGES.values() for line in village.wrong(wanted)] == []
    found = differences(wanted, mart(town))
    assert not found, summary(found)


def test_persons_of_a_kind_are_no_more_than_clients_and_clients_no_more_than_all_kinds(town: Town):
    with duckdb.connect(str(town.settings.work / "kluis.duckdb"), read_only=True) as connection:
        rows = connection.execute(
            """with per_soort as (
                 select regeling, gemeentecode, peildatum, soort, count(distinct persoon) as aantal
                 from mart.actief where telt and soort is not null group by all)
               select max(per_soort.aantal), sum(per_soort.aantal), any_value(cijfers.aantal)
               from per_soort
               inner join mart.wijkcijfers as cijfers using (regeling, gemeentecode, peildatum)
               where cijfers.gebiedsniveau = 'gemeente' and cijfers.leeftijdsgroep = 'totaal'
                 and cijfers.indicator = 'clienten' and cijfers.status = 'geleverd'
               group by regeling, gemeentecode, peildatum"""
        ).fetchall()
    assert rows
    assert all(most <= clients <= total for most, total, clients in rows)
    assert any(clients < total for _, total, clients in rows)
