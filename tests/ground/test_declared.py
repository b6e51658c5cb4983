"""The published tables are declared once: the edition, its database and the page of columns say the same."""

import json

import duckdb
import polars as pl
import pytest

from assets.ground.declared import FIGURES, OTHERS, counted, tables
from assets.ground.regelingen import telwijzen
from assets.guides.dictionary import FILE, dictionary
from assets.guides.exposures import FILE as FILE_OF_EXPOSURES
from assets.guides.exposures import exposures
from orchestration.dbt.project import MANIFEST, ensure_manifest
from tests.making.nights import Nights

OPEN = [name for name in tables() if name not in {f.name for t in counted().values() for f in t.files if f.closed}]


def test_the_page_of_columns_is_that_of_the_declaration():
    """`make docs` writes it anew."""
    assert FILE.read_text(encoding="utf-8") == dictionary()


def test_every_published_table_is_an_exposure_of_dbt_on_all_that_it_is_made_from():
    """`make docs` writes the file anew; dbt reads it."""
    assert FILE_OF_EXPOSURES.read_text(encoding="utf-8") == exposures()
    ensure_manifest()
    manifest = json.loads(MANIFEST.read_text(encoding="utf-8"))
    found = {one["name"]: one["depends_on"]["nodes"] for one in manifest["exposures"].values()}
    assert {name: sorted(node.split(".")[-1] for node in nodes) for name, nodes in found.items()} == {
        name: sorted(table.models) for name, table in tables().items()
    }
    assert {"regelingen", "wetswijzigingen"} <= {node.split(".")[-1] for node in found["dim_regeling"]}


def test_every_regeling_has_a_table_and_nothing_else_but_what_is_declared_over_them():
    assert {name for name, table in counted().items() if table.law is None} == set(telwijzen())
    assert {name for name, table in counted().items() if table.over_a_set} == {"totaal", "stapeling", "combinaties"}


@pytest.mark.parametrize("name", OPEN)
def test_what_an_edition_holds_is_what_is_declared(first_night: Nights, name: str):
    frame = pl.read_parquet(first_night.latest / f"{name}.parquet")
    assert dict(frame.schema) == tables()[name].schema


def test_the_database_of_an_edition_tells_its_columns(first_night: Nights):
    with duckdb.connect(str(first_night.latest / "meerdoen.duckdb"), read_only=True) as connection:
        columns = connection.execute(
            "select table_name, column_name, comment from duckdb_columns() where schema_name = 'monitor'"
        ).fetchall()
        comments = dict(connection.execute("select table_name, comment from duckdb_tables()").fetchall())
    assert {(table, column): words for table, column, words in columns} == {
        (name, column): words for name in OPEN for column, (_, words) in tables()[name].columns.items()
    }
    assert comments == {name: tables()[name].words for name in OPEN}


def test_every_word_is_said_once():
    """Of columns with one name in two tables the words may differ; within one table they never do."""
    for table in (FIGURES, *OTHERS):
        words = [column.words for column in table.columns.values()]
        assert len(set(words)) == len(words), table.name
        assert all(words), table.name
