"""Traps of persons: birthdays, deaths, moves, households, and who is in no BRP. Each function is one small gemeente."""

from tests.dbt_project.reference.facts import allocated, benefit, lives, started, stopped
from tests.dbt_project.reference.village import Village


def client(v: Village, person: int, ingang: str = "2021-01-05", end: str | None = None, **more) -> None:
    """One allocation without start, so from its Ingangsdatum."""
    v.wmo(allocated(person, person, ingang, end, **more), on_day=f"2022-03-{person:02d}")


def move_between_wijken_on_the_peildatum(v: Village) -> None:
    v.live(lives(1, v.at("0101"), tot="2021-03-31"), lives(1, v.at("0201"), "2021-03-31"))
    client(v, 1)
    v.expect("wmo", "2021-02", "0101", clienten=1)
    v.expect("wmo", "2021-03", "0101", clienten=0, verhuisd_uit=1, verhuisd_in=0, stand_vorige=1, uitstroom=0)
    v.expect("wmo", "2021-03", "0201", clienten=1, verhuisd_in=1, stand_vorige=0, instroom=0)
    v.expect("wmo", "2021-03", "01", clienten=0, verhuisd_uit=1)
    v.expect("wmo", "2021-03", "02", clienten=1, verhuisd_in=1)
    v.expect("wmo", "2021-03", clienten=1, verhuisd_in="nvt", verhuisd_uit="nvt", instroom=0, uitstroom=0)
    v.expect("wmo", "2021-06", "02", verhuisd_in_kwartaal=0, stand_vorig_kwartaal=1)


def move_within_a_wijk(v: Village) -> None:
    v.live(lives(1, v.at("0101"), tot="2021-05-10"), lives(1, v.at("0102"), "2021-05-10"))
    client(v, 1)
    v.expect("wmo", "2021-05", "0101", verhuisd_uit=1, clienten=0)
    v.expect("wmo", "2021-05", "0102", verhuisd_in=1, clienten=1)
    v.expect("wmo", "2021-05", "01", verhuisd_uit=0, verhuisd_in=0, clienten=1)
    v.expect("wmo", "2021-06", "0102", verhuisd_in_kwartaal=1, verhuisd_in=0)


def move_back_and_forth(v: Village) -> None:
    v.live(
        lives(1, v.at("0101"), tot="2021-04-10"),
        lives(1, v.at("0201"), "2021-04-10", "2021-05-10"),
        lives(1, v.at("0101"), "2021-05-10"),
    )
    client(v, 1)
    v.expect("wmo", "2021-04", "0201", verhuisd_in=1)
    v.expect("wmo", "2021-05", "0201", verhuisd_uit=1)
    v.expect("wmo", "2021-06", "0201", verhuisd_in_kwartaal=0, verhuisd_uit_kwartaal=0)


def birthdays(v: Village) -> None:
    """On the peildatum, on 29 February, and of partly known dates."""
    born = {
        1: "20060430",  # 15 on the peildatum itself
        2: "19560229",  # 65 on 1 March
        3: "19560000",  # 1 July
        4: "19560400",  # 1 April
        5: "19960501",  # 25 a day after
        6: "20210000",  # not born yet, says 1 July, but lives here
    }
    for person, text in born.items():
        v.live(lives(person, v.at("0101", person), born=text))
        client(v, person)
    ages = ("0-14", "15-24", "25-44", "45-64", "65+")
    wanted = {
        "2021-02": (2, 1, 0, 3, 0),
        "2021-03": (2, 1, 0, 2, 1),
        "2021-04": (1, 2, 0, 1, 2),
        "2021-05": (1, 1, 1, 1, 2),
        "2021-06": (1, 1, 1, 1, 2),
        "2021-07": (1, 1, 1, 0, 3),
    }
    for month, counts in wanted.items():
        for age, count in zip(ages, counts, strict=True):
            v.expect("wmo", month, age=age, clienten=count)
            v.expect_noemer("wmo", month, count, age=age)
        v.expect("wmo", month, clienten=6)
    v.expect("wmo", "2021-02", age="onbekend", clienten=0)
    v.expect_noemer("wmo", "2021-02", None, age="onbekend")


