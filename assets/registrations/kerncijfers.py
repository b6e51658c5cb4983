"""Kerncijfers wijken en buurten of CBS: a yardstick beside the mart, for analysts and checks.

In one of three layouts, known by the headings: our own (jaar, gm_code, code), the kwb file, or an export of StatLine.
"""

import polars as pl

from assets.readers import Fault, ReadResult, SourceFile
from assets.readers.cbs import columns_of, shown, year_of_file
from assets.readers.delimited import read_delimited
from assets.readers.files import decode, members
from assets.readers.heads import headings
from assets.readers.spreadsheet import read_sheet
from assets.registrations.declaration import Registration, Table
from validations.contracts.kerncijfers import CONTRACT, COUNTS
from validations.language.delivery import DeliveryError

# By field its names in files of CBS, the surest first; StatLine puts a number behind each.
NAMES = {field.name: field.aliases for field in CONTRACT.fields if field.aliases}
# Without these a file is none of kerncijfers; other figures differ per year and edition.
NEEDED = ("code", "a_inw")
# Our own layout has all of them but this one, which came later.
LATER = "a_jz_tn"
OWN = {field.name: [field.name] for field in CONTRACT.fields if field.name != LATER} | {"gemeentecode": ["gm_code"]}

Found = dict[str, list[str]]


def read(files: list[SourceFile]) -> ReadResult:
    """The known columns of every file; CBS adds columns each year, and moves them."""
    frames: list[pl.DataFrame] = []
    faults: list[Fault] = []
    notices: list[Fault] = []
    for name, content in members(files, (".csv", ".xlsx")):
        workbook = name.lower().endswith(".xlsx")
        table, found, wrong = _workbook(name, content, notices) if workbook else _csv(name, content)
        absent = [field.name for field in COUNTS if field.name not in found]
        if absent:
            notices.append(Fault(name, None, "LEV-59", ", ".join(absent)))
        frame, double = _one_value(name, table, found)
        frames.append(_of_contract(name, frame, own=found.get("gemeentecode") == OWN["gemeentecode"]))
        faults += wrong + double
    return ReadResult({CONTRACT.bron: pl.concat(frames)}, faults, notices=notices)


def _csv(name: str, content: bytes) -> tuple[pl.DataFrame, Found, list[Fault]]:
    separator, header = headings(decode(name, content))
    own = {"gm_code", "code"} <= {heading.casefold() for heading in header}
    found = OWN | columns_of(header, {LATER: NAMES[LATER]}) if own else _known(name, header)
    columns = {heading: heading for held in found.values() for heading in held}
    frame, faults = read_delimited(name, content, columns, separator, extra_allowed=True)
    return frame, found, faults


def _workbook(name: str, content: bytes, notices: list[Fault]) -> tuple[pl.DataFrame, Found, list[Fault]]:
    frame, beside = read_sheet(name, content, lambda header: {*NEEDED} <= columns_of(header, NAMES).keys())
    notices += beside
    return frame, _known(name, frame.columns), []


def _known(name: str, header: list[str]) -> Found:
    found = columns_of(header, NAMES)
    missing = [" of ".join((field, *NAMES[field])) for field in NEEDED if field not in found]
    if missing:
        raise DeliveryError("LEV-03", name, 1, f"Ontbreekt: {', '.join(missing)}.")
    return found


def _one_value(name: str, table: pl.DataFrame, found: Found) -> tuple[pl.DataFrame, list[Fault]]:
    """A column per field; a table of several years has one per year, and a row that has two values is a fault."""
    values = {field: [shown(pl.col(heading)) for heading in held] for field, held in found.items()}
    for field in ("code", "naam"):
        values[field] = [pl.col(heading).str.strip_chars() for heading in found.get(field, [])]
    frame = table.select(
        *(pl.coalesce(held).alias(field) for field, held in values.items() if held), "bestand", "regel"
    )
    more = [pl.concat_list(held).list.drop_nulls().list.n_unique() > 1 for held in values.values() if len(held) > 1]
    if not more:
        return frame, []
    double = table.select(pl.any_horizontal(more)).to_series()
    faults = [Fault(name, line, "LEV-63", "twee kolommen met dezelfde naam") for line in frame.filter(double)["regel"]]
    return frame.filter(~double), faults


def _of_contract(name: str, frame: pl.DataFrame, *, own: bool) -> pl.DataFrame:
    """The frame with each field of the contract; what the file does not have is unknown. Raises DeliveryError."""
    # Our own layout has it in a column.
    year = None if "jaar" in frame.columns else year_of_file(name)
    if "jaar" not in frame.columns and year is None:
        raise DeliveryError("LEV-03", name, None, "Geen jaar in een kolom of in de bestandsnaam (kwb-2023.csv).")
    absent = [field.name for field in CONTRACT.fields if field.name not in frame.columns]
    frame = frame.with_columns(pl.lit(None, pl.String).alias(name) for name in absent)
    if own:
        return frame.select(*(field.name for field in CONTRACT.fields), "bestand", "regel")
    code = pl.col("code")
    return frame.with_columns(
        # Peildatum 1-1-2025, or Perioden 2025JJ00.
        jaar=pl.coalesce(pl.col("jaar").str.extract("((?:19|20)[0-9]{2})"), pl.lit(year)),
        # Areas above the gemeente (NL00) keep their own code, and are left out.
        gemeentecode=pl.when(code.str.contains("^(GM|WK|BU)"))
        .then(pl.lit("GM") + code.str.slice(2, 4))
        .otherwise(code),
    ).select(*(field.name for field in CONTRACT.fields), "bestand", "regel")


REGISTRATION = Registration(
    bron="kerncijfers",
    title=CONTRACT.title,
    owner="team:onderzoek",
    format="het bestand van het CBS: CSV van StatLine, of kwb-bestand (CSV of XLSX)",
    law_url="https://wetten.overheid.nl/BWBR0015926",
    semantics="berichten",
    read=read,
    contracts={"kerncijfers": CONTRACT},
    tables=(Table("kerncijfers", "kerncijfers"),),
    cadence_days=366,
    grace_days=366,
    max_jump_pct=None,
    national=True,
)
