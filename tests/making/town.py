"""A small town for tests: hand-made deliveries in the real formats, written to a landing zone in a temporary folder.

Only what tests say about persons, messages and benefits; every field that a test does not name gets a sound default.
BSNs are from the official test range (999900006 to 999999990).
"""

import json
import os
from collections.abc import Mapping
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path

from assets.ground.settings import Settings
from assets.intake.keys import load_keys, make_keys
from assets.intake.step import take_in
from assets.record.delivery_record import Version
from assets.record.records import Outcome
from assets.registrations.declaration import registrations
from validations.contracts import jeugdzorg, wsw
from validations.contracts.bus import LAYOUTS, layout_of
from validations.language.contract import Position

WEERT = "GM0988"

BRP_HEADER = (
    "bsn;geboortedatum;geslacht;gemeentecode;straatnaam;postcode;huisnummer;adres_id;huishouden_id;"
    "datum_aanvang_adres;datum_einde_adres;datum_overlijden"
)

# Three wijken of two buurten each; house number 1 to 99 of a postcode lies in its buurt, 100 and up in the next one.
AREAS = {
    "6001AA": ("BU09880101", "BU09880102"),
    "6001AB": ("BU09880102", "BU09880101"),
    "6002AA": ("BU09880201", "BU09880202"),
    "6003AA": ("BU0988AF01", "BU0988AF02"),
}

# By standard: the prefix of its messages, and their BerichtCodes.
STANDARDS = {
    "iwmo": ("wmo", {"301": "414", "305": "418", "307": "420"}),
    "ijw": ("jw", {"301": "436", "305": "438", "307": "440"}),
}


@cache
def bsn(number: int) -> str:
    """The nth valid BSN of the official test range."""
    found = -1
    for candidate in range(999900006, 999999991):
        digits = str(candidate)
        if sum(int(d) * w for d, w in zip(digits, (9, 8, 7, 6, 5, 4, 3, 2, -1), strict=True)) % 11 == 0:
            found += 1
            if found == number:
                return digits
    raise IndexError(number)


def period_of(version: Version) -> list[str]:
    """The first and last day that a delivery is about."""
    return [str(day) for day in version.periode or ()]


