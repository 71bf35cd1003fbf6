"""A bad network between participants and the site, on the loopback only.

A kernel's `netem` needs a module that many machines do not have, so this is a relay of ours. It
works on TCP, where a lost packet is not lost data but time: a share `loss` of the pieces waits for
one retransmission more, as TCP's own timer would make it wait, and everything behind it waits too.
"""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress

RETRANSMISSION = 0.3
"""Seconds until a lost packet comes again: at 200 ms of latency about TCP's shortest timer."""


class BadNetwork:
    """A relay to `port` with `latency` seconds there and back, and `loss` as a share of pieces."""

    def __init__(self, port: int, latency: float, loss: float) -> None:
        self._to, self._oneway, self._loss = port, latency / 2, loss
        self._dice = random.Random(5)
        self._server: asyncio.Server | None = None
        self.lost = self.pieces = 0

    async def open(self) -> int:
        """Returns the port to use instead."""
        self._server = await asyncio.start_server(self._relay, "127.0.0.1", 0, backlog=1024)
        return int(self._server.sockets[0].getsockname()[1])

    def close(self) -> None:
        if self._server is not None:
            self._server.close()

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await asyncio.sleep(self._oneway)
            there, back = await asyncio.open_connection("127.0.0.1", self._to)
        except OSError:
            writer.transport.abort()
            return
        ways = (self._carry(reader, back), self._carry(there, writer))
        with suppress(asyncio.CancelledError):  # the loop ends; the streams would complain of it
            await asyncio.gather(*ways, return_exceptions=True)
        for end in (back, writer):
            end.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pieces keep their order: one that is late makes those behind it late."""
        loop, due = asyncio.get_running_loop(), 0.0
        with suppress(OSError):
            while piece := await reader.read(16_384):
                due = max(due, loop.time() + self._oneway + self._again())
                loop.call_at(due, _write, writer, piece)
        await asyncio.sleep(max(0.0, due - loop.time()) + 0.01)
        writer.transport.abort()

    def _again(self) -> float:
        self.pieces += 1
        waits = 0.0
        while self._dice.random() < self._loss:
            self.lost += 1
            waits = RETRANSMISSION if not waits else 2 * waits
        return waits


def _write(writer: asyncio.StreamWriter, piece: bytes) -> None:
    if not writer.transport.is_closing():
        writer.write(piece)
