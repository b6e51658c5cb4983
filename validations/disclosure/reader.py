"""What a reader knows of each figure by itself: its bounds. And what no edition may show at all (findings).

How figures depend on each other is in links.py.
"""

import polars as pl

FAR = 10**9  # no count comes near; stands for "no upper bound"
THRESHOLD, HALF, BASE = 10, 2, 5
TOTAL, UNKNOWN = "totaal", "onbekend"
# They are delivered as they are public elsewhere, each figure rounded to ten by itself: nothing in them adds up.
AGGREGATES = ("monitor_wajong", "monitor_wia")
GROUPS = 5  # the age groups of CBS; `onbekend` is none of them
STATUSES = ("gepubliceerd", "kleiner_dan_drempel", "onderdrukt", "nvt", "niet_geleverd")
# What a figure is of beside its area, month, age group and indicator; empty in most tables.
BREAKDOWN = "uitsplitsing"
PLACE = ["tabel", "gemeentecode", "indelingsjaar", "peildatum", "leeftijdsgroep", BREAKDOWN, "indicator"]
KEY = [*PLACE, "gebiedscode"]
AREA = ["gemeentecode", "gebiedsniveau", "gebiedscode", "indelingsjaar"]
# Persons placed as on the peildatum: no more of them than residents. A person who left is no resident any more.
PERSONS = ("clienten", "gebruik", "huishoudens", "instroom_kwartaal", "verhuisd_in_kwartaal")
PERSONS += ("huishoudens_1", "huishoudens_2", "huishoudens_3plus", "huishoudens_instelling")


def read(
    published: pl.DataFrame,
    areas: pl.DataFrame,
    residents: pl.DataFrame,
    truth: pl.DataFrame,
    hidden_from: int | pl.Expr = 0,
) -> tuple[pl.DataFrame, list[str]]:
    """The figures that tell something, and the findings.

    Returns columns KEY, gebiedsniveau, ouder_code, inwoners (FAR: not known), telling (the truth), gevoelig (1 or more,
    but under its threshold), low, high and cel (0, 1, …), sorted by KEY: one row per figure of the dense grid, and one
    (0..FAR) for each age group `onbekend`.
    """
    absent = [pl.lit(None, pl.Int64).alias(name) for name in ("van", "tot") if name not in published.columns]
    published = published.with_columns(absent)
    dense = _dense(published, areas)
    findings = _findings(published, dense)
    known = (
        dense.join(truth.select(*KEY, pl.col("aantal").alias("telling")), on=KEY, how="left")
        .join(residents, on=["gebiedscode", "peildatum", "leeftijdsgroep"], how="left")
        .filter(pl.col("publicatiestatus").is_null() | pl.col("publicatiestatus").is_in(STATUSES[3:]).not_())
    )
    if known.filter(pl.col("telling").is_null() & pl.col("publicatiestatus").is_not_null()).height:
        findings.append("een cijfer zonder telling in de kluis")
    # Residents bound only where the truth does not say otherwise: a person placed by a delivery is no resident.
    counts = pl.col("indicator").is_in(PERSONS) & (pl.col("inwoners") >= pl.col("telling"))
    known = known.filter(pl.col("telling").is_not_null()).with_columns(
        pl.when(counts).then("inwoners").otherwise(FAR).alias("inwoners")
    )
    sensitive = (pl.col("telling") >= 1) & (pl.col("telling") < pl.col("drempel"))
    bounded = _rated(known.with_columns(*bounds_of(hidden_from), gevoelig=sensitive))
    columns = [*KEY, "gebiedsniveau", "ouder_code", "inwoners", "telling", "gevoelig", "low", "high"]
    cells = pl.concat([bounded.select(columns), _unknown_age(bounded, dense).select(columns)], how="vertical_relaxed")
    return cells.sort(KEY).with_row_index("cel"), sorted(set(findings))


def _dense(published: pl.DataFrame, areas: pl.DataFrame) -> pl.DataFrame:
    """Every area of each part of the grid that is published; publicatiestatus is null where the row is missing.

    The threshold of such a row is that of its table and gemeente.
    """
    grid = published.select(*PLACE, "gebiedsniveau").unique()
    every = grid.join(areas.select(*AREA, "ouder_code"), on=[name for name in AREA if name != "gebiedscode"])
    threshold = pl.coalesce("drempel", pl.col("drempel").max().over("tabel", "gemeentecode"), THRESHOLD)
    return every.join(published, on=[*KEY, "gebiedsniveau"], how="left").with_columns(drempel=threshold)


def _rate_fits() -> pl.Expr:
    return (pl.col("per_1000") - 1000 * pl.col("waarde") / pl.col("noemer")).abs() <= 0.0501


