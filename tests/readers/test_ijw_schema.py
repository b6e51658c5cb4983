"""Messages that nobody here wrote go through: minimal and maximal instances, built by walking the schemas of iJw 3.2.

The other way round the demo's own messages are valid by the schemas of both standards. The schemas are read from
../shared, which is not ours to copy.
"""

import re
import zipfile
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]  lxml has no stubs

from assets.demo.make import DemoOptions, make_demo
from assets.readers.xml_messages import ELEMENTS
from tests.making.desk import Desk
from tests.making.town import Town, bsn
from validations.contracts.jeugdzorg import MESSAGES
from validations.language.codelists import codes
from validations.language.judge import judge

SPECS = Path(__file__).parents[3] / "shared" / "specs"
pytestmark = pytest.mark.skipif(not SPECS.is_dir(), reason="../shared is absent")
XS = "{http://www.w3.org/2001/XMLSchema}"
KINDS = ("301", "305", "307")
# A text that fits a pattern, for those that ask for more than any text.
TEXTS = {
    "[0-9]{4}": "0988",
    "[0-9]{8}": "42420001",
    "[0-9]{9}": bsn(3),
    "[0-9]*": "0612345678",
    "([a-zA-ZÀ-ỳ])+": "AB",
    r"(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)": "1.0.0",
}
# Where the schema allows any date, the order of dates must still make sense.
DATES = {"Einddatum": "2021-06-30"}


def bare(path: Path) -> bytes:
    """The document without the heading that some copies carry."""
    content = path.read_bytes()
    return content[content.index(b"<?xml") :].rstrip()


class Schemas:
    """The schemas of one standard in a folder of their own, as they import each other."""

    def __init__(self, standard: str, prefix: str, folder: Path) -> None:
        for path in SPECS.joinpath(standard).glob("*.xsd"):
            folder.joinpath(path.name).write_bytes(bare(path))
        self.folder, self.prefix = folder, prefix
        self.base = etree.parse(folder / "basisschema.xsd").getroot()

    def file(self, kind: str) -> Path:
        return self.folder / f"{self.prefix.upper()}{kind}.xsd"

    def faults(self, kind: str, message: bytes) -> list[str]:
        schema = etree.XMLSchema(etree.parse(self.file(kind)))
        schema.validate(etree.fromstring(message))
        return [str(fault) for fault in schema.error_log]


class Walk:
    """Builds a message from the types of a schema: with every optional element or with none, and repeated or not.

    `turn` chooses the value of an enumeration; `choose` says which value an element gets that has a meaning of its own.
    """

    def __init__(self, schemas: Schemas, kind: str, *, full: bool, turn: int, choose: dict[str, str]) -> None:
        self.root = etree.parse(schemas.file(kind)).getroot()
        self.base, self.full, self.turn, self.choose = schemas.base, full, turn, choose

    def message(self) -> bytes:
        element = self.element(self.root.find(f"{XS}element"), self.root)
        return etree.tostring(element, xml_declaration=True, encoding="UTF-8")

    def element(self, node, schema):
        made = etree.Element(f"{{{schema.get('targetNamespace')}}}{node.get('name')}")
        simple = node.find(f"{XS}simpleType")
        if simple is not None:
            made.text = self.text(node.get("name"), simple, schema)
            return made
        kind, home = self.find(node.get("type"), schema)
        assert kind is not None
        if kind.tag == f"{XS}simpleType":
            made.text = self.text(node.get("name"), kind, home)
            return made
        for child in kind.find(f"{XS}sequence"):
            optional = child.get("minOccurs") == "0"
            if optional and not self.full:
                continue
            twice = self.full and child.get("maxOccurs") == "unbounded"
            for _ in range(2 if twice else 1):
                made.append(self.element(child, home))
        return made

    def find(self, name: str, schema):
        """The type of a name with a prefix, and the schema that it lies in; None for a type of XML Schema itself."""
        prefix, _, local = name.partition(":")
        if schema.nsmap[prefix] == XS[1:-1]:
            return None, schema
        home = self.root if schema.nsmap[prefix] == self.root.get("targetNamespace") else self.base
        found = [node for node in home if node.get("name") == local and node.tag.endswith("Type")]
        return found[0], home

    def text(self, element: str, simple, schema) -> str:
        if element in self.choose:
            return self.choose[element]
        restriction = simple.find(f"{XS}restriction")
        facets: dict[str, list[str]] = {}
        for facet in restriction:
            facets.setdefault(facet.tag.removeprefix(XS), []).append(facet.get("value"))
        if values := facets.get("enumeration"):
            return values[self.turn % len(values)]
        patterns = facets.get("pattern", [])
        if patterns and patterns[0] in TEXTS:
            return TEXTS[patterns[0]]
        if patterns and patterns[0].isdigit():
            return patterns[0]
        kind, home = self.find(restriction.get("base"), schema)
        if kind is not None:
            return self.text(element, kind, home)
        base = restriction.get("base").split(":")[1]
        if base == "date":
            return DATES.get(element, "2021-01-31")
        if base == "time":
            return "12:00:00"
        if base in ("integer", "int", "nonNegativeInteger", "decimal"):
            return facets.get("minInclusive", ["1"])[0] if not self.full else facets.get("maxInclusive", ["1"])[0]
        longest = int(facets.get("maxLength", ["10"])[0])
        shortest = int(facets.get("minLength", ["1"])[0])
        return "Z" * (min(longest, 12) if self.full else max(shortest, 1))


