"""The registration step: what it stores, of whom, under which pseudonym, and that nothing of a person leaks."""

import base64
import hmac
import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from assets.intake import step
from assets.readers import ReadResult, SourceFile
from assets.record.records import OVERVIEW, Outcome
from assets.registrations.declaration import registrations
from tests.making.town import Town, brp_csv, bsn, bus_line, period_of, w301, w305
from validations.language.judge import UITVAL

CANARY = "Kanariepiet"
NEDERWEERT = "GM0946"


def persons(count: int, **changes: object) -> list[dict]:
    return [{"bsn": number} | changes for number in range(count)]


def good_rows(town: Town, outcome: Outcome, table: str) -> pl.DataFrame:
    """The good rows that count, of all deliveries together."""
    kluis = town.settings.kluis.folder
    assert kluis is not None
    return pl.concat([pl.read_parquet(kluis / version.tabellen[table]) for version in outcome.accepted])


def uitval(town: Town, bron: str, delivery: str) -> pl.DataFrame:
    return pl.read_parquet(town.folder / "kluis" / "uitval" / bron / f"{delivery}.parquet")


def faults(outcome: Outcome) -> list[str]:
    return [fault.regel_id for record in outcome.records for fault in record.fouten]


def everything_in(folder: Path) -> str:
    """All text under a folder: names, bytes, and every value of every Parquet file."""
    texts = []
    for path in folder.rglob("*"):
        texts.append(str(path))
        if path.is_file():
            texts.append(path.read_bytes().decode("latin-1"))
        if path.suffix == ".parquet":
            texts += [str(row) for row in pl.read_parquet(path).iter_rows()]
    return "\n".join(texts)


# --- pseudonyms, and nothing else of a person ---


def test_a_good_row_holds_the_pseudonym_of_the_design_and_no_bsn(town: Town):
    town.brp(persons(2), "2021-02-05")
    frame = good_rows(town, town.take_in("brp"), "brp")
    key = base64.b64decode(json.loads(town.settings.key_file.read_text())["GM0988"]["monitor"])
    expected = [hmac.new(key, f"meerdoen|v1|bsn|{bsn(n)}".encode(), "sha256").hexdigest() for n in range(2)]
    assert frame["persoon"].to_list() == expected
    assert "bsn" not in frame.columns
    assert frame.columns == list(registrations()["brp"].contracts["brp"].columns())


def test_one_person_has_the_same_pseudonym_in_every_registration(town: Town):
    town.brp(persons(1), "2021-02-05")
    town.wmo([w305(0, 1, "2021-01-04")], "2021-02-05")
    town.bus(2021, 1, persons(1), "2021-02-05")
    found = [
        good_rows(town, town.take_in(bron), table)["persoon"].to_list()
        for bron, table in (("brp", "brp"), ("wmo", "wmo"), ("bus", "bus_wwb"))
    ]
    assert found[0] == found[1] == found[2]


def test_no_bsn_or_name_of_good_bad_or_unreadable_records_reaches_the_kluis(town: Town):
    name = f"<w:Naam><i:Voornamen>{CANARY}</i:Voornamen></w:Naam>"
    message = w301(0, 1, "2021-01-01", adres=("6001AA", 1)).replace("<w:Geslacht>", f"{name}<w:Geslacht>")
    town.wmo([message] * 40 + [message.replace("2021-01-01", "2021-06-31"), message[:500]], "2021-02-05")
    town.brp([*persons(40), {"bsn": bsn(41), "geslacht": CANARY}, {"bsn": f"{bsn(42)}{CANARY}"}], "2021-02-05")
    town.bus(2021, 1, persons(40), "2021-02-05")
    town.bus(2021, 2, persons(4, aanvangsdatum="20210631"), "2021-03-05")
    town.deliver("brp", "2021-03-05", {"brp.csv": brp_csv(persons(3)) + f'"{bsn(43)};{CANARY}\n'})
    outcomes = {bron: town.take_in(bron) for bron in ("brp", "wmo", "bus")}
    assert {bron: outcome.state for bron, outcome in outcomes.items()} == {
        "brp": "geblokkeerd",
        "wmo": "in_orde",
        "bus": "geblokkeerd",
    }
    everything = everything_in(town.folder / "kluis") + "\n".join(map(str, outcomes.values()))
    assert [bsn(number) for number in range(50) if bsn(number) in everything] == []
    assert CANARY not in everything
    assert "persoon" in everything


