"""docs/tabellen.md: every published table and its columns in words, from declared.py. `make docs` writes it.

python -m assets.guides.dictionary
"""

from collections.abc import Iterator

from assets.ground.declared import CLOSED, FIGURES, OTHERS, Table, counted
from assets.ground.settings import PROJECT

FILE = PROJECT / "docs" / "tabellen.md"
TYPES = {"String": "tekst", "Int32": "geheel getal", "Int64": "geheel getal", "Float64": "getal", "Date": "datum"}
HEAD = """# De tabellen van de monitor

Wat er in een editie staat, kolom voor kolom. In `meerdoen.duckdb` staan dezelfde woorden als commentaar:
`select table_name, column_name, comment from duckdb_columns() where schema_name = 'monitor'`. Wat een cijfer betekent
staat in `dim_indicator`; wat er aan de tabellen veranderde in [schema.md](schema.md); hoe zij zijn beveiligd in
[beveiliging.md](beveiliging.md).
"""


def dictionary() -> str:
    """The page."""
    return "\n".join([HEAD, *_figures(), *(line for table in OTHERS for line in _columns(table, f"`{table.name}`"))])


def _figures() -> Iterator[str]:
    yield from _columns(FIGURES, "De cijfers: `monitor_...`")
    yield from ("| tabel | wat zij telt | gebieden | rooster in sdc.yml |", "|---|---|---|---|")
    for table in counted().values():
        for file in table.files:
            levels = f"{', '.join(file.levels)}{f' (alleen in de kluis, map {CLOSED})' if file.closed else ''}"
            yield f"| `{file.name}` | {table.naam} | {levels} | {table.grid if table.persons else 'aanbod'} |"
    yield ""
    yield from ("Sommige tabellen hebben ook eigen kolommen, die bij de sleutel horen:", "")
    yield from ("| tabel | kolom | wat er staat |", "|---|---|---|")
    for table in counted().values():
        yield from (f"| `{table.table}` | `{name}` | {words} |" for name, (_, words) in table.own_keys.items())
    yield ""


def _columns(table: Table, title: str) -> Iterator[str]:
    yield from (f"## {title}", "", f"Een rij: {table.words[0].lower()}{table.words[1:]}.", "")
    yield from ("| kolom | soort | wat er staat |", "|---|---|---|")
    for name, (dtype, words) in table.columns.items():
        yield f"| `{name}` | {TYPES[dtype.__name__]} | {words} |"
    yield ""


if __name__ == "__main__":
    FILE.write_text(dictionary(), encoding="utf-8")
