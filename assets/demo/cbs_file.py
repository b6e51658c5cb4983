"""Figures for the demo of any gemeente, out of a file of CBS kerncijfers: `demo --kerncijfers BESTAND`.

Read by the reader and the contract of the registration `kerncijfers`: what can be delivered can be used here. What the
file does not give, or gives as unknown, follows the shares of the gemeenten that the demo knows.
"""

from collections.abc import Iterable
from pathlib import Path

import polars as pl

from assets.readers import SourceFile
from assets.registrations.declaration import registrations
from validations.language.delivery import RULES, DeliveryError
from validations.language.judge import judge

# A figure that is unknown, as a share of one that is known: the ages of residents, then households, then the rest.
BASES = {
    "a_00_14": "a_inw",
    "a_15_24": "a_inw",
    "a_25_44": "a_inw",
    "a_45_64": "a_inw",
    "a_65_oo": "a_inw",
    "a_hh": "a_inw",
    "a_1p_hh": "a_hh",
    "a_hh_z_k": "a_hh",
    "a_hh_m_k": "a_hh",
    "a_soz_wb": "a_inw",
    "a_soz_ao": "a_inw",
    "a_soz_ow": "a_65_oo",
    "a_wmo_t": "a_inw",
    "jz_jongeren_totaal": "a_00_14",
}
# CBS rounds residents of a wijk to 5, and a few are of no wijk; more than this is a wijk that is not in the file.
MISSING = 0.05
# Made-up postcodes, one per wijk: a file of kerncijfers does not tell the real one of a wijk.
FIRST_PC4 = 1001


def read_figures(file: Path, gemeenten: Iterable[str], known: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Figures of each gemeente and its wijken, and its buurten; columns as in kerncijfers.csv and buurten.csv.

    `known`: figures of gemeenten that the demo has, for the shares. Raises ValueError in Dutch, without a value.
    """
    rows = _rows(file).filter(pl.col("gemeentecode").is_in(list(gemeenten)))
    absent = [code for code in gemeenten if rows.filter(code=code).is_empty()]
    if absent:
        raise ValueError(
            f"--kerncijfers: {', '.join(absent)} staat niet als gemeente in het bestand. Neem van het CBS (StatLine,"
            " Kerncijfers wijken en buurten) gemeente, wijken en buurten samen."
        )
    rows = rows.filter(pl.col("jaar") == pl.col("jaar").max().over("gemeentecode"))
    kinds = {kind: rows.filter(pl.col("code").str.starts_with(kind)).sort("code") for kind in ("GM", "WK", "BU")}
    without = set(gemeenten) - set(kinds["WK"]["gemeentecode"])
    if without:
        raise ValueError(f"--kerncijfers: van {', '.join(sorted(without))} staan er geen wijken in het bestand.")
    of_wijken = kinds["WK"].group_by("gemeentecode").agg(pl.col("a_inw").sum().alias("samen"))
    part = (
        kinds["GM"].join(of_wijken, on="gemeentecode").filter((1 - pl.col("samen") / pl.col("a_inw")).abs() > MISSING)
    )
    if part.height:
        codes = ", ".join(sorted(part["gemeentecode"]))
        raise ValueError(
            f"--kerncijfers: de wijken van {codes} hebben samen niet de inwoners van de gemeente. Neem alle wijken op."
        )
    facts = pl.concat([_filled(kinds[kind], known) for kind in ("GM", "WK")]).rename({"gemeentecode": "gm_code"})
    return facts.select(known.columns), _buurten(kinds["WK"], kinds["BU"])


def _rows(file: Path) -> pl.DataFrame:
    registration = registrations()["kerncijfers"]
    contract = registration.contracts["kerncijfers"]
    try:
        frame = registration.read([SourceFile(file.name, file)]).frames["kerncijfers"]
    except DeliveryError as error:
        rule = RULES[error.rule_id]
        raise ValueError(f"--kerncijfers: {rule.message} {error.detail or ''} {rule.hint}".replace("  ", " ")) from None
    except OSError:
        raise ValueError("--kerncijfers: dat bestand is er niet, of is niet te lezen.") from None
    return judge(contract, frame.with_columns(leverancier=pl.lit("NL"))).good


def _filled(rows: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """The rows with every figure of the demo."""
    whole = known.filter(pl.col("code") == pl.col("gm_code"))
    filled = rows.with_columns(pl.lit(None, pl.Int64).alias(name) for name in set(BASES) - set(rows.columns))
    filled = filled.with_columns(pl.col("a_inw").fill_null(0), pl.col("naam").fill_null(pl.col("code")))
    for figure, base in BASES.items():
        share = whole.select(pl.col(figure).sum() / pl.col(base).sum()).item()
        filled = filled.with_columns(pl.col(figure).fill_null((pl.col(base) * share).round().cast(pl.Int64)))
    return filled


def _buurten(wijken: pl.DataFrame, buurten: pl.DataFrame) -> pl.DataFrame:
    """A row per buurt; a wijk of which the file has none is one buurt. Residents are weights, so at least 1."""
    numbered = wijken.with_row_index("nummer").select(
        wijk="code", pc4=(pl.col("nummer") % 8999 + FIRST_PC4).cast(pl.String)
    )
    own = buurten.with_columns(wijk=pl.lit("WK") + pl.col("code").str.slice(2, 6))
    bare = wijken.with_columns(wijk="code").join(own, on="wijk", how="anti")
    bare = bare.with_columns(code=pl.lit("BU") + pl.col("code").str.slice(2) + "00")
    return (
        pl.concat([own, bare.select(own.columns)])
        .join(numbered, on="wijk", maintain_order="left")
        .select(
            buurtcode="code",
            buurtnaam=pl.col("naam").fill_null(pl.col("code")),
            pc4="pc4",
            inwoners=pl.col("a_inw").fill_null(0).clip(lower_bound=1),
        )
        .sort("buurtcode")
    )
