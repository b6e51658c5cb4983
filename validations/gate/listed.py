"""What an edition may hold: an allow-list of its files, tables and columns. What is not on it means no switch.

A new public table or column is a line here, and with it a decision. Reads what was written; judges no values
(suites.py does).
"""

from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from validations.gate.suites import COLUMNS

DATABASE, SCHEMA = "meerdoen.duckdb", "monitor"
TABLES = {
    "dim_gebied": ("gemeentecode", "gebiedsniveau", "gebiedscode", "gebiedsnaam", "indelingsjaar", "ouder_code"),
    "dim_indicator": (
        *("regeling", "indicator", "naam", "definitie", "formule", "wet", "bron", "bronkolommen", "eigenaar"),
        *("eenheid", "noemer", "geen_verhouding", "publicatieregel"),
    ),
    "dim_regeling": (
        *("regeling", "naam", "wet", "bwb_id", "geldig_van", "geldig_tot", "instroom_tot", "opvolger", "lijn"),
        *("deelprogramma", "eenheid", "noemer", "telwijze", "telt_na_vertrek", "laagste_niveau", "koppelbaar", "bron"),
        *("eigen_voorziening", "leeftijd_van", "leeftijd_tot", "breuken"),
    ),
    "monitor_herkomst": (
        *("tabel", "gemeentecode", "peildatum", "bron", "leverancier", "levering", "levermaand", "contractversie"),
        *("model", "modelversie", "codeversie", "run_id", "unieset"),
    ),
    "monitor_ingetrokken": ("editie", "ingetrokken_op", "toelichting"),
    "monitor_kwaliteit": (
        *("bron", "gemeentecode", "laatste_levering", "toestand", "rijen", "uitval_pct", "open_regels"),
        *("verwacht_voor", "actualiteit", "auditresultaat"),
    ),
}


def unlisted(folder: Path, figures: list[str]) -> list[str]:
    """Everything in the folder of an edition that is not on the list, in Dutch; empty when it may be published.

    `figures`: the names of the tables of figures (monitor_<regeling>).
    """
    tables = TABLES | {name: tuple(COLUMNS) for name in figures}
    found = []
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_symlink():
            found.append(f"{name}: een verwijzing")
        elif path.is_dir():
            found += [] if name == "csv" else [f"{name}: een map die niet op de lijst staat"]
        elif name == DATABASE:
            found += _database(path, tables)
        elif path.stem not in tables or name not in (f"{path.stem}.parquet", f"csv/{path.stem}.csv"):
            found.append(f"{name}: staat niet op de lijst")
        else:
            columns = pq.read_schema(path).names if path.suffix == ".parquet" else _header(path)
            found += _compared(name, columns, tables[path.stem])
    return found


def _header(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig") as file:
        return [part.strip('"') for part in file.readline().rstrip("\r\n").split(";")]


def _database(path: Path, tables: dict[str, tuple[str, ...]]) -> list[str]:
    found = []
    with duckdb.connect(str(path), read_only=True) as connection:
        there = connection.execute(
            "select schema_name, table_name, list(column_name order by column_index) from duckdb_columns()"
            " where database_name = current_database() and not internal group by all order by all"
        ).fetchall()
    for schema, table, columns in there:
        name = f"{DATABASE} {schema}.{table}"
        if schema != SCHEMA or table not in tables:
            found.append(f"{name}: staat niet op de lijst")
        else:
            found += _compared(name, columns, tables[table])
    return found


def _compared(name: str, columns: list[str], allowed: tuple[str, ...]) -> list[str]:
    return [f"{name}: kolom {column} staat niet op de lijst" for column in columns if column not in allowed]
