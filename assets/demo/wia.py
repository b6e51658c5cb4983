"""Writes the WIA deliveries: aggregates per quarter as CBS rounds them, for gemeenten and wijken, Wajong beside them.

Calibrated on a_soz_ao of kerncijfers.csv (CBS 85039NED, CC BY 4.0): WAO, WIA, WAZ and Wajong together on 2021-12-31.
CBS does not split it by wijk; the demo takes one split for all (SPLIT), rounded from the national numbers.
"""

import polars as pl

from assets.demo.delivery import to_csv, write_delivery
from assets.demo.facts import Gemeente
from assets.demo.timeline import Timeline, day
from assets.zones import Zone

# Of a hundred persons with a benefit for incapacity to work, how many have which one.
SPLIT = {"WIA-IVA": 18, "WIA-WGA": 30, "WAO": 21, "WAZ": 1, "oWajong": 18, "Wajong2010": 8, "Wajong2015": 4}
WIA, WAJONG = ("WIA-IVA", "WIA-WGA", "WAO", "WAZ"), ("oWajong", "Wajong2010", "Wajong2015")
TOTALS = {"WIA": sum(SPLIT[part] for part in WIA), "Wajong": sum(SPLIT[part] for part in WAJONG)}
# By age the source tells of gemeenten only; its last class is not one of the monitor.
AGES = {"15-24": 0.02, "25-44": 0.24, "45-64": 0.68, "65-AOW": 0.06}
SEXES = {"man": 0.49, "vrouw": 0.51}
# The number grows slowly.
GROWTH_PER_YEAR = 0.01


def write_wia(landing: Zone, gemeenten: list[Gemeente], time: Timeline) -> None:
    """Writes one delivery for each quarter-end, on the 18th of the next month."""
    for peildatum, leverdatum in zip(time.peildata, time.deliveries(18), strict=True):
        if peildatum.month % 3:
            continue
        growth = 1 + GROWTH_PER_YEAR * (day(peildatum) - time.calibration) / 365
        rows = [row for gemeente in gemeenten for row in _rows(gemeente, growth)]
        frame = pl.DataFrame(rows, schema=COLUMNS, orient="row")
        frame = frame.select(pl.lit(str(peildatum)).alias("peildatum"), pl.all())
        files = {f"ao_{peildatum:%Y%m}.csv": to_csv(frame)}
        folder = f"NL/wia/{leverdatum}"
        write_delivery(landing, folder, files, records=frame.height, owner="CBS", period=(peildatum, peildatum))


COLUMNS = ["regio_code", "regeling", "leeftijdsklasse", "geslacht", "aantal"]


def _rows(gemeente: Gemeente, growth: float) -> list[tuple[str, str, str, str, int]]:
    """The cells of a gemeente and its wijken, each rounded by itself: they do not add up."""
    areas = [(gemeente.code, gemeente.totaal["a_soz_ao"]), *gemeente.wijken.select("code", "a_soz_ao").iter_rows()]
    rows = []
    for code, persons in areas:
        for regeling, share in (TOTALS | SPLIT).items():
            count = persons * growth * share / 100
            rows.append((code, regeling, "totaal", "totaal", _to_ten(count)))
            if code == gemeente.code:
                rows += [(code, regeling, age, "totaal", _to_ten(count * part)) for age, part in AGES.items()]
                rows += [(code, regeling, "totaal", sex, _to_ten(count * part)) for sex, part in SEXES.items()]
    return rows


def _to_ten(count: float) -> int:
    return int((count + 5) // 10) * 10
