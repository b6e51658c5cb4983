"""What must hold of the figures whatever is delivered: laws, on gemeenten that Hypothesis makes up.

Each made-up gemeente goes through the night six times, as six gemeenten: as it is, with its rows and files in another
order, delivered again, split, joined by somebody, and with nobody but that one. MEERDOEN_WETTEN=20 tries 20 nights of
new gemeenten instead of the same few.
"""

import os
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from assets.ground.declared import TOTAAL
from tests.dbt_project.reference import universe
from tests.dbt_project.reference.areas import wijk_of
from tests.dbt_project.reference.days import previous_month_end
from tests.dbt_project.reference.facts import allocated, lives
from tests.dbt_project.reference.measures import Cell, Key, figures
from tests.dbt_project.reference.people import AGES
from tests.dbt_project.reference.periods import PERIODS
from tests.dbt_project.reference.real import differences, mart, not_accepted, run_night, summary, write
from tests.dbt_project.reference.village import STAND, Village, world
from tests.making.town import Town

Cells = dict[Key, Cell]
NIGHTS = int(os.environ.get("MEERDOEN_WETTEN", "0"))
LARGE = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example)
MADE_UP = settings(
    max_examples=NIGHTS or 3,
    derandomize=not NIGHTS,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=LARGE,
)
SAME: dict[str, Callable[[Village, Random], None]] = {
    "shuffled": universe.shuffled,
    "delivered again": universe.delivered_again,
    "split": universe.split,
}
ADDED = ("clienten", "gebruik", *PERIODS, "huishoudens", "voorzieningen", "instroom", "uitstroom", "stand_vorige")


@dataclass
class Night:
    """The mart and the reference of one night, and which gemeente is what: by (number made up, what was done to it)."""

    real: Cells
    reference: Cells
    gemeenten: dict[tuple[int, str], str]

    def of(self, number: int, done: str) -> Cells:
        """The figures of one gemeente, under a name that all share."""
        gemeente = self.gemeenten[number, done]
        return {
            replace(key, gemeente="GM", area=key.area.replace(gemeente[2:], "", 1)): replace(cell, gebiedsnaam="")
            for key, cell in self.real.items()
            if key.gemeente == gemeente
        }

    def numbers(self) -> set[int]:
        return {number for number, _ in self.gemeenten}


def settle(made_up: list[Village]) -> dict[tuple[int, str], Village]:
    """Every made-up gemeente in all its forms; and one that delivers every month, so that the months are the same."""
    found: dict[tuple[int, str], Village] = {}

    def add(number: int, done: str) -> Village:
        village = found[number, done] = universe.settled(made_up[number], len(found) + 2)
        return village

    for number in range(len(made_up)):
        add(number, "as it is")
        for done, change in SAME.items():
            change(add(number, done), Random(number))
        universe.joined(add(number, "joined"), Random(number))
        newcomer = add(number, "newcomer")
        universe.joined(newcomer, Random(number))
        universe.only_the_newcomer(newcomer)
    return found


def steady() -> Village:
    village = Village(1)
    village.live(lives(1, village.at("0101")))
    village.wmo(allocated(1, 1, "2021-07-05"), period=universe.PERIOD)
    return village


@pytest.fixture(scope="module")
def made_up_nights(tmp_path_factory: pytest.TempPathFactory) -> list[Night]:
    found: list[Night] = []

    @MADE_UP
    @given(st.lists(universe.villages(), min_size=4, max_size=4))
    def night(made_up: list[Village]) -> None:
        villages = settle(made_up)
        facts = world([steady(), *villages.values()], STAND)
        town = Town(tmp_path_factory.mktemp("nacht"), facts.gemeenten)
        write(facts, town)
        run_night(facts, town)
        assert not_accepted(town) == []
        found.append(Night(mart(town), figures(facts), {name: v.gemeente for name, v in villages.items()}))

    night()
    return found


def same(nights: list[Night], done: str) -> list[str]:
    """Where a gemeente to which something was done differs from the same as it is."""
    return [
        f"{number} {line}"
        for night in nights
        for number in night.numbers()
        for line in differences(night.of(number, "as it is"), night.of(number, done))
    ]


def test_the_mart_is_the_reference(made_up_nights: list[Night]):
    for night in made_up_nights:
        found = differences(night.reference, night.real)
        names = {gemeente: name for name, gemeente in night.gemeenten.items()}
        assert not found, f"{len(found)} cells differ; {names}\n{summary(found, 5)}"


@pytest.mark.parametrize("done", SAME)
def test_figures_do_not_change_when(done: str, made_up_nights: list[Night]):
    found = same(made_up_nights, done)
    assert not found, "\n".join(found[:10])


def test_who_joins_changes_no_figure_but_his_own(made_up_nights: list[Night]):
    for night in made_up_nights:
        for number in night.numbers():
            # Where the borders between streets lie depends on who lives there.
            before, after, alone = (
                {key: cell for key, cell in night.of(number, done).items() if key.level != "straat"}
                for done in ("as it is", "joined", "newcomer")
            )
            assert before.keys() == after.keys() == alone.keys()
            for key, cell in after.items():
                assert cell.status == before[key].status, key
                assert cell.aantal == _sum(before[key].aantal, alone[key].aantal), key
                assert cell.noemer == _sum(before[key].noemer, alone[key].noemer), key


