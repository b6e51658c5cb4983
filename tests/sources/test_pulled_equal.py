"""What is pulled is written so that it reads back equal, whatever the source holds."""

import json
import sqlite3
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assets.readers.hsds import read_hsds
from assets.readers.quoted import read_quoted
from assets.registrations.declaration import Connection
from assets.sources.database import DatabasePull
from assets.sources.rest import RestPull
from tests.making.town import Town
from tests.making.zaaksysteem import connect as connect_system
from tests.making.zaaksysteem import night, sqlite_system
from tests.sources.test_pull import MONDAY
from tests.sources.test_pull_rest import Source, connect, on, source  # noqa: F401  source is a fixture
from validations.language.contract import DATE, DECIMAL, INTEGER

# Everything but NUL and half characters, and often what CSV and JSON are made of.
ANY = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
TEXT = st.text(st.sampled_from("\";,\r\n\t\\' \u2028\x1a\ufeffé") | ANY)
ROW = st.tuples(
    st.none() | TEXT,
    st.none() | st.integers(-(10**14), 10**14),
    st.none() | st.floats(-1e9, 1e9).map(lambda value: round(value, 8)),
    st.none() | st.dates(date(1900, 1, 1), date(2100, 1, 1)),
)
COLUMNS: dict[str, str] = {"dossier": "tekst", "tekst": "tekst"}
COLUMNS |= {"getal": "geheel getal", "bedrag": "bedrag", "dag": "datum", "op": "tekst"}
TYPES = "dossier text, tekst text, getal integer, bedrag float, dag date, op text"


def as_read(text: str | None) -> str | None:
    """As every reader does: without blanks around, and an empty text is none."""
    return (text or "").strip() or None


@given(st.lists(ROW, min_size=1, max_size=5))
@example([("regel 1\r\nregel 2", 1, 1.25, date(2020, 1, 31)), ('"', None, 1250.0, None), ("", 0, 0.1, None)])
@example(
    [("sep=;", 5, -0.5, None), ("\rkop", None, 1e-7, None), (";;;", None, 12.345, None), ("eind\x1a", None, None, None)]
)
@settings(max_examples=60, deadline=None)
def test_what_a_database_holds_reads_back_equal(rows: list[tuple]):
    with TemporaryDirectory() as there:
        folder = Path(there)
        database = sqlite3.connect(folder / "bron.sqlite", isolation_level=None)
        database.execute(f"create table t ({TYPES})")
        for number, (text, count, amount, day) in enumerate(rows):
            values = (f"{number:03d}", text, count, amount, day and str(day), "2020-01-01")
            database.execute("insert into t values (?, ?, ?, ?, ?, ?)", values)
        database.close()
        pull = DatabasePull({"t": COLUMNS}, "dossier", "op")
        pulled = pull(Connection("sqlite:///bron.sqlite", map=folder), None, folder)
        assert pulled is not None
        assert pulled.records == len(rows)
        frame = read_quoted("t.csv", (folder / "t.csv").read_bytes(), {name: name for name in COLUMNS})
    number = {kind.name: kind for kind in (INTEGER, DECIMAL)}
    for kind, column in (("geheel getal", "getal"), ("getal", "bedrag")):
        assert frame[column].drop_nulls().str.contains(str(number[kind].pattern)).all()
    read = frame.with_columns(
        *(kind.parse(pl.col(name)) for name, kind in (("getal", INTEGER), ("bedrag", DECIMAL), ("dag", DATE)))
    )
    assert read.select("tekst", "getal", "bedrag", "dag").rows() == [(as_read(text), *rest) for text, *rest in rows]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("1.250"), '"1,2500"'),
        (-12.5, '"-12,5"'),
        (Decimal("1E+3"), '"1000"'),
        (1e-7, '"0,0000001"'),
        (True, '"1"'),
        (datetime(2020, 1, 31, 22, 0, tzinfo=UTC), '"2020-01-31T22:00:00+00:00"'),
        ("", '""'),
        (None, ""),
        ("a\0b", '"a\ufffdb"'),
    ],
)
def test_a_value_has_one_reading(value: object, text: str):
    from assets.sources.database import _cell

    assert _cell(value) == text


def test_a_text_over_lines_blocks_no_pull(town: Town, tmp_path: Path):
    system = sqlite_system(tmp_path / "bron" / "zaak.sqlite")
    system.dossier("T1", 1)
    system.step("uitstroom", "T1", reden='AFGEROND\r\nop "verzoek"; zie brief')
    connect_system(town, system)
    (record,) = night(town, MONDAY).records
    assert record.toestand != "geblokkeerd" or "LEV-05" not in str(record.fouten)
    assert record.records == 4


SERVICE = st.fixed_dictionaries({"name": st.none() | st.text(), "status": st.none() | st.text()})
ENCODINGS = st.sampled_from(["utf-8", "utf-16", "utf-32", "utf-8-sig"])
OWN = ("dienst_id", "naam", "status")


@given(st.lists(SERVICE, min_size=1, max_size=4), ENCODINGS, st.booleans())
@settings(max_examples=60, deadline=None)
def test_what_an_api_gives_reads_back_equal(objects: list[dict], encoding: str, ascii_only: bool):
    services = [{"id": f"d{number}"} | service for number, service in enumerate(objects)]
    body = json.dumps({"contents": services}, ensure_ascii=ascii_only).encode(encoding, "replace")
    pages = {1: body, 2: b'{"contents": []}'}
    found = RestPull(("services",))._pages(lambda page, _etag: (200, pages[int(page[-4:])], ""), "services")
    frame, faults = read_hsds([(f"{page}.json", body) for page, (body, _) in found.items()], OWN, ())
    assert faults == []
    given_back = [(one["id"], whole(one["name"]), whole(one["status"])) for one in json.loads(body)["contents"]]
    assert frame.select(OWN).rows() == given_back


def whole(text: str | None) -> str | None:
    """Half a character, which no table can hold, is a question mark."""
    return as_read(text and text.encode("utf-8", "replace").decode())


@pytest.mark.parametrize(
    "kept",
    [{"contents"}, {"contents", "total_pages"}, {"contents", "last_page"}, {"contents", "total_items", "empty"}],
    ids=lambda kept: " ".join(sorted(kept)),
)
def test_a_page_needs_no_more_than_its_contents(town: Town, source: Source, kept: set[str]):  # noqa: F811
    """HSDS 3.0 requires none of the counts."""
    answer = source.answer

    def bare(path: str, number: int, known: str | None):
        status, _, body = answer(path, number, known)
        page = json.loads(body)
        if "contents" in page:
            page |= {"last_page": page["page_number"] == page["total_pages"]}
        return status, {}, json.dumps({name: page[name] for name in page.keys() & kept}).encode()

    source.answer = bare
    connect(town, source)
    outcome = on(town, "2022-03-20")
    assert (outcome.state, outcome.records[0].rijen) == ("in_orde", 5)


def test_a_source_that_gives_one_page_for_ever_is_refused(town: Town, source: Source):  # noqa: F811
    body = json.dumps({"contents": source.services[:1]}).encode()
    source.fault = lambda path, _number: (200, {}, body) if path == "/hsds/services" else None
    connect(town, source)
    outcome = on(town, "2022-03-20")
    assert "steeds dezelfde pagina" in outcome.blocked[0].fouten[0].toelichting
