"""Writes the deliveries of WIA and Wajong: aggregates per quarter as CBS rounds them, for gemeenten and wijken.

Calibrated on a_soz_ao of kerncijfers.csv (CBS 85039NED, CC BY 4.0): WAO, WIA, WAZ and Wajong together on 2021-12-31.
CBS does not split it by wijk; the demo takes one split for all (SPLIT), rounded from the national numbers. One file
holds both, and both registrations get it. Closed regimes of the Wajong shrink and grow older, the open one grows.
"""

from datetime import date

import polars as pl

from assets.demo.delivery import to_csv, write_delivery
from assets.demo.facts import Gemeente
from assets.demo.timeline import Timeline, day
from assets.ground.zones import Zone

# How many of a hundred persons with a benefit for incapacity to work have which one.
SPLIT = {"WIA-IVA": 18, "WIA-WGA": 30, "WAO": 21, "WAZ": 1, "oWajong": 18, "Wajong2010": 8, "Wajong2015": 4}
TOTALS = {"WIA": ("WIA-IVA", "WIA-WGA", "WAO", "WAZ"), "Wajong": ("oWajong", "Wajong2010", "Wajong2015")}
# How much a benefit grows in a year; no national numbers, only the direction is that of the law.
GROWTH_PER_YEAR = {"oWajong": -0.03, "Wajong2010": -0.02, "Wajong2015": 0.12}
GROWTH_OF_OTHERS = 0.01
# The years in which a regime of the Wajong took people in.
INFLOW = {"oWajong": (1998, 2009), "Wajong2010": (2010, 2014), "Wajong2015": (2015, 9999)}
# The source tells ages of gemeenten only; its last class is not one of the monitor.
AGES = {"15-24": 0.02, "25-44": 0.24, "45-64": 0.68, "65-AOW": 0.06}
SEXES = {"man": 0.49, "vrouw": 0.51}


def write_wia(landing: Zone, gemeenten: list[Gemeente], time: Timeline) -> None:
    """Writes a delivery of each of the two for each quarter-end, on the 18th of the next month."""
    for peildatum, leverdatum in zip(time.peildata, time.deliveries(18), strict=True):
        if peildatum.month % 3:
            continue
        years = (day(peildatum) - time.calibration) / 365
        rows = [row for gemeente in gemeenten for row in _rows(gemeente, peildatum, years)]
        frame = pl.DataFrame(rows, schema=COLUMNS, orient="row")
        frame = frame.select(pl.lit(str(peildatum)).alias("peildatum"), pl.all())
        files = {f"ao_{peildatum:%Y%m}.csv": to_csv(frame)}
        for bron in ("wia", "wajong"):
            folder = f"NL/{bron}/{leverdatum}"
            write_delivery(landing, folder, files, records=frame.height, owner="CBS", period=(peildatum, peildatum))


COLUMNS = ["regio_code", "regeling", "leeftijdsklasse", "geslacht", "aantal"]


def _rows(gemeente: Gemeente, peildatum: date, years: float) -> list[tuple[str, str, str, str, int]]:
    """The cells of a gemeente and its wijken, each rounded by itself: they do not add up."""
    areas = [(gemeente.code, gemeente.totaal["a_soz_ao"]), *gemeente.wijken.select("code", "a_soz_ao").iter_rows()]
    rows = []
    for code, persons in areas:
        exact = {
            part: _by_age(part, persons * _share(part, years), peildatum) for part in SPLIT if _began(part, peildatum)
        }
        for total, parts in TOTALS.items():
            summed = [exact[part] for part in parts if part in exact]
            exact[total] = {age: sum(ages[age] for ages in summed) for age in AGES}
        for regeling, ages in exact.items():
            count = sum(ages.values())
            rows.append((code, regeling, "totaal", "totaal", _to_ten(count)))
            if code == gemeente.code:
                rows += [(code, regeling, age, "totaal", _to_ten(number)) for age, number in ages.items()]
                rows += [(code, regeling, "totaal", sex, _to_ten(count * part)) for sex, part in SEXES.items()]
    return rows


def _began(part: str, peildatum: date) -> bool:
    return part not in INFLOW or peildatum.year >= INFLOW[part][0]


def _share(part: str, years: float) -> float:
    """The share of the persons of the calibration day that has this benefit so many years later."""
    return SPLIT[part] / 100 * max(0.0, 1 + GROWTH_PER_YEAR.get(part, GROWTH_OF_OTHERS) * years)


def _by_age(part: str, count: float, peildatum: date) -> dict[str, float]:
    """Persons by age class; the youngest person in a Wajong came in at 18 in its last year of inflow."""
    if part not in INFLOW:
        return {age: count * share for age, share in AGES.items()}
    first, last = INFLOW[part]
    youngest, oldest = 18 + max(0, peildatum.year - last), 18 + peildatum.year - first
    young, old = 0.06 * max(0, 25 - youngest), 0.02 * max(0, oldest - 26)
    return {"15-24": count * young, "25-44": count * (1 - young - old), "45-64": count * old, "65-AOW": 0.0}


def _to_ten(count: float) -> int:
    return int((count + 5) // 10) * 10
