"""`publicatie`: the edition, written beside the old one and switched to at once.

Every step catches what its data can raise and is materialised all the same, with its state in metadata and a failed
ERROR check: a step that raises would take all that comes after it along.
"""

import shutil
import tempfile
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path

import dagster as dg
import duckdb
import polars as pl

from assets.ground.declared import CLOSED, OTHERS, OVER_REGELINGEN, File, Table, counted
from assets.ground.declared import tables as tables_of
from assets.ground.mart import mart, read, read_areas
from assets.ground.night import Night
from assets.ground.spreadsheet import spreadsheet_csv
from assets.ground.sql import sql_name, sql_text
from assets.ground.state import recall
from assets.ground.versions import code_version
from assets.ground.zones import Zone
from assets.privacy.places import REBUILT
from assets.protection.public import in_grid, public_table
from assets.protection.sdc import load_sdc
from assets.publication import edition, ledger, tables
from assets.publication.rates import denominators, divided_as_now, of_tables
from assets.publication.steps import Done, same_file, step_asset, write_or_keep
from assets.record.records import overviews
from assets.record.register import last_asked
from assets.registrations.declaration import registrations
from validations.gate.listed import unlisted

# What columns, rows and figures mean; docs/schema.md tells what changed. Another version is another line there.
SCHEMA_VERSION = "2"


def publication_asset(regelingen: list[str]) -> dg.AssetsDefinition:
    """`publicatie`: the edition, written beside the old one and switched to at once."""
    return step_asset(
        name="publicatie",
        check="gepubliceerd",
        holds="Er staat een editie die bij deze run hoort.",
        run=lambda night: _done(_publish(night, regelingen)),
        broken=_broken_off,
        group_name="publicatie",
        deps=["vrijgave", *sorted({model for table in OTHERS for model in table.models})],
        description="De editie: Parquet, CSV en DuckDB met manifest. Geen nieuwe editie als er niets veranderde.",
        owners=["team:monitor"],
        tags={"laag": "publicatie", "avg": "openbaar"},
        kinds={"parquet", "duckdb"},
    )


def _done(result: dict) -> Done:
    wrong = result["fout"] or ("" if result["editie"] else "er is nog geen editie")
    return Done(result, wrong, result["editie"] or "geen", {**result, "overgeslagen": not result["nieuw"]})


def _publish(night: Night, regelingen: list[str]) -> dict:
    """Assembles the edition; publishes it when a table differs from the previous edition.

    The ledger is written first: the next close would set anew, and change, a figure that the ledger does not know.
    """
    work, publicatie = night.settings.work, night.settings.publicatie
    before = night.before
    models = recall(work, "toestand/dbt")
    if not models.get("modellen"):
        why = models.get("fout") or "dbt is in deze run niet gedraaid"
        return {"editie": before or "", "nieuw": False, "fout": why, "regelingen": 0}
    gate = recall(work, "toestand/vrijgave")
    if gate["audit"]["reden"]:
        return {"editie": before or "", "nieuw": False, "fout": gate["audit"]["reden"], "regelingen": 0}
    released = [regeling for regeling in regelingen if gate["oordeel"][regeling]["vrij"]]
    name, own = night.edition, sum(counted()[regeling].law is None for regeling in released)
    with tempfile.TemporaryDirectory(dir=work) as folder:
        new = Path(folder)
        changed = _tables(night, regelingen, released, new)
        if not any(new.iterdir()):
            return {"editie": "", "nieuw": False, "fout": "geen enkele tabel is vrijgegeven", "regelingen": 0}
        entries, origins = _set_now(work, released)
        for table, frame in _other_tables(night, entries, origins, gate["audit"]).items():
            changed |= not write_or_keep(publicatie, before, f"{table}.parquet", frame, new / f"{table}.parquet")
        same = before and not changed and not night.rebuild and not edition.damaged(publicatie, before)
        rows = {} if same else _write_forms(new)
        allowed = {table.name for table in OTHERS} | {file.name for regeling in regelingen for file in _files(regeling)}
        if wrong := unlisted(new, {name: table.columns for name, table in tables_of().items() if name in allowed}):
            why = f"niet op de lijst van assets/ground/declared.py: {'; '.join(wrong[:5])}"
            return {"editie": before or "", "nieuw": False, "fout": why, "regelingen": 0}
        if entries.height and not night.rebuild:
            audit = {name: gate["audit"][name] for name in ("stand", "aangevallen", "smalste", "aanval")}
            ledger.append(night.settings.kluis, night.stand, entries, origins, audit)
        _keep_closed(night, released)
        if before and same:
            edition.follow(publicatie, before)
            return {"editie": before, "nieuw": False, "fout": "", "regelingen": own}
        files = {str(file.relative_to(new)): file for file in sorted(new.rglob("*")) if file.is_file()}
        about = {
            "schema_versie": SCHEMA_VERSION,
            "code_versie": code_version(),
            "stand": str(night.stand),
            "rijen": rows,
            # Which closes it shows, and which earlier editions turned out to be wrong (withdraw.py).
            "grootboek": ledger.names(night.settings.kluis, night.known_until),
            "ingetrokken": [
                {part: entry[part] for part in ("editie", "dag", "toelichting")}
                for entry in ledger.withdrawals(night.settings.kluis, night.known_until)
            ],
        }
        if night.rebuild:
            edition.keep_beside(night.settings.kluis, f"{REBUILT}/{night.stand}/editie", files)
            again = {"herbouw": str(night.stand), "vergeleken": _compared(publicatie, night.stand, new)}
        else:
            edition.publish(publicatie, name, files, about)
            again = {}
    return {"editie": name, "nieuw": not night.rebuild, "fout": "", "regelingen": own} | again


