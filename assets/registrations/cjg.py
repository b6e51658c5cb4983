"""CJG: contacts of the Centrum voor Jeugd en Gezin, CSV per month, without any person number."""

import calendar
from datetime import date

import polars as pl

from assets.readers import ReadResult, SourceFile
from assets.readers.delimited import read_csvs
from assets.registrations.declaration import Registration, Table
from validations.contracts.cjg import CONTRACT


def read(files: list[SourceFile]) -> ReadResult:
    """All contacts of a delivery. A column that the contract does not have is refused: it may be a medical one."""
    columns = {field.name: field.name for field in CONTRACT.fields}
    frame, faults = read_csvs(files, columns)
    return ReadResult({"cjg": frame}, faults)


def period(frames: dict[str, pl.DataFrame]) -> tuple[date, date] | None:
    """The month of the contacts; CJG-07 sees to it that there is one."""
    months = frames["cjg"].select(pl.col("datum_contact").dt.month_start()).to_series().unique().to_list()
    if len(months) != 1:
        return None
    return months[0], months[0].replace(day=calendar.monthrange(months[0].year, months[0].month)[1])


REGISTRATION = Registration(
    bron="cjg",
    title=CONTRACT.title,
    owner="team:jeugd-en-gezin",
    format="CSV met puntkomma's, UTF-8",
    law_url="https://wetten.overheid.nl/BWBR0024705",
    semantics="stand",
    read=read,
    contracts={"cjg": CONTRACT},
    tables=(Table("cjg", "cjg", "cjg"),),
    cadence_days=31,
    grace_days=15,
    period=period,
    # Contacts follow the school year: few in summer, many in autumn.
    max_jump_pct=60,
)
