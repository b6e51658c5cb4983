"""Traps of Wmo messages: corrections, order, numbers, pauses and coverage. Each function is one small gemeente."""

from tests.dbt_project.reference.facts import allocated, lives, started, stopped
from tests.dbt_project.reference.village import Village


def residents(v: Village, number: int) -> None:
    for person in range(1, number + 1):
        v.live(lives(person, v.at("0101", person % 10)))


def end_on_the_peildatum(v: Village) -> None:
    residents(v, 2)
    v.wmo(
        allocated(1, 1, "2021-02-01"),
        started(1, 1, "2021-02-01"),
        stopped(1, 1, "2021-03-31"),
        allocated(2, 2, "2021-01-01"),
        started(2, 2, "2021-04-30"),
    )
    v.expect("wmo", "2021-01", clienten=0, gebruik=0, instroom="nvt", stand_vorige="nvt")
    v.expect("wmo", "2021-02", clienten=1, gebruik=1, instroom=1, stand_vorige=0)
    v.expect("wmo", "2021-03", clienten=0, gebruik=1, uitstroom=1, stand_vorige=1, instroom_kwartaal="nvt")
    v.expect("wmo", "2021-04", clienten=1, gebruik=1, instroom=1)
    v.expect("wmo", "2021-06", instroom_kwartaal=1, uitstroom_kwartaal=0, stand_vorig_kwartaal=0)


def in_and_out_within_a_quarter(v: Village) -> None:
    """Quarter flows are not the sum of the months."""
    residents(v, 2)
    v.wmo(allocated(1, 1, "2021-04-10", "2021-06-10"), allocated(2, 2, "2021-01-10", "2021-04-15"))
    v.wmo(allocated(2, 3, "2021-06-10"), on_day="2022-04-04")
    v.expect("wmo", "2021-04", instroom=1, uitstroom=1)
    v.expect("wmo", "2021-06", instroom=1, uitstroom=1, instroom_kwartaal=0, uitstroom_kwartaal=0)
    v.expect("wmo", "2021-06", clienten=1, stand_vorig_kwartaal=1)


def change_of_provider(v: Village) -> None:
    """One provision follows the other: nobody flows; on the last day of the month nobody is left."""
    residents(v, 2)
    v.wmo(
        allocated(1, 1, "2021-01-10", "2021-03-14"),
        allocated(1, 2, "2021-03-15"),
        allocated(2, 3, "2021-01-10", "2021-03-31"),
        allocated(2, 4, "2021-04-01"),
        allocated(2, 5, "2021-05-01"),
    )
    v.expect("wmo", "2021-03", clienten=1, gebruik=2, uitstroom=1, voorzieningen=1)
    v.expect("wmo", "2021-04", clienten=2, instroom=1, voorzieningen=2)
    v.expect("wmo", "2021-05", clienten=2, voorzieningen=3, huishoudens=2)


def pause(v: Village) -> None:
    """Reason 20 ends nothing; the start after it opens no second spell; the stop after that closes it."""
    residents(v, 2)
    v.wmo(
        allocated(1, 1, "2021-01-10"),
        started(1, 1, "2021-02-01"),
        stopped(1, 1, "2021-03-15", reason="20"),
        started(1, 1, "2021-05-10"),
        stopped(1, 1, "2021-06-15"),
        allocated(2, 2, "2021-01-10"),
        started(2, 2, "2021-02-01"),
        stopped(2, 2, "2021-03-15"),
        started(2, 2, "2021-05-10"),
    )
    v.expect("wmo", "2021-03", clienten=1, uitstroom=1)
    v.expect("wmo", "2021-04", clienten=1, gebruik=1)
    v.expect("wmo", "2021-05", clienten=2, instroom=1, voorzieningen=2)
    v.expect("wmo", "2021-06", clienten=1, uitstroom=1)


