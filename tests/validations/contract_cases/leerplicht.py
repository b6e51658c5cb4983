"""Rows of leerplicht deliveries."""

from tests.making.town import bsn
from tests.validations.contract_cases.case import NO_BSN, Case, Row
from validations.contracts import leerplicht

ABSENT: Row = {
    "meldingsnummer": "M1",
    "bsn": bsn(0),
    "gemeentecode": "0988",
    "brin": "01AB",
    "verzuimsoort": "RELATIEF",
    "datum_start": "2021-01-12",
    "datum_melding": "2021-01-15",
    "status": "In behandeling",
}
CLOSED = ABSENT | {"status": "Afgesloten", "datum_afgesloten": "2021-01-20", "datum_einde": "2021-01-12"}
# Not at any school, and found out by the gemeente itself.
TRUANT = ABSENT | {"verzuimsoort": "ABSOLUUT", "brin": None, "datum_melding": None}
EXEMPT = TRUANT | {"beslissing": "VRIJSTELLING", "vrijstelling_grond": "5a"}
OLD = ABSENT | {"datum_start": "2020-08-02", "datum_melding": "2020-08-02", "status": "Overgedragen aan derden"}

CASES = {
    "leerplicht": Case(
        leerplicht.CONTRACT,
        (
            ABSENT,
            ABSENT | {"meldingsnummer": "M2"},
            CLOSED | {"meldingsnummer": "M3", "beslissing": "WAARSCHUWING"},
            TRUANT | {"meldingsnummer": "M4", "bsn": None, "onderwijsnummer": NO_BSN},
            EXEMPT | {"meldingsnummer": "M5"},
            OLD | {"meldingsnummer": "M6"},
            ABSENT | {"meldingsnummer": "M7", "status": "Ingetrokken", "datum_afgesloten": "2021-01-16"},
        ),
        {
            "LPL-01": ABSENT | {"onderwijsnummer": "100000001"},
            "LPL-02": ABSENT | {"bsn": "9999000"},
            "LPL-03": ABSENT | {"bsn": "999999999"},
            "LPL-04": ABSENT | {"bsn": NO_BSN},
            "LPL-05": ABSENT | {"bsn": None, "onderwijsnummer": "000000000"},
            "LPL-06": ABSENT | {"meldingsnummer": None},
            "LPL-07": ABSENT | {"meldingsnummer": "M 1"},
            "LPL-08": ABSENT | {"gemeentecode": None},
            "LPL-09": ABSENT | {"gemeentecode": "98x8"},
            "LPL-10": ABSENT | {"gemeentecode": "0946"},
            "LPL-11": ABSENT | {"brin": "1AB"},
            "LPL-12": TRUANT | {"verzuimsoort": None},
            "LPL-13": ABSENT | {"verzuimsoort": "SPIJBELEN"},
            "LPL-14": ABSENT | {"brin": None},
            "LPL-15": ABSENT | {"datum_start": None},
            "LPL-16": ABSENT | {"datum_start": "2020-06-31"},
            "LPL-17": CLOSED | {"datum_einde": "12-01-2021"},
            "LPL-18": ABSENT | {"datum_melding": None},
            "LPL-19": ABSENT | {"datum_melding": "2021-02-29"},
            "LPL-20": CLOSED | {"datum_afgesloten": "2021-02-29"},
            "LPL-21": CLOSED | {"datum_einde": "2021-01-11"},
            "LPL-22": ABSENT | {"datum_melding": "2021-01-11"},
            "LPL-23": ABSENT | {"datum_melding": "2021-02-11"},
            "LPL-24": CLOSED | {"datum_afgesloten": "2021-01-14"},
            "LPL-25": ABSENT | {"status": None},
            "LPL-26": OLD | {"datum_melding": "2020-08-03"},
            "LPL-27": ABSENT | {"status": "Afgesloten"},
            "LPL-28": ABSENT | {"beslissing": "BOETE"},
            "LPL-29": EXEMPT | {"vrijstelling_grond": "5d"},
            "LPL-30": EXEMPT | {"vrijstelling_grond": None},
            "LPL-31": ABSENT | {"meldingsnummer": "M2"},
        },
        {},
    ),
}
