"""Delivers doorbraakprojecten each quarter: one invented project per gemeente and, for Weert, the eleven real ones.

The real ones hold only what the press told (2016 to 2018): five began in 2016 and two in 2018, on dyslexia,
(arbeidsmatige) dagbesteding and behaviour of youth, with EUR 200,000 for 2016 and 2017; four more came in December
2018, together EUR 39,450; eleven in all. Which theme or amount belongs to which project was not told: those fields stay
empty.
"""

from datetime import date, timedelta

import yaml

from assets.demo.delivery import Sender

WEERT = "GM0988"
MONTHS_BEFORE, MONTHS_LONG = 8, 14


def weert() -> list[dict]:
    """The eleven initiatives of Weert, as far as they are public."""
    named = (
        ("Digibeta", "Bibliocenter"),
        ("Walk&Talk", "Bibliocenter"),
        ("Jongerencoaches", "Punt Welzijn"),
        ("11-15 outdoor", "Punt Welzijn"),
    )
    years = [2016] * 5 + [2018] * 2
    projects: list[dict] = [{"startjaar": year} for year in years]
    projects += [{"naam": naam, "partners": [partner]} for naam, partner in named]
    return [{"project_code": f"WEERT-{number:02d}", **project} for number, project in enumerate(projects, 1)]


def write_doorbraak(sender: Sender) -> None:
    """Writes every delivery of one gemeente: all projects as they are on its day."""
    time = sender.time
    first = time.months[0].replace(day=10)
    quarters = [day for month, day in zip(time.months, time.deliveries(15), strict=True) if month.month % 3 == 0]
    for leverdatum in sorted({first, *quarters}):
        # With one wijk there is nothing to compare with.
        projects = [_invented(sender, first, leverdatum)] if sender.gemeente.wijken.height > 1 else []
        projects += weert() if sender.gemeente.code == WEERT else []
        if not projects:
            continue
        files = {"projecten.yaml": yaml.safe_dump(projects, sort_keys=False, allow_unicode=True).encode()}
        period = (first.replace(day=1), leverdatum)
        sender.send("doorbraakprojecten", leverdatum, files, records=len(projects), period=period)


def _invented(sender: Sender, first: date, today: date) -> dict:
    """A project in the largest wijk, compared with the others, as it is known on a day."""
    start = _later(first.replace(day=1), min(MONTHS_BEFORE, len(sender.time.months) // 2 + 1))
    end = _later(start, MONTHS_LONG) - timedelta(days=1)
    wijken = sender.gemeente.wijken.sort("a_inw", descending=True).get_column("code").to_list()
    project = {
        "project_code": f"DEMO-{sender.gemeente.code}",
        "naam": "Samen aan tafel (demo)",
        "thema": "verzonnen voor de demo",
        "geregistreerd_op": str(first),
        "startdatum": str(start),
        "einddatum_plan": str(end),
        "budget_toegekend": 25_000,
        "deelnemers_doel": 40,
        "schotten": ["wmo", "wwb", "schuldhulpverlening"],
        "partners": ["Stichting Demo"],
        "uitkomst_indicator": "clienten",
        "doel_regeling": "wmo",
        "gebieden": wijken[:1],
        "vergelijkingsgebieden": wijken[1:12],
        "minimaal_effect": -2,
        "nulmeting_datum": str(start - timedelta(days=1)),
        "nulmeting": 62.5,
    }
    if end < today:
        project |= {"einddatum": str(end), "eindmeting_datum": str(end + timedelta(days=1)), "eindmeting": 60.1}
        project |= {"oordeel": "onbekend", "client_verbeterd": "onbekend", "vervolg": "verlengd"}
    return project


def _later(month: date, months: int) -> date:
    number = month.year * 12 + month.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)
