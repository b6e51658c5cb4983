"""The measures of design.md section 6: every cell of every regeling, gemeente and month."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from statistics import median

from tests.dbt_project.reference.aggregates import AGGREGATES, aggregate_counts, peildata
from tests.dbt_project.reference.areas import Indeling, indeling_of
from tests.dbt_project.reference.counts import Counts, _areas, _by_age, _households, _persons
from tests.dbt_project.reference.coverage import by_messages, covered, months
from tests.dbt_project.reference.days import (
    is_quarter_end,
    previous_month_end,
    previous_quarter_end,
    whole_months,
    year_before,
)
from tests.dbt_project.reference.debts import debt_addresses, debt_spells
from tests.dbt_project.reference.facts import Facts
from tests.dbt_project.reference.noemers import noemer_of, noemers_on
from tests.dbt_project.reference.people import AGES, NotCounted, People, Spot, day_before
from tests.dbt_project.reference.periods import PERIODS, in_periods
from tests.dbt_project.reference.spells import (
    Spell,
    addresses,
    jeugdzorg_spells,
    special_spells,
    wmo_spells,
    wsw_spells,
    wwb_spells,
)
from tests.dbt_project.reference.spells_school import leerplicht_spells
from tests.dbt_project.reference.stocks import LAWS, STOCKS, stock_addresses, stock_spells

# cjg, oggz and vsv have no BRP, or another way of counting: measures_school.py.
REGELINGEN = (
    *("awbz", "bijzondere_bijstand", "collectieve_zorgverzekering", "jeugdzorg", "leerlingenvervoer", "leerplicht"),
    *("schuldhulpverlening", "wajong", "wet_oke", "wia", "wmo", "wsw", "wwb"),
    *("cjg", "oggz", "vsv"),
)
SPELLS: dict[str, Callable[[Facts, str], list[Spell]]] = {
    "bijzondere_bijstand": special_spells,
    "jeugdzorg": lambda facts, gemeente: jeugdzorg_spells(facts, gemeente, by_messages(facts, gemeente, "jeugdzorg")),
    "leerplicht": leerplicht_spells,
    "schuldhulpverlening": debt_spells,
    "wmo": wmo_spells,
    "wsw": wsw_spells,
    "wwb": wwb_spells,
} | {bron: partial(stock_spells, bron=bron) for bron in STOCKS}
ADDRESSES = {
    "collectieve_zorgverzekering": stock_addresses,
    "schuldhulpverlening": debt_addresses,
    "wmo": partial(addresses, regeling="wmo"),
    "jeugdzorg": partial(addresses, regeling="jeugdzorg"),
}
EVENTS = ("bijzondere_bijstand", "leerplicht")
# Who left still counts: the gemeente stays responsible.
AFTER_LEAVING = ("jeugdzorg",)
ON_EVENTS = ("gebruik", "huishoudens", "voorzieningen")
# The ages in years that a law is for, both included; of the others it is for all.
AGES_OF_LAW = {
    "jeugdzorg": (0, 22),
    "leerlingenvervoer": (3, 20),
    "leerplicht": (5, 17),
    "schuldhulpverlening": (18, 200),
    "bijzondere_bijstand": (18, 200),
    "vsv": (12, 22),
    "wet_oke": (2, 4),
    "wsw": (15, 67),
    "wwb": (18, 200),
}
FIRST_YEARS = dict(zip(AGES, (0, 15, 25, 45, 65), strict=True))
LAST_YEARS = dict(zip(AGES, (14, 24, 44, 64, 200), strict=True))
LEVELS = ("gemeente", "wijk", "buurt")
SIGNALS = ("signaal_overleden", "signaal_vertrokken", "signaal_leeftijd")
FLOWS = ("instroom", "uitstroom", "verhuisd_in", "verhuisd_uit")
DURATIONS = ("duur_mediaan_maanden", "duur_mediaan_maanden_lopend")
ENOUGH = 30


@dataclass(frozen=True)
class Key:
    """Which figure it is."""

    regeling: str
    gemeente: str
    level: str
    area: str
    month: date
    age: str
    indicator: str
    # What it is of beside all that, in monitor_combinaties.
    combinatie: str = ""


@dataclass(frozen=True)
class Cell:
    """A figure: its count and noemer are None where there is none. `achter`: the households behind a count of use."""

    status: str
    aantal: int | None
    noemer: int | None
    indelingsjaar: int
    gebiedsnaam: str
    eenheid: str
    achter: int | None = None


@dataclass(frozen=True)
class Month:
    """Everything that the cells of one regeling, gemeente and month are made from."""

    end: date
    first: date
    indeling: Indeling
    covered: set[date]

    def flow_status(self, previous: date) -> str:
        if previous < self.first:
            return "nvt"
        return "geleverd" if {self.end, previous} <= self.covered else "niet_geleverd"


class Clients:
    """The spells and people of one regeling in one gemeente."""

    regeling: str = ""

    def __init__(self, facts: Facts, gemeente: str, regeling: str) -> None:
        self.spells = SPELLS[regeling](facts, gemeente)
        self.people = People(facts, gemeente)
        self.regeling = regeling
        self.addresses = ADDRESSES[regeling](facts, gemeente) if regeling in ADDRESSES else {}

    def find(self, person: int, on_day: date, indeling: Indeling) -> Spot | NotCounted:
        return self.people.find(person, on_day, indeling, self.addresses)

    def place(self, person: int, on_day: date, indeling: Indeling) -> Spot | NotCounted:
        found = self.find(person, on_day, indeling)
        if found == NotCounted("vertrokken") and self.regeling in AFTER_LEAVING:
            return self.people.elsewhere(person, on_day)
        return found

    def counted(self, spells: list[Spell], on_day: date, indeling: Indeling) -> dict[int, Spot]:
        """The persons of some spells who count on a day, and where."""
        spots = {spell.person: self.place(spell.person, on_day, indeling) for spell in spells}
        return {person: spot for person, spot in spots.items() if isinstance(spot, Spot)}

    def active(self, on_day: date, indeling: Indeling) -> dict[int, Spot]:
        return self.counted([spell for spell in self.spells if spell.active_on(on_day)], on_day, indeling)

    def by_law(self, spots: dict[int, Spot], on_day: date) -> dict[int, Spot]:
        """The same, with age `onbekend` for who is older or younger than the law is for."""
        found = {}
        for person, spot in spots.items():
            years = None if spot.age == "onbekend" else self.people.age(person, on_day)
            found[person] = spot if years is None or _in_law(self.regeling, years) else replace(spot, age="onbekend")
        return found

    def signal(self, reason: str, on_day: date, indeling: Indeling) -> int:
        persons = {spell.person for spell in self.spells if spell.active_on(on_day)}
        return sum(self.find(person, on_day, indeling) == NotCounted(reason) for person in persons)


def _in_law(regeling: str, years: int) -> bool:
    first, last = AGES_OF_LAW.get(regeling, (-1, 200))
    # Who is not born yet, says a partly known date, is younger than any law asks; but no law for children excludes him.
    return (first == 0 or first <= years) and years <= last


def reaches(regeling: str, age: str) -> bool:
    """Whether the law is for anybody of an age group."""
    first, last = AGES_OF_LAW.get(regeling, (0, 200))
    return age not in AGES or (first <= LAST_YEARS[age] and last >= FIRST_YEARS[age])


def figures(facts: Facts) -> dict[Key, Cell]:
    """Every cell of every regeling, and of the tables over those that are linked."""
    from tests.dbt_project.reference.measures_school import cells_of_month
    from tests.dbt_project.reference.totals import UNION, cells_of_union

    run = months(facts, REGELINGEN)
    cells = {}
    for gemeente in facts.gemeenten:
        indelingen = {end: indeling_of(facts, gemeente, end) for end in run}
        linked: dict[str, Clients] = {}
        for regeling in REGELINGEN:
            delivered = covered(facts, gemeente, regeling)
            if regeling in AGGREGATES:
                for end in peildata(facts, regeling) & set(run):
                    cells |= _of_peildatum(facts, regeling, Month(end, run[0], indelingen[end], delivered))
                continue
            if regeling not in SPELLS:
                for end in run:
                    cells |= cells_of_month(facts, regeling, Month(end, run[0], indelingen[end], delivered))
                continue
            clients = Clients(facts, gemeente, regeling)
            if regeling in UNION:
                linked[regeling] = clients
            for end in run:
                month = Month(end, run[0], indelingen[end], delivered)
                cells |= _of_month(clients, regeling, month)
        cells |= cells_of_union(facts, linked, indelingen)
    return cells


def _of_peildatum(facts: Facts, regeling: str, month: Month) -> Iterator[tuple[Key, Cell]]:
    gemeente, ages = month.indeling.gemeente, (*AGES, "onbekend", "totaal")
    found = noemers_on(People(facts, gemeente), month.end, month.indeling)
    noemers = found.get(noemer_of(regeling, "personen"), {})
    for indicator in AGGREGATES[regeling]:
        counts = aggregate_counts(facts, regeling, indicator, gemeente, month.end, month.indeling, ages)
        for level, area, name, age, status, count in counts:
            cell = Cell(status, count, noemers.get((area, age)), month.indeling.year, name, "personen")
            yield Key(regeling, gemeente, level, area, month.end, age, indicator), cell


def _of_month(clients: Clients, regeling: str, month: Month) -> Iterator[tuple[Key, Cell]]:
    noemers = noemers_on(clients.people, month.end, month.indeling)
    in_month = [spell for spell in clients.spells if spell.touches(month.end)]
    behind = {"gebruik": _households(clients.counted(in_month, month.end, month.indeling))}
    behind |= {indicator: _households(users) for indicator, _, users in in_periods(clients, month)}
    first, last = LAWS.get(regeling, (date.min, date.max))
    for indicator, statuses, counts in _indicators(clients, regeling, month):
        status = statuses if first <= month.end <= last else "nvt"
        for level, area, name in _rows(month, indicator):
            for age in (*AGES, "onbekend", "totaal") if indicator == "clienten" else ("totaal",):
                own = "nvt" if indicator.startswith("verhuisd") and level == "gemeente" else status
                own = own if reaches(regeling, age) else "nvt"
                empty = None if indicator in DURATIONS else 0
                yield (
                    Key(regeling, month.indeling.gemeente, level, area, month.end, age, indicator),
                    Cell(
                        own,
                        counts.get((area, age), empty) if own == "geleverd" else None,
                        noemers.get(noemer_of(regeling, _unit(indicator)), {}).get((area, age)),
                        month.indeling.year,
                        name,
                        _unit(indicator),
                        behind.get(indicator, {}).get((area, age)) if own == "geleverd" else None,
                    ),
                )


def _rows(month: Month, indicator: str) -> Iterator[tuple[str, str, str]]:
    """Signals exist for the gemeente; durations, and use of longer than a month, not for buurten."""
    coarse = (*DURATIONS, *PERIODS)
    levels = LEVELS[:1] if indicator.startswith("signaal") else LEVELS[:2] if indicator in coarse else LEVELS
    for (level, area), name in month.indeling.areas().items():
        if level in levels:
            yield level, area, name


def _unit(indicator: str) -> str:
    if indicator in DURATIONS:
        return "maanden"
    return indicator if indicator in ("huishoudens", "voorzieningen") else "personen"


def _indicators(clients: Clients, regeling: str, month: Month) -> Iterator[tuple[str, str, Counts]]:
    """Indicator, status and counts by (area, age)."""
    end, indeling = month.end, month.indeling
    status = "geleverd" if end in month.covered else "niet_geleverd"
    in_month = [spell for spell in clients.spells if spell.touches(end)]
    used = clients.counted(in_month, end, indeling)
    yield "gebruik", status, _persons(used)
    if regeling in EVENTS:
        yield "huishoudens", status, _households(used)
        yield "voorzieningen", status, _provisions(in_month, used)
        for indicator in ("clienten", *FLOWS, "stand_vorige", *SIGNALS):
            yield indicator, "nvt", {}
        if is_quarter_end(end):
            for indicator in (*(f"{flow}_kwartaal" for flow in FLOWS), "stand_vorig_kwartaal", *DURATIONS):
                yield indicator, "nvt", {}
        return
    for indicator, statuses, users in in_periods(clients, month):
        yield indicator, statuses, _persons(users)
    now = clients.active(end, indeling)
    running = [spell for spell in clients.spells if spell.active_on(end)]
    yield "clienten", status, _by_age(clients.by_law(now, end))
    yield "huishoudens", status, _households(now)
    yield "voorzieningen", status, _provisions(running, now)
    outside = sum(spot.age != now[person].age for person, spot in clients.by_law(now, end).items())
    yield "signaal_leeftijd", status, {(indeling.gemeente, "totaal"): outside}
    for reason in ("overleden", "vertrokken"):
        yield f"signaal_{reason}", status, {(indeling.gemeente, "totaal"): clients.signal(reason, end, indeling)}
    previous = previous_month_end(end)
    for indicator, counts in _flows(clients.active(previous, indeling), now):
        yield indicator, month.flow_status(previous), counts
    yield "stand_vorige", month.flow_status(previous), _persons(clients.active(previous, indeling))
    if is_quarter_end(end):
        previous = previous_quarter_end(end)
        for indicator, counts in _flows(clients.active(previous, indeling), now):
            yield f"{indicator}_kwartaal", month.flow_status(previous), counts
        yield "stand_vorig_kwartaal", month.flow_status(previous), _persons(clients.active(previous, indeling))
        ended = [s for s in clients.spells if s.ended_between(year_before(end), end, month.covered)]
        yield DURATIONS[0], status, _durations(clients, ended, month)
        yield DURATIONS[1], status, _durations(clients, running, month)


def _provisions(spells: list[Spell], spots: dict[int, Spot]) -> Counts:
    """Each provision once, in the first of the buurten of its counted persons; the unknown buurt comes last."""
    where: dict[tuple, set[str]] = {}
    for spell in spells:
        if spell.person in spots:
            where.setdefault(spell.provision, set()).add(spots[spell.person].buurt)
    counts: Counts = defaultdict(int)
    for buurten in where.values():
        first = min(buurten, key=lambda buurt: (buurt.endswith("onbekend"), buurt))
        for area in _areas(Spot(first, "", ())):
            counts[area, "totaal"] += 1
    return counts


def _flows(before: dict[int, Spot], now: dict[int, Spot]) -> Iterator[tuple[str, Counts]]:
    """In, out, and moved: between two months, in the areas of the later."""
    yield "instroom", _persons({person: spot for person, spot in now.items() if person not in before})
    yield "uitstroom", _persons({person: spot for person, spot in before.items() if person not in now})
    moved_in: Counts = defaultdict(int)
    moved_out: Counts = defaultdict(int)
    for person in before.keys() & now.keys():
        for old, new in zip(_areas(before[person]), _areas(now[person]), strict=True):
            if old != new:
                moved_in[new, "totaal"] += 1
                moved_out[old, "totaal"] += 1
    yield "verhuisd_in", moved_in
    yield "verhuisd_uit", moved_out


def _durations(clients: Clients, spells: list[Spell], month: Month) -> Counts:
    """The median in whole months by area, from 30 spells of 30 persons up."""
    lengths: dict[str, list[int]] = {}
    persons: dict[str, set[int]] = {}
    for spell in spells:
        running = spell.active_on(month.end)
        last = month.end if running or spell.end is None else spell.end
        placed_on = month.end if running else day_before(last, spell.begin)
        spot = clients.find(spell.person, placed_on, month.indeling)
        if isinstance(spot, Spot):
            for area in _areas(spot)[:2]:
                lengths.setdefault(area, []).append(whole_months(spell.begin, last))
                persons.setdefault(area, set()).add(spell.person)
    return {
        (area, "totaal"): int(median(found))
        for area, found in lengths.items()
        if len(found) >= ENOUGH and len(persons[area]) >= ENOUGH
    }