def death_on_and_before_the_peildatum(v: Village) -> None:
    v.live(
        lives(1, v.at("0101"), died="2021-03-31"),
        lives(2, v.at("0101", 1), tot="2021-04-15", died="2021-04-15"),
        lives(3, v.at("0101", 2), tot="2021-02-10", died="2021-06-01"),  # told by one of two rows
        lives(3, v.at("0101", 3), "2021-02-10"),
    )
    for person in (1, 2, 3):
        client(v, person, end="2021-05-31" if person == 2 else None)
    v.expect("wmo", "2021-02", clienten=3, gebruik=3, signaal_overleden=0)
    v.expect("wmo", "2021-03", clienten=2, gebruik=2, uitstroom=1, signaal_overleden=1, voorzieningen=2, huishoudens=2)
    v.expect("wmo", "2021-04", clienten=1, gebruik=1, uitstroom=1, signaal_overleden=2, signaal_vertrokken=0)
    v.expect("wmo", "2021-05", clienten=1, signaal_overleden=1)
    v.expect("wmo", "2021-06", clienten=0, signaal_overleden=2, gebruik_halfjaar=3)
    v.expect("wmo", "2021-12", gebruik_halfjaar=0, gebruik_jaar=3)
    for month, living in (("2021-02", 3), ("2021-03", 2), ("2021-04", 1), ("2021-05", 1), ("2021-06", 0)):
        v.expect_noemer("wmo", month, living)
        v.expect_noemer("wmo", month, living, of="huishoudens")


def who_used_it_in_the_month_only(v: Village) -> None:
    """Four persons of three households ended in March: nobody is a client at its end, and nobody's use is hidden."""
    v.live(
        *(lives(person, v.at("0101"), household="a") for person in (1, 2)),
        *(lives(person, v.at("0101", person)) for person in (3, 4)),
    )
    for person in (1, 2, 3, 4):
        client(v, person, end=f"2021-03-{10 + person}")
    v.expect("wmo", "2021-03", clienten=0, gebruik=4, huishoudens=0)
    v.expect_behind("wmo", "2021-02", 3)
    for area in ("", "01", "0101"):
        v.expect_behind("wmo", "2021-03", 3, area)
    v.expect_behind("wmo", "2021-03", None, "0201")
    v.expect_behind("wmo", "2021-04", None)


def use_in_a_half_year_and_a_year(v: Village) -> None:
    """As CBS counts: a day is enough, also of who died or left; where he lives now, else at the last address here."""
    v.live(
        lives(1, v.at("0101"), tot="2021-05-10"),  # left a year before the end, moved before that
        lives(2, v.at("0101", 1), tot="2021-04-01"),
        lives(2, v.at("0201"), "2021-04-01"),
        lives(3, v.at("0201", 1), tot="2021-03-01", died="2021-03-01"),
        lives(4, v.at("0101", 3), tot="2021-02-01"),  # gone when his provision begins
        lives(5, v.at("0101", 4), "2021-08-15"),
        lives(6, v.at("0201", 5), tot="2021-07-01"),  # the last day is 30 June
        lives(7, v.at("0201", 6), household="a"),
        lives(8, v.at("0201", 6), household="a"),
        lives(9, v.at("0101", 7), tot="2021-06-30"),
        lives(9, v.at("0201", 7), "2021-06-30"),
    )
    client(v, 1, end="2021-03-05")
    client(v, 2, end="2021-01-20")
    client(v, 3)
    client(v, 4, "2021-02-10")
    client(v, 5, "2021-07-01")
    client(v, 6)
    client(v, 7, "2021-06-30")
    client(v, 8, "2021-07-01")
    client(v, 9, end="2021-02-01")
    client(v, 10)  # in no BRP
    v.expect("wmo", "2021-06", gebruik_halfjaar=7)
    v.expect("wmo", "2021-06", "01", gebruik_halfjaar=1)
    v.expect("wmo", "2021-06", "02", gebruik_halfjaar=5)
    v.expect("wmo", "2021-06", "wijk onbekend", gebruik_halfjaar=1)
    v.expect("wmo", "2021-12", gebruik_halfjaar=4, gebruik_jaar=9)
    v.expect("wmo", "2021-12", "01", gebruik_halfjaar=1, gebruik_jaar=2)
    v.expect("wmo", "2021-12", "02", gebruik_halfjaar=2, gebruik_jaar=6)
    for month, of, behind in (("2021-06", "halfjaar", 7), ("2021-12", "halfjaar", 3), ("2021-12", "jaar", 8)):
        v.expect_behind("wmo", month, behind, of=f"gebruik_{of}")
    v.none("wmo", "2021-06", "0101", of="gebruik_halfjaar")
    v.none("wmo", "2021-06", of="gebruik_jaar")
    v.none("wmo", "2021-09", of="gebruik_halfjaar")
    v.none("wmo", "2021-06", age="0-14", of="gebruik_halfjaar")


