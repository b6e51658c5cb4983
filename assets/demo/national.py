"""Writes what comes from CBS: the areas of each year with a tile map, and the kerncijfers.

The map is a tile map: one square per wijk or buurt, in a grid near the gemeente. It shows no real boundary.
"""

import json
from datetime import date
from math import ceil, sqrt

import polars as pl

from assets.demo.delivery import to_csv, write_delivery
from assets.demo.facts import HISTORIC, Gemeente
from assets.demo.timeline import Timeline
from assets.ground.zones import Zone

# South-west corner of the grid of each gemeente (longitude, latitude), and the size of a square in degrees.
CORNERS = {"GM0988": (5.62, 51.20), "GM0946": (5.78, 51.27), "GM0047": (6.83, 53.06), "GM0765": (6.95, 53.06)}
CORNERS[HISTORIC] = (4.00, 52.00)
# Any other gemeente lies in the middle of the country, for its figures do not tell its place.
ELSEWHERE = (5.30, 52.10)
WIDTH, HEIGHT = 0.016, 0.010


def write_areas(landing: Zone, gemeenten: list[Gemeente], addresses: list[pl.DataFrame], time: Timeline) -> None:
    """Writes one delivery for each year: addresses, names and tile map of all gemeenten."""
    columns = ("postcode", "huisnummer", "buurtcode")
    table = pl.concat([frame.filter("bij_cbs").select(columns) for frame in addresses])
    # The codes as CBS has them: BU09880101 is 09880101, in wijk 098801 of gemeente 0988.
    table = table.select(
        "postcode",
        "huisnummer",
        buurt=pl.col("buurtcode").str.slice(2),
        wijk=pl.col("buurtcode").str.slice(2, 6),
        gemeente=pl.col("buurtcode").str.slice(2, 4),
    )
    buurten = pl.concat([g.buurten.select(code=pl.col("buurtcode").str.slice(2), naam="buurtnaam") for g in gemeenten])
    wijken = pl.concat([g.wijken.select(code=pl.col("code").str.slice(2), naam="naam") for g in gemeenten])
    named = pl.DataFrame({"code": [g.digits for g in gemeenten], "naam": [g.naam for g in gemeenten]})
    for year in sorted({month.year for month in time.months}):
        names = {
            f"brt{year}.csv": (buurten, [f"buurtcode{year}", f"buurtnaam{year}"]),
            f"wijk{year}.csv": (wijken, [f"wijkcode{year}", f"wijknaam{year}"]),
            f"gem{year}.csv": (named, [f"Gemcode{year}", f"Gemeentenaam{year}"]),
        }
        header = ["PC6", "Huisnummer", f"Buurt{year}", f"Wijk{year}", f"Gemeente{year}"]
        tables = {f"pc6hnr{year}0801_gwb.csv": (table, header)} | names
        files = {name: _table(frame, header, year) for name, (frame, header) in tables.items()}
        for kind in ("wijk", "buurt"):
            files[f"{kind}en_{year}.geojson"] = json.dumps(_tiles(gemeenten, kind)).encode()
        records = sum(frame.height for frame, _ in tables.values()) + buurten.height + wijken.height
        period = (date(year, 1, 1), date(year, 12, 31))
        folder = f"NL/gebieden/{date(year, 1, 15)}"
        write_delivery(landing, folder, files, records=records, owner="CBS", period=period)


def _table(frame: pl.DataFrame, header: list[str], year: int) -> bytes:
    """A table of CBS; up to 2021 codes are integers, which have lost their leading zeros."""
    codes = [name for name in ("buurt", "wijk", "gemeente", "code") if name in frame.columns]
    if year <= 2021:
        frame = frame.with_columns(pl.col(codes).cast(pl.Int64))
    return to_csv(frame.rename(dict(zip(frame.columns, header, strict=True))))


def _tiles(gemeenten: list[Gemeente], kind: str) -> dict:
    features = []
    for gemeente in gemeenten:
        areas = (
            gemeente.wijken.select("code", "naam")
            if kind == "wijk"
            else gemeente.buurten.select("buurtcode", "buurtnaam")
        )
        west, south = CORNERS.get(gemeente.code, ELSEWHERE)
        per_row = ceil(sqrt(areas.height))
        for place, (code, name) in enumerate(areas.iter_rows()):
            x, y = west + place % per_row * WIDTH, south + place // per_row * HEIGHT
            corners = [(x, y), (x + WIDTH, y), (x + WIDTH, y + HEIGHT), (x, y + HEIGHT), (x, y)]
            ring = [[round(lon, 4), round(lat, 4)] for lon, lat in corners]
            features.append(
                {
                    "type": "Feature",
                    "properties": {f"{kind}code": code, f"{kind}naam": name, "kaart": "tegelkaart (demo)"},
                    "geometry": {"type": "Polygon", "coordinates": [ring]},
                }
            )
    return {"type": "FeatureCollection", "features": features}


def write_kerncijfers(landing: Zone, gemeenten: list[Gemeente], time: Timeline) -> None:
    """Writes the figures that the demo was made from, unscaled: those of CBS, or made-up ones of years ago."""
    facts = pl.concat([gemeente.cbs for gemeente in sorted(gemeenten, key=lambda one: one.code)])
    folder = f"NL/kerncijfers/{time.stand.replace(day=15)}"
    files = {f"kwb{year}.csv": to_csv(rows) for (year,), rows in facts.group_by("jaar", maintain_order=True)}
    write_delivery(landing, folder, files, records=facts.height, owner="CBS")
