"""What all readers share: opening zips safely, and decoding text with a clear message when it is not UTF-8."""

import lzma
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO

from assets.readers import SourceFile
from validations.contracts.delivery import DeliveryError

# Far above any real delivery (a year of messages of Amsterdam is under 1 GB), far below what fills a disk or memory.
MAX_UNPACKED = 4 * 2**30
MAX_RATIO = 200
# What is not read by lines (a message, a workbook, a page) is never this large; it bounds what an entry of a zip costs.
MAX_DOCUMENT = 50 * 2**20
BY_LINES = (".csv", ".txt")
MAX_LINE = 1_000_000


def safe_name(name: str) -> str:
    """A file name fit for a report: runs of eight or more digits (a BSN in a name) are masked, but for a date.

    Bytes of a name that are no UTF-8 (an old zip or disk) become question marks: no report could be written of them.
    """
    readable = name.encode("utf-8", "replace").decode()
    return re.sub(r"(?!(?:19|20)\d{6}(?!\d))(?<!\d)\d{8,}", lambda found: "*" * len(found.group()), readable)


def members(files: list[SourceFile], suffix: str) -> Iterator[tuple[str, bytes]]:
    """Name and content of every file with that suffix, in zips and beside them, in order of name.

    Raises DeliveryError for an unsafe or broken zip, for a file or line that is too long to be real (before it is in
    memory), and when there is no such file at all.
    """
    found = False
    for file in sorted(files, key=lambda file: file.name):
        if file.name.lower().endswith(suffix):
            found = True
            yield safe_name(file.name), content_of(file)
        elif file.name.lower().endswith(".zip"):
            for name, content in unzipped(safe_name(file.name), file.path, suffix):
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


def content_of(file: SourceFile) -> bytes:
    """The bytes of a file, once it is known to be of a size and shape that fits in memory. Raises DeliveryError."""
    name = safe_name(file.name)
    _check_size(name, file.path.stat().st_size, lambda: file.path.open("rb"))
    return file.path.read_bytes()


def _check_size(name: str, size: int, opening: Callable[[], IO[bytes]]) -> None:
    """Raises DeliveryError for a file that is too large, or of which a million bytes in a row hold no line end.

    Reads a part at a time: 2 GB on one line costs one part. A document may be one line; its size is bounded.
    """
    by_lines = name.lower().endswith(BY_LINES)
    if size > (MAX_UNPACKED if by_lines else MAX_DOCUMENT):
        raise DeliveryError("LEV-10", name)
    if not by_lines:
        return
    line = 1
    with opening() as opened:
        while part := opened.read(MAX_LINE):
            ends = part.count(b"\n")
            if not ends and len(part) == MAX_LINE:
                raise DeliveryError("LEV-07", name, line)
            line += ends


def unzipped(label: str, source: Path | BinaryIO, suffix: str = "") -> Iterator[tuple[str, bytes]]:
    """Path and content of every file in a zip whose name ends with `suffix`, in order of path.

    `label`: how the zip is called in a DeliveryError.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            infos = sorted((info for info in archive.infolist() if not info.is_dir()), key=lambda info: info.filename)
            size = sum(info.file_size for info in infos)
            packed = sum(info.compress_size for info in infos)
            if size > MAX_UNPACKED or (size > 2**20 and size > MAX_RATIO * max(packed, 1)):
                raise DeliveryError("LEV-10", label)
            for info in infos:
                path = PurePosixPath(info.filename.replace("\\", "/"))
                if path.is_absolute() or ".." in path.parts or path.suffix.lower() == ".zip":
                    raise DeliveryError("LEV-09", label)
                if not path.name.lower().endswith(suffix):
                    continue
                _check_size(f"{label}/{safe_name(str(path))}", info.file_size, partial(archive.open, info))
                with archive.open(info) as opened:
                    # The directory of a zip can lie about sizes: never read more than it promised.
                    content = opened.read(info.file_size + 1)
                if len(content) != info.file_size:
                    raise DeliveryError("LEV-10", label)
                yield str(path), content
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError, NotImplementedError, RuntimeError):
        raise DeliveryError("LEV-09", label) from None


def decode(name: str, content: bytes, *, long_lines: bool = False) -> str:
    """The text of a file: UTF-8, with or without a BOM. Raises DeliveryError with the line of the first wrong byte.

    `long_lines`: for formats in which a line end means nothing.
    """
    if not content.strip():
        raise DeliveryError("LEV-01", name)
    # UTF-16 without its mark: one in two bytes is NUL.
    start = content[:200]
    even, odd = start[::2].count(0), start[1::2].count(0)
    if content[:2] in (b"\xff\xfe", b"\xfe\xff") or (min(even, odd) == 0 and max(even, odd) > len(start) // 3):
        raise DeliveryError("LEV-02", name, 1, "Het is UTF-16.")
    if b"\x00" in content:
        raise DeliveryError("LEV-06", name, content.count(b"\n", 0, content.index(b"\x00")) + 1)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise DeliveryError("LEV-02", name, line) from None
    start = len(content) if long_lines else 0
    while len(content) - start > MAX_LINE:
        end = content.find(b"\n", start, start + MAX_LINE)
        if end < 0:
            raise DeliveryError("LEV-07", name, content.count(b"\n", 0, start) + 1)
        # Jump on: only every millionth byte needs a line end near it, so this costs nothing on a sound file.
        end = content.rfind(b"\n", start, start + MAX_LINE)
        start = end + 1
    return text
