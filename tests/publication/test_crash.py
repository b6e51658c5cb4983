"""Proof as SQLite gives it: failure at every write, rename and sync of a close and its publication, and at every put.

tests/making/crash.py does it on a disk, in a process of its own; the puts to S3 fail here. A whole night is killed in
test_crash_nights.py.
"""

import io
import json
import os
import shutil
import subprocess
import sys
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest

from assets.ground import zones
from assets.ground.zones import Zone
from assets.publication import edition, ledger
from tests.making import crash
from tests.making.crash import ledger_of
from tests.making.crash_night import FIRST, SECOND, World, town
from tests.making.injected import cannot_trace
from tests.making.s3 import BUCKET

pytest_plugins = ("tests.making.s3",)

ROOT = Path(__file__).parents[2]
PUTS = ("put_file", "pipe_file", "cp_file", "rm", "rm_file")


def trials(folder: Path, steps: list[str], faults: str, *more: str, seconds: int = 900) -> dict:
    """What tests/making/crash.py finds."""
    if why := cannot_trace():
        pytest.skip(why)
    command = [sys.executable, "-m", "tests.making.crash", str(folder), ",".join(steps), faults, *more]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | {"POLARS_MAX_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def test_no_failure_leaves_half_or_wrong_what_is_public_and_the_next_night_puts_it_right(tmp_path: Path):
    """At each call on what lasts: a kill, and a full disk at what writes. Each fault at each call is the long form."""
    outcome = trials(tmp_path / "w", ["publicatie"], "kort")
    assert outcome["fout"] == []
    # As many as strace counts calls, of each name.
    tried = outcome["geprobeerd"]
    assert Counter(tried["kill"]) + Counter(tried["ENOSPC"]) == outcome["blijvend"]
    assert {name.split()[1] for name in outcome["blijvend"]} >= {"write", "rename", "fsync", "symlink"}


@pytest.mark.parametrize("name", ["laatste.json", f"{SECOND}.parquet"])
def test_with_one_rename_replaced_by_a_write_the_proof_fails(tmp_path: Path, name: str):
    outcome = trials(tmp_path / "w", ["publicatie"], "kill", name)
    assert outcome["geprobeerd"]["kill"]["publicatie write"] > 1
    assert outcome["fout"]
    assert all(name in fault for fault in outcome["fout"])


@pytest.mark.lang
def test_every_other_change_of_a_disk_and_the_database_for_analysts(tmp_path: Path):
    outcome = trials(tmp_path / "w", list(crash.STAGES), "alles", "", "alles", seconds=7200)
    assert outcome["fout"] == []
    tried = outcome["geprobeerd"]
    assert (tried["kill"], tried["EIO"], tried["ENOSPC"]) == (outcome["punten"], outcome["punten"], outcome["ruimte"])


# --- the puts to S3 ---


class KilledError(BaseException):
    """The process is no more: nothing after it happens."""


class Puts:
    """Counts what changes a bucket, and lets number `number` fail.

    `how`: `killed` before it; `refused`; or `unheard`: it was done, and the answer was lost.
    """

    def __init__(self, number: int = 0, how: str = "") -> None:
        self.number, self.how, self.done, self.dead = number, how, 0, False
        self.real = zones._Remote._call

    def call(self, operation, *arguments, **named):
        if self.dead:
            raise KilledError
        # fsspec makes its calls of asynchronous ones, which have an underscore.
        name = operation.__name__.lstrip("_")
        if name not in PUTS and not (name == "call_s3" and arguments[0].startswith(("put_", "delete_"))):
            return self.real(operation, *arguments, **named)
        self.done += 1
        now = self.how if self.done == self.number else ""
        if now == "killed":
            self.dead = True
            raise KilledError
        if now == "refused":
            raise OSError(5, "S3")
        answer = self.real(operation, *arguments, **named)
        if now == "unheard":
            raise ConnectionError("EndpointConnectionError")
        return answer

    @contextmanager
    def counted(self) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(zones._Remote, "_call", staticmethod(self.call))
            yield


class Bucket:
    """The same night on S3, again and again: what was made of it up to the gate, and the bucket as it was before."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url, self.number = folder, url, 0
        self.world = World(folder)
        self.before: dict[str, dict[str, bytes]] = {}
        self.fresh()
        for night, stand in ((0, FIRST), (1, SECOND)):
            self.world.begin(stand)
            self.world.mart(town(night))
            self.world.compute(town(night), stand)
            assert self.world.audit()["reden"] == ""
            if stand == FIRST:
                self.world.publish()
        zones = self.world.night.settings
        self.before = {
            name: {file.path: zone.read(file.path) for file in zone.files("")}
            for name, zone in (("kluis", zones.kluis), ("publicatie", zones.publicatie))
        }

    def fresh(self) -> None:
        """A bucket of its own, as before the publication."""
        self.number += 1
        for name in ("kluis", "publicatie"):
            zone = Zone(f"{self.url}/{self.number}/{name}")
            settings = replace(self.world.night.settings, **{name: zone})
            self.world.night = replace(self.world.night, settings=settings)
            for path, content in self.before.get(name, {}).items():
                zone.write(path, content)

    def contents(self, name: str) -> dict[str, bytes]:
        zone = getattr(self.world.night.settings, name)
        return {file.path: zone.read(file.path) for file in zone.files("")}

    def whole(self) -> str:
        """The edition that is public; each that has a manifest is whole, and the ledger of before is there."""
        settings = self.world.night.settings
        latest = edition.latest(settings.publicatie)
        assert latest in edition.editions(settings.publicatie)
        assert not any(edition.damaged(settings.publicatie, name) for name in edition.editions(settings.publicatie))
        assert self.before["kluis"].items() <= self.contents("kluis").items()
        assert ledger.every(settings.kluis).height
        return str(latest)


@pytest.fixture(scope="module")
def bucket(tmp_path_factory: pytest.TempPathFactory, s3_server: None) -> Bucket:  # noqa: ARG001  the server runs
    return Bucket(tmp_path_factory.mktemp("bucket"), f"s3://{BUCKET}/crash-{uuid.uuid4().hex[:8]}")


@pytest.fixture(scope="module")
def undisturbed(bucket: Bucket) -> tuple[int, dict[str, bytes], str]:
    """How many puts a publication is, what the edition holds, and a digest of the ledger."""
    bucket.fresh()
    puts = Puts()
    with puts.counted():
        bucket.world.publish()
    publicatie = bucket.world.night.settings.publicatie
    files = {f.path[11:]: publicatie.read(f.path) for f in publicatie.files(str(SECOND))}
    return puts.done, files, ledger_of(bucket.world.night.settings.kluis)


def put_right(bucket: Bucket) -> str:
    """The next night, as far as the publication goes: what the ledger has is not set again."""
    world = bucket.world
    world.compute(town(1), SECOND)
    assert world.audit()["reden"] == ""
    with pytest.MonkeyPatch.context() as patch:
        if not len(pl.read_parquet(world.work / "vrij" / "grootboek.parquet")):
            patch.setattr(ledger, "append", lambda *_: None)
        world.publish()
    return bucket.whole()


@pytest.mark.parametrize("how", ["killed", "refused", "unheard"])
def test_no_put_that_fails_leaves_half_or_wrong_what_is_public(bucket: Bucket, undisturbed: tuple, how: str):
    count, files, wanted = undisturbed
    seen, tried = set(), 0
    work = bucket.folder.with_name(f"{bucket.folder.name}-{how}")
    shutil.copytree(bucket.world.work, work)
    for number in range(1, count + 1):
        bucket.fresh()
        puts = Puts(number, how)
        with puts.counted(), suppress(KilledError, OSError, edition.SwitchLostError):
            bucket.world.publish()
        tried += puts.done >= number
        public = bucket.whole()
        assert public in (str(FIRST), str(SECOND))
        state = sha256(
            repr(sorted(bucket.contents("kluis").items()) + sorted(bucket.contents("publicatie").items())).encode()
        )
        if state.digest() in seen:
            continue
        seen.add(state.digest())
        name = put_right(bucket)
        settings = bucket.world.night.settings
        assert name[:10] == str(SECOND)
        now = {f.path[len(name) + 1 :]: settings.publicatie.read(f.path) for f in settings.publicatie.files(name)}
        assert now.keys() == files.keys()
        for path in now.keys() - {edition.MANIFEST}:
            then, here = (pl.read_parquet(io.BytesIO(one[path])).drop("editie") for one in (files, now))
            assert then.equals(here)
        assert {f"{name}/{p}" for p in now} == {f"{name}/{f.path[8:]}" for f in settings.publicatie.files("laatste")}
        assert ledger_of(settings.kluis) == wanted
        shutil.rmtree(bucket.world.work)
        shutil.copytree(work, bucket.world.work)
    assert tried == count > 8
