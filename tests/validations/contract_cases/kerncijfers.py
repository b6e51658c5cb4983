"""Rows of CBS kerncijfers."""

from tests.validations.contract_cases.case import Case, Row
from validations.contracts import kerncijfers

FIGURES: Row = {"jaar": "2021", "gemeentecode": "GM0988", "code": "GM0988", "naam": "Weert", "a_inw": "49105"}


CASES = {
    "kerncijfers": Case(
        kerncijfers.CONTRACT,
        (FIGURES, FIGURES | {"code": "WK098801", "a_inw": None}),
        {
            "KER-01": FIGURES | {"jaar": None},
            "KER-02": FIGURES | {"jaar": "2021*"},
            "KER-03": FIGURES | {"gemeentecode": None},
            "KER-04": FIGURES | {"gemeentecode": "Weert"},
            "KER-05": FIGURES | {"code": None},
            "KER-06": FIGURES | {"code": "NL00"},
            "KER-51": FIGURES | {"code": "WK098801"},
        }
        | {f"KER-{number}": FIGURES | {field.name: "."} for number, field in enumerate(kerncijfers.COUNTS, 11)}
        | {f"KER-{number}": FIGURES | {field.name: "-5"} for number, field in enumerate(kerncijfers.COUNTS, 31)},
        {},
        "NL",
    ),
}
