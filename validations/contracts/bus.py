"""What a BUS delivery must hold: the monthly benefit statistic, fixed width, record layouts of 2013 and 2015.

Fields, widths and codes: Regeling statistiek WWB, IOAW en IOAZ 2013, renamed ... Participatiewet ... 2015
(BWBR0031830), annex 1, versions of 2013-01-01 and 2015-09-28. The law names fields and formats, not positions: that
the fields stand side by side in the order of the law is our layout. One record per person per benefit.
"""

import polars as pl

from validations.language.contract import (
    DATE8,
    INTEGER,
    MUNICIPALITY,
    PARTIAL_DATE8,
    TEXT,
    Contract,
    Field,
    Position,
    Rule,
    coherent,
    in_list,
    own_municipality,
    person_number,
    required,
    unique,
    well_formed,
)

# Item numbers of the law are the order of these lines.
_DELIVERY = (
    Position("statistiekjaar", 4),
    Position("statistiekmaand", 2),
    Position("berichtgevercode", 4),
    Position("gemeentecode", 4),
    Position("softwarepakket", 3),
    Position("release", 12),
    Position("registratienummer", 15),
    Position("statistiekcode", 2),
)
LAYOUTS: dict[str, tuple[Position, ...]] = {
    "2013": (
        *_DELIVERY,
        Position("classificatie_bbz", 1, ("9",)),
        Position("leefvorm", 1),
        Position("bedrag_basisnorm", 4),
        Position("bedrag_afwijking", 5, ("99999",)),
        Position("bedrag_bijstandsnorm", 4),
        Position("bedrag_vermindering", 4, ("9999",)),
        Position("bedrag_inkomsten", 5, ("99999",)),
        Position("betaalbaar_bedrag", 6, ("999999",)),
        Position("datum_invoering", 8),
        Position("cluster", 1),
        Position("categoriaal", 1, ("9",)),
        Position("bsn", 9),
        Position("geboortedatum", 8),
        Position("geslacht", 1),
        Position("huisvesting", 1),
        Position("aanvangsdatum", 8),
        Position("einddatum", 8, ("00000000",)),
        Position("ontheffing", 1, ("9",)),
        Position("einddatum_ontheffing", 8, ("00000000", "99999999")),
        Position("reden_einde_ontheffing", 1, ("9",)),
        Position("tegenprestatie", 1, ("9",)),
        Position("reden_vermindering", 2, ("99",)),
        Position("soort_inkomsten", 2),
        Position("bedrag_inkomsten_persoon", 5),
        Position("vrijlating", 1),
        Position("reden_beeindiging", 2, ("99",)),
    ),
    "2015": (
        *_DELIVERY,
        Position("classificatie_bbz", 1),
        Position("leefvorm", 1),
        Position("aantal_kostendelers", 2),
        Position("bedrag_bijstandsnorm", 4),
        Position("bedrag_vermindering", 5),
        Position("bedrag_inkomsten", 5),
        Position("betaalbaar_bedrag", 6),
        Position("datum_invoering", 8),
        Position("cluster", 1),
        Position("bsn", 9),
        Position("geboortedatum", 8),
        Position("geslacht", 1),
        Position("huisvesting", 1),
        Position("aanvangsdatum", 8),
        Position("einddatum", 8, ("00000000",)),
        Position("ontheffing", 1),
        Position("einddatum_ontheffing", 8),
        Position("reden_einde_ontheffing", 1),
        Position("tegenprestatie", 1),
        Position("reden_vermindering", 2),
        Position("aanvang_vermindering", 8),
        Position("einde_vermindering", 8),
        Position("soort_inkomsten", 2),
        Position("bedrag_inkomsten_persoon", 5),
        Position("vrijlating", 1),
        Position("reden_beeindiging", 2),
    ),
}


def layout_of(year: int) -> str:
    """The record layout of a statistic year: 2013 up to and including 2014, 2015 from then on."""
    return "2013" if year < 2015 else "2015"


