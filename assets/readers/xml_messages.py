"""Reads iStandaarden messages (iWmo, iJw): one message per file, one row per product in the message.

Knows the shape that the messages share (Header, Client, products); which standard, which messages and which elements
is said by the registration. Names, contacts and remarks are never read.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl
from lxml import etree

from assets.readers import Fault
from validations.contracts.delivery import DeliveryError

# A message of this size does not exist; it bounds what one entry of a zip can cost.
MAX_MESSAGE = 50 * 2**20


@dataclass(frozen=True)
class Message:
    """One kind of message: its BerichtCode, the element that repeats, and whether the gemeente sends it."""

    kind: str
    code: str
    product: str
    from_gemeente: bool


def read_messages(
    files: Iterable[tuple[str, bytes]],
    namespace: str,
    messages: tuple[Message, ...],
    elements: dict[str, tuple[str, ...]],
) -> tuple[pl.DataFrame, list[Fault]]:
    """Rows as text: bericht, gemeentecode, aanbieder, header, client and product values, plus bestand and regel.

    `namespace` is the standard's prefix of namespaces, version included (`http://www.istandaarden.nl/iwmo/3_2/`).
    `elements` gives for each column the elements of a product that can hold it (paths of local names, first one wins).
    A message that is broken, of another version or of another code becomes a fault; a DOCTYPE or entity refuses the
    delivery (DeliveryError).
    """
    by_code = {message.code: message for message in messages}
    columns = ["bericht", "gemeentecode", "aanbieder", "bericht_identificatie", "dagtekening", "bsn", "geslacht"]
    columns += ["postcode", "huisnummer", *elements, "bestand", "regel"]
    rows: list[list] = []
    faults: list[Fault] = []
    for name, content in files:
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
            raise DeliveryError("LEV-11", name)
        if len(content) > MAX_MESSAGE:
            raise DeliveryError("LEV-10", name)
        # A parser cannot be used twice after a broken document; making one costs 20 microseconds.
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        try:
            root = etree.fromstring(content, parser)
        except etree.XMLSyntaxError as error:
            faults.append(Fault(name, error.lineno, "LEV-20"))
            continue
        if root.getroottree().docinfo.doctype:
            raise DeliveryError("LEV-11", name)
        space, _, local = root.tag[1:].partition("}")
        header = _child(root, "Header")
        message = by_code.get(_text(header, "BerichtCode") or "")
        if not space.startswith(namespace) or local != "Bericht" or message is None:
            faults.append(Fault(name, root.sourceline, "LEV-21"))
            continue
        found = list(_rows(name, root, header, message, elements))
        rows.extend(found)
        if not found:
            faults.append(Fault(name, root.sourceline, "LEV-20"))
    schema = {column: pl.Int64 if column == "regel" else pl.String for column in columns}
    return pl.DataFrame(rows, schema=schema, orient="row"), faults


def _rows(name: str, root, header, message: Message, elements: dict[str, tuple[str, ...]]) -> Iterable[list]:
    client = _child(root, "Client")
    sender, receiver = _text(header, "Afzender"), _text(header, "Ontvanger")
    gemeente, aanbieder = (sender, receiver) if message.from_gemeente else (receiver, sender)
    postcode, huisnummer = _address(client)
    shared = [
        message.kind,
        gemeente,
        aanbieder,
        _text(header, "BerichtIdentificatie", "Identificatie"),
        _text(header, "BerichtIdentificatie", "Dagtekening"),
        _text(client, "Bsn"),
        _text(client, "Geslacht"),
        postcode,
        huisnummer,
    ]
    if client is None:
        return
    for product in client.iter("{*}" + message.product):
        values = [
            next(filter(None, (_text(product, *path.split("/")) for path in paths)), None)
            for paths in elements.values()
        ]
        yield [*shared, *values, name, product.sourceline]


def _address(client) -> tuple[str | None, str | None]:
    """Postcode and house number of contact kind 01 (BRP), else 03 (residence); COD757."""
    found = {}
    contacts = _child(client, "Contactgegevens")
    for contact in contacts if contacts is not None else ():
        address = _child(contact, "Adres")
        found[_text(contact, "Soort")] = (_text(address, "Postcode"), _text(address, "Huis", "Huisnummer"))
    return found.get("01") or found.get("03") or (None, None)


def _child(element, name: str):
    return element.find("{*}" + name) if element is not None else None


def _text(element, *path: str) -> str | None:
    for name in path:
        element = _child(element, name)
    if element is None or element.text is None:
        return None
    return element.text.strip() or None
