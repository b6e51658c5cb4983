"""The registration step: reads what is new or changed, pseudonymises, judges, and writes good rows and uitval.

Never raises on data: what a reader or contract raises becomes a blocked delivery with an LEV- rule, and the last good
version keeps counting. Nothing here puts a value of a delivery in a text.
"""

import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from hashlib import sha256

import polars as pl

from assets.ground.failures import NoRoomError, class_and_line, no_room
from assets.ground.names import masked, place_of
from assets.ground.parquet import write_parquet
from assets.ground.settings import Settings
from assets.ground.versions import contract_version
from assets.ground.zones import Zone
from assets.intake.acceptance import NOT_READ, accept, agreements, notices
from assets.intake.deliveries import (
    Delivery,
    content_hash,
    find_deliveries,
    for_record,
    hash_files,
    with_gemeente,
)
from assets.intake.heal import heal
from assets.intake.keys import Keys
from assets.intake.objections import Objections, objections
from assets.intake.promise import NOTHING_PROMISED
from assets.intake.pull import pull
from assets.intake.pulled import pulled_until
from assets.readers import ReadResult, SourceFile
from assets.readers.forms import in_one_form
from assets.record.delivery_record import (
    ACCEPTED,
    Record,
    StoredFile,
    forget_links,
    load_records,
    new_record,
    refused,
    save_record,
)
from assets.record.records import (
    Outcome,
    damaged_rows,
    remove_unreferenced,
    require_rows,
    store_rows,
    uitval_path,
    write_overview,
)
from assets.registrations.declaration import Registration, Table
from assets.report.likeness import area_table, empty_shares, looks
from assets.report.owner_report import write_reports
from assets.report.report_term import remove_old_reports
from validations.language.contract import MUNICIPALITY, Contract
from validations.language.delivery import DeliveryError
from validations.language.judge import UITVAL, judge, with_keys

# This many rows block a delivery by their share of it; fewer do so only when they are more than half.
FEW = 10
# The message of a delivery that was refused for its rows names this many of the rules that they broke.
MOST_BROKEN = 3
# Faults that can pass while the files stay the same: levering.json corrected, an upload done, the monitor repaired.
PASSING = {"LEV-12", "LEV-16", "LEV-17", "LEV-26"}
# The rule of messages of a kind that the monitor does not ask for.
OTHER_MESSAGE = "LEV-58"
# What makes a record new: it is counted as read now, and its owner gets a new report.
MAKES_NEW = ("inhoud", "contract", "toestand", "meldingen", "bezwaren")


