"""Rows of the tables of areas."""

from tests.making.town import bsn
from tests.validations.contract_cases.case import Case, Row
from validations.contracts import gebieden

ADDRESS: Row = {
    "indelingsjaar": "2021",
    "postcode": "6001AA",
    "huisnummer": "1",
    "buurtcode": "09880101",
    "wijkcode": "098801",
    "gemeentecode": "0988",
}
NAME: Row = {
    "indelingsjaar": "2021",
    "gemeentecode": "0988",
    "soort": "wijk",
    "code": "WK098801",
    "naam": "Boshoven",
}
SHAPE: Row = {"indelingsjaar": "2022", "gemeentecode": "0988", "code": "WK098801", "geometrie": "{}"}

CASES = {
    "gebieden_adressen": Case(
        gebieden.ADDRESSES,
        (ADDRESS, ADDRESS | {"huisnummer": "2"}),
        {
            "GEB-01": ADDRESS | {"indelingsjaar": "20x1"},
            "GEB-02": ADDRESS | {"postcode": None},
            "GEB-03": ADDRESS | {"postcode": "6001"},
            "GEB-04": ADDRESS | {"huisnummer": None},
            "GEB-05": ADDRESS | {"huisnummer": "1-3"},
            "GEB-06": ADDRESS | {"buurtcode": None},
            "GEB-07": ADDRESS | {"buurtcode": "0988-101"},
            "GEB-08": ADDRESS | {"wijkcode": None},
            "GEB-09": ADDRESS | {"wijkcode": "WK098 01"},
            "GEB-10": ADDRESS | {"gemeentecode": None},
            "GEB-11": ADDRESS | {"gemeentecode": "Weert"},
            "GEB-12": ADDRESS | {"buurtcode": "09880201"},
            "GEB-13": ADDRESS | {"huisnummer": "2"},
        },
        {},
        "NL",
    ),
    "gebieden_namen": Case(
        gebieden.NAMES,
        (NAME, NAME | {"code": "GM0988"}),
        {
            "GEB-21": NAME | {"code": None},
            "GEB-22": NAME | {"code": "WK0988"},
            "GEB-23": NAME | {"naam": None},
            "GEB-24": NAME | {"naam": "=SOM(A1:A9)"},
            "GEB-25": NAME | {"code": "GM0988"},
            "GEB-26": NAME | {"naam": f"Wijk {bsn(3)[:3]}.{bsn(3)[3:6]}.{bsn(3)[6:]}"},
            "GEB-27": NAME | {"naam": "Bos\u202evohs"},
        },
        {},
        "NL",
    ),
    "gebieden_kaart": Case(
        gebieden.SHAPES,
        (SHAPE, SHAPE | {"code": "BU09880101"}),
        {
            "GEB-31": SHAPE | {"code": None},
            "GEB-32": SHAPE | {"code": "GM0988"},
            "GEB-33": SHAPE | {"geometrie": None},
            "GEB-34": SHAPE | {"code": "BU09880101"},
            "GEB-35": SHAPE | {"indelingsjaar": None},
        },
        {},
        "NL",
    ),
}
