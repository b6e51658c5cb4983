"""Traps of kinds of help: every code once, two kinds of one person, products, routes. Each is one small gemeente."""

from datetime import date

from tests.dbt_project.reference.facts import allocated, benefit, cared, lives, posted
from tests.dbt_project.reference.village import Village

WMO = [f"{code:02d}" for code in range(1, 19)]
JEUGD = [str(code) for code in (*range(31, 39), *range(40, 56))]
BIJ = [f"{code:02d}" for code in (*range(1, 5), *range(11, 15))]
CLUSTERS = "abcdefghijklm"


def residents(v: Village, number: int, born: str = "19600615") -> None:
    for person in range(1, number + 1):
        v.live(lives(person, v.at("0101", person % 10), born=born))


def every_category_of_the_wmo(v: Village) -> None:
    """Two at once of some; a message without category or product; one that begins after another of the same person."""
    residents(v, len(WMO) + 1)
    v.wmo(
        *(allocated(n, n, "2021-02-01", categorie=code, code=code + "A01") for n, code in enumerate(WMO, start=1)),
        allocated(19, 20, "2021-02-01", categorie=None, code=None),
        allocated(1, 21, "2021-02-01", categorie="07"),
        allocated(2, 22, "2021-02-01", "2021-05-31", categorie="06"),
        allocated(3, 23, "2021-05-31", categorie="09"),
    )
    v.expect("wmo", "2021-02", clienten=19, voorzieningen=21)
    v.expect("wmo", "2021-05", clienten=19, voorzieningen=21)


def every_category_of_jeugdzorg(v: Village) -> None:
    """Dyslexia is a product of category 54, and of no other."""
    residents(v, len(JEUGD) + 3, born="20120615")
    v.jeugd(
        *(allocated(n, n, "2021-02-01", categorie=code, code=None) for n, code in enumerate(JEUGD, start=1)),
        allocated(25, 25, "2021-02-01", categorie="54", code="54DYS"),
        allocated(26, 26, "2021-02-01", categorie="52", code="54DYS"),
        allocated(27, 27, "2021-02-01", categorie=None, code=None),
    )
    v.expect("jeugdzorg", "2021-02", clienten=27)


def every_form_of_bij(v: Village) -> None:
    """Before the messages: the same help has the same kind on both routes."""
    residents(v, len(BIJ), born="20120615")
    for half in ("2021-1", "2021-2"):
        v.bij(half, *(cared(number, "2021-02-01", form=form) for number, form in enumerate(BIJ, start=1)))
    v.jeugd(
        allocated(1, 1, "2022-01-01", categorie="31", code=None),
        allocated(2, 2, "2022-01-01", categorie="54", code=None),
        period=(date(2022, 1, 1), date(2022, 3, 31)),
    )
    v.expect("jeugdzorg", "2021-06", clienten=8)
    v.expect("jeugdzorg", "2022-02", clienten=2)


def what_benefits_are_for(v: Village) -> None:
    """Each cluster running and once; a second of one person; cluster j is none."""
    residents(v, len(CLUSTERS))
    for month in ("2021-01", "2021-02"):
        running = [benefit(n, f"r{n}", "2021-01-05", code="11", cluster=c) for n, c in enumerate(CLUSTERS, start=1)]
        once = [benefit(n, f"e{n}", f"{month}-10", code="12", cluster=c) for n, c in enumerate(CLUSTERS[1:], start=1)]
        v.bus(month, *running, *once, benefit(1, "w1", "2021-01-05"))
    v.expect("bijzondere_bijstand", "2021-02", gebruik=13)
    v.expect("wwb", "2021-02", clienten=1)


def forms_of_work(v: Village) -> None:
    """Who changes form has the last one for the whole place."""
    residents(v, 3)
    first = (posted(1, ("2020-01-06", None)), posted(2, None, ("2020-01-06", None)), posted(3, ("2020-01-06", None)))
    v.wsw("2021-1", *first)
    v.wsw("2021-2", *first[:2], posted(3, ("2020-01-06", "2021-08-31"), ("2021-09-01", None)))
    v.expect("wsw", "2021-03", clienten=3)
    v.expect("wsw", "2021-09", clienten=3)


TRAPS = [
    every_category_of_the_wmo,
    every_category_of_jeugdzorg,
    every_form_of_bij,
    what_benefits_are_for,
    forms_of_work,
]
