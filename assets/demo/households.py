"""Makes the persons of one wijk on the calibration day and puts them in households, as many of each kind as CBS counts.

Knows ages and who lives with whom; not where they live nor what happens to them (population.py).
"""

import numpy as np

from assets.demo.facts import AGE_GROUPS
from assets.demo.timeline import YEAR

# What a person is in the household.
ALONE, PARTNER, CHILD = 0, 1, 2
# Of the families with children.
LONE_PARENTS = 0.2


def make_births(rng: np.random.Generator, wijk: dict, on: int) -> np.ndarray:
    """A birth day for each resident of the wijk, so that on day `on` the age groups are as CBS says; youngest first."""
    ages = []
    for column, first, after in AGE_GROUPS:
        # Uniform within a group; of those over 65 ever fewer, up to 100.
        place = rng.random(wijk[column]) if first < 65 else rng.beta(1.0, 2.6, wijk[column])
        ages.append(first + place * (after - first))
    # Whole days are counted back from the day itself: so everyone aged 0 is born by then, and everyone of 14 under 15.
    return on - (np.sort(np.concatenate(ages)) * YEAR).astype(np.int64)


def make_households(rng: np.random.Generator, births: np.ndarray, wijk: dict, on: int) -> tuple[np.ndarray, np.ndarray]:
    """Household number and role of each person; `births` is ordered youngest first."""
    count, age = len(births), (on - births) / YEAR
    families = min(wijk["a_hh_m_k"], count)
    lone = round(LONE_PARENTS * families)
    adults_needed = wijk["a_1p_hh"] + 2 * wijk["a_hh_z_k"] + 2 * families - lone
    # The youngest still live at home: everyone under 18, and so many up to 31 that the adults fill the households.
    youth = np.argsort(np.where(age < 18, age, age + rng.random(count) * 10), kind="stable")
    at_home = int(np.clip(count - adults_needed, (age < 18).sum(), (age < 31).sum()))
    children, adults = np.sort(youth[:at_home]), np.sort(youth[at_home:])
    if not len(adults):
        return np.arange(count), np.full(count, ALONE)

    # Parents are those nearest to 41; younger parents get younger children.
    sizes = rng.permutation(np.repeat([1, 2], [lone, families - lone]))
    likely = np.argsort(np.abs(age[adults] - 41) + rng.normal(0, 6, len(adults)), kind="stable")
    parents = np.sort(adults[likely[: max(sizes.sum(), 1 if at_home else 0)]])
    household, role = np.full(count, -1), np.full(count, ALONE)
    household[parents] = _fill(parents, sizes, 0)
    found = household.max() + 1
    if at_home:
        spread = np.arange(at_home) * found / at_home + rng.normal(0, 0.7, at_home)
        household[children] = np.clip(np.round(spread), 0, found - 1)
        role[children] = CHILD

    # The others live alone or in pairs of about the same age.
    others = np.setdiff1d(adults, parents, assume_unique=True)
    others = others[np.argsort(age[others] + rng.normal(0, 2, len(others)), kind="stable")]
    sizes = rng.permutation(np.repeat([1, 2], [wijk["a_1p_hh"], wijk["a_hh_z_k"]]))
    household[others] = _fill(others, sizes, found)
    adults_in = np.bincount(household[adults], minlength=household.max() + 1)
    role[adults] = np.where(adults_in[household[adults]] == 2, PARTNER, ALONE)
    return household, role


def _fill(persons: np.ndarray, sizes: np.ndarray, first: int) -> np.ndarray:
    """Household numbers from `first` on for persons in order, by household size; persons left over live alone."""
    numbers = np.repeat(np.arange(len(sizes)), sizes)[: len(persons)]
    alone = np.arange(len(persons) - len(numbers)) + len(sizes)
    return first + np.concatenate([numbers, alone])


def make_sexes(rng: np.random.Generator, household: np.ndarray, role: np.ndarray) -> np.ndarray:
    """M, V or (rarely) O; nearly all couples are of both sexes."""
    sex = rng.integers(0, 2, len(household))
    partners = np.flatnonzero(role == PARTNER)
    order = partners[np.argsort(household[partners], kind="stable")]
    mixed = rng.random(len(order) // 2) < 0.97
    sex[order[1::2]] = np.where(mixed, 1 - sex[order[0::2]], sex[order[0::2]])
    return np.where(rng.random(len(sex)) < 0.0005, "O", np.array(["M", "V"])[sex])
