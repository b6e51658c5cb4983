"""Rows of iWmo messages."""

from tests.making.town import bsn
from tests.validations.contract_cases.case import NO_BSN, Case, Row
from validations.contracts import wmo

_MESSAGE: Row = {
    "gemeentecode": "0988",
    "aanbieder": "42420001",
    "bericht_identificatie": "1",
    "dagtekening": "2021-01-04",
    "bsn": bsn(0),
    "toewijzingnummer": "101",
    "categorie": "01",
    "ingangsdatum": "2021-01-01",
}
ALLOCATION = _MESSAGE | {"bericht": "301", "toewijzingsdatum": "2020-12-20"}
START = _MESSAGE | {"bericht": "305", "begindatum": "2021-01-04", "status_aanlevering": "1"}
STOP = START | {"bericht": "307", "einddatum": "2021-01-20", "reden_beeindiging": "19"}

CASES = {
    "wmo": Case(
        wmo.CONTRACT,
        (ALLOCATION, START, STOP, START | {"toewijzingnummer": None}),
        {
            "WMO-01": ALLOCATION | {"bsn": None},
            "WMO-02": ALLOCATION | {"bsn": "9999 0000"},
            "WMO-03": ALLOCATION | {"bsn": "111111110"},
            "WMO-04": ALLOCATION | {"bsn": NO_BSN},
            "WMO-05": ALLOCATION | {"gemeentecode": None},
            "WMO-06": ALLOCATION | {"gemeentecode": "42420001"},
            "WMO-07": ALLOCATION | {"gemeentecode": "0946"},
            "WMO-08": ALLOCATION | {"bericht_identificatie": None},
            "WMO-09": ALLOCATION | {"dagtekening": None},
            "WMO-10": ALLOCATION | {"dagtekening": "20210104"},
            "WMO-11": ALLOCATION | {"dagtekening": "2021-02-11"},
            "WMO-12": ALLOCATION | {"toewijzingnummer": None},
            "WMO-13": ALLOCATION | {"toewijzingnummer": "10x"},
            "WMO-14": ALLOCATION | {"toewijzingnummer": "1000000000"},
            "WMO-15": ALLOCATION | {"toewijzingsdatum": None},
            "WMO-16": ALLOCATION | {"toewijzingsdatum": "2021-06-31"},
            "WMO-17": ALLOCATION | {"ingangsdatum": None},
            "WMO-18": ALLOCATION | {"ingangsdatum": "2021-6-1"},
            "WMO-19": START | {"begindatum": None},
            "WMO-20": START | {"begindatum": "2021-02-29"},
            "WMO-21": STOP | {"einddatum": None},
            "WMO-22": STOP | {"einddatum": "31-12-2021"},
            "WMO-23": ALLOCATION | {"einddatum": "2020-12-31"},
            "WMO-24": ALLOCATION | {"reden_wijziging": "13", "einddatum": "2021-06-30"},
            "WMO-25": ALLOCATION | {"reden_wijziging": "99"},
            "WMO-26": STOP | {"reden_beeindiging": None},
            "WMO-27": STOP | {"reden_beeindiging": "01"},
            "WMO-28": START | {"status_aanlevering": None},
            "WMO-29": START | {"status_aanlevering": "2"},
            "WMO-30": ALLOCATION | {"categorie": "99"},
            "WMO-31": ALLOCATION | {"productcode": "01a01"},
            "WMO-32": STOP | {"einddatum": "2021-01-03"},
            "WMO-33": ALLOCATION | {"geslacht": "9"},
            "WMO-34": ALLOCATION | {"huisnummer": "10A"},
            "WMO-35": ALLOCATION | {"omvang_eenheid": "99"},
            "WMO-36": ALLOCATION | {"omvang_frequentie": "9"},
            "WMO-37": ALLOCATION | {"aanbieder": "0988"},
            "WMO-38": START | {"toewijzingnummer": None, "categorie": None},
        },
        {},
    ),
}