class Town:
    """A landing zone, kluis and key file in a folder, and the means to deliver to it."""

    def __init__(self, folder: Path, gemeenten: tuple[str, ...] = (WEERT,)) -> None:
        self.settings = Settings.within(folder)
        self.folder = folder
        make_keys(self.settings.key_file, list(gemeenten))

    def environment(self) -> dict[str, str]:
        """The variables under which a run sees this town."""
        return {
            "MEERDOEN_LANDING": self.settings.landing.url,
            "MEERDOEN_KLUIS": self.settings.kluis.url,
            "MEERDOEN_PUBLICATIE": self.settings.publicatie.url,
            "MEERDOEN_WERK": str(self.settings.work),
            "MEERDOEN_SLEUTEL_BESTAND": str(self.settings.key_file),
            "MEERDOEN_BRONNEN_BESTAND": str(self.settings.sources_file),
            "DAGSTER_HOME": str(self.folder / "dagster"),
        }

    def deliver(
        self,
        bron: str,
        leverdatum: str,
        files: Mapping[str, str | bytes],
        *,
        leverancier: str = WEERT,
        promise: dict | None = None,
        quiet: bool = True,
    ) -> Path:
        """Writes the files of a delivery; with `promise` also a levering.json. `quiet`: untouched for long."""
        folder = self.folder / "landing" / leverancier / bron / leverdatum
        folder.mkdir(parents=True, exist_ok=True)
        if promise is not None:
            described = [
                {"naam": name, "sha256": sha256(_bytes(content)).hexdigest()} for name, content in files.items()
            ]
            files = {**files, "levering.json": json.dumps({"bestanden": described} | promise)}
        for name, content in files.items():
            (folder / name).write_bytes(_bytes(content))
            if quiet:
                os.utime(folder / name, (1_600_000_000, 1_600_000_000))
        return folder

    def take_in(self, bron: str, stand: str = "2030-01-01") -> Outcome:
        """Runs the registration step of one bron."""
        return take_in(
            registrations()[bron], self.settings, load_keys(self.settings.key_file), date.fromisoformat(stand)
        )

    def gebieden(self, year: int = 2021, leverdatum: str | None = None) -> None:
        """The areas of AREAS for one year, in the form of CBS."""
        rows = [
            f"{postcode};{number};{buurt[2:]};{buurt[2:8]};0988"
            for postcode, pair in AREAS.items()
            for buurt, start in zip(pair, (1, 100), strict=True)
            for number in range(start, start + 40)
        ]
        buurten = sorted({buurt for pair in AREAS.values() for buurt in pair})
        wijken = sorted({buurt[2:8] for buurt in buurten})
        files = {
            f"pc6hnr{year}0801_gwb.csv": f"PC6;Huisnummer;Buurt{year};Wijk{year};Gemeente{year}\n"
            + "\n".join(rows)
            + "\n",
            f"brt{year}.csv": f"buurtcode{year};buurtnaam{year}\n"
            + "".join(f"{code[2:]};Buurt {code[6:]}\n" for code in buurten),
            f"wijk{year}.csv": f"wijkcode{year};wijknaam{year}\n"
            + "".join(f"{code};Wijk {code[4:]}\n" for code in wijken),
            f"gem{year}.csv": f"Gemcode{year};Gemeentenaam{year}\n0988;Weert\n",
        }
        self.deliver("gebieden", leverdatum or f"{year}-01-02", files, leverancier="NL")

    def brp(self, persons: list[dict], leverdatum: str, *, leverancier: str = WEERT) -> None:
        """A BRP delivery: one dict per address period. Keys: the columns; `bsn` may be a number for bsn(n)."""
        self.deliver("brp", leverdatum, {"brp.csv": brp_csv(persons)}, leverancier=leverancier)

    def wmo(self, messages: list[str], leverdatum: str, *, promise: dict | None = None) -> None:
        """A Wmo delivery of messages made with w301, w305 and w307."""
        files: dict[str, str | bytes] = {f"bericht_{i:05d}.xml": text for i, text in enumerate(messages)}
        self.deliver("wmo", leverdatum, files, promise=promise)

    def bus(self, year: int, month: int, records: list[dict], leverdatum: str) -> None:
        """A BUS delivery: one dict per person per benefit. Keys: names of Position."""
        lines = [bus_line(year, month, record) for record in records]
        self.deliver("bus", leverdatum, {f"BUS{year}{month:02d}.txt": "".join(line + "\n" for line in lines)})


def _bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content


def brp_csv(persons: list[dict]) -> str:
    """The text of a BRP file; an address is given as `adres=("6001AA", 1)`."""
    lines = [BRP_HEADER]
    for person in persons:
        postcode, number = person.get("adres", ("6001AA", 1))
        values = {
            "geboortedatum": "19600615",
            "geslacht": "V",
            "gemeentecode": "0988",
            "straatnaam": "Dorpsstraat",
            "postcode": postcode,
            "huisnummer": number,
            "adres_id": f"0988{abs(_stable(f'{postcode}{number}')) % 10**12:012d}",
            "huishouden_id": "",
            "datum_aanvang_adres": "20000101",
            "datum_einde_adres": "",
            "datum_overlijden": "",
        } | {key: value for key, value in person.items() if key != "adres"}
        values["bsn"] = _number(values["bsn"])
        lines.append(";".join(str(values[column]) for column in BRP_HEADER.split(";")))
    return "\n".join(lines) + "\n"


def _stable(text: str) -> int:
    return int(sha256(text.encode()).hexdigest()[:15], 16)


def _number(value: int | str) -> str:
    return bsn(value) if isinstance(value, int) else value


