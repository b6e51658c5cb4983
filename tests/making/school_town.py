"""Files of vsv, leerplicht, cjg and oggz deliveries, for tests: every field that a test does not name is sound."""

import json
from calendar import monthrange

from tests.making.town import bsn
from tests.validations.contract_cases.cjg import CONTACT
from tests.validations.contract_cases.leerplicht import ABSENT
from tests.validations.contract_cases.oggz import REPORT
from tests.validations.contract_cases.vsv import BACK, LEFT, PASSED, START
from validations.contracts import cjg, oggz
from validations.contracts.vsv import REPORTS

ROWS = {"A01": LEFT, "A02": BACK, "A05": START, "A07": PASSED}


def number(person: int | str) -> dict[str, str | None]:
    """The number of a person: bsn(n) for a whole number n, else an onderwijsnummer."""
    if isinstance(person, int):
        return {"bsn": bsn(person), "onderwijsnummer": None}
    return {"bsn": None, "onderwijsnummer": person}


def vsv_files(month: str, reports: dict[str, list[dict]], gemeente: str = "0988") -> dict[str, str | bytes]:
    """The four reports of a month (JJJJ-MM): by report the rows, in which `persoon` says who."""
    return {
        f"{report}_{month.replace('-', '')}.csv": csv(
            REPORTS[report],
            [
                ROWS[report] | {"gemeentecode": gemeente} | number(row["persoon"]) | without(row, "persoon")
                for row in reports.get(report, [])
            ],
        )
        for report in REPORTS
    }


def leerplicht_files(rows: list[dict], gemeente: str = "0988") -> dict[str, str | bytes]:
    """One JSON file; what is none is left out."""
    records = [ABSENT | {"gemeentecode": gemeente} | number(row["persoon"]) | without(row, "persoon") for row in rows]
    lean = [{name: value for name, value in record.items() if value is not None} for record in records]
    return {"verzuim.json": json.dumps(lean)}


def cjg_files(rows: list[dict], gemeente: str = "0988") -> dict[str, str | bytes]:
    """One CSV file; a contact gets a number of its own."""
    numbered = [CONTACT | {"contactnr": str(n), "gemeentecode": gemeente} | row for n, row in enumerate(rows, 1)]
    return {"cjg.csv": csv([field.name for field in cjg.CONTRACT.fields], numbered)}


def oggz_files(first: str, last: str, rows: list[dict], gemeente: str = "0988") -> dict[str, str | bytes]:
    """One CSV file of the period from `first` to `last`; a report with a datum_afsluiting is closed."""
    period = {"periode_van": first, "periode_tot": last, "gemeentecode": gemeente, "melddatum": first}
    full = [REPORT | period | row | ({"status": "afgesloten"} if row.get("datum_afsluiting") else {}) for row in rows]
    return {f"oggz_{gemeente}.csv": csv([field.name for field in oggz.CONTRACT.fields], full)}


def last_day(month: str) -> str:
    year, number_of = int(month[:4]), int(month[5:])
    return f"{month}-{monthrange(year, number_of)[1]:02d}"


def without(row: dict, name: str) -> dict:
    return {key: value for key, value in row.items() if key != name}


def csv(columns, rows: list[dict]) -> str:
    lines = [";".join(columns), *(";".join(row.get(column) or "" for column in columns) for row in rows)]
    return "".join(line + "\n" for line in lines)
