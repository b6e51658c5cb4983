"""Spells of vsv, leerplicht and oggz, and the contacts of the CJG: what the deliveries together say."""

from datetime import date
from typing import TYPE_CHECKING

from tests.dbt_project.reference.days import month_end, month_ends
from tests.dbt_project.reference.facts_school import (
    Absence,
    CjgDelivery,
    Contact,
    LeerplichtDelivery,
    OggzDelivery,
    VsvDelivery,
)
from tests.dbt_project.reference.spells import Spell

if TYPE_CHECKING:
    from tests.dbt_project.reference.facts import Facts


def school_year(day: date, first_month: int) -> int:
    """The year in which the school year of a day began."""
    return day.year if day.month >= first_month else day.year - 1


# --- vsv ---


def vsv_months(facts: "Facts", gemeente: str) -> dict[date, VsvDelivery]:
    """The newest delivery of every month, by its last day."""
    return {month_end(d.year, d.month): d for d in facts.of(VsvDelivery, gemeente)}


def vsv_complete(facts: "Facts", gemeente: str, on_day: date) -> bool:
    """Whether every month of the school year so far is there: the reports tell only what changed in their month."""
    october = month_end(school_year(on_day, 10), 10)
    return all(month in vsv_months(facts, gemeente) for month in [*month_ends(october, on_day), on_day])


def vsv_spells(facts: "Facts", gemeente: str) -> list[Spell]:
    """From leaving until back or qualified; whose return was before leaving, as a later report tells, never left."""
    rows = [(month, row) for month, d in vsv_months(facts, gemeente).items() for row in d.pupils]
    spells = []
    for report, left in rows:
        if left.report == "A01":
            assert left.day
            ends = [
                row.day
                for month, row in rows
                if row.person == left.person
                and row.day
                and (row.report == "A07" or (row.report == "A02" and (row.day >= left.day or month > report)))
            ]
            end = min(ends, default=None)
            if end is None or end >= left.day:
                spells.append(Spell(left.person, ("vsv", left.person), left.day, end))  # pyright: ignore[reportArgumentType]
    return spells


def startset(facts: "Facts", gemeente: str, on_day: date) -> set[int | str] | None:
    """The pupils on 1 October, as the newest month of that school year tells; None when no month is there."""
    year = school_year(on_day, 10)
    found = None
    for month, delivery in sorted(vsv_months(facts, gemeente).items()):
        pupils = {row.person for row in delivery.pupils if row.report == "A05"}
        if school_year(month, 10) == year and pupils:
            found = pupils
    return found


# --- leerplicht ---


def leerplicht_spells(facts: "Facts", gemeente: str) -> list[Spell]:
    """An event per report as it now is; not the withdrawn ones, nor absolute truancy of who is exempt that year."""
    newest: dict[str, Absence] = {}
    for delivery in facts.of(LeerplichtDelivery, gemeente):
        newest |= {absence.number: absence for absence in delivery.absences}
    counted = [(a, a.reported or a.start) for a in newest.values() if a.status != "Ingetrokken"]
    exempt = {(a.person, school_year(day, 8)) for a, day in counted if (a.ground or "").startswith("5")}
    return [
        Spell(a.person, ("lpl", a.number), day, day, code=(a.kind,))  # pyright: ignore[reportArgumentType]
        for a, day in counted
        if a.kind != "ABSOLUUT" or (a.person, school_year(day, 8)) not in exempt
    ]


# --- cjg ---


def cjg_months(facts: "Facts", gemeente: str) -> dict[date, tuple[Contact, ...]]:
    """The contacts of every month, of its newest delivery."""
    return {month_end(d.year, d.month): d.contacts for d in facts.of(CjgDelivery, gemeente)}


# --- oggz ---


def _oggz(facts: "Facts", gemeente: str) -> list[OggzDelivery]:
    """The deliveries that count, oldest period first: of each region and period the newest, whichever its gemeenten."""
    newest = {(d.by, d.first): d.leverdatum for d in facts.of(OggzDelivery)}
    found = [d for d in facts.of(OggzDelivery, gemeente) if d.leverdatum == newest[d.by, d.first]]
    return sorted(found, key=lambda d: d.last)


def oggz_months(facts: "Facts", gemeente: str) -> set[date]:
    """Every month of a delivered period."""
    return {
        m
        for d in _oggz(facts, gemeente)
        for m in month_ends(month_end(d.first.year, d.first.month), facts.stand)
        if m <= d.last
    }


def oggz_spells(facts: "Facts", gemeente: str) -> list[Spell]:
    """From report to closing, as the newest period with it tells; gone from a later one, it ended with the former."""
    newest_of_region = {d.by: d.last for d in sorted(facts.of(OggzDelivery), key=lambda d: d.last)}
    records = {(d.by, w.code, w.reported): (d, w) for d in _oggz(facts, gemeente) for w in d.worries}
    spells = []
    for (by, code, reported), (delivery, worry) in records.items():
        gone = delivery.last if delivery.last < newest_of_region[by] else None
        person = (by, code)
        spells.append(Spell(person, (by, code, reported), reported, worry.closed or gone))  # pyright: ignore[reportArgumentType]
    return spells


def oggz_places(facts: "Facts", gemeente: str) -> dict[tuple[str, str], str | None]:
    """The PC4 of each person: in the newest record, and none when that has none or is of a briefadres."""
    found = {}
    for delivery in _oggz(facts, gemeente):
        for worry in sorted(delivery.worries, key=lambda w: w.reported):
            found[delivery.by, worry.code] = None if worry.letters else worry.pc4
    return found
