"""The other tables of an edition: dim_*, monitor_kwaliteit, monitor_herkomst and monitor_ingetrokken.

No count of persons: areas, definitions, deliveries (records rounded to 10) and where figures came from.
"""

from collections.abc import Collection, Mapping
from datetime import date, timedelta

import polars as pl

from assets.ground.declared import OTHERS, OVER_REGELINGEN
from assets.protection.public import names_masked
from assets.registrations.declaration import Registration

AS_DELIVERED = "Personen op de peildatum zoals de bron ze geeft, per gebied afgerond op 10; niets is opgeteld"
OVER_ALL = (
    "{}; over de regelingen die samen tellen (unieset in monitor_herkomst) één keer. Wie nooit in de BRP voorkomt, "
    "telt op elk adres dat leveringen geven"
)
NOT_PUBLISHED = "niet gepubliceerd voor deze regeling: bijna altijd gelijk aan {}"
OF = {table.name: table for table in OTHERS}
# At least this many rejected rows stay possible besides none; and from this many rows half a per cent is as many.
UNTOLD, PERCENTAGE_FROM = 10, 2000
ORIGIN = OF["monitor_herkomst"].schema


def dim_regeling(regelingen: pl.DataFrame, changes: pl.DataFrame) -> pl.DataFrame:
    """One row per regeling: law, validity, lijn, unit, denominator, telwijze, and the breaks in its series."""
    step = pl.format("{}: {} -> {}", "ingangsdatum", "van", "naar")
    breaks = changes.sort("regeling", "ingangsdatum").group_by("regeling").agg(breuken=step.str.join("; "))
    return OF["dim_regeling"].of(regelingen.join(breaks, on="regeling", how="left").sort("regeling"))


def dim_gebied(areas: pl.DataFrame, published: pl.DataFrame) -> pl.DataFrame:
    """One row per area and year, `onbekend` included; those of figures published earlier stay as they were."""
    columns = list(OF["dim_gebied"].columns)
    key = ["gemeentecode", "indelingsjaar", "gebiedscode"]
    rows = pl.concat([published.select(columns), areas.select(columns)])
    return OF["dim_gebied"].of(names_masked(rows.unique(key, keep="last", maintain_order=True).sort(key)))


def dim_indicator(
    indicators: pl.DataFrame,
    regelingen: pl.DataFrame,
    rates: pl.DataFrame,
    registrations: dict[str, Registration],
    *,
    same_as: dict[str, dict[str, str]],
    grids: Mapping[str, Collection[str]],
) -> pl.DataFrame:
    """One row per regeling, or table over them, and public indicator: definition, law, source, owner, unit, rate, rule.

    `rates`: what each table is divided by (rates.of_tables).
    `grids`: the indicators of each table over regelingen.
    `same_as`: per regeling the indicators that are not published, and what each nearly always equals (Sdc).
    """
    pairs = [(r, indicator, other) for r, own in same_as.items() for indicator, other in own.items()]
    unpublished = pl.DataFrame(
        pairs, {"regeling": pl.String, "indicator": pl.String, "gelijk": pl.String}, orient="row"
    )
    owners = pl.DataFrame(
        [(bron, registration.owner) for bron, registration in registrations.items()],
        schema=["bron", "eigenaar"],
        orient="row",
    )
    laws = regelingen.select("regeling", "wet", "bron", "bronkolommen", "telwijze", "lezing")
    laws = laws.join(owners, on="bron", how="left")
    over = [table for table in OVER_REGELINGEN if table.law]
    laws = pl.concat([laws, pl.DataFrame([table.law for table in over], laws.schema)])
    # A regime apart has its own words; what is of all aggregates is as their source says.
    aggregate = (pl.col("telwijze") == "aggregaat") & pl.col("alleen_regeling").is_null()
    found = (
        indicators.filter(pl.col("openbaar") == "ja")
        .join(laws, how="cross")
        .filter(pl.col("telwijzen").str.split(" ").list.contains(pl.col("telwijze")))
        .filter(pl.col("alleen_regeling").is_null() | (pl.col("alleen_regeling") == pl.col("regeling")))
        .filter(_in_its_grid(grids))
        .with_columns(
            pl.when(aggregate)
            .then(pl.lit(AS_DELIVERED))
            .when(pl.col("regeling").is_in([table.name for table in over if table.over_a_set]))
            .then(pl.format(OVER_ALL, "definitie"))
            .otherwise("definitie")
            .alias("definitie"),
            pl.when(aggregate).then(pl.lit("zoals geleverd")).otherwise("formule").alias("formule"),
        )
        .join(unpublished, on=["regeling", "indicator"], how="left")
        .join(rates.drop("eenheid"), on=["regeling", "indicator"], how="left")
        .with_columns(
            # How the monitor reads what law or source leaves open.
            pl.concat_str("definitie", "lezing", separator=". ", ignore_nulls=True).alias("definitie"),
            pl.coalesce(pl.format(NOT_PUBLISHED, "gelijk"), "publicatieregel").alias("publicatieregel"),
        )
        .sort("regeling", "indicator")
    )
    return OF["dim_indicator"].of(found)


def _in_its_grid(grids: Mapping[str, Collection[str]]) -> pl.Expr:
    """Whether a table over regelingen publishes the indicator; of a regeling what is not is told too."""
    own = [(pl.col("regeling") == name) & ~pl.col("indicator").is_in(list(shown)) for name, shown in grids.items()]
    return ~pl.any_horizontal(pl.lit(False), *own)


