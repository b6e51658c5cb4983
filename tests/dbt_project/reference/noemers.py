"""The denominators: what a count of a regeling is set against, and how many there are of it on a day."""

from datetime import date

from tests.dbt_project.reference.areas import Indeling
from tests.dbt_project.reference.counts import Counts, _by_age, _households, _persons
from tests.dbt_project.reference.people import AGES, People

# What the persons of a regeling are divided by. Of the others only households have a rate.
NOEMERS = {
    "awbz": "inwoners",
    "jeugdzorg": "inwoners_0_22",
    "leerlingenvervoer": "inwoners_4_17",
    "leerplicht": "inwoners_5_17",
    "oggz": "inwoners",
    "totaal": "inwoners",
    "vsv": "startset",
    "wajong": "inwoners_15_aow",
    "wet_oke": "inwoners_2_3",
    "wia": "inwoners_15_aow",
    "wmo": "inwoners",
    "wsw": "inwoners_15_aow",
    "wwb": "inwoners_15_plus",
}
WITHOUT_HOUSEHOLDS = ("cjg", "oggz", "vsv", "wajong", "wia")


def noemer_of(regeling: str, unit: str) -> str | None:
    """What a count of `unit` is divided by: like by like; None for what has no rate."""
    if unit == "huishoudens":
        return None if regeling in WITHOUT_HOUSEHOLDS else "huishoudens"
    return NOEMERS.get(regeling) if unit == "personen" else None


def noemers_on(people: People, end: date, indeling: Indeling) -> dict[str | None, Counts]:
    """How many there are of each, on the last day of a month; none for a month that the BRP does not reach."""
    if people.newest is None or end >= people.newest:
        return {}
    spots = people.residents(end, indeling)
    working_age = {p: spot for p, spot in spots.items() if people.between_15_and_aow(p, end)}
    by_name = {
        "huishoudens": _households(spots),
        "inwoners": _by_age(spots),
        "inwoners_15_aow": _persons(working_age),
        "inwoners_15_plus": _persons(people.aged(15, 200, spots, end)),
        "inwoners_0_22": _persons(people.aged(0, 22, spots, end)),
        "inwoners_2_3": _persons(people.aged(2, 3, spots, end)),
        "inwoners_4_17": _persons(people.aged(4, 17, spots, end)),
        "inwoners_5_17": _persons(people.aged(5, 17, spots, end)),
    }
    known = [area for _, area in indeling.areas() if not area.endswith("onbekend")]
    result: dict[str | None, Counts] = {}
    for name, counts in by_name.items():
        ages = (*AGES, "totaal") if name == "inwoners" else ("totaal",)
        result[name] = {(area, age): counts.get((area, age), 0) for area in known for age in ages}
    return result
