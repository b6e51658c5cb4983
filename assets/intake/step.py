"""The registration step: reads what is new or changed, pseudonymises, judges, and writes good rows and uitval.

Never raises on data: what a reader or contract raises becomes a blocked delivery with an LEV- rule, and the last good
version keeps counting. Nothing here puts a value of a delivery in a text.
"""

import json
import time
import traceback
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path

import polars as pl

from assets.intake.deliveries import (
    Delivery,
    content_hash,
    find_deliveries,
    hash_files,
    keep_promise,
    with_gemeente,
)
from assets.intake.keys import Keys
from assets.intake.owner_report import write_reports
from assets.intake.pull import pull
from assets.intake.records import (
    ACCEPTED,
    BLOCKED,
    HELD,
    Outcome,
    load_records,
    new_record,
    refused,
    remove_unreferenced,
    save_record,
    write_overview,
    write_parquet,
)
from assets.intake.registration import Registration, Table
from assets.intake.rights import Objections, objections
from assets.readers import ReadResult, SourceFile
from assets.readers.files import safe_name
from assets.settings import PROJECT, Settings
from assets.zones import Zone
from validations.contracts.contract import MUNICIPALITY
from validations.contracts.delivery import DeliveryError
from validations.contracts.judge import UITVAL, judge

# In a small gemeente a few records more or less are soon 20%: a jump is of at least this many.
JUMP_FLOOR = 20
# So many of the rules that rows broke stand in the message of a delivery that was refused for them.
MOST_BROKEN = 3
# Where our own code lies; the virtual environment may lie in the project too.
OURS = (str(PROJECT / "assets"), str(PROJECT / "validations"))
# Faults that can pass while the files stay the same: levering.json corrected, an upload done, the monitor repaired.
PASSING = {"LEV-12", "LEV-16", "LEV-17"}
# What is of a delivery as it lies there, and not of the version whose rows count.
OF_THE_MOMENT = {"goed", "bestanden", "toestand", "fouten", "meldingen", "samen"}
# What makes a record new: it is counted as read now, and its owner gets a new report.
TOLD = ("inhoud", "contract", "toestand", "meldingen", "bezwaren")


def take_in(registration: Registration, settings: Settings, keys: Keys, stand: date) -> Outcome:
    """Takes in every delivery of a registration received up to and including `stand`, oldest first."""
    kluis, outcome = settings.kluis, Outcome(registration.bron)
    version = contract_version(registration.bron) + keys.mark()
    intake = Intake(registration, settings.landing, kluis, keys, version, objections(kluis, stand))
    known = load_records(kluis, registration.bron)
    not_pulled, outcome.left_out = pull(registration, settings, stand, known, keys)
    deliveries, outcome.strange = find_deliveries(settings.landing, registration.bron)
    by_key = {delivery.key: delivery for delivery in deliveries}
    agreed = agreements(kluis)
    last_accepted: dict[str, dict] = {}
    for key in sorted(by_key | known):
        before = known.get(key)
        record, reason = intake.look_at(key, by_key.get(key), before, stand)
        if reason:
            outcome.left_out[key] = reason
        if record is None:
            continue
        record = _accept(registration, record, last_accepted.get(record["leverancier"]), agreed)
        if record["toestand"] == ACCEPTED:
            last_accepted[record["leverancier"]] = record
        record = intake.objections.leave_out_of(kluis, record)
        record = record | {"meldingen": _notices(registration, record, outcome.records)}
        if before is None or any(before.get(part, "") != record[part] for part in TOLD):
            outcome.read_now.append(record)
        save_record(kluis, record, before)
        known[key] = record
        outcome.records.append(record)
    # Told and not kept: the next night asks anew.
    outcome.records += not_pulled
    for table in registration.tables:
        empty = pl.DataFrame(schema=registration.contracts[table.contract].columns())
        write_parquet(kluis, f"bron/{table.name}/contract.parquet", empty)
    write_overview(kluis, registration, outcome)
    write_reports(kluis, registration, outcome)
    remove_unreferenced(kluis, registration, list(known.values()))
    return outcome


