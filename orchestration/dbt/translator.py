"""Names, groups, tags, owners and checks of dbt nodes in Dagster. What a check asks is in checks.py."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, DbtProject

from assets.publication.kluis import OVERVIEWS
from assets.registrations.declaration import registrations
from orchestration.dbt.checks import by_model, check_spec, family_of, model_of
from orchestration.dbt.project import DBT_DIR, manifest
from orchestration.dbt.versions import versions_in

MONITOR = "team:monitor"
LAYERS = {"staging": "staging", "voorzieningen": "voorziening", "personen": "persoon", "actief": "actief"}
LAYERS |= {"tellingen": "telling", "marts": "mart", "seeds": "seed"}


@cache
def _regelingen_by_table() -> dict[str, str]:
    """The regeling of each table that feeds just one."""
    return {t.name: t.regeling for r in registrations().values() for t in r.tables if t.regeling}


def group_of(name: str, tables: Mapping[str, str], regelingen: list[str]) -> str:
    """The Dagster group of a dbt node: its regeling by the end of its name, or by its source; else `bronnen`.

    `stg_bus_wwb` -> wwb; `uitval_wmo` -> wmo; `wijkcijfers` -> monitor; `bewoning` -> bronnen.
    """
    bare = name.removeprefix("stg_")
    if bare in tables:
        return tables[bare]
    # The longest name first: a regeling may end in the name of another.
    for regeling in sorted(regelingen, key=len, reverse=True):
        if name.endswith(f"_{regeling}"):
            return regeling
    return "monitor" if name in (*OVERVIEWS, "cbs_naast_ons") else "bronnen"


class Translator(DagsterDbtTranslator):
    """Names, groups, tags and owners of dbt nodes as Dagster assets; rule and owner of dbt tests as asset checks."""

    def __init__(self) -> None:
        super().__init__(DagsterDbtTranslatorSettings(enable_code_references=False))
        self._versions = versions_in(DBT_DIR)
        self._specs: dict[str, dg.AssetSpec] = {}
        self._tests = by_model(manifest())

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """The bare name: `wijkcijfers_wmo`, and for a source its table: `wmo`."""
        return dg.AssetKey(dbt_resource_props["name"])

    def get_asset_spec(self, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None) -> dg.AssetSpec:
        """The spec of the library, with our group, tags, owner and kinds; the library asks for each many times."""
        if unique_id not in self._specs:
            self._specs[unique_id] = self._asset_spec(manifest, unique_id, project)
        return self._specs[unique_id]

    def _asset_spec(self, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None) -> dg.AssetSpec:
        spec = super().get_asset_spec(manifest, unique_id, project)
        props = self.get_resource_props(manifest, unique_id)
        if props["resource_type"] == "source":
            return spec
        regelingen = _regelingen(manifest)
        group = group_of(props["name"], _regelingen_by_table(), regelingen)
        tags = {"laag": LAYERS.get(props["fqn"][1], "seed"), "avg": "pseudoniem"}
        if group in regelingen:
            tags["regeling"] = group
        # What a model rejects is for the owner of the delivery to repair.
        owner = _owners().get(group, MONITOR) if props["name"].startswith("uitval_") else MONITOR
        about = {"owners": [owner], "tags": tags, "kinds": {"dbt", "duckdb"}, "code_version": self._versions[unique_id]}
        return spec.replace_attributes(group_name=group, **about)

    def get_asset_check_spec(
        self, asset_spec: dg.AssetSpec, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None
    ) -> dg.AssetCheckSpec | None:
        """The check of the family that the test is of; None where the library has the test at another model."""
        test = self.get_resource_props(manifest, unique_id)
        family = [other for other in self._tests[model_of(test)] if family_of(other) == family_of(test)]
        of_library = super().get_asset_check_spec
        specs = [of_library(asset_spec, manifest, other["unique_id"], project) for other in family]
        deps = {dep.asset_key for spec in specs if spec for dep in spec.additional_deps}
        return check_spec(asset_spec, family, deps) if all(specs) else None


@cache
def _owners() -> dict[str, str]:
    return {regeling: r.owner for r in registrations().values() for regeling in r.regelingen}


def _regelingen(manifest: Mapping[str, Any]) -> list[str]:
    names = (node["name"] for node in manifest["nodes"].values() if node["resource_type"] == "model")
    return [name.removeprefix("wijkcijfers_") for name in names if name.startswith("wijkcijfers_")]
