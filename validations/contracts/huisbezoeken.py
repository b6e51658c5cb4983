"""What a delivery of house visits must hold: one row per answered survey form, of who consents (the half *vertellen*).

The scales are those of the monitor; the standard questions of the Wmo client survey can be asked beside them. Rows
without consent and the open question never come here: the reader leaves them out.
"""

import polars as pl

from validations.language.codelists import codes
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
    own_municipality,
    required,
    unique,
    well_formed,
)

MOST_HOURS = 60

respons_id = Field(
    "respons_id", TEXT, "Kenmerk van het formulier, geen persoonsnummer; alleen om dubbelen te vinden", stored=False
)
toestemming = Field("toestemming", TEXT, "ja: de inwoner stemt in met gebruik voor de monitor", stored=False)
datum = Field("datum", DATE, "Dag van het huisbezoek")
wijkcode = Field("wijkcode", TEXT, "CBS-wijkcode, WK en zes tekens")
gemeentecode = Field("gemeentecode", MUNICIPALITY, "De gemeente van de wijk; staat niet in het bestand")
leeftijdsklasse = Field("leeftijdsklasse", TEXT, "Leeftijdsgroep van het CBS")
registraties = Field("registraties", TEXT, "Regelingen waar het huishouden mee te maken heeft, met komma's ertussen")
lijn = Field("lijn", TEXT, "De lijn die hielp: 0, 1 of 2")
SCORES = (
    Field("tevreden_werkwijze", INTEGER, "Tevreden over de werkwijze, 1 (zeer ontevreden) tot 5 (zeer tevreden)"),
    Field("geluisterd", INTEGER, "Er is naar mij geluisterd, 1 (helemaal niet) tot 5 (helemaal wel)"),
    Field("zelfredzaam_vooruit", INTEGER, "Ik red mij beter, 1 (helemaal niet) tot 5 (helemaal wel)"),
)
bereid = Field("wederkerigheid_bereid", TEXT, "Kan en wil iets terugdoen: ja, nee of misschien")
aard = Field("wederkerigheid_aard", TEXT, "Wat dan")
uren = Field("wederkerigheid_uren_pw", INTEGER, "Hoeveel uur per week")

_REGELING = "|".join(code.code for code in codes("REGELING"))
_WILLING = pl.col("wederkerigheid_bereid").is_in(["ja", "misschien"]).fill_null(False)

CONTRACT = Contract(
    bron="huisbezoeken",
    title="Huisbezoeken (vertellen)",
    source="indeling van de monitor; naast de standaardvragen van het cliëntervaringsonderzoek Wmo",
    guide=(
        "Lever de hele uitvoer van het formulier, elke keer opnieuw: zo telt wie de toestemming intrekt niet meer mee. "
        "Wie geen toestemming gaf (toestemming is niet ja), wordt weggelaten en niet bewaard. De kolom vrije_tekst mag "
        "in het bestand staan; zij wordt nooit overgenomen. Het kenmerk van het formulier wordt niet bewaard."
    ),
    fields=(
        respons_id,
        toestemming,
        datum,
        wijkcode,
        gemeentecode,
        leeftijdsklasse,
        registraties,
        lijn,
        *SCORES,
        bereid,
        aard,
        uren,
    ),
    rules=(
        required("HBZ-01", "respons_id"),
        Rule(
            "HBZ-02",
            ("respons_id",),
            "persoonsnummer",
            ~pl.col("respons_id").str.contains(r"^[0-9]{8,9}$"),
            "respons_id heeft de vorm van een burgerservicenummer.",
            "Gebruik een kenmerk van het formulier dat niets van de inwoner zegt.",
        ),
        Rule(
            "HBZ-03",
            ("toestemming",),
            "codes",
            pl.col("toestemming") == "ja",
            "toestemming is geen ja of nee; de rij is niet gebruikt.",
            "Vul ja of nee; zonder ja wordt niets bewaard.",
        ),
        required("HBZ-04", "datum"),
        well_formed("HBZ-05", datum),
        coherent(
            "HBZ-06",
            ("datum",),
            pl.col("datum") <= pl.col("leverdatum"),
            "Het huisbezoek ligt na de leverdatum.",
            "Controleer de datum van het bezoek.",
        ),
        required("HBZ-07", "wijkcode"),
        Rule(
            "HBZ-08",
            ("wijkcode",),
            "vorm",
            pl.col("wijkcode").str.contains(r"^WK[0-9]{4}[0-9A-Z]{2}$"),
            "De wijkcode is geen WK met vier cijfers en twee tekens.",
            "Gebruik de wijkcode van het CBS.",
        ),
        own_municipality("HBZ-09"),
        in_list("HBZ-10", "leeftijdsklasse", "LEEFTIJDSGROEP"),
        Rule(
            "HBZ-11",
            ("registraties",),
            "codes",
            pl.col("registraties").str.contains(rf"^({_REGELING})(, ?({_REGELING}))*$"),
            "registraties bevat een naam die niet in codelijst REGELING staat.",
            "Gebruik namen van regelingen met komma's ertussen, zoals wmo,wwb.",
        ),
        in_list("HBZ-12", "lijn", "LIJN"),
        *(well_formed(f"HBZ-{number}", field) for number, field in enumerate(SCORES, 13)),
        *(
            coherent(
                f"HBZ-{number}",
                (field.name,),
                pl.col(field.name).is_between(1, 5),
                f"{field.name} ligt niet tussen 1 en 5.",
                "Gebruik de schaal van 1 tot en met 5; laat leeg wat niet is beantwoord.",
            )
            for number, field in enumerate(SCORES, 16)
        ),
        in_list("HBZ-19", "wederkerigheid_bereid", "HBZ_BEREID"),
        in_list("HBZ-20", "wederkerigheid_aard", "HBZ_AARD"),
        Rule(
            "HBZ-21",
            ("wederkerigheid_aard", "wederkerigheid_bereid"),
            "samenhang",
            pl.when(pl.col("wederkerigheid_aard").is_not_null()).then(_WILLING),
            "Er staat wat de inwoner terugdoet, maar niet dat hij dat wil.",
            "Laat wederkerigheid_aard leeg, of vul ja of misschien bij wederkerigheid_bereid.",
        ),
        well_formed("HBZ-22", uren),
        coherent(
            "HBZ-23",
            ("wederkerigheid_uren_pw",),
            pl.col("wederkerigheid_uren_pw").is_between(0, MOST_HOURS),
            f"wederkerigheid_uren_pw ligt niet tussen 0 en {MOST_HOURS}.",
            "Vul hele uren per week.",
        ),
        Rule(
            "HBZ-24",
            ("wederkerigheid_uren_pw", "wederkerigheid_bereid"),
            "samenhang",
            pl.when(pl.col("wederkerigheid_uren_pw").is_not_null()).then(_WILLING),
            "Er staan uren, maar niet dat de inwoner iets terug wil doen.",
            "Laat wederkerigheid_uren_pw leeg, of vul ja of misschien bij wederkerigheid_bereid.",
        ),
        unique("HBZ-25", ("respons_id",)),
    ),
)
