"""What a vsv delivery must hold: the reports A01, A02, A05 and A07 of DUO of one month, a row per person per report.

What the reports are about: DUO (duo.nl, Rapportages verzuim). DUO publishes no layout; the columns here are ours.
A01 and A02 tell what changed in the month; the school year of these reports runs from 1 October.
"""

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
    pupil_number,
    required,
    unique,
    well_formed,
)

_PUPIL = (
    "bsn",
    "onderwijsnummer",
    "geboortedatum",
    "geslacht",
    "postcode",
    "gemeentecode",
    "brin",
    "vestiging",
    "onderwijssoort",
    "startkwalificatie",
)
# The columns of each report.
REPORTS: dict[str, tuple[str, ...]] = {
    "A01": (*_PUPIL, "datum_uitschrijving", "status_trajectbegeleiding", "uitstroombestemming"),
    "A02": (*_PUPIL, "datum_herinschrijving"),
    "A05": _PUPIL,
    "A07": (*_PUPIL, "datum_startkwalificatie"),
}
DATES = {"A01": "datum_uitschrijving", "A02": "datum_herinschrijving", "A07": "datum_startkwalificatie"}

rapport = Field("rapport", TEXT, "Rapport: A01, A02, A05 of A07; uit de bestandsnaam")
peildatum = Field("peildatum", DATE, "Laatste dag van de maand van het rapport; uit de bestandsnaam")
bsn = Field("bsn", TEXT, "Burgerservicenummer", person="bsn", identifying=True)
onderwijsnummer = Field(
    "onderwijsnummer",
    TEXT,
    "Onderwijsnummer van wie geen burgerservicenummer heeft",
    person="onderwijsnummer",
    identifying=True,
)
geboortedatum = Field("geboortedatum", DATE, "Geboortedatum", stored=False, identifying=True)
geslacht = Field("geslacht", TEXT, "Geslacht: M, V of O", stored=False)
postcode = Field("postcode", POSTCODE, "Postcode; de plaats van een leerling komt uit de BRP", stored=False)
gemeentecode = Field("gemeentecode", MUNICIPALITY, "Gemeente waar de leerling woont")
brin = Field("brin", TEXT, "BRIN van de (laatste) school, vier tekens")
vestiging = Field("vestiging", TEXT, "Vestiging, twee cijfers", stored=False)
soort = Field("onderwijssoort", TEXT, "vo, mbo1, mbo2, mbo3, mbo4 of vavo")
kwalificatie = Field("startkwalificatie", TEXT, "Startkwalificatie (havo, vwo of mbo 2 en hoger): J of N")
uitschrijving = Field("datum_uitschrijving", DATE, "A01: eerste dag niet meer ingeschreven")
traject = Field("status_trajectbegeleiding", TEXT, "A01: begeleiding door het Doorstroompunt", stored=False)
bestemming = Field("uitstroombestemming", TEXT, "A01: waar de leerling heen ging")
herinschrijving = Field("datum_herinschrijving", DATE, "A02: eerste dag weer ingeschreven")
behaald = Field("datum_startkwalificatie", DATE, "A07: dag waarop de startkwalificatie is behaald")

IN = {report: pl.col("rapport") == report for report in REPORTS}
# Up to 2026 the Besluit RMC (under 23), then the Wet van school naar duurzaam werk (under 27).
_TOO_OLD = (
    pl.when(pl.col("datum_uitschrijving") < pl.date(2026, 1, 1))
    .then(pl.col("geboortedatum").dt.offset_by("23y"))
    .otherwise(pl.col("geboortedatum").dt.offset_by("27y"))
)


def _school_year(day: pl.Expr) -> pl.Expr:
    """The year in which the school year of a day began, on 1 October."""
    return day.dt.year() - (day.dt.month() < 10).cast(pl.Int32)


def _in_school_year(id: str, report: str) -> Rule:
    day, end = pl.col(DATES[report]), pl.col("peildatum")
    return coherent(
        id,
        (DATES[report], "peildatum"),
        (day <= end) & (_school_year(day) == _school_year(end)),
        f"{DATES[report]} ligt na de maand van het rapport, of voor 1 oktober van dat schooljaar.",
        "Lever een rij in het rapport van haar eigen schooljaar, niet voor de dag zelf.",
    )


