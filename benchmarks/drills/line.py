"""Two ways to talk to a site, small enough for thousands of them in one process.

HTTP/1.1 by hand over asyncio: a client library would cost more than the server that it measures.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
PATIENCE = 10.0
"""Seconds after which a request is given up, as the participant's page does."""


class BrokenError(OSError):
    """The line broke, or nothing came in time."""


@dataclass(frozen=True)
class Place:
    host: str
    port: int


class Line:
    """One keep-alive connection, as a browser keeps for its requests."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._turn = asyncio.Lock()
        """One request at a time: an answer must never be taken for that of another request."""

    async def post(self, path: str, body: Json) -> tuple[int, Json]:
        """Status and JSON of the answer.

        Raises:
            BrokenError: when no whole answer came.
        """
        text = json.dumps(body, separators=(",", ":")).encode()
        head = f"POST {path} HTTP/1.1\r\nHost: {self.place.host}:{self.place.port}\r\n"
        head += f"Content-Type: application/json\r\nContent-Length: {len(text)}\r\n\r\n"
        return await self._ask(head.encode() + text)

    async def get(self, path: str) -> tuple[int, Json]:
        """As `post`."""
        head = f"GET {path} HTTP/1.1\r\nHost: {self.place.host}:{self.place.port}\r\n\r\n"
        return await self._ask(head.encode())

    async def _ask(self, request: bytes) -> tuple[int, Json]:
        try:
            async with self._turn, asyncio.timeout(PATIENCE):
                return await self._asked(request)
        except (OSError, EOFError, TimeoutError, ValueError) as error:
            self.cut()
            raise BrokenError(str(error) or type(error).__name__) from error

    async def _asked(self, request: bytes) -> tuple[int, Json]:
        if self._reader is not None and self._reader.at_eof():
            self.cut()  # an idle line that the server closed is opened again, as browsers do
        if self._writer is None:
            self._reader, self._writer = await asyncio.open_connection(
                self.place.host, self.place.port
            )
        assert self._reader is not None
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        fields = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
        body = await self._reader.readexactly(int(fields["content-length"]))
        if fields.get("connection") == "close":
            self.cut()
        return int(lines[0].split(" ")[1]), json.loads(body)

    def cut(self) -> None:
        if self._writer is not None:
            self._writer.transport.abort()
        self._reader = self._writer = None


class Stream(asyncio.Protocol):
    """An EventSource: calls `seen` with the text of each event, `lost` when the line breaks."""

    def __init__(self, seen: Callable[[bytes], None], lost: Callable[[], None]) -> None:
        self._seen, self._lost = seen, lost
        self._rest = b""
        self.transport: asyncio.Transport | None = None

    @classmethod
    async def open(
        cls, place: Place, path: str, seen: Callable[[bytes], None], lost: Callable[[], None]
    ) -> Stream:
        """Raises BrokenError when nobody answers."""
        loop = asyncio.get_running_loop()
        made = cls(seen, lost)
        try:
            await asyncio.wait_for(
                loop.create_connection(lambda: made, place.host, place.port), PATIENCE
            )
        except (OSError, TimeoutError) as error:
            raise BrokenError(str(error)) from error
        assert made.transport is not None
        head = f"GET {path} HTTP/1.1\r\nHost: {place.host}:{place.port}\r\n"
        made.transport.write(f"{head}Accept: text/event-stream\r\n\r\n".encode())
        return made

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self._rest += data
        while (end := self._rest.find(b"\n\n")) >= 0:
            part, self._rest = self._rest[:end], self._rest[end + 2 :]
            start = part.find(b"data: ")
            if start >= 0:
                self._seen(part[start + 6 :])

    def connection_lost(self, error: Exception | None) -> None:
        self._lost()

    def cut(self) -> None:
        self._lost = _nothing
        if self.transport is not None:
            self.transport.abort()


def _nothing() -> None:
    return None
