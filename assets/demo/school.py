"""Writes the deliveries about pupils: vsv (reports of DUO, CSV) and leerplicht (reports of absence, JSON).

Rates are near the national ones, rounded: of the pupils without startkwalificatie about 2% are new vsv'ers in a school
year (OCW, 2020/21 and 2021/22); per 1,000 pupils of 5 to 18 about 28 reports of relative absence a year, 2 of absolute
absence and 4 exemptions of article 5 (OCW, leerplichttelling 2021/22). How many of the leavers come back is made up.
"""

import json
from datetime import date

import numpy as np
import polars as pl

from assets.demo.delivery import Sender, to_csv
from assets.demo.faults import broken_copies
from assets.demo.provisions import pick
from assets.demo.timeline import NEVER, YEAR, day, iso
from validations.contracts.vsv import DATES, REPORTS

LEAVES = 0.02
BACK, QUALIFIED = 0.20, 0.06
# The share of pupils who are known by onderwijsnummer only: newcomers without BSN.
WITHOUT_BSN = 0.003
SCHOOLS = ("01AB", "02CD", "20EF", "25LX")
KINDS = ("vo", "vo", "vo", "mbo1", "mbo2", "mbo3", "mbo4", "vavo")
ABSENCE = {"RELATIEF": 16.0, "LUXE": 3.0, "ZESTIEN_UUR": 6.0, "LANGDURIG": 3.0, "ABSOLUUT": 2.0, "VRIJSTELLING": 4.0}
STATUSES = {"Afgesloten": 75, "Ter kennisgeving aangenomen": 19, "Ingetrokken": 6}


def make_leavers(rng: np.random.Generator, persons: pl.DataFrame, years: list[int]) -> pl.DataFrame:
    """The pupils on 1 October of each school year `jaar`: who they are, and the days `uit` and `terug`.

    `uit` is when the pupil leaves, `terug` when it is back (rapport A02) or qualified (A07); NEVER when it does not.
    """
    parts = []
    for year in years:
        first = day(date(year, 10, 1))
        age = (first - pl.col("geboorte")) / YEAR
        here = (pl.col("vanaf") <= first) & (pl.min_horizontal("overlijden", "vertrek") > first)
        pupils = persons.filter(here & age.is_between(12, 21.9) & ((age < 17) | (pl.col("persoon") % 5 < 2)))
        count = pupils.height
        leaves = rng.random(count) < LEAVES
        out = np.where(leaves, first + rng.integers(1, 364, count), NEVER)
        # Most come back soon; a pupil who is not back before the school year ends does not come back in it.
        back = out + rng.integers(14, 200, count)
        how = rng.random(count)
        returns = leaves & (how < BACK + QUALIFIED) & (back < first + 364)
        parts.append(
            pupils.select("persoon", "bsn", "geboorte", "geslacht").with_columns(
                jaar=pl.lit(year),
                uit=pl.Series(out),
                terug=pl.Series(np.where(returns, back, NEVER)),
                rapport=pl.Series(np.where(how < BACK, "A02", "A07"), dtype=pl.String),
            )
        )
    return pl.concat(parts)


def write_vsv(rng: np.random.Generator, sender: Sender, persons: pl.DataFrame) -> None:
    """Writes every delivery of one gemeente: the reports of each month."""
    time = sender.time
    years = sorted({month.year - (month.month < 10) for month in time.months})
    pupils = _as_text(make_leavers(rng, persons, years), sender)
    for month, peildatum, leverdatum in zip(time.months, time.peildata, time.deliveries(12), strict=True):
        first, last = day(month), day(peildatum)
        own = pupils.filter(pl.col("jaar") == month.year - (month.month < 10))
        reports = {
            "A01": own.filter(pl.col("uit").is_between(first, last)),
            "A02": own.filter((pl.col("rapport") == "A02") & pl.col("terug").is_between(first, last)),
            "A05": own,
            "A07": own.filter((pl.col("rapport") == "A07") & pl.col("terug").is_between(first, last)),
        }
        reports["A07"] = reports["A07"].with_columns(startkwalificatie=pl.lit("J"))
        bsn = pl.col("bsn").cast(pl.Int64)
        known = reports["A05"].filter(pl.col("bsn").is_not_null()).with_columns(bsn)
        wrong = broken_copies(
            rng,
            known,
            sender.faults_pct,
            ("geboortedatum", pl.lit(f"{month.year - 15}-06-31")),
            ("onderwijssoort", "ulo"),
        ).with_columns(pl.col("bsn").cast(pl.String))
        reports["A05"] = pl.concat([reports["A05"], wrong])
        files = {
            f"{report}_{month:%Y%m}.csv": to_csv(frame.select(REPORTS[report])) for report, frame in reports.items()
        }
        records = sum(frame.height for frame in reports.values())
        sender.send("vsv", leverdatum, files, records=records, period=(month, peildatum))


