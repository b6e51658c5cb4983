"""Collectieve zorgverzekering: the insurer's workbook of who takes part in the contract of a gemeente, per year."""

from datetime import date

import polars as pl

from assets.readers import ReadResult, SourceFile
from assets.readers.names import year_in
from assets.readers.spreadsheet import read_workbooks
from assets.registrations.declaration import Registration, Table
from validations.contracts.collectieve_zorgverzekering import CONTRACT, YEAR


def read(files: list[SourceFile]) -> ReadResult:
    """All insured persons of a delivery; the year of the contract from its own column, else from the file name."""
    frame, faults, notices = read_workbooks(
        files, CONTRACT.fields, ("geboortedatum", "postcode", "huisnummer", "polisjaar")
    )
    years = {name: year_in(name) for name in frame.filter(pl.col("polisjaar").is_null()).get_column("bestand").unique()}
    of_name = pl.col("bestand").replace_strict(years, default=None, return_dtype=pl.String)
    year = pl.coalesce("polisjaar", of_name).alias("polisjaar")
    role = (
        pl.col("verzekerde_rol").str.to_lowercase().replace({"hoofdverzekerde": "hoofd", "verzekeringnemer": "hoofd"})
    )
    return ReadResult({"collectieve_zorgverzekering": frame.with_columns(year, role)}, faults, notices=notices)


def period(frames: dict[str, pl.DataFrame]) -> tuple[date, date] | None:
    """The calendar year of the contract; CZV-17 sees to it that there is one."""
    years = frames["collectieve_zorgverzekering"].select(YEAR.unique()).to_series()
    return (date(years.item(), 1, 1), date(years.item(), 12, 31)) if len(years) == 1 else None


REGISTRATION = Registration(
    bron="collectieve_zorgverzekering",
    title=CONTRACT.title,
    owner="team:werk-en-inkomen",
    format="werkmap (XLSX) van de verzekeraar, één blad",
    law_url="https://wetten.overheid.nl/BWBR0015703",
    semantics="stand",
    read=read,
    contracts={"collectieve_zorgverzekering": CONTRACT},
    tables=(Table("collectieve_zorgverzekering", "collectieve_zorgverzekering", "collectieve_zorgverzekering"),),
    # The list of 1 January, and one every quarter with what changed.
    cadence_days=92,
    grace_days=31,
    period=period,
    # On 1 January everybody may switch.
    max_jump_pct=40,
)
