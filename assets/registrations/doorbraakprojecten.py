"""Doorbraakprojecten: small projects that must show a result, YAML, registered before they start."""

import polars as pl

from assets.readers import ReadResult, SourceFile
from assets.readers.files import members
from assets.readers.yaml_records import read_yaml
from assets.registrations.declaration import Registration, Table
from validations.contracts.doorbraakprojecten import CONTRACT, FIELDS


def read(files: list[SourceFile]) -> ReadResult:
    """The projects of a delivery."""
    # Names may hold spaces, codes do not.
    columns = {field.name: "; " if field.name == "partners" else " " for field in FIELDS}
    frames = [read_yaml(name, content, columns) for name, content in members(files, ".yaml")]
    return ReadResult({"doorbraakprojecten": pl.concat(frames)})


REGISTRATION = Registration(
    bron="doorbraakprojecten",
    title=CONTRACT.title,
    owner="team:innovatie",
    format="YAML, een project of een lijst per bestand",
    law_url="https://wetten.overheid.nl/BWBR0035362",
    # The newest version of a project counts; the first tells when it was registered.
    semantics="berichten",
    read=read,
    contracts={"doorbraakprojecten": CONTRACT},
    tables=(Table("doorbraakprojecten", "doorbraakprojecten"),),
    cadence_days=92,
    grace_days=31,
    max_jump_pct=None,
    contradictions="uitval_doorbraakproject",
)
