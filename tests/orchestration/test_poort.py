"""publicatiepoort: red when a check failed or was not evaluated, or a step failed or was skipped."""

import dagster as dg

from orchestration.poort import problems, publicatiepoort


def manifest(*tests: str, model: str = "goed") -> dict:
    """What dbt asks of a model."""
    nodes = {
        f"test.meerdoen.{name}": {"name": name, "resource_type": "test", "attached_node": f"model.meerdoen.{model}"}
        for name in tests
    }
    return {"nodes": nodes}


def run(*assets, asked: dict | None = None) -> tuple[bool, list[str]]:
    definitions = dg.Definitions(assets=[*assets, publicatiepoort], executor=dg.in_process_executor)
    job = definitions.resolve_implicit_global_asset_job_def()
    with dg.DagsterInstance.ephemeral() as instance:
        result = job.execute_in_process(instance=instance, raise_on_error=False)
        return result.success, problems(instance, result.run_id, "publicatiepoort", asked or manifest())


def checked(passed: bool, severity: dg.AssetCheckSeverity = dg.AssetCheckSeverity.ERROR):
    @dg.asset(name="goed", check_specs=[dg.AssetCheckSpec("toets", asset="goed")])
    def asset():
        return dg.MaterializeResult(check_results=[dg.AssetCheckResult(passed=passed, severity=severity)])

    return asset


def test_all_in_order_is_green():
    assert run(checked(True)) == (True, [])


def test_a_failed_check_that_dagster_calls_a_success_is_red():
    assert run(checked(False)) == (False, ["goed: toets faalt"])


def test_what_a_failed_check_tells_stands_in_the_failure_of_the_run():
    @dg.asset(name="goed", check_specs=[dg.AssetCheckSpec("toets", asset="goed")])
    def asset():
        return dg.MaterializeResult(check_results=[dg.AssetCheckResult(passed=False, description="WMO-01: leeg.")])

    assert run(asset) == (False, ["goed: toets faalt: WMO-01: leeg."])


def test_a_warning_is_no_problem():
    assert run(checked(False, dg.AssetCheckSeverity.WARN)) == (True, [])


def test_a_failed_step_and_what_it_took_along_are_named():
    @dg.asset
    def stuk():
        raise ValueError("waarde 123")

    @dg.asset(deps=[stuk], check_specs=[dg.AssetCheckSpec("toets", asset="later")])
    def later():
        return dg.MaterializeResult(check_results=[dg.AssetCheckResult(passed=True)])

    success, found = run(stuk, later)
    assert not success
    assert found == ["stap stuk is mislukt", "later: toets is niet uitgevoerd"]


def test_an_output_that_was_not_yielded_is_red_though_dagster_skips_in_silence():
    @dg.multi_asset(specs=[dg.AssetSpec("weg", skippable=True)])
    def niets():
        yield from ()

    @dg.asset(deps=["weg"])
    def later(): ...

    success, found = run(niets, later)
    assert not success
    assert found == ["stap later is overgeslagen"]


def test_the_gate_comes_last():
    order: list[str] = []

    @dg.asset
    def eerst():
        order.append("eerst")

    @dg.asset(deps=[eerst])
    def dan():
        order.append("dan")

    definitions = dg.Definitions(assets=[publicatiepoort, dan, eerst], executor=dg.in_process_executor)
    result = definitions.resolve_implicit_global_asset_job_def().execute_in_process()
    steps = [event.step_key for event in result.all_events if event.event_type_value == "STEP_START"]
    assert steps == ["eerst", "dan", "publicatiepoort"]


def test_a_test_of_dbt_that_no_check_evaluated_is_red():
    @dg.asset(name="goed", check_specs=[dg.AssetCheckSpec("waarden", asset="goed")])
    def model():
        metadata = {"toetsen": {"een": "pass", "twee": "pass", "drie": "niet uitgevoerd"}}
        return dg.MaterializeResult(check_results=[dg.AssetCheckResult(passed=True, metadata=metadata)])

    assert run(model, asked=manifest("een", "twee"))[1] == []
    assert run(model, asked=manifest("een", "twee", "weg", "drie"))[1] == [
        "goed: dbt vraagt meer dan is uitgevoerd: drie, weg"
    ]
    # Of a model that is not in the run nothing is asked.
    assert run(model, asked=manifest("een", "twee", "weg", model="ander"))[1] == []
