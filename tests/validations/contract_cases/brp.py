"""Rows of BRP deliveries."""

from tests.making.town import bsn
from tests.validations.contract_cases.case import NO_BSN, Case, Row
from validations.contracts import brp

BRP: Row = {
    "bsn": bsn(0),
    "geboortedatum": "19600615",
    "geslacht": "V",
    "gemeentecode": "0988",
    "straatnaam": "Dorpsstraat",
    "postcode": "6001AA",
    "huisnummer": "1",
    "adres_id": "0988200000000001",
    "datum_aanvang_adres": "20000101",
}

CASES = {
    "brp": Case(
        brp.CONTRACT,
        (BRP, BRP | {"bsn": bsn(1)}, BRP | {"bsn": bsn(2), "datum_einde_adres": "20000101"}),
        {
            "BRP-01": BRP | {"bsn": None},
            "BRP-02": BRP | {"bsn": "9999-0000"},
            "BRP-03": BRP | {"bsn": "999999999"},
            "BRP-04": BRP | {"bsn": NO_BSN},
            "BRP-05": BRP | {"geboortedatum": None},
            "BRP-06": BRP | {"geboortedatum": "19990231"},
            "BRP-07": BRP | {"geslacht": "1"},
            "BRP-08": BRP | {"gemeentecode": None},
            "BRP-09": BRP | {"gemeentecode": "Weert"},
            "BRP-10": BRP | {"postcode": None},
            "BRP-11": BRP | {"postcode": "0123AB"},
            "BRP-12": BRP | {"huisnummer": None},
            "BRP-13": BRP | {"huisnummer": "12a"},
            "BRP-14": BRP | {"huisnummer": "100000"},
            "BRP-15": BRP | {"adres_id": None},
            "BRP-16": BRP | {"adres_id": "988200000000001"},
            "BRP-17": BRP | {"datum_aanvang_adres": None},
            "BRP-18": BRP | {"datum_aanvang_adres": "20200631"},
            "BRP-19": BRP | {"datum_einde_adres": "20210229"},
            "BRP-20": BRP | {"datum_einde_adres": "19991231"},
            "BRP-21": BRP | {"datum_overlijden": "20201301"},
            "BRP-22": BRP | {"datum_overlijden": "19591231"},
            "BRP-23": BRP | {"geboortedatum": "20220101"},
            "BRP-24": BRP | {"bsn": bsn(1)},
        },
        {},
    ),
}
