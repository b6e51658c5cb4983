"""Rows of the VVE register."""

from tests.making.town import bsn
from tests.validations.contract_cases.case import NO_BSN, Case, Row
from validations.contracts import wet_oke

PLACED: Row = {
    "bsn": bsn(0),
    "geboortedatum": "2018-03-15",
    "postcode": "6001AA",
    "vve_indicatie": "J",
    "datum_indicatie": "2020-03-01",
    "lrk_nummer": "123456789",
    "soort": "kdv",
    "datum_plaatsing": "2020-03-15",
    "dagdelen_pw": "4",
    "uren_pj": "640",
    "bereik": "geplaatst",
    "gemeentecode": "0988",
}
# A kindnummer has no elfproef: this one would fail it.
WAITING = PLACED | {"bsn": None, "kindnummer": NO_BSN, "lrk_nummer": None, "soort": None, "datum_plaatsing": None}
WAITING = WAITING | {"bereik": "niet_geplaatst"}
WITHOUT = PLACED | {"bsn": bsn(1), "vve_indicatie": "N", "datum_indicatie": None, "datum_einde": "2021-01-20"}
# A playgroup, in a year that had them.
PLAYGROUP = PLACED | {"bsn": bsn(2), "geboortedatum": "2014-03-15", "datum_plaatsing": "2016-09-01", "soort": "pz"}

CASES = {
    "wet_oke": Case(
        wet_oke.CONTRACT,
        (PLACED, WAITING, WITHOUT, PLAYGROUP),
        {
            "OKE-01": PLACED | {"bsn": None},
            "OKE-02": PLACED | {"bsn": "kind 1"},
            "OKE-03": PLACED | {"bsn": "111111110"},
            "OKE-04": PLACED | {"bsn": NO_BSN},
            "OKE-05": WAITING | {"kindnummer": "Jan Jansen"},
            "OKE-06": PLACED | {"geboortedatum": None},
            "OKE-07": PLACED | {"geboortedatum": "15-03-2018"},
            "OKE-08": PLACED | {"postcode": "6001"},
            "OKE-09": PLACED | {"vve_indicatie": None},
            "OKE-10": PLACED | {"vve_indicatie": "ja"},
            "OKE-11": PLACED | {"datum_indicatie": "2020-13-01"},
            "OKE-12": PLACED | {"datum_indicatie": None},
            "OKE-13": PLACED | {"lrk_nummer": None},
            "OKE-14": PLACED | {"lrk_nummer": "12345678"},
            "OKE-15": PLACED | {"soort": None},
            "OKE-16": PLACED | {"soort": "pz"},
            "OKE-17": PLACED | {"datum_plaatsing": None},
            "OKE-18": PLACED | {"datum_plaatsing": "15-03-2020"},
            "OKE-19": PLACED | {"datum_einde": "2021-02-29"},
            "OKE-20": PLACED | {"datum_einde": "2020-03-14"},
            "OKE-21": PLACED | {"datum_plaatsing": "2020-03-14"},
            "OKE-22": WAITING | {"datum_plaatsing": "2020-03-15"},
            "OKE-23": PLACED | {"dagdelen_pw": "vier"},
            "OKE-24": PLACED | {"dagdelen_pw": "16"},
            "OKE-25": PLACED | {"uren_pj": "veel"},
            "OKE-26": PLACED | {"uren_pj": "9000"},
            "OKE-27": PLACED | {"bereik": None},
            "OKE-28": WAITING | {"bereik": "onbekend"},
            "OKE-29": PLACED | {"gemeentecode": None},
            "OKE-30": PLACED | {"gemeentecode": "Weert"},
            "OKE-31": PLACED | {"gemeentecode": "0946"},
            "OKE-32": WITHOUT,
        },
        {},
    ),
}
