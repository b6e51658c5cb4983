"""Counts the tables over regelingen of a made-up gemeente (gemeente.py): households by what they lean on together."""

from datetime import date
from zlib import crc32

import numpy as np
import polars as pl

from tests.validations.disclosure.counting import ONE_EACH, OWN, Place, _behind, _frame

LAWS = {"wmo": "wmo", "jeugdzorg": "jeugdwet", "wwb": "participatiewet"}
KINDS = {
    "awbz": "begeleiding begeleiding_groep behandeling huishouden overig verblijf_anders verblijf_ouderen verzorging",
    "jeugdzorg": "ambulant bescherming dagbehandeling dyslexie ggz overig verblijf wijkteam",
    "leerlingenvervoer": "aangepast eigen openbaar openbaar_met_begeleiding",
    "oggz": "dakloosheid huiselijk_geweld meervoudig overig overlast psychisch schulden verslaving",
    "schuldhulpverlening": "aanvraag begeleiding beheer overig regeling wsnp",
    "wet_oke": "met_indicatie zonder_indicatie",
    "wmo": "algemeen begeleiding dagbesteding huishouden hulpmiddelen overig verblijf vervoer",
    "wsw": "begeleid_werken dienstbetrekking",
    "wwb": "alleenstaande alleenstaande_ouder overig samenwonend",
}
STACK = ("huishoudens_1", "huishoudens_2", "huishoudens_3plus")


def over_regelingen(
    areas: pl.DataFrame,
    place: Place,
    days: tuple[date, ...],
    states: list,
    people: tuple[np.ndarray, np.ndarray],
    persons: dict[str, list[np.ndarray]],
    residents: list[np.ndarray],
) -> dict[str, pl.DataFrame]:
    """`stapeling`, and `combinaties` where all three laws are there, of gemeente and wijken.

    `persons`: of each regeling that counts together and each day, who is a client.
    """
    stack, combined = [], []
    for number, day in enumerate(days):
        home = states[number][0]
        active = {name: who[number] for name, who in persons.items()}
        households, buurt, uses = _leaning(people[0], home, active)
        inside = _institutions(people, home, households)
        counts = uses.sum(1)
        kinds = dict(zip(STACK, (counts == 1, counts == 2, counts >= 3), strict=True))
        told = {name: who & ~inside for name, who in kinds.items()} | {"huishoudens_instelling": inside}

        def rows(indicator: str, who: np.ndarray, breakdown: str = "", *, here=(day, buurt, number)) -> pl.DataFrame:
            when, where, nth = here
            of = place.sums(np.bincount(where[who], minlength=len(place.buurten)))
            frame = _frame(areas, when, (indicator, "totaal"), of, residents[nth], (of, np.zeros(len(of), int)))
            return frame.with_columns(
                uitsplitsing=pl.lit(breakdown),
                eenheid=pl.lit("huishoudens"),
                grootste_adres=pl.lit(None, pl.Int64),
            )

        stack += [rows(name, who) for name, who in told.items()]
        if set(LAWS) <= set(active):
            has = uses[:, [list(active).index(name) for name in LAWS]]
            for combination, exact in _combinations().items():
                combined.append(rows("huishoudens", (has == exact).all(1), combination))
            combined.append(rows("huishoudens", has.sum(1) > 1, "meer_dan_een"))
    levels = pl.col("gebiedsniveau") != "buurt"
    found = {"stapeling": pl.concat(stack).filter(levels)}
    return found | ({"combinaties": pl.concat(combined).filter(levels)} if combined else {})


def by_kind(
    areas: pl.DataFrame,
    place: Place,
    days: tuple[date, ...],
    states: list,
    people: tuple[np.ndarray, np.ndarray],
    persons: dict[str, list[np.ndarray]],
    drawn: dict[str, list[np.ndarray]],
    residents: list[np.ndarray],
) -> dict[str, pl.DataFrame]:
    """`soorten`: clients of each regeling by kind of help; some have two kinds, who has provisions of his own two."""
    frames = []
    for name, kinds in ((name, said.split()) for name, said in KINDS.items() if name in persons):
        rng = np.random.default_rng((crc32(name.encode()), len(people[0])))
        for number, day in enumerate(days):
            home, active = states[number][0], persons[name][number]
            who = np.flatnonzero(active)
            # Each buurt has its own kinds, and another month others.
            weights = rng.lognormal(0, 2, (len(place.buurten), len(kinds))).cumsum(1)
            first = (rng.random(len(who))[:, None] * weights[home[who], -1:] > weights[home[who]]).sum(1)
            two = (drawn[name][number] > 1) if name in OWN else rng.random(len(who)) < 0.1
            two &= (rng.random(len(who)) < 0.6) & (name not in ONE_EACH)
            second = (first + rng.integers(1, len(kinds), len(who))) % len(kinds)
            for kind, soort in enumerate(kinds):
                has = np.zeros(len(home), bool)
                has[who[(first == kind) | two & (second == kind)]] = True
                counts = place.sums(np.bincount(home[has], minlength=len(place.buurten)))
                behind = _behind(place, home, None, people, has)[0]
                frame = _frame(areas, day, ("clienten", "totaal"), counts, residents[number], behind)
                frames.append(frame.with_columns(uitsplitsing=pl.lit(f"{name}|{soort}"), noemer=pl.lit(None, pl.Int64)))
    found = [frame.filter(pl.col("gebiedsniveau") != "buurt") for frame in frames]
    return {"soorten": pl.concat(found)} if found else {}


def _leaning(
    household: np.ndarray, home: np.ndarray, active: dict[str, np.ndarray]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The households with a client, the buurt of each, and which of the regelingen it leans on."""
    anyone = np.logical_or.reduce(list(active.values()))
    households, first = np.unique(household[anyone], return_index=True)
    uses = np.zeros((len(households), len(active)), bool)
    for column, who in enumerate(active.values()):
        uses[np.searchsorted(households, np.unique(household[who])), column] = True
    return households, home[anyone][first], uses


def _institutions(people: tuple[np.ndarray, np.ndarray], home: np.ndarray, households: np.ndarray) -> np.ndarray:
    """Which of some households live where more than ten do: at one address, in one buurt."""
    household, address = people
    here = home >= 0
    pairs = np.unique(np.column_stack([household[here], address[here], home[here]]), axis=0)
    _, of, size = np.unique(pairs[:, 1:], axis=0, return_inverse=True, return_counts=True)
    crowded = np.zeros(household.max() + 1, bool)
    crowded[pairs[size[of.ravel()] > 10, 0]] = True
    return crowded[households]


def _combinations() -> dict[str, tuple[bool, bool, bool]]:
    """Which of wmo, jeugdwet and participatiewet each exact combination has."""
    return {
        "alleen_wmo": (True, False, False),
        "alleen_jeugdwet": (False, True, False),
        "alleen_participatiewet": (False, False, True),
        "wmo_jeugdwet": (True, True, False),
        "wmo_participatiewet": (True, False, True),
        "jeugdwet_participatiewet": (False, True, True),
        "alle_drie": (True, True, True),
    }
