"""Adding a registration takes what design.md section 3 says: a toy one is added to a copy of the project."""

import json
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from assets.ground.declared import counted
from assets.ground.regelingen import linked
from tests.making.toys import Copy

DECLARATION = '''"""Toy: passes for the playground."""

from assets.registrations.declaration import Registration, Table
from assets.readers import ReadResult, SourceFile
from assets.readers.delimited import read_csvs
from validations.contracts.speeltuin import CONTRACT


def read(files: list[SourceFile]) -> ReadResult:
    """All passes."""
    columns = {field.name: field.name for field in CONTRACT.fields}
    frame, faults = read_csvs(files, columns)
    return ReadResult({"speeltuin": frame}, faults)


REGISTRATION = Registration(
    bron="speeltuin",
    title=CONTRACT.title,
    owner="team:spelen",
    format="CSV",
    law_url="https://example.org",
    semantics="geheel",
    read=read,
    contracts={"speeltuin": CONTRACT},
    tables=(Table("speeltuin", "speeltuin", "speeltuin"),),
    cadence_days=31,
    grace_days=15,
)
'''
CONTRACT = '''"""Toy contract."""

from validations.language.contract import DATE, MUNICIPALITY, TEXT, Contract, Field, required, well_formed

begin = Field("begindatum", DATE, "Eerste dag")
CONTRACT = Contract(
    bron="speeltuin",
    title="Speeltuinpassen",
    source="verzonnen",
    fields=(Field("bsn", TEXT, "BSN", person="bsn"), Field("gemeentecode", MUNICIPALITY, "Gemeente"), begin),
    rules=(required("SPE-01", "bsn"), well_formed("SPE-02", begin)),
)
'''
STAGING = """with

speeltuin as (
    select * from {{ source('bron', 'speeltuin') }}
),

final as (
    select * from speeltuin
)

select * from final
"""
PROVISION = """with

passen as (
    select * from {{ ref('stg_speeltuin') }}
),

spells as (
    select
        gemeentecode,
        persoon,
        concat('pas-', persoon) as voorziening_id,
        cast(null as varchar) as categorie,
        cast(null as varchar) as aanbieder,
        begindatum,
        cast(null as date) as einddatum,
        cast(null as varchar) as reden_einde,
        cast(null as bigint) as bedrag_maand,
        leverdatum
    from passen
),

{{ voorziening('speeltuin', 'spells', 'speeltuin') }}

select * from final
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with the toy added, file by file as the recipe says."""
    copy = Copy(tmp_path_factory.mktemp("toy")).root
    dbt = copy / "dbt_project"
    (copy / "assets/registrations/speeltuin.py").write_text(DECLARATION)
    (copy / "validations/contracts/speeltuin.py").write_text(CONTRACT)
    (dbt / "models/staging/speeltuin").mkdir()
    (dbt / "models/staging/speeltuin/stg_speeltuin.sql").write_text(STAGING)
    source = "version: 2\nsources: [{name: bron, schema: bron, tables: [{name: speeltuin}]}]\n"
    (dbt / "models/staging/speeltuin/stg_speeltuin.yml").write_text(source)
    (dbt / "models/voorzieningen/voorziening_speeltuin.sql").write_text(PROVISION)
    counts = ("stand", "stroom", "gebruik", "duur")
    for folder, kinds in (("actief", ("actief",)), ("tellingen", counts), ("marts", ("wijkcijfers",))):
        for kind in kinds:
            (dbt / f"models/{folder}/{kind}_speeltuin.sql").write_text(f"{{{{ {kind}('speeltuin') }}}}\n")
    append(dbt / "models/voorzieningen/_voorzieningen.yml", "  - {<<: *voorziening, name: voorziening_speeltuin}\n")
    for kind, file, before in (
        ("actief", "actief/_actief.yml", "  - name: actief_cjg\n"),
        ("wijkcijfers", "marts/_wijkcijfers.yml", "  - name: wijkcijfers\n"),
    ):
        models = dbt / "models" / file
        line = f"  - {{<<: *{kind}, name: {kind}_speeltuin}}\n"
        models.write_text(models.read_text().replace(before, line + before))
    lines = (f"  - {{<<: *{kind}, name: {kind}_speeltuin}}\n" for kind in counts)
    append(dbt / "models/tellingen/_tellingen.yml", "".join(lines))
    append(
        dbt / "seeds/regelingen.csv",
        "speeltuin,Speeltuin,Speelwet,-,2010-01-01,,,,0,jongeren,personen,inwoners,personen huishoudens,,"
        "periode,speeltuin,nee,bsn,buurt,ja,,gedeeld,,,\n",
    )
    settings = dbt / "dbt_project.yml"
    settings.write_text(
        settings.read_text().replace("    wmo: [", "    speeltuin: [voorziening, actief, unie]\n    wmo: [")
    )
    return copy


