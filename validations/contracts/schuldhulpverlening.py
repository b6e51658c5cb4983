"""What a pull of schuldhulpverlening must hold: dossiers (trajecten), their clients, and the steps in them.

Tables and codes are those of the GGM (Gemeentelijk Gegevensmodel) 2.5.1. Left out are SCHULD, VROEGSIGNAAL and all else
that counts in no figure. Holds no reading (assets) and no spells (dbt_project/models/voorzieningen).
"""

from dataclasses import replace

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

SOURCE = "Gemeentelijk Gegevensmodel 2.5.1, model Schuldhulpverlening (EUPL-1.2)"
traject_id = Field("schuldhulptraject_id", TEXT, "Nummer van het dossier (SCHULDHULPTRAJECT)")
gemeentecode = Field("gemeentecode", MUNICIPALITY, "Gemeente die verantwoordelijk is voor het traject")
of_traject = Field("gemeentecode", MUNICIPALITY, "Gemeente van het traject; staat niet in de tabel, volgt eruit")
gewijzigd_op = Field("gewijzigd_op", TEXT, "Tijdstip waarop de rij het laatst is gewijzigd", stored=False)
startdatum = Field("startdatum", DATE, "STARTDATUM; van SCHULDREGELING en UITSTROOM de DATUM")
einddatum = Field("einddatum", DATE, "EINDDATUM: laatste dag")


def _common(first: int, last: int, *, child: bool) -> tuple[Rule, ...]:
    """What every table has: the dossier and gemeente that a row belongs to (from `first`), and when it was written."""
    known = Rule(
        f"SHV-{first + 1}",
        ("gemeentecode",),
        "samenhang",
        pl.col("gemeentecode").is_not_null(),
        "De rij hoort bij geen traject in deze levering." if child else "gemeentecode ontbreekt.",
        "Herstel het trajectnummer in de bron." if child else "Vul de verantwoordelijke gemeente in de bron.",
    )
    return (
        required(f"SHV-{first}", "schuldhulptraject_id"),
        # A row without number of a traject cannot belong to one: one finding is enough.
        replace(known, holds=pl.when(pl.col("schuldhulptraject_id").is_not_null()).then(known.holds)),
        well_formed(f"SHV-{first + 2}", gemeentecode),
        own_municipality(f"SHV-{first + 3}"),
        required(f"SHV-{last}", "gewijzigd_op"),
        Rule(
            f"SHV-{last + 1}",
            ("gewijzigd_op",),
            "datums",
            pl.col("gewijzigd_op").str.contains(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}"),
            "gewijzigd_op is geen tijdstip.",
            "Laat de bron bij elke wijziging datum en tijd vastleggen.",
        ),
    )


TRAJECTEN = Contract(
    bron="schuldhulpverlening",
    title="Schuldhulptrajecten",
    source=SOURCE,
    guide=(
        "De monitor haalt deze gegevens zelf op uit de database van het zaaksysteem, met een gebruiker die alleen mag "
        "lezen: elke nacht de dossiers waarin iets is gewijzigd, en dan het hele dossier. Bied de tabellen of views "
        "hieronder aan, met precies deze kolommen. Twee partners in één dossier zijn twee rijen van client; een "
        "nieuwe aanvraag is een nieuw traject. Schulden, schuldeisers en vroegsignalen worden niet gelezen."
    ),
    fields=(
        traject_id,
        gemeentecode,
        Field("startdatum", DATE, "Eerste dag van het traject"),
        Field("einddatum", DATE, "Laatste dag van het traject; leeg zolang het loopt"),
        Field("toekenningsdatum", DATE, "Dag waarop de schuldregeling is toegekend"),
        Field("totaalschuldbedragbijaanvang", TEXT, "Totaal van de schulden bij aanvang, in euro's", stored=False),
        gewijzigd_op,
    ),
    rules=(
        *_common(10, 25, child=False),
        required("SHV-14", "startdatum"),
        well_formed("SHV-15", startdatum),
        well_formed("SHV-16", einddatum),
        well_formed("SHV-17", Field("toekenningsdatum", DATE, "")),
        coherent(
            "SHV-18",
            ("einddatum", "startdatum"),
            pl.col("einddatum") >= pl.col("startdatum"),
            "De einddatum van het traject ligt voor de startdatum.",
            "Herstel de datums in het dossier.",
        ),
        coherent(
            "SHV-19",
            ("startdatum",),
            pl.col("startdatum") <= pl.col("leverdatum"),
            "De startdatum ligt na de dag waarop het dossier is gehaald.",
            "Herstel de startdatum in het dossier.",
        ),
        Rule(
            "SHV-20",
            ("totaalschuldbedragbijaanvang",),
            "vorm",
            pl.col("totaalschuldbedragbijaanvang").str.contains(r"^[0-9]{1,9}([.,][0-9]+)?$"),
            "Het schuldbedrag is geen bedrag van nul of meer.",
            "Herstel het bedrag in het dossier.",
        ),
        unique("SHV-21", ("schuldhulptraject_id",)),
    ),
)

