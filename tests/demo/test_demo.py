"""The demo: the same bytes for the same options, and figures that are those of CBS."""

import csv
import hashlib
import re
import zipfile
from pathlib import Path

import duckdb
import pytest

from assets.demo.make import DemoOptions, make_demo, options_for
from assets.demo.wsw import RATE
from assets.registrations.declaration import registrations
from tests.making.nights import Nights
from tests.making.town import Town, period_of

SMALL = {"gemeenten": ("GM0765",), "inwoners": 1500, "maanden": 6, "tot": "2021-12"}
FACTS = Path(__file__).parents[2] / "assets" / "demo" / "kerncijfers.csv"


def landing_hash(folder: Path) -> dict[str, str]:
    files = sorted(file for file in (folder / "landing").rglob("*") if file.is_file())
    return {str(f.relative_to(folder)): hashlib.sha256(f.read_bytes()).hexdigest() for f in files}


def made(folder: Path, **options) -> Town:
    town = Town(folder, ("GM0765",))
    make_demo(town.settings, DemoOptions(**(SMALL | options)), lambda _line: None)
    return town


def test_the_same_options_give_the_same_bytes(tmp_path: Path):
    first = landing_hash(made(tmp_path / "a").folder)
    assert landing_hash(made(tmp_path / "b").folder) == first
    assert landing_hash(made(tmp_path / "c", seed=2).folder) != first


@pytest.mark.parametrize("faults", [0.0, 3.0])
def test_every_delivery_is_accepted_whatever_the_faults(tmp_path: Path, faults: float):
    town = made(tmp_path, fouten_pct=faults)
    for bron in registrations():
        # The demo's own day: only on it a source is asked for its data.
        outcome = town.take_in(bron, str(town.settings.today()))
        # The law ended years before.
        assert outcome.state == ("niet_geleverd" if bron == "awbz" else "in_orde"), bron
        assert {record.toestand for record in outcome.records} <= {"aanvaard"}
        if faults == 0:
            assert sum(record.uitval for record in outcome.records) == 0


def historic(folder: Path) -> Town:
    town = Town(folder, ("GM9001",))
    make_demo(town.settings, options_for(("historisch",), "2015-02", inwoners=2000, maanden=4), lambda _line: None)
    return town


def test_years_ago_every_delivery_is_accepted_too_and_has_the_same_bytes(tmp_path: Path):
    town = historic(tmp_path / "a")
    assert landing_hash(historic(tmp_path / "b").folder) == landing_hash(town.folder)
    outcomes = {bron: town.take_in(bron) for bron in registrations()}
    # Half-years (oggz, wsw) do not end in these months, and what is pulled is not in landing.
    absent = {bron for bron, outcome in outcomes.items() if outcome.state == "niet_geleverd"}
    assert absent == {"oggz", "wsw", "schuldhulpverlening"}
    assert {outcome.state for bron, outcome in outcomes.items() if bron not in absent} == {"in_orde"}
    # The law ended on 31 December 2014, and with it the deliveries.
    assert [period_of(record) for record in outcomes["awbz"].records] == [
        ["2014-11-01", "2014-11-30"],
        ["2014-12-01", "2014-12-31"],
    ]
    lengths = {path.name: len(path.read_text().split("\n")[0]) for path in town.folder.rglob("BUS*.txt")}
    assert lengths["BUS201412.txt"] != lengths["BUS201501.txt"]


def test_who_had_begeleiding_under_the_awbz_is_a_client_of_the_wmo_from_2015_on(tmp_path: Path):
    town = historic(tmp_path)
    had, begins = set(), set()
    with (town.folder / "landing/GM9001/awbz/2015-01-12/awbz_201412.csv").open(encoding="utf-8") as file:
        had = {row["bsn"] for row in csv.DictReader(file, delimiter=";") if row["functiecode"] in ("81", "82")}
    for archive in (town.folder / "landing/GM9001/wmo").rglob("*.zip"):
        with zipfile.ZipFile(archive) as opened:
            texts = [opened.read(name).decode() for name in opened.namelist() if name.startswith("WMO301")]
        found = [t for t in texts if "<wmo301:Ingangsdatum>2015-01-01<" in t]
        begins |= {re.search(r"<wmo301:Bsn>(\d+)<", t)[1] for t in found}  # pyright: ignore[reportOptionalSubscript]
    # Others begin in any month, and so on that day too.
    assert len(begins & had) > len(begins) / 2


def test_the_default_demo_is_not_of_years_ago():
    assert options_for(("GM0988",), None).tot == "2022-12"
    assert options_for(("historisch",), None).tot == "2015-06"


