"""One night in which every name from outside is odd: through Dagster, dbt and the edition they stay data.

What a single step does with a name is in test_hostile_names.py.
"""

import csv
import json
import os
import shutil
from pathlib import Path

import polars as pl
import pytest
import yaml

from assets.demo.make import DemoOptions, make_demo
from assets.ground.names import folder_of
from tests.intake.test_doorbraakprojecten import PROJECT
from tests.making.hostile import HOSTILE, ON_DISK, tells_a_number
from tests.making.leaks import everything
from tests.making.nights import GEMEENTE, Nights
from tests.making.workbooks import FIRST, HEADER, SECOND, fill, plain, saved

RMC = "RMC 's-Hertogenbosch"
OPTIONS = DemoOptions(gemeenten=(GEMEENTE,), inwoners=1500, tot="2022-06", maanden=3, seed=3)
# What an area may be called though it looks like code: rule GEB-27 lets it pass, so it reaches the edition.
AREAS = ("equals", "statement", "template", "number_in_text", "at")


def spoil(night: Nights) -> None:
    """Gives a hostile name to whatever has one, beside deliveries that are in order."""
    landing = night.folder / "landing"
    own = landing / GEMEENTE
    (landing / RMC).mkdir()
    (own / "vsv").rename(landing / RMC / "vsv")
    names = list(ON_DISK.values())
    for name in names:
        shutil.copytree(landing / RMC, landing / name)
        shutil.copytree(own / "cjg" / "2022-07-09", own / "cjg" / name)
        (own / "cjg" / "2022-07-09" / f"{name}.txt").write_text("geen;kop\n1;2\n")
    book = plain()
    for name in HOSTILE.values():
        fill(book.create_sheet(_title(name)), HEADER, FIRST, SECOND)
    night.deliver("leerlingenvervoer", "2022-07-09", {"lv.xlsx": saved(book)}, leverancier=GEMEENTE)
    verzuim = next((own / "leerplicht" / "2022-07-08").glob("verzuim*.json"))
    records = [record | dict.fromkeys(HOSTILE.values(), "x") for record in json.loads(verzuim.read_text())]
    verzuim.write_text(json.dumps(records))
    offer = next((own / "aanbod" / "2022-06-25").glob("services*.json"))
    page = json.loads(offer.read_text())
    for service, name in zip(page["contents"], HOSTILE.values(), strict=False):
        service["name"] = name
    offer.write_text(json.dumps(page))
    projects = [
        PROJECT | {"project_code": f"P-{number}", "naam": name, name: name, "gebieden": [f"WK{GEMEENTE[2:]}01"]}
        for number, name in enumerate(HOSTILE.values())
    ]
    night.deliver(
        "doorbraakprojecten",
        "2022-07-16",
        {"p.yaml": yaml.safe_dump(projects, allow_unicode=True)},
        leverancier=GEMEENTE,
        promise=dict.fromkeys(HOSTILE.values(), "x"),
    )
    wijken = next(landing.glob("NL/gebieden/*/wijk2022.csv"))
    header, *rows = wijken.read_text().splitlines()
    named = [
        f'{row.split(";")[0]};"{HOSTILE[kind].replace(chr(34), chr(34) * 2)}"'
        for row, kind in zip(rows, AREAS, strict=False)
    ]
    wijken.write_text("\n".join([header, *named, *rows[len(named) :]]) + "\n")
    # What was promised of the files of before would block them for that.
    for changed in (verzuim, offer, wijken):
        (changed.parent / "levering.json").unlink()
    # Not an upload that goes on.
    for changed in landing.rglob("*"):
        os.utime(changed, (0, 0))
    sources = json.loads(night.settings.sources_file.read_text())
    asked = {"schuldhulpverlening": {"url": "sqlite:///weg.sqlite", "vanaf": "2021-01-01"}}
    night.settings.sources_file.write_text(json.dumps(sources | dict.fromkeys(HOSTILE.values(), asked)))


def _title(name: str) -> str:
    """What Excel lets a sheet be called: 31 characters, and some not."""
    return name.translate(dict.fromkeys(map(ord, "\\*?:/[]\n"), "("))[:31]


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Nights:
    nights = Nights(tmp_path_factory.mktemp("namen"))
    make_demo(nights.settings, OPTIONS, lambda _line: None)
    spoil(nights)
    # Some deliveries are refused, and that is told; everything else is counted and published.
    assert nights.night("2022-07-20") == 1
    return nights


def test_a_leverancier_with_a_quote_in_its_name_is_counted_and_published(night: Nights):
    origin = pl.read_parquet(night.latest / "monitor_herkomst.parquet")
    assert set(origin.filter(pl.col("bron") == "vsv")["leverancier"]) == {RMC}
    assert (night.folder / "kluis/bron/vsv" / folder_of(RMC)).is_dir()


def test_every_regeling_but_those_spoilt_has_figures(night: Nights):
    quality = pl.read_parquet(night.latest / "monitor_kwaliteit.parquet")
    other = dict(quality.filter(pl.col("toestand") != "aanvaard").select("bron", "toestand").iter_rows())
    # Two sheets alike, files that nobody reads, fields that are none; and what such a demo has not.
    assert other == {
        **{"leerlingenvervoer": "geblokkeerd", "cjg": "vastgehouden", "doorbraakprojecten": "geblokkeerd"},
        "leerplicht": "geblokkeerd",
        **{"awbz": "niet_geleverd", "wsw": "niet_geleverd"},
    }


def test_no_odd_name_does_anything_or_tells_a_number(night: Nights, capsys: pytest.CaptureFixture):
    night.run("status")
    printed = capsys.readouterr().out
    assert "LEV-28" in printed
    outside = [
        (where, text) for folder in ("dagster", "publicatie") for where, text in everything(night.folder / folder, ())
    ]
    for where, text in [("status", printed), *outside]:
        assert not tells_a_number(text), where
        assert "<script" not in text, where
    assert not list(night.folder.rglob("gekraakt"))
    assert not Path("gekraakt").exists()


def test_no_cell_of_a_published_csv_begins_a_formula(night: Nights):
    for file in (night.latest / "csv").glob("*.csv"):
        frame = pl.read_parquet(night.latest / f"{file.stem}.parquet")
        texts = {name for name, dtype in frame.schema.items() if dtype == pl.String}
        with file.open(encoding="utf-8-sig", newline="") as opened:
            for row in csv.DictReader(opened, delimiter=";"):
                assert not any(row[name][:1] in "=+-@\t\r" for name in texts if row[name])
