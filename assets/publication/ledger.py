"""The ledger: every figure that became public, with the exact count it was set on, and the close that set it.

Append-only Parquet in the kluis, one file per close: `grootboek/<stand>.parquet`; where those figures came from,
`grootboek/<stand>.herkomst.parquet`; and what the audit of that close found. A figure as it is public now is the last
entry of its key. What was once public cannot be taken back, so nothing here is ever changed or removed: when an edition
is withdrawn (withdraw.py) that is an entry too, `grootboek/<dag>.ingetrokken.json`, and its closes count no more.
"""

import io
import json
from datetime import date
from hashlib import sha256

import polars as pl

from assets.ground.declared import BREAKDOWN, STREET
from assets.ground.names import is_leverancier, outline
from assets.ground.parquet import write_parquet
from assets.ground.settings import DamagedError
from assets.ground.zones import Zone
from assets.protection.cells import ENTRY, KEY
from assets.publication import edition
from assets.publication.edition import order
from assets.record.register import named_as_now

FOLDER = "grootboek"
WITHDRAWN = ".ingetrokken.json"
# What to do when it is damaged. A figure set anew would stand beside the one that readers have.
REMEDY = (
    f"er komt niets naar buiten tot {FOLDER}/ weer heel is: zet het terug uit de nieuwste kopie van de kluis, en draai"
    " opnieuw"
)
ORIGIN = ["tabel", "gemeentecode", "peildatum"]
# Where the audit of a close keeps the sha256 of its files. Never public: with it somebody could try out counts.
DIGESTS = "bestanden"


def names(kluis: Zone, until: date | None = None) -> list[str]:
    """The closes in the ledger that count, oldest first; `until`: no later ones, and no later withdrawals."""
    gone = {close for entry in withdrawals(kluis, until) for close in entry["sluitingen"]}
    return [name for name in all_names(kluis, until) if name not in gone]


def all_names(kluis: Zone, until: date | None = None) -> list[str]:
    """The closes in the ledger, oldest first, withdrawn or not."""
    found = [file.name.removesuffix(".parquet") for file in kluis.files(FOLDER) if file.name.count(".") == 1]
    return _in_order(found, until)


def _in_order(found: list[str], until: date | None) -> list[str]:
    named = filter(edition.NAME.fullmatch, found)
    return sorted((name for name in named if until is None or name[:10] <= str(until)), key=order)


def withdrawals(kluis: Zone, until: date | None = None) -> list[dict]:
    """The editions that were withdrawn, oldest first.

    Each has `editie`, `dag`, `toelichting`; `edities`: itself and those made on top of it; `sluitingen`: the closes
    that they were the first to show; `grootboek`: all closes of then.
    """
    found = [file.name.removesuffix(WITHDRAWN) for file in kluis.files(FOLDER) if file.name.endswith(WITHDRAWN)]
    return [_withdrawal(kluis, name) for name in _in_order(found, until)]


def _withdrawal(kluis: Zone, name: str) -> dict:
    try:
        entry = json.loads(kluis.read(f"{FOLDER}/{name}{WITHDRAWN}"))
        lists = [entry[part] for part in ("edities", "sluitingen", "grootboek")]
        named = [entry["editie"], *(one for part in lists for one in part)]
        date.fromisoformat(entry["dag"])
        sound = isinstance(entry["toelichting"], str) and all(map(edition.NAME.fullmatch, named))
    except (ValueError, LookupError, TypeError, RecursionError):
        sound = False
    if not sound:
        raise DamagedError(f"{FOLDER}/{name}{WITHDRAWN} in de kluis is beschadigd; {REMEDY}.")
    return entry


def taken_back(kluis: Zone, until: date | None = None) -> set[str]:
    """The editions that show withdrawn figures: none of them is `laatste` again."""
    return {edition for entry in withdrawals(kluis, until) for edition in entry["edities"]}


def withdraw(kluis: Zone, day: date, entry: dict) -> None:
    """Adds a withdrawal (see withdrawals), under a name that none has yet."""
    name = _free(day, {file.name.removesuffix(WITHDRAWN) for file in kluis.files(FOLDER)})
    content = entry | {"dag": str(day), "grootboek": all_names(kluis)}
    kluis.write(f"{FOLDER}/{name}{WITHDRAWN}", json.dumps(content, indent=1, sort_keys=True).encode())


