"""Traps of vsv and leerplicht. Each function is one small gemeente."""

from collections.abc import Iterable

from tests.dbt_project.reference.days import maybe, month_end, on
from tests.dbt_project.reference.facts import Facts, lives
from tests.dbt_project.reference.facts_school import Absence, LeerplichtDelivery, Pupil, VsvDelivery
from tests.dbt_project.reference.village import STAND, Village, world
from tests.making.town import bsn

YEAR = tuple(f"{year}-{month:02d}" for year in (2020, 2021, 2022) for month in range(1, 13))
FIRST, SECOND = YEAR[9:21], YEAR[21:27]  # school year 2020/21 from October, and the part of 2021/22 up to March
NUMBER = "100000023"


def school(villages: Iterable[Village]) -> Facts:
    """All of them in one monitor, that starts in October 2020."""
    return world(villages, STAND)


def left(person: int | str, day: str) -> Pupil:
    return Pupil("A01", person, on(day))


def back(person: int | str, day: str) -> Pupil:
    return Pupil("A02", person, on(day))


def passed(person: int | str, day: str) -> Pupil:
    return Pupil("A07", person, on(day))


def deliver_vsv(
    v: Village, months: tuple[str, ...], leavers: dict[str, list[Pupil]], pupils: tuple[int | str, ...] = (90,)
) -> None:
    """The reports of each month, on the 10th of the next; the startset is the same in all of them."""
    start = tuple(Pupil("A05", pupil) for pupil in pupils)
    for month in months:
        again(v, month, *leavers.get(month, []), *start)


