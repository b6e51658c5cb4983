"""What the steps of the publication share: how a table keeps its bytes."""

import shutil
from contextlib import suppress
from pathlib import Path

import polars as pl

from assets.ground.state import content_of
from assets.ground.zones import Zone
from assets.publication import edition

# What the attacker found in beveiliging_samen, in the work folder.
PROOFS = "aanval.parquet"
IN_ORDER, KEPT = "in_orde", "vorige_editie"
# What to do when a step raised: nothing of it is remembered, so the next run tries again.
AGAIN = "draai opnieuw, en meld deze regel als het zo blijft"


def write_or_keep(
    publicatie: Zone, before: str | None, path: str, frame: pl.DataFrame, file: Path, *, apart: str = ""
) -> bool:
    """Writes a table, or copies that of the previous edition when only column `apart` differs. True: copied."""
    # Beside the editions (besloten/) there is no manifest to hold it against.
    told = before and publicatie.exists(f"{before}/{edition.MANIFEST}")
    if before and publicatie.exists(f"{before}/{path}") and (not told or edition.whole(publicatie, before, path)):
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
