"""Jeugdzorg in one of two forms: iJw 3.2 messages (JW301, JW305, JW307), or Beleidsinformatie Jeugd, fixed width.

The form is told by the files: `.txt` is Beleidsinformatie Jeugd, `.xml` are messages; a zip holds either.
"""

from datetime import date

import polars as pl

from assets.readers import ReadResult, SourceFile
from assets.readers.files import holds, members
from assets.readers.fixed_width import half_year, read_records
from assets.readers.xml_messages import ELEMENTS, Message, read_messages
from assets.registrations.declaration import Registration, Table
from validations.contracts.jeugdzorg import BIJ, MESSAGES
from validations.language.delivery import DeliveryError

NAMESPACE = "http://www.istandaarden.nl/ijw/3_2/"
KINDS = (
    Message("301", "436", "ToegewezenProduct", from_gemeente=True),
    Message("305", "438", "StartProduct", from_gemeente=False),
    Message("307", "440", "StopProduct", from_gemeente=False),
)
# The retours of these three; other messages of the standard are known by their namespace.
OTHERS = ("437", "439", "441")
# First digit of a type of measure: child protection, preventive activities, youth probation.
KIND_OF_MEASURE = {"1": "JB", "2": "JB", "3": "PJ", "4": "JR", "5": "JR", "6": "JR"}


def read(files: list[SourceFile]) -> ReadResult:
    """The messages or the records of a delivery, under the name of its form. Raises DeliveryError when it has both."""
    if not holds(files, ".txt"):
        frame, faults, left = read_messages(members(files, ".xml"), NAMESPACE, KINDS, ELEMENTS, OTHERS)
        return ReadResult({"jeugdzorg_berichten": frame}, faults, notices=left)
    if holds(files, ".xml"):
        raise DeliveryError(
            "LEV-08", detail="Verwacht: berichten (.xml) of Beleidsinformatie Jeugd (.txt), niet beide."
        )
    frame, faults = read_records(files, BIJ, lambda _name, _line: "BIJ 7")
    woonplaats, kind = pl.col("woonplaats"), pl.col("maatregel").str.slice(0, 1)
    frame = frame.with_columns(
        gemeentecode=pl.when(woonplaats.str.contains("^[0-9]{4}$")).then(woonplaats),
        soort_maatregel=kind.replace_strict(KIND_OF_MEASURE, default=None, return_dtype=pl.String),
    )
    return ReadResult({"jeugdzorg_bij": frame}, faults)


def period(frames: dict[str, pl.DataFrame]) -> tuple[date, date] | None:
    """The half-year of Beleidsinformatie Jeugd; messages tell of no period."""
    return half_year(frames["jeugdzorg_bij"], "verslagjaar", "halfjaar") if "jeugdzorg_bij" in frames else None


REGISTRATION = Registration(
    bron="jeugdzorg",
    title="Jeugdhulp, jeugdbescherming en jeugdreclassering",
    owner="team:jeugd",
    format="iJw 3.2 XML, los of in een zip; of Beleidsinformatie Jeugd, vaste recordlengte, per halfjaar",
    law_url="https://wetten.overheid.nl/BWBR0034925",
    semantics="berichten",
    read=read,
    contracts={"jeugdzorg_berichten": MESSAGES, "jeugdzorg_bij": BIJ},
    tables=(
        Table("jeugdzorg_berichten", "jeugdzorg_berichten", "jeugdzorg"),
        Table("jeugdzorg_bij", "jeugdzorg_bij", "jeugdzorg", semantics="stand"),
    ),
    # Those of the messages; Beleidsinformatie Jeugd comes within three weeks after a half-year.
    cadence_days=31,
    grace_days=15,
    # Messages since the last delivery: their number says nothing about the next.
    max_jump_pct=None,
    period=period,
    contradictions="uitval_jeugdzorg",
)
