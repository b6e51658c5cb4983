"""What all readers share: opening zips safely, and decoding text with a clear message when it is not UTF-8."""

import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from assets.readers import SourceFile
from validations.contracts.delivery import DeliveryError

# Far above any real delivery (a year of messages of Amsterdam is under 1 GB), far below what fills a disk or memory.
MAX_UNPACKED = 4 * 2**30
MAX_RATIO = 200
MAX_LINE = 1_000_000


def safe_name(name: str) -> str:
    """A file name fit for a report: runs of eight or more digits (a BSN in a name) are masked, but for a date."""
    return re.sub(r"(?!(?:19|20)\d{6}(?!\d))(?<!\d)\d{8,}", lambda found: "*" * len(found.group()), name)


def members(files: list[SourceFile], suffix: str) -> Iterator[tuple[str, bytes]]:
    """Name and content of every file with that suffix, in zips and beside them, in order of name.

    Raises DeliveryError for an unsafe or broken zip, and when there is no such file at all.
    """
    found = False
    for file in sorted(files, key=lambda file: file.name):
        if file.name.lower().endswith(suffix):
            found = True
            yield safe_name(file.name), file.path.read_bytes()
        elif file.name.lower().endswith(".zip"):
            for name, content in _unzipped(file):
                if name.lower().endswith(suffix):
                    found = True
                    yield f"{safe_name(file.name)}/{safe_name(name)}", content
    if not found:
        raise DeliveryError("LEV-08", detail=f"Verwacht: {suffix} of .zip.")


def holds(files: list[SourceFile], suffix: str) -> bool:
    """Whether there is a file with that suffix, in a zip or beside it. Raises DeliveryError for a broken zip."""
    try:
        return next(members(files, suffix), None) is not None
    except DeliveryError as error:
        if error.rule_id == "LEV-08":
            return False
        raise


def _unzipped(file: SourceFile) -> Iterator[tuple[str, bytes]]:
    label = safe_name(file.name)
    try:
        with zipfile.ZipFile(file.path) as archive:
            infos = sorted((info for info in archive.infolist() if not info.is_dir()), key=lambda info: info.filename)
            size = sum(info.file_size for info in infos)
            packed = sum(info.compress_size for info in infos)
            if size > MAX_UNPACKED or (size > 2**20 and size > MAX_RATIO * max(packed, 1)):
                raise DeliveryError("LEV-10", label)
            for info in infos:
                path = PurePosixPath(info.filename.replace("\\", "/"))
                if path.is_absolute() or ".." in path.parts or path.suffix.lower() == ".zip":
                    raise DeliveryError("LEV-09", label)
                with archive.open(info) as opened:
                    # The directory of a zip can lie about sizes: never read more than it promised.
                    content = opened.read(info.file_size + 1)
                if len(content) != info.file_size:
                    raise DeliveryError("LEV-10", label)
                yield str(path), content
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError, NotImplementedError, RuntimeError):
        raise DeliveryError("LEV-09", label) from None


def decode(name: str, content: bytes) -> str:
    """The text of a file: UTF-8, with or without a BOM. Raises DeliveryError with the line of the first wrong byte."""
    if not content.strip():
        raise DeliveryError("LEV-01", name)
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise DeliveryError("LEV-02", name, 1, "Het is UTF-16.")
    if b"\x00" in content:
        raise DeliveryError("LEV-06", name, content.count(b"\n", 0, content.index(b"\x00")) + 1)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise DeliveryError("LEV-02", name, line) from None
    start = 0
    while len(content) - start > MAX_LINE:
        end = content.find(b"\n", start, start + MAX_LINE)
        if end < 0:
            raise DeliveryError("LEV-07", name, content.count(b"\n", 0, start) + 1)
        # Jump on: only every millionth byte needs a line end near it, so this costs nothing on a sound file.
        end = content.rfind(b"\n", start, start + MAX_LINE)
        start = end + 1
    return text
