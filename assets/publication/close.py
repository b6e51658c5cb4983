"""The monthly close: which cells get their figure in this run, and which stay as they are public.

Nights compute; public figures are of closed months, and a public figure changes only at a close and only for a true
change of at least `revisie_min` (design.md section 8): otherwise small changes could be read off from night to night.
"""

from datetime import date, timedelta

import polars as pl

from assets.publication.cells import KEY, NOT_DELIVERED, NVT, PUBLISHED

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


def fresh(cells: pl.DataFrame, known: pl.DataFrame, revision_min: int, *, due: bool) -> pl.DataFrame:
    """`cells` with, from the ledger, `bekend_*` (what is public now) and `vers`: whether it is set in this run.

    New cells are set when their gemeente is new or a close is due; at a close also what was not delivered before, and
    what truly changed. A month keeps the areas in which it was published.
    """
    public = {"publicatiestatus": "bekend_status", "waarde": "bekend_waarde", "aantal": "bekend_aantal"}
    public |= {"noemer": "bekend_noemer", "sluiting": "bekend_sluiting", "reden": "bekend_reden"}
    public |= {"drempel": "bekend_drempel"}
    years = known.select("gemeentecode", "peildatum", bekend_jaar="indelingsjaar").unique()
    there = known.select("gemeentecode").unique().with_columns(bekende_gemeente=pl.lit(True))
    cells = (
        cells.join(known.select(*KEY, *public).rename(public), on=KEY, how="left")
        .join(years, on=["gemeentecode", "peildatum"], how="left")
        .join(there, on="gemeentecode", how="left")
        .filter(pl.col("bekend_jaar").is_null() | (pl.col("bekend_jaar") == pl.col("indelingsjaar")))
    )
    status = pl.col("bekend_status")
    unknown = status.is_null() & (pl.lit(due) | pl.col("bekende_gemeente").is_null())
    delivered = pl.col("status") == "geleverd"
    first = status.is_in([NOT_DELIVERED, NVT]) & (delivered | ((status == NOT_DELIVERED) & (pl.col("status") == "nvt")))
    changed = delivered & ((pl.col("aantal") - pl.col("bekend_aantal")).abs() >= revision_min)
    # What the settings of today forbid must go at once; it stays known to who saw it.
    forbidden = (status == PUBLISHED) & (pl.col("bekend_aantal") < pl.col("drempel"))
    return (
        cells.with_columns(moet_weg=forbidden.fill_null(False))
        .with_columns(vers=(unknown | pl.lit(due) & (first | changed) | pl.col("moet_weg")).fill_null(False))
        .with_columns(
            reden=pl.when("moet_weg").then(pl.coalesce("reden", pl.lit("beleid"))).otherwise("reden"),
            # What stays as it is, is read with the threshold that it was set with.
            drempel=pl.when("vers").then("drempel").otherwise(pl.coalesce("bekend_drempel", "drempel")),
        )
        .drop("bekend_jaar", "bekende_gemeente", "bekend_drempel")
        .sort(KEY)
    )


def touched(cells: pl.DataFrame) -> pl.DataFrame:
    """The cells that matter in this run: of each month of a gemeente in which one is set, and of the quarters beside.

    Flows tie a quarter-end to the one before; all else of a month stands by itself.
    """
    months = cells.filter("vers").select("gemeentecode", "peildatum").unique()
    beside = [pl.col("peildatum").dt.offset_by(step).dt.month_end() for step in ("-3mo", "3mo")]
    quarters = months.filter(pl.col("peildatum").dt.month() % 3 == 0)
    wanted = pl.concat([months, *(quarters.with_columns(peildatum=day) for day in beside)]).unique()
    return cells.join(wanted, on=["gemeentecode", "peildatum"], how="semi").sort(KEY)
