"""What CBS tells of the gemeenten of the demo: residents, households and clients per wijk, and the names of buurten.

`kerncijfers.csv`: CBS StatLine 85039NED, Kerncijfers wijken en buurten 2021, © CBS, CC BY 4.0. CBS rounds benefits to
10 and residents and Wmo to 5. Wmo of wijken does not add up to the gemeente. Its last column, jz_jongeren_totaal, is
CBS StatLine 85075NED, Jeugdzorg in wijken 2021: young people with jeugdzorg, © CBS, CC BY 4.0, rounded to 5.
`buurten.csv`: Weert and Nederweert from CBS StatLine 85984NED (2024), © CBS, CC BY 4.0: code, name, most common PC4
and residents, used here as weights only. The buurten of Veendam and Pekela, named `(demo)`, are made up.
`historisch_*.csv`: Eerdewijk, GM9001, which does not exist and has a code that CBS does not give out: all made up.
CBS counts who used Wmo in the half-year, or jeugdzorg in the year, that ends on the calibration day, and who was in
bijstand on that day.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from assets.demo.cbs_file import read_figures

HERE = Path(__file__).parent
# The gemeente of years ago (`--gemeenten historisch`): with AWBZ, both layouts of BUS and the successions of 2015.
HISTORIC = "GM9001"

# The age groups of CBS: column, first age, and the age at which the next group starts (for 65+ drawn otherwise).
AGE_GROUPS = (
    ("a_00_14", 0, 15),
    ("a_15_24", 15, 25),
    ("a_25_44", 25, 45),
    ("a_45_64", 45, 65),
    ("a_65_oo", 65, 100),
)


@dataclass(frozen=True)
class Gemeente:
    """One gemeente: its own CBS row, its wijken and its buurten, all figures times the same factor; `cbs`: unscaled."""

    code: str
    naam: str
    totaal: dict[str, int]
    wijken: pl.DataFrame
    buurten: pl.DataFrame
    cbs: pl.DataFrame

    @property
    def digits(self) -> str:
        """The code without GM: 0988."""
        return self.code[2:]


def _known(gemeenten: tuple[str, ...]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Figures and buurten of these gemeenten. Raises ValueError for a gemeente that the demo has no figures of."""
    facts = _facts()
    known = facts.get_column("gm_code").unique(maintain_order=True).to_list()
    unknown = [code for code in gemeenten if code not in known]
    if unknown or not gemeenten:
        # The names that were asked for are not repeated: anything may have been typed there.
        why = f"{len(unknown)} van de gemeenten kent de demo niet" if unknown else "Er is geen gemeente genoemd"
        raise ValueError(
            f"--gemeenten: {why}. Twee wegen: kies uit {', '.join(known)} en historisch; of geef met --kerncijfers"
            " een bestand van het CBS waar de gemeente in staat (StatLine, Kerncijfers wijken en buurten)."
        )
    tables = (HERE / name for name in ("buurten.csv", "historisch_buurten.csv"))
    buurten = pl.concat([pl.read_csv(table, schema_overrides={"pc4": pl.String}) for table in tables]).sort("buurtcode")
    return facts.filter(pl.col("gm_code").is_in(gemeenten)), buurten


def _facts() -> pl.DataFrame:
    return pl.concat([pl.read_csv(HERE / name) for name in ("kerncijfers.csv", "historisch_kerncijfers.csv")])


def load(gemeenten: tuple[str, ...], inwoners: int | None, file: Path | None = None) -> list[Gemeente]:
    """The gemeenten with their real size, or scaled to `inwoners` residents in all.

    `file`: CBS kerncijfers to take them from, instead of those that the demo has. Raises ValueError, in Dutch, for a
    gemeente of which there are no figures.
    """
    # Figures of years ago are made up: no shares of those.
    real = pl.col("gm_code") != HISTORIC
    facts, buurten = read_figures(file, gemeenten, _facts().filter(real)) if file else _known(gemeenten)
    total = facts.filter(pl.col("code") == pl.col("gm_code")).get_column("a_inw").sum()
    factor = inwoners / total if inwoners else 1.0
    scaled = facts.with_columns((pl.selectors.starts_with("a_", "jz_") * factor).round().cast(pl.Int64))
    found = []
    for code in gemeenten:
        rows = scaled.filter(pl.col("gm_code") == code)
        totaal = rows.row(by_predicate=pl.col("code") == code, named=True)
        wijken = rows.filter(pl.col("code") != code).sort("code").with_row_index("wijk")
        own = buurten.with_columns(("WK" + pl.col("buurtcode").str.slice(2, 6)).alias("wijkcode"))
        own = own.join(wijken.select("wijk", wijkcode="code"), on="wijkcode", maintain_order="left")
        found.append(Gemeente(code, totaal["naam"], totaal, wijken, own, facts.filter(pl.col("gm_code") == code)))
    return found


def targets(
    rng: np.random.Generator, per_wijk: np.ndarray, total: int, spread: int, least: int = 0
) -> tuple[np.ndarray, int]:
    """How many clients to make in each wijk, and how many more whose address nobody knows.

    Each wijk and the gemeente as a whole come within `spread` of the CBS figure, but there are at least `least`.
    """
    made = np.maximum(per_wijk + rng.integers(-spread, spread, len(per_wijk), endpoint=True), 0)
    lowest = np.maximum(per_wijk - spread, 0)
    while made.sum() > total + spread and (made > lowest).any():
        made[np.argmax(made - lowest)] -= 1
    goal = total + int(rng.integers(-spread, spread, endpoint=True))
    unknown = max(goal - int(made.sum()), 0)
    made[np.argmax(per_wijk)] += max(least - int(made.sum()), 0)
    return made, unknown
