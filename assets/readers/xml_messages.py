"""Reads iStandaarden messages (iWmo, iJw): one message per file, one row per product in the message.

Knows the shape that the messages share (Header, Client, products); which standard, which messages and which elements
is said by the registration. Names, contacts and remarks are never read.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl
from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]  lxml has no stubs

from assets.readers import Fault
from validations.contracts.delivery import DeliveryError

# What the messages of iWmo and iJw have in a product: column, and the elements that can hold it.
ELEMENTS = {
    "toewijzingnummer": ("ToewijzingNummer",),
    "categorie": ("Categorie",),
    "productcode": ("Code",),
    "toewijzingsdatum": ("Toewijzingsdatum",),
    "ingangsdatum": ("Ingangsdatum", "ToewijzingIngangsdatum"),
    "begindatum": ("Begindatum",),
    "einddatum": ("Einddatum",),
    "reden_wijziging": ("RedenWijziging",),
    "reden_beeindiging": ("RedenBeeindiging",),
    "status_aanlevering": ("StatusAanlevering",),
    "omvang_eenheid": ("Eenheid",),
    "omvang_frequentie": ("Frequentie",),
}


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
    `elements` gives for each column the elements of a product that can hold it (local names, the first one wins).
    A message that is broken, of another version or of another code becomes a fault; a DOCTYPE or entity refuses the
    delivery (DeliveryError).
    """
    by_code = {message.code: message for message in messages}
    columns = ["bericht", "gemeentecode", "aanbieder", "bericht_identificatie", "dagtekening", "bsn", "geslacht"]
    columns += ["postcode", "huisnummer", *elements, "bestand", "regel"]
    rows: list[list] = []
    faults: list[Fault] = []
    for name, content in files:
        # Without NUL bytes UTF-16 and UTF-32 read as ASCII here.
        plain = content.replace(b"\x00", b"")
        if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
            raise DeliveryError("LEV-11", name)
        # A parser cannot be used twice after a broken document; making one costs 20 microseconds.
        parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            root = etree.fromstring(content, parser)
        except etree.XMLSyntaxError as error:
            faults.append(Fault(name, error.lineno, "LEV-20"))
            continue
        if root.getroottree().docinfo.doctype:
            raise DeliveryError("LEV-11", name)
        space, _, local = root.tag[1:].partition("}")
        message = by_code.get(_leaves(root.find(f"{{{space}}}Header")).get("BerichtCode", ""))
        if not space.startswith(namespace) or local != "Bericht" or message is None:
            faults.append(Fault(name, root.sourceline, "LEV-21"))
            continue
        found = list(_rows(name, root, message, elements))
        rows.extend(found)
        if not found:
            faults.append(Fault(name, root.sourceline, "LEV-20"))
    schema = {column: pl.Int64 if column == "regel" else pl.String for column in columns}
    return pl.DataFrame(rows, schema=schema, orient="row"), faults


def _rows(name: str, root, message: Message, elements: dict[str, tuple[str, ...]]) -> Iterable[list]:
    space = root.tag[: root.tag.index("}") + 1]
    header, client = _leaves(root.find(f"{space}Header")), root.find(f"{space}Client")
    sender, receiver = header.get("Afzender"), header.get("Ontvanger")
    gemeente, aanbieder = (sender, receiver) if message.from_gemeente else (receiver, sender)
    if client is None:
        return
    shared = [
        message.kind,
        gemeente,
        aanbieder,
        header.get("Identificatie"),
        header.get("Dagtekening"),
        client.findtext(f"{space}Bsn", "").strip() or None,
        client.findtext(f"{space}Geslacht", "").strip() or None,
        *_address(client.find(f"{space}Contactgegevens")),
    ]
    for product in client.iter(space + message.product):
        found = _leaves(product)
        values = [next((found[leaf] for leaf in leaves if leaf in found), None) for leaves in elements.values()]
        yield [*shared, *values, name, product.sourceline]


def _address(contacts) -> tuple[str | None, str | None]:
    """Postcode and house number of contact kind 01 (BRP), else 03 (residence); COD757."""
    found = {}
    for contact in contacts if contacts is not None else ():
        values = _leaves(contact)
        # Not every contact has an address.
        if values.keys() & {"Postcode", "Huisnummer"}:
            found[values.get("Soort")] = (values.get("Postcode"), values.get("Huisnummer"))
    return found.get("01") or found.get("03") or (None, None)


def _leaves(element) -> dict[str, str]:
    """The texts under an element by local name; a name stands for one value in the parts that are read so."""
    if element is None:
        return {}
    texts = ((part.tag.rpartition("}")[2], part.text) for part in element.iter("*"))
    return {name: text.strip() for name, text in texts if text and not text.isspace()}
