"""Rows of BUS deliveries."""

from tests.making.town import bsn
from tests.validations.contract_cases.case import NO_BSN, Case, Row
from validations.contracts import bus

BUS: Row = {
    "statistiekjaar": "2015",
    "statistiekmaand": "01",
    "gemeentecode": "0988",
    "registratienummer": "1",
    "statistiekcode": "01",
    "leefvorm": "1",
    "bsn": bsn(0),
    "aanvangsdatum": "20140601",
}
SPECIAL = BUS | {"statistiekcode": "11", "cluster": "a", "leefvorm": None}
ENDED = BUS | {"einddatum": "20150115", "reden_beeindiging": "01"}

CASES = {
    "bus": Case(
        bus.CONTRACT,
        (BUS, BUS | {"bsn": bsn(1)}, SPECIAL, ENDED | {"bsn": bsn(2)}),
        {
            "BUS-01": BUS | {"bsn": None},
            "BUS-02": BUS | {"bsn": "9999000"},
            "BUS-03": BUS | {"bsn": "000000000"},
            "BUS-04": BUS | {"bsn": NO_BSN},
            "BUS-05": BUS | {"statistiekjaar": None},
            "BUS-06": BUS | {"statistiekjaar": "20x5"},
            "BUS-07": BUS | {"statistiekmaand": None},
            "BUS-08": BUS | {"statistiekmaand": "1a"},
            "BUS-09": BUS | {"statistiekmaand": "13"},
            "BUS-10": BUS | {"statistiekmaand": "02"},
            "BUS-11": BUS | {"gemeentecode": None},
            "BUS-12": BUS | {"gemeentecode": "98x8"},
            "BUS-13": BUS | {"gemeentecode": "0946"},
            "BUS-14": BUS | {"registratienummer": None},
            "BUS-15": BUS | {"statistiekcode": None},
            "BUS-16": BUS | {"statistiekcode": "77"},
            "BUS-17": BUS | {"aanvangsdatum": None},
            "BUS-18": BUS | {"aanvangsdatum": "20140631"},
            "BUS-19": BUS | {"einddatum": "20150229"},
            "BUS-20": ENDED | {"einddatum": "20140531"},
            "BUS-21": BUS | {"aanvangsdatum": "20150201"},
            "BUS-22": SPECIAL | {"bsn": bsn(3), "cluster": None},
            "BUS-23": SPECIAL | {"cluster": "z"},
            "BUS-24": BUS | {"leefvorm": "9"},
            "BUS-25": BUS | {"leefvorm": None},
            "BUS-26": BUS | {"huisvesting": "9"},
            "BUS-27": ENDED | {"reden_beeindiging": "12"},
            "BUS-28": ENDED | {"reden_beeindiging": None},
            "BUS-29": BUS | {"betaalbaar_bedrag": "12,50"},
            "BUS-30": BUS | {"geboortedatum": "19700230"},
            "BUS-31": BUS | {"geslacht": "3"},
            "BUS-32": BUS | {"categoriaal": "1"},
            "BUS-33": BUS | {"classificatie_bbz": "4"},
            "BUS-34": BUS | {"ontheffing": "7"},
            "BUS-35": BUS | {"tegenprestatie": "3"},
            "BUS-36": BUS | {"soort_inkomsten": "99"},
            "BUS-37": BUS | {"bsn": bsn(1)},
            "BUS-38": BUS | {"statistiekjaar": "1999"},
        },
        # A row of another year is also of another month than the rest, and its codes and dates are of another time.
        {"BUS-09": {"BUS-10"}, "BUS-38": {"BUS-10", "BUS-21"}},
    ),
}
