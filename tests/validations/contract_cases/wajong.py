"""Rows of aggregates of the Wajong."""

from tests.validations.contract_cases.case import Case, Row
from validations.contracts import wajong

TOTAL: Row = {
    "peildatum": "2020-12-31",
    "regio_code": "GM0988",
    "gemeentecode": "0988",
    "regeling": "Wajong",
    "leeftijdsklasse": "totaal",
    "geslacht": "totaal",
    "aantal": "120",
}
PART = TOTAL | {"regeling": "oWajong", "leeftijdsklasse": "45-64", "geslacht": "man", "aantal": None}
# The regimes are 140 together and the total 120: as far apart as rounding can bring them.
REGIMES = (
    TOTAL | {"regeling": "oWajong", "aantal": "80"},
    TOTAL | {"regeling": "Wajong2010", "aantal": "40"},
    TOTAL | {"regeling": "Wajong2015", "aantal": "20"},
)
# At the end of 2020 the youngest of the oWajong is 29, of the Wajong 2010 24: of 15-24 some may be.
YOUNG = TOTAL | {"leeftijdsklasse": "15-24", "aantal": "30"}
MEN = TOTAL | {"regio_code": "WK098801", "geslacht": "man"}
SOUND = (
    PART,
    TOTAL,
    *REGIMES,
    YOUNG | {"regeling": "Wajong2010", "aantal": "10"},
    YOUNG | {"regeling": "Wajong2015", "aantal": "20"},
    YOUNG | {"regeling": "oWajong", "aantal": "0"},
    TOTAL | {"regeling": "WIA", "regio_code": "BU09880101"},
    TOTAL | {"regio_code": "WK0988AF", "aantal": "0"},
    # The source shows one regime: the others may be anything.
    TOTAL | {"regio_code": "WK098801", "aantal": "90"},
    TOTAL | {"regio_code": "WK098801", "regeling": "oWajong", "aantal": "20"},
    TOTAL | {"regio_code": "WK098801", "regeling": "Wajong2010", "aantal": None},
    MEN | {"regeling": "oWajong", "aantal": "60"},
)

CASES = {
    "wajong": Case(
        wajong.CONTRACT,
        SOUND,
        {
            "WAJ-01": PART | {"peildatum": None},
            "WAJ-02": PART | {"peildatum": "31-12-2020"},
            "WAJ-03": PART | {"peildatum": "2020-12-30"},
            "WAJ-04": PART | {"peildatum": "2021-03-31"},
            "WAJ-05": PART | {"regio_code": None},
            "WAJ-06": TOTAL | {"regio_code": "WK0988"},
            "WAJ-07": PART | {"regeling": None},
            "WAJ-08": PART | {"regeling": "Wajong 2010"},
            "WAJ-09": PART | {"leeftijdsklasse": None},
            "WAJ-10": PART | {"leeftijdsklasse": "jongeren"},
            "WAJ-11": PART | {"geslacht": None},
            "WAJ-12": PART | {"geslacht": "M"},
            "WAJ-13": PART | {"aantal": "12,5"},
            "WAJ-14": PART | {"aantal": "-10"},
            "WAJ-15": PART | {"aantal": "125"},
            "WAJ-16": PART | {"regio_code": "BU09880102"},
            "WAJ-17": PART | {"gemeentecode": "Weert"},
            "WAJ-18": TOTAL,
            "WAJ-19": PART | {"leeftijdsklasse": "18-28", "aantal": "10"},
            "WAJ-20": PART | {"regeling": "Wajong2015", "leeftijdsklasse": "15-17", "aantal": "10"},
            "WAJ-21": MEN | {"aantal": "40"},
        },
        {"WAJ-03": {"WAJ-04"}, "WAJ-05": {"WAJ-16"}},
        "NL",
    ),
}
