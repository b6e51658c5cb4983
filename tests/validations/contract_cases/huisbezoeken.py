"""Rows of house visits."""

from tests.validations.contract_cases.case import Case, Row
from validations.contracts import huisbezoeken

VISIT: Row = {
    "respons_id": "R1",
    "toestemming": "ja",
    "datum": "2021-01-15",
    "wijkcode": "WK098801",
    "gemeentecode": "GM0988",
    "leeftijdsklasse": "65+",
    "registraties": "wmo,wwb",
    "lijn": "0",
    "tevreden_werkwijze": "4",
    "geluisterd": "5",
    "zelfredzaam_vooruit": "1",
    "wederkerigheid_bereid": "ja",
    "wederkerigheid_aard": "mantelzorg",
    "wederkerigheid_uren_pw": "2",
}
UNANSWERED: Row = dict.fromkeys(VISIT) | {
    name: VISIT[name] for name in ("toestemming", "datum", "wijkcode", "gemeentecode")
}

CASES = {
    "huisbezoeken": Case(
        huisbezoeken.CONTRACT,
        (
            VISIT,
            VISIT | {"respons_id": "R2", "datum": "2021-02-10", "registraties": "wmo, wwb, vsv"},
            UNANSWERED | {"respons_id": "R3"},
            UNANSWERED | {"respons_id": "R4", "wederkerigheid_bereid": "misschien", "wederkerigheid_uren_pw": "0"},
        ),
        {
            "HBZ-01": VISIT | {"respons_id": None},
            "HBZ-02": VISIT | {"respons_id": "999900006"},
            "HBZ-03": VISIT | {"toestemming": "1"},
            "HBZ-04": VISIT | {"datum": None},
            "HBZ-05": VISIT | {"datum": "2020-06-31"},
            "HBZ-06": VISIT | {"datum": "2021-02-11"},
            "HBZ-07": VISIT | {"wijkcode": None, "gemeentecode": None},
            "HBZ-08": VISIT | {"wijkcode": "0988 Boshoven"},
            "HBZ-09": VISIT | {"wijkcode": "WK094601", "gemeentecode": "GM0946"},
            "HBZ-10": VISIT | {"leeftijdsklasse": "70+"},
            "HBZ-11": VISIT | {"registraties": "wmo,bijstand"},
            "HBZ-12": VISIT | {"lijn": "3"},
            "HBZ-13": VISIT | {"tevreden_werkwijze": "goed"},
            "HBZ-14": VISIT | {"geluisterd": "4,5"},
            "HBZ-15": VISIT | {"zelfredzaam_vooruit": "nvt"},
            "HBZ-16": VISIT | {"tevreden_werkwijze": "0"},
            "HBZ-17": VISIT | {"geluisterd": "6"},
            "HBZ-18": VISIT | {"zelfredzaam_vooruit": "-1"},
            "HBZ-19": VISIT
            | {"wederkerigheid_bereid": "soms", "wederkerigheid_aard": None, "wederkerigheid_uren_pw": None},
            "HBZ-20": VISIT | {"wederkerigheid_aard": "koken"},
            "HBZ-21": VISIT | {"wederkerigheid_bereid": "nee", "wederkerigheid_uren_pw": None},
            "HBZ-22": VISIT | {"wederkerigheid_uren_pw": "twee"},
            "HBZ-23": VISIT | {"wederkerigheid_uren_pw": "61"},
            "HBZ-24": VISIT | {"wederkerigheid_bereid": None, "wederkerigheid_aard": None},
            "HBZ-25": VISIT | {"respons_id": "R2"},
        },
        {},
    ),
}