def test_files_in_the_kluis_can_be_read_by_their_owner_alone(town: Town):
    town.brp([*persons(30), {"bsn": "x"}], "2021-02-05")
    town.take_in("brp")
    kluis = town.folder / "kluis"
    modes = {path: path.stat().st_mode & 0o777 for path in [kluis, *kluis.rglob("*")]}
    assert {mode for path, mode in modes.items() if path.is_dir()} == {0o700}
    assert {mode for path, mode in modes.items() if path.is_file()} == {0o600}


def test_uitval_tells_file_line_rule_and_column_and_no_value(town: Town):
    bad = {"bsn": bsn(41), "geslacht": "X", "postcode": "X1"}
    town.brp([*persons(30), bad], "2021-02-05")
    record = town.take_in("brp").records[0]
    frame = uitval(town, "brp", "GM0988/2021-02-05")
    assert dict(frame.schema) == {name: dtype() for name, dtype in (UITVAL | {"kenmerk": pl.String}).items()}
    assert frame.drop("kenmerk").rows() == [
        ("brp.csv", 32, "BRP-07", "geslacht"),
        ("brp.csv", 32, "BRP-11", "postcode"),
    ]
    assert (record.rijen, record.uitval, record.per_regel) == (30, 1, {"BRP-07": 1, "BRP-11": 1})


def test_a_record_that_cannot_be_read_is_in_uitval_with_what_was_found(town: Town):
    lines = [bus_line(2021, 1, {"bsn": number}) for number in range(30)]
    town.deliver("bus", "2021-02-05", {"bus.txt": "\n".join([lines[0][:-1], *lines])})
    outcome = town.take_in("bus")
    assert (outcome.state, outcome.records[0].rijen, outcome.records[0].uitval) == ("in_orde", 30, 1)
    assert uitval(town, "bus", "GM0988/2021-02-05").rows() == [
        ("bus.txt", 1, "LEV-22", "152 tekens, verwacht 153", None)
    ]


# --- whose rows ---


def test_brp_rows_of_another_gemeente_are_left_out_and_counted(town: Town):
    town.brp([*persons(3), {"bsn": 5, "gemeentecode": "0946"}, {"bsn": 6, "gemeentecode": "363"}], "2021-02-05")
    record = town.take_in("brp").records[0]
    assert (record.rijen, record.uitval, record.elders, record.records) == (3, 0, 2, 5)
    assert record.gemeenten == {"GM0988": 3}


def test_a_gemeentecode_that_is_none_is_uitval_and_not_elsewhere(town: Town):
    town.brp([*persons(30), {"bsn": 41, "gemeentecode": "Weert"}], "2021-02-05")
    record = town.take_in("brp").records[0]
    assert (record.uitval, record.elders, record.per_regel) == (1, 0, {"BRP-09": 1})


def test_a_brp_of_another_gemeente_does_not_empty_the_population(town: Town):
    town.brp(persons(100), "2021-02-05")
    town.brp(persons(100, gemeentecode="0946"), "2021-03-05")
    outcome = town.take_in("brp")
    assert (outcome.state, faults(outcome)) == ("geblokkeerd", ["LEV-14"])
    assert good_rows(town, outcome, "brp").height == 100


def test_a_wmo_message_of_another_gemeente_is_uitval(town: Town):
    town.wmo([w305(0, n, "2021-01-04") for n in range(30)] + [w305(0, 1, "2021-01-04", gemeente="0946")], "2021-02-05")
    record = town.take_in("wmo").records[0]
    assert (record.rijen, record.elders, record.per_regel) == (30, 0, {"WMO-07": 1})


def test_of_a_national_delivery_only_the_gemeenten_of_the_key_file_are_kept(town: Town):
    columns = [field.name for field in registrations()["kerncijfers"].contracts["kerncijfers"].fields]
    areas = [("GM0988", "GM0988"), ("GM0988", "WK098801"), ("GM0363", "GM0363"), ("NL00", "NL00")]
    rows = [f"2021,{gemeente},{code},Naam" + ",5" * (len(columns) - 4) for gemeente, code in areas]
    header = ",".join(columns).replace("gemeentecode", "gm_code")
    town.deliver("kerncijfers", "2022-01-05", {"kwb.csv": "\n".join([header, *rows])}, leverancier="NL")
    outcome = town.take_in("kerncijfers")
    record = outcome.records[0]
    assert (record.rijen, record.uitval, record.elders) == (2, 0, 2)
    assert good_rows(town, outcome, "kerncijfers")["code"].to_list() == ["GM0988", "WK098801"]


