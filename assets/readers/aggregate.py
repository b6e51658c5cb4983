"""Reads aggregates (validations/contracts/aggregaat.py): CSV of counts per area, without persons."""

from datetime import date

import polars as pl

from assets.readers import Reader, ReadResult, SourceFile
from assets.readers.cbs import shown
from assets.readers.delimited import read_csvs
from validations.language.contract import Contract


def aggregate_reader(contract: Contract) -> Reader:
    """A reader for a contract in the layout of aggregates; the gemeente of a row follows from its regio_code."""
    columns = {field.name: field.name for field in contract.fields if field.name != "gemeentecode"}
    area = pl.col("regio_code")

    def read(files: list[SourceFile]) -> ReadResult:
        frame, faults = read_csvs(files, columns)
        frame = frame.with_columns(
            shown(pl.col("aantal")),
            # Areas above the gemeente are not for the monitor.
            pl.when(area.str.contains(r"^(GM|WK|BU)[0-9]{4}"))
            .then(pl.lit("GM") + area.str.slice(2, 4))
            .when(area.str.contains(r"^(NL|LD|PV|CR)[0-9]{2}$"))
            .then(area)
            .alias("gemeentecode"),
        )
        return ReadResult({contract.bron: frame.select(*(f.name for f in contract.fields), "bestand", "regel")}, faults)

    return read


def the_peildatum(frames: dict[str, pl.DataFrame]) -> tuple[date, date] | None:
    """The peildatum of a delivery as its period, and no other day; rule 04 sees to it that there is one."""
    (frame,) = frames.values()
    days = frame.get_column("peildatum").unique().to_list()
    return (days[0], days[0]) if len(days) == 1 else None
