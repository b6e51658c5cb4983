"""Writes the deliveries without persons of the BRP: contacts of the CJG, and OGGZ reports of a region.

No national figure exists of either; the sizes are made up: 8 contacts a month per 1,000 residents under 23, and 4
running OGGZ reports per 1,000 residents. Postcodes are those of addresses in the gemeente.
"""

import numpy as np
import polars as pl

from assets.demo.delivery import Sender, to_csv, write_delivery
from assets.demo.facts import HISTORIC, Gemeente
from assets.demo.faults import MOST
from assets.demo.provisions import pick
from assets.demo.timeline import YEAR, Timeline, as_date, day, iso
from assets.ground.zones import Zone

CONTACTS, REPORTS = 8 / 1_000, 4 / 1_000
# How busy each month of the year is.
SEASON = (1.0, 1.0, 1.05, 1.0, 1.0, 0.9, 0.6, 0.7, 1.05, 1.1, 1.1, 0.9)
CONTACT = {
    "soort_contact": {"inloop": 40, "telefonisch": 30, "huisbezoek": 15, "online": 15},
    "leeftijdscategorie": {"0-3": 30, "4-11": 30, "12-17": 20, "18-22": 5, "ouder": 15},
    "vraagcategorie": {"opvoeden": 40, "ontwikkeling": 20, "gezondheid": 10, "relatie": 10, "school": 20},
    "vervolg": {"advies": 70, "traject": 20, "doorverwezen": 10},
    "lijn": {"0": 15, "1": 85},
}
REGIONS = {"OGGZ-Limburg": ("GM0988", "GM0946"), "OGGZ-Groningen": ("GM0047", "GM0765")}
REPORT = {
    "melder": {"politie": 35, "corporatie": 20, "familie": 15, "zelf": 5, "hulpverlener": 25},
    "problematiek": {"psychisch": 35, "overlast": 20, "schulden|verslaving": 20, "psychisch|eenzaamheid": 25},
    "trede": {"1": 10, "2": 25, "3": 30, "4": 35},
    "briefadres": {"N": 94, "J": 6},
}
RESULTS = {"toegeleid": 50, "hersteld": 20, "geweigerd": 15, "vertrokken": 10, "onterecht": 5}
# How long a report runs on average; the share of persons without an address.
DAYS, HOMELESS = 550, 0.12


def write_cjg(rng: np.random.Generator, sender: Sender, persons: pl.DataFrame, addresses: pl.DataFrame) -> None:
    """Writes every delivery of one gemeente."""
    time = sender.time
    young = persons.filter((time.calibration - pl.col("geboorte") < 23 * YEAR) & pl.col("vast")).height
    for month, peildatum, leverdatum in zip(time.months, time.peildata, time.deliveries(9), strict=True):
        count = max(int(rng.poisson(young * CONTACTS * SEASON[month.month - 1])), 3)
        days = pl.Series("dag", rng.integers(day(month), day(peildatum), count, endpoint=True))
        contacts = _drawn(rng, CONTACT, count).select(
            pl.all(),
            contactnr=pl.format("{}-{}", pl.lit(f"{month:%y%m}"), pl.int_range(1, count + 1)),
            gemeentecode=pl.lit(sender.gemeente.digits),
            datum_contact=iso(pl.lit(days)),
            verwezen_naar=pl.when(pl.col("vervolg") == "doorverwezen").then(pl.lit("lokaal_team")),
            postcode4=_pc4(rng, addresses, count, unknown=0.1),
        )
        wrong = _wrong(contacts, sender.faults_pct, "vraagcategorie").with_columns(contactnr="F" + pl.col("contactnr"))
        rows = pl.concat([contacts, wrong])
        content = {f"cjg_{month:%Y%m}.csv": to_csv(rows)}
        sender.send("cjg", leverdatum, content, records=rows.height, period=(month, peildatum))


