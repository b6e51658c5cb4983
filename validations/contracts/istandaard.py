"""What messages of an iStandaard (iWmo, iJw) must hold: 301, 305 and 307, one row per product in a message.

Source: the schemas of iWmo 3.2 and iJw 3.2 of Zorginstituut Nederland (istandaarden.nl), and their technical rules
(TR…). The two share fields and rules, and differ in their code lists (`Lists`). Holds no reading of XML
(assets/readers) and no spells (dbt_project/macros/spells_uit_berichten.sql).
"""

from dataclasses import dataclass

import polars as pl

from validations.language.contract import (
    DATE,
    INTEGER,
    MUNICIPALITY,
    TEXT,
    Contradiction,
    Field,
    Rule,
    coherent,
    in_list,
    own_municipality,
    person_number,
    required,
    well_formed,
)

ALLOCATION = pl.col("bericht") == "301"
START = pl.col("bericht") == "305"
STOP = pl.col("bericht") == "307"

bericht = Field("bericht", TEXT, "Soort bericht: 301 toewijzing, 305 start, 307 stop")
gemeentecode = Field("gemeentecode", MUNICIPALITY, "Gemeente: Afzender van een 301, Ontvanger van een 305 of 307")
aanbieder = Field("aanbieder", TEXT, "AGB-code van de aanbieder: Ontvanger van een 301, Afzender van een 305 of 307")
identificatie = Field("bericht_identificatie", TEXT, "Header/BerichtIdentificatie/Identificatie")
dagtekening = Field("dagtekening", DATE, "Header/BerichtIdentificatie/Dagtekening")
bsn = Field("bsn", TEXT, "Client/Bsn", person="bsn", identifying=True)
geslacht = Field("geslacht", TEXT, "Client/Geslacht", stored=False)
postcode = Field("postcode", TEXT, "Postcode van contactsoort 01 (BRP), anders 03 (verblijf)", identifying=True)
huisnummer = Field("huisnummer", INTEGER, "Huisnummer van hetzelfde adres", identifying=True)
toewijzingnummer = Field(
    "toewijzingnummer", INTEGER, "ToewijzingNummer, uniek per gemeente en wettelijk domein (TR332)"
)
categorie = Field("categorie", TEXT, "Product/Categorie")
productcode = Field("productcode", TEXT, "Product/Code")
toewijzingsdatum = Field("toewijzingsdatum", DATE, "Toewijzingsdatum (301)")
ingangsdatum = Field("ingangsdatum", DATE, "Ingangsdatum (301), ToewijzingIngangsdatum (305, 307)")
begindatum = Field("begindatum", DATE, "Begindatum (305, 307)")
einddatum = Field("einddatum", DATE, "Einddatum (301, 307)")
reden_wijziging = Field("reden_wijziging", TEXT, "RedenWijziging (301); 13 betekent: nooit verzonden")
reden_beeindiging = Field("reden_beeindiging", TEXT, "RedenBeeindiging (307); 20 is tijdelijk, geen uitstroom")
status = Field("status_aanlevering", TEXT, "StatusAanlevering (305, 307); 3 verwijdert het eerdere bericht")
eenheid = Field("omvang_eenheid", TEXT, "Omvang/Eenheid (301)", stored=False)
frequentie = Field("omvang_frequentie", TEXT, "Omvang/Frequentie (301)", stored=False)

FIELDS: tuple[Field, ...] = (
    bericht,
    gemeentecode,
    aanbieder,
    identificatie,
    dagtekening,
    bsn,
    geslacht,
    postcode,
    huisnummer,
    toewijzingnummer,
    categorie,
    productcode,
    toewijzingsdatum,
    ingangsdatum,
    begindatum,
    einddatum,
    reden_wijziging,
    reden_beeindiging,
    status,
    eenheid,
    frequentie,
)


@dataclass(frozen=True)
class Lists:
    """The code lists of one standard: product category, reason of change (301), end reason (307), frequency."""

    category: str
    change: str
    end: str
    frequency: str