def _sum(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one + other


def test_laws_of_the_mart(made_up_nights: list[Night]):
    for night in made_up_nights:
        assert_laws(night.real)


@settings(max_examples=25, deadline=None, suppress_health_check=LARGE)
@given(universe.villages())
def test_laws_of_the_reference(made_up: Village):
    assert_laws(figures(world([steady(), universe.settled(made_up, 2)], STAND)))


def assert_laws(cells: Cells) -> None:
    assert cells
    for key, cell in cells.items():
        assert (cell.aantal is not None) == (cell.status == "geleverd") or key.indicator.startswith("duur"), key
        assert cell.aantal is None or cell.aantal >= 0, key
    stock_follows_from_flows(cells)
    fewer_than(cells)
    no_more_than_a_longer_period(cells)


def stock_follows_from_flows(cells: Cells) -> None:
    """stand(t) = stand(t-1) + instroom - uitstroom + verhuisd_in - verhuisd_uit, by month and by quarter."""
    for key, cell in cells.items():
        for before, tail in (("stand_vorige", ""), ("stand_vorig_kwartaal", "_kwartaal")):
            if key.indicator == before and cell.aantal is not None:
                now, came, left, moved_in, moved_out = (
                    cells[replace(key, indicator=name)].aantal or 0
                    for name in (
                        "clienten",
                        *(f + tail for f in ("instroom", "uitstroom", "verhuisd_in", "verhuisd_uit")),
                    )
                )
                assert now == cell.aantal + came - left + moved_in - moved_out, key
        if key.indicator == "stand_vorige" and cell.aantal is not None and key.level == "gemeente":
            then = replace(key, month=previous_month_end(key.month), indicator="clienten")
            assert cell.aantal == cells[then].aantal, key


def areas_and_ages_add_up(cells: Cells) -> None:
    parts: dict[Key, int] = defaultdict(int)
    moved: dict[tuple[str, str, str, date], list[int]] = defaultdict(lambda: [0, 0])
    for key, cell in cells.items():
        if cell.aantal is not None and key.indicator in ADDED and key.level != "gemeente":
            level, up = {
                "straat": ("buurt", "BU" + key.area[2:].rsplit("-", 1)[0]),
                "buurt": ("wijk", wijk_of(key.area)),
                "wijk": ("gemeente", key.gemeente),
            }[key.level]
            parts[replace(key, level=level, area=up)] += cell.aantal
        if key.indicator in ("verhuisd_in", "verhuisd_uit") and cell.aantal is not None:
            moved[key.regeling, key.gemeente, key.level, key.month][key.indicator == "verhuisd_uit"] += cell.aantal
        with_ages = key.indicator == "clienten" and key.age == "totaal" and key.level != "straat"
        if with_ages and cell.aantal is not None:
            assert cell.aantal == sum(cells[replace(key, age=age)].aantal or 0 for age in (*AGES, "onbekend")), key
    for key, total in parts.items():
        assert cells[key].aantal == total, key
    assert all(came == left for came, left in moved.values())


def no_more_than_a_longer_period(cells: Cells) -> None:
    """Use of a month <= of its half-year <= of its year: on the last day everywhere, before that in the gemeente."""

    def count(key: Key, indicator: str, back: int = 0) -> int:
        month = key.month
        for _ in range(back):
            month = previous_month_end(month)
        found = cells.get(replace(key, indicator=indicator, month=month))
        return (found and found.aantal) or 0

    for key, cell in cells.items():
        if key.indicator in PERIODS and cell.aantal is not None:
            part, step = ("gebruik", 1) if key.indicator == "gebruik_halfjaar" else ("gebruik_halfjaar", 6)
            whole = key.level == "gemeente"
            for back in range(0, PERIODS[key.indicator] if whole else 1, step):
                assert count(key, part, back) <= cell.aantal, (key, back)
            if whole:
                assert count(key, "clienten") + count(key, "uitstroom_kwartaal") <= cell.aantal, key


def fewer_than(cells: Cells) -> None:
    """huishoudens <= clienten <= gebruik, and the noemers of parts are no more than that of the whole."""
    for key, cell in cells.items():
        if key.indicator == "clienten" and key.age == "totaal" and key.level != "straat" and cell.aantal is not None:
            assert (cells[replace(key, indicator="huishoudens")].aantal or 0) <= cell.aantal, key
            # Over all regelingen use is not counted.
            if key.regeling != TOTAAL.name:
                assert cell.aantal <= (cells[replace(key, indicator="gebruik")].aantal or 0), key
        if key.level == "gemeente" and cell.noemer is not None:
            inner = [
                other.noemer or 0
                for wijk in ("01", "02", "AF")
                if (other := cells.get(replace(key, level="wijk", area=f"WK{key.gemeente[2:]}{wijk}")))
            ]
            assert sum(inner) <= cell.noemer, key
