"""The other tables of an edition: dim_regeling, dim_gebied, dim_indicator, monitor_kwaliteit, monitor_herkomst.

No count of persons: areas, definitions, deliveries (records rounded to 10) and where figures came from.
"""

from datetime import date, timedelta

import polars as pl

from assets.intake.registration import Registration
from assets.regelingen import UNION

AS_DELIVERED = "Personen op de peildatum zoals de bron ze geeft, per gebied afgerond op 10; niets is opgeteld"
OVER_ALL = (
    "{}; over de regelingen die samen tellen (unieset in monitor_herkomst) één keer. Wie nooit in de BRP voorkomt, "
    "telt op elk adres dat leveringen geven"
)
UNION_LAW = {
    "regeling": UNION,
    "wet": "alle regelingen die samen tellen",
    "bron": "alle",
    "bronkolommen": "die van de regelingen die samen tellen",
    "noemer": "inwoners",
    "telwijze": "unie",
    "eigenaar": "team:monitor",
}
ORIGIN = {
    "tabel": pl.String,
    "gemeentecode": pl.String,
    "peildatum": pl.Date,
    "bron": pl.String,
    "leverancier": pl.String,
    "leverdatum": pl.Date,
    "sha256": pl.String,
    "contractversie": pl.String,
    "model": pl.String,
    "modelversie": pl.String,
    "codeversie": pl.String,
    "run_id": pl.String,
    "unieset": pl.String,
}


def dim_regeling(regelingen: pl.DataFrame, changes: pl.DataFrame) -> pl.DataFrame:
    """One row per regeling: law, validity, lijn, unit, denominator, telwijze, and the breaks in its series."""
    told = pl.format("{}: {} -> {}", "ingangsdatum", "van", "naar")
    breaks = changes.sort("regeling", "ingangsdatum").group_by("regeling").agg(breuken=told.str.join("; "))
    return regelingen.drop("bronkolommen").join(breaks, on="regeling", how="left").sort("regeling")


def dim_gebied(areas: pl.DataFrame, published: pl.DataFrame) -> pl.DataFrame:
    """One row per area and year, `onbekend` included; those of figures published earlier stay as they were."""
    columns = ["gemeentecode", "gebiedsniveau", "gebiedscode", "gebiedsnaam", "indelingsjaar", "ouder_code"]
    key = ["gemeentecode", "indelingsjaar", "gebiedscode"]
    rows = pl.concat([published.select(columns), areas.select(columns)])
    return rows.unique(key, keep="last", maintain_order=True).sort(key)


def dim_indicator(
    indicators: pl.DataFrame, regelingen: pl.DataFrame, registrations: dict[str, Registration]
) -> pl.DataFrame:
    """One row per regeling, or UNION, and published indicator: definition, law, source columns, owner, unit, rule."""
    owners = pl.DataFrame(
        [(bron, registration.owner) for bron, registration in registrations.items()],
        schema=["bron", "eigenaar"],
        orient="row",
    )
    laws = regelingen.select("regeling", "wet", "bron", "bronkolommen", "noemer", "telwijze")
    laws = laws.join(owners, on="bron", how="left")
    laws = pl.concat([laws, pl.DataFrame(UNION_LAW).select(laws.columns)])
    # A regime apart has its own words; what is of all aggregates is as their source says.
    aggregate = (pl.col("telwijze") == "aggregaat") & pl.col("alleen_regeling").is_null()
    return (
        indicators.filter(pl.col("openbaar") == "ja")
        .drop("openbaar", "per_leeftijd", "kwartaal")
        .join(laws, how="cross")
        .filter(pl.col("telwijzen").str.split(" ").list.contains(pl.col("telwijze")))
        .filter(pl.col("alleen_regeling").is_null() | (pl.col("alleen_regeling") == pl.col("regeling")))
        .with_columns(
            pl.when(aggregate)
            .then(pl.lit(AS_DELIVERED))
            .when(pl.col("regeling") == UNION)
            .then(pl.format(OVER_ALL, "definitie"))
            .otherwise("definitie")
            .alias("definitie"),
            pl.when(aggregate).then(pl.lit("zoals geleverd")).otherwise("formule").alias("formule"),
        )
        .select(
            "regeling",
            "indicator",
            "naam",
            "definitie",
            "formule",
            "wet",
            "bron",
            "bronkolommen",
            "eigenaar",
            "eenheid",
            "noemer",
            "publicatieregel",
        )
        .sort("regeling", "indicator")
    )


