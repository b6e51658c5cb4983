"""Traps of areas: indelingen that change, and addresses in another gemeente. Each function is one small gemeente."""

from tests.dbt_project.reference.facts import allocated, lives
from tests.dbt_project.reference.village import BUURTEN, HOUSES, Village


def every_letter(v: Village) -> None:
    """Someone in every buurt, two of which have letters in their codes."""
    for person, buurt in enumerate(BUURTEN, start=1):
        v.live(lives(person, v.at(buurt, person)))
    v.wmo(*(allocated(person, person, "2021-01-05") for person in range(1, 7)))
    for buurt in BUURTEN:
        v.expect("wmo", "2021-03", buurt, clienten=1)
        v.expect_noemer("wmo", "2021-03", 1, buurt)
    for wijk in ("01", "02", "AF"):
        v.expect("wmo", "2021-03", wijk, clienten=2)


def redrawn_next_year(v: Village) -> None:
    """In 2022 house 1 of 0101 lies in 0202, and all of 0102 is called 0109; nobody moves by that."""
    v.redrawn = {(2022, v.at("0101", 1)): "0202"}
    v.redrawn |= {(2022, v.at("0102", house)): "0109" for house in range(HOUSES)}
    v.live(
        lives(1, v.at("0101", 1)),
        lives(2, v.at("0102", 1)),
        lives(3, v.at("0101"), tot="2022-01-10"),
        lives(3, v.at("0101", 1), "2022-01-10"),
        lives(4, v.at("0101", 1), tot="2022-02-10"),
        lives(4, v.at("0202"), "2022-02-10"),
    )
    v.wmo(*(allocated(person, person, "2021-01-05") for person in (1, 2, 3, 4)))
    v.expect("wmo", "2021-12", "0101", clienten=3)
    v.expect("wmo", "2021-12", "0102", clienten=1)
    v.expect("wmo", "2022-01", "0101", clienten=0, stand_vorige=1, verhuisd_uit=1, uitstroom=0)
    v.expect("wmo", "2022-01", "0202", clienten=3, stand_vorige=2, verhuisd_in=1, instroom=0)
    v.expect("wmo", "2022-01", "0109", clienten=1, stand_vorige=1)
    v.expect("wmo", "2022-01", "02", verhuisd_in=1)
    v.expect("wmo", "2022-02", "0202", clienten=3, verhuisd_in=0, verhuisd_uit=0)
    v.expect("wmo", "2022-03", "0101", verhuisd_uit_kwartaal=1, stand_vorig_kwartaal=1)
    v.expect("wmo", "2022-03", "0202", verhuisd_in_kwartaal=1, stand_vorig_kwartaal=2)
    v.expect_noemer("wmo", "2021-12", 3, "0101")
    v.expect_noemer("wmo", "2022-01", 3, "0202")


def renamed(v: Village) -> None:
    """Another name, the same code; and a buurt where no address lies is no area of the monitor."""
    v.named = {(2022, f"BU{v.gemeente[2:]}0101"): "Het Dorp", (2021, f"BU{v.gemeente[2:]}0299"): "Water"}
    v.live(lives(1, v.at("0101")))
    v.wmo(allocated(1, 1, "2021-01-05"))
    v.expect("wmo", "2021-12", "0101", clienten=1)
    v.expect("wmo", "2022-01", "0101", clienten=1)
    v.expect("wmo", "2021-12", "0299", clienten="no row")


def in_another_gemeente(v: Village) -> None:
    """The BRP says here, the table says elsewhere: it counts here, in no buurt that we know."""
    v.redrawn = {(2021, v.at("0101", 1)): "BU00010101"}
    v.live(lives(1, v.at("0101", 1)), lives(2, v.at("0101")))
    v.wmo(allocated(1, 1, "2021-01-05"), allocated(2, 2, "2021-01-05"))
    v.expect("wmo", "2021-12", "onbekend", clienten=1)
    v.expect("wmo", "2021-12", "0101", clienten=1)
    v.expect("wmo", "2021-12", clienten=2)
    v.expect("wmo", "2022-01", "0101", clienten=2, stand_vorige=2)
    v.expect_noemer("wmo", "2021-12", 2)


def absent_next_year(v: Village) -> None:
    """The table of 2022 does not have this gemeente: its areas stay those of 2021."""
    v.absent = {2022}
    v.live(lives(1, v.at("0101"), tot="2022-01-15"), lives(1, v.at("0202"), "2022-01-15"))
    v.wmo(allocated(1, 1, "2021-01-05"))
    v.expect("wmo", "2021-12", "0101", clienten=1)
    v.expect("wmo", "2022-01", "0101", verhuisd_uit=1)
    v.expect("wmo", "2022-01", "0202", clienten=1, verhuisd_in=1)


def postcodes_as_people_write_them(v: Village) -> None:
    """With a space, in small letters: in the BRP and in a message."""
    postcode, number = v.at("0202")
    written = (f"{postcode[:4]} {postcode[4:].lower()}", number)
    v.live(lives(1, written))
    v.wmo(allocated(1, 1, "2021-01-05"), allocated(2, 2, "2021-01-05", address=written))
    v.expect("wmo", "2021-03", "0202", clienten=2)
    v.expect_noemer("wmo", "2021-03", 1, "0202")


TRAPS = (
    every_letter,
    redrawn_next_year,
    renamed,
    in_another_gemeente,
    absent_next_year,
    postcodes_as_people_write_them,
)
