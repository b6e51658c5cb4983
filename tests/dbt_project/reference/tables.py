"""The tables of a case system and of aggregates as CSV, with rows in them that must not count."""

from assets.registrations.schuldhulpverlening import TABLES
from tests.dbt_project.reference.facts import AggregateDelivery, DebtDelivery
from tests.making.town import bsn

CHANGED = "2021-01-01 00:00:00"


def case_system_csv(delivery: DebtDelivery) -> dict[str, str | bytes]:
    """One file for each table."""
    rows: dict[str, list[dict]] = {name: [] for name in TABLES}
    for d in delivery.dossiers:
        own = {"schuldhulptraject_id": d.number}
        rows["schuldhulptraject"].append(
            own | {"gemeentecode": delivery.gemeente[2:], "startdatum": d.begin, "einddatum": d.end}
            | {"toekenningsdatum": d.granted, "totaalschuldbedragbijaanvang": "8000.00"}
        )  # fmt: skip
        postcode, number = d.address or (None, None)
        rows["client"] += [
            own | {"client_id": f"{d.number}{n}", "bsn": bsn(n), "postcode": postcode, "huisnummer": number}
            for n in d.persons
        ]
        step = own | {"startdatum": d.begin, "datum": d.begin}
        rows["aanmelding"].append(step | {"aanmelding_id": d.number, "crisisinterventie": 0})
        decision = {"beschikkingssoort": "AFGEWEZEN" if d.refused else "TOEGEKEND"}
        rows["intake"].append(step | {"intake_id": d.number} | decision)
        rows["stabilisatie"].append(step | {"stabilisatie_id": d.number} | ({"startdatum": None} if d.dateless else {}))
        rows["begeleiding"].append(step | {"begeleiding_id": d.number, "soort": "BUDGETBEHEER"})
        if d.outflow:
            rows["uitstroom"].append(step | {"uitstroom_id": d.number, "datum": d.outflow, "reden": "AFGEROND"})
    return {f"{name}.csv": _csv(list(columns), rows[name]) for name, columns in TABLES.items()}


def _csv(columns: list[str], rows: list[dict]) -> str:
    lines = [columns, *([_text((row | {"gewijzigd_op": CHANGED}).get(c)) for c in columns] for row in rows)]
    return "".join(";".join(line) + "\n" for line in lines)


def _text(value: object) -> str:
    return "" if value is None else str(value)


CODES = {
    "clienten_owajong": "oWajong",
    "clienten_wajong_2010": "Wajong2010",
    "clienten_wajong_2015": "Wajong2015",
}
# By registration the code of its total, of a part and of another registration.
OTHERS = {"wia": ("WIA", "WAO", "Wajong"), "wajong": ("Wajong", None, "WIA")}


def aggregate_csv(delivery: AggregateDelivery) -> str:
    """The totals that count, and beside them parts, sexes and another registration, which do not."""
    total, part, other = OTHERS[delivery.regeling]
    lines = ["peildatum;regio_code;regeling;leeftijdsklasse;geslacht;aantal"]
    for indicator, area, age, count in delivery.cells:
        code = CODES.get(indicator, total)
        rows = [(code, "totaal", "" if count is None else count)]
        # Of one regime only: all of them together could not be more than the total.
        if code in (total, "oWajong"):
            rows.append((code, "man", 880))
        if code == total:
            rows += [(part, "totaal", 990), (other, "totaal", 770)]
        for regeling, sex, shown in rows:
            if regeling:
                lines.append(f"{delivery.peildatum};{area};{regeling};{age};{sex};{shown}")
    lines.append(f"{delivery.peildatum};NL00;{total};totaal;totaal;600000")
    return "\n".join(lines) + "\n"
