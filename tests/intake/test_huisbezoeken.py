"""House visits: only who consents is stored, free text goes nowhere, and shares are those of a few lines of Python."""

from collections import defaultdict
from math import sqrt
from pathlib import Path

import duckdb
import polars as pl
import pytest

from tests.making.desk import CANARY, Desk
from tests.making.nights import environment
from tests.making.supply import page, service
from tests.making.town import WEERT, Town, bsn
from validations.contracts.huisbezoeken import CONTRACT

FIELDS = [field.name for field in CONTRACT.fields if field.name != "gemeentecode"]
HEADER = ";".join([*FIELDS, "vrije_tekst"])
VISIT = {
    "toestemming": "ja",
    "datum": "2022-02-15",
    "wijkcode": "WK098801",
    "tevreden_werkwijze": "4",
    "wederkerigheid_bereid": "ja",
    "wederkerigheid_aard": "buurthulp",
}


def answers(*visits: dict, text: str = "", first: int = 1) -> str:
    """The export of the form, one row per visit; `text` is what everyone said."""
    rows = [
        VISIT | {"respons_id": f"R{number}", "vrije_tekst": text} | visit for number, visit in enumerate(visits, first)
    ]
    columns = HEADER.split(";")
    return "\n".join([HEADER, *(";".join(str(row.get(name, "")) for name in columns) for row in rows)]) + "\n"


def stored(town: Town) -> pl.DataFrame:
    """The good rows that count."""
    (version,) = town.take_in("huisbezoeken").accepted
    return pl.read_parquet(town.folder / "kluis" / version.tabellen["huisbezoeken"])


def test_only_who_consents_is_stored_and_the_others_are_counted(town: Town):
    said = ("ja", "nee", "", "JA", "Nee", "ja")
    visits = [{"toestemming": consent, "geluisterd": number % 5 + 1} for number, consent in enumerate(said)]
    town.deliver("huisbezoeken", "2022-03-05", {"uitvoer.csv": answers(*visits)}, promise={"records": 6})
    (record,) = town.take_in("huisbezoeken").records
    assert (record.toestand, record.rijen, record.weggelaten, record.uitval) == ("aanvaard", 3, 3, 0)
    assert stored(town)["geluisterd"].to_list() == [1, 4, 1]


def test_a_consent_that_is_neither_yes_nor_no_is_never_stored(town: Town):
    visits = [{}] * 30 + [{"toestemming": "misschien", "geluisterd": "5"}]
    town.deliver("huisbezoeken", "2022-03-05", {"uitvoer.csv": answers(*visits)})
    (record,) = town.take_in("huisbezoeken").records
    assert record.per_regel == {"HBZ-03": 1}
    assert stored(town)["geluisterd"].to_list() == [None] * 30


def test_neither_free_text_nor_the_token_reaches_anything_that_is_kept(town: Town, caplog: pytest.LogCaptureFixture):
    text = f'"{CANARY} belde; ""haar nummer is {bsn(2)}"",\nen zij woont hiernaast."'
    content = answers({}, {"tevreden_werkwijze": "9"}, *[{}] * 40, text=text)
    town.deliver("huisbezoeken", "2022-03-05", {"uitvoer.csv": content})
    outcome = town.take_in("huisbezoeken")
    assert outcome.state == "in_orde"
    assert stored(town).height == 41
    assert "respons_id" not in stored(town).columns
    everything = caplog.text + str(outcome)
    for file in (town.folder / "kluis").rglob("*"):
        if file.is_file():
            everything += file.read_bytes().decode("latin-1")
            everything += str(pl.read_parquet(file).rows()) if file.suffix == ".parquet" else ""
    assert CANARY not in everything
    assert bsn(2) not in everything
    assert "R17" not in everything


def test_the_next_export_replaces_all_and_withdrawn_consent_with_it(town: Town):
    town.deliver("huisbezoeken", "2022-03-05", {"uitvoer.csv": answers(*[{}] * 12)})
    town.take_in("huisbezoeken")
    withdrawn = [{"toestemming": "nee"}] + [{"tevreden_werkwijze": "5"}] * 11
    town.deliver("huisbezoeken", "2022-04-05", {"uitvoer.csv": answers(*withdrawn)})
    newest = town.take_in("huisbezoeken").records[-1]
    assert (newest.rijen, newest.weggelaten) == (11, 1)


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (HEADER.replace("geluisterd", "gehoord") + "\n", "LEV-03"),
        (HEADER + ";naam\n", "LEV-03"),
        (answers({}) + f"R2;ja;{CANARY}\n", "LEV-04"),
        (answers({}) + f'R2;ja;"{CANARY}\n', "LEV-05"),
        (answers({}).encode() + b"\xff\xfe", "LEV-02"),
        ("", "LEV-01"),
    ],
)
def test_a_broken_export_refuses_the_delivery_without_a_word_of_it(tmp_path: Path, content: str | bytes, rule: str):
    assert Desk(tmp_path).refused("huisbezoeken", {"uitvoer.csv": content}).rule_id == rule


