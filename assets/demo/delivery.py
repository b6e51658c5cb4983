"""Puts a delivery in landing: its files, and a levering.json that says what is in it.

Knows what the deliveries of one gemeente share; nothing of the records in them.
"""

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass
from datetime import date

import polars as pl

from assets.demo.facts import Gemeente
from assets.demo.timeline import Timeline
from assets.ground.zones import Zone
from assets.intake.promise import MANIFEST
from validations.language.contract import Position


@dataclass(frozen=True)
class Sender:
    """A gemeente as a supplier: where it delivers, over which months, and how many of its records are broken."""

    landing: Zone
    gemeente: Gemeente
    time: Timeline
    faults_pct: float

    def send(
        self, bron: str, leverdatum: date, files: dict[str, bytes], *, records: int, period: tuple[date, date]
    ) -> None:
        """Writes one delivery of this gemeente."""
        folder, owner = f"{self.gemeente.code}/{bron}/{leverdatum}", f"gemeente {self.gemeente.naam}"
        write_delivery(self.landing, folder, files, records=records, owner=owner, period=period)


def write_delivery(
    landing: Zone,
    folder: str,
    files: dict[str, bytes],
    *,
    records: int,
    owner: str,
    period: tuple[date, date] | None = None,
) -> None:
    """Writes the files of one delivery to leverancier/bron/leverdatum; `records` is what the intake will count."""
    for name, content in files.items():
        landing.write(f"{folder}/{name}", content)
    manifest: dict[str, object] = {
        "bronhouder": owner,
        "records": records,
        "bestanden": [{"naam": name, "sha256": hashlib.sha256(content).hexdigest()} for name, content in files.items()],
    }
    if period:
        manifest["periode"] = {"van": str(period[0]), "tot": str(period[1])}
    landing.write(f"{folder}/{MANIFEST}", json.dumps(manifest, indent=1, sort_keys=True).encode())


def to_csv(frame: pl.DataFrame) -> bytes:
    """The frame as CSV with semicolons; none is an empty field."""
    buffer = io.BytesIO()
    frame.write_csv(buffer, separator=";")
    return buffer.getvalue()


def fixed_width(layout: tuple[Position, ...], filled: list[str]) -> pl.Expr:
    """One record: the fields side by side, padded on the right; what is not filled is "not applicable" or blank."""
    return pl.concat_str(
        (pl.col(position.name).cast(pl.String) if position.name in filled else pl.lit(None, pl.String))
        .fill_null(position.none[0] if position.none else "")
        .str.pad_end(position.length)
        for position in layout
    )


def to_zip(files: dict[str, str]) -> bytes:
    """The files in one zip, the same bytes every time: a ZipInfo of its own has a fixed time (1980) and no mode."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED, compresslevel=3)
    return buffer.getvalue()
