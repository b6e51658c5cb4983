"""What is counted of the persons of a made-up gemeente: areas, and tables as the mart gives them.

Who those persons are and what they use is in gemeente.py. Nothing of the software is imported.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from zlib import crc32

import numpy as np
import polars as pl

AGES = ("0-14", "15-24", "25-44", "45-64", "65+", "onbekend")
# Whose clients have one provision each, or provisions of their own; of the others people share them. By the laws.
ONE_EACH = ("wsw",)
OWN = ("wmo", "jeugdzorg", "oggz", "wet_oke", "leerplicht")
EVENTS = ("leerplicht",)
# The age groups (of AGES) that a law is for, where it is not for all.
FOR_AGES = {
    "jeugdzorg": (0, 1),
    "leerlingenvervoer": (0, 1),
    "schuldhulpverlening": (1, 2, 3, 4),
    "vsv": (0, 1),
    "wet_oke": (0,),
    "wsw": (1, 2, 3, 4),
    "wwb": (1, 2, 3, 4),
}
YEAR = 2022
PERIODS = {"gebruik_halfjaar": 6, "gebruik_jaar": 12}
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
    "uitsplitsing": pl.String,
    "indicator": pl.String,
    "eenheid": pl.String,
    "status": pl.String,
    "aantal": pl.Int64,
    "noemer": pl.Int64,
    # Of clients and use: how many households are behind the count, and how many persons at one address at most.
    "huishoudens": pl.Int64,
    "grootste_adres": pl.Int64,
}


@dataclass
class Place:
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


def by_age(place: Place, home: np.ndarray, age: np.ndarray, who: np.ndarray) -> np.ndarray:
    """Counts (areas, 1 + ages): total, then each age group."""
    flat = np.bincount(home[who] * len(AGES) + age[who], minlength=len(place.buurten) * len(AGES))
    ages = np.stack([place.sums(column) for column in flat.reshape(-1, len(AGES)).T], axis=1)
    return np.column_stack([ages.sum(1), ages])


def _households(place: Place, home: np.ndarray, household: np.ndarray, who: np.ndarray) -> np.ndarray:
    first = np.unique(household[who], return_index=True)[1]
    return place.sums(np.bincount(home[who][first], minlength=len(place.buurten)))


def _behind(
    place: Place, home: np.ndarray, age: np.ndarray | None, people: tuple[np.ndarray, np.ndarray], who: np.ndarray
) -> list[tuple[np.ndarray, np.ndarray]]:
    """By age group (total, then AGES; None: total only) of each area: households, and the most at one address."""
    found = []
    for group in (-1, *(range(len(AGES)) if age is not None else ())):
        those = np.flatnonzero(who if age is None or group < 0 else who & (age == group))
        levels = (np.zeros(len(those), int), place.wijk[home[those]], home[those])
        households, most = [], []
        for areas, size in zip(levels, (1, len(place.wijken), len(place.buurten)), strict=True):
            pairs = np.unique(np.column_stack([areas, people[0][those]]), axis=0)
            households.append(np.bincount(pairs[:, 0], minlength=size))
            pairs, together = np.unique(np.column_stack([areas, people[1][those]]), axis=0, return_counts=True)
            most.append(np.zeros(size, int))
            np.maximum.at(most[-1], pairs[:, 0], together)
        found.append((np.concatenate(households), np.concatenate(most)))
    return found


def _provisions(
    name: str, people: tuple[np.ndarray, np.ndarray], active: np.ndarray, passing: np.ndarray, drawn: np.ndarray
) -> np.ndarray:
    """The buurt of each provision, as each regeling defines them.

    `people`: buurt and household; `drawn`: of each client a number of 1 or more; `passing`: used it, and is no client.
    """
    home, household = people
    if name in ONE_EACH:
        return home[active]
    if name in OWN:
        own = np.repeat(home[active], drawn)
        return np.concatenate([own, home[passing]]) if name in EVENTS else own
    # One for the household, or two; or none of its own, shared with who lives elsewhere and counting there.
    first = np.unique(household[active], return_index=True)[1]
    return np.repeat(home[active][first], np.where(drawn[first] > 2, 0, drawn[first]))


def _by_law(name: str, age: np.ndarray) -> np.ndarray:
    """The age group that each counts in: `onbekend` for who is older or younger than the law is for.

    Also of a group that it is for, as ages of laws begin and end within groups: a few.
    """
    if name not in FOR_AGES:
        return age
    return np.where(np.isin(age, FOR_AGES[name]) & (np.arange(len(age)) % 30 > 0), age, len(AGES) - 1)


def figures_of(
    rng: np.random.Generator,
    name: str,
    areas: pl.DataFrame,
    place: Place,
    days: tuple[date, ...],
    states: list,
    people: tuple[np.ndarray, np.ndarray],
    persons: list,
    residents: list[np.ndarray],
    several: int = 1,
    drawn_of: dict[str, list[np.ndarray]] | None = None,
) -> pl.DataFrame:
    """wijkcijfers of one regeling: the columns of SCHEMA, dense. `several`: so many times as many provisions.

    `drawn_of` gets how many provisions of his own each client had on each day.
    """
    frames = []
    rng.random()  # keeps every made-up gemeente as it was
    buurten = len(place.buurten)
    for number, day in enumerate(days):
        (home, age), (active, used) = states[number], persons[number]
        by_law = _by_law(name, age)
        columns = {("clienten", group): n for group, n in _ages(by_age(place, home, by_law, active))}
        columns |= {
            ("clienten", group): None for i, group in enumerate(AGES) if i not in FOR_AGES.get(name, range(5)) and i < 5
        }
        columns["gebruik", "totaal"] = place.sums(np.bincount(home[used], minlength=buurten))
        columns["huishoudens", "totaal"] = _households(place, home, people[0], active)
        behind = _behind_ages(_behind(place, home, by_law, people, active))
        behind["gebruik", "totaal"] = _behind(place, home, None, people, used)[0]
        drawn = rng.geometric(0.7, int(active.sum())) * several
        if drawn_of is not None:
            drawn_of.setdefault(name, []).append(drawn)
        provisions = _provisions(name, (home, people[0]), active, used & ~active, drawn)
        columns["voorzieningen", "totaal"] = place.sums(np.bincount(provisions, minlength=buurten))
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
        if name not in EVENTS:
            for indicator, (users, where) in _in_periods(name, days, number, states, persons).items():
                columns[indicator, "totaal"] = place.sums(np.bincount(where[users], minlength=buurten))
                behind[indicator, "totaal"] = _behind(place, where, None, people, users)[0]
        frames += [_frame(areas, day, key, n, residents[number], behind.get(key)) for key, n in columns.items()]
    return pl.concat(frames)


def _in_periods(
    name: str, days: tuple[date, ...], number: int, states: list, persons: list
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Of each period that ends with a day: who used it in a month of `days`, or in one without; where each was last."""
    end, found = days[number], {}
    rng = np.random.default_rng((crc32(name.encode()), len(states[0][0])))
    # Of each person the same number for all periods: what is in one is in any longer one.
    share, drawn = min(0.1, 0.001 * rng.lognormal(0, 2)), rng.random(len(states[0][0]))
    for indicator, months in PERIODS.items():
        if end.month % months == 0:
            within = [i for i in range(number + 1) if _months_between(days[i], end) < months]
            where = np.full(len(drawn), -1)
            for i in within:
                where = np.where(states[i][0] >= 0, states[i][0], where)
            used = np.logical_or.reduce([persons[i][1] for i in within])
            found[indicator] = (used | (drawn < share * (months - len(within)))) & (where >= 0), where
    return found


