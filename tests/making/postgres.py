"""A real PostgreSQL on the loopback for tests (Debian package postgresql), with its own port and data folder.

initdb refuses root, so as root it runs as the user that the package made, or as nobody.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

READY_SECONDS = 60
OWNER, PASSWORD = "beheer", "Beheer-geheim-31"


@dataclass(frozen=True)
class Server:
    """Where it listens; `owner` may do everything."""

    port: int

    def url(self, database: str, user: str = OWNER, password: str = PASSWORD) -> str:
        return f"postgresql+psycopg://{user}:{password}@127.0.0.1:{self.port}/{database}"

    def execute(self, database: str, *statements: str) -> None:
        """Runs statements as the owner, each by itself."""
        import psycopg

        where = self.url(database).replace("+psycopg", "")
        with psycopg.connect(where, autocommit=True, connect_timeout=5) as connection:
            for statement in statements:
                connection.execute(statement.encode())


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """The server for a whole session."""
    binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not binaries:
        pytest.skip("PostgreSQL is not installed (Debian package postgresql)")
    with _running(binaries[-1].parent) as server:
        yield server


@contextmanager
def _running(binaries: Path) -> Iterator[Server]:
    # Not under pytest's own folder, where another user may not come.
    folder = Path(tempfile.mkdtemp(prefix="meerdoen-postgres-"))
    as_user = _as_user(folder)
    (folder / "wachtwoord").write_text(PASSWORD)
    (folder / "wachtwoord").chmod(0o644)
    data, port = folder / "data", _free_port()
    initialise = [binaries / "initdb", "-D", data, "-U", OWNER, "-A", "scram-sha-256", "--no-sync", "-E", "UTF8"]
    options = ["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=off"]
    process = None
    try:
        command = [*as_user, *map(str, initialise), "--locale=C.UTF-8", f"--pwfile={folder / 'wachtwoord'}"]
        done = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"initdb did not succeed: {done.stderr[-300:]}")
        command = [*as_user, str(binaries / "postgres"), "-D", str(data), "-p", str(port), *options]
        process = subprocess.Popen(command, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        server = Server(port)
        if not _ready(server):
            pytest.skip(f"PostgreSQL did not start within {READY_SECONDS} seconds")
        yield server
    finally:
        if process:
            process.send_signal(signal.SIGQUIT)
            process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _as_user(folder: Path) -> list[str]:
    """What to put before a command so that it does not run as root."""
    if os.geteuid():
        return []
    users = {entry.pw_name: entry for entry in pwd.getpwall()}
    user = users.get("postgres") or users["nobody"]
    os.chown(folder, user.pw_uid, user.pw_gid)
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def _ready(server: Server) -> bool:
    import psycopg

    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        with suppress(psycopg.OperationalError):
            server.execute("postgres", "select 1")
            return True
        # The only wait: for another process to come up.
        time.sleep(0.2)
    return False
