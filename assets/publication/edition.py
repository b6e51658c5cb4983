"""Editions in the publication zone: which is the latest, and writing the next one so that readers never see half of it.

An edition is a folder of tables with a manifest. `laatste.json` is the switch; `laatste` follows it. Local: the folder
gets its name when it is whole, and `laatste` is a relative symlink, replaced in one step. S3: the manifest is put last,
and the switch only if nobody else put it meanwhile; `laatste/` is a copy for convenience.
"""

import json
import re
import shutil
import tempfile
from collections.abc import Collection
from datetime import date
from hashlib import sha256
from pathlib import Path

from assets.ground.durable import sync, take_place
from assets.ground.zones import UNDER_WAY, Zone

POINTER, LATEST = "laatste.json", "laatste"
MANIFEST = "manifest.json"
KEPT = 30
# What an edition is called: its day, and -2 and so on. Nothing else that a pointer says is followed.
NAME = re.compile(r"\d{4}-\d{2}-\d{2}(-\d{1,4})?")


class SwitchLostError(Exception):
    """Another run published while this one was writing; nothing of this run became public."""


def latest(publicatie: Zone) -> str | None:
    """The name of the latest edition, or None. Where its pointer is damaged: the newest that has a manifest."""
    if not publicatie.exists(POINTER):
        return None
    return pointed(publicatie) or newest(publicatie)


def pointed(publicatie: Zone) -> str | None:
    """The edition that the pointer names; None when the pointer is damaged, or the edition or its manifest is."""
    try:
        pointer = json.loads(publicatie.read(POINTER))
        name = pointer["editie"]
        if not NAME.fullmatch(name):
            return None
        content = publicatie.read(f"{name}/{MANIFEST}")
    except (FileNotFoundError, ValueError, LookupError, TypeError, RecursionError):
        return None
    digest = sha256(content).hexdigest()
    return name if pointer.get("manifest_sha256", digest) == digest else None


def in_place(publicatie: Zone) -> bool:
    """Whether the pointer, and `laatste` where people look, lead to one edition; also when there is none yet."""
    if not publicatie.exists(POINTER):
        return True
    name = pointed(publicatie)
    if name and publicatie.folder is not None:
        place = publicatie.folder / LATEST
        return place.is_symlink() and place.readlink() == Path(name)
    try:
        return bool(name) and publicatie.read(f"{LATEST}/{MANIFEST}") == publicatie.read(f"{name}/{MANIFEST}")
    except FileNotFoundError:
        return False


def newest(publicatie: Zone, without: Collection[str] = (), before: date = date.max) -> str | None:
    """The newest edition that is kept, of before a day; None: there is none. `without`: those that were withdrawn."""
    earlier = [name for name in editions(publicatie) if name[:10] < str(before) and name not in without]
    return earlier[-1] if earlier else None


def has_manifest(publicatie: Zone, name: str) -> bool:
    """Whether an edition has a manifest that can be read."""
    try:
        return isinstance(manifest(publicatie, name)["bestanden"], dict)
    except (FileNotFoundError, ValueError, LookupError, TypeError, RecursionError):
        return False


def of_day(publicatie: Zone, day: date) -> list[str]:
    """The editions that are kept of a day, oldest first."""
    return [name for name in editions(publicatie) if name[:10] == str(day)]


def editions(publicatie: Zone) -> list[str]:
    """The editions that are kept, oldest first. One without a manifest was never finished, and is none."""
    return [name for name in _folders(publicatie) if has_manifest(publicatie, name)]


def _folders(publicatie: Zone) -> list[str]:
    return sorted(filter(NAME.fullmatch, publicatie.names()), key=order)


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


def whole(publicatie: Zone, name: str, path: str) -> bool:
    """Whether a file of an edition is there, with the bytes that its manifest tells of."""
    listed = manifest(publicatie, name)["bestanden"].get(path)
    where = f"{name}/{path}"
    return bool(listed) and publicatie.exists(where) and sha256(publicatie.read(where)).hexdigest() == listed["sha256"]


def damaged(publicatie: Zone, name: str) -> list[str]:
    """The files of an edition that are not as its manifest tells."""
    return [path for path in manifest(publicatie, name)["bestanden"] if not whole(publicatie, name, path)]


