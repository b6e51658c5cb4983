"""What a reader knows of a close by all the closes since: the entries of each figure in order, and the attack on each.

A later close tells of earlier ones: a figure changes only for a true change of at least `revisie_min`, so "hidden, then
10" says that the first was at most 7. What figures tell is in validations/disclosure/lock.py.
"""

from collections.abc import Iterator
from datetime import date

import polars as pl

from assets.protection.cells import ENTRY, KEY, NOT_DELIVERED, NVT, SILENT
from assets.protection.sdc import AGES

MONTH = ["gemeentecode", "peildatum"]
TOLD = {"van": pl.Int64, "tot": pl.Int64}
OLD_SPREAD = {"van": "van_eerder", "tot": "tot_eerder"}


def in_order(known: pl.DataFrame) -> pl.DataFrame:
    """The ledger with `beurt`, the number of the run that set each entry: as it is (ledger.every), or by close."""
    return known if "beurt" in known.columns else known.with_columns(beurt=pl.col("sluiting").rank("dense"))


def chains(public: pl.DataFrame, history: pl.DataFrame, cells: pl.DataFrame, stand: date) -> pl.DataFrame:
    """All entries of the figures in `cells`, each with what can be told of its count (`van`, `tot`).

    `public` (ENTRY, as it would be public after this run) has the last of each; `history` (in_order) those of before,
    of which it replaces the last where this run sets none. `nu`: set in this run.
    """
    from validations.disclosure.lock import told

    names = [name for name in ENTRY if name in public.columns and name in history.columns]
    now = public.select(names).join(cells.select(*KEY, "vers"), on=KEY)
    now = now.with_columns(nu=(pl.col("sluiting") == stand) & pl.col("vers")).drop("vers")
    before = history.select(*names, pl.col("beurt").cast(pl.Int64)).join(now.select(*KEY, "nu"), on=KEY)
    newest = pl.col("beurt") == pl.col("beurt").max().over(KEY)
    numbers = before.filter(newest).select(*KEY, oud="beurt")
    latest = int(before.get_column("beurt").max() or 0) + 1  # pyright: ignore[reportArgumentType]
    now = now.join(numbers, on=KEY, how="left").with_columns(
        beurt=pl.when("nu").then(latest).otherwise(pl.coalesce("oud", latest))
    )
    earlier = before.filter(~newest | pl.col("nu")).with_columns(nu=pl.lit(False))
    entries = pl.concat([earlier, now.select(earlier.columns)], how="vertical_relaxed")
    return told(entries.with_columns(vanaf=pl.when(pl.col("reden").is_in(SILENT)).then(0).otherwise("drempel")))


def with_told(public: pl.DataFrame, history: pl.DataFrame, cells: pl.DataFrame, stand: date) -> pl.DataFrame:
    """`public` with `van` and `tot`: what all closes tell of the count that each figure was set on.

    Null where that is no more than the figure itself tells.
    """
    several = history.filter(pl.len().over(KEY) > 1).select(KEY)
    again = cells.filter("vers").select(KEY).join(history.select(KEY), on=KEY, how="semi")
    those = pl.concat([several, again]).unique()
    if those.is_empty():
        return public.with_columns(pl.lit(None, dtype).alias(name) for name, dtype in TOLD.items())
    known = chains(public.join(those, on=KEY, how="semi"), history, cells, stand)
    last = known.filter(pl.col("beurt") == pl.col("beurt").max().over(KEY))
    return public.join(last.select(*KEY, *TOLD), on=KEY, how="left")


def closes(
    known: pl.DataFrame, cells: pl.DataFrame, unions: pl.DataFrame, only: pl.DataFrame | None = None
) -> Iterator[tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame, date]]:
    """Each earlier run as a reader knows it by now: its figures, their truth, what was linked, and its day.

    `known`: chains; `cells`: of this run, for what adds up and what is `nvt`; `unions`: ledger.unions; `only`: of these
    months (MONTH). What the run did not set itself has no figure in it: the truth that it stood on then is not known,
    but for `nvt`.
    """
    known = (
        known.filter(~pl.col("nu")) if only is None else known.filter(~pl.col("nu")).join(only, on=MONTH, how="semi")
    )
    adds_up = cells.select(*KEY, "telt_op")
    no_age_of_law = cells.filter(pl.col("status") == NVT, pl.col("leeftijdsgroep") != AGES[0]).select(KEY)
    for run in known.get_column("beurt").unique().sort():
        own = known.filter(pl.col("beurt") == run)
        day = own.get_column("sluiting").max()
        other = known.filter(pl.col("beurt") < run).sort("beurt").unique(KEY, keep="last", maintain_order=True)
        other = (
            other.join(own, on=KEY, how="anti")
            .join(no_age_of_law.with_columns(nvt=True), on=KEY, how="left")
            .with_columns(
                # Nobody of an age that the law is not for was counted then; or the person is `onbekend` in this system.
                publicatiestatus=pl.when((pl.col("publicatiestatus") == NVT) | pl.col("nvt").is_not_null())
                .then(pl.lit(NVT))
                .otherwise(pl.lit(NOT_DELIVERED)),
                # The residents are left out too: another run knew other numbers of them.
                **{name: pl.lit(None, ENTRY[name]) for name in ("waarde", "noemer", "aantal", "inwoners")},
            )
        )
        every = pl.concat([own, other.select(own.columns)]).with_columns(sluiting=pl.lit(day))
        truth = every.join(adds_up, on=KEY).with_columns(
            status=pl.when(pl.col("aantal").is_not_null()).then(pl.lit("geleverd")).otherwise("publicatiestatus"),
            vers=pl.lit(True),
            bekend_aantal=pl.lit(None, pl.Int64),
        )
        linked = unions.filter(pl.col("beurt") == run).drop("beurt")
        yield every.drop("vanaf", "nu", "beurt"), truth, linked, day  # pyright: ignore[reportReturnType]


def narrowed(known: pl.DataFrame) -> pl.DataFrame:
    """The entries of earlier runs (chains) about which this run tells more than was told before it."""
    from validations.disclosure.lock import told

    before = told(known.filter(~pl.col("nu")).drop(*TOLD))
    before = before.select(*KEY, "beurt", **{old: pl.col(new) for new, old in OLD_SPREAD.items()})
    both = known.filter(~pl.col("nu")).join(before, on=[*KEY, "beurt"])
    return both.filter((pl.col("van") > pl.col("van_eerder")) | (pl.col("tot") < pl.col("tot_eerder")))
