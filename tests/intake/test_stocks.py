"""Full stocks through the registration step: period, replacement, a broken file, and what of them is stored."""

from pathlib import Path

import polars as pl
import pytest

from assets.intake.keys import load_keys
from tests.making.town import Town, bsn, period_of
from tests.validations.contract_cases.awbz import CASES as AWBZ
from tests.validations.contract_cases.case import Row
from tests.validations.contract_cases.wet_oke import CASES as OKE
from tests.validations.contract_cases.wet_oke import PLACED, WAITING

SOUND: dict[str, list[Row]] = {
    "awbz": list(AWBZ["awbz"].sound),
    "wet_oke": list(OKE["wet_oke"].sound),
}
FIELDS = {"awbz": AWBZ["awbz"].contract.fields, "wet_oke": OKE["wet_oke"].contract.fields}


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town(tmp_path)


def csv(bron: str, rows: list[Row]) -> str:
    names = [field.name for field in FIELDS[bron]]
    return "".join(";".join(row) + "\n" for row in [names, *([r.get(name) or "" for name in names] for r in rows)])


def stored(town: Town, bron: str) -> pl.DataFrame:
    outcome = town.take_in(bron)
    files = [town.folder / "kluis" / good.tabellen[bron] for good in outcome.accepted]
    return pl.concat([pl.read_parquet(file) for file in files])


@pytest.mark.parametrize(
    ("name", "promise", "period"),
    [
        ("lijst_201411.csv", None, ["2014-11-01", "2014-11-30"]),
        ("lijst.csv", {"periode": {"van": "2014-10-06", "tot": "2014-11-02"}}, ["2014-10-06", "2014-11-02"]),
        ("lijst.csv", None, ["2014-12-01", "2014-12-31"]),
    ],
    ids=["file name", "levering.json", "the month before"],
)
@pytest.mark.parametrize("bron", SOUND)
def test_a_stock_is_always_of_some_period(town: Town, bron: str, name: str, promise: dict | None, period: list[str]):
    town.deliver(bron, "2015-01-12", {name: csv(bron, SOUND[bron])}, promise=promise)
    outcome = town.take_in(bron)
    assert (outcome.state, outcome.records[0].rijen) == ("in_orde", 4)
    assert period_of(outcome.records[0]) == period


@pytest.mark.parametrize("bron", SOUND)
def test_a_broken_file_leaves_the_last_good_one(town: Town, bron: str):
    content = csv(bron, SOUND[bron])
    town.deliver(bron, "2015-01-12", {"lijst_201412.csv": content})
    town.deliver(bron, "2015-01-20", {"lijst_201412.csv": content[: len(content) - 40]})
    outcome = town.take_in(bron)
    assert outcome.state == "geblokkeerd"
    assert [fault.regel_id for fault in outcome.records[1].fouten] == ["LEV-04"]
    assert [str(good.leverdatum) for good in outcome.accepted] == ["2015-01-12"]


def test_bsn_and_kindnummer_are_pseudonyms_of_their_own_domain(town: Town):
    both = PLACED | {"kindnummer": "999900018"}
    town.deliver("wet_oke", "2021-03-08", {"vve_202102.csv": csv("wet_oke", [both, WAITING])})
    frame = stored(town, "wet_oke")
    keys = load_keys(town.settings.key_file)

    def expected(domain: str, number: str) -> str:
        one = pl.DataFrame({"gemeentecode": ["GM0988"], "nummer": [number]})
        return keys.pseudonymise(one, "nummer", domain, "p")["p"].item()

    assert frame["persoon"].to_list() == [expected("bsn", bsn(0)), None]
    assert frame["kindnummer_persoon"].to_list() == [
        expected("kindnummer", "999900018"),
        expected("kindnummer", WAITING["kindnummer"] or ""),
    ]
    # The same digits as a BSN are another person.
    assert expected("bsn", "999900018") != expected("kindnummer", "999900018")


def test_nothing_of_the_vve_register_is_stored_in_the_shape_of_a_bsn(town: Town):
    """Neither person numbers nor the nine digits of the LRK, which is no BSN and looks like one."""
    from validations.gate.suites import BSN_SHAPE

    town.deliver("wet_oke", "2021-03-08", {"vve_202102.csv": csv("wet_oke", SOUND["wet_oke"])})
    frame = stored(town, "wet_oke")
    assert set(frame["lrk_nummer"].drop_nulls()) == {"lrk-123-456-789"}
    digits = BSN_SHAPE.split("|")[0].replace(r"(?<!\d)", r"(?:^|\D)").replace(r"(?!\d)", r"(?:\D|$)")
    # A pseudonym is letters and digits, among them nine in a row now and then.
    texts = [n for n, dtype in frame.schema.items() if dtype == pl.String and not n.endswith("persoon")]
    assert [name for name in texts if frame[name].str.contains(digits).any()] == []
    assert {"geboortedatum", "postcode", "kindnummer", "bsn"}.isdisjoint(frame.columns)
