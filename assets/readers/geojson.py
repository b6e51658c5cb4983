"""Reads boundaries of wijken and buurten: GeoJSON in WGS84 or RD New, one feature per area, kept as text in WGS84.

What the numbers mean is asked of the numbers: they must lie in the Netherlands in one reading. pyproj, which converts
RD New (without the correction grid of the Kadaster: to some 25 cm), is imported when it is asked.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any

import polars as pl

from assets.readers.cbs import year_of_file
from assets.readers.files import decode
from validations.contracts.delivery import DeliveryError

# Where the code of an area may be, in any case; a buurt also names its wijk.
CODES = ("buurtcode", "bu_code", "wijkcode", "wk_code", "statcode", "gwb_code_10", "gwb_code")
WGS84, RD = "lengte, breedte (WGS84)", "x, y (RD New)"
# The Netherlands with its part of the sea; in RD New no x is as large as any y.
WITHIN = {WGS84: ((2.0, 8.0), (50.0, 56.0)), RD: ((-150_000, 300_000), (300_000, 900_000))}
# What a collection may say of itself: EPSG 7415 is RD New with heights, 4258 lies within a metre of WGS84.
SAID = {"28992": RD, "7415": RD, "4326": WGS84, "crs84": WGS84, "4258": WGS84}

Position = list[float]


def read_shapes(files: Iterable[tuple[str, bytes]]) -> pl.DataFrame:
    """A row per feature: indelingsjaar (of the file name), gemeentecode, code, geometrie, bestand, regel (number).

    Raises DeliveryError for what is no FeatureCollection, and LEV-64 for coordinates that are not certain.
    """
    rows = []
    for name, content in files:
        year = year_of_file(name)
        try:
            collection = json.loads(decode(name, content, long_lines=True))
            features = [
                (number, _code(feature["properties"]), feature["geometry"])
                for number, feature in enumerate(collection["features"], 1)
            ]
            place = _reading(name, collection, [(number, shape) for number, _, shape in features if shape])
            for number, code, geometry in features:
                shape = json.dumps(place(geometry), separators=(",", ":")) if geometry else None
                rows.append((year, code[2:6] if code else None, code, shape, name, number))
        except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
            raise DeliveryError("LEV-03", name, None, "Geen GeoJSON met features.") from None
    schema = dict.fromkeys(("indelingsjaar", "gemeentecode", "code", "geometrie", "bestand"), pl.String)
    return pl.DataFrame(rows, schema=schema | {"regel": pl.Int64}, orient="row")


def _code(properties: dict[str, Any]) -> str | None:
    told = {name.casefold(): value for name, value in properties.items()}
    found = next((told[name] for name in CODES if told.get(name)), None)
    return found.strip() if found else None


def _reading(name: str, collection: dict, shapes: list[tuple[int, dict]]) -> Callable[[dict], dict]:
    """What makes a geometry of the file one in WGS84. Raises DeliveryError LEV-64 when that is not certain."""
    positions: list[Position] = []
    for number, shape in shapes:
        found = list(_positions(shape))
        if not found:
            raise DeliveryError("LEV-64", name, number, "Dit gebied heeft geen coördinaten.")
        positions += found
    fits = [reading for reading in WITHIN if _lie_within(reading, positions)]
    said = str(((collection.get("crs") or {}).get("properties") or {}).get("name") or "").casefold()
    told = next((reading for mark, reading in SAID.items() if mark in said), None)
    if positions and (not fits or (said and told not in fits)):
        swapped = [reading for reading in WITHIN if _lie_within(reading, [[p[1], p[0]] for p in positions])]
        if fits:
            detail = f"Het bestand noemt een ander coördinatenstelsel, maar de getallen passen op {fits[0]}."
        elif swapped:
            detail = f"Met de assen omgewisseld passen zij op {swapped[0]}: het een of het ander is een fout."
        else:
            detail = "Ook met de assen omgewisseld passen zij op geen van beide."
        raise DeliveryError("LEV-64", name, None, detail)
    return _from_rd if fits == [RD] else lambda shape: shape


def _positions(shape: Any) -> Iterator[Position]:
    """Every position in a geometry, or in a collection of them."""
    if isinstance(shape, dict):
        yield from _positions(shape.get("coordinates") or shape.get("geometries") or [])
    elif shape and not isinstance(shape[0], list | dict):
        yield [float(part) for part in shape]
    else:
        for part in shape:
            yield from _positions(part)


def _lie_within(reading: str, positions: list[Position]) -> bool:
    return all(low <= value <= high for p in positions for value, (low, high) in zip(p, WITHIN[reading], strict=False))


def _from_rd(shape: Any) -> Any:
    """A geometry of RD New with its positions in WGS84, to a centimetre."""
    if isinstance(shape, dict):
        parts = {key: _from_rd(shape[key]) for key in ("coordinates", "geometries") if key in shape}
        return shape | parts
    if shape and not isinstance(shape[0], list | dict):
        return [round(part, 7) for part in _to_wgs84()(shape[0], shape[1])]
    return [_from_rd(part) for part in shape]


@cache
def _to_wgs84() -> Callable[[float, float], tuple[float, float]]:
    from pyproj import Transformer

    return Transformer.from_crs(28992, 4326, always_xy=True).transform
