"""CSV for people who open it in a Dutch spreadsheet. Knows nothing of what the columns mean."""

import io

import polars as pl

from validations.language.texts import FORMULA


def spreadsheet_csv(frame: pl.DataFrame, line_terminator: str = "\n") -> bytes:
    """The frame as CSV: `;`, decimal comma, UTF-8 with BOM, and an apostrophe before text that could be a formula."""
    text = pl.col(pl.String)
    safe = frame.with_columns(pl.when(text.str.contains(FORMULA)).then("'" + text).otherwise(text).name.keep())
    buffer = io.BytesIO()
    safe.write_csv(buffer, separator=";", include_bom=True, decimal_comma=True, line_terminator=line_terminator)
    return buffer.getvalue()
