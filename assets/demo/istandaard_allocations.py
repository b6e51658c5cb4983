"""The Wmo or jeugdzorg of a gemeente: who is a client from when to when, and which allocations each client has.

Knows people and allocations; the messages about them are made in istandaard_messages.py.
"""

import numpy as np
import polars as pl

from assets.demo.population import UNKNOWN
from assets.demo.provisions import choose, make_spells, pick
from assets.demo.standard import JEUGDZORG, Standard
from assets.demo.timeline import NEVER, YEAR, Timeline, as_date, day

# Share of the clients that stops in a month, beside death and departure; days that a spell can have lasted.
OUTFLOW, LONGEST = 0.02, 2_000

# How likely a client of the Wmo is who leaves youth care grown up (who is 85: 30), and how much likelier an adult is
# who lives with a child in youth care.
FOLLOWS, TOGETHER = 40.0, 5.0
# Share of the clients with a second and a third allocation.
MORE_ALLOCATIONS = (0.20, 0.05)
# Share of the allocations that is renewed as another when their term ends.
RENEWED = 0.5
# What can go wrong in the messages of an allocation (istandaard_messages.py), each equally often.
TOLD_WRONGLY = ("start_fout", "stop_fout", "zonder_nummer", "toewijzing_laat", "start_laat")
# Length of an allocation in days; NEVER: without an end date.
TERMS = {365: 25, 730: 30, 1_095: 20, 1_826: 10, NEVER: 15}


