"""The op-orde-rapport: what the owner of a registration is told of one delivery, as a page and as CSV, in Dutch.

Written by the registration step to `report_folder` in the kluis, and once more when dbt finds what shows only beside
other deliveries. Tells rules, places and record numbers; never a value of a delivery.
Judges nothing: what is wrong was found by reader, contract or dbt.
"""

import io
import shlex
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from assets.ground.names import place_of
from assets.ground.parquet import write_changed
from assets.ground.spreadsheet import spreadsheet_csv
from assets.ground.zones import Zone
from assets.record.delivery_record import ACCEPTED, Fault, Record, load_records, save_record
from assets.record.records import Outcome, uitval_path
from assets.registrations.declaration import Registration
from assets.report import notation
from assets.report.contacts import whom_to_ask
from assets.report.likeness import NOTABLE, RESIDENTS, alike, area_names, empty_fields, named, residents_of_cbs
from validations.language.delivery import RULES

if TYPE_CHECKING:
    import jinja2

# The page shows this many places of one rule; the CSV has all of them.
PLACES = 20
ONLY_TOGETHER = "Pas zichtbaar als alle leveringen samen worden bekeken"
# The rules about rows, files and messages that ask nothing of their owner.
NOTHING_TO_DO = ("LEV-57", "LEV-58", "LEV-60", "LEV-67")
COLUMNS = {"bestand": pl.String, "regel": pl.Int64, "regel_id": pl.String, "kolom": pl.String}
TEXTS = {"wat_er_mis_is": pl.String, "wat_te_doen": pl.String, "kenmerk": pl.String}

# What the page cannot tell of a delivery that was not read yet.
NOT_READ = {"periode": None, "inhoud": None, "meldingen": [], "bestanden": [], "gelezen": False}

VERDICTS = {
    "in_orde": ("goed", "In orde", "De levering is gelezen, getoetst en aanvaard."),
    "opmerkingen": ("let-op", "Aanvaard, met opmerkingen", "De levering telt mee, maar er valt iets te herstellen."),
    "vastgehouden": ("let-op", "Wacht op akkoord", "De levering is gelezen en telt nog niet mee."),
    "wacht": ("let-op", "Nog niet gelezen", "De levering wacht en telt nog niet mee."),
    "geblokkeerd": ("fout", "Niet in orde", "De levering is niet gebruikt."),
}


def report_folder(bron: str, key: str) -> str:
    """Where the reports of a delivery lie in the kluis; `key` is leverancier/leverdatum."""
    return f"rapporten/{bron}/{place_of(key)}"


def newest_reports(kluis: Zone, outcome: Outcome) -> dict[str, str]:
    """Path in the kluis of the report on the newest delivery of each leverancier."""
    newest = {record.leverancier: record.key for record in outcome.records}
    paths = {leverancier: f"{report_folder(outcome.bron, key)}/rapport.html" for leverancier, key in newest.items()}
    return {leverancier: path for leverancier, path in paths.items() if kluis.exists(path)}


def write_reports(kluis: Zone, registration: Registration, outcome: Outcome, contacts: Path | None = None) -> None:
    """Writes page and CSV of every delivery that was read now, or that waits. Unchanged files keep their bytes.

    `contacts`: the file that says whom an owner can ask (contacts.py).
    """
    ask = whom_to_ask(contacts, registration.bron)
    previous: dict[str, Record] = {}
    before: dict[str, Record | None] = {}
    for record in outcome.records:
        before[record.key] = previous.get(record.leverancier)
        if record.toestand == ACCEPTED:
            previous[record.leverancier] = record
    blocked = {record.key for record in outcome.blocked}
    for record in outcome.read_now:
        key = record.key
        _write_report(kluis, registration, record, before[key], ask, stops=key in blocked)
    for key, rule_id in outcome.left_out.items():
        # A gemeente that does not take part leaves nothing in the kluis. A delivery that was read before (it is being
        # replaced, or the stand lies in the past) keeps the report of that time.
        if rule_id not in ("LEV-25", "LEV-28") and not kluis.exists(
            f"{report_folder(registration.bron, key)}/rapport.html"
        ):
            waits = _waiting(registration, key, rule_id, previous.get(key.split("/")[0])) | {"vragen": ask}
            _write(kluis, registration.bron, key, waits, _of_the_whole([Fault(rule_id)]))


