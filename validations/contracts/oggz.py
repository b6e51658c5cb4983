"""What an OGGZ delivery must hold: reports of worry in a period, CSV `;`, a row per report of a person.

No layout exists; this one is ours, after the regional OGGZ monitors that use an anonymous code of their own. The code
is pseudonymised again: it says who is the same person within one region, and links to nothing else.
"""

import polars as pl

from validations.language.codelists import codes
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
    required,
    unique,
    well_formed,
)

van = Field("periode_van", DATE, "Eerste dag van de periode van de levering")
tot = Field("periode_tot", DATE, "Laatste dag van de periode van de levering")
gemeentecode = Field("gemeentecode", MUNICIPALITY, "Gemeente die verantwoordelijk is")
code = Field("code", TEXT, "Eigen, anonieme code van de regio voor de persoon", person="oggz", identifying=True)
melddatum = Field("melddatum", DATE, "Dag van de melding")
melder = Field("melder", TEXT, "Wie de melding deed", stored=False)
problematiek = Field("problematiek", TEXT, "Een of meer problemen, met | ertussen")
trede = Field("trede", TEXT, "Trede op de OGGZ-ladder: 1 tot en met 4", stored=False)
status = Field("status", TEXT, "gemeld, in_zorg of afgesloten", stored=False)
afsluiting = Field("datum_afsluiting", DATE, "Laatste dag; leeg zolang de melding loopt")
resultaat = Field("resultaat", TEXT, "Hoe de melding is afgesloten")
pc4 = Field("postcode4", TEXT, "De vier cijfers van de postcode; leeg bij wie geen adres heeft")
briefadres = Field("briefadres", TEXT, "J als de postcode van een briefadres is, anders N of leeg")

CLOSED = pl.col("status").eq_missing("afgesloten")
_PARTS = pl.col("problematiek").str.split("|")

