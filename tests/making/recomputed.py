"""Every published rate computed anew from an edition alone, by what its dim_indicator says."""

from pathlib import Path

import polars as pl

PLACE = ["gemeentecode", "indelingsjaar", "gebiedscode", "peildatum", "leeftijdsgroep"]
# Their wijken can have a figure and no rate: where PC4 does not tell the whole wijk.
BY_PC4 = ("oggz",)


def rows_of(edition: Path) -> pl.DataFrame:
    """The rows of all tables of figures, with the name of their denominator (`naam`) or why they have none."""
    named = pl.read_parquet(edition / "dim_indicator.parquet")
    tables = [
        pl.read_parquet(file, columns=[*PLACE, "indicator", "eenheid", "waarde", "noemer", "per_1000"]).with_columns(
            regeling=pl.lit(file.stem.removeprefix("monitor_"))
        )
        for file in sorted(edition.glob("monitor_*.parquet"))
        if "per_1000" in pl.read_parquet_schema(file)
    ]
    names = named.select("regeling", "indicator", "geen_verhouding", naam="noemer")
    return pl.concat(tables).join(names, on=["regeling", "indicator"], how="left")


def faults(edition: Path) -> list[str]:
    """What is wrong with the rates of an edition; empty when each is what it says to be."""
    rows = rows_of(edition)
    bases = rows.drop_nulls(["noemer", "naam"]).group_by(*PLACE, "naam").agg(pl.col("noemer").unique())
    # The number of that name, from whatever table tells it.
    numbers = bases.select(*PLACE, "naam", getal=pl.col("noemer").list.first())
    rows = rows.join(numbers, on=[*PLACE, "naam"], how="left")
    in_tens = (20_000 * pl.col("waarde") + pl.col("getal")) // (2 * pl.col("getal"))
    unplaced = pl.col("regeling").is_in(BY_PC4) & pl.col("noemer").is_null()
    rules = {
        "neither a name nor a reason, or both": pl.col("naam").is_null() == pl.col("geen_verhouding").is_null(),
        "a denominator that has no name": pl.col("naam").is_null() & pl.col("noemer").is_not_null(),
        "not of like on like": pl.col("naam").is_not_null()
        & ((pl.col("eenheid") == "huishoudens") != (pl.col("naam") == "huishoudens"))
        | (pl.col("naam").is_not_null() & ~pl.col("eenheid").is_in(["personen", "huishoudens"])),
        "another rate than figure and denominator give": ~unplaced
        & (in_tens / 10).round(1).ne_missing(pl.col("per_1000")),
    }
    found = [
        f"{regeling} {indicator}: {text}"
        for text, rule in rules.items()
        for regeling, indicator in rows.filter(rule).select("regeling", "indicator").unique().sort(pl.all()).rows()
    ]
    twice = bases.filter(pl.col("noemer").list.len() > 1).get_column("naam").unique().sort()
    return found + [f"{name}: two numbers of one place" for name in twice]
