"""The Wmo of a gemeente: who is a client from when to when, and which allocations each client has.

Knows people and allocations; the messages about them are made in wmo_messages.py.
"""

import numpy as np
import polars as pl

from assets.demo.population import UNKNOWN
from assets.demo.provisions import choose, make_spells, pick
from assets.demo.timeline import NEVER, YEAR, Timeline

# Ages from which on, and how much likelier a client is then: 70% of all clients are over 65.
LIKELIER = ((0, 0.1), (18, 1.0), (45, 1.7), (65, 5.0), (75, 15.0), (85, 30.0))
# Wmo and bijstand meet in the same households more often than by chance.
IN_BIJSTAND, SOON_TO_DIE = 3.0, 5.0
# Share of the clients that stops in a month, beside death and departure; days that a spell can have lasted.
OUTFLOW, LONGEST = 0.02, 2_000

# Category (WMO020), weight, unit (WJ756), frequency (WMO757), usual volume.
PRODUCTS = (
    ("01", 34, "01", "2", 150),
    ("02", 20, "04", "2", 3),
    ("07", 9, "16", "2", 4),
    ("12", 12, "82", "6", 1),
    ("11", 7, "82", "6", 1),
    ("13", 6, "82", "6", 1),
    ("08", 5, "82", "4", 8),
    ("04", 2, "14", "4", 4),
    ("14", 2, "82", "6", 1),
    ("15", 2, "14", "2", 7),
    ("03", 1, "04", "2", 5),
)
# Aids are handed over: their supplier often sends no start and no stop.
AIDS = ("11", "12", "13", "14")
# End reasons (WMO588) of who did not die or leave.
REASONS = {"19": 52, "21": 12, "22": 3, "23": 12, "36": 5, "37": 4, "38": 4, "39": 8}
# Share of the clients with a second and a third allocation.
MORE_ALLOCATIONS = (0.20, 0.05)
# What can go wrong in the messages of an allocation (wmo_messages.py), each equally often.
TOLD_WRONGLY = ("start_fout", "stop_fout", "zonder_nummer", "toewijzing_laat", "start_laat")
# Length of an allocation in days; NEVER: without an end date.
TERMS = {365: 25, 730: 30, 1_095: 20, 1_826: 10, NEVER: 15}


def make_clients(
    rng: np.random.Generator, persons: pl.DataFrame, wanted: tuple[np.ndarray, int], poor: pl.Series, time: Timeline
) -> pl.DataFrame:
    """The spells of the clients: persoon, van, tot, overlijden, vertrek.

    `wanted`: clients on the calibration day in each wijk, and strangers. `poor`: the households in bijstand.
    """
    age = (time.calibration - persons.get_column("geboorte").to_numpy()) / YEAR
    weight = np.array([factor for _, factor in LIKELIER])[np.searchsorted([a for a, _ in LIKELIER], age, "right") - 1]
    in_bijstand = persons.get_column("huishouden").is_in(poor.implode()).fill_null(False).to_numpy()
    weight[in_bijstand & (age < 65)] *= IN_BIJSTAND
    weight[persons.get_column("overlijden").to_numpy() <= time.calibration] *= SOON_TO_DIE
    first = np.maximum(
        persons.get_column("vanaf").to_numpy(), persons.get_column("geboorte").to_numpy() + int(4 * YEAR)
    )
    units = persons.select(
        "wijk",
        gewicht=pl.Series(weight),
        vanaf=pl.Series(first),
        uiterlijk=pl.min_horizontal("overlijden", "vertrek"),
    )
    here = persons.get_column("vast").to_numpy() & (first < time.calibration - 30)
    wijk = persons.get_column("wijk").to_numpy()
    stock = [choose(rng, np.where(here & (wijk == w), weight, 0), count) for w, count in enumerate(wanted[0])]
    stock.append(np.flatnonzero(wijk == UNKNOWN)[: wanted[1]])
    spells = make_spells(rng, units, np.concatenate(stock), time, monthly_outflow=OUTFLOW, longest=LONGEST)
    who = persons.select("persoon", "overlijden", "vertrek")[spells.get_column("eenheid")]
    return spells.drop("eenheid").hstack(who)


