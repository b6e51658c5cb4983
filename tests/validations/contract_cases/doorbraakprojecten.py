"""Rows of doorbraakprojecten."""

from tests.validations.contract_cases.case import Case, Row
from validations.contracts import doorbraakprojecten

PROJECT: Row = {
    "gemeentecode": "GM0988",
    "project_code": "P-1",
    "naam": "Samen",
    "startjaar": "2021",
    "startdatum": "2021-03-01",
    "einddatum_plan": "2022-02-28",
    "budget_toegekend": "10000",
    "schotten": "wmo wwb",
    "uitkomst_indicator": "clienten",
    "doel_regeling": "wmo",
    "gebieden": "WK098801 BU09880201",
    "vergelijkingsgebieden": "WK098802 WK094601",
    "minimaal_effect": "-2.5",
    "nulmeting_datum": "2021-02-28",
    "nulmeting": "60",
}
# Of a project that is known from the newspaper only.
UNKNOWN: Row = {"gemeentecode": "GM0988", "project_code": "P-2"}
ENDED: Row = {
    "gemeentecode": "GM0988",
    "project_code": "P-3",
    "geregistreerd_op": "2019-06-01",
    "startdatum": "2019-06-01",
    "einddatum_plan": "2020-12-01",
    "einddatum": "2021-02-10",
    "uitkomst_indicator": "extern",
    "eindmeting_datum": "2019-06-02",
    "eindmeting": "7.25",
    "oordeel": "niet",
    "client_verbeterd": "onbekend",
    "vervolg": "stop",
}
DATES = ("geregistreerd_op", "startdatum", "einddatum_plan", "einddatum", "nulmeting_datum", "eindmeting_datum")
LOOSE: dict[str, Row] = {
    "nulmeting_datum": {"nulmeting": "1"},
    "eindmeting_datum": {"eindmeting": "1"},
    "einddatum": {"eindmeting": "1", "eindmeting_datum": "2021-01-01"},
}

CASES = {
    "doorbraakprojecten": Case(
        doorbraakprojecten.CONTRACT,
        (PROJECT, UNKNOWN, ENDED),
        {
            "DBP-01": PROJECT | {"gemeentecode": "GM0946", "gebieden": "WK094602"},
            "DBP-02": PROJECT | {"project_code": None},
            "DBP-03": PROJECT | {"project_code": "Samen aan tafel"},
            "DBP-04": UNKNOWN | {"project_code": "P-4", "startjaar": "21/22"},
            **{
                f"DBP-{number:02d}": UNKNOWN | {"project_code": "P-4", day: "2019-06-31"} | LOOSE.get(day, {})
                for number, day in enumerate(DATES, 5)
            },
            **{
                f"DBP-{number}": PROJECT | {field.name: "veel"}
                for number, field in enumerate(doorbraakprojecten.AMOUNTS, 11)
            },
            **{
                f"DBP-{number}": PROJECT | {field.name: "-1"}
                for number, field in enumerate(doorbraakprojecten.AMOUNTS, 15)
            },
            "DBP-19": PROJECT | {"minimaal_effect": "2,5"},
            "DBP-20": PROJECT | {"nulmeting": "60%"},
            "DBP-21": PROJECT | {"eindmeting": "hoog", "eindmeting_datum": "2022-03-01"},
            "DBP-22": PROJECT | {"startjaar": "2020"},
            "DBP-23": PROJECT | {"einddatum_plan": "2022-02-27"},
            "DBP-24": ENDED | {"einddatum": "2019-05-31"},
            "DBP-25": ENDED | {"einddatum": "2021-02-11"},
            "DBP-26": PROJECT | {"geregistreerd_op": "2021-02-11"},
            "DBP-27": PROJECT | {"startdatum": "2021-02-09", "einddatum_plan": None, "nulmeting_datum": "2021-01-31"},
            "DBP-28": PROJECT | {"nulmeting_datum": "2021-03-01"},
            "DBP-29": PROJECT | {"nulmeting": None},
            "DBP-30": PROJECT | {"eindmeting": "58"},
            "DBP-31": ENDED | {"eindmeting_datum": "2019-06-01"},
            "DBP-32": ENDED | {"eindmeting": None, "eindmeting_datum": None},
            "DBP-33": PROJECT | {"schotten": "wmo welzijn"},
            "DBP-34": PROJECT | {"schotten": "wmo wmo"},
            "DBP-35": PROJECT | {"uitkomst_indicator": "geluk"},
            "DBP-36": PROJECT | {"doel_regeling": "Wmo 2015"},
            "DBP-37": PROJECT | {"doel_regeling": None},
            "DBP-38": PROJECT | {"gebieden": None},
            "DBP-39": PROJECT | {"vergelijkingsgebieden": None},
            "DBP-40": PROJECT | {"minimaal_effect": None},
            "DBP-41": PROJECT | {"minimaal_effect": "0"},
            "DBP-42": PROJECT | {"gebieden": "WK098801 Boshoven"},
            "DBP-43": PROJECT | {"vergelijkingsgebieden": "WK0988"},
            "DBP-44": PROJECT | {"gebieden": "WK098801 WK094602"},
            "DBP-45": PROJECT | {"vergelijkingsgebieden": "WK098802 WK098801"},
            "DBP-46": PROJECT | {"oordeel": "goed"},
            "DBP-47": PROJECT | {"client_verbeterd": "J"},
            "DBP-48": PROJECT | {"vervolg": "misschien"},
            "DBP-49": PROJECT | {"project_code": "P-3"},
        },
        {},
    ),
}
