"""BRP: residents with their address history, CSV. The reference for who lives where, and every denominator."""

import polars as pl

from assets.intake.registration import Registration, Table
from assets.readers import ReadResult, SourceFile
from assets.readers.delimited import read_delimited
from assets.readers.files import members
from validations.contracts.brp import CONTRACT


def read(files: list[SourceFile]) -> ReadResult:
    """All address periods of a delivery."""
    columns = {field.name: field.name for field in CONTRACT.fields}
    frames = [read_delimited(name, content, columns) for name, content in members(files, ".csv")]
    return ReadResult({"brp": pl.concat(frames)})


REGISTRATION = Registration(
    bron="brp",
    title=CONTRACT.title,
    owner="team:burgerzaken",
    format="CSV met puntkomma's, UTF-8",
    law_url="https://wetten.overheid.nl/BWBR0033715",
    semantics="geheel",
    read=read,
    contracts={"brp": CONTRACT},
    tables=(Table("brp", "brp"),),
    cadence_days=31,
    grace_days=15,
    # An address history may hold periods in other gemeenten; the monitor needs only its own.
    elsewhere="weglaten",
)
