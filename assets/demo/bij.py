"""Writes Beleidsinformatie Jeugd: one half-year of one gemeente, beside its messages; one must be chosen."""

from datetime import timedelta

import numpy as np
import polars as pl

from assets.demo.delivery import Sender, fixed_width
from assets.demo.faults import broken_copies
from assets.demo.population import UNKNOWN
from assets.demo.standard import JEUGDZORG
from assets.demo.timeline import day, yyyymmdd
from assets.demo.wsw import half_years
from validations.contracts.jeugdzorg import LAYOUT

GEMEENTE, YEAR_OF_IT, MONTH = "GM0946", 2021, 7
# The form of help or the measure for a category of iJw (JZ020).
FORMS = {"31": "01", "41": "03", "42": "03", "43": "14", "44": "11", "45": "02", "46": "02", "50": "04", "54": "02"}
MEASURES = {"47": "41", "48": "11"}
# Reason of end by that of the messages (JZ588).
REASONS = {"31": "01", "32": "03", "33": "04", "34": "02"}
WITHOUT_BSN = 0.01


def write_bij(
    rng: np.random.Generator, sender: Sender, allocations: pl.DataFrame, persons: pl.DataFrame, homes: pl.DataFrame
) -> None:
    """Writes the delivery, when this is the gemeente and the half-year lies within the months of the demo."""
    half = [pair for pair in half_years(sender.time) if (pair[0].year, pair[0].month) == (YEAR_OF_IT, MONTH)]
    if sender.gemeente.code != GEMEENTE or not half:
        return
    first, last = half[0]
    given = allocations.filter(
        "gestart", pl.col("begin") <= day(last), pl.col("einde") >= day(first), pl.col("fout").ne_missing("ingetrokken")
    )
    postcodes = homes.group_by("persoon", maintain_order=True).agg(pl.col("postcode").last())
    who = persons.select("persoon", "wijk", "bsn", "geboortedatum", "geslacht")
    rows = given.join(who, on="persoon", maintain_order="left").join(postcodes, on="persoon", how="left")
    category = pl.Series([product[0] for product in JEUGDZORG.products]).gather(rows.get_column("product"))
    rows = rows.with_columns(categorie=category, onbekend=pl.Series(rng.random(rows.height)) < WITHOUT_BSN)
    measure, ended = pl.col("categorie").is_in(list(MEASURES)), pl.col("einde") <= day(last)
    begin, end = (yyyymmdd(pl.col(column)).cast(pl.String) for column in ("begin", "einde"))
    records = rows.select(
        verslagjaar=pl.lit(f"{first.year}"),
        halfjaar=pl.lit("2"),
        aanbieder=pl.col("aanbieder").cast(pl.String),
        bsn=pl.when("onbekend").then(999_999_999).otherwise("bsn"),
        geboortedatum=pl.col("geboortedatum").cast(pl.String),
        geslacht=pl.col("geslacht"),
        # Only the gemeente of a child that lives elsewhere is known.
        woonplaats=pl.when(pl.col("wijk") == UNKNOWN).then(pl.lit(None)).otherwise("postcode").fill_null(GEMEENTE[2:]),
        verwijzer=pl.lit("01"),
        hulpvorm=pl.col("categorie").replace_strict(FORMS, default=None),
        crisis=pl.when(~measure).then(pl.when(pl.col("categorie") == "46").then(pl.lit("01")).otherwise(pl.lit("02"))),
        aanvang_hulp=pl.when(~measure).then(begin),
        einde_hulp=pl.when(~measure & ended).then(end),
        reden_beeindiging=pl.when(~measure & ended).then(pl.col("reden").replace_strict(REASONS, default="05")),
        maatregel=pl.col("categorie").replace_strict(MEASURES, default=None),
        aanvang_maatregel=pl.when(measure).then(begin),
        einde_maatregel=pl.when(measure & ended).then(end),
    )
    # One record for each child, provider and form that began on one day (protocol, section 3.3).
    records = records.unique(["bsn", "aanbieder", "hulpvorm", "maatregel", "aanvang_hulp"], maintain_order=True)
    june_31 = ("aanvang_hulp", pl.lit(f"{first.year}0631"))
    wrong = broken_copies(rng, records, sender.faults_pct, june_31, ("hulpvorm", "99"))
    # A copy has another provider: else it would be the double of its record.
    wrong = wrong.with_columns(aanbieder=pl.lit("87654321"))
    lines = pl.concat([records, wrong]).select(fixed_width(LAYOUT, records.columns)).to_series()
    files = {f"BIJ{first.year}2.txt": ("\n".join(lines) + "\n").encode()}
    sender.send("jeugdzorg", last + timedelta(days=20), files, records=len(lines), period=(first, last))
