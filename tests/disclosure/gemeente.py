"""A made-up gemeente of any size, simulated person by person, as the mart gives it: for attack and protection.

Every figure is counted from the same persons, so all that links in reality links here: areas, ages, households, flows,
unique persons. No figure is drawn by itself, and nothing of the software is imported.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

AGES = ("0-14", "15-24", "25-44", "45-64", "65+", "onbekend")
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
YEAR = 2022
FLOWS = ("instroom_kwartaal", "uitstroom_kwartaal", "verhuisd_in_kwartaal", "verhuisd_uit_kwartaal")
UNITS = {"huishoudens": "huishoudens", "voorzieningen": "voorzieningen"}
SCHEMA = {
    "gemeentecode": pl.String,
    "gebiedsniveau": pl.String,
    "gebiedscode": pl.String,
    "gebiedsnaam": pl.String,
    "indelingsjaar": pl.Int32,
    "peildatum": pl.Date,
    "leeftijdsgroep": pl.String,
    "indicator": pl.String,
    "eenheid": pl.String,
    "status": pl.String,
    "aantal": pl.Int64,
    "noemer": pl.Int64,
}


@dataclass(frozen=True)
class Gemeente:
    """`figures`: wijkcijfers_<regeling> by regeling, and `totaal`; `areas`: dim_gebied; `residents`: inwoners."""

    figures: dict[str, pl.DataFrame]
    areas: pl.DataFrame
    residents: pl.DataFrame


@dataclass
class _Place:
    """The areas: of buurt i its wijk and code; the last buurt and the last wijk are `onbekend`.

    The streets of buurt i are those from `first_street[i]` on, `streets[i]` of them, then its `onbekend` one.
    """

    code: str
    wijk: np.ndarray
    buurten: list[str]
    wijken: list[str]
    streets: np.ndarray
    first_street: np.ndarray

    def per_street(self, home: np.ndarray, household: np.ndarray, who: np.ndarray) -> np.ndarray:
        """Counts by street: a household lives in the same one of a buurt whenever it is there."""
        nth = household % np.maximum(self.streets[home], 1)
        return np.bincount((self.first_street[home] + nth)[who], minlength=int((self.streets + 1).sum()))

    def sums(self, per_buurt: np.ndarray) -> np.ndarray:
        """Counts of gemeente, wijken and buurten, from those of the buurten."""
        per_wijk = np.bincount(self.wijk, per_buurt, len(self.wijken))
        return np.concatenate([[per_buurt.sum()], per_wijk, per_buurt]).astype(np.int64)

    def flow(self, who: np.ndarray, of_who: np.ndarray, other: np.ndarray) -> np.ndarray:
        """Those of `who` whose wijk (buurt) differs from that in `other`, by wijk and buurt `of_who`; gemeente: 0."""
        here, there = of_who[who], other[who]
        moved, wijk = here != there, self.wijk
        far = wijk[here] != wijk[there]
        return np.concatenate(
            [
                [0],
                np.bincount(wijk[here[far]], minlength=len(self.wijken)),
                np.bincount(here[moved], minlength=len(self.buurten)),
            ]
        )


def gemeente(
    seed: int,
    inhabitants: int = 3000,
    regelingen: int = 4,
    days: tuple[date, ...] = DAYS,
    *,
    linked: int | None = None,
    code: str = "GM0999",
    night: int = 0,
) -> Gemeente:
    """A gemeente of about `inhabitants` residents on consecutive month-ends `days` (quarter-ends have flows).

    `linked`: how many of the regelingen, from the first on, count in `totaal` (default all; 0: no `totaal`).
    `night`: the same gemeente as another night knows it: of every regeling a few clients came or went, in all months.
    """
    rng = np.random.default_rng(seed)
    place = _areas(rng, inhabitants, code)
    home, age, household = _people(rng, inhabitants, place)
    names = REGELINGEN[:regelingen]
    states = [(home, age)]
    for _ in days[1:]:
        states.append(_a_month_later(rng, *states[-1], household, place))
    frail = rng.lognormal(0, 1.0, household.max() + 1)[household]
    unknown = home == len(place.buurten) - 1
    persons = {name: _clients(rng, states, frail * np.where(unknown, 20, 1), place) for name in names}
    areas = _area_frame(place)
    if night:
        persons = {name: _corrected((seed, night, i), states, days) for i, (name, days) in enumerate(persons.items())}
    residents = [_by_age(place, where, years, ~unknown & (where >= 0)) for where, years in states]
    streets = _street_frame(place)
    figures = {name: _figures(rng, areas, place, days, states, household, persons[name], residents) for name in names}
    counted = names[: len(names) if linked is None else linked]
    if counted:
        anyone = [np.logical_or.reduce([persons[name][i][0] for name in counted]) for i in range(len(days))]
        figures["totaal"] = _totals(areas, place, days, states, household, anyone, residents)
        live = [~unknown & (where >= 0) for where, _ in states]
        inhabited, clients = (_by_street(place, states, household, who) for who in (live, anyone))
        figures["totaal"] = pl.concat([figures["totaal"], _street_rows(streets, days, clients, inhabited)])
        areas, people = pl.concat([areas, streets]), _resident_frame(areas, days, residents)
        return Gemeente(figures, areas, pl.concat([people, _street_residents(streets, days, inhabited)]))
    return Gemeente(figures, areas, _resident_frame(areas, days, residents))


def _areas(rng: np.random.Generator, inhabitants: int, code: str) -> _Place:
    """About 1,300 residents to a buurt and two to seven buurten to a wijk; one wijk has a single buurt."""
    count = max(4, round(inhabitants / rng.uniform(900, 1900)))
    wijk, number = [0], 1
    while len(wijk) < count:
        wijk += [number] * int(min(rng.integers(2, 8), count - len(wijk)))
        number += 1
    digits = code[2:]
    wijken = [f"WK{digits}{i + 1:02d}" for i in range(number)] + [f"WK{digits}onbekend"]
    buurten = [f"BU{digits}{w + 1:02d}{i:03d}" for i, w in enumerate(wijk)] + [f"BU{digits}onbekend"]
    streets = np.array([*(max(1, round(inhabitants / count / 90)) for _ in wijk), 0])
    return _Place(code, np.array([*wijk, number]), buurten, wijken, streets, np.r_[0, np.cumsum(streets + 1)[:-1]])


def _people(rng: np.random.Generator, inhabitants: int, place: _Place) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
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
    rng: np.random.Generator, home: np.ndarray, age: np.ndarray, household: np.ndarray, place: _Place
) -> tuple[np.ndarray, np.ndarray]:
    """Households move or leave (buurt -1), persons die (likewise), return or have a birthday."""
    households = household.max() + 1
    draw, target = rng.random(households)[household], rng.integers(0, len(place.buurten) - 1, households)[household]
    here = (home >= 0) & (home < len(place.buurten) - 1)
    later = np.where(here & (draw < 0.02), target, home)
    later = np.where(here & (draw > 0.993), -1, later)
    later = np.where((home < 0) & (draw < 0.3), target, later)
    later = np.where(here & (age == 4) & (rng.random(len(home)) < 0.01), -1, later)
    older = np.where((age < 4) & (rng.random(len(age)) < 0.015), age + 1, age)
    return later, older


def _clients(
    rng: np.random.Generator, states: list, frail: np.ndarray, place: _Place
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Of each day: who is a client, and who used it in the month. Skewed by age, buurt and household."""
    base = np.exp(rng.uniform(np.log(0.001), np.log(0.03)))
    by_age, by_buurt = rng.lognormal(0, 1.3, len(AGES)), rng.lognormal(0, 0.6, len(place.buurten) + 1)
    days, active = [], np.zeros(0, bool)
    for number, (home, age) in enumerate(states):
        chance = np.minimum(base * frail * by_age[age] * by_buurt[home], 0.7)
        draw = rng.random(len(home))
        before = active
        active = draw < chance if number == 0 else np.where(active, draw < 0.88, draw < chance * 0.13)
        active &= home >= 0
        passing = rng.random(len(home)) < chance * 0.01
        stopped = before & ~active if number else passing
        days.append((active, active | ((passing | (stopped & (draw < 0.92))) & (home >= 0))))
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


