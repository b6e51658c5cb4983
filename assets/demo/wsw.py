"""Wsw: who has a place in the workforce from when to when, and the half-yearly deliveries of the bodies that run it.

Nobody entered after 2014. On the calibration day as many have a place as the national rate says; no figure of CBS.
"""

from datetime import date, timedelta

import numpy as np
import polars as pl

from assets.demo.bijstand import aow_days
from assets.demo.delivery import fixed_width, write_delivery
from assets.demo.facts import Gemeente
from assets.demo.faults import broken_copies
from assets.demo.population import make_bsns
from assets.demo.provisions import choose, pick
from assets.demo.timeline import NEVER, YEAR, Timeline, day, yyyymmdd
from assets.ground.zones import Zone
from validations.contracts.wsw import LAYOUT

# About 63,000 places among 17.5 million residents at the end of 2021.
RATE = 0.0036
OUTFLOW_PER_YEAR = 0.06
LAST_ENTRY = day(date(2014, 12, 31))
# The body that delivers for a gemeente, its code in item 2, and a gemeente that is not in the monitor.
BODIES = {
    "GM0988": ("WGR-Risse", "90001", "1640"),
    "GM0946": ("WGR-Risse", "90001", "1640"),
    "GM0047": ("WGR-Wedeka", "90002", "0037"),
    "GM0765": ("WGR-Wedeka", "90002", "0037"),
}
# Reason of dismissal and destination (items 27 and 28), and how often.
REASONS = {("8", "07"): 60, ("8", "09"): 12, ("4", "01"): 8, ("4", "03"): 10, ("5", "08"): 6, ("3", "06"): 4}


def make_places(rng: np.random.Generator, persons: pl.DataFrame, gemeente: Gemeente, time: Timeline) -> pl.DataFrame:
    """Every place of one gemeente: bsn, geboortedatum, geslacht, van, tot, wissel (to begeleid werken), reden, doel.

    wissel is NEVER for a person who keeps a dienstbetrekking. A few come back: a second place, with a begin of its own.
    """
    size = max(round(gemeente.totaal["a_inw"] * RATE), 3)
    age = (time.calibration - pl.col("geboorte")) / YEAR
    last = pl.min_horizontal("overlijden", "vertrek", pl.col("geboorte") + aow_days(time))
    entered = pl.min_horizontal(pl.lit(LAST_ENTRY), last - 400)
    could = persons.with_columns(uiterlijk=last, uiterlijk_in=entered).filter(
        age.is_between(28, 67), pl.max_horizontal("vanaf", pl.col("geboorte") + int(18 * YEAR)) < entered - 400
    )
    here = (could.get_column("vast") & (could.get_column("uiterlijk") > time.calibration)).to_numpy()
    stock = choose(rng, here.astype(float), size)
    went = np.setdiff1d(np.arange(could.height), stock)
    gone = round(size * OUTFLOW_PER_YEAR * (time.calibration - time.start) / YEAR)
    went = rng.choice(went, min(gone, len(went)), replace=False)
    found = could[np.concatenate([stock, went])].with_columns(
        van=pl.col("uiterlijk_in") - pl.Series(rng.integers(1, 8_000, len(stock) + len(went))),
    )
    found = found.with_columns(van=pl.max_horizontal("van", pl.col("geboorte") + int(18 * YEAR)))
    running = time.calibration + 1 + rng.exponential(YEAR / OUTFLOW_PER_YEAR, len(stock)).astype(int)
    before = rng.integers(time.start, max(time.calibration, time.start + 1), len(went), endpoint=True)
    until = pl.Series(np.concatenate([running, before]))
    reasons = pl.Series(pick(rng, range(len(REASONS)), list(REASONS.values()), found.height))
    found = found.select(
        "bsn",
        "geboortedatum",
        "geslacht",
        "van",
        tot=pl.min_horizontal(until, "uiterlijk"),
        # One in eight went to begeleid werken, some of them in these years.
        wissel=pl.when(pl.Series(rng.random(found.height)) < 0.12)
        .then(pl.Series(rng.integers(LAST_ENTRY + 60, time.end, found.height)))
        .otherwise(NEVER),
        reden=pl.Series([code for code, _ in REASONS]).gather(reasons),
        doel=pl.Series([code for _, code in REASONS]).gather(reasons),
    ).filter(pl.col("tot") >= time.start)
    found = found.with_columns(wissel=pl.when(pl.col("wissel") < pl.col("tot") - 1).then("wissel").otherwise(NEVER))
    after = pl.col("tot").is_between(time.calibration + 1, time.end - 120)
    back = found.filter(after & (pl.col("doel") == "03"))
    back = back.with_columns(van=pl.col("tot") + 100, tot=pl.lit(NEVER, pl.Int64), wissel=pl.lit(NEVER, pl.Int64))
    return pl.concat([found, back]).with_columns(gemeente=pl.lit(gemeente.code))


