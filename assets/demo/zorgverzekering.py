"""Makes the participants in the collective health insurance of a gemeente, and writes the lists of the insurer.

3.7% of the households takes part: about the share of the population with a gemeentepolis around 2021, some 640,000
insured persons (our recollection of published counts of gemeentepolissen, not checked against a source).
"""

from datetime import date

import numpy as np
import polars as pl

from assets.demo.delivery import Sender
from assets.demo.faults import broken_copies
from assets.demo.households import CHILD
from assets.demo.population import UNKNOWN
from assets.demo.provisions import choose, make_spells, pick
from assets.demo.timeline import NEVER, YEAR, Timeline, as_date, day
from assets.demo.workbook import to_xlsx

SHARE, OUTFLOW, LONGEST = 0.037, 0.012, 3_000
# A household in bijstand takes part far more often.
IN_BIJSTAND = 25.0
PACKAGES = {"Gemeentepakket Compact": 25, "Gemeentepakket Compleet": 50, "Gemeentepakket Compleet Extra": 25}
# The share of movers that stays on the list; the share of those who stop that is simply absent from the next list.
STAYS, VANISHES = 0.3, 0.4
HEADER = (
    "Relatienr",
    "BSN",
    "Geb.datum",
    "Postcode",
    "Huisnr",
    "Pakket",
    "Ingangsdatum",
    "Einddatum",
    "Rol",
    "Polisjaar",
)


def write_zorgverzekering(
    rng: np.random.Generator, sender: Sender, persons: pl.DataFrame, homes: pl.DataFrame, poor: pl.Series
) -> None:
    """Writes every delivery of one gemeente: a list after each quarter and the last month, a new one each January."""
    time = sender.time
    insured = _insured(rng, persons, poor, time)
    address = homes.sort("van").unique("persoon", keep="last", maintain_order=True).drop("van")
    insured = insured.join(address, on="persoon", how="left", maintain_order="left")
    for peildatum, fifth, twelfth in zip(time.peildata, time.deliveries(5), time.deliveries(12), strict=True):
        if peildatum.month % 3 == 0 or peildatum == time.peildata[-1]:
            _write_list(rng, sender, insured, peildatum.year, fifth)
        if peildatum.month == 12:
            _write_list(rng, sender, insured, twelfth.year, twelfth)


def _write_list(rng: np.random.Generator, sender: Sender, insured: pl.DataFrame, year: int, leverdatum: date) -> None:
    first, last, today = day(date(year, 1, 1)), day(date(year, 12, 31)), day(leverdatum)
    # A person who vanishes has no end date on the list of the last year and is not on that of the next.
    on_list = insured.filter(pl.col("van") <= min(last, today), pl.col("tot") >= first)
    ends = (pl.col("tot") <= today) & ~pl.col("verdwijnt")
    rows = on_list.with_columns(getypt=pl.lit(None, pl.String), einde=pl.when(ends).then("tot"))
    june_31 = ("getypt", pl.lit(f"31-6-{year}"))
    rows = pl.concat([rows, broken_copies(rng, rows, sender.faults_pct, june_31, ("rol", "oma"))])
    files = {f"polissen_{year}.xlsx": _workbook(rows, year)}
    period = (date(year, 1, 1), date(year, 12, 31))
    sender.send("collectieve_zorgverzekering", leverdatum, files, records=rows.height, period=period)


