"""`beveiliging_samen`: all tables of the next edition together, with the ledger, tried by the attacker until it fails.

Can only hide more than `monitor_<regeling>` did. What the attacker finds is repaired; what cannot be repaired loses a
level of detail; what is left unsafe is not released (release.py judges the written files once more).
"""

from datetime import date

import dagster as dg
import numpy as np
import polars as pl

from assets.night import Night
from assets.publication import ledger
from assets.publication.cells import KEY, NOT_DELIVERED, NVT, PUBLISHED, SILENT
from assets.publication.close import touched
from assets.publication.mart import mart, read
from assets.publication.protect import decided, room_of, show_again, system_of
from assets.publication.public import entries_of, in_grid, per_1000, public_table, with_entries
from assets.publication.sdc import Sdc, load_sdc, settings_mark
from assets.publication.steps import AGAIN, IN_ORDER, place_of, write_or_keep
from assets.state import fingerprint, recall, remember

ROUNDS = 20


def together_asset(regelingen: list[str]) -> dg.AssetsDefinition:
    """`beveiliging_samen`: the tables of the edition, and the ledger entries of this run, in the work folder."""

    @dg.asset(
        name="beveiliging_samen",
        group_name="publicatie",
        deps=[f"monitor_{regeling}" for regeling in regelingen],
        description="Alle tabellen samen, met het grootboek, beveiligd tot de aanvaller niets meer vindt.",
        owners=["team:monitor"],
        tags={"laag": "publicatie", "avg": "vertrouwelijk"},
        kinds={"polars"},
        check_specs=[
            dg.AssetCheckSpec(
                "samen_beveiligd",
                asset="beveiliging_samen",
                description="De aanvaller vindt niets meer; anders blijft de vorige editie.",
                metadata={"blokkeert": True},
            )
        ],
    )
    def beveiliging_samen(context: dg.AssetExecutionContext, night: Night) -> dg.MaterializeResult:
        try:
            told = _secure(night, regelingen)
        except Exception as error:
            told = {"fout": f"beveiliging mislukt ({place_of(error)}): {AGAIN}", "inhoud": "", "tabellen": []}
            context.log.error(told["fout"])
        remember(night.settings.work, "toestand/samen", told)
        shown = {name: value for name, value in told.items() if name not in ("inhoud", "tabellen", "fout")}
        return dg.MaterializeResult(
            data_version=dg.DataVersion(told["inhoud"] or "geen"),
            metadata=shown,
            check_results=[
                dg.AssetCheckResult(
                    check_name="samen_beveiligd",
                    passed=not told["fout"],
                    severity=dg.AssetCheckSeverity.ERROR,
                    description=told["fout"] or None,
                )
            ],
        )

    return beveiliging_samen


def _secure(night: Night, regelingen: list[str]) -> dict:
    """Writes `vrij/monitor_<regeling>.parquet`, and `vrij/grootboek.parquet`: what the ledger gets when released."""
    settings, work = night.settings, night.settings.work
    ready = [r for r in regelingen if recall(work, f"toestand/monitor_{r}").get("toestand") == IN_ORDER]
    versions = [recall(work, f"geheugen/monitor_{r}").get("versie", "") for r in ready]
    before = night.before
    content = fingerprint(ready, versions, ledger.names(settings.kluis), night.known_until, settings_mark(), before)
    memory, folder = recall(work, "geheugen/samen"), work / "vrij"
    if memory.get("inhoud") == content and folder.exists():
        return memory | {"overgeslagen": True}
    known = ledger.current(settings.kluis, night.known_until)
    cells = pl.concat([pl.read_parquet(work / "kandidaat" / f"monitor_{r}.parquet") for r in ready]) if ready else None
    sdc, told = load_sdc(), {"rondes": 0, "aangevallen": 0, "extra_onderdrukt": 0, "teruggevallen": 0}
    entries = known.clear()
    if cells is not None and cells.get_column("vers").any():
        with mart(work) as connection:
            areas, laws = read(connection, "gebied"), read(connection, "regelingen")
        cells, told = secure(cells, known, areas, linked=linked_regelingen(laws), sdc=sdc, stand=night.stand)
        entries = entries_of(cells, sdc, night.stand)
    _write(night, ready, known, entries)
    told |= {"inhoud": content, "fout": "", "tabellen": ready, "nieuw": entries.height, "overgeslagen": False}
    remember(work, "geheugen/samen", told)
    return told


