"""Huisbezoeken: answers to the survey form of house visits, CSV. Forms without consent, and free text, stay out."""

import polars as pl

from assets.readers import ReadResult, SourceFile
from assets.readers.files import members
from assets.readers.quoted import read_quoted
from assets.registrations.declaration import Registration, Table
from validations.contracts.huisbezoeken import CONTRACT

FREE_TEXT = ("vrije_tekst",)


def read(files: list[SourceFile]) -> ReadResult:
    """The forms with consent. A form without a clear no goes on to the contract, which stores only forms with a yes."""
    columns = {field.name: field.name for field in CONTRACT.fields if field.name != "gemeentecode"}
    frame = pl.concat([read_quoted(name, content, columns, FREE_TEXT) for name, content in members(files, ".csv")])
    consent = pl.col("toestemming").str.to_lowercase()
    asked = frame.filter(~consent.is_in(["nee", "n"]), consent.is_not_null())
    asked = asked.with_columns(
        consent.alias("toestemming"), (pl.lit("GM") + pl.col("wijkcode").str.slice(2, 4)).alias("gemeentecode")
    )
    return ReadResult({"huisbezoeken": asked}, left_out=frame.height - asked.height)


REGISTRATION = Registration(
    bron="huisbezoeken",
    title=CONTRACT.title,
    owner="team:wijkteams",
    format="CSV met puntkomma's, UTF-8",
    law_url="https://wetten.overheid.nl/BWBR0035362",
    # Each delivery is the whole export: a person who withdraws consent counts no more from the next one on.
    semantics="geheel",
    read=read,
    contracts={"huisbezoeken": CONTRACT},
    tables=(Table("huisbezoeken", "huisbezoeken"),),
    cadence_days=31,
    grace_days=15,
    max_jump_pct=None,
)
