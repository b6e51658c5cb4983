"""The three zones (landing, kluis, publicatie) as folders or S3 prefixes, behind one small set of operations.

Knows paths and bytes; nothing of what the files mean. S3 settings (endpoint, keys) are botocore's own environment
variables: AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY.
"""

import glob
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import fsspec

from assets.ground.durable import make_folders, sync, take_place

# The name, in a local folder, of a file or folder that is not whole yet: readers of a zone skip what is hidden.
UNDER_WAY = ".nieuw"


@dataclass(frozen=True)
class Entry:
    """A file in a zone: its path in the zone, its size in bytes, and a mark that changes when it is written again."""

    path: str
    size: int
    mark: str
    modified: float

    @property
    def name(self) -> str:
        """The file name without its folders."""
        return self.path.rsplit("/", 1)[-1]


@dataclass(frozen=True)
class Zone:
    """A root URL (`file://…`, `s3://…` or a folder). `private`: what is written can be read by its owner alone."""

    url: str
    private: bool = False

    @cached_property
    def fs(self) -> Any:
        """The file system behind the zone (fsspec). It raises OSError when it fails, also when S3 is away."""
        fs = fsspec.core.url_to_fs(self.url)[0]
        return fs if "file" in fs.protocol else _Remote(fs)

    @cached_property
    def root(self) -> str:
        """The zone's root as the file system writes it."""
        return fsspec.core.url_to_fs(self.url)[1].rstrip("/")

    @property
    def folder(self) -> Path | None:
        """The zone as a local folder; None on S3."""
        return Path(self.root) if "file" in self.fs.protocol else None

    def _full(self, path: str) -> str:
        return f"{self.root}/{path}" if path else self.root

    def exists(self, path: str) -> bool:
        """Whether there is a file or folder at `path`."""
        self.fs.invalidate_cache()
        return bool(self.fs.exists(self._full(path)))

    def link(self, path: str) -> str | None:
        """The first part of a path that is a link, below the root (which may be one itself); None on S3."""
        parts = path.split("/") if self.folder else []
        ways = ("/".join(parts[: end + 1]) for end in range(len(parts)))
        return next((way for way in ways if Path(self.root, way).is_symlink()), None)

    def links(self, path: str) -> list[str]:
        """What lies at or under a path and is no plain file or folder: links, pipes, devices; hidden ones too.

        Nothing behind it is looked at. None on S3.
        """
        if self.folder is None:
            return []
        if link := self.link(path):
            return [link]
        return sorted(inside for inside, entry in self._walk(path) if not entry.is_file(follow_symlinks=False))

    def _walk(self, path: str) -> Iterator[tuple[str, os.DirEntry]]:
        """All but folders in a local folder, at any depth, by path in the zone. Goes into no link."""
        folders = [path]
        while folders:
            folder = folders.pop()
            try:
                found = list(os.scandir(self._full(folder)))
            except (FileNotFoundError, NotADirectoryError):
                continue
            for entry in found:
                inside = f"{folder}/{entry.name}" if folder else entry.name
                if entry.is_dir(follow_symlinks=False):
                    folders.append(inside)
                else:
                    yield inside, entry

    def names(self, path: str = "") -> list[str]:
        """The names directly under a folder, sorted; hidden ones left out; none when it is not there."""
        # On S3 an object that stands for the folder itself is in its own listing.
        found = {entry["name"].rstrip("/") for entry in self._ls(path)} - {self._full(path)}
        names = sorted(full.rsplit("/", 1)[-1] for full in found)
        return [name for name in names if not name.startswith(".")]

    def files(self, path: str) -> list[Entry]:
        """Every file under a folder, at any depth, sorted by path; hidden ones and links left out."""
        self.fs.invalidate_cache()
        try:
            found = self.fs.find(self._full(path), detail=True)
        except FileNotFoundError:
            return []
        entries = []
        for name, info in found.items():
            inside = name[len(self.root) + 1 :]
            # S3 can hold an object that stands for a folder; in a folder of a disk there are links and pipes.
            file = info["type"] == "file" and not info.get("islink") and not inside.endswith("/")
            if not file or any(part.startswith(".") for part in inside.split("/")):
                continue
            modified = info.get("mtime") or info.get("LastModified") or 0
            seconds = modified if isinstance(modified, int | float) else modified.timestamp()
            entries.append(Entry(inside, info["size"], str(info.get("ETag") or seconds), float(seconds)))
        return sorted(entries, key=lambda entry: entry.path)

    def _ls(self, path: str) -> list[dict]:
        self.fs.invalidate_cache()
        try:
            return self.fs.ls(self._full(path), detail=True)
        except (FileNotFoundError, NotADirectoryError):
            return []

    def read(self, path: str) -> bytes:
        """The whole content of a file. Raises FileNotFoundError."""
        return bytes(self.fs.cat_file(self._full(path)))

    def write(self, path: str, content: bytes) -> None:
        """Writes a file so that a reader sees the old or the new one, never half."""
        with self.writing(path) as file:
            file.write_bytes(content)

    @contextmanager
    def writing(self, path: str) -> Iterator[Path]:
        """Gives a local file to fill; when the block ends well it takes its place in the zone at once, and for good.

        On S3 one put, which is atomic; on a folder a rename in the same file system (durable.py). When the block
        raises, nothing changes in the zone.
        """
        target = self._full(path)
        if self.folder is None:
            with tempfile.TemporaryDirectory() as folder:
                file = Path(folder) / path.rsplit("/", 1)[-1]
                yield file
                self.fs.put_file(str(file), target)
            return
        make_folders(Path(target).parent, 0o700 if self.private else 0o755)
        handle, name = tempfile.mkstemp(dir=Path(target).parent, prefix=UNDER_WAY)
        os.close(handle)
        file = Path(name)
        try:
            yield file
            file.chmod(0o600 if self.private else 0o644)
            take_place(file, Path(target))
        finally:
            file.unlink(missing_ok=True)

    @contextmanager
    def writing_folder(self, path: str, last: str = "") -> Iterator[Path]:
        """Gives a local folder to fill; when the block ends well and there is something in it, it takes its place.

        On a local zone by one rename, so that nobody sees half of it; on S3 file by file, in order of name, but for
        `last`, which says that all are there. When the block raises, or a file cannot be put, nothing changes in the
        zone.
        """
        if self.folder is None:
            with tempfile.TemporaryDirectory() as folder:
                yield Path(folder)
                put: list[str] = []
                names = [str(file.relative_to(folder)) for file in Path(folder).rglob("*") if file.is_file()]
                try:
                    for name in sorted(names, key=lambda name: (name == last, name)):
                        put.append(f"{path}/{name}")
                        self.fs.put_file(str(Path(folder, name)), self._full(put[-1]))
                except OSError:
                    # The folder stays: what another wrote in it is not ours. Where S3 is away, nothing can be taken
                    # back.
                    with suppress(OSError):
                        for one in reversed(put):
                            self.remove(one)
                    raise
            return
        target = self.folder / path
        folders, files = (0o700, 0o600) if self.private else (0o755, 0o644)
        make_folders(target.parent, folders)
        # A fixed name: what a killed run left behind is taken away by the next one.
        hidden = target.parent / UNDER_WAY
        shutil.rmtree(hidden, ignore_errors=True)
        hidden.mkdir(mode=folders)
        try:
            yield hidden
            inside = list(hidden.rglob("*"))
            for one in inside:
                one.chmod(folders if one.is_dir() else files)
            if inside:
                take_place(hidden, target)
        finally:
            shutil.rmtree(hidden, ignore_errors=True)

    @contextmanager
    def local(self, path: str) -> Iterator[Path]:
        """The file as a local path to read: the file itself, or from S3 a copy for the time of the block."""
        if self.folder is not None:
            yield self.folder / path
            return
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / path.rsplit("/", 1)[-1]
            self.fs.get_file(self._full(path), str(file))
            yield file

    def remove(self, path: str) -> None:
        """Removes a file or a folder with all in it; nothing happens when it is not there."""
        # A link goes alone, without what is behind it, also when there is nothing.
        if not self.exists(path) and self.link(path) != path:
            return
        if self.folder is None and glob.has_magic(path):
            # On S3 `rm` takes a path as a pattern: a folder called `*` would take its neighbours along.
            for file in self.fs.find(self._full(path)):
                self.fs.rm_file(file)
            return
        self.fs.rm(self._full(path), recursive=True)
        if self.folder is not None:
            sync(Path(self._full(path)).parent)

    def remove_old_versions(self) -> bool:
        """On S3, in a bucket with versions: destroys every version but the newest, and the marks of removed files.

        A local folder has none. False: the server did not allow it.
        """
        if self.folder is not None:
            return True
        bucket, _, prefix = self.root.partition("/")
        onward: dict[str, str] = {}
        try:
            while True:
                page = self.fs.call_s3("list_object_versions", Bucket=bucket, Prefix=f"{prefix}/", **onward)
                for one in page.get("DeleteMarkers", []) + page.get("Versions", []):
                    # A mark goes too: what it hides goes with it, in this same round.
                    if not one["IsLatest"] or "Size" not in one:
                        self.fs.call_s3("delete_object", Bucket=bucket, Key=one["Key"], VersionId=one["VersionId"])
                if not page.get("IsTruncated"):
                    return True
                onward = {"KeyMarker": page["NextKeyMarker"], "VersionIdMarker": page["NextVersionIdMarker"]}
        except OSError:
            return False
        finally:
            self.fs.invalidate_cache()

    def put_if(self, path: str, content: bytes, mark: str | None) -> bool:
        """On S3: one put that succeeds only if the object still has that mark, or (None) is not there. True: it did."""
        bucket, _, key = self._full(path).partition("/")
        condition = {"IfMatch": mark} if mark else {"IfNoneMatch": "*"}
        try:
            self.fs.call_s3("put_object", Bucket=bucket, Key=key, Body=content, **condition)
        except ConnectionError:
            raise
        except OSError:
            return False
        finally:
            self.fs.invalidate_cache()
        return True

    def mark(self, path: str) -> str | None:
        """The mark of a file as it is now; None when it is not there."""
        return self.fs.info(self._full(path)).get("ETag") if self.exists(path) else None


class _Remote:
    """A file system on S3 whose calls raise ConnectionError, an OSError, where botocore raises an error of its own."""

    def __init__(self, fs: fsspec.AbstractFileSystem) -> None:
        self._fs = fs

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._fs, name)
        return partial(self._call, found) if callable(found) else found

    @staticmethod
    def _call(operation: Callable, *arguments: Any, **named: Any) -> Any:
        from botocore.exceptions import BotoCoreError

        try:
            return operation(*arguments, **named)
        except BotoCoreError as error:
            # The text of the error may hold the address, and the name of the file.
            raise ConnectionError(type(error).__name__) from None