def tell_later(
    kluis: Zone, registration: Registration, part: str, by_delivery: dict[str, dict], contacts: Path | None = None
) -> None:
    """Tells what is known only after all deliveries were read, by delivery.

    `part`: `samen`, what shows only beside other deliveries: how many rows by rule (Contract.together); or `naast_cbs`
    (beside.py). The record remembers what was told under that name: only a report in which it changed is written anew.
    """
    previous: dict[str, Record] = {}
    ask = whom_to_ask(contacts, registration.bron)
    for key, record in sorted(load_records(kluis, registration.bron).items()):
        if record.toestand != ACCEPTED:
            continue
        now = replace(record, **{part: by_delivery.get(key, {})})
        # A delivery over its term has no uitval any more; its report stays as it was.
        if now != record and kluis.exists(uitval_path(record.bron, record.key)):
            _write_report(kluis, registration, now, previous.get(record.leverancier), ask, stops=False)
            save_record(kluis, now, record)
        previous[record.leverancier] = now


def _write_report(
    kluis: Zone, registration: Registration, record: Record, previous: Record | None, ask: str, *, stops: bool
) -> None:
    found = _findings(kluis, registration, record)
    names = area_names(kluis)
    view = _view(registration, record, previous, found, names, stops=stops)
    counted = RESIDENTS in record.verdeling
    cbs = residents_of_cbs(kluis, record.leverdatum) if counted else None
    view["verdeling"] = alike(record, previous, names, cbs[1] if cbs else {})
    view |= {"cbs": cbs and cbs[0], "vragen": ask, "naast_cbs": record.naast_cbs.get("tabellen", [])}
    _write(kluis, registration.bron, record.key, view, pl.concat([found, _of_all(view["samen"])]))


def _write(kluis: Zone, bron: str, key: str, view: dict, found: pl.DataFrame) -> None:
    folder = report_folder(bron, key)
    page = _template().render(view | {"plaatsen": PLACES, "opvallend": NOTABLE, "pas_samen": ONLY_TOGETHER})
    write_changed(kluis, f"{folder}/rapport.html", page.encode())
    write_changed(kluis, f"{folder}/rapport.csv", spreadsheet_csv(found, line_terminator="\r\n"))


