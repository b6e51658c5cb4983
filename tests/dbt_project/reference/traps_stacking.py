"""Traps of households by what they lean on together: how many regelingen, which laws. Each is one small gemeente."""

from collections.abc import Iterable
from datetime import date

from tests.dbt_project.reference.facts import Benefit, Dossier, Message, allocated, benefit, dossier, lives, record
from tests.dbt_project.reference.traps_totals import ALL, ANCHOR, SINCE, THEN_SPAN, deliver, helped
from tests.dbt_project.reference.village import Village

STACK = "stapeling"
MONTHS = ("2021-11", "2021-12", "2022-01")
CHILD = "20100615"


def three_laws(
    v: Village,
    *,
    wmo: Iterable[Message] = (),
    youth: Iterable[Message] = (),
    benefits: Iterable[Benefit] = (),
    debts: Iterable[Dossier] = (),
    months: Iterable[str] = MONTHS,
) -> None:
    """Wmo, jeugdzorg, debts, and wwb in some months; with one person in each who counts on no month-end."""
    gone = allocated(ANCHOR, ANCHOR, "2021-01-02", "2021-01-20")
    v.wmo(*wmo, gone)
    v.jeugd(*youth, gone)
    v.debts(*debts, dossier("Z", ANCHOR, begin="2021-01-02", end="2021-01-20"))
    for month in months:
        v.bus(month, *benefits, benefit(ANCHOR, "B0", "2021-01-02", code="02"))


def households_by_what_they_lean_on(v: Village) -> None:
    """Every combination once; two persons of one regeling are one household with one; debts are of no law."""
    house = {1: "0101", 2: "0101", 3: "0101", 4: "0102", 5: "0102", 6: "0201", 7: "0202", 8: "AF01", 9: "AF01"}
    v.live(
        *(lives(n, v.at(buurt), household="1", born=CHILD if n in (2, 8) else "19600615") for n, buurt in house.items())
    )
    v.live(*(lives(n, v.at("AF02", n - 10)) for n in (10, 11, 12)))
    three_laws(
        v,
        wmo=helped(1, 4, 5, 6, 10),
        youth=helped(2, 8, 10, 11),
        # Of 6 it ends on a month-end, and does not count on it; code 11 is bijzondere bijstand, never here.
        benefits=[
            *(benefit(n, f"B{n}", SINCE) for n in (3, 9, 12)),
            benefit(6, "B6", SINCE, "2021-12-31"),
            benefit(4, "B4", SINCE, code="11"),
        ],
        debts=[dossier("A", 7, begin=SINCE), dossier("B", 9, begin=SINCE), dossier("C", 5, begin="2022-01-01")],
    )
    v.expect(ALL, "2021-11", clienten=12, huishoudens=8)
    v.expect(STACK, "2021-11", huishoudens_1=4, huishoudens_2=2, huishoudens_3plus=2, huishoudens_instelling=0)
    v.expect(STACK, "2021-11", "01", huishoudens_1=1, huishoudens_2=0, huishoudens_3plus=1)
    v.expect(STACK, "2021-11", "02", huishoudens_1=1, huishoudens_2=1, huishoudens_3plus=0)
    v.expect(STACK, "2021-11", "AF", huishoudens_1=2, huishoudens_2=1, huishoudens_3plus=1)
    v.expect(STACK, "2021-11", "wijk onbekend", huishoudens_1=0, huishoudens_3plus=0)
    every = ("alleen_wmo", "alleen_jeugdwet", "alleen_participatiewet", "alle_drie")
    pairs = ("wmo_jeugdwet", "wmo_participatiewet", "jeugdwet_participatiewet")
    v.expect_combined("2021-11", **dict.fromkeys((*every, *pairs), 1), meer_dan_een=4)
    v.expect_combined("2021-11", "01", alleen_wmo=1, alle_drie=1, meer_dan_een=1, wmo_jeugdwet=0)
    v.expect_combined("2021-11", "02", wmo_participatiewet=1, meer_dan_een=1, alleen_participatiewet=0)
    v.expect_combined("2021-11", "AF", wmo_jeugdwet=1, jeugdwet_participatiewet=1, meer_dan_een=2, alleen_jeugdwet=1)
    v.expect(STACK, "2021-12", huishoudens_1=5, huishoudens_2=1, huishoudens_3plus=2)
    v.expect_combined("2021-12", alleen_wmo=2, wmo_participatiewet=0, meer_dan_een=3)
    v.expect(STACK, "2022-01", "01", huishoudens_1=0, huishoudens_2=1, huishoudens_3plus=1)
    v.expect_combined("2022-01", "01", alleen_wmo=1, alle_drie=1)
    v.expect_noemer(STACK, "2021-11", 8, of="huishoudens_1")
    v.expect_noemer(STACK, "2021-11", 2, "01", of="huishoudens_instelling")
    v.expect_noemer(STACK, "2021-11", None, "wijk onbekend", of="huishoudens_1")
    v.none(STACK, "2021-11", "0101", of="huishoudens_1")
    v.none("combinaties", "2021-11", of="huishoudens")  # without a combination


