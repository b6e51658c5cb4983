"""Rows of aggregates."""

from tests.validations.contract_cases.case import Case, Row
from validations.contracts import wia

TOTAL: Row = {
    "peildatum": "2020-12-31",
    "regio_code": "GM0988",
    "gemeentecode": "0988",
    "regeling": "WIA",
    "leeftijdsklasse": "totaal",
    "geslacht": "totaal",
    "aantal": "120",
}
PART = TOTAL | {"regeling": "WAO", "leeftijdsklasse": "55-AOW", "geslacht": "man", "aantal": None}
WAJONG = TOTAL | {"regio_code": "BU09880101", "regeling": "Wajong2015"}

CASES = {
    "wia": Case(
        wia.CONTRACT,
        (PART, TOTAL, PART | {"leeftijdsklasse": "65+"}, WAJONG, TOTAL | {"regio_code": "WK0988AF", "aantal": "0"}),
        {
            "WIA-01": PART | {"peildatum": None},
            "WIA-02": PART | {"peildatum": "31-12-2020"},
            "WIA-03": PART | {"peildatum": "2020-12-30"},
            "WIA-04": PART | {"peildatum": "2021-03-31"},
            "WIA-05": PART | {"regio_code": None},
            "WIA-06": TOTAL | {"regio_code": "WK0988"},
            "WIA-07": PART | {"regeling": None},
            "WIA-08": PART | {"regeling": "WW"},
            "WIA-09": PART | {"leeftijdsklasse": None},
            "WIA-10": PART | {"leeftijdsklasse": "jongeren"},
            "WIA-11": PART | {"geslacht": None},
            "WIA-12": PART | {"geslacht": "M"},
            "WIA-13": PART | {"aantal": "12,5"},
            "WIA-14": PART | {"aantal": "-10"},
            "WIA-15": PART | {"aantal": "125"},
            "WIA-16": PART | {"regio_code": "BU09880102"},
            "WIA-17": PART | {"gemeentecode": "Weert"},
            "WIA-18": TOTAL | {"aantal": "110"},
        },
        # A row of another day is of another one than the rest; a row without area belongs to no total.
        {"WIA-03": {"WIA-04"}, "WIA-05": {"WIA-16"}},
        "NL",
    ),
}
