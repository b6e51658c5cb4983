"""Makes the decisions on school transport of a gemeente and writes them as the workbook that its official keeps.

3.1% of the pupils (children of 4 to 17) has transport: Monitor leerlingenvervoer, school year 2023/24. The workbook has
what such workbooks have: titles, a legend, a total, dates as text, and pupils who stopped hidden by a filter.
"""

from datetime import date

import numpy as np
import polars as pl

from assets.demo.delivery import Sender
from assets.demo.faults import broken_copies
from assets.demo.population import UNKNOWN
from assets.demo.provisions import choose, make_spells, pick
from assets.demo.timeline import YEAR, Timeline, as_date, day
from assets.demo.workbook import to_xlsx

SHARE, OUTFLOW, LONGEST = 0.031, 0.02, 2_500
KINDS = {"aangepast": 70, "openbaar": 10, "openbaar met begeleiding": 6, "eigen": 14}
REASONS = {"handicap": 70, "afstand": 25, "richting": 5}
SCHOOLS = {"sbao": 25, "so": 35, "vso": 25, "bao": 10, "vo": 5}
HEADER = {
    "beschikkingnr": "Beschikking nr.",
    "bsn": "BSN leerling",
    "schooljaar": "Schooljaar",
    "begin": "Ingangsdatum",
    "einde": "Einddatum ",
    "vervoersoort": "Soort vervoer",
    "vervoersreden": "Reden",
    "onderwijssoort": "Onderwijssoort",
    "afstand_km": "Afstand (km)",
    "brin": "BRIN",
    "kosten_jaar": "Kosten per jaar",
    "eigen_bijdrage": "Eigen bijdrage",
}


def write_leerlingenvervoer(rng: np.random.Generator, sender: Sender, persons: pl.DataFrame) -> None:
    """Writes every delivery of one gemeente: after each quarter, and after the last month."""
    time = sender.time
    decisions = _decisions(rng, persons, time)
    for peildatum, leverdatum in zip(time.peildata, time.deliveries(8), strict=True):
        if peildatum.month % 3 and peildatum != time.peildata[-1]:
            continue
        today = day(leverdatum)
        year = peildatum.year - (peildatum.month < 8)
        known = decisions.filter(pl.col("jaar") == year, pl.col("van") <= today)
        rows = known.with_columns(
            schooljaar=pl.lit(f"{year}/{(year + 1) % 100:02d}"),
            getypt=pl.lit(None, pl.String),
            gestopt=(pl.col("tot") <= today) & (pl.col("tot") < pl.col("laatste")),
        )
        # Until it stops, a decision is for the rest of the school year.
        rows = rows.with_columns(einde=pl.when("gestopt").then("tot").otherwise("laatste"))
        june_31 = ("getypt", pl.lit(f"31-6-{leverdatum.year}"))
        wrong = broken_copies(rng, rows, sender.faults_pct, june_31, ("vervoersoort", "helikopter"))
        rows = pl.concat([rows, wrong])
        name = f"leerlingenvervoer {year}-{year + 1}.xlsx"
        content = _workbook(sender.gemeente.naam, leverdatum, rows)
        period = (date(year, 8, 1), date(year + 1, 7, 31))
        sender.send("leerlingenvervoer", leverdatum, {name: content}, records=rows.height, period=period)


def _decisions(rng: np.random.Generator, persons: pl.DataFrame, time: Timeline) -> pl.DataFrame:
    """One row per pupil and school year: jaar, van, tot (its real last day), laatste (31 July), and what is granted."""
    age = (time.calibration - pl.col("geboorte")) / YEAR
    pupils = persons.filter(pl.col("wijk") != UNKNOWN).select(
        "persoon",
        "bsn",
        "wijk",
        gewicht=pl.lit(1.0),
        vanaf=pl.max_horizontal("vanaf", pl.col("geboorte") + int(4 * YEAR) + 1),
        uiterlijk=pl.min_horizontal("overlijden", "vertrek", pl.col("geboorte") + int(18 * YEAR)),
        hier=pl.col("vast") & age.is_between(4.2, 17.9),
    )
    here, wijk = pupils.get_column("hier").to_numpy(), pupils.get_column("wijk").to_numpy()
    stock = [
        choose(rng, np.where(here & (wijk == number), 1.0, 0), round(SHARE * int((here & (wijk == number)).sum())))
        for number in range(int(wijk.max()) + 1)
    ]
    chosen = np.concatenate(stock)
    chosen = chosen if len(chosen) else choose(rng, here.astype(float), 1)
    spells = make_spells(rng, pupils, chosen, time, monthly_outflow=OUTFLOW, longest=LONGEST)
    count = spells.height
    granted = pupils.select("persoon", "bsn")[spells.get_column("eenheid")].hstack(spells.drop("eenheid"))
    granted = granted.with_columns(
        vervoersoort=pl.Series(pick(rng, list(KINDS), list(KINDS.values()), count), dtype=pl.String),
        vervoersreden=pl.Series(pick(rng, list(REASONS), list(REASONS.values()), count), dtype=pl.String),
        onderwijssoort=pl.Series(pick(rng, list(SCHOOLS), list(SCHOOLS.values()), count), dtype=pl.String),
        afstand_km=pl.Series(np.round(6 + rng.exponential(9, count), 1)),
        brin=pl.format("{}AB", pl.Series(rng.integers(10, 30, count))),
        kosten_jaar=pl.Series(rng.integers(8, 70, count) * 100),
        eigen_bijdrage=pl.Series(rng.integers(0, 3, count) * 50),
    )
    years = []
    for year in range(time.months[0].year - 1, time.months[-1].year + 1):
        first, last = day(date(year, 8, 1)), day(date(year + 1, 7, 31))
        part = granted.filter((pl.col("van") <= last) & (pl.col("tot") >= first))
        years.append(
            part.with_columns(
                jaar=pl.lit(year),
                laatste=pl.lit(last, pl.Int64),
                van=pl.max_horizontal("van", pl.lit(first)),
                tot=pl.min_horizontal("tot", pl.lit(last)),
            )
        )
    return (
        pl.concat(years)
        .sort("jaar", "van", "persoon")
        .with_columns(beschikkingnr=pl.format("LV-{}-{}", "jaar", pl.int_range(1, pl.len() + 1).over("jaar")))
    )


def _workbook(gemeente: str, on: date, rows: pl.DataFrame) -> bytes:
    import openpyxl
    from openpyxl.worksheet.worksheet import Worksheet

    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "leerlingen"
    sheet["A1"] = f"Leerlingenvervoer gemeente {gemeente}"
    sheet.merge_cells("A1:F1")
    sheet["A2"] = f"bijgewerkt tot en met {on.day}-{on.month}-{on.year}"
    sheet.append([])
    sheet.append(list(HEADER.values()))
    for number, row in enumerate(rows.iter_rows(named=True)):
        begin = as_date(row["van"])
        # Now and then somebody types a date as text.
        typed = f"{begin.day}-{begin.month}-{begin.year}" if number % 9 == 4 else begin
        cells = row | {"begin": row["getypt"] or typed, "einde": as_date(row["einde"])}
        sheet.append([cells[name] for name in HEADER])
        if row["gestopt"]:
            sheet.row_dimensions[sheet.max_row].hidden = True
    sheet.append([])
    sheet.append(["Totaal", rows.height])
    legend = book.create_sheet("legenda")
    legend.append(["Soort vervoer", "betekenis"])
    for kind in KINDS:
        legend.append([kind, "bus, taxi of taxibus" if kind == "aangepast" else kind])
    return to_xlsx(book)
