"""Which regelingen count together in monitor_totaal, in words: as the last night knew it, for `meerdoen status`.

What decides it is the model `unie`; what was published of it is in the ledger.
"""

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from assets.ground.declared import TOTAAL
from assets.ground.state import recall, remember

PLACE = "geheugen/unie"
NONE_YET = "nog geen registratie geleverd die samen telt"


def keep(work: Path, unie: pl.DataFrame) -> None:
    """Keeps, per gemeente, the stretches of months with one set that lack the same of it. `unie`: the model."""
    by_month = (
        unie.sort("gemeentecode", "peildatum", "regeling")
        .group_by("gemeentecode", "peildatum", maintain_order=True)
        .agg("regeling", mist=pl.col("regeling").filter(~pl.col("gedekt")))
    )
    found: dict[str, list[dict]] = {}
    for gemeente, day, counted, missing in by_month.iter_rows():
        month, spans = f"{day:%Y-%m}", found.setdefault(gemeente, [])
        if spans and (spans[-1]["regelingen"], spans[-1]["mist"]) == (counted, missing):
            spans[-1]["tot"] = month
        else:
            spans.append({"van": month, "tot": month, "regelingen": counted, "mist": missing})
    remember(work, PLACE, found)


def lines(work: Path, gemeenten: list[str]) -> Iterator[str]:
    """One line per gemeente and stretch of months; none before there was a night that counted."""
    kept = recall(work, PLACE)
    for gemeente in gemeenten if kept else []:
        before = None
        for span in kept.get(gemeente, []):
            months = span["van"] if span["van"] == span["tot"] else f"{span['van']} t/m {span['tot']}"
            # Each month that begins another set is told as a break; a month that only lacks a delivery is none.
            broken = "; breuk: een andere set" if before not in (None, span["regelingen"]) else ""
            lack = f"; niet geleverd: niet gedekt door {', '.join(span['mist'])}" if span["mist"] else ""
            yield f"{gemeente} {TOTAAL.table} {months}: {', '.join(span['regelingen'])}{broken}{lack}"
            before = span["regelingen"]
        if gemeente not in kept:
            yield f"{gemeente} {TOTAAL.table}: {NONE_YET}"
