"""Writes the BRP deliveries: each month one CSV with the whole address history, as known on the day of the delivery."""

import numpy as np
import polars as pl

from assets.demo.delivery import Sender, to_csv
from assets.demo.facts import Gemeente
from assets.demo.faults import broken_copies
from assets.demo.moves import ELSEWHERE
from assets.demo.timeline import day, yyyymmdd

# Everyone who is away for a time lives here: an address in a gemeente that is not in the demo.
AWAY = {
    "gemeentecode": "0363",
    "straatnaam": "Elders",
    "postcode": "1011AA",
    "huisnummer": 1,
    "adres_id": "0363200000000001",
}


def write_brp(
    rng: np.random.Generator, sender: Sender, persons: pl.DataFrame, periods: pl.DataFrame, addresses: pl.DataFrame
) -> None:
    """Writes every delivery of one gemeente."""
    gemeente, time = sender.gemeente, sender.time
    rows = _rows(gemeente, persons, periods, addresses)
    for month, peildatum, leverdatum in zip(time.months, time.peildata, time.deliveries(5), strict=True):
        today = day(leverdatum)
        known = (
            rows.filter(pl.col("van") <= today)
            .with_columns(
                pl.when(pl.col("tot") <= today).then("datum_einde_adres").alias("datum_einde_adres"),
                pl.when(pl.col("overlijden") <= today).then("datum_overlijden").alias("datum_overlijden"),
            )
            .drop("van", "tot", "overlijden")
        )
        june_31 = ("datum_aanvang_adres", pl.lit(leverdatum.year * 10_000 + 631, pl.Int32))
        # Broken copies come behind the good rows: of two rows for one day the first one stays.
        delivered = pl.concat([known, broken_copies(rng, known, sender.faults_pct, june_31, ("geslacht", "X"))])
        files = {f"brp_{month:%Y%m}.csv": to_csv(delivered)}
        sender.send("brp", leverdatum, files, records=delivered.height, period=(time.months[0], peildatum))


def _rows(gemeente: Gemeente, persons: pl.DataFrame, periods: pl.DataFrame, addresses: pl.DataFrame) -> pl.DataFrame:
    """All address periods that there will be, and the days from which they can be known."""
    elsewhere = pl.DataFrame({"adres": [ELSEWHERE]} | {name: [value] for name, value in AWAY.items()})
    place = addresses.select(
        "adres", pl.lit(gemeente.digits).alias("gemeentecode"), "straatnaam", "postcode", "huisnummer", "adres_id"
    )
    return (
        periods.join(persons, on="persoon", maintain_order="left")
        .join(pl.concat([place, elsewhere]), on="adres", maintain_order="left")
        .select(
            "bsn",
            "geboortedatum",
            "geslacht",
            "gemeentecode",
            "straatnaam",
            "postcode",
            "huisnummer",
            "adres_id",
            # A person who lives in an institution has no household.
            pl.when(~pl.col("instelling")).then(pl.col("huishouden") + 1).alias("huishouden_id"),
            yyyymmdd(pl.col("van")).alias("datum_aanvang_adres"),
            yyyymmdd(pl.col("tot")).alias("datum_einde_adres"),
            yyyymmdd(pl.col("overlijden")).alias("datum_overlijden"),
            "van",
            "tot",
            "overlijden",
        )
        .sort("bsn", "van")
    )