def an_institution(v: Village) -> None:
    """Of more than ten households: not of ten, nor of many persons; on each day by who lives there then."""
    full, ten, family = v.at("0101"), v.at("0101", 1), v.at("0201")
    v.live(*(lives(n, full, household=str(n)) for n in range(1, 10)))
    v.live(lives(10, full, tot="2021-12-10"), lives(10, v.at("0202"), "2021-12-10"))  # alone, so a household of its own
    v.live(*(lives(n, full, household="x", born=CHILD) for n in (11, 12)))
    v.live(*(lives(n, ten, household=str(n)) for n in range(21, 31)))
    v.live(lives(31, ten, tot="2021-12-31"), lives(32, ten, "2022-01-10"), lives(33, ten, died="2021-11-30"))
    v.live(*(lives(n, family, household="1") for n in range(41, 53)))
    # Who left lives there no more, and who is in no BRP never did.
    v.live(lives(60, full, tot="2021-10-10", born=CHILD))
    three_laws(
        v,
        wmo=[*helped(1, 2, 10, 21, 41, 42), allocated(70, 70, "2021-01-05", address=full)],
        youth=helped(11, 12, 60),
        benefits=[benefit(n, f"B{n}", SINCE) for n in (1, 21, 43)],
    )
    v.expect(ALL, "2021-11", clienten=11, huishoudens=8)
    # 1, 2, 10 and that of 11 and 12; that of 21 (there are ten and one who moves out later); the family, 60 and 70.
    v.expect(STACK, "2021-11", huishoudens_instelling=5, huishoudens_1=2, huishoudens_2=1, huishoudens_3plus=0)
    v.expect(STACK, "2021-11", "01", huishoudens_instelling=5, huishoudens_1=1, huishoudens_2=0)
    v.expect(STACK, "2021-11", "02", huishoudens_instelling=0, huishoudens_2=1)
    v.expect(STACK, "2021-11", "wijk onbekend", huishoudens_1=1)
    # For the laws it is a household as any other.
    v.expect_combined("2021-11", wmo_participatiewet=3, alleen_wmo=3, alleen_jeugdwet=2, meer_dan_een=3)
    v.expect_combined("2021-11", "01", wmo_participatiewet=2, alleen_wmo=3, alleen_jeugdwet=1, meer_dan_een=2)
    # Ten households are left at both.
    v.expect(STACK, "2021-12", huishoudens_instelling=0, huishoudens_1=5, huishoudens_2=3)
    v.expect(STACK, "2022-01", huishoudens_instelling=1, huishoudens_1=5, huishoudens_2=2)
    v.expect_noemer(STACK, "2021-11", 23, of="huishoudens_instelling")


def an_institution_in_a_month_that_the_brp_does_not_reach(v: Village) -> None:
    """Is one still: who lives where is as the newest BRP tells, for those who are counted and for their neighbours."""
    v.brp_on = date(2021, 12, 20)
    v.live(*(lives(n, v.at("0101"), household=str(n)) for n in range(1, 12)))
    three_laws(v, wmo=helped(1), benefits=[benefit(1, "B1", SINCE)])
    for month, homes in (("2021-11", 11), ("2021-12", None), ("2022-01", None)):
        v.expect(STACK, month, huishoudens_instelling=1, huishoudens_2=0)
        v.expect(STACK, month, "01", huishoudens_instelling=1, huishoudens_2=0)
        v.expect_combined(month, wmo_participatiewet=1)
        v.expect_noemer(STACK, month, homes, of="huishoudens_1")


