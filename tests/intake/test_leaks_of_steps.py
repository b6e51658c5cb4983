"""Nothing of a person leaves the kluis by a failing registration step: every reader, contract and library broken.

A broken file, a contract that no row meets, a library that puts a value in its text, a zone that fails: the step is run
as Dagster runs it, and all that it tells is searched (tests/making/leaks.py).
"""

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import dagster as dg
import duckdb
import polars as pl
import pytest

from assets.intake import step
from assets.intake.asset import registration_assets
from assets.intake.keys import load_keys
from assets.record.delivery_record import load_records
from assets.registrations.declaration import Registration, registrations
from orchestration.night import night_resource
from tests.making.leaks import (
    CANARY,
    NUMBERS,
    PERSONAL,
    holds,
    needles,
    planted,
    search,
)
from tests.making.nights import GEMEENTE, SECOND, Nights, environment, newest_delivery
from tests.making.town import Town
from validations.language.delivery import DeliveryError


def inside(change: Callable[[bytes], bytes]) -> Callable[[dict[str, bytes]], dict[str, bytes]]:
    """A change of the first file of a delivery; of a zip, of the first file in it."""

    def changed(files: dict[str, bytes]) -> dict[str, bytes]:
        name = next(iter(files))
        if not zipfile.is_zipfile(io.BytesIO(files[name])):
            return files | {name: change(files[name])}
        with zipfile.ZipFile(io.BytesIO(files[name])) as archive:
            members = {info.filename: archive.read(info) for info in archive.infolist()}
        first = next(iter(members))
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for member, content in members.items():
                archive.writestr(member, change(content) if member == first else content)
        return files | {name: buffer.getvalue()}

    return changed


SECRET = f"{CANARY} {NUMBERS[0]} ".encode()


def amid(secret: bytes) -> Callable[[bytes], bytes]:
    return lambda content: content[: len(content) // 2] + secret + content[len(content) // 2 :]


BROKEN_FILES: dict[str, Callable[[dict[str, bytes]], dict[str, bytes]]] = {
    "cut": inside(lambda content: content[: len(content) // 3]),
    "a secret first": inside(lambda content: SECRET + b"\n" + content),
    "a secret amid": inside(amid(SECRET)),
    "a quote that stays open": inside(amid(b'"' + SECRET)),
    "lines of a secret": inside(amid(b"\n" + SECRET + b"\n" + SECRET)),
    "only a secret": inside(lambda _content: SECRET * 40),
    "no utf-8": inside(amid(SECRET + b"\xff\xfe\xe9")),
    "nul": inside(amid(SECRET + b"\x00")),
    "a doctype": inside(lambda content: b"<!DOCTYPE " + SECRET + b">" + content),
    "no zip": lambda files: {f"{name}.zip": b"PK\x03\x04" + SECRET for name in files},
    "empty": lambda files: dict.fromkeys(files, b""),
    "a number as name": lambda files: {f"{NUMBERS[0]}_{name}": content for name, content in files.items()},
    "only a number as name": lambda files: {f"{NUMBERS[0]}.zzz": b"x" for _name in files},
}


def raising(error: BaseException) -> Callable[[Registration], Registration]:
    def read(_files):
        raise error

    return lambda registration: replace(registration, read=read)


BROKEN_STEPS: dict[str, Callable[[Registration], Registration]] = {
    "no row is sound": lambda registration: planted(registration, all_rows=True),
    "one row is not": planted,
    "a library tells a value": raising(ValueError(SECRET.decode())),
    "polars tells a value": raising(pl.exceptions.ComputeError(SECRET.decode())),
    "polars panics": raising(pl.exceptions.PanicException(SECRET.decode())),
    "a database tells a value": raising(duckdb.ConversionException(SECRET.decode())),
    "the operating system tells a value": raising(OSError(5, SECRET.decode())),
}


def taken_in(town: Town, registration: Registration, capfd: pytest.CaptureFixture) -> list[str]:
    """Runs the registration step as Dagster does; where a planted value is found outside the kluis."""
    with environment(town.environment()), dg.DagsterInstance.ephemeral() as instance:
        result = dg.materialize(
            [registration_assets(registration)],
            resources={"night": night_resource},
            instance=instance,
            tags={"meerdoen/stand": SECOND},
        )
        events = "\n".join(map(dg.serialize_value, instance.all_logs(result.run_id)))
    assert result.success
    assert "ASSET_CHECK_EVALUATION" in events
    out = capfd.readouterr()
    wanted = needles(load_keys(town.settings.key_file))
    found = [
        name for name, text in {"events": events, "stdout": out.out, "stderr": out.err}.items() if holds(text, wanted)
    ]
    return found + search(town.settings.work, wanted)


@pytest.mark.parametrize("failure", BROKEN_FILES)
@pytest.mark.parametrize("bron", PERSONAL)
def test_no_reader_leaks(bron: str, failure: str, first_night: Nights, tmp_path: Path, capfd):
    leverancier, leverdatum, files = newest_delivery(first_night, bron)
    town = Town(tmp_path, (GEMEENTE,))
    town.deliver(bron, leverdatum, BROKEN_FILES[failure](files), leverancier=leverancier)
    assert taken_in(town, registrations()[bron], capfd) == []


@pytest.mark.parametrize("failure", BROKEN_STEPS)
@pytest.mark.parametrize("bron", PERSONAL)
def test_no_contract_and_no_library_leaks(bron: str, failure: str, first_night: Nights, tmp_path: Path, capfd):
    leverancier, leverdatum, files = newest_delivery(first_night, bron)
    town = Town(tmp_path, (GEMEENTE,))
    town.deliver(bron, leverdatum, files, leverancier=leverancier)
    assert taken_in(town, BROKEN_STEPS[failure](registrations()[bron]), capfd) == []
    (record,) = load_records(town.settings.kluis, bron).values()
    assert record.uitval or record.fouten, failure


def test_a_zone_that_fails_leaks_nothing(first_night: Nights, tmp_path: Path, capfd, monkeypatch):
    def full(*_arguments: object) -> None:
        raise OSError(28, SECRET.decode())

    leverancier, leverdatum, files = newest_delivery(first_night, "brp")
    town = Town(tmp_path, (GEMEENTE,))
    town.deliver("brp", leverdatum, files, leverancier=leverancier)
    monkeypatch.setattr(step, "write_overview", full)
    assert taken_in(town, registrations()["brp"], capfd) == []


def test_a_step_that_tells_a_value_is_caught(first_night: Nights, tmp_path: Path, capfd):
    leverancier, leverdatum, files = newest_delivery(first_night, "brp")
    town = Town(tmp_path, (GEMEENTE,))
    town.deliver("brp", leverdatum, files, leverancier=leverancier)
    telling = raising(DeliveryError("LEV-17", detail=SECRET.decode()))(registrations()["brp"])
    assert "events" in taken_in(town, telling, capfd)
