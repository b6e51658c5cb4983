"""BRP: residents with their address history, CSV. The reference for who lives where, and every denominator."""

from assets.readers import ReadResult, SourceFile
from assets.readers.delimited import read_csvs
from assets.registrations.declaration import Registration, Table
from validations.contracts.brp import CONTRACT


def read(files: list[SourceFile]) -> ReadResult:
    """All address periods of a delivery."""
    columns = {field.name: field.name for field in CONTRACT.fields}
    frame, faults = read_csvs(files, columns)
    return ReadResult({"brp": frame}, faults)


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
