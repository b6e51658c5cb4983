"""Rows of the collective health insurance, as the reader gives them. The deliveries of these tests are of 2021."""

from tests.making.town import bsn
from tests.validations.contract_cases.case import NO_BSN, Case, Row
from validations.contracts import collectieve_zorgverzekering

HOLDER: Row = {
    "relatienummer": "7001",
    "bsn": bsn(0),
    "geboortedatum": "1970-05-04",
    "postcode": "6001 aa",
    "huisnummer": "12",
    "pakket": "Gemeentepakket compact",
    "ingangsdatum": "2019-01-01",
    "verzekerde_rol": "hoofd",
    "gemeentecode": "0988",
}
CHILD = HOLDER | {"bsn": bsn(1), "geboortedatum": "2020-05-04", "ingangsdatum": "2020-05-04", "verzekerde_rol": "kind"}
ENDED = HOLDER | {"relatienummer": "7002", "bsn": bsn(2), "einddatum": "2021-03-31", "polisjaar": "2021"}
BARE = {name: HOLDER[name] for name in ("relatienummer", "pakket", "ingangsdatum", "verzekerde_rol", "gemeentecode")}
BARE = BARE | {"bsn": bsn(3)}

CASES = {
    "collectieve_zorgverzekering": Case(
        collectieve_zorgverzekering.CONTRACT,
        (HOLDER, CHILD, ENDED, BARE),
        {
            "CZV-01": HOLDER | {"relatienummer": None},
            "CZV-02": HOLDER | {"bsn": None},
            "CZV-03": HOLDER | {"bsn": "1234567"},
            "CZV-04": HOLDER | {"bsn": "000000000"},
            "CZV-05": HOLDER | {"bsn": NO_BSN},
            "CZV-06": HOLDER | {"geboortedatum": "1970-02-30"},
            "CZV-07": HOLDER | {"geboortedatum": "2021-02-11"},
            "CZV-08": HOLDER | {"postcode": "0123AB"},
            "CZV-09": HOLDER | {"huisnummer": "12a"},
            "CZV-10": HOLDER | {"huisnummer": "-1"},
            "CZV-11": HOLDER | {"pakket": None},
            "CZV-12": HOLDER | {"ingangsdatum": None},
            "CZV-13": HOLDER | {"ingangsdatum": "1 januari"},
            "CZV-14": HOLDER | {"einddatum": "2021-09-31"},
            "CZV-15": ENDED | {"ingangsdatum": "2021-04-01"},
            "CZV-16": HOLDER | {"polisjaar": "twee"},
            "CZV-17": HOLDER | {"polisjaar": "2020"},
            "CZV-18": HOLDER | {"einddatum": "2020-12-31"},
            "CZV-19": HOLDER | {"polisjaar": "21"},
            "CZV-20": HOLDER | {"verzekerde_rol": None},
            "CZV-21": HOLDER | {"verzekerde_rol": "oma"},
            "CZV-22": HOLDER | {"gemeentecode": None},
            "CZV-23": HOLDER | {"gemeentecode": "Weert"},
            "CZV-24": HOLDER | {"gemeentecode": "0946"},
            "CZV-25": CHILD,
        },
        {"CZV-19": {"CZV-17"}},
    ),
}
