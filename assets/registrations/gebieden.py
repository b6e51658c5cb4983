"""Areas: the CBS table of postcode and house number to buurt, wijk and gemeente, its name tables, and boundaries."""

import re

import polars as pl

from assets.intake.registration import Registration, Table
from assets.readers import ReadResult, SourceFile
from assets.readers.delimited import read_delimited
from assets.readers.files import decode, members
from assets.readers.geojson import read_shapes
from validations.contracts.delivery import DeliveryError
from validations.contracts.gebieden import ADDRESSES, NAMES, SHAPES

# Column names differ in case and tail over the years (Wijkcode2019, Wijknaam_2019K_NAAM): matched by these patterns.
_NAME_TABLES = (
    ("buurt", "BU", 8, r"^(buurtcode|bu_?code)", r"^(buurtnaam|bu_?naam)"),
    ("wijk", "WK", 6, r"^(wijkcode|wk_?code)", r"^(wijknaam|wk_?naam)"),
    ("gemeente", "GM", 4, r"^(gemcode|gemeentecode|gm_?code)", r"^(gemeentenaam|gemnaam|gm_?naam)"),
)


def read(files: list[SourceFile]) -> ReadResult:
    """Addresses, names and shapes of every year in a delivery. Raises DeliveryError."""
    addresses, names = [], []
    for name, content in members(files, ".csv"):
        header = [part.strip().strip('"') for part in decode(name, content).split("\n", 1)[0].split(";")]
        year = re.search(r"(?:19|20)\d\d", " ".join(header)) or re.search(r"(?:19|20)\d\d", name)
        if year is None:
            raise DeliveryError("LEV-03", name, 1, "Geen jaar in kolomkop of bestandsnaam.")
        if header[0].lower() == "pc6":
            addresses.append(_addresses(name, content, header, year.group()))
        else:
            names.append(_names(name, content, header, year.group()))
    if not addresses:
        raise DeliveryError("LEV-08", detail="Verwacht: de tabel PC6;Huisnummer;Buurt<jaar>;Wijk<jaar>;Gemeente<jaar>.")
    shapes = read_shapes([file for file in files if file.name.lower().endswith((".geojson", ".json"))])
    frames = {"adressen": pl.concat(addresses), "namen": pl.concat(names) if names else _empty(NAMES)}
    return ReadResult(frames | {"kaart": shapes})


def _addresses(name: str, content: bytes, header: list[str], year: str) -> pl.DataFrame:
    wanted = {
        "pc6": "postcode",
        "huisnummer": "huisnummer",
        f"buurt{year}": "buurtcode",
        f"wijk{year}": "wijkcode",
        f"gemeente{year}": "gemeentecode",
    }
    columns = {part: wanted[part.lower()] for part in header if part.lower() in wanted}
    if len(columns) != len(wanted):
        raise DeliveryError("LEV-03", name, 1)
    return (
        read_delimited(name, content, columns, extra_allowed=True)
        .with_columns(pl.lit(year).alias("indelingsjaar"))
        .select(*(field.name for field in ADDRESSES.fields), "bestand", "regel")
    )


def _names(name: str, content: bytes, header: list[str], year: str) -> pl.DataFrame:
    for kind, prefix, length, code_pattern, name_pattern in _NAME_TABLES:
        code = next((part for part in header if re.match(code_pattern, part, re.IGNORECASE)), None)
        label = next((part for part in header if re.match(name_pattern, part, re.IGNORECASE)), None)
        if code and label:
            frame = read_delimited(name, content, {code: "code", label: "naam"}, extra_allowed=True)
            padded = pl.lit(prefix) + pl.col("code").str.strip_prefix(prefix).str.zfill(length)
            return (
                frame.with_columns(
                    pl.lit(year).alias("indelingsjaar"), pl.lit(kind).alias("soort"), padded.alias("code")
                )
                .with_columns(pl.col("code").str.slice(2, 4).alias("gemeentecode"))
                .select(*(field.name for field in NAMES.fields), "bestand", "regel")
            )
    raise DeliveryError("LEV-03", name, 1, "Geen tabel met adressen of namen van gebieden.")


def _empty(contract) -> pl.DataFrame:
    columns = {field.name: pl.String for field in contract.fields} | {"bestand": pl.String, "regel": pl.Int64}
    return pl.DataFrame(schema=columns)


REGISTRATION = Registration(
    bron="gebieden",
    title=ADDRESSES.title,
    owner="team:geo-informatie",
    format="CSV van het CBS (en GeoJSON)",
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
