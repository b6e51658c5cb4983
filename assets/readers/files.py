"""What all readers share: opening zips safely, decoding text, and which files of a delivery no reader took."""

import lzma
import re
import stat
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO

from assets.ground.names import masked
from assets.readers import Fault, SourceFile
from validations.language.delivery import DeliveryError

# Far above any real delivery (a year of messages of Amsterdam is under 1 GB), far below what fills a disk or memory.
MAX_UNPACKED = 4 * 2**30
MAX_RATIO = 200
# What is not read by lines (a message, a workbook, a page) is never this large; it bounds what an entry of a zip costs.
MAX_DOCUMENT = 50 * 2**20
BY_LINES = (".csv", ".txt")
MAX_LINE = 1_000_000
# What systems leave beside files without anybody asking: macOS, Windows, Linux, office programs and network disks.
NOISE_FOLDERS = ("__macosx", "@eadir", ".spotlight-v100", ".trashes", ".fseventsd", "$recycle.bin")
NOISE = re.compile(
    r"\._.*|~\$.*|\.~lock\..*#|\.ds_store|icon\r|(?:eh)?thumbs(?:_vista)?\.db|desktop\.ini|\.directory|\.nfs.*|"
    r"\.gitkeep|\.localized",
    re.IGNORECASE,
)
# What explains or proves a delivery and holds no records, by its kind, or by its name where that is no kind of data.
ABOUT = re.compile(
    r"levering\.json|(?:lees[ _-]?mij|read[ _-]?me|toelichting|handleiding)(?![a-z])[^.]*(?:\.txt)?|"
    r".*\.(?:pdf|docx?|odt|rtf|pptx?|md|html?|png|jpe?g|gif|svg|eml|msg|xsd|sha\d+|md5|sig|asc)",
    re.IGNORECASE,
)
# How the monitor's own report to an owner begins; some deliver it with what it is about.
OWN_REPORT = re.compile(rb"(?:\xef\xbb\xbf)?bestand;regel;regel_id;kolom;")
MAX_HEAD = 100
# The flag of a zip entry that asks for a password.
ENCRYPTED = 0x1
# Ctrl-Z: programs of the time of DOS end a file with it.
DOS_END = "\x1a"


