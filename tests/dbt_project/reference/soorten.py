"""The kind of help of a provision and its line, from a table made by hand of the lists in the standards.

By regeling the codes of each kind; "" is a provision without a code. What the writers of real.py always write alike
(living alone, a taxi, budget management) has one kind.
"""

from tests.dbt_project.reference.spells import Spell


def _codes(*numbers: range) -> str:
    return " ".join(str(number) for some in numbers for number in some)


KINDS: dict[str, dict[str, str]] = {
    # WMO020.
    "wmo": {
        "huishouden": "01",
        "begeleiding": "02 03 04",
        "dagbesteding": "07",
        "algemeen": "06 09",
        "hulpmiddelen": "05 11 13 14",
        "vervoer": "08 12",
        "verblijf": "15 16 17 18",
        "overig": "10 -",
    },
    # JZ020; of dyslexie the productcode.
    "jeugdzorg": {
        "wijkteam": "31",
        "ambulant": "32 34 45",
        "dagbehandeling": "33 41",
        "ggz": "51 52 54",
        "dyslexie": "54DYS",
        "verblijf": "35 36 37 38 43 44",
        "bescherming": "47 48 49",
        "overig": "40 42 46 50 53 55 -",
    },
    # Hulpvorm of Beleidsinformatie Jeugd.
    "bij": {"wijkteam": "01", "ambulant": "02 04", "dagbehandeling": "03", "verblijf": "11 12 13 14"},
    "awbz": {
        "huishouden": "21",
        "verzorging": "31 41 91",
        "behandeling": "61 62 63 64",
        "begeleiding": "81",
        "begeleiding_groep": "82",
        "verblijf_ouderen": _codes(range(750, 760)),
        "verblijf_anders": "71 " + _codes(range(760, 773), range(780, 785), range(800, 815), range(820, 833)),
        "overig": "190 191",
    },
    "bijzondere_bijstand": {
        "levensonderhoud": "a",
        "huishouden_wonen": "b c",
        "zorg": "d e h",
        "financieel": "f",
        "uitstroom": "g",
        "toeslagen": "k l",
        "zorgverzekering": "m",
        "overig": "i",
    },
    "leerplicht": {name.lower(): name for name in ("ABSOLUUT", "LANGDURIG", "LUXE", "RELATIEF", "ZESTIEN_UUR")},
    "wsw": {"dienstbetrekking": "dienstbetrekking", "begeleid_werken": "begeleid_werken"},
}
ALWAYS = {
    "leerlingenvervoer": "aangepast",
    "schuldhulpverlening": "beheer",
    "wet_oke": "met_indicatie",
    "wwb": "alleenstaande",
}
# The kinds in line 1, and the regelingen of which every kind is, or has none. All others are line 2.
FIRST = {("wmo", "algemeen"), ("jeugdzorg", "wijkteam")}
ALL_FIRST = {"leerlingenvervoer", "leerplicht", "schuldhulpverlening"}
NO_LINE = {"bijzondere_bijstand", "collectieve_zorgverzekering", "wet_oke", "wwb"}
# How real.py writes the usual category of a message in the words of iJw.
IJW = {"01": "45"}


def soort_of(regeling: str, spell: Spell) -> str | None:
    """The kind of a provision; the collective insurance has none."""
    if regeling in ALWAYS or regeling == "collectieve_zorgverzekering":
        return ALWAYS.get(regeling)
    table = regeling
    code, *rest = spell.code
    if code == "bij":
        table, code = "bij", rest[0]
    elif regeling == "jeugdzorg":
        code = IJW.get(code or "", code)
        code = "54DYS" if (code, *rest) == ("54", "54DYS") else code
    kinds = {one: kind for kind, codes in KINDS[table].items() for one in codes.split()}
    return kinds.get((code or "-").replace(" ", "_"))


def lijn_of(regeling: str, soort: str | None) -> int | None:
    """The line of a kind, where no gemeente says another."""
    if soort is None or regeling in NO_LINE:
        return None
    return 1 if regeling in ALL_FIRST or (regeling, soort) in FIRST else 2
