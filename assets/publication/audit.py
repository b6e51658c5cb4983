"""The audit of an edition: the attacker tries the files as they were written, and earlier editions beside them.

Reads what is about to be published, and the truth to score the attacker by. What it finds stops the edition.
"""

import time

import polars as pl

from assets.night import Night
from assets.publication import ledger
from assets.publication.cells import KEY, NOT_DELIVERED
from assets.publication.close import touched
from assets.publication.mart import mart, read_areas, read_linked
from assets.publication.public import CLOSED, STREETS, files_of, with_entries
from assets.publication.rules import TOTAL
from assets.publication.sdc import load_sdc, settings_mark
from assets.publication.steps import AGAIN, place_of
from assets.publication.tables import ORIGIN
from assets.publication.together import attack_today, kept_proofs
from assets.regelingen import counts_persons
from assets.settings import PROJECT
from assets.state import files_fingerprint, fingerprint, recall, remember
from assets.zones import Zone


def judge_edition(night: Night, ready: list[str]) -> dict:
    """The verdict on the tables of some regelingen together: `reden` (empty: safe), and what was tried.

    Known already when the same files were judged before; a night without a close changes no figure.
    """
    work = night.settings.work
    content = fingerprint(
        recall(work, "toestand/samen").get("inhoud"),
        ready,
        settings_mark(),
        files_fingerprint(PROJECT / "validations" / "disclosure", PROJECT / "assets" / "publication"),
    )
    memory = recall(work, "geheugen/audit")
    if memory.get("inhoud") == content:
        return memory
    started = time.process_time()
    told = {"inhoud": content, "stand": str(night.stand), "aangevallen": 0, "smalste": -1, "reden": ""}
    cells = [pl.read_parquet(work / "kandidaat" / f"monitor_{regeling}.parquet") for regeling in ready]
    if cells and any(frame.get_column("vers").any() for frame in cells):
        try:
            told |= _attack(night, touched(pl.concat(cells)), ready)
        except Exception as error:
            # What cannot be audited is not safe.
            return told | {"seconden": 0.0, "reden": f"de audit faalde ({place_of(error)}): {AGAIN}"}
    else:
        # Nothing is set in this run: what was tried at the last close still stands.
        told |= ledger.last_audit(night.settings.kluis, night.known_until)
    told["seconden"] = round(time.process_time() - started, 1)
    remember(work, "geheugen/audit", told)
    return told


def _attack(night: Night, cells: pl.DataFrame, ready: list[str]) -> dict:
    """Tries the written tables: today, on the truth of each earlier close, and against the previous edition."""
    work, sdc = night.settings.work, load_sdc()
    with mart(work) as connection:
        areas, linked = read_areas(connection), read_linked(connection)
    known = ledger.current(night.settings.kluis, night.known_until)
    entries = with_entries(known, pl.read_parquet(work / "vrij" / "grootboek.parquet"))
    files = {name: f"monitor_{r}" for r in ready for name in files_of(f"monitor_{r}")}
    written = pl.concat([_table(work / "vrij" / f"{name}.parquet", table) for name, table in files.items()])
    # The written figures, with the close that set each; what the files lack the attacker reads as lacking.
    public = written.join(entries.select(*KEY, "sluiting", "reden", "drempel"), on=KEY, how="left")
    proofs = kept_proofs(work)
    outcomes = [attack_today(public, cells, areas, linked=linked, sdc=sdc, stand=night.stand, proofs=proofs)]
    then_linked = _as_counted(night, linked)
    for close in known.join(cells.select(KEY), on=KEY, how="semi").get_column("sluiting").unique().sort():
        then = _as_of(public, cells, close)
        outcomes.append(attack_today(*then, areas, linked=then_linked, sdc=sdc, stand=close, proofs=proofs))
    before = night.before
    if before:
        from validations.disclosure.editions import differences

        # Supply counts no persons: it may change as it likes.
        counted = {f"monitor_{regeling}" for regeling in ready if counts_persons(regeling)}
        places = [(_public_place(night, name), table) for name, table in files.items() if table in counted]
        earlier = [_from_zone(zone, path, table) for (zone, path), table in places if zone.exists(path)]
        truth = cells.select(*KEY, "aantal").drop_nulls()
        if earlier:
            outcomes.append(differences(pl.concat(earlier), written, known.select(*KEY, "aantal").drop_nulls(), truth))
    narrowest = [outcome.narrowest for outcome in outcomes if outcome.narrowest is not None]
    findings = sorted({finding for outcome in outcomes for finding in outcome.findings})
    unsafe = [outcome for outcome in outcomes if not outcome.safe]
    reason = f"de audit vond {len(unsafe)} van {len(outcomes)} stelsels onveilig; {'; '.join(findings[:5])}".strip("; ")
    return {
        "aangevallen": sum(outcome.attacked for outcome in outcomes),
        "smalste": min(narrowest, default=-1),
        "reden": reason if unsafe else "",
    }


def _as_of(public: pl.DataFrame, cells: pl.DataFrame, close) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Only what an earlier close set, and the truth of that close; of other figures it is not known."""
    public = public.join(cells.select(*KEY, "bekend_sluiting", "vers"), on=KEY, how="left")
    # A later run of the same day has the same `sluiting`, but what it sets it counts anew.
    own = (pl.col("bekend_sluiting") == close) & ~pl.col("vers")
    names = ("waarde", "noemer", "per_1000")
    then = public.with_columns(
        *(pl.when(own).then(name).alias(name) for name in names),
        publicatiestatus=pl.when(own).then("publicatiestatus").otherwise(pl.lit(NOT_DELIVERED)),
    )
    # What was public without a figure keeps its row, so that the grid of that close is whole.
    known = cells.filter(pl.col("bekend_status").is_not_null())
    known = known.with_columns(aantal="bekend_aantal", vers=pl.lit(True))
    return then.drop("bekend_sluiting", "vers").with_columns(sluiting=pl.lit(close)), known


def _table(file, name: str) -> pl.DataFrame:
    return pl.read_parquet(file).with_columns(tabel=pl.lit(name))


def _as_counted(night: Night, linked: pl.DataFrame) -> pl.DataFrame:
    """`linked` of the months whose set is still that of their last close; of others it is not what was counted then."""
    month = ["gemeentecode", "peildatum"]
    origins = ledger.origin(night.settings.kluis, pl.DataFrame(schema=ORIGIN), night.known_until)
    then = origins.filter(pl.col("tabel") == TOTAL).select(*month, "unieset").unique()
    names = pl.col("tabel").str.strip_prefix("monitor_").sort().str.join(", ")
    now = linked.group_by(month).agg(unieset=names)
    return linked.join(now.join(then, on=[*month, "unieset"], how="semi"), on=month, how="semi")


def _public_place(night: Night, name: str) -> tuple[Zone, str]:
    """Where a file of the previous edition is."""
    closed = name == STREETS
    return (
        night.settings.kluis if closed else night.settings.publicatie,
        f"{CLOSED if closed else night.before}/{name}.parquet",
    )


def _from_zone(zone: Zone, path: str, name: str) -> pl.DataFrame:
    with zone.local(path) as file:
        return _table(file, name)
