"""What was delivered, in plain dataclasses: the form that tests write deliveries in and the reference reads.

A person is the n of `bsn(n)` of tests/making/town.py; persons of different gemeenten are different persons."""

from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from tests.dbt_project.reference.days import maybe, on
from tests.dbt_project.reference.facts_school import CjgDelivery, LeerplichtDelivery, OggzDelivery, VsvDelivery


@dataclass(frozen=True)
class Place:
    """One address of the CBS table, and its buurt: BU and eight characters."""

    postcode: str
    number: int
    buurt: str


@dataclass(frozen=True)
class AreaDelivery:
    """The areas of one year: where every address lies and what everything is called (by GM, WK or BU code)."""

    leverdatum: date
    year: int
    places: tuple[Place, ...]
    names: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Residence:
    """One address period of one person; `household` is empty for who lives alone, `street` where nobody noted it."""

    person: int
    postcode: str
    number: int
    van: date
    tot: date | None = None
    born: str = "19600615"
    died: date | None = None
    household: str = ""
    gemeente: str = ""
    street: str = "Dorpsstraat"


@dataclass(frozen=True)
class BrpDelivery:
    leverdatum: date
    gemeente: str
    residences: tuple[Residence, ...]


@dataclass(frozen=True)
class Message:
    """One product in a WMO301 (`ingang` and `end` of the allocation), WMO305 or WMO307."""

    kind: str
    person: int
    number: int | None
    dated: date
    ident: str = "1"
    ingang: date | None = None
    begin: date | None = None
    end: date | None = None
    reason: str | None = None
    status: str = "1"
    categorie: str | None = "01"
    code: str | None = "01A01"
    address: tuple[str, int] | None = None


@dataclass(frozen=True)
class MessageDelivery:
    """Messages of Wmo or jeugdzorg in the order of the files; `period` is what levering.json states."""

    leverdatum: date
    gemeente: str
    messages: tuple[Message, ...]
    period: tuple[date, date] | None = None
    regeling: str = "wmo"


@dataclass(frozen=True)
class Benefit:
    """One BUS record: one person in one benefit."""

    person: int
    registration: str
    begin: date
    end: date | None = None
    code: str = "01"
    cluster: str = ""


@dataclass(frozen=True)
class BusDelivery:
    """The stock of a month. `by`: a body that delivers for several gemeenten, in one file a day. `broken`: refused."""

    leverdatum: date
    gemeente: str
    year: int
    month: int
    benefits: tuple[Benefit, ...]
    by: str = ""
    broken: bool = False


@dataclass(frozen=True)
class Dossier:
    """A schuldhulptraject of one or two persons. `dateless`: with a phase of which nobody noted when it began."""

    number: str
    persons: tuple[int, ...]
    begin: date
    end: date | None = None
    outflow: date | None = None
    refused: bool = False
    granted: date | None = None
    dateless: bool = False
    address: tuple[str, int] | None = None


@dataclass(frozen=True)
class DebtDelivery:
    """A pull: the dossiers that changed since the last one, whole; `period` is about which days."""

    leverdatum: date
    gemeente: str
    dossiers: tuple[Dossier, ...]
    period: tuple[date, date]


@dataclass(frozen=True)
class AggregateDelivery:
    """Figures of one peildatum: (indicator, area code, age class, count); None: the source does not show it."""

    leverdatum: date
    gemeente: str
    peildatum: date
    cells: tuple[tuple[str, str, str, int | None], ...]
    regeling: str = "wia"


@dataclass(frozen=True)
class Record:
    """One row of a full stock: one person in one provision. `number` says which, with `code` where that has parts.

    For wet_oke `code` is what became of the child (bereik), `number` the centre; `known_by` is its kindnummer, and
    `no_bsn` says that only that is told.
    """

    person: int
    number: str
    begin: date
    end: date | None = None
    code: str = ""
    address: tuple[str, int] | None = None
    known_by: str = ""
    no_bsn: bool = False


@dataclass(frozen=True)
class StockDelivery:
    """All records of one period of a registration; a later delivery of the period replaces it."""

    leverdatum: date
    gemeente: str
    bron: str
    period: tuple[date, date]
    records: tuple[Record, ...]
    broken: bool = False


@dataclass(frozen=True)
class Care:
    """One record of Beleidsinformatie Jeugd: help of one form to one child; no person: a child without BSN."""

    person: int | None
    begin: date
    end: date | None = None
    form: str = "02"
    provider: str = "1"


@dataclass(frozen=True)
class BijDelivery:
    """Beleidsinformatie Jeugd of a half-year (1 or 2)."""

    leverdatum: date
    gemeente: str
    year: int
    half: int
    records: tuple[Care, ...]


@dataclass(frozen=True)
class Post:
    """One Wsw record: first and last day of the employment and of the supported work; `left`: dismissed."""

    person: int
    employed: tuple[date, date | None] | None = None
    supported: tuple[date, date | None] | None = None
    left: bool = False


