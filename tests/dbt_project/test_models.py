"""Models that an analyst reads: each is short, and its first line says what one row is.

As dbt would run them: a model of one line is what its macro makes of it.
"""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from orchestration.dbt.project import DBT_DIR, dbt_environment, dbt_executable

LINES = 120
# The models that are longer, and why.
LONGER = {
    "aanbod_maatschappelijke_dienstverlening": "five ways in which a service is in an area, each with its columns",
    "cbs_naast_ons": "eleven columns of CBS become rows",
    "straat": "what is published stays, what is new is joined, street by street",
    "vertellen": "ten questions, each with its answers",
    "uitval_jeugdzorg": "what messages do not agree on, as of the Wmo, and what two routes do not",
    "voorziening_bijzondere_bijstand": "records become spells, and events beside them",
    "voorziening_jeugdzorg": "messages become spells, records become spells, and one of two routes tells of a month",
    "voorziening_wmo": "messages become spells: each step rests on the one before, none is of use alone",
    "voorziening_wsw": "places of two work forms become records, these become spells, and spells that overlap are one",
}


def lines_of(sql: str) -> list[str]:
    """The lines of a model that have anything on them."""
    return [line.strip() for line in sql.splitlines() if line.strip()]


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """The lines of every model by name."""
    work = tmp_path_factory.mktemp("werk")
    command = [
        dbt_executable(),
        "--quiet",
        "compile",
        "--project-dir",
        str(DBT_DIR),
        "--target-path",
        str(work / "doel"),
    ]
    subprocess.run(command, env=os.environ | dbt_environment(work), check=True, capture_output=True)
    nodes = json.loads((work / "doel" / "manifest.json").read_text(encoding="utf-8"))["nodes"].values()
    return {node["name"]: lines_of(node["compiled_code"]) for node in nodes if node["resource_type"] == "model"}


def test_a_model_is_read_in_a_minute(compiled: dict[str, list[str]]):
    assert len(compiled) > 150
    assert {name for name, lines in compiled.items() if len(lines) > LINES} == set(LONGER)


def test_the_first_line_says_what_a_row_is(compiled: dict[str, list[str]]):
    assert [name for name, lines in compiled.items() if not re.match(r"-- One row per \w", lines[0])] == []


def without_words(sql: str) -> str:
    return re.sub(r"\{#.*?#\}|--[^\n]*", "", sql, flags=re.DOTALL)


def leaning(folder: Path) -> set[tuple[str, str]]:
    """The macros that read what is not given to them, not made by them or a macro that they call, and no ref."""
    bodies = {}
    for file in folder.rglob("*.sql"):
        text = without_words(file.read_text(encoding="utf-8"))
        bodies |= dict(re.findall(r"{% macro (\w+)\(.*?%}(.*?){% endmacro %}", text, re.DOTALL))

    def given(name: str) -> set[str]:
        called = set(re.findall(r"{{ (\w+)\(", bodies[name])) & bodies.keys()
        return set(re.findall(r"(\w+) as \(\n", bodies[name])).union(*map(given, called))

    return {
        (name, table)
        for name, body in bodies.items()
        # What it sends to the database by itself is no part of a model.
        if "run_query" not in body
        for table in set(re.findall(r"\b(?:from|join) (\w+)\b", body)) - given(name)
    }


def test_no_macro_expects_a_cte_of_its_caller():
    assert len(list((DBT_DIR / "macros").rglob("*.sql"))) > 20
    assert leaning(DBT_DIR / "macros") == set()


def test_a_macro_that_does_would_be_seen(tmp_path: Path):
    macro = (
        "{% macro telling(regeling) %}\neigen as (\n    select * from actief\n)\nselect * from eigen\n{% endmacro %}"
    )
    (tmp_path / "telling.sql").write_text(macro)
    assert leaning(tmp_path) == {("telling", "actief")}
