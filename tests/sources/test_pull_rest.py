"""Pulling a paged REST API, from a real server on this machine: pages, patience, ETags, and nothing by halves."""

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from assets.intake.keys import load_keys
from assets.intake.step import take_in
from assets.record.records import Outcome
from assets.registrations.declaration import registrations
from assets.sources import rest as pull_rest
from assets.sources.rest import RestPull
from tests.making.supply import service
from tests.making.town import WEERT, Town, period_of

TOKEN = "geheim-token-van-de-bron"
Answer = tuple[int, dict[str, str], bytes]


class Source:
    """A sociale kaart on 127.0.0.1: services by page, what was asked of it, and how it misbehaves."""

    def __init__(self) -> None:
        self.services = [service(f"d{number}") for number in range(5)]
        self.per_page = 2
        self.etags = True
        self.asked: list[tuple[str, dict[str, str]]] = []
        # Given the path, another answer than the sound one; None: the sound one.
        self.fault: Callable[[str, int], Answer | None] = lambda _path, _number: None
        source = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                number = int(parse_qs(parts.query).get("page", ["1"])[0])
                source.asked.append((f"{parts.path}-{number}", dict(self.headers)))
                status, headers, body = source.fault(parts.path, number) or source.answer(
                    parts.path, number, self.headers.get("If-None-Match")
                )
                self.send_response(status)
                for name, value in ({"Content-Length": str(len(body))} | headers).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hsds"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, path: str, number: int, known: str | None) -> Answer:
        if path != "/hsds/services":
            return 404, {}, b"{}"
        start = (number - 1) * self.per_page
        part = self.services[start : start + self.per_page]
        pages = -(-len(self.services) // self.per_page)
        about = {"total_items": len(self.services), "total_pages": pages, "page_number": number, "empty": not part}
        body = json.dumps(about | {"contents": part}).encode()
        etag = {"ETag": f'"{sha256(body).hexdigest()[:8]}"'} if self.etags else {}
        if etag and known == etag["ETag"]:
            return 304, etag, b""
        return 200, etag, body

    def pages(self) -> list[str]:
        """The pages of services that were asked for since the last time."""
        asked = [path for path, _ in self.asked if "services" in path and "location" not in path]
        self.asked.clear()
        return [path.rsplit("-", 1)[1] for path in asked]


@pytest.fixture
def source() -> Iterator[Source]:
    source = Source()
    yield source
    source.server.shutdown()
    source.server.server_close()


def connect(town: Town, source: Source, **connection: str) -> None:
    connection = {"url": source.url, "token": TOKEN} | connection
    town.settings.sources_file.write_text(json.dumps({WEERT: {"aanbod": connection}}))
    town.settings.sources_file.chmod(0o600)


def on(town: Town, day: str, **pull: float) -> Outcome:
    """The registration step on a day that is the clock of the demo."""
    town.settings.landing.write("demo.json", json.dumps({"stand": day}).encode())
    registration = registrations()["aanbod"]
    assert isinstance(registration.pull, RestPull)
    quick = replace(registration, pull=replace(registration.pull, **({"backoff": 0.0} | pull)))
    return take_in(quick, town.settings, load_keys(town.settings.key_file), date.fromisoformat(day))


def landed(town: Town) -> dict[str, list[str]]:
    folder = town.folder / "landing" / WEERT / "aanbod"
    return {f.name: sorted(file.name for file in f.iterdir()) for f in sorted(folder.glob("*"))}


def fault(outcome: Outcome) -> str:
    """Rule and detail of the one delivery that is not in order."""
    assert outcome.state == "geblokkeerd"
    (record,) = outcome.blocked
    return f"{record.fouten[0].regel_id} {record.fouten[0].toelichting}"


def test_pages_are_written_as_received_and_read_like_any_delivery(town: Town, source: Source):
    connect(town, source)
    outcome = on(town, "2022-03-20")
    assert outcome.state == "in_orde"
    assert landed(town) == {
        "2022-03-20": ["levering.json", "services-0001.json", "services-0002.json", "services-0003.json"]
    }
    folder = town.folder / "landing" / WEERT / "aanbod" / "2022-03-20"
    assert (folder / "services-0002.json").read_bytes() == source.answer("/hsds/services", 2, None)[2]
    (record,) = outcome.records
    assert (record.rijen, period_of(record)) == (5, ["2022-03-01", "2022-03-31"])
    asked = [headers for path, headers in source.asked if path == "/hsds/services-1"]
    assert asked[0]["Authorization"] == f"Bearer {TOKEN}"


def test_the_same_pages_write_nothing_and_a_change_or_a_new_month_writes_all(town: Town, source: Source):
    connect(town, source)
    on(town, "2022-03-20")
    source.pages()
    assert on(town, "2022-03-21").state == "in_orde"
    assert source.pages() == ["1", "2", "3"]
    assert list(landed(town)) == ["2022-03-20"]
    source.services[4]["name"] = "Anders"
    outcome = on(town, "2022-03-22")
    assert list(landed(town)) == ["2022-03-20", "2022-03-22"]
    assert len(landed(town)["2022-03-22"]) == 4
    assert outcome.state == "in_orde"
    # Of each month there is a delivery, or it would not be covered.
    on(town, "2022-04-01")
    assert list(landed(town)) == ["2022-03-20", "2022-03-22", "2022-04-01"]


def test_without_etags_the_content_tells_that_nothing_changed(town: Town, source: Source):
    source.etags = False
    connect(town, source)
    on(town, "2022-03-20")
    on(town, "2022-03-21")
    assert list(landed(town)) == ["2022-03-20"]
    source.services.pop()
    on(town, "2022-03-22")
    assert list(landed(town)) == ["2022-03-20", "2022-03-22"]


def test_only_the_clock_of_today_is_asked_for(town: Town, source: Source):
    connect(town, source)
    town.settings.landing.write("demo.json", json.dumps({"stand": "2022-03-20"}).encode())
    outcome = town.take_in("aanbod", "2022-03-19")
    assert (outcome.state, source.asked) == ("niet_geleverd", [])


def test_a_busy_source_is_asked_again_and_waited_for(town: Town, source: Source):
    seen: list[int] = []

    def busy(path: str, number: int) -> Answer | None:
        if path.endswith("/services") and number == 2 and seen.count(2) < 2:
            seen.append(2)
            return (429, {"Retry-After": "1"}, b"") if len(seen) == 1 else (503, {}, b"")
        return None

    source.fault = busy
    connect(town, source)
    began = time.monotonic()
    assert on(town, "2022-03-20").state == "in_orde"
    assert time.monotonic() - began >= 1
    assert source.pages() == ["1", "2", "2", "2", "3"]


def test_no_wait_is_endless(town: Town, source: Source, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pull_rest, "LONGEST_WAIT", 0.1)
    source.fault = lambda path, _number: (503, {"Retry-After": "3600"}, b"") if path.endswith("/services") else None
    connect(town, source)
    assert fault(on(town, "2022-03-20")) == "LEV-40 Bij services-0001: HTTP 503."
    assert source.pages() == ["1"] * 5


BROKEN: dict[str, tuple[Answer, str]] = {
    "a server that stays away": ((503, {}, b""), "services-0002: HTTP 503"),
    "a token that is refused": ((401, {}, b""), "services-0002: HTTP 401"),
    "a page that breaks off": (
        (200, {"Content-Length": "9999"}, b'{"contents": ['),
        "services-0002: ChunkedEncodingError",
    ),
    "no JSON": ((200, {}, b"<html>onderhoud</html>"), "services-0002: het antwoord is geen pagina van HSDS"),
    "no page": ((200, {}, b'{"contents": {}}'), "services-0002: het antwoord is geen pagina van HSDS"),
    "the same page again": (
        (200, {}, b'{"total_items": 5, "total_pages": 3, "page_number": 1, "contents": []}'),
        "services-0002: het paginanummer of het aantal pagina's klopt niet",
    ),
    "a source that changed meanwhile": (
        (200, {}, b'{"total_items": 9, "total_pages": 5, "page_number": 2, "contents": []}'),
        "services-0002: de bron veranderde tijdens het halen",
    ),
    "fewer objects than promised": (
        (200, {}, b'{"total_items": 5, "total_pages": 3, "page_number": 2, "contents": []}'),
        "services: 3 van de 5 objecten zijn gegeven",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_page_that_fails_leaves_nothing_and_the_last_good_rows_count(town: Town, source: Source, name: str):
    connect(town, source)
    on(town, "2022-03-20")
    before = landed(town)
    answer, message = BROKEN[name]
    source.services[0]["name"] = "Anders"
    source.fault = lambda path, number: answer if path.endswith("/services") and number == 2 else None
    outcome = on(town, "2022-03-21")
    assert fault(outcome) == f"LEV-40 Bij {message}."
    assert landed(town) == before
    assert [str(good.leverdatum) for good in outcome.accepted] == ["2022-03-20"]
    source.fault = lambda _path, _number: None
    assert on(town, "2022-03-22").state == "in_orde"


def test_a_source_that_says_nothing_is_not_waited_for_long(town: Town, source: Source):
    def silent(_path: str, _number: int) -> Answer | None:
        threading.Event().wait(1.5)
        return None

    source.fault = silent
    connect(town, source)
    assert fault(on(town, "2022-03-20", read_seconds=0.2)).startswith("LEV-40 Bij organizations-0001: ")
    assert landed(town) == {}


def test_a_source_that_is_not_there_blocks_with_its_name_only(town: Town, source: Source):
    connect(town, source, url="http://127.0.0.1:9/hsds")
    assert fault(on(town, "2022-03-20")) == "LEV-40 Bij organizations-0001: ConnectionError."


# Where a source may point to that is not itself, in each way of writing it.
WAYS = {
    "another port": "http://{far}/services",
    "another name of this machine": "http://localhost:{port}/hsds/services",
    "another host": "http://sociale-kaart.example/hsds/services",
    "without scheme": "//{far}/services",
    "another scheme": "https://127.0.0.1:{port}/hsds/services",
    "no scheme of the web": "file:///etc/passwd",
    "a user": "http://gebruiker@127.0.0.1:{port}/hsds/services",
    "a user that looks like this host": "http://127.0.0.1:{port}@{far}/services",
    "a backslash": "http://127.0.0.1:{port}\\@{far}/services",
    "backslashes": "\\\\{far}/services",
    "a dot behind": "http://127.0.0.1.:{port}/hsds/services",
    "no port": "http://127.0.0.1/hsds/services",
    "a port that is none": "http://127.0.0.1:x/hsds/services",
    "a number for an address": "http://2130706433:{port}/hsds/services",
    "capitals and another port": "HTTP://LOCALHOST:{port}/hsds/services",
}


def port_of(source: Source) -> int:
    return source.server.server_address[1]


@pytest.mark.parametrize(("way", "status"), list(zip(WAYS, cycle([301, 302, 303, 307, 308]), strict=False)))
def test_a_redirect_elsewhere_is_a_failed_page_and_tells_nobody_the_token(
    town: Town, source: Source, way: str, status: int, caplog: pytest.LogCaptureFixture
):
    other = Source()
    location = WAYS[way].format(port=port_of(source), far=f"127.0.0.1:{port_of(other)}")
    source.fault = lambda path, number: (
        (status, {"Location": location}, b"elders") if path.endswith("/services") and number == 2 else None
    )
    connect(town, source)
    with caplog.at_level(logging.DEBUG):
        assert fault(on(town, "2022-03-20")) == "LEV-40 Bij services-0002: de bron verwijst naar een ander adres."
    assert (other.asked, landed(town)) == ([], {})
    assert TOKEN not in caplog.text
    kept = [file for file in town.folder.rglob("*") if file.is_file() and file != town.settings.sources_file]
    assert kept
    assert not any(TOKEN.encode() in file.read_bytes() for file in kept)
    other.server.shutdown()
    other.server.server_close()


@pytest.mark.parametrize(
    "location", ["/hsds/diensten?page={}", "diensten?page={}", "HTTP://127.0.0.1:{port}/hsds/diensten?page={}"]
)
def test_a_redirect_on_the_same_host_is_followed(town: Town, source: Source, location: str):
    def moved(path: str, number: int) -> Answer | None:
        if path == "/hsds/services":
            return 307, {"Location": location.format(number, port=port_of(source))}, b""
        return source.answer("/hsds/services", number, None) if path == "/hsds/diensten" else None

    source.fault = moved
    connect(town, source)
    assert on(town, "2022-03-20").state == "in_orde"
    assert len(landed(town)["2022-03-20"]) == 4


def test_redirects_without_end_are_a_failed_page(town: Town, source: Source):
    source.fault = lambda path, _number: (302, {"Location": path}, b"") if path.endswith("/services") else None
    connect(town, source)
    assert fault(on(town, "2022-03-20")) == "LEV-40 Bij services-0001: de bron verwijst steeds verder."


def test_a_next_page_that_is_named_elsewhere_is_not_asked(town: Town, source: Source):
    other = Source()

    def with_links(path: str, number: int) -> Answer | None:
        status, headers, body = source.answer(path, number, None)
        links = {"next": f"{other.url}/services?page=2", "links": {"next": {"href": other.url}}}
        body = json.dumps(json.loads(body) | links).encode()
        return status, headers | {"Link": f'<{other.url}/services?page=2>; rel="next"'}, body

    source.fault = with_links
    connect(town, source)
    on(town, "2022-03-20")
    assert source.pages() == ["1", "2", "3"]
    assert other.asked == []
    other.server.shutdown()
    other.server.server_close()


@pytest.mark.parametrize(
    "connection",
    [
        {"url": "http://sociale-kaart.example/hsds"},
        {"url": "http://sociale-kaart.example/hsds", "token": ""},
        {"url": "http://127.0.0.1.sociale-kaart.example/hsds"},
        {"url": "http://localhost.:80/hsds"},
        {"url": "https://@sociale-kaart.example/hsds"},
        {"url": "https://sociale-kaart.example/hsds#deel"},
        {"url": "https://naam:wachtwoord@sociale-kaart.example/hsds"},
        {"url": "https://sociale-kaart.example/hsds?sleutel=1"},
        {"url": "ftp://sociale-kaart.example"},
        {"url": "sociale kaart"},
        {"token": "twee\nregels"},
    ],
)
def test_a_connection_that_would_give_its_secret_away_is_refused(town: Town, source: Source, connection: dict):
    connect(town, source, **connection)
    message = fault(on(town, "2022-03-20"))
    assert message.startswith("LEV-32 ")
    assert "wachtwoord@" not in message


def test_a_file_with_connections_that_others_can_read_is_refused(town: Town, source: Source):
    connect(town, source)
    Path(town.settings.sources_file).chmod(0o644)
    assert fault(on(town, "2022-03-20")).startswith("LEV-32 ")
    assert source.asked == []
