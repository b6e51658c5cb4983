"""The command `herkomst`: from what an edition tells of a delivery to its day and files, and back. Reads only.

Prints file names as the register has them (numbers masked), and never what was typed.
"""

import re
from contextlib import suppress
from hashlib import file_digest
from pathlib import Path

import polars as pl

from assets.ground.failures import told_of
from assets.ground.kluis_format import FormatError
from assets.ground.settings import Settings
from assets.publication import ledger
from assets.publication.tables import ORIGIN
from assets.record.register import LENGTH, LETTERS, find, series_with
from assets.registrations.declaration import registrations
from orchestration.arguments import USAGE
from orchestration.report import IN_ORDER, NOTHING, say

IDENTIFIER, DIGEST, MONTH = rf"[{LETTERS}]{{{LENGTH}}}", r"[0-9a-f]{64}", r"\d{4}-\d{2}(-\d{2})?"
HOW = (
    "Geef één kenmerk (kolom levering van monitor_herkomst), één sha256 of één bestand; of een tabel, gemeente en"
    " maand: meerdoen herkomst monitor_wmo GM0988 2022-06"
)


def origin(wanted: list[str]) -> int:
    """Tells the deliveries behind an identifier, a sha256, a file or a published month, and what rests on them."""
    try:
        if len(wanted) == 1:
            return _of_delivery(Settings.from_environment(), wanted[0])
        if len(wanted) == 3 and re.fullmatch(MONTH, wanted[2]):
            return _of_figures(Settings.from_environment(), *wanted)
    except (ConnectionError, PermissionError, FormatError):
        raise
    except Exception as error:
        say(f"Mislukt ({told_of(error)}). Meld dit aan de beheerder van de monitor.")
        return NOTHING
    say(HOW)
    return USAGE


def _of_delivery(settings: Settings, given: str) -> int:
    """An identifier, a sha256 or a file: its deliveries, and the published months that rest on them."""
    wanted, there = given.strip().lower(), False
    # No file is called by what is too long for a name.
    with suppress(OSError):
        there = Path(given).is_file()
    if there:
        with Path(given).open("rb") as file:
            wanted = file_digest(file, "sha256").hexdigest()
    elif not re.fullmatch(f"{IDENTIFIER}|{DIGEST}", wanted):
        say(HOW)
        return USAGE
    kluis = settings.kluis
    found = find(kluis, list(registrations()), wanted)
    if found.is_empty():
        say("Niets gevonden: geen aanvaarde levering heeft dit kenmerk of dit bestand.")
        return NOTHING
    _tell(found)
    names = {wanted, *found.get_column("levering")}
    if re.fullmatch(DIGEST, wanted):
        for bron, who, day in found.select("bron", "leverancier", "leverdatum").unique().iter_rows():
            names |= {*series_with(kluis, bron, who, day)}
    rests = ledger.origin(kluis, pl.DataFrame(schema=ORIGIN)).filter(pl.col("levering").is_in(list(names)))
    months = rests.group_by("tabel", "gemeentecode").agg(
        eerste=pl.col("peildatum").min(), laatste=pl.col("peildatum").max(), maanden=pl.col("peildatum").n_unique()
    )
    say("Gepubliceerde cijfers die erop rusten:" if months.height else "Er rusten nog geen gepubliceerde cijfers op.")
    for table, gemeente, first, last, number in months.sort("tabel", "gemeentecode").iter_rows():
        say(f"  {table} {gemeente}: {first:%Y-%m} tot en met {last:%Y-%m} ({number} maanden)")
    return IN_ORDER


def _of_figures(settings: Settings, table: str, gemeente: str, month: str) -> int:
    """A published month of a table: its deliveries."""
    kluis = settings.kluis
    rows = ledger.origin(kluis, pl.DataFrame(schema=ORIGIN)).filter(
        pl.col("tabel") == f"monitor_{table.removeprefix('monitor_')}",
        pl.col("gemeentecode") == gemeente.upper(),
        pl.col("peildatum").dt.strftime("%Y-%m") == month[:7],
    )
    found = [find(kluis, [bron], name) for bron, name in rows.select("bron", "levering").unique().sort("bron").rows()]
    if not found or (deliveries := pl.concat(found).unique()).is_empty():
        say("Niets gevonden: van deze tabel, gemeente en maand zijn geen cijfers gepubliceerd.")
        return NOTHING
    _tell(deliveries)
    return IN_ORDER


def _tell(found: pl.DataFrame) -> None:
    """A line per delivery, and one per file as `sha256sum` writes it."""
    deliveries = found.sort("bron", "leverancier", "leverdatum", "levering", "bestand")
    for (bron, who, day, name), files in deliveries.group_by(
        "bron", "leverancier", "leverdatum", "levering", maintain_order=True
    ):
        say(f"{bron} {who} {day}, kenmerk {name}")
        for file, digest in files.select("bestand", "sha256").iter_rows():
            say(f"  {digest}  {file or '(de naam is met de bewaartermijn verwijderd)'}")
