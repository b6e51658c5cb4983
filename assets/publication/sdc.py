"""The settings of disclosure control (sdc.yml) and its rounding rule. A setting that is not safe is refused here."""

from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl
import yaml

FILE = Path(__file__).with_name("sdc.yml")
LEVELS = ("gemeente", "wijk", "buurt")
AGES = ("totaal", "0-14", "15-24", "25-44", "45-64", "65+")


class UnsafeSettingsError(ValueError):
    """sdc.yml asks for less protection than the monitor allows."""


@dataclass(frozen=True)
class Sdc:
    """Threshold, rounding base, protection width, and the published grid: level -> indicator -> ages or total only.

    `supply`: the indicators that count no persons, published at every level.
    """

    threshold: int
    base: int
    width: int
    supply: tuple[str, ...]
    grid: dict[str, dict[str, str]]

    def without_persons(self) -> "Sdc":
        """The settings of supply: its own indicators, shown from 0, exact."""
        grid = {level: dict.fromkeys(self.supply, AGES[0]) for level in LEVELS}
        return replace(self, threshold=0, base=1, grid=grid)

    def cells(self) -> pl.DataFrame:
        """The grid as rows of gebiedsniveau, indicator, leeftijdsgroep."""
        rows = [
            (level, indicator, age)
            for level, indicators in self.grid.items()
            for indicator, ages in indicators.items()
            for age in (AGES if ages == "leeftijd" else AGES[:1])
        ]
        return pl.DataFrame(rows, schema=["gebiedsniveau", "indicator", "leeftijdsgroep"], orient="row")


def load_sdc(path: Path = FILE) -> Sdc:
    """Reads sdc.yml. Raises UnsafeSettingsError for a threshold under 5, a width under 4, or too fine a grid."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    sdc = Sdc(content["drempel"], content["basis"], content["breedte"], tuple(content["aanbod"]), content["rooster"])
    if sdc.threshold < 5 or sdc.width < 4 or sdc.base < 5 or sdc.threshold % sdc.base:
        raise UnsafeSettingsError(
            "sdc.yml: drempel is minstens 5 en een veelvoud van basis; basis minstens 5, breedte minstens 4"
        )
    if unknown := set(sdc.grid) - set(LEVELS):
        raise UnsafeSettingsError(f"sdc.yml: rooster kent geen niveau {', '.join(sorted(unknown))}")
    if "leeftijd" in sdc.grid.get("buurt", {}).values():
        raise UnsafeSettingsError("sdc.yml: leeftijdsgroepen per buurt worden niet gepubliceerd")
    return sdc


def rounded(count: pl.Expr, sdc: Sdc) -> pl.Expr:
    """A count as published: null under the threshold, else rounded to the base (ONS 10-5 rule; CBS Wmo tables)."""
    half = sdc.base // 2
    return pl.when(count >= sdc.threshold).then((count + half) // sdc.base * sdc.base)
