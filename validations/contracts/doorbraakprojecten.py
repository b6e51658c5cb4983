"""What a delivery of doorbraakprojecten must hold: one row per project, registered before it starts.

Source: the criteria of the doorbraakprojecten of Weert: a demonstrable result within 12 to 18 months, for the client,
across partitions. What is not public of a project may stay empty: every rule is silent about an empty field, unless
another field asks for it. Whether the first delivery really came before the start shows only when all deliveries are
seen together (DBP-51, dbt_project/models/marts/uitval_doorbraakproject.sql).
"""

import polars as pl

from validations.language.codelists import codes
from validations.language.contract import (
    DATE,
    INTEGER,
    MUNICIPALITY,
    TEXT,
    Contract,
    Contradiction,
    Field,
    Kind,
    Rule,
    coherent,
    in_list,
    own_municipality,
    required,
    unique,
    well_formed,
)

# YAML writes decimals with a point; by hand `1.250` is also 1250.
NUMBER = Kind(
    "getal",
    pl.Float64,
    r"^-?(?:[0-9]{1,9}(?:\.(?:[0-9]{1,2}|[0-9]{4}))?|(?:0|[0-9]{4,9})\.[0-9]{3})$",
    lambda c: c.cast(pl.Float64, strict=False),
    "getal, met punt; 1.250 kan 1250 zijn of 1,25",
)
AREAS = r"^(WK[0-9]{4}[0-9A-Z]{2}|BU[0-9]{4}[0-9A-Z]{4})( (WK[0-9]{4}[0-9A-Z]{2}|BU[0-9]{4}[0-9A-Z]{4}))*$"
EXTERNAL = "extern"

DATES = (
    Field("geregistreerd_op", DATE, "Leverdatum van de eerste levering, bij een latere versie van het project"),
    Field("startdatum", DATE, "Eerste dag"),
    Field("einddatum_plan", DATE, "Laatste dag volgens het plan: 12 tot 18 maanden na de start"),
    Field("einddatum", DATE, "Laatste dag; leeg zolang het project loopt"),
    Field("nulmeting_datum", DATE, "Dag van de nulmeting, voor de start"),
    Field("eindmeting_datum", DATE, "Dag van de eindmeting"),
)
AMOUNTS = (
    Field("budget_toegekend", INTEGER, "Toegekend in hele euro's"),
    Field("budget_besteed", INTEGER, "Besteed in hele euro's"),
    Field("deelnemers_doel", INTEGER, "Hoeveel deelnemers het project wil bereiken"),
    Field("deelnemers_bereikt", INTEGER, "Hoeveel deelnemers het bereikte"),
)
NUMBERS = (
    Field("minimaal_effect", NUMBER, "Kleinste verschil dat ertoe doet, in de eenheid van het doel; min is een daling"),
    Field("nulmeting", NUMBER, "Waarde van het doel voor de start"),
    Field("eindmeting", NUMBER, "Waarde van het doel na afloop"),
)
startjaar = Field("startjaar", INTEGER, "Jaar van de start, als de dag niet bekend is")
FIELDS = (
    Field("project_code", TEXT, "Code van het project, dezelfde in elke levering"),
    Field("naam", TEXT, "Naam"),
    Field("thema", TEXT, "Waar het project over gaat"),
    startjaar,
    *DATES,
    *AMOUNTS,
    Field("schotten", TEXT, "Lijst van ten minste twee regelingen waar het project overheen gaat"),
    Field("partners", TEXT, "Lijst van organisaties"),
    Field("uitkomst_indicator", TEXT, "Het doel: een indicator van de monitor, of extern (dan telt alleen voor en na)"),
    Field("doel_regeling", TEXT, "De regeling van die indicator"),
    Field("gebieden", TEXT, "Lijst van wijken of buurten waar het project werkt"),
    Field("vergelijkingsgebieden", TEXT, "Lijst van wijken of buurten zonder het project, ook van andere gemeenten"),
    *NUMBERS,
    Field("oordeel", TEXT, "aantoonbaar, niet of onbekend"),
    Field("client_verbeterd", TEXT, "ja, nee of onbekend"),
    Field("vervolg", TEXT, "structureel, stop of verlengd"),
)
gemeentecode = Field(
    "gemeentecode", MUNICIPALITY, "De gemeente in wier map de levering staat; staat niet in het bestand"
)

