"""31 nights with changing data and two closes: what is public moves only at a close, and only for a true change."""

import io
from datetime import date, timedelta
from random import Random

import polars as pl
import pytest

from assets.protection.cells import KEY
from assets.protection.public import public_table
from tests.making.figures import CLIENTS, areas, figures, residents
from tests.making.publishing import NOTHING, cells, night
from tests.validations.disclosure.trial import UNLINKED
from validations.disclosure.attack import attack

NIGHTS = [date(2022, 6, 15) + timedelta(days=n) for n in range(31)]
CLOSES = (NIGHTS[0], NIGHTS[-1])
LATE = date(2022, 6, 27)
MAY = pl.col("peildatum") == date(2022, 5, 31)


def data_of(number: int) -> dict[str, tuple[int, ...]]:
    """Clients by buurt and age on a night: now and then one comes or goes, and one buurt grows steadily."""
    changed = {}
    for buurt, counts in CLIENTS.items():
        rng = Random(f"{buurt}{number}")
        changed[buurt] = tuple(max(0, n + rng.choice((-2, -1, 0, 0, 0, 1, 2))) for n in counts)
    grown = changed["BU09990301"]
    return changed | {"BU09990301": (*grown[:4], grown[4] + number)}


def exact(number: int, *, delivered: bool) -> pl.DataFrame:
    made = figures(data_of(number))
    if delivered:
        return made
    return made.with_columns(
        status=pl.when(MAY).then(pl.lit("niet_geleverd")).otherwise("status"),
        aantal=pl.when(MAY).then(None).otherwise("aantal"),
    )


def as_file(known: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    public_table("wmo", known, "editie", known.get_column("peildatum").max()).write_parquet(buffer)  # pyright: ignore[reportArgumentType]
    return buffer.getvalue()


def nights() -> list[pl.DataFrame]:
    """The ledger after each night; May comes late."""
    known, found = NOTHING, []
    for number, stand in enumerate(NIGHTS):
        made = cells(exact(number, delivered=stand >= LATE), areas(), residents(), known=known, stand=stand)
        known = night(known, made, stand)
        found.append(known)
    return found


def test_a_month_of_nights():
    found = nights()
    assert [stand for stand, a, b in zip(NIGHTS[1:], found, found[1:], strict=False) if not a.equals(b)] == [NIGHTS[-1]]
    # Between the closes not a byte differs, though the data changed every night.
    assert len({as_file(known) for known in found[:-1]}) == 1
    first, last = found[0], found[-1]
    both = first.join(last, on=KEY, suffix="_na")
    closed = both.filter(~MAY)
    moved = closed.filter(
        pl.col("waarde").ne_missing(pl.col("waarde_na")) | (pl.col("publicatiestatus") != pl.col("publicatiestatus_na"))
    )
    assert moved.height > 0
    assert moved.filter((pl.col("aantal") - pl.col("aantal_na")).abs() < 5).is_empty()
    assert "BU09990301" in moved.get_column("gebiedscode")
    # The late delivery got its first publication, and the month after it came with it.
    assert set(first.filter(MAY).get_column("publicatiestatus")) == {"niet_geleverd"}
    assert "gepubliceerd" in last.filter(MAY).get_column("publicatiestatus")
    assert last.get_column("peildatum").max() == date(2022, 6, 30)


@pytest.mark.parametrize(("room", "explained"), [(4, True), (0, False)])
def test_the_lock_example_of_the_design(room: int, explained: bool):
    """A = B = 10 and G = 20, later 14, 14 and 28: shown 10, 10 and 30, since only G changed by five.

    No truth explains that to who takes all three as set today; to who knows of the lock there is no contradiction.
    """
    places = {"GM0999": ("gemeente", None), "WK099901": ("wijk", "GM0999"), "WK099902": ("wijk", "GM0999")}
    counts = {"GM0999": (28, 30, 0), "WK099901": (14, 10, room), "WK099902": (14, 10, room)}
    rows = [
        {
            "gebiedscode": code,
            "gebiedsniveau": level,
            "ouder_code": parent,
            "aantal": now,
            "waarde": shown,
            "ruimte": extra,
        }
        for (code, (level, parent)), (now, shown, extra) in zip(places.items(), counts.values(), strict=True)
    ]
    frame = pl.DataFrame(rows).with_columns(
        tabel=pl.lit("monitor_wmo"),
        gemeentecode=pl.lit("GM0999"),
        indelingsjaar=pl.lit(2022, pl.Int32),
        peildatum=pl.lit(date(2022, 5, 31)),
        leeftijdsgroep=pl.lit("totaal"),
        uitsplitsing=pl.lit(""),
        indicator=pl.lit("clienten"),
        publicatiestatus=pl.lit("gepubliceerd"),
        noemer=pl.lit(None, pl.Int64),
        per_1000=pl.lit(None, pl.Float64),
        drempel=pl.lit(10),
        inwoners=pl.lit(500, pl.Int64),
    )
    outcome = attack(
        frame,
        frame.select("gemeentecode", "gebiedsniveau", "gebiedscode", "indelingsjaar", "ouder_code"),
        frame.select("gebiedscode", "peildatum", "leeftijdsgroep", "inwoners"),
        frame.select(*KEY, "aantal"),
        UNLINKED,
    )
    assert (outcome.infeasible == 0) is explained
