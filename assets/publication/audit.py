"""The audit of an edition: the attacker tries the files as they were written, and earlier editions beside them.

Reads what is about to be published, and the truth to score the attacker by. What it finds stops the edition.
"""

import time
from collections.abc import Callable
from contextlib import suppress

import polars as pl

from assets.ground.declared import CLOSED, Counted, File, counted
from assets.ground.failures import told_of
from assets.ground.mart import mart, read_areas, read_linked
from assets.ground.night import Night
from assets.ground.state import content_of, fingerprint, recall, remember
from assets.ground.versions import ATTACK, AUDIT, code_version
from assets.ground.zones import Zone
from assets.protection.cells import KEY
from assets.protection.close import touched
from assets.protection.over_closes import chains, closes, with_told
from assets.protection.public import in_grid, per_1000, with_entries
from assets.protection.sdc import load_sdc, settings_mark
from assets.protection.seen import attack_today
from assets.publication import edition, ledger
from assets.publication.steps import AGAIN, kept_moves
from validations import progress


def judge_edition(night: Night, ready: list[str]) -> dict:
    """The verdict on the tables of some regelingen together: `reden` (empty: safe), and what was tried.

    The verdict is known when the same files were judged before; a night without a close changes no figure.
    """
    work = night.settings.work
    tables = [counted()[regeling] for regeling in ready]
    content = fingerprint(
        recall(work, "toestand/beveiliging_samen").get("inhoud"),
        ready,
        content_of(*(work / "kandidaat" / f"{table.table}.parquet" for table in tables)),
        content_of(*(work / "vrij" / f"{file.name}.parquet" for table in tables for file in table.files)),
        settings_mark(),
        code_version(AUDIT),
    )
    memory = recall(work, "geheugen/audit")
    if memory.get("inhoud") == content:
        return memory
    started = time.process_time()
    result = {"inhoud": content, "stand": str(night.stand), "aangevallen": 0, "smalste": -1, "reden": ""}
    result["aanval"] = code_version(ATTACK)[:8]
    cells = [pl.read_parquet(work / "kandidaat" / f"monitor_{regeling}.parquet") for regeling in ready]
    if cells and any(frame.get_column("vers").any() for frame in cells):
        try:
            result |= _attack(night, touched(pl.concat(cells)), ready)
        except Exception as error:
            # What cannot be audited is not safe.
            return result | {"seconden": 0.0, "reden": f"de audit faalde ({told_of(error)}): {AGAIN}"}
    else:
        # Nothing is set in this run: what was tried at the last close still stands.
        result |= {"aanval": ""} | ledger.last_audit(night.settings.kluis, night.known_until)
    result["seconden"] = round(time.process_time() - started, 1)
    remember(work, "geheugen/audit", result)
    return result


