"""What a jeugdzorg delivery must hold, in either of its two forms; what it means when both come is for dbt.

MESSAGES  iJw 3.2 messages JW301, JW305 and JW307, with the rules that they share with iWmo (istandaard.py).
BIJ       Beleidsinformatie Jeugd: one record per child and type of help or measure. Fields and codes: protocol
          version 7 (July 2021), annex 2 of the Regeling Jeugdwet (BWBR0036007). The protocol names fields and formats,
          not positions: that they stand side by side in its order, after the period and the KvK number of the
          provider, is our layout. What does not apply is zeros or spaces.
"""

import polars as pl

from validations.contracts.istandaard import FIELDS, Lists, contradictions, message_rules
from validations.language.contract import (
    DATE8,
    INTEGER,
    MUNICIPALITY,
    PARTIAL_DATE8,
    TEXT,
    Contract,
    Contradiction,
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

MESSAGES = Contract(
    bron="jeugdzorg",
    title="Jeugdhulp, berichten (iJw 3.2)",
    source="iJw 3.2, Zorginstituut Nederland (istandaarden.nl)",
    guide=(
        "Jeugdzorg komt in een van twee vormen: als iJw-berichten (.xml of .zip) of als bestand Beleidsinformatie "
        "Jeugd (.txt). Een levering bevat één van de twee. Dekken beide dezelfde maand, dan tellen de berichten, omdat "
        "die nieuwer zijn en correcties bevatten; de andere vorm telt die maand niet mee en dat wordt gemeld.\n\n"
        "**Berichten**: lever JW301, JW305 en JW307 zoals de iStandaard ze voorschrijft, los of in één zip. Een "
        "levering bevat alle berichten sinds de vorige; een bericht twee keer leveren kan geen kwaad. Let op: code 31 "
        "als reden van beëindiging betekent hier *volgens plan* (bij de Wmo: verhuizing)."
    ),
    fields=FIELDS,
    key=("bericht", "bericht_identificatie"),
    # The frequencies of iJw are those of iWmo.
    rules=message_rules("JZ", Lists(category="JZ020", change="JZ002", end="JZ588", frequency="WMO757")),
    together=contradictions("JZ"),
)


def _position(name: str, length: int) -> Position:
    return Position(name, length, ("0" * length,))


LAYOUT = (
    Position("verslagjaar", 4),
    Position("halfjaar", 1),
    Position("aanbieder", 8),
    # Unknown (999999999) and unborn (000000000) are codes of the protocol: no person, and no fault.
    Position("bsn", 9, ("000000000", "999999999")),
    _position("geboortedatum", 8),
    Position("geslacht", 1),
    Position("woonplaats", 6),
    _position("verwijzer", 2),
    _position("hulpvorm", 2),
    _position("crisis", 2),
    _position("aanvang_hulp", 8),
    _position("einde_hulp", 8),
    _position("reden_beeindiging", 2),
    _position("nut_jeugdige", 2),
    _position("hulp_nodig_jeugdige", 2),
    _position("nut_ouder", 2),
    _position("hulp_nodig_ouder", 2),
    _position("maatregel", 2),
    _position("aanvang_maatregel", 8),
    _position("einde_maatregel", 8),
    _position("machtiging", 2),
    _position("aanvang_machtiging", 8),
    _position("einde_machtiging", 8),
    _position("erkende_interventie", 2),
    _position("reden_maatregel", 2),
    _position("zorg_na_maatregel", 2),
    _position("overgedragen", 8),
    _position("overgedragen_gekregen", 8),
)

jaar = Field("verslagjaar", INTEGER, "Jaar van de verslagperiode")
halfjaar = Field("halfjaar", INTEGER, "Verslagperiode: 1 januari-juni, 2 juli-december (ook voor jeugdreclassering)")
gemeentecode = Field(
    "gemeentecode",
    MUNICIPALITY,
    "Niet in het bestand: de woonplaats als die een gemeentecode is, anders die van de map",
)
aanbieder = Field("aanbieder", TEXT, "KvK-nummer van aanbieder of gecertificeerde instelling (hoofdstuk 6)")
bsn = Field(
    "bsn", TEXT, "Burgerservicenummer; 999999999 onbekend, 000000000 ongeboren (2.2)", person="bsn", identifying=True
)
geboortedatum = Field("geboortedatum", PARTIAL_DATE8, "Geboortedatum (2.3)", stored=False, identifying=True)
geslacht = Field("geslacht", TEXT, "V vrouw, M man, O onbekend (2.4)", stored=False)
woonplaats = Field(
    "woonplaats", TEXT, "Postcode, anders CBS-gemeentecode, volgens het woonplaatsbeginsel (2.5)", stored=False
)
verwijzer = Field("verwijzer", TEXT, "Verwijzer (3.2)", stored=False)
hulpvorm = Field("hulpvorm", TEXT, "Hulpvorm (3.3); leeg bij een maatregel")
crisis = Field("crisis", TEXT, "Gestart met crisis (3.4)", stored=False)
aanvang = Field("aanvang_hulp", DATE8, "Datum aanvang jeugdhulp (3.5)")
einde = Field("einde_hulp", DATE8, "Datum einde jeugdhulp, de laatste dag (3.6)")
reden = Field("reden_beeindiging", TEXT, "Reden beëindiging jeugdhulp (3.7)")
OUTCOMES = tuple(
    Field(f"{what}_{who}", TEXT, f"{words}, volgens de {who} ({item})", stored=False)
    for who in ("jeugdige", "ouder")
    for what, words, item in (("nut", "Rapportcijfer", "4.3"), ("hulp_nodig", "Hulp nodig na afloop", "4.4"))
)
maatregel = Field("maatregel", TEXT, "Type maatregel (5.1.1, 5.2.1, 5.4)", stored=False)
# Measures of youth probation are criminal data: only what is counted goes on, and no reason or result.
soort_maatregel = Field(
    "soort_maatregel", TEXT, "Niet in het bestand: JB jeugdbescherming, JR jeugdreclassering, PJ preventief justitieel"
)
aanvang_maatregel = Field("aanvang_maatregel", DATE8, "Datum aanvang maatregel (5.1.2, 5.2.2, 5.4.1)")
einde_maatregel = Field("einde_maatregel", DATE8, "Datum einde maatregel, de laatste dag (5.1.3, 5.2.3, 5.4.2)")
machtiging = Field("machtiging", TEXT, "Type machtiging uithuisplaatsing (5.1.4)", stored=False)
aanvang_machtiging = Field("aanvang_machtiging", DATE8, "Datum aanvang machtiging (5.1.5)", stored=False)
einde_machtiging = Field("einde_machtiging", DATE8, "Datum einde machtiging (5.1.6)", stored=False)
interventie = Field(
    "erkende_interventie", TEXT, "Inzet erkende interventie bij jeugdreclassering (5.2.4)", stored=False
)
reden_maatregel = Field("reden_maatregel", TEXT, "Reden of wijze beëindiging maatregel (5.3.1)", stored=False)
zorg_na = Field("zorg_na_maatregel", TEXT, "Nog zorg na de jeugdreclassering (5.3.1)", stored=False)
overgedragen = Field("overgedragen", DATE8, "Datum overgedragen: laatste dag bij deze instelling (5.3.2)")
gekregen = Field("overgedragen_gekregen", DATE8, "Datum overgedragen gekregen: eerste dag bij deze instelling (5.3.3)")

# Through text: pl.date raises on month 18, and a rule must not raise on data.
LAST_DAY = (
    pl.format("{}-{}-01", pl.col("verslagjaar"), pl.col("halfjaar") * 6).str.to_date("%Y-%m-%d", strict=False)
).dt.month_end()
period = pl.col("verslagjaar") * 10 + pl.col("halfjaar")
HELP = pl.col("hulpvorm").is_not_null()
MEASURE = pl.col("maatregel").is_not_null()
FIRST_DAYS = ("aanvang_hulp", "aanvang_maatregel", "overgedragen_gekregen")


def _in_order(id: str, last: str, first: str, words: str) -> Rule:
    return coherent(
        id,
        (last, first),
        pl.col(last) >= pl.col(first),
        f"De einddatum van de {words} ligt voor de aanvang.",
        "Herstel de datums in het cliëntregistratiesysteem.",
    )


BIJ = Contract(
    bron="jeugdzorg",
    title="Beleidsinformatie Jeugd (BIJ)",
    source="Informatieprotocol Beleidsinformatie Jeugd, versie 7 (juli 2021), bijlage 2 bij de Regeling Jeugdwet",
    guide=(
        "**Beleidsinformatie Jeugd**: lever per halfjaar één bestand met vaste recordlengte voor alle aanbieders en "
        "gecertificeerde instellingen samen: elke jeugdige per hulpvorm of maatregel is één regel, met alles wat in "
        "het halfjaar begon, liep of eindigde. Jeugdreclassering gaat in hetzelfde halfjaarbestand mee. Een latere "
        "levering van hetzelfde halfjaar vervangt de eerdere. Regels van hetzelfde kind en dezelfde hulpvorm die "
        "overlappen of aansluiten, telt de monitor als één. Een kind zonder BSN (999999999) en een ongeboren kind "
        "(000000000) zijn geen fout, maar ook geen persoon die te tellen is: de monitor meldt hoeveel het er zijn "
        "(JZ-96). Maatregelen tellen mee als jeugdbescherming (48), jeugdreclassering (47) of preventief justitieel "
        "(49); welke maatregel het is en hoe die eindigde, wordt niet bewaard. Een regio kan alleen regels met een "
        "gemeentecode als woonplaats leveren: bij een postcode is niet te zien welke gemeente het is."
    ),
    layouts={"BIJ 7": LAYOUT},
    fields=(
        jaar,
        halfjaar,
        gemeentecode,
        aanbieder,
        bsn,
        geboortedatum,
        geslacht,
        woonplaats,
        verwijzer,
        hulpvorm,
        crisis,
        aanvang,
        einde,
        reden,
        *OUTCOMES,
        maatregel,
        soort_maatregel,
        aanvang_maatregel,
        einde_maatregel,
        machtiging,
        aanvang_machtiging,
        einde_machtiging,
        interventie,
        reden_maatregel,
        zorg_na,
        overgedragen,
        gekregen,
    ),
    rules=(
        *person_number("JZ", 51, "bsn"),
        required("JZ-54", "verslagjaar"),
        well_formed("JZ-55", jaar),
        required("JZ-56", "halfjaar"),
        Rule(
            "JZ-57",
            ("halfjaar",),
            "codes",
            pl.col("halfjaar").is_in(["1", "2"]),
            "De verslagperiode is geen 1 of 2.",
            "Gebruik 1 voor januari tot en met juni en 2 voor juli tot en met december.",
        ),
        Rule(
            "JZ-58",
            ("halfjaar", "verslagjaar"),
            "samenhang",
            period == period.mode().min(),
            "De regel gaat over een andere verslagperiode dan de rest van het bestand.",
            "Lever elke verslagperiode in een eigen levering.",
            typed=True,
        ),
        coherent(
            "JZ-59",
            ("verslagjaar",),
            pl.col("verslagjaar").is_between(2015, 2100),
            "Het verslagjaar ligt voor 2015, toen de Jeugdwet inging, of na 2100.",
            "Vul het jaar waarover de levering gaat.",
        ),
        Rule(
            "JZ-60",
            ("aanbieder",),
            "vorm",
            pl.col("aanbieder").str.contains(r"^[0-9]{8}$"),
            "Het KvK-nummer telt geen acht cijfers.",
            "Vul het KvK-nummer van de aanbieder of instelling.",
        ),
        required("JZ-61", "woonplaats"),
        Rule(
            "JZ-62",
            ("woonplaats",),
            "vorm",
            pl.col("woonplaats").str.contains(r"^([1-9][0-9]{3}[A-Za-z]{2}|[0-9]{4})$"),
            "De woonplaats is geen postcode (1234AB) en geen CBS-gemeentecode (vier cijfers).",
            "Vul de postcode van het adres dat de woonplaats bepaalt, of anders de gemeentecode.",
        ),
        own_municipality("JZ-63"),
        Rule(
            "JZ-64",
            ("gemeentecode", "woonplaats"),
            "volledigheid",
            pl.when(~pl.col("leverancier").str.starts_with("GM")).then(pl.col("gemeentecode").is_not_null()),
            "In een levering voor meer gemeenten is bij een postcode niet te zien welke gemeente het is.",
            "Vul de gemeentecode als woonplaats, of lever per gemeente.",
            typed=True,
        ),
        well_formed("JZ-65", geboortedatum),
        Rule(
            "JZ-66",
            ("geslacht",),
            "codes",
            pl.col("geslacht").is_in(["V", "M", "O"]),
            "Geslacht is geen V, M of O.",
            "Gebruik V, M of O.",
        ),
        in_list("JZ-67", "verwijzer", "BIJ_VERWIJZER"),
        in_list("JZ-68", "hulpvorm", "BIJ_HULPVORM"),
        in_list("JZ-69", "crisis", "BIJ_JA_NEE"),
        Rule(
            "JZ-70",
            ("hulpvorm", "maatregel"),
            "volledigheid",
            HELP != MEASURE,
            "De regel heeft geen hulpvorm en geen maatregel, of heeft ze allebei.",
            "Lever jeugdhulp en een maatregel elk in een eigen regel.",
        ),
        required("JZ-71", "aanvang_hulp", where=HELP),
        well_formed("JZ-72", aanvang),
        well_formed("JZ-73", einde),
        _in_order("JZ-74", "einde_hulp", "aanvang_hulp", "jeugdhulp"),
        in_list("JZ-75", "reden_beeindiging", "BIJ_REDEN_EINDE"),
        Rule(
            "JZ-76",
            ("reden_beeindiging", "einde_hulp"),
            "volledigheid",
            pl.col("reden_beeindiging").is_null() == pl.col("einde_hulp").is_null(),
            "Reden beëindiging en datum einde horen allebei gevuld te zijn, of allebei leeg.",
            "Vul beide, of geen van beide als de hulp loopt.",
        ),
        *(
            Rule(
                f"JZ-{number}",
                (f"nut_{who}",),
                "codes",
                pl.col(f"nut_{who}").is_in([f"{score:02d}" for score in range(1, 11)]),
                f"Het rapportcijfer van de {who} ligt niet tussen 01 en 10.",
                "Vul een rapportcijfer van 01 tot en met 10, of nullen.",
            )
            for number, who in ((77, "jeugdige"), (78, "ouder"))
        ),
        in_list("JZ-79", "hulp_nodig_jeugdige", "BIJ_HULP_NODIG"),
        in_list("JZ-80", "hulp_nodig_ouder", "BIJ_HULP_NODIG"),
        in_list("JZ-81", "maatregel", "BIJ_MAATREGEL"),
        well_formed("JZ-82", aanvang_maatregel),
        well_formed("JZ-83", einde_maatregel),
        _in_order("JZ-84", "einde_maatregel", "aanvang_maatregel", "maatregel"),
        in_list("JZ-85", "machtiging", "BIJ_MACHTIGING"),
        well_formed("JZ-86", aanvang_machtiging),
        well_formed("JZ-87", einde_machtiging),
        in_list("JZ-88", "erkende_interventie", "BIJ_JA_NEE"),
        in_list("JZ-89", "reden_maatregel", "BIJ_REDEN_EINDE_MAATREGEL"),
        in_list("JZ-90", "zorg_na_maatregel", "BIJ_ZORG_NA_MAATREGEL"),
        well_formed("JZ-91", overgedragen),
        well_formed("JZ-92", gekregen),
        coherent(
            "JZ-93",
            FIRST_DAYS,
            pl.max_horizontal(FIRST_DAYS) <= LAST_DAY,
            "De aanvang ligt na de verslagperiode.",
            "Lever hulp of een maatregel in de periode waarin die begint.",
        ),
        unique(
            "JZ-94",
            ("bsn", "aanbieder"),
            optional=("hulpvorm", "aanvang_hulp", "maatregel", "aanvang_maatregel", "overgedragen_gekregen"),
        ),
    ),
    together=(
        Contradiction(
            "JZ-95",
            "De levering gaat over maanden waarvan ook berichten zijn geleverd. Voor die maanden tellen de berichten, "
            "en deze levering niet.",
            "Lever in één van de twee vormen; spreek met de beheerder van de monitor af welke.",
        ),
        Contradiction(
            "JZ-96",
            "Een regel is van een kind zonder BSN (999999999 of 000000000). Dat is geen fout, maar niemand die te "
            "tellen is.",
            "Vul het BSN zodra het bekend is en lever het halfjaar opnieuw; van een ongeboren kind kan dat nog niet.",
        ),
    ),
)
