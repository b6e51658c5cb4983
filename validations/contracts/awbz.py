"""What a delivery of AWBZ indications must hold: one row per person, decision, and function or care package (ZZP).

No national layout exists; this one is ours (registrations.md section 3), with the codes of the AWBZ vocabulary. The
law ended on 31 December 2014; a decision is of then or before, though it may have been granted for longer.
"""

from datetime import date

import polars as pl

from validations.language.contract import (
    DATE,
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

bsn = Field("bsn", TEXT, "Burgerservicenummer", person="bsn", identifying=True)
besluitnummer = Field("besluitnummer", TEXT, "Nummer van het indicatiebesluit van het CIZ", identifying=True)
besluitdatum = Field("besluitdatum", DATE, "Dag van het besluit", stored=False)
ingang = Field("ingangsdatum", DATE, "Eerste dag van de indicatie")
einde = Field("einddatum", DATE, "Laatste dag van de indicatie; leeg: onbepaalde tijd")
grondslag = Field("grondslag", TEXT, "Grondslag: 01 somatisch tot en met 07 psychosociaal", stored=False)
functie = Field("functiecode", TEXT, "Functie (extramuraal); leeg bij een ZZP")
klasse = Field("klasse", TEXT, "Omvang van de functie: K uren, KD dagdelen, KE etmalen per week", stored=False)
zzp = Field("zzp", TEXT, "Zorgzwaartepakket (intramuraal); leeg bij een functie")
vorm = Field("leveringsvorm", TEXT, "Leveringsvorm: ZIN, PGB of de code")
postcode = Field("postcode", POSTCODE, "Postcode", stored=False, identifying=True)
gemeentecode = Field("gemeentecode", MUNICIPALITY, "CBS-gemeentecode")

LAST_DAY = date(2014, 12, 31)

CONTRACT = Contract(
    bron="awbz",
    title="AWBZ-indicaties",
    source="Eigen indeling van de monitor; codes van de AWBZ (BWBR0002614, ingetrokken per 1 januari 2015)",
    guide=(
        "Lever per periode één CSV-bestand met puntkomma's in UTF-8 met alle geldige indicaties: één regel per "
        "persoon, besluit en functie (met klasse) of ZZP. Een latere levering van dezelfde periode vervangt de "
        "eerdere. Een indicatie is geen gebruik: of zij verzilverd is, staat er niet in. Een verlopen indicatie telt "
        "tot haar einddatum, ook als zij in het bestand blijft staan. Wie in een instelling woont, wordt gemerkt, "
        "omdat een instelling de cijfers van haar buurt optilt. De wet eindigde op 31 december 2014; cijfers over "
        "latere maanden bestaan niet (nvt). Opvolgers zijn de Wlz, de Wmo 2015, de Zvw en de Jeugdwet."
    ),
    fields=(
        bsn,
        besluitnummer,
        besluitdatum,
        ingang,
        einde,
        grondslag,
        functie,
        klasse,
        zzp,
        vorm,
        postcode,
        gemeentecode,
    ),
    rules=(
        required("AWBZ-01", "bsn"),
        *person_number("AWBZ", 2, "bsn"),
        required("AWBZ-05", "besluitnummer"),
        required("AWBZ-06", "besluitdatum"),
        well_formed("AWBZ-07", besluitdatum),
        required("AWBZ-08", "ingangsdatum"),
        well_formed("AWBZ-09", ingang),
        well_formed("AWBZ-10", einde),
        coherent(
            "AWBZ-11",
            ("einddatum", "ingangsdatum"),
            pl.col("einddatum") >= pl.col("ingangsdatum"),
            "De indicatie eindigt voor zij begint.",
            "Herstel de datums van het besluit.",
        ),
        coherent(
            "AWBZ-12",
            ("ingangsdatum",),
            pl.col("ingangsdatum") <= LAST_DAY,
            "De indicatie gaat in na het einde van de AWBZ (31 december 2014).",
            "Lever zorg vanaf 2015 bij de opvolger: Wlz, Wmo 2015, Zvw of Jeugdwet.",
        ),
        required("AWBZ-13", "grondslag"),
        in_list("AWBZ-14", "grondslag", "AWBZ_GRONDSLAG", on=pl.col("ingangsdatum")),
        Rule(
            "AWBZ-15",
            ("functiecode", "zzp"),
            "samenhang",
            pl.col("functiecode").is_not_null() != pl.col("zzp").is_not_null(),
            "De regel heeft geen functie en geen ZZP, of beide.",
            "Lever per regel één functie (met klasse) of één ZZP.",
        ),
        in_list("AWBZ-16", "functiecode", "AWBZ_FUNCTIE", on=pl.col("ingangsdatum")),
        in_list("AWBZ-17", "klasse", "AWBZ_KLASSE", on=pl.col("ingangsdatum")),
        Rule(
            "AWBZ-18",
            ("klasse", "functiecode"),
            "samenhang",
            pl.when(pl.col("klasse").is_not_null()).then(pl.col("functiecode").is_not_null()),
            "De regel heeft een klasse zonder functie.",
            "Een klasse hoort bij een functie; een ZZP heeft er geen.",
        ),
        in_list("AWBZ-19", "zzp", "AWBZ_ZZP", on=pl.col("ingangsdatum")),
        in_list("AWBZ-20", "leveringsvorm", "AWBZ_LEVERINGSVORM", on=pl.col("ingangsdatum")),
        well_formed("AWBZ-21", postcode),
        required("AWBZ-22", "gemeentecode"),
        well_formed("AWBZ-23", gemeentecode),
        own_municipality("AWBZ-24"),
        unique(
            "AWBZ-25",
            ("gemeentecode", "bsn", "besluitnummer", "ingangsdatum"),
            optional=("functiecode", "zzp"),
        ),
    ),
)
