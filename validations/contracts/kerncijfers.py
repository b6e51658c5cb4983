"""What a delivery of CBS kerncijfers wijken en buurten must hold: one row per area and year, empty means unknown.

Source: CBS StatLine, Kerncijfers wijken en buurten (85039NED 2021, 85318NED 2022), column names of the CBS file.
CBS rounds benefits to 10 and residents, Wmo and youth care to 5; its figures are a yardstick here, never published.
"""

import polars as pl

from validations.contracts.contract import (
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

jaar = Field("jaar", INTEGER, "Jaar")
gemeentecode = Field("gemeentecode", MUNICIPALITY, "Kolom gm_code: GM en vier cijfers")
code = Field("code", TEXT, "Gebiedscode: GM, WK of BU")
naam = Field("naam", TEXT, "Naam van het gebied")
COUNTS = tuple(
    Field(kolom, INTEGER, omschrijving)
    for kolom, omschrijving in {
        "a_inw": "Inwoners",
        "a_00_14": "Inwoners van 0 tot 15 jaar",
        "a_15_24": "Inwoners van 15 tot 25 jaar",
        "a_25_44": "Inwoners van 25 tot 45 jaar",
        "a_45_64": "Inwoners van 45 tot 65 jaar",
        "a_65_oo": "Inwoners van 65 jaar en ouder",
        "a_hh": "Huishoudens",
        "a_soz_wb": "Personen met een bijstandsuitkering, tot de AOW-leeftijd",
        "a_soz_ao": "Personen met een arbeidsongeschiktheidsuitkering",
        "a_soz_ow": "Personen met AOW",
        "a_wmo_t": "Wmo-cliënten",
    }.items()
)

CONTRACT = Contract(
    bron="kerncijfers",
    title="Kerncijfers wijken en buurten (CBS)",
    source="CBS StatLine, Kerncijfers wijken en buurten, CC BY 4.0",
    guide="Lever het CSV-bestand van het CBS; kolommen die de monitor niet kent, mogen erin blijven staan.",
    fields=(jaar, gemeentecode, code, naam, *COUNTS),
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
