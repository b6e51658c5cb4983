"""Figures per straat: protected and audited with the edition, in the kluis alone unless sdc.yml says otherwise."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from assets.ground.declared import CLOSED, TOTAAL
from assets.protection.cells import PUBLISHED
from assets.protection.sdc import load_sdc
from assets.publication import ledger, publish, tables
from tests.making.closes import Closes
from tests.making.publishing import NOTHING
from tests.validations.disclosure.gemeente import gemeente

STREETS = "monitor_totaal_straat"

DAYS = (date(2022, 3, 31), date(2022, 6, 30))
STAND = date(2022, 7, 20)


@pytest.fixture(scope="module")
def closes(tmp_path_factory: pytest.TempPathFactory) -> Closes:
    """One close of three regelingen and of all together, computed."""
    made = Closes(tmp_path_factory.mktemp("closes"))
    made.compute(gemeente(3, 5000, 3, DAYS), STAND)
    return made


def written(closes: Closes, name: str) -> pl.DataFrame:
    return pl.read_parquet(closes.work / "vrij" / f"{name}.parquet")


def test_streets_are_a_file_of_their_own(closes: Closes):
    streets, total = written(closes, STREETS), written(closes, TOTAAL.table)
    assert set(total.get_column("gebiedsniveau")) == {"gemeente", "wijk", "buurt"}
    assert streets.select("gebiedsniveau", "leeftijdsgroep", "indicator").unique().rows() == [
        ("straat", "totaal", "clienten")
    ]
    shown = streets.filter(pl.col("publicatiestatus") == PUBLISHED).get_column("waarde")
    assert len(shown) > 20
    assert shown.min() >= 10  # pyright: ignore[reportOptionalOperand, reportOperatorIssue]
    assert set(shown % 5) == {0}
    assert closes.audit()["reden"] == ""


def test_a_street_that_shows_what_was_hidden_is_found(closes: Closes):
    file = closes.work / "vrij" / f"{STREETS}.parquet"
    kept, before = file.read_bytes(), written(closes, STREETS)
    hidden = before.filter(
        pl.col("publicatiestatus") == "kleiner_dan_drempel", ~pl.col("gebiedscode").str.ends_with("onbekend")
    )
    own = pl.col("gebiedscode") == hidden.item(0, "gebiedscode")
    before.with_columns(
        waarde=pl.when(own).then(5).otherwise("waarde"),
        publicatiestatus=pl.when(own).then(pl.lit(PUBLISHED)).otherwise("publicatiestatus"),
    ).write_parquet(file)
    (closes.work / "geheugen" / "audit.json").unlink(missing_ok=True)
    try:
        assert "waarde onder de drempel" in closes.audit()["reden"]
    finally:
        file.write_bytes(kept)
        (closes.work / "geheugen" / "audit.json").unlink(missing_ok=True)


@pytest.mark.parametrize("public", [False, True])
def test_streets_are_in_the_edition_only_when_the_settings_say_so(
    closes: Closes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, public: bool
):
    monkeypatch.setattr(publish, "load_sdc", lambda: replace(load_sdc(), streets_public=public))
    publish._tables(closes.night, [TOTAAL.name], [TOTAAL.name], tmp_path)
    assert {file.stem for file in tmp_path.iterdir()} == ({TOTAAL.table, STREETS} if public else {TOTAAL.table})


def test_streets_are_kept_in_the_kluis(closes: Closes):
    publish._keep_closed(closes.night, [TOTAAL.name])
    file = closes.folder / "kluis" / CLOSED / f"{STREETS}.parquet"
    assert pl.read_parquet(file).equals(written(closes, STREETS))


def test_the_models_hold_to_the_streets_as_published(closes: Closes):
    kluis = closes.night.settings.kluis
    ledger.keep_areas(kluis, STAND)
    assert pl.read_parquet(closes.folder / "kluis" / "bron" / "straten.parquet").is_empty()
    entries = pl.read_parquet(closes.work / "vrij" / "grootboek.parquet")
    ledger.append(kluis, STAND, entries, pl.DataFrame(schema=tables.ORIGIN), {})
    ledger.keep_areas(kluis, STAND)
    kept = pl.read_parquet(closes.folder / "kluis" / "bron" / "straten.parquet")
    streets = gemeente(3, 5000, 3, DAYS).areas.filter(pl.col("gebiedsniveau") == "straat")
    assert set(kept.get_column("gebiedscode")) == set(streets.get_column("gebiedscode"))


def test_a_run_is_read_with_the_regelingen_that_it_counted_together(tmp_path: Path):
    """What counts together today does not link the figures of a close at which something else did."""
    kluis = Closes(tmp_path).night.settings.kluis
    origin = {"tabel": TOTAAL.table, "gemeentecode": "GM0999", "bron": "wmo", "unieset": "wmo, wwb"}
    origins = pl.DataFrame([origin | {"peildatum": day} for day in DAYS]).with_columns(
        unieset=pl.when(pl.col("peildatum") == DAYS[1]).then(pl.lit("wmo")).otherwise("unieset")
    )
    full = pl.DataFrame(schema=tables.ORIGIN)
    ledger.append(kluis, STAND, NOTHING, pl.concat([full, origins], how="diagonal"), {})
    counted = ledger.unions(kluis, STAND).sort("peildatum", "tabel").rows()
    assert counted == [
        (0, "GM0999", DAYS[0], "monitor_wmo"),
        (0, "GM0999", DAYS[0], "monitor_wwb"),
        (0, "GM0999", DAYS[1], "monitor_wmo"),
    ]
