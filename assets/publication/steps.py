"""What the steps after dbt share: they never raise, and a table keeps its bytes.

A step that raised would make Dagster skip all that comes after it. What a step does is in a module of its own.
"""

import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl

from assets.ground.failures import told_of
from assets.ground.night import Night
from assets.ground.state import content_of, remember
from assets.ground.zones import Zone
from assets.publication import edition

# What the attacker found in beveiliging_samen, in the work folder.
PROOFS = "aanval.parquet"
IN_ORDER, KEPT = "in_orde", "vorige_editie"
# What to do when a step raised: nothing of it is remembered, so the next run tries again.
AGAIN = "draai opnieuw, en meld deze regel als het zo blijft"


@dataclass(frozen=True)
class Done:
    """What a step did.

    state    what later steps, `status` and the end report are told, under `toestand/<name>`
    wrong    why its check is red; empty: it is green
    version  the data version; the same when nothing changed
    shown    what the UI shows
    """

    state: dict[str, Any]
    wrong: str
    version: str = "geen"
    shown: dict[str, Any] = field(default_factory=dict)


def step_asset(
    *,
    name: str,
    check: str,
    holds: str,
    run: Callable[[Night], Done],
    broken: Callable[[Night, str], Done],
    group_name: str,
    deps: list[str],
    description: str,
    owners: list[str],
    tags: dict[str, str],
    kinds: set[str] | None = None,
    metadata: dict[str, Any] | None = None,
) -> dg.AssetsDefinition:
    """A step that never raises, with one blocking check; `holds`: what its check says, in Dutch.

    `broken` says what is true after a fault, given as it may be told (failures.told_of), never in its own words.
    """
    spec = dg.AssetCheckSpec(check, asset=name, description=holds, metadata={"blokkeert": True})

    @dg.asset(
        name=name,
        check_specs=[spec],
        group_name=group_name,
        deps=deps,
        description=description,
        owners=owners,
        tags=tags,
        kinds=kinds,
        metadata=metadata,
    )
    def step(context: dg.AssetExecutionContext, night: dg.ResourceParam[Night]) -> dg.MaterializeResult:
        try:
            done = run(night)
        except Exception as error:
            done = broken(night, told_of(error))
        if done.wrong:
            context.log.error(f"{name}: {done.wrong}")
        remember(night.settings.work, f"toestand/{name}", done.state)
        return dg.MaterializeResult(
            data_version=dg.DataVersion(done.version),
            metadata=done.shown,
            check_results=[
                dg.AssetCheckResult(
                    check_name=check,
                    passed=not done.wrong,
                    severity=dg.AssetCheckSeverity.ERROR,
                    description=done.wrong or None,
                )
            ],
        )

    return step


def write_or_keep(
    publicatie: Zone, before: str | None, path: str, frame: pl.DataFrame, file: Path, *, apart: str = ""
) -> bool:
    """Writes a table, or copies that of the previous edition when only column `apart` differs. True: copied."""
    # Beside the editions (besloten/) there is no manifest to hold it against.
    has_manifest = before and publicatie.exists(f"{before}/{edition.MANIFEST}")
    if (
        before
        and publicatie.exists(f"{before}/{path}")
        and (not has_manifest or edition.whole(publicatie, before, path))
    ):
        # What cannot be read is written anew.
        with suppress(pl.exceptions.PolarsError), publicatie.local(f"{before}/{path}") as old:
            previous = pl.read_parquet(old)
            same = previous.columns == frame.columns and previous.drop(apart, strict=False).equals(
                frame.drop(apart, strict=False)
            )
            if same:
                shutil.copyfile(old, file)
                return True
    frame.write_parquet(file, compression="zstd")
    return False


def same_file(publicatie: Zone, before: str | None, file: Path) -> bool:
    """Whether the file is, byte for byte, the one of that name in an edition."""
    path = f"{before}/{file.name}"
    return bool(before) and publicatie.exists(path) and publicatie.read(path) == file.read_bytes()


def mark_of(zone: Zone, path: str) -> str | None:
    """What changes when a file is written again or cut: a hash of it, on S3 the mark of the object."""
    if zone.folder is None:
        return zone.mark(path)
    return content_of(zone.folder / path)[Path(path).name]


def kept_moves(work: Path) -> pl.DataFrame | None:
    """What the attacker found in `beveiliging_samen`, for the audit, which judges each move anew; None: not there."""
    file = work / PROOFS
    return pl.read_parquet(file) if file.exists() else None
