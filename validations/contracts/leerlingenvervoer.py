"""What a workbook of leerlingenvervoer must hold: one row per decision (beschikking) on transport of one pupil.

No national layout exists; this one is ours (registrations.md section 9). Dimensions and codes are those of the
national Monitor leerlingenvervoer: onderwijssoort, vervoersreden, vervoersoort, vervoersafstand.
"""

import polars as pl

from validations.language.contract import (
    DATE,
    DECIMAL,
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
    unique,
    well_formed,
)

beschikkingnr = Field(
    "beschikkingnr",
    TEXT,
    "Nummer van de beschikking",
    identifying=True,
    aliases=("beschikkingnummer", "besluitnr", "zaaknummer"),
)
bsn = Field(
    "bsn",
    TEXT,
    "Burgerservicenummer van de leerling",
    person="bsn",
    identifying=True,
    aliases=("burgerservicenummer", "BSN leerling", "sofinummer"),
)
schooljaar = Field("schooljaar", TEXT, "Schooljaar, jjjj/jj (1 augustus tot en met 31 juli)", aliases=("jaar",))
begin = Field(
    "datum_begin",
    DATE,
    "Eerste dag van het vervoer",
    aliases=("begindatum", "ingangsdatum", "startdatum", "begin", "vanaf"),
)
einde = Field(
    "datum_einde",
    DATE,
    "Laatste dag van het vervoer; leeg: loopt door",
    aliases=("einddatum", "einde", "tot en met", "t/m"),
)
vervoersoort = Field(
    "vervoersoort",
    TEXT,
    "openbaar, openbaar met begeleiding, eigen (fiets, auto) of aangepast (bus, taxi, taxibus)",
    aliases=("soort vervoer", "vervoer", "vervoerssoort", "type vervoer"),
)
vervoersreden = Field(
    "vervoersreden",
    TEXT,
    "afstand, handicap of richting (levensovertuiging)",
    stored=False,
    aliases=("reden", "reden vervoer"),
)
onderwijssoort = Field(
    "onderwijssoort",
    TEXT,
    "bao, sbao, so (of so1 tot en met so4: het cluster), vso of vo",
    stored=False,
    aliases=("soort onderwijs", "schooltype"),
)
afstand = Field(
    "afstand_km", DECIMAL, "Afstand van huis naar school in kilometers", stored=False, aliases=("afstand", "km")
)
brin = Field("brin", TEXT, "BRIN van de school", stored=False, aliases=("brinnummer", "brin school"))
kosten = Field("kosten_jaar", DECIMAL, "Kosten in het schooljaar, in euro's", aliases=("kosten", "kosten per jaar"))
bijdrage = Field("eigen_bijdrage", DECIMAL, "Eigen bijdrage in het schooljaar, in euro's", stored=False)
gemeentecode = Field(
    "gemeentecode", MUNICIPALITY, "CBS-gemeentecode; zonder deze kolom de gemeente van de map", aliases=("gemeente",)
)

FIRST_YEAR = pl.col("schooljaar").str.slice(0, 4).cast(pl.Int32, strict=False)
# Through text: pl.date raises on what is no year, and a rule must not raise on data.
FIRST_DAY = pl.format("{}-08-01", FIRST_YEAR).str.to_date("%Y-%m-%d", strict=False)
LAST_DAY = pl.format("{}-07-31", FIRST_YEAR + 1).str.to_date("%Y-%m-%d", strict=False)

