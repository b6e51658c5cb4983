"""The Dagster UI as a data engineer sees it in the morning: real clicks in a browser, on a night that failed."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import pytest
import requests

from assets.ground.declared import FIGURES
from assets.registrations.declaration import registrations
from orchestration.home import dagster_home
from orchestration.jobs import NIGHT_JOB
from orchestration.night import STAND_TAG
from orchestration.runs import execute
from tests.making.browser import CHROMIUM, Page, browser, stop
from tests.making.nights import environment
from tests.making.town import Town, bsn, w301

pytestmark = pytest.mark.skipif(not CHROMIUM, reason="no Chromium: apt-get install chromium")

ROOT = Path(__file__).parents[2]
BROKEN = "WMO-30"


def registrations_night(town: Town, stand: str) -> bool:
    """The registrations and the gate of a night, without its models; whether the run succeeded."""
    names = ["publicatiepoort", *(f"levering_{bron}" for bron in registrations())]
    names += [table.name for registration in registrations().values() for table in registration.tables]
    with environment(town.environment()), dg.DagsterInstance.from_config(str(dagster_home())) as instance:
        chosen = {dg.AssetKey(name) for name in names}
        return execute(instance, NIGHT_JOB, tags={STAND_TAG: stand}, assets=chosen)


@contextmanager
def webserver(town: Town) -> Iterator[str]:
    """Dagster's webserver on the instance of this town; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [Path(sys.executable).with_name("dagster-webserver"), "-w", "workspace.yaml", "-h", "127.0.0.1"]
    process = subprocess.Popen(
        [*command, "-p", str(port)],
        env=os.environ | town.environment(),
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        until = time.monotonic() + 60
        while not serves(address):
            assert process.poll() is None, "the webserver stopped"
            assert time.monotonic() < until, "the webserver does not start"
            time.sleep(0.2)
        yield address
    finally:
        stop(process)


def serves(address: str) -> bool:
    try:
        return requests.get(f"{address}/server_info", timeout=5).ok
    except requests.RequestException:
        return False


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The UI after a night in which a delivery of the wmo breaks a rule too often."""
    town = Town(tmp_path_factory.mktemp("ui"))
    town.wmo([w301(bsn(n), n, "2021-01-01", categorie="99") for n in range(1, 5)], "2021-02-10")
    assert not registrations_night(town, "2021-02-11")
    with webserver(town) as address:
        yield address


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    with browser(tmp_path / "profile") as page:
        yield page


def test_dagsters_home_shows_the_night_of_the_command_line(address: str, page: Page):
    page.open(f"{address}/")
    seen = page.wait("orchestration.definitions\n1\n")
    assert NIGHT_JOB in seen
    assert "No runs" not in seen


def test_from_a_red_run_to_the_broken_rule_and_its_owner_in_three_clicks(address: str, page: Page):
    wmo = registrations()["wmo"]
    rule = next(rule for rule in wmo.contracts["wmo"].rules if rule.id == BROKEN)
    page.open(f"{address}/runs")
    page.wait("Failure")
    page.click("a[href^='/runs/']")  # the newest run, the red one
    seen = page.wait("RUN_FAILURE")
    assert f"{BROKEN}: {rule.message}" in seen
    assert f"Eigenaar: {wmo.owner}" in seen
    assert page.clicks <= 3


def test_a_registration_shows_its_columns_its_owner_and_a_plot_of_each_check(address: str, page: Page):
    wmo = registrations()["wmo"]
    page.open(f"{address}/assets/wmo")
    seen = page.wait("Rijnummer in de levering")
    assert "Owners\nwmo" in seen
    assert wmo.law_url in seen
    page.click("[role=tab]", "Checks")
    page.wait("regels_waarden")
    page.click("*", "regels_waarden")
    seen = page.wait("overtredingen\n4")
    assert f"eigenaar\n{wmo.owner}" in seen
    page.wait(f"Plots\n{BROKEN}\novertredingen")


def test_the_table_of_a_regeling_shows_its_columns(address: str, page: Page):
    page.open(f"{address}/assets/monitor_wmo")
    page.wait("cijferstatus")
    page.wait(FIGURES.columns["cijferstatus"].words)
