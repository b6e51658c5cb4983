"""What a levering.json promises of the delivery that it lies beside, and whether the delivery keeps it.

It comes from outside: only the fields of the guide are read, each strictly of its kind; nothing else of it is kept.
"""

import json
from codecs import BOM_UTF8
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from assets.ground.names import masked
from assets.record.delivery_record import StoredFile
from validations.language.delivery import DeliveryError

MANIFEST = "levering.json"
# No levering.json is this large; it is not read.
MAX_MANIFEST = 2**20
# A day before this one is a slip of the pen: figures would be made of every month since then.
EARLIEST = date(1990, 1, 1)
# And so is one long after the delivery: the list of a next school year comes a year and a half before its end.
LATEST_DAYS = 550


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")


class PromisedFile(_Strict):
    """A file that must be there, and its content when a sha256 is given."""

    naam: str = Field(min_length=1, max_length=1024)
    sha256: str | None = Field(None, pattern="^[0-9a-fA-F]{64}$")


class Period(_Strict):
    """The days that a delivery is about, both included."""

    van: date = Field(ge=EARLIEST)
    tot: date

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.van > self.tot:
            raise ValueError
        return self


class Promise(_Strict):
    """The files, the number of records and the period of a delivery; what is not promised is empty."""

    bestanden: tuple[PromisedFile, ...] = ()
    records: int | None = Field(None, ge=0, le=10**9)
    periode: Period | None = None

    def keep(self, hashed: Iterable[StoredFile], records: int | None = None) -> None:
        """Raises DeliveryError LEV-12 when the files or the number of records are others."""
        digests = {item.naam.rsplit("/", 1)[-1]: item.sha256 for item in hashed}
        for file in self.bestanden:
            if file.naam not in digests:
                raise DeliveryError("LEV-12", masked(file.naam), detail="Het bestand ontbreekt.")
            if file.sha256 and file.sha256.lower() != digests[file.naam]:
                raise DeliveryError("LEV-12", masked(file.naam), detail="De sha256 klopt niet.")
        if records is not None and self.records not in (None, records):
            # The promised number is from outside: it may be a number of a person.
            promised = masked(f"Beloofd: {self.records} records")
            raise DeliveryError("LEV-12", detail=f"{promised}, gelezen: {records}.")

    def in_time(self, leverdatum: date) -> None:
        """Raises DeliveryError LEV-12 when the period ends so long after the delivery that its year must be wrong."""
        if self.periode and (self.periode.tot - leverdatum).days > LATEST_DAYS:
            raise DeliveryError("LEV-12", MANIFEST, detail="periode.tot ligt meer dan anderhalf jaar na de leverdatum.")


NOTHING_PROMISED = Promise(records=None)


def read_promise(content: bytes) -> Promise:
    """Raises DeliveryError LEV-12 for what is no JSON, or has a field that comes twice or is of another kind."""
    # The code below raises for what is no JSON.
    with suppress(ValueError, RecursionError):
        json.loads(content, object_pairs_hook=_once)
    try:
        return Promise.model_validate_json(content.removeprefix(BOM_UTF8))
    except ValidationError as error:
        # The text of the library holds what was delivered; a place in it is made of our own names and numbers.
        wrong = error.errors(include_url=False, include_context=False, include_input=False)
        places = sorted({".".join(map(str, one["loc"])) for one in wrong} - {""})
        detail = f"Niet zoals in de leveringsgids: {', '.join(places[:3])}." if places else "Het is niet te lezen."
        raise DeliveryError("LEV-12", MANIFEST, detail=detail) from None


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise DeliveryError("LEV-12", MANIFEST, detail="Een veld staat er twee keer in.")
    return found