def members(files: list[SourceFile], suffix: str | tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    """Name and content of every file with that suffix (or one of those), in zips and beside them, in order of name.

    Raises DeliveryError for an unsafe or broken zip, for a file or line that is too long to be real (before it is in
    memory), and when there is no such file at all.
    """
    found = False
    labels = _labels(file.name for file in files)
    for file in sorted(files, key=lambda file: file.name):
        if not _holds_records(file.name):
            continue
        label = labels[file.name]
        if file.name.lower().endswith(suffix):
            content = _content_of(file, label)
            if not OWN_REPORT.match(content):
                found = True
                file.taken.add(file.name)
                yield label, content
        elif file.name.lower().endswith(".zip"):
            inside = _labels(_listing(label, file.path))
            for name, content in unzipped(label, file.path, suffix):
                if _holds_records(name) and not OWN_REPORT.match(content):
                    found = True
                    file.taken.add(name)
                    yield f"{label}/{inside[name]}", content
    if not found:
        wanted = ", ".join((suffix,) if isinstance(suffix, str) else suffix)
        raise DeliveryError("LEV-08", detail=f"Verwacht: {wanted} of .zip.")


def _labels(names: Iterable[str]) -> dict[str, str]:
    """The name of each file for its owner: masked; files whose names are then alike get their number too, in order."""
    shown = {name: masked(name) for name in sorted(names)}
    often = Counter(shown.values())
    return {
        name: f"{label} (bestand {rank})" if often[label] > 1 else label
        for rank, (name, label) in enumerate(shown.items(), 1)
    }


def holds(files: list[SourceFile], suffix: str | tuple[str, ...]) -> bool:
    """Whether there is a file with that suffix, in a zip or beside it. Raises DeliveryError for a broken zip."""
    try:
        return next(members(files, suffix), None) is not None
    except DeliveryError as error:
        if error.rule_id == "LEV-08":
            return False
        raise


def unread(files: list[SourceFile]) -> list[Fault]:
    """What no reader took, file by file, in zips too: LEV-57 for what explains or reports on a delivery, else LEV-56.

    Noise of systems is not told. Raises DeliveryError for a zip that cannot be opened.
    """
    left = []
    labels = _labels(file.name for file in files)
    for file in sorted(files, key=lambda file: file.name):
        zipped, label = file.name.lower().endswith(".zip") and not _is_noise(file.name), labels[file.name]
        called = _labels(_listing(label, file.path)) if zipped else {file.name: label}
        for name, inner in called.items():
            if name not in file.taken and not _is_noise(name):
                about = ABOUT.fullmatch(_last(name)) or _is_report(file.path, name if zipped else None)
                left.append(Fault(f"{label}/{inner}" if zipped else label, None, "LEV-57" if about else "LEV-56"))
    return left


def _is_report(path: Path, entry: str | None) -> bool:
    """Whether a file, or that entry of a zip, is a report of the monitor itself."""
    if not (entry or path.name).lower().endswith(".csv"):
        return False
    if entry is None:
        with path.open("rb") as opened:
            return bool(OWN_REPORT.match(opened.read(MAX_HEAD)))
    # An entry that cannot be read is no report; whoever reads it tells why.
    with suppress(zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError), zipfile.ZipFile(path) as archive:
        found = next((info for info in archive.infolist() if info.filename.replace("\\", "/") == entry), None)
        if found:
            with archive.open(found) as opened:
                return bool(OWN_REPORT.match(opened.read(MAX_HEAD)))
    return False


def _holds_records(name: str) -> bool:
    return not _is_noise(name) and not ABOUT.fullmatch(_last(name))


def _is_noise(name: str) -> bool:
    *folders, last = name.split("/")
    return bool(NOISE.fullmatch(last)) or any(folder.lower() in NOISE_FOLDERS for folder in folders)


def _last(name: str) -> str:
    return name.rsplit("/", 1)[-1]


def _content_of(file: SourceFile, label: str) -> bytes:
    """The bytes of a file, once it is known to be of a size and shape that fits in memory. Raises DeliveryError."""
    _check_size(label, file.path.stat().st_size, lambda: file.path.open("rb"))
    return file.path.read_bytes()


def _check_size(name: str, size: int, opening: Callable[[], IO[bytes]]) -> None:
    """Raises DeliveryError for a file that is too large, or of which a million bytes in a row hold no line end.

    Reads a part at a time: 2 GB on one line costs one part. A document may be one line; its size is bounded.
    """
    by_lines = name.lower().partition(" (bestand ")[0].endswith(BY_LINES)
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


def unzipped(label: str, source: Path | BinaryIO, suffix: str | tuple[str, ...] = "") -> Iterator[tuple[str, bytes]]:
    """Path and content of every file in a zip whose name ends with `suffix`, in order of path.

    `label`: how the zip is called in a DeliveryError.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            infos = sorted((info for info in archive.infolist() if not info.is_dir()), key=lambda info: info.filename)
            # Zips of Unix tell the kind of an entry as a file system does; others tell nothing.
            if any(stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG) for info in infos):
                raise DeliveryError("LEV-26", label)
            size = sum(info.file_size for info in infos)
            packed = sum(info.compress_size for info in infos)
            if size > MAX_UNPACKED or (size > 2**20 and size > MAX_RATIO * max(packed, 1)):
                raise DeliveryError("LEV-10", label)
            for info in infos:
                path = PurePosixPath(info.filename.replace("\\", "/"))
                if path.is_absolute() or ".." in path.parts or path.suffix.lower() == ".zip":
                    raise DeliveryError("LEV-09", label, detail="Er zit een zip of een onveilig pad in.")
                if info.flag_bits & ENCRYPTED:
                    raise DeliveryError("LEV-09", label, detail="Het zipbestand heeft een wachtwoord.")
                if not path.name.lower().endswith(suffix):
                    continue
                _check_size(f"{label}/{masked(str(path))}", info.file_size, partial(archive.open, info))
                with archive.open(info) as opened:
                    # The directory of a zip can lie about sizes: never read more than it promised.
                    content = opened.read(info.file_size + 1)
                if len(content) != info.file_size:
                    raise DeliveryError("LEV-10", label)
                yield str(path), content
    except NotImplementedError:
        detail = "Het is ingepakt op een manier die de monitor niet kent; kies bij het inpakken deflate (gewoon zip)."
        raise DeliveryError("LEV-09", label, detail=detail) from None
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError, RuntimeError):
        raise DeliveryError("LEV-09", label, detail="Het zipbestand is beschadigd of afgebroken.") from None


def _listing(label: str, source: Path) -> list[str]:
    """The paths of the files in a zip, without reading them. Raises DeliveryError for a zip that is broken."""
    try:
        with zipfile.ZipFile(source) as archive:
            names = (info.filename.replace("\\", "/") for info in archive.infolist() if not info.is_dir())
            return sorted(str(PurePosixPath(name)) for name in names)
    except (zipfile.BadZipFile, OSError, EOFError):
        raise DeliveryError("LEV-09", label, detail="Het zipbestand is beschadigd of afgebroken.") from None


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
        # Files that were put together have a mark of their own each.
        text = content.decode("utf-8-sig").lstrip("\ufeff")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise DeliveryError("LEV-02", name, line) from None
    if text.rstrip().endswith(DOS_END):
        text = re.sub(rf"{DOS_END}[{DOS_END}\s]*\Z", "", text)
        if not text.strip():
            raise DeliveryError("LEV-01", name)
    start = len(content) if long_lines else 0
    while len(content) - start > MAX_LINE:
        end = content.find(b"\n", start, start + MAX_LINE)
        if end < 0:
            raise DeliveryError("LEV-07", name, content.count(b"\n", 0, start) + 1)
        # Jump on: only every millionth byte needs a line end near it, so this costs nothing on a sound file.
        end = content.rfind(b"\n", start, start + MAX_LINE)
        start = end + 1
    return text
