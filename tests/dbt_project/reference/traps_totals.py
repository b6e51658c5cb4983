"""Traps of the union of the linked regelingen, and of its streets. Each function is one small gemeente."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tests.dbt_project.reference.days import on
from tests.dbt_project.reference.facts import (
    Benefit,
    Dossier,
    Message,
    Post,
    Record,
    allocated,
    benefit,
    dossier,
    lives,
    posted,
    record,
)
from tests.dbt_project.reference.village import EVERYTHING, Village

ALL, LLV, CZV, OKE = "totaal", "leerlingenvervoer", "collectieve_zorgverzekering", "wet_oke"
# In every delivery, so that none is empty; counts on no month-end.
ANCHOR = 999
SINCE = "2020-11-01"


@dataclass(frozen=True)
class Span:
    """Months that every regeling covers, and what covers them; `on_day`: when the last of it was delivered."""

    months: tuple[str, ...]
    school_year: str
    years: tuple[str, str]
    halves: tuple[str, str]
    period: tuple[date, date]
    on_day: str


NOW = Span(
    ("2021-11", "2021-12", "2022-01"), "2021/22", ("2021", "2022"), ("2021-2", "2022-1"), EVERYTHING, "2022-04-05"
)
THEN_SPAN = Span(
    ("2014-11", "2014-12", "2015-01"),
    "2014/15",
    ("2014", "2015"),
    ("2014-2", "2015-1"),
    (on("2014-11-01"), on("2015-01-31")),
    "2015-02-10",
)


def deliver(
    v: Village,
    *,
    wmo: Iterable[Message] = (),
    youth: Iterable[Message] = (),
    debts: Iterable[Dossier] = (),
    pupils: Iterable[Record] = (),
    insured: Iterable[Record] = (),
    work: Iterable[Post] = (),
    benefits: Iterable[Benefit] = (),
    toddlers: Iterable[Record] = (),
    span: Span = NOW,
    registers: Iterable[str] | None = None,
) -> None:
    """Everything that the union is made of, with these in it; `registers`: the months that wet_oke delivers."""
    gone = allocated(ANCHOR, ANCHOR, f"{span.years[0]}-01-02", f"{span.years[0]}-01-20")
    v.wmo(*wmo, gone, on_day=span.on_day, period=span.period)
    v.jeugd(*youth, gone, on_day=span.on_day, period=span.period)
    past = dossier("Z", ANCHOR, begin=f"{span.years[0]}-01-02", end=f"{span.years[0]}-01-20")
    v.debts(*debts, past, on_day=span.on_day, period=span.period)
    first = f"{span.school_year[:4]}-08"
    v.stock(LLV, span.school_year, *pupils, record(ANCHOR, "L0", f"{first}-01", f"{first}-20"), on_day=span.on_day)
    for year, half, on_day in zip(span.years, span.halves, (None, span.on_day), strict=True):
        v.stock(CZV, year, *insured, record(ANCHOR, "7000", f"{year}-01-01", f"{year}-01-20"), on_day=on_day)
        v.wsw(half, *work, posted(ANCHOR), on_day=on_day)
    for month in span.months:
        v.bus(month, *benefits, benefit(ANCHOR, "B0", f"{span.years[0]}-01-02", code="02"))
    for month in span.months if registers is None else registers:
        v.stock(OKE, month, *toddlers, record(ANCHOR, "", f"{span.years[0]}-05-10", code="geweigerd"))


def helped(*persons: int) -> list[Message]:
    """An allocation of each."""
    return [allocated(person, person, "2021-01-05") for person in persons]


def every_regeling_of_the_union(v: Village) -> None:
    """Each brings a person; bijzondere bijstand does not, and need not be delivered, nor need any other regeling."""
    for person in range(1, 10):
        v.live(lives(person, v.at("0101", person)))
    deliver(
        v,
        wmo=helped(1),
        youth=helped(2),
        debts=[dossier("A", 3, begin=SINCE)],
        pupils=[record(4, "L4", "2021-08-01")],
        insured=[record(5, "7005", SINCE)],
        work=[posted(6, ("2000-01-01", None))],
        benefits=[benefit(7, "B7", SINCE), benefit(9, "S9", SINCE, code="11")],
        toddlers=[record(8, "123456789", SINCE, code="geplaatst")],
    )
    for month in NOW.months:
        v.expect(ALL, month, clienten=8, huishoudens=8)
        v.expect(ALL, month, "01", clienten=8, huishoudens=8)
        v.expect(ALL, month, "0101", clienten=8, huishoudens=8)
        v.expect(ALL, month, "0101", "45-64", clienten=8)
        v.expect(ALL, month, "0101", "65+", clienten=0)
        v.expect(ALL, month, "0101", "onbekend", clienten=0)
        v.expect(ALL, month, "0101-1", clienten=8)
        v.expect(ALL, month, "AF02", clienten=0, huishoudens=0)
        for regeling in ("wmo", "jeugdzorg", "schuldhulpverlening", LLV, CZV, "wsw", "wwb", OKE):
            v.expect(regeling, month, clienten=1)
        v.expect("bijzondere_bijstand", month, gebruik=1)
        v.expect("leerplicht", month, gebruik="niet_geleverd")
        v.expect_noemer(ALL, month, 9)
        v.expect_noemer(ALL, month, 9, of="huishoudens")
        v.expect_noemer(ALL, month, 9, "0101-1")
        v.expect_noemer(ALL, month, 9, age="45-64")
        v.expect_noemer(ALL, month, 0, age="65+")
        v.expect_noemer(ALL, month, None, age="onbekend")
    v.expect_name(ALL, "2021-11", "0101-1", "Dorpsstraat")
    v.none(ALL, "2021-11", of="gebruik")
    v.none(ALL, "2021-11", of="voorzieningen")
    v.none(ALL, "2021-11", "0101-1", of="huishoudens")
    # Before wwb and wet_oke were delivered they are not missed; after it they are.
    v.expect(ALL, "2021-10", clienten=6, huishoudens=6)
    v.expect(ALL, "2022-02", clienten="niet_geleverd")


def one_person_under_three_regelingen(v: Village) -> None:
    """Counts once, until the last of them ends; what ends on the peildatum does not count on it."""
    v.live(*(lives(n, v.at("0201"), household="1") for n in (1, 2, 3)))
    deliver(
        v,
        wmo=[allocated(1, 1, "2021-01-05", "2021-11-30"), *helped(2)],
        debts=[dossier("A", 1, begin=SINCE, end="2021-12-31")],
        benefits=[benefit(1, "B1", SINCE, "2022-01-31")],
    )
    v.expect("wmo", "2021-11", clienten=1)
    v.expect("wwb", "2021-11", clienten=1)
    v.expect("schuldhulpverlening", "2021-11", clienten=1)
    v.expect(ALL, "2021-11", clienten=2, huishoudens=1)
    v.expect(ALL, "2021-11", "0201", clienten=2, huishoudens=1)
    v.expect("schuldhulpverlening", "2021-12", clienten=0)
    v.expect(ALL, "2021-12", clienten=2, huishoudens=1)
    v.expect("wwb", "2022-01", clienten=0)
    v.expect(ALL, "2022-01", clienten=1, huishoudens=1)
    v.expect_noemer(ALL, "2021-11", 3)
    v.expect_noemer(ALL, "2021-11", 1, of="huishoudens")
    v.expect_noemer(ALL, "2021-11", None, "onbekend")
    v.expect_noemer(ALL, "2021-11", None, "wijk onbekend", of="huishoudens")


def a_couple_on_one_benefit(v: Village) -> None:
    """Two persons of one household; of two when one of them moves out; who dies on the peildatum does not count."""
    v.live(
        lives(1, v.at("0101"), household="1"),
        lives(2, v.at("0101"), tot="2021-12-10", household="1", died="2022-01-31"),
        lives(2, v.at("0102"), "2021-12-10", household="1", died="2022-01-31"),
    )
    deliver(v, benefits=[benefit(1, "B1", SINCE), benefit(2, "B1", SINCE)], wmo=helped(2))
    v.expect(ALL, "2021-11", clienten=2, huishoudens=1)
    v.expect(ALL, "2021-11", "0101", clienten=2, huishoudens=1)
    v.expect(ALL, "2021-12", clienten=2, huishoudens=2)
    v.expect(ALL, "2021-12", "01", clienten=2, huishoudens=2)
    v.expect(ALL, "2021-12", "0101", clienten=1, huishoudens=1)
    v.expect(ALL, "2021-12", "0102", clienten=1, huishoudens=1)
    v.expect(ALL, "2022-01", clienten=1, huishoudens=1)
    v.expect(ALL, "2022-01", "0102", clienten=0, huishoudens=0)
    v.expect_noemer(ALL, "2022-01", 1)


def a_month_that_one_regeling_does_not_cover(v: Village) -> None:
    """Is never 0, in no area; that month still has its residents."""
    v.live(lives(1, v.at("0101")))
    deliver(v, wmo=helped(1), registers=("2021-11", "2022-01"))
    for month, number in (("2021-11", 1), ("2021-12", "niet_geleverd"), ("2022-01", 1)):
        v.expect("wmo", month, clienten=1)
        for area in ("", "01", "0101"):
            v.expect(ALL, month, area, clienten=number, huishoudens=number)
        v.expect(ALL, month, age="45-64", clienten=number)
        v.expect(ALL, month, "0101-1", clienten=number)
        v.expect_noemer(ALL, month, 1)
        v.expect_noemer(ALL, month, 1, "0101-1")
    for area in ("0201", "onbekend", "straat onbekend"):
        v.expect(ALL, "2021-11", area, clienten=0)
        v.expect(ALL, "2021-12", area, clienten="niet_geleverd")


def strangers_at_several_places(v: Village) -> None:
    """In no BRP, and placed by each regeling for itself: once at each place, also in the gemeente as a whole."""
    v.live(lives(1, v.at("0101")))
    deliver(
        v,
        wmo=[
            allocated(1, 1, "2021-01-05", address=v.at("0202")),  # the BRP knows better, also than AF02
            allocated(5, 5, "2021-01-05", address=v.nowhere()),  # an address in no table, and none at all: two
            allocated(6, 6, "2021-01-05", address=v.at("0102", 1)),  # two houses in one buurt
            allocated(7, 7, "2021-01-05", address=v.at("0201", 3)),  # the same house twice
            allocated(8, 8, "2021-01-05", address=v.at("0202")),  # an address, and none
            allocated(9, 9, "2021-01-05", "2021-12-31", address=v.at("0201")),  # addresses in two wijken
        ],
        youth=[allocated(6, 6, "2021-01-05", address=v.at("0102"))],
        insured=[record(7, "7007", SINCE, address=v.at("0201", 3))],
        benefits=[benefit(5, "B5", SINCE), benefit(8, "B8", SINCE)],
        debts=[
            dossier("A", 9, begin=SINCE, address=v.at("AF01")),
            dossier("B", 1, begin=SINCE, address=v.at("AF02")),
        ],
    )
    v.expect("wmo", "2021-11", clienten=6)
    v.expect("wmo", "2021-11", "onbekend", clienten=1)
    v.expect("wwb", "2021-11", "onbekend", clienten=2)
    v.expect(ALL, "2021-11", clienten=10, huishoudens=10)
    for area, number in (
        *(("01", 3), ("0101", 1), ("0102", 2), ("02", 3), ("0201", 2), ("0202", 1)),
        *(("AF", 1), ("AF01", 1), ("AF02", 0), ("wijk onbekend", 3), ("onbekend", 3)),
    ):
        v.expect(ALL, "2021-11", area, clienten=number, huishoudens=number)
    v.expect(ALL, "2021-11", age="onbekend", clienten=9)
    v.expect(ALL, "2021-11", age="45-64", clienten=1)
    for area, number in (
        *(("0101-1", 1), ("0102-onbekend", 2), ("0201-onbekend", 2), ("0202-onbekend", 1)),
        *(("AF01-onbekend", 1), ("straat onbekend", 3), ("0101-onbekend", 0)),
    ):
        v.expect(ALL, "2021-11", area, clienten=number)
    # 9 counts by his debts alone, and so only there.
    v.expect(ALL, "2021-12", clienten=9, huishoudens=9)
    v.expect(ALL, "2021-12", "0201", clienten=1)
    v.expect(ALL, "2021-12", "AF01", clienten=1)
    v.expect_noemer(ALL, "2021-11", 1)
    v.expect_noemer(ALL, "2021-11", None, "0201-onbekend")


def who_left_counts_by_jeugdzorg(v: Village) -> None:
    """In the unknown buurt, with nobody, and once; by no other regeling. Who died counts by none."""
    child = "20100615"
    v.live(
        *(lives(n, v.at("0101"), tot="2021-12-10", born=child, household="1") for n in (1, 4)),
        lives(5, v.at("0101"), household="1"),
        lives(2, v.at("0201"), tot="2021-12-10"),
        lives(3, v.at("0102"), born=child, died="2021-12-05"),
    )
    deliver(v, youth=helped(1, 3, 4), wmo=helped(1, 2, 3, 5), pupils=[record(1, "L1", "2021-08-01")])
    v.expect(ALL, "2021-11", clienten=5, huishoudens=3)
    v.expect(ALL, "2021-11", "0101", clienten=3, huishoudens=1)
    v.expect(ALL, "2021-11", "0101-1", clienten=3)
    v.expect(ALL, "2021-12", clienten=3, huishoudens=3)
    v.expect(ALL, "2021-12", "0101", clienten=1, huishoudens=1)
    v.expect(ALL, "2021-12", "0102", clienten=0)
    v.expect(ALL, "2021-12", "0201", clienten=0)
    v.expect(ALL, "2021-12", "onbekend", clienten=2, huishoudens=2)
    v.expect(ALL, "2021-12", "onbekend", "0-14", clienten=2)
    v.expect(ALL, "2021-12", "onbekend", "onbekend", clienten=0)
    v.expect(ALL, "2021-12", "straat onbekend", clienten=2)
    v.expect(ALL, "2021-12", "0101-1", clienten=1)
    v.expect("jeugdzorg", "2021-12", clienten=2)
    v.expect("wmo", "2021-12", clienten=1)
    v.expect_noemer(ALL, "2021-11", 5)
    v.expect_noemer(ALL, "2021-12", 1)
    v.expect_noemer(ALL, "2021-12", None, "straat onbekend")


# --- streets ---


def settle(v: Village, buurt: str, streets: dict[str, int]) -> None:
    """Residents of streets, numbered on from those who are there."""
    for street, number in streets.items():
        first = len(v.residences) + 1
        v.live(*(lives(n, v.at(buurt, n % 10), street=street) for n in range(first, first + number)))


def streets_of_fifty(v: Village) -> None:
    """Alone from 50 residents up, else with those that follow; what is left joins the group before, if there is one."""
    # Persons 1, 21, 51, 102, 122 and 152 are the first of their streets.
    settle(v, "0101", {"Akkerweg": 20, "Beekpad": 30, "Molenweg": 51, "Nieuwweg": 20, "Opweg": 30, "Zandpad": 5})
    settle(v, "0201", {"Dijk": 49, "Eind": 1, "Fort": 50})  # 157, 206 and 207; 49 are too few
    settle(v, "0202", {"de Wal": 1, "Ørstedplein": 1, "Veen": 3})  # 257, 258 and 259; capitals come first
    stranger = allocated(300, 300, "2021-01-05", address=v.at("0101"))
    deliver(v, wmo=[*helped(1, 21, 51, 102, 152, 206, 257), stranger])
    v.expect(ALL, "2021-11", clienten=8)
    v.expect(ALL, "2021-11", "0101", clienten=6)
    for area, number, residents, name in (
        ("0101-1", 2, 50, "Akkerweg t/m Beekpad"),
        ("0101-2", 1, 51, "Molenweg"),
        ("0101-3", 2, 55, "Nieuwweg t/m Zandpad"),
        ("0101-onbekend", 1, None, "Onbekend"),
        ("0201-1", 1, 50, "Dijk t/m Eind"),
        ("0201-2", 0, 50, "Fort"),
        ("0201-onbekend", 0, None, "Onbekend"),
        ("0202-1", 1, 5, "Veen t/m Ørstedplein"),
        ("0102-onbekend", 0, None, "Onbekend"),
        ("straat onbekend", 0, None, "Onbekend"),
    ):
        v.expect(ALL, "2021-11", area, clienten=number)
        v.expect_noemer(ALL, "2021-11", residents, area)
        v.expect_name(ALL, "2021-11", area, name)
    for area in ("0101-4", "0201-3", "0202-2", "0102-1"):
        v.none(ALL, "2021-11", area)


def streets_of_later(v: Village) -> None:
    """A new name goes with the names before it until the areas of a new year make groups of their own."""
    for person in range(1, 103):
        street = "Akkerweg" if person <= 50 else "Molenweg"
        moved = {
            1: ("2021-10-15", "0101", "Aakplein"),  # comes before all: with the first
            2: ("2021-10-15", "0101", "Lindelaan"),
            51: ("2021-12-10", "0101", "Akkerweg"),
            52: ("2021-10-15", "0101", "Zonweg"),
            53: ("2021-12-10", "0102", "Nieuwstraat"),  # where nobody lived
        }.get(person)
        v.live(lives(person, v.at("0101"), tot=moved[0] if moved else None, street=street))
        if moved:
            v.live(lives(person, v.at(moved[1], 1), moved[0], street=moved[2]))
    v.live(
        lives(103, v.at("0201"), street=""),  # nobody noted the street
        lives(104, v.at("0201", 1), street="Dijk"),
        lives(105, v.at("0202"), tot="2021-05-01", street="Veen"),
        lives(106, v.nowhere(), street="Dijk"),
    )
    deliver(v, wmo=helped(1, 2, 51, 52, 53, 103, 105, 106))
    first, second = "Akkerweg", "Molenweg"
    for month, area, number, residents, name in (
        ("2021-11", "0101-1", 2, 50, first),
        ("2021-11", "0101-2", 3, 52, second),
        ("2021-11", "0102-onbekend", 0, None, "Onbekend"),
        ("2021-12", "0101-1", 3, 51, first),
        ("2021-12", "0101-2", 1, 50, second),
        ("2021-12", "0102-onbekend", 1, None, "Onbekend"),
        ("2021-12", "0202-1", 0, 0, "Veen"),
        # 1 + 49 close the first group, 1 + 49 the second, that 1 more joins.
        ("2022-01", "0101-1", 2, 50, "Aakplein t/m Akkerweg"),
        ("2022-01", "0101-2", 2, 51, "Lindelaan t/m Zonweg"),
        ("2022-01", "0102-1", 1, 1, "Nieuwstraat"),
        ("2022-01", "0102-onbekend", 0, None, "Onbekend"),
    ):
        v.expect(ALL, month, area, clienten=number)
        v.expect_noemer(ALL, month, residents, area)
        v.expect_name(ALL, month, area, name)
    for month in NOW.months:
        v.expect(ALL, month, clienten=7)
        v.expect(ALL, month, "0201", clienten=1)
        v.expect(ALL, month, "0201-1", clienten=0)
        v.expect(ALL, month, "0201-onbekend", clienten=1)
        v.expect(ALL, month, "straat onbekend", clienten=1)
        v.expect_noemer(ALL, month, 2, "0201")
        v.expect_noemer(ALL, month, 1, "0201-1")
        v.expect_noemer(ALL, month, None, "0201-onbekend")
    v.none(ALL, "2021-12", "0102-1")
    v.none(ALL, "2022-01", "0202-1")


TRAPS = (
    every_regeling_of_the_union,
    one_person_under_three_regelingen,
    a_couple_on_one_benefit,
    a_month_that_one_regeling_does_not_cover,
    strangers_at_several_places,
    who_left_counts_by_jeugdzorg,
    streets_of_fifty,
    streets_of_later,
)


# --- of years ago ---


def as_long_as_the_law_lasted(v: Village) -> None:
    """AWBZ must be there up to December 2014; from then on it neither counts nor is missed."""
    v.brp_on = date(2015, 6, 10)
    v.live(lives(1, v.at("0101")), lives(2, v.at("0101", 1)))
    deliver(v, benefits=[benefit(2, "B2", "2014-01-05")], span=THEN_SPAN)
    v.stock("awbz", "2014-11", record(1, "900001", "2013-05-01", code="81"))
    v.expect("awbz", "2014-11", clienten=1)
    v.expect("wwb", "2014-12", clienten=1)
    v.expect(ALL, "2014-11", clienten=2, huishoudens=2)
    v.expect(ALL, "2014-12", clienten="niet_geleverd", huishoudens="niet_geleverd")
    v.expect(ALL, "2015-01", clienten=1, huishoudens=1)
    v.expect(ALL, "2015-01", "0101-1", clienten=1)
    v.expect(ALL, "2015-02", clienten="niet_geleverd")
    v.expect_noemer(ALL, "2015-01", 2, "0101-1")


THEN = (as_long_as_the_law_lasted,)
