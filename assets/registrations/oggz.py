"""OGGZ: reports of worry of a regional body, CSV per half year, persons under the region's own anonymous code."""

from datetime import date

import polars as pl

from assets.readers import ReadResult, SourceFile
from assets.readers.delimited import read_csvs
from assets.registrations.declaration import Registration, Table
from validations.contracts.oggz import CONTRACT


def read(files: list[SourceFile]) -> ReadResult:
    """All reports of a delivery; a region may deliver a file for each of its gemeenten."""
    columns = {field.name: field.name for field in CONTRACT.fields}
    frame, faults = read_csvs(files, columns)
    return ReadResult({"oggz": frame}, faults)


def period(frames: dict[str, pl.DataFrame]) -> tuple[date, date] | None:
    """The period that the rows name; OGZ-09 sees to it that there is one."""
    periods = frames["oggz"].select("periode_van", "periode_tot").unique()
    return periods.row(0) if periods.height == 1 else None


REGISTRATION = Registration(
    bron="oggz",
    title=CONTRACT.title,
    owner="team:oggz",
    format="CSV met puntkomma's, UTF-8; problematiek met | ertussen",
    law_url="https://wetten.overheid.nl/BWBR0035362",
    semantics="stand",
    read=read,
    contracts={"oggz": CONTRACT},
    tables=(Table("oggz", "oggz", "oggz"),),
    cadence_days=184,
    grace_days=62,
    period=period,
    max_jump_pct=40,
)
