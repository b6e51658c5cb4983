"""`beveiliging_samen`: all tables of the next edition together, with the ledger, tried by the attacker until it fails.

Can only hide more than `monitor_<regeling>` did. What the attacker finds is repaired; what cannot be repaired loses a
level of detail; what is left unsafe is not released (gate.py judges the written files once more).
"""

from datetime import date
from pathlib import Path

import dagster as dg
import polars as pl

from assets.ground.declared import CLOSED, counted
from assets.ground.mart import mart, read_areas, read_linked
from assets.ground.night import Night
from assets.ground.state import content_of, fingerprint, forget, recall, remember
from assets.ground.versions import TOGETHER, code_version
from assets.protection.public import entries_of, in_grid, public_table, with_entries
from assets.protection.sdc import load_sdc, settings_mark
from assets.protection.together import secure
from assets.publication import ledger
from assets.publication.rates import denominators, divided_as_now
from assets.publication.steps import AGAIN, IN_ORDER, PROOFS, Done, step_asset, write_or_keep


def together_asset(regelingen: list[str]) -> dg.AssetsDefinition:
    """`beveiliging_samen`: the tables of the edition, and the ledger entries of this run, in the work folder."""
    return step_asset(
        name="beveiliging_samen",
        check="samen_beveiligd",
        holds="De aanvaller vindt niets meer; anders blijft de vorige editie.",
        run=lambda night: _done(_secure(night, regelingen)),
        broken=_broken,
        group_name="publicatie",
        deps=[f"monitor_{regeling}" for regeling in regelingen],
        description="Alle tabellen samen, met het grootboek, beveiligd tot de aanvaller niets meer vindt.",
        owners=["team:monitor"],
        tags={"laag": "publicatie", "avg": "vertrouwelijk"},
        kinds={"polars"},
    )


def _broken(night: Night, fault: str) -> Done:
    forget(night.settings.work, "geheugen/samen")
    return _done({"fout": f"beveiliging mislukt ({fault}): {AGAIN}", "inhoud": "", "tabellen": []})


def _done(result: dict) -> Done:
    shown = {name: value for name, value in result.items() if name not in ("inhoud", "tabellen", "fout", "bestanden")}
    return Done(result, result["fout"], result["inhoud"] or "geen", shown)


def _secure(night: Night, regelingen: list[str]) -> dict:
    """Writes `vrij/monitor_<regeling>.parquet`, and `vrij/grootboek.parquet`: what the ledger gets when released."""
    settings, work = night.settings, night.settings.work
    if night.ledger_fault:
        return {"fout": night.ledger_fault, "inhoud": "", "tabellen": []}
    ready = [r for r in regelingen if recall(work, f"toestand/monitor_{r}").get("toestand") == IN_ORDER]
    versions = [recall(work, f"geheugen/monitor_{r}").get("versie", "") for r in ready]
    before = night.before
    content = fingerprint(
        *(ready, versions, ledger.names(settings.kluis), night.stand, night.known_until, settings_mark(), before),
        # What else the models tell, and who attacks.
        recall(work, "toestand/dbt").get("invoer") or night.run_id,
        code_version(TOGETHER),
    )
    memory = recall(work, "geheugen/samen")
    if memory.get("inhoud") == content and memory.get("bestanden") == _written(work):
        return memory | {"overgeslagen": True}
    # What an earlier run proved or wrote is not of these figures.
    (work / PROOFS).unlink(missing_ok=True)
    known = ledger.current(settings.kluis, night.known_until)
    history = ledger.every(settings.kluis, night.known_until)
    cells = pl.concat([pl.read_parquet(work / "kandidaat" / f"monitor_{r}.parquet") for r in ready]) if ready else None
    sdc, result = load_sdc(), {"rondes": 0, "aangevallen": 0, "extra_onderdrukt": 0, "teruggevallen": 0}
    entries = known.clear()
    if cells is not None and cells.get_column("vers").any():
        with mart(work) as connection:
            areas, linked = read_areas(connection), read_linked(connection)
        unions = ledger.unions(settings.kluis, night.known_until)
        options = {"linked": linked, "sdc": sdc, "stand": night.stand, "unions": unions}
        cells, result, moves = secure(cells, history, areas, **options)
        moves.write_parquet(work / PROOFS)
        entries = entries_of(cells, sdc, night.stand)
    _write(night, ready, known, entries)
    result |= {"inhoud": content, "fout": "", "tabellen": ready, "nieuw": entries.height, "overgeslagen": False}
    result |= {"bestanden": _written(work)}
    remember(work, "geheugen/samen", result)
    return result


def _written(work: Path) -> dict[str, str]:
    """A hash of each file that this step leaves to the gate."""
    return content_of(*sorted((work / "vrij").glob("*.parquet")), work / PROOFS)


def _write(night: Night, ready: list[str], known: pl.DataFrame, entries: pl.DataFrame) -> None:
    """The public tables after this run, each as in the previous edition when nothing in it changed; and the entries."""
    publicatie, folder, before = night.settings.publicatie, night.settings.work / "vrij", night.before
    folder.mkdir(parents=True, exist_ok=True)
    public = in_grid(with_entries(known, entries))
    if ready:
        with mart(night.settings.work) as connection:
            public = divided_as_now(public, denominators(connection), load_sdc())
    newest = public.get_column("peildatum").max()
    for old in folder.glob("*.parquet"):
        old.unlink()
    # A regeling of which nothing was ever delivered has a table without rows.
    for table in counted().values():
        if table.name not in ready and table.table not in public.get_column("tabel"):
            continue
        for file in table.files:
            rows = public.filter(pl.col("tabel") == table.table, pl.col("gebiedsniveau").is_in(file.levels))
            frame = public_table(table.name, rows, night.edition, newest if isinstance(newest, date) else None)
            # What an earlier night is rebuilt to does not depend on what lies in the closed folder today.
            closed = None if night.rebuild else CLOSED
            zone, place = (night.settings.kluis, closed) if file.closed else (publicatie, before)
            name = f"{file.name}.parquet"
            write_or_keep(zone, place, name, frame, folder / name, apart="editie")
    entries.write_parquet(folder / "grootboek.parquet")