def linked_regelingen(laws: pl.DataFrame) -> tuple[str, ...]:
    """The regelingen that count persons who can be told apart over registrations (design.md section 8, What links)."""
    counted = laws.filter(pl.col("telwijze") == "periode")
    if "koppelbaar" in laws.columns:
        counted = counted.filter(pl.col("koppelbaar") == "ja")
    return tuple(counted.get_column("regeling").sort())


def secure(
    cells: pl.DataFrame, known: pl.DataFrame, areas: pl.DataFrame, *, linked: tuple[str, ...], sdc: Sdc, stand: date
) -> tuple[pl.DataFrame, dict]:
    """`cells` (protect.decided) of all tables with what the attacker needs hidden as well; and what was done.

    `known`: the ledger, for tables that this run does not have. Raises ArithmeticError when the attacker still finds
    something after all rounds.
    """
    now = touched(cells)
    bare = now.with_columns(reden=pl.when(pl.col("reden") != "secundair").then("reden"))
    system = system_of(bare, sdc, linked)
    by_rule = system.shown.copy()
    system.shown &= (now.get_column("publicatiestatus") == PUBLISHED).to_numpy()
    first = system.shown.copy()
    proofs: dict = {}

    def attempt(part: pl.DataFrame | None = None):
        tried = decided(bare, by_rule & ~system.shown, system.silent)
        tried = tried if part is None else tried.join(part, on=["tabel", "gemeentecode", "peildatum"], how="semi")
        public = with_entries(known, entries_of(tried, sdc, stand))
        return tried, attack_today(public, tried, areas, linked=linked, sdc=sdc, stand=stand, proofs=proofs)

    rounds = 1
    tried, outcome = attempt()
    while not outcome.safe:
        if rounds == ROUNDS or not system.hide_near(_places(bare, outcome.cells)):
            raise ArithmeticError("the attacker finds what protection cannot hide")
        rounds += 1
        tried, outcome = attempt()
    safe = system.shown.copy()
    show_again(
        system,
        np.flatnonzero(by_rule & ~safe).tolist(),
        lambda cell: attempt(_around(bare, cell, alone=not linked))[1].safe,
    )
    if (system.shown != safe).any():
        tried, again = attempt()
        if not again.safe:
            # Together they give away more than each did in its own months: none of them is shown.
            system.shown = safe
            tried, _ = attempt()
    decisions = tried.select(*KEY, "publicatiestatus", "reden")
    cells = cells.join(decisions, on=KEY, how="left", suffix="_nu").with_columns(
        publicatiestatus=pl.coalesce("publicatiestatus_nu", "publicatiestatus"),
        reden=pl.when(pl.col("publicatiestatus_nu").is_not_null()).then("reden_nu").otherwise("reden"),
    )
    return cells.drop("publicatiestatus_nu", "reden_nu"), {
        "rondes": rounds,
        "aangevallen": outcome.attacked,
        "extra_onderdrukt": int((first & ~system.shown).sum()),
        "teruggevallen": len(system.fallen),
    }


def _around(cells: pl.DataFrame, cell: int, *, alone: bool) -> pl.DataFrame:
    """Where a cell can tell something: its own month and the quarters beside it; `alone`: of its own table."""
    table, gemeente, day = cells.select("tabel", "gemeentecode", "peildatum").row(cell)
    beside = [pl.lit(day).dt.offset_by(step).dt.month_end() for step in ("-3mo", "0mo", "3mo")]
    own = (pl.col("gemeentecode") == gemeente) & pl.col("peildatum").is_in(pl.concat_list(beside))
    own &= pl.col("tabel") == table if alone else pl.lit(True)
    return cells.filter(own).select("tabel", "gemeentecode", "peildatum").unique()


