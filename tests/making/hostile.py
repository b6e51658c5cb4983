"""Names that somebody outside could give to a folder, file, column, key, area or service: one list for all tests."""

from tests.making.town import bsn

# Passes the elfproef; of the test range, so nobody's.
NUMBER = bsn(3)
HOSTILE = {
    "quote": "RMC 's-Gravenhage', '/etc/hostname",
    "quotes": "x\"'`y",
    "statement": "x'); create table gekraakt as select 1;--",
    "bracket": "a]b[c}d{e",
    "template": "{{ env_var('HOME') }}{% set x = 1 %}",
    "markup": "<script>alert(1)<",
    "shell": "$(touch gekraakt)`id`;&|",
    "star": "*",
    "question": "a?b",
    "up": "..",
    "up_away": "..%2f..%2fsleutels.json",
    "newline": "naam\nLet op: alles is in orde",
    "right_to_left": "naam\u202evsc.\u2066eind",
    "emoji": "wijk 😀👩\u200d👧",
    "combining": "Z\u0335\u0321\u0353a\u0335lgo",
    "long": "n" * 300,
    "equals": "=HYPERLINK(A1)",
    "plus": "+1+1",
    "minus": "-1+1",
    "at": "@SUM(A1)",
    "number": NUMBER,
    "number_in_text": f"client {NUMBER} brief",
    "number_dots": f"{NUMBER[:4]}.{NUMBER[4:6]}.{NUMBER[6:]}",
    "number_spaces": f"{NUMBER[:3]} {NUMBER[3:6]} {NUMBER[6:]}",
    "number_dashes": f"{NUMBER[:3]}-{NUMBER[3:6]}-{NUMBER[6:]}",
    "number_eight": "10000008",
}
# The names as a disk allows them: one part of a path, of at most 255 bytes.
ON_DISK = {kind: name.replace("/", "|")[:120] for kind, name in HOSTILE.items() if name not in (".", "..")}


def tells_a_number(text: str) -> bool:
    """Whether one of the numbers of the list stands in a text, however its digits are set apart."""
    digits = "".join(character for character in text if character.isalnum())
    return NUMBER in digits or "10000008" in digits