@cache
def contract_version(bron: str) -> str:
    """Changes when a delivery would be read or judged otherwise: contract, reader, declaration or code lists."""
    folders = [PROJECT / "assets" / "readers", PROJECT / "assets" / "intake"]
    files = [file for folder in folders for file in sorted(folder.glob("*.py"))]
    names = ("contract", "judge", "aggregaat", "istandaard", bron)
    files += [PROJECT / "validations" / "contracts" / f"{name}.py" for name in names]
    files += [PROJECT / "assets" / "registrations" / f"{bron}.py", PROJECT / "dbt_project/seeds/codelijsten.csv"]
    return sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]


def agreements(kluis: Zone) -> list[dict]:
    """The deliveries that someone agreed to although their volume jumped: bron, leverancier, leverdatum, inhoud."""
    return json.loads(kluis.read("akkoord.json")) if kluis.exists("akkoord.json") else []


@dataclass(frozen=True)
class Intake:
    """One registration, its zones, its keys, the version of all that reads and judges it, and who objected."""

    registration: Registration
    landing: Zone
    kluis: Zone
    keys: Keys
    version: str
    objections: Objections

    def look_at(
        self, key: str, delivery: Delivery | None, before: dict | None, stand: date
    ) -> tuple[dict | None, str | None]:
        """The record of a delivery, new or as before (None: it does not count), and the rule it was left out by."""
        if date.fromisoformat(key.split("/")[1]) > stand:
            return None, "LEV-15" if delivery else None
        if delivery is None:
            return before, None
        if not self.keys.lets_in(delivery.leverancier):
            return None, "LEV-25"
        record = self._read_if_changed(delivery, before)
        return (record, None) if record else (before, "LEV-24")

    def _read_if_changed(self, delivery: Delivery, before: dict | None) -> dict | None:
        """`before` when nothing changed, a new record when the delivery was read now, None when it must wait."""
        quiet = delivery.quiet(time.time())
        if delivery.promise is None and not quiet:
            return None
        hashed = hash_files(self.landing, delivery, before["bestanden"] if before else [])
        content = content_hash(hashed)
        passing = before is not None and any(fault["regel_id"] in PASSING for fault in before["fouten"])
        known = (before["inhoud"], before["contract"], before.get("bezwaren", "")) if before else None
        if before and not passing and known == (content, self.version, self.objections.mark):
            return before | {"bestanden": hashed}
        record = new_record(delivery.bron, delivery.leverancier, delivery.leverdatum) | {
            "inhoud": content,
            "contract": self.version,
            "bezwaren": self.objections.mark,
            "kenmerk": _same_files(hashed),
            "bestanden": hashed,
            "watermerk": (delivery.promise or {}).get("watermerk"),
            "goed": before["goed"] if before else None,
        }
        try:
            keep_promise(delivery, hashed)
        except DeliveryError as error:
            return refused(record, error) if quiet else None
        try:
            self._judge(delivery, self._read(delivery), record)
            keep_promise(delivery, hashed, record["records"])
        except DeliveryError as error:
            # The number of records is part of the promise, and known only now.
            return None if error.rule_id == "LEV-12" and not quiet else refused(record, error)
        except (Exception, pl.exceptions.PanicException) as error:
            # The text of a library may hold a value of the delivery. Its class and our own line say enough.
            ours = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(OURS)][-1]
            detail = f"({type(error).__name__} in {Path(ours.filename).name}:{ours.lineno})"
            return refused(record, DeliveryError("LEV-17", detail=detail))
        return record

    def _read(self, delivery: Delivery) -> ReadResult:
        with ExitStack() as stack:
            files = [
                SourceFile(file.name, stack.enter_context(self.landing.local(file.path))) for file in delivery.files
            ]
            result = self.registration.read(files)
        folder = f"{delivery.leverancier}/{delivery.bron}/{delivery.leverdatum}"
        now = {(file.path, file.size, file.mark) for file in self.landing.files(folder)}
        if not now.issuperset(delivery.listing()):
            raise DeliveryError("LEV-16")
        return result

    def _judge(self, delivery: Delivery, result: ReadResult, record: dict) -> None:
        """Judges every frame, writes its uitval and good rows, and fills in the record. Raises DeliveryError."""
        told = [(fault.file, fault.line, fault.rule_id, None) for fault in result.faults + result.notices]
        uitval = [pl.DataFrame(told, schema=UITVAL, orient="row")]
        good: dict[str, pl.DataFrame] = {}
        codes: list[pl.Series] = []
        rejected = len(result.faults)
        for name, given in result.frames.items():
            contract = self.registration.contracts[name]
            frame, elsewhere = self._of_the_monitor(with_gemeente(given, delivery), delivery)
            origin = pl.lit(delivery.leverancier).alias("leverancier"), pl.lit(delivery.leverdatum).alias("leverdatum")
            verdict = judge(contract, frame.with_columns(origin))
            empty = verdict.good.select(
                (pl.col(field.name).is_null().mean() * 100).round(1) for field in contract.fields
            )
            record["leeg"][name] = empty.row(0, named=True)
            frame = verdict.good.with_columns(pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("rij"))
            if delivery.leverancier.startswith("GM"):
                # Where a contract allows a row to name no gemeente, it is of the one in whose folder it lies.
                frame = frame.with_columns(pl.col("gemeentecode").fill_null(delivery.leverancier))
            for field in contract.fields:
                if field.person:
                    frame = self.keys.pseudonymise(frame, field.name, field.person, field.stored_as)
            good[name] = self.objections.leave_out(frame)
            codes.append(frame.get_column("gemeentecode"))
            uitval.append(verdict.uitval)
            rejected += verdict.rejected
            record["elders"] += elsewhere
        found = pl.concat(uitval)
        write_parquet(self.kluis, f"uitval/{delivery.bron}/{delivery.key}.parquet", found)
        rows, left = pl.concat(codes), pl.concat([frame.get_column("gemeentecode") for frame in good.values()])
        left = dict(left.value_counts().iter_rows())
        judged = rows.len() + rejected
        promised = (delivery.promise or {}).get("periode")
        period = self.registration.period(good) or (promised and (promised["van"], promised["tot"]))
        if period is None and self.registration.semantics == "stand" and rows.len():
            # A stock must be of some period: without a word about it, of the month before it came.
            last = delivery.leverdatum.replace(day=1) - timedelta(days=1)
            period = (last.replace(day=1), last)
        record |= {
            "rijen": rows.len(),
            "uitval": rejected,
            "weggelaten": result.left_out,
            "records": judged + record["elders"] + result.left_out,
            "per_tabel": {
                table.name: _rows_of(table, good).height for table in self.registration.tables if table.contract in good
            },
            # A gemeente whose only persons objected did deliver.
            "gemeenten": {code: left.get(code, 0) for code in sorted(rows.drop_nulls().unique())},
            "per_regel": dict(found.get_column("regel_id").value_counts().sort("regel_id").iter_rows()),
            "periode": [str(day) for day in period] if period else None,
        }
        if not record["records"]:
            raise DeliveryError("LEV-01", safe_name(delivery.files[0].name) if len(delivery.files) == 1 else "")
        if 100 * rejected > self.registration.max_uitval_pct * judged:
            told = f"{rejected} van {judged} rijen ({100 * rejected / judged:.0f}%)."
            raise DeliveryError("LEV-13", detail=f"{told} Het vaakst: {self._most_broken(found, result)}")
        self._write_good(delivery, good, record)

    def _most_broken(self, found: pl.DataFrame, result: ReadResult) -> str:
        """The rules that most rows broke, the first MOST_BROKEN of them, in words."""
        notices = [notice.rule_id for notice in result.notices]
        broken = found.filter(~pl.col("regel_id").is_in(notices)).group_by("regel_id").len()
        first = broken.sort("len", "regel_id", descending=[True, False]).get_column("regel_id").head(MOST_BROKEN)
        words = dict(self.registration.told.select("regel_id", "wat_er_mis_is").iter_rows())
        return " ".join(f"{rule_id}: {words[rule_id]}" for rule_id in first)

    def _write_good(self, delivery: Delivery, good: dict[str, pl.DataFrame], record: dict) -> None:
        version = sha256(f"{record['inhoud']} {record['contract']}".encode()).hexdigest()[:8]
        for table in (table for table in self.registration.tables if table.contract in good):
            frame = _rows_of(table, good)
            path = f"bron/{table.name}/{delivery.key}-{version}.parquet"
            write_parquet(self.kluis, path, frame.select(self.registration.contracts[table.contract].columns().keys()))
            record["tabellen"][table.name] = path

    def _of_the_monitor(self, frame: pl.DataFrame, delivery: Delivery) -> tuple[pl.DataFrame, int]:
        """Drops and counts the rows of gemeenten that are not in the monitor, or not asked of this leverancier."""
        single = delivery.leverancier.startswith("GM")
        if single and self.registration.elsewhere == "uitval":
            return frame, 0
        ours = [delivery.leverancier] if single else self.keys.gemeenten
        code = pl.lit("GM") + pl.col("gemeentecode").str.strip_prefix("GM").str.zfill(4)
        # What is no code at all is for the contract to judge; only national files hold rows of no gemeente (NL00).
        unsound = pl.lit(not self.registration.national) & ~pl.col("gemeentecode").str.contains(
            str(MUNICIPALITY.pattern)
        )
        kept = frame.filter(code.is_in(ours) | unsound | pl.col("gemeentecode").is_null())
        return kept, frame.height - kept.height