def monitor_kwaliteit(
    deliveries: pl.DataFrame,
    gemeenten: list[str],
    registrations: dict[str, Registration],
    *,
    stand: date,
    audit: dict,
    asked: dict[str, dict[str, date]],
) -> pl.DataFrame:
    """One row per registration and gemeente: the last delivery, how it was, and whether the next one is late.

    Tells months, never days: for a source that is asked daily, days are those on which somebody's dossier changed.
    `asked`: when each leverancier of a bron answered last; then that is its last delivery.
    """
    rows = []
    for bron, registration in registrations.items():
        for gemeente in gemeenten:
            # What a leverancier for several gemeenten delivered badly concerns each of them.
            shared = ~pl.col("leverancier").str.starts_with("GM") & (pl.col("toestand") != "aanvaard")
            concerns = (pl.col("gemeentecode") == gemeente) | shared
            own = deliveries.filter(pl.col("bron") == bron, concerns).sort("leverdatum", "toestand").rows(named=True)
            accepted = [row for row in own if row["toestand"] == "aanvaard"]
            last = own[-1] if own else None
            expected = month = None
            if last and accepted:
                newest = accepted[-1]
                answered = asked.get(bron, {}).get(newest["leverancier"], newest["leverdatum"])
                day = max(newest["leverdatum"], answered)
                expected = _month(day + timedelta(days=registration.cadence_days + registration.grace_days))
                month = _month(max(last["leverdatum"], day))
            elif last:
                month = _month(last["leverdatum"])
            rows.append(
                {
                    "bron": bron,
                    "gemeentecode": gemeente,
                    "laatste_levering": month,
                    "toestand": last["toestand"] if last else "niet_geleverd",
                    **(_counts(last, registration) if last else {"rijen": None, "uitval_pct": None}),
                    "open_regels": last["open_regels"] if last else "",
                    "verwacht_voor": expected,
                    "actualiteit": _freshness(expected, stand),
                    "auditresultaat": _audited(audit) if registration.regelingen else "nvt",
                }
            )
    return pl.DataFrame(rows, schema=OF["monitor_kwaliteit"].schema)


def _counts(last: dict, registration: Registration) -> dict[str, int | None]:
    """Rows and rejected share of a delivery, as far as no number under 10 follows from them (docs/beveiliging.md)."""
    if registration.pulls_changes:
        # They are the dossiers that changed since the day before.
        return {"rijen": None, "uitval_pct": None}
    rows, whole = coarse_rows(last["rijen"], registration.max_uitval_pct), last["rijen_levering"]
    return {"rijen": rows, "uitval_pct": coarse_percentage(whole, last["uitval"])}


def coarse_rows(rows: int, max_uitval_pct: float) -> int | None:
    """The good rows, rounded to 10; None when so few that their acceptance tells how many were rejected.

    A delivery is accepted when at most `max_uitval_pct` of it is rejected. In a delivery that is told at least ten can
    be, so that eleven numbers stay possible; in all that are not told together, as many.
    """
    rounded = (rows + 5) // 10 * 10
    most = max_uitval_pct * (rounded - 5) / (100 - max_uitval_pct) if max_uitval_pct < 100 else rounded
    return rounded if rounded >= 20 and most >= UNTOLD else None


def coarse_percentage(rows: int, rejected: int) -> int | None:
    """The rejected share in whole per cents; None for few rows: there each per cent would be less than ten rows."""
    return round(100 * rejected / (rows + rejected)) if (rows + 5) // 10 * 10 >= PERCENTAGE_FROM else None


def _audited(audit: dict) -> str:
    """That the audit found nothing, and which audit it was: nothing that depends on a hidden figure."""
    version = f", aanval {audit['aanval']}" if audit.get("aanval") else ""
    return f"in orde op {audit['stand']}{version}"


def _month(day: date) -> str:
    return f"{day:%Y-%m}"


def monitor_ingetrokken(withdrawals: list[dict]) -> pl.DataFrame:
    """The editions that were withdrawn (ledger.withdrawals): what they showed is not to be used."""
    rows = [(entry["editie"], date.fromisoformat(entry["dag"]), entry["toelichting"]) for entry in withdrawals]
    return pl.DataFrame(rows, schema=OF["monitor_ingetrokken"].schema, orient="row")


def _freshness(expected: str | None, stand: date) -> str:
    """Freshness is judged by month, as it is published: by day it would tell the day of the last delivery."""
    if expected is None:
        return "niet geleverd"
    return "op tijd" if _month(stand) <= expected else "te laat"


def monitor_herkomst(origin: pl.DataFrame, regeling: str, versions: dict[str, str]) -> pl.DataFrame:
    """The deliveries behind the figures of one table, per month (`origin`), and the versions of all that made them."""
    return (
        origin.with_columns(
            tabel=pl.lit(f"monitor_{regeling}"),
            model=pl.lit(f"wijkcijfers_{regeling}"),
            **{name: pl.lit(value) for name, value in versions.items()},
        )
        .select(pl.col(name).cast(dtype) for name, dtype in ORIGIN.items())
        .sort("gemeentecode", "peildatum", "bron", "leverancier", "levermaand", "levering")
    )
