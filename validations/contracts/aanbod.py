"""What a delivery of supply must hold: one row per service and place where it is given, from Open Referral HSDS 3.0.

No national layout of a sociale kaart exists: HSDS gives the shape, and what it has no field for (lijn, deelprogramma …)
comes as taxonomy terms of the service. No persons: contacts are never read.
"""

import polars as pl

from validations.language.codelists import codes
from validations.language.contract import (
    DATE,
    INTEGER,
    MUNICIPALITY,
    POSTCODE,
    TEXT,
    Contract,
    Field,
    Rule,
    coherent,
    in_list,
    own_municipality,
    required,
    unique,
    well_formed,
)

# What HSDS has a field for, and what comes as a taxonomy term.
OWN = (
    Field("dienst_id", TEXT, "service.id"),
    Field("naam", TEXT, "service.name"),
    Field("status", TEXT, "service.status"),
    Field("laatst_gecontroleerd", DATE, "service.assured_date: de dag waarop de gegevens het laatst zijn nagegaan"),
    Field("organisatie_id", TEXT, "organization.id"),
    Field("organisatie", TEXT, "organization.name"),
    Field("kvk", TEXT, "organization_identifiers met identifier_scheme NL-KVK"),
    Field("agb", TEXT, "organization_identifiers met identifier_scheme NL-AGB; alleen bij zorg"),
    Field("locatie_id", TEXT, "location.id van de service_at_location"),
    Field("postcode", POSTCODE, "postal_code van het eerste adres van de locatie"),
    Field("huisnummer", INTEGER, "het huisnummer aan het eind van address_1"),
    Field(
        "werkgebied", TEXT, "service_areas met extent_type text: codes GM, WK of BU in extent, gescheiden door spaties"
    ),
)
TERMS = (
    Field("lijn", TEXT, "0 inwoners en netwerk, 1 lokale organisaties, 2 specialistische zorg"),
    Field("deelprogramma", TEXT, "jongeren, volwassenen of ouderen_en_kwetsbaren"),
    Field("doelgroep", TEXT, "codes van de eigen sociale kaart"),
    Field("leefgebied", TEXT, "codes van de eigen sociale kaart"),
    Field("vrij_toegankelijk", TEXT, "ja of nee"),
    Field("indicatie_nodig", TEXT, "ja of nee"),
    Field("financiering", TEXT, "een of meer codes"),
    Field("capaciteit", INTEGER, "plaatsen; leeg als er geen grens is"),
    Field("wachttijd_weken", INTEGER, "wachttijd in weken"),
    Field("geldig_van", DATE, "eerste dag; leeg: altijd al"),
    Field("geldig_tot", DATE, "laatste dag; leeg: zonder einde"),
)
_AREA = "(GM[0-9]{4}|WK[0-9]{4}[0-9A-Z]{2}|BU[0-9]{4}[0-9A-Z]{4})"
BY_NAME = {field.name: field for field in (*OWN, *TERMS)}
gemeentecode = Field("gemeentecode", MUNICIPALITY, "De gemeente in wier map de levering staat")


def _codes(id: str, column: str, codelist: str) -> Rule:
    """Each of the codes in the column, with spaces between, is in the list."""
    allowed = "|".join(code.code for code in codes(codelist))
    return Rule(
        id,
        (column,),
        "codes",
        pl.col(column).str.contains(rf"^({allowed})( ({allowed}))*$"),
        f"{column} bevat een code die niet in codelijst {codelist} staat.",
        f"Gebruik codes van {codelist}: {', '.join(sorted(code.code for code in codes(codelist)))}.",
    )


def _pattern(id: str, column: str, pattern: str, message: str, hint: str) -> Rule:
    return Rule(id, (column,), "vorm", pl.col(column).str.contains(pattern), message, hint)


def _not_negative(id: str, column: str) -> Rule:
    return coherent(
        id, (column,), pl.col(column) >= 0, f"{column} is negatief.", f"Laat {column} leeg als het niet bekend is."
    )


