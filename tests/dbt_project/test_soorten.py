"""The kinds of help and their lines (seeds soorten and lijnen): what they must hold passes, and each fault is seen."""

import shutil
from pathlib import Path

import duckdb
import pytest

from assets.ground.regelingen import with_soorten
from tests.dbt_project.test_dbt import dbt
from tests.making.nights import Nights
from validations.language import seeds

COLUMNS = "regeling, code, productcode, gemeentecode, geldig_van, geldig_tot, soort, naam, lijn"
DYSLEXIE = "'dyslexie', 'Ernstige dyslexie', 2"
ONE = "update mart.soorten set {} where codelijst = 'WMO020' and code = '07'"
FAULTS = {
    "elke_code_een_soort": (
        "delete from mart.soorten where codelijst = 'WMO020' and code = '07'",
        ONE.format("code = '99'"),
        "insert into mart.soorten select * from mart.soorten where codelijst = 'WMO020' and code = '07'",
        # A day without a kind: before, after, or between two rows; and a code that only one gemeente would have.
        ONE.format("geldig_van = '2015-01-01'"),
        ONE.format("geldig_tot = '2022-12-31'"),
        ONE.format("geldig_tot = '2022-12-31'")
        + """; insert into mart.soorten select * replace (null as geldig_tot, '2023-01-02' as geldig_van)
             from mart.soorten where codelijst = 'WMO020' and code = '07'""",
        ONE.format("gemeentecode = 'GM0001'"),
        # The productcode of all gemeenten cannot be another thing in one.
        f"insert into mart.soorten ({COLUMNS}) values ('jeugdzorg', '54', '54DYS', 'GM0001', null, null, {DYSLEXIE})",
    ),
    "hooguit_acht_soorten": ("update mart.soorten set soort = 'negende' where codelijst = 'WMO020' and code = '02'",),
    "soort_een_naam_een_lijn": (
        "update mart.soorten set naam = 'Anders' where codelijst = 'BIJ_HULPVORM' and code = '01'",
        "update mart.soorten set lijn = 2 where codelijst = 'BIJ_HULPVORM' and code = '01'",
        "update mart.soorten set lijn = null where codelijst = 'WMO020' and code = '02'",
        ONE.format("lijn = 0"),
    ),
    "lijn_klopt": (
        "insert into mart.lijnen values ('GM0001', 'wmo', 'dagbesteding', 3, null, null)",
        "insert into mart.lijnen values ('GM0001', 'wmo', 'wijkteam', 1, null, null)",
        """insert into mart.lijnen values ('GM0001', 'wmo', 'dagbesteding', 1, null, '2022-12-31'),
           ('GM0001', 'wmo', 'dagbesteding', null, '2022-12-31', null)""",
    ),
}
GOOD = (
    # A code that becomes another kind on a day; own productcodes; a line that changes, and one in another gemeente.
    ONE.format("geldig_tot = '2022-12-31'")
    + """; insert into mart.soorten
         select * replace (null as geldig_tot, '2023-01-01' as geldig_van, 'vervoer' as soort, 'Vervoer' as naam)
         from mart.soorten where codelijst = 'WMO020' and code = '07'""",
    f"""insert into mart.soorten ({COLUMNS}) values
        ('jeugdzorg', '54', '54A01', 'GM0001', null, '2021-12-31', {DYSLEXIE}),
        ('jeugdzorg', '54', '54A01', 'GM0001', '2022-01-01', null, {DYSLEXIE}),
        ('jeugdzorg', '54', '54A01', 'GM0002', null, null, {DYSLEXIE})""",
    """insert into mart.lijnen values ('GM0001', 'wmo', 'dagbesteding', 1, null, '2022-12-31'),
       ('GM0001', 'wmo', 'dagbesteding', null, '2023-01-01', null), ('GM0002', 'wmo', 'dagbesteding', 1, null, null)""",
)


@pytest.fixture
def own(first_night: Nights, tmp_path: Path) -> Nights:
    """The town of the first night with a database of its own."""
    shutil.copytree(first_night.folder / "kluis", tmp_path / "kluis")
    (tmp_path / "werk").mkdir()
    shutil.copyfile(first_night.settings.work / "kluis.duckdb", tmp_path / "werk" / "kluis.duckdb")
    return Nights(tmp_path)


def test_the_seeds_hold_and_each_fault_in_them_is_seen(own: Nights):
    statuses = dbt(own, "test", "--select", "soorten", "lijnen", "soort")
    assert {status for name, status in statuses.items() if "test." in name} == {"pass"}
    compiled = {
        file.stem.removesuffix("_soorten_").removesuffix("_lijnen_"): file.read_text(encoding="utf-8")
        for file in (own.folder / "target" / "compiled").rglob("*.sql")
    }
    with duckdb.connect(str(own.settings.work / "kluis.duckdb")) as connection:

        def found(test: str, statement: str) -> bool:
            connection.execute("begin")
            connection.execute(statement)
            rows = connection.execute(compiled[test]).fetchall()
            connection.execute("rollback")
            return bool(rows)

        missed = [(test, s) for test, statements in FAULTS.items() for s in statements if not found(test, s)]
        assert missed == []
        assert [(test, s) for test in FAULTS for s in GOOD if found(test, s)] == []


def test_every_provision_of_a_regeling_with_kinds_has_one(own: Nights):
    with duckdb.connect(str(own.settings.work / "kluis.duckdb"), read_only=True) as connection:
        kinds = connection.execute(
            """select regeling, soort is null, count(*) from mart.voorziening group by all
               having (soort is null) = (regeling in (select regeling from mart.soorten))"""
        ).fetchall()
        # Who counts has the kind of the provision, and the line of that kind.
        counted = connection.execute(
            """select count(*), count(*) filter (where actief.lijn is distinct from soort.lijn)
               from mart.actief left join mart.soort using (regeling, gemeentecode, peildatum, soort)"""
        ).fetchall()
    assert kinds == []
    [(rows, other)] = counted
    assert rows > 0
    assert other == 0


@pytest.mark.parametrize(
    "soort", ["", "a|b", "999900006", "bsn_999900006", "totaal", "Vervoer", "naar school", "k" * 51]
)
def test_a_kind_that_cannot_be_published_under_its_name_is_refused(monkeypatch: pytest.MonkeyPatch, soort: str):
    known = seeds.rows("soorten.csv")
    monkeypatch.setattr(seeds, "rows", lambda _name: [*known, known[0] | {"soort": soort}])
    with pytest.raises(ValueError, match=f"soorten.csv: row {len(known) + 1} has a soort") as told:
        with_soorten.__wrapped__()
    assert soort == "" or soort not in str(told.value).split()


def test_a_gemeente_may_add_a_kind_for_its_own_productcode(monkeypatch: pytest.MonkeyPatch):
    known, usual = seeds.rows("soorten.csv"), with_soorten()
    own = known[-1] | {"productcode": "54A01", "gemeentecode": "GM0001", "soort": "k" * 50}
    monkeypatch.setattr(seeds, "rows", lambda name: [*known, own] if name == "soorten.csv" else [])
    assert with_soorten.__wrapped__() == usual
