"""The op-orde-rapport: what an owner reads, that it holds no value of the delivery, and that anyone can read it."""

import html
import os
import re
import time
from html.parser import HTMLParser
from pathlib import Path

import polars as pl
import pytest

from assets.ground import names
from assets.ground.settings import PROJECT
from assets.intake.acceptance import agree_to
from assets.registrations.declaration import registrations
from assets.report.owner_report import PLACES
from assets.report.report_term import KEEP_DAYS
from tests.making.desk import CANARY
from tests.making.nights import GEMEENTE, Nights, environment
from tests.making.town import WEERT, Town, brp_csv, bsn, bus_line, w301, w305

JANUARY, FEBRUARY, MARCH = "2021-01-05", "2021-02-05", "2021-03-05"


def persons(count: int, **changes: object) -> list[dict]:
    return [{"bsn": n} | changes for n in range(count)]


def page(town: Town, bron: str, leverdatum: str, leverancier: str = WEERT) -> str:
    """The page as its reader sees it: text only, spaces as one."""
    raw = (folder_of(town, bron, leverdatum, leverancier) / "rapport.html").read_text()
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", raw.split("</style>")[1])))


def folder_of(town: Town, bron: str, leverdatum: str, leverancier: str = WEERT) -> Path:
    return town.folder / "kluis" / "rapporten" / bron / names.folder_of(leverancier) / leverdatum


