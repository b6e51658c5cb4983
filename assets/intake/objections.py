"""Who objected (AVG 21): the list `bezwaren.json` in the kluis, from when an objection counts, and leaving them out.

The list holds pseudonyms, never a number. What else is kept of somebody is for the room privacy.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from hashlib import sha256

import polars as pl
from pydantic import TypeAdapter
from pydantic.dataclasses import dataclass as kept

from assets.ground.zones import Zone
from assets.record.delivery_record import Record
from assets.record.kept import STRICT, read_kept, write_kept
from assets.record.records import change_rows

OBJECTIONS = "bezwaren.json"
# The day from which a close may run (design.md section 8, Rhythm).
CLOSE_DAY = 15


def applies(entry: date, stand: date) -> bool:
    """Whether an objection of day `entry` counts on `stand`: from the first close after it.

    A close runs in the first night on or after the 15th. Leaving one person out changes counts by one, so it must
    coincide with all other changes of a month. An entry of the 15th itself may come after that day's night: it waits.
    """
    close = entry.replace(day=CLOSE_DAY)
    if entry >= close:
        close = (close + timedelta(days=31)).replace(day=CLOSE_DAY)
    return stand >= close


@kept(frozen=True, config=STRICT)
class Objection:
    """A person who objected, by pseudonym, and the number of the request."""

    nummer: int
    datum: date
    gemeentecode: str
    persoon: str = field(repr=False)


_KEPT = TypeAdapter(tuple[Objection, ...])


@dataclass(frozen=True)
class Objections:
    """The pseudonyms that are left out. Its repr shows none."""

    persons: frozenset[str] = field(repr=False)

    @property
    def mark(self) -> str:
        """Changes when the list does; empty when nobody objected."""
        return sha256("|".join(sorted(self.persons)).encode()).hexdigest()[:16] if self.persons else ""

    def leave_out(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The frame without their rows; in the row of somebody else they are blanked (a partner)."""
        others = [pl.col(name) for name in frame.columns if name.endswith("_persoon")]
        objected = pl.Series(sorted(self.persons), dtype=pl.String).implode()
        if "persoon" in frame.columns:
            frame = frame.filter(~pl.col("persoon").is_in(objected).fill_null(False))
        return frame.with_columns(pl.when(~other.is_in(objected)).then(other) for other in others)

    def leave_out_of(self, kluis: Zone, record: Record) -> Record:
        """The record of a delivery after they were left out of the rows it stored under an earlier list."""
        if all(version.bezwaren == self.mark for version in record.versions):
            return record
        changed = change_rows(kluis, record, self.leave_out)
        good = changed.goed and replace(changed.goed, bezwaren=self.mark)
        return replace(changed, bezwaren=self.mark, goed=good)


def objections(kluis: Zone, stand: date) -> Objections:
    """Who is left out on a day."""
    counting = (entry for entry in entries(kluis) if applies(entry.datum, stand))
    return Objections(frozenset(entry.persoon for entry in counting))


def object_to(kluis: Zone, persons: dict[str, str], number: int, today: date) -> None:
    """Puts a person (gemeente -> pseudonym) on the list by number of the request; a person on it stays as is."""
    known = entries(kluis)
    there = {entry.persoon for entry in known}
    new = [
        Objection(number, today, gemeente, person)
        for gemeente, person in sorted(persons.items())
        if person not in there
    ]
    keep(kluis, [*known, *new])


def keep(kluis: Zone, listed: Iterable[Objection]) -> None:
    """Puts a list in the place of the one that is kept."""
    write_kept(kluis, OBJECTIONS, _KEPT, tuple(listed))


def entries(kluis: Zone) -> tuple[Objection, ...]:
    """The list as it is kept. Raises DamagedError."""
    return read_kept(kluis, OBJECTIONS, _KEPT, ())