def _broken_off(night: Night, fault: str) -> Done:
    """What is true when it raised: before the switch, or after it (`laatste`, or an old edition that goes)."""
    stands = edition.latest(night.settings.publicatie) or ""
    new = stands == night.edition
    result = {"editie": stands, "nieuw": new, "fout": fault, "regelingen": 0}
    done = _done(result)
    return replace(done, wrong=f"{fault}; {'de nieuwe' if new else 'de vorige'} editie staat er{'' if new else ' nog'}")


def _compared(publicatie: Zone, day: date, new: Path) -> str:
    """Whether the tables of a night made anew are those that were published then, in Dutch.

    `monitor_herkomst` names the run that made a table, which is another one now.
    """
    then = edition.of_day(publicatie, day)
    if not then:
        return f"van {day} is er geen editie (meer) om haar mee te vergelijken"
    manifest = edition.manifest(publicatie, then[-1])
    listed, schema = manifest["bestanden"], manifest.get("schema_versie", SCHEMA_VERSION)
    tables = {file.name: sha256(file.read_bytes()).hexdigest() for file in new.glob("*.parquet")}
    known = {path: of["sha256"] for path, of in listed.items() if path.endswith(".parquet") and "/" not in path}
    other = sorted(
        name.removesuffix(".parquet")
        for name in tables.keys() | known.keys()
        if name != "monitor_herkomst.parquet" and tables.get(name) != known.get(name)
    )
    if not other:
        return f"gelijk aan editie {then[-1]}"
    because = "" if schema == SCHEMA_VERSION else f" (schema {schema}, nu {SCHEMA_VERSION}: zie docs/schema.md)"
    return f"anders dan editie {then[-1]} in {', '.join(other)}{because}"


def _files(regeling: str) -> list[File]:
    """The files of a table of figures in the edition: the closed ones (streets) only where sdc.yml says so."""
    return [file for file in counted()[regeling].files if not file.closed or load_sdc().streets_public]


def _keep_closed(night: Night, released: list[str]) -> None:
    """Puts the closed files in the kluis, for wijkteams, when they changed."""
    kluis, folder = night.settings.kluis, f"{REBUILT}/{night.stand}/{CLOSED}" if night.rebuild else CLOSED
    for name in [file.name for regeling in released for file in counted()[regeling].files if file.closed]:
        file = night.settings.work / "vrij" / f"{name}.parquet"
        if not same_file(kluis, folder, file):
            edition.keep_beside(kluis, folder, {file.name: file})


def _tables(night: Night, regelingen: list[str], released: list[str], new: Path) -> bool:
    """Puts every table in the folder: the released ones, the others as they were. True: a released one changed.

    From an edition of another schema nothing is kept as it was.
    """
    publicatie, before = night.settings.publicatie, night.before
    same_schema = edition.manifest(publicatie, before).get("schema_versie") == SCHEMA_VERSION
    changed = not same_schema
    for regeling, of in ((name, of) for name in regelingen for of in _files(name)):
        file = new / f"{of.name}.parquet"
        if regeling in released:
            shutil.copyfile(night.settings.work / "vrij" / file.name, file)
            changed |= not same_file(publicatie, before, file)
        elif before and same_schema and edition.whole(publicatie, before, file.name):
            with publicatie.local(f"{before}/{file.name}") as old:
                shutil.copyfile(old, file)
        else:
            # The file was cut, written over or lost, or the schema changed: the ledger has what it showed.
            _from_ledger(night, regeling, of, file)
    return changed


