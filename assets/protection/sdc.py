"""The settings of disclosure control (sdc.yml) and its rounding rule. A setting that is not safe is refused here."""

from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from assets.ground.declared import BETWEEN, GRID, LEVELS, STREET, counted

FILE = Path(__file__).with_name("sdc.yml")
AGES = ("totaal", "0-14", "15-24", "25-44", "45-64", "65+")
NAMES = {
    "drempel": "threshold",
    "basis": "base",
    "breedte": "width",
    "groep_max": "group_max",
    "huishoudens_min": "households_min",
    "adres_max": "address_max",
    "inwoners_min": "residents_min",
    "revisie_min": "revision_min",
    "extra_gevoelig": "extra_sensitive",
    "aanbod": "supply",
    "valt_samen": "same_as",
    "straat_openbaar": "streets_public",
}


# The rows of a grid; of a table with key columns of its own `alleen` are the values (all of them, or those of the first
# column) that it is published of (null: every one), and it is published of every `om_de`th month of the year.
CELLS = {"gebiedsniveau": pl.String, "indicator": pl.String, "leeftijdsgroep": pl.String}
CELLS |= {"alleen": pl.List(pl.String), "om_de": pl.Int8, "drempel": pl.Int64}


class UnsafeSettingsError(ValueError):
    """sdc.yml asks for less protection than the monitor allows, or for something that does not exist."""


@dataclass(frozen=True)
class Sdc:
    """The settings of one gemeente.

    `grids`: those that tables name (declared.py), each level -> indicator -> `leeftijd` (all ages) or `totaal`;
    `supply`: the indicators that count no persons, published at every level; `same_as`: regeling -> indicator that is
    not published -> the one that it nearly always equals.
    """

    threshold: int
    base: int
    width: int
    group_max: float
    households_min: int
    address_max: float
    residents_min: dict[str, int]
    revision_min: int
    extra_sensitive: dict[str, dict]
    supply: tuple[str, ...]
    same_as: dict[str, dict[str, str]]
    streets_public: bool
    grids: dict[str, dict[str, dict[str, Any]]]

    @property
    def grid(self) -> dict[str, dict[str, Any]]:
        """The grid of a regeling."""
        return self.grids[GRID]

    def without_persons(self) -> "Sdc":
        """The settings of supply: its own indicators, shown from 0, exact, and anew at every close."""
        grid = {level: dict.fromkeys(self.supply, AGES[0]) for level in LEVELS}
        return replace(
            self, threshold=0, base=1, residents_min={}, revision_min=1, extra_sensitive={}, grids={GRID: grid}
        )

    def cells(self, regeling: str = "") -> pl.DataFrame:
        """The grid of a table of figures as rows of gebiedsniveau, indicator, leeftijdsgroep; "": of any regeling."""
        table = counted()[regeling] if regeling else None
        # What is stricter for a regeling is so too where a table tells of it apart.
        apart = (table and table.tells_of) or {"": ()}
        rows = [
            (level, indicator, age, values, said.get("om_de", 1), max(map(self.threshold_of, names)))
            for first, of in apart.items()
            for names in ((regeling, *of),)
            for level, indicators in self.grids[table.grid if table else GRID].items()
            if all(level in self.extra_sensitive.get(name, {}).get("niveaus", (*LEVELS, STREET)) for name in names)
            for indicator, said in ((name, _entry(value)) for name, value in indicators.items())
            if indicator not in self.same_as.get(regeling, {})
            for values in (_of(said.get("alleen"), first),)
            if values != []
            for age in (AGES if said["leeftijd"] == "leeftijd" else AGES[:1])
        ]
        return pl.DataFrame(rows, schema=CELLS, orient="row")

    def threshold_of(self, regeling: str) -> int:
        """The threshold under which nothing of a regeling is shown."""
        return max(self.threshold, self.extra_sensitive.get(regeling, {}).get("drempel", 0))


def load_sdc(path: Path = FILE, gemeente: str | None = None) -> Sdc:
    """The settings of a gemeente (None: those that hold for all). Raises UnsafeSettingsError."""
    content = deepcopy(_said(path.read_text(encoding="utf-8")))
    own = content.pop("gemeenten", {})
    grids = {name: content.pop(name) for name in sorted({table.grid for table in counted().values()})}
    if unknown := set(content) - set(NAMES) | {n for v in own.values() for n in set(v) - set(NAMES) - set(grids)}:
        raise UnsafeSettingsError(f"sdc.yml kent geen {', '.join(sorted(unknown))}")
    content["aanbod"] = tuple(content["aanbod"])
    sdc = Sdc(**{name: content[key] for key, name in NAMES.items()}, grids=grids)
    _check(sdc)
    _check_names(sdc)
    _check_grids(sdc)
    for code, values in own.items():
        # One grid, base and width for all: tables of gemeenten stand side by side, and their sums are checked together.
        if loose := set(values) & {*grids, "valt_samen", "straat_openbaar", "aanbod", "basis", "breedte"}:
            raise UnsafeSettingsError(
                f"sdc.yml: {', '.join(sorted(loose))} geldt voor alle gemeenten, niet voor {code}"
            )
        stricter = replace(sdc, **{NAMES[key]: value for key, value in values.items()})
        _check(stricter)
        _check_names(stricter)
        if code == gemeente:
            return stricter
    return sdc


