"""The real monitor on the same facts: writes them through Town, runs a night, and reads the mart cell by cell."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from itertools import groupby

import polars as pl
import pytest

from assets.publication import ledger
from assets.publication.tables import ORIGIN
from assets.record.delivery_record import ACCEPTED, load_records
from assets.registrations.declaration import registrations
from tests.dbt_project.reference.facts import (
    AggregateDelivery,
    AreaDelivery,
    Benefit,
    BijDelivery,
    BrpDelivery,
    BusDelivery,
    Care,
    DebtDelivery,
    Delivery,
    Facts,
    Message,
    MessageDelivery,
    Post,
    StockDelivery,
    WswDelivery,
)
from tests.dbt_project.reference.measures import REGELINGEN, Cell, Key
from tests.dbt_project.reference.real_school import write_school
from tests.dbt_project.reference.real_stocks import stock_files
from tests.dbt_project.reference.stacking import COMBINED, STACK
from tests.dbt_project.reference.tables import aggregate_csv, case_system_csv
from tests.dbt_project.reference.totals import TOTAL
from tests.making.town import Town, bij_line, brp_csv, bus_line, w301, w305, w307, wsw_line


def write(facts: Facts, town: Town) -> None:
    """Every delivery in its native format, in the landing zone; and in the ledger which months are public."""
    if facts.public:
        _publish(facts, town)
    for delivery in facts.deliveries:
        leverdatum = str(delivery.leverdatum)
        if isinstance(delivery, AreaDelivery):
            town.deliver("gebieden", leverdatum, _area_files(delivery), leverancier="NL")
        elif isinstance(delivery, BrpDelivery):
            town.deliver("brp", leverdatum, {"brp.csv": _brp(delivery)}, leverancier=delivery.gemeente)
        elif isinstance(delivery, MessageDelivery):
            period = delivery.period
            promise = {"periode": {"van": str(period[0]), "tot": str(period[1])}} if period else None
            files = _messages(delivery)
            town.deliver(delivery.regeling, leverdatum, files, leverancier=delivery.gemeente, promise=promise)
        else:
            _write_from_table(delivery, town)


def _publish(facts: Facts, town: Town) -> None:
    """A close that made those months public: of the union, and of each that counted in it."""
    rows = []
    for (gemeente, day), counted in facts.public.items():
        month = {"gemeentecode": gemeente, "peildatum": day}
        rows.append(month | {"tabel": f"monitor_{TOTAL}", "unieset": ", ".join(sorted(counted))})
        rows += [month | {"tabel": f"monitor_{regeling}"} for regeling in counted]
    origins = pl.DataFrame(rows, schema=ORIGIN)
    ledger.append(town.settings.kluis, facts.stand, pl.DataFrame(schema=ledger.ENTRY), origins, {})


def _write_from_table(delivery: Delivery, town: Town) -> None:
    """What arrives as lines of fixed width or as a table."""
    leverdatum = str(delivery.leverdatum)
    if isinstance(delivery, BijDelivery):
        lines = [bij_line(delivery.year, delivery.half, _care(care)) for care in delivery.records]
        town.deliver("jeugdzorg", leverdatum, {"bij.txt": _lines(lines)}, leverancier=delivery.gemeente)
    elif isinstance(delivery, WswDelivery):
        lines = [wsw_line(delivery.year, delivery.half, _post(post, delivery)) for post in delivery.records]
        supplier, name = delivery.by or delivery.gemeente, f"wsw_{delivery.gemeente}.txt"
        town.deliver("wsw", leverdatum, {name: _lines(lines)}, leverancier=supplier)
    elif isinstance(delivery, StockDelivery):
        town.deliver(delivery.bron, leverdatum, stock_files(delivery), leverancier=delivery.gemeente)
    elif isinstance(delivery, DebtDelivery):
        promise = {"periode": {"van": str(delivery.period[0]), "tot": str(delivery.period[1])}}
        files = case_system_csv(delivery)
        town.deliver("schuldhulpverlening", leverdatum, files, leverancier=delivery.gemeente, promise=promise)
    elif isinstance(delivery, AggregateDelivery):
        files = {"ao.csv": aggregate_csv(delivery)}
        town.deliver(delivery.regeling, leverdatum, files, leverancier=delivery.gemeente)
    elif not isinstance(delivery, BusDelivery):
        write_school(delivery, town)
    else:
        supplier = delivery.by or delivery.gemeente
        name = f"BUS{delivery.year}{delivery.month:02d}_{delivery.gemeente}.txt"
        town.deliver("bus", leverdatum, {name: _bus(delivery)}, leverancier=supplier)


def _messages(delivery: MessageDelivery) -> dict[str, str | bytes]:
    return {f"bericht_{i:05d}.xml": _xml(m, delivery) for i, m in enumerate(delivery.messages)}


def _area_files(delivery: AreaDelivery) -> dict[str, str | bytes]:
    year = delivery.year
    table = [f"PC6;Huisnummer;Buurt{year};Wijk{year};Gemeente{year}"]
    code = _as_whole_number if year < 2022 else str
    table += [
        f"{p.postcode};{p.number};{code(p.buurt[2:])};{code(p.buurt[2:8])};{code(p.buurt[2:6])}"
        for p in delivery.places
    ]
    heads = {"GM": f"Gemcode{year};Gemeentenaam{year}", "WK": f"wijkcode{year};wijknaam{year}"}
    heads["BU"] = f"buurtcode{year};buurtnaam{year}"
    names = {
        kind: [head, *(f"{code(area[2:])};{name}" for area, name in delivery.names if area[:2] == kind)]
        for kind, head in heads.items()
    }
    return {
        f"pc6hnr{year}0801_gwb.csv": _lines(table),
        f"brt{year}.csv": _lines(names["BU"]),
        f"wijk{year}.csv": _lines(names["WK"]),
        f"gem{year}.csv": _lines(names["GM"]),
    }


def _as_whole_number(code: str) -> str:
    """As the CBS wrote codes in older years: without leading zeros."""
    return code.lstrip("0") if code.isdigit() else code


def _lines(lines: list[str]) -> str:
    return "".join(line + "\n" for line in lines)


def _brp(delivery: BrpDelivery) -> str:
    return brp_csv(
        [
            {
                "bsn": r.person,
                "geboortedatum": r.born,
                "gemeentecode": (r.gemeente or delivery.gemeente)[2:],
                "straatnaam": r.street,
                "adres": (r.postcode, r.number),
                "huishouden_id": r.household,
                "datum_aanvang_adres": _digits(r.van),
                "datum_einde_adres": _digits(r.tot),
                "datum_overlijden": _digits(r.died),
            }
            for r in delivery.residences
        ]
    )


def _digits(day: date | None) -> str:
    return f"{day:%Y%m%d}" if day else ""


def _text(day: date | None) -> str | None:
    return str(day) if day else None


# The same in the words of iJw.
IJW = {"01": "45", "19": "31"}


def _xml(m: Message, delivery: MessageDelivery) -> str:
    gemeente = delivery.gemeente
    if delivery.regeling == "jeugdzorg":
        m = replace(m, categorie=IJW.get(m.categorie or "", m.categorie), reason=IJW.get(m.reason or "", m.reason))
    header = {
        "standaard": "ijw" if delivery.regeling == "jeugdzorg" else "iwmo",
        "dagtekening": str(m.dated),
        "identificatie": m.ident,
        "categorie": m.categorie,
        "code": m.code,
        "gemeente": gemeente[2:],
    }
    ingang, begin, end = _text(m.ingang), _text(m.begin), _text(m.end)
    if m.kind == "301":
        assert m.number is not None
        assert ingang is not None
        return w301(m.person, m.number, ingang, end, reden=m.reason, adres=m.address, **header)
    assert begin is not None
    if m.kind == "305":
        return w305(m.person, m.number, begin, status=m.status, ingang=ingang, **header)
    assert end is not None
    assert m.reason is not None
    return w307(m.person, m.number, begin, end, reden=m.reason, status=m.status, ingang=ingang, **header)


def _bus(delivery: BusDelivery) -> str:
    lines = [bus_line(delivery.year, delivery.month, _record(b, delivery)) for b in delivery.benefits]
    return _lines([line[:-1] for line in lines] if delivery.broken else lines)


def _record(b: Benefit, delivery: BusDelivery) -> dict:
    return {
        "bsn": b.person,
        "registratienummer": b.registration,
        "statistiekcode": b.code,
        "cluster": b.cluster,
        "aanvangsdatum": _digits(b.begin),
        "einddatum": _digits(b.end),
        "reden_beeindiging": "98" if b.end else "",
        "berichtgevercode": delivery.gemeente[2:],
        "gemeentecode": delivery.gemeente[2:],
    }


def _care(c: Care) -> dict:
    return {
        "bsn": "999999999" if c.person is None else c.person,
        "hulpvorm": c.form,
        "aanbieder": c.provider.rjust(8, "1"),
        "aanvang_hulp": _digits(c.begin),
        "einde_hulp": _digits(c.end),
        "reden_beeindiging": "01" if c.end else "",
    }


def _post(p: Post, delivery: WswDelivery) -> dict:
    spans = {"dienstbetrekking": p.employed, "begeleid_werken": p.supported}
    dates = {"begin_dienstbetrekking": "0" * 8}
    dates |= {f"begin_{form}": _digits(span[0]) for form, span in spans.items() if span}
    dates |= {f"eind_{form}": _digits(span[1]) for form, span in spans.items() if span and span[1]}
    codes = {"reden_ontslag": "4", "bestemming": "01"} if p.left else {}
    # A body names itself as responsible: then the gemeente of residence tells whose it is.
    responsible = "90001" if delivery.by else "0" + delivery.gemeente[2:]
    whose = {"verantwoordelijke": responsible, "gemeente_inschrijving": delivery.gemeente[2:]}
    return {"bsn": p.person} | dates | codes | whose


def not_accepted(town: Town) -> list[str]:
    """The deliveries that were not taken in as they are: blocked, held, or with rows that broke the contract."""
    return [
        f"{record.bron} {record.key}: {record.toestand} {record.per_regel}"
        for bron in registrations()
        for record in load_records(town.settings.kluis, bron).values()
        if record.toestand != ACCEPTED or record.uitval
    ]


def run_night(facts: Facts, town: Town) -> None:
    """Runs the job `nacht` once, on the stand of the facts: registrations and dbt, without publication."""
    import dagster as dg

    from orchestration.definitions import defs

    job = defs.resolve_job_def("nacht")
    wanted = [key for key in job.asset_layer.executable_asset_keys if not _of_publication(key.to_user_string())]
    with pytest.MonkeyPatch.context() as patch, dg.DagsterInstance.ephemeral() as instance:
        for name, value in town.environment().items():
            patch.setenv(name, value)
        job.execute_in_process(
            {"loggers": {"console": {}}},
            instance=instance,
            tags={"meerdoen/stand": str(facts.stand)},
            raise_on_error=False,
            asset_selection=wanted,
        )


def _of_publication(name: str) -> bool:
    return name.startswith("monitor_") or name in ("vrijgave", "kluis", "publicatie", "publicatiepoort")


def mart(town: Town) -> dict[Key, Cell]:
    """The cells of `wijkcijfers_<regeling>`, and of the tables over regelingen."""
    import duckdb

    found: dict[Key, Cell] = {}
    with duckdb.connect(str(town.settings.work / "kluis.duckdb"), read_only=True) as connection:
        for regeling in (*REGELINGEN, TOTAL, STACK, COMBINED):
            own = "combinatie" if regeling == COMBINED else "''"
            rows = connection.execute(
                "select gemeentecode, gebiedsniveau, gebiedscode, peildatum, leeftijdsgroep, indicator, "
                f"{own}, status, aantal, noemer, indelingsjaar, gebiedsnaam, eenheid, "
                "case when indicator in ('gebruik', 'gebruik_halfjaar', 'gebruik_jaar') then huishoudens end "
                f"from mart.wijkcijfers_{regeling}"
            ).fetchall()
            for row in rows:
                key = Key(regeling, *row[:7])
                assert key not in found, f"twice in the mart: {key}"
                found[key] = Cell(*row[7:])
    return found


def differences(wanted: dict[Key, Cell], got: dict[Key, Cell]) -> list[str]:
    """Every cell that is not the same in both, in words; empty when all rows are the same."""
    keys = sorted(wanted.keys() | got.keys(), key=lambda key: [str(value) for value in vars(key).values()])
    return [f"{k}: reference {wanted.get(k)}, mart {got.get(k)}" for k in keys if wanted.get(k) != got.get(k)]


def summary(found: Iterable[str], most: int = 25) -> str:
    """The first few differences of each gemeente, for the message of a failing test."""
    lines = []
    for _, group in groupby(found, key=lambda text: text.split("gemeente='")[-1][:6]):
        lines += list(group)[:most]
    return "\n".join(lines)
