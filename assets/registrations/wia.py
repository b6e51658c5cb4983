"""WIA: aggregates of UWV and CBS, already rounded, per quarter. No persons."""

import polars as pl

from assets.readers.aggregate import aggregate_reader, the_peildatum
from assets.registrations.declaration import Registration, Table
from validations.contracts.wia import CONTRACT, PARTS, TOTAL

REGISTRATION = Registration(
    bron="wia",
    title=CONTRACT.title,
    owner="team:werk-en-inkomen",
    format="CSV met puntkomma's, UTF-8",
    law_url="https://wetten.overheid.nl/BWBR0019057",
    semantics="stand",
    read=aggregate_reader(CONTRACT),
    contracts={"wia": CONTRACT},
    tables=(Table("wia", "wia", "wia", pl.col("regeling").is_in([TOTAL, *PARTS])),),
    cadence_days=92,
    grace_days=150,
    period=the_peildatum,
    # A file for the whole country, or one gemeente's part of it.
    elsewhere="weglaten",
    national=True,
)
