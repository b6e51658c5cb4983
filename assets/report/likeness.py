"""What a delivery looks like, so that its owner recognises the gemeente in it.

Counts by category, age and wijk, and how often fields are empty: counted by the registration step, and compared in the
report with last time and with CBS. Judges nothing and holds no texts of a page. All of it stays in the kluis.
"""

import io
from datetime import date

import polars as pl

from assets.ground.zones import Zone
from assets.record.delivery_record import Record
from assets.report import notation
from validations.language.contract import Contract

# A share of fewer rows than these says nothing; a count is worth a look from this difference and this percentage on.
FEW_ROWS, JUMP, MOST_ROWS = 30, 20, 60
# A field that is empty so much more or less often (in percentage points) is worth a look.
NOTABLE = 10
# Classes of age as CBS has them in kerncijfers, and its column.
AGES = (
    (0, "0 tot 15 jaar", "a_00_14"),
    (15, "15 tot 25 jaar", "a_15_24"),
    (25, "25 tot 45 jaar", "a_25_44"),
    (45, "45 tot 65 jaar", "a_45_64"),
    (65, "65 jaar en ouder", "a_65_oo"),
)
RESIDENTS, AGE, WIJK = "inwoners", "leeftijd", "wijk"
# More values than these are no categories to look at.
MOST_VALUES = 30


def looks(contract: Contract, rows: pl.DataFrame, day: date, areas: pl.DataFrame | None) -> dict[str, dict[str, int]]:
    """Counts of good rows by category (fields with a code list), age on `day` and wijk; `areas`: see `area_table`.

    Of an address history (BRP) only those who live there now count, and under RESIDENTS all of them by gemeente.
    """
    counts: dict[str, dict[str, int]] = {}
    if {"datum_einde_adres", "datum_overlijden"} <= {*rows.columns}:
        rows = rows.filter(pl.col("datum_einde_adres").is_null(), pl.col("datum_overlijden").is_null())
        counts[RESIDENTS] = _count(rows, pl.col("gemeentecode"))
    coded = {rule.columns[0] for rule in contract.rules if rule.family == "codes"}
    for field in contract.fields:
        if field.name in coded and not field.identifying:
            counts[field.name] = _count(rows, pl.col(field.name).cast(pl.String))
    if "geboortedatum" in rows.columns:
        born = (
            pl.col("geboortedatum")
            .cast(pl.String)
            .str.replace_all("-", "")
            .str.slice(0, 8)
            .cast(pl.Int64, strict=False)
        )
        years = (int(f"{day:%Y%m%d}") - born) // 10_000
        named = pl.coalesce(*(pl.when(years >= low).then(pl.lit(label)) for low, label, _ in reversed(AGES)))
        counts[AGE] = _count(rows, named)
    if "wijkcode" in rows.columns:
        counts[WIJK] = _count(rows, pl.col("wijkcode"))
    elif areas is not None and {"postcode", "huisnummer"} <= {*rows.columns}:
        places = rows.select("postcode", pl.col("huisnummer").cast(pl.Int64, strict=False))
        counts[WIJK] = _count(places.join(areas, on=["postcode", "huisnummer"], how="left"), pl.col("wijkcode"))
    return {what: found for what, found in counts.items() if 0 < len(found) <= MOST_VALUES or what == WIJK}


def _count(rows: pl.DataFrame, value: pl.Expr) -> dict[str, int]:
    counted = rows.select(value.alias("waarde")).to_series().value_counts()
    return dict(sorted(counted.drop_nulls("waarde").iter_rows()))


def empty_shares(contract: Contract, rows: pl.DataFrame, name: str) -> dict[str, dict]:
    """By frame, or kind of message in it: the percentage of good rows with each field empty, and their number."""
    kinds = sorted(rows["bericht"].drop_nulls().unique()) if "bericht" in rows.columns else []
    parts = {f"{name} {kind}": rows.filter(pl.col("bericht") == kind) for kind in kinds} or {name: rows}
    shares = (pl.col(field.name).is_null().mean() * 100 for field in contract.fields)
    asked = [share.round(1) for share in shares]
    return {
        part: {"rijen": found.height, "leeg": found.select(asked).row(0, named=True)} for part, found in parts.items()
    }


# --- what it is compared with, from the kluis ---


def area_table(kluis: Zone) -> pl.DataFrame | None:
    """postcode, huisnummer and wijkcode of the newest year of areas that was accepted; None before the first."""
    table = _stored(kluis, "gebieden_adressen", ("indelingsjaar", "postcode", "huisnummer", "wijkcode"))
    if table is None:
        return None
    newest = table.filter(pl.col("indelingsjaar") == table["indelingsjaar"].max())
    return newest.select("postcode", pl.col("huisnummer").cast(pl.Int64), "wijkcode").unique(["postcode", "huisnummer"])


