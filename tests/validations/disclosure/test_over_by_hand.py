"""Each relation over regelingen that the attacker knows: it finds a hidden count, which nobody finds without it."""

from collections.abc import Mapping
from datetime import date

import polars as pl
import pytest

from tests.making.sums import ALL_LAWS, BUSES, DEBTS, KINDS, KINDS_OF_THE_ATTACK, OF_THE_ATTACK, ONE, TIED, Sum
from tests.validations.disclosure.trial import UNLINKED
from validations.disclosure import links
from validations.disclosure.attack import Outcome, attack
from validations.disclosure.links_over import COMBINED, STACK, over_regelingen
from validations.disclosure.links_over import KINDS as KINDS_TABLE
from validations.disclosure.reader import BREAKDOWN, KEY

DAY = date(2022, 3, 31)
CODES = {"G": "GM0999", "A": "WK099901", "B": "WK099902"}
NO_PARTS = pl.DataFrame(
    schema={"gemeentecode": pl.String, "indelingsjaar": pl.Int32, "gebiedscode": pl.String, "delen": pl.UInt32}
)
SUMS = TIED | OF_THE_ATTACK | KINDS | KINDS_OF_THE_ATTACK
SET = (*ALL_LAWS, DEBTS, BUSES)
NAME = (
    pl.when(pl.col("tabel").is_in([COMBINED, KINDS_TABLE]))
    .then(BREAKDOWN)
    .when(pl.col("tabel") == STACK)
    .then("indicator")
    .when(pl.col("indicator") == "huishoudens")
    .then("tabel")
    .otherwise(pl.format("{}:{}", "indicator", "tabel"))
)


def where(name: str) -> dict[str, str]:
    """Table, own key and indicator of a figure."""
    if name.startswith("huishoudens_"):
        return {"tabel": STACK, BREAKDOWN: "", "indicator": name}
    if "|" in name:
        return {"tabel": KINDS_TABLE, BREAKDOWN: name, "indicator": "clienten"}
    if ":" in name:
        indicator, table = name.split(":")
        return {"tabel": table, BREAKDOWN: "", "indicator": indicator}
    if name.startswith("monitor_"):
        return {"tabel": name, BREAKDOWN: "", "indicator": "huishoudens"}
    return {"tabel": COMBINED, BREAKDOWN: name, "indicator": "huishoudens"}


