"""Makes the benefits of a gemeente: general assistance and its neighbours (IOAW, IOAZ, Bbz), and special assistance.

Knows who has which benefit from when to when; how the statistic writes it down is in bus.py.
"""

from datetime import date

import numpy as np
import polars as pl

from assets.demo.households import ALONE, CHILD, PARTNER
from assets.demo.population import UNKNOWN
from assets.demo.provisions import choose, make_spells, pick
from assets.demo.timeline import NEVER, YEAR, Timeline, as_date, day

# AOW age in months by year, up to the next year named. The demo uses that of the year of the calibration day.
AOW_MONTHS = {2013: 781, 2014: 782, 2015: 783, 2016: 786, 2017: 789, 2018: 792, 2019: 796, 2022: 799, 2023: 802}
OUTFLOW, LONGEST = 0.02, 4_000
# One in eight persons in bijstand is half of a couple with one benefit.
COUPLES = 0.12
# IOAW, IOAZ, Bbz and periodic special assistance: code, size beside general assistance, youngest age.
OTHERS = (("02", 0.04, 55), ("03", 0.01, 55), ("14", 0.02, 25), ("11", 0.15, 18))
# One-off payments in a month, beside general assistance.
ONE_OFF = 0.12
# End reasons (item 34) of benefits that end by themselves.
REASONS = {"11": 38, "98": 15, "19": 9, "02": 8, "31": 8, "01": 5, "15": 5, "13": 4, "14": 3, "34": 3, "35": 2}
CLUSTERS = {"a": 8, "b": 16, "c": 14, "d": 4, "e": 6, "f": 24, "g": 3, "h": 17, "i": 8}
CLUSTERS_2015 = CLUSTERS | {"k": 14, "l": 1, "m": 5}
# The share of those who stop that is simply absent from the next month.
VANISHES = 0.06


def make_benefits(
    rng: np.random.Generator, persons: pl.DataFrame, wanted: tuple[np.ndarray, int], time: Timeline
) -> pl.DataFrame:
    """Every benefit of every person, general and periodic: a row per person, one registratienummer per benefit.

    statistiekcode, registratienummer, persoon, leefvorm, cluster, van, tot, reden, verdwijnt. `wanted`: persons with
    general assistance on the calibration day in each wijk, and strangers.
    """
    units = _units(persons, time)
    general = _general(rng, units, wanted, time)
    parts = [general.with_columns(statistiekcode=pl.lit("01"))]
    size = int(wanted[0].sum()) + wanted[1]
    taken = units[general.get_column("eenheid")]
    has_general = pl.col("persoon").is_in(taken.get_column("persoon").append(taken.get_column("tweede")).implode())
    for code, share, youngest in OTHERS:
        able = pl.col("hier") & (pl.col("tweede") < 0) & (pl.col("geboorte") < time.calibration - int(youngest * YEAR))
        # Special assistance often goes to persons with general assistance; the other benefits never do.
        beside, alone = (20.0, 0.3) if code == "11" else (0.0, 1.0)
        drawn = units.with_columns(gewicht=pl.when(~able).then(0.0).when(has_general).then(beside).otherwise(alone))
        stock = choose(rng, drawn.get_column("gewicht").to_numpy(), max(round(size * share), 1))
        found = make_spells(rng, drawn, stock, time, monthly_outflow=OUTFLOW, longest=LONGEST)
        parts.append(found.with_columns(statistiekcode=pl.lit(code)))
    spells = pl.concat(parts).filter(pl.col("tot") >= time.start)
    return _benefits(rng, spells, units, persons, time)


