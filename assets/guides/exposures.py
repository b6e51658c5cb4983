"""dbt_project/models/_exposures.yml: every published table, for who reads the models. `make docs` writes it.

python -m assets.guides.exposures
"""

import json
from collections.abc import Iterator

from assets.ground.declared import Table, tables
from assets.ground.settings import PROJECT

FILE = PROJECT / "dbt_project" / "models" / "_exposures.yml"
HEAD = """version: 2
# Written by `make docs` from assets/ground/declared.py: what is published, and of which models it is made.
exposures:
"""
# No model of dbt: the registration steps write it.
SOURCES = ("leveringen",)


def exposures() -> str:
    """The file."""
    return HEAD + "".join(line for table in tables().values() for line in _exposure(table))


def _exposure(table: Table) -> Iterator[str]:
    yield f"  - name: {table.name}\n"
    yield f"    description: {json.dumps(table.words, ensure_ascii=False)}\n"
    yield "    type: analysis\n"
    yield "    maturity: high\n"
    yield "    owner: {name: team:monitor}\n"
    yield "    depends_on:\n" if table.models else "    depends_on: []\n"
    for name in table.models:
        read = f"source('bron', '{name}')" if name in SOURCES else f"ref('{name}')"
        yield f"      - {read}\n"


if __name__ == "__main__":
    FILE.write_text(exposures(), encoding="utf-8")
