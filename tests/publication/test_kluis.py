"""What analysts open: kluis.duckdb says what its tables and columns are, and has the views and macros that dbt made."""

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from assets.publication.kluis import copy_database
from tests.making.nights import Nights

MADE = """
create schema bron; create schema mart; create schema staging; create schema elders;
create view bron.wmo as select 1 as x;
create table elders.niet (x integer);
create table staging.stg_wmo (persoon varchar, leverdatum date);
create table mart.telling (aantal bigint, "een kolom" date);
insert into mart.telling values (11, date '2022-06-30'), (12, date '2022-05-31');
comment on table mart.telling is 'Wat er ''is'' geteld';
comment on column mart.telling.aantal is 'Aantal';
create view mart.later as select * from kluis.mart.telling where aantal > 11;
create view mart.laatst as select aantal from mart.later;
comment on view mart.later is 'De latere';
comment on column mart.later.aantal is 'Aantal daarvan';
create macro mart.op(dag) as table select * from mart.later where "een kolom" <= dag;
create macro mart.keer(a, b) as a * b;
"""


def test_views_macros_and_words_are_there_in_the_copy(tmp_path: Path):
    source, target = tmp_path / "werk" / "kluis.duckdb", tmp_path / "kluis.duckdb"
    source.parent.mkdir()
    with duckdb.connect(str(source)) as connection:
        connection.execute(MADE)
    copy_database(source, target)
    with duckdb.connect(str(target), read_only=True) as copy:
        relations = "select table_schema || '.' || table_name, table_type from information_schema.tables"
        assert dict(copy.execute(relations).fetchall()) == {
            "staging.stg_wmo": "BASE TABLE",
            "mart.telling": "BASE TABLE",
            "mart.later": "VIEW",
            "mart.laatst": "VIEW",
        }
        assert copy.execute("select * from mart.laatst").fetchall() == [(12,)]
        assert copy.execute("select aantal from mart.op(date '2022-06-01')").fetchall() == [(12,)]
        assert copy.execute("select mart.keer(3, 4)").fetchall() == [(12,)]
        columns = "select table_name, column_name, comment from duckdb_columns() where comment is not null"
        assert set(copy.execute(columns).fetchall()) >= {
            ("telling", "aantal", "Aantal"),
            ("later", "aantal", "Aantal daarvan"),
            ("stg_wmo", "leverdatum", "Dag van de levering"),
        }
        words = "select comment from duckdb_tables() union all select comment from duckdb_views() where not internal"
        assert {said for (said,) in copy.execute(words).fetchall()} == {None, "Wat er 'is' geteld", "De latere"}
    # What was there is replaced; what a database has not yet written into its file comes along.
    code = "import duckdb, os, sys; c = duckdb.connect(sys.argv[1]); c.execute(sys.argv[2]); os._exit(0)"
    more = "insert into mart.telling values (13, null)"
    subprocess.run([sys.executable, "-c", code, str(source), more], check=True)
    assert source.with_name("kluis.duckdb.wal").exists()
    copy_database(source, target)
    with duckdb.connect(str(target), read_only=True) as copy:
        assert copy.execute("select count(*) from mart.telling").fetchall() == [(3,)]
        assert not target.with_name("kluis.duckdb.wal").exists()


def test_a_view_on_what_is_not_copied_is_told(tmp_path: Path):
    with duckdb.connect(str(tmp_path / "kluis.duckdb")) as connection:
        (tmp_path / "kopie").mkdir()
        connection.execute(MADE + "create view mart.naar_buiten as select * from bron.wmo;")
    with pytest.raises(duckdb.CatalogException):
        copy_database(tmp_path / "kluis.duckdb", tmp_path / "kopie" / "kluis.duckdb")


def test_every_table_and_column_of_the_kluis_says_what_it_is(first_night: Nights):
    """In the words of dbt_project; those of staging in the words of the contract."""
    with duckdb.connect(str(first_night.folder / "kluis" / "kluis.duckdb"), read_only=True) as kluis:
        relations = kluis.execute(
            "select table_name, comment from duckdb_tables() union all"
            " select view_name, comment from duckdb_views() where not internal"
        ).fetchall()
        columns = kluis.execute(
            "select table_name, column_name, comment from duckdb_columns() where not internal"
        ).fetchall()
        views = kluis.execute("select view_name from duckdb_views() where not internal").fetchall()
        count = kluis.execute("select count(*) from mart.voorziening").fetchall()
        stored = kluis.execute("select tags['storage_version'] from duckdb_databases() where not internal").fetchall()
    # What any DuckDB 1.x opens.
    assert stored == [("v1.0.0+",)]
    assert {("voorziening",), ("actief",), ("uitval",)} <= set(views)
    assert count[0][0] > 0
    assert len(relations) > 90
    assert [name for name, words in relations if not words] == []
    assert [(table, column) for table, column, words in columns if not words] == []
    said = {(table, column): words for table, column, words in columns}
    assert said["wijkcijfers_wmo", "aantal"] == "Exact aantal; leeg als er geen cijfer is"
    assert said["stg_brp", "persoon"]
