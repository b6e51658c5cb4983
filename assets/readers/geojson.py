"""Reads boundaries of wijken and buurten: GeoJSON in WGS84, one feature per area, geometry kept as text."""

import json
import re

import polars as pl

from assets.readers import SourceFile
from assets.readers.files import content_of, decode, safe_name
from validations.contracts.delivery import DeliveryError


def read_shapes(files: list[SourceFile]) -> pl.DataFrame:
    """A row per feature: indelingsjaar (of the file name), gemeentecode, code, geometrie, bestand, regel (number).

    The code is the property `buurtcode`, else `wijkcode`. Raises DeliveryError for what is no FeatureCollection.
    """
    rows = []
    for file in sorted(files, key=lambda file: file.name):
        if file.name == "levering.json":
            continue
        name = safe_name(file.name)
        year = re.search(r"(?:19|20)\d\d", file.name)
        try:
            collection = json.loads(decode(name, content_of(file)))
            features = collection["features"]
            for number, feature in enumerate(features, 1):
                properties = feature["properties"]
                code = properties.get("buurtcode") or properties.get("wijkcode")
                shape = json.dumps(feature["geometry"], separators=(",", ":")) if feature["geometry"] else None
                gemeente = code[2:6] if code else None
                rows.append((year.group() if year else None, gemeente, code, shape, name, number))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise DeliveryError("LEV-03", name, None, "Geen GeoJSON met features.") from None
    schema = dict.fromkeys(("indelingsjaar", "gemeentecode", "code", "geometrie", "bestand"), pl.String)
    return pl.DataFrame(rows, schema=schema | {"regel": pl.Int64}, orient="row")
