"""The key file, and pseudonyms made with it (design.md section 9). Only the registration step opens the key file.

`persoon = HMAC-SHA256(K, "meerdoen|v1|" + domain + "|" + number)` in hex, with K a random 32-byte key per gemeente.
An unkeyed hash would be useless: all BSNs can be tried in minutes (disclosure.md section 4).
"""

import base64
import hashlib
import hmac
import json
import os
import secrets
import tempfile
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Annotated

import polars as pl
from pydantic import BaseModel, BeforeValidator, TypeAdapter

from assets.ground.durable import take_place
from assets.ground.names import GEMEENTE

PURPOSE = "monitor"


class _Purposes(BaseModel):
    # Other purposes have keys of their own, which the monitor does not read.
    monitor: Annotated[bytes, BeforeValidator(partial(base64.b64decode, validate=True))]


FILE = TypeAdapter(dict[str, _Purposes])


class KeyFileError(Exception):
    """The key file cannot be used; the text says what to do and never holds a key."""


@dataclass(frozen=True)
class Keys:
    """The keys by gemeente (`GM0988`). Its repr shows no key."""

    _keys: dict[str, bytes] = field(repr=False)
    _made: dict[tuple[str, str], pl.DataFrame] = field(default_factory=dict, repr=False)

    @property
    def gemeenten(self) -> list[str]:
        """The gemeenten that take part in this monitor, sorted."""
        return sorted(self._keys)

    def lets_in(self, leverancier: str) -> bool:
        """Whether its deliveries may be read: a gemeente needs a key; other leveranciers deliver for several."""
        return not leverancier.startswith("GM") or leverancier in self._keys

    def renewed(self, gemeenten: list[str]) -> "Keys":
        """The same keys with new random ones for some gemeenten; nothing is written."""
        return Keys(self._keys | {code: secrets.token_bytes(32) for code in gemeenten})

    def same(self) -> list[list[str]]:
        """The gemeenten that share a key: their persons could be linked."""
        by_key: dict[bytes, list[str]] = {}
        for code in self.gemeenten:
            by_key.setdefault(self._keys[code], []).append(code)
        return [codes for codes in by_key.values() if len(codes) > 1]

    def mark(self) -> str:
        """A short mark that changes when a key or a gemeente does, and tells nothing of the keys."""
        parts = [
            f"{code}:{hmac.digest(key, b'meerdoen|mark', 'sha256').hex()}" for code, key in sorted(self._keys.items())
        ]
        return hashlib.sha256("|".join(parts).encode()).hexdigest()[:16]

    def pseudonymise(self, frame: pl.DataFrame, column: str, domain: str, into: str) -> pl.DataFrame:
        """Replaces `column` (person numbers as text) by pseudonyms in `into`, by the key of each row's gemeentecode."""
        numbers = frame.select("gemeentecode", pl.col(column).alias("nummer")).unique().drop_nulls()
        # Goes by gemeente, and only those that occur here: most deliveries are small and of one gemeente.
        lookup = [self._pseudonyms(group, domain) for group in numbers.partition_by("gemeentecode")]
        empty = pl.DataFrame(schema=dict.fromkeys(("gemeentecode", "nummer", "pseudoniem"), pl.String))
        pseudonyms = pl.concat([empty, *lookup]).rename({"nummer": column, "pseudoniem": into})
        return frame.join(pseudonyms, on=["gemeentecode", column], how="left", maintain_order="left").drop(column)

    def _pseudonyms(self, numbers: pl.DataFrame, domain: str) -> pl.DataFrame:
        """The pseudonyms of numbers of one gemeente; what was made before is not made again."""
        gemeente = numbers.item(0, "gemeentecode")
        none = pl.DataFrame(schema={"nummer": pl.String, "pseudoniem": pl.String})
        made = self._made.get((gemeente, domain), none)
        new = numbers.select("nummer").join(made, on="nummer", how="anti")
        if new.height:
            pseudonyms = [self.pseudonym(gemeente, domain, number) for number in new.get_column("nummer")]
            made = made.vstack(new.with_columns(pl.Series("pseudoniem", pseudonyms)))
            self._made[gemeente, domain] = made
        return numbers.join(made, on="nummer")

    def pseudonym(self, gemeente: str, domain: str, number: str) -> str:
        """The pseudonym of one number."""
        text = f"meerdoen|v1|{domain}|{number.zfill(9) if domain == 'bsn' else number}"
        return hmac.digest(self._keys[gemeente], text.encode(), "sha256").hex()


def load_keys(path: Path) -> Keys:
    """Reads the key file. Raises KeyFileError when it is missing, open to others, or holds a key under 32 bytes."""
    if not path.is_file():
        raise KeyFileError(
            f"Het sleutelbestand {path.name} ontbreekt. Laat MEERDOEN_SLEUTEL_BESTAND ernaar wijzen, of maak sleutels:"
            " meerdoen sleutel maak GM…"
        )
    if path.stat().st_mode & 0o077:
        raise KeyFileError(f"Het sleutelbestand {path.name} is leesbaar voor anderen. Doe eerst: chmod 600 {path.name}")
    try:
        keys = {code: purposes.monitor for code, purposes in FILE.validate_json(path.read_bytes()).items()}
    except (ValueError, TypeError):
        raise KeyFileError(
            f'Het sleutelbestand {path.name} is onleesbaar. Verwacht: {{"GM0988": {{"monitor": "<base64>"}}}}.'
        ) from None
    if not all(map(GEMEENTE.fullmatch, keys)):
        # Whatever stands there instead is not repeated.
        raise KeyFileError(
            f"In het sleutelbestand {path.name} staat een naam die geen gemeentecode is (GM en vier cijfers)."
            " Herstel die."
        )
    short = [code for code, key in keys.items() if len(key) < 32]
    if short or not keys:
        raise KeyFileError(
            f"Het sleutelbestand {path.name} heeft geen sleutel van 32 bytes voor {', '.join(short) or 'een gemeente'}."
        )
    return Keys(keys)


def make_keys(path: Path, gemeenten: list[str]) -> list[str]:
    """Adds a random key for each gemeente that has none yet, and tells which; readable by its owner alone.

    The old file stays until the new one is whole: a lost key makes every pseudonym of its gemeente useless.
    """
    content = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    new = [code for code in gemeenten if code not in content]
    _write(path, content | {code: {PURPOSE: base64.b64encode(secrets.token_bytes(32)).decode()} for code in new})
    return new


def replace_keys(path: Path, keys: Keys, gemeenten: list[str]) -> None:
    """Puts the keys of some gemeenten in the key file and destroys what the old file held, also on the disk."""
    content = json.loads(path.read_text(encoding="utf-8"))
    with path.open("r+b") as old:
        for code in gemeenten:
            content[code][PURPOSE] = base64.b64encode(keys._keys[code]).decode()
        _write(path, content)
        # The old file has no name any more, but its bytes are still on the disk.
        old.write(b"\0" * os.fstat(old.fileno()).st_size)
        old.flush()
        os.fsync(old.fileno())


def _write(path: Path, content: dict) -> None:
    path = path.resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    # mkstemp makes a file of mode 0600.
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(content, file, indent=2, sort_keys=True)
    take_place(Path(name), path)
