"""Makes the AWBZ indications of a gemeente up to 2014, writes them, and tells who goes on to the Wmo in 2015.

4.7% of the residents has an indication: the order of what CIZ counted in 2013, some 800,000 persons (our recollection,
not checked against a source). On 1 January 2015 begeleiding (81, 82) and stay in GGZ-C went to the Wmo 2015.
"""

from datetime import date

import numpy as np
import polars as pl

from assets.demo.delivery import Sender, to_csv
from assets.demo.faults import broken_copies
from assets.demo.istandaard_allocations import make_allocations
from assets.demo.population import UNKNOWN
from assets.demo.provisions import choose, make_spells, pick
from assets.demo.standard import WMO
from assets.demo.timeline import YEAR, Timeline, day, iso

LAST_MONTH, WMO_2015 = date(2014, 12, 1), date(2015, 1, 1)
SHARE, OUTFLOW, LONGEST = 0.047, 0.02, 2_500
# functiecode, zzp, klassen, leveringsvorm, weight.
CARE = (
    ("31", None, ("K1", "K2", "K3"), "ZIN", 30),
    ("41", None, ("K0", "K1"), "ZIN", 12),
    ("81", None, ("K1", "K2"), "ZIN", 22),
    ("81", None, ("K2", "K3"), "PGB", 8),
    ("82", None, ("KD02", "KD04", "KD06"), "ZIN", 16),
    (None, "763", (None,), "4", 6),
    (None, "802", (None,), "4", 6),
)
IN_INSTITUTION = (None, "754", (None,), "4")
# The Wmo product that takes its place (WMO020), and how many go on.
GOES_ON = {"81": "02", "82": "07", "763": "15"}
SUCCEEDS = 0.85
# Days for which it was granted.
TERMS = {365: 20, 730: 25, 1_826: 40, 5_478: 15}
# The share of expired indications that stays in the deliveries.
STAYS = 0.3


def make_indications(rng: np.random.Generator, persons: pl.DataFrame, time: Timeline) -> pl.DataFrame:
    """Every indication: besluit, persoon, functiecode, zzp, klasse, vorm, van, tot, einde; none after 2014.

    `tot`: the last day of care; `einde`: the last day of the decision.
    """
    before = [month for month in time.months if month <= LAST_MONTH]
    if not before:
        return pl.DataFrame()
    time = Timeline(before[-1], len(before))
    residents = persons.filter(pl.col("wijk") != UNKNOWN)
    age = (time.calibration - residents.get_column("geboorte").to_numpy()) / YEAR
    ages, factors = (np.array(column) for column in zip(*WMO.likelier, strict=True))
    weight = np.where(age < 0, 0, factors[np.maximum(np.searchsorted(ages, age, "right") - 1, 0)])
    units = residents.select(
        "persoon",
        "wijk",
        "instelling",
        "overlijden",
        "vertrek",
        gewicht=pl.when("instelling").then(1_000.0).otherwise(pl.Series(weight)),
        vanaf=pl.max_horizontal("vanaf", "geboorte"),
        uiterlijk=pl.min_horizontal("overlijden", "vertrek"),
    )
    first, last = units.get_column("vanaf").to_numpy(), units.get_column("uiterlijk").to_numpy()
    here = (first < time.calibration - 30) & (last > time.calibration)
    stock = choose(rng, np.where(here, units.get_column("gewicht").to_numpy(), 0), max(round(SHARE * here.sum()), 2))
    spells = make_spells(rng, units, stock, time, monthly_outflow=OUTFLOW, longest=LONGEST)
    who = units[spells.get_column("eenheid")].hstack(spells.drop("eenheid"))
    who = who.with_columns(besluit=810_000 + pl.int_range(pl.len()))
    # One in five has two functions in one decision.
    drawn = pick(rng, range(len(CARE)), [care[-1] for care in CARE], who.height)
    second = (drawn + 2) % len(CARE)
    two = (rng.random(who.height) < 0.2) & np.isin(drawn, (0, 1, 2)) & (second < 5)
    rows = pl.concat([who.with_columns(zorg=pl.Series(drawn)), who.with_columns(zorg=pl.Series(second)).filter(two)])
    return _described(rng, rows.filter(~pl.col("instelling") | ~pl.struct("besluit", "instelling").is_duplicated()))