def make_clients(
    rng: np.random.Generator,
    persons: pl.DataFrame,
    wanted: tuple[np.ndarray, int],
    poor: pl.Series,
    *,
    standard: Standard,
    time: Timeline,
    youth: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """The spells of the clients: persoon, van, tot, overlijden, vertrek.

    `wanted`: who used it in the period that CBS counts (`Standard.counted_from`), in each wijk, and strangers. `poor`:
    the households in bijstand. `youth`: the spells of youth care; who leaves it grown up often comes from then on, and
    others of that household do so too.
    """
    birth = persons.get_column("geboorte").to_numpy()
    age = (time.calibration - birth) / YEAR
    weight = _likelier(standard, age)
    in_bijstand = persons.get_column("huishouden").is_in(poor.implode()).fill_null(False).to_numpy()
    weight[in_bijstand & (age < 65)] *= standard.in_bijstand
    weight[persons.get_column("overlijden").to_numpy() <= time.calibration] *= standard.soon_to_die
    first = np.maximum(persons.get_column("vanaf").to_numpy(), birth + int(standard.youngest * YEAR))
    last = persons.select(pl.min_horizontal("overlijden", "vertrek")).to_series().to_numpy()
    if youth is not None:
        left = persons.select("persoon")
        left = left.join(_grown_up(youth, persons, time), on="persoon", how="left", maintain_order="left")
        comes = left.get_column("tot").fill_null(-NEVER).to_numpy()
        first = np.maximum(first, comes + 1)
        helped = persons.join(youth, on="persoon", how="semi").get_column("huishouden").drop_nulls().unique()
        together = persons.get_column("huishouden").is_in(helped.implode()).fill_null(False).to_numpy()
        weight[together & (age >= 18) & (age < 65)] *= TOGETHER
        weight[comes > 0] = FOLLOWS
    if standard.grown_up:
        usual, longer = standard.grown_up
        # Who came of age in these months was a client like other children until then.
        of_age = birth + int(usual * YEAR)
        lately = (of_age > time.start) & (of_age <= time.calibration)
        goes_on = ((age >= usual) & ~lately) | (rng.random(len(age)) < 0.1)
        weight = np.where(lately & ~goes_on, _likelier(standard, np.full(len(age), usual - 1)), weight)
        last = np.minimum(last, birth + (np.where(goes_on, longer, usual) * YEAR).astype(int))
    units = persons.select(
        "wijk",
        gewicht=pl.Series(weight),
        vanaf=pl.Series(first),
        uiterlijk=pl.Series(last),
    )
    here = persons.get_column("vast").to_numpy() & (first < time.calibration - 30) & (last > time.calibration + 1)
    wijk = persons.get_column("wijk").to_numpy()
    stock = [choose(rng, np.where(here & (wijk == w), weight, 0), count) for w, count in enumerate(wanted[0])]
    stock.append(np.flatnonzero((wijk == UNKNOWN) & (weight > 0))[: wanted[1]])
    spells = make_spells(rng, units, np.concatenate(stock), time, monthly_outflow=OUTFLOW, longest=LONGEST)
    who = persons.select("persoon", "wijk", "overlijden", "vertrek")[spells.get_column("eenheid")]
    spells = spells.drop("eenheid").hstack(who)
    return spells.filter(_as_many_users(rng, spells, wanted, standard, time)).drop("wijk")


def _grown_up(youth: pl.DataFrame, persons: pl.DataFrame, time: Timeline) -> pl.DataFrame:
    """Who leaves youth care in these months at the age at which it usually ends: persoon, tot."""
    usual, _ = JEUGDZORG.grown_up or (18, 23)
    age = (pl.col("tot") - pl.col("geboorte")) / YEAR
    left = youth.join(persons.select("persoon", "geboorte"), on="persoon", maintain_order="left")
    left = left.filter(age.is_between(usual - 0.02, usual + 0.02), pl.col("tot").is_between(time.start, time.end))
    return left.select("persoon", "tot")


def _as_many_users(
    rng: np.random.Generator,
    spells: pl.DataFrame,
    wanted: tuple[np.ndarray, int],
    standard: Standard,
    time: Timeline,
) -> np.ndarray:
    """Which spells stay, so that each wijk has as many users in the period as wanted: its stock alone is as large.

    A client who left and still counts does so in no wijk, like the strangers. As large a share of the users before or
    after the period stays. The first spell always stays: it is of the stock, so that no delivery is empty.
    """
    since = max(day(standard.counted_from(as_date(time.calibration))), time.start)
    last_day = pl.min_horizontal("tot", pl.col("overlijden") - 1, pl.col("vertrek") - 1)
    used = spells.select((pl.col("van") <= time.calibration) & (last_day >= since)).to_series().to_numpy()
    gone = (pl.col("vertrek") <= time.calibration) & pl.lit(standard.counts_after_leaving)
    wijk = spells.select(pl.when(gone).then(UNKNOWN).otherwise("wijk")).to_series().to_numpy()
    order = rng.random(spells.height)
    order[:1] = 0
    stays = np.zeros(spells.height, bool)
    for here, count in [*enumerate(wanted[0]), (UNKNOWN, wanted[1])]:
        users = np.sort(order[used & (wijk == here)])
        # Between the last user that stays and the first that does not.
        bound = users[count] if count < len(users) else 1.0
        stays |= (wijk == here) & (order < bound)
    return stays


def _likelier(standard: Standard, age: np.ndarray) -> np.ndarray:
    """How much likelier a client of each age is; an unborn child counts as a newborn."""
    ages, factors = zip(*standard.likelier, strict=True)
    return np.array(factors)[np.maximum(np.searchsorted(ages, age, "right") - 1, 0)]


def make_allocations(
    rng: np.random.Generator,
    spells: pl.DataFrame,
    persons: pl.DataFrame,
    *,
    standard: Standard,
    time: Timeline,
    faults_pct: float,
) -> pl.DataFrame:
    """Each client's allocations: one for the whole spell, for some one or two more within it, of another product.

    begin and einde: the first and last day of help; ingang and termijn: of the allocation; gestart: has a start
    message; fout: what goes wrong in its messages, see istandaard_messages.py.
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
    possible = _likelier(standard, (time.calibration - persons.get_column("geboorte").to_numpy()) / YEAR) > 0
    nobody = choose(rng, (persons.get_column("vast").to_numpy() & possible).astype(float), count)
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
    return _describe(rng, found, standard, time, faults_pct)


def _describe(
    rng: np.random.Generator, spells: pl.DataFrame, standard: Standard, time: Timeline, faults_pct: float
) -> pl.DataFrame:
    count, products = spells.height, standard.products
    # A second or third allocation of one client is of another product than the first.
    drawn = pl.Series(pick(rng, range(len(products)), [product[1] for product in products], count))
    first = drawn.to_frame("drawn").hstack(spells).select(pl.col("drawn").first().over("persoon")).to_series()
    place = (first + 3 * spells.get_column("volgnummer")) % len(products)
    category = np.array([product[0] for product in products])[place]
    started = rng.random(count) >= np.where(np.isin(category, standard.handed_over), 0.35, 0.02)
    before = np.where(started, rng.integers(0, 15, count), 0)
    # A client who starts after the calibration day has no allocation on it: without a start it would count from then.
    begin = spells.get_column("van").to_numpy()
    before = np.where(begin > time.calibration, np.minimum(before, begin - time.calibration - 1), before)
    ended, withdrawn = pl.col("tot") <= time.end, pl.col("fout") == "ingetrokken"
    halves = ~withdrawn.fill_null(False) | pl.Series(rng.random(count) < 0.5)
    died, left = pl.col("tot") == pl.col("overlijden"), pl.col("tot") == pl.col("vertrek")
    # A client who left counts where the law says so: an allocation that nobody ended would on the calibration day.
    stays_open = died | (left & (pl.lit(not standard.counts_after_leaving) | (pl.col("tot") > time.calibration)))
    # One in twenty stays open when its client dies or leaves; messages about two in a hundred of the others are wrong.
    draw = pl.Series(rng.random(count)) * 100
    told_wrongly = pl.Series(pick(rng, TOLD_WRONGLY, [1] * len(TOLD_WRONGLY), count), dtype=pl.String)
    return (
        spells.select(
            "persoon",
            begin="van",
            einde=pl.when(ended).then("tot").otherwise(NEVER),
            reden=pl.when(ended & died)
            .then(pl.lit(standard.died))
            .when(ended & left)
            .then(pl.lit(standard.left))
            .when(ended)
            .then(
                pl.Series(pick(rng, list(standard.reasons), list(standard.reasons.values()), count), dtype=pl.String)
            ),
            fout=pl.when(withdrawn)
            .then("fout")
            .when(ended & stays_open & (draw < min(5 * faults_pct, 50)))
            .then(pl.lit("open"))
            .when((draw < min(2 * faults_pct, 20)) & ~died & ~left)
            .then(told_wrongly),
            ingang=pl.col("van") - pl.Series(before),
            termijn=pl.when(withdrawn)
            .then(NEVER)
            .otherwise(pl.Series(pick(rng, list(TERMS), list(TERMS.values()), count))),
            gestart=halves & pl.Series(started),
            product=place,
            productcode=_productcodes(rng, category, standard),
            aanbieder=42_420_000 + pl.Series(rng.integers(1, 15, count)),
        )
        .pipe(_renewed, rng, time, standard.planned)
        .sort("ingang", "persoon", "product", maintain_order=True)
        .with_columns(pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("toewijzing"))
    )


def _productcodes(rng: np.random.Generator, category: np.ndarray, standard: Standard) -> pl.Series:
    number, draw = rng.integers(1, 6, len(category)), rng.random(len(category))
    codes = [f"{one}A0{n}" for one, n in zip(category, number, strict=True)]
    for one, (code, share) in standard.own_products.items():
        codes = [code if of == one and d < share else c for c, of, d in zip(codes, category, draw, strict=True)]
    return pl.Series(codes, dtype=pl.String)


def _renewed(allocations: pl.DataFrame, rng: np.random.Generator, time: Timeline, planned: str) -> pl.DataFrame:
    """Some whose help goes on after their term get another allocation of the same, from the next day; and again.

    A term ends on no month end: nobody would be a client on that day. Others are extended (istandaard_messages.py).
    """
    now, found = allocations.with_columns(lot=pl.Series(rng.random(allocations.height))), []
    while now.height:
        last = pl.col("ingang") + pl.col("termijn")
        last += ((last + 1).cast(pl.Date).dt.day() == 1).cast(pl.Int64)
        goes_on = (pl.col("lot") < RENEWED) & pl.col("fout").is_null() & (last < pl.min_horizontal("einde", time.end))
        now = now.with_columns(laatste=last, door=goes_on.fill_null(False))
        ended = {"einde": "laatste", "reden": pl.lit(planned), "termijn": pl.col("laatste") - pl.col("ingang")}
        found.append(now.with_columns(**{name: pl.when("door").then(to).otherwise(name) for name, to in ended.items()}))
        now = now.filter("door").with_columns(begin=pl.col("laatste") + 1, ingang=pl.col("laatste") + 1)
    return pl.concat(found).filter(pl.col("einde") >= time.start).select(allocations.columns)
