"""What a delivery of areas must hold: the CBS address table of one year, the name tables and, optionally, boundaries.

Source: CBS, `pc6hnr<jaar>0801_gwb.csv` with `brt<jaar>.csv`, `wijk<jaar>.csv`, `gem<jaar>.csv`. Older years hold
integers that lost their leading zeros, newer ones text with letters (0363AF01).
"""

import polars as pl

from validations.language.contract import (
    INTEGER,
    MUNICIPALITY,
    POSTCODE,
    TEXT,
    Contract,
    Field,
    Kind,
    Rule,
    coherent,
    required,
    unique,
    well_formed,
)
from validations.language.texts import FORMULA, holds_person_number


def _area_code(prefix: str, length: int, name: str) -> Kind:
    """An area code as CBS publishes it in any year: padded to its length and given its prefix."""
    return Kind(
        f"{name}code",
        pl.String,
        rf"^({prefix})?[0-9A-Z]{{1,{length}}}$",
        lambda c: pl.lit(prefix) + c.str.strip_prefix(prefix).str.zfill(length),
        f"CBS-{name}code, met of zonder {prefix} en voorloopnullen",
    )


WIJK = _area_code("WK", 6, "wijk")
BUURT = _area_code("BU", 8, "buurt")

jaar = Field("indelingsjaar", INTEGER, "Jaar van de indeling, uit de kolomnaam of de bestandsnaam")
postcode = Field("postcode", POSTCODE, "PC6")
huisnummer = Field("huisnummer", INTEGER, "Huisnummer")
buurtcode = Field("buurtcode", BUURT, "Buurt<jaar>")
wijkcode = Field("wijkcode", WIJK, "Wijk<jaar>")
gemeentecode = Field("gemeentecode", MUNICIPALITY, "Gemeente<jaar>")

ADDRESSES = Contract(
    bron="gebieden",
    title="Gebieden: postcode en huisnummer naar buurt, wijk en gemeente",
    source="CBS, buurt, wijk en gemeente per postcode en huisnummer",
    guide=(
        "Lever per jaar de bestanden van het CBS zoals zij zijn (CSV of XLSX; zij mogen anders heten): de tabel "
        "postcode-huisnummer, pc6hnr<jaar>0801_gwb.csv (kolommen PC6, Huisnummer, Buurt<jaar>, Wijk<jaar>, "
        "Gemeente<jaar>), de naamtabellen brt<jaar>, wijk<jaar> en gem<jaar> (buurtcode<jaar> of Buurt<jaar> met "
        "buurtnaam<jaar>; wijkcode<jaar> of Wijk<jaar> met wijknaam<jaar>; Gemcode<jaar> of Gemeente<jaar> met "
        "Gemeentenaam<jaar>; ook bu_code, wk_code, gm_code en hun namen) en, als u ze hebt, de grenzen als GeoJSON, "
        "het jaar in de bestandsnaam. De code van een gebied staat in buurtcode, bu_code, wijkcode, wk_code, statcode, "
        "gwb_code_10 of gwb_code (hoofdletters maken niet uit). De coördinaten zijn lengte, breedte (WGS84) of x, y "
        "(RD New; omgerekend, tot op ongeveer 25 cm)."
    ),
    fields=(jaar, postcode, huisnummer, buurtcode, wijkcode, gemeentecode),
    rules=(
        well_formed("GEB-01", jaar),
        required("GEB-02", "postcode", name="PC6"),
        well_formed("GEB-03", postcode),
        required("GEB-04", "huisnummer"),
        well_formed("GEB-05", huisnummer),
        required("GEB-06", "buurtcode"),
        well_formed("GEB-07", buurtcode),
        required("GEB-08", "wijkcode"),
        well_formed("GEB-09", wijkcode),
        required("GEB-10", "gemeentecode"),
        well_formed("GEB-11", gemeentecode),
        coherent(
            "GEB-12",
            ("buurtcode", "wijkcode", "gemeentecode"),
            (pl.col("buurtcode").str.slice(2, 6) == pl.col("wijkcode").str.slice(2))
            & (pl.col("wijkcode").str.slice(2, 4) == pl.col("gemeentecode").str.slice(2)),
            "Buurt, wijk en gemeente horen niet bij elkaar.",
            "Neem de tabel van het CBS ongewijzigd over.",
        ),
        unique("GEB-13", ("indelingsjaar", "postcode", "huisnummer")),
    ),
)

soort = Field("soort", TEXT, "gemeente, wijk of buurt")
code = Field("code", TEXT, "Gebiedscode, met voorvoegsel")
naam = Field("naam", TEXT, "Naam van het gebied")

NAMES = Contract(
    bron="gebieden",
    title="Gebieden: namen",
    source=ADDRESSES.source,
    fields=(jaar, gemeentecode, soort, code, naam),
    key=("indelingsjaar", "code"),
    rules=(
        required("GEB-21", "code"),
        Rule(
            "GEB-22",
            ("code",),
            "vorm",
            pl.col("code").str.contains(r"^(GM[0-9]{4}|WK[0-9]{4}[0-9A-Z]{2}|BU[0-9]{4}[0-9A-Z]{4})$"),
            "De gebiedscode is geen GM, WK of BU met 4, 6 of 8 tekens.",
            "Neem de naamtabel van het CBS ongewijzigd over.",
        ),
        required("GEB-23", "naam"),
        Rule(
            "GEB-24",
            ("naam",),
            "vorm",
            # A name ends up in a spreadsheet: text that starts like a formula is refused.
            ~pl.col("naam").str.contains(FORMULA),
            "De naam begint als een formule (=, +, - of @).",
            "Neem de naamtabel van het CBS ongewijzigd over.",
        ),
        unique("GEB-25", ("indelingsjaar", "code")),
        Rule(
            "GEB-26",
            ("naam",),
            "vorm",
            # A name is published.
            ~pl.col("naam").map_elements(holds_person_number, return_dtype=pl.Boolean),
            "De naam bevat een nummer dat een burgerservicenummer kan zijn.",
            "Neem de naamtabel van het CBS ongewijzigd over.",
        ),
        Rule(
            "GEB-27",
            ("naam",),
            "vorm",
            ~pl.col("naam").str.contains(r"[\p{C}\p{Zl}\p{Zp}<>]|^.{101,}$"),
            "De naam bevat een onzichtbaar teken of een punthaak, of is langer dan 100 tekens.",
            "Neem de naamtabel van het CBS ongewijzigd over.",
        ),
    ),
)

geometrie = Field("geometrie", TEXT, "Grens als GeoJSON-geometrie, in WGS84 of RD New; bewaard in WGS84")

SHAPES = Contract(
    bron="gebieden",
    title="Gebieden: grenzen",
    source="CBS, Wijk- en Buurtkaart (GeoJSON, WGS84)",
    fields=(jaar, gemeentecode, code, geometrie),
    key=("indelingsjaar", "code"),
    rules=(
        required("GEB-31", "code", name="wijkcode of buurtcode"),
        Rule(
            "GEB-32",
            ("code",),
            "vorm",
            pl.col("code").str.contains(r"^(WK[0-9]{4}[0-9A-Z]{2}|BU[0-9]{4}[0-9A-Z]{4})$"),
            "De gebiedscode is geen WK of BU met 6 of 8 tekens.",
            "Gebruik de eigenschap wijkcode of buurtcode (of wk_code, bu_code, statcode) van de Wijk- en Buurtkaart.",
        ),
        required("GEB-33", "geometrie"),
        unique("GEB-34", ("indelingsjaar", "code")),
        required("GEB-35", "indelingsjaar", name="jaar in de bestandsnaam"),
    ),
)
