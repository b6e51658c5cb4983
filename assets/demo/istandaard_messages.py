"""The messages about allocations: 301 allocation and its changes, 305 start, 307 stop, and when each arrives.

Every message is a row; how it is written is in istandaard_xml.py. Faults that the monitor must see through (column
`fout` of the allocation; none of them is uitval):
open            client died or left, and nobody ended the allocation
ingetrokken     withdrawn with RedenWijziging 13, half of them after a start
start_fout      a start with a wrong date, removed with StatusAanlevering 3 and sent again
stop_fout       a stop that was none, removed with StatusAanlevering 3
zonder_nummer   start and stop without ToewijzingNummer, with Product and ToewijzingIngangsdatum
toewijzing_laat the allocation arrives after its start
start_laat      the start arrives after its stop
"""

import numpy as np
import polars as pl

from assets.demo.standard import Standard
from assets.demo.timeline import NEVER, Timeline, day

# Share of the started allocations with a pause (end reason 20, then a new start).
PAUSED = 0.04


def make_messages(
    rng: np.random.Generator, allocations: pl.DataFrame, standard: Standard, time: Timeline, faults_pct: float
) -> pl.DataFrame:
    """All messages that arrive before the demo ends, in order of dagtekening.

    bericht, toewijzing, dagtekening, begindatum, einddatum, reden, status, levering (place in the deliveries), kopie.
    """
    found = pl.concat(
        [*_allocated(rng, allocations, standard, time), *_started_and_stopped(rng, allocations, standard, time)],
        how="diagonal_relaxed",
    ).with_columns(
        pl.col("einddatum").fill_null(NEVER), pl.col("begindatum").fill_null(NEVER), pl.col("na").fill_null(0)
    )
    days = pl.Series([day(delivery) for delivery in time.deliveries(10)])
    arrives = days.search_sorted(found.select(pl.max_horizontal("dagtekening", "na")).to_series(), side="left")
    found = (
        found.with_columns(levering=arrives.clip(upper_bound=len(days) - 1).cast(pl.Int64), kopie=pl.lit(False))
        .filter(pl.col("dagtekening") <= days[-1])
        .sort("dagtekening", "toewijzing", "volgorde", maintain_order=True)
        .with_row_index("nummer", offset=1)
    )
    again = found[np.sort(rng.permutation(found.height)[: round(found.height * min(faults_pct, 10) / 400)])]
    later = (pl.col("levering") + 1).clip(upper_bound=len(days) - 1)
    return pl.concat([found, again.with_columns(levering=later, kopie=pl.lit(True))]).drop("na", "volgorde")


def _random(rng: np.random.Generator, frame: pl.DataFrame, low: int, high: int) -> pl.Series:
    return pl.Series(rng.integers(low, high, frame.height, endpoint=True))


def _message(frame: pl.DataFrame, bericht: str, order: int, **columns: pl.Expr) -> pl.DataFrame:
    """A message about each allocation in the frame; of messages of one day the lowest `order` comes first."""
    return frame.select("toewijzing", bericht=pl.lit(bericht), volgorde=pl.lit(order), **columns)


