"""Small gemeenten that Hypothesis makes up, and what may be done to their deliveries without changing the figures."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from hypothesis import strategies as st

from tests.dbt_project.reference.days import month_end
from tests.dbt_project.reference.facts import Benefit, BusDelivery, Message, MessageDelivery, Residence, benefit
from tests.dbt_project.reference.village import BUURTEN, Village

MONTHS = [(2021, month) for month in range(7, 13)] + [(2022, month) for month in range(1, 4)]
PERIOD = (date(2021, 7, 1), date(2022, 3, 31))
ENDS = [month_end(*month) for month in MONTHS]
DAYS = sorted(
    {
        date(2020, 2, 29),
        date(2021, 5, 31),
        *ENDS,
        *(end.replace(day=1) for end in ENDS),
        *(e.replace(day=15) for e in ENDS),
    }
)
BORN = ("19600615", "19560229", "20060731", "19560000", "20210800", "19550910", "20070101", "19991231", "19550731")
ANCHOR = benefit(99, "A", "2020-01-01", code="02")  # IOAW: keeps a file from being empty, and counts nowhere
LONG_AGO = date(2000, 1, 1)
days = st.sampled_from(DAYS)
seldom = st.sampled_from([False, False, False, False, True])


def later(first: date) -> st.SearchStrategy[date]:
    """A day on or after another."""
    return st.sampled_from([day for day in DAYS if day >= first] or [first])


@st.composite
def villages(draw: st.DrawFn) -> Village:
    """A gemeente without number yet: 1 to 5 persons in the BRP and two who are not."""
    v = Village(0)
    homes = [v.at(buurt, house) for buurt in BUURTEN for house in (0, 1)] + [v.nowhere()]
    home = st.sampled_from(homes)
    for person in range(1, draw(st.integers(1, 5)) + 1):
        v.live(*draw(_lives(person, home)))
    for address in homes[:-1]:
        if draw(seldom):
            v.redrawn[2022, address] = draw(st.sampled_from(list(BUURTEN)))
    persons = st.integers(1, 7)
    messages = [m for number in range(1, draw(st.integers(0, 6)) + 1) for m in draw(_provision(number, persons, home))]
    _deliver_wmo(draw, v, [replace(message, ident=str(i)) for i, message in enumerate(messages)])
    _deliver_bus(draw, v, persons)
    return v


@st.composite
def _lives(draw: st.DrawFn, person: int, home: st.SearchStrategy[tuple[str, int]]) -> list[Residence]:
    """One to three addresses, that may overlap, leave a gap, or lie in another gemeente (not all of the first's)."""
    starts = sorted(draw(st.sets(days, min_size=1, max_size=3)))
    born = draw(st.sampled_from(BORN))
    died = draw(days) if draw(seldom) else None
    return [
        Residence(
            person,
            *draw(home),
            van=start,
            tot=draw(later(start)) if draw(st.booleans()) else None,
            born=born,
            died=max(died, date(2021, 12, 31)) if died else None,
            household=draw(st.sampled_from(["", "1", "1", "2"])),
            gemeente="GM9999" if person > 1 and draw(seldom) else "",
        )
        for start in (LONG_AGO if draw(st.booleans()) else starts[0], *starts[1:])
    ]


@st.composite
def _provision(
    draw: st.DrawFn, number: int, persons: st.SearchStrategy[int], home: st.SearchStrategy[tuple[str, int]]
) -> list[Message]:
    """The messages of one allocation: versions, starts and stops."""
    person, code = draw(persons), draw(st.sampled_from(["01A01", "01A01", "02A02", None]))
    messages = []
    for _ in range(draw(st.integers(1, 2))):
        ingang = draw(days)
        withdrawn = draw(seldom)
        end = ingang if withdrawn else draw(st.one_of(st.none(), later(ingang)))
        address = draw(st.one_of(st.none(), home))
        reason = "13" if withdrawn else None
        messages.append(
            Message(
                "301", person, number, draw(days), ingang=ingang, end=end, reason=reason, code=code, address=address
            )
        )
    for _ in range(draw(st.integers(0, 4))):
        on_day, dated, status = draw(days), draw(days), "3" if draw(seldom) else "1"
        named, ingang = (None, messages[0].ingang) if draw(seldom) else (number, None)
        message = Message("305", person, named, dated, ingang=ingang, begin=on_day, status=status, code=code)
        if draw(st.booleans()):
            message = replace(message, kind="307", end=on_day, reason=draw(st.sampled_from(["19", "19", "20"])))
        messages.append(message)
    return messages


def _deliver_wmo(draw: st.DrawFn, v: Village, messages: list[Message]) -> None:
    """In one to three deliveries, at least one with a stated period; nothing is dated after its delivery."""
    plans: list[tuple[date, tuple[date, date] | None]] = [(date(2022, 4, 4), PERIOD)]
    if draw(st.booleans()):
        plans.append((date(2022, 4, 2), (date(2021, 9, 15), date(2022, 1, 31))))
    if draw(st.booleans()):
        plans = [(on_day, None) for on_day in (date(2021, 9, 20), date(2022, 1, 10), date(2022, 2, 28))]
        plans.append((date(2022, 4, 4), (date(2022, 3, 1), date(2022, 3, 31))))
    parts: list[list[Message]] = [[] for _ in plans]
    for message in messages:
        parts[draw(st.integers(0, len(plans) - 1))].append(message)
    for (on_day, period), part in zip(plans, parts, strict=True):
        if part:
            earlier = tuple(replace(message, dated=min(message.dated, on_day)) for message in part)
            v.deliveries.append(MessageDelivery(on_day, v.gemeente, earlier, period))


def _deliver_bus(draw: st.DrawFn, v: Village, persons: st.SearchStrategy[int]) -> None:
    """Most months, in any order, some of them twice; each record is in most of the deliveries from its begin on."""
    records = []
    for number in range(draw(st.integers(0, 4))):
        code = draw(st.sampled_from(["01", "01", "01", "02", "11", "12"]))
        begin, cluster = draw(days), draw(st.sampled_from("ajm")) if code > "10" else ""
        for person in draw(st.sets(persons, min_size=1, max_size=2)):
            records.append(Benefit(person, f"B{number}", begin, None, code, cluster))
    months = draw(st.permutations([month for month in MONTHS if not draw(seldom)]))
    months += [month for month in MONTHS if draw(seldom)]
    for number, month in enumerate(months):
        last = month_end(*month)
        stock = [ANCHOR]
        for record in records:
            if record.begin <= last and draw(st.sampled_from([True, True, False])):
                end = draw(later(record.begin)) if draw(seldom) else None
                stock.append(replace(record, end=end))
        leverdatum = date(2022, 3, 1) + timedelta(days=number)
        v.deliveries.append(BusDelivery(leverdatum, v.gemeente, *month, tuple(stock)))


# What may be done to a gemeente.


def settled(made_up: Village, index: int) -> Village:
    """The same gemeente under a number of its own, with postcodes of its own."""
    v = Village(index)

    def here(address: tuple[str, int]) -> tuple[str, int]:
        return (f"{1000 + index}{address[0][4:]}", address[1])

    v.residences = [replace(r, postcode=here((r.postcode, 0))[0]) for r in made_up.residences]
    v.redrawn = {(year, here(address)): buurt for (year, address), buurt in made_up.redrawn.items()}
    for delivery in made_up.deliveries:
        if isinstance(delivery, MessageDelivery):
            moved = tuple(replace(m, address=here(m.address) if m.address else None) for m in delivery.messages)
            v.deliveries.append(replace(delivery, gemeente=v.gemeente, messages=moved))
        elif isinstance(delivery, BusDelivery):
            v.deliveries.append(replace(delivery, gemeente=v.gemeente))
    return v


def shuffled(v: Village, random: Random) -> None:
    """Rows and files in another order."""
    random.shuffle(v.residences)
    for number, delivery in enumerate(v.deliveries):
        if isinstance(delivery, MessageDelivery):
            v.deliveries[number] = replace(delivery, messages=_mixed(delivery.messages, random))
        elif isinstance(delivery, BusDelivery):
            v.deliveries[number] = replace(delivery, benefits=_mixed(delivery.benefits, random))


def _mixed(items: tuple, random: Random) -> tuple:
    return tuple(random.sample(items, len(items)))


def delivered_again(v: Village, random: Random) -> None:
    """Some messages once more, in a later delivery of the same period; the newest stock of each month once more."""
    wmo = [d for d in v.deliveries if isinstance(d, MessageDelivery)]
    bus = [d for d in v.deliveries if isinstance(d, BusDelivery)]
    for delivery in wmo:
        if delivery.period is not None:
            again = tuple(m for m in delivery.messages if random.random() < 0.7) or delivery.messages
            v.deliveries.append(replace(delivery, leverdatum=delivery.leverdatum + timedelta(days=1), messages=again))
    newest = {(d.year, d.month): d for d in sorted(bus, key=lambda d: d.leverdatum)}
    for number, delivery in enumerate(newest.values()):
        v.deliveries.append(replace(delivery, leverdatum=date(2022, 3, 22) + timedelta(days=number)))


def split(v: Village, random: Random) -> None:
    """Each delivery with a stated period in two, of the same period."""
    for number, delivery in enumerate(list(v.deliveries)):
        if isinstance(delivery, MessageDelivery) and delivery.period is not None and len(delivery.messages) > 1:
            messages = _mixed(delivery.messages, random)
            half = len(messages) // 2
            v.deliveries[number] = replace(delivery, messages=messages[:half])
            rest = replace(delivery, leverdatum=delivery.leverdatum + timedelta(days=3), messages=messages[half:])
            v.deliveries.append(rest)


NEWCOMER = 50


def joined(v: Village, random: Random) -> None:
    """Somebody who has to do with nobody, at an address of his own, from a day on."""
    begin = random.choice(DAYS)
    home = v.at(random.choice(list(BUURTEN)), 9)
    v.live(Residence(NEWCOMER, *home, DAYS[0]))
    for number, delivery in enumerate(v.deliveries):
        if isinstance(delivery, BusDelivery) and begin <= month_end(delivery.year, delivery.month):
            mine = tuple(
                Benefit(NEWCOMER, "N", begin, None, code, "a" if code == "11" else "") for code in ("01", "11")
            )
            v.deliveries[number] = replace(delivery, benefits=delivery.benefits + mine)
        elif isinstance(delivery, MessageDelivery):
            mine = Message("301", NEWCOMER, 500, DAYS[0], ident="500", ingang=begin)
            v.deliveries[number] = replace(delivery, messages=(*delivery.messages, mine))


def only_the_newcomer(v: Village) -> None:
    """Of a gemeente that somebody joined: everything of him and nothing of the others, in the same deliveries."""
    v.residences = [r for r in v.residences if r.person == NEWCOMER]
    for number, delivery in enumerate(v.deliveries):
        if isinstance(delivery, BusDelivery):
            mine = tuple(b for b in delivery.benefits if b.person in (NEWCOMER, ANCHOR.person))
            v.deliveries[number] = replace(delivery, benefits=mine)
        elif isinstance(delivery, MessageDelivery):
            v.deliveries[number] = replace(
                delivery, messages=tuple(m for m in delivery.messages if m.person == NEWCOMER)
            )