def message_rules(prefix: str, lists: Lists) -> tuple[Rule, ...]:
    """The rules of messages, numbered 01 to 38."""
    return (
        required(f"{prefix}-01", "bsn", name="Bsn"),
        *person_number(prefix, 2, "bsn"),
        required(f"{prefix}-05", "gemeentecode", name="Afzender of Ontvanger"),
        well_formed(f"{prefix}-06", gemeentecode),
        own_municipality(f"{prefix}-07"),
        required(f"{prefix}-08", "bericht_identificatie", name="Identificatie"),
        required(f"{prefix}-09", "dagtekening", name="Dagtekening"),
        well_formed(f"{prefix}-10", dagtekening),
        coherent(
            f"{prefix}-11",
            ("dagtekening",),
            pl.col("dagtekening") <= pl.col("leverdatum"),
            "De dagtekening ligt na de leverdatum (TR135).",
            "Controleer de dagtekening van het bericht, of de datum van de levering.",
        ),
        required(f"{prefix}-12", "toewijzingnummer", where=ALLOCATION, name="ToewijzingNummer"),
        well_formed(f"{prefix}-13", toewijzingnummer),
        coherent(
            f"{prefix}-14",
            ("toewijzingnummer",),
            pl.col("toewijzingnummer").is_between(0, 999_999_999),
            "ToewijzingNummer ligt buiten 0 tot en met 999999999.",
            "Gebruik het nummer van de toewijzing zelf.",
        ),
        required(f"{prefix}-15", "toewijzingsdatum", where=ALLOCATION, name="Toewijzingsdatum"),
        well_formed(f"{prefix}-16", toewijzingsdatum),
        required(f"{prefix}-17", "ingangsdatum", where=ALLOCATION, name="Ingangsdatum"),
        well_formed(f"{prefix}-18", ingangsdatum),
        required(f"{prefix}-19", "begindatum", where=START | STOP, name="Begindatum"),
        well_formed(f"{prefix}-20", begindatum),
        required(f"{prefix}-21", "einddatum", where=STOP, name="Einddatum"),
        well_formed(f"{prefix}-22", einddatum),
        coherent(
            f"{prefix}-23",
            ("einddatum", "ingangsdatum"),
            pl.when(ALLOCATION).then(pl.col("einddatum") >= pl.col("ingangsdatum")),
            "De einddatum van de toewijzing ligt voor de ingangsdatum.",
            "Herstel de datums, of trek de toewijzing in met RedenWijziging 13.",
        ),
        coherent(
            f"{prefix}-24",
            ("einddatum", "ingangsdatum", "reden_wijziging"),
            pl.when(pl.col("reden_wijziging") == "13").then(pl.col("einddatum") == pl.col("ingangsdatum")),
            "Bij RedenWijziging 13 (verwijderd) hoort de einddatum gelijk te zijn aan de ingangsdatum.",
            "Zet de einddatum gelijk aan de ingangsdatum.",
        ),
        in_list(f"{prefix}-25", "reden_wijziging", lists.change),
        required(f"{prefix}-26", "reden_beeindiging", where=STOP, name="RedenBeeindiging"),
        in_list(f"{prefix}-27", "reden_beeindiging", lists.end),
        required(f"{prefix}-28", "status_aanlevering", where=START | STOP, name="StatusAanlevering"),
        Rule(
            f"{prefix}-29",
            ("status_aanlevering",),
            "codes",
            pl.col("status_aanlevering").is_in(["1", "3"]),
            "StatusAanlevering is geen 1 of 3 (CS058: 2 en 9 zijn niet toegestaan).",
            "Gebruik 1 voor een nieuw bericht en 3 om een eerder bericht te verwijderen.",
        ),
        in_list(f"{prefix}-30", "categorie", lists.category),
        Rule(
            f"{prefix}-31",
            ("productcode",),
            "vorm",
            pl.col("productcode").str.contains(r"^[0-9A-Z]{1,5}$"),
            "Product/Code telt meer dan vijf tekens of bevat andere tekens dan cijfers en hoofdletters.",
            "Gebruik een code van de productcodelijst.",
        ),
        coherent(
            f"{prefix}-32",
            ("einddatum", "begindatum"),
            pl.when(STOP).then(pl.col("einddatum") >= pl.col("begindatum")),
            "De einddatum van de stop ligt voor de begindatum.",
            "Herstel de datums; lever het foute bericht met StatusAanlevering 3.",
        ),
        in_list(f"{prefix}-33", "geslacht", "COD046"),
        well_formed(f"{prefix}-34", huisnummer),
        in_list(f"{prefix}-35", "omvang_eenheid", "WJ756"),
        in_list(f"{prefix}-36", "omvang_frequentie", lists.frequency),
        Rule(
            f"{prefix}-37",
            ("aanbieder",),
            "vorm",
            pl.col("aanbieder").str.contains(r"^[0-9]{8}$"),
            "De AGB-code telt geen acht cijfers.",
            "Gebruik de AGB-code van de aanbieder.",
        ),
        Rule(
            f"{prefix}-38",
            ("begindatum", "toewijzingnummer", "ingangsdatum", "productcode"),
            "samenhang",
            pl.when(START | STOP).then(
                pl.col("toewijzingnummer").is_not_null()
                | (pl.col("ingangsdatum").is_not_null() & pl.col("categorie").is_not_null())
            ),
            "Een start of stop zonder ToewijzingNummer heeft Product en ToewijzingIngangsdatum nodig.",
            "Vul ToewijzingNummer, of anders Product en ToewijzingIngangsdatum.",
        ),
    )


def contradictions(prefix: str) -> tuple[Contradiction, ...]:
    """What shows only when all messages are seen together, numbered 41 to 44 (spells_uit_berichten.sql)."""
    again = "herstel het bericht en lever deze levering opnieuw."
    return (
        Contradiction(
            f"{prefix}-41",
            "Een start of stop zonder ToewijzingNummer past bij geen toewijzing, of bij meer dan één: cliënt, product "
            "en ToewijzingIngangsdatum wijzen er niet één aan. Het bericht telt niet mee.",
            f"Lever de toewijzing (301) alsnog. Is zij er al, vul dan ToewijzingNummer: {again}",
        ),
        Contradiction(
            f"{prefix}-42",
            "De toewijzing bij een start of stop is nooit geleverd. Het bericht telt niet mee.",
            f"Lever de toewijzing (301) alsnog. Is ToewijzingNummer fout: {again}",
        ),
        Contradiction(
            f"{prefix}-43",
            "Een verwijdering (StatusAanlevering 3) past bij geen geleverd bericht. Zij verandert niets.",
            f"Lever het bericht dat weg moet alsnog. Is het nummer of de datum van de verwijdering fout: {again}",
        ),
        Contradiction(
            f"{prefix}-44",
            "Een stop ligt voor elke start van dezelfde toewijzing. Er eindigt niets.",
            f"Lever de start (305) die bij de stop hoort alsnog. Is de einddatum van de stop fout: {again}",
        ),
    )