CONTRACT = Contract(
    bron="oggz",
    title="Openbare geestelijke gezondheidszorg (meldingen)",
    source="Eigen indeling van de monitor, naar de regionale OGGZ-monitors",
    guide=(
        "Lever elk half jaar één CSV-bestand met puntkomma's in UTF-8, of een per gemeente: alle meldingen die in de "
        "periode liepen, ook wie daarvoor al gemeld was. `periode_van` en `periode_tot` zijn op elke regel gelijk. "
        "Een latere levering van dezelfde periode vervangt de eerdere. Een melding die ontbreekt zonder "
        "datum_afsluiting, eindigt met de laatste periode die haar had. Een regio levert in de map onder haar eigen "
        "naam voor al haar gemeenten; rijen van gemeenten buiten deze monitor worden weggelaten en geteld.\n\n`code` "
        "is de anonieme code van de regio, nooit een burgerservicenummer; zij wordt nogmaals gepseudonimiseerd, "
        "geldt alleen binnen deze regio en wordt nergens aan gekoppeld. Wie dakloos is, heeft geen postcode: een "
        "briefadres zegt niet waar iemand is (briefadres J telt in onbekend). Iemand telt in een wijk als alle "
        "adressen van zijn postcode in die wijk liggen, anders in onbekend. Er zijn geen cijfers per buurt."
    ),
    fields=(
        van,
        tot,
        gemeentecode,
        code,
        melddatum,
        melder,
        problematiek,
        trede,
        status,
        afsluiting,
        resultaat,
        pc4,
        briefadres,
    ),
    rules=(
        required("OGZ-01", "code"),
        Rule(
            "OGZ-02",
            ("code",),
            "persoonsnummer",
            pl.col("code").str.contains(r"^[0-9A-Za-z-]{1,40}$") & ~pl.col("code").str.contains(r"^[0-9]{8,9}$"),
            "code heeft andere tekens dan letters, cijfers en streepjes, of de vorm van een burgerservicenummer.",
            "Lever de anonieme code van de regio, nooit een persoonsnummer.",
        ),
        required("OGZ-03", "gemeentecode"),
        well_formed("OGZ-04", gemeentecode),
        own_municipality("OGZ-05"),
        Rule(
            "OGZ-06",
            ("periode_van", "periode_tot"),
            "volledigheid",
            pl.col("periode_van").is_not_null() & pl.col("periode_tot").is_not_null(),
            "De periode van de levering ontbreekt.",
            "Vul periode_van en periode_tot op elke regel.",
        ),
        well_formed("OGZ-07", van),
        well_formed("OGZ-08", tot),
        Rule(
            "OGZ-09",
            ("periode_van", "periode_tot"),
            "samenhang",
            (pl.col("periode_van") == pl.col("periode_van").mode().min())
            & (pl.col("periode_tot") == pl.col("periode_tot").mode().min()),
            "De regel gaat over een andere periode dan de rest van de levering.",
            "Lever elke periode in een eigen levering.",
            typed=True,
        ),
        coherent(
            "OGZ-10",
            ("periode_van", "periode_tot"),
            (pl.col("periode_tot") > pl.col("periode_van"))
            & (pl.col("periode_tot") <= pl.col("periode_van").dt.offset_by("6mo")),
            "De periode is langer dan een half jaar, of eindigt voor zij begint.",
            "Lever per half jaar.",
        ),
        required("OGZ-11", "melddatum"),
        well_formed("OGZ-12", melddatum),
        coherent(
            "OGZ-13",
            ("melddatum", "periode_tot"),
            pl.col("melddatum") <= pl.col("periode_tot"),
            "De melding ligt na de periode van de levering.",
            "Lever de melding in de periode waarin zij gedaan is.",
        ),
        in_list("OGZ-14", "melder", "OGZ_MELDER"),
        required("OGZ-15", "problematiek"),
        Rule(
            "OGZ-16",
            ("problematiek",),
            "codes",
            _PARTS.list.eval(pl.element().is_in([known.code for known in codes("OGZ_PROBLEMATIEK")])).list.all()
            & (_PARTS.list.n_unique() == _PARTS.list.len()),
            "problematiek heeft een waarde die niet in codelijst OGZ_PROBLEMATIEK staat, of een waarde twee keer.",
            "Zet codes van OGZ_PROBLEMATIEK achter elkaar met | ertussen: "
            + ", ".join(sorted(known.code for known in codes("OGZ_PROBLEMATIEK")))
            + ".",
        ),
        in_list("OGZ-17", "trede", "OGZ_TREDE"),
        required("OGZ-18", "status"),
        in_list("OGZ-19", "status", "OGZ_STATUS"),
        well_formed("OGZ-20", afsluiting),
        coherent(
            "OGZ-21",
            ("datum_afsluiting", "melddatum"),
            pl.col("datum_afsluiting") >= pl.col("melddatum"),
            "De melding is afgesloten voor zij er was.",
            "Herstel de datums van de melding.",
        ),
        Rule(
            "OGZ-22",
            ("datum_afsluiting", "status"),
            "samenhang",
            pl.col("datum_afsluiting").is_not_null() == CLOSED,
            "Een afgesloten melding heeft geen datum van afsluiting, of een lopende wel.",
            "Vul datum_afsluiting bij status afgesloten, en alleen dan.",
        ),
        in_list("OGZ-23", "resultaat", "OGZ_RESULTAAT"),
        Rule(
            "OGZ-24",
            ("resultaat", "status"),
            "samenhang",
            pl.col("resultaat").is_null() | CLOSED,
            "Een lopende melding heeft al een resultaat.",
            "Vul resultaat pas als de melding is afgesloten.",
        ),
        Rule(
            "OGZ-25",
            ("postcode4",),
            "vorm",
            pl.col("postcode4").str.contains(r"^[1-9][0-9]{3}$"),
            "postcode4 telt geen vier cijfers.",
            "Lever alleen de vier cijfers van de postcode; laat die leeg bij wie geen adres heeft.",
        ),
        Rule(
            "OGZ-26",
            ("briefadres",),
            "codes",
            pl.col("briefadres").is_in(["J", "N"]),
            "briefadres is geen J of N.",
            "Gebruik J of N, of laat het leeg.",
        ),
        unique("OGZ-27", ("gemeentecode", "code", "melddatum")),
    ),
)
