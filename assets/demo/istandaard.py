"""Writes the deliveries of Wmo and jeugdzorg: each month a zip with the messages since the last, one file per message.

Puts together messages, allocations and persons as text; how XML is written is in istandaard_xml.py.
"""

import numpy as np
import polars as pl

from assets.demo.delivery import Sender, to_zip
from assets.demo.facts import Gemeente
from assets.demo.faults import broken_copies
from assets.demo.istandaard_messages import make_messages
from assets.demo.istandaard_xml import NAMES, to_xml
from assets.demo.population import UNKNOWN
from assets.demo.standard import Standard
from assets.demo.timeline import Timeline, iso


def write_messages(
    rng: np.random.Generator,
    sender: Sender,
    standard: Standard,
    *,
    allocations: pl.DataFrame,
    persons: pl.DataFrame,
    homes: pl.DataFrame,
) -> None:
    """Writes every delivery of one gemeente; `homes` (persoon, van, postcode, huisnummer) tells addresses by day."""
    gemeente, time, faults_pct = sender.gemeente, sender.time, sender.faults_pct
    messages = make_messages(rng, allocations, standard, time, faults_pct)
    messages = messages.join(allocations, on="toewijzing", maintain_order="left")
    messages = _with_address(messages, persons, homes, time)
    by_delivery = messages.sort("nummer", "kopie").partition_by("levering", as_dict=True, maintain_order=True)
    first = messages.sort("nummer").head(1)
    days = time.deliveries(10)
    for place, leverdatum in enumerate(days):
        # A month without messages would look like a month not delivered: a message may come twice.
        found = by_delivery.get((place,), first.filter(pl.col("levering") < place))
        if found.is_empty():
            continue
        texts = _as_text(found, gemeente, standard)
        wrong = broken_copies(
            rng,
            texts.filter(~pl.col("kopie")),
            faults_pct,
            ("ingangsdatum", pl.lit(f"{leverdatum.year}-06-31")),
            ("categorie", "99"),
        ).with_columns(identificatie=pl.lit(f"{gemeente.digits}9") + pl.col("nummer").cast(pl.String).str.zfill(7))
        texts = pl.concat([texts, wrong]).with_columns(pl.col("bsn").cast(pl.String))
        again = pl.when("kopie").then(pl.lit("_2")).otherwise(pl.lit(""))
        name = pl.format(f"{standard.prefix.upper()}{{}}_{{}}{{}}.xml", "bericht", "identificatie", again)
        files = dict(zip(texts.select(name).to_series(), to_xml(texts, standard), strict=True))
        content = {f"{standard.bron}_{leverdatum}.zip": to_zip(files)}
        period = (time.months[place], time.peildata[place])
        sender.send(standard.bron, leverdatum, content, records=len(files), period=period)
        if faults_pct and place == len(days) // 2 > 0:
            # The same messages again under a later date.
            sender.send(standard.bron, leverdatum.replace(day=17), content, records=len(files), period=period)


def _with_address(messages: pl.DataFrame, persons: pl.DataFrame, homes: pl.DataFrame, time: Timeline) -> pl.DataFrame:
    """Adds who the client is, and the address on the day of the message, or the first one known after it.

    Persons unknown to the BRP have no address, but for half of those who became clients after the calibration day.
    """
    who = persons.select("persoon", "wijk", "bsn", "geboortedatum", "geslacht")
    messages = messages.join(who, on="persoon", maintain_order="left")
    first_begin = pl.col("begin").min().over("persoon")
    late = (pl.col("wijk") == UNKNOWN) & (first_begin > time.calibration) & (pl.col("persoon") % 2 == 0)
    guests = messages.filter(late).get_column("persoon").unique().sort()
    some = homes.select("postcode", "huisnummer")[(guests * 7_919 % homes.height)]
    guests = some.select(persoon=guests, van=pl.lit(0, pl.Int64), postcode="postcode", huisnummer="huisnummer")
    homes = pl.concat([homes, guests]).sort("van", maintain_order=True)
    first = homes.group_by("persoon").agg(pl.col("van").min().alias("eerste"))
    return (
        messages.join(first, on="persoon", how="left", maintain_order="left")
        .with_columns(pl.max_horizontal("dagtekening", "eerste").alias("op"))
        .sort("op", "nummer", "kopie")
        .join_asof(homes, left_on="op", right_on="van", by="persoon", check_sortedness=False)
    )


def _as_text(messages: pl.DataFrame, gemeente: Gemeente, standard: Standard) -> pl.DataFrame:
    """The columns of istandaard_xml, as text; bsn still a number."""
    columns = ["categorie", "gewicht", "eenheid", "frequentie", "volume"]
    product = pl.DataFrame(standard.products, schema=columns, orient="row")
    names = pl.Series(NAMES.split())
    birth, numberless = pl.col("geboortedatum"), pl.col("fout") == "zonder_nummer"
    return messages.hstack(product.drop("gewicht")[messages.get_column("product")]).select(
        "nummer",
        "kopie",
        "bericht",
        "bsn",
        "categorie",
        "productcode",
        "eenheid",
        "frequentie",
        "status",
        "postcode",
        gemeente=pl.lit(gemeente.digits),
        identificatie=pl.lit(gemeente.digits) + pl.col("nummer").cast(pl.String).str.zfill(8),
        dagtekening=iso(pl.col("dagtekening")),
        ingangsdatum=iso(pl.col("ingang")),
        begindatum=iso(pl.col("begindatum")),
        einddatum=iso(pl.col("einddatum")),
        reden=pl.col("reden"),
        # A 301 always has its number.
        toewijzing=pl.when((pl.col("bericht") == "301") | numberless.ne_missing(True)).then(
            pl.col("toewijzing").cast(pl.String)
        ),
        aanbieder=pl.col("aanbieder").cast(pl.String),
        volume=pl.col("volume").cast(pl.String),
        huisnummer=pl.col("huisnummer").cast(pl.String),
        geslacht=pl.col("geslacht").replace_strict({"M": "1", "V": "2"}, default="0"),
        achternaam=pl.lit(names).gather(pl.col("persoon") % len(names)),
        # An unknown day or month is written as 1, an unknown day of the year as 1 July (COD170: 1, 2).
        geboortedatum=pl.format(
            "{}-{}-{}",
            birth // 10_000,
            pl.when(birth // 100 % 100 == 0).then(7).otherwise(birth // 100 % 100).cast(pl.String).str.zfill(2),
            pl.when(birth % 100 == 0).then(1).otherwise(birth % 100).cast(pl.String).str.zfill(2),
        ),
        datumgebruik=pl.when(birth % 10_000 == 0).then(pl.lit("2")).when(birth % 100 == 0).then(pl.lit("1")),
    )
