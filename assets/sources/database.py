"""Asks a relational database (PostgreSQL, SQLite) for the dossiers that changed, and writes them as one CSV per table.

Reads only: the transaction is read-only, and no more than the declared tables and columns. Knows nothing of what they
mean, nor where the files go. SQLAlchemy is imported when a database is asked.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote

from assets.registrations.declaration import Connection, Pulled
from validations.language.delivery import DeliveryError

TIMEOUT_SECONDS = 60
# What a column can hold, as an administrator of a database calls it.
KINDS: dict[type, str] = {
    str: "tekst",
    date: "datum",
    datetime: "tijdstip",
    int: "geheel getal",
    Decimal: "bedrag",
    float: "bedrag",
    bool: "ja/nee",
}


@dataclass(frozen=True)
class DatabasePull:
    """The tables with their columns (name to kind) of which dossiers are made.

    Every table has the column `dossier`, the number of the dossier that a row belongs to, and `changed`, when the row
    was last written. A dossier with a changed row is pulled whole, all rows of all tables: its newest version says all.
    """

    tables: dict[str, dict[str, str]]
    dossier: str
    changed: str

    def __call__(self, connection: Connection, watermark: list[str] | None, folder: Path) -> Pulled | None:
        """Writes `<table>.csv` for each table; None when nothing changed. `watermark`: (changed, dossier) of the last.

        Raises DeliveryError: LEV-30 away or too slow, LEV-31 other tables than agreed, LEV-32 no usable connection.
        """
        from sqlalchemy.exc import ArgumentError, DBAPIError

        try:
            with _reading(connection) as database:
                tables = self._agreed(database, connection.schema)
                return self._write(database, tables, watermark, folder)
        except DBAPIError as error:
            # Its text holds host, user and statement.
            raise DeliveryError("LEV-30", detail=f"({type(error.orig).__name__})") from None
        except ArgumentError:
            raise DeliveryError(
                "LEV-32", detail="De url is geen adres van een PostgreSQL- of SQLite-database."
            ) from None

    def _agreed(self, database: Any, schema: str | None) -> dict[str, Any]:
        """The tables as they are, in the order declared. Raises DeliveryError LEV-31 with every difference."""
        import sqlalchemy as sa

        inspector = sa.inspect(database)
        there = {n.lower(): n for n in [*inspector.get_table_names(schema), *inspector.get_view_names(schema)]}
        tables, wrong = {}, []
        for name, wanted in self.tables.items():
            if name not in there:
                wrong.append(f"tabel {name} ontbreekt")
                continue
            columns = {c["name"].lower(): c for c in inspector.get_columns(there[name], schema)}
            wrong += [f"{name}.{column} ontbreekt" for column in wanted if column not in columns]
            wrong += [f"{name}.{column} is nieuw" for column in columns if column not in wanted]
            for column, kind in wanted.items():
                found = _kind(columns[column]["type"]) if column in columns else kind
                if found != kind:
                    wrong.append(f"{name}.{column} is {found} en was {kind}")
            # Only the time to compare by has its type; other values go on as received. SQLite has times as text.
            stored = database.dialect.name == "sqlite" or self.changed not in columns
            typed = {} if stored else {self.changed: columns[self.changed]["type"]}
            parts = [sa.column(columns[c]["name"], typed.get(c)).label(c) for c in wanted if c in columns]
            tables[name] = sa.select(*parts).select_from(sa.table(there[name], schema=schema)).subquery()
        if wrong:
            raise DeliveryError("LEV-31", detail=f"{'; '.join(wrong)}.")
        return tables

    def _write(self, database: Any, tables: dict, watermark: list[str] | None, folder: Path) -> Pulled | None:
        import sqlalchemy as sa

        rows = [sa.select(t.c[self.dossier].label("dossier"), t.c[self.changed].label("op")) for t in tables.values()]
        row = sa.union_all(*rows).subquery()
        dossier, latest = sa.cast(row.c.dossier, sa.String), sa.func.max(row.c.op)
        changed = sa.select(dossier.label("dossier"), latest.label("op")).where(row.c.dossier.is_not(None))
        changed = changed.group_by(dossier)
        if watermark:
            when, last = _as(row.c.op.type, watermark[0]), watermark[1]
            changed = changed.having(sa.or_(latest > when, sa.and_(latest == when, dossier > last)))
        found = database.execute(changed.order_by(sa.nulls_first(latest), dossier)).all()
        if not found:
            return None
        among = sa.select(changed.subquery().c.dossier)
        records = 0
        for name, table in tables.items():
            wanted = sa.select(table).where(sa.cast(table.c[self.dossier], sa.String).in_(among))
            records += _to_csv(database.execute(wanted.order_by(*table.c)), folder / f"{name}.csv")
        # A dossier that was never written counts as changed once, in the first pull.
        newest = [_text(found[-1].op), found[-1].dossier] if found[-1].op else watermark
        return Pulled(records, newest)


def _kind(type_: Any) -> str:
    try:
        return KINDS.get(type_.python_type, str(type_).lower())
    except NotImplementedError:
        return "van een onbekende soort"


def _as(type_: Any, text: str) -> Any:
    """A time as the database compares it with a column of that type."""
    import sqlalchemy as sa

    return sa.literal(text) if isinstance(type_, sa.types.NullType) else sa.cast(text, type_)


@contextmanager
def _reading(connection: Connection) -> Iterator[Any]:
    """A connection in one read-only transaction, in which every table is seen as of the same moment."""
    import sqlalchemy as sa

    url, options = sa.make_url(connection.url), {}
    if url.get_backend_name() == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
        guard = f"-c default_transaction_read_only=on -c statement_timeout={TIMEOUT_SECONDS}s"
        options = {"connect_args": {"options": guard, "connect_timeout": 10}, "isolation_level": "REPEATABLE READ"}
    elif url.get_backend_name() == "sqlite" and url.database:
        # A path that is not absolute starts at the file with the connections.
        file = (connection.map / url.database).absolute()
        url = url.set(database=f"file:{quote(str(file))}", query={"mode": "ro", "uri": "true"})
        options = {"connect_args": {"timeout": TIMEOUT_SECONDS}}
    else:
        raise DeliveryError("LEV-32", detail="Alleen PostgreSQL en SQLite worden gelezen.")
    engine = sa.create_engine(url, poolclass=sa.NullPool, hide_parameters=True, **options)
    try:
        with engine.connect() as database:
            yield database.execution_options(stream_results=True, max_row_buffer=5000)
    finally:
        engine.dispose()


def _to_csv(result: Any, file: Path) -> int:
    """Writes the rows of a result, so that each value reads back as it was (readers/quoted.py); gives their number."""
    count = 0
    with file.open("w", encoding="utf-8", errors="replace", newline="") as opened:
        opened.write(";".join(result.keys()) + "\n")
        for row in result:
            opened.write(";".join(map(_cell, row)) + "\n")
            count += 1
    return count


def _cell(value: object) -> str:
    """A value as a field of CSV: nothing for none, else its text in quotes, an empty one too."""
    # A text with NUL is one that no reader takes; PostgreSQL has none.
    text = _text(value).replace("\0", "\ufffd").replace('"', '""')
    return "" if value is None else f'"{text}"'


def _text(value: object) -> str:
    """A value as text: dates and times in ISO form, yes and no as 1 and 0 (as SQLite has them), none as nothing.

    Decimals stand behind a comma: 1.250 has two readings.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float | Decimal):
        number = Decimal(repr(value)) if isinstance(value, float) else value
        whole, _, decimals = f"{number:f}".partition(".")
        # With three decimals it could be thousands.
        return f"{whole},{decimals.ljust(4, '0') if len(decimals) == 3 else decimals}" if decimals else whole
    return value.isoformat() if isinstance(value, date) else str(value)
