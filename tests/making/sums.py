"""Figures over regelingen in which one sum gives one hidden count away, for tests of the attack and of protection.

Each is as tight as rounding lets it be: a count that adds to the hidden one is the least that its figure can be, one
that takes from it the most (12 is shown as 10..12, 13 as 13..17). A figure is called as in the relation: households of
a table by its name, of stapeling by indicator, of combinaties by combination; clients of a kind of help by regeling
and kind (wmo|a), and what is no household with its indicator (clienten:monitor_wmo).
"""

from collections.abc import Mapping
from dataclasses import dataclass

LAWS = {"wmo": "monitor_wmo", "jeugdwet": "monitor_jeugdzorg", "participatiewet": "monitor_wwb"}
ALL_LAWS = tuple(LAWS.values())
ONE, TWO, MORE, INSIDE = (f"huishoudens_{name}" for name in ("1", "2", "3plus", "instelling"))
ALONE = tuple(f"alleen_{law}" for law in LAWS)
PAIRS = ("wmo_jeugdwet", "wmo_participatiewet", "jeugdwet_participatiewet")
BOTH = (*PAIRS, "alle_drie")
TOTAL, SEVERAL = "monitor_totaal", "meer_dan_een"
DEBTS, BUSES = "monitor_schuldhulpverlening", "monitor_leerlingenvervoer"
FIRST, SECOND, THIRD = ALL_LAWS


@dataclass(frozen=True)
class Sum:
    """`terms`: sum(coefficient * figure) is 0 or more; `counts`: of each area (G gemeente, A and B its wijken) by name.

    `found`: the hidden figures that a reader narrows through it, with their bounds; `anyway`: those found without it.
    `together`: the tables that count together; `covered`: of no figure of these is told anything.
    """

    terms: Mapping[str, int]
    counts: Mapping[str, Mapping[str, int]]
    found: Mapping[tuple[str, str], tuple[int, int]]
    anyway: tuple[tuple[str, str], ...] = ()
    together: tuple[str, ...] = ()
    covered: tuple[str, ...] = ()


def of(plus: Mapping[str, int] | tuple[str, ...], minus: tuple[str, ...]) -> dict[str, int]:
    """The terms of a sum; `plus` with coefficients, or 1 each."""
    return dict(plus if isinstance(plus, Mapping) else dict.fromkeys(plus, 1)) | dict.fromkeys(minus, -1)


def here(name: str, bounds: tuple[int, int]) -> dict[tuple[str, str], tuple[int, int]]:
    """The figure of the gemeente that is found."""
    return {("G", name): bounds}


def each(names: tuple[str, ...], count: int) -> dict[str, int]:
    """The same count of some figures."""
    return dict.fromkeys(names, count)


def of_law(law: str) -> Sum:
    """The households of a law are those of its combinations: 42 are, less 13 three times."""
    names = tuple(name for name in (*ALONE, *BOTH) if law in name or name == BOTH[-1])
    counts = {LAWS[law]: 42, **each(names[:-1], 13), BOTH[-1]: 3}
    return Sum(of((LAWS[law],), names), {"G": counts}, here(BOTH[-1], (0, 3)))


def more_than_one(law: str) -> Sum:
    """Who has help of a law but not of it alone has help of more than one: 18 less 12."""
    counts = {f"alleen_{law}": 12, SEVERAL: 6, LAWS[law]: 18}
    return Sum(of((f"alleen_{law}", SEVERAL), (LAWS[law],)), {"G": counts}, here(SEVERAL, (6, 9)))


def alone(law: str) -> Sum:
    """No more have help of a law alone than of the law: in A that is at most 2, as of 12 at least 10 are in B."""
    table, name = LAWS[law], f"alleen_{law}"
    counts = {"G": {table: 12}, "A": {table: 2, name: 1}, "B": {table: 10, name: 10}}
    return Sum(of((table,), (name,)), counts, dict.fromkeys([("A", table), ("A", name)], (0, 2)), (("A", table),))


def few_others(adds: tuple[str, ...], takes: Mapping[str, int], *others: str) -> Sum:
    """With these others in the set, what a household leans on more is of a law: the last of `adds` is what is left."""
    left = sum(takes.values()) - 12 * (len(adds) - 1)
    counts = each(adds[:-1], 12) | {adds[-1]: left} | dict(takes)
    return Sum(of(adds, tuple(takes)), {"G": counts}, here(adds[-1], (left, 9)), together=(*ALL_LAWS, *others))