def withdrawn(v: Village) -> None:
    """Reason 13 after a start: never sent. An older 13 that comes late does nothing; a newer version revives."""
    residents(v, 3)
    v.wmo(
        allocated(1, 1, "2021-01-10"),
        started(1, 1, "2021-01-12"),
        allocated(1, 1, "2021-01-10", "2021-01-10", reason="13", dated="2021-05-01"),
        allocated(2, 2, "2021-01-10", dated="2021-02-01"),
        allocated(3, 3, "2021-01-10", "2021-01-10", reason="13", dated="2021-02-01"),
        on_day="2021-06-01",
    )
    v.wmo(
        allocated(2, 2, "2021-01-10", "2021-01-10", reason="13", dated="2021-01-20"),
        allocated(3, 3, "2021-01-10", dated="2021-03-01"),
    )
    v.expect("wmo", "2021-01", clienten=2, gebruik=2)
    v.expect("wmo", "2021-06", clienten=2, voorzieningen=2)


def stop_before_start(v: Village) -> None:
    residents(v, 3)
    v.wmo(
        allocated(1, 1, "2021-01-10"),
        stopped(1, 1, "2021-02-10"),
        started(1, 1, "2021-03-01"),
        allocated(2, 2, "2021-01-10"),  # no start: from its Ingangsdatum, to the stop
        stopped(2, 2, "2021-02-10", begin="2021-02-05"),
        allocated(3, 3, "2021-01-10"),  # started and stopped on one day
        started(3, 3, "2021-02-10"),
        stopped(3, 3, "2021-02-10"),
    )
    v.expect("wmo", "2021-01", clienten=1, gebruik=1)
    v.expect("wmo", "2021-02", clienten=0, gebruik=2)
    v.expect("wmo", "2021-03", clienten=1)
    v.expect("wmo", "2022-03", clienten=1)


def start_outside_the_allocation(v: Village) -> None:
    """A start before it counts from the Ingangsdatum; a spell before or after it is none at all."""
    residents(v, 4)
    v.wmo(started(1, 1, "2021-02-15"), on_day="2021-03-05")
    v.wmo(
        allocated(1, 1, "2021-03-10"),
        allocated(2, 2, "2021-03-10"),
        started(2, 2, "2021-02-15"),
        stopped(2, 2, "2021-03-05"),
        allocated(3, 3, "2021-01-10", "2021-03-05"),
        started(3, 3, "2021-03-10"),
        allocated(4, 4, "2021-03-10"),
        started(4, 4, "2021-02-15"),
        stopped(4, 4, "2021-04-05"),
    )
    v.expect("wmo", "2021-02", clienten=0, gebruik=0)
    v.expect("wmo", "2021-03", clienten=2, gebruik=2, instroom=2)
    v.expect("wmo", "2021-04", clienten=1)


def versions_out_of_order(v: Village) -> None:
    """The newest dagtekening decides, then the number of the message, then the delivery, then the place in it."""
    residents(v, 5)
    v.wmo(
        allocated(1, 1, "2021-01-05", "2021-06-15", dated="2021-03-01"),
        allocated(2, 2, "2021-01-05", "2021-06-15", ident="10"),
        allocated(2, 2, "2021-01-05", "2021-12-31", ident="9"),
        allocated(3, 3, "2021-01-05", "2021-12-31"),
        on_day="2021-03-05",
    )
    v.wmo(
        allocated(1, 1, "2021-01-05", "2021-12-31", dated="2021-01-05"),
        allocated(3, 3, "2021-01-05", "2021-06-15"),
        allocated(4, 4, "2021-01-05", "2021-12-31"),
        allocated(4, 4, "2021-01-05", "2021-06-15"),
        allocated(5, 5, "2021-01-05", "2021-12-31", ident="B1"),
        allocated(5, 5, "2021-01-05", "2021-06-15", ident="B2"),
    )
    v.expect("wmo", "2021-05", clienten=5)
    v.expect("wmo", "2021-06", clienten=0, gebruik=5)


def everything_twice(v: Village) -> None:
    residents(v, 1)
    messages = (
        allocated(1, 1, "2021-01-05"),
        started(1, 1, "2021-02-01"),
        stopped(1, 1, "2021-04-10"),
        started(1, 1, "2021-05-10"),
    )
    v.wmo(*messages, *reversed(messages), on_day="2021-06-05")
    v.wmo(*messages)
    v.expect("wmo", "2021-02", clienten=1, voorzieningen=1)
    v.expect("wmo", "2021-04", clienten=0)
    v.expect("wmo", "2021-05", clienten=1, voorzieningen=1)


