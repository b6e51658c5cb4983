"""The tables over regelingen that count households: by how many of them they lean on, and by which of three laws.

Which regelingen count together, and who is a client where, is in totals.py.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from tests.dbt_project.reference.areas import wijk_of
from tests.dbt_project.reference.measures import Cell, Key, Month
from tests.dbt_project.reference.noemers import noemer_of, noemers_on
from tests.dbt_project.reference.people import People, Spot

STACK, COMBINED = "stapeling", "combinaties"
LAWS = {"wmo": "wmo", "jeugdzorg": "jeugdwet", "wwb": "participatiewet"}
COMBINATIONS = (
    *("alleen_wmo", "alleen_jeugdwet", "alleen_participatiewet"),
    *("wmo_jeugdwet", "wmo_participatiewet", "jeugdwet_participatiewet", "alle_drie"),
)
SEVERAL = "meer_dan_een"
# From then on there are three laws of the gemeente.
THREE_LAWS = date(2015, 1, 1)
MOST_HOUSEHOLDS = 10


def cells_of_households(
    people: People, month: Month, clients: Mapping[str, Iterable[Spot]]
) -> Iterator[tuple[Key, Cell]]:
    """Every cell of both tables of one gemeente and month; `clients`: of each regeling that counts together."""
    leans_on: dict[tuple[str, tuple], set[str]] = defaultdict(set)
    for regeling, spots in clients.items():
        for spot in spots:
            leans_on[spot.buurt, spot.household].add(regeling)
    known = "geleverd" if month.end in month.covered else "niet_geleverd"
    all_laws = known if set(LAWS) <= set(clients) else "niet_geleverd"
    status = {STACK: known, COMBINED: "nvt" if month.end < THREE_LAWS else all_laws}
    institutions = _institutions(people, month)
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for (buurt, household), regelingen in leans_on.items():
        inside = household[:2] in institutions
        for name in (stacked(len(regelingen), inside=inside), *combined(regelingen)):
            counts[month.indeling.gemeente, name] += 1
            counts[wijk_of(buurt), name] += 1
    noemers = noemers_on(people, month.end, month.indeling).get(noemer_of(STACK, "huishoudens"), {})
    stack = [f"huishoudens_{name}" for name in ("1", "2", "3plus", "instelling")]
    rows = [(STACK, name, "") for name in stack]
    rows += [(COMBINED, "huishoudens", name) for name in (*COMBINATIONS, SEVERAL)]
    for (level, area), name in month.indeling.areas().items():
        for table, indicator, combination in rows if level != "buurt" else ():
            told = status[table] == "geleverd"
            yield (
                Key(table, month.indeling.gemeente, level, area, month.end, "totaal", indicator, combination),
                Cell(
                    status[table],
                    counts[area, combination or indicator] if told else None,
                    noemers.get((area, "totaal")),
                    month.indeling.year,
                    name,
                    "huishoudens",
                ),
            )


def stacked(number: int, *, inside: bool) -> str:
    """The indicator in which a household with help of so many regelingen counts."""
    return "huishoudens_instelling" if inside else f"huishoudens_{number if number < 3 else '3plus'}"


def combined(regelingen: set[str]) -> list[str]:
    """The combinations in which a household with help of these counts; none without help of one of the laws."""
    laws = [law for regeling, law in LAWS.items() if regeling in regelingen]
    exact = {0: "", 1: f"alleen_{laws[0]}" if laws else "", 2: "_".join(laws), 3: "alle_drie"}[len(laws)]
    return [name for name in (exact, SEVERAL if len(laws) > 1 else "") if name]


def _institutions(people: People, month: Month) -> set[tuple]:
    """The addresses at which more than ten households of the BRP live at the end of the month.

    Who is in no BRP, or left, lives at no address: whatever a delivery tells of it.
    """
    living: dict[tuple, set[tuple]] = defaultdict(set)
    for spot in people.residents(month.end, month.indeling).values():
        living[spot.household[:2]].add(spot.household)
    return {address for address, households in living.items() if len(households) > MOST_HOUSEHOLDS}
