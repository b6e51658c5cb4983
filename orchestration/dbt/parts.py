"""Which models a night builds: those behind the deliveries that changed. What it leaves is proven to be as it was.

Nearly all models read some table of all registrations (which months are covered, which rows there are), so what lies
behind one delivery is nearly everything. SHARED says of which of those tables the other models see nothing new: they
are built, and the rows that others read are held against those of before. When they differ all is built. How dbt is run
is in build.py, whether its results are of today in proof.py.
"""

from collections.abc import Iterable, Mapping
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import polars as pl

from assets.ground.mart import mart
from assets.ground.sql import sql_name
from assets.ground.state import fingerprint
from assets.registrations.declaration import registrations

# Model -> the column by which another model reads its own rows only; None: nothing in it changes with a delivery, but
# for a first one.
SHARED: dict[str, str | None] = {
    "stg_leveringen": "bron",
    "dekking": "regeling",
    "gedekt": "regeling",
    "soort": "regeling",
    "rooster_maand": "regeling",
    "rooster": "regeling",
    "peilmaand": None,
    "brp_maand": None,
}
# The columns that the models (stg_leveringen, and bron_views) read of what the registration steps tell of a delivery.
READ = (
    *("bron", "leverancier", "leverdatum", "gemeentecode", "semantiek", "periode_van", "periode_tot", "levering"),
    *("levermaand", "gevraagd_tot", "contractversie", "cadans_dagen", "respijt_dagen", "tabel", "bestand"),
)


def inputs(overview: pl.DataFrame, *rest: object) -> dict[str, Any]:
    """What the models are made from: `bronnen`, the accepted deliveries by bron; `leveringen`, which; `rest`."""
    accepted = overview.filter(pl.col("toestand") == "aanvaard").select(READ).unique().sort(pl.all())
    found = {bron: fingerprint(*rows.rows()) for (bron,), rows in accepted.group_by("bron", maintain_order=True)}
    which = accepted.select("bron", "leverancier", pl.col("leverdatum").cast(pl.String), "tabel").unique()
    return {"bronnen": found, "leveringen": sorted(map(list, which.iter_rows())), "rest": fingerprint(*rest)}


def changed(before: Mapping[str, Any], now: Mapping[str, Any]) -> set[str] | None:
    """The bronnen with a new or changed delivery; None when anything else changed, and all must be built.

    Rows of a delivery that is gone (meerdoen bewaar) would stay in the free blocks of the database.
    """
    gone = {tuple(one) for one in before.get("leveringen", [])} - {tuple(one) for one in now["leveringen"]}
    if before.get("rest") != now["rest"] or gone:
        return None
    return {bron for bron, mark in now["bronnen"].items() if before.get("bronnen", {}).get(bron) != mark}


def slices(bronnen: Iterable[str]) -> set[str]:
    """The bronnen themselves and the regelingen that they feed."""
    return {name for bron in bronnen for name in (bron, *registrations()[bron].regelingen)}


def behind(manifest: Mapping[str, Any], bronnen: set[str]) -> set[str]:
    """The unique ids of all models that a change in the deliveries of some bronnen can change."""
    nodes = {i: node for i, node in manifest["nodes"].items() if node["resource_type"] in ("model", "seed")}
    tables = {table.name for bron in bronnen for table in registrations()[bron].tables}
    theirs = slices(bronnen)
    # `new` changes for all that reads it; `partly` (of SHARED) changes in the rows of these bronnen only.
    new, partly = set(), set()
    parents = {i: node["depends_on"].get("nodes", []) for i, node in nodes.items()}
    for i in TopologicalSorter(parents).static_order():
        name = i.split(".")[-1]
        if i.startswith("source."):
            (partly if name == "leveringen" else new if name in tables else set()).add(i)
        elif new.intersection(parents[i]):
            new.add(i)
        elif touched := partly.intersection(parents[i]):
            if name in SHARED:
                partly.add(i)
            elif any(_reads(nodes[i], parent.split(".")[-1], theirs) for parent in touched):
                new.add(i)
    return (new | partly) & nodes.keys()


def asked_of(manifest: Mapping[str, Any], made: set[str]) -> set[str]:
    """The unique ids of the tests that read one of some models."""
    tests = {i: node for i, node in manifest["nodes"].items() if node["resource_type"] == "test"}
    return {i for i, node in tests.items() if made.intersection(node["depends_on"]["nodes"])}


def _reads(node: Mapping[str, Any], shared: str, theirs: set[str]) -> bool:
    """Whether a model reads rows of `theirs` in a table of SHARED."""
    if SHARED[shared] is None:
        return False
    named = _named(node)
    return not named or bool(named & theirs)


def _named(node: Mapping[str, Any]) -> set[str]:
    """The bronnen and regelingen whose rows alone a model reads: its own, and those in its text; none: it reads all."""
    known = {name: slices([bron]) for bron, r in registrations().items() for name in (bron, *r.regelingen)}
    own = [name for name in known if node["name"].endswith(f"_{name}")]
    if not own and not node["name"].startswith("stg_"):
        return set()
    told = {name for name in known if f"'{name}'" in node["raw_code"]}
    return told.union(*(known[name] for name in own))


def contents(work: Path, manifest: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """A hash of each table of SHARED, by what others read of it."""
    schemas = {node["name"]: node["schema"] for node in manifest["nodes"].values() if node["name"] in SHARED}
    found = {}
    with mart(work) as connection:
        for name, column in SHARED.items():
            part = sql_name(column) if column else "''"
            table = sql_name(schemas[name], name)
            query = f"select {part}, count(*), sum(hash(t)) from {table} as t group by 1"  # noqa: S608  quoted
            found[name] = {str(key): f"{rows} {total}" for key, rows, total in connection.execute(query).fetchall()}
    return found


def differing(before: Mapping[str, Any], after: Mapping[str, Any], bronnen: set[str]) -> list[str]:
    """The tables of SHARED in which rows of other bronnen than these differ."""
    theirs = slices(bronnen)

    def of_others(told: Mapping[str, Any], name: str) -> dict:
        return {key: mark for key, mark in told.get(name, {}).items() if key not in theirs}

    return [name for name in SHARED if of_others(before, name) != of_others(after, name)]
