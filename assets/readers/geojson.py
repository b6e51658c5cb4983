"""Reads boundaries of wijken and buurten: GeoJSON in WGS84 or RD New, one feature per area, kept as text in WGS84.

The numbers themselves tell what they mean: they must lie in the Netherlands in one reading. An area is a closed
surface of land; an answer of a service (WFS, OGC API) is read whole or not at all. pyproj, which converts
RD New (without the correction grid of the Kadaster: to some 25 cm), is imported when it is asked.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any

import polars as pl

from assets.readers import Fault
from assets.readers.cbs import year_of_file
from assets.readers.files import decode
from assets.readers.json_records import STRICT, TwiceOrNoNumberError
from validations.language.delivery import DeliveryError

# Where the code of an area may be, in any case; a buurt also names its wijk.
CODES = ("buurtcode", "bu_code", "wijkcode", "wk_code", "statcode", "gwb_code_10", "gwb_code")
WGS84, RD = "lengte, breedte (WGS84)", "x, y (RD New)"
# The Netherlands with its part of the sea; in RD New no x is as large as any y.
WITHIN = {WGS84: ((2.0, 8.0), (50.0, 56.0)), RD: ((-150_000, 300_000), (300_000, 900_000))}
# What a collection may say of itself: EPSG 7415 is RD New with heights, 4258 lies within a metre of WGS84.
SAID = {"28992": RD, "7415": RD, "4326": WGS84, "crs84": WGS84, "4258": WGS84}

# How CBS names water, and says that an area is.
WATER, IS_WATER = ("water", "h2o"), ("JA", "J")
# How deep the rings lie in a surface.
SURFACES = {"Polygon": 0, "MultiPolygon": 1}

Position = list[float]


def read_shapes(files: Iterable[tuple[str, bytes]]) -> tuple[pl.DataFrame, list[Fault], list[Fault]]:
    """A row per area: indelingsjaar (of the file name), gemeentecode, code, geometrie, bestand, regel (number).

    Also gives what is no closed surface, as faults; and the water that was left out, as notices. Raises DeliveryError
    for what is no FeatureCollection, LEV-64 for coordinates that are not certain, and LEV-65 for a part of an answer.
    """
    rows, faults, notices = [], [], []
    answers: dict[str, dict] = {}
    for name, content in files:
        year = year_of_file(name)
        try:
            collection = json.loads(decode(name, content, long_lines=True), **STRICT)
            features = [
                (number, feature["properties"], feature["geometry"])
                for number, feature in enumerate(collection["features"], 1)
            ]
            answers[name] = collection
            place = _reading(name, collection, [(number, shape) for number, _, shape in features if shape])
            for number, properties, geometry in features:
                code = _property(properties, CODES)
                if (_property(properties, WATER) or "").upper() in IS_WATER:
                    notices.append(Fault(name, number, "LEV-67", code))
                    continue
                if geometry and not _is_surface(geometry):
                    faults.append(Fault(name, number, "LEV-66", code))
                    continue
                shape = json.dumps(place(geometry), separators=(",", ":")) if geometry else None
                rows.append((year, code[2:6] if code else None, code, shape, name, number))
        except TwiceOrNoNumberError:
            raise DeliveryError("LEV-46", name) from None
        except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
            raise DeliveryError("LEV-03", name, None, "Geen GeoJSON met features.") from None
    _all_came(answers)
    schema = dict.fromkeys(("indelingsjaar", "gemeentecode", "code", "geometrie", "bestand"), pl.String)
    return pl.DataFrame(rows, schema=schema | {"regel": pl.Int64}, orient="row"), faults, notices


def _all_came(answers: dict[str, dict]) -> None:
    """Raises DeliveryError LEV-65 where an answer of a service tells that there is more, and no other file has it."""
    links = [link for answer in answers.values() for link in answer.get("links") or [] if isinstance(link, dict)]
    here = {link.get("href") for link in links if link.get("rel") == "self"}
    for name, answer in answers.items():
        came = len(answer["features"])
        returned, matched = answer.get("numberReturned"), answer.get("numberMatched", answer.get("totalFeatures"))
        # Pages of one answer tell the same total.
        together = sum(
            len(other["features"])
            for other in answers.values()
            if matched == other.get("numberMatched", other.get("totalFeatures"))
        )
        if isinstance(returned, int) and returned != came:
            raise DeliveryError("LEV-65", name, detail=f"{came} gebieden van {returned}.")
        if isinstance(matched, int) and matched not in (came, together):
            raise DeliveryError("LEV-65", name, detail=f"{together} gebieden van {matched}.")
        follows = {link.get("href") for link in answer.get("links") or [] if link.get("rel") == "next"}
        if follows - here and not isinstance(matched, int):
            raise DeliveryError("LEV-65", name, detail="Er is een volgende pagina.")
        if (answer.get("properties") or answer).get("exceededTransferLimit") or answer.get("exceededTransferLimit"):
            raise DeliveryError("LEV-65", name, detail="De dienst gaf niet meer dan zijn grens.")


def _is_surface(geometry: dict) -> bool:
    """Whether it is a polygon, or some, of rings that close."""
    depth = SURFACES.get(geometry["type"])
    if depth is None:
        return False
    polygons = geometry["coordinates"] if depth else [geometry["coordinates"]]
    rings = [ring for polygon in polygons for ring in polygon]
    return bool(rings) and all(polygons) and all(_closes(ring) for ring in rings)


def _closes(ring: list[Position]) -> bool:
    flat = all(isinstance(part, int | float) for position in ring for part in position)
    return flat and len(ring) >= 4 and ring[0] == ring[-1]


def _property(properties: dict[str, Any], names: tuple[str, ...]) -> str | None:
    """What the properties of a feature hold under the first of these names, in any case."""
    by_name = {name.casefold(): value for name, value in properties.items()}
    found = next((by_name[name] for name in names if by_name.get(name)), None)
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
    named = next((reading for name, reading in SAID.items() if name in said), None)
    if positions and (not fits or (said and named not in fits)):
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
