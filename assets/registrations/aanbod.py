"""Aanbod: what organisations in the gemeente offer, pages of an Open Referral HSDS 3.0 API, pulled or delivered."""

from calendar import monthrange
from datetime import date

import polars as pl

from assets.readers import ReadResult, SourceFile
from assets.readers.files import members
from assets.readers.hsds import LISTS, read_hsds
from assets.registrations.declaration import Registration, Table
from assets.sources.rest import RestPull
from validations.contracts.aanbod import CONTRACT, OWN, TERMS


def read(files: list[SourceFile]) -> ReadResult:
    """All services of a delivery, by the places where they are given."""
    own, terms = (tuple(field.name for field in fields) for fields in (OWN, TERMS))
    frame, faults = read_hsds(members(files, ".json"), own, terms)
    return ReadResult({"aanbod": frame}, faults)


def period(frames: dict[str, pl.DataFrame]) -> tuple[date, date] | None:
    """The month of the delivery: the supply of its last delivery is that of the end of the month."""
    days = frames["aanbod"].get_column("leverdatum")
    if days.is_empty():
        return None
    day: date = days[0]
    return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])


REGISTRATION = Registration(
    bron="aanbod",
    title=CONTRACT.title,
    owner="team:welzijn",
    format="Open Referral HSDS 3.0: REST met pagina's, of die pagina's als JSON",
    law_url="https://wetten.overheid.nl/BWBR0035362",
    semantics="stand",
    read=read,
    contracts={"aanbod": CONTRACT},
    tables=(Table("aanbod", "aanbod", "maatschappelijke_dienstverlening"),),
    cadence_days=31,
    grace_days=15,
    period=period,
    pull=RestPull(tuple(LISTS), optional=("organizations", "locations", "service_at_locations")),
)
