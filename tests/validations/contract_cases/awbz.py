"""Rows of AWBZ indications."""

from tests.making.town import bsn
from tests.validations.contract_cases.case import NO_BSN, Case, Row
from validations.contracts import awbz

FUNCTION: Row = {
    "bsn": bsn(0),
    "besluitnummer": "900001",
    "besluitdatum": "2013-04-20",
    "ingangsdatum": "2013-05-01",
    "einddatum": "2018-04-30",
    "grondslag": "03",
    "functiecode": "81",
    "klasse": "K2",
    "leveringsvorm": "ZIN",
    "postcode": "6001AA",
    "gemeentecode": "0988",
}
OTHER = FUNCTION | {"functiecode": "82", "klasse": "KD04", "einddatum": None}
PACKAGE = FUNCTION | {"bsn": bsn(1), "functiecode": None, "klasse": None, "zzp": "752", "leveringsvorm": "4"}

CASES = {
    "awbz": Case(
        awbz.CONTRACT,
        (FUNCTION, OTHER, PACKAGE, FUNCTION | {"bsn": bsn(2), "klasse": None, "ingangsdatum": "2014-12-31"}),
        {
            "AWBZ-01": FUNCTION | {"bsn": None},
            "AWBZ-02": FUNCTION | {"bsn": "9999"},
            "AWBZ-03": FUNCTION | {"bsn": "999999999"},
            "AWBZ-04": FUNCTION | {"bsn": NO_BSN},
            "AWBZ-05": FUNCTION | {"besluitnummer": None},
            "AWBZ-06": FUNCTION | {"besluitdatum": None},
            "AWBZ-07": FUNCTION | {"besluitdatum": "20130420"},
            "AWBZ-08": FUNCTION | {"ingangsdatum": None},
            "AWBZ-09": FUNCTION | {"ingangsdatum": "2013-04-31"},
            "AWBZ-10": FUNCTION | {"einddatum": "onbepaald"},
            "AWBZ-11": FUNCTION | {"einddatum": "2013-04-30"},
            # The codes of the AWBZ went with the law.
            "AWBZ-12": FUNCTION | {"ingangsdatum": "2015-01-01"},
            "AWBZ-13": FUNCTION | {"grondslag": None},
            "AWBZ-14": FUNCTION | {"grondslag": "08"},
            "AWBZ-15": FUNCTION | {"zzp": "752"},
            "AWBZ-16": FUNCTION | {"functiecode": "99"},
            "AWBZ-17": FUNCTION | {"klasse": "K9"},
            "AWBZ-18": PACKAGE | {"klasse": "K2", "besluitnummer": "900002"},
            "AWBZ-19": PACKAGE | {"zzp": "700"},
            "AWBZ-20": FUNCTION | {"leveringsvorm": "1"},
            "AWBZ-21": FUNCTION | {"postcode": "60A1AA"},
            "AWBZ-22": FUNCTION | {"gemeentecode": None},
            "AWBZ-23": FUNCTION | {"gemeentecode": "Weert"},
            "AWBZ-24": FUNCTION | {"gemeentecode": "0946"},
            "AWBZ-25": OTHER,
        },
        {"AWBZ-12": {"AWBZ-14", "AWBZ-16", "AWBZ-17", "AWBZ-20"}},
    ),
}
