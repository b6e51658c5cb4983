"""A desk where a test puts the files of a delivery and reads them with the reader of a registration."""

import traceback
from collections.abc import Mapping
from pathlib import Path

import pytest

from assets.readers import ReadResult, SourceFile
from assets.registrations.declaration import registrations
from tests.making.town import bsn
from validations.language.delivery import DeliveryError

# A value that no message may ever show.
CANARY = "Kanariepiet"


class Desk:
    """A folder with files. Whoever delivers something unreadable there has CANARY and bsn(2) in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self, bron: str, files: Mapping[str, str | bytes]) -> ReadResult:
        """What the reader makes of the files."""
        sources = []
        for name, content in files.items():
            path = self.folder / name
            path.write_bytes(content.encode() if isinstance(content, str) else content)
            sources.append(SourceFile(name, path))
        return registrations()[bron].read(sources)

    def refused(self, bron: str, files: Mapping[str, str | bytes]) -> DeliveryError:
        """The error with which the reader refuses the files; it tells none of their values, nor does its cause."""
        with pytest.raises(DeliveryError) as caught:
            self.read(bron, files)
        text = "".join(traceback.format_exception(caught.value))
        assert CANARY not in text
        assert bsn(2) not in text
        return caught.value