jaar = Field("statistiekjaar", INTEGER, "Statistiekjaar (item 1)")
maand = Field("statistiekmaand", INTEGER, "Statistiekmaand (item 2)")
gemeentecode = Field("gemeentecode", MUNICIPALITY, "CBS-gemeentecode (item 4)")
registratienummer = Field("registratienummer", TEXT, "Registratienummer van de uitkering (item 7)", identifying=True)
statistiekcode = Field("statistiekcode", TEXT, "01 algemene bijstand, 02 IOAW, 03 IOAZ, 11/12 bijz. bijstand, 14 Bbz")
classificatie = Field("classificatie_bbz", TEXT, "Nadere classificatie Bbz (item 9)", stored=False)
leefvorm = Field("leefvorm", TEXT, "Leefvorm (2013: norm/grondslag, item 10)")
bedrag = Field("betaalbaar_bedrag", INTEGER, "Betaalbaar gesteld bedrag in hele euro's, exclusief vakantietoeslag")
cluster = Field("cluster", TEXT, "Cluster bijzondere bijstand (2013: item 18, 2015: item 17)")
categoriaal = Field("categoriaal", TEXT, "Categoriale verlening (alleen 2013, item 19)", stored=False)
bsn = Field("bsn", TEXT, "Burgerservicenummer (2013: item 20, 2015: item 18)", person="bsn", identifying=True)
geboortedatum = Field("geboortedatum", PARTIAL_DATE8, "Geboortedatum", stored=False, identifying=True)
geslacht = Field("geslacht", TEXT, "Geslacht: 1 man, 2 vrouw", stored=False)
huisvesting = Field("huisvesting", TEXT, "Huisvesting", stored=False)
aanvang = Field("aanvangsdatum", DATE8, "Aanvangsdatum uitkering persoon; bij code 12 de dag van verstrekking")
einde = Field("einddatum", DATE8, "Einddatum uitkering persoon, de laatste dag; leeg of 00000000: niet beëindigd")
ontheffing = Field("ontheffing", TEXT, "Ontheffing arbeidsverplichting", stored=False)
tegenprestatie = Field("tegenprestatie", TEXT, "Plicht tot of uitvoering van tegenprestatie", stored=False)
soort_inkomsten = Field("soort_inkomsten", TEXT, "Soort inkomsten", stored=False)
reden = Field("reden_beeindiging", TEXT, "Reden beëindiging uitkering persoon (item 34)")

# Through text: pl.date raises on month 13, and a rule must not raise on data.
REFERENCE_DAY = (
    pl.format("{}-{}-01", pl.col("statistiekjaar"), pl.col("statistiekmaand"))
    .str.to_date("%Y-%m-%d", strict=False)
    .dt.month_end()
)
GENERAL = pl.col("statistiekcode") == "01"
SPECIAL = pl.col("statistiekcode").is_in(["11", "12"])

