"""Traps of years ago: both layouts of BUS, no Wmo, areas of other years, and a stand on the last day of a month."""

from dataclasses import replace
from datetime import date

from tests.dbt_project.reference.areas import wijk_of
from tests.dbt_project.reference.days import on
from tests.dbt_project.reference.facts import AreaDelivery, Facts, benefit, lives, record
from tests.dbt_project.reference.village import Village, world

STAND = date(2015, 6, 30)
EARLIER_STAND = date(2015, 3, 1)


def both_layouts(v: Village) -> None:
    """One spell goes on from the layout of 2013 to that of 2015; the years of areas are 2014 and 2016."""
    v.brp_on = date(2015, 6, 10)
    v.redrawn = {(2016, v.at("0101")): "0202"}
    v.live(lives(1, v.at("0101"), born="19491031"), lives(2, v.at("0102"), born="19500115"))
    always = (benefit(1, "B1", "2010-05-01"), benefit(2, "B2", "2014-12-15"))
    v.bus("2013-11", always[0])
    v.bus("2014-11", always[0])
    v.bus("2014-12", *always)
    v.bus("2015-01", *always)
    v.bus("2015-02", always[0])
    v.bus("2015-04", always[0], benefit(2, "B2", "2014-12-15", "2015-04-30"))
    v.bus("2015-05", always[0], benefit(1, "S1", "2015-05-10", code="12", cluster="k"))
    v.expect("wwb", "2013-11", clienten=1, instroom="nvt")
    v.expect("wwb", "2013-11", "0101", clienten=1)
    v.expect("wwb", "2013-12", clienten="niet_geleverd", instroom="niet_geleverd", instroom_kwartaal="nvt")
    v.expect("wwb", "2014-03", instroom_kwartaal="niet_geleverd")
    v.expect("wwb", "2014-12", clienten=2, instroom=1)
    v.expect("wwb", "2015-01", "0101", clienten=1, instroom=0, stand_vorige=1)
    v.expect("wwb", "2015-02", clienten=2, gebruik=2)  # absent once, then back with an end date
    v.expect("wwb", "2015-04", clienten=1, gebruik=2, uitstroom="niet_geleverd")
    v.expect("wwb", "2015-05", clienten=1)
    v.expect("bijzondere_bijstand", "2015-05", gebruik=1)
    v.expect("wwb", "2015-06", clienten="no row")
    v.expect("wmo", "2015-05", clienten="niet_geleverd")
    v.expect_noemer("wsw", "2014-11", 2)  # 65 and 2 months for who is born in October 1949: 31 December 2014
    v.expect_noemer("wsw", "2014-12", 1)
    v.expect_noemer("wsw", "2015-03", 1)  # 65 and 3 months: 15 April 2015
    v.expect_noemer("wsw", "2015-04", 0)
    v.expect_noemer("wsw", "2015-05", 0)
    v.expect_noemer("wwb", "2015-05", 2)


def months_of_the_neighbours(v: Village) -> None:
    """The months are the same for all: what came before the first delivery is not delivered."""
    v.brp_on = date(2015, 5, 31)
    v.live(lives(1, v.at("AF01")))
    v.bus("2015-03", benefit(1, "B1", "2015-03-10"), on_day="2015-04-20")
    v.bus("2015-04", benefit(1, "B1", "2015-03-10"), on_day="2015-03-01")  # early
    v.bus("2015-05", benefit(1, "B1", "2015-03-10"), on_day="2015-06-30")  # on the stand itself
    v.expect("wwb", "2013-11", clienten="niet_geleverd", instroom="nvt")
    v.expect("wwb", "2015-02", clienten="niet_geleverd", instroom="niet_geleverd")
    v.expect("wwb", "2015-03", clienten=1, instroom="niet_geleverd")
    v.expect("wwb", "2015-04", clienten=1, instroom=0)
    v.expect("wwb", "2015-05", clienten=1)
    v.expect_noemer("wwb", "2015-04", 1)
    v.expect_noemer("wwb", "2015-05", None)


def nothing_but_residents(v: Village) -> None:
    v.brp_on = date(2015, 6, 10)
    v.live(lives(1, v.at("AF01")))
    for regeling in ("wmo", "wwb"):
        v.expect(regeling, "2015-05", clienten="niet_geleverd", gebruik="niet_geleverd", instroom="niet_geleverd")
    v.expect("bijzondere_bijstand", "2015-05", gebruik="niet_geleverd", clienten="nvt")
    v.expect_noemer("wmo", "2015-05", 1, "AF01")
    v.expect_noemer("wmo", "2013-11", 1, "AF01", age="45-64")
    v.expect_noemer("wmo", "2013-11", 0, "0101", age="45-64")


def until_the_law_ended(v: Village) -> None:
    """An indication per function; what has expired ends on its day, though delivered on. After 2014: never a figure."""
    v.brp_on = date(2015, 6, 10)
    v.live(*(lives(n, v.at("0101", n)) for n in (1, 2, 3)))
    two = [record(1, "900001", "2013-05-01", code=code) for code in ("81", "82")]
    expired = record(2, "900002", "2013-05-01", "2014-10-15", code="81")
    v.stock("awbz", "2014-10", *two, expired, record(3, "900003", "2014-10-02", code="752"), on_day="2014-11-12")
    v.stock("awbz", "2014-11", *two, expired)
    v.stock("awbz", "2014-12", *two, expired)
    v.stock("awbz", "2015-01", *two)
    v.bus("2015-01", benefit(1, "B1", "2014-01-01"))
    v.expect("awbz", "2014-09", clienten="niet_geleverd")
    v.expect("awbz", "2014-10", clienten=1, gebruik=3, voorzieningen=2, huishoudens=1)
    v.expect("awbz", "2014-11", clienten=1, gebruik=1, uitstroom=0)
    v.expect("awbz", "2014-12", clienten=1, voorzieningen=2, uitstroom_kwartaal="niet_geleverd")
    v.expect("awbz", "2015-01", clienten="nvt", gebruik="nvt", uitstroom="nvt")
    v.expect("awbz", "2015-03", clienten="nvt", instroom_kwartaal="nvt")
    v.expect("wwb", "2015-01", clienten=1)
    v.expect_noemer("awbz", "2014-12", 3)


TRAPS = (both_layouts, months_of_the_neighbours, nothing_but_residents, until_the_law_ended)


def history(villages: list[Village], stand: date = STAND) -> Facts:
    """Areas of 2014, delivered twice, and of 2016; none of 2013 and 2015."""
    facts = world(villages, stand, ((2014, "2014-02-01"), (2016, "2015-05-01")))
    good = facts.of(AreaDelivery)[0]
    wrong = tuple(replace(place, buurt=place.buurt[:6] + "0909") for place in good.places)
    names = {code: name for code, name in good.names if code.startswith("GM")}
    for place in wrong:
        names |= {place.buurt: "Fout", wijk_of(place.buurt): "Fout"}
    facts.deliveries.append(AreaDelivery(on("2014-01-02"), 2014, wrong, tuple(names.items())))
    return facts