def _as_text(pupils: pl.DataFrame, sender: Sender) -> pl.DataFrame:
    """The columns of the reports as text, beside jaar, rapport, uit and terug."""
    without = pl.col("persoon") % 1_000 < WITHOUT_BSN * 1_000
    school, kind = pl.Series(SCHOOLS), pl.Series(KINDS)
    days = {"A01": "uit", "A02": "terug", "A07": "terug"}
    return pupils.select(
        "jaar",
        "rapport",
        "uit",
        "terug",
        "geslacht",
        bsn=pl.when(~without).then(pl.col("bsn").cast(pl.String)),
        onderwijsnummer=pl.when(without).then("10" + pl.col("persoon").cast(pl.String).str.zfill(7)),
        geboortedatum=iso(pl.col("geboorte")),
        # Where a pupil lives comes from the BRP.
        postcode=pl.lit("6001AA" if sender.gemeente.code in ("GM0988", "GM0946") else "9641AA"),
        gemeentecode=pl.lit(sender.gemeente.digits),
        brin=pl.lit(school).gather(pl.col("persoon") % len(SCHOOLS)),
        vestiging=pl.lit("00"),
        onderwijssoort=pl.lit(kind).gather(pl.col("persoon") % len(KINDS)),
        startkwalificatie=pl.lit("N"),
        status_trajectbegeleiding=pl.lit("aangeboden"),
        uitstroombestemming=pl.when(pl.col("persoon") % 3 == 0).then(pl.lit("werk")),
        **{DATES[report]: iso(pl.col(name)) for report, name in days.items()},
    )


def write_leerplicht(rng: np.random.Generator, sender: Sender, persons: pl.DataFrame) -> None:
    """Writes every delivery of one gemeente: what was reported in the month, and what of earlier months was closed."""
    time, faults = sender.time, sender.faults_pct
    earlier: pl.DataFrame | None = None
    for place, (month, peildatum, leverdatum) in enumerate(
        zip(time.months, time.peildata, time.deliveries(8), strict=True)
    ):
        reported = _reports(rng, sender, persons, month, place)
        closed = [] if earlier is None else [_closed(rng, earlier, month, peildatum)]
        rows = pl.concat([reported, *closed])
        wrong = broken_copies(
            rng, rows, faults, ("datum_start", pl.lit(f"{month.year}-06-31")), ("verzuimsoort", "SPIJBELEN")
        ).with_columns(meldingsnummer=pl.lit("F") + pl.col("meldingsnummer"))
        records = pl.concat([rows, wrong]).with_columns(pl.col("bsn").cast(pl.String)).to_dicts()
        # What is not known is left out, as JSON does.
        lean = [{name: value for name, value in record.items() if value is not None} for record in records]
        files = {f"verzuimmeldingen_{month:%Y%m}.json": json.dumps(lean, ensure_ascii=False).encode()}
        sender.send("leerplicht", leverdatum, files, records=len(lean), period=(month, peildatum))
        earlier = reported


def _reports(rng: np.random.Generator, sender: Sender, persons: pl.DataFrame, month: date, place: int) -> pl.DataFrame:
    """The reports of one month, bsn still a number; at least one, so that the delivery is not empty."""
    first, last = day(month), day(sender.time.peildata[place])
    age = (first - pl.col("geboorte")) / YEAR
    here = (pl.col("vanaf") <= first) & (pl.min_horizontal("overlijden", "vertrek") > last)
    pupils = persons.filter(here & age.is_between(5, 17.9))
    # In July and August there is no school.
    season = 0.2 if month.month in (7, 8) else 1.15
    kinds: list[str] = []
    for kind, per_1000 in ABSENCE.items():
        kinds += [kind] * int(rng.poisson(pupils.height * per_1000 / 1_000 / 12 * season))
    kinds = kinds or ["RELATIEF"]
    chosen = pupils[rng.integers(0, pupils.height, len(kinds))]
    start = rng.integers(first, last, len(kinds), endpoint=True)
    number = 1 + place * 100_000
    kind = pl.Series("soort", kinds)
    absolute, exempt = kind.is_in(["ABSOLUUT", "VRIJSTELLING"]), kind == "VRIJSTELLING"
    frame = chosen.select("bsn").with_columns(kind, absoluut=absolute, vrij=exempt, start=pl.Series(start))
    return frame.select(
        "bsn",
        meldingsnummer=pl.lit(f"{sender.gemeente.digits}-") + (number + pl.int_range(pl.len())).cast(pl.String),
        gemeentecode=pl.lit(sender.gemeente.digits),
        brin=pl.when(~pl.col("absoluut")).then(pl.lit(SCHOOLS[0])),
        verzuimsoort=pl.when("vrij").then(pl.lit("ABSOLUUT")).otherwise("soort"),
        datum_start=iso(pl.col("start")),
        datum_einde=pl.lit(None, pl.String),
        datum_melding=iso(pl.min_horizontal(pl.col("start") + 3, pl.lit(last))),
        datum_afgesloten=pl.lit(None, pl.String),
        status=pl.lit("In behandeling"),
        beslissing=pl.when("vrij").then(pl.lit("VRIJSTELLING")),
        vrijstelling_grond=pl.when("vrij").then(pl.lit("5a")),
    )


def _closed(rng: np.random.Generator, earlier: pl.DataFrame, month: date, peildatum: date) -> pl.DataFrame:
    """The reports of the month before as they are now: closed, noted, or withdrawn."""
    now = pl.Series(pick(rng, list(STATUSES), list(STATUSES.values()), earlier.height), dtype=pl.String)
    return earlier.with_columns(
        status=now,
        datum_einde=pl.lit(str(month)),
        datum_afgesloten=pl.when(now == "Afgesloten").then(pl.lit(str(peildatum))),
    )