def append(file: Path, text: str) -> None:
    file.write_text(file.read_text().rstrip("\n") + "\n" + text)


SHOW = """
import json
from orchestration.definitions import defs
graph = defs.resolve_asset_graph()
assets = {
    key.to_user_string(): {
        "group": graph.get(key).group_name,
        "parents": sorted(parent.to_user_string() for parent in graph.get(key).parent_keys),
        "owners": list(graph.get(key).owners),
        "checks": sorted(check.name for check in graph.asset_check_keys if check.asset_key == key),
    }
    for key in graph.get_all_asset_keys()
}
print(json.dumps({"assets": assets, "jobs": sorted(job.name for job in defs.resolve_all_job_defs())}))
"""


@pytest.fixture(scope="module")
def shown(project: Path) -> dict:
    environment = os.environ | {"PYTHONPATH": str(project), "MEERDOEN_WERK": str(project / "werk")}
    command = [sys.executable, "-c", SHOW]
    done = subprocess.run(command, capture_output=True, text=True, cwd=project, env=environment, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


LINEAGE = (
    "levering_speeltuin",
    "speeltuin",
    "stg_speeltuin",
    "voorziening_speeltuin",
    "actief_speeltuin",
    "stand_speeltuin",
    "wijkcijfers_speeltuin",
    "monitor_speeltuin",
)


def test_the_whole_lineage_appears_in_its_own_group(shown: dict):
    for parent, child in pairwise(LINEAGE):
        assert parent in shown["assets"][child]["parents"]
    assert {shown["assets"][name]["group"] for name in LINEAGE} == {"speeltuin"}


def test_checks_owner_and_job_follow(shown: dict):
    assert "levering_in_orde" in shown["assets"]["speeltuin"]["checks"]
    assert "regels_waarden" in shown["assets"]["speeltuin"]["checks"]
    assert "aansluiting" in shown["assets"]["wijkcijfers_speeltuin"]["checks"]
    assert "gx_speeltuin" in shown["assets"]["vrijgave"]["checks"]
    assert shown["assets"]["monitor_speeltuin"]["owners"] == ["team:spelen"]
    assert "speeltuin" in shown["jobs"]
    # It is linked, so its persons count in the total as well.
    assert "actief_speeltuin" in shown["assets"]["actief_unie"]["parents"]


def test_ancestors_of_a_monitor_table_are_its_own_or_shared(shown: dict):
    assets = shown["assets"]
    for name in (name for name in assets if name.startswith("monitor_")):
        # A table over regelingen rests on those that count together, and on nothing of the others; one that counts
        # each apart on the overview of all who are active.
        table = counted().get(name.removeprefix("monitor_"))
        together = (*linked(), "speeltuin") if table and table.over_a_set else ()
        if table and table.each_of:
            together = ("monitor", *(assets[parent]["group"] for parent in assets["actief"]["parents"]))
        own = {assets[name]["group"], *together}
        todo, seen = [name], set()
        while todo:
            here = todo.pop()
            seen.add(here)
            todo += [parent for parent in assets[here]["parents"] if parent not in seen]
        assert {assets[ancestor]["group"] for ancestor in seen} <= own | {"bronnen"}, name
        assert len(seen) > 10


def test_the_delivery_guide_follows(project: Path):
    environment = os.environ | {"PYTHONPATH": str(project)}
    subprocess.run([sys.executable, "-m", "assets.guides.delivery"], check=True, cwd=project, env=environment)
    assert "SPE-02" in (project / "docs/leveringen/speeltuin.md").read_text()
