"""The measures of cjg, oggz and vsv: without persons, without the BRP, and per school year; beside measures.py."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from tests.dbt_project.reference.areas import Indeling, unknown_buurt, wijk_of
from tests.dbt_project.reference.counts import Counts, _areas, _by_age, _persons
from tests.dbt_project.reference.days import is_quarter_end, previous_month_end, previous_quarter_end, year_before
from tests.dbt_project.reference.facts import Facts
from tests.dbt_project.reference.measures import (
    AGES,
    DURATIONS,
    FLOWS,
    SIGNALS,
    Cell,
    Clients,
    Key,
    Month,
    _durations,
    _flows,
    _provisions,
    _rows,
    _unit,
    reaches,
)
from tests.dbt_project.reference.noemers import noemer_of, noemers_on
from tests.dbt_project.reference.people import People, Spot
from tests.dbt_project.reference.periods import PERIODS, in_periods
from tests.dbt_project.reference.spells import Spell
from tests.dbt_project.reference.spells_school import (
    cjg_months,
    oggz_places,
    oggz_spells,
    school_year,
    startset,
    vsv_complete,
    vsv_spells,
)

Found = dict[str, tuple[str, Counts]]


def cells_of_month(facts: Facts, regeling: str, month: Month) -> Iterator[tuple[Key, Cell]]:
    """Every cell of one regeling, gemeente and month; what a regeling does not count is nvt."""
    gemeente, end = month.indeling.gemeente, month.end
    people = People(facts, gemeente)
    found = {"cjg": _contacts, "oggz": _worries, "vsv": _leavers}[regeling](facts, month)
    noemers = _startset(facts, people, month) if regeling == "vsv" else noemers_on(people, end, month.indeling)
    located = None if regeling == "vsv" else _located(month.indeling)
    for indicator in _names(regeling, end):
        status, counts = found.get(indicator, ("nvt", {}))
        base = noemers.get(noemer_of(regeling, _unit(indicator)), {})
        for level, area, name in _rows(month, indicator):
            if located is not None and level == "buurt":
                continue
            for age in (*AGES, "onbekend", "totaal") if indicator == "clienten" else ("totaal",):
                shown_as, noemer = status, base.get((area, age))
                if located is not None and level == "wijk" and not area.endswith("onbekend"):
                    shown_as = shown_as if area in located else "nvt"
                    noemer = noemer if located.get(area) else None
                if (located is not None and age != "totaal") or not reaches(regeling, age):
                    shown_as = "nvt"
                empty = None if indicator in DURATIONS else 0
                count = counts.get((area, age), empty) if shown_as == "geleverd" else None
                # Who has no BRP is a household of one.
                behind = count or None if indicator in ("gebruik", *PERIODS) else None
                yield (
                    Key(regeling, gemeente, level, area, end, age, indicator),
                    Cell(shown_as, count, noemer, month.indeling.year, name, _unit(indicator), behind),
                )


def _names(regeling: str, end: date) -> Iterator[str]:
    yield from ("clienten", "gebruik", "huishoudens", "voorzieningen", *FLOWS, "stand_vorige")
    yield from SIGNALS
    if is_quarter_end(end):
        yield from (*(f"{flow}_kwartaal" for flow in FLOWS), "stand_vorig_kwartaal", *DURATIONS)
    if regeling == "oggz":
        yield from (name for name, length in PERIODS.items() if end.month % length == 0)


# --- by PC4 ---


def _wijk_of_pc4(indeling: Indeling, pc4: str | None) -> str:
    """The one wijk in which all addresses of a PC4 lie; else the unknown one."""
    wijken = {wijk_of(buurt) for (postcode, _), buurt in indeling.buurt_at.items() if postcode[:4] == pc4}
    return wijken.pop() if len(wijken) == 1 else wijk_of(unknown_buurt(indeling.gemeente))


def _located(indeling: Indeling) -> dict[str, bool]:
    """The wijken in which someone can be placed by PC4, and whether that goes for all of their addresses."""
    found: dict[str, list[bool]] = {}
    for (postcode, _), buurt in indeling.buurt_at.items():
        found.setdefault(wijk_of(buurt), []).append(_wijk_of_pc4(indeling, postcode[:4]) == wijk_of(buurt))
    return {wijk: all(months) for wijk, months in found.items() if any(months)}


def _spot(indeling: Indeling, pc4: str | None, person: tuple) -> Spot:
    """Somewhere in the wijk: there are no figures of buurten."""
    wijk = _wijk_of_pc4(indeling, pc4)
    buurt = unknown_buurt(indeling.gemeente) if wijk.endswith("onbekend") else f"BU{wijk[2:]}00"
    return Spot(buurt, "onbekend", person)


def _contacts(facts: Facts, month: Month) -> Found:
    """Contacts of the month, and nothing of persons."""
    status = "geleverd" if month.end in month.covered else "niet_geleverd"
    contacts = cjg_months(facts, month.indeling.gemeente).get(month.end, ())
    spots = {n: _spot(month.indeling, contact.pc4, (n,)) for n, contact in enumerate(contacts)}
    return {"voorzieningen": (status, _persons(spots))}


class Coded(Clients):
    """The persons of a region, under its own codes."""

    def __init__(self, facts: Facts, gemeente: str) -> None:
        self.spells = oggz_spells(facts, gemeente)
        self.places = oggz_places(facts, gemeente)

    def find(self, person: Any, on_day: date, indeling: Indeling) -> Spot:
        del on_day
        return _spot(indeling, self.places[person], person)


def _worries(facts: Facts, month: Month) -> Found:
    """Stock, flows and durations of spells; nothing of households, ages, deaths and moves."""
    end, indeling = month.end, month.indeling
    clients = Coded(facts, indeling.gemeente)
    status = "geleverd" if end in month.covered else "niet_geleverd"
    now = clients.active(end, indeling)
    running = [spell for spell in clients.spells if spell.active_on(end)]
    used = clients.counted([spell for spell in clients.spells if spell.touches(end)], end, indeling)
    found = {
        "clienten": (status, _persons(now)),
        "gebruik": (status, _persons(used)),
        "voorzieningen": (status, _provisions(running, now)),
    }
    previous = previous_month_end(end)
    before = clients.active(previous, indeling)
    found |= {name: (month.flow_status(previous), counts) for name, counts in _flows(before, now)}
    found["stand_vorige"] = (month.flow_status(previous), _persons(before))
    if is_quarter_end(end):
        previous = previous_quarter_end(end)
        before = clients.active(previous, indeling)
        found |= {f"{name}_kwartaal": (month.flow_status(previous), counts) for name, counts in _flows(before, now)}
        found["stand_vorig_kwartaal"] = (month.flow_status(previous), _persons(before))
        ended = [s for s in clients.spells if s.end is not None and year_before(end) < s.end <= end]
        found[DURATIONS[0]] = (status, _durations(clients, ended, month))
        found[DURATIONS[1]] = (status, _durations(clients, running, month))
    found |= {name: (statuses, _persons(users)) for name, statuses, users in in_periods(clients, month)}
    return {name: statuses for name, statuses in found.items() if not name.startswith("verhuisd")}


# --- per school year ---


class Leavers(Clients):
    def __init__(self, facts: Facts, gemeente: str) -> None:
        self.spells: list[Spell] = vsv_spells(facts, gemeente)
        self.people = People(facts, gemeente)
        self.regeling = "vsv"
        self.addresses = {}


def _leavers(facts: Facts, month: Month) -> Found:
    """Who left in the school year of the month and is still out of school."""
    end, indeling = month.end, month.indeling
    clients = Leavers(facts, indeling.gemeente)
    clients.spells = [s for s in clients.spells if school_year(s.begin, 10) == school_year(end, 10)]
    status = "geleverd" if vsv_complete(facts, indeling.gemeente, end) else "niet_geleverd"
    return {"clienten": (status, _by_age(clients.by_law(clients.active(end, indeling), end)))}


def _startset(facts: Facts, people: People, month: Month) -> dict[str | None, Counts]:
    """The pupils of the startset where they lived on 1 October, per gemeente and wijk."""
    indeling, october = month.indeling, date(school_year(month.end, 10), 10, 1)
    pupils = startset(facts, indeling.gemeente, month.end)
    if pupils is None:
        return {}
    spots = {pupil: people.find(pupil, october, indeling, {}) for pupil in pupils}  # pyright: ignore[reportArgumentType]
    counted = [area for spot in spots.values() if isinstance(spot, Spot) for area in _areas(spot)[:2]]
    areas = [area for level, area in indeling.areas() if level != "buurt" and not area.endswith("onbekend")]
    return {"startset": {(area, "totaal"): counted.count(area) for area in areas}}