CONTRACT = Contract(
    bron="bus",
    title="Bijstandsuitkeringenstatistiek (BUS)",
    source="Regeling statistiek Participatiewet, IOAW en IOAZ (BWBR0031830), bijlage 1",
    guide=(
        "Lever per kalendermaand één bestand met vaste recordlengte: tot en met 2014 de indeling van 2013, daarna die "
        "van 2015. Elke persoon van elke uitkering is één regel. De levering is de volledige stand van de maand: wie "
        "ontbreekt, ontvangt niet meer. Een latere levering van dezelfde maand vervangt de eerdere."
    ),
    layouts=LAYOUTS,
    fields=(
        jaar,
        maand,
        gemeentecode,
        registratienummer,
        statistiekcode,
        classificatie,
        leefvorm,
        bedrag,
        cluster,
        categoriaal,
        bsn,
        geboortedatum,
        geslacht,
        huisvesting,
        aanvang,
        einde,
        ontheffing,
        tegenprestatie,
        soort_inkomsten,
        reden,
    ),
    rules=(
        required("BUS-01", "bsn", name="Burgerservicenummer"),
        *person_number("BUS", 2, "bsn"),
        required("BUS-05", "statistiekjaar"),
        well_formed("BUS-06", jaar),
        required("BUS-07", "statistiekmaand"),
        well_formed("BUS-08", maand),
        coherent(
            "BUS-09",
            ("statistiekmaand",),
            pl.col("statistiekmaand").is_between(1, 12),
            "Statistiekmaand ligt niet tussen 01 en 12.",
            "Vul de maand waarover de levering gaat.",
        ),
        Rule(
            "BUS-10",
            ("statistiekmaand", "statistiekjaar"),
            "samenhang",
            (pl.col("statistiekjaar") * 100 + pl.col("statistiekmaand"))
            == (pl.col("statistiekjaar") * 100 + pl.col("statistiekmaand")).mode().min(),
            "De regel gaat over een andere maand dan de rest van het bestand.",
            "Lever elke maand in een eigen levering.",
            typed=True,
        ),
        required("BUS-11", "gemeentecode"),
        well_formed("BUS-12", gemeentecode),
        own_municipality("BUS-13"),
        required("BUS-14", "registratienummer"),
        required("BUS-15", "statistiekcode"),
        in_list("BUS-16", "statistiekcode", "BUS_STATISTIEKCODE"),
        required("BUS-17", "aanvangsdatum"),
        well_formed("BUS-18", aanvang),
        well_formed("BUS-19", einde),
        coherent(
            "BUS-20",
            ("einddatum", "aanvangsdatum"),
            pl.col("einddatum") >= pl.col("aanvangsdatum"),
            "De einddatum ligt voor de aanvangsdatum.",
            "Herstel de datums in het uitkeringenpakket.",
        ),
        coherent(
            "BUS-21",
            ("aanvangsdatum", "statistiekjaar", "statistiekmaand"),
            pl.col("aanvangsdatum") <= REFERENCE_DAY,
            "De aanvangsdatum ligt na de statistiekmaand.",
            "Lever de uitkering in de maand waarin zij begint.",
        ),
        required("BUS-22", "cluster", where=SPECIAL, name="Cluster bijzondere bijstand"),
        in_list("BUS-23", "cluster", "BUS_CLUSTER_BB", on=REFERENCE_DAY),
        in_list("BUS-24", "leefvorm", "BUS_LEEFVORM"),
        required("BUS-25", "leefvorm", where=GENERAL),
        in_list("BUS-26", "huisvesting", "BUS_HUISVESTING"),
        in_list("BUS-27", "reden_beeindiging", "BUS_REDEN_EINDE", on=REFERENCE_DAY),
        Rule(
            "BUS-28",
            ("reden_beeindiging", "einddatum"),
            "volledigheid",
            pl.when(pl.col("einddatum").is_not_null()).then(pl.col("reden_beeindiging").is_not_null()),
            "Een beëindigde uitkering heeft geen reden van beëindiging.",
            "Vul de reden van beëindiging (item 34).",
            typed=True,
        ),
        well_formed("BUS-29", bedrag),
        well_formed("BUS-30", geboortedatum),
        Rule(
            "BUS-31",
            ("geslacht",),
            "codes",
            pl.col("geslacht").is_in(["1", "2"]),
            "Geslacht is geen 1 of 2.",
            "Gebruik 1 voor man en 2 voor vrouw.",
        ),
        in_list("BUS-32", "categoriaal", "BUS_CATEGORIALE_BB", on=REFERENCE_DAY),
        Rule(
            "BUS-33",
            ("classificatie_bbz",),
            "codes",
            pl.col("classificatie_bbz").is_in(["1", "2", "3", "5"]),
            "Nadere classificatie Bbz is geen 1, 2, 3 of 5.",
            "Gebruik een code van item 9.",
        ),
        in_list("BUS-34", "ontheffing", "BUS_ONTHEFFING", on=REFERENCE_DAY),
        Rule(
            "BUS-35",
            ("tegenprestatie",),
            "codes",
            # The 2015 text prints "ja 1, nee 1", evidently a misprint: 2013 has 1 and 2 (registrations.md section 24).
            pl.col("tegenprestatie").is_in(["1", "2"]),
            "Tegenprestatie is geen 1 of 2.",
            "Gebruik 1 voor ja en 2 voor nee.",
        ),
        in_list("BUS-36", "soort_inkomsten", "BUS_SOORT_INKOMSTEN"),
        unique(
            "BUS-37",
            ("gemeentecode", "registratienummer", "statistiekcode", "bsn", "aanvangsdatum"),
            optional=("cluster",),
        ),
        coherent(
            "BUS-38",
            ("statistiekjaar",),
            pl.col("statistiekjaar").is_between(2000, 2100),
            "Statistiekjaar ligt niet tussen 2000 en 2100.",
            "Vul het jaar waarover de levering gaat.",
        ),
    ),
)
