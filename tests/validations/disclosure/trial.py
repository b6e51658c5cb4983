"""Puts a made-up gemeente through a protection and under attack; for tests and bench of both."""

from collections.abc import Callable

import polars as pl

from assets.ground.declared import counted
from tests.validations.disclosure.gemeente import Gemeente
from validations.disclosure.attack import Outcome, attack

UNLINKED = pl.DataFrame(schema={"gemeentecode": pl.String, "peildatum": pl.Date, "tabel": pl.String})
Protection = Callable[[pl.DataFrame, pl.DataFrame, pl.DataFrame], pl.DataFrame]  # figures, areas, residents -> table


def exact(gemeente: Gemeente) -> pl.DataFrame:
    """The truth that the attack is scored on: the exact figures of all tables."""
    return pl.concat(
        frame.filter(pl.col("status") == "geleverd").with_columns(pl.lit(f"monitor_{name}").alias("tabel"))
        for name, frame in gemeente.figures.items()
    )


def candidate(gemeente: Gemeente, protection: Protection) -> pl.DataFrame:
    """What would be published when each table is protected by itself, as the attack reads it."""
    return pl.concat(
        counted()[name]
        .joined(protection(figures, gemeente.areas, gemeente.residents))
        .with_columns(pl.lit(f"monitor_{name}").alias("tabel"), pl.lit(0).alias("ruimte"), pl.lit(10).alias("drempel"))
        for name, figures in gemeente.figures.items()
        if name == "totaal" or counted()[name].law is None
    )


def linked(gemeente: Gemeente) -> pl.DataFrame:
    """The tables that count in monitor_totaal: gemeentecode, peildatum, tabel."""
    months = ("gemeentecode", "peildatum")
    parts = {n: figures for n, figures in gemeente.figures.items() if n in gemeente.counted}
    counted = [figures.select(*months, pl.lit(f"monitor_{n}").alias("tabel")).unique() for n, figures in parts.items()]
    return pl.concat([UNLINKED, *counted])


def attacked(gemeente: Gemeente, published: pl.DataFrame, **options) -> Outcome:
    """The attack on what would be published of a gemeente whose regelingen are all linked."""
    return attack(published, gemeente.areas, gemeente.residents, exact(gemeente), linked(gemeente), **options)