def test_half_years_are_delivered_by_a_body_and_beside_messages(tmp_path: Path):
    town = Town(tmp_path, ("GM0946",))
    options = DemoOptions(gemeenten=("GM0946",), inwoners=5000, maanden=6, tot="2021-12")
    make_demo(town.settings, options, lambda _line: None)
    wsw, jeugdzorg = town.take_in("wsw"), town.take_in("jeugdzorg")
    assert (wsw.state, jeugdzorg.state) == ("in_orde", "in_orde")
    (of_body,) = wsw.records
    assert (of_body.leverancier, period_of(of_body)) == ("WGR-Risse", ["2021-07-01", "2021-12-31"])
    assert abs(of_body.rijen - 5000 * RATE) < 5
    assert of_body.elders == 3
    stocks = [record for record in jeugdzorg.records if "jeugdzorg_bij" in record.tabellen]
    assert [period_of(record) for record in stocks] == [["2021-07-01", "2021-12-31"]]
    assert stocks[0].rijen > 100
    # The codes of the law's handicap items are in the file and nowhere in the kluis.
    assert {"handicapcode_1", "arbeidshandicap"} & set(registrations()["wsw"].contracts["wsw"].columns()) == set()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Nights:
    """The four gemeenten in the year up to the calibration day and the month after it, after one night."""
    folder = tmp_path_factory.mktemp("whole")
    nights = Nights(folder)
    options = DemoOptions(tot="2022-01", maanden=13)
    make_demo(nights.settings, options, lambda _line: None)
    assert nights.run("refresh") == 0
    return nights


def facts(column: str) -> dict[str, int]:
    with FACTS.open(encoding="utf-8") as file:
        return {row["code"]: int(row[column]) for row in csv.DictReader(file) if row[column] not in ("", None)}


QUERY = """select gebiedscode, {value} from {table}
    where indicator = '{indicator}' and leeftijdsgroep = 'totaal' and peildatum = date '2021-12-31'
    and gebiedsniveau in ('gemeente', 'wijk') and {value} is not null"""


@pytest.mark.parametrize(
    ("regeling", "indicator", "column", "exact", "shown"),
    [
        ("jeugdzorg", "gebruik_jaar", "jz_jongeren_totaal", 2, 0),
        ("wmo", "gebruik_halfjaar", "a_wmo_t", 2, 0),
        ("wwb", "clienten", "a_soz_wb", 5, 5),
    ],
)
def test_the_figures_are_those_of_cbs(
    whole: Nights, regeling: str, indicator: str, column: str, exact: int, shown: int
):
    wanted = facts(column)
    with duckdb.connect(whole.settings.kluis.url + "/kluis.duckdb", read_only=True) as kluis:
        mart = dict(
            kluis.execute(
                QUERY.format(table=f"mart.wijkcijfers_{regeling}", value="aantal", indicator=indicator)
            ).fetchall()
        )
    with duckdb.connect(str(whole.latest / "meerdoen.duckdb"), read_only=True) as edition:
        monitor = dict(
            edition.execute(
                QUERY.format(table=f"monitor.monitor_{regeling}", value="waarde", indicator=indicator)
            ).fetchall()
        )
    assert len(wanted) == 30
    assert {code: mart[code] - figure for code, figure in wanted.items() if abs(mart[code] - figure) > exact} == {}
    assert len(monitor.keys() & wanted.keys()) >= 20
    assert {code for code in monitor.keys() & wanted.keys() if abs(monitor[code] - wanted[code]) > shown} == set()
    for gemeente in {code for code in wanted if code.startswith("GM")}:
        wijken = sum(n for code, n in mart.items() if code.startswith(f"WK{gemeente[2:]}"))
        assert wijken == mart[gemeente]


@pytest.mark.parametrize(("regeling", "share"), [("wia", 0.7), ("wajong", 0.3)])
def test_incapacity_benefits_are_calibrated_on_their_share_of_all(whole: Nights, regeling: str, share: float):
    with duckdb.connect(whole.settings.kluis.url + "/kluis.duckdb", read_only=True) as kluis:
        mart = dict(
            kluis.execute(
                QUERY.format(table=f"mart.wijkcijfers_{regeling}", value="aantal", indicator="clienten")
            ).fetchall()
        )
    wanted = {code: persons * share for code, persons in facts("a_soz_ao").items()}
    assert len(wanted) == 30
    assert {code: mart[code] - figure for code, figure in wanted.items() if abs(mart[code] - figure) > 5} == {}
    assert all(count % 10 == 0 for count in mart.values())