CLIENTEN = Contract(
    bron="schuldhulpverlening",
    title="Cliënten van schuldhulptrajecten",
    source=SOURCE,
    fields=(
        Field("client_id", TEXT, "Nummer van de client"),
        traject_id,
        of_traject,
        Field("bsn", TEXT, "Burgerservicenummer", person="bsn", identifying=True),
        Field("postcode", POSTCODE, "Postcode, voor wie niet in de BRP voorkomt", identifying=True),
        Field("huisnummer", INTEGER, "Huisnummer", identifying=True),
        gewijzigd_op,
    ),
    rules=(
        *_common(30, 45, child=True),
        required("SHV-34", "client_id"),
        required("SHV-35", "bsn"),
        *person_number("SHV", 36, "bsn"),
        well_formed("SHV-39", Field("postcode", POSTCODE, "")),
        well_formed("SHV-40", Field("huisnummer", INTEGER, "")),
        coherent(
            "SHV-41",
            ("schuldhulptraject_id",),
            pl.int_range(pl.len()).over("schuldhulptraject_id") < 2,
            "Een traject heeft meer dan twee cliënten.",
            "Een traject is van één persoon of van twee partners; herstel het dossier.",
        ),
        unique("SHV-42", ("schuldhulptraject_id", "bsn")),
    ),
)

# A step is a row of one of these tables.
DATED = ("AANMELDING", "INTAKE", "STABILISATIE", "WSNP_TRAJECT", "MORATORIUM", "NAZORG", "OPLOSSING", "BEGELEIDING")
STEPS = (*DATED, "SCHULDREGELING", "UITSTROOM")


def _of_step(step: str, rule: Rule) -> Rule:
    """A rule for the rows of one table."""
    return replace(rule, holds=pl.when(pl.col("stap") == step).then(rule.holds))


STAPPEN = Contract(
    bron="schuldhulpverlening",
    title="Stappen in schuldhulptrajecten",
    source=SOURCE,
    fields=(
        Field("stap", TEXT, f"Tabel waaruit de rij komt: {', '.join(STEPS)}"),
        Field("stap_id", TEXT, "Nummer van de rij in die tabel"),
        traject_id,
        of_traject,
        startdatum,
        einddatum,
        Field("code", TEXT, "SOORT (OPLOSSING, BEGELEIDING), BESCHIKKINGSSOORT (INTAKE) of REDEN (UITSTROOM)"),
        Field("ja_nee", TEXT, "CRISISINTERVENTIE (AANMELDING) of DWANGAKKOORD (SCHULDREGELING)", stored=False),
        gewijzigd_op,
    ),
    rules=(
        *_common(50, 70, child=True),
        required("SHV-54", "stap_id"),
        Rule(
            "SHV-55",
            ("startdatum",),
            "volledigheid",
            pl.col("startdatum").is_not_null(),
            "De stap heeft geen datum.",
            "Vul de datum waarop de stap begon; zonder datum telt de stap niet mee, het traject wel.",
        ),
        well_formed("SHV-56", startdatum),
        well_formed("SHV-57", einddatum),
        coherent(
            "SHV-58",
            ("einddatum", "startdatum"),
            pl.col("einddatum") >= pl.col("startdatum"),
            "De einddatum van de stap ligt voor de startdatum.",
            "Herstel de datums in het dossier.",
        ),
        _of_step("UITSTROOM", required("SHV-59", "code", name="reden")),
        _of_step("UITSTROOM", in_list("SHV-60", "code", "SHV_UITSTROOM")),
        _of_step("OPLOSSING", in_list("SHV-61", "code", "SHV_OPLOSSING")),
        _of_step("BEGELEIDING", in_list("SHV-62", "code", "SHV_BEGELEIDING")),
        _of_step("INTAKE", in_list("SHV-63", "code", "SHV_BESCHIKKING")),
        Rule(
            "SHV-64",
            ("ja_nee",),
            "vorm",
            pl.col("ja_nee").is_in(["0", "1"]),
            "Crisisinterventie of dwangakkoord is geen ja of nee.",
            "Gebruik een ja/nee-veld in de bron.",
        ),
        unique("SHV-65", ("stap", "stap_id")),
    ),
)
