"""What a Wsw delivery must hold: the half-yearly Wsw statistic, fixed width, 28 items, one record per person.

Fields and codes: Regeling uitvoering sociale werkvoorziening en begeleid werken 2015 (BWBR0023158), annex, version of
2015-09-28. The law names fields and formats, not positions: that the fields stand side by side in the order of the law
is our layout. What does not apply is filled with zeros. The handicap codes (items 8 to 10) are a special category of
personal data that no figure needs: they are positions of the record but no field, so that nothing reads them.
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
    well_formed,
)


def _position(name: str, length: int) -> Position:
    """Zeros mean "not applicable" in every item but the first."""
    return Position(name, length, ("0" * length,))


# Item numbers of the law are the order of these lines; item 1 (jjjjh) is the first two.
LAYOUT = (
    Position("statistiekjaar", 4),
    Position("halfjaar", 1),
    _position("verantwoordelijke", 5),
    _position("betalende_gemeente", 4),
    # 000000000 is a sentinel, and for the rules to judge.
    Position("bsn", 9),
    _position("geboortedatum", 8),
    _position("geslacht", 1),
    _position("gemeente_inschrijving", 4),
    _position("handicapcode_1", 3),
    _position("handicapcode_2", 3),
    _position("handicapcode_3", 3),
    _position("aanvraag_indicatie", 8),
    _position("aanvraag_herindicatie", 8),
    _position("indicatiebesluit", 8),
    _position("afloop_indicatie", 8),
    _position("besluit_doelgroep", 1),
    _position("arbeidshandicap", 1),
    _position("advies_werkvorm", 1),
    _position("begin_dienstbetrekking", 8),
    _position("detachering", 1),
    _position("eind_dienstbetrekking", 8),
    _position("uren_dienstbetrekking", 2),
    _position("loon_dienstbetrekking", 3),
    _position("begin_begeleid_werken", 8),
    _position("eind_begeleid_werken", 8),
    _position("uren_begeleid_werken", 2),
    _position("loon_begeleid_werken", 3),
    _position("reden_ontslag", 1),
    _position("bestemming", 2),
)

jaar = Field("statistiekjaar", INTEGER, "Statistiekjaar (item 1)")
halfjaar = Field("halfjaar", INTEGER, "Halfjaarsperiode: 1 januari-juni, 2 juli-december (item 1)")
gemeentecode = Field(
    "gemeentecode",
    MUNICIPALITY,
    "Niet in het bestand: de verantwoordelijke gemeente (item 2); bij een WGR-verband de gemeente van inschrijving",
)
verantwoordelijke = Field("verantwoordelijke", TEXT, "Verantwoordelijke gemeente of WGR-verband (item 2)", stored=False)
betalende = Field("betalende_gemeente", MUNICIPALITY, "Betalende gemeente (item 3)", stored=False)
bsn = Field("bsn", TEXT, "Burgerservicenummer (item 4)", person="bsn", identifying=True)
geboortedatum = Field("geboortedatum", PARTIAL_DATE8, "Geboortedatum (item 5)", stored=False, identifying=True)
geslacht = Field("geslacht", TEXT, "Geslacht: 1 man, 2 vrouw (item 6)", stored=False)
inschrijving = Field("gemeente_inschrijving", MUNICIPALITY, "Huidige gemeente van inschrijving (item 7)", stored=False)
aanvraag = Field("aanvraag_indicatie", DATE8, "Datum aanvraag eerste indicatie (item 11)", stored=False)
heraanvraag = Field("aanvraag_herindicatie", DATE8, "Datum aanvraag herindicatie (item 12)", stored=False)
besluit = Field("indicatiebesluit", DATE8, "Datum indicatiebesluit (item 13)", stored=False)
afloop = Field("afloop_indicatie", DATE8, "Datum afloop geldigheidsduur indicatie (item 14)", stored=False)
doelgroep = Field("besluit_doelgroep", TEXT, "Besluit doelgroep (item 15)", stored=False)
handicap = Field("arbeidshandicap", TEXT, "Besluit arbeidshandicap (item 16)", stored=False)
advies = Field("advies_werkvorm", TEXT, "Advies werkvorm (item 17)", stored=False)
begin_dienst = Field("begin_dienstbetrekking", DATE8, "Begindatum dienstbetrekking (item 18)")
detachering = Field("detachering", TEXT, "Detachering (item 19)", stored=False)
eind_dienst = Field("eind_dienstbetrekking", DATE8, "Einddatum dienstbetrekking, de laatste dag (item 20)")
begin_begeleid = Field("begin_begeleid_werken", DATE8, "Begindatum arbeidsovereenkomst begeleid werken (item 23)")
eind_begeleid = Field("eind_begeleid_werken", DATE8, "Einddatum arbeidsovereenkomst, de laatste dag (item 24)")
HOURS = tuple(
    Field(f"uren_{form}", INTEGER, f"Overeengekomen uren per week (item {item})", stored=False)
    for form, item in (("dienstbetrekking", 21), ("begeleid_werken", 25))
)
WAGES = tuple(
    Field(f"loon_{form}", INTEGER, f"Percentage uitbetaald contractloon (item {item})", stored=False)
    for form, item in (("dienstbetrekking", 22), ("begeleid_werken", 26))
)
reden = Field(
    "reden_ontslag", TEXT, "Reden ontslag uit het werknemersbestand (item 27); wisseling van werkvorm is geen"
)
bestemming = Field("bestemming", TEXT, "Bestemming uitstroom (item 28)")

# Through text: pl.date raises on month 18, and a rule must not raise on data.
LAST_DAY = (
    pl.format("{}-{}-01", pl.col("statistiekjaar"), pl.col("halfjaar") * 6)
    .str.to_date("%Y-%m-%d", strict=False)
    .dt.month_end()
)
period = pl.col("statistiekjaar") * 10 + pl.col("halfjaar")

CONTRACT = Contract(
    bron="wsw",
    title="Wsw-statistiek",
    source="Regeling uitvoering sociale werkvoorziening en begeleid werken 2015 (BWBR0023158), bijlage",
    guide=(
        "Lever per halfjaar één bestand met vaste recordlengte: elke persoon uit het Wsw-bestand is één regel, ook als "
        "er niets veranderde. Wat niet van toepassing is, is met nullen gevuld. Wisseling van werkvorm is geen "
        "uitstroom: items 27 en 28 blijven dan nul. Na uitstroom en terugkeer komt er een tweede regel bij. Een "
        "WGR-verband levert in een map met zijn eigen naam voor al zijn gemeenten; elke regel telt bij de "
        "verantwoordelijke gemeente (item 2), en als daar een WGR-verband staat bij de gemeente van inschrijving. "
        "De handicapcodes (items 8 tot en met 10) worden niet gelezen: vul ze liefst met nullen. Een latere levering "
        "van hetzelfde halfjaar vervangt de eerdere."
    ),
    layouts={"2015": LAYOUT},
    fields=(
        jaar,
        halfjaar,
        gemeentecode,
        verantwoordelijke,
        betalende,
        bsn,
        geboortedatum,
        geslacht,
        inschrijving,
        aanvraag,
        heraanvraag,
        besluit,
        afloop,
        doelgroep,
        handicap,
        advies,
        begin_dienst,
        detachering,
        eind_dienst,
        begin_begeleid,
        eind_begeleid,
        *HOURS,
        *WAGES,
        reden,
        bestemming,
    ),
    rules=(
        required("WSW-01", "bsn", name="Burgerservicenummer"),
        *person_number("WSW", 2, "bsn"),
        required("WSW-05", "statistiekjaar"),
        well_formed("WSW-06", jaar),
        required("WSW-07", "halfjaar"),
        Rule(
            "WSW-08",
            ("halfjaar",),
            "codes",
            pl.col("halfjaar").is_in(["1", "2"]),
            "De halfjaarsperiode is geen 1 of 2.",
            "Gebruik 1 voor januari tot en met juni en 2 voor juli tot en met december.",
        ),
        Rule(
            "WSW-09",
            ("halfjaar", "statistiekjaar"),
            "samenhang",
            period == period.mode().min(),
            "De regel gaat over een ander halfjaar dan de rest van het bestand.",
            "Lever elk halfjaar in een eigen levering.",
            typed=True,
        ),
        required("WSW-10", "gemeentecode", name="Verantwoordelijke gemeente of gemeente van inschrijving"),
        well_formed("WSW-11", gemeentecode),
        own_municipality("WSW-12"),
        Rule(
            "WSW-13",
            ("verantwoordelijke",),
            "vorm",
            pl.col("verantwoordelijke").str.contains(r"^[0-9]{4,5}$"),
            "De verantwoordelijke gemeente of het WGR-verband telt geen vier of vijf cijfers.",
            "Vul de CBS-gemeentecode, of de code van het WGR-verband.",
        ),
        well_formed("WSW-14", betalende),
        well_formed("WSW-15", inschrijving),
        well_formed("WSW-16", geboortedatum),
        Rule(
            "WSW-17",
            ("geslacht",),
            "codes",
            pl.col("geslacht").is_in(["1", "2"]),
            "Geslacht is geen 1 of 2.",
            "Gebruik 1 voor man en 2 voor vrouw.",
        ),
        well_formed("WSW-18", aanvraag),
        well_formed("WSW-19", heraanvraag),
        well_formed("WSW-20", besluit),
        well_formed("WSW-21", afloop),
        coherent(
            "WSW-22",
            ("afloop_indicatie", "indicatiebesluit"),
            pl.col("afloop_indicatie") >= pl.col("indicatiebesluit"),
            "De indicatie loopt af voor het besluit.",
            "Herstel de datums van de indicatie.",
        ),
        in_list("WSW-23", "besluit_doelgroep", "WSW_BESLUIT_DOELGROEP"),
        in_list("WSW-24", "arbeidshandicap", "WSW_ARBEIDSHANDICAP", on=pl.col("indicatiebesluit")),
        in_list("WSW-25", "advies_werkvorm", "WSW_ADVIES_WERKVORM"),
        well_formed("WSW-26", begin_dienst),
        well_formed("WSW-27", eind_dienst),
        well_formed("WSW-28", begin_begeleid),
        well_formed("WSW-29", eind_begeleid),
        *(
            coherent(
                f"WSW-{number}",
                (f"eind_{form}", f"begin_{form}"),
                pl.when(pl.col(f"eind_{form}").is_not_null()).then(
                    (pl.col(f"eind_{form}") >= pl.col(f"begin_{form}")).fill_null(False)
                ),
                f"De einddatum van {words} ligt voor de begindatum, of er is geen begindatum.",
                "Herstel de datums; eerder geleverde datums horen opnieuw geleverd te worden.",
            )
            for number, form, words in (
                (30, "dienstbetrekking", "de dienstbetrekking"),
                (31, "begeleid_werken", "het begeleid werken"),
            )
        ),
        coherent(
            "WSW-32",
            ("begin_dienstbetrekking", "begin_begeleid_werken"),
            pl.max_horizontal("begin_dienstbetrekking", "begin_begeleid_werken") <= LAST_DAY,
            "De begindatum ligt na het halfjaar van de levering.",
            "Lever een nieuwe werkvorm in het halfjaar waarin zij begint.",
        ),
        in_list("WSW-33", "detachering", "WSW_DETACHERING"),
        *(well_formed(f"WSW-{number}", field) for number, field in enumerate((*HOURS, *WAGES), 34)),
        *(
            coherent(
                f"WSW-{number}",
                (field.name,),
                pl.col(field.name).is_between(1, 60),
                f"{field.name} ligt niet tussen 1 en 60.",
                "Vul de uren per week volgens het contract.",
            )
            for number, field in enumerate(HOURS, 38)
        ),
        in_list("WSW-40", "reden_ontslag", "WSW_REDEN_ONTSLAG"),
        in_list("WSW-41", "bestemming", "WSW_BESTEMMING"),
        Rule(
            "WSW-42",
            ("bestemming", "reden_ontslag"),
            "volledigheid",
            pl.col("reden_ontslag").is_null() == pl.col("bestemming").is_null(),
            "Reden ontslag en bestemming horen allebei gevuld te zijn, of allebei nul.",
            "Vul items 27 en 28 samen; bij wisseling van werkvorm blijven beide nul.",
        ),
        Rule(
            "WSW-43",
            ("eind_dienstbetrekking", "eind_begeleid_werken", "reden_ontslag"),
            "volledigheid",
            pl.when(pl.col("reden_ontslag").is_not_null()).then(
                pl.col("eind_dienstbetrekking").is_not_null() | pl.col("eind_begeleid_werken").is_not_null()
            ),
            "Er is een reden van ontslag, maar geen einddatum.",
            "Vul de einddatum van de dienstbetrekking of van het begeleid werken.",
        ),
        coherent(
            "WSW-44",
            ("statistiekjaar",),
            pl.col("statistiekjaar").is_between(2000, 2100),
            "Statistiekjaar ligt niet tussen 2000 en 2100.",
            "Vul het jaar waarover de levering gaat.",
        ),
        Rule(
            "WSW-45",
            ("bsn", "reden_ontslag"),
            "dubbelen",
            pl.when(pl.col("reden_ontslag").is_null()).then(
                pl.struct("gemeentecode", "bsn", "reden_ontslag").is_first_distinct()
            ),
            "Deze persoon heeft meer dan één regel zonder reden van ontslag.",
            "Lever één regel per persoon; sluit de oude regel af als iemand uitstroomde en terugkwam.",
            typed=True,
        ),
    ),
)