def strangers_and_what_they_lean_on(v: Village) -> None:
    """Who is in no BRP is a household at every place that is told of him, with what is told of that place."""
    v.live(lives(1, v.at("0101")))
    three_laws(
        v,
        wmo=[
            allocated(2, 2, "2021-01-05", address=v.at("0101")),  # the house of 1, but not his household
            allocated(3, 3, "2021-01-05", address=v.at("0102")),
            allocated(4, 4, "2021-01-05", address=v.at("0201")),
            *helped(1, 5),
        ],
        youth=[
            allocated(3, 3, "2021-01-05", address=v.at("0102")),  # the same house: one household
            allocated(4, 4, "2021-01-05", address=v.at("AF01")),  # two
            *helped(1),
        ],
        benefits=[benefit(n, f"B{n}", SINCE) for n in (2, 5)],  # tells no address: 2 is two, 5 one
        debts=[dossier("A", 3, begin=SINCE, address=v.at("0102"))],
    )
    v.expect(ALL, "2021-11", clienten=7, huishoudens=7)
    v.expect(STACK, "2021-11", huishoudens_1=4, huishoudens_2=2, huishoudens_3plus=1)
    v.expect(STACK, "2021-11", "01", huishoudens_1=1, huishoudens_2=1, huishoudens_3plus=1)
    v.expect(STACK, "2021-11", "02", huishoudens_1=1)
    v.expect(STACK, "2021-11", "AF", huishoudens_1=1)
    v.expect(STACK, "2021-11", "wijk onbekend", huishoudens_1=1, huishoudens_2=1)
    v.expect_combined("2021-11", wmo_jeugdwet=2, wmo_participatiewet=1, alleen_wmo=2, alleen_jeugdwet=1)
    v.expect_combined("2021-11", alleen_participatiewet=1, alle_drie=0, meer_dan_een=3)
    v.expect_combined("2021-11", "wijk onbekend", alleen_participatiewet=1, wmo_participatiewet=1, meer_dan_een=1)


def a_set_without_one_of_the_laws(v: Village) -> None:
    """Stacks, but has no combinations; once wwb counts, a month that it does not cover has neither."""
    v.live(*(lives(n, v.at("0101"), household="1") for n in (1, 2)))
    three_laws(v, wmo=helped(1), youth=helped(2), benefits=[benefit(1, "B1", "2021-12-05")], months=MONTHS[1:])
    v.expect(STACK, "2021-11", huishoudens_1=0, huishoudens_2=1, huishoudens_3plus=0)
    v.expect_combined("2021-11", wmo_jeugdwet="niet_geleverd", meer_dan_een="niet_geleverd", alleen_wmo="niet_geleverd")
    v.expect_combined("2021-11", "01", wmo_jeugdwet="niet_geleverd")
    v.expect(STACK, "2021-12", huishoudens_2=0, huishoudens_3plus=1)
    v.expect_combined("2021-12", wmo_jeugdwet=0, alle_drie=1, meer_dan_een=1)
    v.expect(STACK, "2022-02", huishoudens_1="niet_geleverd", huishoudens_instelling="niet_geleverd")
    v.expect_combined("2022-02", alle_drie="niet_geleverd")
    v.expect_noemer(STACK, "2022-02", 1, of="huishoudens_1")


TRAPS = (
    households_by_what_they_lean_on,
    an_institution,
    an_institution_in_a_month_that_the_brp_does_not_reach,
    strangers_and_what_they_lean_on,
    a_set_without_one_of_the_laws,
)


def before_there_were_three_laws(v: Village) -> None:
    """Households stack, but there are no combinations; also where a regeling is missed that month."""
    v.brp_on = date(2015, 6, 10)
    v.live(*(lives(n, v.at("0101"), household="1") for n in (1, 2)))
    deliver(
        v,
        wmo=[allocated(1, 1, "2014-01-05")],
        youth=[allocated(2, 2, "2014-01-05")],
        benefits=[benefit(1, "B1", "2014-01-05")],
        span=THEN_SPAN,
    )
    v.stock("awbz", "2014-11", record(2, "900001", "2013-05-01", code="81"))
    v.expect(STACK, "2014-11", huishoudens_3plus=1)
    v.expect_combined("2014-11", alle_drie="nvt", alleen_wmo="nvt")
    v.expect(STACK, "2014-12", huishoudens_3plus="niet_geleverd")
    v.expect_combined("2014-12", alle_drie="nvt", meer_dan_een="nvt")
    v.expect_combined("2014-12", "01", alle_drie="nvt")
    v.expect(STACK, "2015-01", huishoudens_3plus=1, huishoudens_2=0)
    v.expect_combined("2015-01", alle_drie=1, meer_dan_een=1, wmo_jeugdwet=0)


THEN = (before_there_were_three_laws,)
