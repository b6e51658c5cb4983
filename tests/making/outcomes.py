"""Residents to deliver, and what an outcome says: states, faults, how many rows count."""

import polars as pl

from assets.readers import ReadResult, SourceFile
from assets.record.records import Outcome
from tests.making.town import Town


def persons(count: int, **changes: object) -> list[dict]:
    return [{"bsn": number} | changes for number in range(count)]


def states(outcome: Outcome) -> dict[str, str]:
    return {str(record.leverdatum): record.toestand for record in outcome.records}


def faults(outcome: Outcome) -> list[str]:
    return [fault.regel_id for record in outcome.records for fault in record.fouten]


def counted(town: Town, outcome: Outcome) -> int:
    """How many good rows count, as they lie in the kluis."""
    files = [town.folder / "kluis" / path for version in outcome.accepted for path in version.tabellen.values()]
    return sum(pl.read_parquet(file).height for file in files)


def no_reading(_files: list[SourceFile]) -> ReadResult:
    raise AssertionError("the delivery was read again")