def _message(kind: str, header: dict, client: str) -> str:
    standard = header.get("standaard", "iwmo")
    prefix, codes = STANDARDS[standard]
    space = f"http://www.istandaarden.nl/{standard}/3_2"
    sender, receiver = ("0988", header["aanbieder"]) if kind == "301" else (header["aanbieder"], "0988")
    sender, receiver = (
        (header.get("gemeente", sender), receiver) if kind == "301" else (sender, header.get("gemeente", receiver))
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<w:Bericht xmlns:i="{space}/basisschema/schema" '
        f'xmlns:w="{space}/{prefix}{kind}/schema"><w:Header><w:BerichtCode>{codes[kind]}</w:BerichtCode>'
        f"<w:BerichtVersie>3</w:BerichtVersie><w:BerichtSubversie>2</w:BerichtSubversie>"
        f"<w:Afzender>{sender}</w:Afzender><w:Ontvanger>{receiver}</w:Ontvanger>"
        f"<w:BerichtIdentificatie><i:Identificatie>{header['identificatie']}</i:Identificatie>"
        f"<i:Dagtekening>{header['dagtekening']}</i:Dagtekening></w:BerichtIdentificatie></w:Header>"
        f"<w:Client>{client}</w:Client></w:Bericht>\n"
    )


def _product(categorie: str | None, code: str | None) -> str:
    if categorie is None:
        return ""
    code_element = f"<i:Code>{code}</i:Code>" if code else ""
    return f"<w:Product><i:Categorie>{categorie}</i:Categorie>{code_element}</w:Product>"


def _optional(name: str, value: object) -> str:
    return "" if value is None else f"<w:{name}>{value}</w:{name}>"


def w301(
    person: int | str,
    number: int,
    ingang: str,
    einde: str | None = None,
    *,
    dagtekening: str | None = None,
    identificatie: str = "1",
    reden: str | None = None,
    categorie: str | None = "01",
    code: str | None = "01A01",
    adres: tuple[str, int] | None = None,
    **header: str,
) -> str:
    """WMO301: an allocation. Dates as JJJJ-MM-DD; dagtekening defaults to the Ingangsdatum."""
    contact = (
        f"<w:Contactgegevens><w:Contact><w:Soort>01</w:Soort><w:Adres><i:Huis><i:Huisnummer>{adres[1]}</i:Huisnummer>"
        f"</i:Huis><i:Postcode>{adres[0]}</i:Postcode></w:Adres></w:Contact></w:Contactgegevens>"
        if adres
        else ""
    )
    client = (
        f"<w:Bsn>{_number(person)}</w:Bsn><w:Geslacht>2</w:Geslacht>{contact}<w:ToegewezenProducten><w:ToegewezenProduct>"
        f"<w:ToewijzingNummer>{number}</w:ToewijzingNummer>{_product(categorie, code)}"
        f"<w:Toewijzingsdatum>{ingang}</w:Toewijzingsdatum><w:Toewijzingstijd>12:00:00</w:Toewijzingstijd>"
        f"<w:Ingangsdatum>{ingang}</w:Ingangsdatum>{_optional('Einddatum', einde)}{_optional('RedenWijziging', reden)}"
        f"</w:ToegewezenProduct></w:ToegewezenProducten>"
    )
    values = {"aanbieder": "42420001", "identificatie": identificatie, "dagtekening": dagtekening or ingang} | header
    return _message("301", values, client)


def w305(
    person: int | str,
    number: int | None,
    begin: str,
    *,
    dagtekening: str | None = None,
    identificatie: str = "1",
    status: str = "1",
    ingang: str | None = None,
    categorie: str | None = "01",
    code: str | None = "01A01",
    **header: str,
) -> str:
    """WMO305: a start."""
    client = (
        f"<w:Bsn>{_number(person)}</w:Bsn><w:Geslacht>2</w:Geslacht><w:StartProducten><w:StartProduct>"
        f"{_optional('ToewijzingNummer', number)}{_product(categorie, code)}"
        f"{_optional('ToewijzingIngangsdatum', ingang)}"
        f"<w:Begindatum>{begin}</w:Begindatum><w:StatusAanlevering>{status}</w:StatusAanlevering>"
        f"</w:StartProduct></w:StartProducten>"
    )
    values = {"aanbieder": "42420001", "identificatie": identificatie, "dagtekening": dagtekening or begin} | header
    return _message("305", values, client)