CONTRACT = Contract(
    bron="aanbod",
    title="Aanbod van maatschappelijke dienstverleners (sociale kaart)",
    source="Open Referral HSDS 3.0 (docs.openreferral.org); de termen zijn een indeling van de monitor",
    guide=(
        "Geef de monitor het adres van uw API (MEERDOEN_BRONNEN_BESTAND, zie docs/beheer.md), of lever haar pagina's "
        "als JSON: services, en als zij daar niet in staan organizations, locations en service_at_locations. "
        "Een levering is de hele kaart op de leverdatum en telt voor het einde van die maand. "
        "Wat HSDS niet kent, komt als attributes van de dienst: taxonomy_term.taxonomy is de naam van het veld en "
        "taxonomy_term.code (of value) de waarde. "
        "Contactpersonen, telefoonnummers en beschrijvingen worden niet gelezen. "
        "Een dienst ligt waar haar adres ligt, anders in haar werkgebied, en zonder beide alleen in de gemeente."
    ),
    fields=(gemeentecode, *OWN, *TERMS),
    key=("dienst_id",),
    rules=(
        well_formed("AAN-01", gemeentecode),
        own_municipality("AAN-02"),
        required("AAN-03", "naam", name="service.name"),
        required("AAN-04", "status", name="service.status"),
        in_list("AAN-05", "status", "HSDS_STATUS"),
        well_formed("AAN-06", BY_NAME["laatst_gecontroleerd"]),
        coherent(
            "AAN-07",
            ("laatst_gecontroleerd",),
            pl.col("laatst_gecontroleerd") <= pl.col("leverdatum"),
            "De dienst is gecontroleerd na de leverdatum.",
            "Herstel assured_date van de dienst.",
        ),
        required("AAN-08", "organisatie_id", name="organization.id"),
        _pattern(
            "AAN-09",
            "kvk",
            r"^[0-9]{8}$",
            "Het KvK-nummer telt geen acht cijfers.",
            "Neem het nummer over uit het handelsregister, met voorloopnullen.",
        ),
        _pattern(
            "AAN-10",
            "agb",
            r"^[0-9]{8}$",
            "De AGB-code telt geen acht cijfers.",
            "Gebruik de AGB-code van de aanbieder, met voorloopnullen.",
        ),
        well_formed("AAN-11", BY_NAME["postcode"]),
        well_formed("AAN-12", BY_NAME["huisnummer"]),
        Rule(
            "AAN-13",
            ("huisnummer", "postcode"),
            "volledigheid",
            pl.col("postcode").is_null() == pl.col("huisnummer").is_null(),
            "Het adres heeft een postcode zonder huisnummer, of andersom.",
            "Zet straat en huisnummer in address_1 en de postcode in postal_code.",
        ),
        _pattern(
            "AAN-14",
            "werkgebied",
            rf"^{_AREA}( {_AREA})*$",
            "Het werkgebied bevat een code die geen GM, WK of BU met 4, 6 of 8 tekens is.",
            "Gebruik de gebiedscodes van het CBS.",
        ),
        required("AAN-15", "lijn"),
        in_list("AAN-16", "lijn", "LIJN"),
        required("AAN-17", "deelprogramma"),
        in_list("AAN-18", "deelprogramma", "DEELPROGRAMMA"),
        required("AAN-19", "vrij_toegankelijk"),
        in_list("AAN-20", "vrij_toegankelijk", "JA_NEE"),
        required("AAN-21", "indicatie_nodig"),
        in_list("AAN-22", "indicatie_nodig", "JA_NEE"),
        Rule(
            "AAN-23",
            ("vrij_toegankelijk", "indicatie_nodig"),
            "samenhang",
            ~((pl.col("vrij_toegankelijk") == "ja") & (pl.col("indicatie_nodig") == "ja")),
            "De dienst is vrij toegankelijk en vraagt een indicatie.",
            "Kies een van beide.",
        ),
        _codes("AAN-24", "financiering", "AAN_FINANCIERING"),
        well_formed("AAN-25", BY_NAME["capaciteit"]),
        _not_negative("AAN-26", "capaciteit"),
        well_formed("AAN-27", BY_NAME["wachttijd_weken"]),
        _not_negative("AAN-28", "wachttijd_weken"),
        well_formed("AAN-29", BY_NAME["geldig_van"]),
        well_formed("AAN-30", BY_NAME["geldig_tot"]),
        coherent(
            "AAN-31",
            ("geldig_tot", "geldig_van"),
            pl.col("geldig_tot") >= pl.col("geldig_van"),
            "De dienst eindigt voor zij begint.",
            "Herstel geldig_van of geldig_tot.",
        ),
        *(
            _pattern(
                f"AAN-{number}",
                column,
                r"^[a-z0-9_]+( [a-z0-9_]+)*$",
                f"{column} bestaat niet uit codes van kleine letters, cijfers en lage strepen.",
                "Gebruik codes, geen tekst.",
            )
            for number, column in ((32, "doelgroep"), (33, "leefgebied"))
        ),
        unique("AAN-34", ("dienst_id",), optional=("locatie_id",)),
    ),
)