def _by_age(place: _Place, home: np.ndarray, age: np.ndarray, who: np.ndarray) -> np.ndarray:
    """Counts (areas, 1 + ages): total, then each age group."""
    flat = np.bincount(home[who] * len(AGES) + age[who], minlength=len(place.buurten) * len(AGES))
    ages = np.stack([place.sums(column) for column in flat.reshape(-1, len(AGES)).T], axis=1)
    return np.column_stack([ages.sum(1), ages])


def _households(place: _Place, home: np.ndarray, household: np.ndarray, who: np.ndarray) -> np.ndarray:
    first = np.unique(household[who], return_index=True)[1]
    return place.sums(np.bincount(home[who][first], minlength=len(place.buurten)))


def _figures(
    rng: np.random.Generator,
    areas: pl.DataFrame,
    place: _Place,
    days: tuple[date, ...],
    states: list,
    household: np.ndarray,
    persons: list,
    residents: list[np.ndarray],
) -> pl.DataFrame:
    """wijkcijfers of one regeling: the columns of SCHEMA, dense."""
    frames = []
    shared, buurten = rng.random() < 0.3, len(place.buurten)
    for number, day in enumerate(days):
        (home, age), (active, used) = states[number], persons[number]
        columns = {("clienten", group): n for group, n in _ages(_by_age(place, home, age, active))}
        columns["gebruik", "totaal"] = place.sums(np.bincount(home[used], minlength=buurten))
        columns["huishoudens", "totaal"] = _households(place, home, household, active)
        provisions = np.bincount(home[active], rng.geometric(0.7, int(active.sum())), buurten)
        columns["voorzieningen", "totaal"] = columns["huishoudens", "totaal"] if shared else place.sums(provisions)
        if day.month % 3 == 0:
            before = days.index(previous) if (previous := quarter_before(day)) in days else None
            flows: list = [None] * 5
            if before is not None:
                then, was = states[before][0], persons[before][0]
                both = active & was
                flows = [
                    place.sums(np.bincount(home[active & ~was], minlength=buurten)),
                    place.sums(np.bincount(then[was & ~active], minlength=buurten)),
                    place.flow(both, home, then),
                    place.flow(both, then, home),
                    place.sums(np.bincount(then[was], minlength=buurten)),
                ]
            columns |= {(name, "totaal"): n for name, n in zip((*FLOWS, "stand_vorig_kwartaal"), flows, strict=True)}
        frames += [_frame(areas, day, key, n, residents[number]) for key, n in columns.items()]
    return pl.concat(frames)


