"""Wajong: aggregates of UWV and CBS, already rounded, per quarter; three regimes beside their total. No persons."""

import polars as pl

from assets.readers.aggregate import aggregate_reader, the_peildatum
from assets.registrations.declaration import Registration, Table
from validations.contracts.wajong import CONTRACT, REGIMES, TOTAL

REGISTRATION = Registration(
    bron="wajong",
    title=CONTRACT.title,
    owner="team:werk-en-inkomen",
    format="CSV met puntkomma's, UTF-8",
    law_url="https://wetten.overheid.nl/BWBR0008657",
    semantics="stand",
    read=aggregate_reader(CONTRACT),
    contracts={"wajong": CONTRACT},
    tables=(Table("wajong", "wajong", "wajong", pl.col("regeling").is_in([TOTAL, *REGIMES])),),
    cadence_days=92,
    grace_days=150,
    period=the_peildatum,
    # A file for the whole country, or one gemeente's part of it.
    elsewhere="weglaten",
    national=True,
)