@pytest.fixture(scope="module")
def ijw(tmp_path_factory: pytest.TempPathFactory) -> Schemas:
    return Schemas("ijw-3.2", "jw", tmp_path_factory.mktemp("ijw"))


def sensible(kind: str, turn: int) -> dict[str, str]:
    """Values that the schema leaves free and a rule asks for: those of TR…, COD467 and the product code list."""
    status = {"StatusAanlevering": ("1", "3")[turn % 2]}
    # Reason 13 asks for an end on the first day, which other turns do not have.
    reason = codes("JZ002")[turn % 14].code
    end = "2021-01-31" if reason == "13" else "2021-06-30"
    allocation = {"RedenWijziging": reason, "Einddatum": end}
    return {"Code": "45A01", "Huisnummer": "12"} | (allocation if kind == "301" else status)


@pytest.mark.parametrize("full", [False, True], ids=["minimal", "maximal"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_message_built_from_the_schema_is_read_and_breaks_no_rule(
    ijw: Schemas, tmp_path: Path, kind: str, full: bool
):
    turns = range(24)
    messages = {turn: Walk(ijw, kind, full=full, turn=turn, choose=sensible(kind, turn)).message() for turn in turns}
    assert {turn: ijw.faults(kind, message) for turn, message in messages.items() if ijw.faults(kind, message)} == {}
    result = Desk(tmp_path).read("jeugdzorg", {f"{turn:02d}.xml": message for turn, message in messages.items()})
    frame = result.frames["jeugdzorg_berichten"]
    assert result.faults == []
    assert frame.height == len(turns) * (2 if full else 1)
    assert frame.get_column("gemeentecode").unique().to_list() == ["0988"]
    assert frame.get_column("bsn").unique().to_list() == [bsn(3)]
    origin = (pl.lit("GM0988").alias("leverancier"), pl.lit(date(2022, 1, 1)).alias("leverdatum"))
    found = judge(MESSAGES, frame.with_columns(origin)).uitval
    # A start or stop with neither number nor product is allowed by the schema and can belong to nothing.
    expected = {"JZ-38"} if kind != "301" and not full else set()
    assert set(found.get_column("regel_id")) == expected
    if full:
        of_kind = {name for name in ELEMENTS if frame.get_column(name).null_count() == 0}
        assert {"toewijzingnummer", "categorie", "productcode", "ingangsdatum"} <= of_kind
        categories = {value.code for value in codes("JZ020")}
        assert set(frame.get_column("categorie")) == categories
    if kind == "307":
        assert set(frame.get_column("reden_beeindiging")) == {value.code for value in codes("JZ588")}


def test_the_code_lists_are_those_of_the_schema(ijw: Schemas):
    for name, codelist in (("ProductCategorie", "JZ020"), ("RedenBeeindiging", "JZ588"), ("RedenWijziging", "JZ002")):
        (kind,) = (node for node in ijw.base if node.get("name") == f"LDT_{name}")
        values = {facet.get("value") for facet in kind.iter(f"{XS}enumeration")}
        assert values == {code.code for code in codes(codelist)}, codelist


def test_a_message_of_the_other_standard_is_no_message_of_this_one(ijw: Schemas, tmp_path: Path):
    message = Walk(ijw, "301", full=False, turn=0, choose=sensible("301", 0)).message()
    assert Desk(tmp_path).read("jeugdzorg", {"a.xml": message}).faults == []
    assert [fault.rule_id for fault in Desk(tmp_path).read("wmo", {"a.xml": message}).faults] == ["LEV-21"]


def test_the_messages_of_the_demo_are_valid(ijw: Schemas, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory):
    town = Town(tmp_path, ("GM0765",))
    make_demo(town.settings, DemoOptions(gemeenten=("GM0765",), inwoners=1500, maanden=3, tot="2021-12", fouten_pct=0))
    iwmo = Schemas("iwmo-3.2", "wmo", tmp_path_factory.mktemp("iwmo"))
    for bron, schemas in (("wmo", iwmo), ("jeugdzorg", ijw)):
        seen = set()
        for path in sorted((tmp_path / "landing" / "GM0765" / bron).rglob("*.zip")):
            with zipfile.ZipFile(path) as archive:
                for name in archive.namelist():
                    kind = re.sub(r"\D", "", name.split("_")[0])
                    assert schemas.faults(kind, archive.read(name)) == [], name
                    seen.add(kind)
        assert seen == set(KINDS)
