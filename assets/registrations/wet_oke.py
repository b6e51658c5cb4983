"""Wet OKE: the register of children in early education (VVE), a CSV every month."""

from datetime import date

import polars as pl

from assets.readers import ReadResult, SourceFile
from assets.readers.delimited import read_csvs
from assets.readers.names import month_of
from assets.registrations.declaration import Registration, Table
from validations.contracts.wet_oke import CONTRACT


def read(files: list[SourceFile]) -> ReadResult:
    """All children of a delivery."""
    columns = {field.name: field.name for field in CONTRACT.fields}
    frame, faults = read_csvs(files, columns)
    return ReadResult({"wet_oke": frame}, faults)


def period(frames: dict[str, pl.DataFrame]) -> tuple[date, date] | None:
    """The month in the file name (vve_202112.csv)."""
    return month_of(frames["wet_oke"])


REGISTRATION = Registration(
    bron="wet_oke",
    title=CONTRACT.title,
    owner="team:jeugd",
    format="CSV met puntkomma's, UTF-8; de maand in de bestandsnaam (vve_jjjjmm.csv)",
    law_url="https://wetten.overheid.nl/BWBR0027956",
    semantics="stand",
    read=read,
    contracts={"wet_oke": CONTRACT},
    tables=(Table("wet_oke", "wet_oke", "wet_oke"),),
    cadence_days=31,
    grace_days=15,
    period=period,
)
