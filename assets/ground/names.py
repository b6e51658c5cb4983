"""Names that come from outside (leverancier, folder, file): what one may be, where we store it, how we show it.

Such a name is data: it stands in a record or is bound to a query, and is never part of a path of ours, of SQL, of a URL
or of a command. Knows nothing of deliveries.
"""

import re
import unicodedata
from hashlib import sha256

from validations.language.texts import mask_person_numbers

GEMEENTE = re.compile(r"GM[0-9]{4}")
CODE = re.compile(rf"{GEMEENTE.pattern}|NL")
# Letters of names as Dutch writes them: without digits, marks that combine, or another script.
LETTER = "A-Za-zÀ-ÖØ-öø-ž"
# What begins as a code of a gemeente is meant as one.
NAME = re.compile(rf"(?=.{{1,60}}\Z)(?!GM)['{LETTER}](?:[{LETTER} '.-]*[{LETTER}'.-])?")
# The way a leverdatum is written, also of a day that does not exist; nobody writes a number of a person so.
DAY = re.compile(r"(?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}")
# The longest piece of a refused name that is repeated to the people who run the monitor.
SHOWN = 40


def is_leverancier(name: str) -> bool:
    """Whether a folder or connection can be of a leverancier: a code (GM0988, NL), or a name of letters.

    A name has at most 60 letters, spaces, `'`, `-` and `.`; it begins with a letter or `'`, but not with GM, and does
    not end with a space or dot.
    """
    named = NAME.fullmatch(name) and name[-1] != "." and any(character.isalpha() for character in name)
    return bool(CODE.fullmatch(name) or named)


def folder_of(leverancier: str) -> str:
    """The folder of a leverancier in the kluis, in our own words: its code, or a digest of its name."""
    return (
        leverancier
        if CODE.fullmatch(leverancier)
        else f"L{sha256(leverancier.encode(errors='surrogatepass')).hexdigest()[:16]}"
    )


def is_own_folder(name: str) -> bool:
    """Whether a folder in the kluis is called as `folder_of` calls it."""
    return bool(CODE.fullmatch(name) or re.fullmatch("L[0-9a-f]{16}", name))


def place_of(key: str) -> str:
    """The place in the kluis of what is kept of a delivery, by its key leverancier/leverdatum."""
    leverancier, leverdatum = key.rsplit("/", 1)
    return f"{folder_of(leverancier)}/{leverdatum}"


def masked(name: str) -> str:
    """A name for the report of its owner, who must recognise it: only numbers that can be a BSN are masked.

    A question mark replaces what nobody can read: bytes that are no UTF-8, control and direction marks.
    """
    unreadable = ("C", "Zl", "Zp")
    # Numbers come first: invisible marks between their digits do not part them.
    text = mask_person_numbers(name)
    return "".join("?" if unicodedata.category(c).startswith(unreadable) else c for c in text)


def outline(name: str) -> str:
    """As much of a strange name as the people who run the monitor need to find it, fit for any log, page or screen.

    Letters, digits, spaces, dots and dashes stay, all else is `?`; numbers that can be of a person are `*`.
    """
    if DAY.fullmatch(name):
        return name
    # Anything may stand between the digits of a number here, and pupil numbers have no elfproef.
    name = name.replace("*", "?")
    number = mask_person_numbers(name, between=rf"[^\d{LETTER}]")
    number = re.sub(r"\d{9,}", lambda found: "*" * len(found.group()), number)
    text = re.sub(rf"[^0-9{LETTER} '._*-]", "?", number).strip()
    # A leading mark could be read as a formula or an option.
    text = re.sub(r"^[^\w*?]", "?", text) or "?"
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."