def settings_mark(path: Path = FILE) -> str:
    """What the settings say: when it changes, everything is judged anew."""
    return repr(_said(path.read_text(encoding="utf-8")))


@cache
def _said(text: str) -> dict:
    return yaml.safe_load(text)


def _check(sdc: Sdc) -> None:
    thresholds = [sdc.threshold, *(extra.get("drempel", sdc.threshold) for extra in sdc.extra_sensitive.values())]
    if min(thresholds) < 5 or any(t % sdc.base for t in thresholds) or sdc.base < 5 or sdc.width < 4:
        raise UnsafeSettingsError(
            "sdc.yml: drempel is minstens 5 en een veelvoud van basis; basis minstens 5, breedte minstens 4"
        )
    if not (0 < sdc.group_max <= 0.95 and 0 < sdc.address_max <= 0.75) or sdc.households_min < 3:
        raise UnsafeSettingsError(
            "sdc.yml: groep_max hoogstens 0.95, adres_max hoogstens 0.75, huishoudens_min minstens 3"
        )
    if sdc.revision_min < 5 or any(limit < 0 for limit in sdc.residents_min.values()):
        raise UnsafeSettingsError("sdc.yml: revisie_min is minstens 5, inwoners_min niet negatief")
    shown = {indicator for indicators in sdc.grid.values() for indicator in indicators}
    for regeling, pairs in sdc.same_as.items():
        if unknown := (set(pairs) | set(pairs.values())) - shown or set(pairs) & set(pairs.values()):
            raise UnsafeSettingsError(
                f"sdc.yml: valt_samen van {regeling} noemt {', '.join(sorted(unknown))}; noem een cijfer van het"
                " rooster, en een ander dat gepubliceerd blijft"
            )
    over = {name: grid for name, grid in sdc.grids.items() if name != GRID}
    levels = set(sdc.grid) | set().union(*over.values()) - {STREET} | set(sdc.residents_min) - {STREET}
    levels |= {level for extra in sdc.extra_sensitive.values() for level in extra.get("niveaus", LEVELS)}
    if unknown := levels - set(LEVELS):
        raise UnsafeSettingsError(f"sdc.yml kent geen niveau {', '.join(sorted(unknown))}")
    if "leeftijd" in sdc.grid.get("buurt", {}).values():
        raise UnsafeSettingsError("sdc.yml: leeftijdsgroepen per buurt worden niet gepubliceerd")
    streets = [grid.get(STREET, {}) for grid in over.values()]
    if any(own not in ({}, {"clienten": AGES[0]}) for own in streets) or sdc.residents_min.get(STREET, 0) < 50:
        raise UnsafeSettingsError("sdc.yml: per straat alleen clienten in totaal, en inwoners_min minstens 50")
    if type(sdc.streets_public) is not bool:
        raise UnsafeSettingsError("sdc.yml: straat_openbaar is true of false")


def _check_names(sdc: Sdc) -> None:
    if strange := (set(sdc.extra_sensitive) | set(sdc.same_as)) - set(counted()):
        raise UnsafeSettingsError(
            f"sdc.yml: extra_gevoelig of valt_samen noemt {', '.join(sorted(map(str, strange)))}, en zo heet geen tabel"
        )


def _check_grids(sdc: Sdc) -> None:
    said = [value for grid in sdc.grids.values() for own in grid.values() for value in own.values()]
    if not all(_sound(value) for value in said):
        raise UnsafeSettingsError(
            "sdc.yml: in een rooster staat bij een cijfer `leeftijd` of `totaal`, of {leeftijd: totaal, alleen: [...],"
            " om_de: 3} met een lijst van teksten en een aantal maanden dat in twaalf past"
        )


def _entry(value: str | dict) -> dict:
    """What a grid says of an indicator: `leeftijd` or `totaal`, or that with `alleen` and `om_de`."""
    return value if isinstance(value, dict) else {"leeftijd": value}


def _of(values: list[str] | None, first: str) -> list[str] | None:
    """Those of the values in a grid (None: all) that begin with that of the first own key column ("": any)."""
    if not first:
        return values
    return [first] if values is None else [value for value in values if value.split(BETWEEN)[0] == first]


def _sound(value: object) -> bool:
    """Whether a grid may say this of an indicator: a name that is not known would publish more than was meant."""
    said = _entry(value) if isinstance(value, str | dict) else {}
    only, every = said.get("alleen", []), said.get("om_de", 1)
    return (
        set(said) <= {"leeftijd", "alleen", "om_de"}
        and said.get("leeftijd") in ("leeftijd", AGES[0])
        and isinstance(only, list)
        and all(isinstance(name, str) for name in only)
        and every in (1, 3, 6, 12)
    )


def rounded(count: pl.Expr, base: int, threshold: int | pl.Expr) -> pl.Expr:
    """A count as published: null under the threshold, else rounded to the base (ONS 10-5 rule; CBS Wmo tables)."""
    return pl.when(count >= threshold).then((count + base // 2) // base * base)