def test_a_body_delivers_for_several_gemeenten_each_with_its_own_key(tmp_path: Path):
    town = Town(tmp_path, ("GM0988", NEDERWEERT))
    benefits = [{"bsn": 1, "gemeentecode": code, "registratienummer": code} for code in ("0988", "0946", "0363")]
    lines = [bus_line(2021, 1, benefit) for benefit in benefits]
    town.deliver("bus", "2021-02-05", {"bus.txt": "\n".join(lines)}, leverancier="WGR-Noord")
    outcome = town.take_in("bus")
    frame = good_rows(town, outcome, "bus_wwb")
    assert frame["gemeentecode"].to_list() == ["GM0988", NEDERWEERT]
    assert frame["persoon"].n_unique() == 2
    assert (outcome.records[0].gemeenten, outcome.records[0].elders) == ({NEDERWEERT: 1, "GM0988": 1}, 1)


def test_two_suppliers_count_beside_each_other_and_one_that_fails_stops_only_itself(tmp_path: Path):
    town = Town(tmp_path, ("GM0988", NEDERWEERT))
    town.brp(persons(3), "2021-02-05")
    town.brp(persons(4, gemeentecode="0946"), "2021-02-06", leverancier=NEDERWEERT)
    assert good_rows(town, town.take_in("brp"), "brp").height == 7
    town.brp(persons(5, gemeentecode="0946", geslacht="X"), "2021-03-06", leverancier=NEDERWEERT)
    outcome = town.take_in("brp")
    assert [(record.leverancier, record.toestand) for record in outcome.blocked] == [(NEDERWEERT, "geblokkeerd")]
    assert good_rows(town, outcome, "brp").height == 7


def test_a_gemeente_without_a_key_is_reported_and_nothing_of_it_is_stored(town: Town):
    town.brp(persons(3), "2021-02-05")
    town.brp(persons(3, gemeentecode="0946"), "2021-02-05", leverancier=NEDERWEERT)
    outcome = town.take_in("brp")
    assert outcome.left_out == {"GM0946/2021-02-05": "LEV-25"}
    assert outcome.state == "in_orde"
    assert NEDERWEERT not in everything_in(town.folder / "kluis")


def test_the_delivery_feeds_two_regelingen_and_no_row_goes_missing(town: Town):
    kinds = [
        {"bsn": n, "statistiekcode": code, "cluster": "a"} for n, code in enumerate(("01", "02", "11", "12", "14"))
    ]
    town.bus(2021, 1, kinds, "2021-02-05")
    outcome = town.take_in("bus")
    assert good_rows(town, outcome, "bus_wwb")["statistiekcode"].to_list() == ["01", "02", "14"]
    assert good_rows(town, outcome, "bus_bijzondere_bijstand")["statistiekcode"].to_list() == ["11", "12"]
    assert period_of(outcome.records[0]) == ["2021-01-01", "2021-01-31"]


# --- what others read of it ---


def test_the_overview_has_a_row_per_table_and_gemeente_and_one_per_delivery_not_in_order(town: Town):
    town.bus(2021, 1, persons(3), "2021-02-05")
    town.bus(2021, 2, persons(3, geslacht="9"), "2021-03-05")
    town.take_in("bus")
    frame = pl.read_parquet(town.folder / "kluis" / "bron" / "leveringen_bus.parquet")
    assert dict(frame.schema) == {name: dtype() for name, dtype in OVERVIEW.items()}
    shown = frame.select(
        pl.col("leverdatum", "periode_van").cast(pl.String), "toestand", "gemeentecode", "tabel", "rijen", "regels"
    )
    assert shown.rows() == [
        ("2021-02-05", "2021-01-01", "aanvaard", "GM0988", "bus_wwb", 3, ""),
        ("2021-02-05", "2021-01-01", "aanvaard", "GM0988", "bus_bijzondere_bijstand", 3, ""),
        ("2021-03-05", None, "geblokkeerd", "GM0988", None, 0, "BUS-31 LEV-13"),
    ]
    # What three rows broke is not told outside.
    assert frame["open_regels"].to_list() == ["", "", "LEV-13"]
    assert frame["levering"].n_unique() == 2
    assert all((town.folder / "kluis" / path).is_file() for path in frame["bestand"].drop_nulls())