def _insured(rng: np.random.Generator, persons: pl.DataFrame, poor: pl.Series, time: Timeline) -> pl.DataFrame:
    """One row per insured person: relatie, persoon, bsn, geboorte, rol, pakket, van, tot, verdwijnt."""
    residents = persons.filter(pl.col("wijk") != UNKNOWN, ~pl.col("instelling"))
    adult = pl.col("rol") != CHILD
    units = (
        residents.filter(adult)
        .group_by("huishouden", maintain_order=True)
        .agg(
            pl.col("wijk").first(),
            vanaf=pl.max_horizontal(pl.col("vanaf").min(), pl.col("geboorte").min() + int(18 * YEAR)),
            uiterlijk=pl.min_horizontal("overlijden", "vertrek").max(),
            vast=pl.col("vast").any(),
        )
        .with_columns(gewicht=pl.when(pl.col("huishouden").is_in(poor.implode())).then(IN_BIJSTAND).otherwise(1.0))
    )
    here = units.select(
        pl.col("vast") & (pl.col("vanaf") < time.calibration - 30) & (pl.col("uiterlijk") > time.calibration)
    )
    here, wijk = here.to_series().to_numpy(), units.get_column("wijk").to_numpy()
    weight = units.get_column("gewicht").to_numpy()
    stock = [
        choose(rng, np.where(here & (wijk == number), weight, 0), round(SHARE * int((here & (wijk == number)).sum())))
        for number in range(int(wijk.max()) + 1)
    ]
    chosen = np.concatenate(stock)
    chosen = chosen if len(chosen) else choose(rng, here.astype(float), 1)
    spells = make_spells(rng, units, chosen, time, monthly_outflow=OUTFLOW, longest=LONGEST)
    count = spells.height
    policies = units.select("huishouden")[spells.get_column("eenheid")].hstack(spells.drop("eenheid"))
    vanishes = pl.Series(rng.random(count) < VANISHES) & (pl.col("tot") < time.end)
    policies = policies.select(
        "huishouden",
        relatie=70_000 + pl.int_range(pl.len()),
        pakket=pl.Series(pick(rng, list(PACKAGES), list(PACKAGES.values()), count), dtype=pl.String),
        blijft=pl.Series(rng.random(count) < STAYS),
        verdwijnt=vanishes,
        polis_van=pl.col("van").cast(pl.Date).dt.month_start().cast(pl.Int32).cast(pl.Int64),
        # A person who vanishes does not renew: the policy stops with the year.
        polis_tot=pl.when(vanishes)
        .then(pl.date(pl.col("tot").cast(pl.Date).dt.year(), 12, 31).cast(pl.Int32))
        .otherwise("tot"),
    )
    grown = pl.when(adult).then(NEVER).otherwise(pl.col("geboorte") + int(18 * YEAR))
    moved = pl.when("blijft").then(NEVER).otherwise(pl.col("vertrek"))
    first_adult = pl.int_range(pl.len()).over("relatie", adult) == 0
    return (
        policies.join(residents, on="huishouden", maintain_order="left")
        .with_columns(
            van=pl.max_horizontal("polis_van", "vanaf", "geboorte"),
            tot=pl.min_horizontal("polis_tot", "overlijden", moved, grown).cast(pl.Int64),
            rol=pl.when(~adult)
            .then(pl.lit("kind"))
            .when(first_adult)
            .then(pl.lit("hoofd"))
            .otherwise(pl.lit("partner")),
        )
        .filter(pl.col("van") < pl.col("tot"))
        .with_columns(verdwijnt=pl.col("verdwijnt") & (pl.col("tot") == pl.col("polis_tot")))
        .select("relatie", "persoon", "bsn", "geboorte", "rol", "pakket", "van", "tot", "verdwijnt")
        .sort("relatie", "geboorte")
    )


def _workbook(rows: pl.DataFrame, year: int) -> bytes:
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("deelnemers")
    sheet.append(HEADER)
    for row in rows.iter_rows(named=True):
        ends = as_date(row["einde"]) if row["einde"] is not None else None
        begins = row["getypt"] or as_date(row["van"])
        person = [row["relatie"], row["bsn"], as_date(row["geboorte"]), row["postcode"], row["huisnummer"]]
        sheet.append([*person, row["pakket"], begins, ends, row["rol"].capitalize(), year])
    sheet.append(["Totaal", rows.height])
    return to_xlsx(book)
