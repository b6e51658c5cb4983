"""The network guard of tests: it catches what leaves the machine. That a night does not, is in test_leaks.py."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

GUARD = Path(__file__).parent / "guard"


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
