"""An edition is switched to at once, on a folder and on a real S3 server."""

import json
from contextlib import suppress
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from assets.ground.zones import Zone
from assets.publication import edition

pytest_plugins = ("tests.making.s3",)


def tables(folder: Path, *names: str, content: str = "inhoud") -> dict[str, Path]:
    made = {}
    for name in names:
        made[f"monitor/{name}"] = folder / name
        made[f"monitor/{name}"].write_text(f"{content} van {name}")
    return made


def test_an_edition_has_a_manifest_and_becomes_the_latest(zone: Zone, tmp_path: Path):
    files = tables(tmp_path, "a.csv", "b.csv")
    edition.publish(zone, "2021-03-15", files, {"schema": 1})
    manifest = edition.manifest(zone, "2021-03-15")
    assert (manifest["editie"], manifest["schema"], edition.latest(zone)) == ("2021-03-15", 1, "2021-03-15")
    for path, file in files.items():
        assert manifest["bestanden"][path] == {
            "sha256": sha256(file.read_bytes()).hexdigest(),
            "bytes": file.stat().st_size,
        }
        assert zone.read(f"2021-03-15/{path}") == zone.read(f"laatste/{path}") == file.read_bytes()
    pointer = json.loads(zone.read("laatste.json"))
    assert pointer["manifest_sha256"] == sha256(zone.read("2021-03-15/manifest.json")).hexdigest()


def test_the_next_edition_is_switched_to_and_the_old_one_stays(zone: Zone, tmp_path: Path):
    edition.publish(zone, "2021-03-15", tables(tmp_path, "a.csv", content="oud"), {})
    name = edition.next_name(zone, date(2021, 3, 15))
    edition.publish(zone, name, tables(tmp_path, "a.csv", content="nieuw"), {})
    assert (name, edition.latest(zone)) == ("2021-03-15-2", "2021-03-15-2")
    assert zone.read("laatste/monitor/a.csv") == b"nieuw van a.csv"
    assert zone.read("2021-03-15/monitor/a.csv") == b"oud van a.csv"


@pytest.mark.parametrize("first", [True, False])
def test_a_switch_that_another_writer_made_in_between_is_lost(
    s3: Zone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first: bool
):
    if not first:
        edition.publish(s3, "2021-02-15", tables(tmp_path, "a.csv", content="oud"), {})
    real = edition._switch

    def switch(zone: Zone, *rest) -> None:
        zone.write("laatste.json", b'{"editie": "van een ander"}')
        real(zone, *rest)

    monkeypatch.setattr(edition, "_switch", switch)
    with pytest.raises(edition.SwitchLostError):
        edition.publish(s3, "2021-03-15", tables(tmp_path, "a.csv", content="nieuw"), {})
    assert json.loads(s3.read("laatste.json")) == {"editie": "van een ander"}
    with suppress(FileNotFoundError):
        assert s3.read("laatste/monitor/a.csv") == b"oud van a.csv"
    assert first != s3.exists("laatste")