def current(kluis: Zone, until: date | None = None, table: str | None = None) -> pl.DataFrame:
    """Every figure, or every one of a table, as it is public now, or was on a day: ENTRY, one row per key."""
    return as_of(kluis, names(kluis, until), table)


def every(kluis: Zone, until: date | None = None) -> pl.DataFrame:
    """All that was ever public and not withdrawn: ENTRY, and `beurt`, the number of its run; oldest first."""
    frames = [
        rows.with_columns(beurt=pl.lit(number)) for number, rows in enumerate(_figures(kluis, names(kluis, until)))
    ]
    return pl.concat([pl.DataFrame(schema=ENTRY | {"beurt": pl.Int32}), *frames], how="diagonal")


def unions(kluis: Zone, until: date | None = None) -> pl.DataFrame:
    """Which tables counted together in each run (`beurt`): gemeentecode, peildatum, tabel (rules.LINKED)."""
    frames = [
        pl.DataFrame(schema={"beurt": pl.Int32, "gemeentecode": pl.String, "peildatum": pl.Date, "unieset": pl.String})
    ]
    for number, rows in enumerate(_read(kluis, ".herkomst", names(kluis, until))):
        sets = rows.filter(pl.col("unieset").is_not_null()).select("gemeentecode", "peildatum", "unieset").unique()
        frames.append(sets.select(pl.lit(number, pl.Int32).alias("beurt"), pl.all()))
    sets = pl.concat(frames).with_columns(regeling=pl.col("unieset").str.split(", ")).explode("regeling")
    return sets.select("beurt", "gemeentecode", "peildatum", tabel=pl.format("monitor_{}", "regeling"))


def as_of(kluis: Zone, closes: list[str], table: str | None = None) -> pl.DataFrame:
    """Every figure (of a table) after some closes: ENTRY, one row per key."""
    of_table = pl.col("tabel") == table if table else pl.lit(value=True)
    found = (rows.filter(of_table) for rows in _figures(kluis, closes))
    rows = pl.concat([pl.DataFrame(schema=ENTRY), *found], how="diagonal")
    return rows.unique(KEY, keep="last", maintain_order=True).sort(KEY)


def seen(kluis: Zone, until: date | None = None) -> pl.DataFrame:
    """What withdrawn editions showed, of each table that no close has set since: ENTRY, one row per key.

    Readers know it. Right or wrong, it says nothing of the truth by itself: close.fresh holds it against the counts.
    """
    counting, found = names(kluis, until), [pl.DataFrame(schema=ENTRY)]
    for entry in withdrawals(kluis, until):
        since = [name for name in counting if name not in entry["grootboek"]]
        healed = as_of(kluis, since).get_column("tabel").unique()
        closes = [name for name in all_names(kluis) if name in entry["sluitingen"]]
        found += [rows.filter(~pl.col("tabel").is_in(healed.to_list())) for rows in _figures(kluis, closes)]
    return pl.concat(found, how="diagonal").unique(KEY, keep="last", maintain_order=True).sort(KEY)


def origin(kluis: Zone, new: pl.DataFrame, until: date | None = None) -> pl.DataFrame:
    """Where those figures came from: rows of monitor_herkomst, of the last close of each table, gemeente and month.

    `new`: the rows of this run, which come after all others.
    """
    frames = [*(named_as_now(kluis, old) for old in _read(kluis, ".herkomst", names(kluis, until))), new]
    rows = pl.concat(
        [part.select(new.columns).with_columns(nummer=pl.lit(number)) for number, part in enumerate(frames)]
    )
    last = rows.filter(pl.col("nummer") == pl.col("nummer").max().over(ORIGIN)).drop("nummer")
    # Old rows are from before there was a rule for names of leveranciers: one could be a number of a person.
    odd = [name for name in last.get_column("leverancier").unique().drop_nulls() if not is_leverancier(name)]
    return last.with_columns(pl.col("leverancier").replace({name: outline(name) for name in odd}))


def keep_areas(kluis: Zone, until: date) -> None:
    """Writes `bron/indeling.parquet`: the year whose areas each month was published in; and `bron/straten.parquet`.

    The models hold to them. A month in the areas of two years could be subtracted: what lies between would be a small
    new area.
    """
    known, month = current(kluis, until), ["gemeentecode", "peildatum", "indelingsjaar"]
    write_parquet(kluis, "bron/indeling.parquet", known.select(month).unique().sort(month))
    street = ["gemeentecode", "indelingsjaar", "gebiedscode", "gebiedsnaam", "ouder_code"]
    streets = known.filter(pl.col("gebiedsniveau") == STREET).select(street)
    write_parquet(kluis, "bron/straten.parquet", streets.unique().sort(street))


