"""What was public and is no more: a rule of the gate. A figure goes only for a cause that the data name.

Causes: deliveries no longer cover its month, or another that it is counted from (indicatoren.py); its registration, or
the areas, were delivered anew without it; it became `nvt` by law (its month, or its age group), as it goes back to
before the first month, or as it is a kind of help that the other route of its registration does not know; the settings
(sdc.yml) are narrower. What a withdrawn edition had set is no longer public
(ledger.current).
Another set in monitor_totaal is no cause: a month that is public keeps its own. Coverage is counted here from the
deliveries themselves, apart from the models: it is these that may be wrong.
"""

from datetime import date

import polars as pl

from assets.ground.declared import BETWEEN, BREAKDOWN, Counted, counted
from assets.ground.indicatoren import indicatoren
from assets.ground.regelingen import rows
from assets.protection.cells import BELOW, HIDDEN, KEY, NOT_DELIVERED, NVT, PUBLISHED
from assets.protection.public import in_grid

MONTH = ["gemeentecode", "peildatum"]
DELIVERY = ["bron", "leverancier", "levering"]
MOST_MONTHS = 6


def unexplained(
    regeling: str,
    known: pl.DataFrame,
    cells: pl.DataFrame,
    written: pl.DataFrame,
    *,
    origins: pl.DataFrame,
    deliveries: pl.DataFrame,
    first: date | None,
) -> pl.DataFrame:
    """The public figures of a table that are lost without a cause: KEY.

    `known`: the ledger; `cells`: what this run counted (KEY, status); `written`: what would be published (KEY,
    publicatiestatus); `origins`: the ledger's (monitor_herkomst); `deliveries`: records.OVERVIEW of today; `first`: the
    first month that the models have.
    """
    lost = _lost(in_grid(known.filter(pl.col("tabel") == f"monitor_{regeling}")), cells, written)
    if lost.is_empty():
        return lost.select(KEY)
    table, today = counted()[regeling], {"counting": _counting(deliveries), "origins": origins, "first": first}
    if not table.each_of:
        return _without_cause(table, regeling, lost, **today)
    own = pl.col(BREAKDOWN).str.split(BETWEEN).list.first()
    return pl.concat([_without_cause(table, part, lost.filter(own == part), **today) for part in table.each_of])


def _without_cause(
    table: Counted,
    regeling: str,
    lost: pl.DataFrame,
    *,
    counting: pl.DataFrame,
    origins: pl.DataFrame,
    first: date | None,
) -> pl.DataFrame:
    """Those of `lost` (_lost) that nothing in the data explains: KEY. `regeling`: whose they are, or the table."""
    laws = rows()
    sets = _sets(table, regeling, lost, origins)
    uncovered = sets.join(_covered(sets, counting, laws), on=[*MONTH, "regeling"], how="anti").select(MONTH)
    gone = origins.filter(pl.col("tabel") == table.table).join(counting, on=DELIVERY, how="anti")
    anew = gone.filter((pl.col("bron") == "gebieden") | (pl.col("bron") != "brp") & pl.lit(not table.adds_up))
    causes = pl.concat([uncovered, anew.select(MONTH)]).unique()
    law, day = laws.get(regeling, {}), pl.col("peildatum")
    outside = (day < _day(law.get("geldig_van"), date.min)) | (day > _day(law.get("geldig_tot"), date.max))
    before_first = pl.any_horizontal(
        pl.col("indicator").is_in(names) & (_months_before(max(back)) < pl.lit(first, pl.Date))
        for back, names in _counted_from().items()
    )
    by_law = (pl.col("nu") == NVT) & (outside | before_first.fill_null(False) | _other_ages(law))
    left = lost.filter(~by_law.fill_null(False)).join(causes, on=MONTH, how="anti")
    if table.each_of:
        of_route = gone.filter(pl.col("bron") == law["bron"]).select(*MONTH, nu=pl.lit(NVT)).unique()
        left = left.join(of_route, on=[*MONTH, "nu"], how="anti")
    longer = left.clear() if table.over_a_set else left
    return left.join(_without_start(regeling, longer, counting, laws), on=KEY, how="anti").select(KEY)


def _without_start(
    regeling: str, lost: pl.DataFrame, counting: pl.DataFrame, laws: dict[str, dict[str, str]]
) -> pl.DataFrame:
    """The figures that are counted from a month that no delivery covers any more, as after `bewaar`: KEY."""
    needed = [
        lost.filter(pl.col("indicator").is_in(names)).with_columns(dag="peildatum", peildatum=_months_before(months))
        for back, names in _counted_from().items()
        for months in back
    ]
    needed = pl.concat(needed)
    starts = needed.select(MONTH).unique().with_columns(regeling=pl.lit(regeling))
    covered = _covered(starts, counting, laws)
    return needed.join(covered, on=MONTH, how="anti").with_columns(peildatum="dag").select(KEY)


def _counted_from() -> dict[tuple[int, ...], list[str]]:
    """The indicators that are counted from other months too, by how many months back these lie."""
    found: dict[tuple[int, ...], list[str]] = {}
    for known in indicatoren().values():
        if known.counted_from:
            found.setdefault(known.counted_from, []).append(known.name)
    return found