def _months_between(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month


def totals(
    areas: pl.DataFrame,
    place: Place,
    days: tuple[date, ...],
    states: list,
    people: tuple[np.ndarray, np.ndarray],
    anyone: list[np.ndarray],
    residents: list[np.ndarray],
) -> pl.DataFrame:
    """monitor_totaal before protection: unique persons by age, unique households."""
    frames = []
    for number, day in enumerate(days):
        (home, age), who = states[number], anyone[number]
        columns = {("clienten", group): n for group, n in _ages(by_age(place, home, age, who))}
        columns["huishoudens", "totaal"] = _households(place, home, people[0], who)
        behind = _behind_ages(_behind(place, home, age, people, who))
        frames += [_frame(areas, day, key, n, residents[number], behind.get(key)) for key, n in columns.items()]
    return pl.concat(frames)


def _behind_ages(behind: list[tuple[np.ndarray, np.ndarray]]) -> dict[tuple[str, str], tuple[np.ndarray, np.ndarray]]:
    return {("clienten", group): both for group, both in zip(("totaal", *AGES), behind, strict=True)}


def _ages(counts: np.ndarray) -> list[tuple[str, np.ndarray]]:
    return [(group, counts[:, i]) for i, group in enumerate(("totaal", *AGES))]


def _frame(
    areas: pl.DataFrame,
    day: date,
    key: tuple[str, str],
    counts: np.ndarray | None,
    residents: np.ndarray,
    behind: tuple[np.ndarray, np.ndarray] | None = None,
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
            pl.lit("").alias("uitsplitsing"),
            pl.lit(indicator).alias("indicator"),
            pl.lit(UNITS.get(indicator, "personen")).alias("eenheid"),
            pl.when(nvt).then(pl.lit("nvt")).otherwise(pl.lit("geleverd")).alias("status"),
            (pl.lit(None) if counts is None else pl.Series("aantal", counts)).alias("aantal"),
            pl.when(pl.Series(known)).then(base).alias("noemer"),
            pl.Series("huishoudens", [None] * areas.height if behind is None else behind[0], pl.Int64),
            pl.Series("grootste_adres", [None] * areas.height if behind is None else behind[1], pl.Int64),
        )
        .with_columns(pl.when(pl.col("status") == "geleverd").then("aantal").alias("aantal"))
        .select(pl.col(name).cast(dtype) for name, dtype in SCHEMA.items())
    )


