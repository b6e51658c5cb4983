"""Reads iStandaarden messages (iWmo, iJw): one message per file, one row per product in the message.

Knows the shape that the messages share (Header, Client, products); which standard, which messages and which elements
is said by the registration. Names, contacts and remarks are never read.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache

import polars as pl
from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]  lxml has no stubs

from assets.readers import Fault
from validations.language.delivery import DeliveryError
from validations.language.texts import mask_person_numbers

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
# So many rows are held as Python lists, which take ten times the room of a frame.
PART = 20_000
HEADER = ("BerichtCode", "Afzender", "Ontvanger", "Identificatie", "Dagtekening")
ADDRESS = ("Soort", "Postcode", "Huisnummer")

# Behind the name of the standard: its version, and the message (3_2/wmo302/schema).
_OTHER_KIND = re.compile(r"\d+_\d+/[a-z]{2,3}(\d{3})/")
_HEADER = re.compile(rb"<(?:[\w.-]+:)?Header[\s>]")
_CODE = re.compile(rb"<(?:[\w.-]+:)?BerichtCode>\s*(\d{1,3})\s*<")
# As LDT_Identificatie bounds it; a name has no digits.
_IDENTITY = re.compile(rb"<(?:[\w.-]+:)?Identificatie>\s*(?=[^<]*\d)([0-9A-Za-z-]{1,12})\s*<")
_ERRORS = etree.ErrorTypes
_REASONS = {
    (_ERRORS.ERR_DOCUMENT_EMPTY, _ERRORS.ERR_DOCUMENT_START): "geen XML: het begint niet met een element",
    (_ERRORS.ERR_TAG_NAME_MISMATCH,): "een element sluit niet met zijn eigen naam",
    (_ERRORS.ERR_TAG_NOT_FINISHED, _ERRORS.ERR_GT_REQUIRED): "het breekt hier af",
    (_ERRORS.ERR_DOCUMENT_END,): "er staat iets na het einde",
    (_ERRORS.ERR_INVALID_CHAR, _ERRORS.ERR_INVALID_ENCODING, _ERRORS.ERR_UNKNOWN_ENCODING): "een teken dat niet mag",
    (_ERRORS.ERR_ENTITYREF_NO_NAME, _ERRORS.ERR_NAME_REQUIRED, _ERRORS.ERR_ENTITYREF_SEMICOL_MISSING): (
        "een & of < die geen teken of element is"
    ),
    (_ERRORS.ERR_UNDECLARED_ENTITY, _ERRORS.WAR_UNDECLARED_ENTITY): "een entiteit die niet bestaat",
    (_ERRORS.NS_ERR_UNDEFINED_NAMESPACE,): "een voorvoegsel zonder namespace",
}


@dataclass(frozen=True)
class Message:
    """One kind of message: its BerichtCode, the element that repeats, and whether the gemeente sends it."""

    kind: str
    code: str
    product: str
    from_gemeente: bool


class _TwoReadingsError(Exception):
    """An element that the standard has once is there twice with two values; says which, and no value."""

    def __init__(self, what: str, line: int) -> None:
        super().__init__(what)
        self.line = line


def read_messages(
    files: Iterable[tuple[str, bytes]],
    namespace: str,
    messages: tuple[Message, ...],
    elements: dict[str, tuple[str, ...]],
    others: Collection[str],
) -> tuple[pl.DataFrame, list[Fault], list[Fault]]:
    """Rows as text, what could not be read, and what is another message of the standard: told, and left out.

    The rows: bericht, gemeentecode, aanbieder, header, client and product values, plus bestand and regel.
    `others`: the codes of those other messages; `namespace` is the standard's prefix of namespaces, version included (`http://www.istandaarden.nl/iwmo/3_2/`).
    `elements` gives for each column the elements of a product that can hold it (local names, the first one wins).
    A message that is broken, of another version or code, or says one thing twice becomes a fault; a DOCTYPE or entity
    refuses the delivery (DeliveryError).
    """
    by_code, kinds = {message.code: message for message in messages}, {message.kind for message in messages}
    standard = namespace.rsplit("/", 2)[0] + "/"
    columns = ["bericht", "gemeentecode", "aanbieder", "bericht_identificatie", "dagtekening", "bsn", "geslacht"]
    columns += ["postcode", "huisnummer", *elements, "bestand", "regel"]
    rows: list[list] = []
    parts: list[pl.DataFrame] = []
    faults: list[Fault] = []
    left: list[Fault] = []
    parser = _parser()
    for name, content in files:
        # Without NUL bytes UTF-16 and UTF-32 read as ASCII here.
        plain = content.replace(b"\x00", b"")
        # One character is found ten times as fast as a word.
        if b"!" in plain and (b"<!DOCTYPE" in plain or b"<!ENTITY" in plain):
            raise DeliveryError("LEV-11", name)
        # Blank lines before <?xml are a habit of programs that join texts; the parser refuses them.
        blank = len(content) - len(content.lstrip(b" \t\r\n"))
        above = content.count(b"\n", 0, blank)
        try:
            root = etree.fromstring(content[blank:], parser)
        except etree.XMLSyntaxError as error:
            # A parser cannot be used twice after a broken document.
            parser = _parser()
            where = "; ".join(filter(None, (_reason(error), _known_by(plain))))
            faults.append(Fault(name, (error.lineno or 1) + above, "LEV-20", where, _headers(plain)))
            continue
        if root.getroottree().docinfo.doctype:
            raise DeliveryError("LEV-11", name)
        space, _, local = root.tag[1:].partition("}")
        code = (root.findtext(f"{{{space}}}Header/{{{space}}}BerichtCode") or "").strip()
        message = by_code.get(code)
        kind = _OTHER_KIND.match(space.removeprefix(standard)) if space.startswith(standard) else None
        if local == "Bericht" and kind and message is None and (code in others or kind[1] not in kinds):
            what = f"berichtcode {code}" if code in others else f"bericht {kind[1]}"
            left.append(Fault(name, None, "LEV-58", what))
            continue
        if not space.startswith(namespace) or local != "Bericht" or message is None:
            faults.append(Fault(name, root.sourceline, "LEV-21", _known_by(plain), rows=_headers(plain)))
            continue
        try:
            found = list(_rows(name, root, message, elements))
        except _TwoReadingsError as error:
            what = "; ".join(filter(None, (str(error), _known_by(plain))))
            faults.append(Fault(name, error.line, "LEV-63", what))
            continue
        rows.extend(found)
        if len(rows) >= PART:
            parts.append(_frame(rows, columns))
            rows.clear()
        if not found:
            what = f"bericht {message.kind} zonder {message.product}; {_known_by(plain) or ''}".removesuffix("; ")
            faults.append(Fault(name, root.sourceline, "LEV-20", what))
    return pl.concat([*parts, _frame(rows, columns)]), faults, left


def _frame(rows: list[list], columns: list[str]) -> pl.DataFrame:
    # By column: polars takes twice as long over rows.
    values = zip(*rows, strict=True) if rows else [[]] * len(columns)
    schema = {column: pl.Int64 if column == "regel" else pl.String for column in columns}
    return pl.DataFrame(dict(zip(columns, values, strict=True)), schema=schema)


def _parser():
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )


def _known_by(content: bytes) -> str | None:
    """What lets its owner find a message that could not be read: code and number of the first one in the file."""
    known = {"berichtcode": _CODE.search(content), "identificatie": _IDENTITY.search(content)}
    shown = (f"{what} {mask_person_numbers(found[1].decode())}" for what, found in known.items() if found)
    return ", ".join(shown) or None


def _headers(content: bytes) -> int:
    """How many messages there are in a file that could not be read: so many records are lost, and at least one."""
    return max(1, len(_HEADER.findall(content)))


def _reason(error) -> str:
    """Why the parser stopped, in words of ours: its own text can quote the message."""
    return next((why for names, why in _REASONS.items() if error.code in names), "geen geldige XML")


def _rows(name: str, root, message: Message, elements: dict[str, tuple[str, ...]]) -> Iterable[list]:
    space = root.tag[: root.tag.index("}") + 1]
    header, client = _leaves(_one(root, f"{space}Header"), HEADER), _one(root, f"{space}Client")
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
        _text(_one(client, f"{space}Bsn")),
        _text(_one(client, f"{space}Geslacht")),
        *_address(_one(client, f"{space}Contactgegevens")),
    ]
    asked = frozenset(leaf for leaves in elements.values() for leaf in leaves)
    # Nearly every column has one element that can hold it.
    leaves = [(first, others) for first, *others in elements.values()]
    for product in client.iter(space + message.product):
        found = _leaves(product, asked)
        values = [
            found[first]
            if first in found
            else next((found[other] for other in others if other in found), None)
            if others
            else None
            for first, others in leaves
        ]
        yield [*shared, *values, name, product.sourceline]


def _one(element, name: str):
    """The one part of that name, or the first of several that say the same; none where there is none."""
    # Ten times as fast as findall, which reads a path.
    first, *others = [*element.iterchildren(name)] or [None]
    for other in others:
        if etree.tostring(other, method="c14n", with_tail=False) != etree.tostring(
            first, method="c14n", with_tail=False
        ):
            raise _twice(other)
    return first


def _address(contacts) -> tuple[str | None, str | None]:
    """Postcode and house number of contact kind 01 (BRP), else 03 (residence); COD757."""
    found = {}
    for contact in contacts if contacts is not None else ():
        values = _leaves(contact, ADDRESS)
        # Not every contact has an address.
        if values.keys() & {"Postcode", "Huisnummer"}:
            found[values.get("Soort")] = (values.get("Postcode"), values.get("Huisnummer"))
    return found.get("01") or found.get("03") or (None, None)


def _leaves(element, asked: Collection[str]) -> dict[str, str]:
    """The texts under an element by local name, of the names that are `asked`: there a name stands for one value.

    Raises _TwoReadingsError where it does not.
    """
    found: dict[str, str] = {}
    for part in element.iter() if element is not None else ():
        name = _local(part.tag)
        if name in asked and (text := _text(part)) is not None and found.setdefault(name, text) != text:
            raise _twice(part)
    return found


def _text(element) -> str | None:
    """The text of an element; none where it is empty or absent. Raises _TwoReadingsError for text around elements."""
    if element is None:
        return None
    text = (element.text or "").strip()
    if len(element) and (text or any((part.tail or "").strip() for part in element)):
        raise _TwoReadingsError(f"{_called(element)} bevat tekst en elementen", element.sourceline)
    return text or None


def _twice(element) -> _TwoReadingsError:
    return _TwoReadingsError(f"{_called(element)} staat er meer dan één keer, niet gelijk", element.sourceline)


def _called(element) -> str:
    return _local(element.tag)


@lru_cache
def _local(tag: str) -> str:
    """The name of an element without its namespace; kept, for the same few come back in every message."""
    return tag.rpartition("}")[2]
