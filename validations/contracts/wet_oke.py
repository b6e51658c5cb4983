"""What a delivery of the VVE register must hold: one row per child and placement, or per child that was not placed.

No national layout exists; this one is ours (registrations.md section 16). The JGZ says which children need early
education (vve_indicatie); a centre (LRK number) places them between their second and fourth birthday.
"""

import polars as pl

from validations.language.contract import (
    DATE,
    DECIMAL,
    INTEGER,
    MUNICIPALITY,
    POSTCODE,
    TEXT,
    Contract,
    Field,
    Kind,
    Rule,
    coherent,
    in_list,
    own_municipality,
    person_number,
    required,
    unique,
    well_formed,
)

# Nine digits, and no BSN. Kept apart in threes, so that nothing that looks for the shape of a BSN ever meets it.
LRK = Kind(
    "LRK-nummer",
    pl.String,
    r"^[0-9]{9}$",
    lambda c: c.str.replace(r"^(\d{3})(\d{3})(\d{3})$", "lrk-$1-$2-$3"),
    "registratienummer in het LRK, negen cijfers",
)

bsn = Field("bsn", TEXT, "Burgerservicenummer van het kind", person="bsn", identifying=True)
kindnummer = Field(
    "kindnummer", TEXT, "Nummer van het kind in het VVE-register, als het BSN niet bekend is", "kindnummer", True, True
)
geboortedatum = Field("geboortedatum", DATE, "Geboortedatum", stored=False, identifying=True)
postcode = Field("postcode", POSTCODE, "Postcode", stored=False, identifying=True)
indicatie = Field("vve_indicatie", TEXT, "J of N: heeft het kind een VVE-indicatie van de JGZ")
datum_indicatie = Field("datum_indicatie", DATE, "Dag van de indicatie")
lrk = Field("lrk_nummer", LRK, "Kindcentrum waar het kind geplaatst is")
soort = Field("soort", TEXT, "pz (peuterspeelzaal, tot en met 2017) of kdv (kinderdagverblijf)")
plaatsing = Field("datum_plaatsing", DATE, "Eerste dag van de plaatsing")
einde = Field("datum_einde", DATE, "Laatste dag van de plaatsing; leeg: loopt door")
dagdelen = Field("dagdelen_pw", DECIMAL, "Dagdelen per week", stored=False)
uren = Field("uren_pj", INTEGER, "Uren per jaar", stored=False)
bereik = Field("bereik", TEXT, "geplaatst, niet_geplaatst of geweigerd (door de ouders)")
gemeentecode = Field("gemeentecode", MUNICIPALITY, "CBS-gemeentecode")

PLACED = pl.col("bereik") == "geplaatst"

