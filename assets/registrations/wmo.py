"""Wmo: iWmo 3.2 messages WMO301 (allocation), WMO305 (start) and WMO307 (stop), as files or in a zip."""

from assets.readers import ReadResult, SourceFile
from assets.readers.files import members
from assets.readers.xml_messages import ELEMENTS, Message, read_messages
from assets.registrations.declaration import Registration, Table
from validations.contracts.wmo import CONTRACT

NAMESPACE = "http://www.istandaarden.nl/iwmo/3_2/"
MESSAGES = (
    Message("301", "414", "ToegewezenProduct", from_gemeente=True),
    Message("305", "418", "StartProduct", from_gemeente=False),
    Message("307", "420", "StopProduct", from_gemeente=False),
)
# Retours (302, 306, 308), requests and their answers (315 to 320), declarations and theirs (323, 325): COD002.
OTHERS = ("415", "419", "421", "444", "445", "480", "481", "482", "483", "484", "485")


def read(files: list[SourceFile]) -> ReadResult:
    """All messages of a delivery, one row per product."""
    frame, faults, left = read_messages(members(files, ".xml"), NAMESPACE, MESSAGES, ELEMENTS, OTHERS)
    return ReadResult({"wmo": frame}, faults, notices=left)


REGISTRATION = Registration(
    bron="wmo",
    title=CONTRACT.title,
    owner="team:wmo",
    format="iWmo 3.2 XML, los of in een zip",
    law_url="https://wetten.overheid.nl/BWBR0035362",
    semantics="berichten",
    read=read,
    contracts={"wmo": CONTRACT},
    tables=(Table("wmo", "wmo", "wmo"),),
    cadence_days=31,
    grace_days=15,
    # Messages since the last delivery: their number says nothing about the next.
    max_jump_pct=None,
    contradictions="uitval_wmo",
)
