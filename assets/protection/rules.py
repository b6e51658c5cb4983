"""The sums that the published tables obey, as rules over their cells (bounds.py): what a reader can calculate with.

Built from keys alone, all at once: areas, ages, use, households, flows between two quarter-ends, and linked persons.
"""

from itertools import pairwise

import numpy as np
import polars as pl

from assets.ground.declared import BREAKDOWN, TOTAAL
from assets.ground.indicatoren import flow_months, flows, moves, uses
from assets.ground.regelingen import for_some_ages, own_provisions, telwijzen
from assets.protection.bounds import Rules
from assets.protection.rules_over import households, kinds
from assets.protection.sdc import AGES

# Which tables count together in TOTAAL, per gemeente and month (mart.read_linked).
LINKED = {"gemeentecode": pl.String, "peildatum": pl.Date, "tabel": pl.String}
CELL = ["tabel", "gebiedscode", "indelingsjaar", "peildatum", "leeftijdsgroep", BREAKDOWN, "indicator"]


def build_rules(cells: pl.DataFrame, linked: pl.DataFrame | None = None) -> tuple[Rules, int]:
    """The rules, and the number of variables: the rows of `cells`, then what is never published.

    `cells`: CELL, `ouder_code`, `status`, `aantal`, and `vorig`: on the row of clients the stock of the quarter before,
    in today's areas; where it is the stock told then, the two quarters can be compared. Only delivered cells of
    tables that add up (`telt_op`) take part. `linked` (LINKED): those whose persons count together in monitor_totaal.
    """
    rules = Rules()
    known = cells.with_row_index("cel").filter(pl.col("status") == "geleverd", "telt_op")
    _areas(rules, known)
    size = _ages(rules, known, cells.height)
    _stocks_and_flows(rules, known)
    kinds(rules, known)
    if linked is not None:
        _persons(rules, known, linked)
        households(rules, known)
    return rules, size


def _areas(rules: Rules, known: pl.DataFrame) -> None:
    """Areas add up to the one that they lie in; moves do not, as one within a wijk is none of that wijk."""
    known = known.filter(~pl.col("indicator").is_in(moves()))
    parts = known.select(*CELL, "cel", gebied="gebiedscode", boven="ouder_code").drop("gebiedscode")
    pairs = known.join(
        parts, left_on=CELL, right_on=["boven" if c == "gebiedscode" else c for c in CELL], suffix="_deel"
    )
    _equal(rules, pairs, pairs.select("cel").unique(), "cel", "cel_deel")


def _ages(rules: Rules, known: pl.DataFrame, size: int) -> int:
    """Ages add up to the total, with the group `onbekend` that is never published: a variable more for each."""
    key = [name for name in CELL if name != "leeftijdsgroep"]
    totals = known.filter(pl.col("leeftijdsgroep") == AGES[0]).select(*key, "cel")
    pairs = totals.join(known.filter(pl.col("leeftijdsgroep") != AGES[0]).select(*key, deel="cel"), on=key)
    whole = pairs.select("cel").unique().sort("cel").with_row_index("nummer")
    rest = whole.select("cel", deel=pl.col("nummer") + size)
    pairs = pl.concat(
        [pairs.select("cel", pl.col("deel").cast(pl.Int64)), rest.with_columns(pl.col("deel").cast(pl.Int64))]
    )
    _equal(rules, pairs, whole, "cel", "deel")
    return size + whole.height


def _equal(rules: Rules, pairs: pl.DataFrame, whole: pl.DataFrame, total: str, part: str) -> None:
    """Adds: each `total` equals the sum of its `part`s."""
    if pairs.is_empty():
        return
    rule = np.concatenate([whole.get_column(total).to_numpy(), pairs.get_column(total).to_numpy()])
    cell = np.concatenate([whole.get_column(total).to_numpy(), pairs.get_column(part).to_numpy()])
    coef = np.concatenate([np.ones(whole.height), -np.ones(pairs.height)])
    rules.add(rule, cell, coef, equal=True)