def cancelled(v: Village) -> None:
    """StatusAanlevering 3 takes back the earlier message of the same date, not a later one."""
    residents(v, 6)
    v.wmo(
        *(allocated(person, person, "2021-01-05") for person in range(1, 7)),
        started(1, 1, "2021-03-01"),
        started(1, 1, "2021-03-01", status="3", dated="2021-03-10"),  # so without any start
        started(2, 2, "2021-03-01"),
        started(2, 2, "2021-03-01", status="3", dated="2021-03-10"),
        started(2, 2, "2021-04-01"),
        stopped(3, 3, "2021-03-15", dated="2021-03-16"),
        stopped(3, 3, "2021-03-15", status="3", dated="2021-03-20"),
        stopped(4, 4, "2021-03-15", status="3", dated="2021-03-14"),
        stopped(4, 4, "2021-03-15", dated="2021-03-16"),
        started(5, 5, "2021-03-01", dated="2021-03-02"),
        started(5, 5, "2021-03-01", status="3", dated="2021-03-03"),
        started(5, 5, "2021-03-01", dated="2021-03-04"),
        stopped(6, 6, "2021-03-15", dated="2021-03-16"),
        stopped(6, 6, "2021-03-20", status="3", dated="2021-03-20"),  # of another date: takes back nothing
    )
    v.expect("wmo", "2021-02", clienten=4)  # 1, 3, 4 and 6
    v.expect("wmo", "2021-03", clienten=3)  # 1, 3 and 5
    v.expect("wmo", "2021-04", clienten=4)  # and 2


def without_number(v: Village) -> None:
    """Matched on person, product and Ingangsdatum when one number fits."""
    residents(v, 7)
    v.wmo(
        allocated(1, 1, "2021-01-05"),  # matched
        started(1, None, "2021-03-10", ingang="2021-01-05"),
        stopped(1, None, "2021-05-10", ingang="2021-01-05"),
        allocated(2, 2, "2021-01-05"),  # two fit: neither
        allocated(2, 3, "2021-01-05"),
        started(2, None, "2021-03-10", ingang="2021-01-05"),
        allocated(3, 4, "2021-01-05"),  # none fits
        started(3, None, "2021-03-10", ingang="2021-01-06"),
        allocated(4, 5, "2021-01-05"),  # two fit, though one was withdrawn
        allocated(4, 6, "2021-01-05"),
        allocated(4, 6, "2021-01-05", "2021-01-05", reason="13", dated="2021-01-10"),
        started(4, None, "2021-03-10", ingang="2021-01-05"),
        allocated(5, 7, "2021-01-05"),  # fits an earlier version
        allocated(5, 7, "2021-01-15", dated="2021-01-20"),
        started(5, None, "2021-03-10", ingang="2021-01-05"),
        allocated(6, 8, "2021-01-05", code=None),  # no code is a product too
        allocated(6, 9, "2021-01-05"),
        started(6, None, "2021-03-10", ingang="2021-01-05", code=None),
        allocated(7, 10, "2021-01-05"),  # cancelled without number as well
        started(7, 10, "2021-03-10"),
        started(7, None, "2021-03-10", ingang="2021-01-05", status="3", dated="2021-03-12"),
    )
    v.expect("wmo", "2021-02", clienten=5, voorzieningen=6)  # 2 (2 and 3), 3, 4, 6 (9), 7
    v.expect("wmo", "2021-03", clienten=7, voorzieningen=9)
    v.expect("wmo", "2021-05", clienten=6, voorzieningen=8)