def leaving_and_returning(v: Village) -> None:
    v.live(
        lives(1, v.at("0101"), tot="2021-03-10"),
        lives(1, ("9000AA", 1), "2021-03-10", "2021-05-20", gemeente="GM9999"),
        lives(1, v.at("0102"), "2021-05-20"),
        lives(2, v.at("0201"), "2021-06-15"),  # not there yet
        lives(3, v.at("0201", 1), tot="2021-03-31"),  # gone at the end of the day itself
    )
    client(v, 1)
    client(v, 2, "2021-05-01")
    client(v, 3)
    v.expect("wmo", "2021-02", clienten=2, signaal_vertrokken=0)
    v.expect("wmo", "2021-03", clienten=0, gebruik=0, uitstroom=2, signaal_vertrokken=2)
    v.expect("wmo", "2021-04", clienten=0, gebruik=0, uitstroom=0, signaal_vertrokken=2)
    v.expect("wmo", "2021-05", clienten=1, instroom=1, signaal_vertrokken=2)
    v.expect("wmo", "2021-06", gebruik_halfjaar=3)
    v.expect("wmo", "2021-05", "0102", instroom=1, verhuisd_in=0)
    v.expect("wmo", "2021-06", clienten=2, instroom=1, instroom_kwartaal=2, signaal_vertrokken=1)
    v.expect_noemer("wmo", "2021-04", 0)


def overlapping_addresses(v: Village) -> None:
    """The first address was never closed, and the second outlives the third."""
    v.live(
        lives(1, v.at("0101")),
        lives(1, v.at("0201"), "2021-03-10", "2021-12-31"),
        lives(1, v.at("AF01"), "2021-05-10", "2021-06-20"),
    )
    client(v, 1)
    v.expect("wmo", "2021-02", "0101", clienten=1)
    v.expect("wmo", "2021-03", "0101", clienten=0)
    v.expect("wmo", "2021-03", "0201", clienten=1)
    v.expect("wmo", "2021-05", "AF01", clienten=1)
    v.expect("wmo", "2021-05", "0201", clienten=0)
    v.expect("wmo", "2021-06", clienten=0, signaal_vertrokken=1)


def household_that_splits(v: Village) -> None:
    """Two by moving out, two by another household number at the same address; equal numbers elsewhere are others."""
    v.live(
        lives(1, v.at("0101"), household="1"),
        lives(2, v.at("0101"), tot="2021-03-15", household="1"),
        lives(2, v.at("0201"), "2021-03-15", household="1"),
        lives(3, v.at("0102"), household="1"),
        lives(4, v.at("0102"), tot="2021-04-01", household="1"),
        lives(4, v.at("0102"), "2021-04-01", household="2"),
        lives(5, v.at("0102", 1)),
        lives(6, v.at("0102", 1)),
    )
    for person in range(1, 7):
        client(v, person)
    v.expect("wmo", "2021-02", clienten=6, huishoudens=4)
    v.expect("wmo", "2021-03", clienten=6, huishoudens=5)
    v.expect("wmo", "2021-04", clienten=6, huishoudens=6)
    v.expect("wmo", "2021-04", "0102", clienten=4, huishoudens=4)
    v.expect_noemer("wmo", "2021-02", 4, of="huishoudens")
    v.expect_noemer("wmo", "2021-04", 6, of="huishoudens")
    v.expect_noemer("wmo", "2021-04", 6, of="clienten")


def institution(v: Village) -> None:
    """Twelve persons of different households at one address stay households of their own."""
    for person in range(1, 13):
        v.live(lives(person, v.at("0201"), household=str(person) if person % 2 else ""))
    for person in range(1, 12):
        client(v, person)
    v.expect("wmo", "2021-03", "0201", clienten=11, huishoudens=11, voorzieningen=11)
    v.expect_noemer("wmo", "2021-03", 12, "0201", of="huishoudens")