def take_in(
    registration: Registration, settings: Settings, keys: Keys, stand: date, forgotten_on: date | None = None
) -> Outcome:
    """Takes in every delivery of a registration received up to and including `stand`, oldest first.

    `forgotten_on`: the day by which objections count, when it is a later one.
    """
    kluis, outcome = settings.kluis, Outcome(registration.bron)
    version = contract_version(registration.bron) + keys.mark()
    intake = Intake(registration, settings.landing, kluis, keys, version, objections(kluis, forgotten_on or stand))
    outcome.strange = heal(kluis, registration)
    known = load_records(kluis, registration.bron)
    not_pulled, outcome.left_out = pull(registration, settings, stand, known, keys)
    deliveries, strange = find_deliveries(settings.landing, registration.bron)
    outcome.strange |= strange
    by_key = {delivery.key: delivery for delivery in deliveries}
    forget_links(kluis, known, by_key.keys())
    agreed = agreements(kluis)
    last_accepted: dict[str, Record] = {}
    for key in sorted(by_key | known):
        before = known.get(key)
        record, reason = intake.look_at(key, by_key.get(key), before, stand)
        if reason:
            outcome.left_out[key] = reason
        if record is None:
            continue
        record = accept(registration, record, last_accepted.get(record.leverancier), agreed)
        require_rows(kluis, record)
        if record.toestand == ACCEPTED:
            last_accepted[record.leverancier] = record
        record = intake.objections.leave_out_of(kluis, record)
        record = replace(record, meldingen=notices(registration, record, outcome.records))
        if before is None or any(getattr(before, part) != getattr(record, part) for part in MAKES_NEW):
            outcome.read_now.append(record)
        counted = before and before.goed and before.goed.inhoud
        if record.toestand == ACCEPTED and record.inhoud != counted:
            outcome.accepted_now.append(record)
        save_record(kluis, record, before)
        known[key] = record
        outcome.records.append(record)
    # Records of deliveries that could not be pulled are told but not saved: the next night asks anew.
    outcome.records += not_pulled
    for table in registration.tables:
        empty = pl.DataFrame(schema=registration.contracts[table.contract].columns())
        write_parquet(kluis, f"bron/{table.name}/contract.parquet", empty)
    write_overview(kluis, registration, outcome, stand)
    write_reports(kluis, registration, outcome, settings.contacts_file)
    remove_old_reports(kluis, outcome, time.time())
    remove_unreferenced(kluis, registration, list(known.values()))
    return outcome


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
        self, key: str, delivery: Delivery | None, before: Record | None, stand: date
    ) -> tuple[Record | None, str | None]:
        """The record of a delivery, new or as before (None: it does not count), and the rule it was left out by."""
        if date.fromisoformat(key.split("/")[1]) > stand:
            return None, "LEV-15" if delivery else None
        if delivery is None:
            return before, None
        if not self.keys.lets_in(delivery.leverancier):
            return None, "LEV-25"
        if delivery.linked:
            return self._refused_as_link(delivery, before), None
        record = None
        # It was taken away since it was listed: the next night reads what comes in its place.
        with suppress(FileNotFoundError):
            record = self._read_if_changed(delivery, before)
        return (record, None) if record else (before, "LEV-24")

    def _refused_as_link(self, delivery: Delivery, before: Record | None) -> Record:
        """The record of what is or holds a link: nothing of it is read, and the last good version counts on."""
        assert delivery.fault
        record = replace(
            new_record(delivery.bron, delivery.leverancier, delivery.leverdatum),
            contract=self.version,
            bezwaren=self.objections.mark,
            # Nobody knows whether two such deliveries are the same.
            kenmerk=delivery.key,
            goed=before and before.goed,
        )
        return refused(record, delivery.fault)

    def _read_if_changed(self, delivery: Delivery, before: Record | None) -> Record | None:
        """`before` when nothing changed, a new record when the delivery was read now, None when it must wait."""
        quiet = delivery.quiet(time.time())
        if delivery.promise is None and not quiet:
            return None
        hashed = hash_files(self.landing, delivery, before.bestanden if before else ())
        content = content_hash(hashed)
        passing = before is not None and any(fault.regel_id in PASSING for fault in before.fouten)
        known = (before.inhoud, before.contract, before.bezwaren) if before else None
        same = before and not passing and known == (content, self.version, self.objections.mark)
        # Its stored rows may have been cut or written over since: then it is read anew.
        if before and same and not damaged_rows(self.kluis, before):
            return replace(before, bestanden=for_record(hashed))
        record = replace(
            new_record(delivery.bron, delivery.leverancier, delivery.leverdatum),
            inhoud=content,
            contract=self.version,
            bezwaren=self.objections.mark,
            kenmerk=_same_files(hashed),
            bestanden=for_record(hashed),
            gehaald_tot=pulled_until(self.kluis, delivery, content, before) if self.registration.pull else None,
            goed=before and before.goed,
        )
        promise = delivery.promise or NOTHING_PROMISED
        try:
            if delivery.fault:
                raise delivery.fault
            promise.keep(hashed)
            promise.in_time(delivery.leverdatum)
        except DeliveryError as error:
            return refused(record, error) if quiet else None
        try:
            result = self._read(delivery)
            record, good, found = self._judge(delivery, result, record)
            self._require_enough(delivery, result, record, found)
            record = replace(record, tabellen=self._write_good(delivery, good))
            promise.keep(hashed, record.records)
        except DeliveryError as error:
            # The number of records is part of the promise, and known only now.
            return None if error.rule_id == "LEV-12" and not quiet else refused(record, error)
        except (Exception, pl.exceptions.PanicException) as error:
            # Its owner could mend nothing here. The text of another exception may come from the delivery.
            if isinstance(error, OSError) and no_room(error):
                raise NoRoomError from None
            # The text of a library may hold a value of the delivery. Its class and our own line say enough.
            return refused(record, DeliveryError("LEV-17", detail=f"({class_and_line(error)})"))
        return record

    def _read(self, delivery: Delivery) -> ReadResult:
        try:
            with ExitStack() as stack:
                files = [
                    SourceFile(file.name, stack.enter_context(self.landing.local(file.path))) for file in delivery.files
                ]
                return self.registration.read_whole(files)
        finally:
            # This is asked also where the reader refused it: its owner must not look for a fault in half a delivery.
            folder = f"{delivery.leverancier}/{delivery.bron}/{delivery.leverdatum}"
            now = {(file.path, file.size, file.mark) for file in self.landing.files(folder)}
            if not now.issuperset(delivery.listing()) or self.landing.links(folder):
                raise DeliveryError("LEV-16")

    def _judge(
        self, delivery: Delivery, result: ReadResult, record: Record
    ) -> tuple[Record, dict[str, pl.DataFrame], pl.DataFrame]:
        """Judges every frame and writes its uitval; gives the record with what was counted, good rows and findings."""
        of_delivery = [(fault.file, fault.line, fault.rule_id, fault.place) for fault in result.faults + result.notices]
        uitval = [pl.DataFrame(of_delivery, schema=UITVAL, orient="row").with_columns(kenmerk=pl.lit(None, pl.String))]
        objected = pl.DataFrame(schema={"bestand": pl.String, "regel": pl.Int64})
        good: dict[str, pl.DataFrame] = {}
        codes: list[pl.Series] = []
        rejected = sum(fault.rows for fault in result.faults)
        elsewhere, empty, looked = 0, {}, {}
        for name, given in result.frames.items():
            contract = self.registration.contracts[name]
            whose = with_gemeente(in_one_form(given, contract), delivery)
            frame, others = self._of_the_monitor(whose, delivery)
            objected = objected.vstack(self._places_of_objectors(contract, frame, delivery))
            origin = pl.lit(delivery.leverancier).alias("leverancier"), pl.lit(delivery.leverdatum).alias("leverdatum")
            verdict = judge(contract, frame.with_columns(origin))
            empty |= empty_shares(contract, verdict.good, name)
            asks_wijk = {"postcode", "huisnummer"} <= {*verdict.good.columns} and delivery.bron != "gebieden"
            areas = area_table(self.kluis) if asks_wijk else None
            looked |= looks(contract, verdict.good, delivery.leverdatum, areas)
            frame = verdict.good.with_columns(pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("rij"))
            if delivery.leverancier.startswith("GM"):
                # Where a contract lets a row name no gemeente, the row is of the gemeente in whose folder it lies.
                frame = frame.with_columns(pl.col("gemeentecode").fill_null(delivery.leverancier))
            for field in contract.fields:
                if field.person:
                    frame = self.keys.pseudonymise(frame, field.name, field.person, field.stored_as)
            good[name] = self.objections.leave_out(frame)
            codes.append(frame.get_column("gemeentecode"))
            uitval.append(with_keys(contract, verdict.uitval, given))
            rejected += verdict.rejected
            elsewhere += others
        found = pl.concat(uitval, how="diagonal")
        kept = found.join(objected, on=["bestand", "regel"], how="anti", maintain_order="left", nulls_equal=True)
        write_parquet(self.kluis, uitval_path(delivery.bron, delivery.key), kept)
        rows, left = pl.concat(codes), pl.concat([frame.get_column("gemeentecode") for frame in good.values()])
        left = dict(left.value_counts().iter_rows())
        judged = rows.len() + rejected
        promised = delivery.promise and delivery.promise.periode
        period = self.registration.period_of(good, (promised.van, promised.tot) if promised else None)
        if period is None and self.registration.semantics == "stand" and rows.len():
            # A stock must have a period: where nothing tells it, the month before the stock came.
            last = delivery.leverdatum.replace(day=1) - timedelta(days=1)
            period = (last.replace(day=1), last)
        record = replace(
            record,
            heel=any(self.registration.is_stock(name) for name in result.frames),
            leeg={part: of_part["leeg"] for part, of_part in empty.items()},
            leeg_van={part: of_part["rijen"] for part, of_part in empty.items()},
            verdeling=looked,
            rijen=rows.len(),
            uitval=rejected,
            elders=elsewhere,
            weggelaten=result.left_out,
            records=judged + elsewhere + result.left_out,
            per_tabel={
                table.name: _rows_of(table, good).height for table in self.registration.tables if table.contract in good
            },
            # A gemeente whose only persons objected did deliver.
            gemeenten={code: left.get(code, 0) for code in sorted(rows.drop_nulls().unique())},
            per_regel=dict(found.get_column("regel_id").value_counts().sort("regel_id").iter_rows()),
            periode=period,
            niet_gelezen=tuple(notice.file for notice in result.notices if notice.rule_id == NOT_READ),
        )
        return record, good, found

    def _require_enough(self, delivery: Delivery, result: ReadResult, record: Record, found: pl.DataFrame) -> None:
        """Raises DeliveryError for a delivery without records, or with too much uitval to count."""
        judged = record.rijen + record.uitval
        if not record.records and not any(notice.rule_id == OTHER_MESSAGE for notice in result.notices):
            raise DeliveryError("LEV-01", masked(delivery.files[0].name) if len(delivery.files) == 1 else "")
        rejected = record.uitval
        over = 100 * rejected > self.registration.max_uitval_pct * judged
        # In a small gemeente two bad rows are soon 5%: they are told, and do not cost it a whole month.
        if over and (rejected >= FEW or 2 * rejected > judged):
            share = f"{rejected} van {judged} rijen ({100 * rejected / judged:.0f}%)."
            raise DeliveryError("LEV-13", detail=f"{share} Het vaakst: {self._most_broken(found, result)}")

    def _places_of_objectors(self, contract: Contract, frame: pl.DataFrame, delivery: Delivery) -> pl.DataFrame:
        """File and line of the rows, good or not, of persons who are left out."""
        places = pl.DataFrame(schema={"bestand": pl.String, "regel": pl.Int64})
        if not self.objections.persons:
            return places
        code = pl.lit("GM") + pl.col("gemeentecode").fill_null(delivery.leverancier[2:]).str.strip_prefix("GM")
        ours = frame.with_columns(gemeentecode=code).filter(pl.col("gemeentecode").is_in(self.keys.gemeenten))
        for field in (field for field in contract.fields if field.person):
            numbers = ours.select("gemeentecode", "bestand", "regel", field.name)
            persons = self.keys.pseudonymise(numbers, field.name, field.person or "", "persoon")
            left = self.objections.leave_out(persons)
            places = places.vstack(persons.join(left, on=["bestand", "regel"], how="anti").select(places.columns))
        return places

    def _most_broken(self, found: pl.DataFrame, result: ReadResult) -> str:
        """The rules that most rows broke, the first MOST_BROKEN of them, in words."""
        notices = [notice.rule_id for notice in result.notices]
        broken = found.filter(~pl.col("regel_id").is_in(notices)).group_by("regel_id").len()
        first = broken.sort("len", "regel_id", descending=[True, False]).get_column("regel_id").head(MOST_BROKEN)
        words = dict(self.registration.rule_texts.select("regel_id", "wat_er_mis_is").iter_rows())
        return " ".join(f"{rule_id}: {words[rule_id]}" for rule_id in first)

    def _write_good(self, delivery: Delivery, good: dict[str, pl.DataFrame]) -> dict[str, str]:
        """Where the good rows lie by table, now that they are written."""
        stored = {}
        for table in (table for table in self.registration.tables if table.contract in good):
            frame = _rows_of(table, good)
            rows = frame.select(self.registration.contracts[table.contract].columns().keys())
            stored[table.name] = store_rows(self.kluis, f"bron/{table.name}/{place_of(delivery.key)}", rows)
        return stored

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


def _same_files(hashed: list[StoredFile]) -> str:
    """Equal for deliveries with the same content, whatever their files are called."""
    return sha256("\n".join(sorted(item.sha256 for item in hashed)).encode()).hexdigest()
