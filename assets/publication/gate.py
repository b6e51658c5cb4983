"""`vrijgave`, the gate: judges every candidate as it was written, before anyone can see it.

Every step catches what its data can raise and is materialised all the same, with its state in metadata and a failed
ERROR check: a step that raises would take all that comes after it along.
"""

import json
from pathlib import Path

import dagster as dg
import polars as pl

from assets.ground.declared import BREAKDOWN, counted
from assets.ground.failures import told_of
from assets.ground.indicatoren import not_every_month
from assets.ground.mart import mart, read, read_areas
from assets.ground.night import Night
from assets.ground.state import fingerprint, recall, remember
from assets.ground.versions import GATE, code_version
from assets.protection.cells import settings_of, within
from assets.protection.close import closing_months, set_now
from assets.protection.sdc import load_sdc
from assets.publication import ledger
from assets.publication.audit import judge_edition
from assets.publication.steps import AGAIN, IN_ORDER
from assets.publication.tables import ORIGIN
from assets.publication.vanished import in_words, unexplained
from assets.record.records import overviews
from validations import progress

NOT_JUDGED = "GX-99-uitgevoerd"
REPAIR = "zo mag de tabel niet naar buiten; herstel het model of de beveiliging"


def gate_asset(regelingen: list[str]) -> dg.AssetsDefinition:
    """`vrijgave`: judges every candidate as written, before anyone can see it."""

    @dg.asset(
        name="vrijgave",
        group_name="publicatie",
        deps=["beveiliging_samen"],
        description="De poort voor de editie: verwachtingen per tabel, en de aanval op alle tabellen samen.",
        owners=["team:monitor"],
        tags={"laag": "publicatie", "avg": "openbaar"},
        kinds={"greatexpectations"},
        check_specs=[
            dg.AssetCheckSpec(
                "audit",
                asset="vrijgave",
                description="De aanvaller vindt in wat gepubliceerd gaat worden niemand; anders geen nieuwe editie.",
                metadata={"blokkeert": True},
            ),
            *(
                dg.AssetCheckSpec(
                    f"gx_{regeling}",
                    asset="vrijgave",
                    description=f"Alle verwachtingen op monitor_{regeling}.parquet; anders blijft de vorige tabel.",
                    metadata={"blokkeert": True},
                )
                for regeling in regelingen
            ),
        ],
    )
    def vrijgave(night: dg.ResourceParam[Night]) -> dg.MaterializeResult:
        work = night.settings.work
        if fault := night.ledger_fault:
            verdicts, skipped = {regeling: _kept(fault) for regeling in regelingen}, False
            audit = {"reden": fault, "aangevallen": 0, "smalste": -1, "seconden": 0.0, "stand": ""}
        else:
            verdicts, skipped = _verdicts(night, regelingen)
            audit = judge_edition(night, [regeling for regeling in regelingen if verdicts[regeling]["vrij"]])
        remember(work, "toestand/vrijgave", {"oordeel": verdicts, "audit": audit, "overgeslagen": skipped})
        results = [
            dg.AssetCheckResult(
                check_name="audit",
                passed=not audit["reden"],
                severity=dg.AssetCheckSeverity.ERROR,
                description=audit["reden"] or None,
                metadata={name: audit[name] for name in ("aangevallen", "smalste", "seconden", "stand")},
            )
        ]
        for regeling, verdict in verdicts.items():
            broken = {name: count if count is not None else -1 for name, count in verdict["gebroken"].items()}
            results.append(
                dg.AssetCheckResult(
                    check_name=f"gx_{regeling}",
                    passed=verdict["vrij"],
                    severity=dg.AssetCheckSeverity.ERROR,
                    description=verdict["reden"] or None,
                    metadata={"verwachtingen": verdict["verwachtingen"], **broken},
                )
            )
        return dg.MaterializeResult(
            data_version=dg.DataVersion(fingerprint(json.dumps(verdicts, sort_keys=True))),
            metadata={"vrijgegeven": sum(v["vrij"] for v in verdicts.values()), "overgeslagen": skipped},
            check_results=results,
        )

    return vrijgave


def _verdicts(night: Night, regelingen: list[str]) -> tuple[dict, bool]:
    """The verdict on each regeling, and whether all were already known: same file, same gate."""
    from validations.gate.suites import judge_table

    work = night.settings.work
    together = recall(work, "toestand/beveiliging_samen")
    memory = recall(work, "geheugen/vrijgave")
    gate = code_version(GATE)
    public = ledger.current(night.settings.kluis, night.known_until)
    lost = _lost(night, public, [r for r in regelingen if _ready(work, r)]) if not together.get("fout") else {}
    verdicts, skipped = {}, True
    progress.doing("verwachtingen per tabel:")
    for number, regeling in enumerate(regelingen):
        progress.count(number, len(regelingen))
        state = recall(work, f"toestand/monitor_{regeling}")
        reason = state.get("reden") or together.get("fout") or lost.get(regeling)
        if not _ready(work, regeling) or reason:
            verdicts[regeling] = _kept(reason or "deze tabel is in deze run niet gemaakt")
            continue
        files = {
            work / "vrij" / f"{file.name}.parquet": _grid(night, regeling, public, file.levels)
            for file in counted()[regeling].files
        }
        written = [file.read_bytes().hex() if file.exists() else "" for file in files]
        content = fingerprint(gate, *files.values(), *written)
        verdict = memory.get(regeling, {})
        if verdict.get("inhoud") != content:
            skipped = False
            try:
                judgements = [judgement for file, grid in files.items() for judgement in judge_table(file, grid)]
                broken = {j.expectation: j.broken for j in judgements if not j.held}
                reason = f"verwachting {', '.join(broken)} niet waar: {REPAIR}" if broken else ""
            except Exception as error:
                judgements, broken = [], {NOT_JUDGED: None}
                reason = f"de poort faalde ({told_of(error)}): {AGAIN}"
            verdict = {
                "vrij": not broken,
                "reden": reason,
                "verwachtingen": len(judgements),
                "gebroken": broken,
                "inhoud": content,
            }
        verdicts[regeling] = verdict
    # What could not be judged may be judged the next time.
    judged = {regeling: verdict for regeling, verdict in verdicts.items() if NOT_JUDGED not in verdict["gebroken"]}
    remember(work, "geheugen/vrijgave", judged)
    return verdicts, skipped


