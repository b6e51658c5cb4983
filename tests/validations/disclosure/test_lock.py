"""What the closes tell of one figure, against all counts that give the same publications (lock.py)."""

from collections import defaultdict
from datetime import date
from itertools import product

import polars as pl
import pytest

from assets.protection.cells import BELOW, HIDDEN, KEY, NOT_DELIVERED, PUBLISHED
from validations.disclosure.lock import told
from validations.disclosure.reader import FAR

MOST = 26  # counts that are tried; what is said of more than MOST - 8 is left out
SILENT = "stil"  # hidden with a status that tells nothing
FIGURE = dict.fromkeys(KEY, "x") | {"indelingsjaar": 2022, "peildatum": date(2022, 3, 31)}
Entry = tuple[str, int | None, int]  # status (or SILENT), value, threshold


def shown_as(count: int, threshold: int, hidden: str | None) -> Entry:
    """What a count is set as: by the rules, or `hidden` when another reason hides it."""
    if hidden == SILENT:
        return SILENT, None, threshold
    if count < threshold:
        return BELOW, None, threshold
    return (hidden, None, threshold) if hidden else (PUBLISHED, (count + 2) // 5 * 5, threshold)


def publications(
    counts: tuple[int, ...], thresholds: tuple[int, ...], hidden: tuple, apart: int
) -> list[tuple[int, Entry]]:
    """The entries of one figure over some closes, by the rule of the lock: number of the close, entry."""
    entries: list[tuple[int, Entry]] = []
    basis = 0
    for number, count in enumerate(counts):
        if entries:
            status, value, threshold = entries[-1][1]
            lowest = max((value or 0) - 2, threshold)
            forbidden = status == PUBLISHED and lowest < thresholds[number]
            if abs(count - basis) < apart and not forbidden:
                continue
            entry = shown_as(count, thresholds[number], hidden[number])
            if forbidden and entry[0] == PUBLISHED:
                entry = HIDDEN, None, thresholds[number]
        else:
            entry = shown_as(count, thresholds[number], hidden[number])
        entries.append((number, entry))
        basis = count
    return entries


def deduced(entries: list[tuple[int, Entry]], apart: int) -> list[tuple[int, int]]:
    rows = [
        FIGURE
        | {"beurt": number, "publicatiestatus": HIDDEN if status == SILENT else status, "waarde": value}
        | {"drempel": threshold, "vanaf": 0 if status == SILENT else threshold, "verschil": apart}
        for number, (status, value, threshold) in entries
    ]
    return told(pl.DataFrame(rows, schema_overrides={"waarde": pl.Int64})).select("van", "tot").rows()


SETTINGS = {
    "two closes": ((10, 10), (None, None), 5),
    "three closes": ((10, 10, 10), (None, None, None), 5),
    "hidden at the second": ((10, 10, 10), (None, HIDDEN, None), 5),
    "silent at the second": ((10, 10, 10), (None, SILENT, None), 5),
    "hidden at the first": ((10, 10), (HIDDEN, None), 5),
    "threshold raised": ((10, 15, 15), (None, None, None), 5),
    "threshold lowered": ((15, 10, 10), (None, None, None), 5),
    "threshold of five": ((5, 5, 5), (None, None, None), 5),
    "a change of ten": ((10, 10, 10), (None, None, None), 10),
}


@pytest.mark.parametrize(("thresholds", "hidden", "apart"), SETTINGS.values(), ids=SETTINGS)
def test_of_each_series_of_publications_exactly_what_all_counts_leave(thresholds: tuple, hidden: tuple, apart: int):
    """All counts of all closes; those that give the same entries cannot be told apart."""
    possible = defaultdict(list)
    for counts in product(range(MOST), repeat=len(thresholds)):
        entries = publications(counts, thresholds, hidden, apart)
        possible[tuple(entries)].append(tuple(counts[number] for number, _ in entries))
    assert len(possible) > 5
    narrower = 0
    for entries, behind in possible.items():
        answer = deduced(list(entries), apart)
        alone = [deduced([entry], apart)[0] for entry in entries]
        for (low, high), by_itself, counts in zip(answer, alone, zip(*behind, strict=True), strict=True):
            if max(counts) >= MOST - 1:
                # Only so many were tried: of the most nothing can be said.
                assert high >= max(counts)
                assert low <= min(counts)
                continue
            assert low == min(counts), entries
            if high < MOST - 2 * apart:
                assert high == max(counts), entries
            narrower += (low, high) != by_itself
    assert narrower > 0 or hidden[0] == HIDDEN


@pytest.mark.parametrize(
    ("entries", "answer"),
    [
        ([(PUBLISHED, 10, 10), (BELOW, None, 10)], [(10, 12), (0, 7)]),
        ([(PUBLISHED, 10, 10), (PUBLISHED, 15, 10)], [(10, 12), (15, 17)]),
        ([(BELOW, None, 10), (PUBLISHED, 10, 10)], [(0, 7), (10, 12)]),
        ([(PUBLISHED, 10, 10), (BELOW, None, 10), (PUBLISHED, 10, 10)], [(10, 12), (0, 7), (10, 12)]),
        ([(BELOW, None, 10), (BELOW, None, 10)], [(0, 9), (0, 9)]),
        ([(PUBLISHED, 10, 10), (HIDDEN, None, 10)], [(10, 12), (15, FAR)]),
        ([(PUBLISHED, 10, 10), (SILENT, None, 10)], [(10, 12), (0, FAR)]),
        # The threshold was raised: every 10 and 15 had to go, whatever is behind it.
        ([(PUBLISHED, 15, 10), (BELOW, None, 15)], [(13, 17), (0, 14)]),
        ([(PUBLISHED, 15, 10), (SILENT, None, 15)], [(13, 17), (0, FAR)]),
        ([(NOT_DELIVERED, None, 10), (BELOW, None, 10)], [(0, FAR), (0, 9)]),
    ],
)
def test_by_hand(entries: list[Entry], answer: list[tuple[int, int]]):
    assert deduced(list(enumerate(entries)), 5) == answer


def test_a_larger_step_tells_more():
    assert deduced(list(enumerate([(PUBLISHED, 10, 10), (BELOW, None, 10)])), 10) == [(10, 12), (0, 2)]