def test_debt_counselling_is_at_the_rate_that_the_demo_says(whole: Nights):
    query = """select sum(aantal) filter (indicator = 'voorzieningen'),
        sum(noemer) filter (indicator = 'huishoudens'), sum(aantal) filter (indicator = 'clienten')
        from mart.wijkcijfers_schuldhulpverlening
        where gebiedsniveau = 'gemeente' and leeftijdsgroep = 'totaal' and peildatum = date '2021-12-31'"""
    with duckdb.connect(whole.settings.kluis.url + "/kluis.duckdb", read_only=True) as kluis:
        trajecten, households, clients = kluis.execute(query).fetchone()  # pyright: ignore[reportGeneralTypeIssues]
    assert 8 < 1000 * trajecten / households < 12
    # Some trajecten are of two partners.
    assert 1.1 < clients / trajecten < 1.9


def test_the_figures_of_cbs_stand_beside_them(whole: Nights):
    # AO is two regelingen here, each rounded to 10 by its source.
    most = {"a_soz_wb": 5, "a_soz_ao": 10, "a_wmo_t": 2, "a_jz_tn": 2}
    query = "select kolom, count(ons), max(abs(verschil)) from mart.cbs_naast_ons where kolom in ? group by kolom"
    with duckdb.connect(whole.settings.kluis.url + "/kluis.duckdb", read_only=True) as kluis:
        rows = kluis.execute(query, [[*most]]).fetchall()
    assert {column: count for column, count, _ in rows} == dict.fromkeys(most, 30)
    assert {column: away for column, _, away in rows if away > most[column]} == {}


def asked(whole: Nights, query: str) -> list[tuple]:
    with duckdb.connect(whole.settings.kluis.url + "/kluis.duckdb", read_only=True) as kluis:
        return kluis.execute(query).fetchall()


def test_hardly_anybody_has_help_of_no_kind_and_dyslexia_is_one(whole: Nights):
    """Of every regeling, of those who use it at the end of a month: `overig` is no more than one in ten."""
    rows = asked(
        whole,
        """select regeling, count(distinct persoon) filter (soort = 'overig') / count(distinct persoon),
             count(distinct persoon) filter (soort = 'dyslexie'), count(distinct soort)
           from mart.actief where telt and peildatum = date '2021-12-31' and soort is not null group by regeling""",
    )
    assert {regeling: share for regeling, share, _, _ in rows if share > 0.1} == {}
    assert {regeling for regeling, _, dyslexia, _ in rows if dyslexia > 50} == {"jeugdzorg"}
    assert {regeling: kinds for regeling, _, _, kinds in rows if regeling in ("wmo", "jeugdzorg")} == {
        "wmo": 7,
        "jeugdzorg": 8,
    }


CONTINUES = """select count(*), count(*) filter (exists (
        select 1 from mart.voorziening as eerder
        where eerder.gemeentecode = later.gemeentecode and eerder.persoon = later.persoon and {which}
          and eerder.voorziening_id <> later.voorziening_id and eerder.begindatum < later.begindatum
          and eerder.einddatum < later.begindatum and eerder.einddatum >= later.begindatum - 92))
    from mart.voorziening as later where {start} and later.begindatum >= date '2021-02-01'"""


def test_help_is_renewed_and_people_go_over_to_another_law(whole: Nights):
    same = "eerder.regeling = later.regeling and eerder.soort = later.soort"
    [(starts, renewed)] = asked(whole, CONTINUES.format(which=same, start="later.regeling in ('wmo', 'jeugdzorg')"))
    assert 0.1 < renewed / starts < 0.4
    # At the age at which youth care ends.
    grown_up = "eerder.regeling = 'jeugdzorg'"
    [(_, gone_over)] = asked(whole, CONTINUES.format(which=grown_up, start="later.regeling = 'wmo'"))
    assert gone_over > 15
    [(ended, to_work)] = asked(
        whole,
        """select count(*), count(*) filter (reden_einde = 'werk') from mart.voorziening
           where regeling = 'wwb' and einddatum between date '2021-01-01' and date '2021-12-31'""",
    )
    assert 0.2 < to_work / ended < 0.6


def test_households_that_lean_on_several_laws_are_more_than_chance_would_give(whole: Nights):
    rows = asked(
        whole,
        """select regeling, concat(gemeentecode, huishouden) from mart.actief
           where telt and toestand = 'woont' and peildatum = date '2021-12-31'
             and regeling in ('wmo', 'jeugdzorg', 'wwb')
           group by all""",
    )
    [(homes,)] = asked(
        whole,
        """select sum(noemer) from mart.wijkcijfers_wmo
           where gebiedsniveau = 'gemeente' and peildatum = date '2021-12-31' and indicator = 'huishoudens'""",
    )
    of = {law: {home for regeling, home in rows if regeling == law} for law in ("wmo", "jeugdzorg", "wwb")}
    for one, other in (("wmo", "jeugdzorg"), ("wmo", "wwb"), ("jeugdzorg", "wwb")):
        assert len(of[one] & of[other]) > 1.2 * len(of[one]) * len(of[other]) / homes, (one, other)
    assert len(of["wmo"] & of["jeugdzorg"] & of["wwb"]) > 20
