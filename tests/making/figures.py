"""Exact figures of a small made-up gemeente, as the mart gives them, for tests of protection and gate."""

from datetime import date

import polars as pl

WIJKEN = ("WK099901", "WK099902", "WK099903", "WK0999onbekend")
BUURTEN = {wijk: [f"BU{wijk[2:]}0{i}" for i in (1, 2, 3)] for wijk in WIJKEN[:3]} | {WIJKEN[3]: ["BU0999onbekend"]}
MONTHS = (date(2022, 3, 31), date(2022, 4, 30), date(2022, 5, 31), date(2022, 6, 30))
AGES = ("0-14", "15-24", "25-44", "45-64", "65+")

# Clients by buurt and age group on every month-end: big, small, empty and in between.
CLIENTS = {
    "BU09990101": (2, 3, 14, 22, 41),
    "BU09990102": (0, 1, 8, 12, 30),
    "BU09990103": (0, 0, 1, 2, 6),
    "BU09990201": (4, 11, 25, 31, 60),
    "BU09990202": (0, 0, 0, 1, 9),
    "BU09990203": (1, 2, 3, 4, 5),
    "BU09990301": (12, 15, 18, 21, 24),
    "BU09990302": (0, 0, 0, 0, 0),
    "BU09990303": (0, 0, 3, 9, 10),
    "BU0999onbekend": (0, 0, 0, 0, 0),
}


def areas() -> pl.DataFrame:
    rows = [("GM0999", "gemeente", "GM0999", None)]
    rows += [("GM0999", "wijk", wijk, "GM0999") for wijk in WIJKEN]
    rows += [("GM0999", "buurt", buurt, wijk) for wijk, buurten in BUURTEN.items() for buurt in buurten]
    schema = ["gemeentecode", "gebiedsniveau", "gebiedscode", "ouder_code"]
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.with_columns(pl.lit(2022, pl.Int32).alias("indelingsjaar"), pl.col("gebiedscode").alias("gebiedsnaam"))


def per_area(by_buurt: dict[str, int]) -> dict[str, int]:
    """Counts of buurten, wijken and the gemeente."""
    wijken = {wijk: sum(by_buurt[buurt] for buurt in buurten) for wijk, buurten in BUURTEN.items()}
    return by_buurt | wijken | {"GM0999": sum(wijken.values())}


def figures(clients: dict[str, tuple[int, ...]] = CLIENTS) -> pl.DataFrame:
    """wijkcijfers_<regeling> of four months without change: no flows but two people who moved."""
    total = per_area({buurt: sum(counts) for buurt, counts in clients.items()})
    ages = {age: per_area({b: counts[i] for b, counts in clients.items()}) for i, age in enumerate(AGES)}
    levels = {row["gebiedscode"]: row["gebiedsniveau"] for row in areas().iter_rows(named=True)}
    rows = []
    for month in MONTHS:
        for area, level in levels.items():
            quarter = month.month in (3, 6)
            values = {("clienten", "totaal"): total[area], ("gebruik", "totaal"): total[area] + 3}
            values |= {("clienten", age): ages[age][area] for age in AGES}
            values |= {("huishoudens", "totaal"): total[area] * 9 // 10, ("voorzieningen", "totaal"): total[area] * 2}
            if quarter:
                flows = ("instroom_kwartaal", "uitstroom_kwartaal", "verhuisd_in_kwartaal", "verhuisd_uit_kwartaal")
                values |= {(flow, "totaal"): 0 for flow in flows}
                values |= {("stand_vorig_kwartaal", "totaal"): total[area]}
            if month.month == 6 and level != "buurt":
                values |= {("gebruik_halfjaar", "totaal"): total[area] + 3}
            for (indicator, age), count in values.items():
                unknown = quarter and month == MONTHS[0] and "kwartaal" in indicator
                moved = indicator.startswith("verhuisd") and level == "gemeente"
                status = "nvt" if unknown or moved else "geleverd"
                base = None if area.endswith("onbekend") else total[area] * 12 + 37
                rows.append((area, level, month, age, indicator, status, count if status == "geleverd" else None, base))
    schema = ["gebiedscode", "gebiedsniveau", "peildatum", "leeftijdsgroep", "indicator", "status", "aantal", "noemer"]
    units = {"huishoudens": "huishoudens", "voorzieningen": "voorzieningen"}
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(
        pl.lit("GM0999").alias("gemeentecode"),
        pl.lit("").alias("uitsplitsing"),
        pl.col("gebiedscode").alias("gebiedsnaam"),
        pl.lit(2022, pl.Int32).alias("indelingsjaar"),
        pl.col("indicator").replace_strict(units, default="personen").alias("eenheid"),
    )


def supply() -> pl.DataFrame:
    """The totals of figures() as if they were services and places (telwijze aanbod)."""
    names = {"clienten": "diensten", "gebruik": "capaciteit", "huishoudens": "op_indicatie"}
    totals = figures().filter(pl.col("indicator").is_in(list(names)), pl.col("leeftijdsgroep") == "totaal")
    renamed = pl.col("indicator").replace_strict(names)
    units = {"capaciteit": "plaatsen"}
    return totals.with_columns(indicator=renamed, eenheid=renamed.replace_strict(units, default="diensten"))


def residents(factor: int = 12) -> pl.DataFrame:
    """Residents by area, month and age group: a dozen for each client, and some more."""
    counted = figures().filter(pl.col("indicator") == "clienten", ~pl.col("gebiedscode").str.ends_with("onbekend"))
    return counted.select(
        "gebiedscode", "peildatum", "leeftijdsgroep", (pl.col("aantal") * factor + 20).alias("inwoners")
    )