def area_names(kluis: Zone) -> dict[str, str]:
    """The name of each gemeente and wijk by its code, of the newest year in which it has one."""
    table = _stored(kluis, "gebieden_namen", ("indelingsjaar", "code", "naam"))
    return dict(table.sort("indelingsjaar").select("code", "naam").iter_rows()) if table is not None else {}


def residents_of_cbs(kluis: Zone, leverdatum: date) -> tuple[int, dict[str, dict[str, int]]] | None:
    """The year of the newest kerncijfers up to a day, and its residents: by gemeente, age (whole gemeente) and wijk."""
    columns = ("jaar", "code", "a_inw", *(column for *_, column in AGES))
    table = _stored(kluis, "kerncijfers", columns)
    table = table.filter(pl.col("jaar") <= leverdatum.year) if table is not None else None
    if table is None or table.is_empty():
        return None
    year = table["jaar"].max()
    assert isinstance(year, int)
    of_year = table.filter(pl.col("jaar") == year).unique("code", keep="last", maintain_order=True)
    gemeenten = of_year.filter(pl.col("code").str.starts_with("GM"))
    ages = {label: gemeenten[column].sum() for _, label, column in AGES if gemeenten[column].null_count() == 0}
    wijken = of_year.filter(pl.col("code").str.starts_with("WK")).drop_nulls("a_inw")
    return year, {
        RESIDENTS: dict(gemeenten.drop_nulls("a_inw").select("code", "a_inw").iter_rows()),
        AGE: ages if gemeenten.height == 1 else {},
        WIJK: dict(wijken.select("code", "a_inw").iter_rows()),
    }


def _stored(kluis: Zone, table: str, columns: tuple[str, ...]) -> pl.DataFrame | None:
    """Columns of all good rows of a table, the oldest delivery first; None when there are none."""
    files = sorted(file.path for file in kluis.files(f"bron/{table}") if file.name != "contract.parquet")
    try:
        frames = [pl.read_parquet(io.BytesIO(kluis.read(path)), columns=list(columns)) for path in files]
    except pl.exceptions.PolarsError:
        # A damaged file is told where its registration is read; here there is nothing to compare with.
        return None
    return pl.concat(frames) if frames else None


# --- compared, for the report ---


def empty_fields(contracts: dict[str, Contract], record: Record, previous: Record | None) -> list[dict]:
    """How often each field that is not always filled is empty, now and last time, in whole percents.

    By kind of message where there are kinds: an element that a kind never has is not told.
    """
    fields, last = [], previous.leeg if previous else {}
    for part, now in sorted(record.leeg.items()):
        name, _, kind = part.partition(" ")
        contract, then = contracts[name], last.get(part, {})
        rows = (record.leeg_van.get(part, record.rijen), previous.leeg_van.get(part, 0) if previous else 0)
        for field in contract.fields:
            share, before = now.get(field.name), then.get(field.name)
            if share is None or not (share or before) or (kind and share == 100 and before in (None, 100)):
                continue
            notable = before is not None and abs(share - before) >= NOTABLE and min(rows) >= FEW_ROWS
            row = {"veld": field.name, "soort": kind, "betekenis": field.description, "opvallend": notable}
            fields.append(row | {"nu": share, "vorige": before})
    return fields


def alike(
    record: Record, previous: Record | None, areas: dict[str, str], cbs: dict[str, dict[str, int]]
) -> list[tuple[str, list[dict]]]:
    """Counts by category, age and wijk: now, last time and of CBS (residents), and what differs much."""
    last, tables = previous.verdeling if previous else {}, []
    for what, now in sorted(record.verdeling.items(), key=_place):
        then, known = last.get(what, {}), cbs.get(what, {})
        rows = []
        for value in sorted({*now, *then}):
            count, before = now.get(value, 0), then.get(value, 0) if then else None
            moved = abs(count - before) if before is not None else 0
            notable = before is not None and moved >= FEW_ROWS and moved * 100 > JUMP * before
            row = {"wat": named(value, areas), "nu": count, "vorige": before}
            row["verschil"] = notation.change(count, before)
            rows.append(row | {"cbs": known.get(value), "opvallend": notable})
        tables.append((what, rows[:MOST_ROWS]))
    return tables


def _place(counted: tuple[str, dict]) -> tuple[int, str]:
    first = (RESIDENTS, AGE, WIJK)
    return first.index(counted[0]) if counted[0] in first else len(first), counted[0]


def named(code: str, areas: dict[str, str]) -> str:
    """A gemeente or wijk by its name and code, where the name is known."""
    return f"{areas[code]} ({code})" if code in areas else code
