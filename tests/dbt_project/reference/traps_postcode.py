"""Traps of cjg and oggz, known by PC4 and never by the BRP. Each function is one small gemeente."""

from datetime import date

from tests.dbt_project.reference.days import maybe, month_end, on
from tests.dbt_project.reference.facts import lives
from tests.dbt_project.reference.facts_school import CjgDelivery, Contact, OggzDelivery, Worry
from tests.dbt_project.reference.traps_school import at_home
from tests.dbt_project.reference.village import BUURTEN, HOUSES, Village

# --- cjg ---


def contacts(v: Village, month: str, *reports: tuple[str, str | None], on_day: int = 9) -> None:
    """The contacts (day, PC4) of a month, delivered in the next."""
    year, number = int(month[:4]), int(month[5:])
    delivered = month_end(year + number // 12, number % 12 + 1).replace(day=on_day)
    rows = tuple(Contact(on(day), pc4) for day, pc4 in reports)
    v.deliveries.append(CjgDelivery(delivered, v.gemeente, year, number, rows))


def own_pc4(v: Village, buurten: tuple[str, ...] = ("0201", "0202")) -> str:
    """A PC4 beside that of the village, which crosses all three wijken; its addresses lie in these buurten."""
    pc4 = f"{5000 + v.index}"
    v.more |= {
        (f"{pc4}A{letter}", house): buurt for letter, house, buurt in zip("ABC", (1, 2, 3), buurten, strict=False)
    }
    return pc4


def a_pc4_in_two_wijken(v: Village) -> None:
    """Counts in onbekend; a wijk without a PC4 of its own has no figure. Contacts have no rate."""
    at_home(v, 3, born="20100101")
    v.live(lives(4, v.at("0202"), born="19600101"))
    inside, crossing = own_pc4(v), f"{1000 + v.index}"
    contacts(v, "2021-10", ("2021-10-01", inside), ("2021-10-31", inside), ("2021-10-07", crossing))
    contacts(v, "2021-11", ("2021-11-01", None), ("2021-11-02", "9999"), ("2021-11-02", inside))
    v.expect("cjg", "2021-10", voorzieningen=3, gebruik="nvt", huishoudens="nvt", clienten="nvt", instroom="nvt")
    v.expect("cjg", "2021-10", "02", voorzieningen=2)
    v.expect("cjg", "2021-10", "wijk onbekend", voorzieningen=1)
    v.expect("cjg", "2021-10", "01", voorzieningen="nvt")
    v.expect("cjg", "2021-11", voorzieningen=3)
    v.expect("cjg", "2021-11", "02", voorzieningen=1)
    v.expect("cjg", "2021-11", "wijk onbekend", voorzieningen=2)
    v.expect("cjg", "2021-12", voorzieningen="niet_geleverd", gebruik="nvt")
    for area in ("", "02"):
        v.expect_noemer("cjg", "2021-10", None, area, of="voorzieningen")


def wijken_that_pc4_tells_wholly(v: Village) -> None:
    """Then there is a rate; and a month delivered again replaces the former, as the areas of a new year do."""
    at_home(v, 2, born="20100101")
    for short in BUURTEN:
        for house in range(HOUSES):
            v.redrawn[2021, v.at(short, house)] = "0101"
    inside, village = own_pc4(v), f"{1000 + v.index}"
    contacts(v, "2021-12", ("2021-12-01", inside), ("2021-12-02", village), ("2021-12-03", village))
    contacts(v, "2021-12", ("2021-12-01", village), on_day=20)
    contacts(v, "2022-01", ("2022-01-01", inside), ("2022-01-02", village))
    v.expect("cjg", "2021-12", voorzieningen=1)
    v.expect("cjg", "2021-12", "01", voorzieningen=1)
    v.expect("cjg", "2021-12", "02", voorzieningen=0)
    v.expect_noemer("oggz", "2021-12", 2, "01")
    v.expect_noemer("oggz", "2021-12", 0, "02")
    v.expect_noemer("oggz", "2021-12", None, "01", of="huishoudens")
    v.expect("cjg", "2022-01", "01", voorzieningen="nvt")
    v.expect("cjg", "2022-01", "02", voorzieningen=1)
    v.expect("cjg", "2022-01", "wijk onbekend", voorzieningen=1)


# --- oggz ---

H2, H1, LATE = ("2020-10-01", "2020-12-31"), ("2021-01-01", "2021-06-30"), ("2021-07-01", "2021-12-31")


def worry(code: str, reported: str, closed: str | None = None, pc4: str | None = None, *, letters=False) -> Worry:
    return Worry(code, on(reported), maybe(closed), pc4, letters)


def region(v: Village, name: str) -> str:
    """Who delivers for this village alone; no digit may stand in the name of a leverancier."""
    return f"{name}-{''.join(chr(ord('a') + int(digit)) for digit in str(v.index))}"


def deliver_oggz(v: Village, period: tuple[str, str], *worries: Worry, by: str = "", on_day: str | None = None) -> None:
    first, last = on(period[0]), on(period[1])
    delivered = on(on_day) if on_day else date(last.year + last.month // 12, last.month % 12 + 1, 15)
    v.deliveries.append(OggzDelivery(delivered, v.gemeente, by or region(v, "OGGZ"), first, last, worries))


def one_code_in_two_regions(v: Village) -> None:
    """Is two persons; a region that delivers no period ends nothing of its own, nor does another region."""
    at_home(v, 1)
    deliver_oggz(v, H2, worry("A1", "2020-11-05"), worry("A1", "2020-12-05"), by=region(v, "Noord"))
    deliver_oggz(v, H2, worry("A1", "2020-11-20"), by=region(v, "Zuid"))
    deliver_oggz(v, H1, worry("A1", "2020-11-20", "2021-02-10"), worry("B1", "2021-03-01"), by=region(v, "Zuid"))
    v.expect("oggz", "2020-11", clienten=2, voorzieningen=2, gebruik=2, huishoudens="nvt")
    v.expect("oggz", "2020-12", clienten=2, voorzieningen=3)
    v.expect("oggz", "2021-01", clienten=2)
    v.expect("oggz", "2021-02", clienten=1, gebruik=2, voorzieningen=2, uitstroom=1, verhuisd_in="nvt")
    v.expect("oggz", "2021-03", clienten=2, instroom=1, instroom_kwartaal=1, uitstroom_kwartaal=1)
    v.expect("oggz", "2021-03", signaal_overleden="nvt", signaal_vertrokken="nvt")
    v.expect("oggz", "2021-03", "", "45-64", clienten="nvt")
    v.expect("oggz", "2021-07", clienten="niet_geleverd")


def gone_or_corrected(v: Village) -> None:
    """Gone from a later period: ended with the last that had it. A period delivered again replaces."""
    at_home(v, 1)
    deliver_oggz(v, H2, worry("A1", "2020-11-05"), worry("A2", "2020-11-05"), worry("A3", "2020-11-05"))
    deliver_oggz(v, H1, worry("A2", "2020-11-05", "2021-08-01"), worry("A3", "2020-11-05", "2021-03-31"))
    # A3 was not closed after all, and A4 was forgotten.
    deliver_oggz(
        v,
        H1,
        worry("A2", "2020-11-05", "2021-08-01"),
        worry("A3", "2020-11-05"),
        worry("A4", "2021-05-31"),
        on_day="2021-08-20",
    )
    deliver_oggz(v, LATE, worry("A3", "2020-11-05", "2021-12-31"))
    v.expect("oggz", "2020-11", clienten=3)
    v.expect("oggz", "2020-12", clienten=2, gebruik=3)
    v.expect("oggz", "2021-03", clienten=2, uitstroom=0)
    v.expect("oggz", "2021-05", clienten=3)
    v.expect("oggz", "2021-06", clienten=2)  # A4 is gone; A2 told its own end
    v.expect("oggz", "2021-08", clienten=1, gebruik=2)
    v.expect("oggz", "2021-12", clienten=0, gebruik=1)


def placed_by_the_newest_pc4(v: Village) -> None:
    """By the newest record, also when that is of a briefadres or of nobody's address; never by the BRP."""
    v.live(lives(1, v.at("0101")), lives(2, v.at("0202")))
    inside = own_pc4(v)
    crossing = f"{1000 + v.index}"
    deliver_oggz(v, H2, *(worry(f"A{n}", "2020-11-05", pc4=inside) for n in (1, 2, 3)), worry("A4", "2020-11-05"))
    deliver_oggz(
        v,
        H1,
        worry("A1", "2020-11-05", pc4=inside),
        worry("A2", "2020-11-05", pc4=inside, letters=True),
        worry("A3", "2020-11-05", pc4=crossing),
        worry("A4", "2020-11-05", pc4=crossing),
        worry("A4", "2021-02-05", pc4=inside),
    )
    for month in ("2020-11", "2021-02"):
        v.expect("oggz", month, clienten=4)
        v.expect("oggz", month, "02", clienten=2)
        v.expect("oggz", month, "wijk onbekend", clienten=2)
        v.expect("oggz", month, "01", clienten="nvt", gebruik="nvt")
        v.expect_noemer("oggz", month, 2)
        v.expect_noemer("oggz", month, None, "02")


TRAPS = (
    a_pc4_in_two_wijken,
    wijken_that_pc4_tells_wholly,
    one_code_in_two_regions,
    gone_or_corrected,
    placed_by_the_newest_pc4,
)
