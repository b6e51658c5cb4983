"""Spells: from the messages of Wmo and jeugdzorg, and from the stocks of BUS, Beleidsinformatie Jeugd and the Wsw."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Protocol

from tests.dbt_project.reference.days import first_of_month, month_end, months_later
from tests.dbt_project.reference.facts import (
    Benefit,
    BijDelivery,
    BusDelivery,
    Facts,
    Message,
    MessageDelivery,
    StockDelivery,
    WswDelivery,
)

NEVER = (date.min, date.min)
# Which form of work, by whether it is supported.
WORK = {False: "dienstbetrekking", True: "begeleid werken"}


@dataclass(frozen=True)
class Spell:
    """One provision of one person from its first to its last day; `end` is None while it runs.

    `months`: the only month-ends on which it counts, where another route tells of the others. `event_of`: the month in
    which an event counts, whatever its day. `code`: what its newest record calls the kind of help (soorten.py).
    """

    person: int
    provision: tuple
    begin: date
    end: date | None
    months: frozenset[date] | None = None
    event_of: date | None = None
    code: tuple[str | None, ...] = ()

    def active_on(self, on_day: date) -> bool:
        """What ends on the day itself does not count."""
        return self._counts(on_day) and self.begin <= on_day and (self.end is None or self.end > on_day)

    def touches(self, month: date) -> bool:
        """Whether it has at least one day in the month, or counts in it."""
        if self.event_of:
            return month == self.event_of
        return self._counts(month) and self.begin <= month and (self.end is None or self.end >= first_of_month(month))

    def ended_between(self, after: date, last: date, covered: set[date]) -> bool:
        """Whether it ended in that time, unless another route tells of the month in which it did."""
        if self.end is None or not after < self.end <= last:
            return False
        month = month_end(self.end.year, self.end.month)
        return self._counts(month) or month not in covered

    def _counts(self, month: date) -> bool:
        return self.months is None or month in self.months


def all_messages(facts: Facts, gemeente: str, regeling: str) -> list[Message]:
    """Every message that was delivered, from the oldest version to the newest."""
    rows = [
        (message.dated, message.ident.rjust(12, "0"), delivery.leverdatum, row, message)
        for delivery in facts.of(MessageDelivery, gemeente)
        if delivery.regeling == regeling
        for row, message in enumerate(delivery.messages)
    ]
    return [row[-1] for row in sorted(rows, key=lambda row: row[:4])]


def wmo_spells(facts: Facts, gemeente: str) -> list[Spell]:
    return _message_spells(all_messages(facts, gemeente, "wmo"))


def _message_spells(messages: list[Message]) -> list[Spell]:
    allocations = {message.number: message for message in messages if message.kind == "301"}
    starts, stops = _starts_and_stops(messages)
    spells = []
    for number, allocation in allocations.items():
        if allocation.reason == "13" or allocation.ingang is None:
            continue
        for start, stop in _from_starts(starts.get(number, [allocation.ingang]), stops.get(number, [])):
            begin = max(start, allocation.ingang)
            end = min((day for day in (stop, allocation.end) if day is not None), default=None)
            if end is None or begin <= end:
                code = (allocation.categorie, allocation.code)
                spells.append(Spell(allocation.person, ("toewijzing", number), begin, end, code=code))
    return spells


def _starts_and_stops(messages: list[Message]) -> tuple[dict[int | None, list[date]], dict[int | None, list[date]]]:
    """The days by allocation number: the newest version of a message says whether it holds; a pause is no stop."""
    newest: dict[tuple, Message] = {}
    for message in messages:
        if message.kind != "301":
            number = message.number if message.number is not None else _match(message, messages)
            newest[message.kind, number, message.begin if message.kind == "305" else message.end] = message
    starts: dict[int | None, list[date]] = {}
    stops: dict[int | None, list[date]] = {}
    for (kind, number, on_day), message in newest.items():
        if message.status != "3" and kind == "305":
            starts.setdefault(number, []).append(on_day)
        elif message.status != "3" and message.reason != "20":
            stops.setdefault(number, []).append(on_day)
    return starts, stops


def _match(message: Message, messages: list[Message]) -> int | None:
    """The one allocation number that a start or stop without number fits on; None: none or more than one."""
    fits = {
        other.number
        for other in messages
        if other.kind == "301"
        and (other.person, other.categorie, other.code, other.ingang)
        == (message.person, message.categorie, message.code, message.ingang)
    }
    return fits.pop() if len(fits) == 1 else None


def _from_starts(starts: list[date], stops: list[date]) -> list[tuple[date, date | None]]:
    """Each start opens a spell, unless one is open; the first stop on or after it closes it."""
    spells: list[tuple[date, date | None]] = []
    for start in sorted(starts):
        if spells and (spells[-1][1] is None or spells[-1][1] >= start):
            continue
        spells.append((start, min((stop for stop in stops if stop >= start), default=None)))
    return spells


def addresses(facts: Facts, gemeente: str, regeling: str) -> dict[int, tuple[str, int]]:
    """The newest address that the allocations give of each person."""
    return {m.person: m.address for m in all_messages(facts, gemeente, regeling) if m.kind == "301" and m.address}


def bus_stocks(facts: Facts, gemeente: str) -> dict[date, tuple[Benefit, ...]]:
    """The stock of every delivered month, by its last day; the newest delivery of a month replaces earlier ones."""
    stocks = {month_end(d.year, d.month): d.benefits for d in facts.of(BusDelivery, gemeente)}
    return dict(sorted(stocks.items()))


def wwb_spells(facts: Facts, gemeente: str) -> list[Spell]:
    """Code 01 only: no IOAW, IOAZ or Bbz."""
    stocks = bus_stocks(facts, gemeente)
    return follow(
        {month: [(("wwb", b.registration), b) for b in stock if b.code == "01"] for month, stock in stocks.items()}
    )


def special_spells(facts: Facts, gemeente: str) -> list[Spell]:
    """Bijzondere bijstand: code 11 is a stock, code 12 an event in the month that delivers it; never cluster j.

    Cluster m, the collective health insurance, only in months that no list of the insurer covers.
    """
    lists = [d.period for d in facts.of(StockDelivery, gemeente) if d.bron == "collectieve_zorgverzekering"]
    stocks = {
        month: [b for b in stock if b.cluster != "m" or not any(first <= month <= last for first, last in lists)]
        for month, stock in bus_stocks(facts, gemeente).items()
    }
    spells = follow(
        {
            month: [(("11", b.registration, b.cluster), b) for b in stock if b.code == "11" and b.cluster != "j"]
            for month, stock in stocks.items()
        },
        code=lambda b: (b.cluster,),
    )
    for month, stock in stocks.items():
        for record in stock:
            if record.code == "12" and record.cluster != "j":
                provision = ("12", record.registration, record.cluster, month, record.begin)
                code = (record.cluster,)
                spells.append(Spell(record.person, provision, record.begin, record.begin, event_of=month, code=code))
    return spells


class Row(Protocol):
    """What a record of a stock must tell."""

    @property
    def person(self) -> int: ...
    @property
    def begin(self) -> date: ...
    @property
    def end(self) -> date | None: ...


def first_of_half_year(last: date) -> date:
    """The first day of the half-year that ends on a day."""
    return months_later(first_of_month(last), -5)


def follow(
    stocks: Mapping[date, Sequence[tuple[tuple, Row]]],
    first_day: Callable[[date], date] = first_of_month,
    code: Callable[[Any], tuple[str | None, ...]] = lambda _: (),
) -> list[Spell]:
    """Follows every record through the delivered periods, each by its last day; `first_day` gives its first."""
    months = list(stocks)
    records: dict[tuple, dict[int, Row]] = {}
    for index, month in enumerate(months):
        for provision, record in stocks[month]:
            records.setdefault((provision, record.person, record.begin), {})[index] = record
    spells = []
    for (provision, person, begin), seen in records.items():
        runs: list[list[int]] = []
        for index in sorted(seen):
            if runs and index - runs[-1][-1] <= 2:  # absent from one delivered month at most: the same spell
                runs[-1].append(index)
            else:
                runs.append([index])
        for number, run in enumerate(runs):
            first = begin if number == 0 else first_day(months[run[0]])
            end = seen[run[-1]].end
            if end is None and run[-1] != len(months) - 1:
                end = months[run[-1]]  # gone without an end date
            if end is None or first <= end:
                spells.append(Spell(person, provision, first, end, code=code(seen[run[-1]])))
    return spells


def _joined(spells: list[Spell], days: int) -> list[Spell]:
    """Spells of one person and provision that overlap, or follow within so many days, as one."""
    found: list[Spell] = []
    for spell in sorted(spells, key=lambda s: (s.person, s.provision, s.begin)):
        last = found[-1] if found else None
        if last and (last.person, last.provision) == (spell.person, spell.provision):
            if last.end is None:
                if spell.end is None:
                    found[-1] = replace(last, code=spell.code)
                continue
            if spell.begin <= last.end + timedelta(days=days):
                if spell.end is None or spell.end >= last.end:
                    found[-1] = replace(last, end=spell.end, code=spell.code)
                continue
        found.append(spell)
    return found


def half_year_end(year: int, half: int) -> date:
    return month_end(year, half * 6)


def bij_months(facts: Facts, gemeente: str) -> set[date]:
    """The month-ends that Beleidsinformatie Jeugd covers."""
    return {month for d in facts.of(BijDelivery, gemeente) for month in _months_of(d.year, d.half)}


def wsw_months(facts: Facts, gemeente: str) -> set[date]:
    return {month for d in facts.of(WswDelivery, gemeente) for month in _months_of(d.year, d.half)}


def _months_of(year: int, half: int) -> list[date]:
    return [month_end(year, month) for month in range(half * 6 - 5, half * 6 + 1)]


def bij_spells(facts: Facts, gemeente: str) -> list[Spell]:
    """Help of one form to one child, whoever gives it; a child without BSN is nobody."""
    newest = {half_year_end(d.year, d.half): d for d in facts.of(BijDelivery, gemeente)}
    stocks = {
        last: [((c.form, c.provider), Benefit(c.person, "", c.begin, c.end)) for c in d.records if c.person is not None]
        for last, d in sorted(newest.items())
    }
    by_form = [
        replace(spell, provision=("bij", spell.provision[0], spell.person), code=("bij", spell.provision[0]))
        for spell in follow(stocks, first_of_half_year)
    ]
    return _joined(by_form, 1)


def jeugdzorg_spells(facts: Facts, gemeente: str, covered_by_messages: set[date]) -> list[Spell]:
    """Messages on the months that they cover, Beleidsinformatie Jeugd on the others that it covers."""
    by_messages = frozenset(covered_by_messages)
    by_stock = frozenset(bij_months(facts, gemeente) - by_messages)
    by_message = _message_spells(all_messages(facts, gemeente, "jeugdzorg"))
    return [
        *(replace(spell, months=by_messages) for spell in by_message),
        *(replace(spell, months=by_stock) for spell in bij_spells(facts, gemeente)),
    ]


def wsw_spells(facts: Facts, gemeente: str) -> list[Spell]:
    """A place from the first work form to the last; another work form ends nothing, dismissal does."""
    newest = {half_year_end(d.year, d.half): d for d in facts.of(WswDelivery, gemeente)}
    stocks: dict[date, list[tuple[tuple, Benefit]]] = {}
    for last, delivery in sorted(newest.items()):
        # The record of a dismissal comes last, so that it holds against its copy.
        stock = stocks[last] = []
        for post in sorted(delivery.records, key=lambda post: post.left):
            forms = [form for form in (post.employed, post.supported) if form]
            if forms:
                ends = [end for _, end in forms]
                known = [end for end in ends if end is not None]
                running = not post.left and None in ends
                begin = min(first for first, _ in forms)
                # The form that began last; on one day the employment.
                supported = (post.supported or NEVER)[0] > (post.employed or NEVER)[0]
                end = None if running else max(known)
                stock.append((("wsw", post.person), Benefit(post.person, WORK[supported], begin, end)))
    return _joined(follow(stocks, first_of_half_year, lambda place: (place.registration,)), 0)
