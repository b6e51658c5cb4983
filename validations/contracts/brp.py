"""What a BRP delivery must hold: CSV `;`, UTF-8, one row per person per address period, the whole history each time.

The layout is ours (design.md section 5): no bulk layout for monitors exists. Names are never asked for.
"""

import polars as pl

from validations.language.contract import (
    DATE8,
    INTEGER,
    MUNICIPALITY,
    PARTIAL_DATE8,
    POSTCODE,
    TEXT,
    Contract,
    Field,
    Rule,
    coherent,
    person_number,
    required,
    unique,
    well_formed,
)

bsn = Field("bsn", TEXT, "Burgerservicenummer", person="bsn", identifying=True)
geboortedatum = Field("geboortedatum", PARTIAL_DATE8, "Geboortedatum", identifying=True)
geslacht = Field("geslacht", TEXT, "M man, V vrouw, O onbekend", stored=False)
gemeentecode = Field("gemeentecode", MUNICIPALITY, "Gemeente van inschrijving in deze adresperiode")
straatnaam = Field("straatnaam", TEXT, "Straatnaam", identifying=True)
postcode = Field("postcode", POSTCODE, "Postcode", identifying=True)
huisnummer = Field("huisnummer", INTEGER, "Huisnummer zonder letter of toevoeging", identifying=True)
adres_id = Field("adres_id", TEXT, "BAG-identificatie van het adres (nummeraanduiding)", identifying=True)
huishouden_id = Field("huishouden_id", TEXT, "Huishouden op het adres; leeg: eenpersoonshuishouden", identifying=True)
aanvang = Field("datum_aanvang_adres", DATE8, "Eerste dag op het adres")
einde = Field("datum_einde_adres", DATE8, "Dag van vertrek: de eerste dag niet meer op het adres; leeg: woont er nog")
overlijden = Field("datum_overlijden", DATE8, "Dag van overlijden; leeg: in leven")

CONTRACT = Contract(
    bron="brp",
    title="Basisregistratie Personen (inwoners met adreshistorie)",
    source="Eigen indeling van de monitor; begrippen van de BRP",
    guide=(
        "Lever maandelijks één CSV-bestand met puntkomma's in UTF-8: één regel per persoon per adresperiode, van alle "
        "personen die sinds de eerste peilmaand in de gemeente woonden. De nieuwste levering vervangt alle eerdere."
    ),
    fields=(
        bsn,
        geboortedatum,
        geslacht,
        gemeentecode,
        straatnaam,
        postcode,
        huisnummer,
        adres_id,
        huishouden_id,
        aanvang,
        einde,
        overlijden,
    ),
    rules=(
        required("BRP-01", "bsn"),
        *person_number("BRP", 2, "bsn"),
        required("BRP-05", "geboortedatum"),
        well_formed("BRP-06", geboortedatum),
        Rule(
            "BRP-07",
            ("geslacht",),
            "codes",
            pl.col("geslacht").is_in(["M", "V", "O"]),
            "Geslacht is geen M, V of O.",
            "Gebruik M, V of O.",
        ),
        required("BRP-08", "gemeentecode"),
        well_formed("BRP-09", gemeentecode),
        required("BRP-10", "postcode"),
        well_formed("BRP-11", postcode),
        required("BRP-12", "huisnummer"),
        well_formed("BRP-13", huisnummer),
        coherent(
            "BRP-14",
            ("huisnummer",),
            pl.col("huisnummer").is_between(0, 99_999),
            "Huisnummer ligt buiten 0 tot en met 99999.",
            "Zet letter en toevoeging niet in het huisnummer.",
        ),
        required("BRP-15", "adres_id"),
        Rule(
            "BRP-16",
            ("adres_id",),
            "vorm",
            pl.col("adres_id").str.contains(r"^[0-9]{16}$"),
            "adres_id telt geen zestien cijfers.",
            "Gebruik de BAG-identificatie van de nummeraanduiding, als tekst.",
        ),
        required("BRP-17", "datum_aanvang_adres"),
        well_formed("BRP-18", aanvang),
        well_formed("BRP-19", einde),
        coherent(
            "BRP-20",
            ("datum_einde_adres", "datum_aanvang_adres"),
            pl.col("datum_einde_adres") >= pl.col("datum_aanvang_adres"),
            "De adresperiode eindigt voor zij begint.",
            "Herstel de datums in de BRP.",
        ),
        well_formed("BRP-21", overlijden),
        coherent(
            "BRP-22",
            ("datum_overlijden", "geboortedatum"),
            pl.col("datum_overlijden").dt.year()
            >= pl.col("geboortedatum").str.slice(0, 4).cast(pl.Int32, strict=False),
            "De dag van overlijden ligt voor de geboorte.",
            "Herstel de datums in de BRP.",
        ),
        coherent(
            "BRP-23",
            ("geboortedatum",),
            pl.col("geboortedatum").str.slice(0, 4).cast(pl.Int32, strict=False) <= pl.col("leverdatum").dt.year(),
            "De geboortedatum ligt na de leverdatum.",
            "Herstel de geboortedatum in de BRP.",
        ),
        unique("BRP-24", ("gemeentecode", "bsn", "datum_aanvang_adres")),
    ),
)
