"""Whether a delivery that was read counts from now on, and what its owner should know of it beside earlier ones.

What somebody agreed to is kept in `akkoord.json` in the kluis. Reads and judges no rows: that is step.py.
"""

from collections.abc import Sequence
from datetime import date

from pydantic import TypeAdapter
from pydantic.dataclasses import dataclass

from assets.ground.zones import Zone
from assets.record.delivery_record import ACCEPTED, BLOCKED, HELD, Fault, Record, accepted, refused
from assets.record.kept import STRICT, read_kept, write_kept
from assets.registrations.declaration import Registration
from validations.language.delivery import DeliveryError

# In a small gemeente a few records more or less are soon 20%: a jump is of at least this many.
JUMP_FLOOR = 20
# A file that no reader took.
NOT_READ = "LEV-56"
AGREED, REMEDY = "akkoord.json", "verwijder het en geef akkoord opnieuw voor wat nog wacht (meerdoen akkoord)"


@dataclass(frozen=True, config=STRICT)
class Agreement:
    """A delivery, as it was then, that someone agreed to although it was held."""

    bron: str
    leverancier: str
    leverdatum: date
    inhoud: str


_KEPT = TypeAdapter(tuple[Agreement, ...])


def agreements(kluis: Zone) -> tuple[Agreement, ...]:
    """All that was agreed to. Raises DamagedError."""
    return read_kept(kluis, AGREED, _KEPT, (), remedy=REMEDY)


def agree_to(kluis: Zone, record: Record) -> None:
    """Keeps that someone agreed to a delivery as it is now. Raises DamagedError."""
    write_kept(kluis, AGREED, _KEPT, (*agreements(kluis), _agreement(record)))


def notices(registration: Registration, record: Record, earlier: Sequence[Record]) -> tuple[Fault, ...]:
    """What an owner should know of a delivery beside earlier ones: the same again, or its period told otherwise."""
    own = [one for one in earlier if one.leverancier == record.leverancier]
    same = [one for one in own if one.kenmerk == record.kenmerk]
    stock = registration.semantics == "stand" and record.periode and record.toestand == ACCEPTED
    other = [one for one in own if stock and one.periode == record.periode and one.toestand == ACCEPTED]
    rule_id, found = ("LEV-19", same) if same else ("LEV-23", other)
    return tuple(Fault(rule_id, f"De eerdere levering is die van {one.leverdatum}.") for one in found[-1:])


def accept(registration: Registration, record: Record, previous: Record | None, agreed: Sequence[Agreement]) -> Record:
    """The record as accepted (its version counts from now on), or held when its volume jumped and nobody agreed."""
    if record.toestand == BLOCKED:
        return record
    # Rows left out because they are of another gemeente are no volume: when all are left out, it falls to nothing.
    before, now = (version.rijen + version.uitval for version in (previous or record, record))
    limit = registration.max_jump_pct
    jumped = limit is not None and abs(now - before) >= JUMP_FLOOR and abs(now - before) * 100 > limit * before
    # What was accepted stays so, also when an earlier delivery is replaced later.
    counts = record.goed and (record.goed.inhoud, record.goed.contract) == (record.inhoud, record.contract)
    why = None
    if jumped:
        why = DeliveryError("LEV-14", detail=f"Vorige levering {before}, deze {now} records.")
    elif record.heel and record.niet_gelezen:
        # Half a stock makes people disappear; the rest of deliveries that accumulate can come later.
        why = DeliveryError(NOT_READ, record.niet_gelezen[0], detail=f"Aantal: {len(record.niet_gelezen)}.")
    if why and not counts and _agreement(record) not in agreed:
        return refused(record, why, HELD)
    return accepted(record)


def _agreement(record: Record) -> Agreement:
    return Agreement(record.bron, record.leverancier, record.leverdatum, record.inhoud)
