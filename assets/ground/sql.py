"""The one way to put a text or a name into SQL where it cannot be bound (a path in ATTACH, the name of a table)."""


def sql_text(value: object) -> str:
    """A value as an SQL string."""
    return "'" + str(value).replace("'", "''") + "'"


def sql_name(*parts: str) -> str:
    """A table or schema by its parts, each quoted."""
    return ".".join('"' + part.replace('"', '""') + '"' for part in parts)
