"""A record of ours, or rows, that are damaged: read again from landing, or told with a remedy."""

import shutil

import dagster as dg
import polars as pl
import pytest

from assets.ground.settings import DamagedError
from assets.intake.asset import STATE_CHECK, registration_assets
from assets.registrations.declaration import registrations
from orchestration.night import STAND_TAG, night_resource
from tests.making.nights import environment
from tests.making.outcomes import counted, persons
from tests.making.town import Town


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"5", b"\xff", b'{"leverancier": "GM0988"}', b"[" * 100_000])
def test_a_damaged_record_blocks_its_registration_and_is_told_with_a_remedy(town: Town, content: bytes):
    town.brp(persons(3), "2021-02-05")
    town.take_in("brp")
    overview = town.settings.kluis.read("bron/leveringen_brp.parquet")
    place = "leveringen/brp/GM0988/2021-02-05.json"
    town.settings.kluis.write(place, content)
    with environment(town.environment()), dg.DagsterInstance.ephemeral() as instance:
        step = [registration_assets(registrations()["brp"])]
        result = dg.materialize(
            step, resources={"night": night_resource}, instance=instance, tags={STAND_TAG: "2021-03-01"}
        )
    (check,) = [one for one in result.get_asset_check_evaluations() if one.check_name == STATE_CHECK]
    assert (result.success, check.passed) == (True, False)
    assert f"{place} in de kluis is beschadigd; verwijder dit bestand" in str(check.description)
    # What it had read counts on, and the remedy works.
    assert town.settings.kluis.read("bron/leveringen_brp.parquet") == overview
    town.settings.kluis.remove(place)
    assert town.take_in("brp").state == "in_orde"


@pytest.mark.parametrize("how", ["cut", "gone", "written over"])
def test_good_rows_that_are_damaged_are_read_again_from_landing(town: Town, how: str):
    town.brp(persons(3), "2021-02-05")
    outcome = town.take_in("brp")
    stored = town.folder / "kluis" / outcome.accepted[0].tabellen["brp"]
    content = stored.read_bytes()

    def damage() -> None:
        if how == "gone":
            stored.unlink()
        elif how == "cut":
            stored.write_bytes(content[:100])
        else:
            pl.read_parquet(stored).head(1).write_parquet(stored)

    damage()
    again = town.take_in("brp")
    assert (again.state, counted(town, again), stored.read_bytes()) == ("in_orde", 3, content)
    # No longer in landing: nothing is made up, and it is told what to do.
    shutil.rmtree(town.folder / "landing")
    assert town.take_in("brp").state == "in_orde"
    damage()
    with pytest.raises(DamagedError, match=r"^bron/brp/.* is beschadigd of weg, .* zet het terug uit een kopie"):
        town.take_in("brp")
