"""Areas: the CBS table of postcode and house number to buurt, wijk and gemeente, its name tables, and boundaries."""

import re
from collections.abc import Callable

import polars as pl

from assets.readers import Fault, ReadResult, SourceFile
from assets.readers.cbs import year_of_file
from assets.readers.delimited import read_delimited
from assets.readers.files import decode, holds, members
from assets.readers.geojson import read_shapes
from assets.readers.heads import headings
from assets.readers.spreadsheet import read_sheet
from assets.registrations.declaration import Registration, Table
from validations.contracts.gebieden import ADDRESSES, NAMES, SHAPES
from validations.language.delivery import DeliveryError

# Column names differ in case and tail over the years (Wijkcode2019, Wijknaam_2019K_NAAM; since 2023 the code is in
# Wijk2023): matched by these patterns.
_NAME_TABLES = (
    ("buurt", "BU", 8, r"^(buurtcode|bu_?code|buurt_?\d)", r"^(buurtnaam|bu_?naam)"),
    ("wijk", "WK", 6, r"^(wijkcode|wk_?code|wijk_?\d)", r"^(wijknaam|wk_?naam)"),
    ("gemeente", "GM", 4, r"^(gemcode|gemeentecode|gm_?code|gemeente_?\d)", r"^(gemeentenaam|gemnaam|gm_?naam)"),
)
_ADDRESSES = {
    "postcode": r"^(pc6|postcode)$",
    "huisnummer": r"^huis(nummer|nr)$",
    "buurtcode": r"^(buurt|bu)_?(code)?[ _]?(\d{4})?$",
    "wijkcode": r"^(wijk|wk)_?(code)?[ _]?(\d{4})?$",
    "gemeentecode": r"^(gemeente|gem|gm)_?(code)?[ _]?(\d{4})?$",
}
SHAPE_FILES = (".geojson", ".json")
# Reads columns (heading to field) of a table.
Columns = Callable[[dict[str, str]], tuple[pl.DataFrame, list[Fault]]]


def read(files: list[SourceFile]) -> ReadResult:
    """Addresses, names and shapes of every year in a delivery. Raises DeliveryError."""
    addresses, names, notices = [], [], []
    for name, content in members(files, (".csv", ".xlsx")):
        workbook = name.lower().endswith(".xlsx")
        header, columns = _workbook(name, content, notices) if workbook else _csv(name, content)
        year = year_of_file(name, header)
        if year is None:
            raise DeliveryError("LEV-03", name, 1, "Geen jaar in kolomkop of bestandsnaam; een dag (20260105) is geen.")
        if any(re.match(_ADDRESSES["postcode"], heading, re.IGNORECASE) for heading in header):
            addresses.append(_addresses(name, header, columns, year))
        else:
            names += _names(name, header, columns, year)
    if not addresses:
        raise DeliveryError("LEV-08", detail="Verwacht: de tabel PC6;Huisnummer;Buurt<jaar>;Wijk<jaar>;Gemeente<jaar>.")
    frames = {
        "adressen": pl.concat([frame for frame, _ in addresses]),
        "namen": pl.concat([frame for frame, _ in names]) if names else _empty(NAMES),
    }
    faults = [fault for _, wrong in (*addresses, *names) for fault in wrong]
    shapes, open_shapes, water = read_shapes(members(files, SHAPE_FILES) if holds(files, SHAPE_FILES) else [])
    return ReadResult(frames | {"kaart": shapes}, faults + open_shapes, notices=notices + water)


def _csv(name: str, content: bytes) -> tuple[list[str], Columns]:
    separator, header = headings(decode(name, content))
    return header, lambda columns: read_delimited(name, content, columns, separator, extra_allowed=True)


def _workbook(name: str, content: bytes, notices: list[Fault]) -> tuple[list[str], Columns]:
    frame, beside = read_sheet(
        name, content, lambda header: bool(_name_tables(header)) or _address_table(header) is not None
    )
    notices += beside
    return frame.columns, lambda columns: (frame.select(*columns, "bestand", "regel").rename(columns), [])


def _address_table(header: list[str]) -> dict[str, str] | None:
    """The field of each heading of an address table; none when one is missing."""
    found = {
        next((h for h in header if re.match(pattern, h, re.IGNORECASE)), ""): field
        for field, pattern in _ADDRESSES.items()
    }
    return found if len(found) == len(_ADDRESSES) and "" not in found else None


def _addresses(name: str, header: list[str], columns: Columns, year: str) -> tuple[pl.DataFrame, list[Fault]]:
    wanted = _address_table(header)
    if wanted is None:
        raise DeliveryError("LEV-03", name, 1, "Verwacht: PC6, Huisnummer, Buurt<jaar>, Wijk<jaar> en Gemeente<jaar>.")
    frame, faults = columns(wanted)
    frame = frame.with_columns(pl.lit(year).alias("indelingsjaar"))
    return frame.select(*(field.name for field in ADDRESSES.fields), "bestand", "regel"), faults


def _name_tables(header: list[str]) -> list[tuple[str, str, int, str, str]]:
    """Kind, prefix and length of the codes, and the headings of code and name, of each kind of area that it names."""
    found = []
    for kind, prefix, length, *patterns in _NAME_TABLES:
        code, label = (next((h for h in header if re.match(p, h, re.IGNORECASE)), None) for p in patterns)
        if code and label:
            found.append((kind, prefix, length, code, label))
    return found


def _names(name: str, header: list[str], columns: Columns, year: str) -> list[tuple[pl.DataFrame, list[Fault]]]:
    """The names of each kind of area in a table; of a kind that stands beside a smaller one, each name once."""
    found = _name_tables(header)
    if not found:
        raise DeliveryError("LEV-03", name, 1, "Geen tabel met adressen of namen van gebieden.")
    tables = []
    for kind, prefix, length, code, label in found:
        frame, faults = columns({code: "code", label: "naam"})
        padded = pl.lit(prefix) + pl.col("code").str.strip_prefix(prefix).str.zfill(length)
        frame = frame.with_columns(
            pl.lit(year).alias("indelingsjaar"), pl.lit(kind).alias("soort"), padded.alias("code")
        ).with_columns(pl.col("code").str.slice(2, 4).alias("gemeentecode"))
        frame = frame.select(*(field.name for field in NAMES.fields), "bestand", "regel")
        if kind != found[0][0]:
            frame = frame.unique(["code", "naam"], keep="first", maintain_order=True)
        tables.append((frame, faults if kind == found[0][0] else []))
    return tables


def _empty(contract) -> pl.DataFrame:
    columns = {field.name: pl.String for field in contract.fields} | {"bestand": pl.String, "regel": pl.Int64}
    return pl.DataFrame(schema=columns)


REGISTRATION = Registration(
    bron="gebieden",
    title=ADDRESSES.title,
    owner="team:geo-informatie",
    format="CSV of XLSX van het CBS (en GeoJSON)",
    law_url="https://wetten.overheid.nl/BWBR0015926",
    # Each delivery is one or more years of areas; a later delivery of a year replaces that year (stg_gebieden).
    semantics="berichten",
    read=read,
    contracts={"adressen": ADDRESSES, "namen": NAMES, "kaart": SHAPES},
    tables=(
        Table("gebieden_adressen", "adressen"),
        Table("gebieden_namen", "namen"),
        Table("gebieden_kaart", "kaart"),
    ),
    cadence_days=366,
    grace_days=366,
    max_jump_pct=None,
    national=True,
)
