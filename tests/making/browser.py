"""A real browser for tests: headless Chromium, driven over its DevTools protocol. Clicks as a hand would: by mouse.

Only what a test of a page needs: open, read what is to be seen, click on it, take a picture.
"""

import base64
import itertools
import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import requests
from websockets.sync.client import ClientConnection, connect

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--remote-debugging-port=0", "--window-size=1400,900"),
)
# The middle of the first smallest element that matches, shows the text and can be clicked on; or null.
FIND = """((selector, text) => {
    const found = [...document.querySelectorAll(selector)].filter(element => element.innerText?.includes(text));
    for (const least of found.filter(element => !found.some(other => other !== element && element.contains(other)))) {
        least.scrollIntoView({block: "center"});
        const box = least.getBoundingClientRect();
        const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
        const top = document.elementFromPoint(x, y);
        if (top && (least.contains(top) || top.contains(least)) && least.checkVisibility({visibilityProperty: true}))
            return {x, y};
    }
    return null;
})"""


class Page:
    """One tab. Everything waits until it is there, at most `patience` seconds."""

    def __init__(self, connection: ClientConnection, patience: float = 60) -> None:
        self.connection, self.patience = connection, patience
        self.numbers = itertools.count(1)
        self.clicks = 0

    def ask(self, method: str, **parameters: object) -> dict:
        number = next(self.numbers)
        self.connection.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while (answer := json.loads(self.connection.recv(timeout=self.patience))).get("id") != number:
            pass
        assert "error" not in answer, answer
        return answer["result"]

    def run(self, script: str) -> object:
        """The value of a JavaScript expression."""
        return self.ask("Runtime.evaluate", expression=script, returnByValue=True)["result"].get("value")

    def open(self, url: str) -> None:
        self.ask("Page.navigate", url=url)

    @property
    def text(self) -> str:
        """What is to be seen."""
        return str(self.run("document.body?.innerText ?? ''"))

    def wait(self, text: str) -> str:
        """What is to be seen, once this text is in it."""
        until = time.monotonic() + self.patience
        while text not in (seen := self.text):
            assert time.monotonic() < until, f"{text!r} is not on the page: {seen[:3000]}"
            time.sleep(0.1)
        return seen

    def click(self, selector: str, text: str = "") -> None:
        """One click with the mouse on the first element that matches and shows the text."""
        until = time.monotonic() + self.patience
        while not (place := self.run(f"{FIND}({json.dumps(selector)}, {json.dumps(text)})")):
            assert time.monotonic() < until, f"nothing to click: {selector} {text!r}: {self.text[:3000]}"
            time.sleep(0.1)
        assert isinstance(place, dict)
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            self.ask("Input.dispatchMouseEvent", type=kind, button="left", clickCount=1, **place)
        self.clicks += 1

    def picture(self, file: Path) -> None:
        """What is to be seen, as PNG."""
        file.write_bytes(base64.b64decode(self.ask("Page.captureScreenshot", format="png")["data"]))


@contextmanager
def browser(profile: Path) -> Iterator[Page]:
    """A page in a new browser with an empty profile."""
    assert CHROMIUM
    process = subprocess.Popen(
        [CHROMIUM, *FLAGS, f"--user-data-dir={profile}", "about:blank"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        port = _written(profile / "DevToolsActivePort", process).split()[0]
        tabs = requests.get(f"http://127.0.0.1:{port}/json/list", timeout=10).json()
        address = next(tab["webSocketDebuggerUrl"] for tab in tabs if tab["type"] == "page")
        with connect(address, max_size=None, proxy=None) as connection:
            yield Page(connection)
    finally:
        stop(process)


def stop(process: subprocess.Popen) -> None:
    """Ends a process that was started in a session of its own, with all that it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _written(file: Path, process: subprocess.Popen) -> str:
    until = time.monotonic() + 30
    while not (file.exists() and file.read_text()):
        assert process.poll() is None, "the browser stopped"
        assert time.monotonic() < until, "the browser does not start"
        time.sleep(0.1)
    return file.read_text()