def w307(
    person: int | str,
    number: int | None,
    begin: str,
    einde: str,
    *,
    reden: str = "19",
    dagtekening: str | None = None,
    identificatie: str = "1",
    status: str = "1",
    ingang: str | None = None,
    categorie: str | None = "01",
    code: str | None = "01A01",
    **header: str,
) -> str:
    """WMO307: a stop."""
    client = (
        f"<w:Bsn>{_number(person)}</w:Bsn><w:Geslacht>2</w:Geslacht><w:StopProducten><w:StopProduct>"
        f"{_optional('ToewijzingNummer', number)}{_product(categorie, code)}"
        f"{_optional('ToewijzingIngangsdatum', ingang)}"
        f"<w:Begindatum>{begin}</w:Begindatum><w:RedenBeeindiging>{reden}</w:RedenBeeindiging>"
        f"<w:Einddatum>{einde}</w:Einddatum><w:StatusAanlevering>{status}</w:StatusAanlevering>"
        f"</w:StopProduct></w:StopProducten>"
    )
    values = {"aanbieder": "42420001", "identificatie": identificatie, "dagtekening": dagtekening or einde} | header
    return _message("307", values, client)


def bus_line(year: int, month: int, record: dict) -> str:
    """One record in the layout of its year. Fields that the test does not name are sound or blank."""
    layout = LAYOUTS[layout_of(year)]
    values = {
        "statistiekjaar": year,
        "statistiekmaand": f"{month:02d}",
        "berichtgevercode": "0988",
        "gemeentecode": "0988",
        "softwarepakket": "and" if year >= 2015 else "And",
        "release": "1",
        "registratienummer": "1",
        "statistiekcode": "01",
        "leefvorm": "1",
        "betaalbaar_bedrag": "001000",
        "geboortedatum": "19700101",
        "geslacht": "1",
        "huisvesting": "1",
        "aanvangsdatum": f"{year}{month:02d}01",
        "ontheffing": "2",
    } | record
    return fixed_line(layout, values)


def fixed_line(layout: tuple[Position, ...], values: dict) -> str:
    """One fixed-width record; a field without a value is blank."""
    values["bsn"] = _number(values["bsn"])
    return "".join(str(values.get(p.name, "")).ljust(p.length)[: p.length] for p in layout)


def bij_line(year: int, half: int, record: dict) -> str:
    """One record of Beleidsinformatie Jeugd: ambulatory help that goes on, unless the test says otherwise."""
    values = {
        "verslagjaar": year,
        "halfjaar": half,
        "aanbieder": "12345678",
        "geboortedatum": "20100600",
        "geslacht": "V",
        "woonplaats": "6001AA",
        "verwijzer": "01",
        "hulpvorm": "02",
        "aanvang_hulp": f"{year}0101",
    }
    return fixed_line(jeugdzorg.LAYOUT, values | record)


def wsw_line(year: int, half: int, record: dict) -> str:
    """One Wsw record: an employment that goes on, unless the test says otherwise; what is not named is zeros."""
    values = {p.name: p.none[0] if p.none else "" for p in wsw.LAYOUT} | {
        "statistiekjaar": year,
        "halfjaar": half,
        "verantwoordelijke": "00988",
        "geslacht": "1",
        "gemeente_inschrijving": "0988",
    }
    if not record.keys() & {"begin_dienstbetrekking", "begin_begeleid_werken"}:
        values["begin_dienstbetrekking"] = "20100101"
    return fixed_line(wsw.LAYOUT, values | record)
