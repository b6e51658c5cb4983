"""docs/betrouwbaarheid.md: it is what tests/making/faults.py declares, and every test that it names is there."""

import ast
from pathlib import Path

from tests.making.faults import FAULTS, FILE, page

TESTS = Path(__file__).parent


def functions() -> dict[str, bool]:
    """Every test as the page calls it, and whether it is left out by default."""
    found = {}
    for file in sorted(TESTS.rglob("test_*.py")):
        text = file.read_text(encoding="utf-8")
        whole = "pytestmark = pytest.mark.lang" in text
        for node in ast.parse(text).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                marks = [ast.unparse(mark) for mark in node.decorator_list]
                found[f"{file.stem[5:]}::{node.name[5:]}"] = whole or "pytest.mark.lang" in marks
    return found


def test_every_fault_names_a_test_that_is_there():
    known = functions()
    named = [test for faults in FAULTS.values() for fault in faults for test in fault.tests]
    assert [test for test in named if test not in known] == []
    assert all(fault.tests and fault.wat and fault.uitkomst for faults in FAULTS.values() for fault in faults)


def test_the_page_is_current():
    long = {name for name, left_out in functions().items() if left_out}
    assert FILE.read_text(encoding="utf-8") == page(long), "make docs"


if __name__ == "__main__":
    FILE.write_text(page({name for name, left_out in functions().items() if left_out}), encoding="utf-8")
