"""Reads YAML written by hand: a file is one record or a list of them, each a set of fields with a value or a list.

Safe by leaving things out: every scalar is text, and anchors, aliases and tags are refused, so nothing is built from a
file but text, lists and fields. Bounded in size and depth.
"""

from collections.abc import Mapping

import polars as pl
import yaml

from assets.readers.files import decode
from validations.language.delivery import DeliveryError

MAX_BYTES, MAX_DEPTH = 2**20, 5
EMPTY = ("", "~", "null")


class _Loader(yaml.BaseLoader):
    """Text only, and a field that comes twice is refused."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict:
        found = super().construct_mapping(node, deep)
        if len(found) != len(node.value):
            raise yaml.YAMLError
        return found


def read_yaml(name: str, content: bytes, columns: Mapping[str, str]) -> pl.DataFrame:
    """The records of one file as text, plus bestand and regel (1 for the first record).

    `columns`: the fields, and what stands between the values of a list. A record may leave a field out; one that is not
    in `columns` refuses the delivery. Raises DeliveryError.
    """
    if len(content) > MAX_BYTES:
        raise DeliveryError("LEV-44", name)
    text = decode(name, content)
    _refuse_unsafe(name, text)
    try:
        records = yaml.load(text, Loader=_Loader)  # noqa: S506  BaseLoader builds text only
    except yaml.YAMLError as error:
        # Its own text quotes the file.
        raise DeliveryError("LEV-43", name, _line(error)) from None
    rows = []
    for number, record in enumerate(records if isinstance(records, list) else [records], 1):
        if not isinstance(record, dict):
            raise DeliveryError("LEV-03", name, number, "Verwacht: een project, of een lijst van projecten.")
        if record.keys() - columns.keys():
            raise DeliveryError("LEV-03", name, number, "Een veld is niet bekend.")
        rows.append(
            [*(_text(name, number, record.get(field), separator) for field, separator in columns.items()), name, number]
        )
    schema = dict.fromkeys([*columns, "bestand"], pl.String) | {"regel": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _refuse_unsafe(name: str, text: str) -> None:
    """Raises DeliveryError before anything is built: an alias can make a small file endless."""
    depth = 0
    try:
        for event in yaml.parse(text, Loader=_Loader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_DEPTH:
                raise DeliveryError("LEV-44", name, event.start_mark.line + 1)
            tagged = isinstance(event, yaml.NodeEvent) and (event.anchor or getattr(event, "tag", None))
            if isinstance(event, yaml.AliasEvent) or tagged:
                raise DeliveryError("LEV-43", name, event.start_mark.line + 1)
    except yaml.YAMLError as error:
        raise DeliveryError("LEV-43", name, _line(error)) from None


def _line(error: yaml.YAMLError) -> int | None:
    mark = getattr(error, "problem_mark", None)
    return mark.line + 1 if mark else None


def _text(name: str, number: int, value: object, separator: str) -> str | None:
    """A value, or the values of a list with `separator` between. Raises DeliveryError for fields in a field."""
    values = value if isinstance(value, list) else [value or ""]
    texts = [part.strip() for part in values if isinstance(part, str)]
    if len(texts) != len(values):
        raise DeliveryError("LEV-03", name, number, "Een veld is tekst of een lijst van teksten.")
    return separator.join(text for text in texts if text not in EMPTY) or None
