"""A made-up gemeente of any size, simulated person by person, as the mart gives it: for attack and protection.

Every figure is counted from the same persons, so all that links in reality links here: areas, ages, households, flows,
unique persons. No figure is drawn by itself, and nothing of the software is imported. How they are counted is in
counting.py.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from tests.validations.disclosure.counting import (
    AGES,
    Place,
    area_frame,
    by_age,
    by_street,
    figures_of,
    resident_frame,
    street_frame,
    street_residents,
    street_rows,
    totals,
)
from tests.validations.disclosure.counting_over import by_kind, over_regelingen

REGELINGEN = [
    "wmo",
    "wwb",
    "jeugdzorg",
    "schuldhulpverlening",
    "wsw",
    "awbz",
    "bijzondere_bijstand",
    "vsv",
    "leerlingenvervoer",
    "cjg",
    "oggz",
    "wia",
    "wajong",
    "collectieve_zorgverzekering",
    "wet_oke",
    "leerplicht",
    "maatschappelijke_dienstverlening",
]
DAYS = (date(2021, 12, 31), date(2022, 3, 31))


@dataclass(frozen=True)
class Gemeente:
    """`figures`: wijkcijfers_<regeling> by regeling, and `totaal`; `areas`: dim_gebied; `residents`: inwoners."""

    figures: dict[str, pl.DataFrame]
    areas: pl.DataFrame
    residents: pl.DataFrame
    # Which regelingen count in `totaal`.
    counted: tuple[str, ...] = ()


def gemeente(
    seed: int,
    inhabitants: int = 3000,
    regelingen: int = 4,
    days: tuple[date, ...] = DAYS,
    *,
    linked: int | tuple[str, ...] | None = None,
    code: str = "GM0999",
    night: int = 0,
    apart: bool = False,
    moved: int = 0,
    forgotten: int = 0,
    wild: bool = False,
) -> Gemeente:
    """A gemeente of about `inhabitants` residents on consecutive month-ends `days` (quarter-ends have flows).

    `linked`: which regelingen count in `totaal`, or how many from the first on (default all; 0: no `totaal`).
    `night`: the same gemeente as another night knows it: of every regeling a few clients came or went, in all months.
    `apart`: with homes for the old, where nearly all use the first regeling, and a wijk where nearly all of one age use
    the last. `moved`: of so many households it is known by now that they always lived one buurt further; `forgotten`:
    so many persons count nowhere any more.
    `wild`: what no real one is: most move each month, households are large, use jumps up and down, and each
    area and age has its own; so that of what is not true by definition hardly anything stays true.
    """
    rng = np.random.default_rng(seed)
    place = _areas(rng, inhabitants, code, wild=wild)
    home, age, household = _people(rng, inhabitants, place)
    if wild:
        together = np.where(home < len(place.buurten) - 1, household // 6 * 6, household)
        _, first, household = np.unique(together, return_index=True, return_inverse=True)
        home, age = home[first][household], rng.permutation(age)
    names = REGELINGEN[:regelingen]
    states = [(home, age)]
    for _ in days[1:]:
        states.append(_a_month_later(rng, *states[-1], household, place, moving=0.6 if wild else 0.02))
    known, of_household = len(place.buurten) - 1, np.random.default_rng((seed, 2)).permutation(household.max() + 1)
    shifted = of_household[household] < moved
    frail = rng.lognormal(0, 1.0, household.max() + 1)[household]
    unknown = home == len(place.buurten) - 1
    frail = frail * np.where(unknown, 1 if wild else 20, 1)
    persons = {name: _clients(rng, states, frail, place, wild=wild) for name in names}
    address = household
    if apart:
        address, inside = _homes(home, age, household)
        nearly_all = np.random.default_rng((seed, 1)).random(len(home)) < 0.95
        for name, who in ((names[0], inside), (names[-1], (place.wijk[home] == 0) & (age == 1))):
            persons[name] = [
                tuple(used | (who & nearly_all & (where == home)) for used in day)
                for day, (where, _) in zip(persons[name], states, strict=True)
            ]
    states = [
        (np.where(shifted & (where >= 0) & (where < known), (where + 1) % known, where), years)
        for where, years in states
    ]
    if forgotten:
        gone = np.random.default_rng((seed, 3)).permutation(np.flatnonzero(persons[names[0]][0][0]))[:forgotten]
        for days_of in persons.values():
            for who in (who for both in days_of for who in both):
                who[gone] = False
    people = people_of = (household, address)
    areas = area_frame(place)
    if night:
        persons = {name: _corrected((seed, night, i), states, days) for i, (name, days) in enumerate(persons.items())}
    residents = [by_age(place, where, years, ~unknown & (where >= 0)) for where, years in states]
    streets = street_frame(place)
    several = 2 if wild and seed % 3 == 2 else 1
    drawn: dict[str, list[np.ndarray]] = {}
    figures = {
        name: figures_of(rng, name, areas, place, days, states, people, persons[name], residents, several, drawn)
        for name in names
    }
    counted = list(linked) if isinstance(linked, tuple) else names[: len(names) if linked is None else linked]
    if counted:
        anyone = [np.logical_or.reduce([persons[name][i][0] for name in counted]) for i in range(len(days))]
        figures["totaal"] = totals(areas, place, days, states, people, anyone, residents)
        together = {name: [active for active, _ in persons[name]] for name in counted}
        figures |= over_regelingen(areas, place, days, states, people_of, together, residents)
        clients = {name: [active for active, _ in persons[name]] for name in names}
        figures |= by_kind(areas, place, days, states, people_of, clients, drawn, residents)
        live = [~unknown & (where >= 0) for where, _ in states]
        inhabited, clients = (by_street(place, states, household, who) for who in (live, anyone))
        figures["totaal"] = pl.concat([figures["totaal"], street_rows(streets, days, clients, inhabited)])
        areas, people = pl.concat([areas, streets]), resident_frame(areas, days, residents)
        every = pl.concat([people, street_residents(streets, days, inhabited)])
        return Gemeente(figures, areas, every, tuple(counted))
    return Gemeente(figures, areas, resident_frame(areas, days, residents))


def _areas(rng: np.random.Generator, inhabitants: int, code: str, *, wild: bool) -> Place:
    """About 1,300 residents to a buurt and two to seven buurten to a wijk; one wijk has a single buurt."""
    count = max(4, round(inhabitants / rng.uniform(900, 1900)))
    wijk, number = [0], 1
    while len(wijk) < count:
        wijk += [number] * int(min(rng.integers(2, 8), count - len(wijk)))
        number += 1
    if wild:
        count = number = 12
        wijk = list(range(count))
    digits = code[2:]
    wijken = [f"WK{digits}{i + 1:02d}" for i in range(number)] + [f"WK{digits}onbekend"]
    buurten = [f"BU{digits}{w + 1:02d}{i:03d}" for i, w in enumerate(wijk)] + [f"BU{digits}onbekend"]
    streets = np.array([*(max(1, round(inhabitants / count / 90)) for _ in wijk), 0])
    return Place(code, np.array([*wijk, number]), buurten, wijken, streets, np.r_[0, np.cumsum(streets + 1)[:-1]])


def _people(rng: np.random.Generator, inhabitants: int, place: Place) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of each person: buurt, age group (index in AGES), household. The last half percent live nobody knows where."""
    sizes = rng.choice([1, 2, 3, 4, 5, 6], inhabitants, p=[0.38, 0.33, 0.12, 0.12, 0.04, 0.01])
    sizes = sizes[: int(np.searchsorted(np.cumsum(sizes), inhabitants)) + 1]
    known = len(place.buurten) - 1
    weight = rng.lognormal(0, 0.8, known)
    buurt = rng.choice(known, len(sizes), p=weight / weight.sum())
    household = np.repeat(np.arange(len(sizes)), sizes)
    first = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    nth = np.arange(len(household)) - first[household]
    size = sizes[household]
    old = rng.random(len(sizes)) < rng.beta(2, 4, known)[buurt]
    adult = np.where(old, 4, rng.choice([1, 2, 3], len(sizes), p=[0.12, 0.45, 0.43]))[household]
    parent = rng.choice([2, 3], len(sizes))[household]
    child = rng.choice([0, 1], len(household), p=[0.68, 0.32])
    age = np.where(size < 3, adult, np.where(nth < 2, parent, child))
    strangers = max(3, inhabitants // 400)
    home = np.concatenate([buurt[household], np.full(strangers, known)])
    age = np.concatenate([age, rng.choice(6, strangers, p=[0.1, 0.2, 0.3, 0.2, 0.1, 0.1])])
    return home, age, np.concatenate([household, len(sizes) + np.arange(strangers)])


def _a_month_later(
    rng: np.random.Generator, home: np.ndarray, age: np.ndarray, household: np.ndarray, place: Place, moving: float
) -> tuple[np.ndarray, np.ndarray]:
    """Households move or leave (buurt -1), persons die (likewise), return or have a birthday."""
    households = household.max() + 1
    draw, target = rng.random(households)[household], rng.integers(0, len(place.buurten) - 1, households)[household]
    here = (home >= 0) & (home < len(place.buurten) - 1)
    later = np.where(here & (draw < moving), target, home)
    later = np.where(here & (draw > 0.993), -1, later)
    later = np.where((home < 0) & (draw < 0.3), target, later)
    later = np.where(here & (age == 4) & (rng.random(len(home)) < 0.01), -1, later)
    older = np.where((age < 4) & (rng.random(len(age)) < 0.015), age + 1, age)
    return later, older


def _clients(
    rng: np.random.Generator, states: list, frail: np.ndarray, place: Place, *, wild: bool
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Of each day: who is a client, and who used it in the month. Skewed by age, buurt and household."""
    base = np.exp(rng.uniform(np.log(0.001), np.log(0.03)))
    per_age, per_buurt = rng.lognormal(0, 1.3, len(AGES)), rng.lognormal(0, 0.6, len(place.buurten) + 1)
    staying, coming, passing_by, lately = 0.88, 0.13, 0.01, 0.92
    if wild:
        per_age, per_buurt = per_age**4, per_buurt**9
        base *= rng.lognormal(-1, 3)
        staying, coming, passing_by, lately = rng.random(4)
    days, active = [], np.zeros(0, bool)
    for number, (home, age) in enumerate(states):
        chance = np.minimum(base * frail * per_age[age] * per_buurt[home], 0.7)
        draw = rng.random(len(home))
        before = active
        active = draw < chance if number == 0 else np.where(active, draw < staying, draw < chance * coming)
        active &= home >= 0
        passing = rng.random(len(home)) < chance * passing_by
        stopped = before & ~active if number else passing
        days.append((active, active | ((passing | (stopped & (draw < lately))) & (home >= 0))))
    return days


def _corrected(
    seed: tuple[int, ...], states: list, days: list[tuple[np.ndarray, np.ndarray]]
) -> list[tuple[np.ndarray, np.ndarray]]:
    """The clients of each day (_clients) after one in fifty of them is withdrawn, and as many others are found."""
    rng, share = np.random.default_rng(seed), np.mean([active.mean() for active, _ in days]) / 50
    draw = rng.random(len(days[0][0]))
    gone, found = draw < 0.02, draw > 1 - share
    return [
        tuple(who & ~gone | found & (home >= 0) for who in day) for day, (home, _) in zip(days, states, strict=True)
    ]


def _homes(home: np.ndarray, age: np.ndarray, household: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The address of each person, and who lives in a home: up to 40 old people alone, in every third buurt."""
    alone = (np.bincount(household)[household] == 1) & (age == 4)
    address, inside = household.copy(), np.zeros(len(home), bool)
    for buurt in range(0, home.max(), 3):
        who = np.flatnonzero(alone & (home == buurt))[:40]
        address[who], inside[who] = household.max() + 1 + buurt, True
    return address, inside
