"""Frames as Parquet in a zone, and files that keep their bytes: nothing is written anew that did not change."""

import io

import polars as pl

from assets.ground.zones import Zone


def write_parquet(zone: Zone, path: str, frame: pl.DataFrame) -> None:
    """Writes a frame as Parquet, only when its bytes differ from what is there."""
    write_changed(zone, path, as_parquet(frame))


def as_parquet(frame: pl.DataFrame) -> bytes:
    """A frame as bytes: the same frame, the same bytes."""
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd", compression_level=1)
    return buffer.getvalue()


def write_changed(zone: Zone, path: str, content: bytes) -> None:
    """Writes a file, only when its bytes differ from what is there."""
    if not zone.exists(path) or zone.read(path) != content:
        zone.write(path, content)