def make_allocations(
    rng: np.random.Generator, spells: pl.DataFrame, persons: pl.DataFrame, time: Timeline, faults_pct: float
) -> pl.DataFrame:
    """Each client's allocations: one for the whole spell, for some one or two more within it, of another product.

    begin and einde: the first and last day of help; ingang and termijn: of the allocation; gestart: has a start
    message; fout: what goes wrong in its messages, see wmo_messages.py.
    """
    parts = [spells.with_columns(volgnummer=pl.lit(0), fout=pl.lit(None, pl.String))]
    for number, share in enumerate(MORE_ALLOCATIONS, 1):
        more = spells.filter(pl.Series(rng.random(spells.height) < share))
        low, high = more.get_column("van").to_numpy(), np.minimum(more.get_column("tot").to_numpy(), time.end)
        begin = rng.integers(low, np.maximum(high, low + 1))
        stop = begin + 30 + rng.exponential(700, more.height).astype(int)
        more = more.with_columns(van=pl.Series(begin), tot=pl.min_horizontal("tot", pl.Series(stop)))
        parts.append(more.with_columns(volgnummer=pl.lit(number), fout=pl.lit(None, pl.String)))
    count = round(spells.height * faults_pct / 200) if time.end - time.start > 90 else 0
    nobody = choose(rng, persons.get_column("vast").to_numpy().astype(float), count)
    withdrawn = persons[nobody].select(
        van=pl.Series(rng.integers(time.start, max(time.end - 75, time.start + 1), len(nobody))),
        tot=pl.lit(NEVER, pl.Int64),
        persoon="persoon",
        overlijden="overlijden",
        vertrek="vertrek",
        volgnummer=pl.lit(0),
        fout=pl.lit("ingetrokken"),
    )
    found = pl.concat([*parts, withdrawn]).filter(pl.col("van") < pl.col("tot"), pl.col("tot") >= time.start)
    return _describe(rng, found, time, faults_pct)


def _describe(rng: np.random.Generator, spells: pl.DataFrame, time: Timeline, faults_pct: float) -> pl.DataFrame:
    count = spells.height
    # A second or third allocation of one client is of another product than the first.
    drawn = pl.Series(pick(rng, range(len(PRODUCTS)), [product[1] for product in PRODUCTS], count))
    first = drawn.to_frame("drawn").hstack(spells).select(pl.col("drawn").first().over("persoon")).to_series()
    place = (first + 3 * spells.get_column("volgnummer")) % len(PRODUCTS)
    category = np.array([product[0] for product in PRODUCTS])[place]
    started = rng.random(count) >= np.where(np.isin(category, AIDS), 0.35, 0.02)
    before = np.where(started, rng.integers(0, 15, count), 0)
    # Who starts after the calibration day has no allocation on it: without its start it would count from then.
    begin = spells.get_column("van").to_numpy()
    before = np.where(begin > time.calibration, np.minimum(before, begin - time.calibration - 1), before)
    ended, withdrawn = pl.col("tot") <= time.end, pl.col("fout") == "ingetrokken"
    halves = ~withdrawn.fill_null(False) | pl.Series(rng.random(count) < 0.5)
    died, left = pl.col("tot") == pl.col("overlijden"), pl.col("tot") == pl.col("vertrek")
    # One in twenty stays open when its client dies or leaves; of the others two in a hundred are told wrongly.
    draw = pl.Series(rng.random(count)) * 100
    told_wrongly = pl.Series(pick(rng, TOLD_WRONGLY, [1] * len(TOLD_WRONGLY), count), dtype=pl.String)
    return (
        spells.select(
            "persoon",
            begin="van",
            einde=pl.when(ended).then("tot").otherwise(NEVER),
            reden=pl.when(ended & died)
            .then(pl.lit("02"))
            .when(ended & left)
            .then(pl.lit("31"))
            .when(ended)
            .then(pl.Series(pick(rng, list(REASONS), list(REASONS.values()), count), dtype=pl.String)),
            fout=pl.when(withdrawn)
            .then("fout")
            .when(ended & (died | left) & (draw < min(5 * faults_pct, 50)))
            .then(pl.lit("open"))
            .when((draw < min(2 * faults_pct, 20)) & ~died & ~left)
            .then(told_wrongly),
            ingang=pl.col("van") - pl.Series(before),
            termijn=pl.when(withdrawn)
            .then(NEVER)
            .otherwise(pl.Series(pick(rng, list(TERMS), list(TERMS.values()), count))),
            gestart=halves & pl.Series(started),
            product=place,
            productcode=pl.Series(category, dtype=pl.String) + pl.format("A0{}", pl.Series(rng.integers(1, 6, count))),
            aanbieder=42_420_000 + pl.Series(rng.integers(1, 15, count)),
        )
        .sort("ingang", "persoon", "product", maintain_order=True)
        .with_columns(pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("toewijzing"))
    )
