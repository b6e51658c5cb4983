"""Makes the residents of a gemeente and what happens to them: births, deaths, and the moves of their households.

The calibration day comes first: on it wijken and ages are those of CBS, and what came before and after is told around
it. A household that comes takes the place of one that goes, so the size stays about the same. Knows nothing of
provisions or file formats.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from assets.demo.facts import Gemeente
from assets.demo.households import ALONE, CHILD, PARTNER, make_births, make_households, make_sexes
from assets.demo.moves import ELSEWHERE, make_moves
from assets.demo.timeline import NEVER, YEAR, Timeline, yyyymmdd

FIRST_BSN = 900_000_000
DEATHS_PER_YEAR = 0.010
PARTIAL_BIRTH_DATES = 0.004
# The wijk of a stranger.
UNKNOWN = -1
RESIDENTS_PER_INSTITUTION = 8_000


@dataclass(frozen=True)
class Population:
    """Who lived where and when; days are numbers, and NEVER where there is none.

    persons: persoon, huishouden, wijk, rol, geboorte, geslacht, instelling, overlijden; vanaf and vertrek, the first
    day here and the first day not here any more; vast: lives at a known address on the calibration day.
    periods: persoon, adres, van, tot; address ELSEWHERE is outside the gemeente.
    """

    persons: pl.DataFrame
    periods: pl.DataFrame


def make_population(
    rng: np.random.Generator, gemeente: Gemeente, addresses: pl.DataFrame, time: Timeline, strangers: tuple[int, int]
) -> Population:
    """The persons of one gemeente with their addresses, without BSN.

    `strangers`: how many adults and how many children whom the BRP does not know.
    """
    people, homes = _on_calibration_day(rng, gemeente, addresses, time)
    fixed = np.zeros(len(homes), bool)
    fixed[people.filter("instelling").get_column("huishouden")] = True
    moves = make_moves(rng, homes, fixed, time)
    # Households that left make room for `came`, and others take the room of `left`: alike, but other people.
    went, later = len(homes), len(homes) + moves.came.height
    residences = [
        moves.residences,
        moves.came.select(
            pl.int_range(went, later).alias("huishouden"),
            "adres",
            van=pl.Series(time.start - rng.integers(30, 9_000, moves.came.height)),
            tot="dag",
        ),
        moves.left.select(
            pl.int_range(later, later + moves.left.height).alias("huishouden"),
            "adres",
            van="dag",
            tot=pl.lit(NEVER, pl.Int64),
        ),
    ]
    persons = pl.concat(
        [
            _deaths(rng, people, time),
            _partners_who_died(rng, people, time),
            _births(rng, people, gemeente, time),
            _alike(rng, people, moves.came, went),
            _alike(rng, people, moves.left, later),
        ]
    ).with_columns(pl.int_range(pl.len(), dtype=pl.Int64).alias("persoon"))
    periods = _periods(persons, pl.concat(residences))
    here = pl.col("adres") != ELSEWHERE
    stay = periods.group_by("persoon").agg(vanaf=pl.col("van").filter(here).min(), vertrek=pl.col("tot").max())
    there = periods.filter(pl.col("van") <= time.calibration, pl.col("tot") > time.calibration)
    known = there.join(addresses.filter("bij_cbs"), on="adres", how="semi").get_column("persoon")
    persons = persons.join(stay, on="persoon", maintain_order="left").filter(pl.col("vanaf") <= time.end)
    alive = pl.col("overlijden") > time.calibration
    persons = persons.with_columns((pl.col("persoon").is_in(known.implode()) & alive).alias("vast"))
    for count, role, ages in zip(strangers, (ALONE, CHILD), ((20, 64), (2, 16)), strict=True):
        more = _strangers(rng, count, persons, time, role=role, ages=ages)
        persons = pl.concat([persons, more], how="diagonal_relaxed")
    return Population(persons, periods)


def make_bsns(rng: np.random.Generator, start: int, count: int) -> tuple[np.ndarray, int]:
    """`count` BSNs from 900000000 up that pass the elfproef, in random order; and the `start` of those after them."""
    # Of the first eight digits one in eleven has no check digit.
    heads = FIRST_BSN // 10 + start + np.arange(int(count * 1.2) + 20)
    check = np.sum([heads // 10**place % 10 * (place + 2) for place in range(8)], axis=0) % 11
    good = np.flatnonzero(check < 10)[:count]
    numbers = heads[good] * 10 + check[good]
    if count and numbers[-1] >= 999_999_999:
        raise ValueError("inwoners: more persons than there are BSNs from 900000000 up")
    return rng.permutation(numbers), start + (int(good[-1]) + 1 if count else 0)


def with_numbers(rng: np.random.Generator, persons: pl.DataFrame, start: int) -> tuple[pl.DataFrame, int]:
    """Adds bsn and geboortedatum (jjjjmmdd), of which a few lack the day (00) or day and month (0000)."""
    numbers, after = make_bsns(rng, start, persons.height)
    draw = pl.Series(rng.random(persons.height))
    whole, adult = yyyymmdd(pl.col("geboorte")), pl.col("rol") != CHILD
    return persons.with_columns(
        pl.Series("bsn", numbers, dtype=pl.Int64),
        pl.when(adult & (draw < PARTIAL_BIRTH_DATES / 2))
        .then(whole // 10_000 * 10_000)
        .when(adult & (draw < PARTIAL_BIRTH_DATES))
        .then(whole // 100 * 100)
        .otherwise(whole)
        .alias("geboortedatum"),
    ), after


def _on_calibration_day(
    rng: np.random.Generator, gemeente: Gemeente, addresses: pl.DataFrame, time: Timeline
) -> tuple[pl.DataFrame, np.ndarray]:
    """The persons of that day, and the address of each household by its number."""
    parts, homes, first = [], [], 0
    for wijk in gemeente.wijken.iter_rows(named=True):
        births = make_births(rng, wijk, time.calibration)
        household, role = make_households(rng, births, wijk, time.calibration)
        count = int(household.max(initial=-1)) + 1
        place = rng.permutation(addresses.filter(pl.col("wijk") == wijk["wijk"]).get_column("adres").to_numpy())
        home = place[np.arange(count) % len(place)]
        living_alone = np.bincount(household, minlength=count)[household] == 1
        old = np.flatnonzero(living_alone & (births < time.calibration - 75 * YEAR))
        inside = _institutions(rng, old, len(births))
        # The last addresses stand empty.
        home[household[inside >= 0]] = place[-1 - inside[inside >= 0]]
        parts.append(
            pl.DataFrame(
                {
                    "huishouden": household + first,
                    "wijk": np.full(len(births), wijk["wijk"]),
                    "rol": role,
                    "geboorte": births,
                    "geslacht": make_sexes(rng, household, role),
                    "instelling": inside >= 0,
                    "overlijden": np.full(len(births), NEVER),
                }
            )
        )
        homes.append(home)
        first += count
    return pl.concat(parts), np.concatenate(homes)


def _institutions(rng: np.random.Generator, old: np.ndarray, residents: int) -> np.ndarray:
    """For each resident of a wijk the number of the institution where it lives, or -1: 11 to 40 of the `old` each."""
    inside = np.full(residents, -1)
    left = rng.permutation(old)
    for number in range(round(residents / RESIDENTS_PER_INSTITUTION)):
        size = int(rng.integers(11, 41))
        # Most old people live on their own.
        if 2 * size > len(left):
            break
        inside[left[:size]], left = number, left[size:]
    return inside


def _deaths(rng: np.random.Generator, people: pl.DataFrame, time: Timeline) -> pl.DataFrame:
    """The persons of the calibration day, some with a death after it: the older, the likelier."""
    years = (time.end - time.calibration) / YEAR
    age = (time.calibration - people.get_column("geboorte").to_numpy()) / YEAR
    # Gompertz: 2% a year at 70, 5% at 80, 14% at 90.
    dies = rng.random(len(age)) < 1 - np.exp(-3e-5 * np.exp(0.0935 * age) * years)
    days = rng.integers(time.calibration + 1, time.end, len(age), endpoint=True)
    return people.with_columns(pl.Series("overlijden", np.where(dies, days, NEVER)))


def _partners_who_died(rng: np.random.Generator, people: pl.DataFrame, time: Timeline) -> pl.DataFrame:
    """The persons who died before the calibration day: partners of people over 65 who live alone on it."""
    wanted = round(DEATHS_PER_YEAR * people.height * (time.calibration - time.start) / YEAR)
    alone = people.filter(
        (pl.len().over("huishouden") == 1) & ~pl.col("instelling") & (pl.col("geboorte") < time.calibration - 65 * YEAR)
    )
    widowed = alone[np.sort(rng.permutation(alone.height)[:wanted])]
    return widowed.with_columns(
        pl.lit(PARTNER, pl.Int64).alias("rol"),
        pl.col("geboorte") - pl.Series(rng.integers(-1_500, 2_500, widowed.height)),
        pl.col("geslacht").replace({"M": "V", "V": "M"}),
        pl.Series("overlijden", rng.integers(time.start + 1, time.calibration, widowed.height, endpoint=True)),
    )


def _births(rng: np.random.Generator, people: pl.DataFrame, gemeente: Gemeente, time: Timeline) -> pl.DataFrame:
    """The children born after the calibration day: as many a year as there are children of one age now."""
    wanted = round(float(gemeente.wijken.get_column("a_00_14").sum()) / 15 * (time.end - time.calibration) / YEAR)
    age = (time.calibration - pl.col("geboorte")) / YEAR
    mothers = people.filter((pl.col("rol") == PARTNER) & (pl.col("geslacht") == "V") & age.is_between(22, 40))
    mothers = mothers[np.sort(rng.permutation(mothers.height)[:wanted])]
    return mothers.with_columns(
        pl.lit(CHILD, pl.Int64).alias("rol"),
        pl.Series("geboorte", rng.integers(time.calibration + 1, time.end, mothers.height, endpoint=True)),
        pl.Series("geslacht", np.array(["M", "V"])[rng.integers(0, 2, mothers.height)], dtype=pl.String),
    )


def _alike(rng: np.random.Generator, people: pl.DataFrame, models: pl.DataFrame, first: int) -> pl.DataFrame:
    """Other people in households like those of `models`, numbered from `first`, some years older or younger."""
    households = models.select(
        "huishouden",
        nieuw=pl.int_range(first, first + models.height),
        verschil=pl.Series(rng.integers(-1_500, 1_500, models.height)),
    )
    return (
        people.join(households, on="huishouden", maintain_order="left")
        .with_columns(pl.col("nieuw").alias("huishouden"), pl.col("geboorte") + pl.col("verschil"))
        .select(people.columns)
    )


def _strangers(
    rng: np.random.Generator, count: int, persons: pl.DataFrame, time: Timeline, *, role: int, ages: tuple[int, int]
) -> pl.DataFrame:
    """People of certain ages without an address, who will be clients all the same."""
    first = int(persons.get_column("persoon").max() or 0) + 1  # pyright: ignore[reportArgumentType]
    return pl.DataFrame(
        {
            "persoon": np.arange(first, first + count),
            "wijk": np.full(count, UNKNOWN),
            "rol": np.full(count, role),
            "geboorte": time.calibration - rng.integers(int(ages[0] * YEAR), int(ages[1] * YEAR), count),
            "geslacht": np.array(["M", "V"])[rng.integers(0, 2, count)],
            "instelling": np.zeros(count, bool),
            "overlijden": np.full(count, NEVER),
            "vanaf": np.full(count, time.start - 5_000),
            "vertrek": np.full(count, NEVER),
            "vast": np.zeros(count, bool),
        },
        schema_overrides={"geslacht": pl.String},
    )


def _periods(persons: pl.DataFrame, residences: pl.DataFrame) -> pl.DataFrame:
    """The address periods of each person: of its household, from birth on; none begins or ends after death."""
    died = pl.col("overlijden")
    return (
        persons.select("persoon", "huishouden", "geboorte", "overlijden")
        .join(residences, on="huishouden", maintain_order="left")
        .with_columns(pl.max_horizontal("van", "geboorte").alias("van"))
        .filter((pl.col("van") < pl.col("tot")) & (pl.col("van") <= died))
        .select("persoon", "adres", "van", tot=pl.when(died < pl.col("tot")).then(NEVER).otherwise("tot"))
        .sort("persoon", "van")
    )