def _findings(published: pl.DataFrame, dense: pl.DataFrame) -> list[str]:
    """What an edition may never show, whoever it concerns."""
    shown = pl.col("publicatiestatus") == STATUSES[0]
    rules = {
        "een status die de lezer niet hoort te zien": ~pl.col("publicatiestatus").is_in(STATUSES).fill_null(False),
        "een waarde zonder status gepubliceerd, of omgekeerd": shown != pl.col("waarde").is_not_null(),
        "een waarde die niet is afgerond": pl.col("waarde") % BASE != 0,
        "een waarde onder de drempel": pl.col("waarde") < pl.col("drempel").fill_null(THRESHOLD),
        # A noemer counts no clients: a stricter threshold of a gemeente or regeling does not hold for it.
        "een noemer die niet is afgerond": (pl.col("noemer") % BASE != 0)
        | (pl.col("noemer") < pl.min_horizontal("drempel", THRESHOLD)),
        "een verhouding die niet uit waarde en noemer volgt": pl.col("per_1000").is_not_null()
        & ~_rate_fits().fill_null(False),
    }
    found = [
        f"{table}: {text}"
        for text, rule in rules.items()
        for table in published.filter(rule).get_column("tabel").unique().to_list()
    ]
    found += [
        f"{table}: een rij van het rooster ontbreekt"
        for table in dense.filter(pl.col("publicatiestatus").is_null()).get_column("tabel").unique().to_list()
    ]
    doubled = published.filter(published.select(KEY).is_duplicated()).get_column("tabel").unique().to_list()
    found += [f"{table}: twee rijen voor één cijfer" for table in doubled]
    stray = published.join(dense, on=KEY, how="anti").get_column("tabel").unique().to_list()
    found += [f"{table}: een gebied dat niet in de indeling staat" for table in stray]
    years = published.group_by("gemeentecode", "peildatum").agg(pl.col("indelingsjaar").n_unique())
    twice = years.filter(pl.col("indelingsjaar") > 1).get_column("gemeentecode").unique().to_list()
    return found + [f"{gemeente}: twee indelingen van één maand" for gemeente in twice]


def bounds_of(hidden_from: int | pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """Low and high of a figure: what its status and value say. A value that is not rounded is read as exact.

    So is every value of a table of which most are not rounded: then nothing in it is.
    """
    value, room, residents = pl.col("waarde"), pl.col("ruimte").fill_null(0), pl.col("inwoners")
    threshold = pl.col("drempel")
    least = pl.when(value >= threshold).then(pl.max_horizontal(value - HALF, threshold)).otherwise(value - HALF)
    exact = (value % BASE != 0) | ((value % BASE != 0).mean().over("tabel") > 0.5) & value.is_not_null()
    low = (
        pl.when(exact)
        .then(value)
        .when(value.is_not_null())
        .then(least - room)
        .when(pl.col("publicatiestatus") == "onderdrukt")
        .then(hidden_from - room)
        .otherwise(0)
    )
    high = (
        pl.when(exact)
        .then(value)
        .when(value.is_not_null())
        .then(value + HALF + room)
        .when(pl.col("publicatiestatus") == "kleiner_dan_drempel")
        .then(threshold - 1 + room)
        .when(pl.col("publicatiestatus").is_null())
        .then(0)
        .otherwise(FAR)
    )
    # What all closes tell of the count that it was set on (lock.py): `van` and `tot`.
    low, high = (
        pl.max_horizontal(low, 0, pl.col("van") - room),
        pl.min_horizontal(high, residents, pl.col("tot") + room),
    )
    return low.alias("low"), high.alias("high")


def _rated(known: pl.DataFrame) -> pl.DataFrame:
    """Narrows a count by a rate that does not follow from what is shown beside it."""
    loose = pl.col("per_1000").is_not_null() & ~_rate_fits().fill_null(False)
    base, spread = pl.coalesce("noemer", pl.col("inwoners").replace(FAR, None)), pl.col("noemer").is_not_null() * HALF
    low = ((pl.col("per_1000") - 0.05) * (base - spread) / 1000 - 1e-6).ceil().cast(pl.Int64)
    high = ((pl.col("per_1000") + 0.05) * (base + spread) / 1000 + 1e-6).floor().cast(pl.Int64)
    return known.with_columns(
        pl.when(loose).then(pl.max_horizontal("low", low)).otherwise("low").alias("low"),
        pl.when(loose).then(pl.min_horizontal("high", high)).otherwise("high").alias("high"),
    )


def _unknown_age(known: pl.DataFrame, dense: pl.DataFrame) -> pl.DataFrame:
    """The age group `onbekend`, which is never published: what the total holds beyond the groups, where all are known.

    A group that the law is not for (`nvt`) holds nobody: persons of that age, or another that it is not for, are here.

    A group of an earlier close may be replaced by now: then what is left of the total is no group.
    """
    total = pl.col("leeftijdsgroep") == TOTAL
    place = [name for name in KEY if name != "leeftijdsgroep"]
    none = dense.filter(~total, pl.col("publicatiestatus") == STATUSES[3]).group_by(place).len("geen")
    return (
        known.filter(~pl.col("tabel").is_in(AGGREGATES))
        .group_by(*place, "gebiedsniveau", "ouder_code")
        .agg(
            (pl.col("telling").filter(total).sum() - pl.col("telling").filter(~total).sum()).alias("telling"),
            total.any().alias("totaal"),
            (~total).sum().alias("groepen"),
        )
        .join(none, on=place, how="left")
        .filter(pl.col("totaal"), pl.col("groepen") > 0, pl.col("groepen") + pl.col("geen").fill_null(0) == GROUPS)
        .drop("geen")
        .with_columns(
            pl.lit(UNKNOWN).alias("leeftijdsgroep"),
            pl.lit(FAR).alias("inwoners"),
            pl.lit(False).alias("gevoelig"),
            pl.lit(0).alias("low"),
            pl.lit(FAR).alias("high"),
        )
    )
