"""A seed reads the same however a spreadsheet saved it; a key that is there twice is refused, by its name."""

from pathlib import Path

import pytest

from assets.ground.versions import Checkout
from validations.language import seeds

NAME = "regelingen.csv"
TEXT = 'regeling,naam\nwmo,Wmo 2015\nwwb,"Wwb, Participatiewet"\n'
ROWS = [{"regeling": "wmo", "naam": "Wmo 2015"}, {"regeling": "wwb", "naam": "Wwb, Participatiewet"}]
SAVED = {
    "by hand": TEXT.encode(),
    "with a BOM": TEXT.encode("utf-8-sig"),
    "with ends of lines of Windows": TEXT.replace("\n", "\r\n").encode(),
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(seeds, "FOLDER", tmp_path)
    return tmp_path


@pytest.mark.parametrize("content", SAVED.values(), ids=SAVED)
def test_a_seed_reads_the_same_however_it_was_saved(folder: Path, content: bytes):
    (folder / NAME).write_bytes(content)
    assert seeds.rows(NAME) == ROWS
    assert seeds.by(NAME, "regeling") == {row["regeling"]: row for row in ROWS}
    (folder / "other").mkdir()
    (folder / "other" / NAME).write_bytes(TEXT.encode())
    # Nor is it another version.
    version = Checkout(folder)
    assert version._said(folder / NAME) == version._said(folder / "other" / NAME)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f"{TEXT}wmo,Nog een\n", "seeds/regelingen.csv has regeling wmo twice"),
        (TEXT.replace(",", ";"), "seeds/regelingen.csv is not separated by commas"),
        (f"{TEXT}wsw\n", "seeds/regelingen.csv has another number of cells on line 4"),
        (f"{TEXT}wsw,Wsw,meer\n", "seeds/regelingen.csv has another number of cells on line 4"),
    ],
)
def test_a_seed_that_says_two_things_or_none_is_refused(folder: Path, text: str, why: str):
    (folder / NAME).write_text(text)
    with pytest.raises(ValueError, match=why):
        seeds.by(NAME, "regeling")