def test_free_text_may_be_left_out_and_run_over_lines(tmp_path: Path):
    desk = Desk(tmp_path)
    without = "\n".join(line.rsplit(";", 1)[0] for line in answers({}, {}).splitlines()) + "\n"
    assert desk.read("huisbezoeken", {"a.csv": without}).frames["huisbezoeken"].height == 2
    frame = desk.read("huisbezoeken", {"a.csv": answers({}, {}, text='"een\ntwee"')}).frames["huisbezoeken"]
    assert frame["regel"].to_list() == [3, 5]
    assert "vrije_tekst" not in frame.columns


# --- what is made of it ---

Z = 1.959963984540054


def wilson(good: int, count: int) -> tuple[float, float]:
    """The interval as Wilson wrote it (1927): the shares that lie no more than Z standard errors from what was seen."""
    share, root = good / count, Z * sqrt(good / count * (1 - good / count) / count + Z * Z / (4 * count * count))
    middle, width = share + Z * Z / (2 * count), 1 + Z * Z / count
    return (middle - root) / width, (middle + root) / width


def test_the_interval_of_the_reference_is_that_of_the_tables():
    assert wilson(8, 10) == pytest.approx((0.4902, 0.9433), abs=5e-5)
    assert wilson(0, 10) == pytest.approx((0, 0.2775), abs=5e-5)
    # Newcombe (1998), Statistics in Medicine 17, table I: 81 of 263, 15 of 148.
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=5e-5)


VISITS = (
    [{"tevreden_werkwijze": score, "wijkcode": "WK098801"} for score in (5, 5, 4, 4, 4, 3, 2, 1, 4, 5)]
    + [{"tevreden_werkwijze": 5, "wijkcode": "WK098802", "wederkerigheid_aard": "anders"}] * 9
    + [{"tevreden_werkwijze": "", "wijkcode": "WK098802", "wederkerigheid_bereid": "nee", "wederkerigheid_aard": ""}]
    + [{"wijkcode": "WK098899", "wederkerigheid_bereid": "misschien"}] * 10
    + [{"datum": "2022-04-01", "wijkcode": "WK098801"}] * 3
)


def expected() -> dict[tuple[str, str, str], tuple]:
    """Answers, share, interval and mean by area, quarter and indicator, of ten answers and more."""
    scores: dict[tuple[str, str, str], list[tuple[bool, int | None]]] = defaultdict(list)
    for visit in (VISIT | each for each in VISITS):
        wijk = visit["wijkcode"] if visit["wijkcode"] != "WK098899" else "WK0988onbekend"
        quarter = "2022-03-31" if visit["datum"] < "2022-04-01" else "2022-06-30"
        for area in (WEERT, wijk):
            if visit["tevreden_werkwijze"] != "":
                score = int(visit["tevreden_werkwijze"])
                scores[area, quarter, "tevreden_werkwijze"].append((score >= 4, score))
            willing = visit["wederkerigheid_bereid"] == "ja"
            scores[area, quarter, "iets_terug"].append((willing, None))
            for kind in ("buurthulp", "anders"):
                scores[area, quarter, f"terug_{kind}"].append((willing and visit["wederkerigheid_aard"] == kind, None))
    found = {}
    for key, given in scores.items():
        if len(given) >= 10:
            good, known = sum(yes for yes, _ in given), [score for _, score in given if score is not None]
            mean = round(sum(known) / len(known), 2) if known else None
            found[key] = (len(given), good / len(given), *wilson(good, len(given)), mean)
    return found


def test_what_is_told_per_wijk_and_quarter_is_that_of_the_reference(town: Town):
    from orchestration import cli

    town.gebieden(2022)
    town.brp([{"bsn": 0}], "2022-08-05")
    for day in ("2022-03-28", "2022-06-28"):
        # The months of the monitor are those that a regeling covers.
        town.deliver("aanbod", day, {"services-0001.json": page(service("een"))})
    town.deliver("huisbezoeken", "2022-07-05", {"uitvoer.csv": answers(*VISITS)})
    with environment(town.environment()):
        assert cli.main(["refresh", "--stand", "2022-08-10"]) == 0
    with duckdb.connect(str(town.folder / "kluis" / "kluis.duckdb"), read_only=True) as kluis:
        rows = kluis.execute(
            "select gebiedscode, cast(peildatum as varchar), indicator, status, antwoorden, aandeel, aandeel_laag,"
            " aandeel_hoog, gemiddelde from mart.vertellen"
        ).fetchall()
    shown = {tuple(row[:3]): row[4:] for row in rows if row[3] == "geleverd"}
    wanted = expected()
    asked = {indicator for _, _, indicator in wanted}
    known = {key: value for key, value in shown.items() if key[2] in asked}
    assert known.keys() == wanted.keys()
    assert all(known[key] == pytest.approx(wanted[key], abs=6e-5) for key in wanted if wanted[key][-1] is not None)
    assert all(known[key][:4] == pytest.approx(wanted[key][:4], abs=6e-5) for key in wanted)
    assert ("WK098802", "2022-03-31", "iets_terug") in shown
    # Nine answered: nothing is told of it.
    nine = ("WK098802", "2022-03-31", "tevreden_werkwijze")
    assert [row[3:] for row in rows if row[:3] == nine] == [("kleiner_dan_drempel", *[None] * 5)]
    assert {row[3] for row in rows} == {"geleverd", "kleiner_dan_drempel"}
