"""A night makes no connection that leaves the machine: nor the program, nor the dbt that it starts."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.test_leaks import ROOT, Run, night  # noqa: F401  the fixture

GUARD = ROOT / "tests" / "guard"


def test_a_night_connects_to_nothing_outside(night: Run):  # noqa: F811
    lines = (night.nights.folder / "netwacht").read_text().splitlines()
    guarded = [line for line in lines if line.startswith("wacht")]
    assert any("tests.leaks" in line for line in guarded)
    assert any("/dbt build" in line or "dbt build" in line for line in guarded)
    assert [line for line in lines if not line.startswith("wacht")] == []


TRIES = {
    "connect": "socket.create_connection(('192.0.2.1', 443), timeout=1)",
    "connect_ex": "socket.socket().connect_ex(('192.0.2.1', 443))",
    "name": "socket.getaddrinfo('example.org', 443)",
    "datagram": "socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 53))",
    "http": "import urllib.request; urllib.request.urlopen('http://example.org', timeout=1)",
    "ipv6": "socket.socket(socket.AF_INET6).connect(('2001:db8::1', 443))",
}


def tried(code: str, tmp_path: Path) -> tuple[int, list[str]]:
    environment = os.environ | {"PYTHONPATH": str(GUARD), "MEERDOEN_NETWACHT": str(tmp_path / "netwacht")}
    command = [sys.executable, "-c", f"import socket; {code}"]
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    return done.returncode, (tmp_path / "netwacht").read_text().splitlines()


@pytest.mark.parametrize("way", TRIES)
def test_the_guard_catches_a_connection(way: str, tmp_path: Path):
    code, lines = tried(TRIES[way], tmp_path)
    assert code != 0
    assert [line for line in lines if line.startswith("verbinding")]


def test_the_guard_lets_the_machine_talk_to_itself(tmp_path: Path):
    listen = "s = socket.create_server(('127.0.0.1', 0)); socket.create_connection(s.getsockname()).close()"
    assert tried(f"{listen}; socket.getaddrinfo('localhost', 80)", tmp_path)[0] == 0