def address_that_the_table_does_not_have(v: Village) -> None:
    v.live(lives(1, v.nowhere()), lives(2, (v.at("0101")[0], 60)), lives(3, v.at("0101")))
    for person in (1, 2, 3):
        client(v, person)
    v.expect("wmo", "2021-03", clienten=3)
    v.expect("wmo", "2021-03", "onbekend", clienten=2, huishoudens=2, voorzieningen=2)
    v.expect("wmo", "2021-03", "wijk onbekend", clienten=2)
    v.expect("wmo", "2021-03", "onbekend", age="45-64", clienten=2)
    v.expect_noemer("wmo", "2021-03", None, "onbekend")
    v.expect_noemer("wmo", "2021-03", None, "wijk onbekend", of="huishoudens")
    v.expect_noemer("wmo", "2021-03", 3)
    v.expect_noemer("wmo", "2021-03", 1, "0101")


def unknown_to_the_brp(v: Village) -> None:
    """Placed by the newest address in the messages, else unknown; a household of one each; of no age."""
    v.live(lives(9, v.at("0101")), lives(5, ("9000AA", 1), gemeente="GM9999"))
    v.wmo(
        allocated(1, 1, "2021-01-05", address=v.at("0201")),
        allocated(2, 2, "2021-01-05"),
        allocated(3, 3, "2021-01-05", address=v.at("0201")),
        allocated(3, 4, "2021-02-05", address=v.at("AF02")),
        allocated(4, 5, "2021-01-05", address=("9000AA", 1)),
        allocated(5, 6, "2021-01-05"),
        allocated(6, 7, "2021-01-05", address=v.at("0201")),
        allocated(6, 8, "2021-02-05"),
        allocated(9, 9, "2021-01-05", address=v.at("0202")),  # the BRP knows better
    )
    v.bus("2021-03", benefit(1, "B1", "2021-01-05"))
    v.expect("wmo", "2021-03", clienten=7, huishoudens=7, voorzieningen=9)
    v.expect("wmo", "2021-03", "0201", clienten=2)
    v.expect("wmo", "2021-03", "AF02", clienten=1, voorzieningen=2)
    v.expect("wmo", "2021-03", "onbekend", clienten=3)
    v.expect("wmo", "2021-03", "0101", clienten=1)
    v.expect("wmo", "2021-03", age="onbekend", clienten=6)
    v.expect("wmo", "2021-03", age="45-64", clienten=1)
    v.expect("wwb", "2021-03", "onbekend", clienten=1)
    v.expect_noemer("wmo", "2021-03", 1)


def no_brp_at_all(v: Village) -> None:
    v.brp_on = None
    client(v, 1, address=v.at("0101"))
    client(v, 2)
    v.expect("wmo", "2021-03", clienten=2)
    v.expect("wmo", "2021-03", "0101", clienten=1)
    v.expect("wmo", "2021-03", "onbekend", clienten=1)
    v.expect_noemer("wmo", "2021-03", None)
    v.expect_noemer("wwb", "2021-03", None)


def newest_brp_alone(v: Village) -> None:
    """The newest BRP replaces the earlier one; it knows nothing of months that ended on or after its day."""
    v.brp_on = None
    v.deliver_brp("2021-03-01", lives(1, v.at("0201")), lives(3, v.at("0201", 1)))
    v.deliver_brp("2021-11-30", lives(1, v.at("0101")), lives(2, v.at("0102")))
    for person in (1, 2, 3):
        client(v, person)
    v.expect("wmo", "2021-03", "0101", clienten=1)
    v.expect("wmo", "2021-03", "onbekend", clienten=1)
    v.expect_noemer("wmo", "2021-10", 2)
    v.expect_noemer("wmo", "2021-11", None)
    v.expect_noemer("wwb", "2021-12", None)


def old_enough_for_aow(v: Village) -> None:
    """The AOW age is 66 years and 4 months in 2021, and 7 months in 2022."""
    born = {
        1: "19550228",  # AOW on 28 June 2021
        2: "19550820",  # AOW on 20 December 2021, and keeps it
        3: "19550910",  # not in 2021, nor before April 2022
        4: "20060331",  # 15 on 31 March 2021
        5: "19540101",  # AOW before the first month
        6: "19550131",  # AOW on 31 May 2021
    }
    for person, text in born.items():
        v.live(lives(person, v.at("0101", person), born=text))
    v.bus("2021-03", benefit(4, "B4", "2021-01-05"))
    for month, number in (
        ("2021-02", 4),
        ("2021-03", 5),
        ("2021-04", 5),
        ("2021-05", 4),
        ("2021-06", 3),
        ("2021-11", 3),
        ("2021-12", 2),
        ("2022-01", 2),
        ("2022-03", 2),
    ):
        v.expect_noemer("wsw", month, number)
        v.expect_noemer("wsw", month, number, "0101")
        v.expect_noemer("wsw", month, 6, of="huishoudens")
        v.expect_noemer("wsw", month, None, age="65+")
        # Who has AOW can have bijstand beside it: of wwb it is all of 15 and over.
        v.expect_noemer("wwb", month, 5 if month == "2021-02" else 6)
        v.expect_noemer("wwb", month, None, age="65+")
        v.expect_noemer("bijzondere_bijstand", month, 6, of="huishoudens")
    v.expect_noemer("wsw", "2021-03", 0, "0102")
    v.expect_noemer("wwb", "2021-03", 0, "0102")


