"""CBS beside the monitor, for the report on kerncijfers: what model cbs_naast_ons compares, in published figures only.

The model holds exact counts. The page gets what every reader of the edition has: nothing under 10, rounded to 5.
"""

import polars as pl

from assets.ground.mart import mart, read
from assets.ground.settings import Settings
from assets.ground.zones import Zone
from assets.protection.cells import PUBLISHED
from assets.publication import edition
from assets.report import notation
from assets.report.likeness import MOST_ROWS, area_names, named

BRON, MODEL = "kerncijfers", "cbs_naast_ons"
# How the model and its seed call what the BRP counts; in an edition it is what tables divide by.
RESIDENTS, DENOMINATORS = "brp", ("inwoners", "huishoudens")
FIGURE = ["gebiedscode", "peildatum", "leeftijdsgroep", "indicator", "regeling"]
TABLE = ["leverancier", "leverdatum", "jaar", "plaats", "kolom", "toelichting", "regeling", "peildatum"]


def beside_cbs(settings: Settings, model: str) -> dict[str, dict]:
    """The tables of the report on each delivery of kerncijfers, under `tabellen`: areas whose figure is public."""
    with mart(settings.work) as connection:
        compared, columns = read(connection, model).drop("ons", "verschil"), read(connection, "cbs_kolommen")
    compared = compared.filter(pl.col("gebiedsniveau") != "buurt")
    if compared.is_empty():
        return {}
    columns = columns.with_row_index("plaats").unique("kolom", keep="first").select("kolom", "plaats", "toelichting")
    rows = _with_ours(compared.join(columns, on="kolom"), published(settings.publicatie))
    names, found = area_names(settings.kluis), {}
    for key, table in rows.sort(*TABLE, "gebiedscode").group_by(TABLE, maintain_order=True):
        of_table = dict(zip(TABLE, key, strict=True))
        delivery = f"{of_table['leverancier']}/{of_table['leverdatum']}"
        tables = found.setdefault(delivery, {"tabellen": []})["tabellen"]
        tables.append(
            {name: of_table[name] for name in ("jaar", "kolom", "toelichting", "regeling")}
            | {"peildatum": str(of_table["peildatum"]), "rijen": _rows(table.head(MOST_ROWS), names)}
            | {"rest": max(0, table.height - MOST_ROWS)}
        )
    return found


def _with_ours(compared: pl.DataFrame, figures: pl.DataFrame) -> pl.DataFrame:
    """The areas whose figure is public, with that figure (`ons`): the sum where a column is two regelingen for us."""
    one = compared.with_row_index("rij").with_columns(pl.col("regeling").str.split(", ")).explode("regeling")
    ours = one.join(figures, on=FIGURE, how="left")
    summed = ours.group_by("rij").agg(pl.col("ons").sum(), mist=pl.col("ons").is_null().any())
    return compared.with_row_index("rij").join(summed, on="rij").filter(~pl.col("mist"))


def _rows(table: pl.DataFrame, names: dict[str, str]) -> list[dict]:
    return [
        {"wat": named(code, names), "cbs": cbs, "ons": ours, "verschil": notation.change(ours, cbs)}
        for code, cbs, ours in table.select("gebiedscode", "cbs", "ons").iter_rows()
    ]


def published(publicatie: Zone) -> pl.DataFrame:
    """Every figure of the latest edition, as FIGURE and `ons`; for RESIDENTS what its tables divide by."""
    texts = dict.fromkeys(FIGURE, pl.String)
    name, found = edition.latest(publicatie), [pl.DataFrame(schema=texts | {"peildatum": pl.Date, "ons": pl.Int64})]
    if name is None or not edition.whole(publicatie, name, "dim_indicator.parquet"):
        return found[0]
    indicators = _table(publicatie, name, "dim_indicator").select("regeling", "indicator", "noemer")
    for regeling in indicators.get_column("regeling").unique().sort():
        if not edition.whole(publicatie, name, f"monitor_{regeling}.parquet"):
            continue
        rows = _table(publicatie, name, f"monitor_{regeling}").with_columns(regeling=pl.lit(regeling))
        counts = rows.filter(pl.col("publicatiestatus") == PUBLISHED).select(*FIGURE, ons="waarde")
        divided = rows.rename({"noemer": "ons"}).drop_nulls("ons").join(indicators, on=["regeling", "indicator"])
        divided = divided.filter(pl.col("noemer").is_in(DENOMINATORS))
        divided = divided.with_columns(indicator="noemer", regeling=pl.lit(RESIDENTS)).select(*FIGURE, "ons").unique()
        found += [counts, divided]
    return pl.concat(found).unique(FIGURE)


def _table(publicatie: Zone, name: str, table: str) -> pl.DataFrame:
    with publicatie.local(f"{name}/{table}.parquet") as file:
        return pl.read_parquet(file)