def area_frame(place: Place) -> pl.DataFrame:
    """dim_gebied, in the order of `Place.sums`."""
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


def by_street(place: Place, states: list, household: np.ndarray, who: list[np.ndarray]) -> list[np.ndarray]:
    return [place.per_street(home, household, there) for (home, _), there in zip(states, who, strict=True)]


def street_frame(place: Place) -> pl.DataFrame:
    """The streets of every buurt, in the order of `Place.per_street`; the last of each is `onbekend`."""
    rows = []
    for buurt, count in zip(place.buurten, place.streets, strict=True):
        last = f"ST{buurt[2:]}" if buurt.endswith("onbekend") else f"ST{buurt[2:]}-onbekend"
        codes = [*(f"ST{buurt[2:]}-{number + 1}" for number in range(count)), last]
        rows += [(place.code, "straat", code, code, YEAR, buurt) for code in codes]
    return pl.DataFrame(rows, schema=area_frame(place).schema, orient="row")


def street_rows(
    streets: pl.DataFrame, days: tuple[date, ...], clients: list[np.ndarray], inhabited: list[np.ndarray]
) -> pl.DataFrame:
    """monitor_totaal_straat before protection: unique persons of all ages."""
    frames = [
        _frame(streets, day, ("clienten", "totaal"), count, living[:, None])
        for day, count, living in zip(days, clients, inhabited, strict=True)
    ]
    return pl.concat(frames)


def street_residents(streets: pl.DataFrame, days: tuple[date, ...], inhabited: list[np.ndarray]) -> pl.DataFrame:
    return resident_frame(streets, days, [living[:, None] for living in inhabited], ages=("totaal",))


def resident_frame(
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
