"""Makes the supply of a gemeente and delivers it as the pages of an Open Referral HSDS 3.0 API, once a month.

Invented services at invented addresses, one per five hundred residents. The pages are those that a pull would write.
"""

import json
from datetime import date, timedelta
from uuid import NAMESPACE_URL, uuid5

import numpy as np
import polars as pl

from assets.demo.delivery import Sender
from assets.demo.faults import MOST

RESIDENTS_PER_SERVICE, LEAST = 500, 8
PER_PAGE = 50
DAY = 25
# Kind of service: lijn, deelprogramma, freely accessible, on indication, financing, places (0: no limit).
KINDS = (
    ("Buurtkamer", 0, "ouderen_en_kwetsbaren", "ja", "nee", "vrijwillig", 0),
    ("Maatjesproject", 0, "volwassenen", "ja", "nee", "subsidie", 30),
    ("Repaircafé", 0, "volwassenen", "ja", "nee", "vrijwillig", 0),
    ("Huiswerkklas", 1, "jongeren", "ja", "nee", "subsidie", 20),
    ("Jongerencoach", 1, "jongeren", "ja", "nee", "jeugdwet subsidie", 25),
    ("Budgetspreekuur", 1, "volwassenen", "ja", "nee", "participatiewet", 0),
    ("Ouderenadviseur", 1, "ouderen_en_kwetsbaren", "ja", "nee", "wmo", 0),
    ("Mantelzorgsteunpunt", 1, "ouderen_en_kwetsbaren", "nee", "nee", "wmo", 40),
    ("Dagbesteding", 2, "ouderen_en_kwetsbaren", "nee", "ja", "wmo", 12),
    ("Ambulante begeleiding", 2, "volwassenen", "nee", "ja", "wmo", 15),
    ("Gezinsbehandeling", 2, "jongeren", "nee", "ja", "jeugdwet", 10),
)


def write_aanbod(rng: np.random.Generator, sender: Sender, addresses: pl.DataFrame) -> None:
    """Writes every delivery of one gemeente: the state of the supply on its day."""
    services = [_service(rng, sender, addresses, number) for number in range(_count(sender))]
    for month in sender.time.months:
        today = month.replace(day=DAY)
        given = [service for begin, service in services if begin <= today]
        given = [service | {"assured_date": str(_checked(number, today))} for number, service in enumerate(given)]
        wrong = given[: min(round(len(given) * sender.faults_pct / 100), int(len(given) * MOST))]
        june_31 = {"assured_date": "2022-06-31", "service_at_locations": []}
        given += [service | june_31 | {"id": _id(service["id"], "fout")} for service in wrong]
        pages = [given[start : start + PER_PAGE] for start in range(0, len(given), PER_PAGE)]
        files = {
            f"services-{number:04d}.json": _page(part, number, len(pages), len(given))
            for number, part in enumerate(pages, 1)
        }
        records = sum(max(len(service["service_at_locations"]), 1) for service in given)
        last = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        sender.send("aanbod", today, files, records=records, period=(month, last))


def _count(sender: Sender) -> int:
    return max(sender.gemeente.totaal["a_inw"] // RESIDENTS_PER_SERVICE, LEAST)


def _id(*parts: object) -> str:
    """An identifier that is the same in every delivery."""
    return str(uuid5(NAMESPACE_URL, "/".join(map(str, ("meerdoen-demo", *parts)))))


def _checked(number: int, today: date) -> date:
    """Most are checked in the half year before; every eighth long ago."""
    days = 400 + number if number % 8 == 7 else number * 23 % 180
    return today - timedelta(days=days)


def _page(services: list[dict], number: int, pages: int, items: int) -> bytes:
    about = {"total_items": items, "total_pages": pages, "page_number": number, "size": len(services)}
    about |= {"first_page": number == 1, "last_page": number == pages, "empty": not services}
    return json.dumps(about | {"contents": services}, ensure_ascii=False).encode()


def _service(rng: np.random.Generator, sender: Sender, addresses: pl.DataFrame, number: int) -> tuple[date, dict]:
    """The day on which a service begins, and the service in full, as HSDS nests it."""
    code, time = sender.gemeente.code, sender.time
    kind, lijn, programma, free, indication, paid, places = KINDS[number % len(KINDS)]
    organisation = number % max(_count(sender) // 4, 1)
    # Most were there before; the others begin somewhere in the months of the demo.
    begin = date(2019, 1, 1) if rng.random() < 0.8 else time.months[int(rng.integers(len(time.months)))]
    where = rng.random()
    # An address, now and then two; else the whole wijk; else the whole gemeente.
    count = 2 if where < 0.05 else 1 if where < 0.8 else 0
    found = addresses.filter("bij_cbs")[np.unique(rng.integers(0, int(addresses.get_column("bij_cbs").sum()), count))]
    wijken = sender.gemeente.wijken.get_column("code").to_list()
    area = [code] if count or where > 0.9 else [wijken[int(rng.integers(len(wijken)))]]
    terms = {"lijn": str(lijn), "deelprogramma": programma, "vrij_toegankelijk": free, "indicatie_nodig": indication}
    attributes = [_attribute(code, number, name, value) for name, value in terms.items()]
    attributes += [_attribute(code, number, "financiering", value) for value in paid.split()]
    if places:
        attributes.append({"id": _id(code, number, "capaciteit"), "taxonomy_term": {"taxonomy": "capaciteit"}})
        attributes[-1]["value"] = str(places + number % 5)
    return begin, {
        "id": _id(code, number),
        "name": f"{kind} {number // len(KINDS) + 1}",
        "status": "active" if number % 15 else "inactive",
        "organization": {
            "id": _id(code, "organisatie", organisation),
            "name": f"Stichting {sender.gemeente.naam} {organisation + 1} (demo)",
            "description": "Verzonnen voor de demo.",
        },
        "service_areas": [{"id": _id(code, number, a), "extent": a, "extent_type": "text"} for a in area],
        "attributes": attributes,
        "service_at_locations": [
            _place(code, number, *row) for row in found.select("straatnaam", "huisnummer", "postcode").iter_rows()
        ],
    }


def _attribute(code: str, number: int, taxonomy: str, term: str) -> dict:
    """A taxonomy term of a service."""
    found = {"id": _id(taxonomy, term), "code": term, "name": term, "taxonomy": taxonomy}
    return {"id": _id(code, number, taxonomy, term), "taxonomy_term": found}


def _place(code: str, number: int, street: str, house: int, postcode: str) -> dict:
    address = {"id": _id(code, postcode, house), "address_1": f"{street} {house}", "postal_code": postcode}
    address |= {"city": "demo", "state_province": "", "country": "NL", "address_type": "physical"}
    location = {"id": _id(code, postcode, house, "plek"), "location_type": "physical", "addresses": [address]}
    return {"id": _id(code, number, postcode, house), "location": location}