def attack_today(
    public: pl.DataFrame,
    cells: pl.DataFrame,
    areas: pl.DataFrame,
    *,
    linked: tuple[str, ...],
    sdc: Sdc,
    stand: date,
    proofs: dict,
):
    """What the attacker finds in `public` (ENTRY rows, or their columns as published), of the months in `cells`.

    `cells` holds the truth of today; a figure of an earlier close was set on a truth that can differ a little.
    `proofs`: of attacks before this one; what did not change since need not be proven again.
    """
    from validations.disclosure.attack import attack

    seen = public.join(cells.select("gemeentecode", "peildatum").unique(), on=["gemeentecode", "peildatum"], how="semi")
    # What is not delivered any more has no truth of today to be held against; its month is closed. Of aggregates the
    # source told each figure itself, and sums over them tell no more than it did.
    delivered = pl.col("status") == "geleverd"
    told = delivered | pl.col("publicatiestatus").is_in([NVT, NOT_DELIVERED])
    # With it go the areas beside it that never have a figure: a grid is tried whole, or not at all.
    grid = [name for name in (*KEY, "gebiedsniveau") if name != "gebiedscode"]
    now = cells.select(*KEY, "status", "telt_op", "vers", ruimte=room_of(sdc))
    seen = seen.join(now, on=KEY).filter(pl.col("telt_op"), told, told.all().over(grid) | delivered.any().over(grid))
    # An earlier run of the same day may have set it on another truth.
    room = pl.when((pl.col("sluiting") == stand) & pl.col("vers")).then(0).otherwise("ruimte")
    columns = [*KEY, "gebiedsniveau", "waarde", "noemer", "publicatiestatus", "reden", "drempel"]
    rate = pl.col("per_1000") if "per_1000" in seen.columns else per_1000()
    seen = seen.select(*columns, per_1000=rate, ruimte=room)
    residents = cells.select("gebiedscode", "peildatum", "leeftijdsgroep", "inwoners").drop_nulls().unique()
    truth = cells.select(*KEY, "aantal").drop_nulls()
    # The attacker knows that what is hidden is at least the threshold of then, unless its status tells nothing.
    hidden_from = pl.when(pl.col("reden").is_in(SILENT)).then(0).otherwise(pl.col("drempel"))
    return attack(seen, areas, residents, truth, list(linked), width=sdc.width, hidden_from=hidden_from, proofs=proofs)


def _places(cells: pl.DataFrame, found: pl.DataFrame) -> list[int]:
    """Where the cells that the attacker found stand in `cells`."""
    places = cells.with_row_index("plaats").join(found.select(KEY), on=KEY, how="semi")
    return places.get_column("plaats").sort().to_list()


def _write(night: Night, ready: list[str], known: pl.DataFrame, entries: pl.DataFrame) -> None:
    """The public tables after this run, each as in the previous edition when nothing in it changed; and the entries."""
    publicatie, folder, before = night.settings.publicatie, night.settings.work / "vrij", night.before
    folder.mkdir(parents=True, exist_ok=True)
    public = in_grid(with_entries(known, entries))
    newest = public.get_column("peildatum").max()
    for old in folder.glob("*.parquet"):
        old.unlink()
    # A regeling of which nothing was ever delivered has a table without rows.
    for table in sorted({*(f"monitor_{regeling}" for regeling in ready), *public.get_column("tabel")}):
        rows = public.filter(pl.col("tabel") == table)
        frame = public_table(rows, night.edition, newest if isinstance(newest, date) else None)
        write_or_keep(publicatie, before, f"{table}.parquet", frame, folder / f"{table}.parquet", apart="editie")
    entries.write_parquet(folder / "grootboek.parquet")