CONTRACT = Contract(
    bron="vsv",
    title="Voortijdig schoolverlaten (rapporten van DUO)",
    source="Rapportages verzuim van DUO (duo.nl); de kolommen zijn een eigen indeling van de monitor",
    guide=(
        "Lever elke maand vier CSV-bestanden met puntkomma's in UTF-8: `A01_jjjjmm.csv` (uitschrijvingen zonder "
        "startkwalificatie sinds de vorige maand), `A02_jjjjmm.csv` (herinschrijvingen), `A05_jjjjmm.csv` (de "
        "startset: alle leerlingen op 1 oktober) en `A07_jjjjmm.csv` (late startkwalificaties); een rapport zonder "
        "rijen heeft alleen de kop. `A04` en `A06` mogen erbij; zij zijn optellingen en worden niet gelezen. Een "
        "latere levering van dezelfde maand vervangt de eerdere.\n\n"
        "Kolommen per bestand: " + "; ".join(f"{name}: {', '.join(columns)}" for name, columns in REPORTS.items()) + "."
        "\n\nDe monitor telt de **nieuwe voortijdig schoolverlaters sinds 1 oktober** (indicator `clienten`): wie in "
        "A01 staat en niet is teruggekomen (A02) en geen startkwalificatie haalde (A07). Op 1 oktober begint de "
        "telling op nul. Ontbreekt een maand, dan is er vanaf die maand tot het einde van het schooljaar geen "
        "cijfer; lever bij het begin dus alle maanden vanaf oktober. De noemer is de startset (A05). Met het einde "
        "van het Besluit RMC op 31 december 2025 eindigt deze reeks: de Wet van school naar duurzaam werk telt "
        "jongeren tot 27 jaar."
    ),
    fields=(
        rapport,
        peildatum,
        bsn,
        onderwijsnummer,
        geboortedatum,
        geslacht,
        postcode,
        gemeentecode,
        brin,
        vestiging,
        soort,
        kwalificatie,
        uitschrijving,
        traject,
        bestemming,
        herinschrijving,
        behaald,
    ),
    rules=(
        *pupil_number("VSV", 1),
        in_list("VSV-06", "rapport", "VSV_RAPPORT"),
        well_formed("VSV-07", peildatum),
        required("VSV-08", "geboortedatum"),
        well_formed("VSV-09", geboortedatum),
        required("VSV-10", "geslacht"),
        Rule(
            "VSV-11",
            ("geslacht",),
            "codes",
            pl.col("geslacht").is_in(["M", "V", "O"]),
            "Geslacht is geen M, V of O.",
            "Gebruik M, V of O.",
        ),
        required("VSV-12", "postcode"),
        well_formed("VSV-13", postcode),
        required("VSV-14", "gemeentecode"),
        well_formed("VSV-15", gemeentecode),
        own_municipality("VSV-16"),
        required("VSV-17", "brin"),
        Rule(
            "VSV-18",
            ("brin",),
            "vorm",
            pl.col("brin").str.contains(r"^[0-9]{2}[A-Z]{2}$"),
            "BRIN heeft niet de vorm van twee cijfers en twee hoofdletters.",
            "Neem het BRIN over uit het register van DUO, bijvoorbeeld 01AB.",
        ),
        required("VSV-19", "vestiging"),
        Rule(
            "VSV-20",
            ("vestiging",),
            "vorm",
            pl.col("vestiging").str.contains(r"^[0-9]{2}$"),
            "Vestiging telt geen twee cijfers.",
            "Lever de vestiging als twee cijfers, met voorloopnul.",
        ),
        required("VSV-21", "onderwijssoort"),
        in_list("VSV-22", "onderwijssoort", "VSV_ONDERWIJSSOORT"),
        required("VSV-23", "startkwalificatie"),
        Rule(
            "VSV-24",
            ("startkwalificatie",),
            "codes",
            pl.col("startkwalificatie").is_in(["J", "N"]),
            "Startkwalificatie is geen J of N.",
            "Gebruik J of N.",
        ),
        coherent(
            "VSV-25",
            ("startkwalificatie", "rapport"),
            pl.when(IN["A01"] | IN["A05"])
            .then(pl.col("startkwalificatie") != "J")
            .when(IN["A07"])
            .then(pl.col("startkwalificatie") != "N"),
            "De startkwalificatie past niet bij het rapport: N in A01 en A05, J in A07.",
            "Wie een startkwalificatie heeft, staat niet in A01 of A05; wie er geen heeft, niet in A07.",
        ),
        required("VSV-26", "datum_uitschrijving", where=IN["A01"]),
        well_formed("VSV-27", uitschrijving),
        required("VSV-28", "datum_herinschrijving", where=IN["A02"]),
        well_formed("VSV-29", herinschrijving),
        required("VSV-30", "datum_startkwalificatie", where=IN["A07"]),
        well_formed("VSV-31", behaald),
        _in_school_year("VSV-32", "A01"),
        _in_school_year("VSV-33", "A02"),
        _in_school_year("VSV-34", "A07"),
        coherent(
            "VSV-35",
            ("geboortedatum", "datum_uitschrijving"),
            (pl.col("geboortedatum").dt.offset_by("12y") <= pl.col("datum_uitschrijving"))
            & (pl.col("datum_uitschrijving") < _TOO_OLD),
            "De leerling was bij de uitschrijving jonger dan 12 jaar of te oud: 23 jaar, vanaf 2026 27 jaar.",
            "Controleer geboortedatum en datum van uitschrijving.",
        ),
        in_list("VSV-36", "status_trajectbegeleiding", "VSV_TRAJECT"),
        in_list("VSV-37", "uitstroombestemming", "VSV_BESTEMMING"),
        unique(
            "VSV-38",
            ("rapport", "gemeentecode"),
            # A pupil may leave, and return to, more than one school.
            optional=("bsn", "onderwijsnummer", "brin", "vestiging", *DATES.values()),
        ),
    ),
)
