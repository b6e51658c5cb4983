"""Wsw: the half-yearly Wsw statistic, fixed width, often delivered by a WGR body for several gemeenten at once."""

from datetime import date

import polars as pl

from assets.readers import ReadResult, SourceFile
from assets.readers.fixed_width import half_year, read_records
from assets.registrations.declaration import Registration, Table
from validations.contracts.wsw import CONTRACT


def read(files: list[SourceFile]) -> ReadResult:
    """All records of a delivery, each with the gemeente that it counts for."""
    frame, faults = read_records(files, CONTRACT, lambda _name, _line: "2015")
    # Item 2 has five positions: a gemeentecode has a zero (or a space) before it, the code of a WGR body has not.
    gemeente = pl.when(pl.col("verantwoordelijke").str.contains("^0?[0-9]{4}$")).then(
        pl.col("verantwoordelijke").str.slice(-4)
    )
    of_whom = pl.coalesce(gemeente, "gemeente_inschrijving", "betalende_gemeente")
    return ReadResult({"wsw": frame.with_columns(of_whom.alias("gemeentecode"))}, faults)


def period(frames: dict[str, pl.DataFrame]) -> tuple[date, date] | None:
    """The half-year of the delivery (item 1); WSW-09 sees to it that there is one."""
    return half_year(frames["wsw"], "statistiekjaar", "halfjaar")


REGISTRATION = Registration(
    bron="wsw",
    title=CONTRACT.title,
    owner="team:werk-en-inkomen",
    format="vaste recordlengte, 28 items, per halfjaar",
    law_url="https://wetten.overheid.nl/BWBR0023158",
    semantics="stand",
    read=read,
    contracts={"wsw": CONTRACT},
    tables=(Table("wsw", "wsw", "wsw"),),
    # Within six weeks after the half-year (article 11 of the regulation).
    cadence_days=184,
    grace_days=42,
    period=period,
)
