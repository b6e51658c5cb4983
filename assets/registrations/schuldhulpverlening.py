"""Schuldhulpverlening: pulled from the database of the case system, GGM tables; in landing a CSV per table."""

import polars as pl

from assets.readers import Fault, ReadResult, SourceFile
from assets.readers.files import members
from assets.readers.quoted import read_quoted
from assets.registrations.declaration import Registration, Table
from assets.sources.database import DatabasePull
from validations.contracts.schuldhulpverlening import CLIENTEN, DATED, STAPPEN, TRAJECTEN
from validations.language.contract import Contract
from validations.language.delivery import DeliveryError

DOSSIER, CHANGED = "schuldhulptraject_id", "gewijzigd_op"
REGELING = "schuldhulpverlening"
# What tables have beside dates, and under which name the contract knows it.
OWN = {
    "aanmelding": {"crisisinterventie": "ja/nee"},
    "intake": {"beschikkingssoort": "tekst"},
    "oplossing": {"soort": "tekst"},
    "begeleiding": {"soort": "tekst"},
    "schuldregeling": {"datum": "datum", "dwangakkoord": "ja/nee"},
    "uitstroom": {"datum": "datum", "reden": "tekst"},
}
MEANING = {
    "crisisinterventie": "ja_nee",
    "dwangakkoord": "ja_nee",
    "beschikkingssoort": "code",
    "soort": "code",
    "reden": "code",
    "datum": "startdatum",
}


def _step(name: str) -> dict[str, str]:
    dates = {"startdatum": "datum", "einddatum": "datum"} if name.upper() in DATED else {}
    return {f"{name}_id": "tekst", DOSSIER: "tekst", **dates, **OWN.get(name, {}), CHANGED: "tijdstip"}


STEP_TABLES = {name: _step(name) for name in [*map(str.lower, DATED), "schuldregeling", "uitstroom"]}
TABLES = {
    "schuldhulptraject": {
        DOSSIER: "tekst",
        "gemeentecode": "tekst",
        "startdatum": "datum",
        "einddatum": "datum",
        "toekenningsdatum": "datum",
        "totaalschuldbedragbijaanvang": "bedrag",
        CHANGED: "tijdstip",
    },
    "client": {
        "client_id": "tekst",
        DOSSIER: "tekst",
        "bsn": "tekst",
        "postcode": "tekst",
        "huisnummer": "geheel getal",
        CHANGED: "tijdstip",
    },
    **STEP_TABLES,
}


def read(files: list[SourceFile]) -> ReadResult:
    """Dossiers, clients and steps; what belongs to a dossier has its gemeente. Raises DeliveryError."""
    found: dict[str, tuple[str, bytes]] = {}
    notices: list[Fault] = []
    for name, content in members(files, ".csv"):
        table = name.rsplit("/", 1)[-1].lower().removesuffix(".csv")
        if table not in TABLES:
            notices.append(Fault(name, None, "LEV-56", "geen tabel uit de leveringsgids"))
        elif table in found:
            raise DeliveryError("LEV-08", name, detail="Deze tabel staat twee keer in de levering.")
        found[table] = (name, content)
    missing = [f"{name}.csv" for name in TABLES if name not in found]
    if missing:
        raise DeliveryError("LEV-08", detail=f"Ontbreekt: {', '.join(missing)}.")
    # A text of a case system may run over lines.
    frames = {
        name: read_quoted(*found[name], {column: MEANING.get(column, column) for column in columns})
        for name, columns in TABLES.items()
    }
    trajecten = frames["schuldhulptraject"]
    steps = [
        frames[name].rename({f"{name}_id": "stap_id"}).with_columns(stap=pl.lit(name.upper())) for name in STEP_TABLES
    ]
    gemeenten = (
        trajecten.select(DOSSIER, "gemeentecode").drop_nulls().unique(DOSSIER, keep="first", maintain_order=True)
    )
    return ReadResult(
        {
            "trajecten": _shaped(TRAJECTEN, trajecten),
            "clienten": _shaped(CLIENTEN, _of_gemeente(frames["client"], gemeenten)),
            "stappen": _shaped(STAPPEN, _of_gemeente(pl.concat(steps, how="diagonal"), gemeenten)),
        },
        notices=notices,
    )


def _of_gemeente(frame: pl.DataFrame, gemeenten: pl.DataFrame) -> pl.DataFrame:
    return frame.join(gemeenten, on=DOSSIER, how="left", maintain_order="left")


def _shaped(contract: Contract, frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(*(field.name for field in contract.fields), "bestand", "regel")


REGISTRATION = Registration(
    bron=REGELING,
    title="Schuldhulpverlening (zaaksysteem)",
    owner="team:schuldhulpverlening",
    format="tabellen van het GGM in PostgreSQL of SQLite; in landing een CSV per tabel",
    law_url="https://wetten.overheid.nl/BWBR0031331",
    # A delivery is what changed; the newest version of a dossier holds (stg_schuldhulp_traject).
    semantics="berichten",
    read=read,
    contracts={"trajecten": TRAJECTEN, "clienten": CLIENTEN, "stappen": STAPPEN},
    tables=(
        Table("schuldhulp_traject", "trajecten", REGELING),
        Table("schuldhulp_client", "clienten", REGELING),
        Table("schuldhulp_stap", "stappen", REGELING),
    ),
    cadence_days=31,
    grace_days=15,
    # Steps without a date are many, and no figure depends on them.
    max_uitval_pct=10,
    max_jump_pct=None,
    pull=DatabasePull(TABLES, DOSSIER, CHANGED),
)
