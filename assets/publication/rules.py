"""The sums that the published cells of one regeling obey, as rules for `bounds.propagate`.

Only what a reader knows too: areas add up, ages add up, households <= clients <= use, stock follows from flows.
"""

from collections import defaultdict
from datetime import date

import numpy as np
import polars as pl

from assets.publication.bounds import Rules
from assets.publication.sdc import AGES

FLOWS = ("instroom_kwartaal", "verhuisd_in_kwartaal"), ("uitstroom_kwartaal", "verhuisd_uit_kwartaal")


def build_rules(cells: pl.DataFrame, figures: pl.DataFrame) -> tuple[Rules, int]:
    """The rules, and the number of variables: the rows of `cells`, then what is never published.

    Areas add up to their parent; ages to the total, with the unpublished group `onbekend`; and the stock of a
    quarter-end follows from the one before and the flows between. Only delivered cells take part.
    """
    rules = Rules()
    place: dict[tuple, int] = {}
    children: dict[tuple, list[int]] = defaultdict(list)
    ages: dict[tuple, list[int]] = defaultdict(list)
    columns = ("gebiedscode", "ouder_code", "peildatum", "leeftijdsgroep", "indicator")
    delivered = cells.with_row_index("index").filter(pl.col("status") == "geleverd").select("index", *columns)
    for index, area, parent, day, age, indicator in delivered.iter_rows():
        place[area, day, age, indicator] = index
        children[parent, day, age, indicator].append(index)
        if age != AGES[0]:
            ages[area, day, indicator].append(index)
    for key, parts in children.items():
        if key in place:
            rules.add([place[key]], parts)
    size = cells.height
    for (area, day, indicator), parts in ages.items():
        rules.add([place[area, day, AGES[0], indicator]], [*parts, size])
        size += 1
    # The stock before, in the areas of now: where it is the stock told then, the two quarters can be compared.
    before = figures.filter(pl.col("indicator") == "stand_vorig_kwartaal", pl.col("status") == "geleverd")
    stock_before = {(area, day): n for area, day, n in before.select("gebiedscode", "peildatum", "aantal").iter_rows()}
    counts = cells.get_column("aantal").to_list()
    for (area, day, age, indicator), index in place.items():
        if age == AGES[0] and indicator == "clienten":
            earlier = place.get((area, _quarter_before(day), AGES[0], "clienten"))
            comparable = earlier is not None and stock_before.get((area, day)) == counts[earlier]
            _client_rules(rules, place, (area, day), index, earlier if comparable else None)
    return rules, size


def _client_rules(rules: Rules, place: dict[tuple, int], where: tuple, index: int, before: int | None) -> None:
    """The rules around the number of clients of one area and day; `before`: the same a quarter earlier."""
    area, day = where
    use, households = (place.get((area, day, AGES[0], name)) for name in ("gebruik", "huishoudens"))
    if use is not None:
        rules.add([use], [index], equal=False)
    if households is not None:
        rules.add([index], [households], equal=False)
    coming, leaving = ([place[k] for n in names if (k := (area, day, AGES[0], n)) in place] for names in FLOWS)
    for flow in coming:
        rules.add([index], [flow], equal=False)
    if before is None:
        return
    for flow in leaving:
        rules.add([before], [flow], equal=False)
    if coming and leaving:
        rules.add([before, *coming], [index, *leaving])


def _quarter_before(day: date) -> date | None:
    """The quarter-end three months before a quarter-end; None for any other day."""
    ends = {3: (12, 31), 6: (3, 31), 9: (6, 30), 12: (9, 30)}
    if day.month not in ends:
        return None
    month, last = ends[day.month]
    return date(day.year - (day.month == 3), month, last)


def neighbours_of(rules: Rules) -> dict[int, list[list[int]]]:
    """For each cell the rules that it stands in, as lists of cells."""
    members: dict[int, list[int]] = defaultdict(list)
    for number, cell in zip(rules.rule, rules.cell, strict=True):
        members[number].append(cell)
    found: dict[int, list[list[int]]] = defaultdict(list)
    for cells in members.values():
        for cell in cells:
            found[cell].append(cells)
    return found


def smallest_near(cell: int, neighbours: dict, shown: np.ndarray, count: np.ndarray) -> int | None:
    """The smallest shown cell that shares a rule with `cell`, else with a neighbour, up to four steps away."""
    reached, edge = {cell}, {cell}
    for _ in range(4):
        edge = {other for here in edge for rule in neighbours[here] for other in rule} - reached
        reached |= edge
        candidates = [other for other in edge if other < len(shown) and shown[other]]
        if candidates:
            return min(candidates, key=lambda other: (count[other], other))
    return None
