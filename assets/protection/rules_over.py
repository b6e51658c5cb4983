"""The sums that tables over regelingen obey among each other and with those of each regeling, as rules (bounds.py).

Only those that tie a figure to what could be hidden for it: the attacker (validations/disclosure) knows all of them.
"""

import numpy as np
import polars as pl

from assets.ground.declared import BETWEEN, BREAKDOWN, COMBINATIES, SOORTEN, STAPELING, TOTAAL
from assets.ground.regelingen import of_laws
from assets.protection.bounds import Rules
from assets.protection.sdc import AGES

PLACE = ["gemeentecode", "indelingsjaar", "peildatum", "gebiedscode"]
STACK = ["huishoudens_1", "huishoudens_2", "huishoudens_3plus", "huishoudens_instelling"]
SEVERAL = "meer_dan_een"
# The combinations of more than one law.
BOTH = ["wmo_jeugdwet", "wmo_participatiewet", "jeugdwet_participatiewet", "alle_drie"]


def households(rules: Rules, known: pl.DataFrame) -> None:
    """Households by how many regelingen they lean on, and by which laws, are those of monitor_totaal and of each law.

    `known`: as in rules.build_rules, with `cel`.
    """
    own = known.filter(pl.col("leeftijdsgroep") == AGES[0])
    laws = {f"monitor_{regeling}": law for regeling, law in of_laws().items()}
    alone = [f"alleen_{law}" for law in laws.values()]
    named = own.with_columns(
        naam=pl.when(pl.col("tabel") == STAPELING.table)
        .then("indicator")
        .when(pl.col("indicator") != "huishoudens")
        .then(None)
        .when(pl.col("tabel") == COMBINATIES.table)
        .then(BREAKDOWN)
        .when(pl.col("tabel").is_in([TOTAAL.table, *laws]))
        .then("tabel")
    ).drop_nulls("naam")
    if named.is_empty():
        return
    wide = named.pivot("naam", index=PLACE, values="cel").sort(PLACE)
    _add(rules, wide, {TOTAAL.table: 1} | dict.fromkeys(STACK, -1), equal=True)
    for together in ([*alone, *BOTH], [*alone, SEVERAL]):
        _add(rules, wide, {TOTAAL.table: 1} | dict.fromkeys(together, -1), equal=False)
    for table, law in laws.items():
        of_law = [name for name in [*alone, *BOTH] if law in name or name == BOTH[-1]]
        _add(rules, wide, {table: 1} | dict.fromkeys(of_law, -1), equal=True)
        _add(rules, wide, {table: 1, f"alleen_{law}": -1}, equal=False)
        _add(rules, wide, {f"alleen_{law}": 1, SEVERAL: 1, table: -1}, equal=False)
    _add(rules, wide, dict.fromkeys(STACK[1:], 1) | {SEVERAL: -1}, equal=False)
    _add(rules, wide, dict.fromkeys(STACK[1:], 1) | dict.fromkeys(BOTH, -1), equal=False)
    _several(rules, wide)


def kinds(rules: Rules, known: pl.DataFrame) -> None:
    """No kind of help has more clients than its regeling, and all kinds together have no fewer."""
    place = [*PLACE, "tabel"]
    regeling = pl.col(BREAKDOWN).str.split(BETWEEN).list.first()
    own = known.filter(pl.col("tabel") == SOORTEN.table)
    parts = own.select(*PLACE, "aantal", tabel=pl.format("monitor_{}", regeling), deel="cel")
    clients = known.filter(pl.col("indicator") == "clienten", pl.col("leeftijdsgroep") == AGES[0])
    whole = clients.select(*place, "cel", heel="aantal")
    each = whole.join(parts, on=place).sort(*place, "deel").with_row_index("regel")
    one = [each.select("regel", cel=name, coef=pl.lit(coef)) for name, coef in (("cel", 1), ("deel", -1))]
    _entries(rules, pl.concat(one), equal=False)
    sums = parts.group_by(place).agg(som=pl.col("aantal").sum())
    # A code of no kind that is known leaves its clients out.
    told = whole.join(sums, on=place).filter(pl.col("som") >= pl.col("heel")).sort(place).with_row_index("regel")
    of = parts.join(told.select("regel", *place), on=place).select("regel", cel="deel", coef=pl.lit(1))
    _entries(rules, pl.concat([told.select("regel", "cel", coef=pl.lit(-1)), of]), equal=False)


def _several(rules: Rules, wide: pl.DataFrame) -> None:
    """`meer_dan_een` of all wijken adds up to the combinations of more than one law of the gemeente."""
    if not {SEVERAL, *BOTH} <= set(wide.columns):
        return
    whole = wide.drop_nulls(BOTH).select(*PLACE[:3], *BOTH).with_row_index("regel")
    parts = wide.drop_nulls(SEVERAL).join(whole.select("regel", *PLACE[:3]), on=PLACE[:3])
    whole = whole.join(parts, on="regel", how="semi")
    of = [whole.select("regel", cel=name, coef=pl.lit(1)) for name in BOTH]
    _entries(rules, pl.concat([*of, parts.select("regel", cel=SEVERAL, coef=pl.lit(-1))]), equal=True)


def _add(rules: Rules, wide: pl.DataFrame, terms: dict[str, int], *, equal: bool) -> None:
    """Adds the sum of coefficient times cell = 0, or >= 0, of each place that has them all."""
    if set(terms) <= set(wide.columns):
        whole = wide.drop_nulls(list(terms)).with_row_index("regel")
        of = [whole.select("regel", cel=name, coef=pl.lit(coef)) for name, coef in terms.items()]
        _entries(rules, pl.concat(of), equal=equal)


def _entries(rules: Rules, entries: pl.DataFrame, *, equal: bool) -> None:
    if entries.height:
        rule, cell, coef = (entries.get_column(name).to_numpy().astype(np.int64) for name in ("regel", "cel", "coef"))
        rules.add(rule, cell, coef, equal=equal)
