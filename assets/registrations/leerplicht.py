"""Leerplicht: reports of absence (verzuimmeldingen), JSON, delivered continuously."""

import polars as pl

from assets.readers import Fault, ReadResult, SourceFile
from assets.readers.files import members
from assets.readers.json_records import read_records
from assets.registrations.declaration import Registration, Table
from validations.contracts.leerplicht import CONTRACT


def read(files: list[SourceFile]) -> ReadResult:
    """All reports of absence of a delivery."""
    columns = {field.name: field.name for field in CONTRACT.fields}
    frames: list[pl.DataFrame] = []
    faults: list[Fault] = []
    for name, content in members(files, ".json"):
        frame, wrong = read_records(name, content, columns)
        frames.append(frame)
        faults += wrong
    return ReadResult({"leerplicht": pl.concat(frames)}, faults)


REGISTRATION = Registration(
    bron="leerplicht",
    title=CONTRACT.title,
    owner="team:leerplicht",
    format="JSON, UTF-8: een lijst van objecten, een per melding",
    law_url="https://wetten.overheid.nl/BWBR0002628",
    semantics="berichten",
    read=read,
    contracts={"leerplicht": CONTRACT},
    tables=(Table("leerplicht", "leerplicht", "leerplicht"),),
    cadence_days=31,
    grace_days=15,
    # New and changed reports since the last delivery; none in the summer holidays.
    max_jump_pct=None,
)
