"""What a leerplicht delivery must hold: reports of absence (verzuimmeldingen), JSON, an object per report.

DUO publishes no layout of its register; the fields are ours, with the codes of the GGM (Leerplicht) and the statuses
of the register of DUO. A report that is delivered again under its number replaces the earlier one.
"""

import polars as pl

from validations.language.contract import (
    DATE,
    MUNICIPALITY,
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

meldingsnummer = Field("meldingsnummer", TEXT, "Nummer van de melding in het verzuimregister", identifying=True)
bsn = Field("bsn", TEXT, "Burgerservicenummer", person="bsn", identifying=True)
onderwijsnummer = Field(
    "onderwijsnummer",
    TEXT,
    "Onderwijsnummer van wie geen burgerservicenummer heeft",
    person="onderwijsnummer",
    identifying=True,
)
gemeentecode = Field("gemeentecode", MUNICIPALITY, "Gemeente waar de leerling woont")
brin = Field("brin", TEXT, "BRIN van de school; leeg bij absoluut verzuim", stored=False)
soort = Field("verzuimsoort", TEXT, "ABSOLUUT (niet ingeschreven), of een soort relatief verzuim")
start = Field("datum_start", DATE, "Eerste dag van het verzuim")
einde = Field("datum_einde", DATE, "Laatste dag van het verzuim", stored=False)
melding = Field("datum_melding", DATE, "Dag van de melding; bij absoluut verzuim mag die ontbreken")
afgesloten = Field("datum_afgesloten", DATE, "Dag waarop de melding is afgesloten", stored=False)
status = Field("status", TEXT, "Status in het verzuimregister")
beslissing = Field("beslissing", TEXT, "Beslissing van de leerplichtambtenaar", stored=False)
grond = Field("vrijstelling_grond", TEXT, "Artikel van de Leerplichtwet waarop een vrijstelling rust")

REPORTED = pl.coalesce("datum_melding", "datum_start")
ABSOLUTE = pl.col("verzuimsoort") == "ABSOLUUT"

CONTRACT = Contract(
    bron="leerplicht",
    title="Leerplicht (verzuimmeldingen)",
    source="Eigen indeling van de monitor; codes van het GGM 2.5.1 en statussen van het verzuimregister van DUO",
    guide=(
        "Lever de meldingen die sinds de vorige levering nieuw of gewijzigd zijn, als één JSON-bestand in UTF-8: een "
        "lijst met een object per melding, met de velden hieronder en geen andere. Een veld zonder waarde mag weg of "
        "null zijn. Een melding die opnieuw komt onder hetzelfde nummer, vervangt de eerdere; een melding die er "
        "niet had mogen zijn, krijgt de status Ingetrokken. Het regelnummer in een foutrapport is het nummer van het "
        "record.\n\nEen melding telt in de maand van `datum_melding`, of van `datum_start` als die ontbreekt. "
        "Ingetrokken meldingen tellen niet. Wie voor hetzelfde schooljaar (vanaf 1 augustus) is vrijgesteld van "
        "inschrijving (artikel 5), is geen absoluut verzuim."
    ),
    fields=(
        meldingsnummer,
        bsn,
        onderwijsnummer,
        gemeentecode,
        brin,
        soort,
        start,
        einde,
        melding,
        afgesloten,
        status,
        beslissing,
        grond,
    ),
    rules=(
        *pupil_number("LPL", 1),
        required("LPL-06", "meldingsnummer"),
        Rule(
            "LPL-07",
            ("meldingsnummer",),
            "vorm",
            pl.col("meldingsnummer").str.contains(r"^[0-9A-Za-z-]{1,20}$"),
            "meldingsnummer telt meer dan twintig tekens, of andere dan letters, cijfers en streepjes.",
            "Neem het nummer over uit het verzuimregister.",
        ),
        required("LPL-08", "gemeentecode"),
        well_formed("LPL-09", gemeentecode),
        own_municipality("LPL-10"),
        Rule(
            "LPL-11",
            ("brin",),
            "vorm",
            pl.col("brin").str.contains(r"^[0-9]{2}[A-Z]{2}$"),
            "BRIN heeft niet de vorm van twee cijfers en twee hoofdletters.",
            "Neem het BRIN over uit het register van DUO, bijvoorbeeld 01AB.",
        ),
        required("LPL-12", "verzuimsoort"),
        in_list("LPL-13", "verzuimsoort", "LPL_VERZUIMSOORT"),
        required("LPL-14", "brin", where=~ABSOLUTE),
        required("LPL-15", "datum_start"),
        well_formed("LPL-16", start),
        well_formed("LPL-17", einde),
        required("LPL-18", "datum_melding", where=~ABSOLUTE),
        well_formed("LPL-19", melding),
        well_formed("LPL-20", afgesloten),
        coherent(
            "LPL-21",
            ("datum_einde", "datum_start"),
            pl.col("datum_einde") >= pl.col("datum_start"),
            "Het verzuim eindigt voor het begint.",
            "Herstel de datums van de melding.",
        ),
        coherent(
            "LPL-22",
            ("datum_melding", "datum_start"),
            pl.col("datum_melding") >= pl.col("datum_start"),
            "De melding ligt voor de eerste dag van het verzuim.",
            "Herstel de datums van de melding.",
        ),
        coherent(
            "LPL-23",
            ("datum_melding", "datum_start"),
            pl.col("leverdatum") >= REPORTED,
            "De melding ligt na de leverdatum.",
            "Controleer de datum van de melding, of de datum van de levering.",
        ),
        coherent(
            "LPL-24",
            ("datum_afgesloten", "datum_melding", "datum_start"),
            pl.col("datum_afgesloten") >= REPORTED,
            "De melding is afgesloten voor zij er was.",
            "Herstel de datums van de melding.",
        ),
        required("LPL-25", "status"),
        in_list("LPL-26", "status", "LPL_STATUS", on=REPORTED),
        Rule(
            "LPL-27",
            ("status", "datum_afgesloten"),
            "samenhang",
            pl.when(pl.col("status") == "Afgesloten")
            .then(pl.col("datum_afgesloten").is_not_null())
            .when(pl.col("status").is_in(["Geregistreerd", "In behandeling"]))
            .then(pl.col("datum_afgesloten").is_null()),
            "Een afgesloten melding heeft geen datum van afsluiten, of een lopende wel.",
            "Vul datum_afgesloten bij status Afgesloten, en laat die leeg zolang de melding loopt.",
        ),
        in_list("LPL-28", "beslissing", "LPL_BESLISSING"),
        in_list("LPL-29", "vrijstelling_grond", "LPL_VRIJSTELLING"),
        coherent(
            "LPL-30",
            ("vrijstelling_grond", "beslissing"),
            (pl.col("beslissing").eq_missing("VRIJSTELLING")) == pl.col("vrijstelling_grond").is_not_null(),
            "Een vrijstelling heeft geen grond, of een grond hoort niet bij een vrijstelling.",
            "Vul vrijstelling_grond als de beslissing VRIJSTELLING is, en alleen dan.",
        ),
        # One number is one report: twice in a delivery nobody can tell which is the newest.
        unique("LPL-31", ("gemeentecode", "meldingsnummer")),
    ),
)