def _totals(
    areas: pl.DataFrame,
    place: _Place,
    days: tuple[date, ...],
    states: list,
    household: np.ndarray,
    anyone: list[np.ndarray],
    residents: list[np.ndarray],
) -> pl.DataFrame:
    """monitor_totaal before protection: unique persons by age, unique households."""
    frames = []
    for number, day in enumerate(days):
        (home, age), who = states[number], anyone[number]
        columns = {("clienten", group): n for group, n in _ages(_by_age(place, home, age, who))}
        columns["huishoudens", "totaal"] = _households(place, home, household, who)
        frames += [_frame(areas, day, key, n, residents[number]) for key, n in columns.items()]
    return pl.concat(frames)


def _ages(counts: np.ndarray) -> list[tuple[str, np.ndarray]]:
    return [(group, counts[:, i]) for i, group in enumerate(("totaal", *AGES))]


def _frame(
    areas: pl.DataFrame, day: date, key: tuple[str, str], counts: np.ndarray | None, residents: np.ndarray
) -> pl.DataFrame:
    """The rows of one day, indicator and age group; no counts: `nvt`. Moves do not exist at gemeente."""
    indicator, group = key
    known = ~areas.get_column("gebiedscode").str.ends_with("onbekend")
    nvt = pl.col("gebiedsniveau").eq("gemeente") & pl.lit(indicator.startswith("verhuisd")) | pl.lit(counts is None)
    base = pl.Series(residents[:, ("totaal", *AGES).index(group)])
    return (
        areas.with_columns(
            pl.lit(day).alias("peildatum"),
            pl.lit(group).alias("leeftijdsgroep"),
            pl.lit(indicator).alias("indicator"),
            pl.lit(UNITS.get(indicator, "personen")).alias("eenheid"),
            pl.when(nvt).then(pl.lit("nvt")).otherwise(pl.lit("geleverd")).alias("status"),
            (pl.lit(None) if counts is None else pl.Series("aantal", counts)).alias("aantal"),
            pl.when(pl.Series(known)).then(base).alias("noemer"),
        )
        .with_columns(pl.when(pl.col("status") == "geleverd").then("aantal").alias("aantal"))
        .select(pl.col(name).cast(dtype) for name, dtype in SCHEMA.items())
    )