def findings(town: Town, bron: str, leverdatum: str) -> pl.DataFrame:
    content = (folder_of(town, bron, leverdatum) / "rapport.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    return pl.read_csv(content, separator=";", infer_schema=False)


# --- what it tells ---


def test_totals_stand_beside_those_of_last_time(town: Town):
    town.brp(persons(1000), JANUARY)
    town.brp([*persons(1090), *persons(10, bsn="999999999")], FEBRUARY)
    town.take_in("brp")
    report = page(town, "brp", FEBRUARY)
    assert "Aanvaard, met opmerkingen" in report
    assert "Records in de levering 1.100 1.000 +100 (+10,0%)" in report
    assert "Goede rijen 1.090 1.000 +90 (+9,0%)" in report
    assert "Uitval 10 0 +10" in report
    assert "10 rijen (minder dan 1%) tellen niet mee" in report
    assert "Uitval is nu minder dan 1% van de rijen, de vorige keer 0%" in report
    assert "In orde" in page(town, "brp", JANUARY)
    assert "Dit is de eerste goede levering" in page(town, "brp", JANUARY)


def test_the_tables_that_a_delivery_feeds_are_told_apart(town: Town):
    for month, count in ((1, 30), (2, 33)):
        general = [{"bsn": n, "registratienummer": n} for n in range(count)]
        special = [{"bsn": n, "registratienummer": n, "statistiekcode": "11", "cluster": "a"} for n in range(4)]
        town.bus(2021, month, general + special, f"2021-0{month + 1}-05")
    town.take_in("bus")
    report = page(town, "bus", MARCH)
    assert "Goede rijen voor wwb 33 30 +3 (+10,0%)" in report
    assert "Goede rijen voor bijzondere_bijstand 4 4 gelijk" in report
    assert "over 01-02-2021 tot en met 28-02-2021" in report


def test_a_rule_is_told_with_its_first_places_and_the_csv_has_them_all(town: Town):
    town.brp([*persons(600), *persons(30, bsn=bsn(700), geslacht="X")], JANUARY)
    town.take_in("brp")
    report = page(town, "brp", JANUARY)
    lines = ", ".join(str(602 + n) for n in range(PLACES))
    rule = next(rule for rule in registrations()["brp"].contracts["brp"].rules if rule.id == "BRP-07")
    fields = registrations()["brp"].contracts["brp"].fields
    meaning = next(field.description for field in fields if field.name == "geslacht")
    where = f"Kolom of element geslacht ({meaning}) Waar brp.csv , regels {lines}"
    assert f"{rule.message} 30 keer Wat te doen {rule.hint} {where}" in report
    assert f"en nog {30 - PLACES} (alle staan in rapport.csv)" in report
    rows = findings(town, "brp", JANUARY)
    assert rows.columns == ["bestand", "regel", "regel_id", "kolom", "wat_er_mis_is", "wat_te_doen", "kenmerk"]
    own = rows.filter(pl.col("regel_id") == "BRP-07")
    assert own["regel"].to_list() == [str(602 + n) for n in range(30)]
    assert own.row(0) == ("brp.csv", "602", "BRP-07", "geslacht", rule.message, rule.hint, None)


def test_what_cannot_be_read_stands_under_techniek_and_broken_rules_under_inhoud(town: Town):
    messages = [w305(n, n, "2021-01-04") for n in range(60)]
    town.wmo([*messages, messages[0][:400], messages[1].replace("2021-01-04", "2021-06-31")], JANUARY)
    town.take_in("wmo")
    techniek, inhoud = page(town, "wmo", JANUARY).split("2. Inhoud")
    assert "Ja, maar niet elk record." in techniek
    assert "bericht_00060.xml , regel 2" in techniek.split("1. Techniek")[1]
    assert "bericht_00061.xml , regel 2" in inhoud


@pytest.mark.parametrize(
    ("content", "verdict", "consequence"),
    [
        ("", "Niet in orde", "De monitor rekent voor alle regelingen verder met de laatste goede gegevens"),
        (brp_csv(persons(200)), "Wacht op akkoord", "De gegevens tot en met de levering van 05-01-2021 tellen nog"),
    ],
)
def test_a_delivery_that_does_not_count_says_what_counts_instead(
    town: Town, content: str, verdict: str, consequence: str
):
    town.brp(persons(100), JANUARY)
    town.deliver("brp", FEBRUARY, {"brp.csv": content})
    town.take_in("brp")
    report = page(town, "brp", FEBRUARY)
    assert verdict in report
    assert consequence in report


def test_the_tables_that_keep_their_figures_are_named_only_when_the_newest_delivery_is_wrong(town: Town):
    town.bus(2021, 1, persons(3, geslacht="9"), FEBRUARY)
    town.take_in("bus")
    report = page(town, "bus", FEBRUARY)
    assert "monitor_wwb en monitor_bijzondere_bijstand blijven zoals in de vorige editie" in report
    assert "Er is nog geen eerdere goede levering" in report
    town.bus(2021, 1, [{"bsn": 5}], MARCH)
    town.bus(2021, 1, persons(4, geslacht="9"), FEBRUARY)
    town.take_in("bus")
    report = page(town, "bus", FEBRUARY)
    assert "Er is een latere levering" in report
    assert "monitor_wwb" not in report


def test_a_delivery_that_waits_has_a_report_and_gets_its_own_when_it_is_read(town: Town):
    town.deliver("brp", JANUARY, {"brp.csv": brp_csv(persons(3))}, quiet=False)
    town.take_in("brp")
    assert "Nog niet gelezen" in page(town, "brp", JANUARY)
    assert findings(town, "brp", JANUARY)["regel_id"].to_list() == ["LEV-24"]
    town.brp(persons(3), JANUARY)
    town.take_in("brp")
    assert "In orde" in page(town, "brp", JANUARY)
    assert findings(town, "brp", JANUARY).is_empty()


def test_a_delivery_that_was_read_keeps_its_report_while_it_is_replaced_and_under_an_earlier_stand(town: Town):
    town.brp(persons(3), JANUARY)
    town.take_in("brp")
    town.deliver("brp", JANUARY, {"brp.csv": brp_csv(persons(3))}, quiet=False)
    assert town.take_in("brp").left_out == {f"{WEERT}/{JANUARY}": "LEV-24"}
    assert "In orde" in page(town, "brp", JANUARY)
    assert town.take_in("brp", stand="2021-01-01").left_out == {f"{WEERT}/{JANUARY}": "LEV-15"}
    assert "In orde" in page(town, "brp", JANUARY)


def test_a_held_delivery_gets_a_new_report_once_it_is_agreed_to(town: Town):
    town.brp(persons(100), JANUARY)
    town.brp(persons(200), FEBRUARY)
    record = town.take_in("brp").blocked[0]
    assert "Vorige levering 100, deze 200 records." in page(town, "brp", FEBRUARY)
    agree_to(town.settings.kluis, record)
    town.take_in("brp")
    report = page(town, "brp", FEBRUARY)
    assert "Wacht op akkoord" not in report
    assert "200 rijen tellen mee in de cijfers." in report


def test_a_field_that_is_suddenly_empty_is_pointed_out(town: Town):
    town.brp(persons(100, huishouden_id="1"), JANUARY)
    town.brp(persons(80, huishouden_id="1") + [{"bsn": n} for n in range(80, 100)], FEBRUARY)
    town.take_in("brp")
    report = page(town, "brp", FEBRUARY).split("Lijkt dit op uw gemeente?")[1]
    assert "huishouden_id 20% 0% Huishouden op het adres; leeg: eenpersoonshuishouden Let op: een verschil" in report
    assert report.count("Let op") == 1
    assert "datum_einde_adres 100% 100%" in report


def test_a_correction_is_told_with_the_delivery_that_it_replaces(town: Town):
    town.bus(2021, 1, persons(3), FEBRUARY)
    town.bus(2021, 1, [{"bsn": 7}], MARCH)
    town.take_in("bus")
    assert "De eerdere levering is die van 2021-02-05." in page(town, "bus", MARCH)


def test_a_body_for_several_gemeenten_sees_each_of_them(tmp_path: Path):
    town = Town(tmp_path, (WEERT, "GM0946"))
    benefits = [{"bsn": n, "registratienummer": n, "gemeentecode": code} for n, code in enumerate(("0988", "0946") * 9)]
    lines = "\n".join(bus_line(2021, 1, benefit) for benefit in benefits)
    town.deliver("bus", FEBRUARY, {"bus.txt": lines + "\n"}, leverancier="WGR-Noord")
    town.take_in("bus")
    report = page(town, "bus", FEBRUARY, "WGR-Noord")
    assert "Goede rijen van GM0946 9" in report
    assert "Goede rijen van GM0988 9" in report


# --- what it must not tell, and how it is written ---


def test_no_value_of_the_delivery_is_in_a_report(town: Town):
    bad = {"bsn": bsn(41), "geslacht": CANARY, "postcode": CANARY, "datum_aanvang_adres": "20210631"}
    town.brp([*persons(40, straatnaam=CANARY), bad], JANUARY)
    town.deliver("brp", FEBRUARY, {f"{bsn(1)}.csv": f"bsn;{CANARY}\n{bsn(1)};{CANARY}\n"})
    town.take_in("brp")
    for leverdatum in (JANUARY, FEBRUARY):
        for file in folder_of(town, "brp", leverdatum).iterdir():
            text = file.read_text(encoding="utf-8-sig")
            assert not [n for n in range(42) if bsn(n) in text]
            assert not [value for value in (CANARY, "20210631", "19600615", "6001AA", "Dorpsstraat") if value in text]
    assert "geslacht" in page(town, "brp", JANUARY)
    assert "*********.csv" in page(town, "brp", FEBRUARY)


def test_a_file_name_is_neither_markup_nor_a_formula(town: Town):
    town.deliver(
        "brp", JANUARY, {"=cmd<script>alert(1)<!--.csv": brp_csv([*persons(40), {"bsn": 41, "geslacht": "X"}])}
    )
    town.take_in("brp")
    assert "<script" not in (folder_of(town, "brp", JANUARY) / "rapport.html").read_text()
    assert "=cmd<script>alert(1)<!--.csv" in html.unescape(
        (folder_of(town, "brp", JANUARY) / "rapport.html").read_text()
    )
    assert findings(town, "brp", JANUARY)["bestand"].to_list() == ["'=cmd<script>alert(1)<!--.csv"]


def test_the_same_delivery_gives_the_same_bytes_and_they_are_not_written_again(tmp_path: Path):
    made = []
    for name in ("one", "two"):
        town = Town(tmp_path / name)
        town.brp([*persons(40), {"bsn": 41, "geslacht": "X"}], JANUARY)
        town.take_in("brp")
        made.append([file.read_bytes() for file in sorted(folder_of(town, "brp", JANUARY).iterdir())])
    assert made[0] == made[1]
    before = {file: file.stat().st_mtime_ns for file in folder_of(town, "brp", JANUARY).iterdir()}
    # With another key everything is read and told again, to the same words.
    town.settings.key_file.unlink()
    again = Town(tmp_path / "two")
    assert len(again.take_in("brp").read_now) == 1
    assert before == {file: file.stat().st_mtime_ns for file in before}


class Outline(HTMLParser):
    """What a screen reader needs to find."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.tags.append((tag, dict(attrs)))

    def of(self, *names: str) -> list[dict]:
        return [attributes for tag, attributes in self.tags if tag in names]


@pytest.fixture
def full_report(town: Town) -> str:
    town.brp(persons(600), JANUARY)
    town.brp([*persons(600), *persons(20, bsn=bsn(700), geslacht="X", postcode="1")], FEBRUARY)
    town.take_in("brp")
    return (folder_of(town, "brp", FEBRUARY) / "rapport.html").read_text()


def test_the_page_can_be_read_by_everyone_and_asks_nothing_of_outside(full_report: str):
    outline = Outline(full_report)
    assert outline.of("html") == [{"lang": "nl"}]
    assert len(outline.of("title")) == len(outline.of("h1")) == len(outline.of("main")) == 1
    levels = [int(tag[1]) for tag, _ in outline.tags if re.fullmatch(r"h[1-6]", tag)]
    assert all(after - before <= 1 for before, after in zip([0, *levels], levels, strict=False))
    assert len(outline.of("table")) == len(outline.of("caption")) > 3
    assert all(cell.get("scope") in ("col", "row") for cell in outline.of("th"))
    ids = [attributes["id"] for _, attributes in outline.tags if "id" in attributes]
    assert len(ids) == len(set(ids)) > 0
    assert all(
        attributes["aria-labelledby"] in ids for attributes in outline.of("section") if "aria-labelledby" in attributes
    )
    assert not outline.of("script", "link", "img", "iframe")
    assert not re.search(r"https?://|url\(|@import|\son\w+=", full_report)
    assert "default-src 'none'" in full_report


def luminance(colour: str) -> float:
    short = len(colour) == 4
    parts = [colour[n] * 2 if short else colour[2 * n - 1 : 2 * n + 1] for n in (1, 2, 3)]
    values = [int(part, 16) / 255 for part in parts]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in values]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_every_text_stands_out_from_every_background():
    style = (PROJECT / "assets/report/owner_report.html").read_text().split("</style>")[0]
    texts = set(re.findall(r"[^-]color: (#[0-9a-f]{3,6})", style))
    grounds = set(re.findall(r"background: (#[0-9a-f]{3,6})", style))
    assert len(texts) >= 3
    assert len(grounds) >= 5
    ratios = {
        (text, ground): (luminance(ground) + 0.05) / (luminance(text) + 0.05) for text in texts for ground in grounds
    }
    assert {pair: ratio for pair, ratio in ratios.items() if ratio < 4.5} == {}


# --- where it is found ---


def test_the_assets_link_to_the_newest_report(first_night: Nights):
    import dagster as dg

    of_town = first_night.environment()
    with environment(of_town), dg.DagsterInstance.from_config(of_town["DAGSTER_HOME"]) as instance:
        for name in ("bus_wwb", "bus_bijzondere_bijstand", "levering_bus", "wmo", "brp"):
            event = instance.get_latest_materialization_event(dg.AssetKey(name))
            assert event is not None
            assert event.asset_materialization is not None
            link = event.asset_materialization.metadata[f"rapport_{GEMEENTE}"]
            assert isinstance(link, dg.PathMetadataValue)
            assert link.path is not None
            assert Path(link.path).name == "rapport.html"
            assert "<html lang" in Path(link.path).read_text()


def test_the_report_of_an_accepted_delivery_has_a_term_and_the_newest_stays(town: Town):
    town.brp(persons(10), JANUARY)
    town.brp(persons(10, geslacht="X"), FEBRUARY)
    town.brp(persons(11), MARCH)
    town.take_in("brp")
    # Of another, whose only delivery is as old.
    town.wmo([w301(bsn(1), 1, "2021-01-01")], JANUARY)
    town.take_in("wmo")
    reports = [
        folder_of(town, bron, day)
        for bron, day in (*(("brp", d) for d in (JANUARY, FEBRUARY, MARCH)), ("wmo", JANUARY))
    ]
    for days, left in ((KEEP_DAYS - 1, 4), (KEEP_DAYS + 1, 3)):
        for file in (file for folder in reports for file in folder.glob("*")):
            then = time.time() - days * 86400
            os.utime(file, (then, then))
        for bron in ("brp", "wmo"):
            town.take_in(bron)
        assert len([folder for folder in reports if (folder / "rapport.html").exists()]) == left
    # That of February still asks something of its owner.
    assert not reports[0].exists()
