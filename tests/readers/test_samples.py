"""Samples of others pass: the messages of the iWmo standard, and tables and boundaries that CBS published."""

from pathlib import Path

import polars as pl
import pytest

from assets.readers import SourceFile
from assets.registrations.wmo import read
from tests.making.town import Town, bsn
from validations.contracts.wmo import CONTRACT
from validations.language.judge import judge

SHARED = Path(__file__).parents[3] / "shared"
SAMPLES = SHARED / "specs" / "iwmo-3.2" / "samples"
CBS = SHARED / "data" / "cbs"
pytestmark = pytest.mark.skipif(not (SAMPLES.is_dir() and CBS.is_dir()), reason="../shared is absent")

# By the fields of the contract; what is not named is none.
EXPECTED = {
    "WMO301": [
        {
            "bericht": "301",
            "gemeentecode": "0384",
            "aanbieder": "42420001",
            "bericht_identificatie": "123456789012",
            "dagtekening": "2023-08-13",
            "bsn": bsn(0),
            "geslacht": "1",
            "postcode": "9999XX",
            "huisnummer": "100",
            "toewijzingnummer": "101",
            "categorie": "01",
            "productcode": "01A01",
            "toewijzingsdatum": "2023-08-13",
            "ingangsdatum": "2023-01-01",
            "einddatum": "2023-12-31",
            "omvang_eenheid": "01",
            "omvang_frequentie": "1",
        }
    ],
    "WMO305": [
        {
            "bericht": "305",
            "gemeentecode": "0363",
            "aanbieder": "65656055",
            "bericht_identificatie": "123456789013",
            "dagtekening": "2025-04-05",
            "bsn": bsn(0),
            "geslacht": "1",
            "toewijzingnummer": number,
            "categorie": "01",
            "productcode": code,
            "ingangsdatum": "2025-04-01",
            "begindatum": begin,
            "status_aanlevering": "1",
        }
        for number, code, begin in (("300201", "01A11", "2025-04-03"), ("300202", "01A12", "2025-04-04"))
    ],
    "WMO307": [
        {
            "bericht": "307",
            "gemeentecode": "0363",
            "aanbieder": "65656055",
            "bericht_identificatie": "123456789014",
            "dagtekening": "2025-07-21",
            "bsn": bsn(0),
            "geslacht": "1",
            "toewijzingnummer": number,
            "categorie": "01",
            "productcode": code,
            "ingangsdatum": "2025-04-01",
            "begindatum": begin,
            "einddatum": "2025-07-18",
            "reden_beeindiging": "31",
            "status_aanlevering": "1",
        }
        for number, code, begin in (("300201", "01A11", "2025-04-03"), ("300202", "01A12", "2025-04-15"))
    ],
}


def sample(name: str) -> str:
    """The message itself: some copies carry a heading above it."""
    text = (SAMPLES / f"{name}.xml").read_text(encoding="utf-8")
    return text[text.index("<?xml") :].rstrip()


def rows_of(frame: pl.DataFrame) -> list[dict]:
    """The rows by the fields of the contract, without what is none."""
    rows = frame.select(field.name for field in CONTRACT.fields).rows(named=True)
    return [{name: value for name, value in row.items() if value is not None} for row in rows]


@pytest.mark.parametrize("name", EXPECTED)
def test_a_sample_of_the_standard_is_read_as_it_means(tmp_path: Path, name: str):
    file = tmp_path / f"{name}.xml"
    file.write_text(sample(name), encoding="utf-8")
    result = read([SourceFile(file.name, file)])
    assert result.faults == []
    assert rows_of(result.frames["wmo"]) == EXPECTED[name]
    own = (pl.lit("NL").alias("leverancier"), pl.lit("2026-01-01").str.to_date().alias("leverdatum"))
    assert judge(CONTRACT, result.frames["wmo"].with_columns(own)).uitval.is_empty()