def _units(persons: pl.DataFrame, time: Timeline) -> pl.DataFrame:
    """Everybody who can have a benefit, and between which days: adults, and couples of adults (persoon, tweede)."""
    adults = persons.with_columns(
        begint=pl.max_horizontal("vanaf", pl.col("geboorte") + int(18 * YEAR) + 1),
        eindigt=pl.min_horizontal("overlijden", "vertrek", pl.col("geboorte") + aow_days(time)),
    )
    columns = ["persoon", "tweede", "huishouden", "wijk", "rol", "geboorte", "begint", "eindigt", "vast"]
    single = adults.with_columns(tweede=pl.lit(-1, pl.Int64)).select(columns)
    pairs = (
        adults.filter(pl.col("rol") == PARTNER)
        .group_by("huishouden", maintain_order=True)
        .agg(
            pl.col("persoon").first(),
            pl.col("persoon").last().alias("tweede"),
            pl.col("wijk", "rol").first(),
            pl.col("geboorte", "begint").max(),
            pl.col("eindigt").min(),
            pl.col("vast").all(),
            aantal=pl.len(),
        )
        .filter(pl.col("aantal") == 2)
        .select(columns)
    )
    return pl.concat([single, pairs]).select(
        pl.int_range(pl.len()).alias("eenheid"),
        "persoon",
        "tweede",
        "wijk",
        "geboorte",
        # Partners have a benefit together; a person who lives with parents hardly ever has one.
        gewicht=pl.when((pl.col("tweede") < 0) & (pl.col("rol") == PARTNER))
        .then(0.02)
        .when(pl.col("rol") == CHILD)
        .then(0.3)
        .otherwise(1.0),
        vanaf="begint",
        uiterlijk="eindigt",
        hier=pl.col("vast") & (pl.col("begint") < time.calibration - 30) & (pl.col("eindigt") > time.calibration),
    )


def _general(
    rng: np.random.Generator, units: pl.DataFrame, wanted: tuple[np.ndarray, int], time: Timeline
) -> pl.DataFrame:
    """Spells of general assistance; on the calibration day exactly `wanted` persons."""
    wijk, here, weight = (units.get_column(c).to_numpy() for c in ("wijk", "hier", "gewicht"))
    couple = units.get_column("tweede").to_numpy() >= 0
    partners = units.get_column("tweede").to_numpy(), units.get_column("persoon").to_numpy()
    stock = []
    for number, count in enumerate(wanted[0]):
        own = here & (wijk == number)
        couples = choose(rng, np.where(own & couple, 1.0, 0), int(count * COUPLES / 2))
        taken = np.concatenate([side[couples] for side in partners])
        free = own & ~couple & ~np.isin(partners[1], taken)
        stock += [couples, choose(rng, np.where(free, weight, 0), count - 2 * len(couples))]
    stock.append(np.flatnonzero(wijk == UNKNOWN)[: wanted[1]])
    chosen = np.concatenate(stock)
    # Before and after, too, nobody has two benefits: partners have one together, and nobody with one gets another.
    busy = np.unique(np.concatenate([side[chosen] for side in partners]))
    busy = busy[busy >= 0]
    free = ~np.isin(partners[0], busy) & ~np.isin(partners[1], busy)
    weight = np.where(couple, COUPLES / 2, np.where(weight < 0.1, 0, weight)) * free
    weight[chosen] = 1
    drawn = units.with_columns(gewicht=pl.Series(weight))
    return make_spells(rng, drawn, chosen, time, monthly_outflow=OUTFLOW, longest=LONGEST)


