"""Makes the addresses of a gemeente: buurt, street, PC6, house number; real PC4s, everything else invented.

Addresses of one PC4 stand in a row, buurt after buurt. A fixed number of them is a PC6, three PC6s are a street: so a
PC6 lies in one street, and where one buurt ends and the next begins it crosses the border.
"""

import string

import numpy as np
import polars as pl

from assets.demo.facts import Gemeente

# More dwellings than households: some stand empty.
VACANCY = 1.04
PC6_SIZE, PC6_PER_PC4, PC6_PER_STREET = 20, 600, 3
# This share is so new that the table of CBS does not know it.
UNKNOWN_TO_CBS = 0.003
# SA, SD and SS are never issued.
LETTERS = [a + b for a in string.ascii_uppercase for b in string.ascii_uppercase if a + b not in ("SA", "SD", "SS")]

STEMS = (
    "Eiken Berken Linden Beuken Wilgen Kastanje Esdoorn Populieren Elzen Iepen Hazelaar Meidoorn Vlier Lijsterbes "
    "Sparren Dennen Lariks Ceder Roos Tulpen Dahlia Anjer Lelie Irissen Klaproos Korenbloem Madelief Lavendel Merel "
    "Leeuwerik Kievit Zwaluw Reiger Ooievaar Specht Valk Buizerd Fazant Nachtegaal Vinken Molen Kerk School Station "
    "Markt Brug Haven Kanaal Bos Heide Veen Weide Akker Tuin Boomgaard Zonne Maan Sterren Wind Regenboog Smid Bakker "
    "Wever Herder"
)
TAILS = (
    "straat laan weg pad hof plein dijk steeg singel kade dreef park plantsoen wal hoek kamp veld erf ring baan horst "
    "gaarde kwartier donk"
)


def make_addresses(rng: np.random.Generator, gemeente: Gemeente) -> pl.DataFrame:
    """One row per address: adres (its number), wijk, buurtcode, straatnaam, postcode, huisnummer, adres_id, bij_cbs."""
    residents = pl.col("inwoners").sum().over("wijk")
    wijken = gemeente.wijken.select("wijk", "a_hh")
    buurten = (
        gemeente.buurten.join(wijken, on="wijk", maintain_order="left")
        .with_columns((pl.col("a_hh") * VACANCY * pl.col("inwoners") / residents).ceil().cast(pl.Int64).alias("aantal"))
        .with_columns(pl.col("aantal").clip(lower_bound=1))
        .sort("pc4", "buurtcode")
    )
    frame = buurten.select("wijk", "buurtcode", "pc4", plek=pl.int_ranges(pl.col("aantal"))).explode("plek")
    place = pl.int_range(pl.len()).over("pc4")
    size = (pl.len().over("pc4") / PC6_PER_PC4).ceil().cast(pl.Int64).clip(lower_bound=PC6_SIZE)
    frame = frame.with_columns(
        (pl.col("pc4") + pl.lit(pl.Series(LETTERS)).gather(place // size)).alias("postcode"),
        (place // (size * PC6_PER_STREET)).alias("straat"),
        (place % (size * PC6_PER_STREET) + 1).alias("huisnummer"),
    )
    streets = frame.select("pc4", "straat").unique(maintain_order=True)
    streets = streets.with_columns(pl.Series("straatnaam", _street_names(rng, streets.height), dtype=pl.String))
    return (
        frame.join(streets, on=["pc4", "straat"], maintain_order="left")
        .with_row_index("adres")
        .select(
            pl.col("adres").cast(pl.Int64),
            "wijk",
            "buurtcode",
            "straatnaam",
            "postcode",
            "huisnummer",
            # A nummeraanduiding of the BAG: gemeente, object type 20, serial number.
            (f"{gemeente.digits}20" + (pl.col("adres") + 1).cast(pl.String).str.zfill(10)).alias("adres_id"),
            pl.Series("bij_cbs", rng.random(frame.height) >= UNKNOWN_TO_CBS),
        )
    )


def _street_names(rng: np.random.Generator, count: int) -> list[str]:
    names = [stem + tail for stem in STEMS.split() for tail in TAILS.split()]
    order = rng.permutation(len(names))
    first = ("", "Nieuwe ", "Oude ", "Kleine ", "Grote ")
    return [first[number // len(names) % len(first)] + names[order[number % len(names)]] for number in range(count)]