def test_the_samples_are_taken_in_with_their_values_and_a_pseudonym(tmp_path: Path):
    town = Town(tmp_path, ("GM0363", "GM0384"))
    files: dict[str, str | bytes] = {f"{name}.xml": sample(name) for name in EXPECTED}
    town.deliver("wmo", "2026-01-01", files, leverancier="regio")
    outcome = town.take_in("wmo")
    assert (outcome.state, outcome.records[0].gemeenten) == ("in_orde", {"GM0363": 4, "GM0384": 1})
    frame = pl.read_parquet(tmp_path / "kluis" / outcome.accepted[0].tabellen["wmo"])
    columns = ("bericht", "gemeentecode", "toewijzingnummer", "ingangsdatum", "begindatum", "einddatum")
    texts = frame.select(pl.col(columns).cast(pl.String)).rows()
    assert texts == [
        ("301", "GM0384", "101", "2023-01-01", None, "2023-12-31"),
        ("305", "GM0363", "300201", "2025-04-01", "2025-04-03", None),
        ("305", "GM0363", "300202", "2025-04-01", "2025-04-04", None),
        ("307", "GM0363", "300201", "2025-04-01", "2025-04-03", "2025-07-18"),
        ("307", "GM0363", "300202", "2025-04-01", "2025-04-15", "2025-07-18"),
    ]
    assert frame["persoon"].n_unique() == 2, "one person, in two gemeenten"


@pytest.mark.parametrize(
    ("file", "gemeenten", "rows", "figure"),
    [
        ("kwb_wijk_weert_nederweert_2021_2022.csv", ("GM0946", "GM0988"), 46, ("GM0946", 17171, 1010, 150)),
        ("kwb_wijk_veendam_pekela_2021_2022.csv", ("GM0047", "GM0765"), 14, ("GM0047", 27417, 2510, 880)),
    ],
)
def test_kerncijfers_of_cbs_load(tmp_path: Path, file: str, gemeenten: tuple[str, ...], rows: int, figure: tuple):
    town = Town(tmp_path, gemeenten)
    town.deliver("kerncijfers", "2024-01-05", {file: (CBS / file).read_bytes()}, leverancier="NL")
    outcome = town.take_in("kerncijfers")
    record = outcome.records[0]
    assert (outcome.state, record.rijen, record.uitval, record.elders) == ("in_orde", rows, 0, 0)
    frame = pl.read_parquet(tmp_path / "kluis" / outcome.accepted[0].tabellen["kerncijfers"])
    of_2021 = frame.filter(pl.col("jaar") == 2021, pl.col("code") == figure[0])
    assert of_2021.select("code", "a_inw", "a_wmo_t", "a_soz_wb").rows() == [figure]


def test_boundaries_of_cbs_load(tmp_path: Path):
    town = Town(tmp_path, ("GM0946", "GM0988"))
    town.gebieden(2022)
    boundaries = {path.name: path.read_bytes() for path in sorted(CBS.glob("wijken_2022_*.geojson"))}
    town.deliver("gebieden", "2022-01-02", dict(boundaries), leverancier="NL")
    outcome = town.take_in("gebieden")
    record = outcome.records[0]
    assert (outcome.state, record.uitval, record.elders) == ("in_orde", 0, 0)
    frame = pl.read_parquet(tmp_path / "kluis" / outcome.accepted[0].tabellen["gebieden_kaart"])
    per_gemeente = frame.group_by("gemeentecode", "indelingsjaar").len().sort("gemeentecode")
    counts = {path: content.count(b'"wijkcode"') for path, content in boundaries.items()}
    assert [row[:2] for row in per_gemeente.rows()] == [("GM0946", 2022), ("GM0988", 2022)]
    assert per_gemeente["len"].sum() == sum(counts.values())
    assert frame["geometrie"].str.json_path_match("$.type").is_in(["Polygon", "MultiPolygon"]).all()
