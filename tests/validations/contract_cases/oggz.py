"""Rows of OGGZ deliveries."""

from tests.making.town import bsn
from tests.validations.contract_cases.case import Case, Row
from validations.contracts import oggz

REPORT: Row = {
    "periode_van": "2020-07-01",
    "periode_tot": "2020-12-31",
    "gemeentecode": "0988",
    "code": "A17",
    "melddatum": "2020-08-12",
    "melder": "politie",
    "problematiek": "psychisch|schulden",
    "trede": "2",
    "status": "in_zorg",
    "postcode4": "6001",
    "briefadres": "N",
}
CLOSED = REPORT | {"status": "afgesloten", "datum_afsluiting": "2021-01-20", "resultaat": "toegeleid"}

CASES = {
    "oggz": Case(
        oggz.CONTRACT,
        (REPORT, REPORT | {"code": "A18"}, CLOSED | {"code": "A19", "postcode4": None, "briefadres": None}),
        {
            "OGZ-01": REPORT | {"code": None},
            "OGZ-02": REPORT | {"code": bsn(0)},
            "OGZ-03": REPORT | {"gemeentecode": None},
            "OGZ-04": REPORT | {"gemeentecode": "Weert"},
            "OGZ-05": REPORT | {"gemeentecode": "0946"},
            "OGZ-06": REPORT | {"periode_tot": None},
            "OGZ-07": REPORT | {"periode_van": "2020-07"},
            "OGZ-08": REPORT | {"periode_tot": "2020-12-32"},
            "OGZ-09": REPORT | {"periode_van": "2020-08-01"},
            "OGZ-10": REPORT | {"periode_van": "2020-01-01"},
            "OGZ-11": REPORT | {"melddatum": None},
            "OGZ-12": REPORT | {"melddatum": "2020-06-31"},
            "OGZ-13": REPORT | {"melddatum": "2021-01-01"},
            "OGZ-14": REPORT | {"melder": "buurman"},
            "OGZ-15": REPORT | {"problematiek": None},
            "OGZ-16": REPORT | {"problematiek": "psychisch,schulden"},
            "OGZ-17": REPORT | {"trede": "5"},
            "OGZ-18": REPORT | {"status": None},
            "OGZ-19": REPORT | {"status": "open"},
            "OGZ-20": CLOSED | {"datum_afsluiting": "2021-02-29"},
            "OGZ-21": CLOSED | {"datum_afsluiting": "2020-08-11"},
            "OGZ-22": CLOSED | {"datum_afsluiting": None},
            "OGZ-23": CLOSED | {"resultaat": "goed"},
            "OGZ-24": REPORT | {"resultaat": "toegeleid"},
            "OGZ-25": REPORT | {"postcode4": "6001AA"},
            "OGZ-26": REPORT | {"briefadres": "ja"},
            "OGZ-27": REPORT | {"code": "A18"},
        },
        # A period that is too long is another period, too.
        {"OGZ-10": {"OGZ-09"}},
    ),
}