def _allocated(
    rng: np.random.Generator, allocations: pl.DataFrame, standard: Standard, time: Timeline
) -> list[pl.DataFrame]:
    """The 301s: the allocation, its extensions as long as help goes on, its end, its withdrawal."""
    needed = pl.min_horizontal("einde", pl.lit(time.end + 1))
    short = (needed - pl.col("ingang") - pl.col("termijn")).clip(lower_bound=0)
    extensions = (short / pl.col("termijn")).ceil().cast(pl.Int64)
    versions = allocations.with_columns(laatste=extensions, versie=pl.int_ranges(extensions + 1)).explode("versie")
    until = pl.col("ingang") + pl.col("versie") * pl.col("termijn")
    as_planned = (
        (pl.col("versie") == pl.col("laatste")) & (pl.col("reden") == standard.planned) & (pl.col("termijn") < NEVER)
    )
    new, late = pl.col("versie") == 0, pl.col("fout") == "toewijzing_laat"
    versions = versions.with_columns(
        dagtekening=pl.when(new)
        .then(pl.col("ingang") - _random(rng, versions, 3, 25))
        .otherwise(until - _random(rng, versions, 10, 40)),
        einddatum=pl.when(as_planned).then("einde").otherwise((until + pl.col("termijn")).clip(upper_bound=NEVER)),
        reden=pl.when(~new).then(pl.lit("04")),
    ).with_columns(na=pl.when(new & late & (pl.col("dagtekening") > time.start)).then(pl.col("begin") + 40))
    # The first delivery tells an older allocation as it is at that moment.
    versions = versions.filter(pl.col("dagtekening").shift(-1).over("toewijzing").fill_null(NEVER) >= time.start)
    allocated = {name: pl.col(name) for name in ("dagtekening", "einddatum", "reden", "na")}
    ended = allocations.filter((pl.col("einde") < NEVER) & pl.col("fout").ne_missing("open"))
    # Without messages of the provider only the gemeente can tell of the end; else it tells of half of what it knows.
    tells = ~pl.col("gestart") | (pl.col("reden").is_in(list(standard.change)) & (_random(rng, ended, 0, 1) == 1))
    ended = ended.filter(tells)
    end = {
        "dagtekening": pl.col("einde") + _random(rng, ended, 1, 6),
        "einddatum": pl.col("einde"),
        "reden": pl.col("reden").replace_strict(standard.change, default="05"),
    }
    withdrawn = allocations.filter(pl.col("fout") == "ingetrokken")
    withdrawal = {
        "dagtekening": pl.col("ingang") + _random(rng, withdrawn, 16, 35),
        "einddatum": pl.col("ingang"),
        "reden": pl.lit("13"),
    }
    return [
        _message(versions, "301", 0, **allocated),
        _message(ended, "301", 5, **end),
        _message(withdrawn, "301", 5, **withdrawal),
    ]


def _started_and_stopped(
    rng: np.random.Generator, allocations: pl.DataFrame, standard: Standard, time: Timeline
) -> list[pl.DataFrame]:
    """The 305s and 307s: start, stop, pause, and what is told wrongly and put right."""
    begin, end, fault = pl.col("begin"), pl.col("einde"), pl.col("fout")
    new, removed = pl.lit("1"), pl.lit("3")
    started = allocations.filter("gestart").with_columns(
        vroegst=pl.max_horizontal("begin", pl.lit(time.start)), laatst=pl.min_horizontal("einde", pl.lit(time.end))
    )
    length = pl.col("laatst") - pl.col("vroegst")
    wrong_start = (fault.eq_missing("start_fout")) & (begin > time.start) & (length > 60)
    wrong_stop = (fault.eq_missing("stop_fout")) & (length > 90)

    written = pl.when(wrong_start).then(begin + 25).otherwise(begin + _random(rng, started, 0, 5))
    # A late start comes after its stop.
    late = pl.when(fault.eq_missing("start_laat") & (end < NEVER)).then(end + 40)
    start = {"dagtekening": written, "begindatum": begin, "status": new, "na": late}

    too_late, too_soon = started.filter(wrong_start), started.filter(wrong_stop)
    stop = {"begindatum": begin, "einddatum": pl.col("vroegst") + 30, "reden": pl.lit(standard.by_client)}

    by_chance = pl.Series(rng.random(started.height) < PAUSED)
    paused = started.filter(by_chance & (length > 90) & fault.is_null())
    place = pl.Series(rng.random(paused.height))
    paused = paused.with_columns(stop=pl.col("vroegst") + 15 + (place * (length - 85)).cast(pl.Int64))
    paused = paused.with_columns(weer=pl.col("stop") + _random(rng, paused, 14, 50))
    pause = {"begindatum": begin, "einddatum": pl.col("stop"), "reden": pl.lit("20"), "status": new}

    stopped = started.filter((end < NEVER) & fault.ne_missing("open"))
    stopped = stopped.join(paused.select("toewijzing", "weer"), on="toewijzing", how="left", maintain_order="left")
    final = {"begindatum": pl.coalesce("weer", "begin"), "einddatum": end, "reden": pl.col("reden"), "status": new}
    return [
        _message(started, "305", 2, **start),
        _message(too_late, "305", 1, dagtekening=begin + 10, begindatum=begin + 9, status=new),
        _message(too_late, "305", 1, dagtekening=begin + 25, begindatum=begin + 9, status=removed),
        _message(too_soon, "307", 3, dagtekening=pl.col("vroegst") + 33, status=new, **stop),
        _message(too_soon, "307", 3, dagtekening=pl.col("vroegst") + 50, status=removed, **stop),
        _message(paused, "307", 3, dagtekening=pl.col("stop") + 3, **pause),
        _message(paused, "305", 4, dagtekening=pl.col("weer") + 2, begindatum=pl.col("weer"), status=new),
        _message(stopped, "307", 6, dagtekening=end + _random(rng, stopped, 0, 6), **final),
    ]
