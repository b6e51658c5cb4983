"""Kerncijfers wijken en buurten of CBS, CSV: a yardstick beside the mart, for analysts and checks."""

import polars as pl

from assets.intake.registration import Registration, Table
from assets.readers import ReadResult, SourceFile
from assets.readers.delimited import read_delimited
from assets.readers.files import members
from validations.contracts.kerncijfers import CONTRACT


def read(files: list[SourceFile]) -> ReadResult:
    """The known columns of every file; CBS adds columns each year."""
    columns = {field.name: field.name for field in CONTRACT.fields if field.name != "gemeentecode"}
    columns["gm_code"] = "gemeentecode"
    frames = [
        read_delimited(name, content, columns, ",;", extra_allowed=True) for name, content in members(files, ".csv")
    ]
    frame = pl.concat(frames).select(*(field.name for field in CONTRACT.fields), "bestand", "regel")
    return ReadResult({"kerncijfers": frame})


REGISTRATION = Registration(
    bron="kerncijfers",
    title=CONTRACT.title,
    owner="team:onderzoek",
    format="CSV van het CBS",
    law_url="https://wetten.overheid.nl/BWBR0015926",
    semantics="berichten",
    read=read,
    contracts={"kerncijfers": CONTRACT},
    tables=(Table("kerncijfers", "kerncijfers"),),
    cadence_days=366,
    grace_days=366,
    max_jump_pct=None,
    national=True,
)
