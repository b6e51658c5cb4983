"""What a CJG delivery must hold: contacts of one month, CSV `;`, a row per contact, without any person number.

No layout exists; this one is ours. A contact has no person: it is counted, never linked. Data of the youth health care
(JGZ, the BDS) are medical and never belong in it: an unknown column refuses the delivery.
"""

import polars as pl

from validations.language.contract import (
    DATE,
    MUNICIPALITY,
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

contactnr = Field("contactnr", TEXT, "Eigen nummer van het contact; nooit een persoonsnummer", identifying=True)
gemeentecode = Field("gemeentecode", MUNICIPALITY, "Gemeente waarvoor het CJG werkt")
datum = Field("datum_contact", DATE, "Dag van het contact")
soort = Field("soort_contact", TEXT, "inloop, telefonisch, huisbezoek of online")
leeftijd = Field("leeftijdscategorie", TEXT, "Leeftijd van het kind, of ouder", stored=False)
vraag = Field("vraagcategorie", TEXT, "Waar het contact over ging")
vervolg = Field("vervolg", TEXT, "advies, traject of doorverwezen", stored=False)
verwezen = Field("verwezen_naar", TEXT, "Naar wie is doorverwezen: een code, geen naam", stored=False)
lijn = Field("lijn", TEXT, "Lijn die het contact hielp: 0, 1 of 2", stored=False)
postcode4 = Field("postcode4", TEXT, "De vier cijfers van de postcode; leeg als die niet bekend is")

CONTRACT = Contract(
    bron="cjg",
    title="Centrum voor Jeugd en Gezin (contacten)",
    source="Eigen indeling van de monitor",
    guide=(
        "Lever elke maand één CSV-bestand met puntkomma's in UTF-8: één regel per contact. Lever **geen** "
        "burgerservicenummer, naam of volledige postcode, en nooit gegevens uit het medische dossier van de "
        "jeugdgezondheidszorg: een bestand met andere kolommen dan hieronder wordt geweigerd. Een latere levering "
        "van dezelfde maand vervangt de eerdere.\n\nDe monitor telt de contacten van de maand (indicator "
        "`voorzieningen`); personen en huishoudens kent hij hier niet. Een contact telt in een wijk als alle "
        "adressen van zijn postcode (vier cijfers) in die wijk liggen, en anders in onbekend. Een wijk zonder eigen "
        "postcode heeft geen cijfer; cijfers per 1.000 zijn er niet, want een contact is geen persoon. Er "
        "zijn geen cijfers per buurt."
    ),
    fields=(contactnr, gemeentecode, datum, soort, leeftijd, vraag, vervolg, verwezen, lijn, postcode4),
    rules=(
        required("CJG-01", "contactnr"),
        Rule(
            "CJG-02",
            ("contactnr",),
            "persoonsnummer",
            pl.col("contactnr").str.contains(r"^[0-9A-Za-z-]{1,20}$") & ~pl.col("contactnr").str.contains("[0-9]{8,}"),
            "contactnr is te lang, of bevat acht of meer cijfers achter elkaar en kan een persoonsnummer zijn.",
            "Geef elk contact een eigen volgnummer van hooguit zeven cijfers, eventueel met letters of streepjes.",
        ),
        required("CJG-03", "gemeentecode"),
        well_formed("CJG-04", gemeentecode),
        own_municipality("CJG-05"),
        required("CJG-06", "datum_contact"),
        Rule(
            "CJG-07",
            ("datum_contact",),
            "samenhang",
            pl.col("datum_contact").dt.month_start() == pl.col("datum_contact").dt.month_start().mode().min(),
            "Het contact is van een andere maand dan de rest van de levering.",
            "Lever elke maand in een eigen levering.",
            typed=True,
        ),
        well_formed("CJG-08", datum),
        required("CJG-09", "soort_contact"),
        in_list("CJG-10", "soort_contact", "CJG_SOORT_CONTACT"),
        in_list("CJG-11", "leeftijdscategorie", "CJG_LEEFTIJD"),
        required("CJG-12", "vraagcategorie"),
        in_list("CJG-13", "vraagcategorie", "CJG_VRAAG"),
        in_list("CJG-14", "vervolg", "CJG_VERVOLG"),
        in_list("CJG-15", "verwezen_naar", "CJG_VERWEZEN_NAAR"),
        coherent(
            "CJG-16",
            ("verwezen_naar", "vervolg"),
            pl.col("vervolg").eq_missing("doorverwezen") == pl.col("verwezen_naar").is_not_null(),
            "Een verwijzing zegt niet naar wie, of verwezen_naar is gevuld zonder verwijzing.",
            "Vul verwezen_naar als vervolg doorverwezen is, en alleen dan.",
        ),
        Rule(
            "CJG-17",
            ("lijn",),
            "codes",
            pl.col("lijn").is_in(["0", "1", "2"]),
            "Lijn is geen 0, 1 of 2.",
            "Gebruik 0 voor inwoners en hun netwerk, 1 voor lokale organisaties, 2 voor specialistische hulp.",
        ),
        Rule(
            "CJG-18",
            ("postcode4",),
            "vorm",
            pl.col("postcode4").str.contains(r"^[1-9][0-9]{3}$"),
            "postcode4 telt geen vier cijfers.",
            "Lever alleen de vier cijfers van de postcode; laat die leeg als ze niet bekend is.",
        ),
        coherent(
            "CJG-19",
            ("datum_contact",),
            pl.col("datum_contact") <= pl.col("leverdatum"),
            "Het contact ligt na de leverdatum.",
            "Controleer de datum van het contact, of de datum van de levering.",
        ),
        unique("CJG-20", ("gemeentecode", "contactnr")),
    ),
)
