"""One hostile list through every name that comes from outside: it stays data, is told safely, and stops nobody else.

Each place takes one name, delivers it beside a sound delivery of the same registration, and gives that registration.
"""

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from assets.intake.asset import _messages, _state
from assets.intake.keys import load_keys
from assets.intake.pull import pull
from assets.record.delivery_record import load_records
from assets.record.records import Outcome
from assets.registrations.declaration import registrations
from tests.intake.test_doorbraakprojecten import PROJECT
from tests.making.hostile import HOSTILE, ON_DISK, tells_a_number
from tests.making.school_town import leerplicht_files
from tests.making.supply import page, service
from tests.making.town import WEERT, Town, brp_csv, bsn
from tests.making.workbooks import FIRST, HEADER, SECOND, fill, plain, saved
from tests.validations.contract_cases.leerplicht import ABSENT
from validations.language.texts import FORMULA

DAY, NOW = "2021-01-25", "2021-02-05"
BRP = brp_csv([{"bsn": number} for number in range(3)])


def leverancier(town: Town, name: str) -> str:
    town.deliver("brp", NOW, {"brp.csv": BRP}, leverancier=name)
    return "brp"


def leverdatum(town: Town, name: str) -> str:
    town.deliver("brp", name, {"brp.csv": BRP})
    return "brp"


def file(town: Town, name: str) -> str:
    town.deliver("brp", NOW, {f"{name}.csv": BRP.replace(";V;", ";?;", 1)})
    return "brp"


def refused_file(town: Town, name: str) -> str:
    town.deliver("brp", NOW, {f"{name}.csv": "geen;kop\n1;2\n"})
    return "brp"


def member(town: Town, name: str) -> str:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(f"{name}.csv", "geen;kop\n1;2\n")
    town.deliver("brp", NOW, {f"{ON_DISK.get(name, 'brp')[:60]}.zip": packed.getvalue()})
    return "brp"


def column(town: Town, name: str) -> str:
    header, rest = BRP.split("\n", 1)
    field = '"' + name.replace('"', '""') + '"'
    town.deliver("brp", NOW, {"brp.csv": f"{header};{field}\n{rest}"})
    return "brp"


def sheet(town: Town, name: str) -> str:
    book = plain()
    # What Excel lets a sheet be called: 31 characters, and not these.
    title = re.sub(r"[\\*?:/\[\]]", "(", name)[:31]
    fill(book.create_sheet(title), HEADER, FIRST, SECOND)
    town.deliver("leerlingenvervoer", NOW, {"lv.xlsx": saved(book)})
    return "leerlingenvervoer"


def column_of_a_sheet(town: Town, name: str) -> str:
    book = plain()
    book.worksheets[0].cell(1, len(HEADER) + 1, name.translate(dict.fromkeys(range(32))))
    town.deliver("leerlingenvervoer", NOW, {"lv.xlsx": saved(book)})
    return "leerlingenvervoer"


def json_key(town: Town, name: str) -> str:
    record = ABSENT | {"gemeentecode": "0988", "bsn": bsn(1), name: "x"}
    town.deliver("leerplicht", NOW, {"verzuim.json": json.dumps([record])})
    return "leerplicht"


def yaml_key(town: Town, name: str) -> str:
    town.deliver("doorbraakprojecten", NOW, {"p.yaml": yaml.safe_dump(PROJECT | {name: "x"}, allow_unicode=True)})
    return "doorbraakprojecten"


def promised_file(town: Town, name: str) -> str:
    manifest = json.dumps({"bestanden": [{"naam": name}], name: name})
    town.deliver("brp", NOW, {"brp.csv": BRP, "levering.json": manifest})
    return "brp"


def promised_field(town: Town, name: str) -> str:
    said = {name: name, "bronhouder": name, "periode": {"van": name, "tot": name}, "watermerk": [name, name]}
    town.deliver("brp", NOW, {"brp.csv": BRP}, promise=said)
    return "brp"


def area(town: Town, name: str) -> str:
    town.gebieden(2022, NOW)
    table = town.folder / "landing/NL/gebieden" / NOW / "wijk2022.csv"
    table.write_text("wijkcode2022;wijknaam2022\n" + f'098801;"{name.replace(chr(34), chr(34) * 2)}"\n098802;Wijk\n')
    return "gebieden"


def offered(town: Town, name: str) -> str:
    town.deliver("aanbod", NOW, {"services-0001.json": page(service("a") | {"name": name}, service("b"))})
    return "aanbod"


def project(town: Town, name: str) -> str:
    named = PROJECT | {"naam": name, "thema": name, "partners": [name, "Punt Welzijn"]}
    town.deliver("doorbraakprojecten", NOW, {"p.yaml": yaml.safe_dump(named, allow_unicode=True)})
    return "doorbraakprojecten"


