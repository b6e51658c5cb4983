"""Editions in the publication zone: which is the latest, and writing the next one so that readers never see half of it.

An edition is a folder of tables with a manifest, written last. Local: `laatste` is a relative symlink, replaced in one
step. S3: `laatste.json` is the switch, put only if nobody else put it meanwhile; `laatste/` is a copy for convenience.
"""

import json
import os
import shutil
import tempfile
from datetime import date
from hashlib import sha256
from pathlib import Path

from assets.zones import Zone

POINTER = "laatste.json"
MANIFEST = "manifest.json"
KEPT = 30


class SwitchLostError(Exception):
    """Another run published while this one was writing; nothing of this run became public."""


def latest(publicatie: Zone) -> str | None:
    """The name of the latest edition, or None."""
    return json.loads(publicatie.read(POINTER))["editie"] if publicatie.exists(POINTER) else None


def latest_before(publicatie: Zone, day: date) -> str | None:
    """The newest edition that is kept of before a day, or None."""
    earlier = [name for name in _editions(publicatie) if name[:10] < str(day)]
    return earlier[-1] if earlier else None


def of_day(publicatie: Zone, day: date) -> list[str]:
    """The editions that are kept of a day, oldest first."""
    return [name for name in _editions(publicatie) if name[:10] == str(day)]


def _editions(publicatie: Zone) -> list[str]:
    return sorted((name for name in publicatie.names() if name[:4].isdigit()), key=_order)


def next_name(publicatie: Zone, stand: date) -> str:
    """The name of the next edition: the run date, then -2 and so on."""
    names = set(publicatie.names())
    name, number = str(stand), 1
    while name in names:
        number += 1
        name = f"{stand}-{number}"
    return name


def manifest(publicatie: Zone, edition: str | None) -> dict:
    """The manifest of an edition; without files when there is no edition."""
    return json.loads(publicatie.read(f"{edition}/{MANIFEST}")) if edition else {"bestanden": {}}


def keep_beside(zone: Zone, folder: str, files: dict[str, Path]) -> None:
    """Writes the tables of an earlier night, rebuilt, to a folder of their own; switches nothing."""
    for path, file in sorted(files.items()):
        with zone.writing(f"{folder}/{path}") as target:
            shutil.copyfile(file, target)


def publish(publicatie: Zone, name: str, files: dict[str, Path], about: dict) -> None:
    """Writes an edition (path in it -> local file) and switches to it. Raises SwitchLostError; then nothing changed."""
    before = publicatie.mark(POINTER) if publicatie.folder is None else None
    described = {}
    for path, file in sorted(files.items()):
        with publicatie.writing(f"{name}/{path}") as target:
            shutil.copyfile(file, target)
        digest = sha256(file.read_bytes()).hexdigest()
        described[path] = {"sha256": digest, "bytes": file.stat().st_size}
    content = json.dumps({"editie": name, **about, "bestanden": described}, indent=1, sort_keys=True).encode()
    publicatie.write(f"{name}/{MANIFEST}", content)
    pointer = json.dumps({"editie": name, "manifest_sha256": sha256(content).hexdigest()}).encode()
    _switch(publicatie, name, pointer, before)
    _prune(publicatie, name)


def _switch(publicatie: Zone, name: str, pointer: bytes, before: str | None) -> None:
    if publicatie.folder is not None:
        publicatie.write(POINTER, pointer)
        with tempfile.TemporaryDirectory(dir=publicatie.folder, prefix=".") as folder:
            link = Path(folder) / "laatste"
            link.symlink_to(name)
            # A relative link, so that the zone can be moved or mounted elsewhere.
            os.replace(link, publicatie.folder / "laatste")  # noqa: PTH105  Path.replace would follow the link
        return
    if not publicatie.put_if(POINTER, pointer, before):
        raise SwitchLostError("another run switched the edition meanwhile; nothing of this run became public")
    copied = {f"laatste/{file.path[len(name) + 1 :]}" for file in publicatie.files(name)}
    for file in publicatie.files("laatste"):
        if file.path not in copied:
            publicatie.remove(file.path)
    for file in publicatie.files(name):
        publicatie.fs.cp_file(
            f"{publicatie.root}/{file.path}", f"{publicatie.root}/laatste/{file.path[len(name) + 1 :]}"
        )


def _prune(publicatie: Zone, current: str) -> None:
    """Keeps the newest editions and the last one of each month; removes the others."""
    editions = _editions(publicatie)
    last_of_month = {name[:7]: name for name in editions}
    for name in editions[:-KEPT]:
        if name not in last_of_month.values() and name != current:
            publicatie.remove(name)


def _order(name: str) -> tuple[str, int]:
    return name[:10], int(name[11:] or 1)