def allocation_ends_first(v: Village) -> None:
    """The allocation ends before the stop, and a new version ends earlier or later still."""
    residents(v, 3)
    v.wmo(
        allocated(1, 1, "2021-01-05", "2021-03-20"),
        started(1, 1, "2021-01-10"),
        stopped(1, 1, "2021-04-10"),
        allocated(2, 2, "2021-01-05", "2021-12-31"),
        allocated(2, 2, "2021-01-05", "2021-03-20", reason="05", dated="2021-03-01"),
        allocated(3, 3, "2021-01-05", "2021-03-20"),
        allocated(3, 3, "2021-01-05", "2021-05-20", reason="04", dated="2021-03-01"),
    )
    v.expect("wmo", "2021-02", clienten=3)
    v.expect("wmo", "2021-03", clienten=1, uitstroom=2)
    v.expect("wmo", "2021-04", clienten=1)
    v.expect("wmo", "2021-05", clienten=0)


def delivered_late_early_and_not(v: Village) -> None:
    """Without a stated period a delivery reaches back 46 days and covers months that ended before its day."""
    residents(v, 1)
    v.wmo(allocated(1, 1, "2021-01-05"), on_day="2021-02-16", period=None)  # from 1 January
    v.wmo(started(1, 1, "2021-01-05"), on_day="2021-05-20", period=None)  # from 4 April
    v.wmo(started(1, 1, "2021-01-05"), on_day="2021-06-25", period=None)  # from 10 May
    v.wmo(started(1, 1, "2021-01-05"), on_day="2021-08-02", period=None)  # from 17 June
    v.wmo(started(1, 1, "2021-01-05"), on_day="2021-10-16", period=None)  # from 31 August, on the day
    v.wmo(started(1, 1, "2021-01-05"), on_day="2022-01-16", period=None)  # from 1 December, a day late
    v.wmo(started(1, 1, "2021-01-05"), on_day="2022-03-31", period=None)  # from 13 February, March not ended
    v.wmo(stopped(1, 1, "2021-01-10"), on_day="2022-04-11", period=None)  # after the stand
    for month in (1, 4, 5, 6, 7, 8, 9, 12, 14):
        v.expect("wmo", f"{2021 + (month - 1) // 12}-{(month - 1) % 12 + 1:02d}", clienten=1, gebruik=1)
    for month in (2, 3, 10, 11, 13, 15):
        name = f"{2021 + (month - 1) // 12}-{(month - 1) % 12 + 1:02d}"
        v.expect("wmo", name, clienten="niet_geleverd", gebruik="niet_geleverd", instroom="niet_geleverd")
        v.expect("wmo", name, verhuisd_in="nvt", signaal_overleden="niet_geleverd")
    v.expect("wmo", "2021-04", instroom="niet_geleverd", stand_vorige="niet_geleverd")
    v.expect("wmo", "2021-05", instroom=0)
    v.expect("wmo", "2021-06", instroom=0, instroom_kwartaal="niet_geleverd")
    v.expect("wmo", "2021-09", instroom_kwartaal=0, stand_vorig_kwartaal=1)
    v.expect_noemer("wmo", "2021-02", 1)


def stated_period(v: Village) -> None:
    """What levering.json states, and no more; deliveries of different kinds together."""
    from datetime import date

    residents(v, 1)
    v.wmo(
        allocated(1, 1, "2021-01-05"), on_day="2021-07-05", period=(date(2021, 2, 28), date(2021, 6, 29))
    )  # February to May
    v.wmo(started(1, 1, "2021-01-05"), on_day="2021-08-05", period=None)  # from 20 June
    for month in ("2021-02", "2021-03", "2021-04", "2021-05", "2021-06", "2021-07"):
        v.expect("wmo", month, clienten=1)
    for month in ("2021-01", "2021-08"):
        v.expect("wmo", month, clienten="niet_geleverd")
    v.expect("wmo", "2021-01", instroom="nvt")
    v.expect("wmo", "2021-02", instroom="niet_geleverd")
    v.expect("wmo", "2021-08", instroom="niet_geleverd")


TRAPS = (
    end_on_the_peildatum,
    in_and_out_within_a_quarter,
    change_of_provider,
    pause,
    withdrawn,
    stop_before_start,
    start_outside_the_allocation,
    versions_out_of_order,
    everything_twice,
    cancelled,
    without_number,
    allocation_ends_first,
    delivered_late_early_and_not,
    stated_period,
)
