"""dbt by itself: the unit tests beside the models pass, and every data test of a regeling is seen to fail."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import duckdb
import pytest

from orchestration.dbt.build import _built
from orchestration.dbt.project import DBT_DIR, dbt_environment, dbt_executable
from tests.making.nights import FIRST, Nights


def dbt(nights: Nights, *arguments: str) -> dict[str, str]:
    """Runs dbt on the town's database; the status of every node by name."""
    environment = os.environ | dbt_environment(nights.settings.work)
    environment |= {"MEERDOEN_BRON": nights.settings.kluis.url, "MEERDOEN_STAND": FIRST}
    target = nights.folder / "target"
    command = [dbt_executable(), *arguments, "--project-dir", str(DBT_DIR), "--target-path", str(target)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (target / "run_results.json").exists(), done.stdout[-2000:]
    results = json.loads((target / "run_results.json").read_text())["results"]
    return {result["unique_id"]: result["status"] for result in results}


@pytest.fixture
def own(first_night: Nights, tmp_path: Path) -> Nights:
    """The town of the first night with a database of its own."""
    shutil.copytree(first_night.folder / "kluis", tmp_path / "kluis")
    (tmp_path / "werk").mkdir()
    shutil.copyfile(first_night.settings.work / "kluis.duckdb", tmp_path / "werk" / "kluis.duckdb")
    return Nights(tmp_path)


def test_the_unit_tests_beside_the_models_pass(own: Nights):
    statuses = dbt(own, "test", "--select", "test_type:unit")
    units = {name: status for name, status in statuses.items() if name.startswith("unit_test.")}
    assert len(units) >= 13
    assert set(units.values()) == {"pass"}


TAMPER = (
    # A client too many in the gemeente: identity, continuity and sums break.
    """update mart.wijkcijfers_wmo set aantal = aantal + 1
       where indicator = 'clienten' and leeftijdsgroep = 'totaal' and gebiedsniveau = 'gemeente'""",
    "insert into mart.wijkcijfers_wmo select * from mart.wijkcijfers_wmo limit 1",
    """update mart.wijkcijfers_wmo set status = 'nvt'
       where indicator = 'gebruik' and gebiedsniveau = 'gemeente' and status = 'geleverd'""",
    # Clients without a provision; and one of an age that the law is not for.
    "update mart.wijkcijfers_wmo set aantal = 0 where indicator = 'voorzieningen' and status = 'geleverd'",
    """update mart.wijkcijfers_wmo set aantal = 1
       where indicator = 'signaal_leeftijd' and gebiedsniveau = 'gemeente' and status = 'geleverd'""",
    # An aggregate twice, one of which the count is not told, and one that the monitor would have made up.
    "insert into mart.wijkcijfers_wia select * from mart.wijkcijfers_wia limit 1",
    "update mart.wijkcijfers_wia set aantal = null where status = 'geleverd' and gebiedsniveau = 'gemeente'",
    "update mart.wijkcijfers_wia set aantal = 0 where status = 'niet_geleverd'",
    "insert into mart.voorziening_wmo select * from mart.voorziening_wmo limit 1",
    "update mart.voorziening_wmo set einddatum = begindatum - interval 1 day where rowid = 3",
    "update mart.voorziening_wmo set persoon = null where rowid = 4",
    "update mart.voorziening_wmo set begindatum = null where rowid = 5",
    "update mart.voorziening_wmo set voorziening_id = null where rowid = 6",
    "update mart.voorziening_wmo set soort = null where rowid = 7",
    "update mart.regelingen set instroom_tot = date '2000-01-01' where regeling = 'wmo'",
    # A service too many in the gemeente: the lines do not add up any more.
    """update mart.wijkcijfers_maatschappelijke_dienstverlening set aantal = aantal + 1
       where indicator = 'diensten' and gebiedsniveau = 'gemeente'""",
    """insert into mart.wijkcijfers_maatschappelijke_dienstverlening
       select * from mart.wijkcijfers_maatschappelijke_dienstverlening limit 1""",
    """update mart.wijkcijfers_maatschappelijke_dienstverlening set status = 'nvt'
       where indicator = 'capaciteit' and status = 'geleverd'""",
    """insert into mart.aanbod_maatschappelijke_dienstverlening
       select * from mart.aanbod_maatschappelijke_dienstverlening limit 1""",
    # A rate of persons by households, one without reason, and one told twice.
    "update mart.verhouding set noemer = 'huishoudens' where regeling = 'wmo' and indicator = 'clienten'",
    "update mart.verhouding set geen_verhouding = null where regeling = 'wmo' and indicator = 'voorzieningen'",
    "insert into mart.verhouding select * from mart.verhouding limit 1",
    "insert into mart.vertellen select * from mart.vertellen limit 1",
    "update mart.vertellen set antwoorden = 9 where status = 'geleverd'",
    "insert into mart.doorbraakproject select * from mart.doorbraakproject limit 1",
    # Tables over regelingen: a row twice, a count that is not delivered, a gemeente that is not the sum of its wijken;
    # and of no kind of help as many clients as the regeling has.
    *(
        statement.format(table)
        for table in ("stapeling", "combinaties", "soorten")
        for statement in (
            "update mart.wijkcijfers_{} set aantal = 0 where status = 'geleverd' and gebiedsniveau = 'gemeente'",
            "update mart.wijkcijfers_{} set status = 'nvt' where status = 'geleverd' and gebiedscode like '%onbekend'",
            "insert into mart.wijkcijfers_{0} select * from mart.wijkcijfers_{0} limit 1",
        )
    ),
)
TAMPERED = (
    "wijkcijfers_wmo",
    "voorziening_wmo",
    "wijkcijfers_maatschappelijke_dienstverlening",
    "aanbod_maatschappelijke_dienstverlening",
    "verhouding",
    "vertellen",
    "doorbraakproject",
    "wijkcijfers_stapeling",
    "wijkcijfers_combinaties",
    "wijkcijfers_soorten",
)


def test_every_data_test_of_a_regeling_is_seen_to_fail_and_to_pass(own: Nights):
    with duckdb.connect(str(own.settings.work / "kluis.duckdb")) as connection:
        for statement in TAMPER:
            connection.execute(statement)
    models = (*TAMPERED, "wijkcijfers_wwb", "voorziening_wwb")
    statuses = dbt(own, "test", "--select", *models, "--exclude-resource-type", "unit_test")
    nodes = json.loads((own.folder / "target" / "manifest.json").read_text())["nodes"]
    seen: dict[str, set[str]] = {model: set() for model in models}
    for unique_id, status in statuses.items():
        if unique_id.startswith("test."):
            seen[nodes[unique_id]["attached_node"].split(".")[-1]].add(status)
    assert {model: seen[model] for model in TAMPERED} == {model: {"warn"} for model in TAMPERED}
    assert seen["wijkcijfers_wwb"] == seen["voorziening_wwb"] == {"pass"}


# What breaks laws of tables over regelingen, one of each table at a time.
BREAKS = {
    "nothing": (),
    "a household that does not stack, and combinations of another law": (
        "update mart.wijkcijfers_stapeling set aantal = aantal - 1 where indicator = 'huishoudens_1' and aantal > 0",
        """update mart.wijkcijfers_combinaties set combinatie = case combinatie
             when 'alleen_wmo' then 'alleen_jeugdwet' when 'alleen_jeugdwet' then 'alleen_wmo'
             else combinatie end""",
    ),
    "more regelingen than there are households of, and more of more than one law": (
        """update mart.wijkcijfers_stapeling set indicator = case indicator
             when 'huishoudens_1' then 'huishoudens_3plus' when 'huishoudens_3plus' then 'huishoudens_1'
             else indicator end""",
        "update mart.wijkcijfers_combinaties set aantal = aantal + 1 where combinatie = 'meer_dan_een'",
    ),
    "households of which the union and the law do not tell": (
        "update mart.wijkcijfers_totaal set status = 'niet_geleverd' where indicator = 'huishoudens'",
        "update mart.wijkcijfers_jeugdzorg set status = 'niet_geleverd' where indicator = 'huishoudens'",
    ),
}


@pytest.mark.parametrize("statements", BREAKS.values(), ids=BREAKS)
def test_each_law_of_households_over_regelingen_is_seen_to_fail_and_to_pass(statements: tuple[str, ...], own: Nights):
    with duckdb.connect(str(own.settings.work / "kluis.duckdb")) as connection:
        for statement in statements:
            connection.execute(statement)
    statuses = dbt(own, "test", "--select", "test_name:stapeling_klopt", "test_name:combinaties_kloppen")
    found = {name.split(".")[2]: status for name, status in statuses.items() if name.startswith("test.")}
    wanted = "warn" if statements else "pass"
    assert found == {
        "stapeling_klopt_wijkcijfers_stapeling_": wanted,
        "combinaties_kloppen_wijkcijfers_combinaties_": wanted,
    }


def test_a_second_route_and_records_without_a_person_are_told(own: Nights):

    def statuses() -> set[str]:
        statuses = dbt(own, "test", "--select", "uitval_jeugdzorg", "--exclude-resource-type", "unit_test")
        return {status for name, status in statuses.items() if name.startswith("test.")}

    assert statuses() == {"pass"}
    with duckdb.connect(str(own.settings.work / "kluis.duckdb")) as connection:
        for rule in ("JZ-95", "JZ-96"):
            connection.execute("insert into mart.uitval_jeugdzorg values ('GM0946', 'GM0946', null, null, ?)", [rule])
    assert statuses() == {"warn"}


def test_the_columns_of_staging_are_told_as_they_were_built(first_night: Nights):
    columns = {column.name: column for column in _built(first_night.settings.work)["stg_wmo"].columns}
    assert (columns["persoon"].type, columns["einddatum"].type) == ("varchar", "date")
    assert [column.name for column in columns.values() if not column.description] == []
