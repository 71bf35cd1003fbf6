"""One visit of a page with a cold cache: what was transferred, and when it could be played."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser, CDPSession, Page

PROBE = Path(__file__).with_name("probe.js")
PHONE = {"width": 390, "height": 844}
PATIENCE = 120_000
"""Milliseconds until a page that shows no button counts as broken."""


@dataclass(frozen=True)
class Line:
    """A network and a processor as slow as a phone's.

    The values of `SLOW` are those of Lighthouse's mobile runs: 1.6 Mbit/s, 150 ms, a processor
    four times slower. They slow what the browser does and loads; not a WebSocket, nor a kernel.
    """

    down: float
    """Bytes a second."""
    latency: float
    """Milliseconds."""
    processor: int


SLOW = Line(down=1.6e6 / 8, latency=150, processor=4)


@dataclass
class Traffic:
    """What a page loaded so far."""

    requests: int = 0
    transferred: int = 0
    """Bytes of answers with their headers, as they came (compressed)."""
    messages: int = 0
    """Bytes that came through WebSockets."""
    _real: set[str] = field(default_factory=set)

    def listen(self, session: CDPSession) -> None:
        session.send("Network.enable")
        session.on("Network.requestWillBeSent", self._sent)
        session.on("Network.loadingFinished", self._finished)
        session.on("Network.webSocketFrameReceived", self._message)

    def _sent(self, event: dict[str, Any]) -> None:
        # What another origin was asked for failed at once: no bytes, but it was asked.
        if event["request"]["url"].startswith("http"):
            self.requests += 1
            self._real.add(event["requestId"])

    def _finished(self, event: dict[str, Any]) -> None:
        if event["requestId"] in self._real:
            self.transferred += int(event["encodedDataLength"])

    def _message(self, event: dict[str, Any]) -> None:
        self.messages += len(event["response"]["payloadData"])


@dataclass(frozen=True)
class Visit:
    """What one visit measured. Times in milliseconds, sizes in bytes."""

    requests: int
    transferred: int
    ready: float
    """From the start of the navigation until the first button can be clicked."""
    answered: float
    """From a click on it until the next text is painted."""
    heap: int
    """The JavaScript heap when it is ready, after all garbage was collected."""


def visit(browser: Browser, address: str, button: str, text: str, line: Line | None) -> Visit:
    """Visit `address`, wait until `button` can be clicked, click it, wait until `text` changes."""
    with _page(browser, f"benchProbe.watch({json.dumps(button)});") as (page, session):
        traffic = Traffic()
        traffic.listen(session)
        if line:
            _slow(session, line)
        page.goto(address, wait_until="commit")
        ready = _run(session, "benchProbe.ready")
        requests, transferred = traffic.requests, traffic.transferred + traffic.messages
        heap = _heap(session)
        answered = _run(session, f"benchProbe.click({json.dumps(button)}, {json.dumps(text)})")
    return Visit(requests, transferred, float(ready), float(answered), heap)


def drawn(browser: Browser, address: str, render: str, given: Any = None) -> float:
    """Milliseconds in which the script `render` draws a fresh page's case, layout included.

    `given` holds values that the script may name.
    """
    names = "".join(f"const {n} = {json.dumps(v)}; " for n, v in (given or {}).items())
    with _page(browser) as (page, session):
        page.goto(address)
        return float(_run(session, f"{{ {names} benchProbe.drawn(() => {{ {render} }}) }}"))


@contextmanager
def _page(browser: Browser, first: str = "") -> Iterator[tuple[Page, CDPSession]]:
    """A page of a new context, whose cache and storage are empty; `first` runs before it loads."""
    context = browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    probe = PROBE.read_text(encoding="utf-8")
    page.add_init_script(script=f"{probe}\nif (window === window.top) {{ {first} }}")
    yield page, context.new_cdp_session(page)
    context.close()


def _run(session: CDPSession, script: str) -> Any:
    """The value of a script in the page. The protocol runs it whatever policy the page has."""
    asked = {"expression": script, "awaitPromise": True, "returnByValue": True}
    answer = session.send("Runtime.evaluate", asked)
    if "exceptionDetails" in answer:
        raise RuntimeError(f"the page failed: {answer['exceptionDetails']}"[:1000])
    return answer["result"]["value"]


def _slow(session: CDPSession, line: Line) -> None:
    session.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": line.latency,
            "downloadThroughput": line.down,
            "uploadThroughput": line.down / 2,
        },
    )
    session.send("Emulation.setCPUThrottlingRate", {"rate": line.processor})


def _heap(session: CDPSession) -> int:
    session.send("HeapProfiler.collectGarbage")
    return int(session.send("Runtime.getHeapUsage")["usedSize"])
