"""Asks a paged REST API for all of its pages and writes them as received, one JSON file a page.

Knows pages (Open Referral HSDS 3.0: total_pages, page_number, contents), ETags and patience; nothing of what is in
them, nor where the files go. requests is imported when a source is asked.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

from assets.registrations.declaration import Connection, Pulled
from validations.language.delivery import DeliveryError

CONNECT_SECONDS, READ_SECONDS = 10, 60
TRIES = 4
# No single wait is longer, whatever Retry-After says: a server that still refuses is asked again the next night.
LONGEST_WAIT = 120
PER_PAGE, MAX_PAGES, MAX_BYTES = 100, 1000, 50 * 2**20
COUNTS = ("total_pages", "total_items", "page_number")
OK, NOT_MODIFIED, NOT_FOUND = 200, 304, 404
BUSY = (429, 500, 502, 503, 504)
REDIRECTS, MAX_REDIRECTS = (301, 302, 303, 307, 308), 3
PORTS = {"https": 443, "http": 80}
HERE = ("127.0.0.1", "localhost", "::1")

# Status, body and ETag of a page (`services-0001`), after all patience; with an ETag 304 when it is still that one.
Ask = Callable[[str, str], tuple[int, bytes, str]]


@dataclass(frozen=True)
class RestPull:
    """The lists that are asked for, `<url>/<list>`. Of those in `optional` a server may have none (404).

    `backoff`: seconds before the second retry, twice as long before each next one (urllib3). `read_seconds`: how long
    the server may be silent.
    """

    lists: tuple[str, ...]
    optional: tuple[str, ...] = ()
    backoff: float = 1.0
    read_seconds: float = READ_SECONDS

    def __call__(self, connection: Connection, watermark: list[str] | None, folder: Path) -> Pulled | None:
        """Writes `<list>-0001.json` and on; None when nothing changed since `watermark`.

        watermark: a hash of all pages, then the ETag and name of each page; without ETags only the hash tells.
        Raises DeliveryError: LEV-40 a page did not come or is none, LEV-32 no usable connection.
        """
        with self._asking(connection) as ask:
            known = [mark.rsplit(" ", 1) for mark in (watermark or [])[1:]]
            if known and all(ask(page, etag)[0] == NOT_MODIFIED for etag, page in known):
                return None
            pages = {}
            for name in self.lists:
                pages |= self._pages(ask, name)
        digest = sha256(b"".join(name.encode() + body for name, (body, _) in sorted(pages.items()))).hexdigest()
        if watermark and watermark[0] == digest:
            return None
        for name, (body, _) in pages.items():
            (folder / f"{name}.json").write_bytes(body)
        etags = [f"{etag} {name}" for name, (_, etag) in pages.items()]
        return Pulled(None, [digest, *etags] if all(etag for _, etag in pages.values()) else [digest])

    def _pages(self, ask: Ask, name: str) -> dict[str, tuple[bytes, str]]:
        """Body and ETag of each page of a list, by file name without suffix. Raises DeliveryError LEV-40."""
        found: dict[str, tuple[bytes, str]] = {}
        totals_before, counted, number = {}, 0, 1
        while True:
            page = f"{name}-{number:04d}"
            status, body, etag = ask(page, "")
            if status == NOT_FOUND and number == 1 and name in self.optional:
                return {}
            if status != OK:
                raise _failed(page, f"HTTP {status}")
            about, body = _page(page, body)
            totals = {field: about.get(field) for field in ("total_pages", "total_items")}
            if number > 1 and totals != totals_before:
                raise _failed(page, "de bron veranderde tijdens het halen")
            totals_before, counted = totals, counted + len(about["contents"])
            if (
                about.get("page_number") not in (None, number)
                or number > MAX_PAGES
                or (totals_before["total_pages"] or 0) > MAX_PAGES
            ):
                raise _failed(page, "het paginanummer of het aantal pagina's klopt niet")
            if number > 1 and about["contents"] and body == found[f"{name}-{number - 1:04d}"][0]:
                raise _failed(page, "de bron geeft steeds dezelfde pagina")
            found[page] = (body, etag)
            if _is_last(about, number):
                break
            number += 1
        if totals_before["total_items"] not in (None, counted):
            raise _failed(name, f"{counted} van de {totals_before['total_items']} objecten zijn gegeven")
        return found

    @contextmanager
    def _asking(self, connection: Connection) -> Iterator[Ask]:
        """How a page is asked for: waits, tries again, and asks this host alone, wherever it points to."""
        import requests
        from requests.adapters import HTTPAdapter
        from urllib3.util import Retry

        class Patience(Retry):
            def get_retry_after(self, response: Any) -> float | None:
                asked = super().get_retry_after(response)
                return None if asked is None else min(asked, LONGEST_WAIT)

        class OneHost(requests.Session):
            def get_redirect_target(self, resp: Any) -> None:
                """Nowhere by itself: `_followed` says where a redirect may lead."""

        url, token = _address(connection)
        patience = Patience(TRIES, status_forcelist=BUSY, backoff_factor=self.backoff, raise_on_status=False)

        def bearer(request: Any) -> Any:
            # The token goes as auth, so that requests reads no .netrc.
            if token:
                request.headers["Authorization"] = f"Bearer {token}"
            return request

        def ask(page: str, etag: str) -> tuple[int, bytes, str]:
            name, number = page.rsplit("-", 1)
            asked = {"page": int(number), "per_page": PER_PAGE, "full": "true"}
            headers = {"If-None-Match": etag} if etag else {}
            waits = (CONNECT_SECONDS, self.read_seconds)
            address = requests.Request("GET", f"{url}/{name}", params=asked).prepare().url or ""
            try:
                return _answer(partial(session.get, headers=headers, timeout=waits, stream=True), page, address)
            except requests.Timeout:
                raise _failed(page, "geen antwoord op tijd") from None
            except requests.RequestException as error:
                # Its text holds the address.
                raise _failed(page, type(error).__name__) from None

        with OneHost() as session:
            session.auth = bearer
            session.headers["Accept"] = "application/json"
            for scheme in ("https://", "http://"):
                session.mount(scheme, HTTPAdapter(max_retries=patience))
            yield ask


def _answer(get: Callable[[str], Any], page: str, address: str) -> tuple[int, bytes, str]:
    """Status, body and ETag of a page, wherever on its host it is. Raises DeliveryError LEV-40."""
    for _ in range(MAX_REDIRECTS + 1):
        with get(address) as answer:
            if answer.status_code not in REDIRECTS:
                return answer.status_code, _body(page, answer), answer.headers.get("ETag", "")
            address = _followed(page, address, answer.headers.get("Location", ""))
    raise _failed(page, "de bron verwijst steeds verder")


def _body(page: str, answer: Any) -> bytes:
    body = b""
    for part in answer.iter_content(2**16):
        body += part
        if len(body) > MAX_BYTES:
            raise _failed(page, "de pagina is te groot")
    return body


def _address(connection: Connection) -> tuple[str, str]:
    """Url and token. Raises DeliveryError LEV-32 when they could end up in a log or on an open line."""
    try:
        parts, token = urlsplit(connection.url), connection.token
        sound = parts.hostname and "@" not in parts.netloc and not (parts.query or parts.fragment) and parts.port != 0
        # Also without a token: who can listen in can answer in the place of the source.
        safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in HERE)
    except ValueError:
        sound = safe = False
    else:
        if sound and safe and token.isascii() and token.isprintable():
            return connection.url.rstrip("/"), token
    raise DeliveryError("LEV-32", detail="Verwacht een url met https zonder gebruiker of vraagteken, en een token.")


def _followed(page: str, address: str, location: str) -> str:
    """Where a redirect leads on the host that was asked. Raises DeliveryError LEV-40 when it leads elsewhere."""
    try:
        here, there = urlsplit(address), urlsplit(urljoin(address, location))
        same = location and "\\" not in location and "@" not in there.netloc and _origin(here) == _origin(there)
    except ValueError:
        same = False
    else:
        if same:
            # Made of the address that was asked, so that no other reading of the new one leads to another host.
            return here._replace(path=there.path, query=there.query).geturl()
    raise _failed(page, "de bron verwijst naar een ander adres")


def _origin(parts: SplitResult) -> tuple[str, str | None, int | None]:
    return parts.scheme, parts.hostname, parts.port or PORTS.get(parts.scheme)


def _page(name: str, body: bytes) -> tuple[dict, bytes]:
    """The page as an object, and its bytes in UTF-8, as readers take it. Raises DeliveryError LEV-40 when it is none.

    HSDS 3.0 requires no field of a page; without contents there is nothing to read.
    """
    try:
        page = json.loads(body)
        sound = isinstance(page["contents"], list)
        sound &= all(type(page[field]) is int for field in COUNTS if page.get(field) is not None)
        body = body.decode(json.detect_encoding(body)).encode()
    except (ValueError, KeyError, TypeError, RecursionError):
        sound, page = False, {}
    if not sound:
        raise _failed(name, "het antwoord is geen pagina van HSDS")
    return page, body


def _is_last(page: dict, number: int) -> bool:
    """Whether no page follows: by the number of pages, else by what the page says of itself, else when it is empty."""
    if page.get("total_pages") is not None:
        return number >= page["total_pages"]
    if isinstance(page.get("last_page"), bool):
        return page["last_page"]
    return not page["contents"]


def _failed(page: str, why: str) -> DeliveryError:
    return DeliveryError("LEV-40", detail=f"Bij {page}: {why}.")