def _described(rng: np.random.Generator, rows: pl.DataFrame) -> pl.DataFrame:
    care = [IN_INSTITUTION if inside else CARE[number] for inside, number in rows.select("instelling", "zorg").rows()]
    choice = rng.integers(0, 6, rows.height)
    classes = [one[2][place % len(one[2])] for one, place in zip(care, choice, strict=True)]
    term = pl.Series(pick(rng, list(TERMS), list(TERMS.values()), rows.height))
    # A decision that is renewed goes on: its end lies after the care, or on its last day.
    return (
        rows.with_columns(
            functiecode=pl.Series([one[0] for one in care], dtype=pl.String),
            zzp=pl.Series([one[1] for one in care], dtype=pl.String),
            klasse=pl.Series(classes, dtype=pl.String),
            vorm=pl.Series([one[3] for one in care], dtype=pl.String),
            einde=pl.max_horizontal(pl.col("van") + term, "tot"),
            blijft=pl.Series(rng.random(rows.height) < STAYS),
        )
        .sort("van", "besluit", "functiecode", nulls_last=True)
        .drop("zorg", "gewicht", "vanaf", "uiterlijk", "wijk")
    )


def write_awbz(rng: np.random.Generator, sender: Sender, indications: pl.DataFrame, persons: pl.DataFrame) -> None:
    """Writes every delivery of one gemeente: the valid indications of each month up to December 2014."""
    if indications.is_empty():
        return
    rows = indications.join(persons.select("persoon", "bsn"), on="persoon", maintain_order="left")
    time = sender.time
    for month, peildatum, leverdatum in zip(time.months, time.peildata, time.deliveries(12), strict=True):
        if month > LAST_MONTH:
            continue
        first, last = day(month), day(peildatum)
        expired = pl.col("blijft") & (pl.col("tot") < first) & (pl.col("tot") > first - 200)
        known = rows.filter(pl.col("van") <= last, (pl.col("tot") >= first) | expired)
        # Care that stopped ended its decision; until then its term is known.
        ends = pl.when(pl.col("tot") <= last).then("tot").otherwise("einde")
        records = known.select(
            "bsn",
            besluitnummer=pl.col("besluit").cast(pl.String),
            besluitdatum=iso(pl.col("van") - 14),
            ingangsdatum=iso(pl.col("van")),
            einddatum=iso(ends),
            grondslag=pl.when(pl.col("zzp") == "763").then(pl.lit("03")).otherwise(pl.lit("01")),
            functiecode="functiecode",
            klasse="klasse",
            zzp="zzp",
            leveringsvorm="vorm",
            postcode=pl.lit(None, pl.String),
            gemeentecode=pl.lit(sender.gemeente.digits),
        )
        june_31 = ("ingangsdatum", pl.lit(f"{month.year}-06-31"))
        wrong = broken_copies(rng, records, sender.faults_pct, june_31, ("grondslag", "99"))
        records = pl.concat([records, wrong])
        files = {f"awbz_{month:%Y%m}.csv": to_csv(records)}
        sender.send("awbz", leverdatum, files, records=records.height, period=(month, peildatum))


def make_successors(
    rng: np.random.Generator,
    indications: pl.DataFrame,
    allocations: pl.DataFrame,
    persons: pl.DataFrame,
    time: Timeline,
) -> pl.DataFrame:
    """Wmo allocations from 1 January 2015 for AWBZ clients; numbered on from `allocations`, whose clients have one."""
    begin = day(WMO_2015)
    if indications.is_empty() or time.end <= begin:
        return allocations
    code = pl.coalesce("functiecode", "zzp")
    running = (
        indications.filter(pl.col("tot") >= begin - 1, code.is_in(list(GOES_ON)), pl.col("vertrek") > begin)
        .filter(pl.col("overlijden") > begin)
        .join(allocations, on="persoon", how="anti")
        .unique("persoon", maintain_order=True)
    )
    running = running.filter(pl.Series(rng.random(running.height) < SUCCEEDS))
    stop = begin + 60 + rng.exponential(900, running.height).astype(int)
    spells = running.select(
        van=pl.lit(begin, pl.Int64),
        tot=pl.min_horizontal(pl.Series(stop), "overlijden", "vertrek"),
        persoon="persoon",
        overlijden="overlijden",
        vertrek="vertrek",
    )
    category = [product[0] for product in WMO.products]
    product = running.select("persoon", nieuw=code.replace_strict(GOES_ON))
    product = product.with_columns(plek=pl.col("nieuw").replace_strict({c: i for i, c in enumerate(category)}))
    made = make_allocations(rng, spells, persons, standard=WMO, time=time, faults_pct=0)
    made = made.join(product, on="persoon", maintain_order="left")
    made = made.with_columns(
        product=pl.col("plek").cast(allocations.schema["product"]),
        productcode=pl.col("nieuw") + pl.lit("A01"),
        toewijzing=pl.col("toewijzing") + allocations.get_column("toewijzing").max(),
        fout=pl.lit(None, pl.String),
    )
    return pl.concat([allocations, made.unique("persoon", maintain_order=True).select(allocations.columns)])
