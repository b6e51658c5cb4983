"""docs/misread.md has each kind of fault that deliveries really hold, with tests that are there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
KINDS = {*range(1, 20)}


def test_each_kind_has_tests_that_are_there():
    text = (ROOT / "docs" / "misread.md").read_text(encoding="utf-8")
    rows = {int(kind): row for kind, row in re.findall(r"^\| (\d+) \|(.*)$", text, re.MULTILINE)}
    assert rows.keys() == KINDS
    for kind, row in rows.items():
        named = re.findall(r"`(test_\w+\.py)`", row)
        assert named, kind
        assert all(any((ROOT / "tests").rglob(name)) for name in named), kind
        where = re.findall(r"`(\w+/\w+\.py)`", row)
        assert all(any((ROOT / room / name).is_file() for room in ("assets", "validations")) for name in where), kind