def test_a_registration_that_was_never_delivered_has_empty_tables_of_its_contract(town: Town):
    outcome = town.take_in("bus")
    assert (outcome.state, outcome.records) == ("niet_geleverd", [])
    empty = pl.read_parquet(town.folder / "kluis" / "bron" / "bus_wwb" / "contract.parquet")
    assert empty.is_empty()
    assert empty.columns == list(registrations()["bus"].contracts["bus"].columns())
    assert pl.read_parquet(town.folder / "kluis" / "bron" / "leveringen_bus.parquet").is_empty()


# --- faults of a library, or of ourselves ---


def broken_reader(monkeypatch: pytest.MonkeyPatch, bron: str, read: Callable[[list[SourceFile]], ReadResult]) -> None:
    monkeypatch.setitem(registrations(), bron, replace(registrations()[bron], read=read))


@pytest.mark.parametrize(
    "error", [ValueError, KeyError, RecursionError, pl.exceptions.ComputeError, pl.exceptions.PanicException]
)
def test_an_exception_of_a_library_is_told_by_class_and_our_line_without_its_text(
    town: Town, monkeypatch: pytest.MonkeyPatch, error: type[BaseException]
):
    def read(_files: list[SourceFile]) -> ReadResult:
        raise error(f"cannot parse {CANARY} {bsn(1)}")

    town.brp(persons(3), "2021-02-05")
    with monkeypatch.context() as patch:
        broken_reader(patch, "brp", read)
        outcome = town.take_in("brp")
    fault = outcome.records[0].fouten[0]
    assert (outcome.state, fault.regel_id) == ("geblokkeerd", "LEV-17")
    assert fault.toelichting.startswith(f"({error.__name__} in declaration.py:")
    everything = everything_in(town.folder / "kluis") + str(outcome)
    assert CANARY not in everything
    assert bsn(1) not in everything
    assert town.take_in("brp").state == "in_orde", "the next night reads it again"


def test_an_exception_inside_a_library_names_our_own_line(town: Town, monkeypatch: pytest.MonkeyPatch):
    def judge(_contract: object, frame: pl.DataFrame) -> None:
        frame.select("is er niet")

    town.brp(persons(3), "2021-02-05")
    monkeypatch.setattr(step, "judge", judge)
    detail = town.take_in("brp").records[0].fouten[0].toelichting
    assert detail.startswith("(ColumnNotFoundError in step.py:")


def test_a_file_that_grows_while_it_is_read_is_refused_and_read_again_the_next_night(
    town: Town, monkeypatch: pytest.MonkeyPatch
):
    real = registrations()["brp"].read

    def read(files: list[SourceFile]) -> ReadResult:
        result = real(files)
        with files[0].path.open("a") as file:
            file.write(brp_csv([{"bsn": 9}]).splitlines()[1] + "\n")
        os.utime(files[0].path, (1_600_000_100, 1_600_000_100))
        return result

    town.brp(persons(3), "2021-02-05")
    with monkeypatch.context() as patch:
        broken_reader(patch, "brp", read)
        outcome = town.take_in("brp")
    assert (outcome.state, faults(outcome), outcome.accepted) == ("geblokkeerd", ["LEV-16"], [])
    assert good_rows(town, town.take_in("brp"), "brp").height == 4


def test_a_file_that_was_only_touched_while_it_was_read_is_read_again_too(town: Town, monkeypatch: pytest.MonkeyPatch):
    real = registrations()["brp"].read

    def read(files: list[SourceFile]) -> ReadResult:
        os.utime(files[0].path, (1_600_000_100, 1_600_000_100))
        return real(files)

    town.brp(persons(3), "2021-02-05")
    with monkeypatch.context() as patch:
        broken_reader(patch, "brp", read)
        assert faults(town.take_in("brp")) == ["LEV-16"]
    assert town.take_in("brp").state == "in_orde"
