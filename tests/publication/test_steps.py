"""The steps after dbt never raise: a fault is told without its words, kept for later steps, and its check is red."""

from datetime import date
from pathlib import Path

import dagster as dg

from assets.ground.night import Night
from assets.ground.settings import Settings
from assets.ground.state import recall
from assets.publication.steps import Done, step_asset

DAY = date(2022, 7, 20)
SECRET = "wat hier staat mag niemand lezen"


def materialize(work: Path, *, raises: bool) -> dg.ExecuteInProcessResult:
    def run(_night: Night) -> Done:
        if raises:
            raise ValueError(SECRET)
        return Done({"gedaan": True}, "", "1", {"rijen": 20})

    step = step_asset(
        name="stap",
        check="goed_gegaan",
        holds="De stap is gedaan.",
        run=run,
        broken=lambda _night, fault: Done({"gedaan": False}, f"mislukt ({fault})"),
        group_name="publicatie",
        deps=[],
        description="Een stap.",
        owners=["team:monitor"],
        tags={},
    )
    night = Night(Settings.within(work.parent), DAY, DAY, str(DAY))
    return dg.materialize([step], resources={"night": night})


def test_what_was_done_is_told(tmp_path: Path):
    result = materialize(tmp_path / "werk", raises=False)
    (check,) = result.get_asset_check_evaluations()
    assert check.passed
    assert recall(tmp_path / "werk", "toestand/stap") == {"gedaan": True}
    (made,) = result.asset_materializations_for_node("stap")
    assert made.metadata["rijen"].value == 20


def test_a_fault_is_told_in_our_words_and_the_run_goes_on(tmp_path: Path):
    result = materialize(tmp_path / "werk", raises=True)
    assert result.success
    (check,) = result.get_asset_check_evaluations()
    assert (check.passed, check.severity) == (False, dg.AssetCheckSeverity.ERROR)
    assert str(check.description).startswith("mislukt (ValueError")
    assert recall(tmp_path / "werk", "toestand/stap") == {"gedaan": False}
    assert SECRET not in str(result.all_events)