def _at_least(rules: Rules, pairs: pl.DataFrame, most: str, least: str) -> None:
    """Adds: in each row `most` is at least `least`."""
    pairs = pairs.select(most, least).drop_nulls()
    if pairs.height:
        number = np.arange(pairs.height)
        cell = np.concatenate([pairs.get_column(most).to_numpy(), pairs.get_column(least).to_numpy()])
        coef = np.concatenate([np.ones(pairs.height), -np.ones(pairs.height)])
        rules.add(np.concatenate([number, number]), cell, coef, equal=False)


def _stocks_and_flows(rules: Rules, known: pl.DataFrame) -> None:
    """Households <= clients <= use; no more flow than stock; and the stock of a quarter follows from the one before."""
    key = ["tabel", "gebiedscode", "indelingsjaar", BREAKDOWN, "peildatum"]
    total = known.filter(pl.col("leeftijdsgroep") == AGES[0])

    def of(indicator: str) -> pl.DataFrame:
        return total.filter(pl.col("indicator") == indicator).select(*key, pl.col("cel").alias(indicator))

    clients = total.filter(pl.col("indicator") == "clienten").select(*key, "aantal", "vorig", clienten="cel")
    then = clients.select(*key, toen="clienten", aantal_toen="aantal").with_columns(
        pl.col("peildatum").dt.offset_by(f"{flow_months()}mo").dt.month_end()
    )
    use, *longer = (known.name for known in uses())
    wide = of(use).join(clients, on=key, how="full", coalesce=True)
    for name in [*longer, "huishoudens", "voorzieningen"]:
        wide = wide.join(of(name), on=key, how="full", coalesce=True)
    for flow in flows():
        wide = wide.join(of(flow.name), on=key, how="left")
    wide = wide.join(then, on=key, how="left")
    comparable = pl.col("toen").is_not_null() & (pl.col("vorig") == pl.col("aantal_toen"))
    wide = wide.with_columns(pl.when(comparable).then("toen").alias("toen"))
    _at_least(rules, wide, use, "clienten")
    for part, period in pairwise([use, *longer]):
        _at_least(rules, wide, period, part)
    _earlier_use(rules, known)
    _at_least(rules, wide, "clienten", "huishoudens")
    _at_least(rules, wide.filter(pl.col("clienten").is_null()), use, "huishoudens")
    for regeling in own_provisions():
        persons = use if telwijzen()[regeling] == "gebeurtenis" else "clienten"
        _at_least(rules, wide.filter(pl.col("tabel") == f"monitor_{regeling}"), "voorzieningen", persons)
    coming, leaving = ([flow.name for flow in flows() if flow.sign == sign] for sign in (1, -1))
    for flow in coming:
        _at_least(rules, wide, "clienten", flow)
    for flow in leaving:
        _at_least(rules, wide, "toen", flow)
    # stand(t) = stand(t-1) + instroom - uitstroom + verhuisd_in - verhuisd_uit; a gemeente has no moves within it.
    needed = ["toen", *(flow.name for flow in flows() if flow.kind == "stroom")]
    told = wide.filter(pl.all_horizontal(pl.col(name).is_not_null() for name in needed)).with_row_index("nummer")
    signs = dict.fromkeys(["toen", *coming], 1) | dict.fromkeys(["clienten", *leaving], -1)
    terms = [told.select("nummer", cel=name, teken=pl.lit(sign)).drop_nulls() for name, sign in signs.items()]
    found = pl.concat(terms)
    if found.height:
        rules.add(*(found.get_column(c).to_numpy() for c in ("nummer", "cel", "teken")), equal=True)


