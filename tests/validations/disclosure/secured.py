"""A made-up gemeente through the whole protection, as a night does it: for the bars, in tests and in the bench."""

from datetime import date

import polars as pl

from assets.protection.cells import cells_of
from assets.protection.close import fresh, touched
from assets.protection.protect import protect
from assets.protection.public import entries_of, with_entries
from assets.protection.sdc import Sdc, load_sdc
from assets.protection.seen import attack_today
from assets.protection.together import secure
from tests.making.publishing import NOTHING
from tests.validations.disclosure.gemeente import Gemeente
from tests.validations.disclosure.trial import linked

SDC = load_sdc()


def cells(town: Gemeente, known: pl.DataFrame = NOTHING, *, due: bool = True, own: Sdc = SDC) -> pl.DataFrame:
    """The cells of all tables after protection within each; `own`: the settings of the gemeente."""
    made = []
    for regeling, figures in town.figures.items():
        gemeenten = figures.get_column("gemeentecode").unique().to_list()
        before = known.filter(pl.col("tabel") == f"monitor_{regeling}")
        raw = cells_of(regeling, figures, town.areas, town.residents, dict.fromkeys(gemeenten, own), known=before)
        made.append(protect(touched(fresh(raw, before, SDC.revision_min, due=due)), SDC))
    return pl.concat(made)


def close(
    town: Gemeente, stand: date, known: pl.DataFrame = NOTHING, *, due: bool = True, own: Sdc = SDC
) -> tuple[pl.DataFrame, pl.DataFrame, dict]:
    """The ledger after a close, its cells, and what was done."""
    made = cells(town, known, due=due, own=own)
    made, told, _ = secure(made, known, town.areas, linked=linked(town), sdc=SDC, stand=stand)
    return with_entries(known, entries_of(made, SDC, stand)), made, told


def attacked(ledger: pl.DataFrame, made: pl.DataFrame, town: Gemeente, stand: date):
    """What the attacker finds in a ledger."""
    return attack_today(ledger, made, town.areas, linked=linked(town), sdc=SDC, stand=stand)


def use(made: pl.DataFrame) -> dict[str, float]:
    """Per level the percentage of what was counted that is still shown, and that of cells hidden beyond the rules.

    Of the grid of sdc.yml: each cell counts as many times as it counts persons, households or provisions.
    """
    delivered = made.filter(pl.col("status") == "geleverd")
    shown = pl.col("publicatiestatus") == "gepubliceerd"
    share = 100 * pl.col("aantal").filter(shown).sum() / pl.col("aantal").sum()
    extra = 100 * delivered.filter(reden="secundair").height / delivered.height
    return {**dict(delivered.group_by("gebiedsniveau").agg(share).iter_rows()), "extra": extra}