def keep_beside(zone: Zone, folder: str, files: dict[str, Path]) -> None:
    """Writes the tables of an earlier night, rebuilt, to a folder of their own; switches nothing."""
    for path, file in sorted(files.items()):
        with zone.writing(f"{folder}/{path}") as target:
            shutil.copyfile(file, target)


def publish(publicatie: Zone, name: str, files: dict[str, Path], about: dict) -> None:
    """Writes an edition (path in it -> local file) and switches to it. Raises SwitchLostError; then nothing changed."""
    before = publicatie.mark(POINTER) if publicatie.folder is None else None
    described = {}
    with publicatie.writing_folder(name, last=MANIFEST) as folder:
        for path, file in sorted(files.items()):
            (folder / path).parent.mkdir(exist_ok=True)
            shutil.copyfile(file, folder / path)
            digest = sha256(file.read_bytes()).hexdigest()
            described[path] = {"sha256": digest, "bytes": file.stat().st_size}
        content = json.dumps({"editie": name, **about, "bestanden": described}, indent=1, sort_keys=True).encode()
        (folder / MANIFEST).write_bytes(content)
    _switch(publicatie, name, _pointer(name, content), before)
    _prune(publicatie, name)


def point_back(publicatie: Zone, name: str | None) -> None:
    """Switches to an edition that is there, or (None) to none. Raises SwitchLostError on S3 as `publish` does."""
    if name is not None:
        content = publicatie.read(f"{name}/{MANIFEST}")
        before = publicatie.mark(POINTER) if publicatie.folder is None else None
        _switch(publicatie, name, _pointer(name, content), before)
        return
    publicatie.remove(POINTER)
    if publicatie.folder is None:
        publicatie.remove(LATEST)
    elif (link := publicatie.folder / LATEST).is_symlink():
        link.unlink()
        sync(publicatie.folder)


def _pointer(name: str, manifest: bytes) -> bytes:
    return json.dumps({"editie": name, "manifest_sha256": sha256(manifest).hexdigest()}).encode()


def _switch(publicatie: Zone, name: str, pointer: bytes, before: str | None) -> None:
    if publicatie.folder is not None:
        publicatie.write(POINTER, pointer)
    elif not publicatie.put_if(POINTER, pointer, before):
        raise SwitchLostError("another run switched the edition meanwhile; nothing of this run became public")
    follow(publicatie, name)


def follow(publicatie: Zone, name: str) -> None:
    """Makes `laatste` the edition of that name; does nothing where it is: a run can be killed after the switch."""
    if publicatie.folder is not None:
        place = publicatie.folder / LATEST
        if place.is_symlink() and place.readlink() == Path(name):
            return
        if place.is_dir() and not place.is_symlink():
            # A copy of the zone that had no links; a link cannot take the place of a folder.
            shutil.rmtree(place)
        with tempfile.TemporaryDirectory(dir=publicatie.folder, prefix=UNDER_WAY) as folder:
            link = Path(folder) / LATEST
            # A relative link, so that the zone can be moved or mounted elsewhere.
            link.symlink_to(name)
            take_place(link, place)
        return
    wanted = {file.path[len(name) + 1 :]: file for file in publicatie.files(name)}
    there = {file.path[len(LATEST) + 1 :]: file for file in publicatie.files(LATEST)}
    for path in there.keys() - wanted.keys():
        publicatie.remove(f"{LATEST}/{path}")
    for path, file in wanted.items():
        # The mark of an object is a hash of its bytes, unless it came in parts.
        if path not in there or there[path].mark != file.mark:
            publicatie.fs.cp_file(f"{publicatie.root}/{file.path}", f"{publicatie.root}/{LATEST}/{path}")


def _prune(publicatie: Zone, current: str) -> None:
    """Keeps the newest editions and the last one of each month; removes the others."""
    kept = editions(publicatie)
    last_of_month = {name[:7]: name for name in kept}
    for name in _folders(publicatie):
        if order(name) < order(kept[-KEPT:][0]) and name not in last_of_month.values() and name != current:
            # The manifest goes first: where the removal is cut short, it is no edition any more.
            publicatie.remove(f"{name}/{MANIFEST}")
            publicatie.remove(name)


def order(name: str) -> tuple[str, int]:
    """The day and number in the name of an edition, or of a close: what they are sorted by."""
    return name[:10], int(name[11:] or 1)
