"""CBS beside the monitor: exact in the mart for analysts, and in the report of kerncijfers only as it is public."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest
from lxml import html

from assets.feedback.beside import BRON, MODEL, beside_cbs, published
from assets.ground.zones import Zone
from tests.making.nights import GEMEENTE, SECOND, Nights, copied

DAY = date(2021, 12, 31)


@pytest.fixture(scope="module")
def both(first_night: Nights, tmp_path_factory: pytest.TempPathFactory) -> Nights:
    """After the second night: kerncijfers came after the first one."""
    nights = copied(first_night, tmp_path_factory.mktemp("both") / "both")
    assert nights.night(SECOND) == 0
    return nights


def tables(nights: Nights) -> dict[str, list[list[str]]]:
    """The tables of the report that have CBS beside the monitor, by column of CBS: rows of cells without the head."""
    (file,) = (nights.folder / "kluis" / "rapporten" / BRON).rglob("rapport.html")
    found = {}
    for table in html.fromstring(file.read_text()).iter("table"):
        caption = " ".join(table.findtext("caption", "").split()) + table.findtext("caption/code", "")
        if "het CBS over 2021" in caption:
            rows = [[" ".join(cell.text_content().split()) for cell in row] for row in table.iter("tr")]
            found[table.findtext("caption/code", "")] = rows[1:]
    return found


def number(text: str) -> int:
    return int(text.replace(".", ""))


def test_the_mart_has_both_and_their_difference(both: Nights):
    with duckdb.connect(str(both.folder / "kluis" / "kluis.duckdb"), read_only=True) as kluis:
        rows = kluis.sql(f"select * from mart.{MODEL}").pl()
        wwb = kluis.execute(
            "select aantal from mart.wijkcijfers_wwb where gebiedsniveau = 'gemeente' and indicator = 'clienten'"
            " and leeftijdsgroep = 'totaal' and peildatum = ?",
            [DAY],
        ).fetchall()
    assert set(rows.get_column("jaar")) == {2021}
    assert {"gemeente", "wijk"} == set(rows.get_column("gebiedsniveau"))
    assert rows.filter(pl.col("ons") - pl.col("cbs") != pl.col("verschil")).is_empty()
    counted = rows.filter(pl.col("gebiedscode") == GEMEENTE, pl.col("kolom") == "a_soz_wb")
    assert counted.select("cbs", "peildatum", "ons", "verschil").rows() == [(150, DAY, wwb[0][0], wwb[0][0] - 150)]
    # The months of this demo begin long after the day on which CBS counts residents.
    assert rows.filter(pl.col("kolom") == "a_inw", pl.col("ons").is_not_null()).is_empty()


def test_the_report_has_what_is_public_and_nothing_else(both: Nights):
    both_tables = tables(both)
    assert "a_soz_wb" in both_tables
    figures = published(both.settings.publicatie)
    wwb = (pl.col("regeling") == "wwb") & (pl.col("indicator") == "clienten") & (pl.col("leeftijdsgroep") == "totaal")
    public = dict(figures.filter(wwb, pl.col("peildatum") == DAY).select("gebiedscode", "ons").iter_rows())
    shown = {}
    for place, cbs, ours, difference in both_tables["a_soz_wb"]:
        code = re.search(r"\((\w+)\)", place)
        assert code
        shown[code[1]] = number(ours)
        away = number(ours) - number(cbs)
        assert difference.startswith(f"{away:+,}".replace(",", ".") if away else "gelijk")
    assert shown
    assert shown == {code: public[code] for code in shown}
    ours = {number(row[2]) for rows in both_tables.values() for row in rows}
    assert min(ours) >= 10
    assert {count % 5 for count in ours} == {0}


def test_before_anything_is_public_nothing_stands_beside(both: Nights, tmp_path: Path):
    settings = replace(both.settings, publicatie=Zone(str(tmp_path)))
    assert published(settings.publicatie).is_empty()
    assert beside_cbs(settings, MODEL) == {}