def keep_sets(kluis: Zone, until: date) -> None:
    """Writes `bron/openbaar.parquet`: the regelingen that each month is public of, and which counted together then.

    The models hold to it: a month keeps its set when deliveries come late, and a regeling stays in the sets of later
    months when its deliveries are gone (`meerdoen bewaar`).
    """
    names_of, rows = [*ORIGIN, "unieset"], _read(kluis, ".herkomst", names(kluis, until))
    schema = {"tabel": pl.String, "gemeentecode": pl.String, "peildatum": pl.Date, "unieset": pl.String}
    sets = pl.concat(
        [pl.DataFrame(schema=schema | {"nummer": pl.Int32})]
        + [part.select(names_of).unique().with_columns(nummer=number) for number, part in enumerate(rows)],
        how="vertical_relaxed",
    )
    # The set that counts is that of the last close of a month.
    last = sets.filter(pl.col("nummer") == pl.col("nummer").max().over(ORIGIN))
    own = pl.coalesce("unieset", pl.col("tabel").str.strip_prefix("monitor_"))
    last = last.select(*ORIGIN[1:], regeling=own.str.split(", "), in_totaal=pl.col("unieset").is_not_null())
    last = last.explode("regeling").group_by(*ORIGIN[1:], "regeling").agg(pl.col("in_totaal").any())
    write_parquet(kluis, "bron/openbaar.parquet", last.sort(*ORIGIN[1:], "regeling"))


def last_audit(kluis: Zone, until: date) -> dict:
    """What the audit of the last close found; empty when there was none."""
    wanted = names(kluis, until)
    return {part: value for part, value in details(kluis, wanted[-1]).items() if part != DIGESTS} if wanted else {}


def details(kluis: Zone, name: str) -> dict:
    """What is kept of a close beside its figures: what its audit found, and DIGESTS. Raises DamagedError."""
    try:
        found = json.loads(kluis.read(f"{FOLDER}/{name}.audit.json"))
        if isinstance(found, dict):
            return found
    except (FileNotFoundError, ValueError, RecursionError):
        pass
    raise DamagedError(f"{FOLDER}/{name}.audit.json in de kluis is beschadigd; {REMEDY}.")


def append(kluis: Zone, stand: date, entries: pl.DataFrame, origins: pl.DataFrame, audit: dict) -> None:
    """Adds the figures that a run sets, under a name that no close has yet: the ledger is never rewritten."""
    name = _free(stand, set(all_names(kluis)))
    written = {}
    for tail, rows in ((".herkomst", origins), ("", entries.select(list(ENTRY)).sort(KEY))):
        buffer = io.BytesIO()
        rows.write_parquet(buffer, compression="zstd")
        written[f"{name}{tail}.parquet"] = buffer.getvalue()
    about = audit | {DIGESTS: {file: sha256(content).hexdigest() for file, content in written.items()}}
    kluis.write(f"{FOLDER}/{name}.audit.json", json.dumps(about, indent=1, sort_keys=True).encode())
    for file, content in written.items():
        kluis.write(f"{FOLDER}/{file}", content)


def _free(day: date, taken: set[str]) -> str:
    name, number = str(day), 1
    while name in taken:
        number += 1
        name = f"{day}-{number}"
    return name


def _read(kluis: Zone, tail: str, closes: list[str]) -> list[pl.DataFrame]:
    return [frame(kluis, f"{FOLDER}/{name}{tail}.parquet") for name in closes]


def _figures(kluis: Zone, closes: list[str]) -> list[pl.DataFrame]:
    """The figures of each close. Those from before tables had key columns of their own have none."""
    frames = _read(kluis, "", closes)
    return [rows if BREAKDOWN in rows.columns else rows.with_columns(pl.lit("").alias(BREAKDOWN)) for rows in frames]


def frame(kluis: Zone, path: str) -> pl.DataFrame:
    """A file of the ledger. Raises DamagedError."""
    try:
        return pl.read_parquet(io.BytesIO(kluis.read(path)))
    except (FileNotFoundError, pl.exceptions.PolarsError, pl.exceptions.PanicException):
        raise DamagedError(f"{path} in de kluis is beschadigd; {REMEDY}.") from None