def _months_before(months: int) -> pl.Expr:
    return pl.col("peildatum").dt.offset_by(f"-{months}mo").dt.month_end()


def in_words(lost: pl.DataFrame) -> str:
    """How many figures are lost and of which months, in words for a check."""
    months = sorted({f"{day:%Y-%m}" for day in lost.get_column("peildatum")})
    which = ", ".join(months[:MOST_MONTHS]) + (
        f" en {len(months) - MOST_MONTHS} andere" if months[MOST_MONTHS:] else ""
    )
    return (
        f"{lost.height} openbare cijfers van {which} zijn nu niet geteld, en geen levering, wet of instelling verklaart"
        " dat: draai opnieuw, en zie docs/beheer.md als het zo blijft"
    )


def _lost(known: pl.DataFrame, cells: pl.DataFrame, written: pl.DataFrame) -> pl.DataFrame:
    """The figures in `known` that are not counted now (`nu`: their status), or not written."""
    had = known.filter(pl.col("publicatiestatus").is_in([PUBLISHED, BELOW, HIDDEN])).select(*KEY)
    now = cells.select(*KEY, nu="status")
    table = written.select(*KEY, er="publicatiestatus")
    both = had.join(now, on=KEY, how="left").join(table, on=KEY, how="left")
    there = (pl.col("nu") == "geleverd") & ~pl.col("er").is_in([NVT, NOT_DELIVERED])
    return both.filter(~there.fill_null(False))


def _day(text: str | None, otherwise: date) -> date:
    return date.fromisoformat(text) if text else otherwise


def _other_ages(law: dict[str, str]) -> pl.Expr:
    """Whether an age group (`0-14`, `65+`) holds nobody whom the law is for."""
    ends = pl.col("leeftijdsgroep").str.extract_groups(r"^(\d+)(?:-(\d+)|\+)$")
    first, last = (ends.struct.field(str(number)).cast(pl.Int64) for number in (1, 2))
    youngest, oldest = (
        pl.lit(int(age) if age else None, pl.Int64) for age in (law.get(f"leeftijd_{e}") for e in ("van", "tot"))
    )
    return (first > oldest).fill_null(False) | (last < youngest).fill_null(False)


def _counting(deliveries: pl.DataFrame) -> pl.DataFrame:
    """The deliveries whose rows count: the newest of a period (stand) or of all (geheel); messages add up."""
    newest = pl.col("leverdatum").max()
    accepted = deliveries.filter(pl.col("toestand") == "aanvaard").with_columns(
        van_periode=newest.over("bron", "leverancier", "semantiek", "periode_van"),
        van_alle=newest.over("bron", "leverancier"),
    )
    kind, day = pl.col("semantiek"), pl.col("leverdatum")
    counts = pl.when(kind == "stand").then(day == pl.col("van_periode")).when(kind == "geheel")
    return accepted.filter(counts.then(day == pl.col("van_alle")).otherwise(pl.lit(True)))


def _covered(sets: pl.DataFrame, counting: pl.DataFrame, laws: dict[str, dict[str, str]]) -> pl.DataFrame:
    """Which of `sets` (MONTH, regeling) a delivery covers today."""
    day = pl.col("leverdatum")
    start = pl.coalesce("periode_van", day - pl.duration(days=pl.col("cadans_dagen") + pl.col("respijt_dagen")))
    open_end = pl.col("periode_tot").is_null() | (pl.col("semantiek") == "berichten") & (pl.col("periode_tot") >= day)
    asked = pl.col("gevraagd_tot")
    end = (
        pl.when(asked.is_not_null() & (asked >= pl.coalesce("periode_tot", day)))
        .then(asked)
        .when(open_end)
        .then(day - pl.duration(days=1))
        .otherwise("periode_tot")
    )
    spans = counting.select("gemeentecode", "bron", van=start.cast(pl.Date), tot=end.cast(pl.Date)).unique()
    # The months begin where the BRP says that its residents do.
    residents = counting.filter(pl.col("bron") == "brp").get_column("periode_van").min()
    of = {regeling: law["bron"] for regeling, law in laws.items()}
    wanted = sets.with_columns(bron=pl.col("regeling").replace_strict(of, default=None, return_dtype=pl.String))
    found = wanted.join(spans, on=["gemeentecode", "bron"]).filter(pl.col("peildatum").is_between("van", "tot"))
    return found.filter(pl.col("peildatum") >= residents) if residents else found


def _sets(table: Counted, regeling: str, lost: pl.DataFrame, origins: pl.DataFrame) -> pl.DataFrame:
    """The regelingen that each month needs: MONTH, regeling."""
    months = lost.select(MONTH).unique()
    if not table.over_a_set:
        return months.with_columns(regeling=pl.lit(regeling))
    then = origins.filter(pl.col("tabel") == table.table, pl.col("unieset").is_not_null())
    then = then.select(*MONTH, "unieset").unique().join(months, on=MONTH, how="semi")
    return then.select(*MONTH, regeling=pl.col("unieset").str.split(", ")).explode("regeling")
