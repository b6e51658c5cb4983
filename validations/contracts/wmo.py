"""What a Wmo delivery must hold: iWmo 3.2 messages WMO301, WMO305 and WMO307, one row per product in a message.

Source: the iWmo 3.2 schemas of Zorginstituut Nederland (istandaarden.nl) and their technical rules (TR…).
Holds no reading of XML (assets/readers) and no spells (dbt_project/models/voorzieningen).
"""

import polars as pl

from validations.contracts.contract import (
    DATE,
    INTEGER,
    MUNICIPALITY,
    TEXT,
    Contract,
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

CONTRACT = Contract(
    bron="wmo",
    title="Wmo-maatwerkvoorzieningen (iWmo 3.2)",
    source="iWmo 3.2, Zorginstituut Nederland (istandaarden.nl)",
    guide=(
        "Lever de berichten WMO301, WMO305 en WMO307 zoals de iStandaard ze voorschrijft, los of in één zip. "
        "Een levering bevat alle berichten sinds de vorige; een bericht twee keer leveren kan geen kwaad."
    ),
    fields=(
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
    ),
    rules=(
        required("WMO-01", "bsn", name="Bsn"),
        *person_number("WMO", 2, "bsn"),
        required("WMO-05", "gemeentecode", name="Afzender of Ontvanger"),
        well_formed("WMO-06", gemeentecode),
        own_municipality("WMO-07"),
        required("WMO-08", "bericht_identificatie", name="Identificatie"),
        required("WMO-09", "dagtekening", name="Dagtekening"),
        well_formed("WMO-10", dagtekening),
        coherent(
            "WMO-11",
            ("dagtekening",),
            pl.col("dagtekening") <= pl.col("leverdatum"),
            "De dagtekening ligt na de leverdatum (TR135).",
            "Controleer de dagtekening van het bericht, of de datum van de levering.",
        ),
        required("WMO-12", "toewijzingnummer", where=ALLOCATION, name="ToewijzingNummer"),
        well_formed("WMO-13", toewijzingnummer),
        coherent(
            "WMO-14",
            ("toewijzingnummer",),
            pl.col("toewijzingnummer").is_between(0, 999_999_999),
            "ToewijzingNummer ligt buiten 0 tot en met 999999999.",
            "Gebruik het nummer van de toewijzing zelf.",
        ),
        required("WMO-15", "toewijzingsdatum", where=ALLOCATION, name="Toewijzingsdatum"),
        well_formed("WMO-16", toewijzingsdatum),
        required("WMO-17", "ingangsdatum", where=ALLOCATION, name="Ingangsdatum"),
        well_formed("WMO-18", ingangsdatum),
        required("WMO-19", "begindatum", where=START | STOP, name="Begindatum"),
        well_formed("WMO-20", begindatum),
        required("WMO-21", "einddatum", where=STOP, name="Einddatum"),
        well_formed("WMO-22", einddatum),
        coherent(
            "WMO-23",
            ("einddatum", "ingangsdatum"),
            pl.when(ALLOCATION).then(pl.col("einddatum") >= pl.col("ingangsdatum")),
            "De einddatum van de toewijzing ligt voor de ingangsdatum.",
            "Herstel de datums, of trek de toewijzing in met RedenWijziging 13.",
        ),
        coherent(
            "WMO-24",
            ("einddatum", "ingangsdatum", "reden_wijziging"),
            pl.when(pl.col("reden_wijziging") == "13").then(pl.col("einddatum") == pl.col("ingangsdatum")),
            "Bij RedenWijziging 13 (verwijderd) hoort de einddatum gelijk te zijn aan de ingangsdatum.",
            "Zet de einddatum gelijk aan de ingangsdatum.",
        ),
        in_list("WMO-25", "reden_wijziging", "WMO002"),
        required("WMO-26", "reden_beeindiging", where=STOP, name="RedenBeeindiging"),
        in_list("WMO-27", "reden_beeindiging", "WMO588"),
        required("WMO-28", "status_aanlevering", where=START | STOP, name="StatusAanlevering"),
        Rule(
            "WMO-29",
            ("status_aanlevering",),
            "codes",
            pl.col("status_aanlevering").is_in(["1", "3"]),
            "StatusAanlevering is geen 1 of 3 (CS058: 2 en 9 zijn niet toegestaan).",
            "Gebruik 1 voor een nieuw bericht en 3 om een eerder bericht te verwijderen.",
        ),
        in_list("WMO-30", "categorie", "WMO020"),
        Rule(
            "WMO-31",
            ("productcode",),
            "vorm",
            pl.col("productcode").str.contains(r"^[0-9A-Z]{1,5}$"),
            "Product/Code telt meer dan vijf tekens of bevat andere tekens dan cijfers en hoofdletters.",
            "Gebruik een code van de productcodelijst.",
        ),
        coherent(
            "WMO-32",
            ("einddatum", "begindatum"),
            pl.when(STOP).then(pl.col("einddatum") >= pl.col("begindatum")),
            "De einddatum van de stop ligt voor de begindatum.",
            "Herstel de datums; lever het foute bericht met StatusAanlevering 3.",
        ),
        in_list("WMO-33", "geslacht", "COD046"),
        well_formed("WMO-34", huisnummer),
        in_list("WMO-35", "omvang_eenheid", "WJ756"),
        in_list("WMO-36", "omvang_frequentie", "WMO757"),
        Rule(
            "WMO-37",
            ("aanbieder",),
            "vorm",
            pl.col("aanbieder").str.contains(r"^[0-9]{8}$"),
            "De AGB-code telt geen acht cijfers.",
            "Gebruik de AGB-code van de aanbieder.",
        ),
        Rule(
            "WMO-38",
            ("begindatum", "toewijzingnummer", "ingangsdatum", "productcode"),
            "samenhang",
            pl.when(START | STOP).then(
                pl.col("toewijzingnummer").is_not_null()
                | (pl.col("ingangsdatum").is_not_null() & pl.col("categorie").is_not_null())
            ),
            "Een start of stop zonder ToewijzingNummer heeft Product en ToewijzingIngangsdatum nodig.",
            "Vul ToewijzingNummer, of anders Product en ToewijzingIngangsdatum.",
        ),
    ),
)
