"""What was delivered of vsv, leerplicht, cjg and oggz, in plain dataclasses; beside facts.py.

A person is the n of `bsn(n)`, or an onderwijsnummer as text.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Pupil:
    """One row of a report of DUO: A01 left, A02 back, A05 in the startset (no day), A07 qualified."""

    report: str
    person: int | str
    day: date | None = None


@dataclass(frozen=True)
class VsvDelivery:
    """The reports of one month."""

    leverdatum: date
    gemeente: str
    year: int
    month: int
    pupils: tuple[Pupil, ...]


@dataclass(frozen=True)
class Absence:
    """A report of absence. `reported` is empty when only the first day is known."""

    number: str
    person: int | str
    start: date
    reported: date | None
    kind: str = "RELATIEF"
    status: str = "In behandeling"
    ground: str | None = None


@dataclass(frozen=True)
class LeerplichtDelivery:
    """New and changed reports; `period` is what levering.json states."""

    leverdatum: date
    gemeente: str
    absences: tuple[Absence, ...]
    period: tuple[date, date] | None = None


@dataclass(frozen=True)
class Contact:
    day: date
    pc4: str | None = None


@dataclass(frozen=True)
class CjgDelivery:
    """The contacts of one month."""

    leverdatum: date
    gemeente: str
    year: int
    month: int
    contacts: tuple[Contact, ...]


@dataclass(frozen=True)
class Worry:
    """An OGGZ report of a person under a code; `letters`: the postcode is of a briefadres."""

    code: str
    reported: date
    closed: date | None = None
    pc4: str | None = None
    letters: bool = False


@dataclass(frozen=True)
class OggzDelivery:
    """What ran in a period in one gemeente; all that a region (`by`) delivers on a day is one delivery."""

    leverdatum: date
    gemeente: str
    by: str
    first: date
    last: date
    worries: tuple[Worry, ...]