CONTRACT = Contract(
    bron="wet_oke",
    title="VVE-register (wet OKE)",
    source="Eigen indeling van de monitor; begrippen van de wet OKE (BWBR0027956)",
    guide=(
        "Lever elke maand één CSV-bestand met puntkomma's in UTF-8: alle kinderen van 2 en 3 jaar met een "
        "VVE-indicatie of een plaatsing, één regel per kind en plaatsing. Vul het BSN als dat bekend is, anders het "
        "kindnummer; vul beide in de maand dat het BSN bekend wordt, zodat het kind hetzelfde blijft. Een levering is "
        "de volledige stand van de maand; een latere levering van die maand vervangt de eerdere. Cliënt is een "
        "geplaatst kind, met of zonder indicatie; het bereik (geplaatst van de geïndiceerde kinderen) staat in de "
        "kluis."
    ),
    fields=(
        kindnummer,
        bsn,
        geboortedatum,
        postcode,
        indicatie,
        datum_indicatie,
        lrk,
        soort,
        plaatsing,
        einde,
        dagdelen,
        uren,
        bereik,
        gemeentecode,
    ),
    rules=(
        Rule(
            "OKE-01",
            ("bsn", "kindnummer"),
            "volledigheid",
            pl.col("bsn").is_not_null() | pl.col("kindnummer").is_not_null(),
            "Zowel bsn als kindnummer ontbreekt.",
            "Vul het burgerservicenummer, of als dat niet bekend is het kindnummer.",
        ),
        *person_number("OKE", 2, "bsn"),
        Rule(
            "OKE-05",
            ("kindnummer",),
            "persoonsnummer",
            pl.col("kindnummer").str.contains(r"^[0-9A-Za-z-]{1,20}$"),
            "Het kindnummer is geen nummer van ten hoogste twintig cijfers en letters.",
            "Gebruik het nummer van het kind in het VVE-register, geen naam.",
        ),
        required("OKE-06", "geboortedatum"),
        well_formed("OKE-07", geboortedatum),
        well_formed("OKE-08", postcode),
        required("OKE-09", "vve_indicatie"),
        Rule(
            "OKE-10",
            ("vve_indicatie",),
            "codes",
            pl.col("vve_indicatie").is_in(["J", "N"]),
            "vve_indicatie is geen J of N.",
            "Gebruik J voor een kind met een indicatie en N voor een kind zonder.",
        ),
        well_formed("OKE-11", datum_indicatie),
        required("OKE-12", "datum_indicatie", where=pl.col("vve_indicatie") == "J"),
        required("OKE-13", "lrk_nummer", where=PLACED),
        well_formed("OKE-14", lrk),
        required("OKE-15", "soort", where=PLACED),
        in_list("OKE-16", "soort", "OKE_SOORT", on=pl.col("datum_plaatsing")),
        required("OKE-17", "datum_plaatsing", where=PLACED),
        well_formed("OKE-18", plaatsing),
        well_formed("OKE-19", einde),
        coherent(
            "OKE-20",
            ("datum_einde", "datum_plaatsing"),
            pl.col("datum_einde") >= pl.col("datum_plaatsing"),
            "De plaatsing eindigt voor zij begint.",
            "Herstel de datums in het register.",
        ),
        coherent(
            "OKE-21",
            ("datum_plaatsing", "geboortedatum"),
            (pl.col("datum_plaatsing") >= pl.col("geboortedatum").dt.offset_by("2y"))
            & (pl.col("datum_plaatsing") < pl.col("geboortedatum").dt.offset_by("4y")),
            "Het kind is bij de plaatsing jonger dan 2 of al 4 jaar.",
            "Herstel de geboortedatum of de datum van plaatsing; VVE is voor kinderen van 2 en 3 jaar.",
        ),
        Rule(
            "OKE-22",
            ("datum_plaatsing", "bereik"),
            "samenhang",
            pl.when(~PLACED).then(pl.col("datum_plaatsing").is_null()),
            "Een kind dat niet geplaatst is, heeft een datum van plaatsing.",
            "Maak de datum leeg, of zet bereik op geplaatst.",
        ),
        well_formed("OKE-23", dagdelen),
        coherent(
            "OKE-24",
            ("dagdelen_pw",),
            pl.col("dagdelen_pw").is_between(0, 10),
            "Het aantal dagdelen per week ligt niet tussen 0 en 10.",
            "Vul dagdelen, geen uren.",
        ),
        well_formed("OKE-25", uren),
        coherent(
            "OKE-26",
            ("uren_pj",),
            pl.col("uren_pj").is_between(0, 2_600),
            "Het aantal uren per jaar ligt niet tussen 0 en 2600.",
            "Vul de uren van een heel jaar.",
        ),
        required("OKE-27", "bereik"),
        in_list("OKE-28", "bereik", "OKE_BEREIK"),
        required("OKE-29", "gemeentecode"),
        well_formed("OKE-30", gemeentecode),
        own_municipality("OKE-31"),
        unique("OKE-32", ("gemeentecode",), optional=("bsn", "kindnummer", "lrk_nummer", "datum_plaatsing")),
    ),
)
