"""The contract of figures that arrive as aggregates (UWV, CBS): no persons, a rounded count per area and trait.

One layout for several registrations: a file may hold the regelingen of another one too, which are left out there.
Layout of the monitor itself; no national one exists. Sources round to 10 and do not show every cell.
"""

import polars as pl

from validations.language.contract import (
    DATE,
    INTEGER,
    MUNICIPALITY,
    TEXT,
    Contract,
    Field,
    Rule,
    coherent,
    in_list,
    required,
    unique,
    well_formed,
)

TOTAL = "totaal"
CODELIST = "AO_REGELING"
peildatum = Field("peildatum", DATE, "Laatste dag van de maand waarvan het cijfer is; één per levering")
regio_code = Field("regio_code", TEXT, "Gebied van het CBS: GM, WK of BU met 4, 6 of 8 tekens; ook NL00 e.d. mag")
gemeentecode = Field("gemeentecode", MUNICIPALITY, "Gemeente van het gebied; staat niet in het bestand, volgt eruit")
regeling = Field("regeling", TEXT, "Regeling, of het totaal van de regelingen (codelijst AO_REGELING)")
leeftijdsklasse = Field(
    "leeftijdsklasse", TEXT, "totaal, of een klasse zoals 15-24, 65+ of 55-AOW; telt mee als het een klasse van CBS is"
)
geslacht = Field("geslacht", TEXT, "totaal, man of vrouw; alleen totaal telt mee")
aantal = Field("aantal", INTEGER, "Personen, afgerond op tientallen; leeg of een punt als de bron het niet toont")


def aggregate_contract(bron: str, prefix: str, title: str, total: str, parts: tuple[str, ...]) -> Contract:
    """The contract of one registration: `total` is the code of its regelingen together, `parts` those of each."""
    own = pl.col("regeling").is_in([total, *parts])
    is_total = (
        (pl.col("regeling") == total) & (pl.col("leeftijdsklasse") == TOTAL) & (pl.col("geslacht") == TOTAL)
    ).fill_null(False)
    return Contract(
        bron=bron,
        title=title,
        source="indeling van de monitor, naar de open cijfers van CBS en UWV",
        guide=(
            "Lever de cijfers zoals de bron ze publiceert: afgerond op tientallen, één peildatum per levering, voor "
            "elke gemeente en waar ze er zijn ook voor wijken en buurten. De monitor telt niets op: geef bij elk "
            f"gebied het totaal van de bron zelf (regeling {total}, leeftijdsklasse totaal, geslacht totaal). Andere "
            "regelingen in hetzelfde bestand worden overgeslagen."
        ),
        fields=(peildatum, regio_code, gemeentecode, regeling, leeftijdsklasse, geslacht, aantal),
        rules=(
            required(f"{prefix}-01", "peildatum"),
            well_formed(f"{prefix}-02", peildatum),
            coherent(
                f"{prefix}-03",
                ("peildatum",),
                pl.col("peildatum") == pl.col("peildatum").dt.month_end(),
                "De peildatum is niet de laatste dag van een maand.",
                "Gebruik de peildatum van de bron; de monitor kent alleen maandeinden.",
            ),
            coherent(
                f"{prefix}-04",
                ("peildatum",),
                pl.col("peildatum") == pl.col("peildatum").mode().min(),
                "De peildatum is een andere dan die van de rest van de levering.",
                "Lever elke peildatum in een eigen map.",
            ),
            required(f"{prefix}-05", "regio_code"),
            Rule(
                f"{prefix}-06",
                ("regio_code",),
                "vorm",
                pl.col("regio_code").str.contains(r"^(GM[0-9]{4}|WK[0-9]{4}[0-9A-Z]{2}|BU[0-9]{4}[0-9A-Z]{4})$"),
                "De regio_code is geen GM, WK of BU met 4, 6 of 8 tekens.",
                "Neem de gebiedscode van het CBS ongewijzigd over.",
            ),
            required(f"{prefix}-07", "regeling"),
            in_list(f"{prefix}-08", "regeling", CODELIST, on=pl.col("peildatum")),
            required(f"{prefix}-09", "leeftijdsklasse"),
            Rule(
                f"{prefix}-10",
                ("leeftijdsklasse",),
                "vorm",
                pl.col("leeftijdsklasse").str.contains(r"^(totaal|[0-9]{1,2}-([0-9]{1,2}|AOW)|[0-9]{1,2}\+)$"),
                "De leeftijdsklasse is geen totaal en geen klasse zoals 15-24, 65+ of 55-AOW.",
                "Schrijf de klasse als eerste en laatste leeftijd, of als totaal.",
            ),
            required(f"{prefix}-11", "geslacht"),
            in_list(f"{prefix}-12", "geslacht", "AO_GESLACHT"),
            well_formed(f"{prefix}-13", aantal),
            coherent(
                f"{prefix}-14",
                ("aantal",),
                pl.col("aantal") >= 0,
                "Het aantal is negatief.",
                "Laat een cijfer dat de bron niet toont leeg.",
            ),
            coherent(
                f"{prefix}-15",
                ("aantal",),
                pl.when(pl.col("aantal") >= 0).then(pl.col("aantal") % 10 == 0),
                "Het aantal is niet afgerond op tientallen.",
                "Lever de afgeronde cijfers die de bron publiceert, geen exacte.",
            ),
            Rule(
                f"{prefix}-16",
                ("regeling", "leeftijdsklasse", "geslacht"),
                "volledigheid",
                pl.when(own).then(is_total.any().over("regio_code")),
                f"Bij dit gebied ontbreekt het totaal (regeling {total}, leeftijdsklasse totaal, geslacht totaal).",
                "Lever het totaal van de bron mee; de monitor telt afgeronde cijfers niet op.",
            ),
            well_formed(f"{prefix}-17", gemeentecode),
            unique(f"{prefix}-18", ("peildatum", "regio_code", "regeling", "leeftijdsklasse", "geslacht")),
        ),
    )