def _earlier_use(rules: Rules, known: pl.DataFrame) -> None:
    """In a gemeente: use of a month, or the half-year before, is no more than that of a period in which it lies.

    In a wijk it may be more: a person who used it there may live in another when the period ends.
    """
    key = ["tabel", "gebiedscode", BREAKDOWN, "peildatum"]
    gemeente = known.filter(pl.col("leeftijdsgroep") == AGES[0], pl.col("gebiedscode") == pl.col("gemeentecode"))

    def of(indicator: str, back: int = 0) -> pl.DataFrame:
        later = pl.col("peildatum").dt.offset_by(f"{back}mo").dt.month_end()
        return gemeente.filter(pl.col("indicator") == indicator).select(*key[:-1], later, cel="cel")

    for part, period in pairwise(uses()):
        for back in range(part.every, period.months, part.every):
            _at_least(rules, of(period.name).join(of(part.name, back), on=key, suffix="_deel"), "cel", "cel_deel")
    # A client of now and one who left are two persons, and both used it in the shortest period that the flows lie in.
    (left,) = (flow.name for flow in flows() if flow.kind == "stroom" and flow.sign < 0)
    over = next(use.name for use in uses() if use.months > flow_months())
    clients = of("clienten").join(of(left), on=key, suffix="_weg")
    both = of(over).join(clients, on=key, suffix="_nu").select("cel", "cel_nu", "cel_weg")
    if both.height:
        coefs = np.repeat([1, -1, -1], both.height)
        cells = np.concatenate([both.get_column(name).to_numpy() for name in both.columns])
        rules.add(np.tile(np.arange(both.height), 3), cells, coefs, equal=False)


def _persons(rules: Rules, known: pl.DataFrame, linked: pl.DataFrame) -> None:
    """Each linked table <= unique persons <= the sum of them, where all of them are told."""
    key = [name for name in CELL if name != "tabel"]
    persons = known.filter(pl.col("indicator") == "clienten")
    unique = persons.filter(pl.col("tabel") == TOTAAL.table).select(*key, "cel", "gemeentecode")
    all_of = linked.group_by("gemeentecode", "peildatum").len("alle")
    parts = persons.join(linked, on=list(LINKED), how="semi").join(all_of, on=["gemeentecode", "peildatum"])
    pairs = unique.join(parts.select(*key, "alle", deel="cel"), on=key)
    _at_least(rules, pairs, "cel", "deel")
    pairs = pairs.filter(pl.len().over("cel") == pl.col("alle"))
    # Under some laws a person of another age counts in no age group, but has one among the unique persons.
    some = linked.filter(pl.col("tabel").is_in([f"monitor_{regeling}" for regeling in for_some_ages()]))
    of_age = pl.col("leeftijdsgroep") != AGES[0]
    of_all = pairs.filter(of_age).join(some, on=["gemeentecode", "peildatum"], how="anti")
    pairs = pl.concat([pairs.filter(~of_age), of_all])
    if pairs.height:
        whole = pairs.select("cel").unique()
        rule = np.concatenate([pairs.get_column("cel").to_numpy(), whole.get_column("cel").to_numpy()])
        cell = np.concatenate([pairs.get_column("deel").to_numpy(), whole.get_column("cel").to_numpy()])
        rules.add(rule, cell, np.concatenate([np.ones(pairs.height), -np.ones(whole.height)]), equal=False)


def smallest_near(cell: int, rules: Rules, usable: np.ndarray, count: np.ndarray) -> int | None:
    """The smallest usable cell that shares a rule with `cell`, else with a neighbour, up to four steps away."""
    cells = rules.arrays[1]
    reached, edge = {cell}, {cell}
    for _ in range(4):
        touched = {rule for here in edge for rule in rules.of(here)}
        edge = {other for rule in touched for other in cells[rules.within(rule)].tolist()} - reached
        reached |= edge
        candidates = [other for other in edge if other < len(usable) and usable[other]]
        if candidates:
            return min(candidates, key=lambda other: (count[other], other))
    return None
