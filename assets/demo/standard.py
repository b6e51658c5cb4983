"""What sets the Wmo and jeugdzorg of the demo apart: codes and words of iWmo and iJw, who gets what, and how often.

Data only; how allocations and messages are made of it is in istandaard_*.py.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Standard:
    """One standard. Ages are in years; weights and shares need not add up to anything."""

    bron: str
    # Part of the namespace, and the prefix of message names: iwmo and wmo301.
    space: str
    prefix: str
    # BerichtCode by message.
    codes: dict[str, str]
    # From each of these ages on, how much likelier a client is.
    likelier: tuple[tuple[int, float], ...]
    youngest: int
    # From this age on few go on, and none beyond the second.
    grown_up: tuple[int, int] | None
    # How much likelier a client is in a household in bijstand.
    in_bijstand: float
    soon_to_die: float
    # A client who left still counts (woonplaatsbeginsel): then an allocation that stays open would count too.
    counts_after_leaving: bool
    # CBS counts every user of a period up to a month end: the first day of that period.
    counted_from: Callable[[date], date]
    # Category, weight, unit (WJ756), frequency, usual volume.
    products: tuple[tuple[str, int, str, str, int], ...]
    # What a part of a category is bought as under a product of its own: code and share.
    own_products: dict[str, tuple[str, float]]
    # Categories of what is handed over: their supplier often sends no start and no stop.
    handed_over: tuple[str, ...]
    # End reasons: no death or departure; death or departure; ended as planned; the client stopped by own will.
    reasons: dict[str, int]
    died: str
    left: str
    planned: str
    by_client: str
    # Reason of the 301 that ends an allocation, by the end reason of its client; else shortened.
    change: dict[str, str]


def half_year(last: date) -> date:
    """CBS counts Wmo over half-years (StatLine 85039NED)."""
    return date(last.year, 1 if last.month <= 6 else 7, 1)


def year(last: date) -> date:
    """CBS counts jeugdzorg in wijken over years (StatLine 85075NED)."""
    return date(last.year, 1, 1)


WMO = Standard(
    bron="wmo",
    space="iwmo",
    prefix="wmo",
    codes={"301": "414", "305": "418", "307": "420"},
    # 70% of all clients are over 65.
    likelier=((0, 0.1), (18, 1.0), (45, 1.7), (65, 5.0), (75, 15.0), (85, 30.0)),
    youngest=4,
    grown_up=None,
    # Wmo and bijstand meet in the same households more often than by chance.
    in_bijstand=3.0,
    soon_to_die=5.0,
    counts_after_leaving=False,
    counted_from=half_year,
    products=(
        ("01", 34, "01", "2", 150),
        ("02", 20, "04", "2", 3),
        ("07", 9, "16", "2", 4),
        ("12", 12, "82", "6", 1),
        ("11", 7, "82", "6", 1),
        ("13", 6, "82", "6", 1),
        ("08", 5, "82", "4", 8),
        ("04", 2, "14", "4", 4),
        ("14", 2, "82", "6", 1),
        ("15", 2, "14", "2", 7),
        ("03", 1, "04", "2", 5),
        ("06", 5, "01", "2", 60),
        ("09", 4, "16", "2", 2),
    ),
    own_products={},
    handed_over=("11", "12", "13", "14"),
    reasons={"19": 52, "21": 12, "22": 3, "23": 12, "36": 5, "37": 4, "38": 4, "39": 8},
    died="02",
    left="31",
    planned="19",
    by_client="21",
    change={"02": "02", "31": "07", "39": "06", "38": "09"},
)

JEUGDZORG = Standard(
    bron="jeugdzorg",
    space="ijw",
    prefix="jw",
    codes={"301": "436", "305": "438", "307": "440"},
    # As CBS counts them: most are between 4 and 18.
    likelier=((0, 0.3), (4, 1.0), (12, 1.1), (18, 0.12), (23, 0.0)),
    youngest=0,
    grown_up=(18, 23),
    in_bijstand=2.0,
    soon_to_die=1.0,
    counts_after_leaving=True,
    counted_from=year,
    products=(
        ("45", 41, "01", "2", 120),
        ("54", 20, "01", "2", 60),
        ("50", 2, "82", "6", 1),
        ("41", 7, "16", "2", 4),
        ("48", 6, "82", "4", 1),
        ("44", 5, "14", "2", 7),
        ("43", 4, "14", "2", 7),
        ("46", 2, "01", "2", 240),
        ("42", 1, "82", "4", 8),
        ("47", 2, "82", "4", 1),
        ("31", 9, "01", "2", 60),
    ),
    # Ernstige dyslexie: a product of youth mental health care.
    own_products={"54": ("54DYS", 0.35)},
    handed_over=(),
    # Code 31 is "as planned" here, and "moved" in iWmo.
    reasons={"31": 60, "32": 10, "33": 3, "34": 12, "36": 4, "37": 4, "38": 4, "39": 3},
    died="02",
    left="35",
    planned="31",
    by_client="32",
    change={"02": "02", "35": "07", "39": "06", "38": "09"},
)
