"""Traps of jeugdzorg (two routes) and Wsw (work forms, return), in stocks per half-year. Each is one small gemeente."""

from datetime import date

from tests.dbt_project.reference.facts import allocated, cared, lives, posted, started, stopped
from tests.dbt_project.reference.village import Village


def residents(v: Village, number: int, born: str = "20100615") -> None:
    for person in range(1, number + 1):
        v.live(lives(person, v.at("0101", person % 10), born=born))


def messages_of_youth(v: Village) -> None:
    """The spells of iWmo, with a pause and a withdrawal; who is 23 is no resident of 0 to 22."""
    residents(v, 3)
    v.live(lives(4, v.at("0102"), born="19990101"))
    v.jeugd(
        allocated(1, 1, "2021-01-10"),
        started(1, 1, "2021-02-01"),
        stopped(1, 1, "2021-03-15", reason="20"),
        stopped(1, 1, "2021-06-15"),
        allocated(2, 2, "2021-01-10"),
        allocated(3, 3, "2021-01-10", "2021-01-10", reason="13"),
        allocated(9, 4, "2021-01-10", address=v.at("0201")),
    )
    v.expect("jeugdzorg", "2021-03", clienten=3, voorzieningen=3)
    v.expect("jeugdzorg", "2021-06", clienten=2, gebruik=3, uitstroom=1)
    v.expect("jeugdzorg", "2021-06", "0201", clienten=1)
    v.expect_noemer("jeugdzorg", "2021-12", 4)
    v.expect_noemer("jeugdzorg", "2022-01", 3)
    v.expect("wmo", "2021-06", clienten="niet_geleverd")


def who_left_still_counts(v: Village) -> None:
    """The gemeente stays responsible (woonplaatsbeginsel): in the unknown buurt, with a signal. Who died does not."""
    v.live(
        lives(1, v.at("0101"), tot="2021-03-10", born="20100615"),
        lives(2, v.at("0101"), died="2021-03-10", born="20100615"),
        lives(3, v.at("0102"), born="20100615"),
    )
    v.jeugd(*(allocated(person, person, "2021-01-10") for person in (1, 2, 3)))
    v.wmo(allocated(1, 1, "2021-01-10"))
    v.expect("jeugdzorg", "2021-02", clienten=3)
    v.expect("jeugdzorg", "2021-03", clienten=2, signaal_vertrokken=1, signaal_overleden=1, uitstroom=1)
    v.expect("jeugdzorg", "2021-03", "onbekend", clienten=1, verhuisd_in=1)
    v.expect("jeugdzorg", "2021-03", "onbekend", "0-14", clienten=1)
    v.expect("wmo", "2021-03", clienten=0, signaal_vertrokken=1)


def records_that_touch(v: Village) -> None:
    """Help of one form is one provision over providers and half-years; a day between makes two; nobody is no client."""
    residents(v, 3)
    v.bij(
        "2021-1",
        cared(1, "2021-01-10", "2021-03-31", provider="1"),
        cared(1, "2021-03-01", "2021-04-30", provider="2"),
        cared(1, "2021-05-01", provider="3"),
        cared(2, "2021-01-10", "2021-03-31"),
        cared(2, "2021-04-02", "2021-05-31", provider="2"),
        cared(3, "2021-01-10"),
        cared(3, "2021-01-10", form="11"),
        cared(None, "2021-01-10"),
    )
    v.bij("2021-2", cared(1, "2021-05-01", "2021-08-31", provider="3"), cared(3, "2021-01-10"))
    v.expect("jeugdzorg", "2021-02", clienten=3, voorzieningen=4)
    v.expect("jeugdzorg", "2021-03", clienten=2, gebruik=3, uitstroom=1)
    v.expect("jeugdzorg", "2021-04", clienten=3, instroom=1)
    v.expect("jeugdzorg", "2021-06", clienten=2, voorzieningen=2)  # the foster care is gone
    v.expect("jeugdzorg", "2021-08", clienten=1, gebruik=2)
    v.expect("jeugdzorg", "2022-01", clienten="niet_geleverd")


def a_half_year_again(v: Village) -> None:
    """A later delivery of the same half-year replaces the earlier; of another half-year it does not."""
    residents(v, 3)
    v.bij("2021-1", cared(1, "2021-01-10"), cared(2, "2021-01-10"))
    v.bij("2021-2", cared(3, "2021-08-10"))
    v.bij("2021-1", cared(1, "2021-01-10", "2021-02-15"), on_day="2022-02-01")
    v.expect("jeugdzorg", "2021-01", clienten=1)
    v.expect("jeugdzorg", "2021-02", clienten=0, gebruik=1)
    v.expect("jeugdzorg", "2021-08", clienten=1, instroom=1)


def two_routes(v: Village) -> None:
    """Stocks, with messages of July and August: where both cover a month the messages count, and nothing is added."""
    residents(v, 5)
    v.bij("2021-1", cared(1, "2020-05-01"), cared(2, "2020-05-01"), cared(3, "2021-02-01", "2021-07-01"))
    v.bij("2021-2", cared(1, "2020-05-01"), cared(2, "2020-05-01"), cared(5, "2021-07-15"))
    v.jeugd(
        allocated(1, 1, "2021-01-01"),
        allocated(4, 4, "2021-01-01", "2021-07-01"),
        allocated(4, 5, "2021-01-01", "2021-05-01"),
        period=(date(2021, 7, 1), date(2021, 8, 31)),
    )
    v.expect("jeugdzorg", "2021-06", clienten=3, gebruik=3, voorzieningen=3)
    v.expect("jeugdzorg", "2021-07", clienten=1, gebruik=2, instroom=0, uitstroom=2)
    v.expect("jeugdzorg", "2021-08", clienten=1, gebruik=1)
    v.expect("jeugdzorg", "2021-09", clienten=3, gebruik=3, instroom=2)
    v.expect("jeugdzorg", "2021-12", clienten=3)
    v.expect("jeugdzorg", "2022-01", clienten="niet_geleverd")


