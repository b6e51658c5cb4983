"""A part that is built is as true as the whole: the same tables, and what it leaves alone cannot have changed."""

import re
from pathlib import Path

import pytest

from assets.ground.declared import counted
from assets.ground.mart import mart
from assets.ground.state import recall, remember
from assets.registrations.declaration import registrations
from orchestration.dbt.parts import SHARED, _named, asked_of, behind, changed, differing, slices
from orchestration.dbt.project import ensure_manifest, manifest
from tests.making.nights import FIRST, Nights, copied, corrected


@pytest.fixture(scope="module")
def made() -> dict:
    ensure_manifest()
    return manifest()


def names(made: dict, *bronnen: str) -> set[str]:
    return {unique_id.split(".")[-1] for unique_id in behind(made, set(bronnen))}


def test_behind_one_registration_lies_its_own_and_what_is_of_all(made: dict):
    of_oggz = names(made, "oggz")
    assert of_oggz >= {"stg_oggz", "voorziening_oggz", "actief_oggz", "wijkcijfers_oggz", "wijkcijfers", "herkomst"}
    assert of_oggz >= SHARED.keys()
    others = {f"wijkcijfers_{r}" for bron in registrations() for r in registrations()[bron].regelingen} - {
        "wijkcijfers_oggz"
    }
    assert not of_oggz & (others | {"personen", "noemer", "stg_brp"})
    assert "wijkcijfers_totaal" in names(made, "wmo")


def test_one_delivery_for_two_regelingen_and_what_reads_another_regeling(made: dict):
    assert names(made, "bus") >= {"wijkcijfers_wwb", "wijkcijfers_bijzondere_bijstand"}
    # Its cluster m counts only where no collective insurance is delivered.
    assert names(made, "collectieve_zorgverzekering") >= {"voorziening_bijzondere_bijstand"}


def test_behind_residents_and_areas_lies_everything_that_counts(made: dict):
    counting = {name for name in names(made, "brp") if name.startswith("wijkcijfers_")}
    assert counting == {f"wijkcijfers_{name}" for name in counted()}
    assert names(made, "gebieden") >= counting


def test_every_test_that_reads_what_is_built_is_asked(made: dict):
    built = behind(made, {"oggz"})
    asked = {made["nodes"][test]["name"] for test in asked_of(made, built)}
    assert any("wijkcijfers_oggz" in name for name in asked)
    assert not any("wijkcijfers_wmo" in name for name in asked)


def test_something_else_that_changed_or_a_delivery_that_went_builds_all():
    before = {"rest": "a", "bronnen": {"wmo": "1", "wsw": "1"}, "leveringen": [["wmo", "GM1", "2022-01-01", "wmo"]]}
    assert changed(before, before) == set()
    assert changed(before, before | {"bronnen": {"wmo": "2", "wsw": "1", "cjg": "1"}}) == {"wmo", "cjg"}
    assert changed(before, before | {"rest": "b"}) is None
    assert changed(before, before | {"leveringen": []}) is None
    assert changed({}, before) is None


def test_rows_of_others_that_differ_are_seen():
    before = {"dekking": {"wmo": "1", "wsw": "1"}, "peilmaand": {"": "1"}}
    assert differing(before, {"dekking": {"wmo": "2", "wsw": "1"}, "peilmaand": {"": "1"}}, {"wmo"}) == []
    assert differing(before, {"dekking": {"wmo": "2", "wsw": "2"}, "peilmaand": {"": "1"}}, {"wmo"}) == ["dekking"]
    assert differing(before, {"dekking": before["dekking"], "peilmaand": {"": "2"}}, {"wmo"}) == ["peilmaand"]


def test_who_reads_a_shared_table_reads_its_own_rows(first_night: Nights, made: dict):
    """By the SQL as it ran: what _named says is why a model is left alone."""
    compiled = first_night.settings.work / "dbt" / "compiled" / "meerdoen" / "models"
    files = {file.stem: file.read_text() for file in compiled.rglob("*.sql")}
    seen = 0
    for node in made["nodes"].values():
        if node["resource_type"] != "model" or node["name"] in SHARED or not (named := _named(node)):
            continue
        sql = files[node["name"]]
        for shared, column in SHARED.items():
            for found in re.finditer(rf'"{shared}"', sql) if column else ():
                after = re.search(rf"\b{column} = '(\w+)'", sql[found.end() :])
                assert after, (node["name"], shared)
                assert after[1] in named, (node["name"], shared)
                seen += 1
    assert seen > 40


def tables(work: Path) -> dict[str, tuple]:
    """All that dbt built, in no order."""
    with mart(work) as connection:
        found = connection.execute(
            "select table_schema, table_name from information_schema.tables where table_schema in ('mart', 'staging')"
        ).fetchall()
        return {
            f"{schema}.{name}": connection.execute(
                f'select count(*), sum(hash(t)) from "{schema}"."{name}" as t'
            ).fetchall()[0]
            for schema, name in found
        }


@pytest.mark.parametrize("bron", ["cjg", "wmo"])
def test_a_part_built_gives_what_the_whole_gives(first_night: Nights, tmp_path: Path, bron: str):
    nights = copied(first_night, tmp_path)
    work = nights.settings.work
    before = recall(work, "geheugen/dbt")
    corrected(nights, bron, FIRST)
    nights.night(FIRST)
    after = recall(work, "geheugen/dbt")
    built = {model for model, mark in after["gebouwd"].items() if mark == after["invoer"]}
    assert after["invoer"] != before["invoer"]
    assert f"wijkcijfers_{registrations()[bron].regelingen[0]}" in built
    assert "personen" not in built
    assert len(built) < 45
    part, published = tables(work), nights.latest
    (work / "geheugen" / "dbt.json").unlink()
    nights.night(FIRST)
    whole = recall(work, "geheugen/dbt")
    assert set(whole["gebouwd"].values()) == {whole["invoer"]}
    assert tables(work) == part
    assert nights.latest == published


def test_when_more_changed_all_is_built(first_night: Nights, tmp_path: Path):
    nights = copied(first_night, tmp_path)
    work = nights.settings.work
    kept = recall(work, "geheugen/dbt")
    # As if others had other rows before, and one registration something new.
    other = next(regeling for regeling in kept["inhoud"]["dekking"] if regeling != "leerplicht")
    kept["inhoud"]["dekking"][other] = "anders"
    kept["delen"]["bronnen"]["leerplicht"] = "eerder"
    remember(work, "geheugen/dbt", kept)
    assert nights.night(FIRST) == 0
    now = recall(work, "geheugen/dbt")
    assert set(now["gebouwd"].values()) == {now["invoer"]}
    assert now["inhoud"]["dekking"][other] != "anders"
    assert slices(["bus"]) == {"bus", "wwb", "bijzondere_bijstand"}
    assert tables(work)[f"mart.wijkcijfers_{other}"][0] > 0