def again(v: Village, month: str, *rows: Pupil, on_day: int = 10) -> None:
    year, number = int(month[:4]), int(month[5:])
    delivered = month_end(year + number // 12, number % 12 + 1).replace(day=on_day)
    v.deliveries.append(VsvDelivery(delivered, v.gemeente, year, number, rows))


def at_home(v: Village, number: int, born: str = "20041115") -> None:
    for person in range(1, number + 1):
        v.live(lives(person, v.at("0101", person % 10), born=born))


def every_first_of_october_starts_at_zero(v: Village) -> None:
    """Not in January, nor in August; the noemer is the startset of that school year, where its pupils lived then."""
    at_home(v, 4)
    v.live(lives(5, v.at("0201"), "2000-01-01", "2021-12-01"))
    v.live(lives(6, v.at("0201"), "2021-11-01"))
    leavers = {"2020-11": [left(1, "2020-11-10")], "2021-09": [left(2, "2021-09-30")]}
    deliver_vsv(v, FIRST, leavers, (1, 2, 3))
    leavers = {"2021-10": [left(3, "2021-10-01")], "2022-02": [left(4, "2022-02-15")]}
    deliver_vsv(v, SECOND, leavers, (2, 3, 4, 5, 6, NUMBER))
    for month, count in (
        ("2020-10", 0),
        ("2020-11", 1),
        ("2020-12", 1),
        ("2021-01", 1),
        ("2021-08", 1),
        ("2021-09", 2),
    ):
        v.expect("vsv", month, clienten=count, gebruik="nvt", huishoudens="nvt", voorzieningen="nvt", instroom="nvt")
        v.expect_noemer("vsv", month, 3)
    for month, count in (("2021-10", 1), ("2022-01", 1), ("2022-02", 2), ("2022-03", 2)):
        v.expect("vsv", month, clienten=count)
        # 5 left in December and counts; 6 came in November and does not; who is in no BRP lives somewhere here.
        v.expect_noemer("vsv", month, 5)
        v.expect_noemer("vsv", month, 3, "01")
        v.expect_noemer("vsv", month, 1, "02")
        v.expect_noemer("vsv", month, 0, "AF")
        v.expect_noemer("vsv", month, None, "0101")
        v.expect_noemer("vsv", month, None, "wijk onbekend")
    v.expect("vsv", "2022-03", instroom_kwartaal="nvt", duur_mediaan_maanden="nvt", signaal_overleden="nvt")


def back_at_school(v: Village) -> None:
    """Who is back does not count from that day on, and counts again after leaving again."""
    at_home(v, 7)
    deliver_vsv(
        v,
        SECOND,
        {
            "2021-11": [left(1, "2021-11-10"), left(3, "2021-11-03"), left(4, "2021-11-03"), left(5, "2021-11-03")],
            # 2 was enrolled elsewhere before leaving, as is told a month later: never out of school.
            "2021-12": [left(2, "2021-12-05"), back(5, "2021-12-31"), left(6, "2021-12-01"), back(6, "2021-12-20")],
            # Back before the second time of leaving, in one month: out again.
            "2022-01": [back(1, "2022-01-10"), back(2, "2021-12-01"), left(6, "2022-01-15")],
            "2022-02": [left(1, "2022-02-20"), passed(3, "2022-02-01"), passed(4, "2021-10-15")],
            # 7 left two schools on one day.
            "2022-03": [left(7, "2022-03-09"), passed(90, "2022-03-09")],
        },
    )
    for month, count in (("2021-11", 3), ("2021-12", 2), ("2022-01", 2), ("2022-02", 2), ("2022-03", 3)):
        v.expect("vsv", month, clienten=count)


def a_month_without_reports(v: Village) -> None:
    """The reports tell what changed: from a missing month on there is no figure, until October."""
    at_home(v, 3)
    deliver_vsv(v, FIRST[:3], {"2020-10": [left(1, "2020-10-05")]})
    deliver_vsv(v, FIRST[4:], {"2021-02": [left(2, "2021-02-05")]})
    deliver_vsv(v, SECOND, {"2021-11": [left(3, "2021-11-05")]})
    v.expect("vsv", "2020-12", clienten=1)
    v.expect("vsv", "2021-01", clienten="niet_geleverd")
    v.expect("vsv", "2021-02", clienten="niet_geleverd")
    v.expect("vsv", "2021-09", clienten="niet_geleverd", gebruik="nvt")
    v.expect("vsv", "2021-10", clienten=0)
    v.expect("vsv", "2021-11", clienten=1)


def a_month_delivered_again(v: Village) -> None:
    """Replaces that month, also its startset and who was in it by mistake; the other months stay."""
    at_home(v, 3)
    leavers = {"2021-10": [left(1, "2021-10-20")], "2021-11": [left(2, "2021-11-20"), left(3, "2021-11-21")]}
    deliver_vsv(v, SECOND, leavers, (1, 2, 3))
    again(v, "2021-11", left(2, "2021-11-20"), Pupil("A05", 1), Pupil("A05", 2), on_day=25)
    v.expect("vsv", "2021-10", clienten=1)
    v.expect("vsv", "2021-11", clienten=2)
    v.expect("vsv", "2022-03", clienten=2)
    # The newest month tells the startset.
    v.expect_noemer("vsv", "2021-11", 3)


def who_and_where(v: Village) -> None:
    """An onderwijsnummer is another person than the same digits as a BSN; who left the gemeente or died counts not."""
    v.live(
        lives(1, v.at("0101"), born="20070215"),
        lives(2, v.at("0201"), "2000-01-01", "2022-01-15", born="20041115"),
        lives(3, v.at("AF01"), born="19990101", died="2022-02-28"),
        lives(4, v.at("0101"), "2000-01-01", "2021-12-10", born="20041115"),
        lives(4, v.at("0202"), "2021-12-10", born="20041115"),
    )
    left_school = [left(person, "2021-10-20") for person in (1, 2, 3, 4, NUMBER, bsn(1))]
    deliver_vsv(v, SECOND, {"2021-10": left_school})
    v.expect("vsv", "2021-11", clienten=6)
    v.expect("vsv", "2021-11", "01", clienten=2)
    v.expect("vsv", "2021-12", "0202", clienten=1)
    v.expect("vsv", "2021-12", "wijk onbekend", clienten=2)
    v.expect("vsv", "2022-01", clienten=5)
    v.expect("vsv", "2022-02", clienten=4)
    v.expect("vsv", "2022-01", "", "0-14", clienten=1)
    v.expect("vsv", "2022-02", "", "0-14", clienten=0)
    v.expect("vsv", "2022-02", "", "15-24", clienten=2)
    v.expect("vsv", "2022-02", "", "onbekend", clienten=2)


# --- leerplicht ---


def absent(number: str, person: int | str, day: str, reported: str | None = "", **more: str) -> Absence:
    """Reported on the day itself unless told otherwise."""
    return Absence(number, person, on(day), on(day) if reported == "" else maybe(reported), **more)


def truant(number: str, person: int | str, day: str, **more: str) -> Absence:
    return absent(number, person, day, None, kind="ABSOLUUT", **more)


def deliver_leerplicht(
    v: Village, on_day: str, *absences: Absence, period: tuple[str, str] | None = ("2020-10-01", "2022-03-31")
) -> None:
    stated = (on(period[0]), on(period[1])) if period else None
    v.deliveries.append(LeerplichtDelivery(on(on_day), v.gemeente, absences, stated))


def reports_of_absence(v: Village) -> None:
    """Counted in the month of the report, per pupil, household and report; a withdrawn one never."""
    v.live(
        lives(1, v.at("0101"), born="20080101", household="a"),
        lives(2, v.at("0101"), born="20100101", household="a"),
        lives(3, v.at("0201"), born="20080101"),
    )
    deliver_leerplicht(
        v,
        "2022-04-05",
        absent("M1", 1, "2021-10-28", "2021-10-31"),
        absent("M2", 1, "2021-10-30", "2021-11-01"),
        absent("M3", 1, "2021-11-05", kind="LUXE"),
        absent("M4", 2, "2021-11-30", kind="LANGDURIG"),
        absent("M5", 3, "2021-11-10", status="Ingetrokken"),
        absent("M6", NUMBER, "2021-11-11", status="Ter kennisgeving aangenomen"),
        truant("M7", 3, "2021-12-01"),
    )
    v.expect("leerplicht", "2021-10", gebruik=1, huishoudens=1, voorzieningen=1, clienten="nvt", instroom="nvt")
    v.expect("leerplicht", "2021-11", gebruik=3, huishoudens=2, voorzieningen=4)
    v.expect("leerplicht", "2021-11", "0101", gebruik=2, huishoudens=1, voorzieningen=3)
    v.expect("leerplicht", "2021-11", "onbekend", gebruik=1)
    v.expect("leerplicht", "2021-12", gebruik=1, voorzieningen=1)
    v.expect("leerplicht", "2022-01", gebruik=0)
    v.expect("leerplicht", "2022-03", duur_mediaan_maanden="nvt", stand_vorig_kwartaal="nvt")


def a_report_delivered_again(v: Village) -> None:
    """The newest of a number counts: closed, withdrawn, on another day, or not withdrawn after all."""
    at_home(v, 5)
    deliver_leerplicht(
        v,
        "2022-01-05",
        absent("M1", 1, "2021-11-05"),
        absent("M2", 2, "2021-11-05"),
        absent("M3", 3, "2021-11-05"),
        absent("M4", 4, "2021-11-05", status="Ingetrokken"),
    )
    deliver_leerplicht(
        v,
        "2022-04-05",
        absent("M1", 1, "2021-11-05", status="Ter kennisgeving aangenomen"),
        absent("M2", 2, "2021-11-05", status="Ingetrokken"),
        absent("M3", 3, "2021-12-05"),
        absent("M4", 4, "2021-11-05"),
    )
    v.expect("leerplicht", "2021-11", gebruik=2, voorzieningen=2)
    v.expect("leerplicht", "2021-12", gebruik=1)


def an_exempt_pupil_is_no_truant(v: Village) -> None:
    """An exemption of article 5 lifts absolute absence of that school year (from August), and nothing else."""
    at_home(v, 8, born="20100101")
    exempt = {"ground": "5a"}
    deliver_leerplicht(
        v,
        "2022-04-05",
        # The report itself ended in an exemption; another of the same year; and one of being enrolled and absent.
        truant("M1", 1, "2021-09-10", **exempt),
        truant("M2", 1, "2022-02-10"),
        absent("M3", 1, "2022-02-11"),
        # Last year's exemption, up to the last day of July.
        truant("M4", 2, "2021-07-31", ground="5b"),
        truant("M5", 2, "2021-08-01"),
        # Exempt from attending, not from enrolment.
        truant("M6", 3, "2022-02-12", ground="11g"),
        # The exemption was withdrawn.
        truant("M7", 4, "2021-09-10", ground="5c", status="Ingetrokken"),
        truant("M8", 4, "2022-02-13"),
        # Of another pupil with the same school and day.
        truant("M9", 5, "2022-02-10"),
    )
    v.expect("leerplicht", "2021-07", gebruik=0)
    v.expect("leerplicht", "2021-08", gebruik=1)
    v.expect("leerplicht", "2021-09", gebruik=0)
    v.expect("leerplicht", "2022-02", gebruik=4, voorzieningen=4)


def of_an_age_to_go_to_school(v: Village) -> None:
    """The noemer: from the fifth birthday up to the day before the eighteenth."""
    for person, born in enumerate(("20170131", "20170201", "20040131", "20040201", "20100000"), 1):
        v.live(lives(person, v.at("0101", person), "2021-01-01", born=born))
    deliver_leerplicht(v, "2022-04-05", absent("M1", 5, "2022-01-10"))
    v.expect_noemer("leerplicht", "2022-01", 3, of="gebruik")
    v.expect_noemer("leerplicht", "2022-01", 3, "0101", of="gebruik")
    v.expect_noemer("leerplicht", "2022-01", None, of="voorzieningen")
    v.expect_noemer("leerplicht", "2022-01", 5, of="huishoudens")


def months_without_reports(v: Village) -> None:
    """Without a stated period a delivery reaches back as far as its cadence and grace."""
    at_home(v, 2)
    deliver_leerplicht(v, "2021-09-20", absent("M1", 1, "2021-08-05"), period=None)
    deliver_leerplicht(v, "2022-03-10", absent("M2", 1, "2022-02-05"), period=None)
    v.expect("leerplicht", "2021-07", gebruik="niet_geleverd")
    v.expect("leerplicht", "2021-08", gebruik=1)
    v.expect("leerplicht", "2021-09", gebruik="niet_geleverd", clienten="nvt")
    v.expect("leerplicht", "2022-02", gebruik=1)


TRAPS = (
    every_first_of_october_starts_at_zero,
    back_at_school,
    a_month_without_reports,
    a_month_delivered_again,
    who_and_where,
    reports_of_absence,
    a_report_delivered_again,
    an_exempt_pupil_is_no_truant,
    of_an_age_to_go_to_school,
    months_without_reports,
)
