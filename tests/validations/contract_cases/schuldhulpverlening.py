"""Rows of the case system of schuldhulpverlening."""

from tests.making.town import bsn
from tests.validations.contract_cases.case import NO_BSN, Case, Row
from validations.contracts import schuldhulpverlening as shv

CHANGED = "2021-01-15T12:00:00"
TRAJECT: Row = {
    "schuldhulptraject_id": "T1",
    "gemeentecode": "0988",
    "startdatum": "2021-01-04",
    "totaalschuldbedragbijaanvang": "12000.50",
    "gewijzigd_op": CHANGED,
}
ENDED = TRAJECT | {"schuldhulptraject_id": "T2", "einddatum": "2021-01-20", "toekenningsdatum": "2021-01-10"}
CLIENT: Row = {
    "client_id": "C1",
    "schuldhulptraject_id": "T1",
    "gemeentecode": "0988",
    "bsn": bsn(0),
    "postcode": "6001 aa",
    "huisnummer": "1",
    "gewijzigd_op": "2021-01-15 12:00:00.000000",
}
PARTNER = CLIENT | {"client_id": "C2", "bsn": bsn(1)}
STEP: Row = {
    "stap": "STABILISATIE",
    "stap_id": "S1",
    "schuldhulptraject_id": "T1",
    "gemeentecode": "0988",
    "startdatum": "2021-01-10",
    "gewijzigd_op": CHANGED,
}
OUTFLOW = STEP | {"stap": "UITSTROOM", "code": "AFGEROND"}


def _common(row: Row, first: int, last: int) -> dict[str, Row]:
    return {
        f"SHV-{first}": row | {"schuldhulptraject_id": None},
        f"SHV-{first + 1}": row | {"gemeentecode": None},
        f"SHV-{first + 2}": row | {"gemeentecode": "Weert"},
        f"SHV-{first + 3}": row | {"gemeentecode": "0946"},
        f"SHV-{last}": row | {"gewijzigd_op": None},
        f"SHV-{last + 1}": row | {"gewijzigd_op": "gisteren"},
    }


CASES = {
    "schuldhulp_trajecten": Case(
        shv.TRAJECTEN,
        (TRAJECT, ENDED),
        _common(TRAJECT, 10, 25)
        | {
            "SHV-14": TRAJECT | {"startdatum": None},
            "SHV-15": TRAJECT | {"startdatum": "2021-02-29"},
            "SHV-16": TRAJECT | {"einddatum": "20210105"},
            "SHV-17": TRAJECT | {"toekenningsdatum": "?"},
            "SHV-18": TRAJECT | {"einddatum": "2021-01-03"},
            "SHV-19": TRAJECT | {"startdatum": "2021-02-11"},
            "SHV-20": TRAJECT | {"totaalschuldbedragbijaanvang": "-5"},
            "SHV-21": ENDED,
        },
        {},
    ),
    "schuldhulp_clienten": Case(
        shv.CLIENTEN,
        (CLIENT, PARTNER, CLIENT | {"schuldhulptraject_id": "T2"}, PARTNER | {"schuldhulptraject_id": "T2"}),
        _common(CLIENT, 30, 45)
        | {
            "SHV-34": CLIENT | {"client_id": None},
            "SHV-35": CLIENT | {"bsn": None},
            "SHV-36": CLIENT | {"bsn": "onbekend"},
            "SHV-37": CLIENT | {"bsn": "999999999"},
            "SHV-38": CLIENT | {"bsn": NO_BSN},
            "SHV-39": CLIENT | {"postcode": "6001"},
            "SHV-40": CLIENT | {"huisnummer": "1a"},
            "SHV-41": CLIENT | {"schuldhulptraject_id": "T2", "bsn": bsn(2)},
            "SHV-42": PARTNER,
        },
        {},
    ),
    "schuldhulp_stappen": Case(
        shv.STAPPEN,
        (
            STEP,
            OUTFLOW,
            STEP | {"stap": "INTAKE", "code": "AFGEWEZEN"},
            STEP | {"stap": "AANMELDING", "ja_nee": "1"},
            STEP | {"stap_id": "S2", "einddatum": "2021-01-10"},
        ),
        _common(STEP, 50, 70)
        | {
            "SHV-54": STEP | {"stap_id": None},
            "SHV-55": STEP | {"startdatum": None},
            "SHV-56": STEP | {"startdatum": "2021-06-31"},
            "SHV-57": STEP | {"einddatum": "31-12-2021"},
            "SHV-58": STEP | {"einddatum": "2021-01-09"},
            "SHV-59": OUTFLOW | {"stap_id": "S3", "code": None},
            "SHV-60": OUTFLOW | {"stap_id": "S3", "code": "WEG"},
            "SHV-61": STEP | {"stap": "OPLOSSING", "code": "LOTERIJ"},
            "SHV-62": STEP | {"stap": "BEGELEIDING", "code": "AFGEROND"},
            "SHV-63": STEP | {"stap": "INTAKE", "stap_id": "S3", "code": "MISSCHIEN"},
            "SHV-64": STEP | {"stap": "SCHULDREGELING", "ja_nee": "ja"},
            "SHV-65": OUTFLOW,
        },
        {},
    ),
}
