"""Every measure in the DPIA names a test, and every named test exists."""

import ast
import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
DPIA = (TESTS.parent / "docs" / "dpia.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`(test_\w+\.py)(?:::(\w+))?`", DPIA)


def measures() -> list[str]:
    section = DPIA.split("## Maatregelen")[1].split("\n## ")[0]
    return [line for line in section.splitlines() if line.startswith("| ")][1:]


@pytest.mark.parametrize(("file", "test"), NAMED)
def test_every_named_test_exists(file: str, test: str):
    tree = ast.parse(next(TESTS.rglob(file)).read_text(encoding="utf-8"))
    functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert not test or test in functions


def test_every_measure_names_a_test():
    assert len(measures()) > 20
    assert [line for line in measures() if not re.search(r"\| `test_\w+\.py", line)] == []
