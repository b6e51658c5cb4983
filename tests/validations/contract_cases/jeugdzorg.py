"""Rows of jeugdzorg: iJw messages, which break the same rules as those of iWmo, and Beleidsinformatie Jeugd."""

from tests.making.town import bsn
from tests.validations.contract_cases import wmo
from tests.validations.contract_cases.case import NO_BSN, Case, Row
from validations.contracts import jeugdzorg

_IJW: Row = {"categorie": "45"}
STOP = wmo.STOP | _IJW | {"reden_beeindiging": "34"}
BIJ: Row = {
    "verslagjaar": "2020",
    "halfjaar": "2",
    "aanbieder": "12345678",
    "bsn": bsn(0),
    "geboortedatum": "20100600",
    "geslacht": "V",
    "woonplaats": "6001AA",
    "hulpvorm": "02",
    "aanvang_hulp": "20200301",
}
ENDED = BIJ | {"einde_hulp": "20200930", "reden_beeindiging": "01"}
MEASURE = BIJ | {"hulpvorm": None, "aanvang_hulp": None, "maatregel": "11", "aanvang_maatregel": "20200301"}


def _of_ijw(row: Row) -> Row:
    """A row that breaks a rule of iWmo, with the codes of iJw where they are not what is wrong."""
    return row | {name: STOP[name] for name in ("categorie", "reden_beeindiging") if row.get(name) == wmo.STOP[name]}


CASES = {
    "jeugdzorg_berichten": Case(
        jeugdzorg.MESSAGES,
        (wmo.ALLOCATION | _IJW, wmo.START | _IJW, STOP, wmo.START | _IJW | {"toewijzingnummer": None}),
        {rule_id.replace("WMO", "JZ"): _of_ijw(row) for rule_id, row in wmo.CASES["wmo"].bad.items()}
        # Volgens plan in iWmo, no code in iJw.
        | {"JZ-27": STOP | {"reden_beeindiging": "19"}},
        {},
    ),
    "jeugdzorg_bij": Case(
        jeugdzorg.BIJ,
        (BIJ, ENDED | {"bsn": bsn(1)}, MEASURE, BIJ | {"bsn": None}, BIJ | {"bsn": None, "geboortedatum": None}),
        {
            "JZ-51": BIJ | {"bsn": "9999000"},
            "JZ-52": BIJ | {"bsn": "111111110"},
            "JZ-53": BIJ | {"bsn": NO_BSN},
            "JZ-54": BIJ | {"verslagjaar": None},
            "JZ-55": BIJ | {"verslagjaar": "20x0"},
            "JZ-56": BIJ | {"halfjaar": None},
            "JZ-57": BIJ | {"halfjaar": "3"},
            "JZ-58": BIJ | {"halfjaar": "1"},
            "JZ-59": BIJ | {"verslagjaar": "2014"},
            "JZ-60": BIJ | {"aanbieder": "1234"},
            "JZ-61": BIJ | {"woonplaats": None},
            "JZ-62": BIJ | {"woonplaats": "60001"},
            "JZ-63": BIJ | {"gemeentecode": "0946"},
            "JZ-64": BIJ | {"leverancier": "regio"},
            "JZ-65": BIJ | {"geboortedatum": "20100230"},
            "JZ-66": BIJ | {"geslacht": "2"},
            "JZ-67": BIJ | {"verwijzer": "07"},
            "JZ-68": BIJ | {"hulpvorm": "05"},
            "JZ-69": BIJ | {"crisis": "03"},
            "JZ-70": BIJ | {"hulpvorm": None},
            "JZ-71": BIJ | {"aanvang_hulp": None},
            "JZ-72": BIJ | {"aanvang_hulp": "20200631"},
            "JZ-73": ENDED | {"einde_hulp": "20200931"},
            "JZ-74": ENDED | {"einde_hulp": "20200229"},
            "JZ-75": ENDED | {"reden_beeindiging": "06"},
            "JZ-76": ENDED | {"reden_beeindiging": None},
            "JZ-77": BIJ | {"nut_jeugdige": "11"},
            "JZ-78": BIJ | {"nut_ouder": "7"},
            "JZ-79": BIJ | {"hulp_nodig_jeugdige": "05"},
            "JZ-80": BIJ | {"hulp_nodig_ouder": "1"},
            "JZ-81": MEASURE | {"maatregel": "71"},
            "JZ-82": MEASURE | {"aanvang_maatregel": "20200631"},
            "JZ-83": MEASURE | {"einde_maatregel": "20200931"},
            "JZ-84": MEASURE | {"einde_maatregel": "20200229"},
            "JZ-85": MEASURE | {"machtiging": "11"},
            "JZ-86": MEASURE | {"machtiging": "72", "aanvang_machtiging": "20200631"},
            "JZ-87": MEASURE | {"machtiging": "72", "einde_machtiging": "20200631"},
            "JZ-88": MEASURE | {"maatregel": "41", "erkende_interventie": "03"},
            "JZ-89": MEASURE | {"einde_maatregel": "20200930", "reden_maatregel": "08"},
            "JZ-90": MEASURE | {"maatregel": "41", "zorg_na_maatregel": "01"},
            "JZ-91": MEASURE | {"overgedragen": "20201131"},
            "JZ-92": MEASURE | {"overgedragen_gekregen": "20201131"},
            "JZ-93": BIJ | {"aanvang_hulp": "20210101"},
            "JZ-94": ENDED | {"bsn": bsn(1)},
        },
        # A row of another year is also of another half-year than the rest, and begins after it.
        {"JZ-57": {"JZ-58"}, "JZ-59": {"JZ-58", "JZ-93"}},
    ),
}
