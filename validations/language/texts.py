"""What text from outside may hold wherever it lands: a number of a person, or the start of a formula.

And how a number is written to people, in every room alike.
Holds no rules of one registration; contracts, readers and reports ask here.
"""

import re
import unicodedata
from collections.abc import Iterator

# Text that a spreadsheet would take for a formula (OWASP, CSV injection), also in the wide forms of an Asian keyboard.
FORMULA = r"^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]"
ELFPROEF = (9, 8, 7, 6, 5, 4, 3, 2, -1)
# What people put between the digits of a number: dots, spaces and dashes, also those of other scripts (`_as_typed`).
BETWEEN = r"[\s.\u00b7\u2010-\u2015\u2027\u2212-]"
DIGITS = re.compile(r"\d+")
# Control, format and other marks that are not seen, ends of lines, and what combines with the character before it.
UNSEEN = ("C", "M", "Zl", "Zp")


def with_points(count: int) -> str:
    """A whole number as Dutch writes it: with points between thousands."""
    return f"{count:,}".replace(",", ".")


def passes_elfproef(number: str) -> bool:
    """Whether eight or nine digits can be a burgerservicenummer; of eight the leading zero is not written."""
    if not (number.isascii() and number.isdigit() and len(number) in (8, 9) and int(number)):
        return False
    return sum(int(digit) * weight for digit, weight in zip(number.zfill(9), ELFPROEF, strict=True)) % 11 == 0


def mask_person_numbers(text: str, between: str = BETWEEN) -> str:
    """The text with a `*` for each digit of a number that can be a burgerservicenummer, and all else as it was.

    Such a number is eight or nine digits that pass the elfproef, with at most three marks `between` after each of them.
    A longer run of digits is no such number.
    """
    hidden = {place for places in _person_numbers(text, between) for place in places}
    return "".join("*" if place in hidden else character for place, character in enumerate(text))


def holds_person_number(text: str) -> bool:
    """Whether some number in the text can be a burgerservicenummer."""
    return next(_person_numbers(text, BETWEEN), None) is not None


def _person_numbers(text: str, between: str) -> Iterator[list[int]]:
    """The places of the digits of each number that passes: any row of whole groups of digits with marks between."""
    typed = "".join(map(_as_typed, text))
    for row in re.finditer(rf"\d+(?:{between}{{1,3}}\d+)*", typed):
        groups = [found.span() for found in DIGITS.finditer(typed, *row.span())]
        for first in range(len(groups)):
            places: list[int] = []
            # A slice, so that a text of a million groups costs no more than its length.
            for start, end in groups[first : first + 9]:
                if len(places) + end - start > 9:
                    break
                places = [*places, *range(start, end)]
                if passes_elfproef("".join(typed[place] for place in places)):
                    yield places


def _as_typed(character: str) -> str:
    """A digit of any script or form as 0 to 9, a dot or dash as on a keyboard, and what is not seen as a space."""
    if character.isascii() and character.isprintable():
        return character
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    if unicodedata.category(character).startswith(UNSEEN):
        return " "
    typed = unicodedata.normalize("NFKC", character)
    return typed if len(typed) == 1 and not typed.isalnum() else character
