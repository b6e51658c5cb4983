"""What a reader sees of public figures, as the attacker takes it: their form, their truth, and how old they are.

What he can tell from that is in validations/disclosure; what is hidden for it in together.py.
"""

from datetime import date

import polars as pl

from assets.ground.declared import counted
from assets.protection.cells import KEY, NOT_DELIVERED, NVT, SILENT
from assets.protection.over_closes import TOLD
from assets.protection.protect import room_of
from assets.protection.public import per_1000
from assets.protection.sdc import Sdc


def attack_today(
    public: pl.DataFrame,
    cells: pl.DataFrame,
    areas: pl.DataFrame,
    *,
    linked: pl.DataFrame,
    sdc: Sdc,
    stand: date,
    moves: pl.DataFrame | None = None,
):
    """What the attacker finds in `public`: see seen_today. `moves`: what an earlier attack found, tried first."""
    from validations.disclosure.attack import attack

    seen, options = seen_today(public, cells, linked=linked, sdc=sdc, stand=stand)
    return attack(seen, areas, **options, moves=moves)


def seen_today(
    public: pl.DataFrame, cells: pl.DataFrame, *, linked: pl.DataFrame, sdc: Sdc, stand: date
) -> tuple[pl.DataFrame, dict]:
    """What a reader sees of `public`, of the months in `cells`; and what else the attack takes, by name.

    `public`: ENTRY rows, or their columns as published. `cells` holds the truth of today; a figure of an earlier close
    was set on a truth that can differ a little.
    """
    seen = public.join(cells.select("gemeentecode", "peildatum").unique(), on=["gemeentecode", "peildatum"], how="semi")
    # A reader knows the laws: a cell that is `nvt` today holds nobody, also where a month has a figure from before that
    # was known. A cell that is not delivered any more, or was `nvt` and is counted now, has no truth to be held
    # against.
    none = pl.col("status") == NVT
    told = (pl.col("status") == "geleverd") & (pl.col("publicatiestatus") != NVT)
    form = [name for name in ("waarde", "noemer", "per_1000") if name in seen.columns]
    now = cells.select(*KEY, "status", "vers", ruimte=room_of(sdc))
    # Supply counts no persons and is shown as it is.
    supply = [table.table for table in counted().values() if not table.persons]
    seen = (
        seen.filter(~pl.col("tabel").is_in(supply))
        .join(now, on=KEY)
        .with_columns(
            publicatiestatus=pl.when(none)
            .then(pl.lit(NVT))
            .when(told)
            .then("publicatiestatus")
            .otherwise(pl.lit(NOT_DELIVERED)),
            **{name: pl.when(told).then(name) for name in form},
        )
    )
    # An earlier run of the same day may have set it on another truth.
    room = pl.when((pl.col("sluiting") == stand) & pl.col("vers")).then(0).otherwise("ruimte")
    columns = [*KEY, "gebiedsniveau", "waarde", "noemer", "publicatiestatus", "reden", "drempel"]
    columns += [name for name in TOLD if name in seen.columns]
    rate = pl.col("per_1000") if "per_1000" in seen.columns else per_1000()
    seen = seen.select(*columns, per_1000=rate, ruimte=room)
    residents = cells.select("gebiedscode", "peildatum", "leeftijdsgroep", "inwoners").drop_nulls().unique()
    truth = cells.select(*KEY, "aantal", "onder", "ruim").drop_nulls("aantal")
    # The attacker knows that what is hidden is at least the threshold of then, unless its status tells nothing.
    hidden_from = pl.when(pl.col("reden").is_in(SILENT)).then(0).otherwise(pl.col("drempel"))
    named = {"residents": residents, "truth": truth, "linked": linked, "width": sdc.width, "hidden_from": hidden_from}
    return seen, named