def _rows_of(table: Table, good: dict[str, pl.DataFrame]) -> pl.DataFrame:
    frame = good[table.contract]
    return frame if table.where is None else frame.filter(table.where)


def _same_files(hashed: list[dict]) -> str:
    """Equal for deliveries with the same content, whatever their files are called."""
    return sha256("\n".join(sorted(item["sha256"] for item in hashed)).encode()).hexdigest()


def _notices(registration: Registration, record: dict, earlier: list[dict]) -> list[dict]:
    """What an owner should know of a delivery beside earlier ones: the same again, or its period told otherwise."""
    own = [one for one in earlier if one["leverancier"] == record["leverancier"]]
    same = [one for one in own if one["kenmerk"] == record["kenmerk"]]
    stock = registration.semantics == "stand" and record["periode"] and record["toestand"] == ACCEPTED
    other = [one for one in own if stock and one["periode"] == record["periode"] and one["toestand"] == ACCEPTED]
    rule_id, found = ("LEV-19", same) if same else ("LEV-23", other)
    told = [f"De eerdere levering is die van {one['leverdatum']}." for one in found[-1:]]
    return [{"regel_id": rule_id, "toelichting": text} for text in told]


def _accept(registration: Registration, record: dict, previous: dict | None, agreed: list[dict]) -> dict:
    """The record as accepted (its version counts from now on), or held when its volume jumped and nobody agreed."""
    if record["toestand"] == BLOCKED:
        return record
    # Rows left out as of another gemeente are no volume: all rows left out is a fall to nothing.
    before, now = (version["rijen"] + version["uitval"] for version in (previous or record, record))
    limit = registration.max_jump_pct
    jumped = limit is not None and abs(now - before) >= JUMP_FLOOR and abs(now - before) * 100 > limit * before
    mark = {name: record[name] for name in ("bron", "leverancier", "leverdatum", "inhoud")}
    counts = record["goed"]
    # What was accepted stays so, also when an earlier delivery is replaced later.
    accepted = counts and (counts["inhoud"], counts["contract"]) == (record["inhoud"], record["contract"])
    if jumped and not accepted and mark not in agreed:
        detail = f"Vorige levering {before}, deze {now} records."
        return refused(record, DeliveryError("LEV-14", detail=detail)) | {"toestand": HELD}
    good = {name: value for name, value in record.items() if name not in OF_THE_MOMENT}
    return record | {"toestand": ACCEPTED, "fouten": [], "goed": good | {"fouten": []}}
