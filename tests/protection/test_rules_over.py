"""Each sum over regelingen that protection knows: what it would give away is hidden, and nothing else would hide it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl
import pytest

from assets.ground.declared import BREAKDOWN, COMBINATIES, SOORTEN, STAPELING
from assets.protection import rules, rules_over
from assets.protection.bounds import Rules, propagate
from assets.protection.protect import System, repair, system_of
from assets.protection.rules import LINKED
from assets.protection.sdc import load_sdc
from tests.making.sums import BOTH, KINDS, SEVERAL, TIED, Sum

SDC = load_sdc()
CODES = {"G": "GM0999", "A": "WK099901", "B": "WK099902"}
# What the night adds to exact figures (cells.py, close.py): all of it new, nothing public.
EVERY: dict[str, Any] = {
    "gemeentecode": "GM0999",
    "indelingsjaar": 2022,
    "peildatum": date(2022, 3, 31),
    "leeftijdsgroep": "totaal",
    "eenheid": "huishoudens",
    "status": "geleverd",
    "telt_op": True,
    "vers": True,
    "vast": False,
    "drempel": 10,
    "inwoners": 500,
}
NONE = ("vorig", "bekend_waarde", "bekend_aantal", "ruim", "onder"), ("bekend_status", "bekend_reden")


def where(name: str) -> dict[str, str]:
    """Table, own key and indicator of a figure."""
    if name.startswith("huishoudens_"):
        return {"tabel": STAPELING.table, BREAKDOWN: "", "indicator": name}
    if "|" in name:
        return {"tabel": SOORTEN.table, BREAKDOWN: name, "indicator": "clienten"}
    if "monitor_" in name:
        indicator, _, table = name.rpartition(":")
        return {"tabel": table, BREAKDOWN: "", "indicator": indicator or "huishoudens"}
    return {"tabel": COMBINATIES.table, BREAKDOWN: name, "indicator": "huishoudens"}


def cells(counts: Mapping[str, Mapping[str, int]]) -> pl.DataFrame:
    """Cells of which only small counts are hidden."""
    rows = []
    for area, figures in counts.items():
        for name, count in figures.items():
            rows.append(
                EVERY
                | {
                    **where(name),
                    "gebiedsniveau": "gemeente" if area == "G" else "wijk",
                    "gebiedscode": CODES[area],
                    "ouder_code": None if area == "G" else "GM0999",
                    "aantal": count,
                    "waarde": None if count < 10 else 5 * ((count + 2) // 5),
                    "reden": "drempel" if count < 10 else None,
                    "wat": f"{area} {name}",
                }
            )
    empty = [
        pl.lit(None, dtype).alias(n) for names, dtype in zip(NONE, (pl.Int64, pl.String), strict=True) for n in names
    ]
    return pl.DataFrame(rows, schema_overrides={"ouder_code": pl.String, "reden": pl.String}).with_columns(empty)


def system(case: Sum) -> System:
    return system_of(cells(case.counts), SDC, pl.DataFrame(schema=LINKED))


def narrow(case: Sum, tried: System) -> set[tuple[str, str]]:
    """The hidden figures of which a reader would know too much."""
    names = cells(case.counts).get_column("wat").to_list()
    found = tried.narrow(*propagate(tried.rules, *tried.bounds()))
    return {tuple(name.split(" ")) for name, is_found in zip(names, found, strict=True) if is_found}


def forget(monkeypatch: pytest.MonkeyPatch, terms: Mapping[str, int]) -> None:
    """Protection does not know that sum any more."""
    if terms == dict.fromkeys(BOTH, 1) | {SEVERAL: -1}:
        monkeypatch.setattr(rules_over, "_several", lambda *_: None)
    if any("|" in name for name in terms):
        monkeypatch.setattr(rules, "kinds", lambda *_: None)
    known = rules_over._add

    def others(found: Rules, wide: pl.DataFrame, of: dict[str, int], *, equal: bool) -> None:
        if of != terms:
            known(found, wide, of, equal=equal)

    monkeypatch.setattr(rules_over, "_add", others)


@pytest.mark.parametrize("case", (TIED | KINDS).values(), ids=TIED | KINDS)
def test_what_a_sum_gives_away_is_hidden(case: Sum, monkeypatch: pytest.MonkeyPatch):
    tried = system(case)
    before = tried.shown.copy()
    assert narrow(case, tried) == set(case.found)
    repair(tried)
    assert narrow(case, tried) == set()
    assert (before & ~tried.shown).any() or (tried.silent & ~tried.shown).any()
    forget(monkeypatch, case.terms)
    assert narrow(case, system(case)) == set(case.anyway)


def test_every_sum_has_its_case(monkeypatch: pytest.MonkeyPatch):
    """All that protection says of one place of which everything is told."""
    told: list[dict[str, int]] = []
    monkeypatch.setattr(rules_over, "_add", lambda _rules, _wide, terms, **_: told.append(terms))
    names = {name for case in TIED.values() for figures in case.counts.values() for name in figures}
    system_of(cells({"G": dict.fromkeys(sorted(names), 20)}), SDC, pl.DataFrame(schema=LINKED))
    assert len(told) > 12
    assert [terms for terms in told if terms not in [case.terms for case in TIED.values()]] == []
