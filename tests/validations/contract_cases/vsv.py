"""Rows of vsv deliveries: a row of each report."""

from tests.making.town import bsn
from tests.validations.contract_cases.case import NO_BSN, Case, Row
from validations.contracts import vsv

LEFT: Row = {
    "rapport": "A01",
    "peildatum": "2021-01-31",
    "bsn": bsn(0),
    "geboortedatum": "2003-05-05",
    "geslacht": "V",
    "postcode": "6001AA",
    "gemeentecode": "0988",
    "brin": "01AB",
    "vestiging": "00",
    "onderwijssoort": "mbo2",
    "startkwalificatie": "N",
    "datum_uitschrijving": "2021-01-12",
    "status_trajectbegeleiding": "aangeboden",
    "uitstroombestemming": "werk",
}
BACK = LEFT | {
    "rapport": "A02",
    "datum_uitschrijving": None,
    "datum_herinschrijving": "2021-01-20",
    "status_trajectbegeleiding": None,
    "uitstroombestemming": None,
}
START = BACK | {"rapport": "A05", "datum_herinschrijving": None}
PASSED = START | {"rapport": "A07", "startkwalificatie": "J", "datum_startkwalificatie": "2020-10-01"}
# An onderwijsnummer has no elfproef.
NUMBERED = {"bsn": None, "onderwijsnummer": NO_BSN}

CASES = {
    "vsv": Case(
        vsv.CONTRACT,
        (LEFT, LEFT | {"bsn": bsn(1)}, LEFT | NUMBERED, BACK | {"startkwalificatie": "J"}, START, PASSED),
        {
            "VSV-01": LEFT | {"bsn": None},
            "VSV-02": LEFT | {"bsn": "9999000"},
            "VSV-03": LEFT | {"bsn": "000000000"},
            "VSV-04": LEFT | {"bsn": NO_BSN},
            "VSV-05": LEFT | {"bsn": None, "onderwijsnummer": "10000000"},
            "VSV-06": START | {"bsn": bsn(1), "rapport": "A04"},
            "VSV-07": START | {"bsn": bsn(1), "peildatum": "2021-02-30"},
            "VSV-08": LEFT | {"geboortedatum": None},
            "VSV-09": LEFT | {"geboortedatum": "2003-06-31"},
            "VSV-10": LEFT | {"geslacht": None},
            "VSV-11": LEFT | {"geslacht": "X"},
            "VSV-12": LEFT | {"postcode": None},
            "VSV-13": LEFT | {"postcode": "6001"},
            "VSV-14": LEFT | {"gemeentecode": None},
            "VSV-15": LEFT | {"gemeentecode": "Weert"},
            "VSV-16": LEFT | {"gemeentecode": "0946"},
            "VSV-17": LEFT | {"brin": None},
            "VSV-18": LEFT | {"brin": "AB01"},
            "VSV-19": LEFT | {"vestiging": None},
            "VSV-20": LEFT | {"vestiging": "0"},
            "VSV-21": LEFT | {"onderwijssoort": None},
            "VSV-22": LEFT | {"onderwijssoort": "pro"},
            "VSV-23": LEFT | {"startkwalificatie": None},
            "VSV-24": LEFT | {"startkwalificatie": "n"},
            "VSV-25": LEFT | {"startkwalificatie": "J"},
            "VSV-26": LEFT | {"datum_uitschrijving": None},
            "VSV-27": LEFT | {"datum_uitschrijving": "2021-02-29"},
            "VSV-28": BACK | {"datum_herinschrijving": None},
            "VSV-29": BACK | {"datum_herinschrijving": "20210120"},
            "VSV-30": PASSED | {"bsn": bsn(1), "datum_startkwalificatie": None},
            "VSV-31": PASSED | {"datum_startkwalificatie": "2020-13-01"},
            "VSV-32": LEFT | {"datum_uitschrijving": "2020-09-30"},
            "VSV-33": BACK | {"datum_herinschrijving": "2021-02-01"},
            "VSV-34": PASSED | {"datum_startkwalificatie": "2020-09-30"},
            "VSV-35": LEFT | {"geboortedatum": "1998-01-12"},
            "VSV-36": LEFT | {"status_trajectbegeleiding": "onbekend"},
            "VSV-37": LEFT | {"uitstroombestemming": "leger"},
            "VSV-38": LEFT | {"bsn": bsn(1)},
        },
        {},
    ),
}
