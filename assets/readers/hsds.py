"""Reads Open Referral HSDS 3.0: pages of services, organizations, locations and service_at_locations, as JSON.

An object may stand in its own list or nested in another, as full pages have it: both are read, and put together by id.
Contacts, telephone numbers, e-mail addresses and descriptions are never read.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

import polars as pl

from assets.readers import Fault
from assets.readers.files import decode
from assets.readers.json_records import STRICT, TwiceOrNoNumberError
from validations.language.delivery import DeliveryError

# List in the API, and what an object of it is called where it is nested.
LISTS = {
    "organizations": "organization",
    "services": "service",
    "locations": "location",
    "service_at_locations": "service_at_location",
}
# The house number closes the address line: `Plein 1944 12-14`, `Dorpsstraat 3 bis`.
HOUSE_NUMBER = re.compile(r"\s(\d{1,5})\s?[A-Za-z]{0,4}(?:-\w{1,5})?$")
AREA_CODE = re.compile(r"(GM|WK|BU)[0-9A-Z]+")

Objects = Mapping[str, dict[str, dict]]


class _TwoReadingsError(ValueError):
    """Something that may be there once is there twice with two values; says what, and no value."""


def read_hsds(
    files: Iterable[tuple[str, bytes]], own: tuple[str, ...], terms: tuple[str, ...]
) -> tuple[pl.DataFrame, list[Fault]]:
    """One row per service and place where it is given (none: one row), as text, plus bestand and regel.

    `own`: the columns of HSDS itself (see `_row`); `terms`: taxonomies whose codes, or values, are columns too: of
    several the codes side by side. regel is the number of the service in its page. Raises DeliveryError for a file
    that is no page, and for pages that say there are more; an object without id becomes a fault.
    """
    objects: Objects = {name: {} for name in LISTS}
    read, faults = _kept(files, objects)
    places = defaultdict(list)
    for link in objects["service_at_locations"].values():
        places[link.get("service_id")].append(link)
    rows = []
    for name, number, service in read:
        try:
            found = [_row(service, objects, link, own, terms) for link in places[service["id"]] or [{}]]
        except _TwoReadingsError as error:
            faults.append(Fault(name, number, "LEV-63", str(error)))
            continue
        except (KeyError, TypeError, AttributeError):
            faults.append(Fault(name, number, "LEV-42"))
            continue
        rows += [[*row, name, number] for row in found]
    schema = dict.fromkeys([*own, *terms, "bestand"], pl.String) | {"regel": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row"), faults


def _kept(files: Iterable[tuple[str, bytes]], objects: Objects) -> tuple[list[tuple[str, int, dict]], list[Fault]]:
    """Puts what is on the pages in `objects`; gives file, number and object of each service, and what has no id."""
    faults: list[Fault] = []
    read: list[tuple[str, int, dict]] = []
    pages: dict[str, list[dict]] = defaultdict(list)
    for name, content in files:
        kind = re.sub(r"[-_]?\d*\.json$", "", name.rsplit("/", 1)[-1])
        if kind not in LISTS:
            raise DeliveryError("LEV-41", name)
        page = _page(name, content)
        pages[kind].append(page)
        for number, item in enumerate(page["contents"], 1):
            try:
                _keep(objects, LISTS[kind], item)
            except (KeyError, TypeError, AttributeError):
                faults.append(Fault(name, number, "LEV-42"))
                continue
            if kind == "services":
                read.append((name, number, item))
    for kind, of_kind in pages.items():
        _all_came(kind, of_kind)
    return read, faults


def _page(name: str, content: bytes) -> dict:
    try:
        page = json.loads(decode(name, content, long_lines=True), **STRICT)
        items = page["contents"]
    except TwiceOrNoNumberError:
        raise DeliveryError("LEV-46", name) from None
    except (ValueError, KeyError, TypeError, RecursionError):
        raise DeliveryError("LEV-41", name) from None
    if not isinstance(items, list):
        raise DeliveryError("LEV-41", name)
    return page


def _all_came(kind: str, pages: list[dict]) -> None:
    """Raises DeliveryError LEV-65 where the pages of a list say that there are other pages, or other objects.

    HSDS requires none of these fields: what is not told is not asked.
    """
    totals = {
        field: {page[field] for page in pages if type(page.get(field)) is int}
        for field in ("total_items", "total_pages", "page_number")
    }
    came = {
        "total_items": (sum(len(page["contents"]) for page in pages), "objecten"),
        "total_pages": (len(pages), "pagina's"),
    }
    for field, (count, called) in came.items():
        # A list without objects may have no page, or one.
        if totals[field] and {max(total, field == "total_pages") for total in totals[field]} != {count}:
            raise DeliveryError("LEV-65", kind, detail=f"{count} {called} van {max(totals[field])}.")
    numbers = totals["page_number"]
    if numbers and numbers != set(range(1, len(pages) + 1)):
        raise DeliveryError("LEV-65", kind, detail="Een pagina ontbreekt, of is er twee keer.")
    if not totals["total_pages"] and {page.get("last_page") for page in pages} == {False}:
        raise DeliveryError("LEV-65", kind, detail="De laatste pagina ontbreekt.")


def _keep(objects: Objects, kind: str, item: dict, service: str | None = None) -> str:
    """Puts an object and those nested in it in `objects`; gives its id. Raises TypeError and such."""
    identity = item["id"]
    if not isinstance(identity, str) or not identity:
        raise TypeError
    found = dict(item)
    for nested in ("organization", "location", "service"):
        if item.get(nested):
            found[f"{nested}_id"] = _keep(objects, nested, item[nested])
    if kind == "service_at_location" and service:
        found["service_id"] = service
    for link in item.get("service_at_locations") or []:
        _keep(objects, "service_at_location", link, identity)
    kept = objects[f"{kind}s"].setdefault(identity, {})
    # The fuller version of an object that is told twice.
    kept |= {field: value for field, value in found.items() if value not in (None, "", [])}
    return identity


def _row(service: dict, objects: Objects, link: dict, own: tuple[str, ...], terms: tuple[str, ...]) -> list[str | None]:
    service = objects["services"][service["id"]]
    organization = objects["organizations"].get(service.get("organization_id", ""), {})
    location = objects["locations"].get(link.get("location_id", ""), {})
    address = _of_the_building(location.get("addresses") or [])
    number = HOUSE_NUMBER.search(" " + (address.get("address_1") or "").strip())
    # HSDS 3.0 requires the identifier, not its scheme.
    identifiers: dict[str | None, str] = {}
    for item in organization.get("organization_identifiers") or []:
        scheme = item.get("identifier_scheme")
        if identifiers.setdefault(scheme, item["identifier"]) != item["identifier"] and scheme:
            raise _TwoReadingsError("de organisatie heeft twee nummers van dezelfde soort")
    values = {
        "dienst_id": service["id"],
        "naam": service.get("name"),
        "status": service.get("status"),
        "laatst_gecontroleerd": service.get("assured_date"),
        "organisatie_id": organization.get("id") or service.get("organization_id"),
        "organisatie": organization.get("name"),
        "kvk": identifiers.get("NL-KVK"),
        "agb": identifiers.get("NL-AGB"),
        "locatie_id": location.get("id") or link.get("location_id"),
        "postcode": address.get("postal_code"),
        "huisnummer": number.group(1) if number else None,
        "werkgebied": " ".join(_areas(service)),
    }
    attributes = defaultdict(list)
    for attribute in service.get("attributes") or []:
        term = attribute.get("taxonomy_term") or {}
        attributes[term.get("taxonomy")].append(attribute.get("value") if term.get("code") is None else term["code"])
    values |= {name: " ".join(str(value).strip() for value in attributes[name] if value is not None) for name in terms}
    return [_text(values[name]) for name in (*own, *terms)]


def _of_the_building(addresses: list[dict]) -> dict:
    """The address where people come: the physical one, else one of no kind; a PO box places nothing.

    Raises _TwoReadingsError where there are two of them, in two places.
    """
    for wanted in ("physical", None):
        found = [item for item in addresses if (item.get("address_type") or None) == wanted]
        if len({(item.get("postal_code"), item.get("address_1")) for item in found}) > 1:
            raise _TwoReadingsError("een locatie heeft twee bezoekadressen")
        if found:
            return found[0]
    return {}


def _areas(service: dict) -> Iterator[str]:
    """The area codes of CBS where a service is given; free text and geometries tell none."""
    for area in service.get("service_areas") or []:
        extent = area.get("extent") or ""
        if area.get("extent_type") == "text" and AREA_CODE.fullmatch(extent.strip()):
            yield extent.strip()


def _text(value: object) -> str | None:
    """A value as text; what is neither text nor number is not of this form."""
    if value is None or isinstance(value, str):
        # JSON can write half a character (a lone surrogate), which no table can hold.
        return (value or "").encode("utf-8", "replace").decode().strip() or None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError
    return str(value)
