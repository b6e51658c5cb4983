"""Model verhouding as dbt makes it, over the seeds as they are: for tests whose mart no dbt built."""

import duckdb
import polars as pl

from assets.ground.settings import PROJECT

MODEL = PROJECT / "dbt_project" / "models" / "marts" / "verhouding.sql"
SEEDS = PROJECT / "dbt_project" / "seeds"


def verhouding() -> pl.DataFrame:
    """regeling, indicator, eenheid, noemer, geen_verhouding."""
    sql = MODEL.read_text(encoding="utf-8")
    with duckdb.connect() as connection:
        for name in ("regelingen", "indicatoren"):
            sql = sql.replace(f"{{{{ ref('{name}') }}}}", name)
            connection.execute(f"create table {name} as select * from read_csv('{SEEDS / name}.csv', header=true)")
        return connection.sql(sql).pl()