def _area_frame(place: _Place) -> pl.DataFrame:
    """dim_gebied, in the order of `_Place.sums`."""
    rows = [(place.code, "gemeente", place.code, place.code, YEAR, None)]
    rows += [(place.code, "wijk", wijk, wijk, YEAR, place.code) for wijk in place.wijken]
    rows += [
        (place.code, "buurt", buurt, buurt, YEAR, place.wijken[wijk])
        for buurt, wijk in zip(place.buurten, place.wijk, strict=True)
    ]
    schema = {
        "gemeentecode": pl.String,
        "gebiedsniveau": pl.String,
        "gebiedscode": pl.String,
        "gebiedsnaam": pl.String,
        "indelingsjaar": pl.Int32,
        "ouder_code": pl.String,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def _by_street(place: _Place, states: list, household: np.ndarray, who: list[np.ndarray]) -> list[np.ndarray]:
    return [place.per_street(home, household, there) for (home, _), there in zip(states, who, strict=True)]


def _street_frame(place: _Place) -> pl.DataFrame:
    """The streets of every buurt, in the order of `_Place.per_street`; the last of each is `onbekend`."""
    rows = []
    for buurt, count in zip(place.buurten, place.streets, strict=True):
        last = f"ST{buurt[2:]}" if buurt.endswith("onbekend") else f"ST{buurt[2:]}-onbekend"
        codes = [*(f"ST{buurt[2:]}-{number + 1}" for number in range(count)), last]
        rows += [(place.code, "straat", code, code, YEAR, buurt) for code in codes]
    return pl.DataFrame(rows, schema=_area_frame(place).schema, orient="row")


def _street_rows(
    streets: pl.DataFrame, days: tuple[date, ...], clients: list[np.ndarray], inhabited: list[np.ndarray]
) -> pl.DataFrame:
    """monitor_totaal_straat before protection: unique persons of all ages."""
    frames = [
        _frame(streets, day, ("clienten", "totaal"), count, living[:, None])
        for day, count, living in zip(days, clients, inhabited, strict=True)
    ]
    return pl.concat(frames)


def _street_residents(streets: pl.DataFrame, days: tuple[date, ...], inhabited: list[np.ndarray]) -> pl.DataFrame:
    return _resident_frame(streets, days, [living[:, None] for living in inhabited], ages=("totaal",))


def _resident_frame(
    areas: pl.DataFrame,
    days: tuple[date, ...],
    residents: list[np.ndarray],
    ages: tuple[str, ...] = ("totaal", *AGES[:-1]),
) -> pl.DataFrame:
    """gebiedscode, peildatum, leeftijdsgroep, inwoners: as a reader finds them at the CBS; nothing of `onbekend`."""
    frames = [
        areas.select(
            "gebiedscode",
            pl.lit(day).alias("peildatum"),
            pl.lit(group).alias("leeftijdsgroep"),
            pl.Series("inwoners", counts[:, i]),
        )
        for day, counts in zip(days, residents, strict=True)
        for i, group in enumerate(ages)
    ]
    return pl.concat(frames).filter(~pl.col("gebiedscode").str.ends_with("onbekend"))


def quarter_before(day: date) -> date:
    """The quarter-end before a quarter-end."""
    return day.replace(month=day.month - 2, day=1) - timedelta(days=1)