_IN_MONITOR = (pl.col("uitkomst_indicator") != EXTERNAL).fill_null(False)
_ENDED = pl.col("einddatum").is_not_null()
_REGELING = "|".join(code.code for code in codes("REGELING"))


def _areas(id: str, column: str) -> Rule:
    return Rule(
        id,
        (column,),
        "vorm",
        pl.col(column).str.contains(AREAS),
        f"{column} bevat een code die geen WK of BU met 6 of 8 tekens is.",
        "Gebruik de gebiedscodes van het CBS.",
    )


def _together(id: str, day: str, value: str) -> Rule:
    return Rule(
        id,
        (day, value),
        "volledigheid",
        pl.col(day).is_null() == pl.col(value).is_null(),
        f"{day} en {value} zijn niet allebei gevuld.",
        "Geef de waarde met de dag waarop zij is gemeten.",
    )


CONTRACT = Contract(
    bron="doorbraakprojecten",
    title="Doorbraakprojecten",
    source="criteria van de doorbraakprojecten van Weert (2016 en verder); de indeling is van de monitor",
    guide=(
        "Lever YAML: een bestand per project of een lijst, met velden onder de namen hieronder. Registreer een project "
        "voor het begint: wat later komt, telt niet als tijdig geregistreerd. Wat niet bekend is, blijft leeg. "
        "Noem geen deelnemers bij naam."
    ),
    fields=(gemeentecode, *FIELDS),
    key=("project_code",),
    rules=(
        own_municipality("DBP-01"),
        required("DBP-02", "project_code"),
        Rule(
            "DBP-03",
            ("project_code",),
            "vorm",
            pl.col("project_code").str.contains(r"^[A-Za-z0-9-]{3,30}$"),
            "De projectcode bestaat niet uit 3 tot 30 letters, cijfers en streepjes.",
            "Geef het project een korte code en houd die elke levering gelijk.",
        ),
        well_formed("DBP-04", startjaar),
        *(well_formed(f"DBP-{number:02d}", field) for number, field in enumerate(DATES, 5)),
        *(well_formed(f"DBP-{number}", field) for number, field in enumerate(AMOUNTS, 11)),
        *(
            coherent(
                f"DBP-{number}",
                (field.name,),
                pl.col(field.name) >= 0,
                f"{field.name} is negatief.",
                f"Laat {field.name} leeg als het niet bekend is.",
            )
            for number, field in enumerate(AMOUNTS, 15)
        ),
        *(well_formed(f"DBP-{number}", field) for number, field in enumerate(NUMBERS, 19)),
        coherent(
            "DBP-22",
            ("startjaar", "startdatum"),
            pl.col("startjaar") == pl.col("startdatum").dt.year(),
            "startjaar is niet het jaar van de startdatum.",
            "Herstel een van beide.",
        ),
        coherent(
            "DBP-23",
            ("einddatum_plan", "startdatum"),
            # The last day of a year that begins on the first is twelve months away.
            pl.col("einddatum_plan")
            .dt.offset_by("1d")
            .is_between(pl.col("startdatum").dt.offset_by("12mo"), pl.col("startdatum").dt.offset_by("18mo1d")),
            "Het plan eindigt niet 12 tot 18 maanden na de start.",
            "Een doorbraakproject laat binnen een tot anderhalf jaar resultaat zien: pas het plan aan.",
        ),
        coherent(
            "DBP-24",
            ("einddatum", "startdatum"),
            pl.col("einddatum") >= pl.col("startdatum"),
            "Het project eindigt voor het begint.",
            "Herstel de datums.",
        ),
        coherent(
            "DBP-25",
            ("einddatum",),
            pl.col("einddatum") <= pl.col("leverdatum"),
            "einddatum ligt na de leverdatum.",
            "Zet een verwachte einddatum in einddatum_plan.",
        ),
        coherent(
            "DBP-26",
            ("geregistreerd_op",),
            pl.col("geregistreerd_op") <= pl.col("leverdatum"),
            "geregistreerd_op ligt na de leverdatum.",
            "Vul de datum van de eerste levering van dit project.",
        ),
        coherent(
            "DBP-27",
            ("startdatum", "geregistreerd_op"),
            pl.coalesce("geregistreerd_op", "leverdatum") <= pl.col("startdatum"),
            "Het project is pas na de start geregistreerd.",
            "Registreer een project voor het begint; zet bij een latere versie de eerste leverdatum erbij.",
        ),
        coherent(
            "DBP-28",
            ("nulmeting_datum", "startdatum"),
            pl.col("nulmeting_datum") < pl.col("startdatum"),
            "De nulmeting ligt niet voor de start.",
            "Meet voor het project begint.",
        ),
        _together("DBP-29", "nulmeting_datum", "nulmeting"),
        _together("DBP-30", "eindmeting_datum", "eindmeting"),
        coherent(
            "DBP-31",
            ("eindmeting_datum", "startdatum"),
            pl.col("eindmeting_datum") > pl.col("startdatum"),
            "De eindmeting ligt niet na de start.",
            "Herstel de datum van de eindmeting.",
        ),
        required("DBP-32", "eindmeting", where=_ENDED, name="De eindmeting van een project dat is geëindigd,"),
        Rule(
            "DBP-33",
            ("schotten",),
            "codes",
            pl.col("schotten").str.contains(rf"^({_REGELING})( ({_REGELING}))*$"),
            "schotten bevat een naam die niet in codelijst REGELING staat.",
            f"Gebruik namen van REGELING: {', '.join(sorted(code.code for code in codes('REGELING')))}.",
        ),
        Rule(
            "DBP-34",
            ("schotten",),
            "samenhang",
            pl.col("schotten").str.split(" ").list.n_unique() >= 2,
            "Het project gaat over minder dan twee schotten.",
            "Een doorbraakproject werkt over de grens van ten minste twee regelingen heen; noem ze.",
        ),
        in_list("DBP-35", "uitkomst_indicator", "DBP_DOEL"),
        in_list("DBP-36", "doel_regeling", "REGELING"),
        *(
            required(f"DBP-{number}", column, where=_IN_MONITOR)
            for number, column in enumerate(
                ("doel_regeling", "gebieden", "vergelijkingsgebieden", "minimaal_effect"), 37
            )
        ),
        coherent(
            "DBP-41",
            ("minimaal_effect",),
            pl.col("minimaal_effect") != 0,
            "minimaal_effect is 0.",
            "Vul het kleinste verschil dat ertoe doet; een daling met een min.",
        ),
        _areas("DBP-42", "gebieden"),
        _areas("DBP-43", "vergelijkingsgebieden"),
        coherent(
            "DBP-44",
            ("gebieden", "gemeentecode"),
            pl.col("gebieden").str.extract_all(r"(WK|BU)[0-9]{4}").list.eval(pl.element().str.slice(2)).list.unique()
            == pl.concat_list(pl.col("gemeentecode").str.slice(2)),
            "Een van de gebieden ligt niet in de gemeente.",
            "Noem alleen gebieden van de eigen gemeente; andere mogen in vergelijkingsgebieden.",
        ),
        Rule(
            "DBP-45",
            ("vergelijkingsgebieden", "gebieden"),
            "samenhang",
            pl.col("vergelijkingsgebieden")
            .str.split(" ")
            .list.set_intersection(pl.col("gebieden").str.split(" "))
            .list.len()
            == 0,
            "Een gebied van het project is ook vergelijkingsgebied.",
            "Vergelijk met gebieden waar het project niet werkt.",
        ),
        in_list("DBP-46", "oordeel", "DBP_OORDEEL"),
        in_list("DBP-47", "client_verbeterd", "DBP_CLIENT"),
        in_list("DBP-48", "vervolg", "DBP_VERVOLG"),
        unique("DBP-49", ("project_code",)),
    ),
    together=(
        Contradiction(
            "DBP-51",
            "Een project is voor het eerst geleverd nadat het begon. Het telt niet als tijdig geregistreerd.",
            "Lever een volgend project voor het begint. Is de startdatum fout, herstel die dan en lever opnieuw.",
        ),
    ),
)
