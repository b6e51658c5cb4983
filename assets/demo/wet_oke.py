"""Makes the children of 2 and 3 in the VVE register of a gemeente, and writes the register of each month.

15% of the children has an indication: the share of children with the greatest risk of falling behind that the law on
onderwijsachterstanden counts with. Of them 80% is placed, in time; of the others one in five. Those two are our choice.
"""

import numpy as np
import polars as pl

from assets.demo.delivery import Sender, to_csv
from assets.demo.faults import broken_copies
from assets.demo.population import UNKNOWN
from assets.demo.timeline import YEAR, Timeline, day, iso

INDICATED, PLACED, REFUSED, PLACED_WITHOUT = 0.15, 0.80, 0.08, 0.20
# The share of children first known by the number of the register; after so many days their BSN is known too.
BY_NUMBER, UNTIL_BSN = 0.15, 100
CENTRES_PER_WIJK = 2


def write_wet_oke(rng: np.random.Generator, sender: Sender, persons: pl.DataFrame) -> None:
    """Writes every delivery of one gemeente."""
    gemeente, time = sender.gemeente, sender.time
    children = _children(rng, persons, time)
    for month, peildatum, leverdatum in zip(time.months, time.peildata, time.deliveries(8), strict=True):
        first, last = day(month), day(peildatum)
        known = children.filter(pl.min_horizontal("indicatie", "plaatsing") <= last, pl.col("uit") >= first)
        rows = _rows(known, gemeente.digits, last)
        june_31 = ("datum_plaatsing", pl.lit(f"{month.year}-06-31"))
        rows = pl.concat([rows, broken_copies(rng, rows, sender.faults_pct, june_31, ("bereik", "onbekend"))])
        files = {f"vve_{month:%Y%m}.csv": to_csv(rows)}
        sender.send("wet_oke", leverdatum, files, records=rows.height, period=(month, peildatum))


def _children(rng: np.random.Generator, persons: pl.DataFrame, time: Timeline) -> pl.DataFrame:
    """Everybody who is 2 or 3 in some month: when indicated and placed (none: never), and the first day out of it."""
    two, four = pl.col("geboorte") + int(2 * YEAR) + 1, pl.col("geboorte") + int(4 * YEAR)
    young = persons.filter(pl.col("wijk") != UNKNOWN, four > time.start, two < time.end)
    count = young.height
    draw, late, wait = (pl.Series(rng.random(count)) for _ in range(3))
    indicated = draw < INDICATED
    # Drawn anew within each group.
    luck = pl.when(indicated).then(draw / INDICATED).otherwise((draw - INDICATED) / (1 - INDICATED))
    placed = pl.when(indicated).then(luck < PLACED).otherwise(luck < PLACED_WITHOUT)
    enters = pl.max_horizontal(two, "vanaf")
    return (
        young.with_columns(
            indicatie=pl.when(indicated).then(enters + (late * 90).cast(pl.Int64)),
            plaatsing=pl.when(placed).then(enters + (late * 90).cast(pl.Int64) + (wait * 120).cast(pl.Int64)),
            geweigerd=indicated & ~placed & (luck > 1 - REFUSED),
            uit=pl.min_horizontal(four, "overlijden", "vertrek") - 1,
            nummer=pl.Series(rng.random(count) < BY_NUMBER),
            centrum=pl.col("wijk") * CENTRES_PER_WIJK + pl.Series(rng.integers(0, CENTRES_PER_WIJK, count)),
            dagdelen=pl.Series(rng.integers(2, 6, count)),
        )
        .with_columns(plaatsing=pl.when(pl.col("plaatsing") < pl.col("uit")).then("plaatsing"))
        .filter(pl.min_horizontal("indicatie", "plaatsing") < pl.col("uit"))
        .sort("geboorte", "persoon")
    )


def _rows(children: pl.DataFrame, digits: str, last: int) -> pl.DataFrame:
    """The register at the end of a month, as text; bsn still a number."""
    placed = (pl.col("plaatsing") <= last).fill_null(False)
    entered = pl.min_horizontal("indicatie", "plaatsing")
    both = last - entered > UNTIL_BSN
    indicated = (pl.col("indicatie") <= last).fill_null(False)
    # Playgroups (pz) became kinderdagverblijf in 2018.
    playgroup = (pl.col("centrum") % 2 == 0) & (pl.col("plaatsing").cast(pl.Date) < pl.date(2018, 1, 1))
    return children.select(
        kindnummer=pl.when("nummer").then(pl.format("K{}", pl.col("persoon") + 100_000)),
        bsn=pl.when(~pl.col("nummer") | both).then("bsn"),
        geboortedatum=iso(pl.col("geboorte")),
        postcode=pl.lit(None, pl.String),
        vve_indicatie=pl.when(indicated).then(pl.lit("J")).otherwise(pl.lit("N")),
        datum_indicatie=pl.when(indicated).then(iso(pl.col("indicatie"))),
        lrk_nummer=pl.when(placed).then(100_000_000 + pl.lit(int(digits) * 10_000) + pl.col("centrum") * 37),
        soort=pl.when(placed).then(pl.when(playgroup).then(pl.lit("pz")).otherwise(pl.lit("kdv"))),
        datum_plaatsing=pl.when(placed).then(iso(pl.col("plaatsing"))),
        datum_einde=pl.when(placed & (pl.col("uit") <= last)).then(iso(pl.col("uit"))),
        dagdelen_pw=pl.when(placed).then("dagdelen"),
        uren_pj=pl.when(placed).then(pl.col("dagdelen") * 160),
        bereik=pl.when(placed)
        .then(pl.lit("geplaatst"))
        .when("geweigerd")
        .then(pl.lit("geweigerd"))
        .otherwise(pl.lit("niet_geplaatst")),
        gemeentecode=pl.lit(digits),
    )
