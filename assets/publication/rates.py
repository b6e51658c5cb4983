"""What each figure is divided by for its rate, and what a month gets that was closed with another denominator.

A closed month keeps its figures. Where they are divided by something else now (seeds/regelingen.csv), its rates follow
from what is public already: months of before and after compare, and nobody learns more of anyone. What denominators
are is in dbt_project (models verhouding and noemer); the rate itself is in public.py.
"""

import duckdb
import polars as pl

from assets.ground.declared import counted
from assets.ground.mart import read
from assets.protection.sdc import AGES, Sdc

# What an entry without `noemer_naam` was divided by, households apart: the ledger of schema version 1 (docs/schema.md).
VERSION_1 = {
    "monitor_awbz": "inwoners",
    "monitor_bijzondere_bijstand": "huishoudens",
    "monitor_cjg": "inwoners_0_22",
    "monitor_collectieve_zorgverzekering": "huishoudens",
    "monitor_jeugdzorg": "inwoners_0_22",
    "monitor_leerlingenvervoer": "inwoners_4_17",
    "monitor_leerplicht": "inwoners_5_17",
    "monitor_maatschappelijke_dienstverlening": "inwoners",
    "monitor_oggz": "inwoners",
    "monitor_schuldhulpverlening": "huishoudens",
    "monitor_totaal": "inwoners",
    "monitor_vsv": "startset",
    "monitor_wajong": "inwoners_15_aow",
    "monitor_wet_oke": "inwoners_2_3",
    "monitor_wia": "inwoners_15_aow",
    "monitor_wmo": "inwoners",
    "monitor_wsw": "inwoners_15_aow",
    "monitor_wwb": "inwoners_15_aow",
}
AREA = ["gemeentecode", "gebiedscode", "indelingsjaar", "peildatum"]
PLACE = [*AREA, "leeftijdsgroep"]


def denominators(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """What figures are divided by: tabel, indicator, noemer_naam (null: it has no rate)."""
    rates = of_tables(read(connection, "verhouding"))
    return rates.select("indicator", tabel=pl.format("monitor_{}", "regeling"), noemer_naam="noemer")


def of_tables(rates: pl.DataFrame) -> pl.DataFrame:
    """Model verhouding with the name of each table of figures in `regeling`."""
    names = [(table.name, table.counted_as) for table in counted().values()]
    tables = pl.DataFrame(names, {"tabel": pl.String, "regeling": pl.String}, orient="row")
    return tables.join(rates, on="regeling").drop("regeling").rename({"tabel": "regeling"})


def divided_as_now(public: pl.DataFrame, rates: pl.DataFrame, sdc: Sdc) -> pl.DataFrame:
    """`public` (ENTRY, of all tables) with the noemer that each figure has by `rates` (denominators) of today.

    A figure that was set with another one gets the noemer that is public of that area and month under today's name;
    null where none is.
    """
    households = pl.col("eenheid") == "huishoudens"
    at_first = (
        pl.when(households)
        .then(pl.lit("huishoudens"))
        .otherwise(pl.col("tabel").replace_strict(VERSION_1, default=None))
    )
    named = public.with_columns(noemer_naam=pl.coalesce("noemer_naam", at_first))
    now = named.join(
        rates.rename({"noemer_naam": "naam_nu"}), on=["tabel", "indicator"], how="left", maintain_order="left"
    )
    denominators = _public(named, sdc).rename({"noemer": "noemer_nu", "noemer_naam": "naam_nu"})
    return (
        now.join(denominators, on=[*PLACE, "naam_nu"], how="left", maintain_order="left")
        .with_columns(noemer=pl.when(pl.col("noemer_naam") == pl.col("naam_nu")).then("noemer").otherwise("noemer_nu"))
        .with_columns(noemer_naam="naam_nu")
        .select(public.columns)
    )


def _public(named: pl.DataFrame, sdc: Sdc) -> pl.DataFrame:
    """Every denominator that is public: PLACE, noemer_naam, noemer. The last one where it was set anew."""
    denominators = named.drop_nulls("noemer").sort("sluiting", "tabel").unique([*PLACE, "noemer_naam"], keep="last")
    denominators = denominators.select(*PLACE, "noemer_naam", "noemer")
    residents = denominators.filter(pl.col("noemer_naam") == "inwoners").drop("noemer_naam")
    all_ages = residents.filter(pl.col("leeftijdsgroep") == AGES[0])
    children = residents.filter(pl.col("leeftijdsgroep") == "0-14").select(*AREA, kinderen="noemer")
    # Residents of 15 and over were not told themselves before version 2.
    adults = all_ages.join(children, on=AREA).select(
        *PLACE, pl.lit("inwoners_15_plus").alias("noemer_naam"), noemer=pl.col("noemer") - pl.col("kinderen")
    )
    adults = adults.filter(pl.col("noemer") >= sdc.threshold).join(denominators, on=[*PLACE, "noemer_naam"], how="anti")
    return pl.concat([denominators, adults])
