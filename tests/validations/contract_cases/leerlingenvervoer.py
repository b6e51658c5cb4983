"""Rows of leerlingenvervoer, as the reader gives them."""

from tests.making.town import bsn
from tests.validations.contract_cases.case import NO_BSN, Case, Row
from validations.contracts import leerlingenvervoer

PUPIL: Row = {
    "beschikkingnr": "LV-1",
    "bsn": bsn(0),
    "schooljaar": "2020/21",
    "datum_begin": "2020-08-01",
    "datum_einde": "2021-07-31",
    "vervoersoort": "aangepast",
    "vervoersreden": "handicap",
    "onderwijssoort": "so3",
    "afstand_km": "12,5",
    "brin": "12AB00",
    "kosten_jaar": "3450.75",
    "eigen_bijdrage": "0",
    "gemeentecode": "GM0988",
}
OPEN = PUPIL | {"beschikkingnr": "LV-2", "bsn": bsn(1), "datum_begin": "2019-08-01", "datum_einde": None}
BARE = {name: PUPIL[name] for name in ("beschikkingnr", "schooljaar", "datum_begin", "gemeentecode")}
BARE = BARE | {"bsn": bsn(2), "vervoersoort": "openbaar met begeleiding"}

CASES = {
    "leerlingenvervoer": Case(
        leerlingenvervoer.CONTRACT,
        (PUPIL, OPEN, BARE),
        {
            "LLV-01": PUPIL | {"beschikkingnr": None},
            "LLV-02": PUPIL | {"bsn": None},
            "LLV-03": PUPIL | {"bsn": "99990000X"},
            "LLV-04": PUPIL | {"bsn": "999999999"},
            "LLV-05": PUPIL | {"bsn": NO_BSN},
            "LLV-06": PUPIL | {"schooljaar": None},
            "LLV-07": PUPIL | {"schooljaar": "2020/22"},
            "LLV-08": PUPIL | {"schooljaar": "2019/20", "datum_begin": "2019-08-01", "datum_einde": "2020-07-31"},
            "LLV-09": PUPIL | {"datum_begin": None},
            "LLV-10": PUPIL | {"datum_begin": "1-8-20"},
            "LLV-11": PUPIL | {"datum_einde": "2021-06-31"},
            "LLV-12": PUPIL | {"datum_begin": "2020-12-01", "datum_einde": "2020-11-30"},
            "LLV-13": PUPIL | {"datum_begin": "2021-08-01", "datum_einde": None},
            "LLV-14": PUPIL | {"vervoersoort": None},
            "LLV-15": PUPIL | {"vervoersoort": "helikopter"},
            "LLV-16": PUPIL | {"vervoersreden": "gemak"},
            "LLV-17": PUPIL | {"onderwijssoort": "hbo"},
            "LLV-18": PUPIL | {"afstand_km": "ver"},
            "LLV-19": PUPIL | {"afstand_km": "6500"},
            "LLV-20": PUPIL | {"brin": "1234"},
            "LLV-21": PUPIL | {"kosten_jaar": "3.450,75"},
            "LLV-22": PUPIL | {"eigen_bijdrage": "geen"},
            "LLV-23": PUPIL | {"kosten_jaar": "-3"},
            "LLV-24": PUPIL | {"gemeentecode": None},
            "LLV-25": PUPIL | {"gemeentecode": "Weert"},
            "LLV-26": PUPIL | {"gemeentecode": "0946"},
            "LLV-27": OPEN,
        },
        # A school year that is none lies beside the school year too.
        {"LLV-07": {"LLV-08"}},
    ),
}
