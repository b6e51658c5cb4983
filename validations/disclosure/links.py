"""How figures depend on each other, as any reader knows: rules `sum(coefficient * figure) = 0`, or `>= 0`.

What a figure tells by itself is in reader.py. Every rule holds for the exact counts by the definitions of design.md
section 6; a rule that need not hold for them would make the attack claim what no reader can know.
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import polars as pl

from validations.disclosure.links_over import over_regelingen
from validations.disclosure.reader import AGGREGATES, BREAKDOWN, FAR, KEY, PLACE, TOTAL, UNKNOWN

# Use of a period by how many months it has, the shortest first; it stands where they end, and lies whole in the next.
USES = {"gebruik": 1, "gebruik_halfjaar": 6, "gebruik_jaar": 12}
# The flows of this many months; a larger area has fewer of the last two than its parts.
FLOWS = ("instroom_kwartaal", "uitstroom_kwartaal", "verhuisd_in_kwartaal", "verhuisd_uit_kwartaal")
MOVED, QUARTER = FLOWS[2:], 3
LINKED_OVER = ("clienten", "gebruik", "huishoudens")
UNION = "monitor_totaal"
MOVES = "verhuisd_binnen_gemeente"  # never published: all who moved between areas of one level
# By definition clients here have provisions of their own: exactly one, or at least one; with events, users do.
ONE_EACH = ("monitor_wsw",)
OF_CLIENTS = ("monitor_jeugdzorg", "monitor_oggz", "monitor_wet_oke", "monitor_wmo")
OF_USERS = ("monitor_leerplicht",)
# Everybody in the Wajong is in one of these. The source rounds each figure to ten: so far it can be from the count.
REGIMES = ("clienten_owajong", "clienten_wajong_2010", "clienten_wajong_2015")
ROUNDED, OFF = "afronding_door_de_bron", 5  # ROUNDED is never published: how far that brings them from the total
Entries = pl.DataFrame  # regel, cel, coef: one row per figure in a rule


@dataclass(frozen=True)
class Rules:
    """Entry i puts figure `cell[i]` in rule `row[i]` with `coef[i]`; sorted by row. `equal` per rule: = 0 or >= 0."""

    row: np.ndarray
    cell: np.ndarray
    coef: np.ndarray
    equal: np.ndarray

    @cached_property
    def _of_cell(self) -> tuple[np.ndarray, np.ndarray]:
        """The rule of each entry, sorted by figure; and where each figure begins."""
        order = np.argsort(self.cell, kind="stable")
        return self.row[order], np.searchsorted(self.cell[order], np.arange(self.cell.max(initial=-1) + 2))

    def holding(self, figures: np.ndarray) -> "Rules":
        """The rules that hold one of `figures`, whole and in the same order, numbered anew.

        Looked up, not searched for: of many small programs each would search all rules (seen: a quarter of a night).
        """
        rows, starts = self._of_cell
        figures = figures[figures < len(starts) - 1]
        touched = np.unique(rows[ranges(starts[figures], starts[figures + 1])])
        begin, end = np.searchsorted(self.row, touched), np.searchsorted(self.row, touched, side="right")
        entries = ranges(begin, end)
        row = np.repeat(np.arange(len(touched)), end - begin)
        return Rules(row, self.cell[entries], self.coef[entries], self.equal[touched])

    def binding(self, low: np.ndarray, high: np.ndarray) -> "Rules":
        """The rules that can be broken within some bounds, in the same order, numbered anew; the others tell nothing.

        Most of what one month has to do with another falls away: use of a half-year is well above that of each month.
        """
        least = np.where(self.coef > 0, low[self.cell], high[self.cell]) * self.coef
        sums = np.zeros(len(self.equal), np.int64)
        np.add.at(sums, self.row, least)
        kept = self.equal | (sums < 0)
        entries = kept[self.row]
        return Rules((np.cumsum(kept) - 1)[self.row[entries]], self.cell[entries], self.coef[entries], self.equal[kept])


def ranges(begin: np.ndarray, end: np.ndarray) -> np.ndarray:
    """The numbers from each begin up to its end, one after another."""
    length = end - begin
    return np.repeat(begin - (np.cumsum(length) - length), length) + np.arange(length.sum())


def link(
    cells: pl.DataFrame, areas: pl.DataFrame, linked: pl.DataFrame, not_applicable: pl.DataFrame
) -> tuple[pl.DataFrame, Rules]:
    """The figures (with MOVES and ROUNDED added) and all rules between them.

    `linked`: gemeentecode, peildatum, tabel of what counts in UNION; `not_applicable`: KEY of figures that are `nvt`.
    The same figures give the same rules in the same order: what was proven of them can be found again.
    """
    children = areas.group_by("gemeentecode", "indelingsjaar", pl.col("ouder_code").alias("gebiedscode")).len("delen")
    cells, moves = _moves(cells, children)
    wide = _wide(cells)
    cells, regimes = _regimes(cells, wide, not_applicable)
    adding = cells.filter(~pl.col("tabel").is_in(AGGREGATES))
    parts = [
        (_areas_add_up(adding, children), True),
        (_ages_add_up(adding), True),
        (_terms(wide, ["gebruik"], ["clienten"]), False),
        # Users in the month or half-year that ends with a longer period are users in that period too, and live there.
        *((_terms(wide, [period], [part]), False) for part, period in pairwise(USES)),
        *_earlier_use(wide),
        (_terms(wide, ["clienten"], ["huishoudens"]), False),
        # Events have no clients.
        (_terms(wide.filter(pl.col("clienten").is_null()), ["gebruik"], ["huishoudens"]), False),
        (_terms(_of(wide, ONE_EACH), ["voorzieningen"], ["clienten"]), True),
        (_terms(_of(wide, OF_CLIENTS), ["voorzieningen"], ["clienten"]), False),
        (_terms(_of(wide, OF_USERS), ["voorzieningen"], ["gebruik"]), False),
        # A person who came is a client now; a person who left was one then.
        (_terms(wide, ["clienten"], ["instroom_kwartaal"], optional=["verhuisd_in_kwartaal"]), False),
        (_terms(wide, ["eerder"], ["uitstroom_kwartaal"], optional=["verhuisd_uit_kwartaal"]), False),
        (_quarters(wide), True),
        *moves,
        (regimes, False),
        *_persons(cells, linked, not_applicable),
        *over_regelingen(cells, linked, children, one_each=ONE_EACH, own=OF_CLIENTS),
    ]
    entries, equal, count = [], [], 0
    for rules, is_equal in parts:
        number = rules.select(pl.col("regel").rank("dense").cast(pl.Int64) - 1 + count).to_series()
        entries.append(rules.select(number.alias("regel"), pl.col("cel").cast(pl.Int64), pl.col("coef").cast(pl.Int64)))
        added = rules.get_column("regel").n_unique()
        equal += [is_equal] * added
        count += added
    all_rules = pl.concat(entries).sort("regel", "cel")
    row, cell, coef = (all_rules.get_column(name).to_numpy() for name in ("regel", "cel", "coef"))
    return cells, Rules(row, cell, coef, np.array(equal, bool))


def _entries(frame: pl.DataFrame, plus: list[str], minus: list[str]) -> Entries:
    """One rule per row of a frame whose columns hold figures; a null takes no part."""
    numbered = frame.select(*plus, *minus).with_row_index("regel")
    return pl.concat(
        numbered.select("regel", pl.col(name).alias("cel"), pl.lit(sign).alias("coef")).drop_nulls()
        for names, sign in ((plus, 1), (minus, -1))
        for name in names
    )


def _terms(wide: pl.DataFrame, plus: list[str], minus: list[str], optional: list[str] | None = None) -> Entries:
    """sum(plus) - sum(minus) - sum(optional), where all of plus and minus are known."""
    return _entries(wide.drop_nulls([*plus, *minus]), plus, [*minus, *(optional or [])])


def _of(wide: pl.DataFrame, tables: tuple[str, ...]) -> pl.DataFrame:
    return wide.filter(pl.col("tabel").is_in(tables))


def _parts(parents: pl.DataFrame, parts: pl.DataFrame, on: list[str]) -> Entries:
    """Parent - sum(parts) of each parent; both frames hold `cel` and the columns `on`."""
    numbered = parents.with_row_index("regel")
    own = numbered.select("regel", "cel", pl.lit(1).alias("coef"))
    return pl.concat([own, parts.join(numbered.drop("cel"), on=on).select("regel", "cel", pl.lit(-1).alias("coef"))])


def _whole(parts: pl.DataFrame, children: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    """The groups `by` of areas with a parent (in column gebiedscode) in which no area is missing."""
    counted = parts.group_by(by).len("aanwezig").join(children, on=["gemeentecode", "indelingsjaar", "gebiedscode"])
    return counted.filter(pl.col("aanwezig") == pl.col("delen")).select(by)


def _areas_add_up(cells: pl.DataFrame, children: pl.DataFrame) -> Entries:
    """Areas add up to their parent; moves do not, as one within the parent is none of the parent."""
    counts = cells.filter(~pl.col("indicator").is_in(MOVED))
    parts = counts.drop_nulls("ouder_code").select("cel", *PLACE, pl.col("ouder_code").alias("gebiedscode"))
    parents = counts.select("cel", *KEY).join(_whole(parts, children, KEY), on=KEY, how="semi")
    return _parts(parents, parts, KEY)


def _ages_add_up(cells: pl.DataFrame) -> Entries:
    """Age groups, `onbekend` among them, add up to the total; there is an `onbekend` where none of them is missing."""
    place = [name for name in KEY if name != "leeftijdsgroep"]
    groups = cells.filter(pl.col("leeftijdsgroep") != TOTAL)
    groups = groups.filter((pl.col("leeftijdsgroep") == UNKNOWN).any().over(place)).select("cel", *place)
    totals = cells.filter(pl.col("leeftijdsgroep") == TOTAL).select("cel", *place)
    return _parts(totals.join(groups, on=place, how="semi"), groups, place)


def _wide(cells: pl.DataFrame) -> pl.DataFrame:
    """Per table, area, month and age group: the figure of each indicator, and `eerder`: clienten a quarter before."""
    names = ("clienten", *USES, "huishoudens", "voorzieningen", *FLOWS, *REGIMES)
    place = [name for name in KEY if name != "indicator"]
    wide = cells.group_by(*place, "gebiedsniveau", maintain_order=True).agg(
        *(pl.col("cel").filter(pl.col("indicator") == name).first().alias(name) for name in names),
        _balance().alias("saldo"),
        pl.col("telling").filter(pl.col("indicator") == "clienten").first().alias("stand"),
    )
    before = wide.select(
        "tabel",
        "gemeentecode",
        "gebiedscode",
        "leeftijdsgroep",
        BREAKDOWN,
        _months_later(QUARTER),
        pl.col("clienten").alias("eerder"),
        pl.col("stand").alias("stand_eerder"),
        pl.col("indelingsjaar").alias("jaar_eerder"),
    )
    on = ["tabel", "gemeentecode", "gebiedscode", "leeftijdsgroep", BREAKDOWN, "peildatum"]
    joined = wide.join(before, on=on, how="left", maintain_order="left")
    # Another indeling: a reader can look up whether the borders of this area stayed; then the stocks fit the flows.
    comparable = (pl.col("jaar_eerder") == pl.col("indelingsjaar")) | (
        pl.col("stand_eerder") + pl.col("saldo") == pl.col("stand")
    )
    quarter_end = pl.col("peildatum").dt.month() % QUARTER == 0
    return joined.with_columns(pl.when(comparable & quarter_end).then("eerder").alias("eerder"))


def _earlier_use(wide: pl.DataFrame) -> list[tuple[Entries, bool]]:
    """Use of a month, or of the half-year before, is no more than that of a period that it lies in; only of a gemeente.

    Within it people move: a person who used it in one wijk in May may count in another at the end of June. And in a
    quarter a client of now and one who no longer is are two persons, and both used it.
    """
    gemeente = wide.filter(pl.col("gebiedsniveau") == "gemeente")
    on = ["tabel", "gemeentecode", "gebiedscode", "leeftijdsgroep", BREAKDOWN, "peildatum"]
    longer = next(name for name, months in USES.items() if months > QUARTER)
    rules = [(_terms(gemeente, [longer], ["clienten", "uitstroom_kwartaal"]), False)]
    for part, period in pairwise(USES):
        for back in range(USES[part], USES[period], USES[part]):
            earlier = gemeente.select(*on[:-1], _months_later(back), deel=part)
            both = gemeente.drop_nulls(period).join(earlier, on=on, maintain_order="left")
            rules.append((_terms(both, [period], ["deel"]), False))
    return rules


def _months_later(months: int) -> pl.Expr:
    """The month-end so many months after the peildatum."""
    return pl.col("peildatum").dt.offset_by(f"{months}mo").dt.month_end()


def _balance() -> pl.Expr:
    """What the flows add to the stock, of one area."""
    signs = dict(zip(FLOWS, (1, -1, 1, -1), strict=True))
    return (pl.col("telling") * pl.col("indicator").replace_strict(signs, default=0, return_dtype=pl.Int64)).sum()


def _quarters(wide: pl.DataFrame) -> Entries:
    """Stand = stand a quarter before + in - out + moved in - moved out (no moves out of a gemeente)."""
    moving = pl.all_horizontal(pl.col(name).is_not_null() for name in MOVED)
    whole = wide.drop_nulls(["clienten", "eerder", *FLOWS[:2]]).filter(moving | (pl.col("gebiedsniveau") == "gemeente"))
    return _entries(whole, ["eerder", FLOWS[0], FLOWS[2]], ["clienten", FLOWS[1], FLOWS[3]])


def _moves(cells: pl.DataFrame, children: pl.DataFrame) -> tuple[pl.DataFrame, list[tuple[Entries, bool]]]:
    """Between the wijken of one gemeente as many move in as out, and nobody moves from a wijk to itself.

    Adds MOVES: moved in of all wijken = moved out of all = MOVES >= in + out of each.
    """
    place = [name for name in KEY if name != "indicator"]
    wijken = cells.filter(pl.col("gebiedsniveau") == "wijk").select(
        "cel", "telling", *PLACE, pl.col("gebiedscode").alias("wijk"), pl.col("ouder_code").alias("gebiedscode")
    )
    ins, outs = (wijken.filter(pl.col("indicator") == name).drop("indicator") for name in MOVED)
    both = _whole(ins, children, place).join(_whole(outs, children, place), on=place)
    counted = outs.join(both, on=place, how="semi").group_by(place).agg(pl.col("telling").sum())
    added = counted.sort(place).select(
        pl.Series("cel", np.arange(counted.height) + cells.height, pl.UInt32),
        *place,
        pl.lit(MOVES).alias("indicator"),
        pl.lit("gemeente").alias("gebiedsniveau"),
        pl.lit(None, pl.String).alias("ouder_code"),
        pl.lit(FAR).alias("inwoners"),
        "telling",
        pl.lit(False).alias("gevoelig"),
        pl.lit(0).alias("low"),
        pl.lit(FAR).alias("high"),
    )
    one = ins.join(outs.select("cel", "wijk", *place), on=[*place, "wijk"], suffix="_uit", maintain_order="left")
    one = one.join(added.select(pl.col("cel").alias("alle"), *place), on=place, maintain_order="left")
    rules = [
        (_parts(added.select("cel", *place), ins, place), True),
        (_parts(added.select("cel", *place), outs, place), True),
        (_entries(one, ["alle"], ["cel", "cel_uit"]), False),
    ]
    return pl.concat([cells, added.select(cells.columns)], how="vertical_relaxed"), rules


def _regimes(cells: pl.DataFrame, wide: pl.DataFrame, not_applicable: pl.DataFrame) -> tuple[pl.DataFrame, Entries]:
    """The regimes of the Wajong differ from their total by no more than rounding each of them can do.

    Adds ROUNDED: total - regimes >= -ROUNDED of all regimes that are told, and <= ROUNDED where none is missing (`nvt`:
    not there yet). Where what two suppliers told of one area does not fit, a reader sees that it does not.
    """
    place = [name for name in KEY if name != "indicator"]
    ageless = [name for name in place if name != "leeftijdsgroep"]
    later = not_applicable.filter(pl.col("indicator").is_in(REGIMES), pl.col("leeftijdsgroep") == TOTAL)
    told = wide.with_columns(regimes=pl.sum_horizontal(pl.col(name).is_not_null() for name in REGIMES))
    told = told.filter(pl.col("clienten").is_not_null(), pl.col("regimes") > 0)
    together = cells.filter(pl.col("indicator").is_in(REGIMES)).group_by(place).agg(som=pl.col("telling").sum())
    told = told.join(together, on=place).join(later.group_by(ageless).len("later"), on=ageless, how="left")
    told = told.sort(place).with_columns(
        telling=OFF * (1 + pl.col("regimes").cast(pl.Int64)),
        boven=pl.col("stand") - pl.col("som"),
        heel=pl.col("regimes") + pl.col("later").fill_null(0) == len(REGIMES),
    )
    told = told.with_columns(rond=pl.Series(np.arange(told.height) + cells.height, dtype=pl.UInt32))
    added = told.select(
        pl.col("rond").alias("cel"),
        *place,
        pl.lit(ROUNDED).alias("indicator"),
        "gebiedsniveau",
        pl.lit(None, pl.String).alias("ouder_code"),
        pl.col("telling").alias("inwoners"),
        "telling",
        pl.lit(False).alias("gevoelig"),
        pl.col("telling").alias("low"),
        pl.col("telling").alias("high"),
    )
    least = told.filter(pl.col("boven") >= -pl.col("telling"))
    most = told.filter("heel", pl.col("boven") <= pl.col("telling"))
    rules = [_entries(least, ["clienten", "rond"], list(REGIMES)), _entries(most, [*REGIMES, "rond"], ["clienten"])]
    rules[1] = rules[1].with_columns(pl.col("regel") + least.height)
    return pl.concat([cells, added.select(cells.columns)], how="vertical_relaxed"), pl.concat(rules)


def _persons(cells: pl.DataFrame, linked: pl.DataFrame, not_applicable: pl.DataFrame) -> list[tuple[Entries, bool]]:
    """Persons and households: each linked regeling <= unique <= the sum of the linked, where all of them are told.

    Under a law that is not for all ages (a group is `nvt`) a person outside them counts as `onbekend`, and among the
    unique persons by age: its `onbekend` may be of any group, and is no part of theirs.
    """
    place = [name for name in KEY if name != "tabel"]
    ageless = [name for name in place if name != "leeftijdsgroep"]
    counted, month = ["gemeentecode", "peildatum", "tabel"], ["gemeentecode", "peildatum"]
    group = ~pl.col("leeftijdsgroep").is_in([TOTAL, UNKNOWN])
    over = cells.filter(pl.col("indicator").is_in(LINKED_OVER))
    unique = over.filter(pl.col("tabel") == UNION).select("cel", *place)
    each = over.join(linked, on=counted, how="semi", maintain_order="left").select("cel", "tabel", *place)
    none = not_applicable.join(linked, on=counted, how="semi").select("tabel", *place)
    some_ages = none.filter(group).select("tabel", *ageless).unique()
    outside = each.filter(pl.col("leeftijdsgroep") == UNKNOWN)
    outside = outside.join(some_ages, on=["tabel", *ageless], how="semi", maintain_order="left")
    told = pl.concat([each.select(place), none.select(place)]).group_by(place).len()
    told = told.join(linked.group_by(month).len("alle"), on=month).filter(pl.col("len") == pl.col("alle"))
    # For each of those laws it must be known where its clients of another age are.
    for frame, name in ((some_ages, "wetten"), (outside, "buiten")):
        told = told.join(frame.group_by(ageless).len(name), on=ageless, how="left")
    told = told.filter(~group | (pl.col("wetten").fill_null(0) == pl.col("buiten").fill_null(0)))
    ages = unique.filter(group).select(place)
    older = ages.join(outside.select("cel", *ageless), on=ageless, maintain_order="left_right").select("cel", *place)
    parts = pl.concat([each.select("cel", *place), older])
    most = _parts(unique.join(told, on=place, how="semi"), parts, place).with_columns(-pl.col("coef"))
    within = each.join(outside, on="cel", how="anti", maintain_order="left")
    pairs = unique.join(within.select(*place, deel="cel"), on=place, maintain_order="left_right")
    return [(_entries(pairs, ["cel"], ["deel"]), False), (most, False)]
