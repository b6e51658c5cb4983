"""What links in the tables: every relation that holds in a demo is in the attack, or has a counter-example.

The attack may believe only what follows from definitions. Whatever else seems true of some figures is broken by made-up
gemeenten, in which publication works; what is neither is a leak that nobody declared, and fails here.
"""

import subprocess
import sys
from datetime import date
from functools import cache
from pathlib import Path

import duckdb
import numpy as np
import polars as pl
import pytest
from scipy.optimize import linprog

from assets.demo.make import DemoOptions, make_demo
from assets.ground.declared import BETWEEN, BREAKDOWN, counted
from assets.ground.regelingen import linked
from assets.ground.settings import PROJECT
from assets.ground.state import recall
from assets.protection.cells import within
from assets.protection.sdc import AGES, load_sdc
from tests.dbt_project.reference.facts import Facts
from tests.dbt_project.reference.real import run_night
from tests.making.closes import Closes
from tests.making.town import Town
from tests.validations.disclosure.gemeente import REGELINGEN, Gemeente, gemeente
from tests.validations.disclosure.mining import NAME, PLACE, Figures, Relation, mined, planted
from tests.validations.disclosure.trial import exact
from tests.validations.disclosure.trial import linked as all_linked
from validations.disclosure import links
from validations.disclosure.links import Rules, link
from validations.disclosure.reader import KEY, read

SDC = load_sdc()
# A year ends with the last, so all figures are there.
DAYS = (date(2021, 9, 30), date(2021, 12, 31))
LEVELS = ("gemeente", "wijk")
COLUMNS = ["gemeentecode", "gebiedsniveau", "gebiedscode", "peildatum", "leeftijdsgroep", BREAKDOWN, "indicator"]
COLUMNS += ["aantal"]
COUNTED = tuple(name for name in REGELINGEN if name in linked())


def in_grid(regeling: str, figures: pl.DataFrame) -> pl.DataFrame:
    """The exact figures of what is published of gemeente and wijken."""
    grid = SDC.cells(regeling).filter(pl.col("gebiedsniveau").is_in(LEVELS))
    found = within(figures.filter(pl.col("status") == "geleverd").select(COLUMNS), grid)
    return named(found.with_columns(tabel=pl.lit(f"monitor_{regeling}"))).select(*PLACE, *NAME, "aantal")


def named(figures: pl.DataFrame) -> pl.DataFrame:
    """The figures with what they are of beside their indicator in its name: they are mined by that."""
    of = pl.col(BREAKDOWN).str.replace_all(BETWEEN, ".", literal=True)
    own = pl.when(of != "").then(pl.format("{}:{}", "indicator", of)).otherwise("indicator")
    return figures.with_columns(indicator=own)


def of_mart(file: Path) -> pl.DataFrame:
    """The same of everything in a kluis.duckdb."""
    with duckdb.connect(str(file), read_only=True) as connection:
        return pl.concat(
            in_grid(regeling, counted()[regeling].joined(connection.sql(f"from mart.wijkcijfers_{regeling}").pl()))
            for regeling in [name for name, table in counted().items() if table.persons]
        )


def rounded_by_the_source(town: Gemeente, seed: int) -> pl.DataFrame:
    """Of the places of a town what a source could tell of wia and wajong (in_grid): whole tens, each rounded by itself.

    Regimes of any size, by age as well, and their total as far from them as rounding by chance can bring it.
    """
    rng = np.random.default_rng((seed, 4))
    places = in_grid("wmo", town.figures["wmo"]).select(PLACE).unique().sort(PLACE)
    size = (len(AGES), places.height)
    regimes = {name: 10 * np.floor(rng.lognormal(0, 2, size)) for name in links.REGIMES}
    off = links.OFF * (1 + len(regimes))
    total = np.maximum(0, np.array(sum(regimes.values())) + 10 * np.round(rng.uniform(-off, off, size) / 10))
    columns = {("monitor_wajong", name): counts for name, counts in (regimes | {"clienten": total}).items()}
    columns["monitor_wia", "clienten"] = 10 * np.floor(rng.lognormal(0, 2, size))
    return pl.concat(
        places.with_columns(
            tabel=pl.lit(table),
            indicator=pl.lit(indicator),
            leeftijdsgroep=pl.lit(age),
            aantal=pl.Series(counts[number].astype(int)),
        )
        for (table, indicator), counts in columns.items()
        for number, age in enumerate(AGES)
    ).select(*PLACE, *NAME, "aantal")


@cache
def towns() -> dict[int, tuple[Gemeente, pl.DataFrame]]:
    """Small towns with all regelingen: a few as real ones are, many in which anything can happen; some count few.

    With the figures of each (in_grid).
    """
    found = {}
    for seed in range(20):
        linked_here = COUNTED if seed % 4 else (COUNTED[seed % len(COUNTED)],)
        town = gemeente(seed, 1000, 17, DAYS, linked=linked_here, code=f"GM09{seed:02d}", wild=seed > 1)
        counted = [in_grid(name, frame) for name, frame in town.figures.items() if name not in ("wia", "wajong")]
        found[seed] = town, pl.concat([*counted, rounded_by_the_source(town, seed)])
    return found