def monitor_kwaliteit(
    deliveries: pl.DataFrame,
    gemeenten: list[str],
    registrations: dict[str, Registration],
    stand: date,
    audit: dict,
) -> pl.DataFrame:
    """One row per registration and gemeente: the last delivery, how it was, and whether the next one is late."""
    rows = []
    for bron, registration in registrations.items():
        for gemeente in gemeenten:
            # What a leverancier for several gemeenten delivered badly concerns each of them.
            concerns = pl.col("gemeentecode").eq(gemeente) | ~pl.col("leverancier").str.starts_with("GM")
            own = deliveries.filter(pl.col("bron") == bron, concerns).sort("leverdatum", "toestand")
            accepted = own.filter(pl.col("toestand") == "aanvaard", pl.col("gemeentecode") == gemeente)
            last = own.row(-1, named=True) if own.height else None
            expected = None
            if accepted.height:
                days = registration.cadence_days + registration.grace_days
                expected = accepted.row(-1, named=True)["leverdatum"] + timedelta(days=days)
            rows.append(
                {
                    "bron": bron,
                    "gemeentecode": gemeente,
                    "laatste_levering": last["leverdatum"] if last else None,
                    "toestand": last["toestand"] if last else "niet_geleverd",
                    "rijen": (last["rijen"] + 5) // 10 * 10 if last else None,
                    "uitval_pct": _percent(last["uitval"], last["rijen"]) if last else None,
                    "open_regels": last["regels"] if last else "",
                    "verwacht_voor": expected,
                    "actualiteit": _freshness(expected, stand),
                    "auditresultaat": _audited(audit) if registration.regelingen else "nvt",
                }
            )
    schema = {
        "bron": pl.String,
        "gemeentecode": pl.String,
        "laatste_levering": pl.Date,
        "toestand": pl.String,
        "rijen": pl.Int64,
        "uitval_pct": pl.Int64,
        "open_regels": pl.String,
        "verwacht_voor": pl.Date,
        "actualiteit": pl.String,
        "auditresultaat": pl.String,
    }
    return pl.DataFrame(rows, schema=schema)


def _audited(audit: dict) -> str:
    """What the audit found, in words; no exact value of a cell."""
    return (
        f"in orde op {audit['stand']}: {audit['aangevallen']} kleine aantallen aangevallen, geen gevonden; "
        f"smalste interval {audit['smalste']} breed"
    )


def _percent(rejected: int, good: int) -> int:
    return round(100 * rejected / (rejected + good)) if rejected + good else 0


def _freshness(expected: date | None, stand: date) -> str:
    if expected is None:
        return "niet geleverd"
    return "op tijd" if stand <= expected else "te laat"


def monitor_herkomst(origin: pl.DataFrame, regeling: str, versions: dict[str, str]) -> pl.DataFrame:
    """Of one regeling, per month: the deliveries behind its figures, and the versions of all that made them."""
    return (
        origin.filter(pl.col("regeling") == regeling)
        .with_columns(
            tabel=pl.lit(f"monitor_{regeling}"),
            model=pl.lit(f"wijkcijfers_{regeling}"),
            **{name: pl.lit(value) for name, value in versions.items()},
        )
        .select(pl.col(name).cast(dtype) for name, dtype in ORIGIN.items())
        .sort("gemeentecode", "peildatum", "bron", "leverancier", "leverdatum")
    )