@dataclass(frozen=True)
class WswDelivery:
    """The Wsw stock of a half-year. `by`: a body that delivers for several gemeenten, in one file a day."""

    leverdatum: date
    gemeente: str
    year: int
    half: int
    records: tuple[Post, ...]
    by: str = ""


SchoolDelivery = VsvDelivery | LeerplichtDelivery | CjgDelivery | OggzDelivery
Delivery = (
    AreaDelivery
    | BrpDelivery
    | MessageDelivery
    | BusDelivery
    | BijDelivery
    | WswDelivery
    | DebtDelivery
    | AggregateDelivery
    | StockDelivery
    | SchoolDelivery
)
Kind = TypeVar("Kind", bound=Delivery)


@dataclass
class Facts:
    """Everything delivered to one monitor, and its clock."""

    stand: date
    gemeenten: tuple[str, ...]
    deliveries: list[Delivery] = field(default_factory=list)
    # What counted together in the months that are public, by gemeente and peildatum.
    public: dict[tuple[str, date], tuple[str, ...]] = field(default_factory=dict)

    def of(self, kind: type[Kind], gemeente: str | None = None) -> list[Kind]:
        """The deliveries of a kind that count on the stand, oldest first."""
        found = [d for d in self.deliveries if isinstance(d, kind) and d.leverdatum <= self.stand]
        found = [d for d in found if not getattr(d, "broken", False)]
        if gemeente is not None:
            found = [d for d in found if getattr(d, "gemeente", gemeente) == gemeente]
        return sorted(found, key=lambda d: d.leverdatum)


# How tests write them down: dates as JJJJ-MM-DD.


def lives(
    person: int,
    address: tuple[str, int],
    van: str = "2000-01-01",
    tot: str | None = None,
    *,
    born: str = "19600615",
    died: str | None = None,
    household: str = "",
    gemeente: str = "",
    street: str = "Dorpsstraat",
) -> Residence:
    return Residence(person, *address, on(van), maybe(tot), born, maybe(died), household, gemeente, street)


def allocated(
    person: int,
    number: int,
    ingang: str,
    end: str | None = None,
    *,
    dated: str | None = None,
    ident: str = "1",
    reason: str | None = None,
    categorie: str | None = "01",
    code: str | None = "01A01",
    address: tuple[str, int] | None = None,
) -> Message:
    """A WMO301."""
    first = on(ingang)
    return Message(
        "301",
        person,
        number,
        on(dated) if dated else first,
        ident,
        ingang=first,
        end=maybe(end),
        reason=reason,
        categorie=categorie,
        code=code,
        address=address,
    )


def started(
    person: int,
    number: int | None,
    begin: str,
    *,
    dated: str | None = None,
    ident: str = "1",
    status: str = "1",
    ingang: str | None = None,
    code: str | None = "01A01",
) -> Message:
    """A WMO305."""
    dated_on = on(dated or begin)
    return Message(
        "305", person, number, dated_on, ident, ingang=maybe(ingang), begin=on(begin), status=status, code=code
    )


def stopped(
    person: int,
    number: int | None,
    end: str,
    *,
    begin: str | None = None,
    reason: str = "19",
    dated: str | None = None,
    ident: str = "1",
    status: str = "1",
    ingang: str | None = None,
    code: str | None = "01A01",
) -> Message:
    """A WMO307; its own `begin` says nothing."""
    return Message(
        "307",
        person,
        number,
        on(dated or end),
        ident,
        ingang=maybe(ingang),
        begin=on(begin or end),
        end=on(end),
        reason=reason,
        status=status,
        code=code,
    )


def dossier(
    number: str,
    *persons: int,
    begin: str,
    end: str | None = None,
    outflow: str | None = None,
    refused: bool = False,
    granted: str | None = None,
    dateless: bool = False,
    address: tuple[str, int] | None = None,
) -> Dossier:
    return Dossier(number, persons, on(begin), maybe(end), maybe(outflow), refused, maybe(granted), dateless, address)


def benefit(
    person: int, registration: str, begin: str, end: str | None = None, *, code: str = "01", cluster: str = ""
) -> Benefit:
    """A BUS record; code 11 and 12 are bijzondere bijstand."""
    return Benefit(person, registration, on(begin), maybe(end), code, cluster or ("a" if code in ("11", "12") else ""))


def record(
    person: int,
    number: str,
    begin: str,
    end: str | None = None,
    *,
    code: str = "",
    address: tuple[str, int] | None = None,
    known_by: str = "",
    no_bsn: bool = False,
) -> Record:
    """A row of a full stock."""
    return Record(person, number, on(begin), maybe(end), code, address, known_by, no_bsn)


def cared(person: int | None, begin: str, end: str | None = None, *, form: str = "02", provider: str = "1") -> Care:
    """A record of Beleidsinformatie Jeugd."""
    return Care(person, on(begin), maybe(end), form, provider)


def posted(
    person: int,
    employed: tuple[str, str | None] | None = None,
    supported: tuple[str, str | None] | None = None,
    *,
    left: bool = False,
) -> Post:
    """A Wsw record."""
    spans = [(on(span[0]), maybe(span[1])) if span else None for span in (employed, supported)]
    return Post(person, *spans, left=left)