PLACES: tuple[Callable[[Town, str], str], ...] = (
    leverancier,
    leverdatum,
    file,
    refused_file,
    member,
    column,
    sheet,
    column_of_a_sheet,
    json_key,
    yaml_key,
    promised_file,
    promised_field,
    area,
    offered,
    project,
)
ONLY_ON_DISK = (leverancier, leverdatum, file, refused_file)


def sound(town: Town, bron: str) -> None:
    """A delivery that is in order: of the registration, and of another."""
    town.brp([{"bsn": number} for number in range(3)], DAY)
    if bron in ("brp", "gebieden"):
        town.gebieden(2021, DAY)
        return
    files: dict[str, dict[str, str | bytes]] = {
        "leerlingenvervoer": {"lv.xlsx": saved(plain())},
        "leerplicht": leerplicht_files([{"persoon": 1}]),
        "aanbod": {"services-0001.json": page(service("b"))},
        "doorbraakprojecten": {"p.yaml": yaml.safe_dump(PROJECT)},
    }
    town.deliver(bron, DAY, files[bron])


NAMED = [
    pytest.param(place, name, id=f"{kind}-{place.__name__}")
    for place in PLACES
    for kind, name in (ON_DISK if place in ONLY_ON_DISK else HOSTILE).items()
]


@pytest.mark.parametrize(("place", "name"), NAMED)
def test_a_hostile_name_is_data_wherever_it_comes_in(town: Town, place: Callable[[Town, str], str], name: str):
    bron = place(town, name)
    sound(town, bron)
    before = contents(town.folder, "landing", "sleutels.json")
    outcome = town.take_in(bron)
    assert contents(town.folder, "landing", "sleutels.json") == before
    assert not list(town.folder.rglob("gekraakt"))
    assert not Path("gekraakt").exists()
    # What was good stays so, and the next registration goes on.
    assert DAY in {str(good.leverdatum) for good in outcome.accepted}
    assert town.take_in("gebieden" if bron == "brp" else "brp").accepted
    if place is leverancier:
        # What is hidden is not looked at (an upload that goes on).
        assert list(outcome.strange.values()) == ([] if name.startswith(".") else ["LEV-28"])
        assert {record.leverancier for record in outcome.records} == {WEERT}
    told_safely(outcome, name)
    kept_safely(town, outcome)


def contents(folder: Path, *names: str) -> dict[str, bytes]:
    files = [file for name in names for file in (folder / name, *(folder / name).rglob("*")) if file.is_file()]
    return {str(file): file.read_bytes() for file in files}


def told_safely(outcome: Outcome, name: str) -> None:
    """Logs, events and state hold no number, no mark that does something, and the name only where it is harmless."""
    for text in [*_messages(outcome), *(str(part) for part in _state(outcome)["vreemd"])]:
        assert text.isprintable()
        assert not tells_a_number(text)
        assert not set(text) & set("<>$`{}")
        assert name not in text or re.fullmatch(r"[\w .?-]+", name)


def kept_safely(town: Town, outcome: Outcome) -> None:
    """Paths of the kluis are our own words; records and reports hold no number; reports no markup and no formula."""
    kluis = town.folder / "kluis"
    for path in (str(file.relative_to(kluis)) for file in kluis.rglob("*")):
        assert re.fullmatch(r"[A-Za-z0-9_./-]+", path)
    for record in load_records(town.settings.kluis, outcome.bron).values():
        assert not any(tells_a_number(item.naam) for item in record.bestanden)
        assert not any(tells_a_number(fault.bestand + fault.toelichting) for fault in record.fouten)
    for page_of in kluis.rglob("rapport.html"):
        text = page_of.read_text()
        assert "<script" not in text
        assert not any(tells_a_number(code) for code in re.findall("<code>(.*?)</code>", text, re.DOTALL))
    for table in kluis.rglob("rapport.csv"):
        for row in csv.reader(io.StringIO(table.read_bytes().decode("utf-8-sig"), newline=""), delimiter=";"):
            assert not any(re.match(FORMULA, cell) or tells_a_number(cell) for cell in row)


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_name_of_a_connection_is_told_and_not_asked(town: Town, kind: str):
    registration, today = registrations()["schuldhulpverlening"], town.settings.today()
    connections = {HOSTILE[kind]: {"schuldhulpverlening": {"url": "sqlite:///weg.sqlite", "vanaf": "2021-01-01"}}}
    town.settings.sources_file.write_text(json.dumps(connections))
    town.settings.sources_file.chmod(0o600)
    failed, not_asked = pull(registration, town.settings, today, {}, load_keys(town.settings.key_file))
    assert (failed, list(not_asked.values())) == ([], ["LEV-28"])
    outcome = town.take_in("schuldhulpverlening", stand=str(today))
    told_safely(outcome, HOSTILE[kind])
    kept_safely(town, outcome)
    assert not town.settings.landing.names()
