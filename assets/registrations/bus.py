"""BUS: the monthly benefit statistic, fixed width, layouts of 2013 and 2015. Read once, feeds two regelingen."""

import calendar
from datetime import date

import polars as pl

from assets.readers import ReadResult, SourceFile
from assets.readers.fixed_width import read_records
from assets.registrations.declaration import Registration, Table
from validations.contracts.bus import CONTRACT, layout_of
from validations.language.delivery import DeliveryError


def read(files: list[SourceFile]) -> ReadResult:
    """All records of a delivery, the fields of the contract; a field that a layout does not have is empty."""
    frame, faults = read_records(files, CONTRACT, _layout)
    return ReadResult({"bus": frame}, faults)


def _layout(name: str, line: str) -> str:
    if not (line[:4].isascii() and line[:4].isdigit()):
        raise DeliveryError("LEV-22", name, 1, "Posities 1-4 zijn geen jaartal.")
    return layout_of(int(line[:4]))


def period(frames: dict[str, pl.DataFrame]) -> tuple[date, date] | None:
    """The statistic month of the delivery (items 1 and 2); BUS-10 sees to it that there is one."""
    months = frames["bus"].select("statistiekjaar", "statistiekmaand").unique()
    if months.height != 1:
        return None
    year, month = months.row(0)
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


REGISTRATION = Registration(
    bron="bus",
    title=CONTRACT.title,
    owner="team:werk-en-inkomen",
    format="vaste recordlengte, indeling 2013 of 2015",
    law_url="https://wetten.overheid.nl/BWBR0031830",
    semantics="stand",
    read=read,
    contracts={"bus": CONTRACT},
    tables=(
        Table("bus_wwb", "bus", "wwb", pl.col("statistiekcode").is_in(["01", "02", "03", "14"])),
        Table("bus_bijzondere_bijstand", "bus", "bijzondere_bijstand", pl.col("statistiekcode").is_in(["11", "12"])),
    ),
    # Within four weeks after the month (article 2 of the regulation).
    cadence_days=31,
    grace_days=28,
    period=period,
)