def durations(v: Village) -> None:
    """Medians from 30 spells of 30 persons up, placed on the day before the end."""
    for person in range(1, 34):
        wijk = "0101" if person < 31 else "0201"
        born_died = {"died": "2021-05-20"} if person == 1 else {}
        v.live(lives(person, v.at(wijk, person % 10), household=str(person), **born_died))
    # 1 to 13 ran from 5 January to 20 May, 4 whole months; 14 to 30 from 1 October, 7 months.
    messages = []
    for person in range(1, 31):
        ingang = "2020-10-01" if person > 13 else "2021-01-05"
        messages += [allocated(person, person, ingang), stopped(person, person, "2021-05-20")]
    # 31 to 33 run on; 33 has two.
    messages += [allocated(person, person, "2021-02-28") for person in (31, 32, 33)]
    messages += [allocated(33, 34, "2021-01-31"), started(33, 34, "2021-01-31")]
    v.wmo(*messages)
    v.expect("wmo", "2021-03", clienten=33, duur_mediaan_maanden_lopend=3, duur_mediaan_maanden=None)
    v.expect("wmo", "2021-03", "01", duur_mediaan_maanden_lopend=5)
    v.expect("wmo", "2021-03", "02", duur_mediaan_maanden_lopend=None)
    v.expect("wmo", "2021-06", "01", duur_mediaan_maanden=7)
    v.expect("wmo", "2021-06", duur_mediaan_maanden=7, duur_mediaan_maanden_lopend=None)
    v.expect("wmo", "2022-03", duur_mediaan_maanden=7)
    v.expect("wwb", "2021-03", duur_mediaan_maanden="niet_geleverd")
    v.expect("bijzondere_bijstand", "2021-03", duur_mediaan_maanden="nvt")
    v.expect_noemer("wmo", "2021-06", None, of="duur_mediaan_maanden")


def durations_of_too_few_persons(v: Village) -> None:
    """Thirty spells of 29 persons; and thirty of thirty of whom one had left."""
    for person in range(1, 31):
        v.live(lives(person, v.at("0101"), tot="2021-05-01" if person == 30 else None, household=str(person)))
    v.wmo(
        *(allocated(person, person, "2021-01-05") for person in range(1, 30)),
        allocated(29, 40, "2021-01-05"),
        *(allocated(person, 100 + person, "2021-01-05", "2021-06-10") for person in range(1, 31)),
    )
    v.expect("wmo", "2021-03", "01", duur_mediaan_maanden_lopend=2)
    v.expect("wmo", "2021-06", "01", duur_mediaan_maanden_lopend=None, duur_mediaan_maanden=None, clienten=29)


def durations_of_one_year(v: Village) -> None:
    """What ended on the last day of March counts at the end of December, and no more a year after."""
    for person in range(1, 31):
        v.live(lives(person, v.at("AF01"), household=str(person)))
    v.wmo(*(allocated(person, person, "2020-12-31", "2021-03-31") for person in range(1, 31)))
    v.expect("wmo", "2021-03", "AF", duur_mediaan_maanden=3, duur_mediaan_maanden_lopend=None)
    v.expect("wmo", "2021-12", "AF", duur_mediaan_maanden=3)
    v.expect("wmo", "2022-03", "AF", duur_mediaan_maanden=None)


TRAPS = (
    move_between_wijken_on_the_peildatum,
    move_within_a_wijk,
    move_back_and_forth,
    birthdays,
    death_on_and_before_the_peildatum,
    who_used_it_in_the_month_only,
    use_in_a_half_year_and_a_year,
    leaving_and_returning,
    overlapping_addresses,
    household_that_splits,
    institution,
    address_that_the_table_does_not_have,
    unknown_to_the_brp,
    no_brp_at_all,
    newest_brp_alone,
    old_enough_for_aow,
    durations,
    durations_of_too_few_persons,
    durations_of_one_year,
)
