"""Rows of CJG deliveries."""

from tests.validations.contract_cases.case import Case, Row
from validations.contracts import cjg

CONTACT: Row = {
    "contactnr": "1",
    "gemeentecode": "0988",
    "datum_contact": "2021-01-12",
    "soort_contact": "inloop",
    "leeftijdscategorie": "4-11",
    "vraagcategorie": "opvoeden",
    "vervolg": "advies",
    "lijn": "1",
    "postcode4": "6001",
}
REFERRED = CONTACT | {"vervolg": "doorverwezen", "verwezen_naar": "huisarts"}

CASES = {
    "cjg": Case(
        cjg.CONTRACT,
        (CONTACT, CONTACT | {"contactnr": "2", "postcode4": None}, REFERRED | {"contactnr": "A-3"}),
        {
            "CJG-01": CONTACT | {"contactnr": None},
            "CJG-02": CONTACT | {"contactnr": "C999900006"},
            "CJG-03": CONTACT | {"gemeentecode": None},
            "CJG-04": CONTACT | {"gemeentecode": "Weert"},
            "CJG-05": CONTACT | {"gemeentecode": "0946"},
            "CJG-06": CONTACT | {"datum_contact": None},
            "CJG-07": CONTACT | {"datum_contact": "2020-12-31"},
            "CJG-08": CONTACT | {"datum_contact": "2021-01-32"},
            "CJG-09": CONTACT | {"soort_contact": None},
            "CJG-10": CONTACT | {"soort_contact": "brief"},
            "CJG-11": CONTACT | {"leeftijdscategorie": "7"},
            "CJG-12": CONTACT | {"vraagcategorie": None},
            "CJG-13": CONTACT | {"vraagcategorie": "medisch"},
            "CJG-14": CONTACT | {"vervolg": "geen"},
            "CJG-15": REFERRED | {"verwezen_naar": "dokter Jansen"},
            "CJG-16": REFERRED | {"verwezen_naar": None},
            "CJG-17": CONTACT | {"lijn": "3"},
            "CJG-18": CONTACT | {"postcode4": "6001AA"},
            "CJG-19": CONTACT | {"datum_contact": "2021-02-11"},
            "CJG-20": CONTACT | {"contactnr": "2"},
        },
        # Of another month than the rest, too.
        {"CJG-19": {"CJG-07"}},
    ),
}
