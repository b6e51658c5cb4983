"""What a list of the collective health insurance must hold: one row per insured person of the contract of a gemeente.

No national layout exists; this one is ours (registrations.md section 15). Law: WWB article 35 paragraph 6 up to 2014,
Participatiewet article 35 paragraph 3 from 2015.
"""

import polars as pl

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
    person_number,
    required,
    unique,
    well_formed,
)

relatienummer = Field(
    "relatienummer",
    TEXT,
    "Nummer van de polis bij de verzekeraar; partner en kinderen delen het",
    identifying=True,
    aliases=("relatienr", "polisnummer", "verzekerdenummer"),
)
bsn = Field(
    "bsn",
    TEXT,
    "Burgerservicenummer van de verzekerde",
    person="bsn",
    identifying=True,
    aliases=("burgerservicenummer", "BSN verzekerde"),
)
geboortedatum = Field(
    "geboortedatum", DATE, "Geboortedatum", stored=False, identifying=True, aliases=("geb.datum", "gebdatum")
)
postcode = Field("postcode", POSTCODE, "Postcode", identifying=True, aliases=("pc", "postcode adres"))
huisnummer = Field(
    "huisnummer", INTEGER, "Huisnummer zonder letter of toevoeging", identifying=True, aliases=("huisnr", "nr")
)
pakket = Field("pakket", TEXT, "Naam van het pakket", aliases=("verzekeringspakket", "aanvullend pakket"))
ingang = Field("ingangsdatum", DATE, "Eerste dag van deelname", aliases=("begindatum", "datum ingang", "ingang"))
einde = Field(
    "einddatum",
    DATE,
    "Laatste dag van deelname; leeg: loopt door",
    aliases=("datum einde", "einde", "royementsdatum"),
)
rol = Field("verzekerde_rol", TEXT, "hoofd, partner of kind", aliases=("rol", "soort verzekerde"))
gemeentecode = Field(
    "gemeentecode", MUNICIPALITY, "CBS-gemeentecode; zonder deze kolom de gemeente van de map", aliases=("gemeente",)
)
polisjaar = Field(
    "polisjaar",
    INTEGER,
    "Kalenderjaar van het contract; anders dat in de bestandsnaam, anders dat van de leverdatum",
    aliases=("contractjaar", "jaar"),
)

YEAR = pl.coalesce("polisjaar", pl.col("leverdatum").dt.year().cast(pl.Int64)).cast(pl.Int32)
IN_RANGE = pl.when(YEAR.is_between(2000, 2100)).then(YEAR)
# Through text: pl.date raises on what is no year, and a rule must not raise on data.
FIRST_DAY = pl.format("{}-01-01", IN_RANGE).str.to_date("%Y-%m-%d", strict=False)
LAST_DAY = pl.format("{}-12-31", IN_RANGE).str.to_date("%Y-%m-%d", strict=False)

CONTRACT = Contract(
    bron="collectieve_zorgverzekering",
    title="Collectieve zorgverzekering voor minima",
    source="Eigen indeling van de monitor; Participatiewet artikel 35 lid 3 (tot 2015 WWB artikel 35 lid 6)",
    guide=(
        "Lever de werkmap met alle deelnemers aan het contract van één kalenderjaar, één rij per verzekerde: de lijst "
        "van 1 januari en daarna elk kwartaal de lijst met de mutaties erin. Een latere lijst van hetzelfde jaar "
        "vervangt de eerdere. Wie in het jaar stopt, blijft erin staan met de einddatum; wie op de lijst van het "
        "volgende jaar ontbreekt, eindigt op 31 december. Meeverzekerde kinderen staan op de polis van een ouder: zij "
        "tellen als persoon, de polis telt één keer. Wie verhuisde en op de lijst bleef, telt niet mee en wordt "
        "gemeld. In maanden die deze lijst dekt, telt cluster m van de BUS niet als bijzondere bijstand."
    ),
    fields=(
        relatienummer,
        bsn,
        geboortedatum,
        postcode,
        huisnummer,
        pakket,
        ingang,
        einde,
        rol,
        gemeentecode,
        polisjaar,
    ),
    rules=(
        required("CZV-01", "relatienummer"),
        required("CZV-02", "bsn"),
        *person_number("CZV", 3, "bsn"),
        well_formed("CZV-06", geboortedatum),
        coherent(
            "CZV-07",
            ("geboortedatum",),
            pl.col("geboortedatum") <= pl.col("leverdatum"),
            "De geboortedatum ligt na de leverdatum.",
            "Herstel de geboortedatum bij de verzekeraar.",
        ),
        well_formed("CZV-08", postcode),
        well_formed("CZV-09", huisnummer),
        coherent(
            "CZV-10",
            ("huisnummer",),
            pl.col("huisnummer").is_between(0, 99_999),
            "Huisnummer ligt buiten 0 tot en met 99999.",
            "Zet letter en toevoeging niet in het huisnummer.",
        ),
        required("CZV-11", "pakket"),
        required("CZV-12", "ingangsdatum"),
        well_formed("CZV-13", ingang),
        well_formed("CZV-14", einde),
        coherent(
            "CZV-15",
            ("einddatum", "ingangsdatum"),
            pl.col("einddatum") >= pl.col("ingangsdatum"),
            "De deelname eindigt voor zij begint.",
            "Herstel de datums bij de verzekeraar.",
        ),
        well_formed("CZV-16", polisjaar),
        Rule(
            "CZV-17",
            ("polisjaar",),
            "samenhang",
            # polars makes one value of years that are all the same; asked row by row they are a column.
            pl.when(pl.col("bsn").is_not_null()).then(YEAR.mode().min() == YEAR),
            "De rij gaat over een ander jaar dan de rest van de lijst.",
            "Lever elk kalenderjaar in een eigen levering.",
            typed=True,
        ),
        coherent(
            "CZV-18",
            ("ingangsdatum", "einddatum", "polisjaar"),
            (pl.col("ingangsdatum") <= LAST_DAY) & (pl.col("einddatum").fill_null(FIRST_DAY) >= FIRST_DAY),
            "De deelname valt buiten het kalenderjaar van het contract.",
            "Zet op de lijst van een jaar alleen wie in dat jaar deelnam.",
        ),
        coherent(
            "CZV-19",
            ("polisjaar",),
            YEAR.is_between(2000, 2100),
            "Polisjaar ligt niet tussen 2000 en 2100.",
            "Vul het kalenderjaar van het contract.",
        ),
        required("CZV-20", "verzekerde_rol"),
        in_list("CZV-21", "verzekerde_rol", "CZV_ROL"),
        required("CZV-22", "gemeentecode"),
        well_formed("CZV-23", gemeentecode),
        own_municipality("CZV-24"),
        unique("CZV-25", ("gemeentecode", "relatienummer", "bsn", "ingangsdatum")),
    ),
)