def _kept(reason: str) -> dict:
    """The verdict on a table that was not judged, and stays as in the previous edition."""
    return {"vrij": False, "reden": reason, "verwachtingen": 0, "gebroken": {}}


def _ready(work: Path, regeling: str) -> bool:
    return recall(work, f"toestand/monitor_{regeling}").get("toestand") == IN_ORDER


def _lost(night: Night, public: pl.DataFrame, ready: list[str]) -> dict[str, str]:
    """By regeling, in words: the public figures that this run lost without a cause (vanished.py)."""
    if not ready:
        return {}
    work, kluis = night.settings.work, night.settings.kluis
    origins = ledger.origin(kluis, pl.DataFrame(schema=ORIGIN), night.known_until)
    with mart(work) as connection:
        first = read(connection, "peilmaand").get_column("peildatum").min()
    today = {"first": first, "deliveries": overviews(kluis), "origins": origins}
    found = {}
    for regeling in ready:
        cells = pl.read_parquet(work / "kandidaat" / f"monitor_{regeling}.parquet")
        files = [work / "vrij" / f"{file.name}.parquet" for file in counted()[regeling].files]
        written = counted()[regeling].joined(pl.concat([pl.read_parquet(file) for file in files]))
        written = written.with_columns(tabel=pl.lit(f"monitor_{regeling}"))
        found[regeling] = unexplained(regeling, public, cells, written, **today)
    return {regeling: in_words(lost) for regeling, lost in found.items() if lost.height}


def _grid(night: Night, regeling: str, public: pl.DataFrame, levels: tuple[str, ...]):
    """How many rows a file has, and which months and indicators: from areas and months, not from the figures.

    `public`: what the ledger holds of all tables; `levels`: those of the file.
    """
    from validations.gate.suites import Grid

    of, sdc = counted()[regeling], load_sdc()
    table, persons = of.table, of.persons
    # Which levels, indicators and months a regeling has follows from its telwijze.
    chosen_by = ["gemeentecode", "gebiedsniveau", "peildatum", BREAKDOWN, "indicator"]
    known = public.filter(pl.col("tabel") == table)
    # What stays as it was set may lie under a threshold that was raised since; the audit judges row by row.
    thresholds = public.get_column("drempel").unique()
    lowest = min([sdc.threshold, *thresholds.filter(thresholds > 0)])
    with mart(night.settings.work) as connection:
        months, areas = read(connection, "peilmaand"), read_areas(connection)
        present = of.joined(read(connection, f"wijkcijfers_{regeling}")).select(chosen_by).unique()
    gemeenten = months.get_column("gemeentecode").unique().to_list()
    until, due = closing_months(known, gemeenten, night.stand)
    closed = pl.DataFrame({"gemeentecode": list(until), "tot": list(until.values())}, schema_overrides={"tot": pl.Date})
    month = ["gemeentecode", "peildatum", "indelingsjaar"]
    now = months.join(closed, on="gemeentecode").filter(pl.col("peildatum") <= pl.col("tot")).select(month)
    # A closed month keeps its areas, also when its deliveries are gone.
    old = known.select(month).unique()
    now = pl.concat([old, now.join(old, on=["gemeentecode", "peildatum"], how="anti")])
    area = ["gemeentecode", "gebiedsniveau", "gebiedscode", "indelingsjaar"]
    areas = pl.concat([areas.select(area), known.select(area)]).unique().filter(pl.col("gebiedsniveau").is_in(levels))
    cells = pl.concat(
        [
            sdc_of.cells(regeling).with_columns(gemeentecode=pl.lit(code))
            for code, sdc_of in settings_of(regeling, gemeenten).items()
        ]
    )
    cells = cells.filter(pl.col("gebiedsniveau").is_in(levels))
    seen = ledger.seen(night.settings.kluis, night.known_until).filter(pl.col("tabel") == table)
    chosen = pl.concat([set_now(present, known, seen, due=due), known.select(chosen_by).unique()]).unique()
    rows = now.join(areas, on=["gemeentecode", "indelingsjaar"])
    rows = within(rows.join(chosen, on=chosen_by[:3]), cells).height
    return Grid(
        rows=rows,
        months=now.get_column("peildatum").unique().sort().to_list(),
        indicators=cells.get_column("indicator").unique().sort().to_list(),
        columns=of.figures.schema,
        own_keys=list(of.own_keys),
        threshold=lowest if persons else 0,
        base=sdc.base if persons else 1,
        least_noemer=lowest,
        months_apart=not_every_month(),
        levels=levels,
    )