@cache
def _template() -> "jinja2.Template":
    import jinja2

    folder = jinja2.FileSystemLoader(Path(__file__).parent)
    environment = jinja2.Environment(
        loader=folder, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {
        "getal": notation.number,
        "pct": notation.percent,
        "dag": notation.day,
        "grootte": notation.size,
    }
    return environment.get_template("owner_report.html")


# --- what was found ---


def filled(hint: str, bron: str, key: str) -> str:
    """A hint with the command in it for this delivery."""
    leverancier, leverdatum = key.split("/")
    return hint.replace("BRON LEVERANCIER LEVERDATUM", shlex.join([bron, leverancier, leverdatum]))


def _of_the_whole(faults: Iterable[Fault], bron: str = "", key: str = "") -> pl.DataFrame:
    """Faults and notices of a delivery as a whole, as findings."""
    rows = []
    for fault in faults:
        rule = RULES[fault.regel_id]
        text = " ".join(part for part in (rule.message, fault.toelichting) if part)
        hint = filled(rule.hint, bron, key) if key else rule.hint
        rows.append((fault.bestand or None, fault.regel, rule.id, None, text, hint, None))
    return pl.DataFrame(rows, schema=COLUMNS | TEXTS, orient="row")


def _together(registration: Registration, record: Record) -> list[dict]:
    """What shows only beside other deliveries, by rule, the most frequent first: as `_by_rule`, without places."""
    rules = {rule.id: rule for contract in registration.contracts.values() for rule in contract.together}
    found = sorted(record.samen.items(), key=lambda item: (-item[1], item[0]))
    return [
        {"id": rule_id, "aantal": count, "plaatsen": {}, "rest": 0, "kolom": None}
        | {"wat_er_mis_is": rules[rule_id].message, "wat_te_doen": rules[rule_id].hint}
        for rule_id, count in found
    ]


def _of_all(together: list[dict]) -> pl.DataFrame:
    """The same as findings: one per rule, with its count for want of places."""
    rows = []
    for rule in together:
        text = f"{rule['wat_er_mis_is']} {ONLY_TOGETHER}: {notation.number(rule['aantal'])} keer."
        rows.append((None, None, rule["id"], None, text, rule["wat_te_doen"], None))
    return pl.DataFrame(rows, schema=COLUMNS | TEXTS, orient="row")


def _findings(kluis: Zone, registration: Registration, record: Record) -> pl.DataFrame:
    """Every finding on a delivery: of the whole, then of rows, by file and line."""
    whole = _of_the_whole(record.fouten + record.meldingen, record.bron, record.key)
    # Without counts by rule it was not judged now: what lies there is of an earlier version.
    if not record.per_regel:
        return whole
    uitval = pl.read_parquet(io.BytesIO(kluis.read(uitval_path(record.bron, record.key))))
    words = registration.rule_texts.rename({"kolom": "kolommen"})
    rows = uitval.join(words, on="regel_id", how="left", maintain_order="left")
    if "kenmerk" not in rows.columns:
        # Judged by an earlier version.
        rows = rows.with_columns(kenmerk=pl.lit(None, pl.String))
    hints = {hint: filled(hint, record.bron, record.key) for hint in words["wat_te_doen"]}
    rows = rows.with_columns(
        # A fault of a cell tells the cell; a broken rule tells all the columns that it asks about.
        kolom=pl.when(~pl.col("regel_id").str.starts_with("LEV-")).then("kolommen").otherwise("kolom"),
        wat_te_doen=pl.col("wat_te_doen").replace(hints),
    )
    return pl.concat([whole, rows.select(whole.columns)])


def _by_rule(found: pl.DataFrame, ranks: dict[str, int], described: dict[str, str]) -> list[dict]:
    """The findings by rule, the most frequent first: count, columns, what is wrong, what to do, the first places.

    `ranks`: the number of each file, where there is more than one; `described`: what a column means.
    """
    rules = []
    for (rule_id,), rows in found.group_by("regel_id", maintain_order=True):
        places: dict[str, list[int | str]] = {}
        cell = pl.when(pl.col("regel_id").str.starts_with("LEV-")).then("kolom")
        for file, line, place, key in rows.select("bestand", "regel", cell, "kenmerk").head(PLACES).iter_rows():
            # A cell says where by itself; another place is what was found on that line.
            more = place or (key and f"kenmerk {key}")
            where = f"{line} ({more})" if more and line and "!" not in more else more or line
            rank = ranks.get((file or "").partition("/")[0])
            called = f"bestand {rank}: {file}" if rank else file or ""
            places.setdefault(called, []).extend([where] if where else [])
        first = rows.row(0, named=True)
        words = {name: first[name] for name in ("kolom", "wat_er_mis_is", "wat_te_doen")}
        if rule_id.startswith("LEV-"):
            words["kolom"] = None
        elif words["kolom"]:
            words["kolom"] = "; ".join(
                f"{column} ({described[column]})" if column in described else column
                for column in words["kolom"].split(", ")
            )
        rest = max(0, rows.height - PLACES)
        rules.append({"id": rule_id, "aantal": rows.height, "plaatsen": places, "rest": rest} | words)
    return sorted(rules, key=lambda rule: (-rule["aantal"], rule["id"]))


# --- the page ---


def _view(
    registration: Registration,
    record: Record,
    previous: Record | None,
    found: pl.DataFrame,
    areas: dict[str, str],
    *,
    stops: bool,
) -> dict:
    """All that the page tells, in the order of the page."""
    of_whole = len(record.fouten)
    whole, notices = found[:of_whole], found[of_whole : of_whole + len(record.meldingen)]
    names = [item.naam.rsplit("/", 1)[-1] for item in record.bestanden]
    ranks = {name: rank for rank, name in enumerate(names, 1)} if len(names) > 1 else {}
    described = {f.name: f.description for contract in registration.contracts.values() for f in contract.fields}
    rules = _by_rule(found[of_whole + len(record.meldingen) :], ranks, described)
    together, state = _together(registration, record), record.toestand
    if state == ACCEPTED:
        remarks = record.uitval or record.meldingen or record.niet_gelezen or together
        state = "opmerkingen" if remarks else "in_orde"
    faults = whole.rows(named=True)
    asked = {*NOTHING_TO_DO, *whole["regel_id"]}
    return _head(registration, record.key, state, areas) | {
        "periode": record.periode,
        "inhoud": record.inhoud,
        "contract": record.contract,
        "gevolg": _consequence(registration, record, previous, stops=stops),
        "fouten": faults,
        "meldingen": notices.rows(named=True),
        "bestanden": [{"naam": item.naam.rsplit("/", 1)[-1], "grootte": item.grootte} for item in record.bestanden],
        "techniek": [rule for rule in rules if rule["id"].startswith("LEV-") and not RULES[rule["id"]].tells],
        "verteld": [rule for rule in rules if rule["id"].startswith("LEV-") and RULES[rule["id"]].tells],
        "niet_gelezen": record.niet_gelezen,
        "regels": [rule for rule in rules if not rule["id"].startswith("LEV-")],
        "samen": together,
        "doen": _to_do(faults, [rule for rule in rules if rule["id"] not in asked] + together),
        "gelezen": bool(record.records),
        "vorige": previous and previous.leverdatum,
        "aantallen": _counts(registration, record, previous, areas),
        "uitval_pct": notation.uitval_share(record),
        "uitval_vorige": previous and notation.uitval_share(previous),
        "grens": f"{registration.max_uitval_pct:g}".replace(".", ","),
        "leeg": empty_fields(registration.contracts, record, previous),
    }


def _waiting(registration: Registration, key: str, rule_id: str, previous: Record | None) -> dict:
    """The page on a delivery that was not read yet."""
    faults = _of_the_whole([Fault(rule_id)]).rows(named=True)
    return _head(registration, key, "wacht") | {
        "gevolg": _consequence(registration, None, previous, stops=False),
        "fouten": faults,
        "doen": _to_do(faults, []),
        **NOT_READ,
    }


def _head(registration: Registration, key: str, state: str, areas: dict[str, str] | None = None) -> dict:
    leverancier, leverdatum = key.split("/")
    kind, verdict, meaning = VERDICTS[state]
    return {
        "titel": registration.title,
        "bron": registration.bron,
        "leverancier": named(leverancier, areas or {}),
        "leverdatum": leverdatum,
        "soort": kind,
        "oordeel": verdict,
        "betekenis": meaning,
    }


def _consequence(
    registration: Registration, record: Record | None, previous: Record | None, *, stops: bool
) -> list[str]:
    """What it means for the figures, in sentences. `record`: None when it waits.

    `stops`: this is the newest delivery, and it is not accepted.
    """
    if record and record.toestand == ACCEPTED:
        sentences = [f"{notation.rows(record.rijen, 'telt', 'tellen')} mee in de cijfers."]
        if record.uitval:
            share = notation.percent(notation.uitval_share(record))
            one, more = f"({share}) telt niet mee, tot u haar", f"({share}) tellen niet mee, tot u ze"
            sentences.append(f"{notation.rows(record.uitval, one, more)} herstelt en opnieuw levert.")
        if record.elders:
            rows = notation.rows(record.elders, "is", "zijn")
            sentences.append(f"{rows} van een gemeente die hier niet meedoet, en weggelaten; dat is geen fout.")
        return sentences
    if record and record.goed:
        sentences = [
            f"De vorige versie van de levering van {notation.day(record.leverdatum)} telt nog; er is niets verloren."
        ]
    elif previous:
        day = notation.day(previous.leverdatum)
        sentences = [f"De gegevens tot en met de levering van {day} tellen nog; niets is verloren."]
    else:
        sentences = ["Er is nog geen eerdere goede levering. De cijfers staan op niet_geleverd, nooit op 0."]
    tables = " en ".join(f"monitor_{regeling}" for regeling in registration.regelingen)
    if stops and tables:
        verb = "blijven" if len(registration.regelingen) > 1 else "blijft"
        sentences.append(f"{tables} {verb} zoals in de vorige editie. Andere tabellen worden gewoon vernieuwd.")
    elif stops:
        sentences.append(
            "De monitor rekent voor alle regelingen verder met de laatste goede gegevens van deze registratie."
        )
    elif record:
        sentences.append("Er is een latere levering; die bepaalt wat er wordt gepubliceerd.")
    return sentences


def _to_do(faults: list[dict], rules: list[dict]) -> list[str]:
    """What to do, the most important first, each thing once."""
    steps = [fault["wat_te_doen"] for fault in faults]
    steps += [
        f"{rule['wat_er_mis_is']} {rule['wat_te_doen']} ({rule['id']}, {notation.number(rule['aantal'])} keer)"
        for rule in rules
    ]
    return list(dict.fromkeys(steps))[:6]


def _counts(registration: Registration, record: Record, previous: Record | None, areas: dict[str, str]) -> list[dict]:
    """Record numbers now and last time, and the change between them."""
    rows = [("Records in de levering", record.records, previous and previous.records)]
    rows += [("Goede rijen", record.rijen, previous and previous.rijen)]
    rows += [("Uitval", record.uitval, previous and previous.uitval)]
    if record.elders or (previous and previous.elders):
        rows.append(("Rijen van gemeenten die hier niet meedoen", record.elders, previous and previous.elders))
    if len(registration.tables) > 1:
        before = previous.per_tabel if previous else {}
        rows += [
            (
                f"Goede rijen voor {table.regeling or table.name}",
                record.per_tabel.get(table.name),
                before.get(table.name),
            )
            for table in registration.tables
        ]
    then = previous.gemeenten if previous else {}
    codes = sorted({*record.gemeenten, *then})
    if len(codes) > 1:
        rows += [
            (
                f"Goede rijen van {named(code, areas)}",
                record.gemeenten.get(code, 0),
                then.get(code),
            )
            for code in codes
        ]
    return [
        {"wat": what, "nu": now, "vorige": before, "verschil": notation.change(now, before)}
        for what, now, before in rows
    ]
