"""The monthly close: which cells get their figure in this run, and which stay as they are public.

Nights compute; public figures are of closed months, and a public figure changes only at a close and only for a true
change of at least `revisie_min` (design.md section 8): otherwise small changes could be read off from night to night.
"""

from datetime import date, timedelta

import polars as pl

from assets.protection.cells import KEY, NOT_DELIVERED, NVT, PUBLISHED

DAY = 15


def month_end_before(day: date) -> date:
    """The last day of the month before that of `day`."""
    return day.replace(day=1) - timedelta(days=1)


def is_due(stand: date, last: date | None) -> bool:
    """Whether this is the first night on or after the fifteenth since the last close; the first night always is."""
    if last is None:
        return True
    fifteenth = stand.replace(day=DAY) if stand.day >= DAY else month_end_before(stand).replace(day=DAY)
    return last < fifteenth <= stand


def closing_months(known: pl.DataFrame, gemeenten: list[str], stand: date) -> tuple[dict[str, date], bool]:
    """For each gemeente the last month that is public after this run, and whether this run closes.

    `known`: the ledger of one table. A gemeente that it does not have yet closes all its months at once.
    """
    last = known.get_column("sluiting").max()
    due = is_due(stand, last if isinstance(last, date) else None)
    return {code: month_end_before(stand if due or not isinstance(last, date) else last) for code in gemeenten}, due


def set_now(cells: pl.DataFrame, known: pl.DataFrame, seen: pl.DataFrame, *, due: bool) -> pl.DataFrame:
    """Those of `cells` that are public, or are set now, as `fresh` says; all have the same columns, part of KEY.

    An indicator that the monitor did not have before waits for the next close.
    """
    if due:
        return cells
    there = known.select("gemeentecode").unique()
    shown = pl.concat([known.select(cells.columns), seen.select(cells.columns)]).unique()
    new = cells.join(there, on="gemeentecode", how="anti")
    return pl.concat([new, cells.join(there, on="gemeentecode").join(shown, on=cells.columns, how="semi")])


def fresh(
    cells: pl.DataFrame,
    known: pl.DataFrame,
    revision_min: int,
    *,
    due: bool,
    base: int = 5,
    seen: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """`cells` with, from the ledger, `bekend_*` (what is public now) and `vers`: whether it is set in this run.

    New cells are set when their gemeente is new or a close is due; at a close also what was not delivered before, and
    what truly changed. A month keeps the areas in which it was published. `seen`: what a withdrawn edition showed
    (ledger.seen). It is set anew at once, a close or not; `vast`: where the count is the same it keeps the form that
    readers saw, shown or hidden. Where it is not, what they saw was wrong, and binds nothing.
    """
    public = {"publicatiestatus": "bekend_status", "waarde": "bekend_waarde", "aantal": "bekend_aantal"}
    public |= {"noemer": "bekend_noemer", "sluiting": "bekend_sluiting", "reden": "bekend_reden"}
    public |= {name: f"bekend_{name}" for name in ("drempel", "onder", "ruim")}
    then = {"publicatiestatus": "gezien_status", "aantal": "gezien_aantal", "waarde": "gezien_waarde"}
    then |= {"reden": "gezien_reden", "drempel": "gezien_drempel"}
    seen = known.clear() if seen is None else seen
    years = known.select("gemeentecode", "peildatum", bekend_jaar="indelingsjaar").unique()
    there = known.select("gemeentecode").unique().with_columns(bekende_gemeente=pl.lit(True))
    cells = (
        cells.join(known.select(*KEY, *public).rename(public), on=KEY, how="left")
        .join(seen.select(*KEY, *then).rename(then), on=KEY, how="left")
        .join(years, on=["gemeentecode", "peildatum"], how="left")
        .join(there, on="gemeentecode", how="left")
        .filter(pl.col("bekend_jaar").is_null() | (pl.col("bekend_jaar") == pl.col("indelingsjaar")))
        .filter(pl.col("in_rooster") | pl.col("bekend_status").is_not_null())
    )
    status = pl.col("bekend_status")
    shown_before = pl.col("gezien_status").is_not_null()
    unknown = status.is_null() & (pl.lit(due) | pl.col("bekende_gemeente").is_null() | shown_before)
    delivered = pl.col("status") == "geleverd"
    first = status.is_in([NOT_DELIVERED, NVT]) & (delivered | ((status == NOT_DELIVERED) & (pl.col("status") == "nvt")))
    changed = delivered & ((pl.col("aantal") - pl.col("bekend_aantal")).abs() >= revision_min)
    # What the settings of today forbid must go at once; those who saw it still know it. It is judged by what was shown,
    # not by the count behind it: else a reader who sees one 15 go under a threshold of 15, and another stay, knows more
    # of both.
    could_be = pl.max_horizontal(pl.col("bekend_waarde") - base // 2, "bekend_drempel")
    forbidden = (status == PUBLISHED) & (could_be < pl.col("drempel"))
    same = delivered & (pl.col("aantal") == pl.col("gezien_aantal"))
    could_be_seen = pl.max_horizontal(pl.col("gezien_waarde") - base // 2, "gezien_drempel")
    same &= (pl.col("gezien_status") != PUBLISHED) | (could_be_seen >= pl.col("drempel"))
    kept = pl.col("vast")
    return (
        cells.with_columns(moet_weg=forbidden.fill_null(False), verschil=pl.lit(revision_min, pl.Int64))
        .with_columns(
            vers=(unknown | pl.lit(due) & (first | changed) | pl.col("moet_weg")).fill_null(False)
            & pl.col("in_rooster")
        )
        .with_columns(vast=(pl.col("vers") & ~pl.col("moet_weg") & same).fill_null(False))
        .with_columns(
            reden=pl.when("moet_weg")
            .then(pl.coalesce("reden", pl.lit("beleid")))
            .when(kept)
            .then("gezien_reden")
            .otherwise("reden"),
            # A figure that stays as it is keeps the threshold that it was set with, and what had to stay possible.
            drempel=pl.when(kept)
            .then("gezien_drempel")
            .when("vers")
            .then("drempel")
            .otherwise(pl.coalesce("bekend_drempel", "drempel")),
            onder=pl.when("vers").then("onder").otherwise("bekend_onder"),
            ruim=pl.when("vers").then("ruim").otherwise("bekend_ruim"),
        )
        .drop("bekend_jaar", "bekende_gemeente", "bekend_drempel", "bekend_onder", "bekend_ruim", *then.values())
        .sort(KEY)
    )


def touched(cells: pl.DataFrame) -> pl.DataFrame:
    """The cells that matter in this run: those of each month of a gemeente in which one is set, and of quarters beside.

    Flows tie a quarter-end to the one before; all else of a month stands by itself.
    """
    months = cells.filter("vers").select("gemeentecode", "peildatum").unique()
    beside = [pl.col("peildatum").dt.offset_by(step).dt.month_end() for step in ("-3mo", "3mo")]
    quarters = months.filter(pl.col("peildatum").dt.month() % 3 == 0)
    wanted = pl.concat([months, *(quarters.with_columns(peildatum=day) for day in beside)]).unique()
    return cells.join(wanted, on=["gemeentecode", "peildatum"], how="semi").sort(KEY)
