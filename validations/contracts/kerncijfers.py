"""What a delivery of CBS kerncijfers wijken en buurten must hold: one row per area and year, empty means unknown.

Source: CBS StatLine, Kerncijfers wijken en buurten (85039NED 2021, 85318NED 2022), column names of the CBS file.
CBS rounds benefits to 10 and residents, Wmo and youth care to 5; its figures are a yardstick here, never published.
What they stand beside is in dbt_project/seeds/cbs_kolommen.csv.
"""

import polars as pl

from validations.language.contract import (
    INTEGER,
    MUNICIPALITY,
    TEXT,
    Contract,
    Field,
    Rule,
    coherent,
    required,
    unique,
    well_formed,
)

jaar = Field(
    "jaar", INTEGER, "Jaar; ontbreekt de kolom, dan dat in de bestandsnaam", aliases=("Peildatum", "Perioden", "jaar")
)
gemeentecode = Field("gemeentecode", MUNICIPALITY, "Kolom gm_code: GM en vier cijfers; anders volgt zij uit de code")
code = Field(
    "code",
    TEXT,
    "Gebiedscode: GM, WK of BU",
    aliases=("gwb_code_10", "Codering", "WijkenEnBuurten", "gwb_code"),
)
naam = Field("naam", TEXT, "Naam van het gebied", aliases=("regio",))
COUNTS = tuple(
    # The names of the kwb file are ours.
    Field(kolom, INTEGER, omschrijving, aliases=(kolom, *called))
    for kolom, *called, omschrijving in (
        ("a_inw", "AantalInwoners", "Inwoners"),
        ("a_00_14", "k_0Tot15Jaar", "Inwoners van 0 tot 15 jaar"),
        ("a_15_24", "k_15Tot25Jaar", "Inwoners van 15 tot 25 jaar"),
        ("a_25_44", "k_25Tot45Jaar", "Inwoners van 25 tot 45 jaar"),
        ("a_45_64", "k_45Tot65Jaar", "Inwoners van 45 tot 65 jaar"),
        ("a_65_oo", "k_65JaarOfOuder", "Inwoners van 65 jaar en ouder"),
        ("a_hh", "HuishoudensTotaal", "Huishoudens"),
        ("a_soz_wb", "PersonenPerSoortUitkeringBijstand", "Personen met een bijstandsuitkering, tot de AOW-leeftijd"),
        ("a_soz_ao", "PersonenPerSoortUitkeringAO", "Personen met een arbeidsongeschiktheidsuitkering"),
        ("a_soz_ow", "PersonenPerSoortUitkeringAOW", "Personen met AOW"),
        ("a_wmo_t", "WmoClienten", "Wmo-cliënten"),
        # jz_jongeren_totaal: of the table on jeugdzorg alone (85075NED), which has them where kerncijfers have not.
        ("a_jz_tn", "JongerenMetJeugdzorgInNatura", "jz_jongeren_totaal", "Jongeren met jeugdzorg in natura"),
    )
)

CONTRACT = Contract(
    bron="kerncijfers",
    title="Kerncijfers wijken en buurten (CBS)",
    source="CBS StatLine, Kerncijfers wijken en buurten, CC BY 4.0",
    guide=(
        "Lever het bestand van het CBS ongewijzigd: de export van StatLine (CSV; achter een kolomnaam staat een "
        "nummer, zoals AantalInwoners_5), of het kwb-bestand (CSV of XLSX, zoals kwb-2023.xlsx). Het jaar staat in "
        "Peildatum, Perioden of jaar, of in de bestandsnaam. Een punt, x, - of * is een cijfer dat het CBS niet geeft: "
        "onbekend, nooit 0. Kolommen die de monitor niet kent, mogen erin blijven staan."
    ),
    fields=(jaar, gemeentecode, code, naam, *COUNTS),
    key=("jaar", "code"),
    rules=(
        required("KER-01", "jaar"),
        well_formed("KER-02", jaar),
        required("KER-03", "gemeentecode", name="gm_code"),
        well_formed("KER-04", gemeentecode),
        required("KER-05", "code"),
        Rule(
            "KER-06",
            ("code",),
            "vorm",
            pl.col("code").str.contains(r"^(GM[0-9]{4}|WK[0-9]{4}[0-9A-Z]{2}|BU[0-9]{4}[0-9A-Z]{4})$"),
            "De gebiedscode is geen GM, WK of BU met 4, 6 of 8 tekens.",
            "Neem het bestand van het CBS ongewijzigd over.",
        ),
        *(well_formed(f"KER-{number}", field) for number, field in enumerate(COUNTS, 11)),
        *(
            coherent(
                f"KER-{number}",
                (field.name,),
                pl.col(field.name) >= 0,
                f"{field.name} is negatief.",
                "Laat een onbekend cijfer leeg.",
            )
            for number, field in enumerate(COUNTS, 31)
        ),
        unique("KER-51", ("jaar", "code")),
    ),
)
