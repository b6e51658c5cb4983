"""How tables over regelingen depend on each other and on those of each regeling: rules as in links.py, over households.

What a table means is in design.md section 6: stapeling counts each household of monitor_totaal once, by how many of the
regelingen of the set it leans on, or as one at an institution; combinaties count each household with help by one of
three laws once, by which of them it has; soorten counts each client of a regeling in every kind of help that he has.
"""

import polars as pl

from validations.disclosure.reader import BREAKDOWN, TOTAL

UNION, STACK, COMBINED = "monitor_totaal", "monitor_stapeling", "monitor_combinaties"
KINDS = "monitor_soorten"
ONE, TWO, MORE, INSTITUTION = "huishoudens_1", "huishoudens_2", "huishoudens_3plus", "huishoudens_instelling"
# By the table of each law, the exact combinations that it is in; those of one law alone come first.
OF_LAW = {
    "monitor_wmo": ("alleen_wmo", "wmo_jeugdwet", "wmo_participatiewet", "alle_drie"),
    "monitor_jeugdzorg": ("alleen_jeugdwet", "wmo_jeugdwet", "jeugdwet_participatiewet", "alle_drie"),
    "monitor_wwb": ("alleen_participatiewet", "wmo_participatiewet", "jeugdwet_participatiewet", "alle_drie"),
}
ALONE = tuple(names[0] for names in OF_LAW.values())
ALL_THREE, SEVERAL = "alle_drie", "meer_dan_een"
BOTH = ("wmo_jeugdwet", "wmo_participatiewet", "jeugdwet_participatiewet", ALL_THREE)
AREA = ["gemeentecode", "indelingsjaar", "peildatum", "gebiedscode"]
MONTH = ["gemeentecode", "peildatum"]
Entries = pl.DataFrame  # regel, cel, coef: one row per figure in a rule
# The sum of what a household can be counted in, over the regelingen of the set: of all, and of those of no law.
ALL_OF_SET, NO_LAW = "som_van_de_set", "som_zonder_wet"


def over_regelingen(
    cells: pl.DataFrame,
    linked: pl.DataFrame,
    children: pl.DataFrame,
    *,
    one_each: tuple[str, ...],
    own: tuple[str, ...],
) -> list[tuple[Entries, bool]]:
    """Entries (regel, cel, coef) of rules = 0 (True) or >= 0 (False).

    `cells`: KEY, cel, ouder_code of what is told; `linked`: gemeentecode, peildatum, tabel of what counts together;
    `children`: gemeentecode, indelingsjaar, gebiedscode and in how many parts (`delen`) that area is divided;
    `one_each`, `own`: the tables whose clients have exactly one provision, or at least one, of their own.
    """
    places = _places(cells)
    most, least, set_size = _sums(cells, linked)
    stack = (ONE, TWO, MORE, INSTITUTION)
    at_least = [
        # Who leans on k of them is counted k times over the set; at an institution once at least.
        (most, ALL_OF_SET, {ONE: -1, TWO: -2, MORE: -3, INSTITUTION: -1}),
        # Households of no law have a regeling that is none: so has who leans on more than the laws tell.
        (most, NO_LAW, {UNION: -1, SEVERAL: 1} | dict.fromkeys(ALONE, 1)),
        (most, NO_LAW, {ONE: -1} | dict.fromkeys(ALONE, 1)),
        (most, NO_LAW, {TWO: -1, MORE: -1, SEVERAL: 1}),
        (most, NO_LAW, {TWO: -1, MORE: -1} | dict.fromkeys(BOTH, 1)),
        (most, NO_LAW, {UNION: -1} | dict.fromkeys((*ALONE, *BOTH), 1)),
        (most, NO_LAW, {MORE: -1, ALL_THREE: 1}),
    ]
    rules = [
        (_sum(places, {UNION: 1} | dict.fromkeys(stack, -1)), True),
        *((_with_sum(places, sums, which, terms), False) for sums, which, terms in at_least),
        (_at_most(places, least, set_size), False),
        *((rule, False) for rule in _few_others(places, linked)),
        (_sum(places, {UNION: 1} | dict.fromkeys((*ALONE, *BOTH), -1)), False),
        (_sum(places, {UNION: 1, SEVERAL: -1} | dict.fromkeys(ALONE, -1)), False),
        (_sum(places, {TWO: 1, MORE: 1, INSTITUTION: 1} | dict.fromkeys(BOTH, -1)), False),
        (_sum(places, {TWO: 1, MORE: 1, INSTITUTION: 1, SEVERAL: -1}), False),
        (_sum(places, {MORE: 1, INSTITUTION: 1, ALL_THREE: -1}), False),
        *_laws(places),
        (_several(cells, children), True),
        *_kinds(cells, one_each, own),
    ]
    return [(entries, equal) for entries, equal in rules if entries.height]