def told(counts: Mapping[str, Mapping[str, int]], covered: tuple[str, ...] = ()) -> pl.DataFrame:
    """What is published of some counts, with these counts."""
    rows = [
        {
            "gemeentecode": "GM0999",
            "gebiedsniveau": "gemeente" if area == "G" else "wijk",
            "gebiedscode": CODES[area],
            "indelingsjaar": 2022,
            "peildatum": DAY,
            "leeftijdsgroep": "totaal",
            "noemer": None,
            "per_1000": None,
            "ruimte": 0,
            "drempel": 10,
            "aantal": count,
            "waarde": None if count < 10 or name in covered else 5 * ((count + 2) // 5),
            "publicatiestatus": (
                "kleiner_dan_drempel" if count < 10 else "onderdrukt" if name in covered else "gepubliceerd"
            ),
        }
        | where(name)
        for area, figures in counts.items()
        for name, count in figures.items()
    ]
    schema = {"waarde": pl.Int64, "noemer": pl.Int64, "per_1000": pl.Float64, "indelingsjaar": pl.Int32}
    return pl.DataFrame(rows, schema_overrides=schema)


def attacked(figures: pl.DataFrame, together: tuple[str, ...]) -> Outcome:
    there = [area for area, code in CODES.items() if code in figures.get_column("gebiedscode").to_list()]
    rows = [("GM0999", "gemeente" if a == "G" else "wijk", CODES[a], None if a == "G" else "GM0999") for a in there]
    columns = ["gemeentecode", "gebiedsniveau", "gebiedscode", "ouder_code"]
    areas = pl.DataFrame(rows, dict.fromkeys(columns, pl.String), orient="row").with_columns(
        gebiedsnaam="gebiedscode", indelingsjaar=pl.lit(2022, pl.Int32)
    )
    residents = areas.select(
        "gebiedscode", peildatum=pl.lit(DAY), leeftijdsgroep=pl.lit("totaal"), inwoners=pl.lit(500)
    )
    linked = pl.DataFrame([("GM0999", DAY, table) for table in together], UNLINKED.schema, orient="row")
    return attack(figures.drop("aantal"), areas, residents, figures.select(*KEY, "aantal"), linked)


def found(outcome: Outcome) -> dict[tuple[str, str], tuple[int, int]]:
    assert (outcome.infeasible, outcome.findings) == (0, ())
    areas = {code: area for area, code in CODES.items()}
    rows = outcome.cells.select("gebiedscode", NAME.alias("naam"), "lo", "hi").rows()
    return {(areas[code], name): (low, high) for code, name, low, high in rows}


def forget(monkeypatch: pytest.MonkeyPatch, terms: Mapping[str, int]) -> list[dict[str, int]]:
    """The attacker does not know that sum any more; returns what was left out, filled when it attacks."""
    left_out: list[dict[str, int]] = []

    def others(cells: pl.DataFrame, *told: pl.DataFrame, **own: tuple[str, ...]) -> list[tuple[pl.DataFrame, bool]]:
        names = dict(cells.select("cel", NAME.alias("naam")).iter_rows())
        kept = []
        for entries, equal in over_regelingen(cells, *told, **own):
            drop = []
            for rule in entries.partition_by("regel"):
                # A sum over areas has a name more than once, with one coefficient.
                if {names[cell]: coef for cell, coef in rule.select("cel", "coef").iter_rows()} == terms:
                    drop.append(rule.item(0, "regel"))
                    left_out.append(dict(terms))
            kept.append((entries.filter(~pl.col("regel").is_in(drop)), equal))
        return kept

    monkeypatch.setattr(links, "over_regelingen", others)
    return left_out


@pytest.mark.parametrize("case", SUMS.values(), ids=SUMS)
def test_a_sum_gives_a_hidden_count_away_and_nothing_else_does(case: Sum, monkeypatch: pytest.MonkeyPatch):
    figures = told(case.counts, case.covered)
    assert found(attacked(figures, case.together)) == case.found
    left_out = forget(monkeypatch, case.terms)
    assert set(found(attacked(figures, case.together))) == set(case.anyway)
    assert left_out


def test_every_relation_has_its_case():
    """What the attacker knows of one place of which everything is told."""
    names = {name for case in SUMS.values() for figures in case.counts.values() for name in figures}
    figures = told({"G": dict.fromkeys(sorted(names), 20)})
    cells = figures.select(*KEY).with_columns(ouder_code=pl.lit(None, pl.String), telling=20).with_row_index("cel")
    by_cell = dict(cells.select("cel", NAME.alias("naam")).iter_rows())
    linked = pl.DataFrame([("GM0999", DAY, table) for table in SET], UNLINKED.schema, orient="row")
    known = {
        shape({by_cell[cell]: coef for cell, coef in rule.select("cel", "coef").iter_rows()})
        for entries, _ in over_regelingen(cells, linked, NO_PARTS, one_each=links.ONE_EACH, own=links.OF_CLIENTS)
        for rule in entries.partition_by("regel")
    }
    assert len(known) > 20
    assert known - {shape(case.terms) for case in SUMS.values()} == set()


def shape(terms: Mapping[str, int]) -> frozenset[tuple[str, bool]]:
    """What adds and what takes, whichever regelingen are in the set and however many, whichever kinds of help."""
    over_the_set = ONE in terms or DEBTS in terms or BUSES in terms

    def which(name: str) -> str:
        if over_the_set and name in SET:
            return "the set"
        return "kind" if "|" in name else name.split(":")[0]

    return frozenset((which(name), coef > 0) for name, coef in terms.items())


def test_clients_are_no_fewer_than_the_households_that_are_not_told():
    """Of debts only clients are told: at least as many as households, so they take their place in the sum."""
    case = OF_THE_ATTACK["all of the set"]
    figures = told(case.counts)
    clients = figures.with_columns(
        indicator=pl.when(pl.col("tabel") == DEBTS).then(pl.lit("clienten")).otherwise("indicator")
    )
    assert found(attacked(clients, case.together)) == case.found
    # Where one of the set is not told at all there is no sum.
    assert found(attacked(figures.filter(pl.col("tabel") != DEBTS), case.together)) == {}


def test_only_all_wijken_together_have_the_combinations_of_the_gemeente():
    """Of an earlier close a reader knows what was set in it: here not of B."""
    case = TIED["more than one law of all wijken"]
    whole = told(case.counts)
    part = whole.with_columns(
        pl.when(pl.col("gebiedscode") == CODES["B"])
        .then(pl.lit("niet_geleverd"))
        .otherwise("publicatiestatus")
        .alias("publicatiestatus"),
        waarde=pl.when(pl.col("gebiedscode") != CODES["B"]).then("waarde"),
    )
    assert found(attacked(whole, case.together)) == case.found
    assert found(attacked(part, case.together)) == {}
