"""Vsv: the monthly reports of DUO on early school leavers, CSV: A01, A02, A05 and A07 of one month in a delivery."""

import calendar
import re
from datetime import date

import polars as pl

from assets.readers import Fault, ReadResult, SourceFile
from assets.readers.delimited import read_delimited
from assets.readers.files import members
from assets.registrations.declaration import Registration, Table
from validations.contracts.vsv import CONTRACT, REPORTS
from validations.language.delivery import DeliveryError

# A04 and A06 are sums of the others: not read, and told.
SUMS = ("A04", "A06")


def read(files: list[SourceFile]) -> ReadResult:
    """The reports of one month, a row per person; the month is told by the names of the files. Raises DeliveryError."""
    frames: dict[str, pl.DataFrame] = {}
    faults: list[Fault] = []
    notices: list[Fault] = []
    months: set[date] = set()
    for name, content in members(files, ".csv"):
        report, month = _report(name)
        months.add(month)
        if report in frames or len(months) > 1:
            raise DeliveryError("LEV-08", name, detail="Lever elk rapport één keer, alle van dezelfde maand.")
        if report in SUMS:
            notices.append(Fault(name, None, "LEV-57", "het is een optelling van de andere rapporten"))
            continue
        columns = {column: column for column in REPORTS[report]}
        frame, wrong = read_delimited(name, content, columns)
        faults += wrong
        frames[report] = frame.with_columns(pl.lit(report).alias("rapport"), pl.lit(str(month)).alias("peildatum"))
    # A missing report is not a report without rows: pupils who came back would still be counted.
    if missing := [report for report in REPORTS if report not in frames]:
        raise DeliveryError("LEV-08", detail=f"Ontbreekt: {', '.join(missing)}. Een rapport zonder rijen heeft de kop.")
    order = [*(field.name for field in CONTRACT.fields), "bestand", "regel"]
    return ReadResult({"vsv": pl.concat(frames.values(), how="diagonal").select(order)}, faults, notices=notices)


def _report(name: str) -> tuple[str, date]:
    """Report and last day of the month, from `A01_202110.csv`."""
    found = re.search(r"(A0[1-7])_((?:19|20)\d\d)(0[1-9]|1[0-2])\.csv$", name, re.IGNORECASE)
    if not found or found[1].upper() not in (*REPORTS, *SUMS):
        raise DeliveryError("LEV-08", name, detail="Verwacht: een naam als A01_202110.csv (rapport, jaar en maand).")
    year, month = int(found[2]), int(found[3])
    return found[1].upper(), date(year, month, calendar.monthrange(year, month)[1])


def period(frames: dict[str, pl.DataFrame]) -> tuple[date, date] | None:
    """The month of the reports."""
    days = frames["vsv"].get_column("peildatum").unique().to_list()
    return (days[0].replace(day=1), days[0]) if len(days) == 1 else None


REGISTRATION = Registration(
    bron="vsv",
    title=CONTRACT.title,
    owner="team:doorstroompunt",
    format="CSV met puntkomma's, UTF-8: A01_jjjjmm.csv, A02_, A05_ en A07_ van één maand",
    law_url="https://wetten.overheid.nl/BWBR0013111",
    semantics="stand",
    read=read,
    contracts={"vsv": CONTRACT},
    tables=(Table("vsv", "vsv", "vsv"),),
    cadence_days=31,
    grace_days=21,
    period=period,
)
