"""Leerlingenvervoer: the workbook in which a gemeente keeps its decisions on school transport, per school year."""

from datetime import date

import polars as pl

from assets.readers import ReadResult, SourceFile
from assets.readers.spreadsheet import read_workbooks
from assets.registrations.declaration import Registration, Table
from validations.contracts.leerlingenvervoer import CONTRACT

# What people write for the codes of the contract.
WORDS = {
    "ov": "openbaar",
    "openbaar vervoer": "openbaar",
    "ov met begeleiding": "openbaar met begeleiding",
    "openbaar vervoer met begeleiding": "openbaar met begeleiding",
    "eigen vervoer": "eigen",
    "fiets": "eigen",
    "auto": "eigen",
    "aangepast vervoer": "aangepast",
    "bus": "aangepast",
    "taxi": "aangepast",
    "taxibus": "aangepast",
    "levensovertuiging": "richting",
    "beperking": "handicap",
}
OPTIONAL = ("vervoersreden", "onderwijssoort", "afstand_km", "brin", "kosten_jaar", "eigen_bijdrage")


def read(files: list[SourceFile]) -> ReadResult:
    """All decisions of a delivery; codes in small letters, a school year as jjjj/jj."""
    frame, faults, notices = read_workbooks(files, CONTRACT.fields, OPTIONAL)
    codes = [
        pl.col(column).str.to_lowercase().replace(WORDS)
        for column in ("vervoersoort", "vervoersreden", "onderwijssoort")
    ]
    year = (
        pl.col("schooljaar")
        # Excel takes 2011/12 for December 2011.
        .str.replace(r"^(20\d\d)-(\d\d)-01( 00:00:00)?$", "$1/$2")
        .str.replace(r"^(20\d\d) ?[-/] ?(?:20)?(\d\d)$", "$1/$2")
    )
    return ReadResult({"leerlingenvervoer": frame.with_columns(*codes, year)}, faults, notices=notices)


def period(frames: dict[str, pl.DataFrame]) -> tuple[date, date] | None:
    """The school year of the delivery, 1 August to 31 July; LLV-08 sees to it that there is one."""
    years = frames["leerlingenvervoer"].get_column("schooljaar").unique()
    if len(years) != 1:
        return None
    year = int(years.item()[:4])
    return date(year, 8, 1), date(year + 1, 7, 31)


REGISTRATION = Registration(
    bron="leerlingenvervoer",
    title=CONTRACT.title,
    owner="team:onderwijs",
    format="werkmap (XLSX) van de gemeente, één blad",
    law_url="https://wetten.overheid.nl/BWBR0003420",
    semantics="stand",
    read=read,
    contracts={"leerlingenvervoer": CONTRACT},
    tables=(Table("leerlingenvervoer", "leerlingenvervoer", "leerlingenvervoer"),),
    # A list at the start of the school year, and one every quarter with what changed.
    cadence_days=92,
    grace_days=31,
    period=period,
    # The list of a school year grows; the first of the next one is short again.
    max_jump_pct=50,
)
