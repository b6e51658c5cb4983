"""The native files of the registrations that deliver a full stock per period: two workbooks and two CSVs."""

import io

from tests.dbt_project.reference.facts import Record, StockDelivery
from tests.making.town import bsn


def stock_files(delivery: StockDelivery) -> dict[str, str | bytes]:
    """The file of one delivery, named after its period; a broken one is cut off."""
    name, content = WRITERS[delivery.bron](delivery)
    return {name: content[: len(content) // 2] if delivery.broken else content}


def _workbook(header: list[str], rows: list[list]) -> bytes:
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("lijst")
    for row in (["Lijst"], header, *rows, ["Totaal", len(rows)]):
        sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _csv(header: str, rows: list[dict]) -> bytes:
    names = header.split(";")
    lines = [header, *(";".join(str(row.get(name) or "") for name in names) for row in rows)]
    return "".join(line + "\n" for line in lines).encode()


def _leerlingenvervoer(delivery: StockDelivery) -> tuple[str, bytes]:
    first = delivery.period[0].year
    year = f"{first}-{first + 1}"
    header = ["Beschikking nr", "BSN leerling", "Schooljaar", "Ingangsdatum", "Einddatum", "Soort vervoer"]
    rows = [[r.number, int(bsn(r.person)), year, r.begin, r.end, "taxi"] for r in delivery.records]
    return "leerlingen.xlsx", _workbook(header, rows)


def _zorgverzekering(delivery: StockDelivery) -> tuple[str, bytes]:
    header = ["Polisnummer", "BSN", "Postcode", "Huisnr", "Pakket", "Ingangsdatum", "Einddatum", "Rol"]
    rows = [
        [r.number, bsn(r.person), *(r.address or (None, None)), "Compact", r.begin, r.end, r.code or "hoofd"]
        for r in delivery.records
    ]
    return f"polissen_{delivery.period[0].year}.xlsx", _workbook(header, rows)


def _wet_oke(delivery: StockDelivery) -> tuple[str, bytes]:
    header = (
        "kindnummer;bsn;geboortedatum;postcode;vve_indicatie;datum_indicatie;lrk_nummer;soort;datum_plaatsing;"
        "datum_einde;dagdelen_pw;uren_pj;bereik;gemeentecode"
    )

    def child(r: Record) -> dict:
        placed = r.code == "geplaatst"
        return {
            "kindnummer": r.known_by,
            "bsn": None if r.no_bsn else bsn(r.person),
            # Two years and some days old at the placement.
            "geboortedatum": r.begin.replace(year=r.begin.year - 2, day=1),
            "vve_indicatie": "J",
            "datum_indicatie": r.begin,
            "lrk_nummer": r.number if placed else None,
            "soort": "kdv" if placed else None,
            "datum_plaatsing": r.begin if placed else None,
            "datum_einde": r.end,
            "bereik": r.code,
            "gemeentecode": delivery.gemeente[2:],
        }

    return f"vve_{delivery.period[0]:%Y%m}.csv", _csv(header, [child(r) for r in delivery.records])


def _awbz(delivery: StockDelivery) -> tuple[str, bytes]:
    header = (
        "bsn;besluitnummer;besluitdatum;ingangsdatum;einddatum;grondslag;functiecode;klasse;zzp;leveringsvorm;"
        "postcode;gemeentecode"
    )

    def indication(r: Record) -> dict:
        function = r.code if len(r.code) == 2 else None
        return {
            "bsn": bsn(r.person),
            "besluitnummer": r.number,
            "besluitdatum": r.begin,
            "ingangsdatum": r.begin,
            "einddatum": r.end,
            "grondslag": "01",
            "functiecode": function,
            "klasse": "K1" if function else None,
            "zzp": None if function else r.code,
            "gemeentecode": delivery.gemeente[2:],
        }

    return f"awbz_{delivery.period[0]:%Y%m}.csv", _csv(header, [indication(r) for r in delivery.records])


WRITERS = {
    "awbz": _awbz,
    "collectieve_zorgverzekering": _zorgverzekering,
    "leerlingenvervoer": _leerlingenvervoer,
    "wet_oke": _wet_oke,
}
