"""AWBZ: the indications of care up to 2014, a CSV of all that were valid in a period."""

from datetime import date

import polars as pl

from assets.readers import ReadResult, SourceFile
from assets.readers.delimited import read_csvs
from assets.readers.names import month_of
from assets.registrations.declaration import Registration, Table
from validations.contracts.awbz import CONTRACT


def read(files: list[SourceFile]) -> ReadResult:
    """All indications of a delivery."""
    columns = {field.name: field.name for field in CONTRACT.fields}
    frame, faults = read_csvs(files, columns)
    return ReadResult({"awbz": frame}, faults)


def period(frames: dict[str, pl.DataFrame]) -> tuple[date, date] | None:
    """The month in the file name (awbz_201411.csv); another period than a month stands in levering.json."""
    return month_of(frames["awbz"])


REGISTRATION = Registration(
    bron="awbz",
    title=CONTRACT.title,
    owner="team:wmo",
    format="CSV met puntkomma's, UTF-8; de maand in de bestandsnaam (awbz_jjjjmm.csv) of de periode in levering.json",
    law_url="https://wetten.overheid.nl/BWBR0002614",
    semantics="stand",
    read=read,
    contracts={"awbz": CONTRACT},
    tables=(Table("awbz", "awbz", "awbz"),),
    cadence_days=31,
    grace_days=31,
    period=period,
)