def _places(cells: pl.DataFrame) -> pl.DataFrame:
    """AREA and, by name, the figure of each kind of households there; of a law by its table."""
    total = cells.filter(pl.col("leeftijdsgroep") == TOTAL)
    name = (
        pl.when((pl.col("tabel") == COMBINED) & (pl.col("indicator") == "huishoudens"))
        .then(BREAKDOWN)
        .when(pl.col("tabel") == STACK)
        .then("indicator")
        .when(pl.col("tabel").is_in([UNION, *OF_LAW]) & (pl.col("indicator") == "huishoudens"))
        .then("tabel")
    )
    named = total.select(*AREA, "cel", naam=name).drop_nulls("naam")
    found = named.pivot("naam", index=AREA, values="cel") if named.height else named.select(AREA)
    wanted = (UNION, *OF_LAW, ONE, TWO, MORE, INSTITUTION, *ALONE, *BOTH, SEVERAL)
    absent = [pl.lit(None, cells.schema["cel"]).alias(name) for name in wanted if name not in found.columns]
    return found.with_columns(absent).sort(AREA)


def _sums(cells: pl.DataFrame, linked: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """The figures of the set: what its households are at most, where told of each; what is told of any; how many.

    Where households are not told (they nearly always equal clients), they are no more than the clients.
    """
    size = linked.group_by(MONTH).len("aantal")
    counts = cells.filter(
        pl.col("leeftijdsgroep") == TOTAL,
        pl.col("indicator").is_in(["huishoudens", "clienten"]),
    ).join(linked, on=[*MONTH, "tabel"], how="semi")
    least = counts.filter(pl.col("indicator") == "huishoudens")
    rest = counts.filter(pl.col("indicator") == "clienten").join(least, on=[*AREA, "tabel"], how="anti")
    most = pl.concat([least, rest]).select(*AREA, "tabel", "cel")
    whole = most.group_by(AREA).len("er").join(size, on=MONTH).filter(pl.col("er") == pl.col("aantal"))
    most = most.join(whole, on=AREA, how="semi")
    return most.sort(*AREA, "tabel"), least.select(*AREA, "tabel", "cel").sort(*AREA, "tabel"), size


def _sum(places: pl.DataFrame, terms: dict[str, int], numbers: pl.DataFrame | None = None) -> Entries:
    """The sum of coefficient times figure, of each place that has them all; `numbers`: AREA, regel instead of new."""
    whole = places.drop_nulls(list(terms))
    whole = whole.with_row_index("regel") if numbers is None else whole.join(numbers, on=AREA, maintain_order="left")
    return pl.concat(_entry(whole, name, coef) for name, coef in terms.items())


def _with_sum(places: pl.DataFrame, sums: pl.DataFrame, which: str, terms: dict[str, int]) -> Entries:
    """The sum over the set, and the terms beside it."""
    everywhere = places.drop_nulls(list(terms)).join(
        sums.select(AREA).unique(), on=AREA, how="semi", maintain_order="left"
    )
    numbers = everywhere.select(AREA).with_row_index("regel")
    if which == NO_LAW:
        sums = sums.filter(~pl.col("tabel").is_in(list(OF_LAW)))
    own = _entry(sums.join(numbers, on=AREA), "cel", 1)
    return pl.concat([own, _sum(everywhere, terms, numbers)])


def _at_most(places: pl.DataFrame, least: pl.DataFrame, size: pl.DataFrame) -> Entries:
    """Nobody is counted more often than there are regelingen in the set: of those that are told, together."""
    whole = places.drop_nulls([ONE, TWO, MORE, INSTITUTION]).join(
        least.select(AREA).unique(), on=AREA, how="semi", maintain_order="left"
    )
    numbered = whole.join(size, on=MONTH, maintain_order="left").with_row_index("regel")
    own = _entry(least.join(numbered.select("regel", *AREA), on=AREA), "cel", -1)
    often = {ONE: pl.lit(1), TWO: pl.lit(2), MORE: pl.col("aantal"), INSTITUTION: pl.col("aantal")}
    return pl.concat([own, *(_entry(numbered, name, times) for name, times in often.items())])


def _few_others(places: pl.DataFrame, linked: pl.DataFrame) -> list[Entries]:
    """Who leans on more regelingen than the set has of no law has help of a law for each that it has too few."""
    others = linked.group_by(MONTH).agg((~pl.col("tabel").is_in(list(OF_LAW))).sum().alias("aantal"))
    leaning = ({UNION: -1}, {TWO: -1, MORE: -1}, {MORE: -1})
    has_laws = ([(*ALONE, *BOTH), (*ALONE, SEVERAL)], [BOTH, (SEVERAL,)], [(ALL_THREE,)])
    return [
        _sum(
            places.join(others.filter(pl.col("aantal") == few), on=MONTH, how="semi", maintain_order="left"),
            dict.fromkeys(names, 1) | terms,
        )
        for regelingen, terms in enumerate(leaning)
        for laws, ways in enumerate(has_laws[: regelingen + 1])
        for few in (regelingen - laws,)
        for names in ways
    ]


def _laws(places: pl.DataFrame) -> list[tuple[Entries, bool]]:
    """A law's households are those of its combinations; where only `meer_dan_een` is told, they are between."""
    exact = [(_sum(places, {law: 1} | dict.fromkeys(names, -1)), True) for law, names in OF_LAW.items()]
    coarse = [
        (_sum(places, terms), False)
        for law, names in OF_LAW.items()
        for terms in ({law: 1, names[0]: -1}, {names[0]: 1, SEVERAL: 1, law: -1})
    ]
    twice = dict.fromkeys(OF_LAW, 1) | dict.fromkeys(ALONE, -1) | {SEVERAL: -2}
    return [*exact, *coarse, (_sum(places, twice), False)]


def _several(cells: pl.DataFrame, children: pl.DataFrame) -> Entries:
    """`meer_dan_een` of all wijken of a gemeente is its four combinations of more than one law.

    Of an earlier close only what was set in it is told: perhaps not of every wijk.
    """
    own = cells.filter(pl.col("tabel") == COMBINED, pl.col("indicator") == "huishoudens")
    gemeente = own.filter(pl.col("ouder_code").is_null(), pl.col(BREAKDOWN).is_in(BOTH))
    wijken = own.filter(pl.col("ouder_code").is_not_null(), pl.col(BREAKDOWN) == SEVERAL)
    month = ["gemeentecode", "indelingsjaar", "peildatum"]
    whole = gemeente.group_by(*month, "gebiedscode").len("er").filter(pl.col("er") == len(BOTH))
    parts = wijken.group_by(*month, gebiedscode="ouder_code").len("aanwezig")
    parts = parts.join(children, on=["gemeentecode", "indelingsjaar", "gebiedscode"])
    every = parts.filter(pl.col("aanwezig") == pl.col("delen"))
    numbers = whole.join(every, on=[*month, "gebiedscode"], how="semi").sort(month).select(month)
    numbers = numbers.with_row_index("regel")
    return pl.concat(_entry(rows.join(numbers, on=month), "cel", coef) for rows, coef in ((gemeente, 1), (wijken, -1)))


def _kinds(cells: pl.DataFrame, one_each: tuple[str, ...], own: tuple[str, ...]) -> list[tuple[Entries, bool]]:
    """No kind has more clients than its regeling; all kinds together have no fewer, and no more than provisions.

    Where a code is of no kind that is told, clients may be in none: a reader sees that from the counts of then.
    """
    place = [*AREA, "tabel"]
    regeling = pl.col(BREAKDOWN).str.split("|").list.first()
    kinds = cells.filter(pl.col("tabel") == KINDS).select(
        *AREA, "telling", tabel=pl.format("monitor_{}", regeling), deel="cel"
    )
    total = cells.filter(pl.col("leeftijdsgroep") == TOTAL).select(*place, "indicator", "cel", heel="telling")
    clients = total.filter(pl.col("indicator") == "clienten").drop("indicator").sort(place)
    provisions = total.filter(pl.col("indicator") == "voorzieningen", pl.col("tabel").is_in(own)).drop("indicator")
    sums = kinds.group_by(place).agg(som=pl.col("telling").sum())
    whole = clients.join(sums, on=place, maintain_order="left")
    one = pl.col("tabel").is_in(one_each)
    each = clients.join(kinds.drop("telling"), on=place, maintain_order="left_right").with_row_index("regel")
    return [
        (pl.concat([_entry(each, "cel", 1), _entry(each, "deel", -1)]), False),
        (_against(whole.filter(~one, pl.col("som") >= pl.col("heel")), kinds, place, -1), False),
        (_against(whole.filter(one, pl.col("som") == pl.col("heel")), kinds, place, -1), True),
        (
            _against(
                provisions.sort(place)
                .join(sums, on=place, maintain_order="left")
                .filter(pl.col("som") <= pl.col("heel")),
                kinds,
                place,
                1,
            ),
            False,
        ),
    ]


def _against(whole: pl.DataFrame, parts: pl.DataFrame, on: list[str], sign: int) -> Entries:
    """Sign * (figure - sum of its parts) of each row."""
    numbered = whole.with_row_index("regel")
    own = parts.join(numbered.select("regel", *on), on=on)
    return pl.concat([_entry(numbered, "cel", sign), _entry(own, "deel", -sign)])


def _entry(frame: pl.DataFrame, figure: str, coef: int | pl.Expr) -> Entries:
    coef = coef if isinstance(coef, pl.Expr) else pl.lit(coef)
    return frame.select(pl.col("regel").cast(pl.Int64), cel=pl.col(figure).cast(pl.Int64), coef=coef.cast(pl.Int64))