def no_more(name: str, parts: tuple[str, ...], *others: str) -> Sum:
    """As few_others, of two or three laws: in A at most 2 have those, as of 12 at least 10 are in B."""
    counts = {"A": {name: 2, **each(parts, 0), parts[0]: 1}, "B": {name: 10, **each(parts, 0), parts[0]: 10}}
    found = dict.fromkeys([("A", name), ("A", parts[0])], (0, 2))
    return Sum(of((name,), parts), {"G": {name: 12}} | counts, found, (("A", name),), together=(*ALL_LAWS, *others))


# Those that protection knows as well.
TIED = {
    "the union is its stack": Sum(
        of((TOTAL,), (ONE, TWO, MORE, INSIDE)),
        {"G": {TOTAL: 47, ONE: 18, TWO: 18, INSIDE: 10, MORE: 1}},
        here(MORE, (0, 1)),
    ),
    "combinations are of the union": Sum(
        of((TOTAL,), (*ALONE, *BOTH)),
        {"G": {TOTAL: 77, **each(ALONE[:2], 13), ALONE[2]: 10, **each(PAIRS, 13), BOTH[-1]: 2}},
        here(BOTH[-1], (0, 2)),
    ),
    "one law or more is of the union": Sum(
        of((TOTAL,), (SEVERAL, *ALONE)),
        {"G": {TOTAL: 42, SEVERAL: 13, **each(ALONE[:2], 13), ALONE[2]: 3}},
        here(ALONE[2], (0, 3)),
    ),
    "two laws are two regelingen": Sum(
        of((TWO, MORE, INSIDE), BOTH),
        {"G": {TWO: 17, MORE: 12, INSIDE: 12, **each(PAIRS, 13), BOTH[-1]: 2}},
        here(BOTH[-1], (0, 2)),
    ),
    "more laws are more regelingen": Sum(
        of((TWO, MORE, INSIDE), (SEVERAL,)),
        {"G": {TWO: 12, MORE: 9, INSIDE: 12, SEVERAL: 33}},
        here(MORE, (9, 9)),
    ),
    **{f"combinations of {law}": of_law(law) for law in LAWS},
    **{f"{law} alone": alone(law) for law in LAWS},
    **{f"{law} and another": more_than_one(law) for law in LAWS},
    "more than one law of all wijken": Sum(
        of(BOTH, (SEVERAL,)),
        {"G": {**each(PAIRS, 12), BOTH[-1]: 7}, "A": {SEVERAL: 10}, "B": {SEVERAL: 33}},
        here(BOTH[-1], (7, 9)),
    ),
}
# Clients by kind of help: who counts, and how many provisions of their own they have.
OF_WWB, OF_WSW = "clienten:monitor_wwb", "clienten:monitor_wsw"
KINDS = {
    "no kind has more clients than there are": Sum(
        of((OF_WWB,), ("wwb|a",)),
        {"G": {OF_WWB: 12}, "A": {OF_WWB: 2, "wwb|a": 1}, "B": {OF_WWB: 10, "wwb|a": 10}},
        dict.fromkeys([("A", OF_WWB), ("A", "wwb|a")], (0, 2)),
        (("A", OF_WWB),),
    ),
    "every client has a kind": Sum(
        of(("wwb|a", "wwb|b"), (OF_WWB,)), {"G": {"wwb|a": 12, "wwb|b": 6, OF_WWB: 18}}, here("wwb|b", (6, 9))
    ),
}
KINDS_OF_THE_ATTACK = {
    "who has one provision has one kind": Sum(
        of(("wsw|a", "wsw|b"), (OF_WSW,)), {"G": {"wsw|a": 10, "wsw|b": 2, OF_WSW: 12}}, here("wsw|b", (0, 2))
    ),
    "a kind is a provision of one's own": Sum(
        of(("voorzieningen:monitor_wmo",), ("wmo|a", "wmo|b")),
        {"G": {"wmo|a": 10, "wmo|b": 2, "voorzieningen:monitor_wmo": 12}},
        here("wmo|b", (0, 2)),
    ),
}
WITH_LAWS = {"covered": ALL_LAWS, "together": (*ALL_LAWS, BUSES)}
HIDDEN_LAWS = each(ALL_LAWS, 20)
# Those of the attacker alone. With n regelingen in the set a household is counted at most n times over it.
OF_THE_ATTACK = {
    "all of the set": Sum(
        of((FIRST, DEBTS, BUSES), ()) | {ONE: -1, TWO: -2, MORE: -3, INSIDE: -1},
        {"G": {FIRST: 17, DEBTS: 22, BUSES: 22, ONE: 13, TWO: 13, INSIDE: 13, MORE: 3}},
        here(MORE, (0, 3)),
        together=(FIRST, DEBTS, BUSES),
    ),
    "no household more often than the set is large": Sum(
        {ONE: 1, TWO: 2, MORE: 3, INSIDE: 3} | each(ALL_LAWS, -1),
        {"G": {ONE: 12, TWO: 12, INSIDE: 12, MORE: 6, FIRST: 28, SECOND: 28, THIRD: 33}},
        here(MORE, (6, 9)),
        together=ALL_LAWS,
    ),
    "of no law and of the union, by wijk": Sum(
        of((DEBTS, BUSES, SEVERAL, *ALONE), (TOTAL,)),
        {"G": {DEBTS: 12, BUSES: 8, SEVERAL: 12, **each(ALONE, 12), TOTAL: 68} | HIDDEN_LAWS},
        here(BUSES, (8, 9)),
        together=(*ALL_LAWS, DEBTS, BUSES),
        covered=ALL_LAWS,
    ),
    "of no law and of the union": Sum(
        of((BUSES, *ALONE, *BOTH), (TOTAL,)),
        {"G": {BUSES: 9, **each(ALONE, 12), **each(BOTH, 12), TOTAL: 93, **each(ALL_LAWS, 48)}},
        here(BUSES, (9, 9)),
        **WITH_LAWS,
    ),
    "of no law and of one regeling": Sum(
        of((BUSES, *ALONE), (ONE,)),
        {"G": {BUSES: 7, **each(ALONE, 12), ONE: 43} | HIDDEN_LAWS},
        here(BUSES, (7, 9)),
        **WITH_LAWS,
    ),
    "of no law and of more regelingen, by wijk": Sum(
        of((BUSES, SEVERAL), (TWO, MORE)),
        {"G": {BUSES: 6, SEVERAL: 17, TWO: 13, MORE: 10} | HIDDEN_LAWS},
        here(BUSES, (6, 9)),
        **WITH_LAWS,
    ),
    "of no law and of more regelingen": Sum(
        of((BUSES, *BOTH), (TWO, MORE)),
        {"G": {BUSES: 8, **each(PAIRS, 12), BOTH[-1]: 17, TWO: 43, MORE: 18} | HIDDEN_LAWS},
        here(BUSES, (8, 9)),
        **WITH_LAWS,
    ),
    "of no law and of three regelingen": Sum(
        of((BUSES, BOTH[-1]), (MORE,)),
        {"G": {BUSES: 6, BOTH[-1]: 12, MORE: 18} | HIDDEN_LAWS},
        here(BUSES, (6, 9)),
        **WITH_LAWS,
    ),
    "three laws are three regelingen": Sum(
        of((MORE, INSIDE), (BOTH[-1],)),
        {"G": {MORE: 12, INSIDE: 6, BOTH[-1]: 18}},
        here(INSIDE, (6, 9)),
    ),
    "two others, three regelingen": few_others((*ALONE, *BOTH), {MORE: 78}, DEBTS, BUSES),
    "two others, three regelingen, by wijk": few_others((*ALONE, SEVERAL), {MORE: 43}, DEBTS, BUSES),
    "one other, two regelingen": few_others((*ALONE, *BOTH), {TWO: 68, MORE: 10}, DEBTS),
    "one other, two regelingen, by wijk": few_others((SEVERAL, *ALONE), {TWO: 33, MORE: 10}, DEBTS),
    "one other, three regelingen": few_others(BOTH, {MORE: 43}, DEBTS),
    "one other, three regelingen, by wijk": no_more(SEVERAL, (MORE,), DEBTS),
    "no other": few_others((*ALONE, *BOTH), {TOTAL: 78}),
    "no other, by wijk": few_others((*ALONE, SEVERAL), {TOTAL: 43}),
    "no other, two regelingen": few_others(BOTH[::-1], {TWO: 33, MORE: 10}),
    "no other, two regelingen, by wijk": no_more(SEVERAL, (TWO, MORE)),
    "no other, three regelingen": no_more(BOTH[-1], (MORE,)),
    "two laws are counted twice": Sum(
        of(ALL_LAWS, ALONE) | {SEVERAL: -2},
        {"G": {**each(ALL_LAWS, 12), **each(ALONE, 10), SEVERAL: 3}},
        here(SEVERAL, (0, 3)),
    ),
}
