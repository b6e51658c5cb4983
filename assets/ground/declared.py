"""The published tables, each declared once: its columns in words, what it counts, its files and who may read them.

Publication, gate, allow-list, the comments in `meerdoen.duckdb`, Dagster and docs/tabellen.md follow from it. What a
figure means is in dbt_project; how it is protected in sdc.yml.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, NamedTuple

import polars as pl

from assets.ground.regelingen import linked, of_laws, rows, with_soorten

LEVELS = ("gemeente", "wijk", "buurt")
STREET = "straat"
# The grid of every regeling in sdc.yml; a table over regelingen may name another there.
GRID = "rooster"
# The models that figures are counted from, by telwijze: provisions, which of them count in a month, each kind of count.
BY_PERSON = ("voorziening", "actief")
COUNTED_FROM = {
    "periode": (*BY_PERSON, "stand", "stroom", "gebruik", "duur"),
    "gebeurtenis": (*BY_PERSON, "stand"),
    "schooljaar_cumulatief": (*BY_PERSON, "stand"),
    "aggregaat": (),
    "aanbod": ("aanbod", "stand"),
}
# What was delivered without persons is not the sum of its parts.
NOT_ADDED_UP = ("aggregaat", "aanbod")
# What every table of figures is published with: its areas, noemers and rates, and where its figures came from.
FOR_EVERY_TABLE = ("gebied", "noemer", "verhouding", "herkomst")
# What a figure is of beside its area, month, age group and indicator: the values of the table's own key columns, as one
# text for all that protects and keeps figures. Empty in most tables.
BREAKDOWN, BETWEEN = "uitsplitsing", "|"
# The folder of the kluis for what only wijkteams may read, unless sdc.yml says `straat_openbaar`.
CLOSED = "besloten"


class Column(NamedTuple):
    """A column of a published table, and what it says, in Dutch."""

    dtype: Any
    words: str


@dataclass(frozen=True)
class Table:
    """A published table: what one row is of (`words`, in Dutch) and its columns, in order."""

    name: str
    words: str
    columns: Mapping[str, Column]
    # What of dbt it is made from: seeds, models and sources.
    models: tuple[str, ...] = ()

    @property
    def schema(self) -> dict[str, Any]:
        """The polars types by column."""
        return {name: column.dtype for name, column in self.columns.items()}

    def of(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The frame as it is published: these columns, of these types."""
        return frame.select(pl.col(name).cast(dtype) for name, dtype in self.schema.items())


FIGURES = Table(
    "monitor_<regeling>",
    "Een cijfer: gebied, maand, leeftijdsgroep en indicator",
    {
        "editie": Column(pl.String, "Editie waarin de tabel staat"),
        "gemeentecode": Column(pl.String, "Gemeente, code van het CBS"),
        "gebiedsniveau": Column(pl.String, "gemeente, wijk of buurt"),
        "gebiedscode": Column(pl.String, "Gebied, code van het CBS"),
        "gebiedsnaam": Column(pl.String, "Naam van het gebied"),
        "indelingsjaar": Column(pl.Int32, "Jaar van de gebiedsindeling"),
        "peildatum": Column(pl.Date, "Laatste dag van de maand"),
        "leeftijdsgroep": Column(pl.String, "Leeftijdsgroep van het CBS, of totaal"),
        "indicator": Column(pl.String, "Wat er is geteld; zie dim_indicator"),
        "eenheid": Column(pl.String, "Waarin is geteld: personen, huishoudens, voorzieningen, diensten of plaatsen"),
        "waarde": Column(pl.Int64, "Het aantal, beveiligd; leeg tenzij publicatiestatus gepubliceerd is"),
        "noemer": Column(pl.Int64, "Het aantal waarop per_1000 is berekend, beveiligd"),
        "per_1000": Column(pl.Float64, "waarde per 1.000 van de noemer"),
        "publicatiestatus": Column(pl.String, "gepubliceerd, kleiner_dan_drempel, onderdrukt, nvt of niet_geleverd"),
        "cijferstatus": Column(pl.String, "voorlopig of definitief"),
    },
)


class File(NamedTuple):
    """A file of figures: its name without extension, the levels in it, and whether only wijkteams may read it."""

    name: str
    levels: tuple[str, ...]
    closed: bool = False


