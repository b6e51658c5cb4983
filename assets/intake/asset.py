"""The Dagster assets of a registration: its delivery, its tables in the kluis, and its rules as checks.

The step never fails on data: a blocked delivery is a failed ERROR check that is not blocking, and the last good rows
stay (design.md section 2).
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

import dagster as dg

from assets.ground.failures import FULL, REMEDY, no_room
from assets.ground.night import Night
from assets.ground.settings import DamagedError
from assets.ground.state import remember
from assets.ground.zones import Zone
from assets.intake.keys import KeyFileError, load_keys
from assets.intake.step import take_in
from assets.record.delivery_record import Fault, Record
from assets.record.records import Outcome
from assets.record.register import last_asked
from assets.registrations.declaration import ORIGIN, Registration, Table
from assets.report.owner_report import filled, newest_reports, report_folder
from validations.language.contract import FAMILIES, Contract, Rule
from validations.language.delivery import RULES

STATE_CHECK = "levering_in_orde"
# Which families of rules one check asks: of each value by itself, and of values and rows beside each other.
CHECKS = {
    "regels_waarden": ("volledigheid", "vorm", "persoonsnummer", "codes"),
    "regels_samenhang": ("datums", "samenhang", "dubbelen"),
}
# A number on each check, 0 when it passes: how often its rules were broken. The UI draws it over the runs.
PLOTTED = "overtredingen"


def registration_assets(registration: Registration) -> dg.AssetsDefinition:
    """`levering_<bron>` and one asset per table, made by one step that reads the registration once."""
    delivery = dg.AssetSpec(
        f"levering_{registration.bron}",
        group_name=registration.group,
        description=f"Leveringen van {registration.title} in landing. Gematerialiseerd als er een is aanvaard"
        + (", of de bron antwoordde dat er niets veranderde." if registration.pull else "."),
        owners=[registration.owner],
        tags={"laag": "landing", "avg": "persoonsgegevens", **_regeling_tag(registration.group)},
        kinds={"file"},
        metadata=_links(registration),
        freshness_policy=None
        if registration.national and not registration.regelingen
        else dg.FreshnessPolicy.time_window(
            fail_window=timedelta(days=registration.cadence_days + registration.grace_days)
        ),
        skippable=True,
    )
    tables = [
        dg.AssetSpec(
            table.name,
            deps=[delivery.key],
            group_name=table.regeling or "bronnen",
            description=f"{registration.contracts[table.contract].title}: goede rijen, gepseudonimiseerd.",
            owners=[registration.owner],
            tags={"laag": "bron", "avg": "pseudoniem", **_regeling_tag(table.regeling)},
            kinds={"polars", "parquet"},
            metadata={
                **_links(registration),
                "dagster/column_schema": _columns(registration.contracts[table.contract]),
            },
        )
        for table in registration.tables
    ]

    @dg.multi_asset(
        name=f"registratie_{registration.bron}",
        specs=[delivery, *tables],
        check_specs=[spec for table in registration.tables for spec in _check_specs(registration, table)],
        # The job of one regeling takes only its own table of a registration that feeds two.
        can_subset=True,
    )
    def registratie(
        context: dg.AssetExecutionContext, night: dg.ResourceParam[Night]
    ) -> Iterator[dg.MaterializeResult]:
        try:
            keys = load_keys(night.settings.key_file)
        except KeyFileError as error:
            raise dg.Failure(description=str(error), allow_retries=False) from None
        try:
            outcome = take_in(registration, night.settings, keys, night.stand, night.forgotten_on)
        except OSError as error:
            # The zone itself fails (disk full, S3 away): nothing was overwritten, the last good rows count.
            what = f"{type(error).__name__} {error.errno or ''}".strip()
            away = f"{FULL}; {REMEDY}" if no_room(error) else f"de zone is onbereikbaar ({what})"
            outcome = Outcome(registration.bron, unreachable=away)
        except DamagedError as error:
            outcome = Outcome(registration.bron, unreachable=str(error))
        remember(night.settings.work, f"toestand/{registration.bron}", _state(outcome))
        for line in _messages(outcome):
            context.log.warning(line)
        reports = _reports(night.settings.kluis, outcome)
        selected = {key.to_user_string() for key in context.selected_asset_keys}
        # A source that is asked is as fresh as its last answer, also one that said that nothing changed.
        answered = (
            registration.pull is not None
            and not outcome.unreachable
            and night.stand in last_asked(night.settings.kluis, registration.bron, night.stand).values()
        )
        accepted_now = outcome.accepted_now
        if (accepted_now or answered) and f"levering_{registration.bron}" in selected:
            names = {"leveringen": [_name(record) for record in accepted_now][-50:]} if accepted_now else {}
            yield dg.MaterializeResult(delivery.key, metadata=names | reports)
        for table in (table for table in registration.tables if table.name in selected):
            yield dg.MaterializeResult(
                table.name,
                data_version=dg.DataVersion(outcome.data_version),
                metadata=_figures(outcome, night.stand) | reports,
                check_results=list(_check_results(registration, table, outcome, reports)),
            )

    return registratie


def _regeling_tag(regeling: str | None) -> dict[str, str]:
    return {"regeling": regeling} if regeling and regeling != "bronnen" else {}


def _links(registration: Registration) -> dict:
    return {
        "wet": dg.MetadataValue.url(registration.law_url),
        "contract": f"validations/contracts/{registration.bron}.py",
        "leveringsgids": f"docs/leveringen/{registration.bron}.md",
        "rapporten": f"rapporten/{registration.bron}/",
        "formaat": registration.format,
        "cadans_dagen": registration.cadence_days,
    }


def _columns(contract: Contract) -> dg.TableSchema:
    described = {field.stored_as: field.description for field in contract.fields} | ORIGIN
    return dg.TableSchema(
        [
            dg.TableColumn(name, dtype.__name__.lower(), description=described.get(name))
            for name, dtype in contract.columns().items()
        ]
    )


def _rules(registration: Registration, table: Table) -> dict[str, list[Rule]]:
    """The rules that each check of a table asks, family by family."""
    rules = sorted(registration.contracts[table.contract].rules, key=lambda rule: FAMILIES.index(rule.family))
    asked = {check: [rule for rule in rules if rule.family in families] for check, families in CHECKS.items()}
    return {check: rules for check, rules in asked.items() if rules}


def _check_specs(registration: Registration, table: Table) -> Iterator[dg.AssetCheckSpec]:
    description = "De nieuwste levering van elke leverancier is aanvaard. Zo niet, dan tellen de laatste goede rijen."
    yield dg.AssetCheckSpec(STATE_CHECK, asset=table.name, description=description, metadata={"blokkeert": True})
    for check, rules in _rules(registration, table).items():
        asked = "\n".join(f"- {rule.id} ({rule.family}): {rule.message}" for rule in rules)
        yield dg.AssetCheckSpec(check, asset=table.name, description=asked)


def _check_results(
    registration: Registration, table: Table, outcome: Outcome, reports: dict[str, dg.MetadataValue]
) -> Iterator[dg.AssetCheckResult]:
    # A failed check shows in one place what is broken, whose it is and where the report lies.
    whose = {"eigenaar": registration.owner, **reports}
    problems = [f"{_name(record)}: {_fault(record)}" for record in outcome.blocked]
    if outcome.unreachable:
        problems.append(f"{outcome.unreachable}.")
    yield dg.AssetCheckResult(
        check_name=STATE_CHECK,
        asset_key=table.name,
        passed=not problems,
        severity=dg.AssetCheckSeverity.ERROR,
        description=f"{'; '.join(problems)} Eigenaar: {registration.owner}." if problems else None,
        metadata={PLOTTED: len(problems), **whose},
    )
    newest = _newest(outcome)
    for check, asked in _rules(registration, table).items():
        rules = {rule.id: rule for rule in asked}
        broken: dict[str, int] = {}
        for record in newest:
            for rule_id in rules.keys() & record.per_regel.keys():
                broken[rule_id] = broken.get(rule_id, 0) + record.per_regel[rule_id]
        yield dg.AssetCheckResult(
            check_name=check,
            asset_key=table.name,
            passed=not broken,
            severity=dg.AssetCheckSeverity.WARN,
            description="; ".join(f"{rule_id}: {rules[rule_id].message}" for rule_id in sorted(broken)) or None,
            metadata={PLOTTED: sum(broken.values()), **whose, **dict(sorted(broken.items()))},
        )


def _newest(outcome: Outcome) -> list[Record]:
    """The newest delivery of each leverancier."""
    return list({record.leverancier: record for record in outcome.records}.values())


def _figures(outcome: Outcome, stand: date) -> dict:
    """The same few numbers on every registration, so that the UI can plot them."""
    newest = _newest(outcome)
    rows = sum(record.rijen for record in newest)
    rejected = sum(record.uitval for record in newest)
    figures = {
        "rijen": rows,
        "uitval": rejected,
        "uitval_pct": round(100 * rejected / (rows + rejected), 2) if rows + rejected else 0.0,
        "weggelaten": sum(record.weggelaten for record in newest),
        "leveringen": len(outcome.records),
        "nu_gelezen": len(outcome.read_now),
        "overgeslagen": not outcome.read_now,
        "toestand": outcome.state,
        "wacht": len(outcome.left_out),
    }
    if newest:
        last = max(record.leverdatum for record in newest)
        figures["leverdatum_leeftijd_dagen"] = (stand - last).days
    return figures


def _reports(kluis: Zone, outcome: Outcome) -> dict[str, dg.MetadataValue]:
    """The op-orde-rapport on the newest delivery of each leverancier."""
    return {
        f"rapport_{leverancier}": dg.MetadataValue.path(f"{kluis.root}/{path}")
        if kluis.folder
        else dg.MetadataValue.url(f"{kluis.url}/{path}")
        for leverancier, path in newest_reports(kluis, outcome).items()
    }


def _state(outcome: Outcome) -> dict:
    """What later steps and the end report need to know; no values of a delivery."""
    return {
        "toestand": outcome.state,
        "gelezen": len(outcome.read_now),
        "leveringen": len(outcome.records),
        "rijen": sum(record.rijen for record in outcome.read_now),
        "uitval": sum(record.uitval for record in outcome.read_now),
        "meldingen": _messages(outcome),
        "wacht": outcome.left_out,
        "vreemd": outcome.strange,
        "data_versie": outcome.data_version,
    }


def _messages(outcome: Outcome) -> list[str]:
    lines = [
        f"{_name(record)}: {_fault(record)} Rapport: {report_folder(outcome.bron, record.key)}/rapport.html"
        for record in outcome.blocked
    ]
    lines += _noticed(outcome)
    lines += [_at_once(outcome.bron, keys, rule_id) for rule_id, keys in _by_rule(outcome.left_out.items())]
    lines += [f"{folder}: {_rule(rule_id)}" for folder, rule_id in outcome.strange.items()]
    if outcome.unreachable:
        lines.append(f"{outcome.bron}: {outcome.unreachable}; de vorige gegevens tellen nog.")
    return lines


def _name(record: Record) -> str:
    return f"{record.bron} {record.leverancier} {record.leverdatum}"


def _rule(rule_id: str) -> str:
    return f"{rule_id}: {RULES[rule_id].message} {RULES[rule_id].hint}"


def _noticed(outcome: Outcome) -> Iterator[str]:
    """What owners should know of what was read now: one line per rule, whatever the number of deliveries."""
    notices_of = {record.key: record.meldingen for record in outcome.read_now}
    for rule_id, keys in _by_rule((key, notice.regel_id) for key, notices in notices_of.items() for notice in notices):
        if len(keys) > 1:
            yield f"{_at_once(outcome.bron, keys, rule_id)} Zie hun rapporten: rapporten/{outcome.bron}/."
        else:
            (why,) = [notice.toelichting for notice in notices_of[keys[0]] if notice.regel_id == rule_id][:1]
            yield f"{_at_once(outcome.bron, keys, rule_id)} {why}"


def _by_rule(found: Iterable[tuple[str, str]]) -> Iterator[tuple[str, list[str]]]:
    by_rule: dict[str, list[str]] = {}
    for key, rule_id in found:
        by_rule.setdefault(rule_id, []).append(key)
    yield from by_rule.items()


def _at_once(bron: str, keys: list[str], rule_id: str) -> str:
    """A rule that some deliveries (leverancier/leverdatum) broke, said once."""
    which = keys[0] if len(keys) == 1 else f"{len(keys)} leveringen"
    return f"{bron} {which}: {_rule(rule_id)}"


def _file(record: Record, fault: Fault) -> str:
    """The file of a fault, for readers other than its owner: its rank in the delivery and the start of its sha256."""
    for rank, item in enumerate(record.bestanden, 1):
        name = item.naam.rsplit("/", 1)[-1]
        # For a file in a zip, this names the zip.
        shown = re.sub(r" \(bestand \d+\)", "", fault.bestand)
        if shown == name or shown.startswith(f"{name}/"):
            return f"bestand {rank}, {item.sha256[:8]}"
    return "een bestand" if fault.bestand else ""


def _fault(record: Record) -> str:
    """The fault of a delivery in one Dutch sentence: rule, file, line, what is wrong and what to do."""
    fault = record.fouten[0]
    rule = RULES[fault.regel_id]
    place = ", ".join(p for p in (_file(record, fault), f"regel {fault.regel}" if fault.regel else "") if p)
    hint = filled(rule.hint, record.bron, record.key)
    return " ".join(
        p for p in (f"{rule.id}{f' ({place})' if place else ''}:", rule.message, fault.toelichting, hint) if p
    )
