"""Plants what may not leave the kluis in deliveries, as their contracts say, and searches every byte for it.

Knows no registration by name: one that is added later is planted in and searched for too. As a program it runs the
command line with planted deliveries (`python -m tests.making.leaks refresh …`).
"""

import dataclasses
import gzip
import io
import re
import sqlite3
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from assets.ground.settings import Settings
from assets.intake.deliveries import find_deliveries
from assets.intake.keys import Keys
from assets.privacy.rights import person_places, read_again
from assets.readers import ReadResult
from assets.registrations.declaration import Registration, registrations
from tests.making.town import bsn
from validations.language.contract import (
    DATE,
    DATE8,
    INTEGER,
    MUNICIPALITY,
    PARTIAL_DATE8,
    POSTCODE,
    TEXT,
    Contract,
    Field,
)

CANARY = "Kanariepiet"
# Planted persons; the last ones of the test range, that no other test delivers.
NUMBERS = [bsn(number) for number in range(500, 506)]
BORN = date(1943, 2, 17)
POSTCODE_PLANTED = "9999ZX"


def personal(registration: Registration) -> bool:
    """Whether a registration is about persons; names of areas are public."""
    return any(f.person or f.identifying for contract in registration.contracts.values() for f in contract.fields)


PERSONAL = [bron for bron, registration in registrations().items() if personal(registration)]


def planted_value(field: Field, row: int) -> str:
    """What is planted in a field: as its kind asks, so that it gets as far as it can."""
    if field.person:
        return NUMBERS[row % len(NUMBERS)]
    day = {DATE: str(BORN), DATE8: f"{BORN:%Y%m%d}", PARTIAL_DATE8: f"{BORN:%Y%m%d}", POSTCODE: POSTCODE_PLANTED}
    return day.get(field.kind, f"{CANARY}straat {row}")


def plant(contract: Contract, frame: pl.DataFrame, *, all_rows: bool = False) -> pl.DataFrame:
    """Plants in the first row what identifies and can be in good form, so that it gets as far as the mart; in the
    second a value in every field; then a row for each other field that identifies, for it may be refused.

    With `all_rows` a value in every field of every row. A gemeente or a number (of a house) is left as it is.
    """
    fields = [field for field in contract.fields if field.kind.dtype is pl.String or field.identifying]
    fields = [field for field in fields if field.kind not in (MUNICIPALITY, INTEGER)]
    loose = [field.name for field in fields if field.identifying and not field.person and field.kind is TEXT]
    changes = []
    for field in fields:
        rows = [1]
        if field.name in loose:
            rows.append(2 + loose.index(field.name))
        elif field.person or field.identifying:
            rows.append(0)
        where = pl.lit(True) if all_rows else pl.int_range(pl.len()).is_in(rows)
        value = planted_value(field, 1 if all_rows else 0)
        changes.append(pl.when(where).then(pl.lit(value)).otherwise(pl.col(field.name)).alias(field.name))
    return frame.with_columns(changes)


def planted(registration: Registration, *, all_rows: bool = False) -> Registration:
    """The registration with values planted in all that it reads."""

    def read(files) -> ReadResult:
        result = registration.read(files)
        frames = {
            name: plant(registration.contracts[name], frame, all_rows=all_rows) for name, frame in result.frames.items()
        }
        return dataclasses.replace(result, frames=frames)

    # The broken rows that are planted may not block a small delivery; that is another case.
    limit = registration.max_uitval_pct if all_rows else 100
    return dataclasses.replace(registration, read=read, max_uitval_pct=limit)


def needles(keys: Keys) -> re.Pattern:
    """What may not be found: numbers and their pseudonyms, the birth date and address, the canary."""
    domains = {f.person for r in registrations().values() for c in r.contracts.values() for f in c.fields if f.person}
    pseudonyms = [keys.pseudonym(g, domain, number) for g in keys.gemeenten for domain in domains for number in NUMBERS]
    alone = "|".join([*NUMBERS, f"{BORN:%Y%m%d}", str(BORN), f"{BORN:%d-%m-%Y}", POSTCODE_PLANTED])
    return re.compile(rf"(?<![0-9A-Za-z])(?:{alone})(?![0-9A-Za-z])|{'|'.join(pseudonyms)}|(?i:{CANARY})")