@cache
def made_up() -> Figures:
    """Those of all towns."""
    return Figures(pl.concat(figures for _, figures in towns().values()))


def fewest_towns(figures: pl.DataFrame) -> list[int]:
    """Towns that together break whatever seems true of some figures and is not; the one that breaks most is first."""
    left = {relation for relation in mined(Figures(figures)) if made_up().broken(relation)}
    broken = {}
    for seed, (_, own) in towns().items():
        there = Figures(own)
        broken[seed] = {relation for relation in left if there.broken(relation)}
    chosen = []
    while left:
        chosen.append(max(broken, key=lambda seed: len(broken[seed] & left)))
        left -= broken[chosen[-1]]
    return chosen


def rules_of(town: Gemeente) -> tuple[pl.DataFrame, Rules]:
    """The figures that are published of a made-up gemeente in which COUNTED count together, and the rules on them."""
    tables = pl.concat(
        within(frame.with_columns(tabel=pl.lit(f"monitor_{name}")), SDC.cells(name))
        for name, frame in town.figures.items()
    )
    told = pl.when(pl.col("status") == "geleverd").then(pl.lit("onderdrukt")).otherwise("status")
    published = tables.with_columns(
        waarde=pl.lit(None, pl.Int64),
        noemer=pl.lit(None, pl.Int64),
        per_1000=pl.lit(None, pl.Float64),
        publicatiestatus=told,
        ruimte=pl.lit(0),
        drempel=pl.lit(10),
    )
    together = all_linked(town).filter(pl.col("tabel").is_in([f"monitor_{name}" for name in COUNTED]))
    cells, _ = read(published, town.areas, town.residents, exact(town))
    not_applicable = published.filter(pl.col("publicatiestatus") == "nvt").select(KEY)
    return link(cells, town.areas, together, not_applicable)


@cache
def rules_of_one_place() -> tuple[pl.DataFrame, Rules, np.ndarray]:
    """Those of one gemeente, and which figures are of one wijk and month."""
    cells, rules = rules_of(gemeente(1, 3000, 17, DAYS, linked=COUNTED))
    here = (pl.col("gebiedsniveau") == "wijk") & ~pl.col("gebiedscode").str.ends_with("onbekend")
    wijk = cells.filter(here).get_column("gebiedscode").min()
    own = cells.select((pl.col("gebiedscode") == wijk) & (pl.col("peildatum") == DAYS[1])).to_series()
    return cells, rules, own.to_numpy()


def declared(relation: Relation) -> bool:
    """Whether the attack knows it: the least that the sum can be in one wijk and month, by its rules, is 0."""
    cells, rules, own = rules_of_one_place()
    place = {tuple(row[:3]): row[3] for row in named(cells.filter(pl.Series(own))).select(*NAME, "cel").rows()}
    if not all(name in place for name, _ in relation.terms):
        return False
    column = np.cumsum(own) - 1
    within = np.flatnonzero(np.bincount(rules.row, ~own[rules.cell]) == 0)  # all their figures are of the place
    entries = np.isin(rules.row, within)
    matrix = np.zeros((len(rules.equal), own.sum()))
    matrix[rules.row[entries], column[rules.cell[entries]]] = rules.coef[entries]
    equal, least = (matrix[[r for r in within if rules.equal[r] == kind]] for kind in (True, False))
    goal = np.zeros(own.sum())
    for name, weight in relation.terms:
        goal[column[place[name]]] = weight
    for sign in (1, -1) if relation.equal else (1,):
        solved = linprog(sign * goal, -least, np.zeros(len(least)), equal, np.zeros(len(equal)), method="highs")
        if solved.status != 0 or solved.fun < -1e-6:
            return False
    return True


def undeclared(figures: pl.DataFrame) -> list[str]:
    """The relations of some figures that are in no attack, and that no made-up gemeente breaks."""
    left = [relation for relation in mined(Figures(figures)) if not made_up().broken(relation)]
    return sorted(str(relation) for relation in left if not declared(relation))


@pytest.fixture(scope="module")
def small(first_night) -> pl.DataFrame:
    return of_mart(first_night.settings.work / "kluis.duckdb")


def test_every_relation_in_the_small_demo_is_declared_or_has_a_counter_example(small: pl.DataFrame):
    assert len(mined(Figures(small))) > 100
    assert undeclared(small) == []


@pytest.mark.lang
def test_every_relation_in_the_demo_is_declared_or_has_a_counter_example(tmp_path: Path):
    town = Town(tmp_path)
    make_demo(town.settings, DemoOptions(), lambda _line: None)
    run_night(Facts(date(2023, 1, 20), ()), town)
    assert undeclared(of_mart(town.settings.work / "kluis.duckdb")) == []