def _attack(night: Night, cells: pl.DataFrame, ready: list[str]) -> dict:
    """Tries the written tables: today, on the truth of each earlier close, and against the previous edition."""
    work, sdc = night.settings.work, load_sdc()
    with mart(work) as connection:
        areas, linked = read_areas(connection), read_linked(connection)
    history = ledger.every(night.settings.kluis, night.known_until)
    known = ledger.current(night.settings.kluis, night.known_until)
    entries = with_entries(known, pl.read_parquet(work / "vrij" / "grootboek.parquet"))
    files = [(file, counted()[regeling]) for regeling in ready for file in counted()[regeling].files]
    written = pl.concat([_table(work / "vrij" / f"{file.name}.parquet", table) for file, table in files])
    # The written figures, with the close that set each; the attacker reads what the files lack as lacking. What the
    # settings of today leave out was public, and those who saw it know it.
    public = written.join(entries.drop(set(written.columns) - set(KEY), strict=False), on=KEY, how="left")
    left = known.join(in_grid(known), on=KEY, how="anti").filter(
        pl.col("tabel").is_in([table.table for _, table in files])
    )
    columns = [name for name in public.columns if name in left.columns]
    public = pl.concat([public, left.select(*columns, per_1000=per_1000())], how="diagonal")
    options = {"sdc": sdc, "moves": kept_moves(work)}

    def today(public: pl.DataFrame, cells: pl.DataFrame):
        seen = with_told(public, history, cells, night.stand)
        return attack_today(seen, cells, areas, linked=linked, stand=night.stand, **options)

    progress.doing("aanval op de geschreven tabellen, bewezen verborgen:")
    outcomes = [_new(today(public, cells), lambda: today(known, cells.with_columns(vers=pl.lit(False))))]
    chained = chains(public, history, cells, night.stand)
    unions = ledger.unions(night.settings.kluis, night.known_until)
    for number, close in enumerate(closes(chained, cells, unions)):

        def at_first(number: int = number):
            old = chains(known, history, cells.with_columns(vers=pl.lit(False)), night.stand)
            figures, truth, together, day = list(closes(old, cells, unions))[number]
            return attack_today(figures, truth, areas, linked=together, stand=day, **options)

        figures, truth, together, day = close
        progress.doing(f"aanval op de sluiting van {day}, bewezen verborgen:")
        outcome = attack_today(figures, truth, areas, linked=together, stand=day, **options)
        outcomes.append(_new(outcome, at_first))
    before = night.before
    if before:
        progress.doing("vergelijken met de vorige editie")
        from validations.disclosure.editions import differences

        # What that edition showed was set on the counts of its own closes: later ones may have been withdrawn.
        shown = edition.manifest(night.settings.publicatie, before).get("grootboek")
        basis = known if shown is None else ledger.as_of(night.settings.kluis, shown)
        # Supply counts no persons: it may change as it likes.
        earlier = [_as_public(night, file, table, basis) for file, table in files if table.persons]
        truth = cells.select(*KEY, "aantal").drop_nulls()
        if any(frame.height for frame in earlier):
            basis = basis.select(*KEY, "aantal").drop_nulls()
            outcomes.append(differences(in_grid(pl.concat(earlier)), written, basis, truth))
    narrowest = [outcome.narrowest for outcome in outcomes if outcome.narrowest is not None]
    findings = sorted({finding for outcome in outcomes for finding in outcome.findings})
    unsafe = [outcome for outcome in outcomes if not outcome.safe]
    reason = f"de audit vond {len(unsafe)} van {len(outcomes)} stelsels onveilig; {'; '.join(findings[:5])}".strip("; ")
    return {
        "aangevallen": sum(outcome.attacked for outcome in outcomes),
        "smalste": min(narrowest, default=-1),
        "reden": reason if unsafe else "",
    }


def _new(outcome, before: Callable):
    """The outcome without what a reader could tell `before` this run: that stops nothing, and cannot be hidden."""
    found = outcome.cells.height and not (outcome.infeasible or outcome.findings)
    return outcome.without(before().cells) if found else outcome


def _table(file, table: Counted) -> pl.DataFrame:
    return table.joined(pl.read_parquet(file)).with_columns(tabel=pl.lit(table.table))


def _public_place(night: Night, file: File) -> tuple[Zone, str]:
    """Where a file of the previous edition is."""
    return (
        night.settings.kluis if file.closed else night.settings.publicatie,
        f"{CLOSED if file.closed else night.before}/{file.name}.parquet",
    )


def _as_public(night: Night, file: File, table: Counted, basis: pl.DataFrame) -> pl.DataFrame:
    """The figures of a file of the previous edition; from the ledger where it was cut, written over or lost since."""
    (zone, path), columns = _public_place(night, file), [*KEY, "gebiedsniveau", "waarde", "publicatiestatus"]
    with suppress(pl.exceptions.PolarsError, FileNotFoundError):
        if file.closed or edition.whole(zone, str(night.before), f"{file.name}.parquet"):
            with zone.local(path) as there:
                return _table(there, table).select(columns)
    of_file = pl.col("gebiedsniveau").is_in(file.levels)
    return basis.filter(pl.col("tabel") == table.table, of_file).select(columns)
