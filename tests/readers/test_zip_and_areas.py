"""Zips are opened safely; area tables and boundaries are read as CBS writes them in any year."""

import io
import json
import struct
import zipfile
from pathlib import Path

import polars as pl
import pytest

from assets.readers import files
from tests.making.desk import CANARY, Desk
from tests.making.town import bsn, w305
from validations.contracts.gebieden import ADDRESSES, NAMES, SHAPES
from validations.language.contract import Contract
from validations.language.judge import judge

FIRST, SECOND = w305(1, 101, "2021-01-04"), w305(2, 102, "2021-01-05")
SECRET = w305(2, 103, "2021-01-06", aanbieder=CANARY)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def zipped(*entries: tuple[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return buffer.getvalue()


def lying(archive: bytes, size: int) -> bytes:
    """The zip with another uncompressed size in its directory."""
    entry = archive.index(b"PK\x01\x02")
    return archive[: entry + 24] + struct.pack("<I", size) + archive[entry + 28 :]


def damaged(archive: bytes) -> bytes:
    """The zip with other bytes in the middle of its first entry."""
    middle = len(zipped(("a.xml", SECRET))) // 3
    return archive[:middle] + bytes(byte ^ 0xFF for byte in archive[middle : middle + 40]) + archive[middle + 40 :]


def test_the_order_of_entries_in_a_zip_does_not_matter(desk: Desk):
    there = desk.read("wmo", {"w.zip": zipped(("a.xml", FIRST), ("map/b.xml", SECOND))}).frames["wmo"]
    back = desk.read("wmo", {"w.zip": zipped(("map/b.xml", SECOND), ("a.xml", FIRST))}).frames["wmo"]
    assert there.equals(back)
    assert there.select("bsn", "bestand").rows() == [(bsn(1), "w.zip/a.xml"), (bsn(2), "w.zip/map/b.xml")]


def test_files_in_a_zip_and_beside_it_are_read_alike(desk: Desk):
    loose = desk.read("wmo", {"a.xml": FIRST, "b.xml": SECOND}).frames["wmo"]
    mixed = desk.read("wmo", {"w.zip": zipped(("b.xml", SECOND), ("leesmij.txt", "x")), "a.xml": FIRST}).frames["wmo"]
    assert mixed.drop("bestand").equals(loose.drop("bestand"))


@pytest.mark.parametrize(
    ("rule_id", "archive"),
    [
        ("LEV-09", zipped(("../a.xml", SECRET))),
        ("LEV-09", zipped(("map/../../a.xml", SECRET))),
        ("LEV-09", zipped(("..\\a.xml", SECRET))),
        ("LEV-09", zipped(("/etc/a.xml", SECRET))),
        ("LEV-09", zipped(("b.zip", zipped(("a.xml", SECRET))))),
        ("LEV-09", zipped(("a.xml", SECRET))[:-30]),
        ("LEV-09", damaged(zipped(("a.xml", SECRET)))),
        ("LEV-09", damaged(zipped(("a.xml", SECRET), method=zipfile.ZIP_LZMA))),
        ("LEV-09", CANARY.encode()),
        ("LEV-09", lying(zipped(("a.xml", SECRET)), 100)),
        ("LEV-10", lying(zipped(("a.xml", SECRET)), 5_000)),
        ("LEV-10", lying(zipped(("a.xml", SECRET)), 2**31)),
        ("LEV-10", zipped(("a.xml", b" " * 3 * 2**20))),
        ("LEV-08", zipped(("a.txt", SECRET))),
    ],
)
def test_an_unsafe_or_broken_zip_is_refused(desk: Desk, rule_id: str, archive: bytes):
    error = desk.refused("wmo", {"w.zip": archive})
    assert (error.rule_id, error.file) == (rule_id, "" if rule_id == "LEV-08" else "w.zip")


def test_a_zip_that_holds_more_than_the_limit_is_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(files, "MAX_UNPACKED", 1_000)
    assert desk.refused("wmo", {"w.zip": zipped(("a.xml", SECRET), ("b.xml", SECRET))}).rule_id == "LEV-10"


def test_nothing_of_a_zip_is_written_to_disk(desk: Desk):
    desk.read("wmo", {"w.zip": zipped(("a.xml", FIRST), ("map/b.xml", SECOND))})
    assert [path.name for path in desk.folder.iterdir()] == ["w.zip"]


# --- area tables of CBS ---

OLD = {
    "pc6hnr20120801_gwb.csv": "PC6;Huisnummer;Buurt2012;Wijk2012;Gemeente2012\n6001AA;1;9880101;98801;988\n",
    "brt2012.csv": "buurtcode2012;buurtnaam2012\n9880101;Boshoven-Noord\n",
    "wijk2012.csv": "Wijkcode2012;Wijknaam_2012K_NAAM\n98801;Boshoven\n",
    "gem2012.csv": "Gemcode2012;Gemeentenaam2012\n988;Weert\n",
}
NEW = {
    "pc6hnr20230801_gwb.csv": "PC6;Huisnummer;Buurt2023;Wijk2023;Gemeente2023\n1011AB;1;0363AF01;0363AF;0363\n",
    "brt2023.csv": "\ufeffbuurtcode2023;buurtnaam2023\n0363AF01;Nieuwmarkt\n",
    "wijk2023.csv": '"wijkcode2023";"wijknaam2023"\n"0363AF";"Burgwallen; Oost"\n',
    "gem2023.csv": "Gemcode2023;Gemeentenaam2023\n0363;Amsterdam\n",
}


@pytest.mark.parametrize(
    ("tables", "address", "names"),
    [
        (
            OLD,
            (2012, "6001AA", 1, "BU09880101", "WK098801", "GM0988"),
            [
                ("buurt", "BU09880101", "Boshoven-Noord"),
                ("gemeente", "GM0988", "Weert"),
                ("wijk", "WK098801", "Boshoven"),
            ],
        ),
        (
            NEW,
            (2023, "1011AB", 1, "BU0363AF01", "WK0363AF", "GM0363"),
            [
                ("buurt", "BU0363AF01", "Nieuwmarkt"),
                ("gemeente", "GM0363", "Amsterdam"),
                ("wijk", "WK0363AF", "Burgwallen; Oost"),
            ],
        ),
    ],
    ids=["integers without leading zeros", "text with letters"],
)
def test_area_tables_of_any_year_come_out_alike(desk: Desk, tables: dict, address: tuple, names: list[tuple]):
    frames = desk.read("gebieden", tables).frames
    addresses, areas = judged(ADDRESSES, frames["adressen"]), judged(NAMES, frames["namen"])
    columns = ("indelingsjaar", "postcode", "huisnummer", "buurtcode", "wijkcode", "gemeentecode")
    assert addresses.select(columns).rows() == [address]
    assert areas.select("soort", "code", "naam").rows() == names
    assert set(areas["indelingsjaar"]) == {address[0]}
    assert set(areas["gemeentecode"]) == {address[-1]}


@pytest.mark.parametrize(
    ("rule_id", "file", "tables"),
    [
        ("LEV-08", "", {"brt2012.csv": OLD["brt2012.csv"]}),
        ("LEV-03", "x.csv", OLD | {"x.csv": f"PC6;Huisnummer;{CANARY}\n"}),
        ("LEV-03", "x2012.csv", OLD | {"x2012.csv": f"PC6;Huisnummer;Buurt2012;Wijk2012;{CANARY}\n"}),
        ("LEV-03", "x2012.csv", OLD | {"x2012.csv": f"{CANARY};naam\n"}),
    ],
)
def test_area_tables_that_are_not_there_are_refused(desk: Desk, rule_id: str, file: str, tables: dict):
    error = desk.refused("gebieden", tables)
    assert (error.rule_id, error.file) == (rule_id, file)


# --- boundaries ---


def shapes(*features: tuple[dict, dict | None]) -> str:
    made = [{"type": "Feature", "properties": properties, "geometry": shape} for properties, shape in features]
    return json.dumps({"type": "FeatureCollection", "features": made})


AREA = {"type": "Polygon", "coordinates": [[[5.7, 51.25], [5.8, 51.25], [5.8, 51.3], [5.7, 51.25]]]}


def test_boundaries_keep_code_year_and_geometry(desk: Desk):
    wijken = shapes(({"wijkcode": "WK098801"}, AREA), ({"wijkcode": "WK098802"}, AREA))
    buurten = shapes(({"buurtcode": "BU0988AF01", "wijkcode": "WK0988AF"}, AREA))
    frame = desk.read("gebieden", OLD | {"wijken_2022.geojson": wijken, "buurten_2023.json": buurten}).frames["kaart"]
    rows = judged(SHAPES, frame).select("indelingsjaar", "gemeentecode", "code", "bestand", "regel").rows()
    assert rows == [
        (2023, "GM0988", "BU0988AF01", "buurten_2023.json", 1),
        (2022, "GM0988", "WK098801", "wijken_2022.geojson", 1),
        (2022, "GM0988", "WK098802", "wijken_2022.geojson", 2),
    ]
    assert [json.loads(shape) for shape in frame["geometrie"]] == [AREA] * 3


@pytest.mark.parametrize(
    ("file", "feature", "rule_id"),
    [
        ("wijken_2022.geojson", ({"naam": "Boshoven"}, AREA), "GEB-31"),
        ("wijken_2022.geojson", ({"wijkcode": "WK0988"}, AREA), "GEB-32"),
        ("wijken_2022.geojson", ({"wijkcode": "WK098801"}, None), "GEB-33"),
        ("wijken.geojson", ({"wijkcode": "WK098801"}, AREA), "GEB-35"),
    ],
)
def test_a_boundary_without_what_it_needs_is_uitval(desk: Desk, file: str, feature: tuple, rule_id: str):
    frame = desk.read("gebieden", OLD | {file: shapes(feature)}).frames["kaart"]
    assert judge(SHAPES, frame).uitval.drop("kolom").rows() == [(file, 1, rule_id)]


@pytest.mark.parametrize(
    "content",
    [f'{{"naam": "{CANARY}"', f'{{"naam": "{CANARY}"}}', f'["{CANARY}"]', f'{{"features": ["{CANARY}"]}}'],
)
def test_what_is_no_geojson_is_refused(desk: Desk, content: str):
    error = desk.refused("gebieden", OLD | {"wijken_2022.geojson": content})
    assert (error.rule_id, error.file) == ("LEV-03", "wijken_2022.geojson")


def judged(contract: Contract, frame: pl.DataFrame) -> pl.DataFrame:
    """The good rows of a frame in which the contract finds nothing wrong."""
    verdict = judge(contract, frame)
    assert verdict.uitval.is_empty()
    return verdict.good