WMO = ("monitor_wmo", "clienten", "totaal")
PLANTED = {
    "equal": [(WMO, 1)],
    "a sum": [(WMO, 1), (("monitor_wwb", "clienten", "totaal"), 1)],
    "a weighted sum": [(WMO, 2), (("monitor_wwb", "gebruik", "totaal"), 1)],
}


@pytest.mark.parametrize("parts", PLANTED.values(), ids=PLANTED)
def test_a_planted_relation_is_found(small: pl.DataFrame, parts: list):
    """An indicator that nobody declared and that says what others say: found, and in no attack."""
    new = ("monitor_wmo", "gepland", "totaal")
    told = undeclared(planted(small, new, parts))
    wanted = {new: 1} | {name: -weight for name, weight in parts}
    sign = 1 if wanted[min(wanted)] > 0 else -1
    assert str(Relation(frozenset((name, sign * weight) for name, weight in wanted.items()), True)) in told


@pytest.mark.parametrize("regeling", COUNTED)
def test_who_counts_in_the_total_is_no_more_than_it(regeling: str):
    for indicator in ("clienten", "huishoudens"):
        both = {("monitor_totaal", indicator, "totaal"): 1, (f"monitor_{regeling}", indicator, "totaal"): -1}
        if indicator not in SDC.same_as.get(regeling, {}):
            assert declared(Relation(frozenset(both.items()), equal=False))


@pytest.mark.parametrize(("name", "regeling"), [("OF_CLIENTS", "wmo"), ("OF_CLIENTS", "jeugdzorg"), ("OF_USERS", "")])
def test_what_the_attack_forgets_is_found(
    small: pl.DataFrame, monkeypatch: pytest.MonkeyPatch, name: str, regeling: str
):
    """Without a relation of the definitions in the attack the search finds it, where its figures are published."""
    monkeypatch.setattr(links, name, ())
    rules_of_one_place.cache_clear()
    told = undeclared(small)
    monkeypatch.undo()
    rules_of_one_place.cache_clear()
    line = f"-1 monitor_{regeling}.clienten.totaal +1 monitor_{regeling}.voorzieningen.totaal >= 0"
    assert (line in told) is bool(regeling)


def publishes(seed: int, folder: Path) -> None:
    """A first close of a town through protection, attack and audit, to the end: nothing is found."""
    made = Closes(folder)
    made.compute(towns()[seed][0], date(2022, 5, 20))
    told = recall(made.work, "toestand/beveiliging_samen")
    audit = made.audit()
    assert (told["fout"], audit["reden"], audit["smalste"]) == ("", "", SDC.width), seed
    assert told["aangevallen"] > 500
    # Nobody knew anything before a first close: what is found there is hidden, not called known.
    assert told["al_bekend"] == 0
    entries = pl.read_parquet(made.work / "vrij" / "grootboek.parquet")
    assert entries.filter(pl.col("publicatiestatus") == "gepubliceerd").height > 100


def test_publication_works_where_most_of_what_seems_true_is_broken(small: pl.DataFrame, tmp_path: Path):
    publishes(fewest_towns(small)[0], tmp_path)


@pytest.mark.lang
def test_publication_works_where_anything_that_seems_true_is_broken(small: pl.DataFrame, tmp_path: Path):
    chosen = fewest_towns(small)
    assert len(chosen) > 1
    for seed in chosen[1:]:
        (folder := tmp_path / str(seed)).mkdir()
        publishes(seed, folder)


@pytest.mark.parametrize("seed", [3, 5, 6, 7])
def test_where_anything_can_happen_the_attack_believes_nothing_untrue(seed: int):
    """What breaks what only seems true breaks no rule of the attack: it has a solution, so publication works."""
    cells, rules = rules_of(gemeente(seed, 1000, 17, DAYS, linked=COUNTED, wild=True))
    assert len(rules.equal) > 1000
    counts = cells.get_column("telling").to_numpy()
    sums = np.bincount(rules.row, rules.coef * counts[rules.cell], len(rules.equal))
    assert (sums[rules.equal] == 0).all()
    assert (sums >= 0).all()


DIGEST = """
from hashlib import sha256
from tests.validations.disclosure.test_relations import COUNTED, DAYS, gemeente, rules_of
_, rules = rules_of(gemeente(2, 1000, 17, DAYS, linked=COUNTED, wild=True))
parts = (rules.row, rules.cell, rules.coef, rules.equal)
print(sha256(b"".join(part.astype("int64").tobytes() for part in parts)).hexdigest())
"""


def test_the_same_figures_give_the_same_rules_in_the_same_order():
    """In any process: an attack is seeded, and what it proves in one night is found again in the next."""
    run = [sys.executable, "-c", DIGEST]
    told = {subprocess.run(run, cwd=PROJECT, capture_output=True, text=True, check=True).stdout for _ in range(3)}
    assert len(told) == 1