def write_wsw(
    rng: np.random.Generator, landing: Zone, places: pl.DataFrame, time: Timeline, *, faults_pct: float, first_bsn: int
) -> None:
    """Writes the delivery of each body for each half-year within the months; BSNs from `first_bsn` are free."""
    bodies = pl.col("gemeente").replace_strict({code: body for code, (body, *_) in BODIES.items()}, default="WGR-Demo")
    strangers, _ = make_bsns(rng, first_bsn, 3)
    for (body,), own in places.with_columns(body=bodies).partition_by("body", as_dict=True).items():
        elsewhere = own.head(3).with_columns(gemeente=pl.lit("elders"), bsn=pl.Series(strangers[: min(3, own.height)]))
        for first, last in half_years(time):
            rows = pl.concat([own, elsewhere]).filter(pl.col("van") <= day(last), pl.col("tot") >= day(first))
            if rows.is_empty():
                continue
            records = _records(rows, first, day(last))
            june_31 = ("begin_dienstbetrekking", pl.lit("20140631"))
            wrong = broken_copies(rng, records, faults_pct, june_31, ("advies_werkvorm", "9"))
            lines = pl.concat([records, wrong]).select(fixed_width(LAYOUT, records.columns)).to_series()
            files = {f"WSW{first.year}{_half(first)}.txt": ("\n".join(lines) + "\n").encode()}
            folder = f"{body}/wsw/{last + timedelta(days=15)}"
            write_delivery(landing, folder, files, records=len(lines), owner=str(body), period=(first, last))


def half_years(time: Timeline) -> list[tuple[date, date]]:
    """First and last day of each half-year of which all months are in the demo."""
    starts = [month for month in time.months if month.month in (1, 7)]
    places = ((start, time.months.index(start) + 5) for start in starts)
    return [(start, time.peildata[end]) for start, end in places if end < len(time.peildata)]


def _half(first: date) -> str:
    return "1" if first.month == 1 else "2"


def _records(rows: pl.DataFrame, first: date, last: int) -> pl.DataFrame:
    """The items of the statistic that the demo fills, as text; bsn still a number."""
    ended, changed = pl.col("tot") <= last, pl.col("wissel") <= last
    own = pl.col("gemeente").str.slice(2)
    digits = pl.when(pl.col("gemeente") == "elders").then(pl.lit("1640")).otherwise(own)
    # Some bodies name themselves as responsible; then the gemeente of residence tells whose it is.
    named = pl.col("gemeente").replace_strict(
        {code: body for code, (_, body, _) in BODIES.items() if code in ("GM0946", "GM0765")}, default=None
    )

    def text(days: pl.Expr) -> pl.Expr:
        return yyyymmdd(days).cast(pl.String)

    return rows.select(
        "bsn",
        statistiekjaar=pl.lit(f"{first.year}"),
        halfjaar=pl.lit(_half(first)),
        verantwoordelijke=pl.coalesce(named, "0" + digits),
        betalende_gemeente=digits,
        geboortedatum=pl.col("geboortedatum").cast(pl.String),
        geslacht=pl.col("geslacht").replace_strict({"M": "1", "V": "2"}, default=None),
        gemeente_inschrijving=digits,
        # A real delivery may hold one: the monitor must not read it.
        handicapcode_1=pl.lit("101"),
        indicatiebesluit=text(pl.col("van") - 90),
        besluit_doelgroep=pl.lit("1"),
        arbeidshandicap=pl.lit("2"),
        advies_werkvorm=pl.lit("2"),
        begin_dienstbetrekking=text(pl.col("van")),
        detachering=pl.lit("1"),
        eind_dienstbetrekking=pl.when(changed).then(text(pl.col("wissel") - 1)).when(ended).then(text(pl.col("tot"))),
        uren_dienstbetrekking=pl.lit("36"),
        loon_dienstbetrekking=pl.lit("100"),
        begin_begeleid_werken=pl.when(changed).then(text(pl.col("wissel"))),
        eind_begeleid_werken=pl.when(changed & ended).then(text(pl.col("tot"))),
        reden_ontslag=pl.when(ended).then("reden"),
        bestemming=pl.when(ended).then("doel"),
    )
