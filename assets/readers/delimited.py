"""Reads delimited text (CSV): UTF-8, one header line, every value as text, an empty field as none."""

import re
from collections.abc import Mapping

import polars as pl

from assets.readers import Fault, SourceFile
from assets.readers.files import decode, members
from assets.readers.heads import Head, find_head
from validations.language.delivery import DeliveryError


def read_csvs(
    files: list[SourceFile], columns: Mapping[str, str], separators: str = ";", *, extra_allowed: bool = False
) -> tuple[pl.DataFrame, list[Fault]]:
    """The rows of every CSV of a delivery, and those that could not be read; see read_delimited."""
    read = [
        read_delimited(name, content, columns, separators, extra_allowed=extra_allowed)
        for name, content in members(files, ".csv")
    ]
    return pl.concat([frame for frame, _ in read]), [fault for _, faults in read for fault in faults]


def read_delimited(
    name: str,
    content: bytes,
    columns: Mapping[str, str],
    separators: str = ";",
    *,
    extra_allowed: bool = False,
) -> tuple[pl.DataFrame, list[Fault]]:
    """The columns of one file as text, plus bestand and regel (line in the file); and the lines that have two readings.

    `columns` maps a name in the header to the name in the contract; how the header may be written is said in heads.py.
    Order is free; a missing column is refused, and an unknown one too, unless `extra_allowed`. Quotes around a field
    are not part of it; quotes inside a field are, as written. Raises DeliveryError.
    """
    text = decode(name, content)
    head = find_head(name, text, columns, separators, extra_allowed=extra_allowed)
    lines, odd, faults = _lines(name, text, head)
    names = [*head.names, *(f"leeg {number}" for number in range(head.width - len(head.names)))]
    schema = dict.fromkeys(names, pl.String)
    try:
        frame = pl.read_csv(
            (lines.get_column("lijn").str.join("\n").item() + "\n").encode() if lines.height else b"",
            separator=head.separator,
            has_header=False,
            new_columns=names,
            schema=schema,
            null_values="",
            raise_if_empty=False,
        )
    except pl.exceptions.PolarsError:
        raise DeliveryError("LEV-04", name) from None
    if frame.height != lines.height:
        raise DeliveryError("LEV-05", name)
    frame = frame.with_columns(lines.get_column("regel"))
    if odd:
        written = pl.DataFrame(odd, schema=schema | {"regel": pl.Int64}, orient="row")
        frame = pl.concat([frame, written]).sort("regel")
    if frame.select(pl.any_horizontal(pl.col(names[len(head.names) :]).str.strip_chars() != "").any()).item():
        raise DeliveryError("LEV-04", name, detail="Een kolom zonder naam bevat gegevens.")
    read = [pl.col(source).str.strip_chars().replace("", None).alias(target) for source, target in columns.items()]
    return frame.select(*read, pl.lit(name).alias("bestand"), "regel"), faults


def _lines(name: str, text: str, head: Head) -> tuple[pl.DataFrame, list[list], list[Fault]]:
    """The lines below the header that hold something (regel, lijn); the others that could be read, and could not.

    The others have quotes inside a field: as fields with the regel at the end, or as faults. polars pads a short line
    in silence: refused here. Raises DeliveryError with the first line on which a quote stays open (a field that runs
    on), or that has another number of fields than the header.
    """
    # Split by polars: a list of Python strings takes ten times the memory, and the address table has 8 million lines.
    lines = pl.Series("lijn", [text.removesuffix("\n")]).str.split("\n").explode().to_frame()
    lines = lines.with_row_index("regel", offset=1)
    lines = lines.select(pl.col("regel").cast(pl.Int64), pl.col("lijn").str.strip_chars_end("\r")).slice(head.line)
    lines = lines.filter(pl.col("lijn").str.strip_chars(f" \t\r{head.separator}") != "")
    odd, faults, unquoted = [], [], pl.col("lijn")
    if '"' in text:
        between = re.escape(head.separator)
        field = rf'(?:"(?:[^"]|"")*"|[^"{between}]*)'
        sound = pl.col("lijn").str.contains(rf"^{field}(?:{between}{field})*$")
        odd, faults = _odd_lines(name, lines.filter(~sound), head)
        lines = lines.filter(sound)
        unquoted = unquoted.str.replace_all('"[^"]*"', "")
    ragged = lines.filter(unquoted.str.count_matches(head.separator, literal=True) != head.width - 1)
    if ragged.height:
        raise DeliveryError("LEV-04", name, ragged.item(0, "regel"))
    return lines, odd, faults


def _odd_lines(name: str, lines: pl.DataFrame, head: Head) -> tuple[list[list], list[Fault]]:
    """What stands on lines with quotes inside a field: their fields as written, or a fault where that is not certain.

    Raises DeliveryError LEV-05 for a quote that stays open: it is not known where that field ends.
    """
    read, faults = [], []
    for number, line in lines.iter_rows():
        fields = _fields(line, head.separator)
        begun = any(part.startswith('"') for part in fields if part.count('"') % 2)
        if line.count('"') % 2 and begun:
            raise DeliveryError("LEV-05", name, number)
        if len(fields) == head.width and not begun:
            read.append([*(part or None for part in fields), number])
        else:
            faults.append(Fault(name, number, "LEV-05"))
    return read, faults


def _fields(line: str, separator: str) -> list[str]:
    """The fields of a line: a whole quoted field without its quotes, any other as it is written."""
    between = re.escape(separator)
    quoted = re.compile(rf' *"((?:[^"]|"")*)" *(?={between}|$)')
    fields, place = [], 0
    while True:
        found = quoted.match(line, place)
        end = found.end() if found else line.find(separator, place)
        end = len(line) if end < 0 else end
        fields.append(found[1].replace('""', '"') if found else line[place:end])
        if end == len(line):
            return fields
        place = end + 1
