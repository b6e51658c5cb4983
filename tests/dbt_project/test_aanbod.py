"""Supply: pages of HSDS become services per area, counted by a few lines of Python beside the models, and published."""

import json
from collections import defaultdict
from pathlib import Path

import duckdb
import polars as pl
import pytest

from tests.making.desk import CANARY, Desk
from tests.making.nights import environment
from tests.making.supply import page, service
from tests.making.town import AREAS, WEERT, Town, bsn

BRP = [{"bsn": number, "adres": ("6001AA", number + 1)} for number in range(12)]
# Services by name: places, werkgebied, and what is said of them.
SERVICES = {
    "thuis": ([("6001AA", 1)], "", {"lijn": "0", "capaciteit": "12", "assured_date": "2022-03-01"}),
    "twee": ([("6001AA", 2), ("6002AA", 1)], "", {"lijn": "1", "capaciteit": "8"}),
    "buren": ([("6001AA", 1), ("6001AA", 101)], "", {"lijn": "1", "deelprogramma": "volwassenen"}),
    "nergens": ([("9999ZZ", 1)], "", {"lijn": "2", "vrij_toegankelijk": "nee", "indicatie_nodig": "ja"}),
    "wijk": ([], "WK098802", {"lijn": "1", "assured_date": "2021-03-31"}),
    "buurt": ([], "BU0988AF01 GM0988", {"lijn": "1", "assured_date": "2021-03-30"}),
    "overal": ([], "", {"lijn": "0", "deelprogramma": "ouderen_en_kwetsbaren", "assured_date": "2022-03-31"}),
    "dicht": ([("6001AA", 1)], "", {"lijn": "0", "status": "defunct"}),
    "voorbij": ([("6001AA", 1)], "", {"lijn": "0", "geldig_tot": "2022-03-31"}),
}


def delivered() -> str:
    return page(
        *(
            service(name, *places, werkgebied=area, **({"vrij_toegankelijk": "ja", "indicatie_nodig": "nee"} | said))
            for name, (places, area, said) in SERVICES.items()
        )
    )


def expected() -> dict[tuple[str, str], int]:
    """The figures of 31 March 2022, by area and indicator, from SERVICES and AREAS alone; 0 is left out."""
    found: dict[tuple[str, str], int] = defaultdict(int)
    for name, (places, area, said) in SERVICES.items():
        if name in ("dicht", "voorbij"):
            continue
        areas = {WEERT}
        for postcode, number in places:
            pair = AREAS.get(postcode)
            buurt = pair[number >= 100] if pair else "BU0988onbekend"
            areas |= {buurt, "WK0988onbekend" if pair is None else f"WK{buurt[2:8]}"}
        if not places:
            areas |= {code for code in area.split() if code[:2] != "GM"}
            areas |= {f"WK{code[2:8]}" for code in area.split() if code[:2] == "BU"}
        programma = said.get("deelprogramma", "jongeren")
        stale = said.get("assured_date", "") < "2021-03-31"
        for code in areas:
            found[code, "diensten"] += 1
            found[code, f"diensten_lijn_{said['lijn']}"] += 1
            found[code, f"diensten_{programma}"] += 1
            found[code, "capaciteit"] += int(said.get("capaciteit", 0))
            found[code, "vrij_toegankelijk"] += said.get("vrij_toegankelijk", "ja") == "ja"
            found[code, "op_indicatie"] += said.get("indicatie_nodig") == "ja"
            found[code, "diensten_verouderd"] += stale
    return {key: count for key, count in found.items() if count}


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """A town with two months of supply, of which the first was corrected, after its night."""
    from orchestration import cli

    town = Town(tmp_path_factory.mktemp("aanbod"))
    town.gebieden(2022)
    town.brp(BRP, "2022-05-05")
    town.deliver("aanbod", "2022-03-05", {"services-0001.json": page(service("fout", ("6001AA", 1)))})
    town.deliver("aanbod", "2022-03-31", {"services-0001.json": delivered()})
    town.deliver("aanbod", "2022-04-28", {"services-0001.json": page(service("een", ("6002AA", 1)))})
    with environment(town.environment()):
        assert cli.main(["refresh", "--stand", "2022-06-10"]) == 0
    return town


def figures(town: Town, day: str) -> dict[tuple[str, str], int]:
    with duckdb.connect(str(town.folder / "publicatie" / "laatste" / "meerdoen.duckdb"), read_only=True) as edition:
        rows = edition.execute(
            "select gebiedscode, indicator, waarde from monitor.monitor_maatschappelijke_dienstverlening"
            " where peildatum = cast(? as date) and publicatiestatus = 'gepubliceerd'",
            [day],
        ).fetchall()
    return {(area, indicator): value for area, indicator, value in rows}


def test_the_published_figures_are_those_of_the_reference_exact_and_from_0(published: Town):
    found = figures(published, "2022-03-31")
    assert {key: count for key, count in found.items() if count} == expected()
    assert found[WEERT, "diensten"] == 7
    assert (found[WEERT, "capaciteit"], found["WK098801", "capaciteit"], found["WK098802", "capaciteit"]) == (20, 20, 8)
    # Every area of every indicator, the empty ones too.
    assert len(found) == 11 * len({area for area, _ in found})
    assert 0 in found.values()


def test_the_last_delivery_of_a_month_replaces_the_earlier_and_the_next_month_is_its_own(published: Town):
    assert figures(published, "2022-04-30")[WEERT, "diensten"] == 1
    # May was not delivered.
    assert figures(published, "2022-05-31") == {}