def _benefits(
    rng: np.random.Generator, spells: pl.DataFrame, units: pl.DataFrame, persons: pl.DataFrame, time: Timeline
) -> pl.DataFrame:
    """A row for each person of each benefit."""
    unit = units.select("eenheid", "persoon", "tweede", "uiterlijk")[spells.get_column("eenheid")].drop("eenheid")
    count = spells.height
    spells = (
        spells.drop("eenheid")
        .hstack(unit)
        .with_columns(
            zelf=pl.Series(pick(rng, list(REASONS), list(REASONS.values()), count), dtype=pl.String),
            cluster=pl.when(pl.col("statistiekcode") == "11").then(
                pl.Series(pick(rng, list(CLUSTERS), list(CLUSTERS.values()), count), dtype=pl.String)
            ),
            # In the last month nobody can tell yet who will not be there in the next.
            verdwijnt=pl.Series(rng.random(count) < VANISHES) & (pl.col("tot") < day(time.months[-1])),
        )
        .sort("van", "persoon", "statistiekcode")
        .with_columns(registratienummer=pl.int_range(1, pl.len() + 1))
    )
    both = spells.filter(pl.col("tweede") >= 0).with_columns(persoon="tweede")
    who = persons.with_columns(samen=pl.len().over("huishouden")).select(
        "persoon", "rol", "samen", "overlijden", "vertrek", aow=pl.col("geboorte") + aow_days(time)
    )
    tot = pl.col("tot")
    return (
        pl.concat([spells, both])
        .join(who, on="persoon", maintain_order="left")
        .with_columns(
            reden=pl.when(tot > time.end)
            .then(None)
            .when(tot == pl.col("overlijden"))
            .then(pl.lit("04"))
            .when(tot == pl.col("vertrek"))
            .then(pl.lit("32"))
            .when(tot == pl.col("aow"))
            .then(pl.lit("03"))
            .when(tot == pl.col("uiterlijk"))
            .then(pl.lit("97"))
            .otherwise("zelf"),
            leefvorm=pl.when(pl.col("tweede") >= 0)
            .then(pl.lit("3"))
            # Living with parents is alone too, as a rule.
            .when((pl.col("rol") == CHILD) & (pl.col("persoon") % 3 == 0))
            .then(pl.lit("4"))
            .when((pl.col("rol") == ALONE) & (pl.col("samen") > 1))
            .then(pl.lit("2"))
            .otherwise(pl.lit("1")),
        )
        .select(
            "statistiekcode", "registratienummer", "persoon", "leefvorm", "cluster", "van", "tot", "reden", "verdwijnt"
        )
    )


def make_payments(
    rng: np.random.Generator, persons: pl.DataFrame, benefits: pl.DataFrame, month: date, last: int
) -> pl.DataFrame:
    """The one-off special assistance (code 12) of one month up to its day `last`; the columns of `make_benefits`."""
    first = day(month)
    general = benefits.filter((pl.col("statistiekcode") == "01") & (pl.col("van") <= last) & (pl.col("tot") > last))
    count = max(round(general.height * ONE_OFF * rng.uniform(0.96, 1.04)), 3)
    weight = persons.select(
        pl.when((pl.col("vanaf") > first) | (pl.min_horizontal("overlijden", "vertrek") <= last))
        .then(0)
        .when(pl.col("persoon").is_in(general.get_column("persoon").implode()))
        .then(60)
        .when((pl.col("rol") != CHILD) & (pl.col("wijk") != UNKNOWN))
        .then(0.5)
        .otherwise(0)
    )
    chosen = choose(rng, weight.to_series().to_numpy().astype(float), count)
    clusters = CLUSTERS_2015 if month.year >= 2015 else CLUSTERS
    number = 50_000_000 + (month.year % 100 * 12 + month.month) * 10_000
    return persons[chosen].select(
        statistiekcode=pl.lit("12"),
        registratienummer=number + pl.int_range(pl.len()),
        persoon="persoon",
        leefvorm=pl.lit("1"),
        cluster=pl.Series(pick(rng, list(clusters), list(clusters.values()), len(chosen)), dtype=pl.String),
        van=pl.Series(rng.integers(first, last, len(chosen), endpoint=True)),
        tot=pl.lit(NEVER, pl.Int64),
        reden=pl.lit(None, pl.String),
        verdwijnt=pl.lit(False),
    )


def aow_days(time: Timeline) -> int:
    """The AOW age in days, of the year of the calibration day."""
    year = max(as_date(time.calibration).year, min(AOW_MONTHS))
    return int(AOW_MONTHS[max(known for known in AOW_MONTHS if known <= year)] / 12 * YEAR)