def delivered(settings: Settings, keys: Keys, bron: str) -> re.Pattern:
    """The person numbers that a demo delivered really, with their pseudonyms: some of its newest delivery."""
    newest = find_deliveries(settings.landing, bron)[0][-1]
    people = person_places(registrations()[bron], read_again(settings.landing, registrations()[bron], newest))
    found = people.select("gemeentecode", "domein", "nummer").unique(maintain_order=True).head(60).rows()
    ours = [one for one in found if one[0] in keys.gemeenten]
    assert all(number.isalnum() for _, _, number in ours)
    pseudonyms = "|".join(keys.pseudonym(*one) for one in ours)
    return re.compile(rf"(?<![0-9A-Za-z])(?:{'|'.join(n for _, _, n in ours)})(?![0-9A-Za-z])|{pseudonyms}")


def search(root: Path, wanted: re.Pattern, *, leave_out: tuple[Path, ...] = ()) -> list[str]:
    """Where something is found, as `file: layer`; never what. Every file under `root`, in all its layers, and names."""
    return [where for where, text in everything(root, leave_out) if holds(text, wanted)]


def everything(root: Path, leave_out: tuple[Path, ...] = ()) -> Iterator[tuple[str, str]]:
    """Every text under `root`, with where it stands: names of files, and files in all their layers."""
    for path in sorted(root.rglob("*")):
        if any(path.is_relative_to(other) for other in leave_out):
            continue
        yield f"{path.parent.name}: name of a file", path.name
        if path.is_file() and not path.is_symlink():
            yield from ((f"{path.relative_to(root)}: {layer}", text) for layer, text in layers(path))


def words(text: str) -> str:
    """The runs of letters and digits in a text, each once: enough to seek numbers and pseudonyms in, many times."""
    return " ".join(sorted(set(re.findall(r"[0-9A-Za-z]+", text))))


def holds(text: str, wanted: re.Pattern) -> bool:
    return wanted.search(text) is not None


def layers(path: Path) -> Iterator[tuple[str, str]]:
    """The text of a file in each form in which it can be read: its bytes, what is packed in it, and its tables."""
    content = path.read_bytes()
    yield from texts(content)
    if content[:15] == b"SQLite format 3":
        yield "sqlite", sqlite_text(path)
    elif content[8:12] == b"DUCK":
        yield "duckdb", duckdb_text(path)


def texts(content: bytes, depth: int = 0) -> Iterator[tuple[str, str]]:
    """The bytes as text, also as UTF-16, and what is packed or stored in columns in them."""
    yield "bytes", content.decode("utf-8", errors="ignore")
    yield "utf-16", content.decode("utf-16-le", errors="ignore")
    if depth > 3:
        return
    if content[:2] == b"\x1f\x8b":
        yield from ((f"gzip {name}", text) for name, text in texts(gzip.decompress(content), depth + 1))
    elif content[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for info in archive.infolist():
                yield "zip names", info.filename
                yield from ((f"zip {name}", text) for name, text in texts(archive.read(info), depth + 1))
    elif content[:4] == b"PAR1":
        import pyarrow.parquet as pq

        table = pq.read_table(io.BytesIO(content))
        yield "parquet", f"{table.schema} {table.schema.metadata} {table.to_pydict()}"


def sqlite_text(path: Path) -> str:
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
        connection.text_factory = lambda raw: raw.decode("utf-8", errors="ignore")
        names = [name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")]
        parts = []
        for name in names:
            for row in connection.execute(f'select * from "{name}"'):
                for value in row:
                    parts += [t for _, t in texts(value)] if isinstance(value, bytes) else [str(value)]
    return "\n".join(parts)


def duckdb_text(path: Path) -> str:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy.duckdb"
        copy.write_bytes(path.read_bytes())
        with duckdb.connect(str(copy), read_only=True) as connection:
            names = connection.execute(
                "select schema_name || '.' || table_name from duckdb_tables() where not internal"
            ).fetchall()
            return "\n".join(str(connection.execute(f"select * from {name}").fetchall()) for (name,) in names)


def main(arguments: list[str]) -> int:
    """The command line with values planted in every registration about persons."""
    from orchestration import cli

    for bron, registration in registrations().items():
        if personal(registration):
            registrations()[bron] = planted(registration)
    return cli.main(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
