"""Writes messages as iWmo or iJw 3.2 XML, one product in each, for all rows of a frame at once.

Knows elements and their order, as the schemas of Zorginstituut Nederland ask; nothing of who gets what. Version 3.2
is of 2022: that the demo uses it for any month is an anachronism.
"""

import polars as pl

from assets.demo.standard import Standard

NAMESPACE = "http://www.istandaarden.nl"
# The prefix of what the basic schema of the standard describes.
BASE = "basis"
NAMES = (
    "Aalders Bosveld Damhuis Eikelboom Fontein Groothuis Heuvelman Ijsselstein Jagersma Kloosterboer Lindeboom "
    "Molenkamp Nijenhuis Oosterwold Peelman Roosendaal Steenhouwer Terpstra Uitenbroek Veldkamp Wijnbergen Zandvliet"
)


def to_xml(messages: pl.DataFrame, standard: Standard) -> pl.Series:
    """The text of each message; a column that is null is an element that is not there."""
    parts = []
    for bericht in standard.codes:
        rows = messages.with_row_index("plek").filter(pl.col("bericht") == bericht)
        parts.append(rows.select("plek", xml=_message(bericht, standard)))
    return pl.concat(parts).sort("plek").get_column("xml")


def _element(name: str, value: str | pl.Expr, prefix: str) -> pl.Expr:
    """An element with a text; nothing at all where the value is null."""
    value = pl.col(value) if isinstance(value, str) else value
    return pl.format(f"<{prefix}:{name}>{{}}</{prefix}:{name}>\n", value).fill_null("")


def _group(name: str, prefix: str, *inside: pl.Expr) -> pl.Expr:
    return pl.concat_str(pl.lit(f"<{prefix}:{name}>\n"), *inside, pl.lit(f"</{prefix}:{name}>\n"))


def _message(bericht: str, standard: Standard) -> pl.Expr:
    prefix, space = f"{standard.prefix}{bericht}", f"{NAMESPACE}/{standard.space}/3_2"
    root = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{prefix}:Bericht xmlns:{BASE}="{space}/basisschema/schema" '
        f'xmlns:{prefix}="{space}/{prefix}/schema">\n'
    )
    header = _header(bericht, standard.codes[bericht], prefix)
    return pl.concat_str(pl.lit(root), header, _client(bericht, prefix), pl.lit(f"</{prefix}:Bericht>\n"))


def _header(bericht: str, code: str, prefix: str) -> pl.Expr:
    sender, receiver = ("gemeente", "aanbieder") if bericht == "301" else ("aanbieder", "gemeente")
    return _group(
        "Header",
        prefix,
        _element("BerichtCode", pl.lit(code), prefix),
        _element("BerichtVersie", pl.lit("3"), prefix),
        _element("BerichtSubversie", pl.lit("2"), prefix),
        _element("Afzender", sender, prefix),
        _element("Ontvanger", receiver, prefix),
        _group(
            "BerichtIdentificatie",
            prefix,
            _element("Identificatie", "identificatie", BASE),
            _element("Dagtekening", "dagtekening", BASE),
        ),
        _group(
            "XsdVersie",
            prefix,
            _element("BasisschemaXsdVersie", pl.lit("1.0.0"), BASE),
            _element("BerichtXsdVersie", pl.lit("1.0.0"), BASE),
        ),
    )


def _client(bericht: str, prefix: str) -> pl.Expr:
    initial = pl.when(pl.col("geslacht") == "2").then(pl.lit("A")).otherwise(pl.lit("B"))
    name = [
        _group("Geslachtsnaam", BASE, _element("Achternaam", "achternaam", BASE)),
        _element("Voorletters", initial, BASE),
    ]
    if bericht == "301":
        name.append(_element("NaamGebruik", pl.lit("1"), BASE))
    client = [
        _element("Bsn", "bsn", prefix),
        _group(
            "Geboortedatum",
            prefix,
            _element("Datum", "geboortedatum", BASE),
            _element("DatumGebruik", "datumgebruik", BASE),
        ),
        _element("Geslacht", "geslacht", prefix),
        _group("Naam", prefix, *name),
    ]
    product = _group("Product", prefix, _element("Categorie", "categorie", BASE), _element("Code", "productcode", BASE))
    if bericht == "301":
        house = _group("Huis", BASE, _element("Huisnummer", "huisnummer", BASE))
        address = _group("Adres", prefix, house, _element("Postcode", "postcode", BASE))
        contact = [
            _element("Soort", pl.lit("01"), prefix),
            pl.when(pl.col("postcode").is_not_null()).then(address).otherwise(pl.lit("")),
        ]
        client.append(_group("Contactgegevens", prefix, _group("Contact", prefix, *contact)))
        size = [_element(part, part.lower(), BASE) for part in ("Volume", "Eenheid", "Frequentie")]
        rest = [
            _element("Toewijzingsdatum", "dagtekening", prefix),
            _element("Toewijzingstijd", pl.lit("12:00:00"), prefix),
            _element("Ingangsdatum", "ingangsdatum", prefix),
            _element("Einddatum", "einddatum", prefix),
            _element("RedenWijziging", "reden", prefix),
            _group("Omvang", prefix, *size),
        ]
        groups = ("ToegewezenProducten", "ToegewezenProduct")
    else:
        rest = [
            _element("ToewijzingIngangsdatum", "ingangsdatum", prefix),
            _element("Begindatum", "begindatum", prefix),
        ]
        if bericht == "307":
            rest += [_element("RedenBeeindiging", "reden", prefix), _element("Einddatum", "einddatum", prefix)]
        rest.append(_element("StatusAanlevering", "status", prefix))
        groups = ("StartProducten", "StartProduct") if bericht == "305" else ("StopProducten", "StopProduct")
    number = _element("ToewijzingNummer", "toewijzing", prefix)
    return _group(
        "Client", prefix, *client, _group(groups[0], prefix, _group(groups[1], prefix, number, product, *rest))
    )
