"""Rows of Wsw deliveries."""

from tests.making.town import bsn
from tests.validations.contract_cases.case import NO_BSN, Case, Row
from validations.contracts import wsw

WSW: Row = {
    "statistiekjaar": "2020",
    "halfjaar": "2",
    "gemeentecode": "0988",
    "verantwoordelijke": "00988",
    "bsn": bsn(0),
    "geslacht": "1",
    "indicatiebesluit": "20100101",
    "arbeidshandicap": "2",
    "begin_dienstbetrekking": "20100301",
}
CHANGED = WSW | {"eind_dienstbetrekking": "20200930", "begin_begeleid_werken": "20201001"}
ENDED = WSW | {"eind_dienstbetrekking": "20200930", "reden_ontslag": "4", "bestemming": "01"}
WAITING = WSW | {"begin_dienstbetrekking": None, "verantwoordelijke": "70123"}

CASES = {
    "wsw": Case(
        wsw.CONTRACT,
        (WSW, CHANGED | {"bsn": bsn(1)}, ENDED | {"bsn": bsn(2)}, WSW | {"bsn": bsn(2)}, WAITING | {"bsn": bsn(3)}),
        {
            "WSW-01": WSW | {"bsn": None},
            "WSW-02": WSW | {"bsn": "9999000"},
            "WSW-03": WSW | {"bsn": "000000000"},
            "WSW-04": WSW | {"bsn": NO_BSN},
            "WSW-05": WSW | {"statistiekjaar": None},
            "WSW-06": WSW | {"statistiekjaar": "20x0"},
            "WSW-07": WSW | {"halfjaar": None},
            "WSW-08": WSW | {"halfjaar": "3"},
            "WSW-09": WSW | {"halfjaar": "1"},
            "WSW-10": WSW | {"gemeentecode": None},
            "WSW-11": WSW | {"gemeentecode": "98x8"},
            "WSW-12": WSW | {"gemeentecode": "0946"},
            "WSW-13": WSW | {"verantwoordelijke": "WGR-1"},
            "WSW-14": WSW | {"betalende_gemeente": "98x8"},
            "WSW-15": WSW | {"gemeente_inschrijving": "Weer"},
            "WSW-16": WSW | {"geboortedatum": "19700230"},
            "WSW-17": WSW | {"geslacht": "3"},
            "WSW-18": WSW | {"aanvraag_indicatie": "20090631"},
            "WSW-19": WSW | {"aanvraag_herindicatie": "2009063"},
            "WSW-20": WSW | {"indicatiebesluit": "20090229"},
            "WSW-21": WSW | {"afloop_indicatie": "20211301"},
            "WSW-22": WSW | {"afloop_indicatie": "20091231"},
            "WSW-23": WSW | {"besluit_doelgroep": "4"},
            "WSW-24": WSW | {"arbeidshandicap": "1"},
            "WSW-25": WSW | {"advies_werkvorm": "3"},
            "WSW-26": WSW | {"begin_dienstbetrekking": "20100631"},
            "WSW-27": WSW | {"eind_dienstbetrekking": "20200931"},
            "WSW-28": WSW | {"begin_begeleid_werken": "20200931"},
            "WSW-29": CHANGED | {"eind_begeleid_werken": "20201131"},
            "WSW-30": WSW | {"eind_dienstbetrekking": "20100228"},
            "WSW-31": WSW | {"eind_begeleid_werken": "20201031"},
            "WSW-32": WSW | {"begin_dienstbetrekking": "20210101"},
            "WSW-33": WSW | {"detachering": "4"},
            "WSW-34": WSW | {"uren_dienstbetrekking": "3x"},
            "WSW-35": WSW | {"uren_begeleid_werken": "x"},
            "WSW-36": WSW | {"loon_dienstbetrekking": "1,0"},
            "WSW-37": WSW | {"loon_begeleid_werken": "1.0"},
            "WSW-38": WSW | {"uren_dienstbetrekking": "61"},
            "WSW-39": WSW | {"uren_begeleid_werken": "99"},
            "WSW-40": ENDED | {"reden_ontslag": "X"},
            "WSW-41": ENDED | {"bestemming": "12"},
            "WSW-42": ENDED | {"bestemming": None},
            "WSW-43": WSW | {"reden_ontslag": "4", "bestemming": "01"},
            "WSW-44": WSW | {"statistiekjaar": "1999"},
            "WSW-45": WSW | {"bsn": bsn(1)},
        },
        # A row of another year is also of another half-year than the rest, and begins after it.
        {"WSW-08": {"WSW-09"}, "WSW-44": {"WSW-09", "WSW-32"}, "WSW-27": set()},
    ),
}