def from_stocks_to_messages(v: Village) -> None:
    """Who is helped goes on: a spell has the first day that its own route tells, also from before the change."""
    running, over = range(1, 31), range(31, 61)
    residents(v, 60)
    v.bij(
        "2021-1",
        *(cared(person, "2021-02-05") for person in running),
        *(cared(person, "2021-01-05", "2021-05-10") for person in over),
    )
    v.jeugd(
        *(allocated(person, person, "2021-01-10") for person in (*running, *over)),
        *(started(person, person, "2021-03-05") for person in (*running, *over)),
        *(stopped(person, person, "2021-05-10") for person in over),
        period=(date(2021, 7, 1), date(2022, 3, 31)),
    )
    v.expect("jeugdzorg", "2021-06", clienten=30, voorzieningen=30, duur_mediaan_maanden_lopend=4)
    v.expect("jeugdzorg", "2021-07", clienten=30, voorzieningen=30, gebruik=30, instroom=0, uitstroom=0)
    v.expect("jeugdzorg", "2021-09", duur_mediaan_maanden_lopend=6, instroom_kwartaal=0, uitstroom_kwartaal=0)
    v.expect("jeugdzorg", "2021-12", duur_mediaan_maanden_lopend=9)
    # What ended did so in a month of the stock, which says that it lasted four months, not two.
    v.expect("jeugdzorg", "2021-06", duur_mediaan_maanden=4)
    v.expect("jeugdzorg", "2021-12", duur_mediaan_maanden=4)


def another_work_form(v: Village) -> None:
    """One place, also when a second change overwrites the begin of the first; who waits has none."""
    residents(v, 4, born="19700615")
    v.wsw(
        "2021-1",
        posted(1, ("2000-01-01", "2010-05-31"), ("2010-06-01", None)),
        posted(2, ("2000-01-01", None)),
        posted(3),
        posted(4, ("2000-01-01", "2021-03-31"), left=True),
    )
    v.wsw(
        "2021-2",
        posted(1, ("2021-07-01", None), ("2010-06-01", "2021-06-30")),
        posted(2, ("2000-01-01", "2021-09-30"), ("2021-10-01", None)),
        posted(3),
    )
    v.expect("wsw", "2021-02", clienten=3, voorzieningen=3)
    v.expect("wsw", "2021-03", clienten=2, gebruik=3, uitstroom=1)
    v.expect("wsw", "2021-06", clienten=2, voorzieningen=2)
    v.expect("wsw", "2021-07", clienten=2, instroom=0, uitstroom=0)
    v.expect("wsw", "2021-09", clienten=2)
    v.expect("wsw", "2022-01", clienten="niet_geleverd")


def out_and_back(v: Village) -> None:
    """Dismissed, at first with a copy of the record that waits; back with a begin of its own is a new place."""
    residents(v, 2, born="19700615")
    v.wsw(
        "2021-1",
        posted(1, ("2000-01-01", "2021-03-31"), left=True),
        posted(1, ("2000-01-01", "2021-03-31")),
        posted(2, ("2000-01-01", "2021-03-30"), left=True),
        posted(2, ("2021-03-31", None)),
        by="WGR-Dorp",
    )
    v.wsw("2021-2", posted(1, ("2021-10-01", None)), posted(2, ("2021-03-31", None)), by="WGR-Dorp")
    v.expect("wsw", "2021-02", clienten=2)
    v.expect("wsw", "2021-03", clienten=1, gebruik=2, uitstroom=1)
    v.expect("wsw", "2021-10", clienten=2, instroom=1)


def older_than_the_law(v: Village) -> None:
    """Youth care is for who is under 23: an age group that it is not for is nvt, its clients are of age unknown."""
    v.live(
        lives(1, v.at("0101"), born="20120615"),
        lives(2, v.at("0101", 1), born="19980401"),  # 23 on the first of April
        lives(3, v.at("0201"), born="19500615"),
    )
    v.jeugd(*(allocated(person, person, "2021-01-05") for person in (1, 2, 3)))
    v.expect("jeugdzorg", "2021-03", clienten=3, gebruik=3, signaal_leeftijd=1)
    v.expect("jeugdzorg", "2021-04", clienten=3, signaal_leeftijd=2)
    for month, young, unknown in (("2021-03", 1, 1), ("2021-04", 0, 2)):
        v.expect("jeugdzorg", month, age="0-14", clienten=1)
        v.expect("jeugdzorg", month, age="15-24", clienten=young)
        v.expect("jeugdzorg", month, age="onbekend", clienten=unknown)
        for age in ("25-44", "45-64", "65+"):
            v.expect("jeugdzorg", month, age=age, clienten="nvt")
    v.expect("jeugdzorg", "2021-03", "0201", age="onbekend", clienten=1)


TRAPS = (
    older_than_the_law,
    messages_of_youth,
    who_left_still_counts,
    records_that_touch,
    a_half_year_again,
    two_routes,
    from_stocks_to_messages,
    another_work_form,
    out_and_back,
)