def write_oggz(
    landing: Zone, made: list[tuple[Gemeente, pl.DataFrame]], time: Timeline, faults_pct: float, seed: int
) -> None:
    """Writes the deliveries of each region, every half year that ended: a file for each of its gemeenten.

    `made`: the gemeenten of the demo with their addresses.
    """
    known = {HISTORIC, *(code for members in REGIONS.values() for code in members)}
    others = tuple(gemeente.code for gemeente, _ in made if gemeente.code not in known)
    for region, members in (REGIONS | {"OGGZ-Demo": others}).items():
        rng = np.random.default_rng([seed, len(region)])
        reports = {g.code: _reports(rng, g, addresses, time) for g, addresses in made if g.code in members}
        # Codes run on over the gemeenten of a region; those of another region are the same, for other people.
        for peildatum in (last for last in time.peildata if reports and last.month in (6, 12)):
            first = max(time.months[0], peildatum.replace(month=peildatum.month - 5, day=1))
            files, records = {}, 0
            for number, (code, found) in enumerate(reports.items()):
                rows = _as_reported(found, day(first), day(peildatum), prefix=f"C{number}")
                rows = pl.concat([rows, _wrong(rows, faults_pct, "melder")])
                files[f"oggz_{code}.csv"] = to_csv(rows)
                records += rows.height
            arrives = as_date(day(peildatum) + 15)
            folder = f"{region}/oggz/{arrives}"
            write_delivery(landing, folder, files, records=records, owner=region, period=(first, peildatum))


def _reports(rng: np.random.Generator, gemeente: Gemeente, addresses: pl.DataFrame, time: Timeline) -> pl.DataFrame:
    """Every report of one gemeente: as many run on any day; one in ten is of a person who was reported before."""
    begin, end = time.start - 3 * DAYS, time.end
    count = max(round(gemeente.totaal["a_inw"] * REPORTS / DAYS * (end - begin)), 6)
    start = np.sort(rng.integers(begin, end, count))
    number = np.where(rng.random(count) < 0.1, np.arange(count) // 2, np.arange(count))
    return _drawn(rng, REPORT, count).with_columns(
        pl.Series("nummer", number),
        pl.Series("start", start),
        pl.Series("sluit", start + 1 + rng.exponential(DAYS, count).astype(int)),
        pl.Series("afloop", pick(rng, list(RESULTS), list(RESULTS.values()), count), dtype=pl.String),
        postcode4=_pc4(rng, addresses, count, unknown=HOMELESS),
        gemeentecode=pl.lit(gemeente.digits),
    )


def _as_reported(reports: pl.DataFrame, first: int, last: int, prefix: str) -> pl.DataFrame:
    """The reports that ran in a period, as known on its last day."""
    closed = pl.col("sluit") <= last
    running = reports.filter((pl.col("start") <= last) & (pl.col("sluit") >= first))
    return running.unique(["nummer", "start"], keep="first", maintain_order=True).select(
        *REPORT,
        "postcode4",
        "gemeentecode",
        periode_van=pl.lit(str(as_date(first))),
        periode_tot=pl.lit(str(as_date(last))),
        code=pl.lit(prefix) + pl.col("nummer").cast(pl.String).str.zfill(5),
        melddatum=iso(pl.col("start")),
        status=pl.when(closed).then(pl.lit("afgesloten")).otherwise(pl.lit("in_zorg")),
        datum_afsluiting=pl.when(closed).then(iso(pl.col("sluit"))),
        resultaat=pl.when(closed).then("afloop"),
    )


def _drawn(rng: np.random.Generator, columns: dict[str, dict[str, int]], count: int) -> pl.DataFrame:
    """A value of each column for each row, as often as its weight says."""
    return pl.DataFrame(
        {name: pick(rng, list(values), list(values.values()), count) for name, values in columns.items()},
        schema=dict.fromkeys(columns, pl.String),
    )


def _pc4(rng: np.random.Generator, addresses: pl.DataFrame, count: int, unknown: float) -> pl.Series:
    """The PC4 of an address for each row; of some it is not known."""
    codes = addresses.get_column("postcode").str.slice(0, 4)[rng.integers(0, addresses.height, count)]
    known = pl.Series(rng.random(count) >= unknown)
    return pl.DataFrame({"code": codes, "bekend": known}).select(pl.when("bekend").then("code")).to_series()


def _wrong(rows: pl.DataFrame, faults_pct: float, column: str) -> pl.DataFrame:
    """Copies of rows with a code that is in no list; never so many that the delivery is refused."""
    count = int(min(rows.height * faults_pct / 100 + 0.5, rows.height * MOST))
    return rows.head(count).with_columns(pl.lit("onbekende code").alias(column))