CONTRACT = Contract(
    bron="leerlingenvervoer",
    title="Leerlingenvervoer",
    source="Eigen indeling van de monitor; dimensies van de Monitor leerlingenvervoer",
    guide=(
        "Lever de werkmap zoals u die bijhoudt: één zichtbaar blad met een rij per beschikking, alle beschikkingen van "
        "één schooljaar. Titels boven de kolomkop, samengevoegde cellen, lege rijen en een rij met totalen mogen. Elke "
        "volgende levering van een schooljaar (met de mutaties erin) vervangt de vorige; wie er niet meer in staat, "
        "heeft nooit vervoer gehad: zet bij wie stopt de einddatum en laat de rij staan. Een verborgen rij telt mee en "
        "wordt u gemeld. Wat eindigt op de laatste dag van een maand telt die dag niet meer: op 31 juli is de stand "
        "laag, en op 1 augustus begint bijna iedereen opnieuw."
    ),
    fields=(
        beschikkingnr,
        bsn,
        schooljaar,
        begin,
        einde,
        vervoersoort,
        vervoersreden,
        onderwijssoort,
        afstand,
        brin,
        kosten,
        bijdrage,
        gemeentecode,
    ),
    rules=(
        required("LLV-01", "beschikkingnr"),
        required("LLV-02", "bsn"),
        *person_number("LLV", 3, "bsn"),
        required("LLV-06", "schooljaar"),
        Rule(
            "LLV-07",
            ("schooljaar",),
            "vorm",
            pl.when(pl.col("schooljaar").is_not_null()).then(
                pl.col("schooljaar").str.contains(r"^20[0-9]{2}/[0-9]{2}$")
                & (pl.col("schooljaar").str.slice(5, 2).cast(pl.Int32, strict=False) == (FIRST_YEAR + 1) % 100)
            ),
            "Schooljaar is geen twee jaren na elkaar (jjjj/jj).",
            "Schrijf het schooljaar als 2021/22.",
        ),
        Rule(
            "LLV-08",
            ("schooljaar",),
            "samenhang",
            pl.col("schooljaar") == pl.col("schooljaar").mode().min(),
            "De rij gaat over een ander schooljaar dan de rest van het blad.",
            "Lever elk schooljaar in een eigen levering.",
            typed=True,
        ),
        required("LLV-09", "datum_begin"),
        well_formed("LLV-10", begin),
        well_formed("LLV-11", einde),
        coherent(
            "LLV-12",
            ("datum_einde", "datum_begin"),
            pl.col("datum_einde") >= pl.col("datum_begin"),
            "Het vervoer eindigt voor het begint.",
            "Herstel de datums in de werkmap.",
        ),
        coherent(
            "LLV-13",
            ("datum_begin", "datum_einde", "schooljaar"),
            (pl.col("datum_begin") <= LAST_DAY) & (pl.col("datum_einde").fill_null(FIRST_DAY) >= FIRST_DAY),
            "Het vervoer valt buiten het schooljaar.",
            "Zet in de werkmap van een schooljaar alleen vervoer tussen 1 augustus en 31 juli.",
        ),
        required("LLV-14", "vervoersoort"),
        in_list("LLV-15", "vervoersoort", "LLV_VERVOERSOORT"),
        in_list("LLV-16", "vervoersreden", "LLV_VERVOERSREDEN"),
        in_list("LLV-17", "onderwijssoort", "LLV_ONDERWIJSSOORT"),
        well_formed("LLV-18", afstand),
        coherent(
            "LLV-19",
            ("afstand_km",),
            pl.col("afstand_km").is_between(0, 250),
            "De afstand ligt niet tussen 0 en 250 kilometer.",
            "Vul de afstand van huis naar school in kilometers, niet in meters.",
        ),
        Rule(
            "LLV-20",
            ("brin",),
            "vorm",
            pl.col("brin").str.contains(r"^[0-9]{2}[A-Za-z]{2}([0-9]{2})?$"),
            "BRIN is geen twee cijfers, twee letters en eventueel twee cijfers.",
            "Gebruik het BRIN van de school, zoals 12AB of 12AB00.",
        ),
        well_formed("LLV-21", kosten),
        well_formed("LLV-22", bijdrage),
        coherent(
            "LLV-23",
            ("kosten_jaar",),
            pl.col("kosten_jaar").is_between(0, 100_000),
            "De kosten liggen niet tussen 0 en 100.000 euro.",
            "Vul de kosten van deze leerling in het schooljaar.",
        ),
        required("LLV-24", "gemeentecode"),
        well_formed("LLV-25", gemeentecode),
        own_municipality("LLV-26"),
        unique("LLV-27", ("gemeentecode", "beschikkingnr", "bsn", "datum_begin")),
    ),
)