def _from_ledger(night: Night, name: str, of: File, file: Path) -> None:
    """Makes a file of the public figures of a table; none where there are none."""
    known = in_grid(ledger.current(night.settings.kluis, night.known_until))
    with mart(night.settings.work) as connection:
        known = divided_as_now(known, denominators(connection), load_sdc())
    rows = known.filter(pl.col("tabel") == counted()[name].table, pl.col("gebiedsniveau").is_in(of.levels))
    if rows.is_empty():
        return
    newest = known.get_column("peildatum").max()
    frame = public_table(name, rows, night.before or "", newest if isinstance(newest, date) else None)
    frame.write_parquet(file, compression="zstd")


def _set_now(work: Path, released: list[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The ledger entries of this run, and where the figures of their months came from; of released tables only."""
    tables_now = [f"monitor_{regeling}" for regeling in released]
    entries = pl.read_parquet(work / "vrij" / "grootboek.parquet").filter(pl.col("tabel").is_in(tables_now))
    files = [work / "kandidaat" / f"herkomst_{regeling}.parquet" for regeling in released]
    origins = pl.concat([pl.read_parquet(file) for file in files]) if files else pl.DataFrame(schema=tables.ORIGIN)
    return entries, origins.join(entries.select(ledger.ORIGIN).unique(), on=ledger.ORIGIN, how="semi")


def _other_tables(night: Night, entries: pl.DataFrame, origins: pl.DataFrame, audit: dict) -> dict[str, pl.DataFrame]:
    kluis = night.settings.kluis
    with mart(night.settings.work) as connection:
        laws, indicators, rates = (read(connection, name) for name in ("regelingen", "indicatoren", "verhouding"))
        areas = read_areas(connection) if load_sdc().streets_public else read(connection, "gebied")
        changes = read(connection, "wetswijzigingen")
    gemeenten = sorted(areas.get_column("gemeentecode").unique().to_list())
    known = pl.concat([ledger.current(kluis, night.known_until), entries])
    return {
        "dim_regeling": tables.dim_regeling(laws, changes),
        "dim_gebied": tables.dim_gebied(areas, known.join(areas, on="gebiedsniveau", how="semi")),
        "dim_indicator": tables.dim_indicator(
            indicators, laws, of_tables(rates), registrations(), same_as=load_sdc().same_as, grids=_grids()
        ),
        "monitor_kwaliteit": tables.monitor_kwaliteit(
            overviews(kluis), gemeenten, registrations(), stand=night.stand, audit=audit, asked=_asked(night)
        ),
        "monitor_ingetrokken": tables.monitor_ingetrokken(ledger.withdrawals(kluis, night.known_until)),
        "monitor_herkomst": ledger.origin(kluis, origins, night.known_until).sort(
            *ledger.ORIGIN, "bron", "leverancier", "levermaand", "levering"
        ),
    }


def _grids() -> dict[str, set[str]]:
    """The indicators of each table over regelingen."""
    return {table.name: set(load_sdc().cells(table.name).get_column("indicator")) for table in OVER_REGELINGEN}


def _asked(night: Night) -> dict[str, dict[str, date]]:
    """When each source that is asked for its data answered last, by bron and leverancier."""
    pulled = [bron for bron, registration in registrations().items() if registration.pull]
    return {bron: last_asked(night.settings.kluis, bron, night.stand) for bron in pulled}


def _write_forms(folder: Path) -> dict[str, int]:
    """Beside the Parquet: CSV for a Dutch Excel, and one DuckDB file that any DuckDB 1.x opens. Rows by table."""
    (folder / "csv").mkdir()
    rows, declared = {}, tables_of()
    with duckdb.connect() as connection:
        # A file may not be called after its schema, or DuckDB finds `monitor.x` ambiguous.
        connection.execute(f"attach {sql_text(folder / 'meerdoen.duckdb')} as meerdoen (storage_version 'v0.10.0')")
        connection.execute("create schema meerdoen.monitor")
        for file in sorted(folder.glob("*.parquet")):
            frame = pl.read_parquet(file)
            rows[file.stem] = frame.height
            (folder / "csv" / f"{file.stem}.csv").write_bytes(spreadsheet_csv(frame))
            table = sql_name("meerdoen", "monitor", file.stem)
            query = f"create table {table} as select * from read_parquet(?)"  # noqa: S608  quoted; a table cannot be bound
            connection.execute(query, [str(file)])
            if file.stem in declared:
                _comment(connection, table, declared[file.stem])
        connection.execute("detach meerdoen")
    return rows


def _comment(connection: duckdb.DuckDBPyConnection, name: str, table: Table) -> None:
    """Tells, in the database itself, what a row and each column of a table is: `select * from duckdb_columns()`."""
    connection.execute(f"comment on table {name} is {sql_text(table.words)}")
    for column, (_, words) in table.columns.items():
        connection.execute(f"comment on column {name}.{sql_name(column)} is {sql_text(words)}")