def test_services_and_places_are_divided_by_nothing(published: Town):
    edition = published.folder / "publicatie" / "laatste"
    whole = pl.read_parquet(edition / "monitor_maatschappelijke_dienstverlening.parquet")
    assert whole.get_column("waarde").count() > 0
    assert whole.select("noemer", "per_1000").null_count().row(0) == (whole.height, whole.height)
    rows = pl.read_parquet(edition / "dim_indicator.parquet").filter(
        pl.col("regeling") == "maatschappelijke_dienstverlening"
    )
    assert rows.get_column("noemer").null_count() == rows.height
    assert set(rows.get_column("geen_verhouding")) == {
        f"Telt {unit}, geen personen of huishoudens" for unit in ("diensten", "plaatsen")
    }


# --- the reader ---


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def flat() -> dict[str, str]:
    """The service `twee` as four lists of objects that point to each other by id."""
    whole = service("twee", ("6001AA", 2), ("6002AA", 1), capaciteit="8")
    links = whole.pop("service_at_locations")
    organization = whole.pop("organization")
    organization["organization_identifiers"] = [{"identifier_scheme": "NL-KVK", "identifier": "01234567"}]
    locations = [link["location"] for link in links]
    lists = {
        "organizations": [organization],
        "services": [whole | {"organization_id": "o1"}],
        "locations": locations,
        "service_at_locations": [
            {"id": link["id"], "service_id": "twee", "location_id": link["location"]["id"]} for link in links
        ],
    }
    return {f"{name}-0001.json": page(*objects) for name, objects in lists.items()}


def test_nested_and_flat_pages_say_the_same(desk: Desk, tmp_path: Path):
    one = service("twee", ("6001AA", 2), ("6002AA", 1), capaciteit="8")
    nested = desk.read("aanbod", {"services-0001.json": page(one)})
    lists = tmp_path / "lists"
    lists.mkdir()
    apart = Desk(lists).read("aanbod", flat())
    assert apart.faults == nested.faults == []
    assert apart.frames["aanbod"]["kvk"].to_list() == ["01234567"] * 2
    assert apart.frames["aanbod"].drop("kvk").equals(nested.frames["aanbod"].drop("kvk"))
    assert nested.frames["aanbod"].select("postcode", "huisnummer").rows() == [("6001AA", "2"), ("6002AA", "1")]


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("Dorpsstraat 12", "12"),
        ("Dorpsstraat 12a", "12"),
        ("Dorpsstraat 12 bis", "12"),
        ("Plein 1944 7-9", "7"),
        ("Plein 1944", "1944"),
        ("Postbus", None),
    ],
)
def test_the_house_number_closes_the_address_line(desk: Desk, line: str, number: str | None):
    one = service("d", ("6001AA", 1))
    one["service_at_locations"][0]["location"]["addresses"][0]["address_1"] = line
    assert desk.read("aanbod", {"services-1.json": page(one)}).frames["aanbod"]["huisnummer"].to_list() == [number]


def test_people_who_can_be_contacted_are_never_read(town: Town):
    one = service("d", ("6001AA", 1)) | {"email": f"{CANARY}@example.org", "contacts": [{"id": "c", "name": CANARY}]}
    one["organization"] |= {"email": f"{CANARY}@example.org", "description": CANARY}
    town.deliver("aanbod", "2022-03-05", {"services-0001.json": page(one)})
    assert town.take_in("aanbod").state == "in_orde"
    kept = [file for file in (town.folder / "kluis").rglob("*") if file.is_file()]
    assert not any(CANARY in str(pl.read_parquet(file).rows()) for file in kept if file.suffix == ".parquet")
    assert not any(CANARY.encode() in file.read_bytes() for file in kept)


@pytest.mark.parametrize(
    ("files", "rule"),
    [
        ({"services-0001.json": f'{{"contents": [{{"id": "{CANARY}"'}, "LEV-41"),
        ({"services-0001.json": f'{{"contents": "{CANARY} {bsn(2)}"}}'}, "LEV-41"),
        ({"services-0001.json": "[1, 2]"}, "LEV-41"),
        ({"services-0001.json": "[" * 100_000}, "LEV-41"),
        ({"taxonomies-0001.json": page()}, "LEV-41"),
        ({"services-0001.json": ""}, "LEV-01"),
        ({"services-0001.json": "{}".encode("utf-16")}, "LEV-02"),
        ({"services.csv": "id;name\n"}, "LEV-08"),
    ],
)
def test_a_file_that_is_no_page_refuses_the_delivery(desk: Desk, files: dict, rule: str):
    assert desk.refused("aanbod", files).rule_id == rule


@pytest.mark.parametrize(
    "broken",
    [
        {"name": CANARY},
        {"id": None},
        {"id": 7},
        {"id": "x", "organization": CANARY},
        {"id": "x", "attributes": CANARY},
        {"id": "x", "name": {"nl": CANARY}},
        {"id": "x", "service_at_locations": [{"id": "p", "location": {"id": "l", "addresses": [CANARY]}}]},
        CANARY,
        None,
    ],
)
def test_an_object_of_another_form_is_a_fault_with_its_number(desk: Desk, broken: object):
    content = json.dumps({"contents": [service("goed"), broken]})
    result = desk.read("aanbod", {"services-0001.json": content})
    assert [(fault.file, fault.line, fault.rule_id) for fault in result.faults] == [("services-0001.json", 2, "LEV-42")]
    assert result.frames["aanbod"]["dienst_id"].to_list() == ["goed"]