@dataclass(frozen=True)
class Counted:
    """Figures: what the model `wijkcijfers_<name>` counts, published as `monitor_<name>`."""

    name: str
    naam: str
    # The mart models that it rests on.
    models: tuple[str, ...]
    # Whether its figures count persons, households or provisions of persons; supply counts services and places.
    persons: bool = True
    # Whether areas and ages add up to their total: aggregates were rounded one by one before they came.
    adds_up: bool = True
    # The grid in sdc.yml.
    grid: str = GRID
    levels: tuple[str, ...] = LEVELS
    # Counts over a set of regelingen, which can differ by gemeente and month (`unieset` in monitor_herkomst).
    over_a_set: bool = False
    # Its row beside those of regelingen.csv, for dim_indicator; None for a regeling.
    law: Mapping[str, str | None] | None = None
    # The files beside that of gemeente, wijk and buurt.
    more: tuple[File, ...] = field(default=())
    # The regelingen that it counts each apart: its first own key column.
    each_of: tuple[str, ...] = ()
    # The key columns that it has beside those of every table of figures, all text.
    own_keys: Mapping[str, Column] = field(default_factory=dict)
    # By value of the first of them the regelingen that it tells of: what is stricter for one of these is so there too.
    tells_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def counted_as(self) -> str:
        """What models herkomst and verhouding call it: all tables over the set of regelingen are `unie` there."""
        return "unie" if self.over_a_set else self.name

    @property
    def origins(self) -> tuple[str, ...]:
        """What model herkomst calls the regelingen that its figures come from."""
        return self.each_of or (self.counted_as,)

    @property
    def table(self) -> str:
        """The name of the table."""
        return f"monitor_{self.name}"

    @property
    def figures(self) -> Table:
        """One row of it as published: FIGURES, with its own key columns before the indicator."""
        columns = dict(FIGURES.columns)
        after = {name: columns.pop(name) for name in list(columns)[list(columns).index("indicator") :]}
        return replace(FIGURES, columns={**columns, **self.own_keys, **after})

    def joined(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The frame with BREAKDOWN instead of its own key columns."""
        own = list(self.own_keys)
        value = pl.concat_str(own, separator=BETWEEN) if own else pl.lit("")
        return frame.with_columns(value.alias(BREAKDOWN)).drop(own)

    def split(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The frame with its own key columns from BREAKDOWN."""
        parts = pl.col(BREAKDOWN).str.split(BETWEEN)
        return frame.with_columns(parts.list.get(place).alias(name) for place, name in enumerate(self.own_keys))

    @property
    def rests_on(self) -> tuple[str, ...]:
        """All mart models that the publication of it reads."""
        return (*self.models, *FOR_EVERY_TABLE)

    @property
    def files(self) -> tuple[File, ...]:
        """The files that it is written to."""
        return (File(self.table, self.levels), *self.more)


# What every table over the regelingen that count together is counted from.
OF_A_SET = (
    "unie",
    *(f"{kind}_{part}" for part in linked() for kind in BY_PERSON),
    *("actief_unie", "straat", "rooster_unie"),
)


def _law(name: str, reading: str | None = None) -> dict[str, str | None]:
    """The row of a table over the regelingen that count together, beside those of regelingen.csv."""
    return {
        "regeling": name,
        "wet": "alle regelingen die samen tellen",
        "bron": "alle",
        "bronkolommen": "die van de regelingen die samen tellen",
        "telwijze": "unie",
        "lezing": reading,
        "eigenaar": "team:monitor",
    }


TOTAAL = Counted(
    name="totaal",
    naam="Unieke personen en huishoudens over alle regelingen die samen tellen",
    models=(*OF_A_SET, "actief_totaal", "stand_totaal", "wijkcijfers_totaal"),
    grid="rooster_totaal",
    over_a_set=True,
    law=_law("totaal"),
    more=(File("monitor_totaal_straat", (STREET,), closed=True),),
)
STAPELING = Counted(
    name="stapeling",
    naam="Huishoudens naar het aantal regelingen waarvan zij voorzieningen hebben",
    models=(*OF_A_SET, "instelling", "huishouden_unie", "wijkcijfers_stapeling"),
    levels=LEVELS[:2],
    grid="rooster_stapeling",
    over_a_set=True,
    law=_law("stapeling"),
)
# The laws that a household can have help of; of the last two any of them can be.
COMBINATIONS = ("alleen_wmo", "alleen_jeugdwet", "alleen_participatiewet")
COMBINATIONS += ("wmo_jeugdwet", "wmo_participatiewet", "jeugdwet_participatiewet")
OF_EACH_LAW = ("alle_drie", "meer_dan_een")
COMBINATIES = Counted(
    name="combinaties",
    naam="Huishoudens naar de combinatie van Wmo, Jeugdwet en Participatiewet",
    models=(*OF_A_SET, "instelling", "huishouden_unie", "wijkcijfers_combinaties"),
    levels=LEVELS[:2],
    grid="rooster_combinaties",
    over_a_set=True,
    law=_law(
        "combinaties",
        "Van precies de wetten in kolom combinatie, van de Participatiewet alleen de algemene bijstand; meer_dan_een is"
        " van twee of drie. Nvt voor 2015; niet_geleverd waar een van de drie niet meetelt",
    ),
    tells_of={name: tuple(of for of, law in of_laws().items() if law in name) for name in COMBINATIONS}
    | dict.fromkeys(OF_EACH_LAW, tuple(of_laws())),
    own_keys={
        "combinatie": Column(pl.String, "De wetten waarvan een huishouden hulp heeft, of meer_dan_een (per wijk)"),
    },
)
SOORTEN = Counted(
    name="soorten",
    naam="Cliënten per regeling en soort hulp",
    models=(
        *(f"{kind}_{part}" for part in with_soorten() for kind in BY_PERSON),
        *("soort", "rooster_maand", "wijkcijfers_soorten"),
    ),
    levels=LEVELS[:2],
    grid="rooster_soorten",
    each_of=with_soorten(),
    tells_of={regeling: (regeling,) for regeling in with_soorten()},
    law=_law(
        "soorten",
        "Per soort hulp van de regeling (docs/soorten.md): wie er twee heeft telt in beide. Nvt waar de levering de"
        " soort niet kent",
    )
    | {"wet": "die van de regeling", "bronkolommen": "die van de regeling", "telwijze": "soorten"},
    own_keys={
        "regeling": Column(pl.String, "De regeling"),
        "soort": Column(pl.String, "De soort hulp; zie docs/soorten.md"),
    },
)
# Tables over regelingen, beside one for each regeling.
OVER_REGELINGEN = (TOTAAL, STAPELING, COMBINATIES, SOORTEN)

OTHERS = (
    Table(
        "dim_regeling",
        "Een regeling: de wet, hoe er wordt geteld, en waar de reeks breekt",
        {
            "regeling": Column(pl.String, "Naam van de regeling in codes; de tabel is monitor_<regeling>"),
            "naam": Column(pl.String, "Naam van de regeling"),
            "wet": Column(pl.String, "De wet waarop zij berust"),
            "bwb_id": Column(pl.String, "Nummer van de wet in het Basiswettenbestand (wetten.overheid.nl)"),
            "geldig_van": Column(pl.Date, "Eerste dag waarop de wet geldt"),
            "geldig_tot": Column(pl.Date, "Laatste dag waarop de wet geldt; leeg als zij nog geldt"),
            "instroom_tot": Column(pl.Date, "Laatste dag waarop iemand kon beginnen; leeg als dat nog kan"),
            "opvolger": Column(pl.String, "De wet die ervoor in de plaats kwam"),
            "lijn": Column(pl.Int32, "0 inwoners en netwerk, 1 lokale organisaties, 2 gespecialiseerde hulp"),
            "deelprogramma": Column(pl.String, "Het deelprogramma waar de regeling bij hoort"),
            "eenheid": Column(pl.String, "Waarin is geteld"),
            "noemer": Column(pl.String, "Waardoor personen worden gedeeld; leeg als er geen verhouding is"),
            "telwijze": Column(pl.String, "Hoe er wordt geteld; zie docs/development.md"),
            "bron": Column(pl.String, "De registratie waaruit is geteld"),
            "telt_na_vertrek": Column(pl.String, "Of telt wie de gemeente verliet (ja of nee)"),
            "laagste_niveau": Column(pl.String, "Het kleinste gebied waarvoor er cijfers zijn"),
            "koppelbaar": Column(pl.String, "Of een persoon dezelfde is als in de BRP (ja of nee)"),
            "eigen_voorziening": Column(
                pl.String, "Hoeveel voorzieningen een cliënt heeft: een, minstens_een of gedeeld"
            ),
            "leeftijd_van": Column(pl.Int32, "Jongste leeftijd waarvoor de wet geldt; leeg als er geen is"),
            "leeftijd_tot": Column(pl.Int32, "Oudste leeftijd waarvoor de wet geldt; leeg als er geen is"),
            "breuken": Column(pl.String, "Wanneer de regeling van wet wisselde, en van welke naar welke"),
        },
        models=("regelingen", "wetswijzigingen"),
    ),
    Table(
        "dim_gebied",
        "Een gebied in een jaar",
        {
            "gemeentecode": Column(pl.String, "Gemeente, code van het CBS"),
            "gebiedsniveau": Column(pl.String, "gemeente, wijk of buurt"),
            "gebiedscode": Column(pl.String, "Gebied, code van het CBS; eindigt op onbekend als het adres dat is"),
            "gebiedsnaam": Column(pl.String, "Naam van het gebied"),
            "indelingsjaar": Column(pl.Int32, "Jaar van de gebiedsindeling"),
            "ouder_code": Column(pl.String, "Het gebied waar het in ligt; leeg bij een gemeente"),
        },
        models=("gebied",),
    ),
    Table(
        "dim_indicator",
        "Een indicator van een regeling: definitie, wet, bron en regel",
        {
            "regeling": Column(pl.String, "De regeling, of de tabel over regelingen"),
            "indicator": Column(pl.String, "De indicator, zoals in de tabellen"),
            "naam": Column(pl.String, "Naam van de indicator"),
            "definitie": Column(pl.String, "Wat er is geteld, en hoe is gelezen wat wet of bron openlaat"),
            "formule": Column(pl.String, "De definitie als formule; P is de peildatum"),
            "wet": Column(pl.String, "De wet waarop de regeling berust"),
            "bron": Column(pl.String, "De registratie waaruit is geteld"),
            "bronkolommen": Column(pl.String, "De kolommen van de levering waaruit is geteld"),
            "eigenaar": Column(pl.String, "Wie de registratie beheert"),
            "eenheid": Column(pl.String, "Waarin is geteld"),
            "noemer": Column(pl.String, "Waardoor is gedeeld; leeg als er geen verhouding is"),
            "geen_verhouding": Column(pl.String, "Waarom er geen verhouding is"),
            "publicatieregel": Column(pl.String, "Vanaf welk aantal een cijfer er staat, en hoe is afgerond"),
        },
        models=("indicatoren", "regelingen", "verhouding"),
    ),
    Table(
        "monitor_kwaliteit",
        "De laatste levering van een registratie in een gemeente",
        {
            "bron": Column(pl.String, "De registratie"),
            "gemeentecode": Column(pl.String, "Gemeente, code van het CBS"),
            "laatste_levering": Column(pl.String, "Maand van de laatste levering"),
            "toestand": Column(pl.String, "aanvaard, geblokkeerd, aangehouden, wacht of niet_geleverd"),
            "rijen": Column(pl.Int64, "Goede rijen, afgerond op 10; leeg als dat iets over afgekeurde zou zeggen"),
            "uitval_pct": Column(pl.Int64, "Afgekeurde rijen in hele procenten; leeg bij weinig rijen"),
            "open_regels": Column(pl.String, "De regels van het contract waaraan nog niet is voldaan"),
            "verwacht_voor": Column(pl.String, "Maand waarvoor de volgende levering wordt verwacht"),
            "actualiteit": Column(pl.String, "op tijd, te laat of niet geleverd"),
            "auditresultaat": Column(pl.String, "Wat de aanval op alle tabellen samen vond, en wanneer"),
        },
        models=("leveringen",),
    ),
    Table(
        "monitor_herkomst",
        "Een levering achter de cijfers van een tabel in een maand",
        {
            "tabel": Column(pl.String, "De tabel"),
            "gemeentecode": Column(pl.String, "Gemeente, code van het CBS"),
            "peildatum": Column(pl.Date, "Laatste dag van de maand"),
            "bron": Column(pl.String, "De registratie"),
            "leverancier": Column(pl.String, "Wie leverde"),
            "levering": Column(pl.String, "Kenmerk van de levering"),
            "levermaand": Column(pl.String, "Maand van de levering"),
            "contractversie": Column(pl.String, "Versie van het contract waarmee zij is gelezen"),
            "model": Column(pl.String, "Het model dat telde"),
            "modelversie": Column(pl.String, "Versie van dat model en alles waar het uit telt"),
            "codeversie": Column(pl.String, "Versie van de code die beveiligde en publiceerde"),
            "run_id": Column(pl.String, "De nacht die het cijfer maakte"),
            "unieset": Column(pl.String, "De regelingen die in die maand samen telden; leeg bij een regeling"),
        },
        models=("herkomst",),
    ),
    Table(
        "monitor_ingetrokken",
        "Een editie die is ingetrokken",
        {
            "editie": Column(pl.String, "De editie"),
            "ingetrokken_op": Column(pl.Date, "De dag waarop"),
            "toelichting": Column(pl.String, "Waarom"),
        },
    ),
)


@cache
def counted() -> dict[str, Counted]:
    """Every table of figures by name: of each regeling in regelingen.csv, then those over regelingen."""
    found = {}
    for regeling, row in sorted(rows().items()):
        telwijze = row["telwijze"]
        kinds = (*COUNTED_FROM[telwijze], "wijkcijfers")
        found[regeling] = Counted(
            name=regeling,
            naam=row["naam"],
            models=tuple(f"{kind}_{regeling}" for kind in kinds),
            persons=telwijze != "aanbod",
            adds_up=telwijze not in NOT_ADDED_UP,
        )
    return found | {table.name: table for table in OVER_REGELINGEN}


def tables() -> dict[str, Table]:
    """Every file of an edition by name, and every table of it, by name."""
    figures = {
        file.name: Table(
            file.name, f"{table.naam}, per {', '.join(file.levels)}", table.figures.columns, table.rests_on
        )
        for table in counted().values()
        for file in table.files
    }
    return figures | {table.name: table for table in OTHERS}
