"""`beveiliging_samen`: all tables of the next edition together, with the ledger, tried by the attacker until it fails.

Can only hide more than `monitor_<regeling>` did. What the attacker finds is repaired; what cannot be repaired loses a
level of detail; what is left unsafe is not released (release.py judges the written files once more).
"""

from datetime import date
from pathlib import Path
from zipfile import BadZipFile

import dagster as dg
import numpy as np
import polars as pl

from assets.night import Night
from assets.publication import ledger
from assets.publication.cells import KEY, NOT_DELIVERED, NVT, PUBLISHED, SILENT
from assets.publication.close import touched
from assets.publication.mart import mart, read_areas, read_linked
from assets.publication.protect import decided, room_of, show_again, system_of
from assets.publication.public import (
    CLOSED,
    STREETS,
    entries_of,
    files_of,
    in_grid,
    per_1000,
    public_table,
    with_entries,
)
from assets.publication.sdc import Sdc, load_sdc, settings_mark
from assets.publication.steps import AGAIN, IN_ORDER, place_of, write_or_keep
from assets.state import fingerprint, recall, remember

ROUNDS = 20
# In so many rounds what takes long to prove is taken for found: what that hides without need is shown again.
HASTY = 8
# So many cells are attacked to show again, largest figures first (24 months of 107,000 residents take a fifth of it);
# then the rest stays hidden: of 930,000 residents each attack takes seconds, and what is left to show is small.
TRIED = 3_000_000
PROOFS = "aanval.npz"


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
            areas, linked = read_areas(connection), read_linked(connection)
        proofs: dict[bytes, np.ndarray] = {}
        cells, told = secure(cells, known, areas, linked=linked, sdc=sdc, stand=night.stand, proofs=proofs)
        keep_proofs(work, proofs)
        entries = entries_of(cells, sdc, night.stand)
    _write(night, ready, known, entries)
    told |= {"inhoud": content, "fout": "", "tabellen": ready, "nieuw": entries.height, "overgeslagen": False}
    remember(work, "geheugen/samen", told)
    return told


def keep_proofs(work: Path, proofs: dict[bytes, np.ndarray]) -> None:
    """Keeps what the attacker proved, for the audit of this run: a proof is known by all that decides about it."""
    with (work / PROOFS).open("wb") as file:
        np.savez(file, **{name.hex(): proof for name, proof in proofs.items()})  # pyright: ignore[reportArgumentType]


def kept_proofs(work: Path) -> dict[bytes, np.ndarray]:
    """What keep_proofs kept; nothing when it cannot be read."""
    try:
        with np.load(work / PROOFS) as kept:
            return {bytes.fromhex(name): kept[name] for name in kept.files}
    except (OSError, ValueError, BadZipFile):
        return {}


def secure(
    cells: pl.DataFrame,
    known: pl.DataFrame,
    areas: pl.DataFrame,
    *,
    linked: pl.DataFrame,
    sdc: Sdc,
    stand: date,
    proofs: dict[bytes, np.ndarray] | None = None,
) -> tuple[pl.DataFrame, dict]:
    """`cells` (protect.decided) of all tables with what the attacker needs hidden as well; and what was done.

    `known`: the ledger, for tables that this run does not have; `linked`: mart.read_linked; `proofs`: gets
    what the attacker proved. Raises ArithmeticError when the attacker still finds something after all rounds.
    """
    now = touched(cells)
    bare = now.with_columns(reden=pl.when(pl.col("reden") != "secundair").then("reden"))
    system = system_of(bare, sdc, linked)
    by_rule = system.shown.copy()
    system.shown &= (now.get_column("publicatiestatus") == PUBLISHED).to_numpy()
    first = system.shown.copy()
    proofs = {} if proofs is None else proofs

    def attempt(proven: pl.DataFrame | None, part: pl.DataFrame | None = None, *, hasty: bool = False):
        tried = decided(bare, by_rule & ~system.shown, system.silent)
        tried = tried if part is None else tried.join(part, on=["tabel", "gemeentecode", "peildatum"], how="semi")
        public = with_entries(known, entries_of(tried, sdc, stand))
        options = {"linked": linked, "sdc": sdc, "stand": stand, "proofs": proofs, "proven": proven, "hasty": hasty}
        return tried, attack_today(public, tried, areas, **options)

    # What is safe with all that the rules let show is so whatever is hidden as well: proven once.
    system.shown = by_rule.copy()
    always = attempt(None, hasty=True)[1].proven
    system.shown = first.copy()
    rounds = 1
    tried, outcome = attempt(always, hasty=True)
    while not outcome.safe:
        if rounds == ROUNDS or not system.hide_near(_places(bare, outcome.cells)):
            raise ArithmeticError("the attacker finds what protection cannot hide")
        rounds += 1
        # More is hidden than in the round before.
        tried, outcome = attempt(outcome.proven, hasty=rounds <= HASTY)
    safe, proven, left = system.shown.copy(), outcome.proven, TRIED

    def may(cell: int) -> bool:
        nonlocal left
        if left < 0:
            return False
        part, told = attempt(always, _around(bare, cell, alone=linked.is_empty()))
        left -= part.height
        return told.safe

    show_again(system, np.flatnonzero(by_rule & ~safe).tolist(), may)
    tried, outcome = attempt(always if (system.shown != safe).any() else proven)
    if not outcome.safe:
        # Together they give away more than each did in its own months: none of them is shown.
        system.shown = safe
        tried, outcome = attempt(proven)
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
    linked: pl.DataFrame,
    sdc: Sdc,
    stand: date,
    proofs: dict,
    proven: pl.DataFrame | None = None,
    hasty: bool = False,
):
    """What the attacker finds in `public` (ENTRY rows, or their columns as published), of the months in `cells`.

    `cells` holds the truth of today; a figure of an earlier close was set on a truth that can differ a little.
    `proofs`, `proven`, `hasty`: see attack; what did not change since need not be proven again.
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
    options = {"width": sdc.width, "proofs": proofs, "proven": proven, "hasty": hasty}
    return attack(seen, areas, residents, truth, linked, hidden_from=hidden_from, **options)


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
        for name, levels in files_of(table).items():
            rows = public.filter(pl.col("tabel") == table, pl.col("gebiedsniveau").is_in(levels))
            frame = public_table(rows, night.edition, newest if isinstance(newest, date) else None)
            # What an earlier night is rebuilt to does not depend on the streets of today.
            closed = None if night.rebuild else CLOSED
            zone, place = (night.settings.kluis, closed) if name == STREETS else (publicatie, before)
            write_or_keep(zone, place, f"{name}.parquet", frame, folder / f"{name}.parquet", apart="editie")
    entries.write_parquet(folder / "grootboek.parquet")
