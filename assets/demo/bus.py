"""Writes the BUS deliveries: each month the full stock of benefits as fixed width text, in the layout of its year."""

from datetime import date

import numpy as np
import polars as pl

from assets.demo.bijstand import make_payments
from assets.demo.delivery import Sender, fixed_width
from assets.demo.facts import Gemeente
from assets.demo.faults import broken_copies
from assets.demo.timeline import day, yyyymmdd
from validations.contracts.bus import LAYOUTS, layout_of

# Monthly norm in euros by leefvorm.
NORM = {"1": 1_091, "2": 1_091, "3": 1_559, "4": 1_091}


def write_bus(rng: np.random.Generator, sender: Sender, benefits: pl.DataFrame, persons: pl.DataFrame) -> None:
    """Writes every delivery of one gemeente."""
    gemeente, time = sender.gemeente, sender.time
    who = persons.select("persoon", "bsn", "geboortedatum", "geslacht")
    for month, peildatum, leverdatum in zip(time.months, time.peildata, time.deliveries(20), strict=True):
        first, last = day(month), day(peildatum)
        payments = make_payments(rng, persons, benefits, month, last)
        running = benefits.filter((pl.col("van") <= last) & (pl.col("tot") >= first))
        rows = pl.concat([running, payments]).join(who, on="persoon", maintain_order="left")
        records = _records(rows, gemeente, month, last)
        june_31 = ("aanvangsdatum", pl.lit(f"{month.year}0631"))
        wrong = broken_copies(rng, records, sender.faults_pct, june_31, ("statistiekcode", "99"))
        # Broken records have numbers of their own: else one would be the double of a good record.
        wrong = wrong.with_columns(registratienummer=pl.format("F{}", "registratienummer"))
        lines = (
            pl.concat([records, wrong]).select(fixed_width(LAYOUTS[layout_of(month.year)], records.columns)).to_series()
        )
        content = {f"BUS{month:%Y%m}.txt": ("\n".join(lines) + "\n").encode()}
        sender.send("bus", leverdatum, content, records=len(lines), period=(month, peildatum))


def _records(rows: pl.DataFrame, gemeente: Gemeente, month: date, last: int) -> pl.DataFrame:
    """The fields of the statistic that the demo fills, as text; bsn still a number."""
    ends = (pl.col("tot") <= last) & ~pl.col("verdwijnt")
    norm = pl.col("leefvorm").replace_strict(NORM, return_dtype=pl.Int64)
    special = pl.col("statistiekcode").is_in(["11", "12"])
    # Some have income beside the benefit.
    paid = pl.when(special).then(40 + pl.col("persoon") * 37 % 460).otherwise(norm - (pl.col("persoon") % 5 // 4) * 310)
    return rows.select(
        "bsn",
        "statistiekcode",
        "leefvorm",
        "cluster",
        statistiekjaar=pl.lit(f"{month:%Y}"),
        statistiekmaand=pl.lit(f"{month:%m}"),
        berichtgevercode=pl.lit(gemeente.digits),
        gemeentecode=pl.lit(gemeente.digits),
        softwarepakket=pl.lit("cso"),
        release=pl.lit("demo"),
        registratienummer=pl.lit(gemeente.digits) + pl.col("registratienummer").cast(pl.String).str.zfill(8),
        classificatie_bbz=pl.when(pl.col("statistiekcode") == "14").then(pl.lit("1")),
        aantal_kostendelers=pl.lit("00"),
        bedrag_bijstandsnorm=norm.cast(pl.String),
        betaalbaar_bedrag=paid.cast(pl.String).str.zfill(6),
        datum_invoering=yyyymmdd(pl.col("van")).cast(pl.String),
        geboortedatum=pl.col("geboortedatum").cast(pl.String),
        geslacht=pl.col("geslacht").replace_strict({"M": "1", "V": "2"}, default=None),
        huisvesting=pl.lit("1"),
        aanvangsdatum=yyyymmdd(pl.col("van")).cast(pl.String),
        einddatum=pl.when(ends).then(yyyymmdd(pl.col("tot"))).cast(pl.String),
        ontheffing=pl.lit("2"),
        tegenprestatie=pl.lit("2"),
        reden_beeindiging=pl.when(ends).then("reden"),
    )
